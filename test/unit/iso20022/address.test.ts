import { describe, expect, it } from 'vitest';
import { makeFile } from './make-pain001';
import { readPain001 } from './read-text';

const FILE = makeFile({
  version: '09',
  messageId: 'M1',
  count: '1',
  controlSum: '10.00',
  date: '2026-12-01',
  prefix: '',
  payments: [
    {
      endToEndId: 'E1',
      amount: '10.00',
      currency: 'EUR',
      creditorName: 'Acme Parts',
      creditorIban: 'DE89370400440532013000',
      remittance: 'Invoice 1',
    },
  ],
});

const withAddress = (content: string): string =>
  FILE.replace('<Nm>Acme Parts</Nm>', `<Nm>Acme Parts</Nm><PstlAdr>${content}</PstlAdr>`);

describe('a creditor’s postal address', () => {
  it.each([
    ['no address at all', FILE],
    ['town and country', withAddress('<StrtNm>Main Street</StrtNm><TwnNm>Bonn</TwnNm><Ctry>DE</Ctry>')],
    [
      'lines beside town and country',
      withAddress('<TwnNm>Bonn</TwnNm><Ctry>DE</Ctry><AdrLine>Hall 3</AdrLine>'),
    ],
    ['a country alone', withAddress('<Ctry>DE</Ctry>')],
  ])('is taken with %s', (_name, file) => {
    expect(readPain001(file).issues).toEqual([]);
  });

  it.each([
    ['a street alone', '<StrtNm>Main Street</StrtNm>', 'address/incomplete', 'Main Street', 'TwnNm and Ctry'],
    [
      'no country',
      '<StrtNm>Main Street</StrtNm><TwnNm>Bonn</TwnNm>',
      'address/incomplete',
      'Main Street, Bonn',
      'Ctry',
    ],
    [
      'no town',
      '<StrtNm>Main Street</StrtNm><Ctry>DE</Ctry>',
      'address/incomplete',
      'Main Street, DE',
      'TwnNm and Ctry',
    ],
    [
      'lines alone',
      '<AdrLine>Main Street 1, Bonn</AdrLine>',
      'address/unstructured',
      'Main Street 1, Bonn',
      'TwnNm and Ctry',
    ],
  ])('is told with %s, by line and value', (_name, content, code, value, expected) => {
    const read = readPain001(withAddress(content));
    expect(read.issues).toEqual([
      expect.objectContaining({
        severity: 'warning',
        code,
        element: 'PstlAdr',
        value,
        expected,
        paymentIndex: 0,
      }),
    ]);
    expect(read.payments).toHaveLength(1);
  });
});
