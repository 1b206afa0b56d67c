/** EIP-55 addresses. */
import { getAddress, keccak256 as hash } from 'viem/utils';
import type { Address, Hash32, Hex } from '../../shared/model/ids';

/** keccak-256 of bytes given as hex or as bytes, as lower-case hex. */
export const keccak256 = (bytes: Hex | Uint8Array): Hash32 =>
  hash(bytes as `0x${string}` | Uint8Array) as Hash32;

/** The EIP-55 form of a well-formed address of any case. */
export const checksumAddress = (address: Address | `0x${string}`): Address =>
  getAddress(address.toLowerCase()) as Address;

export type ParsedAddress =
  | { readonly ok: true; readonly address: Address }
  | { readonly ok: false; readonly code: 'invalid' | 'checksum' };

/**
 * Reads an address as a person or a file wrote it and gives its EIP-55 form.
 *
 * With `isStrict` (payments) the text must carry the checksum: all lower or all upper case has none, so it is refused
 * with `checksum`, unless the address has no letters. Without it such text is taken as an address without checksum.
 *
 * SECURITY: mixed case that does not match is refused always; it is the only sign of a mistyped digit.
 */
export const parseAddress = (text: string, isStrict = false): ParsedAddress => {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) return { ok: false, code: 'invalid' };
  const address = checksumAddress(text as `0x${string}`);
  if (text === address) return { ok: true, address };
  const digits = text.slice(2);
  const hasOneCase = digits === digits.toLowerCase() || digits === digits.toUpperCase();
  return hasOneCase && !isStrict ? { ok: true, address } : { ok: false, code: 'checksum' };
};
