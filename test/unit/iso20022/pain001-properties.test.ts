import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IssueCode } from '../../../src/shared/model/payment-file';
import { addDecimals, type Decimal, toPlainString, ZERO } from '../../../src/shared/money';
import { type MadePayment, makeFile, oneFile, onePayment } from './make-pain001';
import { readPain001 } from './read-text';

const DECIMALS: Readonly<Record<string, number>> = { EUR: 2, JPY: 0, KWD: 3, USD: 2, CNH: 2 };
const IBANS = [
  'DE89370400440532013000',
  'GB29NWBK60161331926819',
  'BE30001216371411',
  'FR1420041010050500013M02606',
];
const LATIN = Array.from('abcXYZ019/-?:().,\'+ &<>"');
const PLAIN = Array.from('ABCDEFxyz0123456789/-.');

const text = (units: readonly string[], max: number) =>
  fc
    .array(fc.constantFrom(...units), { minLength: 1, maxLength: max })
    .map((parts) => parts.join('').trim())
    .filter((value) => value !== '');

const anyPayment = fc
  .record({
    currency: fc.constantFrom(...Object.keys(DECIMALS)),
    units: fc.bigInt({ min: 1n, max: 10n ** 14n }),
    creditorName: text(LATIN, 140),
    creditorIban: fc.constantFrom(...IBANS),
    remittance: text(LATIN, 140),
  })
  .map((made) => ({ ...made, decimals: DECIMALS[made.currency] ?? 2 }));

const anyFile = fc.record({
  version: fc.constantFrom('03' as const, '09' as const, '11' as const),
  messageId: text(PLAIN, 35),
  prefix: fc.constantFrom('', 'pain:', 'p:'),
  payments: fc.array(anyPayment, { minLength: 1, maxLength: 8 }),
  step: fc.integer({ min: 1, max: 5000 }),
});

describe('pain.001 written and read', () => {
  it('gives back exactly what was written', () => {
    fc.assert(
      fc.property(anyFile, ({ payments, step, ...made }) => {
        const written: MadePayment[] = payments.map((payment, index) => ({
          endToEndId: `E2E-${index}`,
          amount: toPlainString(payment),
          currency: payment.currency,
          creditorName: payment.creditorName,
          creditorIban: payment.creditorIban,
          remittance: payment.remittance,
        }));
        const sum = payments.reduce<Decimal>((total, payment) => addDecimals(total, payment), ZERO);
        const read = readPain001(
          makeFile({
            ...made,
            count: String(payments.length),
            controlSum: toPlainString(sum),
            date: '2026-12-01',
            payments: written,
          }),
          step,
        );
        expect(read.errors).toEqual([]);
        expect(read.header?.messageId).toBe(made.messageId);
        expect(read.payments).toHaveLength(payments.length);
        read.payments.forEach((payment, index) => {
          const source = payments[index];
          expect(payment.amount.units).toBe(source?.units);
          expect(payment.amount.decimals).toBe(source?.decimals);
          expect(payment.amount.currency).toBe(source?.currency);
          expect(payment.creditor.name).toBe(source?.creditorName);
          expect(payment.creditorAccount.value).toBe(source?.creditorIban);
          expect(payment.remittance.unstructured).toEqual([source?.remittance]);
          expect(payment.endToEndId).toBe(`E2E-${index}`);
        });
      }),
      { numRuns: 150 },
    );
  });

  it('finds every wrong total', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9 }), fc.bigInt({ min: 0n, max: 5000n }), (count, cents) => {
        const read = readPain001(
          makeFile({
            ...oneFile,
            count: String(count),
            controlSum: toPlainString({ units: cents, decimals: 2 }),
          }),
        );
        const codes = read.errors.map((issue) => issue.code);
        expect(codes.includes('total/count')).toBe(count !== 1);
        expect(codes.includes('total/sum')).toBe(cents !== 1000n);
      }),
    );
  });

  it('survives any damage to a file without an uncaught error', () => {
    const good = Buffer.from(makeFile(oneFile));
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: good.length - 1 }),
        fc.uint8Array({ maxLength: 6 }),
        fc.integer({ min: 0, max: 12 }),
        (at, inserted, removed) => {
          const bytes = Buffer.concat([good.subarray(0, at), inserted, good.subarray(at + removed)]);
          const read = readPain001(bytes, 512);
          if (read.isRefused) expect(read.errors.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 600 },
    );
  });
});

