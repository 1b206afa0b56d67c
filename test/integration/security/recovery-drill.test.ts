/**
 * An empty machine, as docs/recovery.md tells it: from a backup copy and the passphrase everything is there again, and what
 * was signed or paid is not signed or paid a second time; from the recovery words alone, the keys are.
 */
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Hash32 } from '../../../src/shared/model/ids';
import { SANDBOX_MNEMONIC, samplePain001 } from '../../sandbox/index';
import { type AppFolder, type AppHarness, makeAppFolder, startApp } from '../../support/app-harness';
import {
  createMachines,
  type Machine,
  type MachineName,
  type Machines,
  MINUTE,
  PASSPHRASE,
} from '../envelopes/machines';

const WORDS: Readonly<Record<MachineName, string>> = {
  maker: 'legal winner thank year wave sausage worth useful legal winner thank yellow',
  approver: 'letter advice cage absurd amount doctor acoustic avoid letter advice cage above',
  signer: SANDBOX_MNEMONIC,
};
const NAMES = ['maker', 'approver', 'signer'] as const;

let world: Machines;
/** Each machine's folder: all of it when everything was done, and the signer's before it signed. */
let backups: AppFolder;
let digest: Hash32;
let paymentFile: string;
type Facts = Awaited<ReturnType<typeof factsOf>>;
const facts = new Map<MachineName, Facts>();

const workspaceOf = (folder: AppFolder): string => join(folder.path, 'workspace');
const backUp = async (machine: Machine, name: string): Promise<void> => {
  // As docs/recovery.md says: while the app is closed.
  await machine.app.stop();
  cpSync(workspaceOf(machine.folder), join(backups.path, name), { recursive: true });
  await machine.restart();
};

const factsOf = async ({ main }: AppHarness) => {
  const { keys } = await main['vault.keys']({});
  const { key, name, roles } = await main['people.identity']({});
  const { count, head } = await main['journal.head']({});
  const { envelopes } = await main['envelopes.list']({ filter: 'all', search: '', offset: 0, limit: 50 });
  const { payments } = await main['payments.payments']({
    batchId: null,
    search: '',
    status: null,
    stage: null,
    preflight: null,
    offset: 0,
    limit: 50,
  });
  return {
    addresses: keys.map(({ address }) => address),
    person: { key, name, roles },
    policy: (await main['people.policies']({})).inForce?.digest ?? null,
    envelopes: envelopes.map(({ digest: of, state, acts }) => ({
      of,
      state,
      acts: acts.map(({ kind }) => kind),
    })),
    payments: payments.map(({ id, endToEndId, status }) => ({ id, endToEndId, status })),
    journal: { count, head },
  };
};

beforeAll(async () => {
  world = await createMachines();
  backups = makeAppFolder();
  await world.shareDirectory();
  await world.sharePolicy();
  const { maker, approver, signer, sandbox } = world;
  paymentFile = world.newPath('xml');
  writeFileSync(
    paymentFile,
    samplePain001(sandbox.description, { version: '09', count: 5, messageId: 'MSG-DRILL' }),
  );
  const batchId = await world.makeBatch('DRILL', 5);
  ({ digest } = await maker.app.main['envelopes.create']({ batchId }));
  await world.hand(maker, approver, digest);
  await world.answer(approver, digest, 'approve');
  await world.hand(approver, signer, digest);
  await backUp(signer, 'signer-before');
  await world.answer(signer, digest, 'sign');
  await world.hand(signer, maker, digest);
  await maker.app.main['envelopes.send']({ digest });
  await world.settled(batchId, 5);
  for (const name of NAMES) {
    facts.set(name, await factsOf(world[name].app));
    await backUp(world[name], name);
    // The machine is gone.
    await world[name].app.stop();
  }
}, 5 * MINUTE);
afterAll(async () => {
  await world.stop();
  backups.remove();
}, MINUTE);

let folder: AppFolder;
let app: AppHarness | null = null;
afterEach(async () => {
  await app?.stop();
  app = null;
  folder.remove();
});
/** A machine with nothing but these files of a backup. */
const emptyMachine = async (
  backup: string | null,
  files: (name: string) => boolean = () => true,
): Promise<AppHarness> => {
  folder = makeAppFolder();
  if (backup !== null) {
    mkdirSync(workspaceOf(folder), { mode: 0o700 });
    for (const name of readdirSync(join(backups.path, backup)))
      if (files(name))
        cpSync(join(backups.path, backup, name), join(workspaceOf(folder), name), { recursive: true });
  }
  app = await startApp({ folder });
  return app;
};
const importPayments = async ({ main, chooseNext }: AppHarness) => {
  chooseNext(paymentFile);
  const { file } = await main['files.choose']({ purpose: 'payments' });
  if (!file) throw new Error('no file');
  return main['payments.importFile']({ fileId: file.fileId, mapping: null, saveMappingAs: null });
};
const entryAt = async ({ main }: AppHarness, seq: number) => {
  const { entries } = await main['journal.list']({ search: '', offset: 0, limit: 200 });
  return entries.find((entry) => entry.seq === seq);
};

