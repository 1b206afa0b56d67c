/**
 * The import, batches and single payments of the made-up treasury. File ids choose the story: `fil_000000wrong` is a
 * file with errors, `fil_00000refuse` one that is refused as a whole, `fil_0000000csv` a CSV file; any other is right.
 */
import type { AppEvent, MainHandlers } from '../../../src/shared/contract';
import { AppError } from '../../../src/shared/errors';
import type { BatchId, ImportId } from '../../../src/shared/model/ids';
import type { Batch, Hold, ImportIssue, ImportReport } from '../../../src/shared/model/payments';
import * as data from './data';

export type PaymentScenario = {
  /** Which import the fake finished last; decides issues and lines. */
  readonly errors?: Readonly<Record<string, string>>;
  /** Refuses a single payment: with findings or with holds. */
  readonly single?: 'issues' | 'holds';
  /** The checked batch has nothing refused and nothing open. */
  readonly isReady?: boolean;
  /** Whether a policy is in force here: then batches go the way of envelopes. */
  readonly people?: 'policy' | 'settled' | 'first' | 'none';
};

type Story = 'right' | 'wrong' | 'refused' | 'csv';
const COUNT = 24;
const WRONG = [3, 7, 8, 15];
const IDS: Readonly<Record<Story, ImportId>> = {
  right: 'imp_0000000right' as ImportId,
  wrong: 'imp_0000000wrong' as ImportId,
  refused: 'imp_000000refused' as ImportId,
  csv: 'imp_000000000csv' as ImportId,
};

const storyOf = (fileId: string): Story =>
  fileId.includes('wrong')
    ? 'wrong'
    : fileId.includes('refuse')
      ? 'refused'
      : fileId.includes('csv')
        ? 'csv'
        : 'right';
const storyOfImport = (importId: string): Story =>
  (Object.keys(IDS) as Story[]).find((story) => IDS[story] === importId) ?? 'right';

const own = data.payments.filter((payment) => payment.batchId === data.batches[1]?.id);

const lineOf = (index: number, story: Story) => {
  const payment = own[index] as (typeof own)[number];
  const cents = payment.units / 10n ** BigInt(payment.decimals - 2);
  const isWrong = story === 'wrong' && WRONG.includes(index);
  return {
    paymentIndex: index,
    line: 42 + index * 31,
    endToEndId: isWrong && index === 7 ? '' : payment.endToEndId,
    creditorName: payment.creditorName,
    creditorAccount: payment.creditorAccount,
    amountText:
      isWrong && index === 3 ? '1,250.00' : `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`,
    currency: payment.currency,
    hasError: isWrong,
  };
};

const issue = (
  paymentIndex: number | null,
  code: string,
  element: string,
  value: string | null,
  expected: string | null,
  severity: 'error' | 'warning' = 'error',
): ImportIssue => ({
  severity,
  code,
  line: paymentIndex === null ? 4 : 42 + paymentIndex * 31 + 6,
  path: paymentIndex === null ? `GrpHdr/${element}` : `PmtInf[1]/CdtTrfTxInf[${paymentIndex + 1}]/${element}`,
  element,
  value,
  expected,
  paymentIndex,
});

const ISSUES: Readonly<Record<Story, readonly ImportIssue[]>> = {
  right: [
    issue(
      11,
      'creditor/name-differs',
      'Nm',
      'Lotus Textiles',
      'Lotus Textile Mills (Private) Limited',
      'warning',
    ),
  ],
  wrong: [
    issue(3, 'amount/format', 'InstdAmt', '1,250.00', 'digits with at most 2 decimals after a point'),
    issue(7, 'id/missing', 'EndToEndId', null, 'an id that is unique'),
    issue(8, 'iban/check-digits', 'IBAN', 'DE00999999999999999999', 'check digits 32'),
    issue(
      8,
      'creditor/unknown',
      'CdtrAcct',
      'DE00999999999999999999',
      'an account of a counterparty in the directory',
    ),
    issue(
      11,
      'charset/outside',
      'Ustrd',
      'Invoice \\u{1f4b6} 17',
      "letters, digits and /-?:().,'+",
      'warning',
    ),
    issue(15, 'amount/not-exact', 'InstdAmt', '1250.005', 'at most 2 decimals'),
  ],
  refused: [
    issue(null, 'total/sum', 'CtrlSum', '812400.10', '812450.10'),
    issue(null, 'total/count', 'NbOfTxs', '25', '24'),
  ],
  csv: [],
};

