import { parse } from 'csv-parse';
import {
  classifyAccount,
  findIbanFault,
  isBic,
  isCountryCode,
  isCreditorReference,
  isLei,
  isUetr,
} from '../../shared/model/identifiers';
import {
  type CsvField,
  type CsvMapping,
  type FileHeader,
  type RawAccount,
  type RawPayment,
  REQUIRED_CSV_FIELDS,
} from '../../shared/model/payment-file';
import { currencyDecimals } from '../../shared/money/currencies';
import {
  compareDecimals,
  type Decimal,
  parseDecimal,
  rescaleExact,
  toPlainString,
} from '../../shared/money/decimal';
import { createByteGuard } from './byte-guard';
import { FileRefused, findCharsetFault, type IssueDraft, type IssueSink } from './issues';
import type { PaymentFileEvents } from './pain001';
import { addressFault, isIsoDate } from './simple-values';
import { createTotals } from './totals';

/** Control totals that the user read off another paper; CSV files carry none of their own. */
export type ExpectedTotals = { readonly count?: number; readonly sum?: string };

const MAX_COLUMNS = 512;
const MAX_RECORD = 1024 * 1024;

const MAX_LENGTH: Readonly<Partial<Record<CsvField, number>>> = {
  endToEndId: 35,
  instructionId: 35,
  paymentInfoId: 35,
  debtorName: 140,
  creditorName: 140,
  creditorStreet: 70,
  creditorBuildingNumber: 16,
  creditorPostCode: 16,
  creditorTown: 35,
  remittance: 140,
  structuredReference: 35,
  purposeCode: 4,
  categoryPurpose: 4,
  debtorAccount: 180,
  creditorAccount: 180,
};
const TEXT_FIELDS: readonly CsvField[] = [
  'debtorName',
  'creditorName',
  'creditorStreet',
  'creditorBuildingNumber',
  'creditorPostCode',
  'creditorTown',
  'remittance',
];
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

const DATE_READERS: Readonly<Record<CsvMapping['dateFormat'], (text: string) => string>> = {
  'YYYY-MM-DD': (text) => text,
  YYYYMMDD: (text) => text.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3'),
  'DD.MM.YYYY': (text) => text.replace(/^(\d{2})\.(\d{2})\.(\d{4})$/, '$3-$2-$1'),
  'DD/MM/YYYY': (text) => text.replace(/^(\d{2})\/(\d{2})\/(\d{4})$/, '$3-$2-$1'),
  'MM/DD/YYYY': (text) => text.replace(/^(\d{2})\/(\d{2})\/(\d{4})$/, '$3-$1-$2'),
};

/** Brings a written amount to the one form, or null. No grouping: `1.234,56` has two readings in two countries. */
const readWritten = (text: string, decimal: CsvMapping['decimal']): string | null => {
  if (decimal === '.') return text;
  if (text.includes('.')) return null;
  return text.replace(',', '.');
};

type Row = {
  readonly index: number;
  readonly line: number;
  readonly cells: readonly string[];
};

/**
 * Streaming parser of CSV payment files by a declared mapping. Same events, findings and totals as the pain.001 parser.
 * Every cell stays text; nothing is calculated, trimmed of meaning or guessed.
 */
