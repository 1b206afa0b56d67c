/** A digest as words that two people can compare by voice. Public, not secret. */
import { sha256 } from '@noble/hashes/sha2.js';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { VoiceChallenge } from '../../shared/model/envelope';
import { Hash32 } from '../../shared/model/ids';

const WORDS = 12;
const BITS = 11n;

/** The first 132 bits of SHA-256(tag ‖ rest), 11 bits a word, most significant first. */
const wordsOf = (tag: string, ...rest: readonly Uint8Array[]): readonly string[] => {
  const hash = sha256.create().update(new TextEncoder().encode(tag));
  for (const part of rest) hash.update(part);
  const bits = BigInt(`0x${Buffer.from(hash.digest()).toString('hex')}`) >> (256n - BigInt(WORDS) * BITS);
  return Array.from({ length: WORDS }, (_, index) => {
    const word = wordlist[Number((bits >> (BITS * BigInt(WORDS - 1 - index))) & 2047n)];
    if (word === undefined) throw new Error('word list is incomplete');
    return word;
  });
};

const bytesOf = (digest: Hash32): Uint8Array => Buffer.from(Hash32.parse(digest).slice(2), 'hex');

/** Twelve BIP-39 English words of SHA-256("nostro/words/v1" ‖ the digest's 32 bytes). Any change of the digest changes them. */
export const digestWords = (digest: Hash32): readonly string[] => wordsOf('nostro/words/v1', bytesOf(digest));

/**
 * Twelve BIP-39 English words of SHA-256("nostro/voice/v1" ‖ challenge as 8 ASCII digits ‖ the digest's 32 bytes).
 *
 * SECURITY: the checker makes the challenge after the digest is fixed, so nobody can search for another digest with the
 * same words beforehand (132 bits), nor replay a recording.
 */
export const voiceWords = (challenge: string, digest: Hash32): readonly string[] =>
  wordsOf('nostro/voice/v1', new TextEncoder().encode(VoiceChallenge.parse(challenge)), bytesOf(digest));
