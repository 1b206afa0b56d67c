/** The signatures of an envelope's transactions: each by the key of its line's account, over exactly its transaction. */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { AppError } from '../../shared/errors';
import { encodeTransaction } from '../../shared/evm/transaction';
import type { Act, EnvelopeContent } from '../../shared/model/envelope';
import { Hash32, type Hex } from '../../shared/model/ids';
import type { Signature } from '../../shared/model/people';
import type { UnsignedTransaction } from '../../shared/model/signing';
import { addressOfPoint } from './address';
import type { SignedLine } from './ports';
import { checkSignatures, type SignatureToCheck } from './secp256k1-batch';

/** From this many on, tables for a key cost less than they save. */
const MIN_BATCH = 32;

type Signed = {
  readonly line: number;
  readonly act: number;
  readonly signature: Signature;
  readonly check: SignatureToCheck;
};

const parseSignature = (signature: Signature): Pick<SignatureToCheck, 'r' | 's' | 'yParity'> => ({
  r: BigInt(`0x${signature.slice(2, 66)}`),
  s: BigInt(`0x${signature.slice(66, 130)}`),
  yParity: signature.endsWith('1') ? 1 : 0,
});

/** keccak-256 of the signing payload: what an account's key signs. */
const hashTransaction = (transaction: UnsignedTransaction): Uint8Array =>
  keccak_256(Buffer.from(encodeTransaction(transaction).unsigned, 'hex'));

/** The 65-byte public key that made it, low s; `null` for a signature that nobody's key made. */
const recoverKey = ({ hash, r, s, yParity }: SignatureToCheck): Uint8Array | null => {
  if (s > secp256k1.Point.Fn.ORDER >> 1n) return null;
  try {
    return new secp256k1.Signature(r, s, yParity).recoverPublicKey(hash).toBytes(false);
  } catch {
    return null;
  }
};

const isOf = (address: string, check: SignatureToCheck): Uint8Array | null => {
  const key = recoverKey(check);
  return key !== null && addressOfPoint(key.subarray(1)) === address ? key : null;
};

/** Index of the first signature that is not by the account's key, or `-1`. */
const findForeign = (address: string, signed: readonly Signed[]): number => {
  if (signed.length < MIN_BATCH) return signed.findIndex(({ check }) => isOf(address, check) === null);
  const first = signed[0];
  const key = first === undefined ? null : isOf(address, first.check);
  if (key === null) return 0;
  return checkSignatures(
    key,
    signed.map(({ check }) => check),
  ).indexOf(false);
};

/**
 * Checks every signature of every `sign` act. Throws `envelope/bad-signature` (act, kind, name, line), or
 * `envelope/conflict` when a line has two different ones. Acts are to be verified before.
 */
export const checkTransactionSignatures = (
  content: Pick<EnvelopeContent, 'lines' | 'accounts'>,
  acts: readonly Act[],
): void => {
  const byAccount = content.accounts.map((): Signed[] => []);
  const byLine = new Map<number, Signature>();
  let conflict: number | null = null;
  for (const [index, act] of acts.entries()) {
    if (act.kind !== 'sign') continue;
    for (const { line: at, signature } of act.body.signatures) {
      const line = content.lines[at];
      if (line === undefined)
        throw new AppError('envelope/inconsistent', { what: 'line-out-of-range', line: at });
      const before = byLine.get(at);
      if (before === signature) continue;
      if (before !== undefined) conflict ??= at;
      byLine.set(at, signature);
      const check = { hash: hashTransaction(line.transaction), ...parseSignature(signature) };
      byAccount[line.account]?.push({ line: at, act: index, signature, check });
    }
  }
  for (const [index, account] of content.accounts.entries()) {
    const signed = byAccount[index] ?? [];
    const foreign = signed[findForeign(account.address, signed)];
    if (foreign !== undefined) {
      throw new AppError('envelope/bad-signature', {
        act: foreign.act,
        kind: 'sign',
        name: acts[foreign.act]?.by.name ?? '',
        line: foreign.line,
      });
    }
  }
  if (conflict !== null) throw new AppError('envelope/conflict', { what: 'signature', line: conflict });
};

/** Which lines are signed, and by which signature. */
export const signaturesOf = (acts: readonly Act[]): ReadonlyMap<number, Signature> => {
  const signatures = new Map<number, Signature>();
  for (const act of acts)
    if (act.kind === 'sign')
      for (const { line, signature } of act.body.signatures) signatures.set(line, signature);
  return signatures;
};

/** A line's transaction with its signature, as it goes to the network. */
export const sealTransaction = (
  line: number,
  transaction: UnsignedTransaction,
  signature: Signature,
): SignedLine => {
  const hex = encodeTransaction(transaction).sign(parseSignature(signature));
  const hash = keccak_256(Buffer.from(hex, 'hex'));
  return {
    line,
    signature,
    raw: `0x${hex}` as Hex,
    hash: Hash32.parse(`0x${Buffer.from(hash).toString('hex')}`),
  };
};
