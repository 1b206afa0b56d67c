/**
 * The comparison by voice: its words follow from the whole envelope and the challenge, the stranger's check finds the same
 * ones, and what is typed has to be them. `voice-golden.json` was written by `scripts/verify/words.mjs`.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDesk, type Subject } from '../../../src/main/approval';
import { envelopeDigest } from '../../../src/main/envelopes/codec';
import { voiceWords } from '../../../src/main/vault';
import { type Canonical, canonicalJson } from '../../../src/shared/canonical';
import type { EnvelopeContent } from '../../../src/shared/model/envelope';
import { Hash32 as Hash, type Hash32 } from '../../../src/shared/model/ids';
import { REPO_ROOT } from '../../support/bundle-children';
import { makeContent } from '../../support/envelope-fixture';
import { digestOf, documentOf } from '../approval/desk-rig';
import golden from './voice-golden.json';

type Words = (challenge: string, digest: string) => readonly string[];

const folder = join(REPO_ROOT, 'scripts', 'verify');
const { voiceWords: strangersWords }: { voiceWords: Words } = await import(join(folder, 'words.mjs'));
const strangers = await import(join(folder, 'json.mjs'));

/** The digest as the stranger's check takes it: over the text that stands in the file. */
const strangersDigest = (content: EnvelopeContent): string => {
  const text = canonicalJson({ content } as unknown as Canonical);
  const source = strangers.sourceOf(strangers.parseCanonical(text).content);
  return `0x${createHash('sha256').update(`nostro/envelope/v1\n${source}`, 'utf8').digest('hex')}`;
};

/** At a release: NOSTRO_VOICE_CHANGES=1000000. */
const CHANGES = Math.max(100_000, Number(process.env.NOSTRO_VOICE_CHANGES ?? 0));
const CHALLENGE = '40871236';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Place = { readonly holder: { [key: string]: Json }; readonly key: string };

const placesOf = (value: Json): Place[] => {
  if (value === null || typeof value !== 'object') return [];
  const holder = value as { [key: string]: Json };
  return Object.keys(holder).flatMap((key) => {
    const inner = holder[key] as Json;
    return inner !== null && typeof inner === 'object' ? placesOf(inner) : [{ holder, key }];
  });
};

/** Another value of the same kind for each number of a change: no two of one field are alike. */
const changed = (value: Json, change: number): Json => {
  if (typeof value === 'number') return value + 1 + change;
  if (typeof value === 'boolean') return change === 0 ? !value : `${value}${change}`;
  if (value === null) return `${change}`;
  const text = value as string;
  const at = change % (text.length + 1);
  const sign = text.charAt(at);
  const turn = Math.floor(change / (text.length + 1));
  if (/[0-9a-f]/.test(sign) && turn < 15)
    return text.slice(0, at) + '0123456789abcdef'.replace(sign, '').charAt(turn) + text.slice(at + 1);
  return `${text.slice(0, at)}${String.fromCodePoint(0x1000 + turn)}${text.slice(at)}`;
};

describe('words of a challenge and a digest', () => {
  it('are these fifty, here and for the stranger’s check', () => {
    expect(golden).toHaveLength(50);
    for (const { challenge, digest, words } of golden) {
      expect(voiceWords(challenge, Hash.parse(digest)).join(' ')).toBe(words);
      expect(strangersWords(challenge, digest).join(' ')).toBe(words);
    }
  });

  it(`are others after each of ${CHANGES} changes of one field, or of the challenge`, () => {
    const content = makeContent({ lines: 2 });
    const digest = envelopeDigest(content);
    expect(strangersDigest(content)).toBe(digest);
    const seen = new Set([voiceWords(CHALLENGE, digest).join(' ')]);
    const places = placesOf(content as unknown as Json);
    const ofFields = Math.floor(CHANGES * 0.6);
    for (let index = 0; index < ofFields; index += 1) {
      const { holder, key } = places[index % places.length] as Place;
      const before = holder[key] as Json;
      holder[key] = changed(before, Math.floor(index / places.length));
      const other = envelopeDigest(content);
      const words = voiceWords(CHALLENGE, other);
      seen.add(words.join(' '));
      if (index % 150 === 0) {
        expect(strangersDigest(content)).toBe(other);
        expect(strangersWords(CHALLENGE, other)).toEqual([...words]);
      }
      holder[key] = before;
    }
    expect(envelopeDigest(content)).toBe(digest);
    for (let index = ofFields; index < CHANGES; index += 1) {
      // Every one is another challenge: the factor has no common divisor with the number of challenges.
      const challenge = String((Number(CHALLENGE) + index * 7_919) % 100_000_000).padStart(8, '0');
      const words = voiceWords(challenge, digest);
      seen.add(words.join(' '));
      if (index % 200 === 0) expect(strangersWords(challenge, digest)).toEqual([...words]);
    }
    // Not only other than the original: no two alike.
    expect(seen.size).toBe(CHANGES + 1);
  }, 120_000);

  it('are others after each of 1,000 permutations of the lines', () => {
    const content = makeContent({ lines: 12 });
    const seen = new Set([voiceWords(CHALLENGE, envelopeDigest(content)).join(' ')]);
    const orders = new Set([content.lines.map((_, index) => index).join()]);
    let state = 1;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    while (orders.size <= 1000) {
      const order = content.lines.map((_, index) => index);
      for (let at = order.length - 1; at > 0; at -= 1) {
        const other = random(at + 1);
        [order[at], order[other]] = [order[other] as number, order[at] as number];
      }
      if (orders.has(order.join())) continue;
      orders.add(order.join());
      const lines = order.map((index) => content.lines[index] as EnvelopeContent['lines'][number]);
      const digest = envelopeDigest({ ...content, lines });
      seen.add(voiceWords(CHALLENGE, digest).join(' '));
    }
    expect(seen.size).toBe(1001);
  });
});

