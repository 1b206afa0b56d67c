import { createHash, randomBytes } from 'node:crypto';
import { mnemonicToSeedSync } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import fc from 'fast-check';
import { HDKey } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { createRecipient, sealTo } from '../../../src/main/platform/sealed-box';
import { digestWords, voiceWords } from '../../../src/main/vault/digest-words';
import {
  deriveAccounts,
  derivePersonKey,
  entropyOfPhrase,
  PERSON_PATH,
  PERSON_URI,
  wordsOfEntropy,
} from '../../../src/main/vault/mnemonic';
import { renderRecoveryPage } from '../../../src/main/vault/recovery-page';
import type { Hash32 } from '../../../src/shared/model/ids';
import { bytesToHex } from '../../support/cases';

describe('a digest in words', () => {
  it('is the first 132 bits of a tagged hash, 11 bits a word', () => {
    const digest = `0x${'0123456789abcdef'.repeat(4)}` as Hash32;
    const words = digestWords(digest);
    expect(words).toHaveLength(12);
    // A second way there: 128 bits and a made-up remainder as BIP-39 entropy share the first eleven words.
    const hash = createHash('sha256')
      .update('nostro/words/v1')
      .update(Buffer.from(digest.slice(2), 'hex'))
      .digest();
    expect(words.slice(0, 11)).toEqual(wordsOfEntropy(new Uint8Array(hash.subarray(0, 16))).slice(0, 11));
    expect(words).toEqual(digestWords(digest));
  });

  it('changes with any bit of the digest', () => {
    const base = randomBytes(32);
    const seen = new Set([digestWords(`0x${base.toString('hex')}` as Hash32).join(' ')]);
    for (let bit = 0; bit < 256; bit += 1) {
      const changed = Buffer.from(base);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      seen.add(digestWords(`0x${changed.toString('hex')}` as Hash32).join(' '));
    }
    expect(seen.size).toBe(257);
  });

  it('takes nothing but a digest', () => {
    for (const bad of ['', '0x', `0x${'ab'.repeat(31)}`, `0x${'AB'.repeat(32)}`, 'ab'.repeat(32)]) {
      expect(() => digestWords(bad as Hash32)).toThrow();
    }
  });
});

describe('words for a challenge that is spoken', () => {
  const digest = `0x${'0123456789abcdef'.repeat(4)}` as Hash32;

  it('are the first 132 bits of a tagged hash of challenge and digest', () => {
    const words = voiceWords('00420815', digest);
    expect(words).toHaveLength(12);
    const hash = createHash('sha256')
      .update('nostro/voice/v100420815', 'ascii')
      .update(Buffer.from(digest.slice(2), 'hex'))
      .digest();
    const bits = [...hash].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    expect(words).toEqual(
      Array.from({ length: 12 }, (_, i) => wordlist[Number.parseInt(bits.slice(i * 11, i * 11 + 11), 2)]),
    );
    expect(words).not.toEqual(digestWords(digest));
  });

  it('change with any digit of the challenge and any bit of the digest', () => {
    const challenge = '31415926';
    const seen = new Set<string>([voiceWords(challenge, digest).join(' ')]);
    for (let at = 0; at < 8; at += 1) {
      for (let digit = 0; digit < 10; digit += 1) {
        const other = `${challenge.slice(0, at)}${digit}${challenge.slice(at + 1)}`;
        if (other !== challenge) seen.add(voiceWords(other, digest).join(' '));
      }
    }
    for (let bit = 0; bit < 256; bit += 1) {
      const changed = Buffer.from(digest.slice(2), 'hex');
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      seen.add(voiceWords(challenge, `0x${changed.toString('hex')}` as Hash32).join(' '));
    }
    expect(seen.size).toBe(1 + 72 + 256);
  });

  it('take eight digits and a digest only', () => {
    for (const bad of ['', '1234567', '123456789', '1234 678', '١٢٣٤٥٦٧٨', '12345678\n']) {
      expect(() => voiceWords(bad, digest)).toThrow();
    }
    expect(() => voiceWords('12345678', digest.slice(2) as Hash32)).toThrow();
  });
});

describe('the path of the person key', () => {
  const pathOf = (uri: string): string => {
    const hash = createHash('sha256').update(Buffer.alloc(4)).update(uri, 'ascii').digest();
    const indices = [0, 4, 8, 12].map((at) => `${hash.readUInt32LE(at) & 0x7fffffff}'`);
    return `m/13'/${indices.join('/')}`;
  };

  it('is that of SLIP-0013 for its URI', () => {
    // The published case of SLIP-0013, written with hardened indices.
    expect(pathOf('https://satoshi@bitcoin.org/login')).toBe(
      "m/13'/490267344'/697598796'/1613620211'/1858012177'",
    );
    expect(PERSON_PATH).toBe(pathOf(PERSON_URI));
  });

  it('gives a key that another BIP-32 implementation finds, and no account has', () => {
    const phrase = 'test test test test test test test test test test test junk';
    const seed = { entropy: entropyOfPhrase(phrase), passphrase: new Uint8Array(), createdAt: [] };
    const root = HDKey.fromMasterSeed(mnemonicToSeedSync(phrase));
    const key = bytesToHex(derivePersonKey(seed));
    expect(key).toBe(bytesToHex(root.derive(PERSON_PATH).privateKey as Uint8Array));
    expect(deriveAccounts(seed, 50).map(bytesToHex)).not.toContain(key);
    const extra = { ...seed, passphrase: new TextEncoder().encode('extra') };
    expect(bytesToHex(derivePersonKey(extra))).not.toBe(key);
  });
});

