/**
 * Three machines of one company on real parts: an online one that makes and sends and holds no account's key, an online one
 * that approves, and an offline one that signs. What goes between them goes as files.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { Intake } from '../../../src/shared/contract';
import type { Address, BatchId, Hash32 } from '../../../src/shared/model/ids';
import type { Role } from '../../../src/shared/model/people';
import { SANDBOX_MNEMONIC, type Sandbox, samplePain001, startSandbox } from '../../sandbox/index';
import { type AppFolder, type AppHarness, makeAppFolder, startApp } from '../../support/app-harness';

export const PASSPHRASE = 'correct horse battery staple lagoon 41';
export const MINUTE = 60_000;

/** Test vectors of BIP-39: never anybody's. */
const WORDS = {
  maker: 'legal winner thank year wave sausage worth useful legal winner thank yellow',
  approver: 'letter advice cage absurd amount doctor acoustic avoid letter advice cage above',
  signer: SANDBOX_MNEMONIC,
} as const;
export type MachineName = keyof typeof WORDS;

type StartOptions = Omit<Parameters<typeof startApp>[0], 'folder'>;

export type Machine = {
  readonly name: MachineName;
  readonly folder: AppFolder;
  app: AppHarness;
  /** Ends whatever runs and starts again over the same workspace, unlocked. */
  readonly restart: (options?: StartOptions) => Promise<AppHarness>;
};

const PEOPLE: Readonly<Record<MachineName, { readonly name: string; readonly roles: Role[] }>> = {
  maker: { name: 'Mia Maker', roles: ['maker'] },
  approver: { name: 'Arno Approver', roles: ['approver'] },
  signer: { name: 'Sami Signer', roles: ['signer'] },
};

const startMachine = async (name: MachineName): Promise<Machine> => {
  const folder = makeAppFolder();
  const app = await startApp({ folder });
  await app.main['vault.restore']({
    mnemonic: WORDS[name],
    bip39Passphrase: null,
    passphrase: PASSPHRASE,
    accounts: name === 'signer' ? 3 : 1,
    mode: name === 'signer' ? 'offline' : 'online',
  });
  const machine: Machine = {
    name,
    folder,
    app,
    restart: async (options = {}) => {
      await machine.app.stop();
      machine.app = await startApp({ folder, ...options });
      await machine.app.main['vault.unlock']({ passphrase: PASSPHRASE });
      return machine.app;
    },
  };
  return machine;
};