/** Desks of two machines with the real words; what a yes tells is kept in `yes`. */
const desk = (yes: boolean[] = []) => {
  const made = createDesk({
    windows: { openApproval: async () => undefined, closeApproval: () => undefined },
    voiceWords,
    requireClock: async () => undefined,
    emit: () => undefined,
    clock: { now: () => new Date('2026-07-01T08:00:00Z'), monotonicMs: () => 0 },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  const show = async (act: 'approve' | 'compare', digest: Hash32): Promise<void> => {
    const subject: Subject = {
      document: documentOf(act, digest),
      lines: [],
      approve:
        act === 'compare'
          ? null
          : async ({ beginKeeping, voice }) => {
              beginKeeping();
              yes.push(voice);
              return { signed: 0 };
            },
      reject: null,
      abandon: async () => undefined,
      batchId: null,
    };
    await made.close();
    await made.open(`${act}/${digest}`, async () => subject);
  };
  return { ...made, show };
};

describe('what is typed', () => {
  const digest = digestOf('typed');

  it('is taken in any case and spacing, in 200 ways', async () => {
    const checker = desk();
    const forms: readonly ((word: string) => string)[] = [
      (word) => word.toUpperCase(),
      (word) => ` ${word}`,
      (word) => `${word}  `,
      (word) => `\t${word}\n`,
      (word) => `\u00a0${word}\u3000`,
      (word) => word.charAt(0).toUpperCase() + word.slice(1),
      (word) => word.replace(/[aeiou]/g, (sign) => sign.toUpperCase()),
      // Full-width letters, as some keyboards type them.
      (word) => word.replace(/[a-z]/g, (sign) => String.fromCodePoint(0xff41 + sign.charCodeAt(0) - 97)),
    ];
    for (let round = 0; round < 200; round += 1) {
      await checker.show('approve', digest);
      const words = voiceWords(checker.challenge(), digest);
      const typed = words.map((word, at) =>
        (forms[(round + at * (round % 7)) % forms.length] ?? String)(word),
      );
      expect(checker.compareWords(typed)).toEqual({ agrees: true, attemptsLeft: 5 });
    }
  });

  it('is refused with any other word of the list in any place, and with words that are on no list', async () => {
    const checker = desk();
    const list = [...new Set(golden.flatMap(({ words }) => words.split(' ')))];
    expect(list.length).toBeGreaterThan(400);
    await checker.show('approve', digest);
    let tried = 0;
    let left = 5;
    for (let place = 0; place < 12; place += 1)
      for (const other of [
        ...list,
        '',
        'a',
        `${list[0]}s`,
        '1',
        '\u0430bandon',
        'abandon\u200b',
        '__proto__',
      ]) {
        if (left === 0) {
          await checker.show('approve', digest);
          left = 5;
        }
        const words = [...voiceWords(checker.challenge(), digest)];
        if (words[place] === other) continue;
        words[place] = other;
        left -= 1;
        tried += 1;
        expect(checker.compareWords(words)).toEqual({ agrees: false, attemptsLeft: left });
      }
    expect(tried).toBeGreaterThan(4_800);
  });

  it('is tried five times, and not a sixth', async () => {
    const yes: boolean[] = [];
    const checker = desk(yes);
    await checker.show('approve', digest);
    const right = voiceWords(checker.challenge(), digest);
    for (const left of [4, 3, 2, 1, 0])
      expect(checker.compareWords([...right].reverse())).toEqual({ agrees: false, attemptsLeft: left });
    for (const words of [right, right, [...right].reverse()])
      expect(checker.compareWords(words)).toEqual({ agrees: false, attemptsLeft: 0 });
    await expect(checker.approve({ digest, passphrase: 'x' })).rejects.toMatchObject({
      code: 'payments/digest-mismatch',
    });
    expect(yes).toEqual([]);
  });

  it('in twenty calls finds each of ten envelopes that somebody swapped', async () => {
    const yes: boolean[] = [];
    const [checker, maker] = [desk(yes), desk()];
    const original = makeContent({ lines: 3 });
    for (let call = 0; call < 20; call += 1) {
      const isSwapped = call % 2 === 1;
      // One unit more of one payment, in the copy that reached the checker.
      const lines = original.lines.map((line, index) =>
        isSwapped && index === call % 3 ? { ...line, units: `${BigInt(line.units) + 1n}` } : line,
      );
      const arrived = envelopeDigest({ ...original, lines });
      await checker.show('approve', arrived);
      await maker.show('compare', envelopeDigest(original));
      const heard = maker.wordsFor(checker.challenge());
      expect(checker.compareWords(heard).agrees).toBe(!isSwapped);
      const answer = checker.approve({ digest: arrived, passphrase: 'x' }).then(
        () => 'yes',
        (error: { code: string }) => error.code,
      );
      expect(await answer).toBe(isSwapped ? 'payments/digest-mismatch' : 'yes');
    }
    expect(yes).toEqual(Array.from({ length: 10 }, () => true));
  });
});
