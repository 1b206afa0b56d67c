import * as common from '@zxcvbn-ts/language-common';
import { describe, expect, it } from 'vitest';
import { deriveKek, KDF_FLOOR } from '../../../src/main/vault/kdf';
import { assessPassphrase, MIN_PASSPHRASE, requireGoodPassphrase } from '../../../src/main/vault/passphrase';

describe('the passphrase', () => {
  it.each([
    ['', 'too-short'],
    ['Tr0ub4dor&3', 'too-short'],
    ['gravel sundial', 'too-short'],
    ['aaaaaaaaaaaaaaaaaaaaaaaa', 'too-weak'],
    ['passwordpassword', 'too-weak'],
    ['qwertyuiopasdfghjkl', 'too-weak'],
    ['123456789012345678', 'too-weak'],
    ['abcabcabcabcabcabcabc', 'too-weak'],
    ['NostroNostroNostro1', 'too-weak'],
    [`${'correct horse battery staple '.repeat(40)}`, 'too-long'],
  ] as const)('%j is refused: %s', (text, reason) => {
    const assessed = assessPassphrase(text);
    expect(assessed).toMatchObject({ isAccepted: false, reason });
    expect(() => requireGoodPassphrase(text)).toThrowError(
      expect.objectContaining({ code: 'vault/weak-passphrase' }),
    );
  });

  it.each([
    'gravel-Umbrella 71 sundial thermos',
    'sieben Zwerge üben Geige im Kaßler Wald',
    '堅牢な合言葉はとても長いほうがよいです',
    'x9$Kq-7vLm2#Zt8w',
    `${'k7Q!'.repeat(3)}-orchid-lantern-${'9zT_'.repeat(12)}`,
  ])('%j is accepted', (text) => {
    expect(assessPassphrase(text)).toMatchObject({ isAccepted: true, reason: 'ok' });
    expect(() => requireGoodPassphrase(text)).not.toThrow();
  });

  it('counts what people know about the company as known', () => {
    const text = 'Hallermann Zwiebrodt';
    expect(assessPassphrase(text).isAccepted).toBe(true);
    expect(assessPassphrase(text, ['Hallermann Zwiebrodt GmbH']).isAccepted).toBe(false);
  });

  it('refuses the most common passwords repeated to length: every 100th of 10,000', () => {
    const sample = common.dictionary['passwords-common']
      .slice(0, 10_000)
      .filter((_, index) => index % 100 === 0);
    const accepted = sample
      .map((password) => password.repeat(Math.ceil(MIN_PASSPHRASE / password.length)))
      .filter((text) => assessPassphrase(text).isAccepted);
    expect(sample).toHaveLength(100);
    expect(accepted).toEqual([]);
  }, 60_000);

  it("refuses the company's own data with a year and a mark, 140 ways", () => {
    const context = ['Hallermann Zwiebrodt GmbH', 'Maria Musterfrau', 'Example Bank'];
    const accepted: string[] = [];
    let count = 0;
    for (const name of [
      'HallermannZwiebrodt',
      'Hallermann-Zwiebrodt',
      'hallermann zwiebrodt',
      'Zwiebrodt Hallermann',
      'MariaMusterfrau',
      'maria.musterfrau',
      'ExampleBank',
      'Example Bank Treasury',
      'nostro treasury',
      'TreasuryVault',
    ]) {
      for (let year = 2001; year <= 2026; year += 4) {
        for (const mark of ['', '!']) {
          count += 1;
          const text = `${name}${year}${mark}`;
          if (assessPassphrase(text, context).isAccepted) accepted.push(text);
        }
      }
    }
    expect(count).toBe(140);
    expect(accepted).toEqual([]);
  }, 60_000);

  it('rates even the longest text quickly', () => {
    for (const text of ['a1'.repeat(512), 'p4ssw0rd'.repeat(128), 'ÄÖ ß'.repeat(256), '@$$4'.repeat(256)]) {
      const start = performance.now();
      assessPassphrase(text, ['@$$4', 'p4ssw0rd']);
      expect(performance.now() - start).toBeLessThan(3000);
    }
  });

  it('counts characters, not code units', () => {
    expect(assessPassphrase('🜁🜂🜃🜄🜅🜆🜇🜈')).toMatchObject({ reason: 'too-short' });
  });

  it('gives the same key in any Unicode form, and another for any other text', async () => {
    const salt = new Uint8Array(16).fill(9);
    const key = await deriveKek('caf\u00e9 \ufb01nance', salt, KDF_FLOOR);
    expect(await deriveKek('cafe\u0301 finance', salt, KDF_FLOOR)).toEqual(key);
    expect(await deriveKek('cafe finance', salt, KDF_FLOOR)).not.toEqual(key);
    expect((await deriveKek('', salt, KDF_FLOOR)).length).toBe(32);
  });
});
