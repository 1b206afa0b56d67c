/** An exact, unsigned or signed decimal: `units` of 10^-`decimals`. 12.34 is `{ units: 1234n, decimals: 2 }`. */
export type Decimal = { readonly units: bigint; readonly decimals: number };

/** Why a text is not an amount. */
export type DecimalFault = 'empty' | 'format' | 'too-many-decimals' | 'too-many-digits';

export type ParsedDecimal =
  | { readonly ok: true; readonly value: Decimal }
  | { readonly ok: false; readonly code: DecimalFault };

export type ParseDecimalOptions = {
  /** Most digits after the point. Trailing zeros count: an amount is taken as written or not at all. */
  readonly maxDecimals: number;
  /** Most digits before the point, leading zeros not counted. 18 as in ISO 20022 amounts. */
  readonly maxIntegerDigits?: number;
};

/** No written amount is longer; stops work on a megabyte of digits. */
const MAX_TEXT = 96;
const DECIMAL_FORM = /^([0-9]+)(?:\.([0-9]+))?$/;

const powersOfTen: bigint[] = [1n];

/** 10^exponent as a bigint. */
export const powerOfTen = (exponent: number): bigint => {
  for (let size = powersOfTen.length; size <= exponent; size++) {
    powersOfTen.push((powersOfTen[size - 1] ?? 1n) * 10n);
  }
  return powersOfTen[exponent] ?? 10n ** BigInt(exponent);
};

/**
 * Reads an amount in the form of ISO 20022 and XML Schema decimals: ASCII digits, at most one point with digits on
 * both sides. No sign, exponent, grouping, blank or full-width digit.
 *
 * SECURITY: one text has one reading. Anything that another program could read differently is refused.
 */
export const parseDecimal = (text: string, options: ParseDecimalOptions): ParsedDecimal => {
  if (text === '') return { ok: false, code: 'empty' };
  if (text.length > MAX_TEXT)
    return { ok: false, code: /^[0-9.]+$/.test(text) ? 'too-many-digits' : 'format' };
  const match = DECIMAL_FORM.exec(text);
  if (!match) return { ok: false, code: 'format' };
  const integer = (match[1] ?? '').replace(/^0+(?=[0-9])/, '');
  const fraction = match[2] ?? '';
  if (fraction.length > options.maxDecimals) return { ok: false, code: 'too-many-decimals' };
  if (integer.length > (options.maxIntegerDigits ?? 18)) return { ok: false, code: 'too-many-digits' };
  return { ok: true, value: { units: BigInt(integer + fraction), decimals: fraction.length } };
};

/** The same value in units of 10^-`decimals`, or null when that would need rounding. */
export const rescaleExact = (value: Decimal, decimals: number): bigint | null => {
  if (decimals >= value.decimals) return value.units * powerOfTen(decimals - value.decimals);
  const divisor = powerOfTen(value.decimals - decimals);
  return value.units % divisor === 0n ? value.units / divisor : null;
};

const align = (a: Decimal, b: Decimal): { a: bigint; b: bigint; decimals: number } => {
  const decimals = Math.max(a.decimals, b.decimals);
  return {
    a: a.units * powerOfTen(decimals - a.decimals),
    b: b.units * powerOfTen(decimals - b.decimals),
    decimals,
  };
};

/** Exact sum, with the larger number of decimals of the two. */
export const addDecimals = (a: Decimal, b: Decimal): Decimal => {
  const aligned = align(a, b);
  return { units: aligned.a + aligned.b, decimals: aligned.decimals };
};

/** Compares by value: 1.50 and 1.5 are equal. */
export const compareDecimals = (a: Decimal, b: Decimal): -1 | 0 | 1 => {
  const aligned = align(a, b);
  return aligned.a < aligned.b ? -1 : aligned.a > aligned.b ? 1 : 0;
};

export const ZERO: Decimal = { units: 0n, decimals: 0 };

/** Splits into sign, integer digits and fraction digits; the fraction is cut of zeros down to `minDecimals`. */
export const splitDecimal = (
  value: Decimal,
  minDecimals: number,
): { negative: boolean; integer: bigint; fraction: string } => {
  const negative = value.units < 0n;
  const magnitude = negative ? -value.units : value.units;
  const scale = powerOfTen(value.decimals);
  const integer = magnitude / scale;
  let fraction = value.decimals === 0 ? '' : (magnitude % scale).toString().padStart(value.decimals, '0');
  let end = fraction.length;
  while (end > minDecimals && fraction.charCodeAt(end - 1) === 48) end--;
  fraction = fraction.slice(0, end).padEnd(minDecimals, '0');
  return { negative, integer, fraction };
};

/**
 * Machine form: ASCII digits, point, ASCII minus. Every decimal is kept unless `minDecimals` is given; then zeros
 * beyond it are dropped (1.500000 with 2 → "1.50"). Never rounds.
 */
export const toPlainString = (value: Decimal, minDecimals: number = value.decimals): string => {
  const { negative, integer, fraction } = splitDecimal(value, minDecimals);
  return `${negative ? '-' : ''}${integer}${fraction === '' ? '' : `.${fraction}`}`;
};
