/**
 * The envelope: one payment batch on its way through the roles create, check, approve, sign, combine, send. The format is
 * described for strangers in docs/envelope.md; this file is its schema.
 *
 * `content` is fixed when the envelope is made, and one digest over it is the envelope's identity. What people add are
 * `acts`, each signed with its person's key over that digest, so that no byte of the file stands for itself.
 */
import { z } from 'zod';
import { type Canonical, canonicalJson } from '../canonical';
import {
  Address,
  CurrencyCode,
  Hash32,
  Instant,
  IsoDate,
  NetworkId,
  PaymentId,
  Sha256,
  TokenId,
} from './ids';
import { PaymentStatus, SettlementStage } from './payments';
import { PersonName, PersonRef, Signature } from './people';
import { UnsignedTransaction } from './signing';

/** Decimal string of a non-negative integer. */
const DecimalString = z.string().regex(/^(?:0|[1-9][0-9]{0,77})$/);
const Text = (max: number) => z.string().max(max);
const Index = z.number().int().min(0).max(99_999);

/** The block at which a fact was read. */
export const BlockRef = z.strictObject({ number: DecimalString, hash: Hash32, time: Instant });

export const EnvelopeNetwork = z.strictObject({
  id: NetworkId,
  name: Text(80),
  nativeSymbol: Text(12),
  nativeDecimals: z.number().int().min(0).max(36),
  block: BlockRef,
});

/** Token facts as the chain gave them at `block`; compared with what the signing machine approved itself. */
export const EnvelopeToken = z.strictObject({
  id: TokenId,
  name: Text(200),
  symbol: Text(60),
  currency: CurrencyCode,
  decimals: z.number().int().min(0).max(36),
  issuer: z.strictObject({ name: Text(140), bic: Text(11).nullable(), lei: Text(20).nullable() }),
  codeHash: Hash32,
  implementation: Address.nullable(),
  implementationCodeHash: Hash32.nullable(),
  /** How the payment reference stands in the calldata (PaymentRef v1). */
  reference: z.enum(['memo', 'suffix', 'none']),
  block: BlockRef,
});

/** An own account that pays, with the nonces that this envelope plans for it. */
export const EnvelopeAccount = z.strictObject({
  name: Text(80),
  entity: z.strictObject({ name: Text(140), lei: Text(20).nullable() }),
  address: Address,
  nonces: z
    .array(z.strictObject({ network: NetworkId, first: DecimalString, count: z.number().int().min(1) }))
    .min(1)
    .max(100),
});

/** The pre-flight verdict that the maker's machine got for a line, with its date. */
export const EnvelopeCheck = z.strictObject({
  state: z.enum(['ok', 'unknown']),
  at: Instant,
  block: DecimalString.nullable(),
  /** Checks that gave no answer, of PreflightVerdict's list. */
  unanswered: z.array(Text(40)).max(30),
});

/** One payment in ISO 20022 terms beside the exact transaction that pays it. */
export const EnvelopeLine = z.strictObject({
  /** The maker's own id of the payment; never repeated in another batch. */
  paymentId: PaymentId,
  action: z.enum(['pay', 'cancel']),
  endToEndId: Text(35),
  instructionId: Text(35).nullable(),
  uetr: Text(36).nullable(),
  /** PaymentRef v1 end-to-end reference, 16 characters. */
  reference: z.string().length(16),
  requestedDate: IsoDate,
  /** Index into `accounts`. */
  account: Index,
  /** Index into `tokens`. */
  token: Index,
  /** In the token's smallest unit. */
  units: DecimalString,
  creditor: z.strictObject({
    name: Text(140),
    lei: Text(20).nullable(),
    country: Text(2).nullable(),
    /** As the file named it: IBAN, other id or address. */
    account: Text(140),
    address: Address,
  }),
  purposeCode: Text(35).nullable(),
  remittance: Text(600).nullable(),
  docHash: Hash32,
  check: EnvelopeCheck.nullable(),
  transaction: UnsignedTransaction,
});
export type EnvelopeLine = z.infer<typeof EnvelopeLine>;

export const EnvelopeTotal = z.strictObject({
  currency: CurrencyCode,
  count: z.number().int().min(1),
  units: DecimalString,
  decimals: z.number().int().min(0).max(36),
});

export const MAX_ENVELOPE_LINES = 100_000;
/** 64 MiB: 10,000 lines take under 20 MB. */
export const MAX_ENVELOPE_BYTES = 64 * 1024 * 1024;

export const EnvelopeContent = z.strictObject({
  /** `batch` pays; `replacement` speeds up or cancels transactions with the nonces of an earlier envelope. */
  kind: z.enum(['batch', 'replacement']),
  company: z.strictObject({ id: Hash32, name: PersonName }),
  /** The policy in force where it was made. */
  policy: z.strictObject({ number: z.number().int().min(1), digest: Hash32 }),
  maker: PersonRef,
  createdAt: Instant,
  /** End of the fee and nonce plan: after it nobody approves or signs. */
  expiresAt: Instant,
  source: z.strictObject({
    kind: z.enum(['pain.001', 'csv', 'form']),
    format: Text(40),
    fileName: Text(255).nullable(),
    sha256: Sha256.nullable(),
    sizeBytes: z.number().int().min(0).nullable(),
    messageId: Text(35).nullable(),
  }),
  /** Holds that the maker released by name, one text each (`first-payment line 3`). */
  releasedHolds: z.array(Text(300)).max(1000),
  networks: z.array(EnvelopeNetwork).min(1).max(100),
  tokens: z.array(EnvelopeToken).min(1).max(1000),
  accounts: z.array(EnvelopeAccount).min(1).max(1000),
  /** Over the lines with action `pay`; by currency, in alphabetical order; empty when nothing is paid. */
  totals: z.array(EnvelopeTotal).max(200),
  lines: z.array(EnvelopeLine).min(1).max(MAX_ENVELOPE_LINES),
});
export type EnvelopeContent = z.infer<typeof EnvelopeContent>;

