/** Who decides that a machine is offline, what it means while it is locked, and what an opened file may do. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../src/main/settings';
import { type AppFolder, type AppHarness, makeAppFolder, startApp } from '../../support/app-harness';
import {
  OFFLINE_KEY_ADDRESS,
  OFFLINE_PASSPHRASE,
  OFFLINE_PRIVATE_KEY,
  signingDirectory,
} from '../../support/offline-workspace';

/** Refuses every connection, so that a test that fails to stop one reaches nobody. */
const NOBODY = 'http://127.0.0.1:9/';
const OTHER_PRIVATE_KEY = '1'.repeat(64);

let folder: AppFolder;
let app: AppHarness | null = null;
let sockets: string[];
beforeEach(() => {
  folder = makeAppFolder();
  sockets = [];
});
afterEach(async () => {
  await app?.stop();
  app = null;
  folder.remove();
});

const start = async (more: Partial<Parameters<typeof startApp>[0]> = {}): Promise<AppHarness> => {
  await app?.stop();
  app = await startApp({
    folder,
    sockets: { refuse: () => sockets.push('refuse'), allow: () => sockets.push('allow') },
    ...more,
  });
  return app;
};
const makeVault = (on: AppHarness, mode: 'online' | 'offline', privateKey = OFFLINE_PRIVATE_KEY) =>
  on.main['vault.importPrivateKey']({ privateKey, passphrase: OFFLINE_PASSPHRASE, mode });
const modeOf = async (on: AppHarness) => (await on.main['app.snapshot']({})).mode;
const unlock = (on: AppHarness) => on.main['vault.unlock']({ passphrase: OFFLINE_PASSPHRASE });
const importDirectory = async (on: AppHarness, file = signingDirectory([NOBODY])) => {
  const path = join(folder.path, 'directory.json');
  writeFileSync(path, JSON.stringify(file));
  on.chooseNext(path);
  const chosen = (await on.main['files.choose']({ purpose: 'directory' })).file;
  if (!chosen) throw new Error('no file was chosen');
  return on.main['directory.importFile']({ fileId: chosen.fileId });
};

describe('the mode of a workspace', () => {
  it('is the vault’s, shown while locked, and changed with the passphrase only', async () => {
    const own = await start();
    expect(await modeOf(own)).toBe('online');
    await makeVault(own, 'offline');
    expect(await modeOf(own)).toBe('offline');
    await own.lock();
    expect(await modeOf(own)).toBe('offline');
    await unlock(own);

    await expect(
      own.main['workspace.setMode']({ mode: 'online', passphrase: 'another one that is long' }),
    ).rejects.toMatchObject({ code: 'vault/wrong-passphrase' });
    expect(await modeOf(own)).toBe('offline');
    expect(own.isUnlocked()).toBe(true);
    await own.main['workspace.setMode']({ mode: 'offline', passphrase: OFFLINE_PASSPHRASE });
    expect(own.isUnlocked()).toBe(true);

    await own.main['workspace.setMode']({ mode: 'online', passphrase: OFFLINE_PASSPHRASE });
    expect(own.isUnlocked()).toBe(false);
    expect(sockets).not.toContain('allow');
    await unlock(own);
    expect(await modeOf(own)).toBe('online');
    expect(sockets.at(-1)).toBe('allow');
    await own.lock();
    expect(sockets.at(-1)).toBe('refuse');
  });

  it('is corrected in a settings file that says otherwise', async () => {
    await makeVault(await start(), 'offline');
    const fooled = await start({ settings: { ...defaultSettings, workspaceMode: 'online' } });
    await unlock(fooled);
    expect(await modeOf(fooled)).toBe('offline');
    expect(fooled.settingsFile()).toMatchObject({ workspaceMode: 'offline' });
    expect(sockets).not.toContain('allow');
    // No settings at all: what a person sees before the unlock is the default, what runs after it is the vault's.
    const bare = await start();
    await unlock(bare);
    expect(await modeOf(bare)).toBe('offline');
  });

  it('shows offline until the vault says that it is not', async () => {
    await makeVault(await start(), 'online');
    const careful = await start({ settings: { ...defaultSettings, workspaceMode: 'offline' } });
    sockets = [];
    expect(await modeOf(careful)).toBe('offline');
    await unlock(careful);
    expect(await modeOf(careful)).toBe('online');
    expect(careful.settingsFile()).toMatchObject({ workspaceMode: 'online' });
    expect(sockets).toEqual(['allow']);
  });

  it('is no preference that a page could set', async () => {
    const own = await start();
    await makeVault(own, 'offline');
    const change = { workspaceMode: 'online', mode: 'online' } as object;
    await expect(own.main['settings.set'](change)).rejects.toMatchObject({ code: 'ipc/invalid-input' });
    await own.main['settings.set']({ workspaceName: 'Ours' });
    expect(own.settingsFile()).toMatchObject({ workspaceName: 'Ours', workspaceMode: 'offline' });
  });

  it('answers at once what would need a network', async () => {
    const own = await start({ sandboxFile: join(folder.path, 'sandbox.json') });
    await makeVault(own, 'offline');
    expect(await importDirectory(own)).toMatchObject({ tokens: 1, factsFromFile: 1, watchOnly: 1 });
    const { tokens } = await own.main['directory.tokens']({});
    const token = tokens.find(({ symbol }) => symbol === 'EXEUR');
    if (!token) throw new Error('the token was not read');
    for (const ask of [
      () => own.main['directory.probeToken']({ networkId: token.networkId, address: token.address }),
      () =>
        own.main['directory.addToken']({
          networkId: token.networkId,
          address: '0x00000000000000000000000000000000000000bb',
          currency: token.currency,
          issuer: token.issuer,
          referenceSuffix: true,
          verification: token.verification,
          seen: { decimals: token.decimals, implementation: null },
        }),
      () => own.main['app.addSandbox']({}),
    ])
      await expect(ask()).rejects.toMatchObject({ code: 'chain/offline' });
    expect(await own.main['app.snapshot']({})).toMatchObject({
      sandboxAvailable: false,
      networks: [{ name: 'Bank chain', state: 'offline', headBlock: null }],
    });
    expect(own.log.filter((line) => line.includes('endpoint failed'))).toEqual([]);
  });
});

