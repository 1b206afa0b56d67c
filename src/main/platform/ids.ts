import { randomBytes } from 'node:crypto';
import type { Clock } from './clock';

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';
const TIME_LENGTH = 9;
const RANDOM_LENGTH = 15;

/**
 * Local ids `<prefix>_` + 24 characters of 0-9a-z: nine of time, so that ids sort by creation, and fifteen random
 * ones (77 bits). They name things inside a workspace and never leave it as a secret.
 */
export const createNewId =
  (clock: Clock) =>
  (prefix: string): string => {
    const time = clock.now().getTime().toString(36).padStart(TIME_LENGTH, '0').slice(-TIME_LENGTH);
    let random = '';
    while (random.length < RANDOM_LENGTH) {
      for (const byte of randomBytes(32)) {
        // 252 is the largest multiple of 36 in a byte: anything above would favour the first letters.
        if (byte < 252 && random.length < RANDOM_LENGTH) random += ALPHABET[byte % 36];
      }
    }
    return `${prefix}_${time}${random}`;
  };
