import { createHash } from 'node:crypto';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak256, parseTransaction, recoverTransactionAddress } from 'viem';
import { describe, expect, test } from 'vitest';
import { checkSignatures, type SignatureToCheck } from '../../../src/main/envelopes/secp256k1-batch';
import {
  checkTransactionSignatures,
  sealTransaction,
  signaturesOf,
} from '../../../src/main/envelopes/signatures';
import { signDigests } from '../../../src/main/vault/batch-signer';
import { AppError } from '../../../src/shared/errors';
import type { Act } from '../../../src/shared/model/envelope';
import { Signature } from '../../../src/shared/model/people';
import {
  accountKey,
  envelopeFixture,
  SECOND_APPROVER,
  SIGNER,
  signingAct,
  signLines,
  testKey,
  transactionHash as unsignedHash,
} from '../../support/envelope-fixture';

const ORDER = secp256k1.Point.Fn.ORDER;
const PRIME = secp256k1.Point.Fp.ORDER;
const key = testKey('signatures');
const publicKey = secp256k1.getPublicKey(key.privateKey, false);
const toNumber = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
const hashOf = (text: string): Uint8Array => createHash('sha256').update(text).digest();

const signAll = (texts: readonly string[], privateKey = key.privateKey): SignatureToCheck[] =>
  signDigests(texts.map((text) => ({ digest: hashOf(text), privateKey }))).map(
    ({ r, s, yParity }, index) => ({
      hash: hashOf(texts[index] as string),
      r: toNumber(r),
      s: toNumber(s),
      yParity,
    }),
  );
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `message ${index}`);

/** What the library says of one signature, by its own recovery. */
const byLibrary = ({ hash, r, s, yParity }: SignatureToCheck): boolean => {
  try {
    if (s > ORDER / 2n) return false;
    const point = new secp256k1.Signature(r, s, yParity).recoverPublicKey(hash);
    return Buffer.from(point.toBytes(false)).equals(publicKey);
  } catch {
    return false;
  }
};

describe('a batch check', () => {
  test('takes every good signature, over more than one chunk', () => {
    const items = signAll(numbered(1500));
    expect(checkSignatures(publicKey, items).every(Boolean)).toBe(true);
    expect(checkSignatures(publicKey, [])).toEqual([]);
  }, 120_000);

  test('says of every bad one what the library says, wherever it stands', () => {
    const good = signAll(numbered(130));
    const one = good[3] as SignatureToCheck;
    const foreign = signAll(numbered(10), testKey('another').privateKey);
    const mutants: SignatureToCheck[] = [
      { ...one, r: 0n },
      { ...one, s: 0n },
      { ...one, r: 0n, s: 0n },
      { ...one, r: ORDER },
      { ...one, s: ORDER },
      { ...one, r: one.r + ORDER },
      { ...one, r: PRIME },
      { ...one, r: PRIME - 1n },
      { ...one, r: ORDER - 1n },
      { ...one, r: -one.r },
      { ...one, s: -one.s },
      { ...one, s: ORDER - one.s },
      { ...one, s: ORDER - one.s, yParity: one.yParity === 0 ? 1 : 0 },
      { ...one, yParity: one.yParity === 0 ? 1 : 0 },
      { ...one, yParity: 2 as 0 },
      { ...one, r: one.r + 1n },
      { ...one, s: one.s + 1n },
      { ...one, s: 1n },
      { ...one, r: 1n },
      { ...one, r: 1n, s: 1n },
      { ...one, r: 5n },
      { ...one, hash: hashOf('another message') },
      { ...one, hash: new Uint8Array(32) },
      { ...one, hash: new Uint8Array(32).fill(255) },
      { ...one, hash: Uint8Array.from(one.hash.slice(0, 31)) },
      { ...one, r: one.s, s: one.r },
      ...foreign,
    ];
    const items = good.flatMap((item, index) => [item, mutants[index % mutants.length] as SignatureToCheck]);
    const expected = items.map((item) => (item.hash.length === 32 ? byLibrary(item) : false));
    expect(checkSignatures(publicKey, items)).toEqual(expected);
    expect(expected.filter(Boolean)).toHaveLength(130);
    expect(checkSignatures(publicKey, mutants).some(Boolean)).toBe(false);
  }, 120_000);

  test('leaves meetings of equal and opposite points to the library', () => {
    // With the key 1, Q is G: u1·G + u2·Q meets equal points when u1 = u2, opposite ones when u1 = -u2.
    const keyOne = secp256k1.Point.BASE.toBytes(false);
    for (const [u1, u2] of [
      [1n, 1n],
      [7n, 7n],
      [2n, 1n],
      [1n, ORDER - 1n],
      [128n, 128n],
      [255n, 1n],
      [256n, 256n],
      [3n, ORDER - 1n],
    ] as const) {
      const sum = (u1 + u2) % ORDER;
      const point = sum === 0n ? null : secp256k1.Point.BASE.multiply(sum).toAffine();
      // From R: r = x, s = r / u2, z = u1 · s.
      const r = point === null ? 5n : point.x % ORDER;
      const s0 = secp256k1.Point.Fn.div(r, u2);
      const isHigh = s0 > ORDER / 2n;
      const s = isHigh ? ORDER - s0 : s0;
      const z = secp256k1.Point.Fn.mul(u1, s0);
      const parity = point === null ? 0 : Number(point.y & 1n) ^ Number(isHigh);
      const hash = new Uint8Array(Buffer.from(z.toString(16).padStart(64, '0'), 'hex'));
      const item: SignatureToCheck = { hash, r, s, yParity: parity === 0 ? 0 : 1 };
      let expected = false;
      try {
        expected = new secp256k1.Signature(r, s, item.yParity)
          .recoverPublicKey(hash)
          .equals(secp256k1.Point.BASE);
      } catch {
        expected = false;
      }
      expect(checkSignatures(keyOne, [item, item])).toEqual([expected, expected]);
      expect(expected).toBe(point !== null);
    }
  }, 120_000);
});