export const createMachines = async () => {
  const sandbox: Sandbox = await startSandbox({ mining: 'mixed', blockTimeSeconds: 1 });
  const machines = {
    maker: await startMachine('maker'),
    approver: await startMachine('approver'),
    signer: await startMachine('signer'),
  };
  const all = Object.values(machines);
  let files = 0;
  const newPath = (extension: string): string => {
    files += 1;
    return join(machines.maker.folder.path, `file-${files}.${extension}`);
  };

  const choose = async (machine: Machine, path: string, purpose: 'payments' | 'directory' | 'exchange') => {
    machine.app.chooseNext(path);
    const { file } = await machine.app.main['files.choose']({ purpose });
    if (!file) throw new Error('no file was chosen');
    return file.fileId;
  };
  const takeIn = async (machine: Machine, path: string): Promise<Intake> =>
    machine.app.main['envelopes.importFile']({ fileId: await choose(machine, path, 'exchange') });
  const takeOut = async (machine: Machine, digest: Hash32): Promise<string> => {
    const path = newPath('nostro');
    machine.app.saveNext(path);
    await machine.app.main['envelopes.exportFile']({ digest });
    if (!existsSync(path)) throw new Error('nothing was saved');
    return path;
  };
  /** From one machine's store to another's. */
  const hand = async (from: Machine, to: Machine, digest: Hash32): Promise<Intake> =>
    takeIn(to, await takeOut(from, digest));

  const shareDirectory = async (): Promise<void> => {
    const known = newPath('json');
    writeFileSync(known, JSON.stringify(sandbox.directory));
    const { maker, approver, signer } = machines;
    for (const machine of [maker, approver])
      await machine.app.main['directory.importFile']({ fileId: await choose(machine, known, 'directory') });
    // The offline machine learns what tokens are from a file that the online one wrote after looking.
    const seen = newPath('json');
    maker.app.saveNext(seen);
    await maker.app.main['directory.exportFile']({});
    await signer.app.main['directory.importFile']({ fileId: await choose(signer, seen, 'directory') });
  };

  /** The approver drafts it, signs it, and everybody takes it into force. */
  const sharePolicy = async (): Promise<Hash32> => {
    const keys = new Map<MachineName, Address>();
    for (const machine of all) {
      const { name } = PEOPLE[machine.name];
      await machine.app.main['people.setName']({ name });
      keys.set(machine.name, (await machine.app.main['people.identity']({})).key);
    }
    const { approver, maker, signer } = machines;
    const { digest } = await approver.app.main['people.draftPolicy']({
      companyName: 'Example Trading AG',
      people: all.map(({ name }) => ({
        name: PEOPLE[name].name,
        key: keys.get(name) as Address,
        roles: PEOPLE[name].roles,
      })),
      defaultApprovals: 1,
      table: [],
      changeApprovals: 1,
    });
    await adopt(approver, digest);
    const path = newPath('nostro');
    approver.app.saveNext(path);
    await approver.app.main['people.exportPolicy']({ digest });
    for (const machine of [maker, signer]) {
      await takeIn(machine, path);
      await adopt(machine, digest);
    }
    return digest;
  };
  const adopt = async (machine: Machine, digest: Hash32): Promise<void> => {
    await machine.app.main['people.reviewPolicy']({ digest });
    const document = await machine.app.approval['approval.document']({});
    await machine.app.approval['approval.approve']({ digest: document.digest, passphrase: PASSPHRASE });
  };

  /** A batch from a payment file, pre-flighted. `seed` makes another file of the same form. */
  const makeBatch = async (seed: string, count = 24): Promise<BatchId> => {
    const { maker } = machines;
    const path = newPath('xml');
    writeFileSync(
      path,
      samplePain001(sandbox.description, { version: '09', count, messageId: `MSG-${seed}` }),
    );
    const report = await maker.app.main['payments.importFile']({
      fileId: await choose(maker, path, 'payments'),
      mapping: null,
      saveMappingAs: null,
    });
    const { batchId } = await maker.app.main['payments.createBatch']({
      importId: report.importId,
      dropPaymentIndexes: [],
      releaseHolds: report.holds.map(({ kind, paymentIndex }) => ({ kind, paymentIndex })),
    });
    await maker.app.main['payments.preflight']({ batchId });
    return batchId;
  };

  /** Asks for the window and says yes in it. */
  const answer = async (machine: Machine, digest: Hash32, act: 'approve' | 'sign'): Promise<number> => {
    await machine.app.main['envelopes.review']({ digest, act });
    const document = await machine.app.approval['approval.document']({});
    if (document.digest !== digest) throw new Error('the window shows something else');
    const { signed } = await machine.app.approval['approval.approve']({ digest, passphrase: PASSPHRASE });
    return signed;
  };

  const stateOf = async (machine: Machine, digest: Hash32): Promise<string> =>
    (await machine.app.main['envelopes.get']({ digest })).summary.state;

  /** From a batch to an envelope here that everybody has signed. */
  const makeSigned = async (batchId: BatchId): Promise<Hash32> => {
    const { maker, approver, signer } = machines;
    const { digest } = await maker.app.main['envelopes.create']({ batchId });
    await hand(maker, approver, digest);
    await answer(approver, digest, 'approve');
    await hand(approver, maker, digest);
    await hand(maker, signer, digest);
    await answer(signer, digest, 'sign');
    await hand(signer, maker, digest);
    return digest;
  };

  const settled = (batchId: BatchId, count: number): Promise<void> =>
    vi.waitFor(
      async () => {
        const { byStatus } = await machines.maker.app.main['payments.batch']({ batchId });
        if (byStatus.ACSC !== count) throw new Error(`not settled: ${JSON.stringify(byStatus)}`);
      },
      { timeout: 2 * MINUTE, interval: 500 },
    );

  return {
    sandbox,
    ...machines,
    takeIn,
    takeOut,
    hand,
    newPath,
    shareDirectory,
    sharePolicy,
    makeBatch,
    answer,
    stateOf,
    makeSigned,
    settled,
    stop: async (): Promise<void> => {
      for (const { app } of all) await app.stop();
      await sandbox.stop();
      for (const { folder } of all) folder.remove();
    },
  };
};

export type Machines = Awaited<ReturnType<typeof createMachines>>;
