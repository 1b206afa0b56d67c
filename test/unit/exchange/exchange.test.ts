/** Reading what a camera may see: losses, any order, frames of somebody else's, garbage made to hurt. */
import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createExchange,
  type ExchangeSubject,
  expandFile,
  MAX_COMPRESSED_BYTES,
  MAX_FILE_BYTES,
} from '../../../src/main/exchange';
import { encodeBytewords } from '../../../src/main/exchange/bytewords';
import { encodeBytes, encodePart } from '../../../src/main/exchange/cbor';
import { crc32 } from '../../../src/main/exchange/crc32';
import {
  createUrDecoder,
  MAX_MESSAGE_BYTES,
  MAX_PARTS,
  type ReadResult,
} from '../../../src/main/exchange/decoder';
import { createUrEncoder, fragmentLength } from '../../../src/main/exchange/encoder';
import type { Intake } from '../../../src/shared/contract';
import { AppError } from '../../../src/shared/errors';
import { Address, Hash32 } from '../../../src/shared/model/ids';

const partText = (part: Parameters<typeof encodePart>[0], path = `${part.seqNum}-${part.seqLen}`): string =>
  `ur:bytes/${path}/${encodeBytewords(encodePart(part))}`;
const readAll = async (frames: readonly string[], decoder = createUrDecoder()): Promise<ReadResult[]> => {
  const results: ReadResult[] = [];
  for (const frame of frames) results.push(await decoder.receive(frame));
  return results;
};
const payloadOf = (results: readonly ReadResult[]): Uint8Array | null =>
  results.find(({ payload }) => payload !== null)?.payload ?? null;

/** Frame numbers until the message can be solved, drawn from a long stream in a drawn order. */
const arbitraryOrder = fc.record({
  payload: fc.uint8Array({ minLength: 1, maxLength: 1_500 }),
  maxFragment: fc.integer({ min: 10, max: 200 }),
  seed: fc.array(fc.nat(400), { minLength: 1, maxLength: 600 }),
});

describe('a fountain', () => {
  it('is read from any frames in any order, and nothing else comes out', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryOrder, async ({ payload, maxFragment, seed }) => {
        const encoder = createUrEncoder(payload, maxFragment);
        const decoder = createUrDecoder();
        // Losses: some numbers never come; then the stream goes on until the message stands.
        const lost = new Set(seed.slice(0, seed.length / 4));
        const order = [...seed, ...Array.from({ length: 4 * encoder.pure + 40 }, (_, at) => 401 + at)];
        for (const index of order) {
          if (lost.has(index)) continue;
          const { state, payload: read, received, expected } = await decoder.receive(encoder.frame(index));
          expect(['collecting', 'repeated', 'complete']).toContain(state);
          expect(received).toBeLessThanOrEqual(expected);
          if (state !== 'complete') continue;
          expect(read).toEqual(payload);
          return;
        }
        throw new Error('not solved');
      }),
      { numRuns: 300 },
    );
  });

  it('needs few frames more than fragments, without a single pure one', async () => {
    const payload = randomBytes(40_000);
    const encoder = createUrEncoder(payload);
    const decoder = createUrDecoder();
    for (let index = encoder.pure; index < encoder.pure + encoder.pure + 20; index += 1)
      if ((await decoder.receive(encoder.frame(index))).state === 'complete') return;
    throw new Error('not solved');
  });

  it('never makes a third message of two', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 60, maxLength: 600 }),
        fc.uint8Array({ minLength: 60, maxLength: 600 }),
        fc.array(fc.tuple(fc.boolean(), fc.nat(60)), { minLength: 1, maxLength: 120 }),
        async (one, two, frames) => {
          const encoders = [createUrEncoder(one, 40), createUrEncoder(two, 40)] as const;
          const isSame = Buffer.from(one).equals(Buffer.from(two));
          const [first] = frames;
          const decoder = createUrDecoder();
          for (const [isOne, index] of frames) {
            const { state, payload } = await decoder.receive(encoders[isOne ? 0 : 1].frame(index));
            if (!isSame && isOne !== first?.[0]) expect(state).toBe('foreign');
            if (payload) expect(payload).toEqual(first?.[0] ? one : two);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('goes through the largest message', async () => {
    const payload = randomBytes(MAX_COMPRESSED_BYTES);
    const encoder = createUrEncoder(payload);
    expect(encoder.pure).toBeLessThan(MAX_PARTS);
    const frames = Array.from({ length: encoder.pure }, (_, at) => encoder.frame(at));
    expect(Math.max(...frames.map(({ length }) => length))).toBeLessThanOrEqual(870);
    // Every tenth pure frame is lost; mixed ones take their place.
    const heard = frames.filter((_, at) => at % 10 !== 3);
    const decoder = createUrDecoder();
    await readAll(heard, decoder);
    for (let index = encoder.pure; ; index += 1) {
      const { state, payload: read } = await decoder.receive(encoder.frame(index));
      if (state !== 'complete') continue;
      expect(Buffer.from(read ?? []).equals(payload)).toBe(true);
      expect(index - encoder.pure).toBeLessThan(250);
      return;
    }
  });

  it('cuts into the fewest equal fragments', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 600_000 }),
        fc.integer({ min: 10, max: 1_400 }),
        (length, max) => {
          const size = fragmentLength(length, max);
          expect(size).toBeLessThanOrEqual(max);
          expect(Math.ceil(length / size)).toBe(Math.ceil(length / max));
        },
      ),
    );
  });
});

