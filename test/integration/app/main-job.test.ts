/** The main job through the contract alone: from a fresh vault to settled money and a restart without the chain. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { BatchId } from '../../../src/shared/model/ids';
import { type EnrolmentDesk, openEnrolmentDesk } from '../../sandbox/enrolment-desk';
import { type Sandbox, samplePain001, startSandbox } from '../../sandbox/index';
import { type AppFolder, type AppHarness, makeAppFolder, startApp } from '../../support/app-harness';

const PASSPHRASE = 'correct horse battery staple lagoon 41';
const MINUTE = 60_000;

const wordsOn = (page: string): string[] =>
  [...page.matchAll(/<b>([a-z]+)<\/b>/g)].map((match) => match[1] ?? '');

describe('the main job', () => {
  let sandbox: Sandbox;
  let desk: EnrolmentDesk;
  let folder: AppFolder;
  let app: AppHarness;
  let batchId: BatchId;

  beforeAll(async () => {
    sandbox = await startSandbox({ mining: 'mixed', blockTimeSeconds: 1 });
    desk = openEnrolmentDesk(sandbox);
    folder = makeAppFolder();
    app = await startApp({ folder, sandboxFile: desk.directoryFile });
  }, MINUTE);
  afterAll(async () => {
    await app.stop();
    desk.close();
    await sandbox.stop();
    folder.remove();
  }, MINUTE);

  it(
    'creates a vault whose words were confirmed',
    async () => {
      const { pendingId, confirmPositions } = await app.main['vault.prepare']({
        words: 12,
        bip39Passphrase: null,
      });
      await app.main['vault.showWords']({ pendingId });
      const words = wordsOn(app.recoveryPage());
      expect(words).toHaveLength(12);
      const answers = confirmPositions.map((position) => ({ position, word: words[position - 1] ?? '' }));
      const { keys } = await app.main['vault.confirm']({ pendingId, answers, passphrase: PASSPHRASE });
      expect(keys).toHaveLength(1);
    },
    MINUTE,
  );

  it(
    'takes in the sandbox and shows a position in five currencies',
    async () => {
      const added = await app.main['app.addSandbox']({});
      expect(added).toMatchObject({ tokens: 5, accounts: 1 });
      await desk.idle();
      await vi.waitFor(
        async () => {
          const { currencies, holdings } = await app.main['position.get']({});
          expect(currencies.map(({ currency }) => currency).sort()).toEqual([
            'CNH',
            'EUR',
            'HKD',
            'SGD',
            'USD',
          ]);
          for (const holding of holdings.filter(({ balance }) => balance > 0n))
            expect(holding.isReconciled).toBe(true);
        },
        { timeout: MINUTE, interval: 500 },
      );
    },
    2 * MINUTE,
  );

  it(
    'imports a clean file',
    async () => {
      const path = join(folder.path, 'payments.xml');
      writeFileSync(path, samplePain001(sandbox.description, { version: '09' }));
      app.chooseNext(path);
      const { file } = await app.main['files.choose']({ purpose: 'payments' });
      if (!file) throw new Error('no file');
      const report = await app.main['payments.importFile']({
        fileId: file.fileId,
        mapping: null,
        saveMappingAs: null,
      });
      const { issues } = await app.main['payments.importIssues']({
        importId: report.importId,
        severity: 'all',
        search: '',
        sort: 'line',
        offset: 0,
        limit: 100,
      });
      expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(report).toMatchObject({ count: 24, errorCount: 0, isRefused: false });
      const made = await app.main['payments.createBatch']({
        importId: report.importId,
        dropPaymentIndexes: [],
        releaseHolds: report.holds.map(({ kind, paymentIndex }) => ({ kind, paymentIndex })),
      });
      batchId = made.batchId;
    },
    MINUTE,
  );

  it(
    'approves what the window shows and settles every payment',
    async () => {
      const checked = await app.main['payments.preflight']({ batchId });
      expect(checked.preflight).toEqual({ ok: 24, refused: 0, unknown: 0, missing: 0 });
      await app.main['payments.requestApproval']({ batchId });
      expect(app.isApprovalOpen()).toBe(true);
      const document = await app.approval['approval.document']({});
      expect(document.count).toBe(24);
      const { signed } = await app.approval['approval.approve']({
        digest: document.digest,
        passphrase: PASSPHRASE,
      });
      expect(signed).toBe(24);
      await vi.waitFor(
        async () => expect((await app.main['payments.batch']({ batchId })).byStatus).toEqual({ ACSC: 24 }),
        { timeout: 2 * MINUTE, interval: 500 },
      );
    },
    4 * MINUTE,
  );

  it(
    'shows balances that equal the tokens own answers',
    async () => {
      await vi.waitFor(
        async () => {
          const { holdings } = await app.main['position.get']({});
          const { accounts } = await app.main['directory.accounts']({});
          for (const holding of holdings.filter(({ networkId }) => networkId === sandbox.description.caip2)) {
            const address = accounts.find(({ id }) => id === holding.accountId)?.address;
            const onChain = await sandbox.balanceOf(
              holding.tokenId.slice(holding.tokenId.indexOf(':0x') + 1) as `0x${string}`,
              address as `0x${string}`,
            );
            expect(holding.balance).toBe(onChain);
          }
        },
        { timeout: MINUTE, interval: 500 },
      );
    },
    2 * MINUTE,
  );

  it('exports a pain.002 that says settled', async () => {
    const path = join(folder.path, 'status.xml');
    app.saveNext(path);
    await app.main['payments.exportStatus']({ batchId });
    expect(readFileSync(path, 'utf8')).toContain('<GrpSts>ACSC</GrpSts>');
  });

  it(
    'shows the same after a restart with the chain gone',
    async () => {
      const before = {
        position: await app.main['position.get']({}),
        batch: await app.main['payments.batch']({ batchId }),
      };
      await app.stop();
      await sandbox.stop();
      app = await startApp({ folder });
      await expect(app.main['position.get']({})).rejects.toMatchObject({ code: 'vault/locked' });
      await app.main['vault.unlock']({ passphrase: PASSPHRASE });
      expect((await app.main['position.get']({})).holdings).toEqual(before.position.holdings);
      expect(await app.main['payments.batch']({ batchId })).toEqual(before.batch);
      const { total } = await app.main['ledger.entries']({
        search: '',
        accountId: null,
        tokenId: null,
        currency: null,
        direction: 'out',
        from: null,
        to: null,
        offset: 0,
        limit: 50,
      });
      expect(total).toBe(24);
    },
    2 * MINUTE,
  );
});
