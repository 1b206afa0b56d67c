import { parse } from 'csv-parse/sync';
import {
  type CsvDateFormat,
  type CsvDelimiter,
  type CsvField,
  REQUIRED_CSV_FIELDS,
  type SuggestedMapping,
} from '../../shared/model/payment-file';

export const DELIMITERS: readonly CsvDelimiter[] = [',', ';', '\t'];

/** Header names in use, best first, without case and punctuation. */
const NAMES: Readonly<Record<CsvField, readonly string[]>> = {
  endToEndId: [
    'endtoendid',
    'paymentendtoendid',
    'endtoendreference',
    'e2eid',
    'paymentid',
    'paymentreference',
  ],
  amount: ['amount', 'paymentamount', 'instructedamount', 'instdamt', 'betrag', 'montant', 'importe'],
  currency: [
    'currency',
    'paymentcurrency',
    'ccy',
    'amountcurrency',
    'waehrung',
    'währung',
    'devise',
    'moneda',
  ],
  requestedDate: [
    'requestedexecutiondate',
    'requesteddate',
    'executiondate',
    'valuedate',
    'paymentdate',
    'duedate',
    'reqdexctndt',
    'ausfuehrungsdatum',
  ],
  debtorName: ['debtorname', 'payername', 'originatorname', 'orderingname'],
  debtorAccount: [
    'debtoraccountiban',
    'debtoraccount',
    'debtoriban',
    'payeraccount',
    'payeriban',
    'fromaccount',
    'sourceaccount',
  ],
  debtorAgentBic: ['debtoragentbic', 'debtoragentbicfi', 'debtorbic', 'payerbic', 'frombic', 'debtoragent'],
  creditorName: [
    'creditorname',
    'beneficiaryname',
    'payeename',
    'beneficiary',
    'payee',
    'suppliername',
    'recipient',
  ],
  creditorAccount: [
    'creditoraccountiban',
    'creditoraccount',
    'creditoriban',
    'beneficiaryaccount',
    'beneficiaryiban',
    'payeeaccount',
    'payeeiban',
    'toaccount',
    'creditoraddress',
    'walletaddress',
    'iban',
  ],
  creditorAgentBic: [
    'creditoragentbic',
    'creditoragentbicfi',
    'creditorbic',
    'beneficiarybic',
    'payeebic',
    'bic',
  ],
  creditorLei: ['creditorlei', 'beneficiarylei', 'lei'],
  creditorCountry: ['creditorcountrycode', 'creditorcountry', 'beneficiarycountry', 'payeecountry'],
  creditorStreet: ['creditorstreetname', 'creditorstreet', 'beneficiarystreet'],
  creditorBuildingNumber: ['creditorbuildingnumber', 'beneficiarybuildingnumber'],
  creditorPostCode: [
    'creditorpostalcode',
    'creditorpostcode',
    'beneficiarypostcode',
    'beneficiarypostalcode',
  ],
  creditorTown: ['creditortownname', 'creditortown', 'creditorcity', 'beneficiarytown', 'beneficiarycity'],
  remittance: [
    'remittanceinformation',
    'remittance',
    'unstructuredremittance',
    'reference',
    'description',
    'paymentdetails',
    'memo',
    'verwendungszweck',
  ],
  structuredReference: ['structuredreference', 'creditorreference', 'rfreference'],
  purposeCode: ['purposecode', 'purpose'],
  categoryPurpose: ['categorypurpose', 'categorypurposecode'],
  chargeBearer: ['chargebearer', 'charges'],
  instructionId: ['instructionid', 'paymentinstructionid', 'instrid'],
  paymentInfoId: ['paymentinformationid', 'paymentinfoid', 'pmtinfid', 'batchid'],
  uetr: ['uetr'],
};

const normalize = (header: string): string => header.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

const DATE_FORMS: readonly (readonly [CsvDateFormat, RegExp])[] = [
  ['YYYY-MM-DD', /^\d{4}-\d{2}-\d{2}$/],
  ['YYYYMMDD', /^(?:19|20)\d{6}$/],
  ['DD.MM.YYYY', /^\d{2}\.\d{2}\.\d{4}$/],
];

/**
 * Proposes columns from the header's names, and decimal sign and date format only where the sampled values leave no
 * second reading. `1,50` is never taken for granted; `03/04/2026` has two readings and is left to the user.
 */
export const suggestMapping = (
  headers: readonly string[],
  sampleRows: readonly (readonly string[])[] = [],
  delimiter: CsvDelimiter | null = null,
): SuggestedMapping => {
  const byName = new Map(headers.map((header, position) => [normalize(header), { header, position }]));
  const used = new Set<string>();
  const columns: Partial<Record<CsvField, string>> = {};
  for (const [field, names] of Object.entries(NAMES) as [CsvField, readonly string[]][]) {
    const found = names.map((name) => byName.get(name)).find((entry) => entry && !used.has(entry.header));
    if (!found) continue;
    used.add(found.header);
    columns[field] = found.header;
  }
  const valuesOf = (field: CsvField): string[] => {
    const position = headers.indexOf(columns[field] ?? '\u0000');
    return position < 0 ? [] : sampleRows.map((row) => row[position] ?? '').filter((value) => value !== '');
  };
  const amounts = valuesOf('amount');
  const dates = valuesOf('requestedDate');
  const isPlain = amounts.length > 0 && amounts.every((value) => /^\d+(?:\.\d+)?$/.test(value));
  // 1.234 has two readings: with three digits after the only point it may be a thousand.
  const isCertain = isPlain && !amounts.some((value) => /^\d{1,3}\.\d{3}$/.test(value));
  return {
    delimiter,
    decimal: isCertain ? '.' : null,
    dateFormat:
      dates.length === 0
        ? null
        : (DATE_FORMS.find(([, form]) => dates.every((value) => form.test(value)))?.[0] ?? null),
    columns,
    missing: REQUIRED_CSV_FIELDS.filter((field) => columns[field] === undefined),
  };
};

export type CsvPreview = {
  readonly delimiter: CsvDelimiter | null;
  /** Delimiters that would all give a table; more than one means that the user must choose. */
  readonly candidates: readonly CsvDelimiter[];
  readonly headers: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

const MAX_COLUMNS = 512;

const readTable = (text: string, delimiter: CsvDelimiter): string[][] | null => {
  try {
    return parse(text, {
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      to: 30,
      max_record_size: 1024 * 1024,
    }) as string[][];
  } catch {
    return null;
  }
};

/** Looks at the beginning of a CSV text. `isWhole` is false when the text was cut and its last line may be half. */
export const previewCsv = (text: string, isWhole: boolean): CsvPreview => {
  const cut = isWhole ? text.length : Math.max(text.lastIndexOf('\n'), 0) || text.length;
  const head = text.slice(0, cut);
  const tables = DELIMITERS.flatMap((delimiter) => {
    const rows = readTable(head, delimiter);
    const width = rows?.[0]?.length ?? 0;
    return rows && width > 1 && width <= MAX_COLUMNS ? [{ delimiter, rows, width }] : [];
  });
  const even = tables.filter((table) => table.rows.every((row) => row.length === table.width));
  const candidates = even.length > 0 ? even : tables;
  const only = candidates.length === 1 ? candidates[0] : undefined;
  const [headers = [], ...rows] = only?.rows ?? [];
  return {
    delimiter: only?.delimiter ?? null,
    candidates: candidates.map((table) => table.delimiter),
    headers: headers.map((header) => header.trim()),
    rows: rows.slice(0, 20).map((row) => row.map((cell) => cell.slice(0, 200))),
  };
};
