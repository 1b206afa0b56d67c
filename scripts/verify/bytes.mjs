/** Hex, bytes, big numbers, addresses. */
import { createHash } from 'node:crypto';
import { keccak256 } from './keccak.mjs';

/** `0x…` or plain hex → bytes. */
export const fromHex = (hex) => Buffer.from(hex.startsWith('0x') ? hex.slice(2) : hex, 'hex');
export const toHex = (bytes) => `0x${Buffer.from(bytes).toString('hex')}`;
export const utf8 = (text) => Buffer.from(text, 'utf8');
export const concat = (...parts) => Buffer.concat(parts);
export const toNumber = (bytes) => (bytes.length === 0 ? 0n : BigInt(toHex(bytes)));
/** A number as 32 bytes, big endian. */
export const word = (value) => fromHex(BigInt(value).toString(16).padStart(64, '0'));

export const sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** EIP-55: the case of each letter is one bit of the hash of the lower-case address. */
export function checksumAddress(address) {
  const plain = address.slice(2).toLowerCase();
  const hash = toHex(keccak256(utf8(plain))).slice(2);
  return `0x${[...plain].map((digit, at) => (Number.parseInt(hash[at], 16) >= 8 ? digit.toUpperCase() : digit)).join('')}`;
}

/** The address of a public key, given as its point: the last 20 bytes of keccak-256 over x ‖ y. */
export const addressOf = ({ x, y }) =>
  checksumAddress(toHex(keccak256(concat(word(x), word(y))).subarray(12)));
