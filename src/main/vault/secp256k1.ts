/**
 * The only user of @noble/secp256k1.
 *
 * ECDSA over secp256k1 as Ethereum uses it: 32-byte digests given as they are (no second hash), nonces by RFC 6979
 * without extra entropy, low-s (EIP-2), and the parity of the nonce point. Every signature is a pure function of
 * digest and key, so an interrupted batch signs to the same bytes again.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import * as secp from '@noble/secp256k1';

secp.hashes.sha256 = sha256;
secp.hashes.hmacSha256 = (key, message) => hmac(sha256, key, message);

export const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

export const FIELD_PRIME = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn;

/** The generator G. */
export const basePoint = secp.Point.BASE.toAffine();

export type RecoverableSignature = {
  /** 32 bytes, big endian. */
  readonly r: Uint8Array;
  /** 32 bytes, big endian, at most half the curve's order. */
  readonly s: Uint8Array;
  readonly yParity: 0 | 1;
};

export const isPrivateKey = (bytes: Uint8Array): boolean => secp.utils.isValidSecretKey(bytes);

/** SEC 1 public key: 65 bytes starting with 4, or 33 bytes. */
export const derivePublicKey = (privateKey: Uint8Array, form: 'uncompressed' | 'compressed'): Uint8Array =>
  secp.getPublicKey(privateKey, form === 'compressed');

const requireDigest = (digest: Uint8Array): void => {
  if (digest.length !== 32) throw new Error('a digest has 32 bytes');
};

export const signDigest = (digest: Uint8Array, privateKey: Uint8Array): RecoverableSignature => {
  requireDigest(digest);
  const bytes = secp.sign(digest, privateKey, {
    // SECURITY: the digest is keccak256 of what is signed; hashing it again would sign something else.
    prehash: false,
    lowS: true,
    format: 'recovered',
    extraEntropy: false,
  });
  const recovery = bytes[0];
  // 2 and 3 mean that the nonce point's x exceeds the order (chance 2^-127): Ethereum has no way to say it.
  if (recovery !== 0 && recovery !== 1) throw new Error('signature cannot be expressed on Ethereum');
  return { r: bytes.slice(1, 33), s: bytes.slice(33, 65), yParity: recovery };
};

/** `signature` is r ‖ s. High-s and malformed points are refused. */
export const verifyDigest = (
  signature: Uint8Array,
  digest: Uint8Array,
  publicKey: Uint8Array,
  options: { readonly lowS: boolean } = { lowS: true },
): boolean => {
  requireDigest(digest);
  return secp.verify(signature, digest, publicKey, { prehash: false, lowS: options.lowS, format: 'compact' });
};

/** The 65-byte public key that made the signature. */
export const recoverPublicKey = (signature: RecoverableSignature, digest: Uint8Array): Uint8Array => {
  requireDigest(digest);
  const bytes = new Uint8Array(65);
  bytes[0] = signature.yParity;
  bytes.set(signature.r, 1);
  bytes.set(signature.s, 33);
  return secp.recoverPublicKey(bytes, digest, { prehash: false, isCompressed: false });
};

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/**
 * Signs a published case and compares. Called once in every process and thread before a real key is used.
 *
 * SECURITY: a broken build of the library (wrong hash wired, changed default, miscompiled arithmetic) stops here.
 */
export const checkSelf = (): void => {
  const one = new Uint8Array(32);
  one[31] = 1;
  const digest = sha256(new TextEncoder().encode('Satoshi Nakamoto'));
  const { r, s } = signDigest(digest, one);
  const expected =
    '934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8' +
    '2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5';
  if (toHex(r) + toHex(s) !== expected) throw new Error('secp256k1 does not sign the published case');
};
