/**
 * Money: exact amounts, their reading and showing, the currencies of ISO 4217, and valuations.
 *
 * Hides decimal arithmetic on bigint. Invariants: nothing here passes an amount through a JS number; nothing rounds,
 * except `estimate…`, whose result is marked and is for display alone. Called from every side of the app.
 */
export * from './currencies';
export {
  addDecimals,
  compareDecimals,
  type Decimal,
  type DecimalFault,
  type ParseDecimalOptions,
  type ParsedDecimal,
  parseDecimal,
  powerOfTen,
  rescaleExact,
  toPlainString,
  ZERO,
} from './decimal';
export * from './estimate';
export { type FormatDecimalOptions, formatDecimal, formatMoney, type Money } from './format';
