import { formatDecimal, formatMoney } from '../../shared/money';

/** Grouping of the system; digits are always 0-9. */
const locale = ((): string => {
  try {
    return Intl.getCanonicalLocales(navigator.language)[0] ?? 'en';
  } catch {
    return 'en';
  }
})();

export const showMoney = (currency: string, units: bigint, decimals: number): string =>
  formatMoney({ currency, units, decimals }, { locale });

export const showDecimal = (units: bigint, decimals: number): string =>
  formatDecimal(units, decimals, { minDecimals: 0, locale });

export const showCount = (count: number): string =>
  formatDecimal(BigInt(count), 0, { minDecimals: 0, locale });

export const showInstant = (instant: string): string =>
  new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'short',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  }).format(new Date(instant));

/** Hex after `0x` in groups of four. */
export const groupHex = (hex: string): readonly string[] => hex.replace(/^0x/, '').match(/.{1,4}/g) ?? [];

/** A plain decimal amount of a policy, grouped, every digit as it stands. */
export const groupAmount = (amount: string): string => {
  const [whole = '0', fraction = ''] = amount.split('.');
  return formatDecimal(BigInt(`${whole}${fraction}`), fraction.length, {
    minDecimals: fraction.length,
    locale,
  });
};
