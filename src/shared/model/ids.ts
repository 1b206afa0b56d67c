import { z } from 'zod';

/** `0x` and 40 hex digits, in EIP-55 form wherever the main side produced it. */
export const Address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .brand<'Address'>();
export type Address = z.infer<typeof Address>;

/** 32 bytes as `0x` and 64 lower-case hex digits: transaction and block hashes, digests. */
export const Hash32 = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/)
  .brand<'Hash32'>();
export type Hash32 = z.infer<typeof Hash32>;

/** Any number of bytes as lower-case hex with `0x`. */
export const Hex = z
  .string()
  .regex(/^0x(?:[0-9a-f]{2})*$/)
  .brand<'Hex'>();
export type Hex = z.infer<typeof Hex>;

/** SHA-256 of a file, 64 lower-case hex digits. */
export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<'Sha256'>();
export type Sha256 = z.infer<typeof Sha256>;

/** CAIP-2 id of an EVM chain: `eip155:8453`. */
export const NetworkId = z
  .string()
  .regex(/^eip155:[1-9][0-9]{0,17}$/)
  .brand<'NetworkId'>();
export type NetworkId = z.infer<typeof NetworkId>;

/** CAIP-19 id of a token, the address in lower case: `eip155:8453/erc20:0x7e0a…`. Chain and address are its identity. */
export const TokenId = z
  .string()
  .regex(/^eip155:[1-9][0-9]{0,17}\/erc20:0x[0-9a-f]{40}$/)
  .brand<'TokenId'>();
export type TokenId = z.infer<typeof TokenId>;

const localId = (prefix: string) => z.string().regex(new RegExp(`^${prefix}_[0-9a-z]{10,32}$`));

export const KeyId = localId('key').brand<'KeyId'>();
export type KeyId = z.infer<typeof KeyId>;
export const AccountId = localId('acc').brand<'AccountId'>();
export type AccountId = z.infer<typeof AccountId>;
export const CounterpartyId = localId('cpy').brand<'CounterpartyId'>();
export type CounterpartyId = z.infer<typeof CounterpartyId>;
export const ImportId = localId('imp').brand<'ImportId'>();
export type ImportId = z.infer<typeof ImportId>;
export const BatchId = localId('bat').brand<'BatchId'>();
export type BatchId = z.infer<typeof BatchId>;
export const PaymentId = localId('pay').brand<'PaymentId'>();
export type PaymentId = z.infer<typeof PaymentId>;
export const FileId = localId('fil').brand<'FileId'>();
export type FileId = z.infer<typeof FileId>;

/** ISO 4217 alphabetic code, or `CNH` for offshore yuan. */
export const CurrencyCode = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .brand<'CurrencyCode'>();
export type CurrencyCode = z.infer<typeof CurrencyCode>;

/** UTC instant in ISO 8601 with `Z`, milliseconds optional. */
export const Instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3})?Z$/);
export type Instant = z.infer<typeof Instant>;

/** Calendar date, ISO 8601 `YYYY-MM-DD`. */
export const IsoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
export type IsoDate = z.infer<typeof IsoDate>;

/** An exact decimal amount without a token: `units / 10^decimals`, as files and currency sums have it. */
export const DecimalAmount = z.strictObject({
  units: z.bigint(),
  decimals: z.number().int().min(0).max(36),
});
export type DecimalAmount = z.infer<typeof DecimalAmount>;

/** A sum in one currency. */
export const CurrencySum = z.strictObject({
  currency: CurrencyCode,
  count: z.number().int().min(0),
  sum: DecimalAmount,
});
export type CurrencySum = z.infer<typeof CurrencySum>;

export const networkIdOf = (chainId: bigint): NetworkId => NetworkId.parse(`eip155:${chainId}`);
export const chainIdOf = (network: NetworkId): bigint => BigInt(network.slice('eip155:'.length));
export const tokenIdOf = (network: NetworkId, address: string): TokenId =>
  TokenId.parse(`${network}/erc20:${address.toLowerCase()}`);
export const networkOfToken = (token: TokenId): NetworkId =>
  NetworkId.parse(token.slice(0, token.indexOf('/')));
/** The token contract's address in lower case. */
export const contractOfToken = (token: TokenId): Address =>
  Address.parse(token.slice(token.indexOf(':0x') + 1));
