/** Exact amounts: `units / 10^decimals`. */

/** Both with as many decimals as the one that has more. */
const align = (a, b) => {
  const decimals = Math.max(a.decimals, b.decimals);
  const scale = (value) => BigInt(value.units) * 10n ** BigInt(decimals - value.decimals);
  return [scale(a), scale(b), decimals];
};
export const isMore = (a, b) => {
  const [x, y] = align(a, b);
  return x > y;
};
export const sum = (a, b) => {
  const [x, y, decimals] = align(a, b);
  return { units: x + y, decimals };
};
/** `10000.00` → units and decimals. */
export const readAmount = (text) => {
  const [whole, fraction = ''] = text.split('.');
  return { units: BigInt(whole + fraction), decimals: fraction.length };
};
export const writeAmount = ({ units, decimals }) => {
  const digits = BigInt(units)
    .toString()
    .padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(?:\d{3})+$)/g, ',');
  return decimals === 0 ? whole : `${whole}.${digits.slice(-decimals)}`;
};
