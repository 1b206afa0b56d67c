import { describe, expect, it } from 'vitest';
import type { Hold } from '../../../src/shared/model/payments';
import { addressOf, createWorld, EUR, makeRaw } from './world';

/** The same way through both database drivers: what ships, and what the test runtime uses. */
describe.each(['better-sqlite3-multiple-ciphers', 'libsql'] as const)('on %s', (driver) => {
  it('a file becomes a batch, is held when it comes again, and is listed, searched and taken out', async () => {
    const world = await createWorld(driver);
    try {
      const payments = Array.from({ length: 12 }, (_, index) => makeRaw(index));
      const wrong = makeRaw(12, {
        creditorAccount: { kind: 'other', value: 'nobody', schemeName: null, currency: null },
      });
      const report = await world.importFile({ payments: [...payments, wrong] });
      const query = { importId: report.importId, search: 'nobody', offset: 0, limit: 10 };
      const found = await world.payments.importIssues({ ...query, severity: 'error', sort: 'code' });
      expect(found).toMatchObject({ total: 1, issues: [{ code: 'creditor/unknown' }] });
      const lines = await world.payments.importLines({ importId: report.importId, offset: 10, limit: 10 });
      expect(lines.lines.map((line) => line.hasError)).toEqual([false, false, true]);
      const release = (holds: readonly Hold[]) =>
        holds.map(({ kind, paymentIndex }) => ({ kind, paymentIndex }));
      const make = (drop: number[]) =>
        world.payments.createBatch({
          importId: report.importId,
          dropPaymentIndexes: drop,
          releaseHolds: release(report.holds),
        });
      await expect(make([])).rejects.toMatchObject({ code: 'payments/file-refused' });
      const { batchId } = await make([12]);
      const batch = await world.payments.batch({ batchId });
      expect(batch).toMatchObject({ count: 12, droppedLines: 1, status: 'ACTC' });
      expect(batch.sums).toEqual([
        { currency: 'EUR', count: 12, sum: { units: 12n * 10_000n * 10n ** 16n, decimals: 18 } },
      ]);
      const listed = await world.payments.payments({
        batchId,
        search: addressOf(101),
        status: 'ACTC',
        stage: null,
        preflight: null,
        offset: 0,
        limit: 2,
      });
      expect([listed.total, listed.payments.length]).toEqual([3, 2]);
      expect(listed.payments[0]?.tokenId).toBe(EUR.id);
      expect((await world.payments.batches({ search: 'msg-1', offset: 0, limit: 5 })).total).toBe(1);
      const again = await world.importFile({ payments });
      expect(new Set(again.holds.map((hold) => hold.kind))).toEqual(
        new Set(['same-file', 'same-message-id', 'same-payment', 'first-payment']),
      );
      world.restart();
      expect((await world.payments.rejectBatch({ batchId })).status).toBe('RJCT');
      const exported = await world.payments.exportStatus({ batchId });
      expect(exported.saved).toBe('pain.002-MSG-1.xml');
    } finally {
      world.close();
    }
  });
});
