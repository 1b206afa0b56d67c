/** The one open document: answered at most once, closed without losing anything, compared by voice a few times only. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { approvalHandlers, createClockGuard, createDesk, type Subject } from '../../../src/main/approval';
import type { AppEvent, ApprovalDocument, ApprovalLine } from '../../../src/shared/contract';
import { AppError, type ErrorCode } from '../../../src/shared/errors';
import { BatchId, Hash32, type Instant } from '../../../src/shared/model/ids';

const digestOf = (text: string): Hash32 =>
  Hash32.parse(`0x${createHash('sha256').update(text).digest('hex')}`);
const BATCH = BatchId.parse(`bat_${'0'.repeat(24)}`);

const documentOf = (act: ApprovalDocument['act'], digest = digestOf(act)): ApprovalDocument => ({
  kind: 'batch',
  batchId: BATCH,
  act,
  source: null,
  digest,
  words: null,
  envelope: null,
  policy: null,
  count: 0,
  sums: [],
  maxFees: [],
  creditors: 0,
  unchecked: [],
  checked: [],
  builtAt: '2026-07-01T08:00:00.000Z' as Instant,
  preflightAt: null,
});

/** Words of a challenge and a digest: any function of both will do here. */
const wordsOf = (challenge: string, digest: Hash32): string[] =>
  Array.from({ length: 12 }, (_, index) =>
    createHash('sha256')
      .update(`${challenge}/${digest}/${index}`)
      .digest('hex')
      .replace(/[0-9]/g, '')
      .slice(0, 6),
  );

/** Starts `work` at once, and answers how it ended. */
const codeOf = (work: () => unknown): Promise<ErrorCode | 'none' | 'other'> =>
  (async () => work())().then(
    () => 'none' as const,
    (error: unknown) => (error instanceof AppError ? error.code : 'other'),
  );

const gate = () => {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
};

