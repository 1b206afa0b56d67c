import { z } from 'zod';
import {
  AccountId,
  Address,
  CounterpartyId,
  CurrencyCode,
  Hash32,
  Hex,
  Instant,
  IsoDate,
  KeyId,
  NetworkId,
  TokenId,
} from './ids';

/** When a transaction on a network counts as final: a block tag the node answers, or a depth below the head. */
export const FinalityRule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tag'), tag: z.enum(['latest', 'safe', 'finalized']) }),
  z.strictObject({ kind: z.literal('depth'), blocks: z.number().int().min(1).max(10_000) }),
]);
export type FinalityRule = z.infer<typeof FinalityRule>;

/** How fees are paid: EIP-1559, a legacy gas price, or none (private networks with zero gas price). */
export const FeeRule = z.enum(['eip1559', 'legacy', 'free']);
export type FeeRule = z.infer<typeof FeeRule>;

/** Where a registry fact comes from and how far it was verified. */
export const Verification = z.strictObject({
  state: z.enum(['verified', 'recorded', 'unverified', 'own']),
  sources: z.array(z.string().max(500)).max(20),
  note: z.string().max(1000).nullable(),
});
export type Verification = z.infer<typeof Verification>;

export const Network = z.strictObject({
  id: NetworkId,
  name: z.string().min(1).max(80),
  endpoints: z.array(z.string().url().max(500)).min(1).max(8),
  finality: FinalityRule,
  fees: FeeRule,
  nativeCurrency: z.strictObject({
    symbol: z.string().min(1).max(12),
    decimals: z.number().int().min(0).max(36),
  }),
  /** First block from which the replica reads. */
  startBlock: z.bigint(),
  isSandbox: z.boolean(),
  verification: Verification,
});
export type Network = z.infer<typeof Network>;

