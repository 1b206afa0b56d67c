/**
 * secp256k1 with BigInt, for checking signatures only. Nothing here is constant-time: every input is public.
 *
 * Curve and order from SEC 2, section 2.4.1: y² = x³ + 7 over the field of P, generator G of order N.
 */
const P = 2n ** 256n - 2n ** 32n - 977n;
export const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const G = {
  x: 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
  y: 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
};

const mod = (value, by) => {
  const rest = value % by;
  return rest < 0n ? rest + by : rest;
};

/** 1 / value, by Euclid. */
function invert(value, by) {
  let [a, b] = [mod(value, by), by];
  let [x, y] = [1n, 0n];
  if (a === 0n) throw new Error('zero has no inverse');
  while (a !== 1n) {
    const quotient = b / a;
    [a, b] = [b - quotient * a, a];
    [x, y] = [y - quotient * x, x];
    if (a === 0n) throw new Error('no inverse');
  }
  return mod(x, by);
}

function power(base, exponent, by) {
  let result = 1n;
  let square = mod(base, by);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % by;
    square = (square * square) % by;
  }
  return result;
}

// Points on the way are Jacobian: (X, Y, Z) stands for (X/Z², Y/Z³), so that adding needs no division; `null` is infinity.

function double(point) {
  if (point === null || point.Y === 0n) return null;
  const { X, Y, Z } = point;
  const a = (Y * Y) % P;
  const b = (4n * X * a) % P;
  const c = (3n * X * X) % P;
  const x = mod(c * c - 2n * b, P);
  return { X: x, Y: mod(c * (b - x) - 8n * a * a, P), Z: (2n * Y * Z) % P };
}

/** A Jacobian point and an affine one. */
function add(point, { x, y }) {
  if (point === null) return { X: x, Y: y, Z: 1n };
  const { X, Y, Z } = point;
  const zz = (Z * Z) % P;
  const h = mod(x * zz - X, P);
  const r = mod(y * zz * Z - Y, P);
  if (h === 0n) return r === 0n ? double(point) : null;
  const hh = (h * h) % P;
  const hhh = (h * hh) % P;
  const v = (X * hh) % P;
  const newX = mod(r * r - hhh - 2n * v, P);
  return { X: newX, Y: mod(r * (v - newX) - Y * hhh, P), Z: (Z * h) % P };
}

/** Many Jacobian points as affine ones for the price of one inversion (Montgomery's trick). */
function toAffineAll(points) {
  const products = [];
  let product = 1n;
  for (const { Z } of points) {
    products.push(product);
    product = (product * Z) % P;
  }
  let inverse = invert(product, P);
  const out = new Array(points.length);
  for (let at = points.length - 1; at >= 0; at -= 1) {
    const { X, Y, Z } = points[at];
    const z = (inverse * products[at]) % P;
    inverse = (inverse * Z) % P;
    const zz = (z * z) % P;
    out[at] = { x: (X * zz) % P, y: (Y * zz * z) % P };
  }
  return out;
}
const toAffine = (point) => (point === null ? null : toAffineAll([point])[0]);

/** k · point, bit by bit. */
function multiply(k, point) {
  let result = null;
  for (let bit = BigInt(k.toString(2).length) - 1n; bit >= 0n; bit -= 1n) {
    result = double(result);
    if ((k >> bit) & 1n) result = add(result, point);
  }
  return result;
}

/** d · 2^(8w) · point for every window w and digit d: with it a product takes 32 additions and nothing else. */
function makeTable(point) {
  const all = [];
  let base = point;
  for (let window = 0; window < 32; window += 1) {
    let sum = null;
    for (let digit = 1; digit < 256; digit += 1) {
      sum = add(sum, base);
      all.push(sum);
    }
    base = toAffine(add(sum, base));
  }
  return toAffineAll(all);
}
/** sum + k · (point of the table) */
function addFromTable(sum, k, table) {
  let result = sum;
  let rest = k;
  for (let window = 0; rest > 0n; window += 1, rest >>= 8n) {
    const digit = Number(rest & 255n);
    if (digit > 0) result = add(result, table[window * 255 + digit - 1]);
  }
  return result;
}
let generatorTable;
const timesG = (k, sum = null) => {
  generatorTable ??= makeTable(G);
  return addFromTable(sum, k, generatorTable);
};

export const isOnCurve = ({ x, y }) =>
  x >= 0n && x < P && y >= 0n && y < P && mod(y * y - x * x * x - 7n, P) === 0n;

/** The public key of a private one: for tests against published vectors. */
export const publicKeyOf = (privateKey) => toAffine(timesG(privateKey));

/** Ethereum takes the lower of the two values of s that would do (EIP-2), and nothing out of range. */
export const isSignatureForm = ({ r, s, yParity }) =>
  r > 0n && r < N && s > 0n && s <= N / 2n && (yParity === 0 || yParity === 1);

/** The public key whose holder signed `hash` (a number of 256 bits), or `null` where no key could have. */
export function recover(hash, { r, s, yParity }) {
  if (!isSignatureForm({ r, s, yParity })) return null;
  const square = (r * r * r + 7n) % P;
  const root = power(square, (P + 1n) / 4n, P);
  if ((root * root) % P !== square) return null;
  const point = { x: r, y: Number(root & 1n) === yParity ? root : P - root };
  const inverse = invert(r, N);
  // Q = (s·R − z·G) / r
  return toAffine(timesG(mod(-hash * inverse, N), multiply(mod(s * inverse, N), point)));
}

/** ECDSA as in SEC 1, section 4.1.4: without Ethereum's limits on s. For tests against published vectors. */
export function verify(hash, { r, s }, publicKey) {
  if (r <= 0n || r >= N || s <= 0n || s >= N || !isOnCurve(publicKey)) return false;
  const inverse = invert(s, N);
  const sum = toAffine(timesG(mod(hash * inverse, N), multiply(mod(r * inverse, N), publicKey)));
  return sum !== null && mod(sum.x, N) === r;
}

/**
 * Checks many signatures by one key: `(hash, signature) → boolean`, true when {@link recover} would give this key. Its table
 * takes as long as a hundred recoveries and makes each check five times faster.
 */
export function createVerifier(publicKey) {
  const table = makeTable(publicKey);
  return (hash, { r, s, yParity }) => {
    if (!isSignatureForm({ r, s, yParity })) return false;
    const inverse = invert(s, N);
    const sum = toAffine(addFromTable(timesG(mod(hash * inverse, N)), mod(r * inverse, N), table));
    // The whole point, not its x modulo N: yParity says which of the points with this x was meant.
    return sum !== null && sum.x === r && Number(sum.y & 1n) === yParity;
  };
}
