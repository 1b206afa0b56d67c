/**
 * One secret from one process to another through a third that must not read it: the vault process seals the database
 * key for the ledger process, and main only carries the bytes.
 *
 * X25519 with a fresh sender key, HKDF-SHA256 over the shared secret and both public keys, XChaCha20-Poly1305 with both
 * public keys as associated data. Layout: sender's public key (32) ‖ ciphertext and tag.
 *
 * Limit: main hands over the recipient's public key, so this keeps the secret out of main's memory; it does not
 * protect from a main process that lies about who the recipient is.
 */
import { randomBytes } from 'node:crypto';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';

const KEY_BYTES = 32;
const NONCE_BYTES = 24;
const TAG_BYTES = 16;
const MAX_PLAINTEXT = 4096;
const INFO = new TextEncoder().encode('nostro/sealed-box/v1');

export type SealRecipient = {
  /** 32 bytes, X25519. */
  readonly publicKey: Uint8Array;
  /** Opens one sealed message; the private key is overwritten afterwards, so a second call throws. */
  readonly open: (sealed: Uint8Array) => Uint8Array;
};

const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

const cipherFor = (privateKey: Uint8Array, peer: Uint8Array, sender: Uint8Array, recipient: Uint8Array) => {
  const parties = join(sender, recipient);
  // x25519 refuses points of low order, which would make the shared secret known.
  const shared = x25519.getSharedSecret(privateKey, peer);
  const derived = hkdf(sha256, shared, parties, INFO, KEY_BYTES + NONCE_BYTES);
  shared.fill(0);
  // The nonce may come from the key derivation: every seal has its own key.
  return xchacha20poly1305(derived.subarray(0, KEY_BYTES), derived.subarray(KEY_BYTES), parties);
};

/** Seals up to 4 KiB for the holder of the private key of `recipientPublicKey` (32 bytes). */
export const sealTo = (recipientPublicKey: Uint8Array, plaintext: Uint8Array): Uint8Array => {
  if (recipientPublicKey.length !== KEY_BYTES) throw new Error('an X25519 public key has 32 bytes');
  if (plaintext.length > MAX_PLAINTEXT) throw new Error('too long for a sealed box');
  const privateKey = new Uint8Array(randomBytes(KEY_BYTES));
  const sender = x25519.getPublicKey(privateKey);
  try {
    return join(
      sender,
      cipherFor(privateKey, recipientPublicKey, sender, recipientPublicKey).encrypt(plaintext),
    );
  } finally {
    privateKey.fill(0);
  }
};

export const createRecipient = (): SealRecipient => {
  const privateKey = new Uint8Array(randomBytes(KEY_BYTES));
  const publicKey = x25519.getPublicKey(privateKey);
  let isUsed = false;
  return {
    publicKey,
    open: (sealed) => {
      if (isUsed) throw new Error('this recipient has opened its message');
      if (sealed.length < KEY_BYTES + TAG_BYTES || sealed.length > KEY_BYTES + TAG_BYTES + MAX_PLAINTEXT) {
        throw new Error('not a sealed box');
      }
      const sender = sealed.slice(0, KEY_BYTES);
      const plaintext = cipherFor(privateKey, sender, sender, publicKey).decrypt(sealed.slice(KEY_BYTES));
      isUsed = true;
      privateKey.fill(0);
      return plaintext;
    },
  };
};
