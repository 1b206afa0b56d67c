/** Addresses in the mixed case of EIP-55, the only form that an envelope holds. */
import { keccak_256 } from '@noble/hashes/sha3.js';
import { Address } from '../../shared/model/ids';

/** How many addresses are remembered: those of a batch that pays the same contract ten thousand times. */
const MAX_KNOWN = 20_000;
const known = new Map<string, Address>();

/** Any spelling of an address to its EIP-55 form. */
export const checksumAddress = (address: string): Address => {
  const lower = address.slice(2).toLowerCase();
  const before = known.get(lower);
  if (before !== undefined) return before;
  const hash = keccak_256(Buffer.from(lower, 'ascii'));
  let text = '0x';
  for (let i = 0; i < 40; i += 1) {
    const nibble = ((hash[i >> 1] ?? 0) >> (i % 2 === 0 ? 4 : 0)) & 15;
    text += nibble >= 8 ? lower.charAt(i).toUpperCase() : lower.charAt(i);
  }
  const result = Address.parse(text);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(lower, result);
  return result;
};

export const isChecksummed = (address: string): boolean => checksumAddress(address) === address;

/** The address of a public key of 64 bytes, x ‖ y. */
export const addressOfPoint = (point: Uint8Array): Address =>
  checksumAddress(`0x${Buffer.from(keccak_256(point).subarray(12)).toString('hex')}`);
