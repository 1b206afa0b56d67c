import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verifyActs } from '../../../src/main/envelopes/acts';
import {
  decodeEnvelope,
  digestLines,
  encodeChunks,
  encodeEnvelope,
  envelopeDigest,
  readFormat,
} from '../../../src/main/envelopes/codec';
import type { Canonical } from '../../../src/shared/canonical';
import { canonicalJson } from '../../../src/shared/canonical';
import { AppError } from '../../../src/shared/errors';
import { envelopeDigestInput, MAX_ENVELOPE_BYTES } from '../../../src/shared/model/envelope';
import { envelopeFixture, makePolicy } from '../../support/envelope-fixture';

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'accepted';
  } catch (error) {
    return error instanceof AppError ? error.code : `not an AppError: ${String(error)}`;
  }
};
const all = ['approve', 'approve-second', 'reject', 'sign', 'send'] as const;
const sample = envelopeFixture({}, all);
const text = Buffer.from(sample.bytes).toString('utf8');

const joined = async (chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> => {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
};
const inParts = function* <T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
};

describe('encoding', () => {
  test('is RFC 8785 over the whole', () => {
    expect(text).toBe(canonicalJson(sample.envelope as unknown as Canonical));
  });

  test.each([1, 3, 199, 200, 201, 450])('reads back what it wrote, %i lines', async (lines) => {
    const { envelope, bytes, content, digest } = envelopeFixture({ lines, accounts: 3 }, all);
    const decoded = decodeEnvelope(bytes);
    expect(decoded).toEqual(envelope);
    expect(Buffer.from(encodeEnvelope(decoded)).equals(bytes)).toBe(true);
    verifyActs(decoded.content, decoded.digest, decoded.content.lines.length, decoded.acts);
    expect(digest).toBe(`0x${createHash('sha256').update(envelopeDigestInput(content)).digest('hex')}`);
    const { lines: all_, ...head } = content;
    for (const size of [1, 7, 500]) {
      const source = { head, digest, acts: envelope.acts, lines: inParts(all_, size) };
      expect(Buffer.from(await joined(encodeChunks(source))).equals(bytes)).toBe(true);
      expect(await digestLines(head, inParts(all_, size))).toBe(digest);
    }
  });

  test('changes the digest with every change of the content', () => {
    const { content } = sample;
    const digests = [
      content,
      { ...content, kind: 'replacement' as const },
      { ...content, lines: [...content.lines].reverse() },
      { ...content, releasedHolds: [] },
      { ...content, policy: { ...content.policy, number: 2 } },
    ].map(envelopeDigest);
    expect(new Set(digests).size).toBe(digests.length);
  });
});

