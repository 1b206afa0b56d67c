/**
 * Many signatures at once: the same bytes as `signDigest` of ./secp256k1, several times faster.
 *
 * What is saved: the two modular inversions of a signature are shared by a chunk (Montgomery's trick), and the multiple
 * of the base point comes from a larger table with affine entries. Points are added by a complete formula, which has
 * no exceptional cases; nonces are those of RFC 6979. Like the library, it is not constant-time: JavaScript's integers
 * are not. The process serves one user and no network, so there is nobody to time it.
 *
 * SECURITY: this file is arithmetic of our own next to a library's. So the first signature of every chunk and every
 * {@link CHECK_EVERY}th after it is made again by the library and compared, and any difference stops the batch before a
 * single signature leaves; the tests compare all of them over the published vectors.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import type { RecoverableSignature } from './secp256k1';
import { basePoint, CURVE_ORDER, FIELD_PRIME, signDigest } from './secp256k1';

export type DigestToSign = { readonly digest: Uint8Array; readonly privateKey: Uint8Array };

const CHECK_EVERY = 64;
const WINDOW = 10;
const HALF = 2 ** (WINDOW - 1);
const WINDOWS = Math.ceil(257 / WINDOW);
const MASK = 2 ** WINDOW - 1;

const modulo = (value: bigint, by: bigint): bigint => {
  const rest = value % by;
  return rest < 0n ? rest + by : rest;
};

const invert = (value: bigint, by: bigint): bigint => {
  let a = modulo(value, by);
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

/** Inverts all values with one inversion. No value may be zero. */
const invertAll = (values: readonly bigint[], by: bigint): bigint[] => {
  const before: bigint[] = [];
  let product = 1n;
  for (const value of values) {
    before.push(product);
    product = (product * value) % by;
  }
  let inverse = invert(product, by);
  const result = new Array<bigint>(values.length);
  for (let i = values.length - 1; i >= 0; i -= 1) {
    result[i] = (inverse * (before[i] as bigint)) % by;
    inverse = (inverse * (values[i] as bigint)) % by;
  }
  return result;
};

/** A point in projective coordinates, X/Z and Y/Z; the identity is (0, 1, 0). Coordinates may be negative residues. */
type Projective = { readonly x: bigint; readonly y: bigint; readonly z: bigint };
type Affine = { readonly x: bigint; readonly y: bigint };

const IDENTITY: Projective = { x: 0n, y: 1n, z: 0n };
/** Three times the curve's b = 7. */
const B3 = 21n;

/**
 * `p + q` for any p and any q but the identity: Renes, Costello, Batina, "Complete addition formulas for prime order
 * elliptic curves" (2015/1060), algorithm 8 (a = 0, mixed). Complete: doubling and inverse points need no branch.
 */
const addMixed = (p: Projective, q: Affine): Projective => {
  const xx = (p.x * q.x) % FIELD_PRIME;
  const yy = (p.y * q.y) % FIELD_PRIME;
  const cross = ((q.x + q.y) * (p.x + p.y) - xx - yy) % FIELD_PRIME;
  const yz = ((q.y * p.z) % FIELD_PRIME) + p.y;
  const xz = B3 * (((q.x * p.z) % FIELD_PRIME) + p.x);
  const xx3 = 3n * xx;
  const z3 = B3 * p.z;
  const sum = yy + z3;
  const difference = yy - z3;
  return {
    x: (cross * difference - yz * xz) % FIELD_PRIME,
    y: (difference * sum + xz * xx3) % FIELD_PRIME,
    z: (sum * yz + xx3 * cross) % FIELD_PRIME,
  };
};

const toAffine = (points: readonly Projective[]): Affine[] => {
  const inverses = invertAll(
    points.map((point) => modulo(point.z, FIELD_PRIME)),
    FIELD_PRIME,
  );
  return points.map((point, index) => {
    const inverse = inverses[index] as bigint;
    return { x: modulo(point.x * inverse, FIELD_PRIME), y: modulo(point.y * inverse, FIELD_PRIME) };
  });
};

type Table = { readonly points: readonly Affine[]; readonly negated: readonly Affine[] };

/** `points[w * HALF + d - 1]` is d · 2^(w · WINDOW) · G, for d in 1..HALF. */
const buildTable = (): Table => {
  const points: Affine[] = [];
  let start: Affine = basePoint;
  for (let window = 0; window < WINDOWS; window += 1) {
    const row: Projective[] = [];
    let point = IDENTITY;
    for (let digit = 1; digit <= HALF; digit += 1) {
      point = addMixed(point, start);
      row.push(point);
    }
    const affine = toAffine(row);
    points.push(...affine);
    // Twice the last entry, HALF · start, is where the next window begins.
    [start] = toAffine([addMixed(point, affine[HALF - 1] as Affine)]) as [Affine];
  }
  return { points, negated: points.map(({ x, y }) => ({ x, y: FIELD_PRIME - y })) };
};

let table: Table | null = null;