describe('a recovery phrase as typed', () => {
  const phrase = 'legal winner thank year wave sausage worth useful legal winner thank yellow';

  it('is read in any case, spacing and Unicode form', () => {
    const entropy = bytesToHex(entropyOfPhrase(phrase));
    expect(bytesToHex(entropyOfPhrase(`  ${phrase.toUpperCase().replaceAll(' ', '\n\t ')} `))).toBe(entropy);
    expect(bytesToHex(entropyOfPhrase(phrase.replace('legal', '\uff4cegal')))).toBe(entropy);
  });

  it.each([
    ['', { reason: 'word-count', count: 0 }],
    [`${phrase} legal`, { reason: 'word-count', count: 13 }],
    [phrase.replace('sausage', 'sausages'), { reason: 'unknown-word', position: 6 }],
    [phrase.replace('yellow', 'thank'), { reason: 'checksum' }],
  ])('%j is refused with what is wrong', (text, details) => {
    expect(() => entropyOfPhrase(text)).toThrowError(
      expect.objectContaining({ code: 'vault/invalid-mnemonic', details }),
    );
  });
});

describe('the recovery page', () => {
  const words = wordsOfEntropy(new Uint8Array(32).fill(0x7f));
  const page = new TextDecoder().decode(renderRecoveryPage(words, true));

  it('shows every word with its number, in order', () => {
    const cells = [...page.matchAll(/<li><span>(\d+)<\/span><b>([a-z]+)<\/b><\/li>/g)];
    expect(cells.map((match) => match[1])).toEqual(words.map((_, index) => String(index + 1)));
    expect(cells.map((match) => match[2])).toEqual(words);
  });

  it('has no script, handler, link, image or address', () => {
    expect(page).not.toMatch(
      /<script|<link|<img|<iframe|<a |<form|javascript:|\son\w+=|https?:|url\(|@import/i,
    );
    expect(page).toContain("default-src 'none'");
    expect(page).toContain('prefers-color-scheme: dark');
  });

  it('mentions the extra passphrase only when there is one', () => {
    expect(page).toContain('extra recovery passphrase');
    expect(new TextDecoder().decode(renderRecoveryPage(words, false))).not.toContain(
      'extra recovery passphrase',
    );
  });

  it('escapes what it shows', () => {
    expect(new TextDecoder().decode(renderRecoveryPage(['<b onload=x>'], false))).not.toContain('<b onload');
  });
});

describe('a sealed box', () => {
  it('opens for its recipient, once', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4096 }), (plaintext) => {
        const recipient = createRecipient();
        const sealed = sealTo(recipient.publicKey, plaintext);
        expect(recipient.open(sealed)).toEqual(plaintext);
        expect(() => recipient.open(sealed)).toThrow();
      }),
      { numRuns: 50 },
    );
  });

  it('opens for nobody else and not when changed, cut or lengthened', () => {
    const recipient = createRecipient();
    const sealed = sealTo(recipient.publicKey, randomBytes(32));
    expect(() => createRecipient().open(sealed)).toThrow();
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = sealed.slice();
      changed[at] = (changed[at] as number) ^ 1;
      expect(() => recipient.open(changed)).toThrow();
      expect(() => recipient.open(sealed.slice(0, at))).toThrow();
    }
    expect(() => recipient.open(new Uint8Array([...sealed, 0]))).toThrow();
    // A refused attempt does not use the recipient up.
    expect(recipient.open(sealed)).toHaveLength(32);
  });

  it('hides the plaintext and never looks the same twice', () => {
    const recipient = createRecipient();
    const secret = randomBytes(32);
    const boxes = Array.from({ length: 20 }, () => Buffer.from(sealTo(recipient.publicKey, secret)));
    expect(boxes.every((box) => !box.includes(secret))).toBe(true);
    expect(new Set(boxes.map((box) => box.toString('hex'))).size).toBe(20);
  });

  it('is not sealed for a key of low order or the wrong size', () => {
    expect(() => sealTo(new Uint8Array(32), randomBytes(32))).toThrow();
    expect(() =>
      sealTo(
        Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0)),
        randomBytes(32),
      ),
    ).toThrow();
    expect(() => sealTo(new Uint8Array(31), randomBytes(32))).toThrow();
  });
});
