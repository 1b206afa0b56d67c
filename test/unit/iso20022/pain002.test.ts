import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  deriveGroupStatus,
  type ReportedPayment,
  type StatusReport,
  writePain002,
} from '../../../src/main/iso20022';

const XSD = join(__dirname, '../../../../shared/cases/iso20022/xsd/pain.002.001.10.xsd');
const has = existsSync(XSD);

const payment: ReportedPayment = {
  paymentInfoId: 'GROUP-1',
  instructionId: null,
  endToEndId: 'E2E-1',
  uetr: null,
  status: 'ACSC',
  reason: null,
  reference: null,
  acceptedAt: '2026-11-23T02:00:00Z',
  amount: { currency: 'CNH', units: 1_500_000n, decimals: 6 },
  requestedDate: '2026-11-23',
  creditorName: 'Beta & Söhne <GmbH>',
};
const report = (payments: readonly ReportedPayment[]): StatusReport => ({
  messageId: 'STS-1',
  createdAt: '2026-11-23T02:00:00Z',
  initiatingParty: { name: 'Acme "Treasury"', lei: '213800KUD8LAJWSQ9D15' },
  original: {
    messageId: 'MSG-1',
    messageName: 'pain.001.001.09',
    createdAt: '2026-11-20T10:00:00Z',
    count: payments.length,
    controlSum: { units: 150n, decimals: 2 },
  },
  payments,
});

describe('pain.002.001.10', () => {
  it('names counts, statuses and reasons', () => {
    const xml = writePain002(
      report([
        payment,
        { ...payment, endToEndId: 'E2E-2', status: 'RJCT', reason: { code: 'AC01', text: 'x'.repeat(150) } },
        { ...payment, paymentInfoId: 'GROUP-2', endToEndId: 'E2E-3', status: 'ACSP' },
      ]),
    );
    expect(xml).toContain('<GrpSts>PART</GrpSts>');
    expect(xml).toContain(
      '<NbOfTxsPerSts><DtldNbOfTxs>1</DtldNbOfTxs><DtldSts>RJCT</DtldSts><DtldCtrlSum>1.5</DtldCtrlSum></NbOfTxsPerSts>',
    );
    expect(xml).toContain(
      `<Rsn><Cd>AC01</Cd></Rsn><AddtlInf>${'x'.repeat(105)}</AddtlInf><AddtlInf>${'x'.repeat(45)}</AddtlInf>`,
    );
    expect(xml).toContain('<InstdAmt Ccy="CNY">1.5</InstdAmt>');
    expect(xml).toContain('<Nm>Beta &amp; Söhne &lt;GmbH&gt;</Nm>');
    expect(xml.match(/<OrgnlPmtInfAndSts>/g)).toHaveLength(2);
    expect(xml).toContain('<PmtInfSts>ACSP</PmtInfSts>');
  });

  it('derives the status of a group', () => {
    expect(deriveGroupStatus([])).toBe('RCVD');
    expect(deriveGroupStatus(['ACSC', 'ACSC'])).toBe('ACSC');
    expect(deriveGroupStatus(['RJCT', 'RJCT'])).toBe('RJCT');
    expect(deriveGroupStatus(['ACSC', 'RJCT'])).toBe('PART');
    expect(deriveGroupStatus(['ACSC', 'ACSP', 'PDNG'])).toBe('PDNG');
  });
});

describe.skipIf(!has)('pain.002.001.10 against its schema', () => {
  let validate: (xml: string) => void;
  beforeAll(async () => {
    const { XmlDocument, XsdValidator } = await import('libxml2-wasm');
    const schema = XmlDocument.fromString(readFileSync(XSD, 'utf8'));
    const validator = XsdValidator.fromDoc(schema);
    validate = (xml) => {
      const document = XmlDocument.fromString(xml);
      try {
        validator.validate(document);
      } finally {
        document.dispose();
      }
    };
  });

  it('finds a fault at all', () => {
    expect(() =>
      validate(writePain002(report([payment])).replace('<GrpSts>ACSC', '<GrpSts>TOOLONG')),
    ).toThrow();
  });

  it('is valid for any report', () => {
    const text = (max: number) =>
      fc.string({ unit: 'binary', minLength: 1, maxLength: max }).map((value) => `x${value}`);
    const anyPayment = fc.record({
      paymentInfoId: fc.constantFrom('G1', 'G2'),
      instructionId: fc.option(text(60)),
      endToEndId: text(60),
      uetr: fc.option(fc.constant('e5f6a7b8-c9d0-4234-ab12-345678901234')),
      status: fc.constantFrom('RCVD', 'ACTC', 'PDNG', 'ACCP', 'ACSP', 'ACSC', 'RJCT' as const),
      reason: fc.option(
        fc.record({ code: fc.constantFrom('AC01', 'AM04', 'own reason'), text: fc.option(text(400)) }),
      ),
      reference: fc.option(text(80)),
      acceptedAt: fc.option(fc.constant('2026-11-23T02:00:00.123Z')),
      amount: fc.record({
        currency: fc.constantFrom('EUR', 'CNH', 'JPY'),
        units: fc.bigInt({ min: 1n, max: 10n ** 12n }),
        decimals: fc.constantFrom(0, 2, 5),
      }),
      requestedDate: fc.option(fc.constant('2026-11-23')),
      creditorName: fc.option(text(300)),
    });
    fc.assert(
      fc.property(fc.array(anyPayment, { maxLength: 6 }), (payments) => {
        validate(writePain002(report(payments as ReportedPayment[])));
      }),
      { numRuns: 150 },
    );
  });
});