describe('decoding refuses', () => {
  const cases: readonly (readonly [string, string | Uint8Array, string])[] = [
    ['nothing', '', 'envelope/malformed'],
    ['a byte order mark', `\uFEFF${text}`, 'envelope/malformed'],
    ['bytes that are not UTF-8', Buffer.concat([sample.bytes, Uint8Array.of(0xff)]), 'envelope/malformed'],
    [
      'over-long UTF-8',
      Buffer.concat([utf8('{"a":"'), Uint8Array.of(0xc0, 0xaf), utf8('"}')]),
      'envelope/malformed',
    ],
    ['a line feed at the end', `${text}\n`, 'envelope/not-canonical'],
    ['a space in front', ` ${text}`, 'envelope/not-canonical'],
    ['something after the end', `${text}{}`, 'envelope/malformed'],
    ['a NUL after the end', `${text}\0`, 'envelope/malformed'],
    ['a white space inside', text.replace('"content":', '"content": '), 'envelope/not-canonical'],
    [
      'another spelling of a number',
      text.replace('"version":1}', '"version":1.0}'),
      'envelope/not-canonical',
    ],
    ['an exponent', text.replace('"version":1}', '"version":1e0}'), 'envelope/not-canonical'],
    ['minus zero', text.replace('"account":0', '"account":-0'), 'envelope/not-canonical'],
    ['an escaped letter', text.replace('"batch"', '"b\\u0061tch"'), 'envelope/not-canonical'],
    [
      'an escaped slash',
      text.replace('eip155:31337/erc20', 'eip155:31337\\/erc20'),
      'envelope/not-canonical',
    ],
    ['upper-case escapes', text.replace('“Grün', '\\u201CGrün'), 'envelope/not-canonical'],
    [
      'half a surrogate pair',
      text.replace('Wrong supplier', 'Wrong \\ud800supplier'),
      'envelope/not-canonical',
    ],
    [
      'a member twice',
      text.replace('"kind":"batch"', '"kind":"batch","kind":"batch"'),
      'envelope/not-canonical',
    ],
    [
      'a member twice with another value',
      text.replace('"kind":"batch"', '"kind":"replacement","kind":"batch"'),
      'envelope/not-canonical',
    ],
    [
      'an unknown member',
      text.replace('"kind":"batch"', '"kind":"batch","kinds":"batch"'),
      'envelope/malformed',
    ],
    [
      'an unknown member of the file',
      text.replace('"version":1}', '"version":1,"x":0}'),
      'envelope/malformed',
    ],
    [
      '__proto__',
      text.replace('"kind":"batch"', '"__proto__":{"kind":"batch"},"kind":"batch"'),
      'envelope/malformed',
    ],
    ['a missing member', text.replace('"kind":"batch",', ''), 'envelope/malformed'],
    ['a number for a string', text.replace('"value":"0"', '"value":0'), 'envelope/malformed'],
    ['an amount as a number', text.replace(/"units":"(\d+)"/, '"units":$1'), 'envelope/malformed'],
    [
      'an upper-case digest',
      text.replace(sample.digest, `0x${sample.digest.slice(2).toUpperCase()}`),
      'envelope/malformed',
    ],
    [
      'another digest',
      text.replace(`"digest":"${sample.digest}","format"`, `"digest":"0x${'1'.repeat(64)}","format"`),
      'envelope/digest-mismatch',
    ],
    ['a changed line', text.replace('Invoice 2001/2026', 'Invoice 2002/2026'), 'envelope/digest-mismatch'],
    ['a later version', text.replace('"version":1}', '"version":2}'), 'envelope/newer-version'],
    [
      'a format of ours that is unknown',
      text.replace('nostro-envelope', 'nostro-invoice'),
      'envelope/newer-version',
    ],
    ['version 0', text.replace('"version":1}', '"version":0}'), 'envelope/malformed'],
    ['a version in words', text.replace('"version":1}', '"version":"1"}'), 'envelope/malformed'],
    ['no version', text.replace(',"version":1}', '}'), 'envelope/malformed'],
    ['another format', text.replace('nostro-envelope', 'psbt'), 'envelope/malformed'],
    ['a policy', canonicalJson(makePolicy() as unknown as Canonical), 'envelope/malformed'],
    ['an array', `[${text}]`, 'envelope/malformed'],
    ['null', 'null', 'envelope/malformed'],
    ['deep brackets', '['.repeat(5_000_000), 'envelope/malformed'],
    ['deep objects', '{"a":'.repeat(1_000_000), 'envelope/malformed'],
    ['no act', text.replace(/"acts":\[.*\],"content"/, '"acts":[],"content"'), 'envelope/malformed'],
  ];
  test.each(cases)('%s', (_name, input, code) => {
    const bytes = typeof input === 'string' ? utf8(input) : input;
    expect(Buffer.from(bytes).equals(sample.bytes)).toBe(false);
    expect(codeOf(() => decodeEnvelope(bytes))).toBe(code);
  });

  test('a file full of faults at the first of them', () => {
    const zeros = Array(90_000).fill('0').join(',');
    const act = text.slice(
      text.indexOf('{"at"', text.indexOf('"kind":"reject"')),
      text.indexOf(',{"at"', text.indexOf('"kind":"sign"')),
    );
    const bad = act.replace(/"signatures":\[.*?\]/, `"signatures":[${zeros}]`);
    expect(bad).toContain('0,0,0');
    const bytes = utf8(text.replace(act, Array(300).fill(bad).join(',')));
    expect(bytes.length).toBeGreaterThan(50_000_000);
    const before = process.memoryUsage().rss;
    try {
      decodeEnvelope(bytes);
      throw new Error('taken');
    } catch (error) {
      expect(error).toMatchObject({
        code: 'envelope/malformed',
        details: { path: 'acts.4.body.signatures.0' },
      });
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(2_000_000_000);
  }, 120_000);

  test('more than the most bytes, before looking at any', () => {
    const bytes = new Uint8Array(MAX_ENVELOPE_BYTES + 1);
    expect(codeOf(() => decodeEnvelope(bytes))).toBe('file/too-large');
  });

  test('anything else with a code, never with another error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.json().map(utf8)), (bytes) => {
        expect(codeOf(() => decodeEnvelope(bytes))).toMatch(/^envelope\/(malformed|newer-version)$/);
      }),
      { numRuns: 500 },
    );
  });
});

test('policies and cards are recognised', () => {
  expect(readFormat(utf8(canonicalJson(makePolicy() as unknown as Canonical))).format).toBe('policy');
  expect(readFormat(utf8('{"format":"nostro-person","version":1}')).format).toBe('person');
  expect(readFormat(sample.bytes).format).toBe('envelope');
  expect(codeOf(() => readFormat(utf8('{"format":"nostro-person","version":2}')))).toBe(
    'envelope/newer-version',
  );
});
