import { z } from 'zod';
import { EnvelopeAccount, EnvelopeNetwork, EnvelopeToken, VoiceChallenge } from '../model/envelope';
import { Address, BatchId, CurrencySum, FileId, Hash32, Instant, PaymentId } from '../model/ids';
import { PaymentSource, PaymentStatus, SettlementStage } from '../model/payments';
import { PersonRef } from '../model/people';
import { CHAIN_ERRORS, command, Empty, FILE_ERRORS, query, Saved } from './define';

/** Why a file, or the frames of one, is not taken. */
const intakeErrors = [
  'envelope/malformed',
  'envelope/not-canonical',
  'envelope/newer-version',
  'envelope/digest-mismatch',
  'envelope/bad-signature',
  'envelope/inconsistent',
  'envelope/conflict',
  'envelope/foreign-company',
  'envelope/unknown-policy',
  'envelope/actor-not-entitled',
  'policy/foreign',
  'policy/older',
  'policy/gap',
  'policy/fork',
  'policy/invalid',
  'person/invalid-card',
  'clock/set-back',
] as const;

/**
 * One result of checking an envelope on this machine. `refused`: nobody signs it here. `unchecked`: could not be checked
 * here, shown before what could. Codes have words in assets/locales.
 */
export const EnvelopeFinding = z.strictObject({
  verdict: z.enum(['refused', 'unchecked', 'warning', 'passed']),
  code: z.enum([
    'digest',
    'totals',
    'bytes',
    'act-signatures',
    'transaction-signatures',
    'maker-role',
    'approvals',
    'rejected',
    'expired',
    'policy',
    'chain-known',
    'token-known',
    'token-facts',
    'account-known',
    'account-key',
    'creditor-known',
    'look-alike',
    'nonces',
    'already-signed',
    'facts-age',
    'clock',
    'journal',
    'preflight-unknown',
    'holds-released',
    'first-payment',
    'voice',
    'funds',
    'live-token',
    'live-nonces',
  ]),
  /** How many lines it concerns; for `passed`, how many were looked at. */
  count: z.number().int().min(0),
  /** Index of the first line it concerns, from 0. */
  firstLine: z.number().int().min(0).nullable(),
  /** Facts in plain form: a name, a number, a date. Outside text: show it literally. */
  text: z.string().max(300).nullable(),
});
export type EnvelopeFinding = z.infer<typeof EnvelopeFinding>;

export const EnvelopeAct = z.strictObject({
  kind: z.enum(['create', 'approve', 'reject', 'sign', 'send']),
  by: PersonRef,
  at: Instant,
  /** Approvals end; `null` for other acts. */
  expiresAt: Instant.nullable(),
  voice: z.boolean().nullable(),
  reason: z.string().max(300).nullable(),
  /** Lines signed or told about. */
  lines: z.number().int().min(0).nullable(),
  /** Why it does not count now; `null` when it counts. */
  problem: z.enum(['expired', 'not-entitled', 'own-batch', 'clock']).nullable(),
  isMine: z.boolean(),
});
export type EnvelopeAct = z.infer<typeof EnvelopeAct>;

/** What this machine's person can do with it now. */
export const EnvelopeAbility = z.enum(['compare', 'approve', 'reject', 'sign', 'send', 'withdraw', 'renew']);
export type EnvelopeAbility = z.infer<typeof EnvelopeAbility>;

export const EnvelopeState = z.enum([
  'waits-approval',
  'waits-signature',
  'part-signed',
  'signed',
  'sent',
  'settled',
  'rejected',
  'expired',
  'withdrawn',
]);
export type EnvelopeState = z.infer<typeof EnvelopeState>;

export const EnvelopeSummary = z.strictObject({
  digest: Hash32,
  kind: z.enum(['batch', 'replacement']),
  state: EnvelopeState,
  /** The batch here that it was made from; `null` where it came as a file. */
  batchId: BatchId.nullable(),
  company: z.string(),
  maker: PersonRef,
  source: PaymentSource,
  createdAt: Instant,
  expiresAt: Instant,
  /** When this machine made or last took it in. */
  receivedAt: Instant,
  count: z.number().int().min(1),
  sums: z.array(CurrencySum),
  approvals: z.strictObject({ given: z.number().int().min(0), needed: z.number().int().min(1) }),
  signedLines: z.number().int().min(0),
  acts: z.array(EnvelopeAct),
  abilities: z.array(EnvelopeAbility),
  /** Something here waits for this machine's person. */
  waitsForMe: z.boolean(),
  /** Whether a copy with everything that is known here was saved or shown. */
  isExported: z.boolean(),
});
export type EnvelopeSummary = z.infer<typeof EnvelopeSummary>;

