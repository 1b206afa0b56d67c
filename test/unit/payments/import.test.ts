import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Issue, RawPayment } from '../../../src/shared/model/payment-file';
import type { ImportReport } from '../../../src/shared/model/payments';
import {
  addressOf,
  CNH,
  createWorld,
  EUR,
  type FakeFile,
  makeRaw,
  makeSupplier,
  makeToken,
  OWN_ADDRESS,
  OWN_IBAN,
  supplierIban,
  USD,
  type World,
} from './world';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const issuesOf = async (report: ImportReport) =>
  (
    await world.payments.importIssues({
      importId: report.importId,
      severity: 'all',
      search: '',
      sort: 'line',
      offset: 0,
      limit: 200,
    })
  ).issues;
const codesOf = async (report: ImportReport) => (await issuesOf(report)).map((issue) => issue.code);
const releaseAll = (report: ImportReport) =>
  report.holds.map(({ kind, paymentIndex }) => ({ kind, paymentIndex }));
const accept = async (file: FakeFile) => {
  const report = await world.importFile(file);
  return world.payments.createBatch({
    importId: report.importId,
    dropPaymentIndexes: [],
    releaseHolds: releaseAll(report),
  });
};
const account = (value: string, kind: RawPayment['creditorAccount']['kind'] = 'iban') => ({
  kind,
  value,
  schemeName: null,
  currency: null,
});

