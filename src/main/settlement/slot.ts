/**
 * One payment's life on its network, as a pure state machine. A payment owns one nonce of its sender for ever; whatever
 * was signed for it (the payment, a faster copy, a cancellation) competes for that one nonce, so at most one of them can
 * ever be included.
 *
 * Invariants: nothing leaves `isDone`; a payment is only given up (`replaced`, `reverted`) when what used its nonce is
 * final; a nonce that was used by an unknown transaction is told, never repaid.
 */
import type { Refusal } from '../../shared/model/directory';
import type { Hash32, Instant } from '../../shared/model/ids';
import type { PaymentStatus, SettlementStage } from '../../shared/model/payments';

/** One signed transaction of a slot. All attempts of a slot share its nonce. */
export type Attempt = {
  readonly hash: Hash32;
  readonly action: 'pay' | 'cancel';
  readonly createdAt: Instant;
  readonly sentAt: Instant | null;
  /** The most it can cost, in the native unit. */
  readonly maxFee: bigint;
};

/**
 * What an included transaction did. `moved`: the token's Transfer log is there. `requested`: the token took a request
 * that its bank decides. `nothing`: success without a transfer (the token answered false). `reverted`: failed.
 */
export type Outcome = 'moved' | 'requested' | 'nothing' | 'reverted';

export type Inclusion = {
  readonly hash: Hash32;
  readonly blockNumber: bigint;
  readonly blockHash: Hash32;
  readonly outcome: Outcome;
  /** Fee paid, in the native unit. */
  readonly fee: bigint;
  /** The token's id of a redemption request. */
  readonly requestHash: Hash32 | null;
};

export type SlotState = {
  readonly stage: SettlementStage;
  readonly isDone: boolean;
  readonly inclusion: Inclusion | null;
  readonly includedAt: Instant | null;
  readonly finalAt: Instant | null;
  readonly sentAt: Instant | null;
  /** Successive looks at which the nonce was used and none of ours had a receipt. */
  readonly foreignLooks: number;
  /** Successive looks at which the node did not know any of ours. */
  readonly absentLooks: number;
  /** Why it failed, or why it is held back before sending. */
  readonly refusal: Refusal | null;
};

/** What one look at the network showed for one slot. Read in this order: nonce, then receipts, then pool. */
export type Look = {
  readonly at: Instant;
  /** Transactions of the sender in the latest block's state: every nonce below is used. */
  readonly minedNonce: bigint;
  /** Highest final block; -1n while there is none. */
  readonly finalBlock: bigint;
  /** The receipt of one of our attempts on the canonical chain. */
  readonly inclusion: Inclusion | null;
  /** Whether the node's pool holds one of our attempts. */
  readonly pool: 'holds' | 'lacks' | 'unknown';
  /** Longer pending than the network usually takes. */
  readonly isOverdue: boolean;
  /** What the bank decided about a request, once that is final. */
  readonly request: 'open' | 'validated' | 'rejected';
};

/** Nodes behind one endpoint may lag each other, so one odd look proves nothing. */
export const LOOKS_UNTIL_FOREIGN = 3;
export const LOOKS_UNTIL_DROPPED = 2;

export const NEW_SLOT: SlotState = {
  stage: 'signed',
  isDone: false,
  inclusion: null,
  includedAt: null,
  finalAt: null,
  sentAt: null,
  foreignLooks: 0,
  absentLooks: 0,
  refusal: null,
};

export const newestAttempt = (attempts: readonly Attempt[]): Attempt => {
  const newest = attempts.at(-1);
  if (!newest) throw new Error('a slot has at least one transaction');
  return newest;
};

const isSent = (state: SlotState): boolean => state.sentAt !== null;

const stageOfInclusion = (action: Attempt['action'], inclusion: Inclusion, look: Look): SettlementStage => {
  if (action === 'cancel') return 'replaced';
  const isFinal = inclusion.blockNumber <= look.finalBlock;
  switch (inclusion.outcome) {
    case 'moved':
      return isFinal ? 'final' : 'included';
    case 'requested':
      if (!isFinal) return 'included';
      if (look.request === 'open') return 'requested';
      return look.request === 'validated' ? 'final' : 'reverted';
    case 'nothing':
    case 'reverted':
      return 'reverted';
  }
};

