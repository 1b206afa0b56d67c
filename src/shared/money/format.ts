import { currencyDecimals } from './currencies';
import { splitDecimal } from './decimal';

export type FormatDecimalOptions = {
  /** Decimals always shown, normally the currency's. More are shown when they are not zero. */
  readonly minDecimals: number;
  /** Thousands separated as the locale does. Default true. */
  readonly grouping?: boolean;
  /** BCP 47 tag that gives separators only; digits are always 0-9. Default `en`. */
  readonly locale?: string;
  /** `auto`: minus only. `always`: plus on positive amounts. `never`: magnitude alone. */
  readonly signDisplay?: 'auto' | 'always' | 'never';
};

/** U+2212: as wide as a digit in tabular figures and not broken off at a line's end, unlike the hyphen. */
const MINUS = '\u2212';

type Style = { readonly integers: Intl.NumberFormat; readonly point: string };
const styles = new Map<string, Style>();

const styleFor = (locale: string): Style => {
  const known = styles.get(locale);
  if (known) return known;
  const integers = new Intl.NumberFormat(locale, {
    numberingSystem: 'latn',
    useGrouping: true,
    maximumFractionDigits: 0,
  });
  const point =
    new Intl.NumberFormat(locale, { numberingSystem: 'latn', minimumFractionDigits: 1 })
      .formatToParts(0.5)
      .find((part) => part.type === 'decimal')?.value ?? '.';
  const style = { integers, point };
  styles.set(locale, style);
  return style;
};

/** Display form of `units` of 10^-`decimals`. Never rounds: every non-zero decimal is shown. */
export const formatDecimal = (units: bigint, decimals: number, options: FormatDecimalOptions): string => {
  const { negative, integer, fraction } = splitDecimal({ units, decimals }, options.minDecimals);
  const style = styleFor(options.locale ?? 'en');
  const whole = options.grouping === false ? integer.toString() : style.integers.format(integer);
  const display = options.signDisplay ?? 'auto';
  const sign = display === 'never' ? '' : negative ? MINUS : display === 'always' && units > 0n ? '+' : '';
  return `${sign}${whole}${fraction === '' ? '' : style.point + fraction}`;
};

export type Money = { readonly currency: string; readonly units: bigint; readonly decimals: number };

/** `EUR 1,234.50` with a no-break space: at least the currency's decimals, all that are not zero. */
export const formatMoney = (
  money: Money,
  options: Omit<FormatDecimalOptions, 'minDecimals'> & { readonly minDecimals?: number } = {},
): string => {
  const minDecimals = options.minDecimals ?? currencyDecimals(money.currency) ?? 0;
  return `${money.currency}\u00a0${formatDecimal(money.units, money.decimals, { ...options, minDecimals })}`;
};