/** The bank whose liability a token is. BIC or a clearing member id names it in payment files. */
export const Issuer = z.strictObject({
  name: z.string().min(1).max(140),
  bic: z.string().nullable(),
  memberId: z.string().max(35).nullable(),
  lei: z.string().nullable(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .nullable(),
});
export type Issuer = z.infer<typeof Issuer>;

/** Which views and calls a token answered when it was probed. */
export const TokenInterface = z.enum([
  'erc7943',
  'erc1404',
  'allowlist',
  'blacklist',
  'freeze',
  'pause',
  'eip3009',
  'eip2612',
  'erc5267',
  'memo',
  'redemption',
  'currency',
]);
export type TokenInterface = z.infer<typeof TokenInterface>;

/** What the chain said about a token contract at one block. */
export const TokenProbe = z.strictObject({
  probedAt: Instant,
  blockNumber: z.bigint(),
  blockHash: Hash32,
  codeHash: Hash32,
  /** Implementation behind an ERC-1967 or zeppelinos proxy, `null` where there is none. */
  implementation: Address.nullable(),
  implementationCodeHash: Hash32.nullable(),
  proxyKind: z.enum(['erc1967', 'zeppelinos', 'none']),
  name: z.string().max(200),
  symbol: z.string().max(60),
  decimals: z.number().int().min(0).max(36),
  currency: z.string().max(20).nullable(),
  interfaces: z.array(TokenInterface),
});
export type TokenProbe = z.infer<typeof TokenProbe>;

/**
 * `active`: may be paid with. `locked`: held back by policy until a person unlocks it (P7). `changed`: the chain no
 * longer answers what was approved; sending is blocked until a person approves the change (P2). `unprobed`: listed, but
 * never seen on chain from here.
 */
export const TokenState = z.enum(['active', 'locked', 'changed', 'unprobed']);
export type TokenState = z.infer<typeof TokenState>;

export const Token = z.strictObject({
  id: TokenId,
  networkId: NetworkId,
  /** EIP-55 form. */
  address: Address,
  name: z.string().max(200),
  symbol: z.string().max(60),
  currency: CurrencyCode,
  decimals: z.number().int().min(0).max(36),
  issuer: Issuer,
  state: TokenState,
  /** Why it is locked, in words; `null` when it is not. */
  lockReason: z.string().max(1000).nullable(),
  /** What a person approved. `null` while unprobed. */
  approved: TokenProbe.nullable(),
  /** The newest differing answer while `state` is `changed`. */
  observed: TokenProbe.nullable(),
  /** Whether plain transfers carry the reference suffix. Tokens with memo use the memo. */
  referenceSuffix: z.boolean(),
  verification: Verification,
});
export type Token = z.infer<typeof Token>;

export const PostalAddress = z.strictObject({
  street: z.string().max(70).nullable(),
  building: z.string().max(16).nullable(),
  postCode: z.string().max(16).nullable(),
  town: z.string().max(35).nullable(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .nullable(),
});
export type PostalAddress = z.infer<typeof PostalAddress>;

/** How files name an account beside its address: an IBAN, or another id as ISO 20022 `Othr/Id` has it. */
export const ExternalId = z.strictObject({
  kind: z.enum(['iban', 'other']),
  value: z.string().min(1).max(34),
});
export type ExternalId = z.infer<typeof ExternalId>;

/** One of the company's own on-chain accounts. */
export const OwnAccount = z.strictObject({
  id: AccountId,
  name: z.string().min(1).max(80),
  kind: z.literal('key'),
  /** `null`: watch-only, its key is in another machine's vault. */
  keyId: KeyId.nullable(),
  address: Address,
  /** Legal entity that owns it. */
  entity: z.strictObject({ name: z.string().min(1).max(140), lei: z.string().nullable() }),
  externalIds: z.array(ExternalId).max(20),
});
export type OwnAccount = z.infer<typeof OwnAccount>;

/** Whether a bank has enrolled a holder: what we were told, on which day. The chain is asked again before paying. */
export const Enrolment = z.strictObject({
  tokenId: TokenId,
  state: z.enum(['enrolled', 'not-enrolled']),
  asOf: IsoDate,
});
export type Enrolment = z.infer<typeof Enrolment>;

export const CounterpartyAccount = z.strictObject({
  address: Address,
  externalIds: z.array(ExternalId).max(20),
  enrolments: z.array(Enrolment).max(50),
});
export type CounterpartyAccount = z.infer<typeof CounterpartyAccount>;

export const Counterparty = z.strictObject({
  id: CounterpartyId,
  name: z.string().min(1).max(140),
  lei: z.string().nullable(),
  bic: z.string().nullable(),
  address: PostalAddress,
  accounts: z.array(CounterpartyAccount).max(50),
  /** Free text of the treasurer. */
  note: z.string().max(1000).nullable(),
  updatedAt: Instant,
});
export type Counterparty = z.infer<typeof Counterparty>;

/** Text of a token as {@link TokenProbe} has it: without control, format and direction characters. */
const isPlain = (text: string): boolean => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/u.test(text);

/** A {@link TokenProbe} in a file: what the chain said where the token was approved. Numbers above 2^53 are texts. */
export const TokenFacts = TokenProbe.extend({
  blockNumber: z.string().regex(/^(?:0|[1-9][0-9]{0,19})$/),
  name: TokenProbe.shape.name.refine(isPlain, 'control characters'),
  symbol: TokenProbe.shape.symbol.refine(isPlain, 'control characters'),
  currency: z.string().max(20).refine(isPlain, 'control characters').nullable(),
  interfaces: z.array(TokenInterface).max(TokenInterface.options.length),
});
export type TokenFacts = z.infer<typeof TokenFacts>;

/**
 * The directory as a file (JSON, UTF-8). Ids of accounts and counterparties are given by the workspace that reads it.
 * `startBlock` is a decimal string; an own account whose key the vault lacks is watched only.
 */
export const DirectoryFile = z.strictObject({
  format: z.literal('nostro-directory'),
  version: z.literal(1),
  networks: z
    .array(Network.omit({ startBlock: true }).extend({ startBlock: z.string().regex(/^[0-9]{1,20}$/) }))
    .max(100),
  tokens: z
    .array(
      z.strictObject({
        networkId: NetworkId,
        address: Address,
        currency: CurrencyCode,
        issuer: Issuer,
        locked: z.boolean(),
        lockReason: z.string().max(1000).nullable(),
        referenceSuffix: z.boolean(),
        verification: Verification,
        /** Read by workspaces without a network only. A file without it is a file of a token that nobody approved. */
        approved: TokenFacts.nullable().optional(),
      }),
    )
    .max(1000),
  accounts: z.array(OwnAccount.omit({ id: true, keyId: true, kind: true })).max(1000),
  counterparties: z.array(Counterparty.omit({ id: true, updatedAt: true })).max(200_000),
});
export type DirectoryFile = z.infer<typeof DirectoryFile>;

/** A refusal by a token, decoded to a kind; the raw data is kept for support. */
export const Refusal = z.strictObject({
  /** Kind of refusal by the decoder table; `unknown` where the token gives no known reason. */
  kind: z.enum([
    'sender-not-allowed',
    'receiver-not-allowed',
    'transfer-not-allowed',
    'part-frozen',
    'balance-too-low',
    'allowance-too-low',
    'paused',
    'policy-forbids',
    'address-frozen',
    'account-blocked',
    'bad-receiver',
    'text',
    'panic',
    'returned-false',
    'unknown',
    'empty',
  ]),
  /** The token's own text where it gave one (ERC-1404 message, revert string); outside text, show it literally. */
  text: z.string().max(300).nullable(),
  /** Raw revert data as hex, at most 2 KiB. */
  data: Hex.nullable(),
});
export type Refusal = z.infer<typeof Refusal>;
