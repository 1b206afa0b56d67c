/** The main job, step by step, and what came of it. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { Address } from 'viem';
import { createFileReader } from '../../../src/main/iso20022/index';
import { connectChild } from '../../../src/main/platform/child';
import { createSpawnNode } from '../../../src/main/platform/spawn-node';
import { DirectoryFile } from '../../../src/shared/model/directory';
import type { BatchId } from '../../../src/shared/model/ids';
import { REQUIRED_CSV_FIELDS } from '../../../src/shared/model/payment-file';
import type { EnrolmentDesk } from '../../sandbox/enrolment-desk';
import type { Sandbox } from '../../sandbox/index';
import type { RunningApp } from '../lanes/lane';
import { openApprovalWindow } from '../pages/approval';
import { ask, tryAsk } from '../pages/bridge';
import { expect } from '../pages/expect';
import { compareBalances, readBooks, readPayments as readStoredPayments } from '../pages/facts';
import { ledgerTable } from '../pages/ledger';
import { goTo } from '../pages/navigation';
import { addSandbox, createVault } from '../pages/onboarding';
import {
  acceptMapping,
  chooseFile,
  createBatch,
  declareUnclear,
  openBatch,
  readVerdict,
  releaseHolds,
} from '../pages/payments';
import { awaitFunds, readPosition } from '../pages/position';
import { deriveKey, importDirectory, openSettings } from '../pages/settings';
import { unlock } from '../pages/unlock';
import { enrol, type OwnAccountEntry, planEnrolment, readPayments } from './enrol';
import type { Pictures } from './pictures';

export type FileError = {
  readonly line: number;
  readonly path: string;
  readonly value: string | null;
  readonly code: string;
};

export type Outcome =
  | {
      readonly kind: 'done' | 'failed';
      readonly result: {
        readonly electron?: string;
        readonly payments?: number;
        readonly settled?: number;
        readonly rejected?: number;
        readonly currencies?: readonly string[];
        readonly balancesMatchChain?: boolean;
        readonly afterRestartSame?: boolean;
        readonly seconds?: number;
        readonly failed?: string;
      };
    }
  | { readonly kind: 'refused'; readonly result: { readonly errors: readonly FileError[] } };

export type JobDeps = {
  readonly root: string;
  readonly file: string;
  /** Where app and demo may both write. */
  readonly folder: string;
  readonly isEnrolling: boolean;
  readonly start: () => Promise<RunningApp>;
  readonly electron: string;
  readonly sandbox: Sandbox;
  readonly desk: EnrolmentDesk;
  readonly pictures: Pictures;
  readonly say: (line: string) => void;
  readonly started: number;
};

/** Own keys that the demo makes at most; more debtor accounts share the last one. */
const MOST_KEYS = 8;
const FEE_MONEY = 1_000n * 10n ** 18n;

export const runJob = async (deps: JobDeps): Promise<Outcome> => {
  const { sandbox, desk, pictures, say } = deps;
  const app = await deps.start();
  const { page } = app;

  say('creating a vault and writing down its twelve words');
  await createVault(app, { onStep: (name) => pictures.takeBoth(page, `01-onboarding-${name}`) });
  await addSandbox(page);
  await awaitFunds(page, desk, sandbox.description.tokens.length);
  say('the banks of the sandbox have enrolled the account and credited it');

  if (deps.isEnrolling) await takeOn(app, deps);

  await goTo(page, 'Payments');
  await pictures.takeBoth(page, '02-payments-empty');
  say(`importing ${path.basename(deps.file)}`);
  await chooseFile(app, deps.file);
  const isCsv = await answersMapping(page);
  if (isCsv) {
    await declareUnclear(page);
    await pictures.takeBoth(page, '03-import-mapping');
    if (!(await page.getByRole('button', { name: 'Check file' }).isEnabled())) return refuse(app, deps);
    await acceptMapping(page);
  }
  const verdict = await readVerdict(page);
  if (verdict !== 'right') return refuse(app, deps);
  await pictures.takeBoth(page, '03-import-report');
  await releaseHolds(page);
  const batch = await createBatch(page);
  await batch.preflight();
  const leftOut = await batch.leaveOutRefused();
  if (leftOut > 0) say(`the tokens would refuse ${leftOut} payments: left out`);
  await pictures.takeBoth(page, '04-batch-checked');

  const [stored] = (await ask(page, 'payments.batches', { search: '', offset: 0, limit: 1 })).batches;
  if (!stored) throw new Error('the batch is not in the list');
  const seconds = (): number => Math.round((Date.now() - deps.started) / 100) / 10;
  if ((stored.byStatus.RJCT ?? 0) < stored.count) {
    await approve(app, deps, batch.requestApproval);
    await awaitEnd(page, stored.id, say);
  }
  await pictures.takeBoth(page, '06-batch-settled');

  const payments = await readStoredPayments(page, stored.id);
  const settled = payments.filter(({ status }) => status === 'ACSC').length;
  const rejected = payments.filter(({ status }) => status === 'RJCT').length;
  const currencies = [...new Set(payments.map(({ currency }) => currency as string))];
  say(`${settled} of ${payments.length} payments settled`);

  const areBalancesEqual = await waitFor(async () => (await compareBalances(page, sandbox)).length === 0);
  await batch.openPayment(payments[0]?.endToEndId ?? '');
  await pictures.takeBoth(page, '07-payment');
  await pictureScreens(page, pictures);
  const position = await readPosition(page);
  const books = await readBooks(page);

  say('starting again with the chain stopped');
  await app.quit();
  await sandbox.stop();
  const later = await deps.start();
  await pictures.takeBoth(later.page, '20-unlock');
  await unlock(later.page);
  const isSame =
    isEqual(await readPosition(later.page), position) && isEqual(await readBooks(later.page), books);
  await pictures.takeBoth(later.page, '21-position-offline');
  const name = stored.source.messageId ?? stored.source.fileName ?? '';
  const reopened = await openBatch(later.page, name);
  const isShownAgain = await waitFor(async () => {
    const { status } = await ask(later.page, 'payments.batch', { batchId: stored.id });
    return ((await reopened.status.textContent()) ?? '').includes(status);
  });
  await pictures.takeBoth(later.page, '22-batch-offline');
  await later.quit();

  const result = {
    electron: deps.electron,
    payments: payments.length,
    settled,
    rejected,
    currencies,
    balancesMatchChain: areBalancesEqual,
    afterRestartSame: isSame && isShownAgain,
    seconds: seconds(),
  };
  const isAsExpected =
    settled + rejected === payments.length && settled > 0 && areBalancesEqual && result.afterRestartSame;
  return { kind: isAsExpected ? 'done' : 'failed', result };
};

