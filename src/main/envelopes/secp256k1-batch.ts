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
/** Digits are bytes, taken as -127…128. */
const HALF = 128;
const WINDOWS = 33;

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

/** `[w * HALF + d - 1]` is d · 256^w · point, for d in 1…128. Made by the library. */
const buildTable = (point: Point): Affine[] => {
  const points: Point[] = [];
  let start = point;
  for (let window = 0; window < WINDOWS; window += 1) {
    let multiple = start;
    points.push(multiple);
    for (let digit = 2; digit <= HALF; digit += 1) {
      multiple = multiple.add(start);
      points.push(multiple);
    }
    start = multiple.double();
  }
  return normalizeZ(secp256k1.Point, points).map((each) => each.toAffine());
};

let baseTable: readonly Affine[] | null = null;

/** Signed digits of a scalar below 2^256, least first: one a byte, and the carry. */
const digitsOf = (scalar: bigint): Int16Array => {
  const bytes = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex');
  const digits = new Int16Array(WINDOWS);
  let carry = 0;
  for (let i = 0; i < 32; i += 1) {
    const digit = (bytes[31 - i] as number) + carry;
    carry = digit > HALF ? 1 : 0;
    digits[i] = digit - 256 * carry;
  }
  digits[32] = carry;
  return digits;
};

/** Sums of one chunk. `null`: nothing was added yet. */
type Sums = { readonly x: (bigint | null)[]; readonly y: bigint[]; readonly isLeft: Uint8Array };

/** Adds to every sum the table's entry for its digit at one window. */
const addWindow = (
  sums: Sums,
  table: readonly Affine[],
  digits: readonly Int16Array[],
  window: number,
): void => {
  const items: number[] = [];
  const terms: Affine[] = [];
  const slopes: bigint[] = [];
  for (let i = 0; i < digits.length; i += 1) {
    const digit = (digits[i] as Int16Array)[window] as number;
    if (digit === 0 || sums.isLeft[i] === 1) continue;
    const entry = table[window * HALF + Math.abs(digit) - 1] as Affine;
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

const checkChunk = (items: readonly SignatureToCheck[], key: Point, table: readonly Affine[]): boolean[] => {
  baseTable ??= buildTable(secp256k1.Point.BASE);
  const sound = items.filter(isInRange);
  const inverses = sound.map(({ s }) => s);
  invertAll(inverses, inverses.length, ORDER);
  const ofBase: Int16Array[] = [];
  const ofKey: Int16Array[] = [];
  for (const [index, { hash, r }] of sound.entries()) {
    const inverse = modulo(inverses[index] as bigint, ORDER);
    ofBase.push(digitsOf((toNumber(hash) * inverse) % ORDER));
    ofKey.push(digitsOf((r * inverse) % ORDER));
  }
  const sums: Sums = {
    x: new Array<bigint | null>(sound.length).fill(null),
    y: new Array<bigint>(sound.length).fill(0n),
    isLeft: new Uint8Array(sound.length),
  };
  for (let window = 0; window < WINDOWS; window += 1) {
    addWindow(sums, baseTable, ofBase, window);
    addWindow(sums, table, ofKey, window);
  }
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
 * point's. Takes about 50 ms to prepare.
 */
export const checkSignatures = (publicKey: Uint8Array, items: readonly SignatureToCheck[]): boolean[] => {
  const key = secp256k1.Point.fromBytes(publicKey);
  const table = buildTable(key);
  const results: boolean[] = [];
  for (let from = 0; from < items.length; from += CHUNK)
    results.push(...checkChunk(items.slice(from, from + CHUNK), key, table));
  return results;
};
