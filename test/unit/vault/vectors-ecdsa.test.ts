import { createHash } from 'node:crypto';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOfPrivateKey } from '../../../src/main/vault/address';
import { signDigests, warmUp } from '../../../src/main/vault/batch-signer';
import {
  CURVE_ORDER,
  checkSelf,
  derivePublicKey,
  isPrivateKey,
  recoverPublicKey,
  signDigest,
  verifyDigest,
} from '../../../src/main/vault/secp256k1';
import { bytesToHex, hasCases, hexToBytes, readCases } from '../../support/cases';

type WycheproofEcdsa = {
  readonly testGroups: readonly {
    readonly publicKey: { readonly uncompressed: string };
    readonly tests: readonly {
      readonly tcId: number;
      readonly comment: string;
      readonly msg: string;
      readonly sig: string;
      readonly result: 'valid' | 'invalid' | 'acceptable';
    }[];
  }[];
};

/** Strict DER: SEQUENCE of two minimal positive INTEGERs, nothing else. `null` for anything else. */
const parseDer = (bytes: Uint8Array): Uint8Array | null => {
  const readInteger = (at: number): { value: Uint8Array; next: number } | null => {
    const length = bytes[at + 1];
    if (bytes[at] !== 2 || length === undefined || length === 0 || length > 33) return null;
    const value = bytes.slice(at + 2, at + 2 + length);
    if (value.length !== length || (value[0] ?? 0x80) >= 0x80) return null;
    if (value[0] === 0 && (value[1] ?? 0) < 0x80) return null;
    return { value: value[0] === 0 ? value.slice(1) : value, next: at + 2 + length };
  };
  if (bytes[0] !== 0x30 || bytes[1] !== bytes.length - 2 || bytes.length > 72) return null;
  const r = readInteger(2);
  const s = r && readInteger(r.next);
  if (!r || !s || s.next !== bytes.length || r.value.length > 32 || s.value.length > 32) return null;
  const compact = new Uint8Array(64);
  compact.set(r.value, 32 - r.value.length);
  compact.set(s.value, 64 - s.value.length);
  return compact;
};

const compactOf = (signature: { readonly r: Uint8Array; readonly s: Uint8Array }): Uint8Array =>
  new Uint8Array(Buffer.concat([signature.r, signature.s]));

describe.skipIf(!hasCases('crypto'))('published ECDSA vectors', () => {
  for (const [file, lowS, total] of [
    ['ecdsa_secp256k1_sha256_bitcoin_test', true, 463],
    ['ecdsa_secp256k1_sha256_test', false, 476],
  ] as const) {
    it(`agrees with Wycheproof ${file}`, () => {
      const { testGroups } = readCases<WycheproofEcdsa>(`crypto/wycheproof/${file}.json`);
      const wrong: string[] = [];
      let count = 0;
      for (const { publicKey, tests } of testGroups) {
        const key = hexToBytes(publicKey.uncompressed);
        for (const test of tests) {
          count += 1;
          const compact = parseDer(hexToBytes(test.sig));
          const digest = new Uint8Array(createHash('sha256').update(hexToBytes(test.msg)).digest());
          const isValid = compact !== null && verifyDigest(compact, digest, key, { lowS });
          if (isValid !== (test.result === 'valid')) wrong.push(`${test.tcId} ${test.comment}`);
        }
      }
      expect(wrong).toEqual([]);
      expect(count).toBe(total);
    }, 60_000);
  }

  it('signs the deterministic vectors byte for byte, singly and in batches', () => {
    const cases = readCases<readonly { d: string; m: string; signature: string }[]>(
      'crypto/rfc6979/ecdsa_deterministic_valid_a.json',
    );
    const items = cases.map(({ d, m }) => ({ digest: hexToBytes(m), privateKey: hexToBytes(d) }));
    const single = items.map(({ digest, privateKey }) =>
      bytesToHex(compactOf(signDigest(digest, privateKey))),
    );
    const batch = signDigests(items).map((signature) => bytesToHex(compactOf(signature)));
    const expected = cases.map(({ signature }) => signature);
    expect(single).toEqual(expected);
    expect(batch).toEqual(expected);
    expect(cases.length).toBe(1400);
  }, 60_000);

  it('derives the nonces of RFC 6979', () => {
    const cases = readCases<readonly { message: string; d: string; k0: string }[]>(
      'crypto/rfc6979/rfc6979_k.json',
    );
    for (const { message, d, k0 } of cases) {
      const digest = new Uint8Array(createHash('sha256').update(message).digest());
      // r is the x coordinate of k·G, so the nonce shows in r.
      const expected = bytesToHex(derivePublicKey(hexToBytes(k0), 'compressed').subarray(1));
      expect(bytesToHex(signDigest(digest, hexToBytes(d)).r)).toBe(expected);
    }
    expect(cases.length).toBe(10);
  });

  it('derives the published addresses with their EIP-55 checksum', () => {
    const cases = readCases<readonly { privateKey: string; address: string }[]>(
      'crypto/addresses/ethers_accounts_a.json',
    );
    for (const { privateKey, address } of cases) {
      expect(addressOfPrivateKey(hexToBytes(privateKey))).toBe(address);
    }
    expect(cases.length).toBeGreaterThan(100);
  });
});

