import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeContents,
  encodeContents,
  needsPersonKey,
  type VaultContents,
} from '../../../src/main/vault/contents';
import {
  type EnvelopeKeys,
  openBody,
  parseEnvelope,
  sealEnvelope,
  unwrapDataKey,
} from '../../../src/main/vault/envelope';
import { checkKdfParameters, deriveKek, KDF_FLOOR, PREFERRED_KDF } from '../../../src/main/vault/kdf';
import {
  BODY_BLOCK,
  BODY_NONCE_AT,
  HEADER_BYTES,
  MAX_FILE_BYTES,
  MIN_FILE_BYTES,
  WRAP_NONCE_AT,
} from '../../../src/main/vault/layout';
import { isErrorCode } from '../../../src/shared/errors';
import { encodeContentsV1 } from '../../support/vault-v1';

const bytes = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

/** The key-encryption key is made up: these tests are about the file, not about deriving it. */
const makeKeys = (): EnvelopeKeys => ({
  kdf: PREFERRED_KDF,
  salt: bytes(16),
  kek: bytes(32),
  dataKey: bytes(32),
});

const contents: VaultContents = {
  revision: 7n,
  databaseKey: bytes(32),
  journalKey: bytes(32),
  replicaHead: { count: 12n, headHash: bytes(32) },
  journalHead: { count: 34, head: bytes(32) },
  mode: 'offline',
  personKey: null,
  seed: { entropy: bytes(32), passphrase: new TextEncoder().encode('extra ü'), createdAt: [1, 2, 3] },
  imported: [{ privateKey: bytes(32), createdAt: 4 }],
};

const open = (file: Uint8Array, kek: Uint8Array): VaultContents => {
  const envelope = parseEnvelope(file);
  return decodeContents(openBody(envelope, unwrapDataKey(envelope, kek)));
};

/** The code with which a file is refused, or `opened`. */
const outcome = (file: Uint8Array, kek: Uint8Array): string => {
  try {
    open(file, kek);
    return 'opened';
  } catch (error) {
    const { code } = error as { code?: unknown };
    return isErrorCode(code) ? code : `stray ${String(error)}`;
  }
};

/** An attacker repairs the checksum, which is no secret. */
const withChecksum = (file: Uint8Array): Uint8Array => {
  const copy = file.slice();
  if (copy.length < 32) return copy;
  copy.set(
    createHash('sha256')
      .update(copy.subarray(0, copy.length - 32))
      .digest(),
    copy.length - 32,
  );
  return copy;
};

