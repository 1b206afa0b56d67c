import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { previewCsv, suggestMapping } from '../../../src/main/iso20022/csv-mapping';
import { createCsvParser, type ExpectedTotals } from '../../../src/main/iso20022/csv-reader';
import { neutralizeCell, restoreCell, writeCsv } from '../../../src/main/iso20022/csv-writer';
import { createIssueSink, FileRefused } from '../../../src/main/iso20022/issues';
import type { CsvMapping, Issue, IssueCode, RawPayment } from '../../../src/shared/model/payment-file';

const CASES = join(__dirname, '../../../../shared/cases');
const has = existsSync(CASES);

const mapping: CsvMapping = {
  delimiter: ',',
  decimal: '.',
  dateFormat: 'YYYY-MM-DD',
  columns: {
    endToEndId: 'id',
    amount: 'amount',
    currency: 'currency',
    requestedDate: 'date',
    creditorName: 'name',
    creditorAccount: 'account',
    remittance: 'text',
  },
  constants: { debtorAccount: 'GB29NWBK60161331926819', debtorAgentBic: 'NWBKGB2L' },
};
const HEADER = 'id,amount,currency,date,name,account,text';
const ROW = 'E1,10.00,EUR,2026-12-01,Beta GmbH,DE89370400440532013000,Invoice 1';

const read = async (
  content: string | Uint8Array,
  changes: Partial<CsvMapping> = {},
  step = 65_536,
  expected?: ExpectedTotals,
) => {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const issues: Issue[] = [];
  const payments: RawPayment[] = [];
  const parser = createCsvParser(
    createIssueSink((issue) => issues.push(issue)),
    { onPayment: (payment) => payments.push(payment) },
    { today: '2026-01-01', mapping: { ...mapping, ...changes }, ...(expected ? { expected } : {}) },
  );
  let isRefused = false;
  try {
    for (let at = 0; at < bytes.length; at += step) parser.write(bytes.subarray(at, at + step));
    await parser.end();
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    isRefused = true;
  }
  return { payments, issues, errors: issues.filter((issue) => issue.severity === 'error'), isRefused };
};

