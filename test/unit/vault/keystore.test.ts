import { createCipheriv, pbkdf2Sync, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { keccak256 } from 'viem';
import { describe, expect, it } from 'vitest';
import { addressOfPrivateKey } from '../../../src/main/vault/address';
import { openKeystore } from '../../../src/main/vault/keystore';
import { bytesToHex, hexToBytes } from '../../support/cases';

const PRIVATE_KEY = hexToBytes('4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318');
const ADDRESS = addressOfPrivateKey(PRIVATE_KEY);

/** A keystore as another wallet would write it, with few rounds. */
const makeKeystore = (password: string) => {
  const salt = randomBytes(32);
  const iv = randomBytes(16);
  const derived = pbkdf2Sync(password, salt, 1000, 32, 'sha256');
  const cipher = createCipheriv('aes-128-ctr', derived.subarray(0, 16), iv);
  const ciphertext = Buffer.concat([cipher.update(PRIVATE_KEY), cipher.final()]);
  return {
    version: 3,
    address: ADDRESS.slice(2).toLowerCase(),
    crypto: {
      cipher: 'aes-128-ctr',
      cipherparams: { iv: iv.toString('hex') },
      ciphertext: ciphertext.toString('hex'),
      kdf: 'pbkdf2',
      kdfparams: { c: 1000, prf: 'hmac-sha256', dklen: 32, salt: salt.toString('hex') },
      mac: keccak256(Buffer.concat([derived.subarray(16, 32), ciphertext])).slice(2),
    },
  };
};

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'opened',
    (error: { code: string; details?: { reason?: string } }) =>
      error.details?.reason ? `${error.code} ${error.details.reason}` : error.code,
  );

describe('a V3 keystore', () => {
  it('opens with its password, typed in any Unicode form', async () => {
    const composed = 'caf\u00e9 \ufb01le';
    expect(await openKeystore(JSON.stringify(makeKeystore(composed)), composed)).toEqual(PRIVATE_KEY);
    const normal = composed.normalize('NFKC');
    expect(await openKeystore(JSON.stringify(makeKeystore(normal)), composed)).toEqual(PRIVATE_KEY);
    expect(await codeOf(openKeystore(JSON.stringify(makeKeystore('right')), 'wrong'))).toBe(
      'vault/invalid-keystore wrong-password',
    );
  });

  it('never gives a key when its IV was changed, with or without an address in it', async () => {
    const keystore = makeKeystore('password');
    for (let bit = 0; bit < 128; bit += 1) {
      const iv = hexToBytes(keystore.crypto.cipherparams.iv);
      iv[bit >> 3] = (iv[bit >> 3] as number) ^ (1 << (bit & 7));
      const changed = {
        ...keystore,
        crypto: { ...keystore.crypto, cipherparams: { iv: bytesToHex(iv) } },
      };
      expect(await codeOf(openKeystore(JSON.stringify(changed), 'password'))).toBe(
        'vault/keystore-address-mismatch',
      );
      const nameless = { ...changed, address: undefined };
      expect(await codeOf(openKeystore(JSON.stringify(nameless), 'password'))).toBe(
        'vault/invalid-keystore address-missing',
      );
      expect(await codeOf(openKeystore(JSON.stringify(nameless), 'password', ADDRESS))).toBe(
        'vault/keystore-address-mismatch',
      );
    }
  });

  it('is refused when it names another account than its key has, or than is expected', async () => {
    const keystore = makeKeystore('password');
    const other = `${'ab'.repeat(20)}`;
    expect(await codeOf(openKeystore(JSON.stringify({ ...keystore, address: other }), 'password'))).toBe(
      'vault/keystore-address-mismatch',
    );
    expect(await codeOf(openKeystore(JSON.stringify(keystore), 'password', `0x${other}`))).toBe(
      'vault/keystore-address-mismatch',
    );
  });

  it('does not decide how much memory and time are spent', async () => {
    const base = makeKeystore('password');
    const scrypt = (n: number, r: number, p: number) => ({
      ...base,
      crypto: { ...base.crypto, kdf: 'scrypt', kdfparams: { n, r, p, dklen: 32, salt: 'ab' } },
    });
    const start = performance.now();
    for (const bomb of [
      scrypt(2 ** 30, 8, 1),
      scrypt(2 ** 22, 8, 1),
      scrypt(2 ** 18, 64, 1),
      scrypt(2 ** 18, 8, 100),
      scrypt(2 ** 31, 1, 1),
      scrypt(3, 8, 1),
      scrypt(1, 8, 1),
      { ...base, crypto: { ...base.crypto, kdfparams: { ...base.crypto.kdfparams, c: 10_000_001 } } },
    ]) {
      expect(await codeOf(openKeystore(JSON.stringify(bomb), 'password'))).toBe('vault/unsafe-parameters');
    }
    expect(performance.now() - start).toBeLessThan(500);
  });

  it('is refused when any part is missing, of another kind or size', async () => {
    const base = makeKeystore('password');
    const { crypto } = base;
    for (const bad of [
      '',
      'null',
      '[]',
      '{',
      `{"version":3${' '.repeat(70_000)}}`,
      JSON.stringify({ ...base, version: 1 }),
      JSON.stringify({ ...base, version: '3' }),
      JSON.stringify({ ...base, crypto: undefined }),
      JSON.stringify({ ...base, address: 'zz' }),
      JSON.stringify({ ...base, crypto: { ...crypto, cipher: 'aes-256-ctr' } }),
      JSON.stringify({ ...base, crypto: { ...crypto, kdf: 'none' } }),
      JSON.stringify({ ...base, crypto: { ...crypto, mac: crypto.mac.slice(2) } }),
      JSON.stringify({ ...base, crypto: { ...crypto, ciphertext: `${crypto.ciphertext}00` } }),
      JSON.stringify({ ...base, crypto: { ...crypto, cipherparams: { iv: '00' } } }),
      JSON.stringify({ ...base, crypto: { ...crypto, kdfparams: { ...crypto.kdfparams, dklen: 16 } } }),
      JSON.stringify({ ...base, crypto: { ...crypto, kdfparams: { ...crypto.kdfparams, c: 1.5 } } }),
      JSON.stringify({
        ...base,
        crypto: { ...crypto, kdfparams: { ...crypto.kdfparams, prf: 'hmac-sha1' } },
      }),
    ]) {
      expect(await codeOf(openKeystore(bad, 'password'))).toMatch(/^vault\/invalid-keystore/);
    }
  });

  it('never throws anything but a code, whatever the file holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (text) => {
        expect(await codeOf(openKeystore(text, 'password'))).toMatch(/^vault\//);
      }),
      { numRuns: 300 },
    );
  });
});
