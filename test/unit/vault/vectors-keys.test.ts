import { pbkdf2Sync } from 'node:crypto';
import { chacha20poly1305, xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { argon2id as nobleArgon2id } from '@noble/hashes/argon2.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { HDKey } from '@scure/bip32';
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { argon2id, scrypt } from 'hash-wasm';
import { describe, expect, it } from 'vitest';
import { addressOfPrivateKey } from '../../../src/main/vault/address';
import { openKeystore } from '../../../src/main/vault/keystore';
import { deriveAccounts, entropyOfPhrase, seedOf, wordsOfEntropy } from '../../../src/main/vault/mnemonic';
import { bytesToHex, hasCases, hexToBytes, readCases } from '../../support/cases';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('argon2id', () => {
  it('agrees with a second implementation that gives the vector of RFC 9106 section 5.3', async () => {
    // The RFC's vector uses associated data, which hash-wasm does not offer: so it proves the second implementation,
    // and that one proves hash-wasm.
    const rfc = nobleArgon2id(new Uint8Array(32).fill(1), new Uint8Array(16).fill(2), {
      t: 3,
      m: 32,
      p: 4,
      dkLen: 32,
      key: new Uint8Array(8).fill(3),
      personalization: new Uint8Array(12).fill(4),
    });
    expect(bytesToHex(rfc)).toBe('0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659');
    for (const [m, t, p] of [
      [32, 3, 4],
      [64, 3, 1],
      [1024, 4, 2],
      [8192, 3, 1],
    ] as const) {
      const salt = new Uint8Array(16).fill(m % 251);
      const password = `pass ${m}`;
      const actual = await argon2id({
        password,
        salt,
        memorySize: m,
        iterations: t,
        parallelism: p,
        hashLength: 32,
        outputType: 'hex',
      });
      expect(actual).toBe(bytesToHex(nobleArgon2id(password, salt, { t, m, p, dkLen: 32 })));
    }
  });

  it("gives the reference implementation's vectors", async () => {
    // P-H-C/phc-winner-argon2 test.c, version 0x13.
    for (const [memoryKib, passes, lanes, password, salt, hash] of [
      [
        65536,
        2,
        1,
        'password',
        'somesalt',
        '09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7',
      ],
      [256, 2, 1, 'password', 'somesalt', '9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe'],
      [256, 2, 2, 'password', 'somesalt', '6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037'],
      [
        65536,
        1,
        1,
        'password',
        'somesalt',
        'f6a5adc1ba723dddef9b5ac1d464e180fcd9dffc9d1cbf76cca2fed795d9ca98',
      ],
      [
        65536,
        4,
        1,
        'password',
        'somesalt',
        '9025d48e68ef7395cca9079da4c4ec3affb3c8911fe4f86d1a2520856f63172c',
      ],
      [
        65536,
        2,
        1,
        'differentpassword',
        'somesalt',
        '0b84d652cf6b0c4beaef0dfe278ba6a80df6696281d7e0d2891b817d8c458fde',
      ],
      [
        65536,
        2,
        1,
        'password',
        'diffsalt',
        'bdf32b05ccc42eb15d58fd19b1f856b113da1e9a5874fdcc544308565aa8141c',
      ],
    ] as const) {
      const actual = await argon2id({
        password,
        salt: utf8(salt),
        memorySize: memoryKib,
        iterations: passes,
        parallelism: lanes,
        hashLength: 32,
        outputType: 'hex',
      });
      expect(actual).toBe(hash);
    }
  });
});

type Groups<T> = {
  readonly testGroups: readonly (T & { readonly tests: readonly Record<string, string | number>[] })[];
};
const field = (test: Record<string, string | number>, name: string): Uint8Array =>
  hexToBytes(String(test[name]));

describe.skipIf(!hasCases('crypto'))('published vectors', () => {
  it('seals and opens like Wycheproof chacha20-poly1305, and refuses what it must', () => {
    const { testGroups } = readCases<Groups<{ ivSize: number }>>(
      'crypto/wycheproof/chacha20_poly1305_test.json',
    );
    let count = 0;
    for (const group of testGroups) {
      for (const test of group.tests) {
        count += 1;
        const sealed = new Uint8Array(Buffer.concat([field(test, 'ct'), field(test, 'tag')]));
        const open = () =>
          chacha20poly1305(field(test, 'key'), field(test, 'iv'), field(test, 'aad')).decrypt(sealed);
        if (test.result === 'valid') {
          expect(bytesToHex(open())).toBe(test.msg);
          expect(
            chacha20poly1305(field(test, 'key'), field(test, 'iv'), field(test, 'aad')).encrypt(
              field(test, 'msg'),
            ),
          ).toEqual(sealed);
        } else expect(open).toThrow();
      }
    }
    expect(count).toBe(325);
  });

  it('seals like the XChaCha20-Poly1305 draft', () => {
    // draft-irtf-cfrg-xchacha-03, appendix A.3.1.
    const sealed = xchacha20poly1305(
      hexToBytes('808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f'),
      hexToBytes('404142434445464748494a4b4c4d4e4f5051525354555657'),
      hexToBytes('50515253c0c1c2c3c4c5c6c7'),
    ).encrypt(
      utf8(
        "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
      ),
    );
    expect(bytesToHex(sealed)).toBe(
      'bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49',
    );
  });

  it('agrees with Wycheproof PBKDF2, HKDF and HMAC', () => {
    for (const test of readCases<Groups<object>>(
      'crypto/wycheproof/pbkdf2_hmacsha256_test.json',
    ).testGroups.flatMap((group) => group.tests)) {
      if (test.result !== 'valid') continue;
      expect(
        pbkdf2Sync(
          field(test, 'password'),
          field(test, 'salt'),
          Number(test.iterationCount),
          Number(test.dkLen),
          'sha256',
        ).toString('hex'),
      ).toBe(test.dk);
    }
    for (const test of readCases<Groups<object>>(
      'crypto/wycheproof/hkdf_sha256_test.json',
    ).testGroups.flatMap((group) => group.tests)) {
      const run = () =>
        hkdf(sha256, field(test, 'ikm'), field(test, 'salt'), field(test, 'info'), Number(test.size));
      if (test.result === 'valid') expect(bytesToHex(run())).toBe(test.okm);
      else expect(run).toThrow();
    }
    for (const group of readCases<Groups<{ tagSize: number }>>('crypto/wycheproof/hmac_sha512_test.json')
      .testGroups) {
      for (const test of group.tests) {
        const mac = bytesToHex(hmac(sha512, field(test, 'key'), field(test, 'msg'))).slice(
          0,
          group.tagSize / 4,
        );
        expect(mac === test.tag).toBe(test.result === 'valid');
      }
    }
  });

  it('derives PBKDF2 and scrypt keys as published', async () => {
    const cases = readCases<
      readonly {
        password: string;
        salt: string;
        dkLen: number;
        pbkdf2: { iterations: number; algorithm: string; key: string };
        scrypt: { N: number; r: number; p: number; key: string };
      }[]
    >('crypto/kdf/ethers_pbkdf_scrypt_a.json');
    for (const { password, salt, dkLen, pbkdf2, scrypt: parameters } of cases) {
      expect(
        `0x${pbkdf2Sync(hexToBytes(password), hexToBytes(salt), pbkdf2.iterations, dkLen, pbkdf2.algorithm).toString('hex')}`,
      ).toBe(pbkdf2.key);
      const key = await scrypt({
        password: hexToBytes(password),
        salt: hexToBytes(salt),
        costFactor: parameters.N,
        blockSize: parameters.r,
        parallelism: parameters.p,
        hashLength: dkLen,
        outputType: 'hex',
      });
      expect(`0x${key}`).toBe(parameters.key);
    }
    expect(cases.length).toBe(187);
  }, 60_000);

  it('makes the BIP-39 English vectors', () => {
    const { passphrase, vectors } = readCases<{
      passphrase: string;
      vectors: readonly [string, string, string][];
    }>('crypto/bip39/bip39_english.json');
    for (const [entropy, phrase, seed] of vectors) {
      expect(wordsOfEntropy(hexToBytes(entropy)).join(' ')).toBe(phrase);
      expect(bytesToHex(entropyOfPhrase(phrase))).toBe(entropy);
      expect(bytesToHex(seedOf(hexToBytes(entropy), utf8(passphrase)))).toBe(seed);
    }
    expect(vectors.length).toBe(24);
  });

  it('makes the English mnemonics of ethers with their passphrases, and their BIP-32 nodes', () => {
    const cases = readCases<
      readonly {
        locale: string;
        phrase: string;
        password: string;
        entropy: string;
        seed: string;
        nodes: readonly { path: string; privateKey: string; publicKey: string }[];
      }[]
    >('crypto/bip39/ethers_mnemonics_a.json').filter(({ locale }) => locale === 'en');
    expect(cases.length).toBeGreaterThan(3);
    for (const { phrase, password, entropy, seed, nodes } of cases) {
      const text = Buffer.from(hexToBytes(phrase)).toString('utf8');
      expect(`0x${bytesToHex(mnemonicToEntropy(text, wordlist))}`).toBe(entropy);
      expect(entropyToMnemonic(hexToBytes(entropy), wordlist)).toBe(text);
      expect(`0x${bytesToHex(seedOf(hexToBytes(entropy), hexToBytes(password)))}`).toBe(seed);
      const root = HDKey.fromMasterSeed(hexToBytes(seed));
      for (const node of nodes) {
        const derived = root.derive(node.path);
        expect(`0x${bytesToHex(derived.privateKey ?? new Uint8Array())}`).toBe(node.privateKey);
      }
    }
  }, 60_000);

  it('derives the BIP-32 test vectors', () => {
    for (const { seed, chain } of readCases<
      readonly { seed: string; chain: readonly { path: string; xpub: string; xprv: string }[] }[]
    >('crypto/bip32/bip32_vectors_1-3.json')) {
      const root = HDKey.fromMasterSeed(hexToBytes(seed));
      for (const { path, xpub, xprv } of chain) {
        const node = root.derive(path);
        expect(node.publicExtendedKey).toBe(xpub);
        expect(node.privateExtendedKey).toBe(xprv);
      }
    }
  });

  it('derives the accounts that every Ethereum wallet derives', () => {
    const keys = deriveAccounts(
      {
        entropy: entropyOfPhrase('test test test test test test test test test test test junk'),
        passphrase: new Uint8Array(),
        createdAt: [0, 0, 0],
      },
      3,
    );
    expect(keys.map(addressOfPrivateKey)).toEqual([
      '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
      '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
      '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC',
    ]);
  });

  it('opens the keystores of ethereum/tests, given the address they do not name', async () => {
    const cases = readCases<Record<string, { json: unknown; password: string; priv: string }>>(
      'crypto/keystore_v3/ethereum_tests_keystore_a.json',
    );
    for (const { json, password, priv } of Object.values(cases)) {
      const address = addressOfPrivateKey(hexToBytes(priv));
      expect(bytesToHex(await openKeystore(JSON.stringify(json), password, address))).toBe(priv);
      await expect(openKeystore(JSON.stringify(json), password)).rejects.toMatchObject({
        code: 'vault/invalid-keystore',
        details: { reason: 'address-missing' },
      });
    }
    expect(Object.keys(cases).length).toBe(3);
  });

  it('opens the keystores of ethers and refuses the presale wallet', async () => {
    const cases = readCases<
      readonly { name: string; type: string; address: string; password: string; content: string }[]
    >('crypto/keystore_v3/ethers_wallets_a.json');
    for (const { type, address, password, content } of cases) {
      const open = openKeystore(content, Buffer.from(hexToBytes(password)).toString('utf8'));
      if (type === 'keystore') expect(addressOfPrivateKey(await open)).toBe(address);
      else await expect(open).rejects.toMatchObject({ code: 'vault/invalid-keystore' });
    }
    expect(cases.length).toBe(5);
  }, 60_000);
});
