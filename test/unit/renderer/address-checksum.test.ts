import { keccak_256 } from '@noble/hashes/sha3.js';
import fc from 'fast-check';
import { getAddress } from 'viem';
import { describe, expect, it } from 'vitest';
import {
  checkAddressText,
  keccak256OfAscii,
  toChecksumAddress,
} from '../../../src/renderer/ui/address-checksum';

const hexDigit = fc.constantFrom(...'0123456789abcdef');
const address = fc
  .array(hexDigit, { minLength: 40, maxLength: 40 })
  .map((digits) => `0x${digits.join('')}` as `0x${string}`);

describe('the checksum of a typed address', () => {
  it('hashes as Keccak-256 does', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'abcXYZ 019'), maxLength: 135 }), (text) => {
        expect(keccak256OfAscii(text)).toBe(
          Buffer.from(keccak_256(new TextEncoder().encode(text))).toString('hex'),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('writes every address as EIP-55 asks', () => {
    fc.assert(
      fc.property(address, (text) => {
        expect(toChecksumAddress(text)).toBe(getAddress(text));
        expect(checkAddressText(getAddress(text))).toBe('ok');
      }),
    );
  });

  it('finds a changed letter, and says where nothing can be found', () => {
    const right = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
    expect(checkAddressText(right)).toBe('ok');
    expect(checkAddressText(right.replace('5aA', '5aa'))).toBe('checksum');
    expect(checkAddressText(right.replace('6053', '6054'))).toBe('checksum');
    expect(checkAddressText(right.toLowerCase())).toBe('unchecked');
    expect(checkAddressText(right.slice(0, 41))).toBe('form');
    expect(checkAddressText(` ${right}`)).toBe('form');
  });
});
