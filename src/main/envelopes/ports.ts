/** What the parts of this domain pass to each other and to their store. All structured-cloneable. */
import type { EnvelopeAct, EnvelopeFinding } from '../../shared/contract';
import type { Act, Envelope, EnvelopeContent, EnvelopeLine } from '../../shared/model/envelope';
import type { Address, BatchId, Hash32, Hex, Instant, PaymentId } from '../../shared/model/ids';
import type { PaymentStatus, SettlementStage } from '../../shared/model/payments';
import type { PolicyContent } from '../../shared/model/people';
import type { ApprovalFacts, SignedTransaction } from '../settlement';
import type { BeyondJournal } from './check-journal';

/** `EnvelopeContent` without its lines: what fits in memory whatever the size. */
export type EnvelopeHead = Omit<EnvelopeContent, 'lines'>;

/** An envelope as the store keeps it. */
export type StoredEnvelope = {
  readonly digest: Hash32;
  readonly head: EnvelopeHead;
  readonly lineCount: number;
  readonly acts: readonly Act[];
  /** The batch here that it was made from. */
  readonly batchId: BatchId | null;
  readonly receivedAt: Instant;
  readonly isWithdrawn: boolean;
  /** Its transactions are in the outbox here. */
  readonly isSent: boolean;
  readonly isExported: boolean;
  readonly findings: readonly EnvelopeFinding[] | null;
  readonly checkedAt: Instant | null;
};

/** An act as lists show it: how many lines it speaks of, without what it says of each. */
export type ActFacts = Omit<EnvelopeAct, 'problem' | 'isMine'>;

/** An envelope as lists show it: a fixed size, whatever it carries. */
export type EnvelopeCard = Pick<
  EnvelopeHead,
  'kind' | 'company' | 'policy' | 'maker' | 'source' | 'createdAt' | 'expiresAt' | 'totals'
> &
  Pick<
    StoredEnvelope,
    'digest' | 'lineCount' | 'batchId' | 'receivedAt' | 'isWithdrawn' | 'isSent' | 'isExported'
  > & {
    readonly acts: readonly ActFacts[];
    /** Lines of which somebody's signature is here. */
    readonly signedLines: number;
    /** Accounts that pay. */
    readonly senders: readonly Address[];
    /** Every payment has come to its end: by the own outbox, or by the newest report. */
    readonly isEnded: boolean;
  };

/** A line with what became of it: by the own outbox, or by the newest report. */
export type StoredLine = {
  readonly index: number;
  readonly line: EnvelopeLine;
  readonly isSigned: boolean;
  readonly status: PaymentStatus | null;
  readonly stage: SettlementStage | null;
};

/** What this machine's accounts signed, for ever: one row per signed line, written with the signatures themselves. */
export type SignedMemory = {
  readonly chainId: string;
  readonly sender: Address;
  readonly nonce: string;
  readonly paymentId: PaymentId;
  /** `endToEndId`, token, units and creditor as one string: the same payment under another id. */
  readonly paymentKey: string;
  readonly digest: Hash32;
};

/** Why a line must not be signed here, by the memory. */
export type MemoryConflict = {
  readonly line: number;
  readonly kind: 'same-nonce-other-payment' | 'same-payment-other-nonce';
  /** The envelope that was signed before. */
  readonly digest: Hash32;
};

/**
 * The envelopes' tables in the ledger process (src/main/ledger/stores/envelope-store.ts). Main sees it as
 * `Remote<EnvelopeStore>`. Everything that changes something is journaled in the same transaction.
 */
