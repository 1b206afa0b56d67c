/**
 * Transactions to bytes: EIP-1559 (type 2, EIP-2718) with an empty access list, and legacy with EIP-155. A strict
 * encoder for exactly these two, over hex text, without a library; and the ranges outside of which no transaction of ours
 * can lie. Hashing is the caller's.
 */
import type { UnsignedTransaction } from '../model/signing';

const MAX_UINT64 = (1n << 64n) - 1n;
const MAX_UINT128 = (1n << 128n) - 1n;
const MAX_UINT256 = (1n << 256n) - 1n;
/** A transfer takes 21,000 and more; nothing of ours comes near the other end. */
const GAS_RANGE = [21_000n, 10_000_000n] as const;

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

export type EncodedTransaction = {
  /** Hex without `0x` whose keccak-256 the key signs. */
  readonly unsigned: string;
  /** Hex without `0x` of the transaction with its signature; its keccak-256 is the transaction's id on the chain. */
  readonly sign: (signature: { readonly r: bigint; readonly s: bigint; readonly yParity: 0 | 1 }) => string;
};

/** Throws when an integer does not fit 256 bits. */
export const encodeTransaction = (tx: UnsignedTransaction): EncodedTransaction => {
  const fields = encodeFields(tx);
  return {
    unsigned:
      tx.type === 'eip1559'
        ? `02${rlpList(fields)}`
        : // EIP-155: the chain id stands where the signature will be.
          rlpList(`${fields}${rlpInteger(BigInt(tx.chainId))}8080`),
    sign: ({ r, s, yParity }) => {
      const parity = BigInt(yParity);
      const v = tx.type === 'eip1559' ? parity : BigInt(tx.chainId) * 2n + 35n + parity;
      const list = rlpList(fields + rlpInteger(v) + rlpInteger(r) + rlpInteger(s));
      return tx.type === 'eip1559' ? `02${list}` : list;
    },
  };
};

/** Why no transaction of ours can have these numbers, or `null`. `tx.chainId` is to be compared by the caller. */
export const findRangeFault = (tx: UnsignedTransaction): string | null => {
  if (tx.value !== '0') return 'carries-native-value';
  const numbers =
    tx.type === 'eip1559'
      ? [tx.chainId, tx.nonce, tx.gas, tx.maxFeePerGas, tx.maxPriorityFeePerGas]
      : [tx.chainId, tx.nonce, tx.gas, tx.gasPrice];
  // SECURITY: reading a number of a million digits takes minutes; none of ours has more than 39.
  if (numbers.some((text) => text.length > 39)) return 'number-too-long';
  const chainId = BigInt(tx.chainId);
  if (chainId === 0n || chainId > MAX_UINT64) return 'chain-id-out-of-range';
  // EIP-2681.
  if (BigInt(tx.nonce) >= MAX_UINT64) return 'nonce-out-of-range';
  const gas = BigInt(tx.gas);
  if (gas < GAS_RANGE[0] || gas > GAS_RANGE[1]) return 'gas-out-of-range';
  const fee = BigInt(tx.type === 'eip1559' ? tx.maxFeePerGas : tx.gasPrice);
  if (fee > MAX_UINT128) return 'fee-out-of-range';
  if (tx.type === 'eip1559' && BigInt(tx.maxPriorityFeePerGas) > fee) return 'priority-fee-above-fee';
  return null;
};
