/**
 * Transactions to bytes: EIP-1559 (type 2, EIP-2718) with an empty access list, and legacy with EIP-155. A strict
 * encoder for exactly these two, built over hex text, which is what arrives and what leaves.
 */
import { keccak_256 } from '@noble/hashes/sha3.js';
import type { Hash32, Hex } from '../../shared/model/ids';
import type { UnsignedTransaction } from '../../shared/model/signing';
import type { RecoverableSignature } from './secp256k1';

const MAX_UINT256 = (1n << 256n) - 1n;

const lengthPrefix = (bytes: number, short: number): string => {
  if (bytes < 56) return (short + bytes).toString(16).padStart(2, '0');
  const length = bytes.toString(16);
  const even = length.length % 2 === 0 ? length : `0${length}`;
  return (short + 55 + even.length / 2).toString(16) + even;
};

/** RLP of a byte string; `hex` has no `0x`. */
const rlpBytes = (hex: string): string => {
  if (hex.length === 2 && hex < '80') return hex;
  return lengthPrefix(hex.length / 2, 0x80) + hex;
};

/** RLP of an integer: big endian, no leading zero, zero is the empty string. */
const rlpInteger = (value: bigint): string => {
  if (value < 0n || value > MAX_UINT256) throw new Error('integer out of range');
  if (value === 0n) return '80';
  const hex = value.toString(16);
  return rlpBytes(hex.length % 2 === 0 ? hex : `0${hex}`);
};

const rlpList = (items: string): string => lengthPrefix(items.length / 2, 0xc0) + items;

/** The transaction's own fields, without chain binding of the legacy form and without signature. */
const encodeFields = (tx: UnsignedTransaction): string => {
  const to = rlpBytes(tx.to.slice(2).toLowerCase());
  const data = rlpBytes(tx.data.slice(2));
  const value = rlpInteger(BigInt(tx.value));
  const nonce = rlpInteger(BigInt(tx.nonce));
  const gas = rlpInteger(BigInt(tx.gas));
  switch (tx.type) {
    case 'eip1559':
      return (
        rlpInteger(BigInt(tx.chainId)) +
        nonce +
        rlpInteger(BigInt(tx.maxPriorityFeePerGas)) +
        rlpInteger(BigInt(tx.maxFeePerGas)) +
        gas +
        to +
        value +
        data +
        // The access list: always empty.
        'c0'
      );
    case 'legacy':
      return nonce + rlpInteger(BigInt(tx.gasPrice)) + gas + to + value + data;
  }
};

const unsignedBytes = (tx: UnsignedTransaction, fields: string): Buffer => {
  const hex =
    tx.type === 'eip1559'
      ? `02${rlpList(fields)}`
      : // EIP-155: the chain id stands where the signature will be.
        rlpList(`${fields}${rlpInteger(BigInt(tx.chainId))}8080`);
  return Buffer.from(hex, 'hex');
};

export type PreparedTransaction = {
  /** keccak256 of the signing payload: what the key signs. */
  readonly digest: Uint8Array;
  /** Puts the signature in. `hash` is the transaction's id on the chain. */
  readonly finish: (signature: RecoverableSignature) => { readonly raw: Hex; readonly hash: Hash32 };
};

const toBigint = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);

export const prepareTransaction = (tx: UnsignedTransaction): PreparedTransaction => {
  const fields = encodeFields(tx);
  return {
    digest: keccak_256(unsignedBytes(tx, fields)),
    finish: ({ r, s, yParity }) => {
      const parity = BigInt(yParity);
      const v = tx.type === 'eip1559' ? parity : BigInt(tx.chainId) * 2n + 35n + parity;
      const list = rlpList(fields + rlpInteger(v) + rlpInteger(toBigint(r)) + rlpInteger(toBigint(s)));
      const hex = tx.type === 'eip1559' ? `02${list}` : list;
      const hash = keccak_256(Buffer.from(hex, 'hex'));
      return {
        raw: `0x${hex}` as Hex,
        hash: `0x${Buffer.from(hash).toString('hex')}` as Hash32,
      };
    },
  };
};
