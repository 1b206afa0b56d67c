/**
 * Many signatures of one public key checked at once, about eight times faster than one by one.
 *
 * A signature (r, s, parity) over z was made with the key of Q exactly when u1·G + u2·Q, with u1 = z/s and u2 = r/s, is the
 * point with x = r and that parity. G and Q are fixed, so their multiples come from tables; the sums of a chunk are
 * added step by step together, and share one modular inversion a step (Montgomery's trick). Everything here is public:
 * nothing needs constant time.
 *
 * SECURITY: additions are the plain ones, without the cases of equal and opposite points. Whatever meets such a case is
 * left to the library, and so is everything that comes out false; of what comes out true, the first of a chunk and every
 * {@link CHECK_EVERY}th are checked by the library too, and a difference stops everything.
 */
import { normalizeZ } from '@noble/curves/abstract/curve.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';

export type SignatureToCheck = {
  /** 32 bytes. */
  readonly hash: Uint8Array;
  readonly r: bigint;
  readonly s: bigint;
  readonly yParity: 0 | 1;
};

type Point = InstanceType<typeof secp256k1.Point>;
type Affine = { readonly x: bigint; readonly y: bigint };

const PRIME = secp256k1.Point.Fp.ORDER;
const ORDER = secp256k1.Point.Fn.ORDER;
const CHECK_EVERY = 64;
/** Signatures that are added together. */
const CHUNK = 1024;
/** Bits of a digit: the base point's table is made once for all keys, so it may be larger. */
const BASE_WIDTH = 10;
const KEY_WIDTH = 9;

const modulo = (value: bigint, by: bigint): bigint => {
  const rest = value % by;
  return rest < 0n ? rest + by : rest;
};

const invert = (value: bigint, by: bigint): bigint => {
  let a = value;
  let b = by;
  let x = 0n;
  let u = 1n;
  while (a !== 0n) {
    const quotient = b / a;
    [b, a, x, u] = [a, b - a * quotient, u, x - u * quotient];
  }
  if (b !== 1n) throw new Error('no inverse');
  return modulo(x, by);
};

/** Inverts all values in place with one inversion. No value may be zero modulo `by`. */
const invertAll = (values: bigint[], count: number, by: bigint): void => {
  const before = new Array<bigint>(count);
  let product = 1n;
  for (let i = 0; i < count; i += 1) {
    before[i] = product;
    product = (product * (values[i] as bigint)) % by;
  }
  let inverse = invert(modulo(product, by), by);
  for (let i = count - 1; i >= 0; i -= 1) {
    const value = values[i] as bigint;
    values[i] = (inverse * (before[i] as bigint)) % by;
    inverse = (inverse * value) % by;
  }
};

/** Multiples of one point: `points[w * half + d - 1]` is d · 2^(w · width) · point, for d in 1…half. */
type Table = { readonly width: number; readonly half: number; readonly points: readonly Affine[] };

/** Digits of a scalar below 2^256 at this width; the last one has room for the carry. */
const windowsOf = (width: number): number => Math.ceil(257 / width);

const toAffine = (points: readonly Point[]): Affine[] =>
  normalizeZ(secp256k1.Point, [...points]).map((each) => each.toAffine());

/** Sums of two lists of points, one by one. No two may be equal or opposite. */
const addAll = (left: readonly Affine[], right: readonly Affine[]): Affine[] => {
  const slopes = left.map(({ x }, i) => (right[i] as Affine).x - x);
  invertAll(slopes, slopes.length, PRIME);
  return left.map(({ x, y }, i): Affine => {
    const other = right[i] as Affine;
    const slope = ((other.y - y) * (slopes[i] as bigint)) % PRIME;
    const sum = modulo(slope * slope - x - other.x, PRIME);
    return { x: sum, y: modulo(slope * (x - sum) - y, PRIME) };
  });
};

/** Powers of two by the library; what lies between them by sums, which double the part that is known. */
const buildTable = (point: Point, width: number): Table => {
  const half = 2 ** (width - 1);
  const windows = windowsOf(width);
  const powers: Point[] = [];
  for (let bit = 0, next = point; bit < windows * width; bit += 1, next = next.double()) powers.push(next);
  const affine = toAffine(powers);
  const points = new Array<Affine>(windows * half);
  const starts = Array.from({ length: windows }, (_, window) => window * half);
  for (const [window, at] of starts.entries()) points[at] = affine[window * width] as Affine;
  for (let known = 1, bit = 1; known < half; known *= 2, bit += 1) {
    // d + known for d in 1…known - 1: different and small, so never equal or opposite.
    const at = starts.flatMap((start) => Array.from({ length: known - 1 }, (_, d) => start + d));
    const sums = addAll(
      at.map((each) => points[each] as Affine),
      at.map((each) => points[each - (each % half) + known - 1] as Affine),
    );
    for (const [i, each] of at.entries()) points[each + known] = sums[i] as Affine;
    for (const [window, start] of starts.entries())
      points[start + 2 * known - 1] = affine[window * width + bit] as Affine;
  }
  return { width, half, points };
};

let baseTable: Table | null = null;

