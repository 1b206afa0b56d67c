import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCsvParser } from '../../../src/main/iso20022/csv-reader';
import { createIssueSink, escapeForDisplay, FileRefused } from '../../../src/main/iso20022/issues';
import { makeFile, oneFile, onePayment } from './make-pain001';
import { readPain001 } from './read-text';

const FILE = join(__dirname, '../../../../shared/cases/malformed/unicode/blns.json');
const has = existsSync(FILE);
const isHidden = (text: string): boolean => /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Co}]/u.test(text);

describe.skipIf(!has)('naughty strings as names', () => {
  const strings: string[] = has ? JSON.parse(readFileSync(FILE, 'utf8')) : [];

  it('come through unchanged or are refused with the hidden part shown', () => {
    expect(strings.length).toBeGreaterThan(400);
    let refused = 0;
    for (const text of strings) {
      const name = text.replace(/[\r\n\t]+/g, ' ').trim();
      if (name === '' || Array.from(name).length > 140) continue;
      const read = readPain001(makeFile({ ...oneFile, payments: [{ ...onePayment, creditorName: name }] }));
      for (const issue of read.issues) expect(isHidden(issue.value ?? '')).toBe(false);
      // What XML cannot carry the writer of the test file replaces.
      const carried = name.replace(/(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '\ufffd');
      if (read.errors.length === 0) expect(read.payments[0]?.creditor.name).toBe(carried);
      else {
        refused++;
        expect(read.errors.map((issue) => issue.code)).toEqual(['charset/control']);
        expect(isHidden(carried)).toBe(true);
      }
    }
    expect(refused).toBeGreaterThan(0);
  });
});

describe('values in findings', () => {
  it('never carry hidden characters and never exceed their length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 700 }), (text) => {
        const shown = escapeForDisplay(text);
        expect(isHidden(shown)).toBe(false);
        expect(shown.length).toBeLessThanOrEqual(600);
      }),
    );
  });
});

describe('CSV of any bytes', () => {
  it('is read or refused, never an uncaught error', async () => {
    const good = 'id,amount,name,account\nE1,1.00,"Be""ta",DE89370400440532013000\nE2,2.00,Gamma,X\n';
    await fc.assert(
      fc.asyncProperty(
        fc.nat(good.length),
        fc.uint8Array({ maxLength: 5 }),
        fc.nat(10),
        fc.integer({ min: 1, max: 40 }),
        async (at, inserted, removed, step) => {
          const bytes = Buffer.concat([
            Buffer.from(good.slice(0, at)),
            inserted,
            Buffer.from(good.slice(at + removed)),
          ]);
          let findings = 0;
          let payments = 0;
          const parser = createCsvParser(
            createIssueSink(() => {
              findings++;
            }),
            {
              onPayment: () => {
                payments++;
              },
            },
            {
              today: '2026-01-01',
              mapping: {
                delimiter: ',',
                decimal: '.',
                dateFormat: 'YYYY-MM-DD',
                columns: {
                  endToEndId: 'id',
                  amount: 'amount',
                  creditorName: 'name',
                  creditorAccount: 'account',
                },
                constants: {
                  currency: 'EUR',
                  requestedDate: '2026-12-01',
                  debtorAccount: 'X1',
                  debtorAgentBic: 'NWBKGB2L',
                },
              },
            },
          );
          try {
            for (let from = 0; from < bytes.length; from += step)
              parser.write(bytes.subarray(from, from + step));
            await parser.end();
          } catch (error) {
            if (!(error instanceof FileRefused)) throw error;
            expect(findings).toBeGreaterThan(0);
          }
          expect(parser.totals.count()).toBe(payments);
        },
      ),
      { numRuns: 400 },
    );
  });
});