const privateKeys = fc.uint8Array({ minLength: 32, maxLength: 32 }).filter((bytes) => isPrivateKey(bytes));
const digests = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('signatures', () => {
  it('passes its self-check', () => {
    expect(() => checkSelf()).not.toThrow();
    expect(() => warmUp()).not.toThrow();
  });

  it('refuses keys outside 1..n-1 and digests that are not 32 bytes', () => {
    const zero = new Uint8Array(32);
    const order = hexToBytes(CURVE_ORDER.toString(16));
    for (const key of [zero, order, new Uint8Array(31).fill(1), new Uint8Array(33).fill(1)]) {
      expect(isPrivateKey(key)).toBe(false);
      expect(() => signDigest(zero, key)).toThrow();
      expect(() => signDigests([{ digest: zero, privateKey: key }])).toThrow();
    }
    const one = Uint8Array.from({ length: 32 }, (_, i) => (i === 31 ? 1 : 0));
    expect(() => signDigest(new Uint8Array(31), one)).toThrow();
    expect(() => signDigests([{ digest: new Uint8Array(33), privateKey: one }])).toThrow();
  });

  it('is deterministic, low-s, verifiable by another implementation, and recovers to its key', () => {
    fc.assert(
      fc.property(privateKeys, digests, (privateKey, digest) => {
        const signature = signDigest(digest, privateKey);
        expect(signDigest(digest, privateKey)).toEqual(signature);
        expect(BigInt(`0x${bytesToHex(signature.s)}`) <= CURVE_ORDER >> 1n).toBe(true);
        const publicKey = derivePublicKey(privateKey, 'uncompressed');
        expect(
          secp256k1.verify(compactOf(signature), digest, publicKey, { prehash: false, lowS: true }),
        ).toBe(true);
        expect(recoverPublicKey(signature, digest)).toEqual(publicKey);
      }),
      { numRuns: 150 },
    );
  });

  it('signs batches to the same bytes as one by one, for any keys and digests', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ privateKey: privateKeys, digest: digests }), { minLength: 1, maxLength: 40 }),
        (items) => {
          const expected = items.map(({ digest, privateKey }) => signDigest(digest, privateKey));
          expect(signDigests(items)).toEqual(expected);
        },
      ),
      { numRuns: 100 },
    );
  }, 60_000);

  it('signs edge keys in batches', () => {
    const edge = [
      1n,
      2n,
      511n,
      512n,
      513n,
      1023n,
      1024n,
      CURVE_ORDER - 1n,
      CURVE_ORDER - 2n,
      CURVE_ORDER >> 1n,
    ];
    const items = edge.flatMap((key) =>
      [0n, 1n, CURVE_ORDER - 1n, CURVE_ORDER, (1n << 256n) - 1n].map((digest) => ({
        privateKey: hexToBytes(key.toString(16).padStart(64, '0')),
        digest: hexToBytes(digest.toString(16).padStart(64, '0')),
      })),
    );
    expect(signDigests(items)).toEqual(items.map(({ digest, privateKey }) => signDigest(digest, privateKey)));
  });

  it('gives distinct digests distinct nonces', () => {
    const privateKey = hexToBytes('11'.repeat(32));
    const items = Array.from({ length: 10_000 }, (_, index) => ({
      privateKey,
      digest: new Uint8Array(createHash('sha256').update(String(index)).digest()),
    }));
    const seen = new Set(signDigests(items).map(({ r }) => bytesToHex(r)));
    expect(seen.size).toBe(items.length);
  }, 60_000);
});