const isEqual = (a: unknown, b: unknown): boolean => {
  const print = (value: unknown): string =>
    JSON.stringify(value, (_key, member: unknown) => (typeof member === 'bigint' ? `${member}n` : member));
  return print(a) === print(b);
};

/** Asks until the answer is yes; no after half a minute. */
const waitFor = async (question: () => Promise<boolean>): Promise<boolean> =>
  expect
    .poll(question, { timeout: 30_000 })
    .toBe(true)
    .then(
      () => true,
      () => false,
    );

/** A CSV file is asked for its columns first; anything else goes straight to the check. */
const answersMapping = async (page: Page): Promise<boolean> => {
  const mapping = page.getByRole('button', { name: 'Check file' });
  const verdict = page.getByText(/^(The file is right|The file has |This file cannot be used)/);
  const failed = page.getByRole('main').getByRole('alert');
  await expect(mapping.or(verdict).or(failed).first()).toBeVisible({ timeout: 60_000 });
  return mapping.isVisible();
};

const approve = async (app: RunningApp, deps: JobDeps, request: () => Promise<void>): Promise<void> => {
  await request();
  const approval = await openApprovalWindow(app);
  const document = await approval.readDocument();
  expect(await approval.readDigest()).toBe(document.digest.slice(2));
  const words = document.words ?? [];
  expect(words).toHaveLength(12);
  expect(await approval.readWords()).toEqual(words);
  await deps.pictures.takeBoth(approval.page, '05-approval', app.page);
  deps.say(`approving ${document.count} payments, digest ${document.digest}: ${words.join(' ')}`);
  await approval.sign();
};

/** Resolves when every payment of the batch is settled or rejected. */
const awaitEnd = async (page: Page, batchId: BatchId, say: (line: string) => void): Promise<void> => {
  let told = -1;
  await expect
    .poll(
      async () => {
        const { byStatus, count } = await ask(page, 'payments.batch', { batchId });
        const settled = byStatus.ACSC ?? 0;
        if (settled !== told) say(`${settled} of ${count} settled`);
        told = settled;
        return count - settled - (byStatus.RJCT ?? 0);
      },
      { timeout: 240_000, intervals: [500] },
    )
    .toBe(0);
};

/** Every screen that the job itself did not pass. */
const pictureScreens = async (page: Page, pictures: Pictures): Promise<void> => {
  await goTo(page, 'Position');
  await page.getByRole('main').getByText('USD').first().waitFor();
  await pictures.takeBoth(page, '08-position');
  await goTo(page, 'Payments');
  await page.getByRole('grid', { name: 'Batches' }).waitFor();
  await pictures.takeBoth(page, '09-payments');
  await page.getByRole('button', { name: 'New payment' }).click();
  await pictures.takeBoth(page, '10-new-payment');
  await goTo(page, 'Ledger');
  await ledgerTable(page).waitFor();
  await pictures.takeBoth(page, '11-ledger');
  await goTo(page, 'Counterparties');
  await pictures.takeBoth(page, '12-counterparties');
  await goTo(page, 'Reports');
  await pictures.takeBoth(page, '13-reports');
  for (const tab of [
    'Networks',
    'Tokens',
    'Accounts',
    'Security',
    'Appearance',
    'Directory files',
    'About',
  ] as const) {
    await openSettings(page, tab);
    await pictures.takeBoth(page, `14-settings-${tab.toLowerCase().replace(' ', '-')}`);
  }
};

