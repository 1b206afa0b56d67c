/** Payment files through the real reader, directory and store: right ones become batches, wrong ones name every fault. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paymentsContract } from '../../../src/shared/contract/payments';
import type { ImportReport } from '../../../src/shared/model/payments';
import {
  CSV_COLUMNS,
  faultyPain001,
  type Sandbox,
  sampleCsv,
  samplePain001,
  startSandbox,
} from '../../sandbox/index';
import { CASES } from '../../support/cases';
import { openRig, type Rig } from './rig';

let sandbox: Sandbox;
let rig: Rig;
beforeAll(async () => {
  sandbox = await startSandbox();
  rig = await openRig(sandbox);
  await rig.directory.importBytes(new TextEncoder().encode(JSON.stringify(sandbox.directory)));
});
afterAll(async () => {
  await rig?.close();
  await sandbox?.stop();
});

const issuesOf = async (report: ImportReport) =>
  (
    await rig.payments.importIssues({
      importId: report.importId,
      severity: 'all',
      search: '',
      sort: 'line',
      offset: 0,
      limit: 200,
    })
  ).issues;
const create = (report: ImportReport, dropPaymentIndexes: number[] = []) =>
  rig.payments.createBatch({
    importId: report.importId,
    dropPaymentIndexes,
    releaseHolds: report.holds.map(({ kind, paymentIndex }) => ({ kind, paymentIndex })),
  });

describe('the sample file', () => {
  it('has nothing wrong, is held for what is new, and becomes a batch that survives a crash', async () => {
    const path = rig.writeFile('sample.xml', samplePain001(sandbox.description));
    const inspected = await rig.payments.inspectFile({ fileId: rig.addFile(path) });
    expect(inspected).toMatchObject({ kind: 'pain.001', name: 'sample.xml', csv: null });
    const report = await rig.importPath(path);
    expect((await issuesOf(report)).filter((issue) => issue.severity === 'error')).toEqual([]);
    expect(report).toMatchObject({ count: 24, errorCount: 0, isRefused: false });
    expect(new Set(report.holds.map((hold) => hold.kind))).toEqual(new Set(['first-payment', 'cnh-class']));
    expect(paymentsContract['payments.importFile'].output.parse(report)).toEqual(report);
    const { batchId } = await create(report);
    await rig.crash();
    const batch = await rig.payments.batch({ batchId });
    expect(batch).toMatchObject({ status: 'ACTC', count: 24 });
    expect(batch.sums.map((sum) => sum.currency)).toEqual(['CNH', 'EUR', 'HKD', 'SGD', 'USD']);
    for (const { currency, count, sum } of batch.sums) {
      const told = report.sums.find((one) => one.currency === (currency === 'CNH' ? 'CNY' : currency));
      expect(told?.count).toBe(count);
      expect((told?.sum.units ?? 0n) * 10n ** BigInt(sum.decimals - (told?.sum.decimals ?? 0))).toBe(
        sum.units,
      );
    }
    const all = { search: '', status: null, stage: null, preflight: null, offset: 0, limit: 200 };
    const listed = await rig.payments.payments({ batchId, ...all });
    expect(paymentsContract['payments.payments'].output.parse(listed)).toEqual(listed);
    expect(paymentsContract['payments.batch'].output.parse(batch)).toEqual(batch);
    await rig.payments.exportStatus({ batchId });
    expect(rig.saved.at(-1)?.text).toContain('pain.002.001.10');
    expect(rig.saved.at(-1)?.text.match(/<TxInfAndSts>/g)).toHaveLength(24);

    const again = await rig.importPath(path);
    expect(new Set(again.holds.map((hold) => hold.kind))).toEqual(
      new Set(['same-file', 'same-message-id', 'same-payment', 'first-payment', 'cnh-class']),
    );
    expect((await issuesOf(again)).filter((issue) => issue.code === 'id/used-before')).toHaveLength(24);
  });
});

describe('the wrong sample', () => {
  it('tells every fault, and only its right lines can become a batch', async () => {
    const { xml } = faultyPain001(sandbox.description);
    const report = await rig.importPath(rig.writeFile('faulty.xml', xml));
    const issues = await issuesOf(report);
    expect(report.isRefused).toBe(true);
    for (const code of ['total/count', 'total/sum', 'amount/not-exact', 'creditor/unknown'])
      expect(issues.map((issue) => issue.code)).toContain(code);
    expect(issues.filter((issue) => issue.severity === 'error' && issue.line === 0)).toEqual([]);
    await expect(create(report)).rejects.toMatchObject({ code: 'payments/file-refused' });
  });

  it('a file that is no payment file is refused with its reason', async () => {
    const wrong: [string, string | Uint8Array][] = [
      ['empty.xml', ''],
      ['notes.txt', '{ "creditor": "somebody" }\n'],
      ['cut.xml', samplePain001(sandbox.description).slice(0, 3000)],
      ['entity.xml', '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><Document>&b;</Document>'],
      [
        'other.xml',
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.008.001.08"><CstmrDrctDbtInitn/></Document>',
      ],
    ];
    for (const [name, content] of wrong) {
      const report = await rig.importPath(rig.writeFile(name, content)).catch((error: unknown) => error);
      expect([name, report]).toMatchObject([name, { isRefused: true, errorCount: expect.any(Number) }]);
      expect((await issuesOf(report as ImportReport)).length).toBeGreaterThan(0);
      await expect(create(report as ImportReport)).rejects.toMatchObject({ code: 'payments/file-refused' });
    }
  });
});

describe('CSV', () => {
  it('comes with a mapping to confirm, which is remembered by its headings', async () => {
    const style = { separator: ';', decimal: ',', byteOrderMark: true } as const;
    const content = sampleCsv(sandbox.description, { messageId: 'CSV-1', ...style });
    const path = rig.writeFile('sample.csv', content);
    const inspected = await rig.payments.inspectFile({ fileId: rig.addFile(path) });
    expect(inspected).toMatchObject({ kind: 'csv', csv: { headings: [...CSV_COLUMNS], savedAs: null } });
    await expect(rig.importPath(path)).rejects.toMatchObject({ code: 'payments/mapping-missing' });
    if (!inspected.csv?.suggested) throw new Error('no mapping');
    const mapping = { ...inspected.csv.suggested, delimiter: ';', decimal: ',' } as const;
    const report = await rig.payments.importFile({
      fileId: rig.addFile(path),
      mapping,
      saveMappingAs: 'ERP export',
    });
    expect(
      (await issuesOf(report)).filter(
        (issue) => issue.code !== 'id/used-before' && issue.severity === 'error',
      ),
    ).toEqual([]);
    expect(report.source).toMatchObject({ kind: 'csv', format: 'csv', fileName: 'sample.csv' });
    const next = await rig.payments.inspectFile({ fileId: rig.addFile(path) });
    expect(next.csv).toMatchObject({ savedAs: 'ERP export', suggested: mapping, ambiguous: [] });
    await rig.payments.removeMapping('ERP export');
    expect(await rig.payments.mappings()).toEqual([]);
  });
});

describe('an import that is interrupted', () => {
  it('by a crash leaves nothing', async () => {
    const report = await rig.importPath(
      rig.writeFile('later.xml', samplePain001(sandbox.description, { messageId: 'LATER-1' })),
    );
    await rig.crash();
    await expect(create(report)).rejects.toMatchObject({ code: 'payments/import-unknown' });
  });

  it('by the treasurer leaves nothing', async () => {
    const path = rig.writeFile(
      'long.xml',
      samplePain001(sandbox.description, { messageId: 'LONG-1', count: 3000 }),
    );
    const running = rig.importPath(path);
    await rig.payments.cancelImport();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(rig.events.at(-1)).toMatchObject({ type: 'progress', isFinished: true });
  });
});

describe('10,000 lines', () => {
  it('are read, checked and made into a batch while the main thread stays free', async () => {
    const path = rig.writeFile(
      'large.xml',
      samplePain001(sandbox.description, { messageId: 'LARGE-1', count: 10_000 }),
    );
    let last = performance.now();
    let longest = 0;
    const beat = setInterval(() => {
      longest = Math.max(longest, performance.now() - last - 5);
      last = performance.now();
    }, 5);
    const start = performance.now();
    const report = await rig.importPath(path);
    const checked = performance.now();
    expect(report).toMatchObject({ count: 10_000, errorCount: 0 });
    const { batchId } = await create(report);
    const made = performance.now();
    clearInterval(beat);
    expect((await rig.payments.batch({ batchId })).count).toBe(10_000);
    console.log(
      `10,000 lines: read and checked in ${Math.round(checked - start)} ms, made in ${Math.round(made - checked)} ms, longest pause ${Math.round(longest)} ms`,
    );
  });
});

const REAL = join(CASES, 'iso20022/pain001/example_sepa_pain_001_v3.xml');
describe.skipIf(!existsSync(REAL))('a real bank’s file', () => {
  it('of parties that the directory does not know names each of them', async () => {
    const report = await rig.importPath(REAL);
    const codes = new Set((await issuesOf(report)).map((issue) => issue.code));
    expect(codes).toContain('debtor/agent-unknown');
    expect(codes).toContain('debtor/account-unknown');
    // The creditor's IBAN in this file has wrong check digits: that is told, and not that nobody has it.
    expect(codes).toContain('iban/check-digits');
    expect(codes).not.toContain('creditor/unknown');
    await expect(create(report)).rejects.toMatchObject({ code: 'payments/file-refused' });
  });
});