describe('from a backup copy and the passphrase', () => {
  it.each(NAMES)('the %s’s machine is there again, with everything', async (name) => {
    const { main } = await emptyMachine(name);
    await main['vault.unlock']({ passphrase: PASSPHRASE });
    const before = facts.get(name) as Facts;
    const after = await factsOf(app as AppHarness);
    expect({ ...after, journal: null }).toEqual({ ...before, journal: null });
    expect(after.addresses.length).toBeGreaterThan(0);
    // The same journal, continued.
    expect(after.journal.count).toBeGreaterThanOrEqual(before.journal.count);
    expect((await entryAt(app as AppHarness, before.journal.count))?.hash).toBe(before.journal.head);
  });

  it('knows what was paid: the same file pays nothing a second time', async () => {
    const machine = await emptyMachine('maker');
    await machine.main['vault.unlock']({ passphrase: PASSPHRASE });
    const report = await importPayments(machine);
    const batches = async () =>
      (await machine.main['payments.batches']({ search: '', offset: 0, limit: 50 })).total;
    const count = await batches();
    await expect(
      machine.main['payments.createBatch']({
        importId: report.importId,
        dropPaymentIndexes: [],
        releaseHolds: report.holds.map(({ kind, paymentIndex }) => ({ kind, paymentIndex })),
      }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^payments\//) });
    expect(await batches()).toBe(count);
    await expect(machine.main['envelopes.send']({ digest })).rejects.toMatchObject({
      code: 'envelope/wrong-state',
    });
  });

  it('knows what was signed: it is not signed a second time', async () => {
    const { main } = await emptyMachine('signer');
    await main['vault.unlock']({ passphrase: PASSPHRASE });
    await expect(main['envelopes.review']({ digest, act: 'sign' })).rejects.toMatchObject({
      code: 'envelope/wrong-state',
    });
    expect((await main['app.snapshot']({})).mode).toBe('offline');
  });

  it('that is older than the last signing opens, and shows that it is by its journal', async () => {
    const machine = await emptyMachine('signer-before');
    await machine.main['vault.unlock']({ passphrase: PASSPHRASE });
    const { acts } = (await machine.main['envelopes.get']({ digest })).summary;
    expect(acts.map(({ kind }) => kind)).toEqual(['create', 'approve']);
    const before = facts.get('signer') as Facts;
    const { count } = await machine.main['journal.head']({});
    expect(count).toBeLessThan(before.journal.count);
    expect((await entryAt(machine, count))?.hash).not.toBe(before.journal.head);
  });

  it('of the vault without its store, or of an older store with it, is not opened', async () => {
    const { main } = await emptyMachine('signer', (name) => !name.startsWith('ledger.db'));
    await expect(main['vault.unlock']({ passphrase: PASSPHRASE })).rejects.toMatchObject({
      code: 'ledger/rolled-back',
    });
    await app?.stop();
    for (const name of readdirSync(workspaceOf(folder)))
      if (name.startsWith('ledger.db')) rmSync(join(workspaceOf(folder), name));
    for (const name of readdirSync(join(backups.path, 'signer-before')))
      if (name.startsWith('ledger.db'))
        copyFileSync(join(backups.path, 'signer-before', name), join(workspaceOf(folder), name));
    app = await startApp({ folder });
    await expect(app.main['vault.unlock']({ passphrase: PASSPHRASE })).rejects.toMatchObject({
      code: 'ledger/rolled-back',
    });
  });

  it('opens for the passphrase only', async () => {
    const { main } = await emptyMachine('maker');
    await expect(main['vault.unlock']({ passphrase: `${PASSPHRASE}!` })).rejects.toMatchObject({
      code: 'vault/wrong-passphrase',
    });
  });
});

describe('from the recovery words alone', () => {
  it.each(NAMES)('the %s has the same addresses and is the same person, and nothing else', async (name) => {
    const { main } = await emptyMachine(null);
    const before = facts.get(name) as Facts;
    await main['vault.restore']({
      mnemonic: WORDS[name],
      bip39Passphrase: null,
      passphrase: `${PASSPHRASE} of the new machine`,
      accounts: 20,
      mode: name === 'signer' ? 'offline' : 'online',
    });
    const after = await factsOf(app as AppHarness);
    expect(after.addresses.slice(0, before.addresses.length)).toEqual(before.addresses);
    expect(new Set(after.addresses).size).toBe(20);
    expect(after.person.key).toBe(before.person.key);
    // What docs/recovery.md says is lost.
    expect(after).toMatchObject({
      person: { name: null, roles: [] },
      policy: null,
      envelopes: [],
      payments: [],
    });
    expect(after.journal.count).toBeLessThan(before.journal.count);
    expect(existsSync(join(workspaceOf(folder), 'ledger.db'))).toBe(true);
  });
});