export const EnvelopeDetail = z.strictObject({
  summary: EnvelopeSummary,
  policyNumber: z.number().int().min(1),
  networks: z.array(EnvelopeNetwork),
  tokens: z.array(EnvelopeToken),
  accounts: z.array(EnvelopeAccount),
  releasedHolds: z.array(z.string()),
  /** Of the last check here; `null` before the first. */
  findings: z.array(EnvelopeFinding).nullable(),
  checkedAt: Instant.nullable(),
});
export type EnvelopeDetail = z.infer<typeof EnvelopeDetail>;

export const EnvelopeLineView = z.strictObject({
  index: z.number().int().min(0),
  paymentId: PaymentId,
  action: z.enum(['pay', 'cancel']),
  endToEndId: z.string(),
  creditorName: z.string(),
  creditorLei: z.string().nullable(),
  creditorAccount: z.string(),
  creditorAddress: Address,
  debtorName: z.string(),
  debtorAddress: Address,
  currency: z.string(),
  units: z.bigint(),
  decimals: z.number().int(),
  tokenName: z.string(),
  issuerName: z.string(),
  networkName: z.string(),
  nonce: z.bigint(),
  isSigned: z.boolean(),
  /** From the newest `send` act, or the own outbox. */
  status: PaymentStatus.nullable(),
  stage: SettlementStage.nullable(),
});
export type EnvelopeLineView = z.infer<typeof EnvelopeLineView>;

/** What came in by file or frames. */
export const Intake = z.discriminatedUnion('format', [
  z.strictObject({
    format: z.literal('envelope'),
    outcome: z.enum(['new', 'merged', 'unchanged']),
    digest: Hash32,
  }),
  z.strictObject({
    format: z.literal('policy'),
    outcome: z.enum(['new', 'merged', 'unchanged', 'installed']),
    digest: Hash32,
  }),
  z.strictObject({ format: z.literal('person'), name: z.string(), key: Address }),
]);
export type Intake = z.infer<typeof Intake>;

