import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { IssueCode } from '../../../src/shared/model/payment-file';
import { compareDecimals, type Decimal } from '../../../src/shared/money';
import { readPain001 } from './read-text';

const CASES = join(__dirname, '../../../../shared/cases/iso20022');
const has = existsSync(CASES);

type Expectation = {
  readonly count: number;
  readonly sums: Readonly<Record<string, Decimal>>;
  /** The reasons for which the file is refused; none: it is right. */
  readonly errors: readonly (readonly [code: IssueCode, line: number, value: string | null])[];
};
const money = (units: bigint, decimals = 2): Decimal => ({ units, decimals });

const EXPECTED: Readonly<Record<string, Expectation>> = {
  'International_payment_USD_naujas_1.xml': {
    count: 1,
    sums: { USD: money(11111n) },
    errors: [['iban/check-digits', 29, 'LT007180000000000000']],
  },
  'cbpr_2025_pain.001.max.xml': {
    count: 1,
    sums: { EUR: money(100000n) },
    errors: [
      ['payment/method-unsupported', 407, 'CHK'],
      ['payment/cheque-unsupported', 702, null],
    ],
  },
  'cbpr_2025_pain.001.min.xml': {
    count: 1,
    sums: { EUR: money(100000n) },
    errors: [
      ['iban/format', 31, 'GB98567801234512345678'],
      ['payment/method-unsupported', 24, 'CHK'],
      ['agent/missing', 34, null],
      ['account/missing', 37, null],
      ['creditor/missing', 45, null],
    ],
  },
  'cbpr_2025_pain001_credit_initiation_sample.xml': { count: 1, sums: { AUD: money(32000000n) }, errors: [] },
  'cbpr_2025_pain001_credit_initiation_sample__violates_pain.001-R3_msgdefidr_mismatch.xml': {
    count: 1,
    sums: { AUD: money(32000000n) },
    errors: [['message/header-mismatch', 23, 'WRONG.000.00']],
  },
  'cbpr_2025_pain_001_2025_invalid.xml': {
    count: 1,
    sums: { ZZZ: money(100000n) },
    errors: [
      ['message/header-mismatch', 23, 'pain.001.001.08'],
      ['element/unexpected', 45, 'DbtrAgt'],
      ['currency/unknown', 56, 'ZZZ'],
      ['account/missing', 50, null],
    ],
  },
  'cbpr_2025_pain_001_2025_valid.xml': { count: 1, sums: { EUR: money(100000n) }, errors: [] },
  'example_sepa_pain_001_v3.xml': {
    count: 1,
    sums: { EUR: money(1000n) },
    errors: [['iban/check-digits', 74, 'ES8201822200150201504058']],
  },
  'example_sepa_pain_001_v3_multiple_pmtinf.xml': {
    count: 2,
    sums: { EUR: money(2000n) },
    errors: [
      ['iban/check-digits', 74, 'ES8201822200150201504058'],
      ['iban/check-digits', 99, 'ES9121000418450200051333'],
      ['iban/check-digits', 134, 'ES8201822200150201504058'],
      ['id/duplicate-in-file', 111, 'd6ecf0cb-e0c3-4fe9-8f21-45464fde659'],
      ['total/count', 7, '1'],
      ['total/sum', 8, '10.00'],
    ],
  },
  'example_swift_pain_001_v3.xml': {
    count: 1,
    sums: { USD: money(1000n) },
    errors: [['iban/check-digits', 71, 'DE1234567890123456']],
  },
  'gistfile1.xml': {
    count: 3,
    sums: { JPY: money(10_000_000n, 0), EUR: money(50_000_000n), USD: money(100_000_000n) },
    errors: [],
  },
  'goldman_sachs_pain_001_v3_sepa.xml': {
    count: 1,
    sums: { EUR: money(51024n) },
    errors: [
      ['date/invalid', 27, 'YYYY-MM-DD'],
      ['iban/format', 33, 'IBAN'],
      ['bic/format', 38, 'Bank BIC'],
      ['bic/format', 50, 'Bank BIC'],
      ['iban/format', 58, 'IBAN'],
    ],
  },
  'obp_c2b_sct_pain.001.001.03.xml': { count: 3, sums: { EUR: money(2258n) }, errors: [] },
  'phpsepa_pain.001.001.03.xml': {
    count: 1,
    sums: { EUR: money(1234n) },
    errors: [['iban/check-digits', 29, 'BG87200500001234567890']],
  },
  'phpsepa_pain.001.001.06.xml': {
    count: 0,
    sums: {},
    errors: [['message/unsupported-version', 2, 'pain.001.001.06']],
  },
  'phpsepa_pain.001.001.09.xml': {
    count: 1,
    sums: { EUR: money(1234n) },
    errors: [['iban/check-digits', 31, 'BG87200500001234567890']],
  },
  'phpsepa_pain.001.001.12.xml': {
    count: 0,
    sums: {},
    errors: [['message/unsupported-version', 2, 'pain.001.001.12']],
  },
  'sepa_payment_naujas_1.xml': {
    count: 1,
    sums: { EUR: money(9999n) },
    errors: [
      ['iban/check-digits', 49, 'LT007180000000000000'],
      ['iban/check-digits', 92, 'LT007400000000000000'],
    ],
  },
  'sr_pain.001.001.03_wrong_totals.xml': {
    count: 4,
    sums: { EUR: money(90000n) },
    errors: [['total/count', 9, '2']],
  },
  'sr_pain.001.001.05_wrong_totals.xml': {
    count: 0,
    sums: {},
    errors: [['message/unsupported-version', 2, 'pain.001.001.05']],
  },
  'sr_pain.001.001.06_wrong_totals.xml': {
    count: 0,
    sums: {},
    errors: [['message/unsupported-version', 2, 'pain.001.001.06']],
  },
  'sr_pain.001.001.09_wrong_totals.xml': {
    count: 5,
    sums: { EUR: money(110000n) },
    errors: [
      ['iban/check-digits', 24, 'DE75512108001245126162'],
      ['iban/check-digits', 50, 'DE68210501700024690959'],
      ['iban/check-digits', 77, 'DE89370400440532013008'],
      ['iban/check-digits', 104, 'DE44500105175407123457'],
      ['iban/check-digits', 131, 'DE53500105176502098765'],
      ['iban/check-digits', 158, 'DE18500105175001478962'],
      ['total/count', 8, '2'],
    ],
  },
};