describe('what is shown to hurt', () => {
  const message = encodeBytes(randomBytes(300));
  const base = {
    seqNum: 1,
    seqLen: 4,
    messageLen: message.length,
    checksum: crc32(message),
    data: new Uint8Array(Math.ceil(message.length / 4)),
  };

  it.each([
    ['a fragment of no size', { ...base, data: new Uint8Array(0) }],
    ['more fragments than bytes need', { ...base, seqLen: 9 }],
    ['fewer fragments than bytes need', { ...base, seqLen: 2 }],
    ['two thousand million fragments', { ...base, seqLen: 0x7fffffff }],
    ['a message of four gigabytes', { ...base, messageLen: 0xffffffff }],
    ['a message of no size', { ...base, messageLen: 0 }],
    ['a message above the limit', { ...base, seqLen: 1, messageLen: MAX_MESSAGE_BYTES + 1 }],
    ['a fragment above the limit', { ...base, seqLen: 1, messageLen: 2000, data: new Uint8Array(2000) }],
    ['part zero', { ...base, seqNum: 0 }],
    [
      'more parts than are read',
      { ...base, seqLen: MAX_PARTS + 1, messageLen: MAX_PARTS + 1, data: new Uint8Array(1) },
    ],
  ])('%s is not read', async (_name, part) => {
    const decoder = createUrDecoder();
    expect(await decoder.receive(partText(part))).toEqual({
      state: 'unreadable',
      received: 0,
      expected: 0,
      payload: null,
    });
    // Nothing of it stays: another message is read at once.
    const encoder = createUrEncoder(randomBytes(100), 30);
    const results = await readAll(
      Array.from({ length: encoder.pure }, (_, at) => encoder.frame(at)),
      decoder,
    );
    expect(results.at(-1)?.state).toBe('complete');
  });

  it('a path that says something else than the part is not read', async () => {
    for (const path of ['2-4', '1-5', '01-4', '1-04', '1-4-4', '1--4', '-1-4', '1', '99999999999-4'])
      expect((await createUrDecoder().receive(partText(base, path))).state).toBe('unreadable');
    expect((await createUrDecoder().receive(partText(base))).state).toBe('collecting');
  });

  it.each(['ur:crypto-psbt/1-2/aeae', 'UR:CRYPTO-SEED/AEAE', 'ur:x/y'])('%s is foreign', async (text) => {
    expect((await createUrDecoder().receive(text)).state).toBe('foreign');
  });
  it.each(['', 'https://example.com', 'bytes/aeae', 'ur:bytes/', 'ur:bytes/1-2/', 'ur:bytes/ü', 'ur:bytes'])(
    '%j is unreadable',
    async (text) => {
      expect((await createUrDecoder().receive(text)).state).toBe('unreadable');
    },
  );

  it('fragments that contradict each other are both forgotten', async () => {
    const decoder = createUrDecoder();
    expect((await decoder.receive(partText(base))).state).toBe('collecting');
    expect((await decoder.receive(partText(base))).state).toBe('repeated');
    const other = { ...base, data: base.data.map(() => 1) };
    expect(await decoder.receive(partText(other))).toMatchObject({ state: 'unreadable', received: 0 });
  });

  it('a message with a wrong checksum never comes out', async () => {
    const wrong = Array.from({ length: 4 }, (_, at) =>
      partText({ ...base, seqNum: at + 1, data: base.data.map(() => at) }),
    );
    const results = await readAll(wrong);
    expect(results.at(-1)).toMatchObject({ state: 'unreadable', received: 0, payload: null });
  });

  it('20,000 frames of garbage change nothing and stay small', async () => {
    const decoder = createUrDecoder();
    const payload = randomBytes(3_000);
    const encoder = createUrEncoder(payload);
    await decoder.receive(encoder.frame(0));
    const frame = encoder.frame(1);
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    for (let round = 0; round < 20_000; round += 1) {
      const at = (round * 7919) % frame.length;
      const letter = String.fromCharCode(65 + ((round * 31) % 26));
      const garbage = [
        `${frame.slice(0, at)}${letter}${frame.slice(at + 1)}`,
        frame.slice(0, at),
        `UR:BYTES/${round + 1}-${(round % 3000) + 1}/${encodeBytewords(randomBytes(20)).toUpperCase()}`,
        partText({
          seqNum: 1 + round,
          seqLen: 1 + (round % MAX_PARTS),
          messageLen: 1 + (round % MAX_PARTS),
          checksum: round,
          data: Uint8Array.of(round & 0xff),
        }),
      ][round % 4] as string;
      const { state, payload: read, received } = await decoder.receive(garbage);
      if (garbage !== frame) {
        expect(['unreadable', 'foreign']).toContain(state);
        expect(read).toBeNull();
        expect(received).toBeLessThanOrEqual(2);
      }
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * 1024 * 1024);
    const rest = await readAll(
      Array.from({ length: encoder.pure }, (_, at) => encoder.frame(at)),
      decoder,
    );
    expect(Buffer.from(payloadOf(rest) ?? []).equals(payload)).toBe(true);
  });
});