/** Signed digits of a scalar below 2^256, least first. */
const digitsOf = (scalar: bigint, { width, half }: Table): Int16Array => {
  const bytes = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex');
  const digits = new Int16Array(windowsOf(width));
  let carry = 0;
  for (let window = 0; window < digits.length; window += 1) {
    // A digit's bits lie within three bytes.
    const bit = window * width;
    const last = 31 - (bit >> 3);
    const bits = (bytes[last] ?? 0) | ((bytes[last - 1] ?? 0) << 8) | ((bytes[last - 2] ?? 0) << 16);
    const digit = ((bits >> (bit & 7)) & (2 * half - 1)) + carry;
    carry = digit > half ? 1 : 0;
    digits[window] = digit - 2 * half * carry;
  }
  return digits;
};

/** Sums of one chunk. `null`: nothing was added yet. */
type Sums = { readonly x: (bigint | null)[]; readonly y: bigint[]; readonly isLeft: Uint8Array };

/** Adds to every sum the table's entry for its digit at one window. */
const addWindow = (
  sums: Sums,
  { points, half }: Table,
  digits: readonly Int16Array[],
  window: number,
): void => {
  const items: number[] = [];
  const terms: Affine[] = [];
  const slopes: bigint[] = [];
  for (let i = 0; i < digits.length; i += 1) {
    const digit = (digits[i] as Int16Array)[window] as number;
    if (digit === 0 || sums.isLeft[i] === 1) continue;
    const entry = points[window * half + Math.abs(digit) - 1] as Affine;
    const y = digit < 0 ? PRIME - entry.y : entry.y;
    const x = sums.x[i] as bigint | null;
    if (x === null) {
      sums.x[i] = entry.x;
      sums.y[i] = y;
    } else if (x === entry.x) sums.isLeft[i] = 1;
    else {
      items.push(i);
      terms.push({ x: entry.x, y });
      slopes.push(entry.x - x);
    }
  }
  if (items.length === 0) return;
  invertAll(slopes, items.length, PRIME);
  for (let k = 0; k < items.length; k += 1) {
    const i = items[k] as number;
    const term = terms[k] as Affine;
    const x1 = sums.x[i] as bigint;
    const y1 = sums.y[i] as bigint;
    const slope = ((term.y - y1) * (slopes[k] as bigint)) % PRIME;
    const x3 = modulo(slope * slope - x1 - term.x, PRIME);
    sums.x[i] = x3;
    sums.y[i] = modulo(slope * (x1 - x3) - y1, PRIME);
  }
};

const toNumber = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);

const isInRange = ({ hash, r, s, yParity }: SignatureToCheck): boolean =>
  hash.length === 32 &&
  r > 0n &&
  r < ORDER &&
  s > 0n &&
  // EIP-2: of the two forms of a signature only the low one counts.
  s <= ORDER >> 1n &&
  (yParity === 0 || yParity === 1);

/** The library's answer: does this signature recover to this key? */
const checkOne = (item: SignatureToCheck, key: Point): boolean => {
  if (!isInRange(item)) return false;
  try {
    return new secp256k1.Signature(item.r, item.s, item.yParity).recoverPublicKey(item.hash).equals(key);
  } catch {
    // No point has this x.
    return false;
  }
};

const checkChunk = (items: readonly SignatureToCheck[], key: Point, table: Table): boolean[] => {
  baseTable ??= buildTable(secp256k1.Point.BASE, BASE_WIDTH);
  const sound = items.filter(isInRange);
  const inverses = sound.map(({ s }) => s);
  invertAll(inverses, inverses.length, ORDER);
  const ofBase: Int16Array[] = [];
  const ofKey: Int16Array[] = [];
  for (const [index, { hash, r }] of sound.entries()) {
    const inverse = modulo(inverses[index] as bigint, ORDER);
    ofBase.push(digitsOf((toNumber(hash) * inverse) % ORDER, baseTable));
    ofKey.push(digitsOf((r * inverse) % ORDER, table));
  }
  const sums: Sums = {
    x: new Array<bigint | null>(sound.length).fill(null),
    y: new Array<bigint>(sound.length).fill(0n),
    isLeft: new Uint8Array(sound.length),
  };
  for (let window = 0; window < windowsOf(BASE_WIDTH); window += 1)
    addWindow(sums, baseTable, ofBase, window);
  for (let window = 0; window < windowsOf(KEY_WIDTH); window += 1) addWindow(sums, table, ofKey, window);
  let at = 0;
  return items.map((item, index) => {
    if (!isInRange(item)) return false;
    const isRight =
      sums.isLeft[at] === 0 && sums.x[at] === item.r && Number((sums.y[at] as bigint) & 1n) === item.yParity;
    at += 1;
    if (!isRight) return checkOne(item, key);
    if (index % CHECK_EVERY === 0 && !checkOne(item, key))
      throw new Error('batch check takes a signature that the library refuses');
    return true;
  });
};

/**
 * Whether each signature was made with the key of `publicKey` (65 bytes, uncompressed): low s, and the parity is the nonce
 * point's. Takes about 20 ms to prepare.
 */
export const checkSignatures = (publicKey: Uint8Array, items: readonly SignatureToCheck[]): boolean[] => {
  const key = secp256k1.Point.fromBytes(publicKey);
  const table = buildTable(key, KEY_WIDTH);
  const results: boolean[] = [];
  for (let from = 0; from < items.length; from += CHUNK)
    results.push(...checkChunk(items.slice(from, from + CHUNK), key, table));
  return results;
};
