/** A spreadsheet reads a cell that begins like this as a formula (OWASP CSV injection), full-width forms included. */
const FORMULA_START = /^[\s\u00a0\u3000\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20|%\t\r\n]/;
const LEADING_BLANK = /^[\s\u00a0\u3000\ufeff]/;
const PLAIN_NUMBER = /^-?\d+(?:[.,]\d+)?$/;

/**
 * Makes a text harmless to spreadsheets: an apostrophe before every line of the cell that begins as a formula or with
 * a blank that could hide one. {@link restoreCell} takes it away again.
 *
 * SECURITY: numbers are written by callers as numbers (`kind: 'number'`), never decided from the text.
 */
export const neutralizeCell = (text: string): string =>
  text
    .split(/(\r\n|\r|\n)/)
    .map((part, index) =>
      index % 2 === 0 && (FORMULA_START.test(part) || LEADING_BLANK.test(part) || part.startsWith("'"))
        ? `'${part}`
        : part,
    )
    .join('')
    .replace(/^(?=[\r\n])/, "'");

/** The text that was given to {@link neutralizeCell}. */
export const restoreCell = (cell: string): string =>
  cell
    .split(/(\r\n|\r|\n)/)
    .map((part, index) => (index % 2 === 0 && part.startsWith("'") ? part.slice(1) : part))
    .join('');

export type CsvCell =
  | { readonly kind: 'text'; readonly value: string }
  /** Plain digits with one decimal sign, as `toPlainString` gives; may begin with a minus. */
  | { readonly kind: 'number'; readonly value: string };

const quote = (cell: string, delimiter: string): string =>
  cell.includes('"') || cell.includes(delimiter) || /[\r\n]/.test(cell) || /^\s|\s$/.test(cell)
    ? `"${cell.replace(/"/g, '""')}"`
    : cell;

const writeCell = (cell: CsvCell, delimiter: string): string => {
  if (cell.kind === 'number' && PLAIN_NUMBER.test(cell.value)) return quote(cell.value, delimiter);
  return quote(neutralizeCell(cell.value), delimiter);
};

type CsvRow = readonly (string | CsvCell)[];

/** RFC 4180 rows, each ended by CRLF: for exports that are written piece by piece. Headings are a row like any other. */
export const writeCsvRows = (rows: Iterable<CsvRow>, delimiter: ',' | ';' | '\t' = ','): string => {
  let text = '';
  for (const row of rows) {
    const cells = row.map((cell) =>
      writeCell(typeof cell === 'string' ? { kind: 'text', value: cell } : cell, delimiter),
    );
    text += `${cells.join(delimiter)}\r\n`;
  }
  return text;
};

/** RFC 4180 rows with CRLF, UTF-8 with a mark so that spreadsheets read it as such. */
export const writeCsv = (
  headers: readonly string[],
  rows: Iterable<CsvRow>,
  options: { readonly delimiter?: ',' | ';' | '\t'; readonly withMark?: boolean } = {},
): string => {
  const mark = options.withMark === false ? '' : '\ufeff';
  return mark + writeCsvRows([headers], options.delimiter) + writeCsvRows(rows, options.delimiter);
};
