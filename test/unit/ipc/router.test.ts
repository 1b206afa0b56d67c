import { describe, expect, it, vi } from 'vitest';
import { createRouter, type DispatchRecord, type WindowHandlers } from '../../../src/main/ipc/router';
import { approvalContract, mainContract } from '../../../src/shared/contract';
import { AppError } from '../../../src/shared/errors';

const settings = {
  theme: 'system',
  locale: null,
  density: 'normal',
  reportingCurrency: 'USD',
  workspaceName: 'Treasury',
  idleLockMinutes: 10,
  lockOnSuspend: true,
  lockOnScreenLock: true,
  maxFileMebibytes: 256,
} as const;

type Fake = (input: unknown) => Promise<unknown>;

const createFixture = (fakes: Record<string, Fake> = {}, isUnlocked = true) => {
  const lines: unknown[] = [];
  const records: DispatchRecord[] = [];
  const write = (message: string, fields?: object) => lines.push({ message, ...fields });
  const refuse: Fake = async () => {
    throw new Error('not expected here');
  };
  const fill = (contract: object) =>
    Object.fromEntries(Object.keys(contract).map((name) => [name, fakes[name] ?? refuse]));
  const handlers = {
    main: fill(mainContract),
    approval: fill(approvalContract),
  } as unknown as WindowHandlers;
  const state = { isUnlocked };
  const router = createRouter({
    handlers,
    isUnlocked: () => state.isUnlocked,
    log: { info: write, warn: write, error: write },
    onCommand: (record) => records.push(record),
  });
  return { ...router, lines, records, state };
};

