import { getAddress, keccak256 } from 'viem';
import { AppError } from '../../shared/errors';
import { Address, Hash32, type Hex } from '../../shared/model/ids';

export const ZERO_ADDRESS = Address.parse('0x0000000000000000000000000000000000000000');

export type AddressFault = 'format' | 'checksum';

/**
 * Reads an address with its EIP-55 checksum. `isChecksumRequired: false` also takes one written wholly in one case,
 * which carries no checksum: for contracts whose answers are shown before anything is kept.
 *
 * SECURITY: an address to be paid is never taken without a checksum; one wrong digit must not be another's account.
 */
export const readAddress = (
  text: string,
  { isChecksumRequired }: { readonly isChecksumRequired: boolean },
):
  | { readonly ok: true; readonly address: Address }
  | { readonly ok: false; readonly fault: AddressFault } => {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) return { ok: false, fault: 'format' };
  const address = Address.parse(getAddress(text.toLowerCase()));
  const digits = text.slice(2);
  const hasOneCase = digits === digits.toLowerCase() || digits === digits.toUpperCase();
  // An address of digits alone is its own checksummed form.
  if (text !== address && (isChecksumRequired || !hasOneCase)) return { ok: false, fault: 'checksum' };
  return { ok: true, address };
};

/** As `readAddress`, throwing `directory/address-invalid` or `directory/address-checksum`. */
export const parseAddress = (text: string, options: { readonly isChecksumRequired: boolean }): Address => {
  const read = readAddress(text.trim(), options);
  if (read.ok) return read.address;
  throw new AppError(read.fault === 'format' ? 'directory/address-invalid' : 'directory/address-checksum', {
    value: text.slice(0, 80),
  });
};

/** EIP-55 form of an address that a node or our own store gave. */
export const checksummed = (address: string): Address => Address.parse(getAddress(address.toLowerCase()));

export const hashOfBytes = (bytes: Hex): Hash32 => Hash32.parse(keccak256(`0x${bytes.slice(2)}`));
