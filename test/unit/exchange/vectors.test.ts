/** Agreement with the reference implementation: what it published is read and made here byte for byte. */
import { describe, expect, it } from 'vitest';
import { decodeBytewords, encodeBytewords } from '../../../src/main/exchange/bytewords';
import { decodePart, encodePart } from '../../../src/main/exchange/cbor';
import { crc32 } from '../../../src/main/exchange/crc32';
import { createUrDecoder } from '../../../src/main/exchange/decoder';
import { createUrEncoder } from '../../../src/main/exchange/encoder';
import { createDegreeSampler, createFragmentChooser } from '../../../src/main/exchange/fragments';
import { createRandom } from '../../../src/main/exchange/xoshiro';
import { BYTEWORDS, DEGREES, FRAGMENTS, NUMBERS, ONE_TO_TEN, PARTS, SINGLE } from './vectors';

const utf8 = (text: string) => new TextEncoder().encode(text);
const numbers = (text: string) => text.split(' ').map(Number);
const messageOf = (length: number) => {
  const random = createRandom(utf8('Wolf'));
  return Uint8Array.from({ length }, () => random.nextInt(0, 255));
};

describe('checksums and bytewords', () => {
  it('gives the published checksums', () => {
    expect(crc32(utf8('Hello, world!'))).toBe(0xebe6c6e6);
    expect(crc32(utf8('Wolf'))).toBe(0x598c84dc);
  });
  it.each(BYTEWORDS)('writes and reads $minimal', ({ hex, minimal }) => {
    const bytes = Uint8Array.from(Buffer.from(hex, 'hex'));
    expect(encodeBytewords(bytes)).toBe(minimal);
    expect(decodeBytewords(minimal)).toEqual(bytes);
  });
  it.each(['', 'wolf', 'aeadaolazmjendeowf', 'aeadaolazmjendeot', 'aeadaolazmjendeozz'])(
    'refuses %j',
    (text) => {
      expect(decodeBytewords(text)).toBeNull();
    },
  );
});

describe('the fountain', () => {
  it('draws the published numbers', () => {
    const random = createRandom(utf8('Wolf'));
    expect(numbers(NUMBERS).map(() => Number(random.next() % 100n))).toEqual(numbers(NUMBERS));
    const again = createRandom(utf8('Wolf'));
    expect(numbers(ONE_TO_TEN).map(() => again.nextInt(1, 10))).toEqual(numbers(ONE_TO_TEN));
  });
  it('draws the published degrees', () => {
    const sample = createDegreeSampler(11);
    expect(numbers(DEGREES).map((_, at) => sample(createRandom(utf8(`Wolf-${at + 1}`))))).toEqual(
      numbers(DEGREES),
    );
  });
  it('draws the published fragments', () => {
    const choose = createFragmentChooser(11, crc32(messageOf(1024)));
    for (let seqNum = 1; seqNum <= 11; seqNum += 1) expect(choose(seqNum)).toEqual([seqNum - 1]);
    expect(FRAGMENTS.map((_, at) => choose(at + 12).toSorted((a, b) => a - b))).toEqual(FRAGMENTS);
  });
});

describe('whole resources', () => {
  it('writes the published single part', async () => {
    const encoder = createUrEncoder(messageOf(50));
    expect(encoder.pure).toBe(1);
    expect(encoder.frame(0)).toBe(SINGLE.toUpperCase());
    expect(encoder.frame(7)).toBe(SINGLE.toUpperCase());
    expect(await createUrDecoder().receive(SINGLE)).toMatchObject({
      state: 'complete',
      payload: messageOf(50),
    });
  });
  it('writes the published parts', () => {
    const encoder = createUrEncoder(messageOf(256), 30);
    expect(encoder.pure).toBe(9);
    expect(PARTS.map((_, at) => encoder.frame(at))).toEqual(PARTS.map((part) => part.toUpperCase()));
  });
  it.each([PARTS, PARTS.toReversed(), PARTS.slice(2), PARTS.map((part) => part.toUpperCase())])(
    'reads the published parts in any order',
    async (...parts) => {
      const decoder = createUrDecoder();
      const states: string[] = [];
      for (const part of parts) {
        const { state, payload } = await decoder.receive(part);
        states.push(state);
        if (payload) expect(payload).toEqual(messageOf(256));
      }
      expect(states.filter((state) => state === 'complete')).toHaveLength(1);
    },
  );
  it('reads a part whose checksum begins with zeros', async () => {
    const part =
      'ur:bytes/20-29/lpbbcscacfcmcpcybbrsptskhdssdtsbtkdechrhpkhkvwmdmnksgdaoaeaeaeaeaechptbbeodkpletlbldamjopmbnpeplwmfzltzthgoeqzteltlgaychaeaeaeaeaechptbbfxsawkidltenbskpjlfeflmnclpkemtpwpmhmhioltkecsamaeaeaeaeaechptbbintkmwzmynknkezcbgkthdfezopaynprmefthpkgltaeaeaeaeadaddnemmdaaaeaeaeaeaecpaecxhdgwfdvtsphdolbnkigeteeclkosoxlpjssnfxsgclahesjsvturdyjzcwsrkndtadahtkghclaofstdlnuysaasiesfdnrkhsmnjztonlpsldwftdmninoxehhnkotodrwpchrorhdaclaeetwdvl';
    expect((await createUrDecoder().receive(part)).state).toBe('collecting');
  });
  it('takes parts apart and together again', () => {
    const part = {
      seqNum: 12,
      seqLen: 8,
      messageLen: 100,
      checksum: 0x12345678,
      data: Uint8Array.of(1, 5, 3, 3, 5),
    };
    const bytes = encodePart(part);
    expect(decodePart(bytes)).toMatchObject({ seqNum: 12, seqLen: 8, messageLen: 100, checksum: 0x12345678 });
    for (let length = 0; length < bytes.length; length += 1)
      expect(decodePart(bytes.subarray(0, length))).toBeNull();
    expect(decodePart(Buffer.concat([bytes, Uint8Array.of(0)]))).toBeNull();
  });
});
