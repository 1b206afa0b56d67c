/** The product's main job, whole: from nothing to settled money, and the same books after a restart without a network. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { samplePain001 } from '../../sandbox/index';
import { expect, test } from '../fixtures';
import { openApprovalWindow } from '../pages/approval';
import { ask } from '../pages/bridge';
import { compareBalances, readBooks, readPayments } from '../pages/facts';
import { readLedger } from '../pages/ledger';
import { addSandbox, createVault } from '../pages/onboarding';
import { chooseFile, createBatch, openBatch, readVerdict, releaseHolds } from '../pages/payments';
import { awaitFunds, readPosition } from '../pages/position';
import { unlock } from '../pages/unlock';

const FIVE = ['CNH', 'EUR', 'HKD', 'SGD', 'USD'];

test('a treasurer pays a file and finds everything again without a network', async ({
  start,
  sandbox,
  desk,
  folder,
}) => {
  const app = await start({ sandboxFile: desk.directoryFile });
  const { page } = app;
  await createVault(app);
  await addSandbox(page);
  await awaitFunds(page, desk, 5);
  expect((await readPosition(page)).map(({ currency }) => currency).sort()).toEqual(FIVE);

  const file = path.join(folder, 'sample.xml');
  writeFileSync(file, samplePain001(sandbox.description));
  await chooseFile(app, file);
  expect(await readVerdict(page)).toBe('right');
  await expect(page.getByRole('button', { name: /^Create batch: 24 payments/ })).toBeDisabled();
  await releaseHolds(page);
  const batch = await createBatch(page);
  await batch.preflight();
  await expect(page.getByText('Ready for approval')).toBeVisible();
  await batch.requestApproval();

  const approval = await openApprovalWindow(app);
  const document = await approval.readDocument();
  expect(await approval.readDigest()).toBe(document.digest.slice(2));
  expect(await approval.readWords()).toEqual(document.words);
  expect(document.count).toBe(24);
  const { id } = (await ask(page, 'payments.batches', { search: '', offset: 0, limit: 1 })).batches[0] ?? {};
  if (!id) throw new Error('no batch');
  const sums = new Map<string, bigint>();
  for (const { currency, units } of await readPayments(page, id)) {
    sums.set(currency, (sums.get(currency) ?? 0n) + units);
  }
  expect(new Map(document.sums.map(({ currency, sum }) => [currency as string, sum.units]))).toEqual(sums);
  expect((await approval.readSums()).map((text) => text.slice(0, 3)).sort()).toEqual(FIVE);
  await approval.sign();

  await expect(batch.status).toContainText('ACSC', { timeout: 60_000 });
  for (const payment of await readPayments(page, id)) {
    expect(payment).toMatchObject({ status: 'ACSC', settlement: { stage: 'final' } });
  }
  await expect.poll(() => compareBalances(page, sandbox), { timeout: 30_000 }).toEqual([]);

  const report = path.join(folder, 'pain002.xml');
  await app.saveNext(report);
  await batch.exportStatusReport();
  await expect.poll(() => readStatuses(report)).toEqual({ ACSC: 24 });

  const position = await readPosition(page);
  // The banner of an offline app leaves room for fewer rows.
  const ledger = (await readLedger(page)).slice(0, 6);
  const books = await readBooks(page);
  expect(books.entryCount).toBeGreaterThanOrEqual(24 + 5);
  await app.quit();
  await sandbox.stop();

  const later = await start({ sandboxFile: desk.directoryFile });
  await unlock(later.page);
  expect(await readPosition(later.page)).toEqual(position);
  expect((await readLedger(later.page)).slice(0, 6)).toEqual(ledger);
  expect(await readBooks(later.page)).toEqual(books);
  await expect((await openBatch(later.page, 'LARKFIELD-SAMPLE-1')).status).toContainText('ACSC');
});

/** How often each transaction status stands in a pain.002. */
const readStatuses = (file: string): Readonly<Record<string, number>> => {
  let xml = '';
  try {
    xml = readFileSync(file, 'utf8');
  } catch {
    return {};
  }
  const counts: Record<string, number> = {};
  for (const [, status = ''] of xml.matchAll(/<TxSts>(\w+)<\/TxSts>/g)) {
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
};