const setUp = () => {
  const events: AppEvent[] = [];
  const windows: string[] = [];
  const trace: string[] = [];
  let ms = 0;
  let refusesWindow = false;
  let isSetBack = false;
  const desk = createDesk({
    windows: {
      openApproval: async () => {
        if (refusesWindow) throw new Error('no window');
        windows.push('open');
      },
      closeApproval: () => void windows.push('close'),
    },
    voiceWords: wordsOf,
    requireClock: async () => {
      if (isSetBack) throw new AppError('clock/set-back');
    },
    emit: (event) => void events.push(event),
    clock: { now: () => new Date('2026-07-01T08:00:00Z'), monotonicMs: () => ms },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  const subject = (act: ApprovalDocument['act'], more: Partial<Subject> = {}): Subject => ({
    document: documentOf(act),
    lines: [],
    approve:
      act === 'compare'
        ? null
        : async ({ beginKeeping, voice }) => {
            beginKeeping();
            trace.push(`yes ${act} voice=${voice}`);
            return { signed: 1 };
          },
    reject:
      act === 'approve' || act === 'sign'
        ? async ({ reason }) => {
            trace.push(`no ${reason}`);
          }
        : null,
    abandon: async () => {
      trace.push('abandoned');
    },
    batchId: BATCH,
    ...more,
  });
  const show = (act: ApprovalDocument['act'], more: Partial<Subject> = {}) =>
    desk.open(`${act}/x`, async () => subject(act, more));
  return {
    desk,
    subject,
    show,
    events,
    windows,
    trace,
    pass: (minutes: number) => {
      ms += minutes * 60_000;
    },
    setBack: (value: boolean) => {
      isSetBack = value;
    },
    refuseWindow: () => {
      refusesWindow = true;
    },
  };
};

const yes = (digest: Hash32) => ({ digest, passphrase: 'four words are enough' });

describe('one document', () => {
  it('answers nothing while none is open', async () => {
    const { desk } = setUp();
    const closed = 'payments/approval-closed';
    expect(await codeOf(() => desk.document())).toBe(closed);
    expect(await codeOf(() => desk.lines(0, 10))).toBe(closed);
    expect(await codeOf(() => desk.challenge())).toBe(closed);
    expect(await codeOf(() => desk.compareWords([]))).toBe(closed);
    expect(await codeOf(() => desk.wordsFor('00000000'))).toBe(closed);
    expect(await codeOf(() => desk.approve(yes(digestOf('pay'))))).toBe(closed);
    expect(await codeOf(() => desk.reject({ ...yes(digestOf('pay')), reason: 'x' }))).toBe(closed);
    await desk.close();
    desk.cancelSigning();
    expect(desk.isSigning()).toBe(false);
  });

  it('is the only one, while it is built and while it is shown, and comes to the front when asked again', async () => {
    const { desk, show, windows, subject } = setUp();
    const { passed, open } = gate();
    const first = desk.open('a', async () => {
      await passed;
      return subject('pay');
    });
    expect(await codeOf(() => show('approve'))).toBe('busy');
    open();
    await first;
    expect(await codeOf(() => show('approve'))).toBe('busy');
    await desk.open('a', () => Promise.reject(new Error('built twice')));
    expect(windows).toEqual(['open', 'open']);
    await desk.close();
    await show('approve');
    expect(desk.document().act).toBe('approve');
  });

  it('leaves the desk free when it could not be built or shown', async () => {
    const { desk, show, trace, refuseWindow } = setUp();
    expect(await codeOf(() => desk.open('a', () => Promise.reject(new AppError('envelope/unknown'))))).toBe(
      'envelope/unknown',
    );
    await show('pay');
    await desk.close();
    refuseWindow();
    expect(await codeOf(() => show('approve'))).toBe('other');
    expect(trace).toEqual(['abandoned', 'abandoned']);
    expect(await codeOf(() => desk.document())).toBe('payments/approval-closed');
  });

  it('opens nothing after it was stopped, and gives back what was being built', async () => {
    const { desk, show, trace, windows, subject } = setUp();
    const { passed, open } = gate();
    const late = codeOf(() =>
      desk.open('a', async () => {
        await passed;
        return subject('sign');
      }),
    );
    await desk.stop();
    open();
    expect(await late).toBe('vault/locked');
    expect(await codeOf(() => show('pay'))).toBe('vault/locked');
    expect(trace).toEqual(['abandoned']);
    expect(windows).toEqual([]);
  });

  it('pages through its lines', async () => {
    const { desk, show } = setUp();
    const lines = Array.from({ length: 7 }, (_, index) => ({ index }) as ApprovalLine);
    await show('approve', { lines });
    expect(desk.lines(5, 5)).toEqual({ total: 7, lines: lines.slice(5) });
    expect(desk.lines(9, 5)).toEqual({ total: 7, lines: [] });
  });
});

describe('a yes', () => {
  it('names the digest that is shown, or is none', async () => {
    const { desk, show, trace } = setUp();
    await show('approve');
    expect(await codeOf(() => desk.approve(yes(digestOf('sign'))))).toBe('payments/digest-mismatch');
    expect(await codeOf(() => desk.reject({ ...yes(digestOf('sign')), reason: 'x' }))).toBe(
      'payments/digest-mismatch',
    );
    expect(trace).toEqual([]);
    expect(await desk.approve(yes(digestOf('approve')))).toEqual({ signed: 1 });
    expect(await codeOf(() => desk.approve(yes(digestOf('approve'))))).toBe('payments/approval-closed');
    expect(trace).toEqual(['yes approve voice=false']);
  });

  it('is taken once, however often it is said', async () => {
    const { desk, show, trace } = setUp();
    const { passed, open } = gate();
    await show('sign', {
      approve: async ({ beginKeeping }) => {
        await passed;
        beginKeeping();
        trace.push('signed');
        return { signed: 3 };
      },
    });
    const first = desk.approve(yes(digestOf('sign')));
    expect(desk.isSigning()).toBe(true);
    expect(await codeOf(() => desk.approve(yes(digestOf('sign'))))).toBe('busy');
    expect(await codeOf(() => desk.reject({ ...yes(digestOf('sign')), reason: 'x' }))).toBe('busy');
    open();
    expect(await first).toEqual({ signed: 3 });
    expect(trace).toEqual(['signed']);
  });

  it('of a payment gets too old; of an envelope, which names its own end, it does not', async () => {
    const { desk, show, pass } = setUp();
    await show('pay');
    pass(15.1);
    expect(await codeOf(() => desk.approve(yes(digestOf('pay'))))).toBe('payments/digest-mismatch');
    await desk.close();
    await show('approve');
    pass(45);
    expect(await codeOf(() => desk.approve(yes(digestOf('approve'))))).toBe('none');
  });

  it('can be said again after it failed', async () => {
    const { desk, show } = setUp();
    let isRight = false;
    await show('approve', {
      approve: async () => {
        if (!isRight) throw new AppError('vault/wrong-passphrase');
        return { signed: 0 };
      },
    });
    expect(await codeOf(() => desk.approve(yes(digestOf('approve'))))).toBe('vault/wrong-passphrase');
    expect(desk.isSigning()).toBe(false);
    isRight = true;
    expect(await desk.approve(yes(digestOf('approve')))).toEqual({ signed: 0 });
  });

  it('is not there where words are only read', async () => {
    const { desk, show } = setUp();
    await show('compare');
    expect(await codeOf(() => desk.approve(yes(digestOf('compare'))))).toBe('envelope/wrong-state');
    expect(await codeOf(() => desk.reject({ ...yes(digestOf('compare')), reason: 'x' }))).toBe(
      'envelope/wrong-state',
    );
  });

  it('lets what follows run with the window closed, and fail without taking the yes back', async () => {
    const { desk, show, windows } = setUp();
    await show('pay', {
      approve: async () => ({
        signed: 2,
        afterwards: async () => {
          windows.push('afterwards');
          throw new Error('node is down');
        },
      }),
    });
    expect(await desk.approve(yes(digestOf('pay')))).toEqual({ signed: 2 });
    expect(windows).toEqual(['open', 'close', 'afterwards']);
  });
});

describe('closing', () => {
  it('before anything is kept keeps nothing', async () => {
    const { desk, show, trace, events } = setUp();
    const { passed, open } = gate();
    const asked = gate();
    await show('sign', {
      approve: async ({ beginKeeping, signal }) => {
        asked.open();
        await passed;
        expect(signal.aborted).toBe(true);
        beginKeeping();
        trace.push('kept');
        return { signed: 1 };
      },
    });
    const answer = codeOf(() => desk.approve(yes(digestOf('sign'))));
    await asked.passed;
    await desk.close();
    expect(desk.isSigning()).toBe(false);
    open();
    expect(await answer).toBe('cancelled');
    expect(trace).toEqual(['abandoned']);
    expect(events).toEqual([{ type: 'approval.closed', batchId: BATCH, outcome: 'closed' }]);
  });

  it('waits once keeping began', async () => {
    const { desk, show, trace, events } = setUp();
    const { passed, open } = gate();
    const began = gate();
    await show('sign', {
      approve: async ({ beginKeeping }) => {
        beginKeeping();
        began.open();
        await passed;
        trace.push('kept');
        return { signed: 1 };
      },
    });
    const answer = desk.approve(yes(digestOf('sign')));
    await began.passed;
    const closing = desk.close();
    open();
    expect(await answer).toEqual({ signed: 1 });
    await closing;
    expect(trace).toEqual(['kept']);
    expect(events).toEqual([{ type: 'approval.closed', batchId: BATCH, outcome: 'approved' }]);
  });

  it('waits for a no', async () => {
    const { desk, show, trace } = setUp();
    const { passed, open } = gate();
    await show('approve', {
      reject: async () => {
        await passed;
        trace.push('no');
      },
    });
    const answer = desk.reject({ ...yes(digestOf('approve')), reason: 'amount' });
    const closing = desk.close();
    open();
    await Promise.all([answer, closing]);
    expect(trace).toEqual(['no']);
  });

  it('cancelled signing leaves the document open', async () => {
    const { desk, show } = setUp();
    await show('sign', {
      approve: ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        }),
    });
    const answer = codeOf(() => desk.approve(yes(digestOf('sign'))));
    desk.cancelSigning();
    expect(await answer).toBe('cancelled');
    expect(desk.document().act).toBe('sign');
  });

  it('in any order of asking, answering and closing, says yes only to what was shown then, and gives back the rest', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('open' as const), name: fc.constantFrom('a', 'b') }),
      fc.record({ do: fc.constant('yes' as const), name: fc.constantFrom('a', 'b') }),
      fc.record({ do: fc.constant('no' as const), name: fc.constantFrom('a', 'b') }),
      fc.record({ do: fc.constant('close' as const), name: fc.constant('a') }),
      fc.record({ do: fc.constant('cancel' as const), name: fc.constant('a') }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(step, fc.boolean()), { maxLength: 30 }), async (steps) => {
        const { desk, subject } = setUp();
        const ends = new Map<number, string[]>();
        let built = 0;
        const running: Promise<unknown>[] = [];
        for (const [{ do: what, name }, waits] of steps) {
          const digest = digestOf(name);
          const run = (): Promise<unknown> => {
            switch (what) {
              case 'open':
                return codeOf(() =>
                  desk.open(name, async () => {
                    const id = built++;
                    ends.set(id, []);
                    return subject('approve', {
                      document: documentOf('approve', digest),
                      approve: async ({ beginKeeping }) => {
                        await Promise.resolve();
                        beginKeeping();
                        ends.get(id)?.push(`yes ${name}`);
                        return { signed: 0 };
                      },
                      reject: async () => void ends.get(id)?.push(`no ${name}`),
                      abandon: async () => void ends.get(id)?.push('abandoned'),
                    });
                  }),
                );
              case 'yes':
                return codeOf(() => desk.approve(yes(digest)));
              case 'no':
                return codeOf(() => desk.reject({ ...yes(digest), reason: 'no' }));
              case 'close':
                return desk.close();
              case 'cancel':
                return codeOf(() => desk.cancelSigning());
            }
          };
          const work = run();
          running.push(work);
          if (waits) await work;
        }
        await Promise.all(running);
        await desk.stop();
        // Each document that was ever shown ended in exactly one way.
        for (const end of ends.values()) expect(end).toHaveLength(1);
        expect(desk.isSigning()).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

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
    await desk.close();
    await show('sign');
    await desk.approve(yes(digestOf('sign')));
    expect(trace).toEqual(['abandoned', 'yes sign voice=false']);
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
    const handlers = approvalHandlers(desk);
    await show('approve');
    const { challenge } = await handlers['approval.challenge']({});
    expect(
      await handlers['approval.compareWords']({ words: wordsOf(challenge, digestOf('approve')) }),
    ).toEqual({ agrees: true, attemptsLeft: 5 });
    expect(await handlers['approval.lines']({ offset: 0, limit: 10 })).toEqual({ total: 0, lines: [] });
    expect((await handlers['approval.document']({})).act).toBe('approve');
    await handlers['approval.cancelSigning']({});
    expect(await handlers['approval.reject']({ ...yes(digestOf('approve')), reason: 'no' })).toEqual({});
    expect(await codeOf(() => handlers['approval.document']({}))).toBe('payments/approval-closed');
    await handlers['approval.close']({});
  });
});
