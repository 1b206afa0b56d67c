/** Tells windows what changed, gathered to about ten messages a second. */
import type { AppEvent } from '../../shared/contract';
import type { BatchId, Instant, PaymentId } from '../../shared/model/ids';
import type { Slot } from './types';

const GATHER_MS = 100;
/** Up to this many payments are named one by one; beyond it the batches are. */
const NAMED_ONE_BY_ONE = 10;

export type Announcer = {
  readonly paymentChanged: (slot: Pick<Slot, 'paymentId' | 'batchId'>) => void;
  readonly batchChanged: (batchId: BatchId) => void;
  readonly sending: (batchId: BatchId, done: number, total: number, startedAt: Instant) => void;
  /** Says what is gathered, now. */
  readonly flush: () => void;
};

export const createAnnouncer = (emit: (event: AppEvent) => void): Announcer => {
  const payments = new Map<PaymentId, BatchId>();
  const batches = new Set<BatchId>();
  const progress = new Map<BatchId, AppEvent>();
  let timer: NodeJS.Timeout | null = null;

  const flush = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    for (const event of progress.values()) emit(event);
    progress.clear();
    if (payments.size <= NAMED_ONE_BY_ONE)
      for (const [paymentId, batchId] of payments) emit({ type: 'payment.changed', paymentId, batchId });
    for (const batchId of payments.values()) batches.add(batchId);
    payments.clear();
    if (batches.size > 0) emit({ type: 'payments.changed', batchIds: [...batches] });
    batches.clear();
  };
  const gather = (): void => {
    timer ??= setTimeout(flush, GATHER_MS);
  };

  return {
    paymentChanged: ({ paymentId, batchId }) => {
      payments.set(paymentId, batchId);
      gather();
    },
    batchChanged: (batchId) => {
      batches.add(batchId);
      gather();
    },
    sending: (batchId, done, total, startedAt) => {
      progress.set(batchId, {
        type: 'progress',
        task: 'send',
        batchId,
        done,
        total,
        startedAt,
        isFinished: done >= total,
      });
      gather();
    },
    flush,
  };
};