const told = (work: () => void): unknown => {
  try {
    work();
    return 'good';
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { code: error.code, ...error.details };
  }
};
const change = (acts: readonly Act[], line: number, to: (signature: Signature) => string): Act[] =>
  acts.map((act) =>
    act.kind === 'sign'
      ? {
          ...act,
          body: {
            ...act.body,
            signatures: act.body.signatures.map((each) =>
              each.line === line ? { line, signature: Signature.parse(to(each.signature)) } : each,
            ),
          },
        }
      : act,
  );

describe('transaction signatures', () => {
  // Few lines go one by one through the library, many by tables.
  test.each([8, 240])('of %i lines are taken, and each wrong one is refused', (lines) => {
    const { content, envelope } = envelopeFixture({ lines, accounts: 3 });
    const check = (acts: readonly Act[]) => told(() => checkTransactionSignatures(content, acts));
    expect(check(envelope.acts)).toBe('good');
    const bad = (line: number) => ({
      code: 'envelope/bad-signature',
      act: 2,
      kind: 'sign',
      name: SIGNER.name,
      line,
    });
    const first = signaturesOf(envelope.acts).get(0) as string;
    for (const line of [0, 1, 5, lines - 1]) {
      const flip = (signature: string) => signature.slice(0, 131) + (signature.endsWith('0') ? '1' : '0');
      expect(check(change(envelope.acts, line, flip))).toEqual(bad(line));
      const high = (signature: string) => {
        const s = ORDER - BigInt(`0x${signature.slice(66, 130)}`);
        return `${signature.slice(0, 66)}${s.toString(16).padStart(64, '0')}${signature.endsWith('0') ? '01' : '00'}`;
      };
      expect(check(change(envelope.acts, line, high))).toEqual(bad(line));
      if (line > 0) expect(check(change(envelope.acts, line, () => first))).toEqual(bad(line));
      expect(check(change(envelope.acts, line, () => `0x${'0'.repeat(130)}`))).toEqual(bad(line));
    }
  });

  test('by keys of other accounts are refused', () => {
    const { content, digest } = envelopeFixture({ lines: 80, accounts: 2 });
    const keys = [accountKey(1), accountKey(0)];
    const act = signingAct({ content, digest }, SIGNER, { keys });
    expect(told(() => checkTransactionSignatures(content, [act]))).toMatchObject({
      code: 'envelope/bad-signature',
    });
  });

  test('of a part of the lines by each of two signers are taken; two different for one line are a conflict', () => {
    const { content, digest } = envelopeFixture({ lines: 12 });
    const scope = { content, digest };
    const of = (account: number) => signLines(content, undefined, (line) => line.account === account);
    const one = signingAct(scope, SIGNER, { signatures: of(0) });
    const two = signingAct(scope, SECOND_APPROVER, { signatures: of(1) });
    const both = signingAct(scope, SECOND_APPROVER);
    expect(told(() => checkTransactionSignatures(content, [one, two]))).toBe('good');
    expect(told(() => checkTransactionSignatures(content, [one, both]))).toBe('good');
    expect(signaturesOf([one, two]).size).toBe(12);
    // Another nonce point gives another signature of the same transaction, as good as the first.
    const line = of(0)[0]?.line as number;
    const tx = content.lines[line]?.transaction;
    if (tx === undefined) throw new Error('no such line');
    const again = secp256k1.sign(unsignedHash(tx), accountKey(0).privateKey, {
      prehash: false,
      lowS: true,
      format: 'recovered',
      extraEntropy: new Uint8Array(32).fill(7),
    });
    const signature = Signature.parse(`0x${Buffer.from(again.slice(1)).toString('hex')}0${again[0]}`);
    const other = signingAct(scope, SECOND_APPROVER, { signatures: [{ line, signature }] });
    expect(told(() => checkTransactionSignatures(content, [other]))).toBe('good');
    expect(told(() => checkTransactionSignatures(content, [one, other]))).toEqual({
      code: 'envelope/conflict',
      what: 'signature',
      line,
    });
  });

  test('make the transactions that viem reads', async () => {
    const { content, envelope } = envelopeFixture({ lines: 8 });
    for (const [line, signature] of signaturesOf(envelope.acts)) {
      const { transaction, account } = content.lines[line] as (typeof content.lines)[number];
      const sealed = sealTransaction(line, transaction, signature);
      const raw = sealed.raw as `0x${string}`;
      expect(sealed.hash).toBe(keccak256(raw));
      expect(await recoverTransactionAddress({ serializedTransaction: raw as `0x02${string}` })).toBe(
        content.accounts[account]?.address,
      );
      expect(parseTransaction(raw)).toMatchObject({
        chainId: Number(transaction.chainId),
        data: transaction.data,
      });
    }
  });
});
