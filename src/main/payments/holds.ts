import { BatchId, PaymentId } from '../../shared/model/ids';
import type { RawPayment } from '../../shared/model/payment-file';
import type { Hold } from '../../shared/model/payments';
import type { AddressTwin } from '../directory';
import type { Collisions, PaymentDraft } from '../ledger/stores/payments-store';

/** Most holds that one report lists; the contract's limit. */
const MAX_HOLDS = 1000;

type HoldFact = {
  readonly raw: RawPayment;
  readonly draft: PaymentDraft;
  readonly collisions: Collisions;
  readonly twins: readonly AddressTwin[];
  readonly isCnh: boolean;
};

/**
 * Gathers reasons to stop and look. Holds about an account stand once, on its first line; when there are more than can
 * be listed, the most numerous kind is put together into one hold on the file.
 */
export const createHolds = () => {
  const holds: Hold[] = [];
  const seen = new Set<string>();
  const once = (key: string): boolean => {
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  };
  const add = (hold: Partial<Hold> & Pick<Hold, 'kind'>): void => {
    holds.push({
      paymentIndex: null,
      otherBatchId: null,
      otherPaymentId: null,
      ...hold,
      text: hold.text?.slice(0, 300) ?? null,
    });
  };

  return {
    note: ({ raw, draft, collisions, twins, isCnh }: HoldFact): void => {
      const paymentIndex = raw.index;
      const payee = draft.creditorAddress;
      const { samePayment, sameLine } = collisions;
      if (samePayment !== null)
        add({
          kind: 'same-payment',
          paymentIndex,
          otherBatchId: BatchId.parse(samePayment.batchId),
          otherPaymentId: PaymentId.parse(samePayment.paymentId),
          text: `${draft.endToEndId} · ${draft.creditorName}`,
        });
      else if (sameLine !== null)
        add({
          kind: 'same-payment',
          paymentIndex,
          text: `${draft.endToEndId} · ${draft.creditorName} · line ${sameLine}`,
        });
      if (twins.length > 0 && once(`look-alike/${payee}`))
        add({
          kind: 'look-alike-address',
          paymentIndex,
          text: `${payee} · ${twins.map((twin) => `${twin.other} ${twin.otherName}`).join(', ')}`,
        });
      if (collisions.isFirstPayment && once(`first/${payee}`))
        add({ kind: 'first-payment', paymentIndex, text: `${draft.creditorName} · ${payee}` });
      if (isCnh && once(`cnh/${draft.tokenId}`)) add({ kind: 'cnh-class', text: draft.tokenId });
    },
    /** Earlier batches with the same bytes or the same message id. */
    noteFile: (earlier: {
      readonly sameFile: string | null;
      readonly sameMessageId: string | null;
    }): void => {
      if (earlier.sameFile !== null)
        add({ kind: 'same-file', otherBatchId: BatchId.parse(earlier.sameFile) });
      if (earlier.sameMessageId !== null)
        add({ kind: 'same-message-id', otherBatchId: BatchId.parse(earlier.sameMessageId) });
    },
    list: (): Hold[] => {
      let listed = [...holds];
      while (listed.length > MAX_HOLDS) {
        const sizes = new Map<Hold['kind'], number>();
        for (const hold of listed) sizes.set(hold.kind, (sizes.get(hold.kind) ?? 0) + 1);
        const [kind, size] = [...sizes].sort(([, a], [, b]) => b - a)[0] ?? ['first-payment', 0];
        listed = [
          ...listed.filter((hold) => hold.kind !== kind),
          {
            kind,
            paymentIndex: null,
            otherBatchId: null,
            otherPaymentId: null,
            text: `${size}`,
          },
        ];
      }
      return listed.sort((a, b) => (a.paymentIndex ?? -1) - (b.paymentIndex ?? -1));
    },
  };
};
