import { payments as words } from '../../../../assets/locales/en/payments';
import type { CurrencySum } from '../../../shared/model/ids';
import type { Batch } from '../../../shared/model/payments';
import { formatMoney } from '../../../shared/money';
import { formatCount } from '../../ui';

/** What a batch is called: its message id, else its file, else that it was typed. */
export const nameOfBatch = (batch: Pick<Batch, 'source'>): string =>
  batch.source.messageId ?? batch.source.fileName ?? words.formSource;

/** Sums in one line; with more than two currencies only how many. Never abbreviates an amount. */
export const describeSums = (sums: readonly CurrencySum[], locale: string): string | null =>
  sums.length === 0 || sums.length > 2
    ? null
    : sums.map(({ currency, sum }) => formatMoney({ currency, ...sum }, { locale })).join(', ');

/** Verb's object for buttons: `24 payments, USD 1,200.00` or `24 payments in 5 currencies`. */
export const describePayments = (count: number, sums: readonly CurrencySum[], locale: string): string => {
  const counted = words.count(formatCount(count, locale));
  if (sums.length > 2) return words.countOfCurrencies(counted, formatCount(sums.length, locale));
  const amount = describeSums(sums, locale);
  return amount === null ? counted : `${counted}, ${amount}`;
};

/** Payments that a person may still take out or approve. */
export const countOpen = ({ byStatus }: Pick<Batch, 'byStatus'>): number =>
  (byStatus.RCVD ?? 0) + (byStatus.ACTC ?? 0) + (byStatus.PDNG ?? 0);

/** Signed, not yet final. */
export const countUnderWay = ({ byStatus }: Pick<Batch, 'byStatus'>): number =>
  (byStatus.ACCP ?? 0) + (byStatus.ACSP ?? 0);

/** A fingerprint in groups of four, to be compared by eye. */
export const groupHex = (hex: string): string => (hex.match(/.{1,4}/g) ?? []).join(' ');
