/** What goes wrong on the way: a node that is down or another, the app killed, a fee too low, a changed mind. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { BatchId } from '../../../src/shared/model/ids';
import { createRpc, samplePain001, startSandbox } from '../../sandbox/index';
import { test as base, expect } from '../fixtures';
import { openApprovalWindow } from '../pages/approval';
import { ask } from '../pages/bridge';
import { compareBalances, readPayments } from '../pages/facts';
import { openBatch } from '../pages/payments';
import { approveBatch, importBatch, openTreasury } from '../pages/treasury';
import { unlock } from '../pages/unlock';
import { type Gate, openGate } from '../support/gate';

/** The app talks to its node through a gate that the journey can shut. */
const test = base.extend<{ gate: Gate }>({
  gate: async ({ sandbox, desk }, use) => {
    const gate = await openGate(sandbox.description.rpcUrl);
    const text = readFileSync(desk.directoryFile, 'utf8');
    writeFileSync(desk.directoryFile, text.replaceAll(sandbox.description.rpcUrl, gate.url));
    await use(gate);
    await gate.close();
  },
});

const newestBatch = async (page: Page): Promise<BatchId> => {
  const [batch] = (await ask(page, 'payments.batches', { search: '', offset: 0, limit: 1 })).batches;
  if (!batch) throw new Error('there is no batch');
  return batch.id;
};

const stagesOf = async (page: Page, batchId: BatchId): Promise<Readonly<Record<string, number>>> => {
  const stages: Record<string, number> = {};
  for (const { settlement } of await readPayments(page, batchId)) {
    const stage = settlement?.stage ?? 'none';
    stages[stage] = (stages[stage] ?? 0) + 1;
  }
  return stages;
};

test('a node that is down and an app that is killed lose nothing and pay nothing twice', async ({
  start,
  sandbox,
  desk,
  gate,
  folder,
}) => {
  const rpc = createRpc(sandbox.description.rpcUrl);
  let app = await start({ sandboxFile: desk.directoryFile });
  await openTreasury(app, desk);
  const [account] = (await ask(app.page, 'directory.accounts', {})).accounts;
  if (!account) throw new Error('there is no account');
  const countSent = async () =>
    Number(BigInt((await rpc.call('eth_getTransactionCount', account.address, 'latest')) as string));

  const file = path.join(folder, 'first.xml');
  writeFileSync(file, samplePain001(sandbox.description, { count: 10, messageId: 'LARKFIELD-DOWN-1' }));
  const batch = await importBatch(app, file);
  await batch.requestApproval();
  const approval = await openApprovalWindow(app);
  // Signing needs no network: the node goes down before the first byte is sent.
  await sandbox.setMining('manual');
  await approval.sign();
  await expect
    .poll(async () => (await readPayments(app.page, await newestBatch(app.page)))[0]?.settlement !== null)
    .toBe(true);
  const batchId = await newestBatch(app.page);
  gate.shut();
  await expect(app.page.getByText('No network answers.').first()).toBeVisible({ timeout: 30_000 });
  await expect(app.page.getByRole('main').getByRole('grid', { name: 'Payments of the batch' })).toBeVisible();

  // SIGKILL while signed payments wait, some of them perhaps with the node.
  await app.kill();
  app = await start({ sandboxFile: desk.directoryFile });
  await unlock(app.page);
  expect((await stagesOf(app.page, batchId)).none ?? 0).toBe(0);
  gate.open();
  await sandbox.setMining('mixed', 1);
  await expect.poll(() => stagesOf(app.page, batchId), { timeout: 60_000 }).toEqual({ final: 10 });
  expect(await countSent()).toBe(10);
  expect((await ask(app.page, 'payments.batch', { batchId })).status).toBe('ACSC');
  const hashes = (await readPayments(app.page, batchId)).map(({ settlement }) => settlement?.transactionHash);
  expect(new Set(hashes).size).toBe(10);
  await expect.poll(() => compareBalances(app.page, sandbox), { timeout: 30_000 }).toEqual([]);
  await expect((await openBatch(app.page, 'LARKFIELD-DOWN-1')).status).toContainText('ACSC');
});

