/** What stands before an answer: a clock that was not set back, and words compared by voice a few times only. */
import { describe, expect, it } from 'vitest';
import { approvalHandlers, createClockGuard } from '../../../src/main/approval';
import type { Instant } from '../../../src/shared/model/ids';
import { codeOf, digestOf, documentOf, setUp, wordsOf, yes } from './desk-rig';

describe('a clock that was set back', () => {
  it.each(['approve', 'sign', 'adopt'] as const)('opens nothing to %s, and answers nothing', async (act) => {
    const { desk, show, trace, setBack } = setUp();
    setBack(true);
    expect(await codeOf(() => show(act))).toBe('clock/set-back');
    expect(trace).toEqual(['abandoned']);
    setBack(false);
    await show(act);
    setBack(true);
    expect(await codeOf(() => desk.approve(yes(digestOf(act))))).toBe('clock/set-back');
    if (act !== 'adopt')
      expect(await codeOf(() => desk.reject({ ...yes(digestOf(act)), reason: 'x' }))).toBe('clock/set-back');
    expect(trace).toEqual(['abandoned']);
    setBack(false);
    expect(await codeOf(() => desk.approve(yes(digestOf(act))))).toBe('none');
  });

  it('still lets words be read', async () => {
    const { desk, show, setBack } = setUp();
    setBack(true);
    await show('compare');
    expect(desk.wordsFor('12345678')).toHaveLength(12);
  });

  it('is one that is more than five minutes behind what happened', async () => {
    const latest = '2026-07-01T08:00:00.000Z' as Instant;
    const at = (time: string) =>
      createClockGuard({
        latestTime: async () => latest,
        clock: { now: () => new Date(time), monotonicMs: () => 0 },
      });
    expect(await codeOf(at('2026-07-01T07:55:00.000Z'))).toBe('none');
    expect(await codeOf(at('2026-07-01T07:54:59.999Z'))).toBe('clock/set-back');
    expect(await codeOf(at('2016-07-01T08:00:00.000Z'))).toBe('clock/set-back');
    const fresh = createClockGuard({
      latestTime: async () => null,
      clock: { now: () => new Date(0), monotonicMs: () => 0 },
    });
    expect(await codeOf(fresh)).toBe('none');
  });
});