describe('CSV import', () => {
  it('reads rows by the declared mapping', async () => {
    const { payments, issues } = await read(`${HEADER}\n${ROW}\n`);
    expect(issues).toEqual([]);
    expect(payments).toMatchObject([
      {
        index: 0,
        line: 2,
        path: 'row[1]',
        endToEndId: 'E1',
        requestedDate: '2026-12-01',
        amount: { currency: 'EUR', units: 1000n, decimals: 2 },
        creditor: { name: 'Beta GmbH' },
        creditorAccount: { kind: 'iban', value: 'DE89370400440532013000' },
        debtor: { account: { kind: 'iban' } },
        debtorAgent: { bic: 'NWBKGB2L' },
        remittance: { unstructured: ['Invoice 1'] },
      },
    ]);
  });

  it.each([
    ['mark', `\ufeff${HEADER}\n${ROW}\n`, {}],
    ['CRLF', `${HEADER}\r\n${ROW}\r\n`, {}],
    ['semicolons', `${HEADER}\n${ROW}`.replaceAll(',', ';'), { delimiter: ';' as const }],
    ['tabs', `${HEADER}\n${ROW}`.replaceAll(',', '\t'), { delimiter: '\t' as const }],
    ['blank lines', `${HEADER}\n\n${ROW}\n\n`, {}],
    [
      'decimal comma',
      `${HEADER}\n${ROW}`.replaceAll(',', ';').replace('10.00', '10,00'),
      { delimiter: ';' as const, decimal: ',' as const },
    ],
    [
      'day first',
      `${HEADER}\n${ROW}`.replace('2026-12-01', '01.12.2026'),
      { dateFormat: 'DD.MM.YYYY' as const },
    ],
    [
      'US dates',
      `${HEADER}\n${ROW}`.replace('2026-12-01', '12/01/2026'),
      { dateFormat: 'MM/DD/YYYY' as const },
    ],
  ])('reads the same payment with %s', async (_name, content, changes) => {
    for (const step of [65_536, 1]) {
      const { payments, issues } = await read(content, changes, step);
      expect(issues).toEqual([]);
      expect(payments[0]).toMatchObject({
        endToEndId: 'E1',
        requestedDate: '2026-12-01',
        amount: { units: 1000n },
      });
    }
  });

  it('keeps quoted delimiters, quotes and line breaks, and the right line numbers', async () => {
    const { payments } = await read(
      `${HEADER}\n${ROW.replace('Invoice 1', '"Line 1\nLine 2, ""x"""')}\n${ROW.replace('E1', 'E2')}\n`,
    );
    expect(payments[0]?.remittance.unstructured).toEqual(['Line 1\nLine 2, "x"']);
    expect(payments[1]?.line).toBe(4);
  });

  it.each<[string, string, IssueCode, string | null]>([
    ['grouping', ROW.replace('10.00', '"1,234.56"'), 'amount/format', '1,234.56'],
    ['comma undeclared', ROW.replace('10.00', '"10,50"'), 'amount/format', '10,50'],
    ['too exact', ROW.replace('10.00', '10.005'), 'amount/not-exact', 'EUR 10.005'],
    ['negative', ROW.replace('10.00', '-10.00'), 'amount/not-positive', '-10.00'],
    ['zero', ROW.replace('10.00', '0'), 'amount/not-positive', '0'],
    ['exponent', ROW.replace('10.00', '1e3'), 'amount/format', '1e3'],
    ['currency', ROW.replace('EUR', 'EURO'), 'currency/unknown', 'EURO'],
    ['date', ROW.replace('2026-12-01', '2026-13-01'), 'date/invalid', '2026-13-01'],
    ['date format', ROW.replace('2026-12-01', '01/12/2026'), 'date/invalid', '01/12/2026'],
    ['IBAN', ROW.replace('DE89', 'DE88'), 'iban/check-digits', 'DE88370400440532013000'],
    ['address', ROW.replace('DE89370400440532013000', '0x1234'), 'account/format', '0x1234'],
    ['no account', ROW.replace('DE89370400440532013000', ''), 'account/missing', null],
    ['no id', ROW.replace('E1', ''), 'id/missing', null],
    ['no name', ROW.replace('Beta GmbH', ''), 'creditor/missing', null],
    ['long id', ROW.replace('E1', 'E'.repeat(36)), 'id/too-long', 'E'.repeat(36)],
    ['ragged', `${ROW},extra`, 'csv/ragged-row', '8 cells'],
    ['short', 'E1,10.00', 'csv/ragged-row', '2 cells'],
    ['hidden', ROW.replace('Beta', 'B\u202eeta'), 'charset/control', 'B\\u{202e}eta GmbH'],
  ])('names the fault: %s', async (_name, row, code, value) => {
    const { errors } = await read(`${HEADER}\n${row}\n`);
    expect(errors.find((issue) => issue.code === code)).toMatchObject({ value, line: 2, paymentIndex: 0 });
  });

  it('refuses what is not a table in UTF-8', async () => {
    expect((await read(Buffer.from(`\ufeff${HEADER}\n${ROW}`, 'utf16le'))).errors[0]?.code).toBe(
      'file/encoding',
    );
    expect(
      (await read(Buffer.from(`${HEADER}\n${ROW}`.replace('Beta', 'B\u00e9ta'), 'latin1'))).errors[0],
    ).toMatchObject({ code: 'file/encoding', line: 2 });
    expect((await read(`${HEADER}\n${ROW.replace('Beta', 'B\u0000')}`)).errors[0]?.code).toBe('file/nul');
    expect((await read('')).errors[0]?.code).toBe('csv/no-header');
    expect((await read(`${HEADER}\n`)).errors[0]?.code).toBe('payment/none');
    expect((await read(`${HEADER},id\n${ROW},x`)).errors[0]).toMatchObject({
      code: 'csv/duplicate-column',
      value: 'id',
    });
    expect((await read(`a,b\n1,2`)).errors.every((issue) => issue.code === 'csv/column-missing')).toBe(true);
    expect((await read(`${HEADER}\n${ROW.replace('Beta GmbH', '"open')}`)).errors[0]?.code).toBe(
      'csv/malformed',
    );
    expect((await read(`${','.repeat(1_000_000)}\n`)).errors[0]?.code).toBe('csv/too-wide');
    expect((await read(`${HEADER}\n"${'x'.repeat(3_000_000)}"`)).errors[0]?.code).toBe('csv/malformed');
  });

  it('finds duplicates and wrong totals that the user stated', async () => {
    const twice = await read(`${HEADER}\n${ROW}\n${ROW}\n`, {}, 65_536, { count: 3, sum: '20.01' });
    expect(twice.errors.map((issue) => [issue.code, issue.value, issue.expected])).toEqual([
      ['id/duplicate-in-file', 'E1', 'an id that is unique'],
      ['total/count', '3', '2'],
      ['total/sum', '20.01', '20.00'],
    ]);
  });

  it.skipIf(!has)('keeps formulas as text and says so', async () => {
    const payloads = readFileSync(join(CASES, 'malformed/csv/csv_injection_payloads_a.txt'), 'utf8')
      .split('\n')
      .filter((line) => /^[=+\-@]/.test(line));
    expect(payloads.length).toBeGreaterThan(4);
    for (const payload of payloads) {
      const quoted = `"${payload.replaceAll('"', '""')}"`;
      const { payments, issues } = await read(`${HEADER}\n${ROW.replace('Beta GmbH', quoted)}\n`);
      expect(payments[0]?.creditor.name).toBe(payload.trim());
      expect(issues.some((issue) => issue.code === 'csv/formula' && issue.severity === 'warning')).toBe(true);
    }
  });
});

