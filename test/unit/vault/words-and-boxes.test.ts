import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecipient, sealTo } from '../../../src/main/platform/sealed-box';
import { digestWords } from '../../../src/main/vault/digest-words';
import { entropyOfPhrase, wordsOfEntropy } from '../../../src/main/vault/mnemonic';
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