export const createCsvParser = (
  sink: IssueSink,
  events: PaymentFileEvents,
  options: { readonly today: string; readonly mapping: CsvMapping; readonly expected?: ExpectedTotals },
) => {
  const { mapping, today } = options;
  const refuse = (draft: IssueDraft): FileRefused => {
    sink.report(draft);
    return new FileRefused(draft.code);
  };
  const guard = createByteGuard({ isXml: false, refuse });
  const totals = createTotals();
  const endToEndIds = new Set<string>();
  const uetrs = new Set<string>();
  let headers: readonly string[] | null = null;
  let index = -1;
  let lastLine = 0;
  let failure: Error | null = null;
  const positions = new Map<CsvField, number>();

  const parser = parse({
    delimiter: mapping.delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    info: true,
    max_record_size: MAX_RECORD,
  });
  parser.on('error', (error) => {
    failure = error;
  });

  const columnName = (field: CsvField): string => mapping.columns[field] ?? field;

  const takeHeader = (cells: readonly string[], line: number): void => {
    const names = cells.map((cell) => cell.trim());
    headers = names;
    if (names.length > MAX_COLUMNS)
      throw refuse({
        code: 'csv/too-wide',
        line,
        value: String(names.length),
        expected: `at most ${MAX_COLUMNS} columns`,
      });
    const seen = new Set<string>();
    let isBad = false;
    for (const name of names) {
      const key = name.toLowerCase();
      if (key !== '' && seen.has(key)) {
        sink.report({ code: 'csv/duplicate-column', line, path: 'header', element: name, value: name });
        isBad = true;
      }
      seen.add(key);
    }
    for (const [field, name] of Object.entries(mapping.columns) as [CsvField, string][]) {
      const position = names.indexOf(name);
      if (position >= 0) positions.set(field, position);
      else {
        sink.report({
          code: 'csv/column-missing',
          line,
          path: 'header',
          element: name,
          value: name,
          expected: field,
        });
        isBad = true;
      }
    }
    for (const field of REQUIRED_CSV_FIELDS) {
      if (mapping.columns[field] === undefined && (mapping.constants?.[field] ?? '') === '') {
        sink.report({ code: 'csv/column-missing', line, path: 'header', element: field, expected: field });
        isBad = true;
      }
    }
    if (isBad) throw new FileRefused('csv/header');
  };

  const readRow = (row: Row): void => {
    const report = (field: CsvField, draft: Omit<IssueDraft, 'line'>): void =>
      sink.report({
        line: row.line,
        path: `row[${row.index + 1}]/${columnName(field)}`,
        element: columnName(field),
        paymentIndex: row.index,
        ...draft,
      });
    const get = (field: CsvField): string => {
      const position = positions.get(field);
      return (position === undefined ? mapping.constants?.[field] : row.cells[position]) ?? '';
    };
    const text = (field: CsvField): string => {
      const value = get(field).trim();
      const max = MAX_LENGTH[field];
      if (max !== undefined && Array.from(value).length > max)
        report(field, {
          code: field.endsWith('Id') ? 'id/too-long' : 'value/too-long',
          value,
          expected: `at most ${max} characters`,
        });
      const charset = findCharsetFault(value);
      if (charset !== null)
        report(field, {
          code: charset,
          value,
          severity: charset === 'charset/control' ? 'error' : 'warning',
          ...(charset === 'charset/control'
            ? { expected: 'no hidden or direction-changing characters' }
            : {}),
        });
      if (TEXT_FIELDS.includes(field) && FORMULA.test(get(field)))
        report(field, {
          severity: 'warning',
          code: 'csv/formula',
          value,
          expected: 'a text; it is kept as text',
        });
      return value;
    };
    const optional = (field: CsvField): string | null => text(field) || null;
    const checked = (
      field: CsvField,
      isRight: (value: string) => boolean,
      code: IssueDraft['code'],
      expected: string,
    ): string | null => {
      const value = optional(field);
      if (value !== null && !isRight(value)) report(field, { code, value, expected });
      return value;
    };

    const account = (field: 'debtorAccount' | 'creditorAccount'): RawAccount => {
      const value = text(field);
      const kind = classifyAccount(value);
      if (value === '')
        report(field, { code: 'account/missing', expected: 'IBAN, account number or wallet' });
      else if (kind === 'iban') {
        const fault = findIbanFault(value);
        if (fault !== null)
          report(field, {
            code:
              fault === 'check-digits'
                ? 'iban/check-digits'
                : fault === 'country'
                  ? 'iban/country'
                  : 'iban/format',
            value,
            expected: 'a correct IBAN without blanks',
          });
      } else if (kind === 'address' && !/^0x[0-9a-fA-F]{40}$/.test(value))
        report(field, { code: 'account/format', value, expected: '0x and 40 hexadecimal digits' });
      else if (kind === 'caip10' && !/^eip155:(?:0|[1-9]\d*):0x[0-9a-fA-F]{40}$/.test(value))
        report(field, { code: 'account/format', value, expected: 'eip155:<chain>:<address>' });
      else if (kind === 'other' && isIbanColumn(columnName(field)))
        report(field, { code: 'iban/format', value, expected: 'an IBAN without blanks' });
      return { kind, value, schemeName: null, currency: null };
    };

    const amount = (): RawPayment['amount'] => {
      const written = get('amount').trim();
      const currency = text('currency');
      const decimals = currencyDecimals(currency);
      if (decimals === undefined)
        report('currency', {
          code: 'currency/unknown',
          value: currency,
          expected: 'an ISO 4217 currency in use',
        });
      const nothing = { currency, text: written, units: 0n, decimals: decimals ?? 0 };
      if (/^[-\u2212][0-9.,]+$/.test(written)) {
        report('amount', { code: 'amount/not-positive', value: written, expected: 'more than zero' });
        totals.addUnreadable();
        return nothing;
      }
      const plain = readWritten(written, mapping.decimal);
      const parsed = plain === null ? null : parseDecimal(plain, { maxDecimals: 18 });
      if (parsed === null || !parsed.ok) {
        totals.addUnreadable();
        report('amount', {
          code: 'amount/format',
          value: written,
          expected: `digits with a decimal ${mapping.decimal === '.' ? 'point' : 'comma'}, no grouping`,
        });
        return nothing;
      }
      totals.add(currency, parsed.value);
      if (parsed.value.units === 0n)
        report('amount', { code: 'amount/not-positive', value: written, expected: 'more than zero' });
      if (decimals === undefined) return { ...nothing, ...parsed.value };
      const units = rescaleExact(parsed.value, decimals);
      if (units === null) {
        report('amount', {
          code: 'amount/not-exact',
          value: `${currency} ${written}`,
          expected: `at most ${decimals} decimals for ${currency}`,
        });
        return { ...nothing, ...parsed.value };
      }
      return { currency, text: toPlainString({ units, decimals }), units, decimals };
    };

    const date = (): string => {
      const written = get('requestedDate').trim();
      const day = DATE_READERS[mapping.dateFormat](written);
      if (!isIsoDate(day)) {
        report('requestedDate', { code: 'date/invalid', value: written, expected: mapping.dateFormat });
        return '';
      }
      if (day < today)
        report('requestedDate', {
          severity: 'warning',
          code: 'date/past',
          value: written,
          expected: `${today} or later`,
        });
      return day;
    };

    const endToEndId = text('endToEndId');
    if (endToEndId === '') report('endToEndId', { code: 'id/missing', expected: 'an id that is unique' });
    else if (endToEndId === 'NOTPROVIDED')
      report('endToEndId', { code: 'id/not-provided', value: endToEndId, expected: 'an id that is unique' });
    else if (endToEndIds.has(endToEndId))
      report('endToEndId', {
        code: 'id/duplicate-in-file',
        value: endToEndId,
        expected: 'an id that is unique',
      });
    endToEndIds.add(endToEndId);

    const uetr = checked('uetr', isUetr, 'uetr/format', 'a UUID of version 4 in lower case');
    if (uetr !== null) {
      if (uetrs.has(uetr)) report('uetr', { code: 'uetr/duplicate-in-file', value: uetr });
      uetrs.add(uetr);
    }
    const creditorName = text('creditorName');
    if (creditorName === '') report('creditorName', { code: 'creditor/missing', expected: 'a name' });
    const debtorBic = checked('debtorAgentBic', isBic, 'bic/format', 'a BIC of 8 or 11 characters');
    if (debtorBic === null) report('debtorAgentBic', { code: 'agent/missing', expected: 'BIC' });
    const creditorBic = checked('creditorAgentBic', isBic, 'bic/format', 'a BIC of 8 or 11 characters');
    const country = checked('creditorCountry', isCountryCode, 'country/unknown', 'ISO 3166-1 alpha-2');
    const reference = checked(
      'structuredReference',
      (value) => !/^RF[0-9]{2}/.test(value) || isCreditorReference(value),
      'reference/check-digits',
      'check digits by ISO 11649',
    );
    const bearer = checked(
      'chargeBearer',
      (value) => /^(?:DEBT|CRED|SHAR|SLEV)$/.test(value),
      'value/not-in-list',
      'DEBT, CRED, SHAR, SLEV',
    );
    const remittance = optional('remittance');
    const address = {
      department: null,
      street: optional('creditorStreet'),
      buildingNumber: optional('creditorBuildingNumber'),
      postCode: optional('creditorPostCode'),
      town: optional('creditorTown'),
      subdivision: null,
      country,
      lines: [],
    };
    const hasAddress = [address.street, address.postCode, address.town, country].some(
      (part) => part !== null,
    );
    const addressProblem = addressFault(address);
    if (addressProblem !== null)
      report(address.town === null ? 'creditorTown' : 'creditorCountry', {
        severity: 'warning',
        ...addressProblem,
      });
    events.onPayment({
      index: row.index,
      line: row.line,
      path: `row[${row.index + 1}]`,
      paymentInfoId: optional('paymentInfoId') ?? 'CSV',
      instructionId: optional('instructionId'),
      endToEndId,
      uetr,
      requestedDate: date(),
      debtor: { name: text('debtorName'), lei: null, account: account('debtorAccount') },
      debtorAgent: { bic: debtorBic, memberId: null, name: null, lei: null },
      amount: amount(),
      creditor: {
        name: creditorName,
        lei: checked('creditorLei', isLei, 'lei/check-digits', 'check digits by ISO 7064 mod 97-10'),
        country,
        address: hasAddress ? address : null,
      },
      creditorAccount: account('creditorAccount'),
      creditorAgent:
        creditorBic === null ? null : { bic: creditorBic, memberId: null, name: null, lei: null },
      purposeCode: optional('purposeCode'),
      categoryPurpose: optional('categoryPurpose'),
      remittance: {
        unstructured: remittance === null ? [] : [remittance],
        structuredReference: reference,
        documentNumbers: [],
      },
      chargeBearer:
        bearer === 'DEBT' || bearer === 'CRED' || bearer === 'SHAR' || bearer === 'SLEV' ? bearer : null,
    });
  };

  const takeRecord = (cells: readonly string[], line: number): void => {
    if (headers === null) {
      takeHeader(cells, line);
      return;
    }
    index++;
    if (cells.length !== headers.length)
      sink.report({
        code: 'csv/ragged-row',
        line,
        path: `row[${index + 1}]`,
        element: `row[${index + 1}]`,
        value: `${cells.length} cells`,
        expected: `${headers.length} cells`,
        paymentIndex: index,
      });
    readRow({ index, line, cells });
  };

  const drain = (): void => {
    for (;;) {
      const entry = parser.read() as { record: string[]; info: { lines: number } } | null;
      if (entry === null) break;
      takeRecord(entry.record, Math.max(entry.info.lines, lastLine + 1));
      lastLine = Math.max(entry.info.lines, lastLine + 1);
    }
    if (failure !== null)
      throw refuse({ code: 'csv/malformed', line: lastLine + 1, value: describeFailure(failure) });
  };

  const header = (): FileHeader => {
    const sum = parseDecimal(options.expected?.sum ?? '', { maxDecimals: 18 });
    return {
      format: 'csv',
      messageId: null,
      createdAt: null,
      initiatingParty: { name: null, lei: null, id: null },
      declaredCount: options.expected?.count ?? null,
      declaredSum: sum.ok ? sum.value : null,
      businessMessage: null,
    };
  };

  return {
    write: (chunk: Uint8Array): void => {
      const bytes = guard.check(chunk);
      // The parser may keep a part of the piece, and the piece's memory is used again: hand over a copy.
      parser.write(Buffer.from(bytes));
      drain();
    },
    end: async (): Promise<void> => {
      guard.finish();
      const ended = new Promise<void>((resolve) => {
        parser.once('end', resolve);
        parser.once('error', () => resolve());
        parser.on('readable', () => {
          try {
            drain();
          } catch (error) {
            failure = error instanceof Error ? error : new Error('csv');
            resolve();
          }
        });
      });
      parser.end();
      await ended;
      if (failure instanceof FileRefused) throw failure;
      drain();
      if (headers === null) throw refuse({ code: 'csv/no-header', line: 0 });
      if (index < 0) sink.report({ code: 'payment/none', line: 0 });
      compareTotals(options.expected, totals.count(), totals.sum(), totals.isComplete(), sink);
    },
    header,
    totals,
  };
};

const isIbanColumn = (name: string): boolean => /iban/i.test(name) && !/account_?or|other|wallet/i.test(name);

const describeFailure = (error: Error): string => {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' ? code : 'unreadable';
};

const compareTotals = (
  expected: ExpectedTotals | undefined,
  count: number,
  sum: Decimal,
  isComplete: boolean,
  sink: IssueSink,
): void => {
  if (expected?.count !== undefined && expected.count !== count)
    sink.report({ code: 'total/count', line: 0, value: String(expected.count), expected: String(count) });
  if (expected?.sum === undefined || !isComplete) return;
  const stated = parseDecimal(expected.sum, { maxDecimals: 18 });
  if (!stated.ok || compareDecimals(stated.value, sum) !== 0)
    sink.report({ code: 'total/sum', line: 0, value: expected.sum, expected: toPlainString(sum) });
};