describe('accounts that are only watched', () => {
  it('get their key when the vault does', async () => {
    const own = await start();
    await makeVault(own, 'online', OTHER_PRIVATE_KEY);
    const watched = await own.main['directory.saveAccount']({
      id: null,
      name: 'Operations',
      keyId: null,
      address: OFFLINE_KEY_ADDRESS,
      entity: { name: 'Example', lei: null },
      externalIds: [],
    });
    expect(watched.keyId).toBeNull();
    const key = await makeVault(own, 'online');
    await expect
      .poll(async () => (await own.main['directory.accounts']({})).accounts)
      .toEqual([{ ...watched, keyId: key.keyId }]);
  });
});

describe('a directory file that brings servers', () => {
  it('connects to none and keeps nothing before a person agreed', async () => {
    const asked: (readonly string[])[] = [];
    let says = false;
    const own = await start({
      confirmConnections: async (addresses) => {
        asked.push(addresses);
        return says;
      },
    });
    await makeVault(own, 'online');
    const file = signingDirectory(['https://127.0.0.1:9/key', NOBODY]);
    await expect(importDirectory(own, file)).rejects.toMatchObject({ code: 'cancelled' });
    expect(asked).toEqual([['https://127.0.0.1:9/key']]);
    const names = async () => (await own.main['directory.networks']({})).networks.map(({ name }) => name);
    expect(await names()).not.toContain('Bank chain');
    expect((await own.main['directory.accounts']({})).accounts).toEqual([]);
    expect(own.log.filter((line) => line.includes('endpoint failed'))).toEqual([]);
    says = true;
    await importDirectory(own, file);
    expect(await names()).toContain('Bank chain');
    await importDirectory(own, file);
    expect(asked).toHaveLength(2);
  });
});

describe('a file that the app is opened with', () => {
  const write = (name: string): string => {
    const path = join(folder.path, name);
    writeFileSync(path, '{}');
    return path;
  };
  const openedEvents = (on: AppHarness) =>
    on.events.filter(({ event }) => event.type === 'files.opened').length;

  it('waits while the vault is locked, then is offered, and is never taken in by itself', async () => {
    const own = await start();
    own.openFile(write('one.nostro'));
    expect(openedEvents(own)).toBe(1);
    await expect(own.main['workspace.openedFiles']({})).rejects.toMatchObject({ code: 'vault/locked' });
    await makeVault(own, 'offline');
    const { files } = await own.main['workspace.openedFiles']({});
    expect(files.map(({ name }) => name)).toEqual(['one.nostro']);
    await own.lock();
    own.openFile(write('two.nostro'));
    await unlock(own);
    expect((await own.main['workspace.openedFiles']({})).files.map(({ name }) => name)).toEqual([
      'one.nostro',
      'two.nostro',
    ]);
    expect(
      (await own.main['envelopes.list']({ filter: 'all', search: '', offset: 0, limit: 10 })).total,
    ).toBe(0);
    // What is refused may be tried again.
    const fileId = files[0]?.fileId;
    if (fileId === undefined) throw new Error('no file waits');
    await expect(own.main['envelopes.importFile']({ fileId })).rejects.toMatchObject({
      code: 'envelope/malformed',
    });
    expect((await own.main['workspace.openedFiles']({})).files).toHaveLength(2);
  });

  it('is none of this workspace, no folder, no link and nothing that is gone', async () => {
    const own = await start();
    await makeVault(own, 'offline');
    mkdirSync(join(folder.path, 'folder.nostro'));
    symlinkSync(write('real.nostro'), join(folder.path, 'link.nostro'));
    writeFileSync(join(folder.path, 'workspace', 'inside.nostro'), '{}');
    for (const name of ['folder.nostro', 'link.nostro', 'gone.nostro', 'workspace/inside.nostro'])
      own.openFile(join(folder.path, name));
    own.openFile('real.nostro');
    expect(await own.main['workspace.openedFiles']({})).toEqual({ files: [] });
    expect(openedEvents(own)).toBe(0);
  });

  it('pushes out the oldest when too many wait', async () => {
    const own = await start();
    await makeVault(own, 'offline');
    for (let at = 0; at < 12; at += 1) own.openFile(write(`${at}.nostro`));
    const { files } = await own.main['workspace.openedFiles']({});
    expect(files.map(({ name }) => name)).toEqual(
      ['4', '5', '6', '7', '8', '9', '10', '11'].map((n) => `${n}.nostro`),
    );
  });
});
