/** The one open document: answered at most once, closed without losing anything. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApprovalLine } from '../../../src/shared/contract';
import { AppError } from '../../../src/shared/errors';
import { BATCH, codeOf, digestOf, documentOf, gate, setUp, yes } from './desk-rig';

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
