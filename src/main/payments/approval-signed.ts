/** What came back from the vault is what was asked for: every byte but the signature is compared. */
import { keccak256, parseTransaction } from 'viem';
import { AppError } from '../../shared/errors';
import type { SigningContent, UnsignedTransaction } from '../../shared/model/signing';
import type { SignedPayment } from '../vault';
import { breathe } from './approval-content';

const SLICE = 50;

const isSame = (unsigned: UnsignedTransaction, raw: `0x${string}`): boolean => {
  const parsed = parseTransaction(raw);
  const common =
    BigInt(parsed.chainId ?? 0) === BigInt(unsigned.chainId) &&
    BigInt(parsed.nonce ?? 0) === BigInt(unsigned.nonce) &&
    parsed.to?.toLowerCase() === unsigned.to.toLowerCase() &&
    (parsed.value ?? 0n) === 0n &&
    (parsed.data ?? '0x') === unsigned.data &&
    (parsed.gas ?? 0n) === BigInt(unsigned.gas);
  if (!common) return false;
  return unsigned.type === 'eip1559'
    ? parsed.type === 'eip1559' &&
        (parsed.maxFeePerGas ?? 0n) === BigInt(unsigned.maxFeePerGas) &&
        (parsed.maxPriorityFeePerGas ?? 0n) === BigInt(unsigned.maxPriorityFeePerGas)
    : parsed.type === 'legacy' && (parsed.gasPrice ?? 0n) === BigInt(unsigned.gasPrice);
};

/** Throws `vault/invalid-request` when anything differs; then nothing is kept. */
export const checkSigned = async (
  content: SigningContent,
  signed: readonly SignedPayment[],
): Promise<void> => {
  const refuse = (reason: string): never => {
    throw new AppError('vault/invalid-request', { reason });
  };
  if (signed.length !== content.items.length) refuse('count');
  for (const [index, item] of content.items.entries()) {
    const own = signed[index];
    if (!own || own.paymentId !== item.paymentId) return refuse('order');
    const raw = own.raw as `0x${string}`;
    if (keccak256(raw) !== own.hash) refuse('hash');
    if (own.from.toLowerCase() !== item.debtorAddress.toLowerCase()) refuse('signer');
    if (!isSame(item.transaction, raw)) refuse('bytes');
    if (index % SLICE === SLICE - 1) await breathe();
  }
};
