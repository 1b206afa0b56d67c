import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DirectoryFile } from '../../../src/shared/model/directory';
import {
  describeSandbox,
  faultyPain001,
  makeDirectoryFile,
  sampleCsv,
  sampleGroups,
  samplePain001,
  sumAmounts,
} from '../../sandbox/index';

const description = describeSandbox('http://127.0.0.1:8545');
const schemas = join(process.cwd(), '..', 'shared', 'cases', 'iso20022', 'xsd');
const VERSIONS = ['03', '09', '11'] as const;

const contents = (xml: string, name: string): readonly string[] =>
  Array.from(
    xml.matchAll(new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`, 'g')),
    (match) => match[1] ?? '',
  );

describe('sumAmounts', () => {
  it('adds exactly', () => {
    expect(sumAmounts(['0.1', '0.2'])).toBe('0.30');
    expect(sumAmounts([])).toBe('0.00');
    expect(sumAmounts(['9007199254740993', '0.000001'])).toBe('9007199254740993.000001');
    expect(sumAmounts(['-1.5', '1'])).toBe('-0.50');
  });

  it('agrees with integers for any cents', () => {
    const text = (units: bigint): string => `${units / 100n}.${String(units % 100n).padStart(2, '0')}`;
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 10n ** 20n })), (amounts) => {
        expect(sumAmounts(amounts.map(text))).toBe(text(amounts.reduce((sum, units) => sum + units, 0n)));
      }),
    );
  });
});

describe.each(VERSIONS)('the clean sample in pain.001.001.%s', (version) => {
  const xml = samplePain001(description, { version });

  it('has 24 payments in five currencies with right totals at both levels', () => {
    const amounts = contents(xml, 'InstdAmt');
    expect(amounts).toHaveLength(24);
    expect(new Set(Array.from(xml.matchAll(/Ccy="(\w+)"/g), (match) => match[1]))).toEqual(
      new Set(['USD', 'CNY', 'EUR', 'HKD', 'SGD']),
    );
    const [total, ...perGroup] = contents(xml, 'CtrlSum');
    expect(total).toBe(sumAmounts(amounts));
    expect(sumAmounts(perGroup)).toBe(total);
    const [count, ...counts] = contents(xml, 'NbOfTxs').map(Number);
    expect(count).toBe(24);
    expect(counts.reduce((sum, one) => sum + one, 0)).toBe(24);
    expect(perGroup).toHaveLength(5);
    expect(new Set(contents(xml, 'EndToEndId')).size).toBe(24);
  });

  it.skipIf(!existsSync(schemas))('is valid by the schema of its version', async () => {
    const { XmlDocument, XsdValidator } = await import('libxml2-wasm');
    const schema = XmlDocument.fromString(readFileSync(join(schemas, `pain.001.001.${version}.xsd`), 'utf8'));
    const validator = XsdValidator.fromDoc(schema);
    const document = XmlDocument.fromString(xml);
    expect(() => validator.validate(document)).not.toThrow();
    document.dispose();
    validator.dispose();
    schema.dispose();
  });
});

describe('samples', () => {
  it('pay only creditors in good standing, from accounts and agents that the directory knows', () => {
    const standing = new Map(description.suppliers.map((one) => [one.externalId.value, one.standing]));
    const account = description.treasury.accounts[1];
    for (const group of sampleGroups(description, { account: 1, count: 100 })) {
      expect(account?.externalIds).toContainEqual(group.debtorAccount);
      expect(description.tokens.map((token) => token.issuer.bic)).toContain(group.debtorBic);
      for (const payment of group.payments) {
        const states = Object.values(standing.get(payment.creditor.account.value) ?? { none: 'unknown' });
        expect(new Set(states)).toEqual(new Set(['enrolled']));
      }
    }
  });

  it('do not repeat one another under other message ids', () => {
    const amounts = (messageId: string) => contents(samplePain001(description, { messageId }), 'InstdAmt');
    const first = new Set(amounts('A-1'));
    expect(amounts('B-7').filter((amount) => first.has(amount))).toEqual([]);
  });

  it('come as CSV with separator, decimal comma and byte order mark', () => {
    const plain = sampleCsv(description).split('\r\n');
    expect(plain).toHaveLength(26);
    expect(plain[0]).toMatch(/^end_to_end_id,execution_date,/);
    expect(plain.filter((line) => line.includes(',CNH,')).length).toBe(5);
    const german = sampleCsv(description, { separator: ';', decimal: ',', byteOrderMark: true });
    expect(german.charCodeAt(0)).toBe(0xfeff);
    expect(german.split('\r\n')[1]).toMatch(/;"\d+,\d{2}";USD;/);
  });

  it('tell every fault that was planted', () => {
    const { xml, faults } = faultyPain001(description);
    expect(faults.length).toBeGreaterThanOrEqual(14);
    expect(xml).toContain('NOBODY-KNOWS-ME');
    expect(Number(contents(xml, 'NbOfTxs')[0])).not.toBe(contents(xml, 'InstdAmt').length);
    const inPayments = faults.filter((fault) => fault.index !== null);
    expect(new Set(inPayments.map((fault) => fault.index)).size).toBe(inPayments.length);
  });
});

describe('directory file', () => {
  it('is what the app imports, and survives JSON', () => {
    const file = makeDirectoryFile(description, '2026-11-23');
    expect(DirectoryFile.parse(JSON.parse(JSON.stringify(file)))).toEqual(file);
    expect(file.tokens).toHaveLength(5);
    expect(file.accounts).toHaveLength(3);
    const unenrolled = file.counterparties.flatMap((one) =>
      one.accounts.flatMap((account) => account.enrolments.filter((each) => each.state === 'not-enrolled')),
    );
    expect(unenrolled).toHaveLength(7);
  });
});
