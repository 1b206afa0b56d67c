/** Replacements that are on their way already: asked again, the same envelope is shown, and no second one made. */
import type { Hash32 } from '../../shared/model/ids';
import type { Remote } from '../ledger';
import type { ReplacementPlan } from '../settlement';
import type { EnvelopeStore } from './ports';

/** The newest waiting envelope that does to a payment's transaction what the plan asks for; `null` when there is none. */
export const findReplacement = async (
  store: Pick<Remote<EnvelopeStore>, 'waitingFor' | 'detail' | 'lines'>,
  { slot, action }: Pick<ReplacementPlan, 'slot' | 'action'>,
  nowMs: number,
): Promise<Hash32 | null> => {
  for (const digest of await store.waitingFor(slot.paymentId)) {
    const { card } = await store.detail(digest);
    const isOver = card.acts.some(({ kind }) => kind === 'reject') || Date.parse(card.expiresAt) <= nowMs;
    if (card.kind !== 'replacement' || isOver) continue;
    const lines = await store.lines(digest, 0, card.lineCount);
    const isSame = lines.some(
      ({ line }) =>
        line.paymentId === slot.paymentId &&
        line.action === action &&
        line.transaction.nonce === slot.nonce.toString(),
    );
    if (isSame) return digest;
  }
  return null;
};