describe('comparing by voice', () => {
  it('takes the words of its own challenge, however they were typed, and tells the subject', async () => {
    const { desk, show, trace } = setUp();
    await show('approve');
    const challenge = desk.challenge();
    expect(challenge).toMatch(/^[0-9]{8}$/);
    expect(desk.challenge()).toBe(challenge);
    const words = wordsOf(challenge, digestOf('approve'));
    expect(desk.compareWords([...words].reverse())).toEqual({ agrees: false, attemptsLeft: 4 });
    const typed = words.map((word, index) =>
      index % 2 ? ` ${word.toUpperCase()} ` : word.normalize('NFKD'),
    );
    expect(desk.compareWords(typed)).toEqual({ agrees: true, attemptsLeft: 4 });
    await desk.approve(yes(digestOf('approve')));
    expect(trace).toEqual(['yes approve voice=true']);
  });

  it('is over after five wrong tries, also for the right words', async () => {
    const { desk, show, trace } = setUp();
    await show('sign');
    const words = wordsOf(desk.challenge(), digestOf('sign'));
    for (const left of [4, 3, 2, 1, 0])
      expect(desk.compareWords(words.map(() => 'abandon'))).toEqual({ agrees: false, attemptsLeft: left });
    expect(desk.compareWords(words)).toEqual({ agrees: false, attemptsLeft: 0 });
    expect(await codeOf(() => desk.approve(yes(digestOf('sign'))))).toBe('payments/digest-mismatch');
    // Opened anew there is another challenge, and five more tries; what disagreed is not forgotten.
    await desk.close();
    await show('sign');
    expect(await codeOf(() => desk.approve(yes(digestOf('sign'))))).toBe('payments/digest-mismatch');
    expect(desk.compareWords(wordsOf(desk.challenge(), digestOf('sign')))).toEqual({
      agrees: true,
      attemptsLeft: 5,
    });
    await desk.approve(yes(digestOf('sign')));
    expect(trace).toEqual(['abandoned', 'yes sign voice=true']);
  });

  it('remembers by digest whose words disagreed, whatever the act and however often it is opened', async () => {
    const { desk, show, trace } = setUp();
    const digest = digestOf('envelope');
    const approve = () => codeOf(() => desk.approve(yes(digest)));
    const open = (act: 'approve' | 'sign' | 'adopt') => show(act, { document: documentOf(act, digest) });
    await open('approve');
    expect(desk.hasDisagreed()).toBe(false);
    desk.compareWords(wordsOf('', digest));
    expect(desk.hasDisagreed()).toBe(true);
    await desk.close();
    for (const act of ['approve', 'sign', 'adopt', 'approve'] as const) {
      await open(act);
      expect(desk.hasDisagreed()).toBe(true);
      expect(await approve()).toBe('payments/digest-mismatch');
      await desk.close();
    }
    // Words that agreed in a window that was closed were for nothing that is open now.
    await open('approve');
    desk.compareWords(wordsOf(desk.challenge(), digest));
    expect(desk.hasDisagreed()).toBe(false);
    await desk.close();
    await open('approve');
    expect(await approve()).toBe('payments/digest-mismatch');
    await desk.reject({ ...yes(digest), reason: 'other words' });
    // Another digest is another document.
    await show('approve');
    expect(desk.hasDisagreed()).toBe(false);
    await desk.approve(yes(digestOf('approve')));
    expect(trace.slice(-2)).toEqual(['no other words', 'yes approve voice=false']);
  });

  it('leaves no yes after words that did not agree, but a no', async () => {
    const { desk, show, trace } = setUp();
    await show('approve');
    const words = wordsOf(desk.challenge(), digestOf('approve'));
    desk.compareWords([...words].reverse());
    expect(await codeOf(() => desk.approve(yes(digestOf('approve'))))).toBe('payments/digest-mismatch');
    await desk.reject({ ...yes(digestOf('approve')), reason: 'other words' });
    expect(trace).toEqual(['no other words']);
  });

  it('takes no words that differ in one letter, one place or one challenge', async () => {
    const { desk, show } = setUp();
    await show('approve');
    const words = wordsOf(desk.challenge(), digestOf('approve'));
    const swapped = [words[1], words[0], ...words.slice(2)] as string[];
    const other = words.with(11, `${words[11]}a`);
    const foreign = wordsOf(desk.challenge() === '00000000' ? '00000001' : '00000000', digestOf('approve'));
    for (const wrong of [swapped, other, foreign, words.slice(1)])
      expect(desk.compareWords(wrong).agrees).toBe(false);
  });

  it('makes a new challenge for each document that is opened', async () => {
    const { desk, show } = setUp();
    const seen = new Set<string>();
    for (let index = 0; index < 20; index += 1) {
      await show('adopt');
      seen.add(desk.challenge());
      await desk.close();
    }
    expect(seen.size).toBe(20);
  });

  it('tells the words only where there is no yes, and has no challenge there', async () => {
    const { desk, show } = setUp();
    for (const act of ['pay', 'approve', 'sign', 'adopt'] as const) {
      await show(act);
      expect(await codeOf(() => desk.wordsFor('12345678'))).toBe('envelope/wrong-state');
      expect(await codeOf(() => desk.challenge())).toBe(act === 'pay' ? 'envelope/wrong-state' : 'none');
      await desk.close();
    }
    await show('compare');
    expect(desk.wordsFor('12345678')).toEqual(wordsOf('12345678', digestOf('compare')));
    expect(await codeOf(() => desk.challenge())).toBe('envelope/wrong-state');
    expect(await codeOf(() => desk.compareWords(wordsOf('1', digestOf('compare'))))).toBe(
      'envelope/wrong-state',
    );
  });

  it('answers the whole contract of its window', async () => {
    const { desk, show } = setUp();
    const noted: unknown[] = [];
    const handlers = approvalHandlers(desk, (facts, digest) => noted.push([facts, digest]));
    await show('approve');
    const { challenge } = await handlers['approval.challenge']({});
    await handlers['approval.compareWords']({ words: Array(12).fill('zoo') });
    expect(
      await handlers['approval.compareWords']({ words: wordsOf(challenge, digestOf('approve')) }),
    ).toEqual({ agrees: true, attemptsLeft: 4 });
    expect(noted).toEqual([false, true].map((agrees) => [{ agrees }, digestOf('approve')]));
    expect(await handlers['approval.lines']({ offset: 0, limit: 10 })).toEqual({ total: 0, lines: [] });
    expect((await handlers['approval.document']({})).act).toBe('approve');
    await handlers['approval.cancelSigning']({});
    expect(await handlers['approval.reject']({ ...yes(digestOf('approve')), reason: 'no' })).toEqual({});
    expect(await codeOf(() => handlers['approval.document']({}))).toBe('payments/approval-closed');
    await handlers['approval.close']({});
  });
});