describe('findings', () => {
  const file = (changes: Partial<MadePayment>, replace: readonly [string, string][] = []): string =>
    replace.reduce(
      (xml, [from, to]) => {
        if (!xml.includes(from)) throw new Error(`nothing to replace: ${from}`);
        return xml.replace(from, to);
      },
      makeFile({
        ...oneFile,
        controlSum: changes.amount ?? '10.00',
        payments: [{ ...onePayment, ...changes }],
      }),
    );

  it.each<[string, IssueCode, string | null, string]>([
    [file({ amount: '10.001' }), 'amount/not-exact', 'EUR 10.001', 'PmtInf[1]/CdtTrfTxInf[1]/Amt/InstdAmt'],
    [file({ amount: '0.00' }), 'amount/not-positive', '0.00', 'PmtInf[1]/CdtTrfTxInf[1]/Amt/InstdAmt'],
    [
      file({ amount: '-5.00' }, [['<CtrlSum>-5.00</CtrlSum>', '']]),
      'amount/not-positive',
      '-5.00',
      'PmtInf[1]/CdtTrfTxInf[1]/Amt/InstdAmt',
    ],
    [
      file({ amount: '1e3' }, [['<CtrlSum>1e3</CtrlSum>', '']]),
      'amount/format',
      '1e3',
      'PmtInf[1]/CdtTrfTxInf[1]/Amt/InstdAmt',
    ],
    [
      file({ amount: '1,50' }, [['<CtrlSum>1,50</CtrlSum>', '']]),
      'amount/format',
      '1,50',
      'PmtInf[1]/CdtTrfTxInf[1]/Amt/InstdAmt',
    ],
    [file({ currency: 'ZZZ' }), 'currency/unknown', 'ZZZ', 'PmtInf[1]/CdtTrfTxInf[1]/Amt/InstdAmt'],
    [file({ currency: 'XAU' }), 'currency/unknown', 'XAU', 'PmtInf[1]/CdtTrfTxInf[1]/Amt/InstdAmt'],
    [file({}, [[' Ccy="EUR"', '']]), 'attribute/missing', null, 'PmtInf[1]/CdtTrfTxInf[1]/Amt/InstdAmt'],
    [
      file({ endToEndId: 'X'.repeat(36) }),
      'id/too-long',
      'X'.repeat(36),
      'PmtInf[1]/CdtTrfTxInf[1]/PmtId/EndToEndId',
    ],
    [file({ endToEndId: '' }), 'id/missing', '', 'PmtInf[1]/CdtTrfTxInf[1]/PmtId/EndToEndId'],
    [
      file({ endToEndId: 'NOTPROVIDED' }),
      'id/not-provided',
      'NOTPROVIDED',
      'PmtInf[1]/CdtTrfTxInf[1]/PmtId/EndToEndId',
    ],
    [
      file({ creditorIban: 'DE88370400440532013000' }),
      'iban/check-digits',
      'DE88370400440532013000',
      'PmtInf[1]/CdtTrfTxInf[1]/CdtrAcct/Id/IBAN',
    ],
    [
      file({ creditorName: 'Beta \u202eGmbH' }),
      'charset/control',
      'Beta \\u{202e}GmbH',
      'PmtInf[1]/CdtTrfTxInf[1]/Cdtr/Nm',
    ],
    [
      file({ creditorName: 'Be\u200bta' }),
      'charset/control',
      'Be\\u{200b}ta',
      'PmtInf[1]/CdtTrfTxInf[1]/Cdtr/Nm',
    ],
    [
      file({ creditorName: 'x'.repeat(141) }),
      'value/too-long',
      `${'x'.repeat(140)}…`,
      'PmtInf[1]/CdtTrfTxInf[1]/Cdtr/Nm',
    ],
    [file({}, [['2026-12-01', '2026-02-30']]), 'date/invalid', '2026-02-30', 'PmtInf[1]/ReqdExctnDt/Dt'],
    [file({}, [['<Nm>Beta GmbH</Nm>', '']]), 'creditor/missing', null, 'PmtInf[1]/CdtTrfTxInf[1]/Cdtr'],
    [
      file({}, [['<Cdtr>', '<Surprise>1</Surprise><Cdtr>']]),
      'element/unexpected',
      'Surprise',
      'PmtInf[1]/CdtTrfTxInf[1]/Surprise',
    ],
    [file({}, [['<NbOfTxs>1</NbOfTxs>', '']]), 'element/unexpected', 'CtrlSum', 'GrpHdr/CtrlSum'],
    [file({}, [['<NbOfTxs>1', '<NbOfTxs>one']]), 'total/count', 'one', 'GrpHdr/NbOfTxs'],
    [file({}, [['<PmtMtd>TRF', '<PmtMtd>CHK']]), 'payment/method-unsupported', 'CHK', 'PmtInf[1]/PmtMtd'],
    [
      file({}, [['<Amt>', '<Amt xsi:nil="1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">']]),
      'attribute/unexpected',
      'xsi:nil',
      'PmtInf[1]/CdtTrfTxInf[1]/Amt',
    ],
    [
      file({}, [['<Cdtr>', '<Cdtr xmlns="urn:other">']]),
      'element/unexpected',
      'Cdtr of urn:other',
      'PmtInf[1]/CdtTrfTxInf[1]/Cdtr',
    ],
  ])('finding %# names line, path and value', (xml, code, value, path) => {
    const read = readPain001(xml);
    const found = read.errors.find((issue) => issue.code === code);
    expect(
      found,
      JSON.stringify(read.errors.map((issue) => [issue.code, issue.path, issue.value])),
    ).toMatchObject({
      value,
      path,
    });
    expect(found?.line).toBeGreaterThan(1);
  });

  it('takes trailing zeros by value, warns about the past, about other letters and about a missing sum', () => {
    expect(readPain001(file({ amount: '10.0000000' })).payments[0]?.amount.units).toBe(1000n);
    const past = readPain001(makeFile(oneFile), 4096, '2026-12-02');
    expect(past.errors).toEqual([]);
    expect(past.issues.map((issue) => issue.code)).toEqual(['date/past']);
    const other = readPain001(file({ creditorName: 'Škoda 東京' }));
    expect(other.errors).toEqual([]);
    expect(other.issues[0]).toMatchObject({ severity: 'warning', code: 'charset/outside' });
    const noSum = readPain001(makeFile({ ...oneFile, controlSum: null }));
    expect(noSum.errors).toEqual([]);
    expect(noSum.issues[0]).toMatchObject({ severity: 'warning', code: 'total/sum-missing' });
  });

  it('finds duplicates within the file and counts findings beyond the limit', () => {
    const payments = Array.from({ length: 9000 }, () => onePayment);
    const read = readPain001(makeFile({ ...oneFile, count: '9000', controlSum: '90000', payments }));
    expect(read.payments).toHaveLength(9000);
    expect(read.errors).toHaveLength(8000);
    expect(read.errors.every((issue) => issue.code === 'id/duplicate-in-file')).toBe(true);
  });

  it('takes a wallet as a proxy account and refuses two accounts in one', () => {
    const wallet = 'eip155:8453:0x52908400098527886E0F7030069857D2E4169EE7';
    const alone = file({}, [
      [
        '<CdtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></CdtrAcct>',
        `<CdtrAcct><Id><Othr><Id>NOTPROVIDED</Id></Othr></Id><Prxy><Id>${wallet}</Id></Prxy></CdtrAcct>`,
      ],
    ]);
    expect(readPain001(alone)).toMatchObject({
      errors: [],
      payments: [{ creditorAccount: { kind: 'caip10', value: wallet } }],
    });
    const both = file({}, [
      ['</IBAN></Id></CdtrAcct>', `</IBAN></Id><Prxy><Id>${wallet}</Id></Prxy></CdtrAcct>`],
    ]);
    expect(readPain001(both).errors.map((issue) => issue.code)).toEqual(['account/ambiguous']);
  });
});
