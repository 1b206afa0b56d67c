/** Ethereum addresses and key ids from public keys. */
import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { Address, KeyId } from '../../shared/model/ids';
import { derivePublicKey } from './secp256k1';

/** Writes 20 bytes of hex in the mixed case of EIP-55. `hex` is 40 digits without `0x`. */
export const checksumAddress = (hex: string): Address => {
  const lower = hex.toLowerCase();
  const hash = Buffer.from(keccak_256(new TextEncoder().encode(lower))).toString('hex');
  let text = '0x';
  for (let i = 0; i < 40; i += 1) {
    const character = lower.charAt(i);
    text += Number.parseInt(hash.charAt(i), 16) >= 8 ? character.toUpperCase() : character;
  }
  return Address.parse(text);
};

export const addressOfPublicKey = (uncompressed: Uint8Array): Address =>
  checksumAddress(Buffer.from(keccak_256(uncompressed.subarray(1)).subarray(12)).toString('hex'));

export const addressOfPrivateKey = (privateKey: Uint8Array): Address =>
  addressOfPublicKey(derivePublicKey(privateKey, 'uncompressed'));

/** Stable id of a key: it depends on the public key only, so restoring a vault gives the same ids. */
export const keyIdOf = (privateKey: Uint8Array): KeyId => {
  const hash = sha256
    .create()
    .update(new TextEncoder().encode('nostro/key-id/v1\n'))
    .update(derivePublicKey(privateKey, 'compressed'))
    .digest();
  return KeyId.parse(`key_${Buffer.from(hash.subarray(0, 12)).toString('hex')}`);
};
