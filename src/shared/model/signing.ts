import { z } from 'zod';
import { type Canonical, canonicalJson } from '../canonical';
import { Address, BatchId, CurrencyCode, Hash32, Hex, KeyId, PaymentId, Sha256, TokenId } from './ids';

/** Decimal string of a non-negative integer: how integers stand in digested content. */
const DecimalString = z.string().regex(/^(?:0|[1-9][0-9]*)$/);

const common = {
  /** EIP-155 chain id. */
  chainId: DecimalString,
  nonce: DecimalString,
  to: Address,
  /** Native value in wei. Always "0" for payments. */
  value: DecimalString,
  data: Hex,
  gas: DecimalString,
};

/** A transaction before its signature, EIP-1559 (type 2) or legacy with EIP-155. Integers are decimal strings. */
export const UnsignedTransaction = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('eip1559'),
    ...common,
    maxFeePerGas: DecimalString,
    maxPriorityFeePerGas: DecimalString,
  }),
  z.strictObject({ type: z.literal('legacy'), ...common, gasPrice: DecimalString }),
]);
export type UnsignedTransaction = z.infer<typeof UnsignedTransaction>;

/**
 * One line of what is approved: the payment in a treasurer's terms beside the exact transaction that pays it. The
 * transaction must decode to the payment (`action: 'pay'`), or be an empty transfer of nothing to oneself
 * (`action: 'cancel'`, which frees a nonce whose payment must not happen).
 */
export const SigningItem = z.strictObject({
  paymentId: PaymentId,
  action: z.enum(['pay', 'cancel']),
  endToEndId: z.string(),
  tokenId: TokenId,
  tokenName: z.string(),
  issuerName: z.string(),
  currency: CurrencyCode,
  /** Amount in the token's smallest unit, decimal string. */
  units: DecimalString,
  decimals: z.number().int().min(0).max(36),
  creditorName: z.string(),
  creditorLei: z.string().nullable(),
  /** The creditor's account as the file named it: IBAN, other id or address. */
  creditorAccount: z.string(),
  creditorAddress: Address,
  debtorName: z.string(),
  debtorAddress: Address,
  keyId: KeyId,
  /** PaymentRef v1 end-to-end reference, 16 characters. */
  reference: z.string(),
  /** Hash of the remittance document (PaymentRef v1). */
  docHash: Hash32,
  transaction: UnsignedTransaction,
});
export type SigningItem = z.infer<typeof SigningItem>;

/** Everything that one approval covers. Its digest is the batch digest; changing anything in it changes the digest. */
export const SigningContent = z.strictObject({
  version: z.literal(1),
  kind: z.enum(['batch', 'replacement']),
  batchId: BatchId,
  source: z.strictObject({
    kind: z.enum(['pain.001', 'csv', 'form']),
    fileName: z.string().nullable(),
    sha256: Sha256.nullable(),
    messageId: z.string().nullable(),
  }),
  items: z.array(SigningItem),
});
export type SigningContent = z.infer<typeof SigningContent>;

/** Bytes that are hashed: a domain tag, then the content as RFC 8785 JSON. The digest is SHA-256 over their UTF-8. */
export const digestInput = (content: SigningContent): string =>
  `nostro/signing-content/v1\n${canonicalJson(content as unknown as Canonical)}`;
