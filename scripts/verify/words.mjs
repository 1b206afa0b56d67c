/** Twelve words to compare a digest by voice (docs/envelope.md): BIP-39's English list, eleven bits a word. */
import { readFileSync } from 'node:fs';
import { fromHex, sha256, toHex, toNumber, utf8 } from './bytes.mjs';

/** SHA-256 of english.txt as BIP-39 publishes it. */
const LIST_SHA256 = '0x2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda';

const readList = () => {
  const bytes = readFileSync(new URL('./bip39-english.txt', import.meta.url));
  if (toHex(sha256(bytes)) !== LIST_SHA256) throw new Error('the word list is not that of BIP-39');
  return bytes.toString('utf8').trimEnd().split('\n');
};

/** The first 132 bits of SHA-256("nostro/voice/v1" ‖ challenge ‖ digest), most significant first. */
export function voiceWords(challenge, digest) {
  const list = readList();
  const bits = toNumber(sha256(utf8('nostro/voice/v1'), utf8(challenge), fromHex(digest))) >> 124n;
  return Array.from({ length: 12 }, (_, at) => list[Number((bits >> BigInt(11 * (11 - at))) & 2047n)]);
}
