/** Locking: whatever is going on, what was open is closed, and nothing of it goes on. */
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ChildPort, SpawnChild } from '../../../src/main/platform/child';
import { type AppFolder, type AppHarness, makeAppFolder, startApp } from '../../support/app-harness';

const PASSPHRASE = 'correct horse battery staple lagoon 41';
const PRIVATE_KEY = '4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318';
const MINUTE = 60_000;

type Seen = { readonly name: string; readonly direction: 'post' | 'reply'; readonly count: number };

/** Children that are watched: how many run, and a hook at each message. */
const createWatch = () => {
  const running = new Map<string, Set<ChildPort>>();
  const hook: {
    at: ((seen: Seen) => void) | null;
    /** Calls to this child are lost from now on. */
    deaf: string | null;
  } = { at: null, deaf: null };
  const counts = new Map<string, number>();
  const seen = (name: string, direction: Seen['direction']): void => {
    const key = `${name}/${direction}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    hook.at?.({ name, direction, count: counts.get(key) ?? 0 });
  };
  const wrapSpawn =
    (spawn: SpawnChild): SpawnChild =>
    (name) => {
      const port = spawn(name);
      const ports = running.get(name) ?? new Set();
      running.set(name, ports.add(port));
      port.onExit(() => ports.delete(port));
      return {
        ...port,
        post: (message) => {
          seen(name, 'post');
          if (hook.deaf !== name) port.post(message);
        },
        onMessage: (listener) =>
          port.onMessage((message) => {
            listener(message);
            seen(name, 'reply');
          }),
      };
    };
  return {
    wrapSpawn,
    hook,
    restart: () => counts.clear(),
    alive: () => [...running].flatMap(([name, ports]) => [...ports].map(() => name)).sort(),
    posts: (name: string) => counts.get(`${name}/post`) ?? 0,
    replies: (name: string) => counts.get(`${name}/reply`) ?? 0,
    kill: (name: string) => {
      for (const port of running.get(name) ?? []) port.kill();
    },
  };
};

describe('locking', () => {
  const watch = createWatch();
  let folder: AppFolder;
  let app: AppHarness;
  const choosing: { answer: ((path: string | null) => void) | null } = { answer: null };

  beforeAll(async () => {
    folder = makeAppFolder();
    app = await startApp({
      folder,
      wrapSpawn: watch.wrapSpawn,
      chooseFile: () =>
        new Promise((resolve) => {
          choosing.answer = resolve;
        }),
    });
    await app.main['vault.importPrivateKey']({ privateKey: PRIVATE_KEY, passphrase: PASSPHRASE });
    await app.lock();
  }, MINUTE);
  afterEach(async () => {
    watch.hook.at = null;
    watch.hook.deaf = null;
    await app.lock();
  }, MINUTE);
  afterAll(async () => {
    await app.stop();
    folder.remove();
  }, MINUTE);

  const unlock = () => app.main['vault.unlock']({ passphrase: PASSPHRASE });
  const expectClosed = async (): Promise<void> => {
    expect(app.isUnlocked()).toBe(false);
    expect((await app.main['app.snapshot']({})).lock).toBe('locked');
    await vi.waitFor(() => expect(watch.alive()).toEqual([]), { timeout: 10_000 });
  };

  it(
    'opens with both children, which is what the tests below take away',
    async () => {
      watch.restart();
      await unlock();
      expect(app.isUnlocked()).toBe(true);
      expect(watch.alive()).toEqual(['ledger', 'vault']);
      expect(watch.replies('ledger')).toBeGreaterThan(6);
      await app.lock();
      await expectClosed();
    },
    MINUTE,
  );

  it.each([1, 3, 6, 9])(
    'closes what is being opened, at reply %i of the store',
    async (point) => {
      watch.restart();
      let locked: Promise<void> | undefined;
      watch.hook.at = ({ name, direction, count }) => {
        if (name === 'ledger' && direction === 'reply' && count === point) locked = app.lock();
      };
      const opened = await unlock().then(
        () => 'opened',
        (error: unknown) => (error as { code: string }).code,
      );
      // Where opening takes fewer replies the lock comes right after it; it closes either way.
      if (locked === undefined) locked = app.lock();
      else expect(['vault/locked', 'ledger/closed', 'child/crashed', 'cancelled']).toContain(opened);
      await locked;
      await expectClosed();
      // Nothing that was half built still talks to anybody, also not to the children of the next unlock.
      const before = watch.posts('ledger');
      await new Promise((resolve) => setImmediate(resolve));
      expect(watch.posts('ledger')).toBe(before);
      watch.hook.at = null;
      await unlock();
      expect(app.isUnlocked()).toBe(true);
      expect((await app.main['vault.keys']({})).keys).toHaveLength(1);
    },
    MINUTE,
  );

  it.each(['ledger', 'vault'])(
    'locks when the %s process ends',
    async (name) => {
      await unlock();
      watch.kill(name);
      await vi.waitFor(() => expect(app.isUnlocked()).toBe(false), { timeout: 10_000 });
      await app.lock();
      await expectClosed();
      expect(app.events.map(({ event }) => event)).toContainEqual({ type: 'vault.locked', cause: 'crash' });
    },
    MINUTE,
  );

  it.each([1, 5])(
    'stays locked when the store process ends at reply %i of an unlock',
    async (point) => {
      watch.restart();
      watch.hook.at = ({ name, direction, count }) => {
        if (name === 'ledger' && direction === 'reply' && count === point) watch.kill('ledger');
      };
      await expect(unlock()).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:child\/crashed|ledger\/closed|vault\/locked)$/),
      });
      await expectClosed();
      watch.hook.at = null;
      await unlock();
      expect(app.isUnlocked()).toBe(true);
    },
    MINUTE,
  );

  it(
    'takes two unlocks at once for one',
    async () => {
      const answers = await Promise.all([unlock(), unlock()]);
      expect(answers[0]).toEqual(answers[1]);
      expect(app.isUnlocked()).toBe(true);
      expect(watch.alive()).toEqual(['ledger', 'vault']);
      expect((await app.main['vault.keys']({})).keys).toHaveLength(1);
    },
    MINUTE,
  );

  it(
    'still proves the passphrase where the vault is open',
    async () => {
      await unlock();
      await expect(
        app.main['vault.unlock']({ passphrase: 'another passphrase entirely 77' }),
      ).rejects.toMatchObject({ code: 'vault/wrong-passphrase' });
      expect(app.isUnlocked()).toBe(true);
      await unlock();
    },
    MINUTE,
  );

  it(
    'opens after a lock that is under way, not under it',
    async () => {
      await unlock();
      const locking = app.lock();
      const opening = unlock();
      await locking;
      await opening;
      expect(app.isUnlocked()).toBe(true);
      expect(watch.alive()).toEqual(['ledger', 'vault']);
      expect((await app.main['directory.networks']({})).networks.length).toBeGreaterThan(0);
    },
    MINUTE,
  );

  it(
    'ends the vault although the store does not answer',
    async () => {
      await unlock();
      watch.hook.deaf = 'ledger';
      const started = performance.now();
      const locking = app.lock();
      await vi.waitFor(() => expect(watch.alive()).not.toContain('vault'), { timeout: 15_000 });
      expect(performance.now() - started).toBeLessThan(12_000);
      watch.hook.deaf = null;
      await locking;
      await expectClosed();
    },
    MINUTE,
  );

  it(
    'gives no answer that was read before it',
    async () => {
      await unlock();
      let locked: Promise<void> | undefined;
      watch.hook.at = ({ name, direction }) => {
        // The answer has arrived in main and is not yet on its way to the page.
        if (name === 'ledger' && direction === 'reply') locked ??= app.lock();
      };
      await expect(app.main['directory.networks']({})).rejects.toMatchObject({ code: 'vault/locked' });
      await locked;
    },
    MINUTE,
  );

  it(
    'keeps the rules of locking behind the lock',
    async () => {
      await expectClosed();
      const rules = [
        { idleLockMinutes: 0 },
        { lockOnSuspend: false },
        { lockOnScreenLock: false },
        { maxFileMebibytes: 1024 },
      ] as const;
      for (const rule of rules)
        await expect(app.main['settings.set'](rule)).rejects.toMatchObject({ code: 'vault/locked' });
      // What is only looks may change: the screen that asks for the passphrase has a theme.
      expect(await app.main['settings.set']({ theme: 'dark' })).toMatchObject({ theme: 'dark' });
      await unlock();
      expect(await app.main['settings.set']({ idleLockMinutes: 7 })).toMatchObject({ idleLockMinutes: 7 });
    },
    MINUTE,
  );

  it('takes a dropped file by its place: nothing of its own, no folder, nothing relative', () => {
    const dropped = () => app.events.filter(({ event }) => event.type === 'files.dropped').length;
    const before = dropped();
    const own = join(folder.path, 'workspace');
    symlinkSync(own, join(folder.path, 'alias'));
    for (const path of [join(own, 'ledger.db'), join(own, 'vault', 'vault.nostro')])
      expect(existsSync(path)).toBe(true);
    for (const path of [
      join(own, 'ledger.db'),
      join(own, 'vault', 'vault.nostro'),
      join(folder.path, 'outside', '..', 'workspace', 'ledger.db'),
      join(folder.path, 'alias', 'ledger.db'),
      'package.json',
      '/',
      '/no/such/file',
    ])
      app.dropFile(path);
    expect(dropped()).toBe(before);
    app.dropFile(join(process.cwd(), 'package.json'));
    expect(dropped()).toBe(before + 1);
  });

  it('shows one file dialog at a time', async () => {
    const first = app.main['files.choose']({ purpose: 'payments' });
    await vi.waitFor(() => expect(choosing.answer).not.toBeNull());
    await expect(app.main['files.choose']({ purpose: 'rates' })).rejects.toMatchObject({ code: 'busy' });
    choosing.answer?.(null);
    expect(await first).toEqual({ file: null });
  });
});