/** Takes on what the file needs: keys and own accounts by the settings, tokens and creditors by a directory file. */
const takeOn = async (app: RunningApp, deps: JobDeps): Promise<void> => {
  const { page } = app;
  const { sandbox, say } = deps;
  const log = {
    info: () => undefined,
    warn: (message: string) => console.error(message),
    error: (message: string) => console.error(message),
  };
  const reader = createFileReader({
    spawn: createSpawnNode({ folder: path.join(deps.root, 'out', 'main'), log }),
    connect: connectChild,
  });
  const payments = await readPayments(reader, deps.file);
  const directory = await exportDirectory(app, deps.folder);
  // Tokens that the product lists but that stand on networks nobody uses here cannot be paid with.
  const usable = directory.tokens.filter(({ networkId }) => networkId === sandbox.description.caip2);
  const plan = planEnrolment(payments, { ...directory, tokens: usable });
  if (plan.isEmpty) return;
  say(
    `taking on ${plan.debtors.length} own accounts, ${plan.tokens.length} tokens, ${plan.parties.length} creditors`,
  );

  const before = await ask(page, 'directory.accounts', {});
  const wanted = Math.min(plan.debtors.length, MOST_KEYS);
  for (let made = 0; made < wanted; made++) await deriveKey(page);
  const { keys } = await ask(page, 'vault.keys', {});
  const fresh = keys.filter(({ address }) => !before.accounts.some((one) => one.address === address));
  const accounts = fresh.slice(0, wanted).map((key, index): OwnAccountEntry => {
    const ids = plan.debtors.filter((_, place) => Math.min(place, wanted - 1) === index);
    const [first] = ids;
    return {
      name: `Account ${first?.id.value ?? index + 1}`,
      address: key.address,
      entity: { name: first?.name.slice(0, 140) || 'Own company', lei: first?.lei ?? null },
      externalIds: ids.map(({ id }) => id),
    };
  });
  const payers = [...before.accounts, ...accounts].map(({ address }) => address as unknown as Address);
  for (const address of payers) await sandbox.fundNative(address, FEE_MONEY);
  const file = path.join(deps.folder, 'directory.json');
  writeFileSync(file, JSON.stringify(await enrol(sandbox, plan, accounts, payers), null, 2), { mode: 0o644 });
  say(await importDirectory(app, file));
};

/** The directory as the app itself writes it. */
const exportDirectory = async (app: RunningApp, folder: string): Promise<DirectoryFile> => {
  const file = path.join(folder, 'directory-before.json');
  await openSettings(app.page, 'Directory files');
  await app.saveNext(file);
  await app.page.getByRole('button', { name: 'Save the directory as a file' }).click();
  await expect(app.page.getByText('Directory saved')).toBeVisible();
  const directory = DirectoryFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  rmSync(file);
  return directory;
};

/** What was wrong with the file, every finding of it, and that nothing came of it. */
const refuse = async (app: RunningApp, deps: JobDeps): Promise<Outcome> => {
  const { page } = app;
  await deps.pictures.takeBoth(page, '03-import-refused');
  const fileId = /\/import\/(fil_[0-9a-z]+)/.exec(page.url())?.[1];
  if (!fileId) throw new Error('no file is open');
  const errors = await readErrors(page, fileId);
  const { total } = await ask(page, 'payments.batches', { search: '', offset: 0, limit: 1 });
  if (total > 0) throw new Error('a batch was created from a file that was refused');
  await app.quit();
  if (errors.length === 0) throw new Error('the file was refused without a reason');
  return { kind: 'refused', result: { errors } };
};

const readErrors = async (page: Page, fileId: string): Promise<readonly FileError[]> => {
  const file = fileId as Parameters<typeof ask<'payments.inspectFile'>>[2]['fileId'];
  const inspected = await tryAsk(page, 'payments.inspectFile', { fileId: file });
  if (!inspected.ok) return [{ line: 0, path: '', value: null, code: inspected.error.code }];
  const { csv } = inspected.value;
  const missing = REQUIRED_CSV_FIELDS.filter((field) => csv?.ambiguous.includes(field));
  if (missing.length > 0)
    return missing.map((field) => ({ line: 1, path: field, value: null, code: 'csv/column-missing' }));
  const report = await tryAsk(page, 'payments.importFile', {
    fileId: file,
    mapping: csv?.suggested ?? null,
    saveMappingAs: null,
  });
  if (!report.ok) return [{ line: 0, path: '', value: null, code: report.error.code }];
  const { importId } = report.value;
  const errors: FileError[] = [];
  for (;;) {
    const { total, issues } = await ask(page, 'payments.importIssues', {
      importId,
      severity: 'error',
      search: '',
      sort: 'line',
      offset: errors.length,
      limit: 200,
    });
    errors.push(...issues.map(({ line, path: place, value, code }) => ({ line, path: place, value, code })));
    if (issues.length === 0 || errors.length >= total) return errors;
  }
};
