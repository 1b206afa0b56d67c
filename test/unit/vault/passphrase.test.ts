import { describe, expect, it } from 'vitest';
import { deriveKek, KDF_FLOOR } from '../../../src/main/vault/kdf';
import { assessPassphrase, requireGoodPassphrase } from '../../../src/main/vault/passphrase';

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
