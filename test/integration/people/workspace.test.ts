/** The whole main side: the mode of a workspace, and its first policy, asked for as windows ask. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readCard, readPolicy } from '../../../src/main/people/files';
import type { PolicyView } from '../../../src/shared/contract';
import { type AppFolder, type AppHarness, makeAppFolder, startApp } from '../../support/app-harness';

const PASSPHRASE = 'correct horse battery staple lagoon 41';
const WORDS = 'test test test test test test test test test test test junk';

let folder: AppFolder;
let app: AppHarness;
beforeEach(async () => {
  folder = makeAppFolder();
  app = await startApp({ folder });
});
afterEach(async () => {
  await app.stop();
  folder.remove();
});

const restore = (mode: 'online' | 'offline') =>
  app.main['vault.restore']({
    mnemonic: WORDS,
    bip39Passphrase: null,
    passphrase: PASSPHRASE,
    accounts: 1,
    mode,
  });
const snapshot = () => app.main['app.snapshot']({});
const setMode = (mode: 'online' | 'offline', passphrase = PASSPHRASE) =>
  app.main['workspace.setMode']({ mode, passphrase });

it('keeps its mode until somebody with the passphrase changes it, and locks to change', async () => {
  await restore('offline');
  expect(await snapshot()).toMatchObject({ mode: 'offline', lock: 'unlocked' });
  await expect(setMode('online', 'not the passphrase')).rejects.toMatchObject({
    code: 'vault/wrong-passphrase',
  });
  expect(await snapshot()).toMatchObject({ mode: 'offline', lock: 'unlocked' });
  await setMode('offline');
  expect((await snapshot()).lock).toBe('unlocked');

  await setMode('online');
  expect((await snapshot()).lock).toBe('locked');
  expect(app.events.map(({ event }) => event)).toContainEqual({ type: 'vault.locked', cause: 'person' });
  await expect(setMode('offline')).rejects.toMatchObject({ code: 'vault/locked' });
  await app.main['vault.unlock']({ passphrase: PASSPHRASE });
  expect(await snapshot()).toMatchObject({ mode: 'online', lock: 'unlocked' });
});

it('takes its first policy into force in the approval window only, for the passphrase, and journals who', async () => {
  await restore('offline');
  const { key } = await app.main['people.identity']({});
  await app.main['people.setName']({ name: 'Ben First' });
  const { digest } = await app.main['people.draftPolicy']({
    companyName: 'Example Treasury',
    people: [{ name: 'Ben First', key, roles: ['approver'] }],
    defaultApprovals: 1,
    table: [],
    changeApprovals: 1,
  });
  const inForce = async (): Promise<PolicyView | null> => (await app.main['people.policies']({})).inForce;

  const file = join(folder.path, 'policy.nostro');
  app.saveNext(file);
  expect(await app.main['people.exportPolicy']({ digest })).toEqual({ saved: 'policy.nostro' });
  expect((await readPolicy(readFileSync(file))).digest).toBe(digest);

  expect(app.isApprovalOpen()).toBe(false);
  await app.main['people.reviewPolicy']({ digest });
  expect(app.isApprovalOpen()).toBe(true);
  expect(await app.approval['approval.document']({})).toMatchObject({
    act: 'adopt',
    digest,
    policy: { digest, needed: 1, waitsForMe: true },
  });
  await expect(
    app.approval['approval.approve']({ digest, passphrase: 'not the passphrase' }),
  ).rejects.toMatchObject({ code: 'vault/wrong-passphrase' });
  expect(await inForce()).toBeNull();
  expect(await app.approval['approval.approve']({ digest, passphrase: PASSPHRASE })).toEqual({ signed: 0 });
  expect(await inForce()).toMatchObject({ digest, state: 'in-force', approvals: [{ counts: true }] });
  expect(await app.main['people.identity']({})).toMatchObject({ roles: ['approver'] });
  await expect(app.main['people.setName']({ name: 'Other' })).rejects.toMatchObject({
    code: 'policy/name-is-fixed',
  });

  const card = join(folder.path, 'ben.nostro');
  app.saveNext(card);
  await app.main['people.exportCard']({ passphrase: PASSPHRASE });
  expect(await readCard(readFileSync(card))).toMatchObject({ name: 'Ben First', key });

  const { entries } = await app.main['journal.list']({ search: digest, offset: 0, limit: 50 });
  expect(entries[0]).toMatchObject({
    event: 'approval.approve',
    source: 'approval',
    who: { name: 'Ben First', key },
    digest,
    verdict: 'ok',
    facts: { number: 1, installed: true },
  });
  expect(entries.map(({ verdict }) => verdict)).toContain('vault/wrong-passphrase');

  // All of it after a lock.
  await app.lock();
  await app.main['vault.unlock']({ passphrase: PASSPHRASE });
  expect((await inForce())?.digest).toBe(digest);
});