const holdsOf = (story: Story): Hold[] => {
  const base = { otherBatchId: null, otherPaymentId: null, text: null };
  const first = [2, 5, 9].map((index): Hold => {
    const payment = own[index] as (typeof own)[number];
    return {
      ...base,
      kind: 'first-payment',
      paymentIndex: index,
      text: `${payment.creditorName} · ${payment.creditorAddress}`,
    };
  });
  if (story === 'csv') return [];
  return [
    {
      ...base,
      kind: 'same-payment',
      paymentIndex: 4,
      otherBatchId: data.batches[2]?.id ?? null,
      otherPaymentId: data.payments.find(({ batchId }) => batchId === data.batches[2]?.id)?.id ?? null,
      text: `${own[4]?.endToEndId} · ${own[4]?.creditorName}`,
    },
    {
      ...base,
      kind: 'look-alike-address',
      paymentIndex: 6,
      text: `${own[6]?.creditorAddress} · ${own[12]?.creditorAddress} ${own[12]?.creditorName}`,
    },
    ...first,
  ];
};

const reportOf = (story: Story): ImportReport => {
  const issues = ISSUES[story];
  const errorCount = issues.filter(({ severity }) => severity === 'error').length;
  return {
    importId: IDS[story],
    source: {
      kind: story === 'csv' ? 'csv' : 'pain.001',
      format: story === 'csv' ? 'csv' : 'pain.001.001.09',
      fileName: story === 'csv' ? 'payrun.csv' : 'payrun-2026-11-23.xml',
      sha256: (data.batches[1] as Batch).source.sha256,
      sizeBytes: 48_120,
      messageId: story === 'csv' ? null : 'PAYRUN-2026-11-23',
    },
    count: COUNT,
    sums: (data.batches[1] as Batch).sums,
    errorCount,
    warningCount: issues.length - errorCount,
    moreIssues: 0,
    isRefused: story === 'refused',
    holds: holdsOf(story),
  };
};

const CSV = {
  headings: [
    'Payment ID',
    'Amount',
    'Currency',
    'Due date',
    'Payer account',
    'Payer BIC',
    'Supplier name',
    'Supplier account',
    'Reference',
  ],
  sample: [
    [
      'PR-4001',
      '12.500,00',
      'EUR',
      '03/04/2027',
      'DE02120300000000202051',
      'SBXSFRX0',
      'Lotus Textile Mills',
      'DE89370400440532013000',
      'Invoice 4001',
    ],
    [
      'PR-4002',
      '840,75',
      'EUR',
      '03/04/2027',
      'DE02120300000000202051',
      'SBXSFRX0',
      'Hanse Components GmbH',
      'DE12500105170648489890',
      'Invoice 4002',
    ],
    [
      'PR-4003',
      '96.120,10',
      'EUR',
      '04/04/2027',
      'DE02120300000000202051',
      'SBXSFRX0',
      'Porto Cork S.A.',
      'PT50000201231234567890154',
      'Invoice 4003',
    ],
  ],
  suggested: {
    delimiter: ';' as const,
    decimal: ',' as const,
    dateFormat: 'DD/MM/YYYY' as const,
    columns: {
      endToEndId: 'Payment ID',
      amount: 'Amount',
      currency: 'Currency',
      debtorAccount: 'Payer account',
      debtorAgentBic: 'Payer BIC',
      creditorName: 'Supplier name',
      creditorAccount: 'Supplier account',
      remittance: 'Reference',
    },
  },
  savedAs: null,
  ambiguous: ['dateFormat', 'requestedDate'],
};