const whenIncluded = (
  state: SlotState,
  attempts: readonly Attempt[],
  look: Look,
  inclusion: Inclusion,
): SlotState => {
  const action = attempts.find(({ hash }) => hash === inclusion.hash)?.action;
  if (!action) return state;
  const isFinal = inclusion.blockNumber <= look.finalBlock;
  const stage = stageOfInclusion(action, inclusion, look);
  const isSameBlock = state.inclusion?.blockHash === inclusion.blockHash;
  return {
    ...state,
    stage,
    isDone: isFinal && stage !== 'requested',
    inclusion,
    includedAt: isSameBlock ? state.includedAt : look.at,
    finalAt: isFinal && stage !== 'requested' ? look.at : null,
    sentAt: state.sentAt ?? look.at,
    foreignLooks: 0,
    absentLooks: 0,
    refusal: stage === 'reverted' ? state.refusal : null,
  };
};

const whenPending = (state: SlotState, nonce: bigint, look: Look): SlotState => {
  const base: SlotState = { ...state, inclusion: null, includedAt: null, finalAt: null, foreignLooks: 0 };
  if (!isSent(state)) return { ...base, stage: 'signed', absentLooks: 0 };
  if (look.pool === 'holds') {
    // Only the first in line can be stuck; the others wait behind it.
    const isStuck = look.isOverdue && nonce === look.minedNonce;
    return { ...base, stage: isStuck ? 'stuck' : 'sent', absentLooks: 0, refusal: null };
  }
  if (look.pool === 'lacks') {
    const absentLooks = state.absentLooks + 1;
    const isDropped = state.stage === 'dropped' || absentLooks >= LOOKS_UNTIL_DROPPED;
    return { ...base, stage: isDropped ? 'dropped' : 'sent', absentLooks };
  }
  const stays = state.stage === 'sent' || state.stage === 'stuck' || state.stage === 'dropped';
  return { ...base, stage: stays ? state.stage : 'sent' };
};

/** The slot after a look. Pure and idempotent: the same look again changes nothing but the counters. */
export const stepSlot = (
  state: SlotState,
  nonce: bigint,
  attempts: readonly Attempt[],
  look: Look,
): SlotState => {
  if (state.isDone) return state;
  if (look.inclusion) return whenIncluded(state, attempts, look, look.inclusion);
  if (nonce >= look.minedNonce) return whenPending(state, nonce, look);
  const foreignLooks = state.foreignLooks + 1;
  const isForeign = state.stage === 'foreign' || foreignLooks >= LOOKS_UNTIL_FOREIGN;
  const before = state.inclusion === null ? state.stage : isSent(state) ? 'sent' : 'signed';
  return {
    ...state,
    inclusion: null,
    includedAt: null,
    finalAt: null,
    foreignLooks,
    absentLooks: 0,
    stage: isForeign ? 'foreign' : before,
  };
};

/** A node took the bytes (or has them already). */
export const markSent = (state: SlotState, at: Instant): SlotState => {
  if (state.isDone || state.inclusion !== null) return state;
  return { ...state, stage: 'sent', sentAt: state.sentAt ?? at, absentLooks: 0, refusal: null };
};

/** The token or node refused it right before sending: nothing went out, so the money is where it was. */
export const markHeld = (state: SlotState, refusal: Refusal): SlotState =>
  state.isDone ? state : { ...state, refusal };

/** Whether its bytes are to be given to a node now. */
export const isToSend = (state: SlotState, nonce: bigint, minedNonce: bigint): boolean =>
  !state.isDone &&
  state.inclusion === null &&
  nonce >= minedNonce &&
  (state.stage === 'signed' || state.stage === 'dropped');

/**
 * ISO 20022 status of the payment. Money is never reported as settled or as rejected before that is final.
 */
export const statusOfSlot = (state: SlotState): PaymentStatus => {
  if (!state.isDone) return state.sentAt === null && state.stage === 'signed' ? 'ACCP' : 'ACSP';
  return state.stage === 'final' ? 'ACSC' : 'RJCT';
};

/** Whether the transfer stands in the latest block's balances, so that it is no longer pending outgoing. */
export const isBooked = (state: SlotState): boolean =>
  state.inclusion !== null &&
  (state.inclusion.outcome === 'moved' || state.inclusion.outcome === 'requested');
