/** What comes in: files that are right in part or not at all, CSV, a drop, a payment typed by hand. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { faultyPain001, sampleCsv, samplePain001 } from '../../sandbox/index';
import { expect, test } from '../fixtures';
import { ask } from '../pages/bridge';
import { readPayments } from '../pages/facts';
import { goTo } from '../pages/navigation';
import {
  acceptMapping,
  chooseFile,
  createBatch,
  leaveOutWrongLines,
  openedBatch,
  readIssues,
  readVerdict,
  releaseHolds,
} from '../pages/payments';
import { changedSample, creditorOf, supplierNamed } from '../pages/sample-files';
import { approveBatch, openTreasury } from '../pages/treasury';

test('wrong files are told line by line, and nothing comes of them', async ({
  start,
  sandbox,
  desk,
  folder,
}) => {
  const { description } = sandbox;
  const app = await start({ sandboxFile: desk.directoryFile });
  const { page } = app;
  await openTreasury(app, desk);
  const put = (name: string, content: string): string => {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  const countBatches = async () =>
    (await ask(page, 'payments.batches', { search: '', offset: 0, limit: 1 })).total;

  await test.step('every fault of a file stands with its line, and the file is refused', async () => {
    const { xml, faults } = faultyPain001(description);
    await chooseFile(app, put('faulty.xml', xml));
    expect(await readVerdict(page)).toBe('refused');
    await expect(page.getByRole('button', { name: /^Create batch/ })).toBeHidden();
    const lines = xml.split('\n');
    for (const { line, value } of await readIssues(page)) {
      const number = Number(line);
      if (!Number.isInteger(number)) continue;
      expect(number).toBeGreaterThan(0);
      expect(number).toBeLessThanOrEqual(lines.length);
      expect(value).not.toBe('undefined');
    }
    await expect(page.getByRole('heading', { name: /^\d+ errors/ })).toBeVisible();
    const told = Number(
      /\d+/.exec((await page.getByRole('heading', { name: /^\d+ errors/ }).textContent()) ?? '')?.[0],
    );
    expect(told).toBeGreaterThanOrEqual(faults.length);
    expect(await countBatches()).toBe(0);
  });

  await test.step('a file that is no payment file is refused by its kind', async () => {
    for (const [name, content] of [
      ['cut.xml', samplePain001(description).slice(0, 3000)],
      [
        'other.xml',
        '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"/>',
      ],
      ['bomb.xml', '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><Document>&a;</Document>'],
      ['empty.xml', ''],
    ] as const) {
      await chooseFile(app, put(name, content));
      expect(await readVerdict(page), name).not.toBe('right');
    }
    expect(await countBatches()).toBe(0);
  });

  await test.step('a wrong line is left out by name; what tokens refuse is left out after the check', async () => {
    const frozen = supplierNamed(description, 'Winterfell');
    const blocked = supplierNamed(description, 'Xebec');
    const unenrolled = supplierNamed(description, 'Umbra');
    const xml = changedSample(description, { messageId: 'LARKFIELD-MIXED-1', count: 10 }, (payment, index) =>
      // One payment to each where its bank refuses it: EUR is frozen, CNH is blocked, nobody enrolled the third.
      payment.currency === 'EUR' && index % 2 === 0
        ? { ...payment, creditor: creditorOf(frozen) }
        : payment.currency === 'CNY' && index % 2 === 0
          ? { ...payment, creditor: creditorOf(blocked) }
          : payment.currency === 'USD' && index % 2 === 0
            ? { ...payment, creditor: creditorOf(unenrolled) }
            : payment,
    );
    await chooseFile(app, put('mixed.xml', xml));
    expect(await readVerdict(page)).toBe('wrong');
    const errors = (await readIssues(page)).filter(({ kind }) => kind === 'Error');
    expect(errors.map(({ value }) => value)).toEqual([unenrolled.name]);
    await expect(page.getByRole('button', { name: /^Create batch: / })).toBeDisabled();
    await leaveOutWrongLines(page);
    await releaseHolds(page);
    const batch = await createBatch(page);
    await batch.preflight();
    await expect(page.getByRole('button', { name: 'Review and approve' })).toBeHidden();
    expect(await batch.leaveOutRefused()).toBe(2);
    await approveBatch(app, batch);
    await expect(batch.status).toContainText(/ACSC|PART/, { timeout: 60_000 });
    await expect
      .poll(
        async () => {
          const [stored] = (await ask(page, 'payments.batches', { search: '', offset: 0, limit: 1 })).batches;
          return stored && [stored.byStatus.ACSC, stored.byStatus.RJCT, stored.droppedLines];
        },
        { timeout: 60_000 },
      )
      .toEqual([7, 2, 1]);
    const [stored] = (await ask(page, 'payments.batches', { search: '', offset: 0, limit: 1 })).batches;
    if (!stored) throw new Error('no batch');
    for (const payment of await readPayments(page, stored.id)) {
      if (payment.status === 'RJCT') expect([frozen.name, blocked.name]).toContain(payment.creditorName);
    }
  });

  await test.step('the same file again is refused: its payments exist', async () => {
    const file = put('once.xml', samplePain001(description, { messageId: 'LARKFIELD-ONCE-1', count: 2 }));
    await chooseFile(app, file);
    expect(await readVerdict(page)).toBe('right');
    await releaseHolds(page);
    await createBatch(page);
    await chooseFile(app, file);
    expect(await readVerdict(page)).toBe('wrong');
    const again = (await readIssues(page)).filter(({ kind }) => kind === 'Error');
    expect(again.map(({ value }) => value)).toEqual(['LARKFIELD-ONCE-1-0001', 'LARKFIELD-ONCE-1-0002']);
    await expect(page.getByText('This very file was imported before')).toBeVisible();
  });

  await test.step('a dropped CSV file is read by the columns that a person confirms', async () => {
    const csv = sampleCsv(description, { messageId: 'LARKFIELD-CSV-1', count: 5 });
    await goTo(page, 'Position');
    await app.dropFile(put('erp.csv', csv));
    await acceptMapping(page, 'Our ERP');
    expect(await readVerdict(page)).toBe('right');
    await releaseHolds(page);
    const batch = await createBatch(page);
    await expect(batch.table.getByRole('row')).toHaveCount(5 + 1);
  });

  await test.step('a payment typed by hand is checked like a line of a file', async () => {
    await goTo(page, 'Payments');
    await page.getByRole('button', { name: 'New payment' }).click();
    await page.getByRole('combobox', { name: 'Token' }).click();
    await page.getByRole('option', { name: /^SGD/ }).click();
    await page.getByRole('combobox', { name: 'Creditor', exact: true }).fill('Juniper');
    await page.getByRole('option', { name: /Juniper/ }).click();
    await page.getByLabel('Amount', { exact: true }).fill('12.345');
    await expect(page.getByText('This currency has 2 decimals at most.')).toBeVisible();
    await page.getByLabel('Amount', { exact: true }).fill('1250.05');
    await page.getByRole('button', { name: /^Create payment: SGD 1,250\.05 to Juniper/ }).click();
    const batch = await openedBatch(page);
    await expect(batch.table.getByRole('row').filter({ hasText: '1,250.05' })).toBeVisible();
  });
});