export const envelopesContract = {
  'envelopes.list': query(
    z.strictObject({
      filter: z.enum(['inbox', 'open', 'all']),
      search: z.string().max(140),
      offset: z.number().int().min(0),
      limit: z.number().int().min(1).max(200),
    }),
    z.strictObject({
      total: z.number().int(),
      waiting: z.number().int(),
      envelopes: z.array(EnvelopeSummary),
    }),
  ),
  'envelopes.get': query(z.strictObject({ digest: Hash32 }), EnvelopeDetail, ['envelope/unknown']),
  /** The envelopes that were made from a batch, newest first. */
  'envelopes.ofBatch': query(
    z.strictObject({ batchId: BatchId }),
    z.strictObject({ envelopes: z.array(EnvelopeSummary) }),
  ),
  'envelopes.lines': query(
    z.strictObject({
      digest: Hash32,
      search: z.string().max(140),
      offset: z.number().int().min(0),
      limit: z.number().int().min(1).max(200),
    }),
    z.strictObject({ total: z.number().int(), lines: z.array(EnvelopeLineView) }),
    ['envelope/unknown'],
  ),
  /** Plans nonces and fees and fixes the content. Needs a policy in force and the maker's role. */
  'envelopes.create': command(
    z.strictObject({ batchId: BatchId }),
    z.strictObject({ digest: Hash32 }),
    [
      'payments/batch-unknown',
      'payments/wrong-state',
      'payments/preflight-refused',
      'payments/insufficient-funds',
      'payments/token-blocked',
      'directory/token-changed',
      'settlement/nonce-conflict',
      'policy/missing',
      'policy/role-missing',
      ...CHAIN_ERRORS,
    ],
    { concurrent: true },
  ),
  /** Gives up an envelope made here that nobody's signature came back for; its payments can be put into another one. */
  'envelopes.withdraw': command(z.strictObject({ digest: Hash32 }), Empty, [
    'envelope/unknown',
    'envelope/wrong-state',
  ]),
  'envelopes.exportFile': command(
    z.strictObject({ digest: Hash32 }),
    Saved,
    ['envelope/unknown', 'file/unwritable'],
    { concurrent: true },
  ),
  /** Takes in an envelope, a policy or a person's card; copies of what is known are combined. */
  'envelopes.importFile': command(
    z.strictObject({ fileId: FileId }),
    Intake,
    [...FILE_ERRORS, ...intakeErrors],
    {
      concurrent: true,
    },
  ),
  /** Every check that this machine can make. Progress comes as task `envelope-check`. */
  'envelopes.check': command(
    z.strictObject({ digest: Hash32 }),
    z.strictObject({ findings: z.array(EnvelopeFinding), checkedAt: Instant }),
    ['envelope/unknown', 'policy/missing', ...CHAIN_ERRORS],
    { concurrent: true },
  ),
  /**
   * Opens the approval window on it: to approve or reject, to sign, or to read the words to somebody who checks
   * (`compare`). A page can ask for the window; only the window can answer.
   */
  'envelopes.review': command(
    z.strictObject({ digest: Hash32, act: z.enum(['approve', 'sign', 'compare']) }),
    Empty,
    [
      'envelope/unknown',
      'envelope/wrong-state',
      'envelope/refused-by-check',
      'envelope/expired',
      'policy/missing',
      'policy/role-missing',
      'policy/own-batch',
      'clock/set-back',
      ...CHAIN_ERRORS,
    ],
  ),
  /** Puts a completely signed envelope made here into the outbox. */
  'envelopes.send': command(z.strictObject({ digest: Hash32 }), z.strictObject({ sent: z.number().int() }), [
    'envelope/unknown',
    'envelope/wrong-state',
    'envelope/approvals-missing',
    'payments/wrong-state',
    'payments/token-blocked',
    'directory/token-changed',
    'settlement/nonce-conflict',
    'settlement/already-final',
    'policy/missing',
    'policy/role-missing',
    ...CHAIN_ERRORS,
  ]),
  /** Adds where each payment stands now as a `send` act, for the approvers' and the signer's copies. */
  'envelopes.report': command(z.strictObject({ digest: Hash32 }), Empty, [
    'envelope/unknown',
    'envelope/wrong-state',
  ]),

  /**
   * The envelope (or policy, or the own card) as animated QR: frames `from … from + count - 1` of an endless fountain
   * (BCR-2020-005, BCR-2024-001), upper case.
   */
  'exchange.frames': query(
    z.strictObject({
      what: z.discriminatedUnion('format', [
        z.strictObject({ format: z.literal('envelope'), digest: Hash32 }),
        z.strictObject({ format: z.literal('policy'), digest: Hash32 }),
        z.strictObject({ format: z.literal('person') }),
      ]),
      from: z.number().int().min(0).max(1_000_000),
      count: z.number().int().min(1).max(50),
    }),
    z.strictObject({
      /** Frames that carry the message once; any number a little above it suffices. */
      pure: z.number().int().min(1),
      sizeBytes: z.number().int(),
      frames: z.array(z.string().max(3000)),
    }),
    ['envelope/unknown', 'policy/unknown', 'person/name-missing', 'envelope/too-large-for-qr'],
  ),
  /** One read QR code. Frames of another message do not mix: they are refused until `exchange.reset`. */
  'exchange.receive': command(
    z.strictObject({ text: z.string().min(1).max(3000) }),
    z.strictObject({
      state: z.enum(['collecting', 'repeated', 'foreign', 'unreadable', 'complete']),
      /** 0 to 1. */
      progress: z.number().min(0).max(1),
      received: z.number().int(),
      expected: z.number().int(),
      intake: Intake.nullable(),
    }),
    [...intakeErrors],
    { concurrent: true },
  ),
  'exchange.reset': command(Empty, Empty, [], { concurrent: true }),
};

/** Of the approval window: comparing by voice. */
export const voiceContract = {
  /**
   * The checker's challenge for the open document, made when it opened; none for `pay` and `compare`. `disagreedBefore`:
   * words for this digest disagreed since the start, also in a window that was closed, and have not agreed in this one;
   * until they do there is no yes.
   */
  'approval.challenge': query(
    Empty,
    z.strictObject({ challenge: VoiceChallenge, disagreedBefore: z.boolean() }),
    ['payments/approval-closed', 'envelope/wrong-state'],
  ),
  /** The words that the other one read. Answers whether they are right, never what they should be. */
  'approval.compareWords': command(
    z.strictObject({ words: z.array(z.string().max(20)).length(12) }),
    z.strictObject({ agrees: z.boolean(), attemptsLeft: z.number().int().min(0) }),
    ['payments/approval-closed', 'envelope/wrong-state'],
    { concurrent: true },
  ),
  /** The words for a challenge that somebody else spoke; only in a window that was opened to compare. */
  'approval.wordsFor': query(
    z.strictObject({ challenge: VoiceChallenge }),
    z.strictObject({ words: z.array(z.string()).length(12) }),
    ['payments/approval-closed', 'envelope/wrong-state'],
  ),
};
