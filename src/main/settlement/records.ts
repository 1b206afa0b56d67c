/** What is written about a slot, and what a payment shows of it. Pure. */

import { reasonOfRefusal } from '../../shared/evm/refusals';
import type { Refusal } from '../../shared/model/directory';
import type { Hash32, Instant } from '../../shared/model/ids';
import type { PaymentSettlement } from '../../shared/model/payments';
import { isBooked, newestAttempt, statusOfSlot } from './slot';
import type { Slot, SlotUpdate } from './types';

export const settlementOf = ({ state, attempts, nonce }: Slot): PaymentSettlement => {
  const { inclusion } = state;
  const newest = newestAttempt(attempts);
  return {
    stage: state.stage,
    transactionHash: inclusion?.hash ?? newest.hash,
    nonce,
    blockNumber: inclusion?.blockNumber ?? null,
    blockHash: inclusion?.blockHash ?? null,
    sentAt: state.sentAt,
    includedAt: state.includedAt,
    finalAt: state.finalAt,
    fee: inclusion?.fee ?? newest.maxFee,
    feeIsFinal: inclusion !== null,
    refusal: state.refusal,
    replacements: attempts
      .slice(1)
      .slice(-50)
      .map(({ action, hash, createdAt }) => ({ action, transactionHash: hash, at: createdAt })),
  };
};

const reasonOf = ({ state, attempts }: Slot): SlotUpdate['reason'] => {
  if (!state.isDone || state.stage === 'final') return null;
  if (state.stage === 'replaced') {
    const action = attempts.find(({ hash }) => hash === state.inclusion?.hash)?.action;
    return { code: 'CUST', text: action === 'cancel' ? 'cancelled before settlement' : null };
  }
  if (state.inclusion?.outcome === 'requested')
    return { code: 'AG01', text: 'the bank rejected the request' };
  return { code: reasonOfRefusal(state.refusal), text: wordsOf(state.refusal) };
};

const wordsOf = (refusal: Refusal | null): string | null => refusal?.text ?? refusal?.kind ?? null;

export const updateOf = (slot: Slot, sent: readonly Hash32[], at: Instant): SlotUpdate => ({
  paymentId: slot.paymentId,
  state: slot.state,
  isBooked: isBooked(slot.state),
  sent,
  status: statusOfSlot(slot.state),
  reason: reasonOf(slot),
  settlement: settlementOf(slot),
  at,
});

/** Whether two states differ in anything a person sees. */
export const isVisiblyDifferent = (a: Slot['state'], b: Slot['state']): boolean =>
  a.stage !== b.stage ||
  a.isDone !== b.isDone ||
  a.sentAt !== b.sentAt ||
  a.inclusion?.blockHash !== b.inclusion?.blockHash ||
  a.inclusion?.hash !== b.inclusion?.hash ||
  a.refusal?.kind !== b.refusal?.kind ||
  a.refusal?.text !== b.refusal?.text;
