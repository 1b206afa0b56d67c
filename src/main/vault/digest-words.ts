/** A digest as words that two people can compare by voice. Public, not secret. */
import { sha256 } from '@noble/hashes/sha2.js';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { Hash32 } from '../../shared/model/ids';

const WORDS = 12;
const BITS = 11n;

/**
 * Twelve BIP-39 English words: the first 132 bits of SHA-256("nostro/words/v1" ‖ the digest's 32 bytes), 11 bits a
 * word, most significant first. Any change of the digest changes the words.
 */
export const digestWords = (digest: Hash32): readonly string[] => {
  const hash = sha256
    .create()
    .update(new TextEncoder().encode('nostro/words/v1'))
    .update(Buffer.from(Hash32.parse(digest).slice(2), 'hex'))
    .digest();
  const bits = BigInt(`0x${Buffer.from(hash).toString('hex')}`) >> (256n - BigInt(WORDS) * BITS);
  return Array.from({ length: WORDS }, (_, index) => {
    const word = wordlist[Number((bits >> (BITS * BigInt(WORDS - 1 - index))) & 2047n)];
    if (word === undefined) throw new Error('word list is incomplete');
    return word;
  });
};