describe('the exchange', () => {
  const digest = Hash32.parse(`0x${'11'.repeat(32)}`);
  const what: ExchangeSubject = { format: 'envelope', digest };
  const card: Intake = { format: 'person', name: 'Ada', key: Address.parse(`0x${'00'.repeat(20)}`) };
  const open = (
    file: () => Uint8Array,
    intake: (bytes: Uint8Array) => Promise<Intake> = async () => card,
  ) => {
    const taken: Uint8Array[] = [];
    return {
      taken,
      exchange: createExchange({
        readBytes: async () => file(),
        intake: async (bytes) => {
          taken.push(bytes);
          return intake(bytes);
        },
      }),
    };
  };
  const json = (lines: number) => {
    const rows = Array.from({ length: lines }, (_, at) => ({ at, id: randomBytes(8).toString('hex') }));
    return new TextEncoder().encode(JSON.stringify(rows));
  };

  it('carries a file from one machine to another', async () => {
    const file = json(500);
    const from = open(() => file).exchange;
    const { exchange: to, taken } = open(() => file);
    const { pure, sizeBytes } = await from['exchange.frames']({ what, from: 0, count: 1 });
    expect(sizeBytes).toBe(file.length);
    for (let at = 0; ; at += 25) {
      const { frames } = await from['exchange.frames']({ what, from: at, count: 25 });
      for (const [offset, text] of frames.entries()) {
        expect(text).toMatch(/^UR:BYTES\/[0-9]+-[0-9]+\/[A-Z]+$/);
        // Every fifth is not seen.
        if ((at + offset) % 5 === 0) continue;
        const read = await to['exchange.receive']({ text });
        if (read.state !== 'complete') continue;
        expect(read).toMatchObject({ progress: 1, received: pure, expected: pure, intake: card });
        expect(taken.map((bytes) => Buffer.from(bytes).equals(file))).toEqual([true]);
        expect(await to['exchange.receive']({ text })).toMatchObject({ state: 'repeated', intake: null });
        return;
      }
    }
  });

  it('goes on showing the bytes that it began with', async () => {
    let file = json(500);
    const { exchange } = open(() => file);
    const first = await exchange['exchange.frames']({ what, from: 0, count: 2 });
    file = json(400);
    const again = await exchange['exchange.frames']({ what, from: 1, count: 1 });
    expect(again.frames[0]).toBe(first.frames[1]);
    const fresh = await exchange['exchange.frames']({ what, from: 0, count: 2 });
    expect(fresh.frames[1]).not.toBe(first.frames[1]);
    const other = await exchange['exchange.frames']({ what: { format: 'person' }, from: 1, count: 1 });
    expect(other.frames[0]).toBe(fresh.frames[1]);
  });

  it('says when a file is too large', async () => {
    const random = open(() => randomBytes(MAX_COMPRESSED_BYTES + 1000)).exchange;
    await expect(random['exchange.frames']({ what, from: 0, count: 1 })).rejects.toMatchObject({
      code: 'envelope/too-large-for-qr',
    });
    const long = open(() => new Uint8Array(MAX_FILE_BYTES + 1)).exchange;
    await expect(long['exchange.frames']({ what, from: 0, count: 1 })).rejects.toMatchObject({
      code: 'envelope/too-large-for-qr',
    });
  });

  it('does not unpack what is larger than a file may be', async () => {
    const bomb = deflateRawSync(new Uint8Array(MAX_FILE_BYTES + 1), { level: 9 });
    expect(bomb.length).toBeLessThan(MAX_COMPRESSED_BYTES);
    await expect(expandFile(bomb)).rejects.toMatchObject({ code: 'envelope/malformed' });
    await expect(expandFile(randomBytes(100))).rejects.toMatchObject({ code: 'envelope/malformed' });
    const whole = deflateRawSync(new Uint8Array(MAX_FILE_BYTES));
    expect((await expandFile(whole)).length).toBe(MAX_FILE_BYTES);
    const { exchange, taken } = open(() => new Uint8Array());
    const encoder = createUrEncoder(bomb);
    const last = Array.from({ length: encoder.pure }, (_, at) => encoder.frame(at));
    for (const text of last.slice(0, -1)) await exchange['exchange.receive']({ text });
    await expect(exchange['exchange.receive']({ text: last.at(-1) ?? '' })).rejects.toMatchObject({
      code: 'envelope/malformed',
    });
    expect(taken).toEqual([]);
  });

  it('starts afresh after a file that is refused, and when it is told to', async () => {
    const file = json(3);
    const { exchange } = open(
      () => file,
      async () => {
        throw new AppError('envelope/not-canonical');
      },
    );
    const { frames } = await exchange['exchange.frames']({ what, from: 0, count: 1 });
    const text = frames[0] ?? '';
    for (let time = 0; time < 2; time += 1)
      await expect(exchange['exchange.receive']({ text })).rejects.toMatchObject({
        code: 'envelope/not-canonical',
      });

    const two = open(() => file).exchange;
    const long = createUrEncoder(randomBytes(900), 100);
    await two['exchange.receive']({ text: long.frame(0) });
    expect(await two['exchange.receive']({ text })).toMatchObject({
      state: 'foreign',
      received: 1,
      expected: long.pure,
    });
    await two['exchange.reset']({});
    expect(await two['exchange.receive']({ text })).toMatchObject({ state: 'complete', intake: card });
  });
});
