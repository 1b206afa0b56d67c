import { describe, expect, it } from 'vitest';
import { createActivity, createCommandLog } from '../../../src/main/journal';
import type { Hash32 } from '../../../src/shared/model/ids';
import type { JournalEntry } from '../../../src/shared/model/journal';
import type { PersonRef } from '../../../src/shared/model/people';

const ADA = { name: 'Ada', key: `0x${'1'.repeat(40)}` } as PersonRef;
const clockAt = (start: number) => {
  let now = start;
  return {
    clock: { now: () => new Date(now), monotonicMs: () => now },
    pass: (ms: number) => {
      now += ms;
    },
  };
};
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const command = { window: 'main', method: 'envelopes.send' } as const;

describe('whose doing something is', () => {
  it('follows a command through what it awaits, beside others', async () => {
    const activity = createActivity(clockAt(0).clock);
    activity.identify(ADA);
    const look = async (turns: number) => {
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      return activity.origin();
    };
    const [one, two, outside] = await Promise.all([
      activity.run(command, () => look(5)),
      activity.run({ window: 'approval', method: 'approval.approve' }, () => look(3)),
      look(4),
    ]);
    expect(one).toMatchObject({ source: 'main', event: 'envelopes.send', who: ADA });
    expect(two).toMatchObject({ source: 'approval', event: 'approval.approve', who: ADA });
    expect(outside).toMatchObject({ source: 'app', event: null, who: null });
  });

  it('is the app again when the command has ended, also in what it started', async () => {
    const activity = createActivity(clockAt(0).clock);
    let later: Promise<unknown> = Promise.resolve();
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    await activity.run(command, async () => {
      later = gate.then(() => activity.origin());
    });
    release();
    expect(await later).toMatchObject({ source: 'app', event: null });
  });

  it('is the app in what it does by itself on the occasion', async () => {
    const activity = createActivity(clockAt(0).clock);
    activity.identify(ADA);
    const inner = await activity.run({ window: 'main', method: 'vault.unlock' }, () =>
      activity.asApp(async () => {
        activity.noteJournaled(3);
        return activity.origin();
      }),
    );
    expect(inner).toMatchObject({ source: 'app', event: null, who: null });
    // What the app wrote does not stand for the command's own entry.
    const counted = await activity.run({ window: 'main', method: 'vault.unlock' }, async () => {
      await activity.asApp(async () => activity.noteJournaled(3));
      return activity.journaled();
    });
    expect(counted).toBe(0);
  });
});

