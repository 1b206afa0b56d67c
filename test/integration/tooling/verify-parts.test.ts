/** The parts of the stranger's check against published cases, and against what it must not share. */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { keccak_256 } from '@noble/hashes/sha3.js';
import fc from 'fast-check';
import { parseSync } from 'rolldown/utils';
import { describe, expect, it } from 'vitest';
import { addressOf, checksumAddress, toHex, word } from '../../../scripts/verify/bytes.mjs';
import { NotCanonical, parseCanonical, sourceOf } from '../../../scripts/verify/json.mjs';
import { keccak256 } from '../../../scripts/verify/keccak.mjs';
import {
  createVerifier,
  isOnCurve,
  N,
  publicKeyOf,
  recover,
  verify,
} from '../../../scripts/verify/secp256k1.mjs';
import { rlp } from '../../../scripts/verify/transaction.mjs';
import { hashStruct, hashTypedData } from '../../../scripts/verify/typed-data.mjs';
import { type Canonical, canonicalJson } from '../../../src/shared/canonical';
import { REPO_ROOT } from '../../support/bundle-children';
import { hexToBytes, readCases } from '../../support/cases';

const SCRIPTS = join(REPO_ROOT, 'scripts');
const text = (value: string) => new TextEncoder().encode(value);
const FIELD = 2n ** 256n - 2n ** 32n - 977n;
const number = (hex: string) => BigInt(`0x${hex}`);

