/**
 * What the vault is willing to sign. It believes nobody: the content is parsed strictly, its digest is recomputed, and
 * every transaction must say in bytes exactly what its line says in words.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { AppError } from '../../shared/errors';
import { decodeTransfer } from '../../shared/evm/calldata';
import { findRangeFault } from '../../shared/evm/transaction';
import {
  type Address,
  chainIdOf,
  contractOfToken,
  Hash32,
  type KeyId,
  networkOfToken,
} from '../../shared/model/ids';
import { digestInput, SigningContent, type SigningItem } from '../../shared/model/signing';

const MAX_ITEMS = 100_000;
const ZERO_ADDRESS = `0x${'0'.repeat(40)}`;

/** SHA-256 over the domain tag and the canonical JSON of the content. */
export const digestOf = (content: SigningContent): Hash32 =>
  Hash32.parse(`0x${Buffer.from(sha256(new TextEncoder().encode(digestInput(content)))).toString('hex')}`);

const isSameAddress = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The reason why an item must not be signed, or `null`. */
const findFault = (item: SigningItem, kind: SigningContent['kind'], keyAddress: Address): string | null => {
  const { transaction: tx } = item;
  if (!isSameAddress(item.debtorAddress, keyAddress)) return 'key-is-not-the-debtor';
  const fault = findRangeFault(tx);
  if (fault) return fault;
  if (BigInt(tx.chainId) !== chainIdOf(networkOfToken(item.tokenId))) return 'other-chain-than-the-token';

  if (item.action === 'cancel') {
    if (kind !== 'replacement') return 'cancel-outside-a-replacement';
    if (!isSameAddress(tx.to, keyAddress)) return 'cancel-does-not-go-to-oneself';
    return tx.data === '0x' ? null : 'cancel-carries-data';
  }
  if (!isSameAddress(tx.to, contractOfToken(item.tokenId))) return 'other-contract-than-the-token';
  const call = decodeTransfer(tx.data);
  if (!call) return 'data-is-not-a-transfer';
  if (!isSameAddress(call.to, item.creditorAddress)) return 'other-receiver-than-the-creditor';
  if (isSameAddress(call.to, ZERO_ADDRESS) || isSameAddress(call.to, tx.to)) return 'receiver-would-lose-it';
  if (call.units !== BigInt(item.units)) return 'other-amount';
  if (call.reference.form !== 'none' && call.reference.e2e !== item.reference) return 'other-reference';
  if (call.reference.form === 'suffix' && call.reference.docHash !== item.docHash) return 'other-document';
  return null;
};

/**
 * @param addressOf the address of one of the vault's keys, `null` for an unknown key
 * @throws AppError `vault/invalid-request` (details: reason, paymentId) | `vault/digest-mismatch` | `vault/unknown-key`
 */
export const checkRequest = (
  input: unknown,
  digest: string,
  addressOf: (keyId: KeyId) => Address | null,
): SigningContent => {
  const parsed = SigningContent.safeParse(input);
  if (!parsed.success) throw new AppError('vault/invalid-request', { reason: 'malformed' });
  const content = parsed.data;
  if (content.items.length === 0 || content.items.length > MAX_ITEMS) {
    throw new AppError('vault/invalid-request', { reason: 'item-count', count: content.items.length });
  }
  // SECURITY: what was shown and approved has this digest; anything else is not signed.
  let actual: Hash32;
  try {
    actual = digestOf(content);
  } catch {
    throw new AppError('vault/invalid-request', { reason: 'malformed' });
  }
  if (actual !== digest) throw new AppError('vault/digest-mismatch');

  const paymentIds = new Set<string>();
  const nonces = new Set<string>();
  for (const item of content.items) {
    const refuse = (reason: string): never => {
      throw new AppError('vault/invalid-request', { reason, paymentId: item.paymentId });
    };
    const address = addressOf(item.keyId);
    if (!address) throw new AppError('vault/unknown-key', { keyId: item.keyId });
    const fault = findFault(item, content.kind, address);
    if (fault) refuse(fault);
    if (paymentIds.has(item.paymentId)) refuse('payment-twice');
    paymentIds.add(item.paymentId);
    const slot = `${item.transaction.chainId}/${address}/${item.transaction.nonce}`;
    if (nonces.has(slot)) refuse('nonce-twice');
    nonces.add(slot);
  }
  return content;
};