test('what was approved cannot be exchanged, what is stuck can be replaced, another chain is refused', async ({
  start,
  sandbox,
  desk,
  gate,
  folder,
}) => {
  const app = await start({ sandboxFile: desk.directoryFile });
  const { page } = app;
  await openTreasury(app, desk);
  const file = path.join(folder, 'stuck.xml');
  writeFileSync(file, samplePain001(sandbox.description, { count: 4, messageId: 'LARKFIELD-STUCK-1' }));
  const batch = await importBatch(app, file);
  const batchId = await newestBatch(page);

  await test.step('an approval of anything but the shown digest is refused', async () => {
    await batch.requestApproval();
    const approval = await openApprovalWindow(app);
    const { digest } = await approval.readDocument();
    const other = digest.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    const answer = await approval.page.evaluate(
      (input) =>
        (
          window as unknown as { bridge: { invoke: (method: string, input: unknown) => Promise<unknown> } }
        ).bridge.invoke('approval.approve', input),
      { digest: other, passphrase: 'not even the right one' },
    );
    expect(answer).toMatchObject({ ok: false, error: { code: 'payments/digest-mismatch' } });
    await approval.sign('the wrong passphrase');
    await expect(approval.error).toContainText('The passphrase is not right. Nothing was signed.');
    expect(await stagesOf(page, batchId)).toEqual({ none: 4 });
    await approval.close();
    await expect(page.getByRole('button', { name: 'Review and approve' })).toBeVisible();
  });

  await test.step('a payment that no block takes is sped up, another is cancelled', async () => {
    await sandbox.setMining('manual');
    await approveBatch(app, batch);
    await expect.poll(() => stagesOf(page, batchId), { timeout: 30_000 }).toEqual({ sent: 4 });
    const payments = await readPayments(page, batchId);
    const [first, second] = payments;
    if (!first || !second) throw new Error('the batch is empty');

    for (const [payment, action] of [
      [first, 'Speed up'],
      [second, 'Cancel payment'],
    ] as const) {
      const detail = await batch.openPayment(payment.endToEndId);
      await detail.getByRole('button', { name: action }).click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /^Prepare / })
        .click();
      const approval = await openApprovalWindow(app);
      expect(await approval.readDocument()).toMatchObject({ kind: 'replacement', count: 1 });
      await approval.sign();
      await expect
        .poll(async () => {
          const { settlement } = await ask(page, 'payments.payment', { paymentId: payment.id });
          return settlement?.replacements.length ?? 0;
        })
        .toBeGreaterThan(0);
      await detail.getByRole('button', { name: 'Close', exact: true }).click();
    }
    await sandbox.setMining('mixed', 1);
    await expect
      .poll(
        async () =>
          (await readPayments(page, batchId)).map(({ status, reason }) => [status, reason?.code ?? null]),
        { timeout: 60_000 },
      )
      .toEqual([
        ['ACSC', null],
        ['RJCT', 'CUST'],
        ['ACSC', null],
        ['ACSC', null],
      ]);
    const sped = await ask(page, 'payments.payment', { paymentId: first.id });
    expect(sped.settlement?.transactionHash).not.toBe(first.settlement?.transactionHash);
    await expect.poll(() => compareBalances(page, sandbox), { timeout: 30_000 }).toEqual([]);
  });

  await test.step('a node on another chain is named, and nothing can be approved', async () => {
    const next = path.join(folder, 'next.xml');
    writeFileSync(next, samplePain001(sandbox.description, { count: 2, messageId: 'LARKFIELD-NEXT-1' }));
    const checked = await importBatch(app, next);
    const other = await startSandbox({ chainId: 914_002 });
    try {
      gate.turnTo(other.description.rpcUrl);
      await expect(page.getByRole('banner').getByText('Wrong network')).toBeVisible({ timeout: 30_000 });
      await checked.requestApproval();
      await expect(page.getByRole('main').getByRole('alert')).toContainText('chain/wrong-chain');
      expect(await stagesOf(page, await newestBatch(page))).toEqual({ none: 2 });
    } finally {
      await other.stop();
    }
  });
});