export type EnvelopeStore = {
  /** Adds a new one. Lines come in parts with {@link EnvelopeStore.addLines}; nothing shows before `finish`. */
  readonly begin: (input: {
    readonly digest: Hash32;
    readonly head: EnvelopeHead;
    readonly lineCount: number;
    readonly batchId: BatchId | null;
    readonly at: Instant;
  }) => void;
  readonly addLines: (digest: Hash32, from: number, lines: readonly EnvelopeLine[]) => void;
  /**
   * In one transaction: the envelope becomes visible with its acts. From then on a batch here stays PDNG and its nonces
   * stay held, also over restarts. `isElsewhere`: a copy with all of these acts exists outside, so that there is nothing
   * to hand on. `signed`: own signatures among the acts that were made before, or by a copy of this machine: remembered in
   * the same transaction, but where the memory says otherwise; that stays, and `memoryConflicts` tells of it.
   * Throws `payments/wrong-state` and `settlement/nonce-conflict` when the batch is not
   * waiting any more as the envelope has it.
   */
  readonly finish: (
    digest: Hash32,
    acts: readonly Act[],
    at: Instant,
    isElsewhere?: boolean,
    signed?: readonly SignedMemory[],
  ) => void;
  /** Throws `envelope/unknown`. */
  readonly get: (digest: Hash32) => StoredEnvelope;
  readonly find: (digest: Hash32) => StoredEnvelope | null;
  /** Newest first. `live`: those that can still change (`now` tells what is expired). */
  readonly cards: (input: {
    readonly live: boolean;
    readonly now: Instant;
    readonly search: string;
    readonly offset: number;
    readonly limit: number;
  }) => { readonly total: number; readonly cards: readonly EnvelopeCard[] };
  /** Everything but what the acts say of single lines. Throws `envelope/unknown`. */
  readonly detail: (digest: Hash32) => {
    readonly card: EnvelopeCard;
    readonly head: EnvelopeHead;
    readonly findings: readonly EnvelopeFinding[] | null;
    readonly checkedAt: Instant | null;
  };
  /** Newest first. */
  readonly cardsOfBatch: (batchId: BatchId) => readonly EnvelopeCard[];
  /** Digests of envelopes made here that wait and concern a payment. */
  readonly waitingFor: (paymentId: PaymentId) => readonly Hash32[];
  /** Removes what was begun and never finished. Called at start. */
  readonly removeUnfinished: () => void;
  /** Removes one that was begun and will not be finished. */
  readonly discard: (digest: Hash32) => void;
  readonly lines: (
    digest: Hash32,
    from: number,
    limit: number,
  ) => readonly { readonly index: number; readonly line: EnvelopeLine }[];
  readonly searchLines: (
    digest: Hash32,
    search: string,
    offset: number,
    limit: number,
  ) => {
    readonly total: number;
    readonly lines: readonly StoredLine[];
  };
  /**
   * Replaces the acts by a combined list. `isElsewhere` and `signed` as in `finish`. Throws `envelope/conflict` when one that was known
   * is missing in it.
   */
  readonly putActs: (
    digest: Hash32,
    acts: readonly Act[],
    at: Instant,
    isElsewhere?: boolean,
    signed?: readonly SignedMemory[],
  ) => void;
  readonly saveFindings: (digest: Hash32, findings: readonly EnvelopeFinding[], at: Instant) => void;
  readonly markExported: (digest: Hash32, isExported: boolean) => void;
  /** The batch's payments go back to ACTC and its nonces are free. Throws `envelope/wrong-state`. */
  readonly withdraw: (digest: Hash32, at: Instant) => void;

  /**
   * Conflicts of lines with what was ever signed here in other envelopes; a replacement may share nonce and payment
   * together. `line` is the index in the list.
   */
  readonly memoryConflicts: (memory: readonly SignedMemory[]) => readonly MemoryConflict[];
  /**
   * The signing: the `sign` act and one memory row per line, wholly or not at all, before the signatures leave.
   * Throws `envelope/already-signed` when a line conflicts; signing the same envelope again changes nothing.
   */
  readonly commitSignatures: (
    digest: Hash32,
    acts: readonly Act[],
    memory: readonly SignedMemory[],
    at: Instant,
  ) => void;
  /**
   * Into the outbox: payments ACCP, slots and transactions, wholly or not at all, by the same way as what is approved here
   * (`commitApproval`, `commitReplacement`). Throws as they do, and `envelope/wrong-state`.
   */
  readonly commitSending: (
    digest: Hash32,
    approval: ApprovalFacts,
    transactions: readonly SignedTransaction[],
  ) => void;
  /** The latest time this workspace has seen evidence of: journal entries and verified acts. */
  readonly latestTime: () => Instant | null;
  /** Acts by this key, in any envelope, that name a place in the journal which is not there or is another one. */
  readonly actsBeyondJournal: (key: Address) => BeyondJournal;
};

/** Facts of the policy that a check needs. `null`: none in force. */
export type PolicyInForce = { readonly digest: Hash32; readonly content: PolicyContent };

/** A transaction's signature beside what it is a signature of. */
export type SignedLine = {
  readonly line: number;
  readonly signature: Hex;
  readonly raw: Hex;
  readonly hash: Hash32;
};

/** Result of opening bytes: canonical, digest and every signature right, every line consistent with its transaction. */
export type OpenedEnvelope = { readonly envelope: Envelope };