describe('the router', () => {
  it('answers what the contract declares', async () => {
    const { dispatch } = createFixture({ 'settings.get': async () => settings });
    expect(await dispatch('main', 'settings.get', {})).toEqual({ ok: true, value: settings });
  });

  it.each([
    ['a name it does not know', 'settings.steal'],
    ['a name of every object', 'toString'],
    ['the prototype', '__proto__'],
    ['no text at all', 7],
    ['nothing', undefined],
  ])('refuses %s', async (_what, method) => {
    const { dispatch } = createFixture();
    expect(await dispatch('main', method, {})).toEqual({ ok: false, error: { code: 'ipc/unknown-method' } });
  });

  it('gives each window its own contract only', async () => {
    const called = vi.fn(async () => settings);
    const { dispatch } = createFixture({ 'settings.get': called, 'approval.close': called });
    const refused = { ok: false, error: { code: 'ipc/unknown-method' } };
    for (const method of Object.keys(mainContract))
      expect(await dispatch('approval', method, {})).toEqual(refused);
    for (const method of Object.keys(approvalContract))
      expect(await dispatch('main', method, {})).toEqual(refused);
    expect(called).not.toHaveBeenCalled();
  });

  it('refuses an extra field in every method of both contracts, and calls no handler', async () => {
    const called = vi.fn(async () => ({}));
    const names = [...Object.keys(mainContract), ...Object.keys(approvalContract)];
    const { dispatch } = createFixture(Object.fromEntries(names.map((name) => [name, called])));
    for (const window of ['main', 'approval'] as const) {
      for (const name of Object.keys(window === 'main' ? mainContract : approvalContract)) {
        expect(await dispatch(window, name, { 'not-a-field': 1 }), name).toMatchObject({
          ok: false,
          error: { code: 'ipc/invalid-input' },
        });
      }
    }
    expect(called).not.toHaveBeenCalled();
  });

  it('names the place of an invalid input, never its value, and logs neither', async () => {
    const { dispatch, lines } = createFixture();
    const answer = await dispatch('main', 'vault.unlock', { passphrase: { secret: 'correct horse' } });
    expect(answer).toEqual({
      ok: false,
      error: { code: 'ipc/invalid-input', details: { field: 'passphrase' } },
    });
    expect(JSON.stringify(lines)).not.toContain('correct horse');
  });

  it('answers vault/locked to every method that needs the vault while it is locked', async () => {
    const called = vi.fn(async () => ({}));
    const { dispatch } = createFixture({ 'vault.keys': called, 'ledger.sync': called }, false);
    expect(await dispatch('main', 'vault.keys', {})).toEqual({ ok: false, error: { code: 'vault/locked' } });
    expect(called).not.toHaveBeenCalled();
  });

  it('asks for the lock again when a command that waited gets its turn', async () => {
    let release = (): void => undefined;
    const later = vi.fn(async () => ({}));
    const { dispatch, state } = createFixture({
      'settings.set': () =>
        new Promise((resolve) => {
          release = () => resolve(settings);
        }),
      'vault.changePassphrase': later,
    });
    const first = dispatch('main', 'settings.set', {});
    const second = dispatch('main', 'vault.changePassphrase', { current: 'a', next: 'b' });
    await vi.waitFor(() => expect(release).not.toBe(undefined));
    state.isUnlocked = false;
    release();
    await first;
    expect(await second).toEqual({ ok: false, error: { code: 'vault/locked' } });
    expect(later).not.toHaveBeenCalled();
  });

  it('runs commands one at a time and in order, also after one failed; queries and concurrent ones do not wait', async () => {
    const events: string[] = [];
    const gates: (() => void)[] = [];
    const { dispatch } = createFixture({
      'settings.set': async (input) => {
        const { workspaceName } = input as { workspaceName: string };
        events.push(`start ${workspaceName}`);
        await new Promise<void>((resolve) => gates.push(resolve));
        events.push(`end ${workspaceName}`);
        if (workspaceName === 'one') throw new AppError('settings/invalid');
        return settings;
      },
      'settings.get': async () => settings,
      'vault.lock': async () => ({}),
    });
    const one = dispatch('main', 'settings.set', { workspaceName: 'one' });
    const two = dispatch('main', 'settings.set', { workspaceName: 'two' });
    expect(await dispatch('main', 'settings.get', {})).toMatchObject({ ok: true });
    expect(await dispatch('main', 'vault.lock', {})).toMatchObject({ ok: true });
    await vi.waitFor(() => expect(gates).toHaveLength(1));
    expect(events).toEqual(['start one']);
    gates[0]?.();
    expect(await one).toEqual({ ok: false, error: { code: 'settings/invalid' } });
    await vi.waitFor(() => expect(gates).toHaveLength(2));
    gates[1]?.();
    expect(await two).toMatchObject({ ok: true });
    expect(events).toEqual(['start one', 'end one', 'start two', 'end two']);
  });

  it('lets declared errors leave with their details, and turns every other into an incident', async () => {
    const failures: Error[] = [
      new AppError('vault/throttled', { waitMs: 500 }),
      new AppError('payments/held', { batchId: 'x' }),
      new TypeError('undefined is not /home/anna/secret.xml'),
    ];
    const { dispatch, lines } = createFixture({
      'vault.unlock': async () => {
        throw failures.shift();
      },
    });
    const unlock = () => dispatch('main', 'vault.unlock', { passphrase: 'x' });
    expect(await unlock()).toEqual({
      ok: false,
      error: { code: 'vault/throttled', details: { waitMs: 500 } },
    });
    for (const cause of ['payments/held', 'undefined is not']) {
      const answer = await unlock();
      expect(answer).toEqual({
        ok: false,
        error: { code: 'internal', incident: expect.stringMatching(/^[0-9a-f]{12}$/) },
      });
      const incident = answer.ok ? '' : answer.error.incident;
      const line = lines.find((each) => (each as { incident?: string }).incident === incident) as {
        error: Error;
      };
      expect(line.error.message).toContain(cause);
    }
  });

  it('lets nothing leave that the contract does not name', async () => {
    const { dispatch } = createFixture({
      'vault.keys': async () => ({ keys: [], mnemonic: 'abandon abandon' }),
      'settings.get': async () => ({ ...settings, theme: 'neon' }),
    });
    for (const method of ['vault.keys', 'settings.get']) {
      const answer = await dispatch('main', method, {});
      expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } });
      expect(JSON.stringify(answer)).not.toContain('abandon');
    }
  });

  it('reports the outcome of every command to the journal, and of no query', async () => {
    const { dispatch, records } = createFixture(
      { 'settings.set': async () => settings, 'settings.get': async () => settings },
      false,
    );
    await dispatch('main', 'settings.get', {});
    await dispatch('main', 'settings.set', {});
    await dispatch('main', 'settings.set', { theme: 'neon' });
    await dispatch('main', 'vault.changePassphrase', { current: 'a', next: 'b' });
    const nothingNamed = { digest: null, ids: {} };
    expect(records).toEqual([
      { window: 'main', method: 'settings.set', outcome: 'ok', ...nothingNamed },
      { window: 'main', method: 'settings.set', outcome: 'ipc/invalid-input', ...nothingNamed },
      { window: 'main', method: 'vault.changePassphrase', outcome: 'vault/locked', ...nothingNamed },
    ]);
  });
});
