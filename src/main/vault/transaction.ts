/** Transactions as the vault signs them: hashed, signed and put together over the encoder of shared/evm. */
import { keccak_256 } from '@noble/hashes/sha3.js';
import { encodeTransaction } from '../../shared/evm/transaction';
import type { Hash32, Hex } from '../../shared/model/ids';
import type { UnsignedTransaction } from '../../shared/model/signing';
import type { RecoverableSignature } from './secp256k1';

export type PreparedTransaction = {
  /** keccak256 of the signing payload: what the key signs. */
  readonly digest: Uint8Array;
  /** Puts the signature in. `hash` is the transaction's id on the chain. */
  readonly finish: (signature: RecoverableSignature) => { readonly raw: Hex; readonly hash: Hash32 };
};

const toBigint = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);

export const prepareTransaction = (tx: UnsignedTransaction): PreparedTransaction => {
  const encoded = encodeTransaction(tx);
  return {
    digest: keccak_256(Buffer.from(encoded.unsigned, 'hex')),
    finish: ({ r, s, yParity }) => {
      const hex = encoded.sign({ r: toBigint(r), s: toBigint(s), yParity });
      const hash = keccak_256(Buffer.from(hex, 'hex'));
      return {
        raw: `0x${hex}` as Hex,
        hash: `0x${Buffer.from(hash).toString('hex')}` as Hash32,
      };
    },
  };
};