describe('commands that wrote nothing', () => {
  const open = (isOpenAtFirst = true) => {
    const time = clockAt(Date.parse('2026-11-26T10:00:00Z'));
    const activity = createActivity(time.clock);
    const written: Omit<JournalEntry, 'seq'>[] = [];
    const state = { isOpen: isOpenAtFirst, failing: false };
    const log = createCommandLog({
      activity,
      isOpen: () => state.isOpen,
      monotonicMs: time.clock.monotonicMs,
      append: async (entry) => {
        if (state.failing) throw new Error('disk full');
        written.push(entry);
      },
      log: silent,
    });
    const end = (outcome: 'ok' | 'vault/wrong-passphrase', method = 'vault.unlock') =>
      activity.run({ window: 'main', method }, () => log.ended({ method, outcome, digest: null, ids: {} }));
    return { time, activity, written, state, log, end };
  };

  it('are written down, refused ones with their reason; those that wrote are not written twice', async () => {
    const { activity, written, log, end } = open();
    await end('ok', 'vault.changePassphrase');
    await end('vault/wrong-passphrase');
    await activity.run(command, async () => {
      activity.noteJournaled(1);
      await log.ended({ method: command.method, outcome: 'ok', digest: null, ids: {} });
    });
    await activity.run(command, async () => {
      activity.noteJournaled(1);
      await log.ended({ method: command.method, outcome: 'cancelled', digest: null, ids: { batchId: 'b' } });
    });
    expect(written.map(({ event, verdict, facts }) => [event, verdict, facts])).toEqual([
      ['vault.changePassphrase', 'ok', {}],
      ['vault.unlock', 'vault/wrong-passphrase', {}],
      ['envelopes.send', 'cancelled', { batchId: 'b' }],
    ]);
  });

  it('wait while the store is closed, in order, refused ones in few lines', async () => {
    const { written, state, log, end, time } = open(false);
    for (let attempt = 0; attempt < 2_000; attempt += 1) {
      await end('vault/wrong-passphrase');
      time.pass(1_000);
    }
    await end('ok', 'vault.prepare');
    await end('vault/wrong-passphrase');
    expect(written).toEqual([]);
    state.isOpen = true;
    await log.flush();
    await log.flush();
    expect(written).toMatchObject([
      { at: '2026-11-26T10:00:00.000Z', verdict: 'vault/wrong-passphrase', facts: {} },
      { event: 'vault.prepare', verdict: 'ok', facts: {} },
      { at: '2026-11-26T10:33:20.000Z', verdict: 'vault/wrong-passphrase', facts: { times: 1_999 } },
    ]);
  });

  it('do not fill the memory when refused: of each reason the first, the last and how many between', async () => {
    const { written, state, log, end, time } = open(false);
    for (let round = 0; round < 4_000; round += 1) {
      await end('vault/wrong-passphrase', round % 2 === 0 ? 'vault.unlock' : 'people.setName');
      time.pass(1_000);
    }
    state.isOpen = true;
    await log.flush();
    expect(written.map(({ event, at, facts }) => [event, at, facts])).toEqual([
      ['vault.unlock', '2026-11-26T10:00:00.000Z', {}],
      ['people.setName', '2026-11-26T10:00:01.000Z', {}],
      ['vault.unlock', '2026-11-26T11:06:38.000Z', { times: 1_998 }],
      ['people.setName', '2026-11-26T11:06:39.000Z', { times: 1_998 }],
    ]);
  });

  it('are never dropped nor merged when they succeeded, while the store is closed and while it is open', async () => {
    for (const isOpenAtFirst of [true, false]) {
      const { written, state, log, end } = open(isOpenAtFirst);
      for (let round = 0; round < 700; round += 1)
        await end('vault/wrong-passphrase', 'directory.exportFile');
      for (let round = 0; round < 700; round += 1) await end('ok', 'vault.changePassphrase');
      state.isOpen = true;
      await log.flush();
      expect(written.filter(({ verdict }) => verdict === 'ok')).toHaveLength(700);
      // No line is older than the one before it: the store would say that the clock went back.
      expect(written.map(({ at }) => at)).toEqual(written.map(({ at }) => at).sort());
    }
  });

  it('are limited per method: a flood of one does not hold up what another refused', async () => {
    const { written, end } = open();
    for (let round = 0; round < 1_000; round += 1)
      await end('vault/wrong-passphrase', 'directory.exportFile');
    const flood = written.length;
    expect(flood).toBeLessThan(50);
    await end('vault/wrong-passphrase', 'vault.changePassphrase');
    expect(written.at(-1)).toMatchObject({ event: 'vault.changePassphrase' });
    expect(written).toHaveLength(flood + 3);
  });

  it('carry what their handler noted, and nothing of another command', async () => {
    const { activity, written, log } = open();
    const digest = `0x${'a'.repeat(64)}` as Hash32;
    const ended = { method: 'approval.compareWords', outcome: 'ok', digest: null, ids: {} } as const;
    activity.noteFacts({ stray: true });
    await activity.run({ window: 'approval', method: ended.method }, async () => {
      activity.noteFacts({ agrees: false }, digest);
      await log.ended(ended);
    });
    await activity.run({ window: 'main', method: 'workspace.setMode' }, async () => {
      activity.noteFacts({ mode: 'offline' });
      await log.note('vault.lock', { cause: 'person' });
    });
    expect(written).toMatchObject([
      { event: 'approval.compareWords', digest },
      { event: 'workspace.setMode', digest: null },
    ]);
    expect(written.map(({ facts }) => facts)).toEqual([
      { agrees: false },
      { mode: 'offline', cause: 'person' },
    ]);
  });

  it('wait also when writing failed', async () => {
    const { written, state, log, end } = open();
    state.failing = true;
    await end('ok', 'vault.changePassphrase');
    expect(written).toEqual([]);
    state.failing = false;
    await log.flush();
    expect(written).toMatchObject([{ event: 'vault.changePassphrase' }]);
  });

  it('do not fill the disk: what comes too fast waits in few lines, and nothing of it is forgotten', async () => {
    const { written, log, end, time } = open();
    for (let round = 0; round < 5_000; round += 1) await end('vault/wrong-passphrase');
    expect(written).toHaveLength(20);
    time.pass(60_000);
    await end('ok', 'vault.changePassphrase');
    expect(written.slice(20).map(({ event, facts }) => [event, facts])).toEqual([
      ['vault.unlock', {}],
      ['vault.unlock', { times: 4_978 }],
      ['vault.changePassphrase', {}],
    ]);
    // A lock is written down whatever came before it, and after it.
    for (let round = 0; round < 500; round += 1) await end('vault/wrong-passphrase');
    await log.note('vault.lock', { cause: 'idle' });
    expect(written.slice(-2)).toMatchObject([
      { event: 'vault.unlock', facts: { times: 478 } },
      { event: 'vault.lock' },
    ]);
  });

  it('note a lock as the command that led to it, or as the app’s own', async () => {
    const { activity, written, log } = open();
    await activity.run({ window: 'main', method: 'workspace.setMode' }, () =>
      log.note('vault.lock', { cause: 'person' }),
    );
    await log.note('vault.lock', { cause: 'idle' });
    expect(written.map(({ event, source, facts }) => [event, source, facts])).toEqual([
      ['workspace.setMode', 'main', { cause: 'person' }],
      ['vault.lock', 'app', { cause: 'idle' }],
    ]);
  });
});
