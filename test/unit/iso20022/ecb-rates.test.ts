import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseEcbRates } from '../../../src/main/iso20022';
import { AppError } from '../../../src/shared/errors';

const CASES = join(__dirname, '../../../../shared/cases/registries/ecb');
const has = existsSync(CASES);

const daily = (cubes: string, date = '2026-11-20') =>
  `<?xml version="1.0" encoding="UTF-8"?><gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref"><gesmes:subject>Reference rates</gesmes:subject><Cube><Cube time='${date}'>${cubes}</Cube></Cube></gesmes:Envelope>`;
const USD = "<Cube currency='USD' rate='1.0163'/>";

const faultOf = (content: string): AppError => {
  try {
    parseEcbRates(Buffer.from(content));
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('accepted');
};

describe('ECB reference rates', () => {
  it.skipIf(!has)('reads the daily XML exactly', () => {
    const [day, ...rest] = parseEcbRates(readFileSync(join(CASES, 'eurofxref-daily_2022-07-08.xml')));
    expect(rest).toEqual([]);
    expect(day?.date).toBe('2022-07-08');
    expect(day?.base).toBe('EUR');
    expect(day?.rates).toHaveLength(31);
    expect(day?.rates[0]).toEqual({ currency: 'USD', text: '1.0163', units: 10163n, decimals: 4 });
  });

  it.skipIf(!has)('reads the history CSV newest first, without dead currencies', () => {
    const days = parseEcbRates(readFileSync(join(CASES, 'eurofxref-hist_extract_2024-08.csv')));
    expect(days[0]?.date).toBe('2024-08-09');
    expect(days.map((day) => day.date)).toEqual([...days.map((day) => day.date)].sort().reverse());
    expect(days.some((day) => day.date === '2024-08-03')).toBe(false);
    expect(days[0]?.rates.some((rate) => rate.currency === 'CYP')).toBe(false);
    expect(days[0]?.rates.find((rate) => rate.currency === 'JPY')).toMatchObject({
      units: 16033n,
      decimals: 2,
    });
  });

  it('reads the daily CSV', () => {
    const [day] = parseEcbRates(Buffer.from('Date, USD, JPY, \n09 August 2024, 1.0917, 160.33, \n'));
    expect(day).toMatchObject({ date: '2024-08-09', rates: [{ currency: 'USD' }, { currency: 'JPY' }] });
  });

  it.each([
    ['empty', ''],
    ['no rates', daily('')],
    ['zero', daily("<Cube currency='USD' rate='0'/>")],
    ['negative', daily("<Cube currency='USD' rate='-1'/>")],
    ['comma', daily("<Cube currency='USD' rate='1,5'/>")],
    ['exponent', daily("<Cube currency='USD' rate='1e5'/>")],
    ['no rate', daily("<Cube currency='USD'/>")],
    ['currency', daily("<Cube currency='usd' rate='1'/>")],
    ['twice', daily(USD + USD)],
    ['date', daily(USD, '2026-02-30')],
    ['other element', daily(`${USD}<Evil/>`)],
    ['nested', daily("<Cube currency='USD' rate='1'><Cube currency='JPY' rate='1'/></Cube>")],
    ['doctype', daily(USD).replace('?>', '?><!DOCTYPE x>')],
    ['other namespace', daily(USD).replace('eurofxref"', 'other"')],
    ['other file', '<html/>'],
    ['cut', daily(USD).slice(0, -20)],
    ['HTML page', '<!doctype html><html><body>404</body></html>'],
    ['other CSV', 'a,b\n1,2\n'],
    ['ragged CSV', 'Date,USD,JPY\n2024-08-09,1.1\n'],
    ['text in CSV', 'Date,USD\n2024-08-09,abc\n'],
    ['date twice', 'Date,USD\n2024-08-09,1.1\n2024-08-09,1.2\n'],
    ['column twice', 'Date,USD,USD\n2024-08-09,1.1,1.2\n'],
  ])('refuses: %s', (_name, content) => {
    expect(faultOf(content).code).toBe('rates/file-invalid');
  });

  it('names the line', () => {
    expect(faultOf('Date,USD\n2024-08-09,1.1\n2024-08-08,x\n').details).toMatchObject({ line: 3 });
  });
});