describe('the vault file', () => {
  it('gives back what was sealed', () => {
    const keys = makeKeys();
    expect(open(sealEnvelope(keys, encodeContents(contents)), keys.kek)).toEqual(contents);
  });

  it('gives back any contents', () => {
    const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const time = fc.integer({ min: 0, max: 8_640_000_000_000_000 });
    const anyContents: fc.Arbitrary<VaultContents> = fc
      .record({
        revision: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
        databaseKey: bytes32,
        journalKey: bytes32,
        replicaHead: fc.option(
          fc.record({ count: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), headHash: bytes32 }),
        ),
        journalHead: fc.option(fc.record({ count: fc.maxSafeNat(), head: bytes32 })),
        mode: fc.constantFrom('online' as const, 'offline' as const),
        seed: fc.option(
          fc.record({
            entropy: fc
              .constantFrom(16, 20, 24, 28, 32)
              .chain((length) => fc.uint8Array({ minLength: length, maxLength: length })),
            passphrase: fc.uint8Array({ maxLength: 100 }),
            createdAt: fc.array(time, { maxLength: 50 }),
          }),
        ),
        imported: fc.array(fc.record({ privateKey: bytes32, createdAt: time }), { maxLength: 20 }),
        random: bytes32,
      })
      .map(({ random, ...rest }) => ({ ...rest, personKey: rest.seed ? null : random }));
    const keys = makeKeys();
    fc.assert(
      fc.property(anyContents, (value) => {
        expect(open(sealEnvelope(keys, encodeContents(value)), keys.kek)).toEqual(value);
      }),
      { numRuns: 100 },
    );
  });

  it('tells little by its size', () => {
    const keys = makeKeys();
    const small = sealEnvelope(
      keys,
      encodeContents({
        ...contents,
        seed: null,
        personKey: bytes(32),
        imported: [],
        replicaHead: null,
        journalHead: null,
      }),
    );
    const large = sealEnvelope(keys, encodeContents(contents));
    expect(small.length).toBe(large.length);
    expect(small.length).toBe(MIN_FILE_BYTES);
  });

  it('refuses every flipped bit, whether or not the checksum is repaired, and never opens', () => {
    const keys = makeKeys();
    const file = sealEnvelope(keys, encodeContents(contents));
    const expected = [
      'vault/corrupt',
      'vault/wrong-passphrase',
      'vault/newer-version',
      'vault/unsafe-parameters',
    ];
    const seen = new Set<string>();
    const wrong: string[] = [];
    for (let at = 0; at < file.length; at += 1) {
      // Every bit of what is not the padded body, and one bit of each body byte.
      const isBody = at >= HEADER_BYTES && at < file.length - 48;
      for (const bit of isBody ? [at % 8] : [0, 1, 2, 3, 4, 5, 6, 7]) {
        const damaged = file.slice();
        damaged[at] = (damaged[at] as number) ^ (1 << bit);
        const plain = outcome(damaged, keys.kek);
        // Only the version number may be read differently; every other damage has one answer.
        const isVersion = at === 8 || at === 9;
        if (plain !== 'vault/corrupt' && !(isVersion && plain === 'vault/newer-version'))
          wrong.push(`${at}: ${plain}`);
        if (at < file.length - 32) {
          const repaired = outcome(withChecksum(damaged), keys.kek);
          seen.add(repaired);
          if (!expected.includes(repaired)) wrong.push(`${at} repaired: ${repaired}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect([...seen].sort()).toEqual(expected.sort());
  }, 60_000);

  it('refuses every length but its own', () => {
    const keys = makeKeys();
    const file = sealEnvelope(keys, encodeContents(contents));
    const wrong: string[] = [];
    for (let length = 0; length < file.length; length += 1) {
      const cut = file.slice(0, length);
      // Below the header's length a new checksum would overwrite the version number itself.
      for (const part of length < HEADER_BYTES + 32 ? [cut] : [cut, withChecksum(cut)]) {
        if (outcome(part, keys.kek) !== 'vault/corrupt') wrong.push(`${length}: ${outcome(part, keys.kek)}`);
      }
    }
    for (const extra of [1, 31, 32, 4096]) {
      const longer = new Uint8Array(file.length + extra);
      longer.set(file);
      if (outcome(withChecksum(longer), keys.kek) !== 'vault/corrupt') wrong.push(`+${extra}`);
    }
    expect(wrong).toEqual([]);
  }, 60_000);

  it('refuses a wrong key and parts of another generation', () => {
    const keys = makeKeys();
    const first = sealEnvelope(keys, encodeContents(contents));
    const second = sealEnvelope(keys, encodeContents({ ...contents, revision: 8n }));
    expect(outcome(first, bytes(32))).toBe('vault/wrong-passphrase');
    // Same keys, same sizes: the body of one under the header of the other.
    for (const [head, body] of [
      [first, second],
      [second, first],
    ] as const) {
      const spliced = head.slice();
      spliced.set(body.subarray(HEADER_BYTES), HEADER_BYTES);
      expect(outcome(withChecksum(spliced), keys.kek)).toBe('vault/corrupt');
    }
  });

  it('binds the body to the whole header, also where both parts are genuine', () => {
    const keys = makeKeys();
    const first = sealEnvelope(keys, encodeContents(contents));
    const second = sealEnvelope(keys, encodeContents({ ...contents, revision: 8n }));
    // The same data key, wrapped twice under the same passphrase: either wrapping opens on its own.
    const spliced = first.slice();
    spliced.set(second.subarray(WRAP_NONCE_AT, BODY_NONCE_AT), WRAP_NONCE_AT);
    const envelope = parseEnvelope(withChecksum(spliced));
    expect(unwrapDataKey(envelope, keys.kek)).toEqual(keys.dataKey);
    expect(outcome(withChecksum(spliced), keys.kek)).toBe('vault/corrupt');
  });

  it('never repeats a nonce', () => {
    const keys = makeKeys();
    const plain = encodeContents(contents);
    const nonces = new Set<string>();
    for (let i = 0; i < 500; i += 1) {
      const header = sealEnvelope(keys, plain).subarray(0, HEADER_BYTES);
      nonces.add(Buffer.from(header.subarray(39, 63)).toString('hex'));
      nonces.add(Buffer.from(header.subarray(111, 135)).toString('hex'));
    }
    expect(nonces.size).toBe(1000);
  });

  it('leaves a newer version alone, whatever else it holds', () => {
    const file = sealEnvelope(makeKeys(), encodeContents(contents));
    new DataView(file.buffer).setUint16(8, 2);
    expect(() => parseEnvelope(file)).toThrowError(
      expect.objectContaining({ code: 'vault/newer-version', details: { version: 2 } }),
    );
    expect(() => parseEnvelope(file.slice(0, 40))).toThrowError(
      expect.objectContaining({ code: 'vault/newer-version' }),
    );
  });

  it('refuses parameters below the floor and above the cap, before spending memory', async () => {
    const file = sealEnvelope(makeKeys(), encodeContents(contents));
    const before = process.memoryUsage().rss;
    const start = performance.now();
    for (const [memory, passes, lanes] of [
      [64 * 1024 - 1, 3, 1],
      [0, 3, 1],
      [1024 * 1024 + 1, 3, 1],
      [0xffffffff, 3, 1],
      [256 * 1024, 2, 1],
      [256 * 1024, 11, 1],
      [256 * 1024, 0xffffffff, 1],
      [256 * 1024, 3, 0],
      [256 * 1024, 3, 5],
    ] as const) {
      const crafted = file.slice();
      const view = new DataView(crafted.buffer);
      view.setUint32(11, memory);
      view.setUint32(15, passes);
      view.setUint32(19, lanes);
      expect(outcome(withChecksum(crafted), bytes(32))).toBe('vault/unsafe-parameters');
      await expect(deriveKek('any', bytes(16), { memoryKib: memory, passes, lanes })).rejects.toMatchObject({
        code: 'vault/unsafe-parameters',
      });
    }
    expect(performance.now() - start).toBeLessThan(1000);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
    expect(() => checkKdfParameters(KDF_FLOOR)).not.toThrow();
  });

  it('refuses files of the wrong size before reading anything in them', () => {
    for (const size of [0, 1, 9, MIN_FILE_BYTES - 1, MAX_FILE_BYTES + 1]) {
      expect(outcome(new Uint8Array(size), bytes(32))).toBe('vault/corrupt');
    }
    expect((MAX_FILE_BYTES - MIN_FILE_BYTES) % BODY_BLOCK).toBe(0);
  });

  it('refuses random bytes after a right beginning', () => {
    const file = sealEnvelope(makeKeys(), encodeContents(contents));
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 6000 }), fc.nat({ max: 200 }), (tail, keep) => {
        const crafted = new Uint8Array(Buffer.concat([file.subarray(0, keep), tail]));
        expect(outcome(withChecksum(crafted), bytes(32))).toMatch(
          /^vault\/(corrupt|newer-version|unsafe-parameters|wrong-passphrase)$/,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('refuses contents that are cut or have something behind them', () => {
    const plain = encodeContents(contents);
    for (let length = 0; length < plain.length; length += 1) {
      expect(() => decodeContents(plain.slice(0, length))).toThrowError(
        expect.objectContaining({ code: 'vault/corrupt' }),
      );
    }
    expect(() => decodeContents(new Uint8Array([...plain, 0]))).toThrow();
  });

  it('refuses contents with two sources of the person key, or none', () => {
    expect(() => encodeContents({ ...contents, personKey: bytes(32) })).toThrow();
    expect(() => encodeContents({ ...contents, seed: null })).toThrow();
    // As bytes: the last 33 are the flag and the key of a vault without a seed.
    const plain = encodeContents({ ...contents, seed: null, personKey: bytes(32) });
    const without = plain.slice(0, plain.length - 32);
    without[without.length - 1] = 0;
    expect(() => decodeContents(without)).toThrowError(expect.objectContaining({ code: 'vault/corrupt' }));
  });

  it('says that newer contents are newer, and that no such mode exists', () => {
    const plain = encodeContents({ ...contents, replicaHead: null, journalHead: null });
    expect(() => decodeContents(new Uint8Array([3, ...plain.slice(1)]))).toThrowError(
      expect.objectContaining({ code: 'vault/newer-version', details: { version: 3 } }),
    );
    expect(() => decodeContents(new Uint8Array([0, ...plain.slice(1)]))).toThrowError(
      expect.objectContaining({ code: 'vault/corrupt' }),
    );
    const MODE_AT = 1 + 8 + 32 + 32 + 1 + 1;
    expect(plain[MODE_AT]).toBe(1);
    const wrongMode = plain.slice();
    wrongMode[MODE_AT] = 2;
    expect(() => decodeContents(wrongMode)).toThrowError(expect.objectContaining({ code: 'vault/corrupt' }));
  });

  it('reads contents of version 1', () => {
    const seed = { entropy: bytes(16), passphrase: new Uint8Array([0x61]), createdAt: [5] };
    const { seed: _seed, ...rest } = contents;
    const withSeed = decodeContents(encodeContentsV1({ ...contents, seed }));
    expect(withSeed).toEqual({ ...rest, seed, journalHead: null, mode: 'online', personKey: null });
    expect(needsPersonKey(withSeed)).toBe(false);
    const without = decodeContents(encodeContentsV1({ ...contents, seed: null }));
    expect(without).toEqual({ ...rest, seed: null, journalHead: null, mode: 'online', personKey: null });
    expect(needsPersonKey(without)).toBe(true);
    const plain = encodeContentsV1(contents);
    for (let length = 0; length < plain.length; length += 1) {
      expect(() => decodeContents(plain.slice(0, length))).toThrowError(
        expect.objectContaining({ code: 'vault/corrupt' }),
      );
    }
    expect(() => decodeContents(new Uint8Array([...plain, 0]))).toThrow();
  });
});