describe('a right file', () => {
  it('becomes a batch whose payments are exact in their tokens', async () => {
    const report = await world.importFile({
      payments: [
        makeRaw(0),
        makeRaw(1, { amount: { currency: 'JPY', text: '1200', units: 1200n, decimals: 0 } }),
      ],
    });
    expect(report).toMatchObject({ count: 2, errorCount: 0, warningCount: 0, isRefused: false });
    expect(report.sums).toEqual([
      { currency: 'EUR', count: 1, sum: { units: 10_000n, decimals: 2 } },
      { currency: 'JPY', count: 1, sum: { units: 1200n, decimals: 0 } },
    ]);
    const { batchId } = await world.payments.createBatch({
      importId: report.importId,
      dropPaymentIndexes: [],
      releaseHolds: releaseAll(report),
    });
    const batch = await world.payments.batch({ batchId });
    expect(batch).toMatchObject({ status: 'ACTC', count: 2, droppedLines: 0 });
    expect(batch.sums).toEqual([
      { currency: 'EUR', count: 1, sum: { units: 100n * 10n ** 18n, decimals: 18 } },
      { currency: 'JPY', count: 1, sum: { units: 1_200_000_000n, decimals: 6 } },
    ]);
    const { payments } = await world.payments.payments({
      batchId,
      search: '',
      status: null,
      stage: null,
      preflight: null,
      offset: 0,
      limit: 10,
    });
    expect(payments[0]).toMatchObject({
      index: 0,
      line: 10,
      status: 'ACTC',
      endToEndId: 'ORDER-0',
      tokenId: EUR.id,
      creditorName: 'Supplier 0',
      creditorAccount: supplierIban(0),
      creditorAddress: addressOf(100),
      debtorAddress: OWN_ADDRESS,
    });
    expect(payments[0]?.reference).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
    expect(payments[0]?.uetr).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('survives a restart; an import that was not made into a batch does not', async () => {
    const { batchId } = await accept({ payments: [makeRaw(0)] });
    const open = await world.importFile({ payments: [makeRaw(7)], sha256: '11'.repeat(32), messageId: 'M2' });
    world.restart();
    await world.payments.start();
    expect((await world.payments.batch({ batchId })).count).toBe(1);
    await expect(issuesOf(open)).rejects.toMatchObject({ code: 'payments/import-unknown' });
    expect(world.db().prepare('SELECT count(*) AS n FROM import_lines').get()).toEqual({ n: 0n });
  });

  it('takes BICs of eight and eleven characters as one, and CNY of a bank that has CNH only', async () => {
    const report = await world.importFile({
      payments: [
        makeRaw(0, {
          debtorAgent: { bic: 'CNBKHKHHXXX', memberId: null, name: null, lei: null },
          amount: { currency: 'CNY', text: '5.00', units: 500n, decimals: 2 },
        }),
      ],
    });
    expect(await codesOf(report)).toEqual([]);
    expect(report.holds.map((hold) => hold.kind)).toContain('cnh-class');
    const { batchId } = await world.payments.createBatch({
      importId: report.importId,
      dropPaymentIndexes: [],
      releaseHolds: releaseAll(report),
    });
    expect((await world.payments.batch({ batchId })).sums).toEqual([
      { currency: 'CNH', count: 1, sum: { units: 5_000_000n, decimals: 6 } },
    ]);
  });

  it('resolves creditors by checksummed address, CAIP-10 and an IBAN written as another id', async () => {
    const report = await world.importFile({
      payments: [
        makeRaw(0, { creditorAccount: account(addressOf(100), 'address') }),
        makeRaw(1, { creditorAccount: account(`eip155:31337:${addressOf(101)}`, 'caip10') }),
        makeRaw(2, { creditorAccount: account(supplierIban(2), 'other') }),
      ],
    });
    expect(await codesOf(report)).toEqual([]);
  });
});

const WRONG: readonly (readonly [string, string, Partial<RawPayment>])[] = [
  [
    'no token of the bank',
    'debtor/agent-unknown',
    { debtorAgent: { bic: 'NOBADEFF', memberId: null, name: null, lei: null } },
  ],
  [
    'an account that is not ours',
    'debtor/account-unknown',
    { debtor: { name: 'X', lei: null, account: account(supplierIban(77)) } },
  ],
  ['an unknown creditor', 'creditor/unknown', { creditorAccount: account(supplierIban(77)) }],
  [
    'a wrong checksum',
    'creditor/address-checksum',
    {
      creditorAccount: account(
        addressOf(100)
          .replace(/[a-f]/, (letter) => letter.toUpperCase())
          .toLowerCase(),
        'address',
      ),
    },
  ],
  [
    'the zero address',
    'creditor/zero-address',
    { creditorAccount: account(`0x${'0'.repeat(40)}`, 'address') },
  ],
  ['an own account as creditor', 'creditor/own-account', { creditorAccount: account(OWN_IBAN) }],
  [
    'a token contract as creditor',
    'creditor/token-contract',
    { creditorAccount: account(USD.address, 'address') },
  ],
  [
    'another network',
    'creditor/wrong-network',
    {
      debtorAgent: { bic: 'BANKDEFF', memberId: null, name: null, lei: null },
      debtor: { name: 'X', lei: null, account: account(`eip155:31337:${OWN_ADDRESS}`, 'caip10') },
      creditorAccount: account(`eip155:1:${addressOf(100)}`, 'caip10'),
    },
  ],
];

describe('a wrong line', () => {
  it.each(WRONG)('%s is named and never created', async (_words, code, change) => {
    const report = await world.importFile({ payments: [makeRaw(0), makeRaw(1, change)] });
    const issue = (await issuesOf(report)).find((candidate) => candidate.severity === 'error');
    expect(issue).toMatchObject({ code, line: 15, paymentIndex: 1 });
    expect(issue?.path.startsWith('PmtInf[1]/CdtTrfTxInf[2]')).toBe(true);
    expect(issue?.value).toBeTruthy();
    await expect(
      world.payments.createBatch({
        importId: report.importId,
        dropPaymentIndexes: [],
        releaseHolds: releaseAll(report),
      }),
    ).rejects.toMatchObject({ code: 'payments/file-refused' });
    const { batchId } = await world.payments.createBatch({
      importId: report.importId,
      dropPaymentIndexes: [1],
      releaseHolds: releaseAll(report),
    });
    expect(await world.payments.batch({ batchId })).toMatchObject({ count: 1, droppedLines: 1 });
  });

  it.each(['locked', 'changed', 'unprobed'] as const)('a token that is %s is named', async (state) => {
    world.directoryStore.putToken({ ...EUR, state }, false);
    const report = await world.importFile({ payments: [makeRaw(0)] });
    expect((await issuesOf(report))[0]).toMatchObject({ code: `token/${state}`, severity: 'error' });
  });

  it('two tokens of one bank and currency are ambiguous', async () => {
    world.directoryStore.putToken(makeToken(9, 'EUR', 2, 'BANKDEFF'), true);
    expect(await codesOf(await world.importFile({ payments: [makeRaw(0)] }))).toEqual([
      'debtor/token-ambiguous',
    ]);
  });

  it('a listed token that was never enabled does not compete with one that is', async () => {
    world.directoryStore.putToken(
      makeToken(9, 'EUR', 2, 'BANKDEFF', { state: 'unprobed', approved: null }),
      true,
    );
    expect(await codesOf(await world.importFile({ payments: [makeRaw(0)] }))).toEqual([]);
  });

  it('a bank whose codes contradict each other is none', async () => {
    world.directoryStore.putToken({ ...EUR, issuer: { ...EUR.issuer, memberId: '123' } }, false);
    const agent = { bic: 'BANKDEFF', memberId: '999', name: null, lei: null };
    expect(await codesOf(await world.importFile({ payments: [makeRaw(0, { debtorAgent: agent })] }))).toEqual(
      ['debtor/agent-unknown'],
    );
  });

  it('an amount with more decimals than the token is refused, never rounded', async () => {
    world.directoryStore.putToken({ ...EUR, decimals: 1 }, false);
    const amount = { currency: 'EUR', text: '1.25', units: 125n, decimals: 2 };
    const report = await world.importFile({ payments: [makeRaw(0, { amount })] });
    expect((await issuesOf(report))[0]).toMatchObject({ code: 'amount/token-decimals', value: '1.25' });
  });

  it('a creditor that the bank has not enrolled is an error, an unknown enrolment a warning', async () => {
    const [first, second] = [makeSupplier(0), makeSupplier(1)];
    const enrolments = [{ tokenId: EUR.id, state: 'not-enrolled' as const, asOf: '2026-11-01' }];
    world.directoryStore.putCounterparty(
      { ...first, accounts: first.accounts.map((entry) => ({ ...entry, enrolments })) },
      false,
    );
    world.directoryStore.putCounterparty(
      { ...second, accounts: second.accounts.map((entry) => ({ ...entry, enrolments: [] })) },
      false,
    );
    const report = await world.importFile({ payments: [makeRaw(0), makeRaw(1)] });
    expect((await issuesOf(report)).map(({ code, severity }) => [code, severity])).toEqual([
      ['creditor/not-enrolled', 'error'],
      ['creditor/enrolment-unknown', 'warning'],
    ]);
  });

  it('a payee in mainland China is refused for CNH tokens', async () => {
    world.directoryStore.putCounterparty(
      makeSupplier(0, { address: { ...makeSupplier(0).address, country: 'CN' } }),
      false,
    );
    const report = await world.importFile({
      payments: [
        makeRaw(0, {
          debtorAgent: { bic: 'CNBKHKHH', memberId: null, name: null, lei: null },
          amount: { currency: 'CNH', text: '5.00', units: 500n, decimals: 2 },
        }),
      ],
    });
    expect(await codesOf(report)).toEqual(['policy/cnh-mainland']);
    expect(CNH.state).toBe('active');
  });

  it('an unknown address that resembles a known one names the one it resembles', async () => {
    const known = addressOf(100);
    const { getAddress } = await import('viem');
    const twin = getAddress(
      `0x${known.slice(2, 8)}${'1'.repeat(28)}${known.slice(36)}`.toLowerCase() as `0x${string}`,
    );
    const report = await world.importFile({
      payments: [makeRaw(0, { creditorAccount: account(twin, 'address') })],
    });
    const [issue] = await issuesOf(report);
    expect(issue).toMatchObject({ code: 'creditor/look-alike', value: twin });
    expect(issue?.expected).toContain(known);
    expect(issue?.expected).toContain('Supplier 0');
  });

  it('findings of the reader count: on the line, and on the file as a whole', async () => {
    const onLine: Issue = {
      severity: 'error',
      code: 'iban/check-digits',
      line: 15,
      path: 'PmtInf[1]/CdtTrfTxInf[2]/CdtrAcct/Id/IBAN',
      element: 'IBAN',
      value: 'DE00',
      expected: null,
      paymentIndex: 1,
    };
    const report = await world.importFile({ payments: [makeRaw(0), makeRaw(1)], issues: [onLine] });
    expect(report.errorCount).toBe(1);
    const lines = await world.payments.importLines({ importId: report.importId, offset: 0, limit: 10 });
    expect(lines.lines.map((line) => line.hasError)).toEqual([false, true]);

    const onFile = { ...onLine, code: 'total/sum' as const, paymentIndex: null };
    const refused = await world.importFile({ payments: [makeRaw(0)], issues: [onFile] });
    expect(refused.isRefused).toBe(true);
    await expect(
      world.payments.createBatch({
        importId: refused.importId,
        dropPaymentIndexes: [0],
        releaseHolds: releaseAll(refused),
      }),
    ).rejects.toMatchObject({ code: 'payments/file-refused' });
  });

  it('a file that was not read to its end is refused', async () => {
    const report = await world.importFile({ payments: [makeRaw(0)], isComplete: false });
    expect(report.isRefused).toBe(true);
    expect(await codesOf(report)).toContain('file/incomplete');
  });

  it('a name far from the directory is a warning', async () => {
    const report = await world.importFile({
      payments: [
        makeRaw(0, { creditor: { name: 'Evil Holdings Ltd', lei: null, country: null, address: null } }),
      ],
    });
    expect(await issuesOf(report)).toMatchObject([
      {
        code: 'creditor/name-differs',
        severity: 'warning',
        value: 'Evil Holdings Ltd',
        expected: 'Supplier 0',
      },
    ]);
  });
});

describe('again', () => {
  it('holds the same file, message id and payments, and refuses used end-to-end ids', async () => {
    await accept({ payments: [makeRaw(0)] });
    const report = await world.importFile({ payments: [makeRaw(0)] });
    expect(report.holds.map((hold) => hold.kind).sort()).toEqual([
      'first-payment',
      'same-file',
      'same-message-id',
      'same-payment',
    ]);
    expect(await codesOf(report)).toEqual(['id/used-before']);
  });

  it('holds a payment with another id but the same creditor, token, amount and date', async () => {
    const { batchId } = await accept({ payments: [makeRaw(0)] });
    const report = await world.importFile({
      payments: [makeRaw(0, { endToEndId: 'OTHER' })],
      sha256: '22'.repeat(32),
      messageId: 'MSG-2',
    });
    const same = report.holds.find((hold) => hold.kind === 'same-payment');
    expect(same).toMatchObject({ paymentIndex: 0, otherBatchId: batchId });
    await expect(
      world.payments.createBatch({
        importId: report.importId,
        dropPaymentIndexes: [],
        releaseHolds: releaseAll(report).filter((hold) => hold.kind !== 'same-payment'),
      }),
    ).rejects.toMatchObject({ code: 'payments/held', details: { kind: 'same-payment' } });
  });

  it('holds the same payment twice in one file', async () => {
    const report = await world.importFile({ payments: [makeRaw(0), makeRaw(5)] });
    expect(report.holds.filter((hold) => hold.kind === 'same-payment')).toMatchObject([
      { paymentIndex: 1 + 4 },
    ]);
  });

  it('lets the corrected file use the id of a payment that was rejected before anything was signed', async () => {
    const { batchId } = await accept({ payments: [makeRaw(0)] });
    await world.payments.rejectBatch({ batchId });
    const report = await world.importFile({
      payments: [makeRaw(0)],
      sha256: '33'.repeat(32),
      messageId: 'M3',
    });
    expect(await issuesOf(report)).toMatchObject([{ code: 'id/rejected-before', severity: 'warning' }]);
    expect(report.holds.map((hold) => hold.kind)).toEqual(['first-payment']);
  });

  it('a check that is overtaken by another batch or a change of the directory must be repeated', async () => {
    const first = await world.importFile({ payments: [makeRaw(0)] });
    const second = await world.importFile({ payments: [makeRaw(0)] });
    const make = (report: ImportReport) =>
      world.payments.createBatch({
        importId: report.importId,
        dropPaymentIndexes: [],
        releaseHolds: releaseAll(report),
      });
    await make(first);
    await expect(make(second)).rejects.toMatchObject({ code: 'payments/import-expired' });
    const third = await world.importFile({
      payments: [makeRaw(9)],
      sha256: '44'.repeat(32),
      messageId: 'M4',
    });
    world.directoryStore.putToken({ ...EUR, state: 'changed' }, false);
    await expect(make(third)).rejects.toMatchObject({ code: 'payments/import-expired' });
  });

  it('keeps a first-payment hold while another line pays the same account', async () => {
    const report = await world.importFile({
      payments: [
        makeRaw(0),
        makeRaw(5, { amount: { currency: 'EUR', text: '1.00', units: 100n, decimals: 2 } }),
      ],
    });
    expect(report.holds).toMatchObject([{ kind: 'first-payment', paymentIndex: 0 }]);
    const make = (releaseHolds: { kind: 'first-payment'; paymentIndex: number }[]) =>
      world.payments.createBatch({ importId: report.importId, dropPaymentIndexes: [0], releaseHolds });
    await expect(make([])).rejects.toMatchObject({ code: 'payments/held' });
    await make([{ kind: 'first-payment', paymentIndex: 0 }]);
  });

  it('puts holds together when there are more than can be listed', async () => {
    const suppliers = Array.from({ length: 1200 }, (_, index) => makeSupplier(1000 + index));
    world.directoryStore.merge({ networks: [], tokens: [], accounts: [], counterparties: suppliers });
    const report = await world.importFile({
      payments: suppliers.map((supplier, index) =>
        makeRaw(index, {
          creditor: { name: supplier.name, lei: null, country: null, address: null },
          creditorAccount: account(supplierIban(1000 + index)),
        }),
      ),
    });
    expect(report.holds).toMatchObject([{ kind: 'first-payment', paymentIndex: null, text: '1200' }]);
  });
});

describe('cancelling', () => {
  it('leaves nothing', async () => {
    const payments = Array.from({ length: 600 }, (_, index) => makeRaw(index));
    const running = world.importFile({ payments });
    await expect(world.importFile({ payments: [makeRaw(0)] })).rejects.toMatchObject({ code: 'busy' });
    await world.payments.cancelImport();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    for (const table of ['imports', 'import_lines', 'import_issues', 'batches', 'payments'])
      expect(world.db().prepare(`SELECT count(*) AS n FROM ${table}`).get()).toEqual({ n: 0n });
    expect(world.events.at(-1)).toMatchObject({ type: 'progress', task: 'import', isFinished: true });
  });
});
