import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PaymentDraft } from '../../../src/main/ledger/stores/payments-store';
import { IsoDate, PaymentId } from '../../../src/shared/model/ids';
import type { ImportReport, Payment } from '../../../src/shared/model/payments';
import {
  addressOf,
  CNH,
  createWorld,
  EUR,
  type FakeFile,
  JPY,
  makeRaw,
  makeSupplier,
  OWN_ACCOUNT_ID,
  supplierIban,
  type World,
} from './world';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const releaseAll = (report: ImportReport) =>
  report.holds.map(({ kind, paymentIndex }) => ({ kind, paymentIndex }));
const accept = async (file: FakeFile, dropPaymentIndexes: number[] = []) => {
  const report = await world.importFile(file);
  return world.payments.createBatch({
    importId: report.importId,
    dropPaymentIndexes,
    releaseHolds: releaseAll(report),
  });
};
const pageOf = (change: Partial<Parameters<World['payments']['payments']>[0]> = {}) =>
  world.payments.payments({
    batchId: null,
    search: '',
    status: null,
    stage: null,
    preflight: null,
    offset: 0,
    limit: 200,
    ...change,
  });

describe('random files', () => {
  it('create exactly the right lines: their sum is the batch’s sum, a wrong line is never among them', async () => {
    let file = 0;
    const line = fc.record({
      currency: fc.constantFrom('EUR', 'JPY', 'USD', 'GBP'),
      units: fc.bigInt({ min: 1n, max: 10n ** 17n }),
      supplier: fc.integer({ min: 0, max: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 25 }), async (lines) => {
        file++;
        const payments = lines.map(({ currency, units, supplier }, index) => {
          const decimals = currency === 'JPY' ? 0 : 2;
          return makeRaw(index, {
            endToEndId: `F${file}-${index}`,
            debtorAgent: {
              bic: currency === 'USD' ? 'USBKUS33XXX' : 'BANKDEFFXXX',
              memberId: null,
              name: null,
              lei: null,
            },
            amount: { currency, text: '', units, decimals },
            creditorAccount: {
              kind: 'iban',
              value: supplierIban(supplier),
              schemeName: null,
              currency: null,
            },
          });
        });
        // Suppliers 5 and 6 and pounds are unknown to this directory.
        const isRight = (index: number) =>
          (lines[index]?.supplier ?? 9) < 5 && lines[index]?.currency !== 'GBP';
        const report = await world.importFile({
          payments,
          sha256: file.toString(16).padStart(64, '0'),
          messageId: `M${file}`,
        });
        const staged = await world.payments.importLines({ importId: report.importId, offset: 0, limit: 100 });
        expect(staged.lines.map((entry) => !entry.hasError)).toEqual(lines.map((_, index) => isRight(index)));
        const drop = lines.map((_, index) => index).filter((index) => !isRight(index));
        const creating = world.payments.createBatch({
          importId: report.importId,
          dropPaymentIndexes: drop,
          releaseHolds: releaseAll(report),
        });
        if (drop.length === lines.length) {
          await expect(creating).rejects.toMatchObject({ code: 'payments/nothing-to-create' });
          return;
        }
        const { batchId } = await creating;
        const { payments: created } = await pageOf({ batchId });
        expect(created.map((payment) => payment.endToEndId)).toEqual(
          payments.filter((_, index) => isRight(index)).map((payment) => payment.endToEndId),
        );
        const batch = await world.payments.batch({ batchId });
        const scale: Record<string, bigint> = { EUR: 10n ** 16n, JPY: 10n ** 6n, USD: 1n };
        for (const [currency, factor] of Object.entries(scale)) {
          const expected = lines.reduce(
            (sum, entry, index) =>
              sum + (isRight(index) && entry.currency === currency ? entry.units * factor : 0n),
            0n,
          );
          expect(batch.sums.find((sum) => sum.currency === currency)?.sum.units ?? 0n).toBe(expected);
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('sums', () => {
  it('are exact at the size of uint256', async () => {
    const report = await world.importFile({ payments: [makeRaw(0), makeRaw(1)] });
    const { batchId } = await world.payments.createBatch({
      importId: report.importId,
      dropPaymentIndexes: [],
      releaseHolds: releaseAll(report),
    });
    const max = 2n ** 256n - 1n;
    world.db().prepare('UPDATE payments SET units = ?').run(max.toString());
    expect((await world.payments.batch({ batchId })).sums).toEqual([
      { currency: 'EUR', count: 2, sum: { units: 2n * max, decimals: 18 } },
    ]);
  });
});

describe('lists', () => {
  it('page, search and filter', async () => {
    const payments = Array.from({ length: 45 }, (_, index) => makeRaw(index));
    const { batchId } = await accept({ payments });
    await accept({ payments: [makeRaw(99)], sha256: '55'.repeat(32), messageId: 'ZWEITE-ÜBER' });
    const first = await pageOf({ batchId, limit: 20 });
    const last = await pageOf({ batchId, limit: 20, offset: 40 });
    expect([first.total, first.payments.length, last.payments.length]).toEqual([45, 20, 5]);
    expect(first.payments.map((payment) => payment.index)).toEqual(
      Array.from({ length: 20 }, (_, index) => index),
    );
    expect((await pageOf({ search: 'order-44' })).payments.map((payment) => payment.endToEndId)).toEqual([
      'ORDER-44',
    ]);
    expect((await pageOf({ search: addressOf(103).toUpperCase() })).total).toBe(9);
    expect((await pageOf({ search: '%' })).total).toBe(0);
    expect((await pageOf({ status: 'RJCT' })).total).toBe(0);
    const batches = await world.payments.batches({ search: '', offset: 0, limit: 1 });
    expect([batches.total, batches.batches.length]).toEqual([2, 1]);
    const found = await world.payments.batches({ search: 'zweite-über', offset: 0, limit: 10 });
    expect(found.batches.map((batch) => batch.source.messageId)).toEqual(['ZWEITE-ÜBER']);
    await expect(pageOf({ batchId: 'bat_0000000000' as never })).rejects.toMatchObject({
      code: 'payments/batch-unknown',
    });
  });
});

describe('taking out', () => {
  it('rejects single payments, keeps the rest, and never touches what is signed', async () => {
    const { batchId } = await accept({ payments: [makeRaw(0), makeRaw(1), makeRaw(2)] });
    const { payments } = await pageOf({ batchId });
    const ids = payments.map((payment) => payment.id) as [Payment['id'], Payment['id'], Payment['id']];
    const batch = await world.payments.drop({ batchId, paymentIds: [ids[1]], allRefused: false });
    expect(batch).toMatchObject({ status: 'PART', count: 3, byStatus: { ACTC: 2, RJCT: 1 } });
    expect((await world.payments.payment({ paymentId: ids[1] })).reason).toEqual({
      code: 'CUST',
      text: null,
    });
    await expect(
      world.payments.drop({ batchId, paymentIds: [ids[0], ids[1]], allRefused: false }),
    ).rejects.toMatchObject({ code: 'payments/wrong-state' });
    expect((await world.payments.payment({ paymentId: ids[0] })).status).toBe('ACTC');
    await world.paymentsStore.transition({
      batchId,
      paymentIds: [ids[0]],
      event: 'submit',
      reason: null,
      at: '2026-11-23T10:00:00Z',
    });
    await world.paymentsStore.transition({
      batchId,
      paymentIds: [ids[0]],
      event: 'approve',
      reason: null,
      at: '2026-11-23T10:00:00Z',
    });
    await expect(world.payments.rejectBatch({ batchId })).rejects.toMatchObject({
      code: 'payments/wrong-state',
    });
    expect((await world.payments.batch({ batchId })).byStatus).toEqual({ ACTC: 1, ACCP: 1, RJCT: 1 });
    await expect(
      world.payments.drop({ batchId, paymentIds: [PaymentId.parse('pay_0000000000')], allRefused: false }),
    ).rejects.toMatchObject({ code: 'payments/payment-unknown' });
  });

  it('gives refused payments the reason of their refusal', async () => {
    const { batchId } = await accept({ payments: [makeRaw(0), makeRaw(1)] });
    const { payments } = await pageOf({ batchId });
    const id = payments[0]?.id ?? '';
    const verdict = {
      state: 'refused',
      checkedAt: '2026-11-23T10:00:00Z',
      blockNumber: 5n,
      checks: [],
      refusal: { kind: 'account-blocked', text: 'Blacklistable: account is blacklisted', data: null },
      gas: null,
    };
    world
      .db()
      .prepare("UPDATE payments SET preflight_state = 'refused', preflight = ? WHERE id = ?")
      .run(JSON.stringify({ ...verdict, blockNumber: null }), id);
    const batch = await world.payments.drop({ batchId, paymentIds: [], allRefused: true });
    expect(batch.byStatus).toEqual({ ACTC: 1, RJCT: 1 });
    expect((await world.payments.payment({ paymentId: PaymentId.parse(id) })).reason).toEqual({
      code: 'AC06',
      text: 'Blacklistable: account is blacklisted',
    });
  });
});

describe('a payment by form', () => {
  const form = {
    debtorAccountId: OWN_ACCOUNT_ID,
    tokenId: EUR.id,
    counterpartyId: makeSupplier(0).id,
    creditorAddress: addressOf(100) as string,
    amount: '12.50',
    endToEndId: 'FORM-1',
    requestedDate: IsoDate.parse('2026-11-23'),
    purposeCode: null,
    remittance: 'INV 7',
    releaseHolds: ['first-payment' as const],
  };
  const codesFor = async (change: Partial<typeof form>) => {
    const outcome = await world.payments.createSingle({ ...form, ...change });
    return outcome.outcome === 'refused' ? outcome.issues.map((issue) => issue.code) : ['created'];
  };

  it('becomes a batch of one, and leaves nothing when refused', async () => {
    const held = await world.payments.createSingle({ ...form, releaseHolds: [] });
    expect(held).toMatchObject({ outcome: 'refused', issues: [], holds: [{ kind: 'first-payment' }] });
    expect(world.db().prepare('SELECT count(*) AS n FROM imports').get()).toEqual({ n: 0n });
    const made = await world.payments.createSingle(form);
    if (made.outcome !== 'created') throw new Error('refused');
    const { payments } = await pageOf({ batchId: made.batchId });
    expect(payments).toMatchObject([
      {
        units: 125n * 10n ** 17n,
        line: null,
        remittance: 'INV 7',
        creditorName: 'Supplier 0',
        status: 'ACTC',
      },
    ]);
    expect(await codesFor({})).toEqual(['id/used-before']);
  });

  it.each([
    ['amount/format', { amount: '1,250.00' }],
    ['amount/format', { amount: '-5' }],
    ['amount/not-exact', { amount: '1.234' }],
    ['amount/not-exact', { tokenId: JPY.id, amount: '1.5' }],
    ['amount/not-positive', { amount: '0.00' }],
    ['id/missing', { endToEndId: ' ' }],
    ['value/format', { endToEndId: 'a\u202eb' }],
    ['date/invalid', { requestedDate: '2026-02-30' }],
    ['date/past', { requestedDate: '2026-11-22' }],
    ['charset/control', { remittance: 'a\u0000b' }],
    ['creditor/address-checksum', { creditorAddress: addressOf(101) as string }],
    ['creditor/address-checksum', { creditorAddress: (addressOf(100) as string).toLowerCase() }],
    ['line/incomplete', { debtorAccountId: 'acc_9999999999' as never }],
  ])('%s', async (code, change) => {
    const codes = await codesFor(change as Partial<typeof form>);
    expect(codes).not.toContain('created');
    if (code !== 'line/incomplete') expect(codes).toContain(code);
    else expect(codes).toContain('debtor/account-unknown');
  });

  it('asks for the CNH class by name', async () => {
    const outcome = await world.payments.createSingle({ ...form, tokenId: CNH.id });
    expect(outcome).toMatchObject({
      outcome: 'refused',
      holds: [{ kind: 'cnh-class' }, { kind: 'first-payment' }],
    });
  });
});

describe('exports', () => {
  it('neutralise formulas and answer for lines that were left out', async () => {
    const evil = '=HYPERLINK("http://x")';
    world.directoryStore.putCounterparty(makeSupplier(0, { name: evil }), false);
    const { batchId } = await accept(
      {
        payments: [
          makeRaw(0, { creditor: { name: evil, lei: null, country: null, address: null } }),
          makeRaw(1),
        ],
      },
      [1],
    );
    await world.payments.exportCsv({ batchId });
    await world.payments.exportStatus({ batchId });
    const [csv, xml] = world.saved;
    expect(csv?.name).toBe('payments-MSG-1.csv');
    expect(csv?.text).toContain(`"'=HYPERLINK(""http://x"")"`);
    expect(csv?.text).toContain(',100.00,');
    expect(xml?.name).toBe('pain.002-MSG-1.xml');
    expect(xml?.text).toContain('<OrgnlMsgId>MSG-1</OrgnlMsgId>');
    expect(xml?.text).toContain('<OrgnlEndToEndId>ORDER-1</OrgnlEndToEndId>');
    expect(xml?.text).toContain('line 15 of the file was left out by the customer');
  });

  it('write every finding of an import', async () => {
    const report = await world.importFile({
      payments: Array.from({ length: 700 }, (_, index) =>
        makeRaw(index, {
          creditorAccount: { kind: 'other', value: `=X${index}`, schemeName: null, currency: null },
        }),
      ),
    });
    await world.payments.exportIssues({ importId: report.importId });
    const rows = world.saved[0]?.text.trim().split('\r\n') ?? [];
    expect(rows).toHaveLength(701);
    expect(rows[1]).toContain("'=X0");
  });
});

describe('speed', () => {
  it('checks 10,000 lines and makes the batch without holding the main thread', async () => {
    const payments = Array.from({ length: 10_000 }, (_, index) => makeRaw(index));
    const start = performance.now();
    const report = await world.importFile({ payments });
    const checked = performance.now();
    const { batchId } = await world.payments.createBatch({
      importId: report.importId,
      dropPaymentIndexes: [],
      releaseHolds: releaseAll(report),
    });
    const made = performance.now();
    expect((await world.payments.batch({ batchId })).count).toBe(10_000);
    const summed = performance.now();
    console.log(
      `10,000 lines: checked in ${Math.round(checked - start)} ms, made in ${Math.round(made - checked)} ms, summed in ${Math.round(summed - made)} ms`,
    );
  }, 60_000);
});

describe('the gate', () => {
  it('writes nothing when any part of it fails', async () => {
    const report = await world.importFile({ payments: [makeRaw(0), makeRaw(1)] });
    const row = world
      .db()
      .prepare('SELECT draft FROM import_lines WHERE position = 1')
      .get<{ draft: string }>();
    const first = world
      .db()
      .prepare('SELECT draft FROM import_lines WHERE position = 0')
      .get<{ draft: string }>();
    const draft = JSON.parse(row?.draft ?? '{}') as PaymentDraft;
    const { reference } = JSON.parse(first?.draft ?? '{}') as PaymentDraft;
    world
      .db()
      .prepare('UPDATE import_lines SET draft = ? WHERE position = 1')
      .run(JSON.stringify({ ...draft, reference }));
    await expect(
      world.payments.createBatch({
        importId: report.importId,
        dropPaymentIndexes: [],
        releaseHolds: releaseAll(report),
      }),
    ).rejects.toThrow();
    for (const table of ['batches', 'payments'])
      expect(world.db().prepare(`SELECT count(*) AS n FROM ${table}`).get()).toEqual({ n: 0n });
  });
});