describe.skipIf(!has)('pain.001 files of several banks and tools', () => {
  const names = has ? readdirSync(join(CASES, 'pain001')) : [];

  it('has an expectation for every file', () => {
    expect([...Object.keys(EXPECTED), 'cross_river_pain_001_ach_credit.xml'].sort()).toEqual(
      [...names].sort(),
    );
  });

  it.each(Object.entries(EXPECTED))('%s', (name, expected) => {
    const bytes = readFileSync(join(CASES, 'pain001', name));
    const read = readPain001(bytes);
    expect(read.errors.map((issue) => [issue.code, issue.line, issue.value])).toEqual(expected.errors);
    expect(read.count).toBe(expected.count);
    expect(Object.keys(read.sums).sort()).toEqual(Object.keys(expected.sums).sort());
    for (const [currency, sum] of Object.entries(expected.sums))
      expect(compareDecimals(read.sums[currency] ?? { units: -1n, decimals: 0 }, sum)).toBe(0);
    // The reading does not depend on how the bytes arrive.
    expect(readPain001(bytes, 7)).toEqual(read);
  });

  it('refuses text between elements (cross_river)', () => {
    const read = readPain001(readFileSync(join(CASES, 'pain001', 'cross_river_pain_001_ach_credit.xml')));
    expect(read.errors[0]).toMatchObject({ code: 'text/unexpected', line: 3, element: 'Document' });
    expect(read.errors.some((issue) => issue.code === 'bic/format' && issue.value === 'JOHNDOE99')).toBe(
      true,
    );
  });

  it('reads what a payment says (gistfile1)', () => {
    const { header, payments } = readPain001(readFileSync(join(CASES, 'pain001', 'gistfile1.xml')));
    expect(header).toMatchObject({
      format: 'pain.001.001.03',
      messageId: 'ABC/090928/CCT001',
      declaredCount: 3,
      declaredSum: { units: 11_500_000n, decimals: 0 },
      initiatingParty: { name: 'ABC Corporation' },
    });
    expect(payments[1]).toMatchObject({
      index: 1,
      path: 'PmtInf[1]/CdtTrfTxInf[2]',
      paymentInfoId: 'ABC/086',
      endToEndId: 'ABC/ABC-13679/2009-09-15',
      requestedDate: '2009-09-29',
      debtor: { name: 'ABC Corporation', account: { kind: 'other', value: '00125574999' } },
      debtorAgent: { bic: 'BBBBUS33' },
      amount: { currency: 'EUR', text: '500000', units: 50_000_000n, decimals: 2 },
      creditor: { name: 'GHI Semiconductors', address: { town: 'Brussels' } },
      creditorAccount: { kind: 'iban', value: 'BE30001216371411' },
      purposeCode: 'GDDS',
      remittance: { unstructured: [], documentNumbers: ['ABC-13679'] },
      chargeBearer: 'CRED',
    });
  });

  it.each(
    has
      ? ['pain002', 'camt'].flatMap((folder) =>
          readdirSync(join(CASES, folder))
            .filter((name) => name.endsWith('.xml'))
            .map((name) => join(folder, name)),
        )
      : [],
  )('refuses %s as another message', (name) => {
    const read = readPain001(readFileSync(join(CASES, name)));
    expect(read.isRefused).toBe(true);
    expect(['message/wrong-type', 'message/no-namespace', 'file/encoding', 'xml/malformed']).toContain(
      read.errors[0]?.code,
    );
    expect(read.payments).toEqual([]);
  });

  it.each(has ? readdirSync(join(CASES, 'malformed')) : [])('refuses malformed/%s', (name) => {
    const read = readPain001(readFileSync(join(CASES, 'malformed', name)));
    expect(read.isRefused).toBe(true);
    expect(read.errors).toHaveLength(1);
  });
});
