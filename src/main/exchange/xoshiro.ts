/**
 * Xoshiro256** (Blackman, Vigna 2018) as BCR-2024-001 seeds and reads it: both sides of a fountain draw the same numbers,
 * so that a part names its fragments by its number alone. Not for secrets.
 */
import { createHash } from 'node:crypto';

const U64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotl = (value: bigint, by: bigint): bigint => U64((value << by) | (value >> (64n - by)));
const TWO_64 = 2 ** 64;

export type Random = {
  readonly next: () => bigint;
  /** In [0, 1). */
  readonly nextDouble: () => number;
  /** A whole number from `low` to `high`, both included. */
  readonly nextInt: (low: number, high: number) => number;
};

/** The state is SHA-256 of the seed, read as four big-endian words. */
export const createRandom = (seed: Uint8Array): Random => {
  const digest = createHash('sha256').update(seed).digest();
  let a = digest.readBigUInt64BE(0);
  let b = digest.readBigUInt64BE(8);
  let c = digest.readBigUInt64BE(16);
  let d = digest.readBigUInt64BE(24);
  const next = (): bigint => {
    const result = U64(rotl(U64(b * 5n), 7n) * 9n);
    const t = U64(b << 17n);
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotl(d, 45n);
    return result;
  };
  const nextDouble = (): number => Number(next()) / TWO_64;
  return {
    next,
    nextDouble,
    nextInt: (low, high) => Math.floor(nextDouble() * (high - low + 1) + low),
  };
};
