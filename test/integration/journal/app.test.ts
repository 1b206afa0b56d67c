/** The journal of the whole main side: commands through the router, real vault, real store. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { ChildPort, SpawnChild } from '../../../src/main/platform/child';
import type { ParentMessage } from '../../../src/main/platform/child-protocol';
import { createRecipient } from '../../../src/main/platform/sealed-box';
import type { JournalRow } from '../../../src/shared/contract/people';
import { type AppFolder, type AppHarness, makeAppFolder, startApp } from '../../support/app-harness';
import { REPO_ROOT } from '../../support/bundle-children';

const MNEMONIC = `${'abandon '.repeat(11)}about`;
const PASSPHRASE = 'nine purple herons cross the quiet estuary';

let folder: AppFolder;
let app: AppHarness;
beforeAll(async () => {
  folder = makeAppFolder();
  app = await startApp({ folder });
});
afterAll(async () => {
  await app.stop();
  folder.remove();
});

const newest = async (limit = 50): Promise<JournalRow[]> =>
  (await app.main['journal.list']({ search: '', offset: 0, limit })).entries;
const brief = ({ event, source, verdict }: JournalRow) => `${source} ${event} ${verdict}`;
const storeFile = (): string => join(folder.path, 'workspace', 'ledger.db');

it('writes down every command of a first session, in order, without secrets', async () => {
  await app.main['vault.restore']({
    mnemonic: MNEMONIC,
    bip39Passphrase: null,
    passphrase: PASSPHRASE,
    accounts: 1,
    mode: 'online',
  });
  await app.main['settings.set']({ workspaceName: 'Treasury' });
  await app.main['vault.changePassphrase']({ current: PASSPHRASE, next: 'short' }).catch(() => undefined);
  await app.dispatch('main', 'directory.removeNetwork', { id: 'eip155:1', extra: 'a secret' });
  await app.dispatch('main', 'payments.requestApproval', { batchId: 'bat_0123456789' });
  await app.dispatch('approval', 'approval.close', {});
  const entries = await newest();
  // The newest first; before them what the app did while it started.
  expect(entries.slice(0, 6).map(brief).reverse()).toEqual([
    'main vault.restore ok',
    'main settings.set ok',
    'main vault.changePassphrase vault/weak-passphrase',
    'main directory.removeNetwork ipc/invalid-input',
    expect.stringMatching(/^main payments\.requestApproval (?!ok)/),
    expect.stringMatching(/^approval approval\.close /),
  ]);
  expect(entries[1]?.facts).toEqual({ batchId: 'bat_0123456789' });
  expect(entries.slice(6).every(({ source }) => source === 'app')).toBe(true);
  const text = JSON.stringify(entries);
  for (const secret of ['abandon', PASSPHRASE, 'a secret', 'Treasury']) expect(text).not.toContain(secret);
  await vi.waitFor(() => expect(app.events.some(({ event }) => event.type === 'journal.changed')).toBe(true));
});

it('exports lines that a stranger can check, and a table', async () => {
  const lines = join(folder.path, 'journal.jsonl');
  const table = join(folder.path, 'journal.csv');
  const before = await app.main['journal.head']({});
  app.saveNext(lines);
  expect(await app.main['journal.exportFile']({ format: 'jsonl' })).toEqual({ saved: 'journal.jsonl' });
  app.saveNext(table);
  await app.main['journal.exportFile']({ format: 'csv' });

  const [header, ...rows] = readFileSync(lines, 'utf8').trimEnd().split('\n');
  expect(JSON.parse(header ?? '')).toEqual({
    format: 'nostro-journal',
    version: 1,
    count: before.count,
    head: before.head,
  });
  expect(rows).toHaveLength(before.count);
  let head = `0x${'0'.repeat(64)}`;
  for (const row of rows) {
    const { hash } = JSON.parse(row) as { hash: string };
    const text = row.replace(`"hash":"${hash}",`, '');
    head = `0x${createHash('sha256').update(`nostro/journal/v1\n${head}\n${text}`).digest('hex')}`;
    expect(hash).toBe(head);
  }
  expect(head).toBe(before.head);
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(REPO_ROOT, 'scripts/verify.mjs'), 'journal', lines, '--anchor', `${before.count}:${before.head}`],
    { encoding: 'utf8' },
  );
  expect(stdout).toMatch(/\nagrees\n$/);
  expect(status).toBe(0);
  expect(readFileSync(table, 'utf8').trimEnd().split('\r\n')).toHaveLength(before.count + 2);
});

it('writes down what was tried while locked, the lock, and where the vault last saw it', async () => {
  const { count } = await app.main['journal.head']({});
  await app.main['vault.lock']({});
  await app.main['vault.unlock']({ passphrase: 'not this' }).catch(() => undefined);
  for (let attempt = 0; attempt < 4; attempt += 1) await app.dispatch('main', 'directory.exportFile', {});
  await app.main['vault.unlock']({ passphrase: PASSPHRASE });
  const entries = (await newest()).filter(({ seq }) => seq > count).reverse();
  expect(entries.map(brief)).toEqual([
    'main vault.lock ok',
    'main vault.unlock vault/wrong-passphrase',
    'main directory.exportFile vault/locked',
    'main directory.exportFile vault/locked',
    'main vault.unlock ok',
  ]);
  expect(entries[0]?.facts).toEqual({ cause: 'person' });
  expect([entries[2]?.facts, entries[3]?.facts]).toEqual([{}, { times: 2 }]);
  const head = await app.main['journal.head']({});
  expect(head.anchored).toEqual({ count: count + 1, head: entries[0]?.hash });
  expect(head.count).toBe(count + 5);
});

it('writes down a command that succeeded after a flood of refused ones', async () => {
  for (let attempt = 0; attempt < 760; attempt += 1)
    await app.dispatch('main', 'directory.removeNetwork', { id: `eip155:${attempt + 1}`, extra: attempt });
  await app.main['vault.changePassphrase']({ current: PASSPHRASE, next: PASSPHRASE });
  const entries = await newest();
  expect(entries.slice(0, 2).map(brief)).toEqual([
    'main vault.changePassphrase ok',
    'main directory.removeNetwork ipc/invalid-input',
  ]);
  expect(entries.some(({ facts }) => facts.clockBehind)).toBe(false);
});

it('writes down which mode was set', async () => {
  for (const mode of ['offline', 'online'] as const) {
    await app.main['workspace.setMode']({ mode, passphrase: PASSPHRASE });
    await app.main['vault.unlock']({ passphrase: PASSPHRASE });
    const [, set] = await newest(2);
    expect(set).toMatchObject({ event: 'workspace.setMode', facts: { mode, cause: 'person' } });
  }
});

it('says who did it, once somebody has said who sits here', async () => {
  await app.main['settings.set']({ density: 'normal' });
  await app.main['people.setName']({ name: 'Ada Lovelace' });
  await app.main['settings.set']({ density: 'normal' });
  const { key } = await app.main['people.identity']({});
  const [later, naming, before] = await newest(3);
  expect(before).toMatchObject({ event: 'settings.set', who: null });
  expect(naming).toMatchObject({ event: 'people.setName', facts: { wrote: 'people.setName' } });
  expect(JSON.stringify(naming?.facts)).not.toContain('Ada');
  expect(later).toMatchObject({ event: 'settings.set', who: { name: 'Ada Lovelace', key } });
  await app.lock();
  await app.main['vault.unlock']({ passphrase: PASSPHRASE });
  expect((await newest(1))[0]).toMatchObject({ event: 'vault.unlock', who: { name: 'Ada Lovelace' } });
});

it('opens nothing over a journal that was written in, says which entry, and opens again when it is put right', async () => {
  const key = await databaseKey();
  await app.lock();
  const good = join(folder.path, 'good.db');
  copyFileSync(storeFile(), good);
  const { openDatabase } = await import('../../../src/main/ledger/driver');
  const db = openDatabase(storeFile(), key);
  db.exec('DROP TRIGGER journal_no_update');
  db.exec(`UPDATE journal SET entry = replace(entry, '"ok"', '"busy"') WHERE seq = 2`);
  db.close();
  const refused = await app.dispatch('main', 'vault.unlock', { passphrase: PASSPHRASE });
  expect(refused).toMatchObject({
    ok: false,
    error: { code: 'journal/tampered', details: { seq: 2, what: 'edited' } },
  });
  expect(app.isUnlocked()).toBe(false);
  expect((await app.main['vault.status']({})).state).toBe('locked');
  copyFileSync(good, storeFile());
  await app.main['vault.unlock']({ passphrase: PASSPHRASE });
  const [unlocked, attempt] = await newest(2);
  expect([unlocked, attempt].map((entry) => entry && brief(entry))).toEqual([
    'main vault.unlock ok',
    'main vault.unlock journal/tampered',
  ]);
});

/** The store's key, as somebody who has taken the vault process over has it. */
const databaseKey = async (): Promise<Uint8Array> => {
  const recipient = createRecipient();
  await app.lock();
  let key: Uint8Array | null = null;
  await app.stop();
  // A spawn that slips its own public key under the request for the database key.
  const wrapSpawn =
    (spawn: SpawnChild): SpawnChild =>
    (name): ChildPort => {
      const port = spawn(name);
      if (name !== 'vault') return port;
      let asked: number | null = null;
      let isFirst = true;
      return {
        ...port,
        post: (message: ParentMessage) => {
          if (message.kind === 'call' && message.method === 'sealDatabaseKey' && isFirst) {
            isFirst = false;
            asked = message.id;
            port.post({ ...message, input: { recipientPublicKey: recipient.publicKey } });
          } else port.post(message);
        },
        onMessage: (listener) =>
          port.onMessage((message) => {
            if (message.kind === 'done' && message.id === asked && message.ok && key === null)
              key = recipient.open(message.value as Uint8Array);
            listener(message);
          }),
      };
    };
  const spy = await startApp({ folder, wrapSpawn });
  await spy.dispatch('main', 'vault.unlock', { passphrase: PASSPHRASE });
  await spy.stop();
  app = await startApp({ folder });
  await app.main['vault.unlock']({ passphrase: PASSPHRASE });
  if (!key) throw new Error('no key was seen');
  return key;
};
