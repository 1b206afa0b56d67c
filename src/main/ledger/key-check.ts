/**
 * Tells a wrong key from a damaged file. The encrypted file looks the same to both; a small file beside it holds a random
 * salt and HMAC-SHA-256(key, label ‖ salt), which a right key reproduces. It reveals nothing about a 256-bit random key.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';

const LABEL = 'nostro/ledger/key-check/v1';
const SALT_BYTES = 16;
const MAC_BYTES = 32;

const macOf = (key: Uint8Array, salt: Uint8Array): Buffer =>
  createHmac('sha256', key).update(LABEL).update(salt).digest();

const pathOf = (databaseFile: string): string => `${databaseFile}.key-check`;

/** `unknown`: no readable check beside the file. */
export const checkKey = (databaseFile: string, key: Uint8Array): 'match' | 'mismatch' | 'unknown' => {
  let stored: Buffer;
  try {
    stored = readFileSync(pathOf(databaseFile));
  } catch {
    return 'unknown';
  }
  if (stored.length !== SALT_BYTES + MAC_BYTES) return 'unknown';
  const mac = macOf(key, stored.subarray(0, SALT_BYTES));
  return timingSafeEqual(mac, stored.subarray(SALT_BYTES)) ? 'match' : 'mismatch';
};

/** Writes the check for a key that has just opened the file. */
export const writeKeyCheck = (databaseFile: string, key: Uint8Array): void => {
  const salt = randomBytes(SALT_BYTES);
  const temporary = `${pathOf(databaseFile)}.partial`;
  const descriptor = openSync(temporary, 'w', 0o600);
  try {
    writeSync(descriptor, Buffer.concat([salt, macOf(key, salt)]));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, pathOf(databaseFile));
};