export const paymentHandlers = (
  scenario: PaymentScenario,
  emit: (event: AppEvent) => void,
): Partial<MainHandlers> => {
  const batchOf = (batchId: BatchId): Batch => {
    const found = data.batches.find((batch) => batch.id === batchId);
    if (!found) throw new AppError('payments/batch-unknown');
    return found;
  };
  const hasPolicy = ['policy', 'settled'].includes(scenario.people ?? 'policy');
  const replacement = hasPolicy ? data.hash(901) : null;
  return {
    ...(scenario.isReady
      ? {
          'payments.batch': async ({ batchId }: { batchId: BatchId }) => {
            const batch = batchOf(batchId);
            return { ...batch, preflight: { ok: batch.count, refused: 0, unknown: 0, missing: 0 } };
          },
        }
      : {}),
    'payments.inspectFile': async ({ fileId }) => {
      const story = storyOf(fileId);
      return {
        kind: story === 'csv' ? 'csv' : 'pain.001',
        name: story === 'csv' ? 'payrun.csv' : 'payrun-2026-11-23.xml',
        sizeBytes: 48_120,
        csv: story === 'csv' ? CSV : null,
      };
    },
    'payments.importFile': async ({ fileId }) => reportOf(storyOf(fileId)),
    'payments.cancelImport': async () => ({}),
    'payments.importIssues': async ({ importId, severity, search, sort, offset, limit }) => {
      const issues = ISSUES[storyOfImport(importId)]
        .filter((each) => severity === 'all' || each.severity === severity)
        .filter((each) => JSON.stringify(each).toLowerCase().includes(search.toLowerCase()))
        .sort((a, b) => (sort === 'line' ? a.line - b.line : a[sort].localeCompare(b[sort])));
      return { total: issues.length, issues: issues.slice(offset, offset + limit) };
    },
    'payments.importLines': async ({ importId, offset, limit }) => {
      const lines = Array.from({ length: COUNT }, (_, index) => lineOf(index, storyOfImport(importId)));
      return { total: COUNT, lines: lines.slice(offset, offset + limit) };
    },
    'payments.exportIssues': async () => ({ saved: 'problems.csv' }),
    'payments.discardImport': async () => ({}),
    'payments.createBatch': async () => ({ batchId: (data.batches[4] as Batch).id }),
    'payments.createSingle': async ({ releaseHolds }) => {
      if (scenario.single === 'issues')
        return {
          outcome: 'refused',
          issues: [
            {
              ...issue(0, 'id/used-before', 'EndToEndId', 'PAY-1', 'an id that no other payment has'),
              line: 0,
            },
            { ...issue(0, 'creditor/not-enrolled', 'CdtrAcct', null, null), line: 0 },
          ],
          holds: [],
        };
      if (scenario.single === 'holds' && releaseHolds.length === 0)
        return { outcome: 'refused', issues: [], holds: holdsOf('right').slice(2, 3) };
      return { outcome: 'created', batchId: (data.batches[4] as Batch).id };
    },
    'payments.mappings': async () => ({ mappings: [{ name: 'ERP weekly run', mapping: CSV.suggested }] }),
    'payments.removeMapping': async () => ({}),
    'payments.preflight': async ({ batchId }) => {
      emit({
        type: 'progress',
        task: 'preflight',
        batchId,
        done: 14,
        total: 32,
        startedAt: data.instant(0.05),
        isFinished: false,
      });
      return new Promise(() => {});
    },
    'payments.cancelPreflight': async () => ({}),
    'payments.drop': async ({ batchId }) => batchOf(batchId),
    'payments.rejectBatch': async ({ batchId }) => batchOf(batchId),
    'payments.requestApproval': async () => ({}),
    'payments.exportStatus': async () => ({ saved: 'pain.002.xml' }),
    'payments.exportCsv': async () => ({ saved: 'batch.csv' }),
    'settlement.speedUp': async () => ({ envelope: replacement }),
    'settlement.cancel': async () => ({ envelope: replacement }),
    'settlement.resend': async () => ({}),
  };
};
