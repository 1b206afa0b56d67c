import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileLogger } from '../../../src/main/platform/logger';
import { REDACTED, redact, redactText } from '../../../src/main/platform/redact';

const phrase = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
const clock = { now: () => new Date('2026-11-23T01:02:03.004Z'), monotonicMs: () => 0 };

describe('redaction', () => {
  it.each([
    ['a private key', '4646464646464646464646464646464646464646464646464646464646464646'],
    ['a private key with 0x', '0x4646464646464646464646464646464646464646464646464646464646464646'],
    ['a recovery phrase', phrase],
    [
      'a recovery phrase with numbers',
      phrase
        .split(' ')
        .map((word, index) => `${index + 1}. ${word}`)
        .join('\n'),
    ],
    ['a recovery phrase with commas', phrase.replaceAll(' ', ', ')],
    ['a key in base64', Buffer.from('Rf8x0Qm3Zt7Lk2Vb9Np4Wc6Yd1Hs5Ja0').toString('base64')],
  ])('hides %s inside a text', (_what, secret) => {
    const text = redactText(`failed: ${secret} (end)`);
    expect(text).not.toContain(secret);
    expect(text).toContain(REDACTED);
    expect(text).toContain('(end)');
  });

  it('leaves what helps to find a defect', () => {
    const plain =
      'payment pay_0mf3k2a1bq93hd71kk02mxpq to 0x52908400098527886E0F7030069857D2E4169EE7 at block 18446744 was refused by the node';
    expect(redactText(plain)).toBe(plain);
  });

  it.each([
    'passphrase',
    'password',
    'mnemonic',
    'privateKey',
    'private_key',
    'bip39Passphrase',
    'seed',
    'dataKey',
    'words',
    'answers',
  ])('hides whatever a field named %s holds, at any depth', (name) => {
    expect(redact({ a: [{ [name]: 'short' }] })).toEqual({ a: [{ [name]: REDACTED }] });
  });

  it('keeps fields that only look alike', () => {
    expect(redact({ keyId: 'key_1', publicKey: 'abc', method: 'vault.unlock' })).toEqual({
      keyId: 'key_1',
      publicKey: 'abc',
      method: 'vault.unlock',
    });
  });

  it('hides a phrase that comes as an array, and bytes altogether', () => {
    expect(redact({ a: phrase.split(' '), b: new Uint8Array(32) })).toEqual({ a: REDACTED, b: '[32 bytes]' });
  });

  it('looks into errors and their causes', () => {
    const error = new Error(`bad ${phrase}`, { cause: new Error('0x'.padEnd(66, 'ab')) });
    const text = JSON.stringify(redact({ error }));
    expect(text).not.toContain('sausage');
    expect(text).not.toContain('abababab');
    expect(text).toContain('redact.test');
  });

  it('gives JSON for anything and never shows a 32-byte value, wherever it stands', () => {
    const key = fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map((bytes) => Buffer.from(bytes).toString('hex'));
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true }),
        fc.string(),
        key,
        (value, name, secret) => {
          const text = JSON.stringify(redact({ value, [name]: `x ${secret} y`, [secret]: 1 })) ?? '';
          expect(text).not.toContain(secret);
        },
      ),
    );
  });
});

describe('the log file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'nostro-log-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('holds one redacted JSON object per line, readable by its owner only', () => {
    const file = path.join(folder, 'logs/nostro.log');
    const log = createFileLogger({ file, clock });
    log.info('unlock', { passphrase: 'correct horse', attempts: 2, units: 10n });
    log.error('failed', { error: new Error('reason') });
    const lines = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toEqual({
      at: '2026-11-23T01:02:03.004Z',
      level: 'info',
      message: 'unlock',
      passphrase: REDACTED,
      attempts: 2,
      units: '10',
    });
    expect(lines[1].error.message).toBe('reason');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('never grows beyond two files of the limit, and keeps the latest', () => {
    const file = path.join(folder, 'nostro.log');
    const log = createFileLogger({ file, clock, maxBytes: 2000 });
    for (let index = 0; index < 200; index += 1) log.info(`line ${index}`);
    expect(statSync(file).size).toBeLessThanOrEqual(2000);
    expect(statSync(`${file}.1`).size).toBeLessThanOrEqual(2000);
    expect(readFileSync(file, 'utf8')).toContain('line 199');
  });

  it('does not throw when it cannot write', () => {
    const file = path.join(folder, 'nostro.log');
    const log = createFileLogger({ file, clock });
    rmSync(folder, { recursive: true });
    expect(() => log.info('lost')).not.toThrow();
  });
});
