import { AppError } from '../../shared/errors';
import { parseDecimal } from '../../shared/money/decimal';
import type { ReferenceRate, ReferenceRates } from '../../shared/money/estimate';
import { createByteGuard } from './byte-guard';
import { createIssueSink, FileRefused } from './issues';
import { isIsoDate } from './simple-values';
import { createXmlStream, type XmlElement } from './xml-stream';

const GESMES = 'http://www.gesmes.org/xml/2002-08-01';
const EUROFXREF = 'http://www.ecb.int/vocabulary/2002-08-01/eurofxref';
export const MAX_RATES_BYTES = 32 * 1024 * 1024;

const refuse = (line: number, reason: string): AppError =>
  new AppError('rates/file-invalid', { line, reason });

const readRate = (currency: string, text: string, line: number): ReferenceRate => {
  if (!/^[A-Z]{3}$/.test(currency) || currency === 'EUR')
    throw refuse(line, `currency ${currency.slice(0, 20)}`);
  const parsed = parseDecimal(text, { maxDecimals: 10, maxIntegerDigits: 9 });
  if (!parsed.ok || parsed.value.units === 0n) throw refuse(line, `rate ${text.slice(0, 40)}`);
  return { currency, text, ...parsed.value };
};

const finishDays = (days: Map<string, ReferenceRate[]>): readonly ReferenceRates[] => {
  const found = [...days].filter(([, rates]) => rates.length > 0);
  if (found.length === 0) throw refuse(0, 'no rates');
  return found.sort(([a], [b]) => (a < b ? 1 : -1)).map(([date, rates]) => ({ date, base: 'EUR', rates }));
};

const parseXml = (bytes: Uint8Array): readonly ReferenceRates[] => {
  const days = new Map<string, ReferenceRate[]>();
  const path: string[] = [];
  let today: ReferenceRate[] | null = null;
  const read = (element: XmlElement): void => {
    const attributes = new Map(element.attributes);
    const where = [...path, element.name].join('/');
    if (where === 'Envelope') {
      if (element.namespace !== GESMES) throw refuse(element.line, 'not an ECB reference-rate file');
      return;
    }
    if (where === 'Envelope/subject' || where === 'Envelope/Sender' || where === 'Envelope/Sender/name')
      return;
    if (element.namespace !== EUROFXREF || element.name !== 'Cube')
      throw refuse(element.line, `element ${element.name}`);
    if (path.length === 1) return;
    if (path.length === 2) {
      const date = attributes.get('time') ?? '';
      if (!isIsoDate(date) || days.has(date)) throw refuse(element.line, `date ${date.slice(0, 20)}`);
      today = [];
      days.set(date, today);
      return;
    }
    const currency = attributes.get('currency') ?? '';
    if (path.length !== 3 || today === null) throw refuse(element.line, 'nesting');
    if (today.some((rate) => rate.currency === currency))
      throw refuse(element.line, `currency ${currency} twice`);
    today.push(readRate(currency, attributes.get('rate') ?? '', element.line));
  };
  let fault: { line: number; code: string } = { line: 0, code: 'malformed' };
  const sink = createIssueSink((issue) => {
    fault = { line: issue.line, code: issue.code };
  });
  const stream = createXmlStream(
    {
      open: (element) => {
        read(element);
        path.push(element.name);
      },
      close: () => {
        path.pop();
      },
      text: () => undefined,
    },
    sink,
  );
  try {
    stream.write(bytes);
    stream.end();
  } catch (error) {
    if (error instanceof FileRefused) throw refuse(fault.line, fault.code);
    throw error;
  }
  return finishDays(days);
};

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

/** `2024-08-09` of the history file, or `09 August 2024` of the daily one. */
const readDate = (text: string): string => {
  const match = /^(\d{1,2}) ([A-Z][a-z]+) (\d{4})$/.exec(text);
  if (!match) return text;
  const month = MONTHS.indexOf(match[2] ?? '') + 1;
  return `${match[3]}-${String(month).padStart(2, '0')}-${(match[1] ?? '').padStart(2, '0')}`;
};

const parseCsv = (bytes: Uint8Array): readonly ReferenceRates[] => {
  const guard = createByteGuard({
    isXml: false,
    refuse: (draft) => {
      throw refuse(draft.line, draft.code);
    },
  });
  const checked = guard.check(bytes);
  guard.finish();
  const lines = Buffer.from(checked.buffer, checked.byteOffset, checked.byteLength)
    .toString('utf8')
    .split(/\r?\n/);
  const split = (line: string): string[] => {
    const cells = line.split(',').map((cell) => cell.trim());
    if (cells[cells.length - 1] === '') cells.pop();
    return cells;
  };
  const [first = '', ...columns] = split(lines[0] ?? '');
  if (first !== 'Date' || columns.length === 0 || new Set(columns).size !== columns.length)
    throw refuse(1, 'not an ECB reference-rate file');
  const days = new Map<string, ReferenceRate[]>();
  lines.slice(1).forEach((line, position) => {
    if (line.trim() === '') return;
    const lineNumber = position + 2;
    const [date = '', ...cells] = split(line);
    const day = readDate(date);
    if (!isIsoDate(day) || days.has(day)) throw refuse(lineNumber, `date ${date.slice(0, 20)}`);
    if (cells.length !== columns.length)
      throw refuse(lineNumber, `${cells.length} rates, not ${columns.length}`);
    days.set(
      day,
      columns.flatMap((currency, column) => {
        const text = cells[column] ?? '';
        return text === 'N/A' ? [] : [readRate(currency, text, lineNumber)];
      }),
    );
  });
  return finishDays(days);
};

/**
 * Euro foreign exchange reference rates of the European Central Bank: `eurofxref-daily.xml`, `eurofxref-hist.xml`,
 * `eurofxref.csv`, `eurofxref-hist.csv`. Newest day first. Anything else fails with `rates/file-invalid` and the line.
 */
export const parseEcbRates = (bytes: Uint8Array): readonly ReferenceRates[] => {
  if (bytes.length === 0) throw refuse(0, 'empty');
  if (bytes.length > MAX_RATES_BYTES) throw refuse(0, 'too large');
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 512)).toString('latin1');
  return /^(?:\u00ef\u00bb\u00bf)?\s*</.test(start) ? parseXml(bytes) : parseCsv(bytes);
};