describe('CSV proposal', () => {
  it('names the delimiter only when one fits', () => {
    expect(previewCsv('a,b\n1,2\n', true).delimiter).toBe(',');
    expect(previewCsv('a;b\n1,5;2\n', true).delimiter).toBe(';');
    expect(previewCsv('a\tb\n1\t2\n', true).delimiter).toBe('\t');
    const both = previewCsv('a,b;c\n1,2;3\n', true);
    expect(both.delimiter).toBeNull();
    expect([...both.candidates].sort()).toEqual([',', ';']);
    expect(previewCsv('just a line\n', true).candidates).toEqual([]);
    expect(previewCsv('{"a": 1}', true).candidates).toEqual([]);
  });

  it('leaves decimal sign and date format to the user where two readings exist', () => {
    const suggest = (amount: string, date: string) =>
      suggestMapping(['amount', 'execution_date'], [[amount, date]], ',');
    expect(suggest('10.50', '2026-12-01')).toMatchObject({ decimal: '.', dateFormat: 'YYYY-MM-DD' });
    expect(suggest('10,50', '03/04/2026')).toMatchObject({ decimal: null, dateFormat: null });
    expect(suggest('1.234', '01.12.2026')).toMatchObject({ decimal: null, dateFormat: 'DD.MM.YYYY' });
    expect(suggest('1.234,50', '')).toMatchObject({ decimal: null, dateFormat: null });
  });

  it.skipIf(!has).each(['03', '05', '06', '09'])('knows the columns of template %s', async (version) => {
    const bytes = readFileSync(join(CASES, `iso20022/csv/sr_template_${version}.csv`));
    const preview = previewCsv(bytes.toString('utf8'), true);
    expect(preview.delimiter).toBe(',');
    const suggested = suggestMapping(preview.headers, preview.rows, preview.delimiter);
    expect(suggested.missing).toEqual([]);
    expect(suggested.columns).toMatchObject({
      amount: 'payment_amount',
      requestedDate: 'requested_execution_date',
      debtorAccount: 'debtor_account_IBAN',
      creditorAccount: 'creditor_account_IBAN',
      creditorName: 'creditor_name',
    });
    const result = await read(bytes, {
      delimiter: ',',
      decimal: '.',
      dateFormat: 'YYYY-MM-DD',
      columns: suggested.columns,
      constants: {},
    });
    if (version === '05') {
      expect(result.errors.every((issue) => issue.code === 'csv/duplicate-column')).toBe(true);
      expect(result.errors.map((issue) => issue.value)).toContain('ctrl_sum');
      return;
    }
    const rows = bytes.toString('utf8').trim().split('\n').length - 1;
    expect(result.payments).toHaveLength(rows);
    expect(result.payments.every((payment) => payment.amount.currency === 'EUR')).toBe(true);
  });

  it('is not led astray by a header', () => {
    const suggested = suggestMapping(['__proto__', 'constructor', 'amount']);
    expect(Object.keys(suggested.columns)).toEqual(['amount']);
  });
});

describe('CSV export', () => {
  const dangerous = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20\u00a0 ]/;

  it('lets no cell and no line of a cell begin as a formula, and loses nothing', () => {
    const start = fc.constantFrom(
      '=',
      '+',
      '-',
      '@',
      '\t',
      '\r',
      '\n',
      ' ',
      '\u00a0',
      '\uff1d',
      "'",
      '|',
      '%',
      'a',
      '',
    );
    const cell = fc
      .array(fc.tuple(start, fc.string({ maxLength: 6 })), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.map((part) => part.join('')).join('\n'));
    fc.assert(
      fc.property(cell, (text) => {
        const safe = neutralizeCell(text);
        for (const line of safe.split(/\r\n|\r|\n/)) expect(dangerous.test(line)).toBe(false);
        expect(/^[\r\n]/.test(safe)).toBe(false);
        expect(restoreCell(safe)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  it('writes rows that a CSV reader reads back', () => {
    const csv = writeCsv(
      ['name', 'amount'],
      [
        ['=1+1', { kind: 'number', value: '-10.00' }],
        ['a,"b"', 'x\ny'],
      ],
    );
    expect(csv).toBe(`\ufeffname,amount\r\n'=1+1,-10.00\r\n"a,""b""","x\ny"\r\n`);
    expect(writeCsv(['n'], [[{ kind: 'number', value: '=cmd' }]], { withMark: false })).toBe(
      "n\r\n'=cmd\r\n",
    );
  });
});
