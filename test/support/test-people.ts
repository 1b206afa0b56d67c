/** Keys and people for tests, made from words. None of them was ever anybody's. */
import { createHash } from 'node:crypto';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { addressOfPoint } from '../../src/main/envelopes/address';
import type { Address } from '../../src/shared/model/ids';
import { type Role, Signature } from '../../src/shared/model/people';

const sha256 = (text: string): Uint8Array => createHash('sha256').update(text, 'utf8').digest();
const bytesOf = (hex: string): Uint8Array => Buffer.from(hex.slice(2), 'hex');

/** A private key made from a word, with its address in EIP-55 form. Never a real one. */
export type TestKey = { readonly privateKey: Uint8Array; readonly address: Address };

export const testKey = (seed: string): TestKey => {
  const privateKey = sha256(`nostro test key ${seed}`);
  const point = secp256k1.getPublicKey(privateKey, false).subarray(1);
  return { privateKey, address: addressOfPoint(point) };
};

/** `r ‖ s ‖ yParity` over a 32-byte hash. */
export const signHash = (hash: string, key: TestKey): Signature => {
  const bytes = secp256k1.sign(bytesOf(hash), key.privateKey, {
    prehash: false,
    lowS: true,
    format: 'recovered',
  });
  const text = Buffer.from(bytes.subarray(1)).toString('hex');
  return Signature.parse(`0x${text}0${bytes[0]}`);
};

export type TestPerson = TestKey & { readonly name: string; readonly roles: readonly Role[] };

export const testPerson = (name: string, ...roles: readonly Role[]): TestPerson => ({
  ...testKey(`person ${name}`),
  name,
  roles,
});

export const MAKER = testPerson('Mia Maker', 'maker');
export const APPROVER = testPerson('Arno Approver', 'approver');
export const SECOND_APPROVER = testPerson('Berta Bewilligung', 'approver');
export const SIGNER = testPerson('Sami Signer', 'signer');
export const PEOPLE = [MAKER, APPROVER, SECOND_APPROVER, SIGNER] as const;