describe('the stranger’s check', () => {
  it('imports its own files and three modules of Node, nothing else', () => {
    const files = ['verify.mjs', ...readdirSync(join(SCRIPTS, 'verify')).map((name) => `verify/${name}`)];
    const sources = files.filter((name) => name.endsWith('.mjs'));
    expect(sources.length).toBeGreaterThan(10);
    const allowed = ['node:crypto', 'node:fs', 'node:util'];
    for (const name of sources) {
      const { program } = parseSync(name, readFileSync(join(SCRIPTS, name), 'utf8'));
      const said = JSON.stringify(program, (_key, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      );
      // Nothing is loaded in a way that a list of imports does not show.
      expect(said, name).not.toMatch(/"type":"ImportExpression"|"name":"(?:require|createRequire|fetch)"/);
      for (const statement of program.body as { type: string; source?: { value: string } | null }[]) {
        const from = statement.source?.value;
        if (from === undefined || allowed.includes(from)) continue;
        const own = name.startsWith('verify/') ? /^\.\/[a-z0-9-]+\.mjs$/ : /^\.\/verify\/[a-z0-9-]+\.mjs$/;
        expect(from, name).toMatch(own);
        expect(builtinModules).not.toContain(from);
      }
    }
  });
});

describe('keccak-256', () => {
  it.each([
    ['', 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'],
    ['abc', '4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45'],
    ['testing', '5f16f4c7f149ac4f9510d9cf8cf384038ad348b3bcdc01915f95de12df9d1b02'],
  ])('of %j is as published', (message, hash) => {
    expect(toHex(keccak256(text(message)))).toBe(`0x${hash}`);
  });

  it('is that of another implementation at every length around its blocks', () => {
    for (let length = 0; length < 300; length += 1) {
      const bytes = Uint8Array.from({ length }, (_, at) => (at * 7 + length) & 255);
      expect(toHex(keccak256(bytes)), String(length)).toBe(toHex(keccak_256(bytes)));
    }
  });
});

type Group = {
  readonly publicKey: { readonly wx: string; readonly wy: string };
  readonly tests: readonly { tcId: number; msg: string; sig: string; result: string; flags: string[] }[];
};
/** Strict DER of two positive integers; `null` for everything else. */
const readDer = (hex: string): { r: bigint; s: bigint } | null => {
  const match = /^30(..)02(..)/.exec(hex);
  if (!match || number(match[1] as string) !== BigInt(hex.length / 2 - 2)) return null;
  const parts: bigint[] = [];
  let at = 4;
  for (let part = 0; part < 2; part += 1) {
    const length = Number.parseInt(hex.slice(at + 2, at + 4), 16) * 2;
    const body = hex.slice(at + 4, at + 4 + length);
    if (hex.slice(at, at + 2) !== '02' || length === 0 || body.length !== length) return null;
    if (body >= '80' || /^00(?:[0-7]|$)/.test(body)) return null;
    parts.push(number(body));
    at += 4 + length;
  }
  return at === hex.length ? { r: parts[0] as bigint, s: parts[1] as bigint } : null;
};
const sha256 = async (hex: string): Promise<bigint> =>
  BigInt(toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', hexToBytes(hex) as BufferSource))));

describe('secp256k1', () => {
  it.each(['ecdsa_secp256k1_sha256_test.json', 'ecdsa_secp256k1_sha256_bitcoin_test.json'])(
    'judges every case of Wycheproof’s %s',
    async (file) => {
      const { testGroups } = readCases<{ testGroups: readonly Group[] }>(`crypto/wycheproof/${file}`);
      let valid = 0;
      let invalid = 0;
      for (const { publicKey, tests } of testGroups) {
        const key = { x: number(publicKey.wx), y: number(publicKey.wy) };
        for (const { tcId, msg, sig, result } of tests) {
          const signature = readDer(sig);
          const isLow = signature !== null && signature.s <= N / 2n;
          const isGood =
            signature !== null &&
            (isLow || !file.includes('bitcoin')) &&
            verify(await sha256(msg), signature, key);
          if (result === 'valid') {
            expect(isGood, `case ${tcId}`).toBe(true);
            valid += 1;
            // The same by recovery, as files hold it: exactly one of the two points is the key's. A point with an x above
            // the order, which some cases have, is none that a file can name (and none that anybody meets by chance).
            if (signature && isLow) {
              const hash = await sha256(msg);
              const found = [0, 1].filter((yParity) => {
                const point = recover(hash, { ...signature, yParity });
                return point?.x === key.x && point.y === key.y;
              });
              if (signature.r >= FIELD - N) expect(found, `case ${tcId}`).toHaveLength(1);
            }
          } else if (result === 'invalid') {
            expect(isGood, `case ${tcId}`).toBe(false);
            invalid += 1;
          }
        }
      }
      expect(valid).toBeGreaterThan(100);
      expect(invalid).toBeGreaterThan(100);
    },
  );

  it('takes the signatures of RFC 6979, by recovery and by table, and no changed one', () => {
    const cases = readCases<readonly { d: string; m: string; signature: string }[]>(
      'crypto/rfc6979/ecdsa_deterministic_valid_a.json',
    );
    for (const { d, m, signature } of cases.slice(0, 12)) {
      const key = publicKeyOf(number(d));
      const [r, s] = [number(signature.slice(0, 64)), number(signature.slice(64))];
      const hash = number(m);
      const check = createVerifier(key);
      const parities = [0, 1].filter((yParity) => check(hash, { r, s, yParity }));
      expect(parities).toHaveLength(1);
      const yParity = parities[0] as number;
      expect(recover(hash, { r, s, yParity })).toEqual(key);
      expect(check(hash + 1n, { r, s, yParity })).toBe(false);
      expect(check(hash, { r: r + 1n, s, yParity })).toBe(false);
      expect(check(hash, { r, s: s + 1n, yParity })).toBe(false);
      // Its twin with the other s is not taken (EIP-2).
      expect(check(hash, { r, s: N - s, yParity: 1 - yParity })).toBe(false);
      expect(recover(hash, { r, s: N - s, yParity: 1 - yParity })).toBeNull();
    }
  });

  it('gives the addresses that others give to private keys', () => {
    const cases = readCases<readonly { privateKey: string; address: string }[]>(
      'crypto/addresses/ethers_accounts_a.json',
    );
    for (const { privateKey, address } of cases.slice(0, 200)) {
      const key = publicKeyOf(BigInt(privateKey));
      expect(isOnCurve(key)).toBe(true);
      expect(addressOf(key)).toBe(address);
      expect(checksumAddress(address.toLowerCase())).toBe(address);
    }
  });

  it('knows no key for what is out of range', () => {
    for (const [r, s] of [
      [0n, 1n],
      [1n, 0n],
      [N, 1n],
      [1n, N],
      [5n, 1n],
    ] as const)
      expect(recover(1n, { r, s, yParity: 0 })).toBeNull();
  });
});

describe('EIP-712', () => {
  type Case = {
    domain: Record<string, unknown>;
    primaryType: string;
    types: Record<string, { name: string; type: string }[]>;
    data: Record<string, unknown>;
    digest: string;
  };
  const DOMAIN = [
    ['string', 'name'],
    ['string', 'version'],
    ['uint256', 'chainId'],
    ['address', 'verifyingContract'],
    ['bytes32', 'salt'],
  ] as const;

  it.each(['ethers5_eip712_a.json', 'ethers_typed-data_a.json'])('hashes the flat cases of %s', (file) => {
    let flat = 0;
    for (const { domain, primaryType, types, data, digest } of readCases<readonly Case[]>(
      `evm/eip712/${file}`,
    )) {
      const members = (types[primaryType] ?? []).map(({ type, name }) => [type, name]);
      if (members.some(([type]) => !/^(?:string|bool|address|bytes\d*|u?int\d+)$/.test(type ?? ''))) continue;
      const given = DOMAIN.filter(([, name]) => name in domain);
      expect(
        word(
          hashTypedData(hashStruct('EIP712Domain', given, domain), hashStruct(primaryType, members, data)),
        ),
      ).toEqual(Buffer.from(hexToBytes(digest)));
      flat += 1;
    }
    expect(flat).toBeGreaterThan(20);
  });
});

describe('RLP', () => {
  it.each([
    [text('dog'), '83646f67'],
    [[text('cat'), text('dog')], 'c88363617483646f67'],
    [text(''), '80'],
    [[], 'c0'],
    [Uint8Array.of(0), '00'],
    [Uint8Array.of(0x0f), '0f'],
    [Uint8Array.of(0x04, 0x00), '820400'],
    [[[], [[]], [[], [[]]]], 'c7c0c1c0c3c0c1c0'],
    [
      text('Lorem ipsum dolor sit amet, consectetur adipisicing elit'),
      'b8384c6f72656d20697073756d20646f6c6f722073697420616d65742c20636f6e7365637465747572206164697069736963696e6720656c6974',
    ],
  ])('is as published (%#)', (item, hex) => {
    expect(toHex(rlp(item as never))).toBe(`0x${hex}`);
  });
});

describe('canonical JSON', () => {
  const values = fc.letrec<{ value: Canonical }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, true, false),
      fc.maxSafeInteger().map((value) => value + 0),
      fc.string({ unit: 'grapheme' }).filter((value) => !/\p{Cs}/u.test(value)),
      fc.string({ unit: 'binary-ascii' }),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string({ unit: 'binary-ascii', maxLength: 6 }), tie('value'), { maxKeys: 4 }),
    ),
  })).value;

  it('is read as what it was written from, and keeps the text of each part', () => {
    fc.assert(
      fc.property(values, (value) => {
        const written = canonicalJson(value);
        const read = parseCanonical(written) as Canonical;
        expect(canonicalJson(read)).toBe(written);
        if (read !== null && typeof read === 'object') expect(sourceOf(read)).toBe(written);
      }),
      { numRuns: 300 },
    );
  });

  it('is the only text that is read', () => {
    let refused = 0;
    fc.assert(
      fc.property(
        values,
        fc.nat(),
        fc.constantFrom('insert', 'delete', 'replace', 'swap'),
        fc.constantFrom(...' \n{}[]",:0123456789-+.eEtfn\\u/\u0000é'),
        (value, place, kind, sign) => {
          const written = canonicalJson(value);
          const at = place % written.length;
          const changed = {
            insert: written.slice(0, at) + sign + written.slice(at),
            delete: written.slice(0, at) + written.slice(at + 1),
            replace: written.slice(0, at) + sign + written.slice(at + 1),
            swap: written.slice(0, at) + (written[at + 1] ?? '') + written[at] + written.slice(at + 2),
          }[kind];
          let read: Canonical;
          try {
            read = parseCanonical(changed) as Canonical;
          } catch (error) {
            expect(error).toBeInstanceOf(NotCanonical);
            refused += 1;
            return;
          }
          // What was read has no other form than the text that it was read from.
          expect(canonicalJson(read)).toBe(changed);
        },
      ),
      { numRuns: 3_000 },
    );
    expect(refused).toBeGreaterThan(1_000);
  });

  it.each([
    ['{"a":1,"a":1}', /member "a" twice/],
    ['{"b":1,"a":1}', /out of order/],
    ['{"a":1} ', /after the end/],
    ['{ "a":1}', /expected/],
    ['[1.0]', /no integer/],
    ['[1e2]', /no integer/],
    ['[-0]', /not exact/],
    ['[9007199254740993]', /not exact/],
    ['["\\u0041"]', /not needed/],
    ['["\\/"]', /not needed/],
    ['["\\u000A"]', /not needed/],
    ['["\ud800"]', /half a character/],
    [`${'['.repeat(40)}${']'.repeat(40)}`, /too deep/],
  ])('refuses %s', (written, why) => {
    expect(() => parseCanonical(written)).toThrow(why);
  });
});
