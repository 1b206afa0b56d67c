/** BIP-39 recovery phrases (English) and the BIP-32 accounts behind them. */
import { randomBytes } from 'node:crypto';
import { HDKey } from '@scure/bip32';
import { entropyToMnemonic, mnemonicToEntropy, mnemonicToSeedSync } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { AppError } from '../../shared/errors';
import type { HdSeed } from './contents';

export const accountPath = (index: number): string => `m/44'/60'/0'/0/${index}`;

/**
 * Where the person key is derived: SLIP-0013 (m/13' and four hardened indices of SHA-256(index 0 ‖ URI)) for the URI
 * `nostro://person`.
 *
 * SECURITY: purpose 13' is for authentication, and no wallet looks for accounts under it; so the key never holds money, and
 * an account never speaks for a person. The phrase alone brings it back.
 */
export const PERSON_URI = 'nostro://person';
export const PERSON_PATH = "m/13'/474051300'/1390029003'/870988244'/232235813'";

export const createEntropy = (words: 12 | 24): Uint8Array =>
  new Uint8Array(randomBytes(words === 12 ? 16 : 32));

export const wordsOfEntropy = (entropy: Uint8Array): string[] =>
  entropyToMnemonic(entropy, wordlist).split(' ');

/** Lower case, NFKD, single spaces: what people type differently without meaning anything by it. */
export const normaliseWords = (text: string): string[] =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '');

/** @throws AppError `vault/invalid-mnemonic` with what is wrong and where, never with the words */
export const entropyOfPhrase = (text: string): Uint8Array => {
  const words = normaliseWords(text);
  if (![12, 15, 18, 21, 24].includes(words.length)) {
    throw new AppError('vault/invalid-mnemonic', { reason: 'word-count', count: words.length });
  }
  const unknown = words.findIndex((word) => !wordlist.includes(word));
  if (unknown !== -1) {
    throw new AppError('vault/invalid-mnemonic', { reason: 'unknown-word', position: unknown + 1 });
  }
  try {
    return mnemonicToEntropy(words.join(' '), wordlist);
  } catch {
    throw new AppError('vault/invalid-mnemonic', { reason: 'checksum' });
  }
};

/** BIP-39 seed: PBKDF2-HMAC-SHA512, 2048 rounds, passphrase in NFKD. 64 bytes. */
export const seedOf = (entropy: Uint8Array, passphrase: Uint8Array): Uint8Array =>
  mnemonicToSeedSync(entropyToMnemonic(entropy, wordlist), new TextDecoder().decode(passphrase));

/** The private keys of the first `count` accounts m/44'/60'/0'/0/i, 32 bytes each. */
export const deriveAccounts = (seed: HdSeed, count: number): Uint8Array[] => {
  const bytes = seedOf(seed.entropy, seed.passphrase);
  const root = HDKey.fromMasterSeed(bytes);
  const parent = root.derive("m/44'/60'/0'/0");
  try {
    return Array.from({ length: count }, (_, index) => {
      const child = parent.deriveChild(index);
      if (!child.privateKey) throw new Error('derivation gave no key');
      const key = new Uint8Array(child.privateKey);
      child.wipePrivateData();
      return key;
    });
  } finally {
    bytes.fill(0);
    parent.wipePrivateData();
    root.wipePrivateData();
  }
};

/** The person key that belongs to a recovery phrase, 32 bytes. */
export const derivePersonKey = (seed: HdSeed): Uint8Array => {
  const bytes = seedOf(seed.entropy, seed.passphrase);
  const root = HDKey.fromMasterSeed(bytes);
  const child = root.derive(PERSON_PATH);
  try {
    if (!child.privateKey) throw new Error('derivation gave no key');
    return new Uint8Array(child.privateKey);
  } finally {
    bytes.fill(0);
    child.wipePrivateData();
    root.wipePrivateData();
  }
};