/** Where the actor's journal stood: how many entries, and the hash of the last (32 zero bytes when none). */
export const JournalAnchor = z.strictObject({ count: z.number().int().min(0), head: Hash32 });
export type JournalAnchor = z.infer<typeof JournalAnchor>;

const act = <K extends string, B extends z.ZodType>(kind: K, body: B) =>
  z.strictObject({
    kind: z.literal(kind),
    by: PersonRef,
    at: Instant,
    body,
    journal: JournalAnchor,
    /** EIP-712 `Act` by `by.key`. */
    signature: Signature,
  });

/** `voice`: whether the actor compared the twelve words by voice before acting. */
export const Act = z.discriminatedUnion('kind', [
  act('create', z.null()),
  act('approve', z.strictObject({ voice: z.boolean(), expiresAt: Instant })),
  act('reject', z.strictObject({ reason: z.string().min(1).max(300) })),
  act(
    'sign',
    z.strictObject({
      voice: z.boolean(),
      /** By line, ascending: the ECDSA signature of the line's transaction by its account's key. */
      signatures: z
        .array(z.strictObject({ line: Index, signature: Signature }))
        .min(1)
        .max(MAX_ENVELOPE_LINES),
    }),
  ),
  act(
    'send',
    z.strictObject({
      /** By line, ascending: where each payment stood at `at`. */
      lines: z
        .array(
          z.strictObject({
            line: Index,
            status: PaymentStatus,
            stage: SettlementStage,
            transaction: Hash32,
            block: DecimalString.nullable(),
          }),
        )
        .min(1)
        .max(MAX_ENVELOPE_LINES),
    }),
  ),
]);
export type Act = z.infer<typeof Act>;
export type ActKind = Act['kind'];
export const ACT_KINDS: readonly ActKind[] = ['create', 'approve', 'reject', 'sign', 'send'];

/** An act before its signature. */
export type UnsignedAct = Act extends infer A ? (A extends Act ? Omit<A, 'signature'> : never) : never;

/**
 * The whole file (`.nostro`): canonical JSON (RFC 8785), UTF-8, nothing after it. Acts stand in the order of
 * {@link ACT_KINDS}, then by lower-case key; one act per kind and key. A `send` of later time takes an earlier one's place.
 */
export const Envelope = z.strictObject({
  format: z.literal('nostro-envelope'),
  version: z.literal(1),
  content: EnvelopeContent,
  /** SHA-256 of {@link envelopeDigestInput}. */
  digest: Hash32,
  acts: z.array(Act).min(1).max(1000),
});
export type Envelope = z.infer<typeof Envelope>;

export const envelopeDigestInput = (content: EnvelopeContent): string =>
  `nostro/envelope/v1\n${canonicalJson(content as unknown as Canonical)}`;

/**
 * EIP-712 of everything that a person's key signs. The domain's salt is the company's id (32 zero bytes for a card, which
 * belongs to no company). `body` is SHA-256 over the act's body as canonical JSON.
 */
export const EIP712_DOMAIN = { name: 'Nostro', version: '1' } as const;
export const EIP712_TYPES = {
  Act: [
    { name: 'kind', type: 'string' },
    { name: 'digest', type: 'bytes32' },
    { name: 'policy', type: 'uint64' },
    { name: 'name', type: 'string' },
    { name: 'key', type: 'address' },
    { name: 'at', type: 'string' },
    { name: 'body', type: 'bytes32' },
    { name: 'journalCount', type: 'uint64' },
    { name: 'journalHead', type: 'bytes32' },
  ],
  PolicyApproval: [
    { name: 'digest', type: 'bytes32' },
    { name: 'number', type: 'uint64' },
    { name: 'name', type: 'string' },
    { name: 'key', type: 'address' },
    { name: 'at', type: 'string' },
  ],
  PersonCard: [
    { name: 'name', type: 'string' },
    { name: 'key', type: 'address' },
    { name: 'at', type: 'string' },
  ],
} as const;

/**
 * What the vault's person key is asked to sign. Acts that bind the company to money (`approve`, `reject`, `sign`), policy
 * approvals and cards need the passphrase; `create` and `send` only tell what this machine did.
 */
export type PersonStatement =
  | {
      readonly type: 'act';
      readonly company: Hash32;
      readonly digest: Hash32;
      readonly policy: number;
      readonly act: UnsignedAct;
    }
  | {
      readonly type: 'policy';
      readonly company: Hash32;
      readonly digest: Hash32;
      readonly number: number;
      readonly by: PersonRef;
      readonly at: Instant;
    }
  | { readonly type: 'card'; readonly name: string; readonly key: Address; readonly at: Instant };

/** The number that a checker speaks after the file is fixed: 8 decimal digits. */
export const VoiceChallenge = z.string().regex(/^[0-9]{8}$/);
