import type { CurrencyPosition, Holding } from '../../../shared/contract';
import { addDecimals, type Decimal, powerOfTen, ZERO } from '../../../shared/money';

/**
 * The part of its currency's value that a holding has, by proportion and cut to whole units: an estimate for display.
 * `null` without a rate.
 */
export const estimateShare = (
  holding: Pick<Holding, 'currency' | 'balance' | 'decimals'>,
  currencies: readonly CurrencyPosition[],
): Decimal | null => {
  const whole = currencies.find(({ currency }) => currency === holding.currency);
  if (!whole || whole.value === null) return null;
  if (whole.balance.units === 0n) return { units: 0n, decimals: whole.value.decimals };
  const numerator = whole.value.units * holding.balance * powerOfTen(whole.balance.decimals);
  const denominator = whole.balance.units * powerOfTen(holding.decimals);
  return { units: numerator / denominator, decimals: whole.value.decimals };
};

/** Sum of what has a value; `null` when nothing has. */
export const sumValues = (values: readonly (Decimal | null)[]): Decimal | null => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce(addDecimals, ZERO);
};

/** For geometry alone: a chart's height needs no exact figure. */
export const toChartNumber = ({ units, decimals }: Decimal): number =>
  Number(units) / Number(powerOfTen(decimals));