/** scalar · G, for 1 ≤ scalar < order, given as 32 bytes. */
const multiplyBase = (scalar: Uint8Array): Projective => {
  table ??= buildTable();
  let carry = 0;
  let sum = IDENTITY;
  let decoy = IDENTITY;
  for (let window = 0; window < WINDOWS; window += 1) {
    // The window's bits lie within three bytes.
    const bit = window * WINDOW;
    const last = 31 - (bit >> 3);
    const bytes = (scalar[last] ?? 0) | ((scalar[last - 1] ?? 0) << 8) | ((scalar[last - 2] ?? 0) << 16);
    let digit = ((bytes >> (bit & 7)) & MASK) + carry;
    carry = 0;
    if (digit > HALF) {
      digit -= 2 * HALF;
      carry = 1;
    }
    const at = window * HALF + Math.max(Math.abs(digit), 1) - 1;
    const term = (digit < 0 ? table.negated : table.points)[at] as Affine;
    // A zero digit does the same work on a sum that nobody reads.
    if (digit === 0) decoy = addMixed(decoy, term);
    else sum = addMixed(sum, term);
  }
  if (carry !== 0) throw new Error('scalar out of range');
  return sum;
};

const toNumber = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
const toBytes = (value: bigint): Uint8Array =>
  new Uint8Array(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'));

type Nonce = { readonly value: bigint; readonly bytes: Uint8Array };

/** RFC 6979 section 3.2 for SHA-256 and a 256-bit order. `digest` is already reduced modulo the order. */
const deriveNonce = (privateKey: Uint8Array, digest: Uint8Array): Nonce => {
  let v: Uint8Array = new Uint8Array(32).fill(1);
  let k: Uint8Array = new Uint8Array(32);
  for (const separator of [0, 1]) {
    k = hmac(sha256, k, concatBytes(v, Uint8Array.of(separator), privateKey, digest));
    v = hmac(sha256, k, v);
  }
  for (;;) {
    v = hmac(sha256, k, v);
    const value = toNumber(v);
    if (value >= 1n && value < CURVE_ORDER) return { value, bytes: v };
    k = hmac(sha256, k, concatBytes(v, Uint8Array.of(0)));
    v = hmac(sha256, k, v);
  }
};

const isEqual = (a: RecoverableSignature, b: RecoverableSignature): boolean =>
  a.yParity === b.yParity &&
  Buffer.from(a.r).equals(Buffer.from(b.r)) &&
  Buffer.from(a.s).equals(Buffer.from(b.s));

/** Builds the table and proves it on fixed cases, so that this is not done while somebody waits. */
export const warmUp = (): void => {
  const privateKey = sha256(Uint8Array.of(1));
  const cases = Array.from({ length: 8 }, (_, index) => ({
    digest: sha256(Uint8Array.of(2, index)),
    privateKey,
  }));
  const signatures = signDigests(cases);
  for (const [index, { digest }] of cases.entries()) {
    if (!isEqual(signatures[index] as RecoverableSignature, signDigest(digest, privateKey))) {
      throw new Error('batch signer does not sign like the library');
    }
  }
};

/** Signs a chunk of 32-byte digests, in order. Throws, with no signature given out, if anything is off. */
export const signDigests = (items: readonly DigestToSign[]): RecoverableSignature[] => {
  const prepared = items.map(({ digest, privateKey }) => {
    if (digest.length !== 32) throw new Error('a digest has 32 bytes');
    const secret = toNumber(privateKey);
    if (privateKey.length !== 32 || secret < 1n || secret >= CURVE_ORDER)
      throw new Error('not a private key');
    const message = toNumber(digest) % CURVE_ORDER;
    const nonce = deriveNonce(privateKey, toBytes(message));
    return { secret, message, nonce: nonce.value, point: multiplyBase(nonce.bytes) };
  });
  const points = toAffine(prepared.map(({ point }) => point));
  const nonceInverses = invertAll(
    prepared.map(({ nonce }) => nonce),
    CURVE_ORDER,
  );
  const signatures = prepared.map(({ secret, message }, index): RecoverableSignature => {
    const { x, y } = points[index] as Affine;
    if (modulo(y * y - x * x * x - 7n, FIELD_PRIME) !== 0n) throw new Error('nonce point is off the curve');
    const high = ((nonceInverses[index] as bigint) * (message + x * secret)) % CURVE_ORDER;
    // x ≥ order, r = 0 and s = 0 have a chance of about 2^-127 each; the batch fails rather than guesses.
    if (x >= CURVE_ORDER || x === 0n || high === 0n) throw new Error('degenerate signature');
    const isHigh = high > CURVE_ORDER >> 1n;
    const parity = Number(y & 1n) ^ Number(isHigh);
    return { r: toBytes(x), s: toBytes(isHigh ? CURVE_ORDER - high : high), yParity: parity === 0 ? 0 : 1 };
  });
  for (let i = 0; i < items.length; i += CHECK_EVERY) {
    const { digest, privateKey } = items[i] as DigestToSign;
    if (!isEqual(signatures[i] as RecoverableSignature, signDigest(digest, privateKey))) {
      throw new Error('batch signature differs from the single one');
    }
  }
  return signatures;
};
