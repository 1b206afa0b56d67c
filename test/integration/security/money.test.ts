/** What is signed is what was shown, once: races at the approval, and copies of the store put back. */
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ChildPort, SpawnChild } from '../../../src/main/platform/child';
import type { BatchId, Hash32 } from '../../../src/shared/model/ids';
import { type EnrolmentDesk, openEnrolmentDesk } from '../../sandbox/enrolment-desk';
import { type Sandbox, samplePain001, startSandbox } from '../../sandbox/index';
import { type AppFolder, type AppHarness, makeAppFolder, startApp } from '../../support/app-harness';

const PASSPHRASE = 'correct horse battery staple lagoon 41';
const PRIVATE_KEY = '4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318';
const MINUTE = 60_000;

describe('approval and the store under attack', () => {
  const ports = new Set<ChildPort>();
  const wrapSpawn =
    (spawn: SpawnChild): SpawnChild =>
    (name) => {
      const port = spawn(name);
      ports.add(port);
      port.onExit(() => ports.delete(port));
      return port;
    };
  let sandbox: Sandbox;
  let desk: EnrolmentDesk;
  let folder: AppFolder;
  let app: AppHarness;
  let batchId: BatchId;
  let file: string;

  const start = () => startApp({ folder, sandboxFile: desk.directoryFile, wrapSpawn });
  /** As by the power switch: no lock, no last word. */
  const kill = async (): Promise<void> => {
    for (const port of [...ports]) port.kill();
    await vi.waitFor(() => expect(ports.size).toBe(0), { timeout: 10_000 });
  };
  const storeFiles = () => ['ledger.db', 'ledger.db-wal'].map((name) => join(folder.path, 'workspace', name));
  const copyStore = (to: string): void => {
    for (const [index, path] of storeFiles().entries())
      if (existsSync(path)) copyFileSync(path, join(folder.path, `${to}.${index}`));
  };
  const putBack = (from: string): void => {
    for (const [index, path] of storeFiles().entries()) {
      rmSync(path, { force: true });
      const copy = join(folder.path, `${from}.${index}`);
      if (existsSync(copy)) copyFileSync(copy, path);
    }
  };
  const importFile = async () => {
    app.chooseNext(file);
    const chosen = await app.main['files.choose']({ purpose: 'payments' });
    if (!chosen.file) throw new Error('no file');
    return app.main['payments.importFile']({
      fileId: chosen.file.fileId,
      mapping: null,
      saveMappingAs: null,
    });
  };
  const create = (report: Awaited<ReturnType<typeof importFile>>) =>
    app.main['payments.createBatch']({
      importId: report.importId,
      dropPaymentIndexes: [],
      releaseHolds: report.holds.map(({ kind, paymentIndex }) => ({ kind, paymentIndex })),
    });
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'ok',
      (error: unknown) => (error as { code: string }).code,
    );

  beforeAll(async () => {
    sandbox = await startSandbox({ mining: 'mixed', blockTimeSeconds: 1 });
    desk = openEnrolmentDesk(sandbox);
    folder = makeAppFolder();
    file = join(folder.path, 'payments.xml');
    writeFileSync(file, samplePain001(sandbox.description, { version: '09' }));
    app = await start();
    await app.main['vault.importPrivateKey']({ privateKey: PRIVATE_KEY, passphrase: PASSPHRASE });
    await app.main['app.addSandbox']({});
    await desk.idle();
  }, 2 * MINUTE);
  afterAll(async () => {
    await app.stop();
    desk.close();
    await sandbox.stop();
    folder.remove();
  }, MINUTE);

  it(
    'makes one batch of two imports of one file',
    async () => {
      const [first, second] = [await importFile(), await importFile()];
      const made = await create(first);
      batchId = made.batchId;
      // The second was checked before the first became a batch; it must not pass on that old check.
      expect(await codeOf(create(second))).toMatch(/^payments\/import-/);
      const again = await importFile();
      expect(again.isRefused || again.errorCount > 0).toBe(true);
      expect(await codeOf(create(again))).toBe('payments/file-refused');
    },
    MINUTE,
  );

  it(
    'opens one approval, which the main window can neither read nor answer',
    async () => {
      await app.main['payments.preflight']({ batchId });
      copyStore('before');
      await app.main['payments.requestApproval']({ batchId });
      for (const method of ['approval.document', 'approval.approve', 'approval.lines', 'approval.close'])
        expect(await app.dispatch('main', method, {})).toEqual({
          ok: false,
          error: { code: 'ipc/unknown-method' },
        });
      expect(app.isApprovalOpen()).toBe(true);
    },
    MINUTE,
  );

  it(
    'signs nothing for another digest, a wrong passphrase, or what was changed meanwhile',
    async () => {
      const { digest } = await app.approval['approval.document']({});
      const other = `0x${'ab'.repeat(32)}` as Hash32;
      expect(await codeOf(app.approval['approval.approve']({ digest: other, passphrase: PASSPHRASE }))).toBe(
        'payments/digest-mismatch',
      );
      expect(
        await codeOf(app.approval['approval.approve']({ digest, passphrase: 'wrong wrong wrong 1' })),
      ).toBe('vault/wrong-passphrase');
      const { payments } = await app.main['payments.payments']({
        batchId,
        search: '',
        status: null,
        stage: null,
        preflight: null,
        offset: 0,
        limit: 1,
      });
      const [payment] = payments;
      if (!payment) throw new Error('no payment');
      // Behind the window's back: a payment taken out. Either that is refused, or the approval is.
      const dropped = await codeOf(
        app.main['payments.drop']({ batchId, paymentIds: [payment.id], allRefused: false }),
      );
      if (dropped === 'ok')
        expect(await codeOf(app.approval['approval.approve']({ digest, passphrase: PASSPHRASE }))).toMatch(
          /^payments\/(?:digest-mismatch|wrong-state)$/,
        );
      else expect(dropped).toBe('payments/wrong-state');
    },
    MINUTE,
  );

  it(
    'approves once, however often it is asked',
    async () => {
      // What was shown no longer holds; it is built and shown anew.
      await app.approval['approval.close']({});
      await app.main['payments.requestApproval']({ batchId });
      const { digest, count } = await app.approval['approval.document']({});
      const answers = await Promise.all(
        Array.from({ length: 4 }, () =>
          codeOf(app.approval['approval.approve']({ digest, passphrase: PASSPHRASE })),
        ),
      );
      expect(answers.filter((answer) => answer === 'ok')).toHaveLength(1);
      expect(new Set(answers)).toEqual(new Set(['ok', 'busy']));
      expect(await codeOf(app.approval['approval.approve']({ digest, passphrase: PASSPHRASE }))).toBe(
        'payments/approval-closed',
      );
      expect(await codeOf(app.main['payments.requestApproval']({ batchId }))).toBe('payments/wrong-state');
      expect(count).toBeGreaterThan(0);
    },
    MINUTE,
  );

  it(
    'refuses a copy of the store from before the approval, also after a kill',
    async () => {
      copyStore('after');
      await kill();
      await app.stop();
      putBack('before');
      app = await start();
      expect(await codeOf(app.main['vault.unlock']({ passphrase: PASSPHRASE }))).toBe('ledger/rolled-back');
      expect(app.isUnlocked()).toBe(false);
      await app.stop();
      // The store that holds the approval opens, so the refusal was about the copy.
      putBack('after');
      app = await start();
      await app.main['vault.unlock']({ passphrase: PASSPHRASE });
      expect(app.isUnlocked()).toBe(true);
    },
    MINUTE,
  );

  it(
    'pays each payment once through all of it',
    async () => {
      const { count } = await app.main['payments.batch']({ batchId });
      await vi.waitFor(
        async () =>
          expect((await app.main['payments.batch']({ batchId })).byStatus.ACSC).toBeGreaterThanOrEqual(
            count - 1,
          ),
        { timeout: 2 * MINUTE, interval: 500 },
      );
      const { total, entries } = await app.main['ledger.entries']({
        search: '',
        accountId: null,
        tokenId: null,
        currency: null,
        direction: 'out',
        from: null,
        to: null,
        offset: 0,
        limit: 200,
      });
      const references = entries.map(({ endToEndId }) => endToEndId);
      expect(new Set(references).size).toBe(total);
      expect(total).toBeLessThanOrEqual(count);
    },
    4 * MINUTE,
  );

  it('has written neither the key nor the passphrase anywhere', () => {
    const said = [
      ...app.log,
      JSON.stringify(app.events, (_key, value) => (typeof value === 'bigint' ? `${value}` : value)),
    ];
    const files = storeFiles()
      .filter(existsSync)
      .map((path) => readFileSync(path).toString('latin1'));
    for (const text of [...said, ...files])
      for (const secret of [PASSPHRASE, PRIVATE_KEY]) expect(text.includes(secret)).toBe(false);
  });
});
