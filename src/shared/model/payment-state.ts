import { exhaustive } from '../errors';
import type { BatchStatus, PaymentStatus } from './payments';

/**
 * What may happen to a payment. `check`: every check of the import passed. `submit` / `withdraw`: an approval was asked
 * for / given up. `approve`: signed by its approver. `send`: a node took it. `settle`: final on the ledger. `reject`: a
 * person took it out before approval. `fail`: the ledger decided against it (reverted, or its nonce went to a
 * cancellation), or it was approved and will never be sent.
 */
export type PaymentEvent =
  | 'check'
  | 'submit'
  | 'withdraw'
  | 'approve'
  | 'send'
  | 'settle'
  | 'reject'
  | 'fail';

export const PAYMENT_EVENTS: readonly PaymentEvent[] = [
  'check',
  'submit',
  'withdraw',
  'approve',
  'send',
  'settle',
  'reject',
  'fail',
];

const TABLE: Readonly<Record<PaymentStatus, Partial<Record<PaymentEvent, PaymentStatus>>>> = {
  RCVD: { check: 'ACTC', reject: 'RJCT' },
  ACTC: { submit: 'PDNG', reject: 'RJCT' },
  PDNG: { withdraw: 'ACTC', approve: 'ACCP', reject: 'RJCT' },
  ACCP: { send: 'ACSP', fail: 'RJCT' },
  ACSP: { settle: 'ACSC', fail: 'RJCT' },
  ACSC: {},
  RJCT: {},
};

/** The status after an event, `null` where the event is not possible. Pure; the one place that knows the life cycle. */
export const nextStatus = (status: PaymentStatus, event: PaymentEvent): PaymentStatus | null =>
  TABLE[status][event] ?? null;

/** Statuses from which an event is possible, for stores that move many payments at once. */
export const statusesBefore = (event: PaymentEvent): readonly PaymentStatus[] =>
  (Object.keys(TABLE) as PaymentStatus[]).filter((status) => TABLE[status][event] !== undefined);

/** ACSC and RJCT never change again. */
export const isTerminal = (status: PaymentStatus): boolean => Object.keys(TABLE[status]).length === 0;

/** Money of such a payment may be under way: it was signed and can no longer be taken out by a person. */
export const isCommitted = (status: PaymentStatus): boolean => {
  switch (status) {
    case 'RCVD':
    case 'ACTC':
    case 'PDNG':
    case 'RJCT':
      return false;
    case 'ACCP':
    case 'ACSP':
    case 'ACSC':
      return true;
    default:
      return exhaustive(status);
  }
};

const ORDER: readonly PaymentStatus[] = ['RCVD', 'ACTC', 'PDNG', 'ACCP', 'ACSP', 'ACSC'];

/**
 * A batch's status from how many of its payments stand where: `RJCT` when all are rejected, `PART` when some are (ISO
 * 20022 partially accepted), else the least advanced status, because a batch is only as far as its last payment.
 */
export const aggregateStatus = (counts: Readonly<Partial<Record<PaymentStatus, number>>>): BatchStatus => {
  const rejected = counts.RJCT ?? 0;
  const least = ORDER.find((status) => (counts[status] ?? 0) > 0);
  if (least === undefined) return rejected > 0 ? 'RJCT' : 'RCVD';
  return rejected > 0 ? 'PART' : least;
};
