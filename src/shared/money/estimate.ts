import { currencyDecimals, isoCurrency } from './currencies';
import { addDecimals, type Decimal, powerOfTen, ZERO } from './decimal';
import type { Money } from './format';

/** Reference rates of one day: one unit of `base` is `rates[i]` units of the currency. */
export type ReferenceRates = {
  /** ISO date on which the rates were set. */
  readonly date: string;
  readonly base: string;
  readonly rates: readonly ReferenceRate[];
};

export type ReferenceRate = Decimal & {
  readonly currency: string;
  /** As written in the source. */
  readonly text: string;
};

/** A valuation: rounded for display, never booked, paid or signed. */
export type Estimate = {
  /** Marks the value as rounded. Nothing that moves money accepts it. */
  readonly isEstimate: true;
  readonly currency: string;
  readonly units: bigint;
  readonly decimals: number;
  readonly ratesDate: string;
  /** Currencies that the rates do not quote; their amounts are not in the value. */
  readonly missing: readonly string[];
};

const rateOf = (currency: string, rates: ReferenceRates): Decimal | undefined => {
  const code = isoCurrency(currency);
  if (code === rates.base) return { units: 1n, decimals: 0 };
  const rate = rates.rates.find((entry) => entry.currency === code);
  return rate === undefined || rate.units <= 0n ? undefined : rate;
};

/** Half-even division: ties go to the even neighbour, so that sums of many estimates do not drift upwards. */
const divideHalfEven = (numerator: bigint, denominator: bigint): bigint => {
  const negative = numerator < 0n;
  const magnitude = negative ? -numerator : numerator;
  const quotient = magnitude / denominator;
  const twice = (magnitude % denominator) * 2n;
  const up = twice > denominator || (twice === denominator && quotient % 2n === 1n);
  const rounded = up ? quotient + 1n : quotient;
  return negative ? -rounded : rounded;
};

/**
 * The value of `amounts` in `reporting`, by exact rational arithmetic over the base currency and one rounding at the
 * end to the reporting currency's decimals. Null when the rates do not quote the reporting currency.
 */
export const estimateValueIn = (
  reporting: string,
  amounts: readonly Money[],
  rates: ReferenceRates,
): Estimate | null => {
  const target = rateOf(reporting, rates);
  const decimals = currencyDecimals(reporting);
  if (target === undefined || decimals === undefined) return null;
  const sums = new Map<string, Decimal>();
  for (const amount of amounts) {
    const code = isoCurrency(amount.currency);
    sums.set(code, addDecimals(sums.get(code) ?? ZERO, amount));
  }
  const missing: string[] = [];
  // value = Σ sum × target / rate, as one fraction whose denominator grows with each currency.
  let numerator = 0n;
  let denominator = 1n;
  for (const [currency, sum] of sums) {
    const rate = currency === isoCurrency(reporting) ? target : rateOf(currency, rates);
    if (rate === undefined) {
      missing.push(currency);
      continue;
    }
    const top = sum.units * target.units * powerOfTen(rate.decimals);
    const bottom = powerOfTen(sum.decimals) * powerOfTen(target.decimals) * rate.units;
    numerator = numerator * bottom + top * denominator;
    denominator *= bottom;
  }
  return {
    isEstimate: true,
    currency: reporting,
    units: divideHalfEven(numerator * powerOfTen(decimals), denominator),
    decimals,
    ratesDate: rates.date,
    missing,
  };
};
