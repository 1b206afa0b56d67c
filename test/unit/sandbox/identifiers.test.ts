import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isIban, isLei, makeIban, makeLei } from '../../sandbox/identifiers';
import { describeSandbox } from '../../sandbox/index';

const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const alphanumeric = (length: number) =>
  fc
    .array(fc.constantFrom(...ALPHANUMERIC), { minLength: length, maxLength: length })
    .map((characters) => characters.join(''));

describe('identifiers', () => {
  it('knows published examples', () => {
    expect(isIban('DE89370400440532013000')).toBe(true);
    expect(isIban('GB82WEST12345698765432')).toBe(true);
    expect(isIban('GB82WEST12345698765433')).toBe(false);
    expect(makeIban('GB', 'WEST12345698765432')).toBe('GB82WEST12345698765432');
    expect(isLei('529900T8BM49AURSDO55')).toBe(true);
    expect(makeLei('529900T8BM49AURSDO')).toBe('529900T8BM49AURSDO55');
    expect(isLei('529900T8BM49AURSDO56')).toBe(false);
  });

  it('makes what it accepts, and notices one wrong character', () => {
    fc.assert(
      fc.property(alphanumeric(18), fc.nat(17), fc.constantFrom(...ALPHANUMERIC), (base, place, other) => {
        const lei = makeLei(base);
        expect(isLei(lei)).toBe(true);
        // Mod 97-10 promises this for a digit in a digit's place and a letter in a letter's.
        fc.pre(lei[place] !== other && /\d/.test(lei[place] ?? '') === /\d/.test(other));
        expect(isLei(lei.slice(0, place) + other + lei.slice(place + 1))).toBe(false);
      }),
    );
  });
});

describe('the parties', () => {
  const description = describeSandbox('http://127.0.0.1:1');
  const externalIds = [
    ...description.treasury.accounts.flatMap((account) => account.externalIds),
    ...description.suppliers.map((supplier) => supplier.externalId),
  ];

  it('carry identifiers with right check digits that are plainly invented', () => {
    for (const { lei } of [
      ...description.tokens.map((token) => token.issuer),
      description.company,
      ...description.suppliers,
    ]) {
      expect(lei !== null && isLei(lei)).toBe(true);
      expect(lei).toMatch(/^TEST00/);
    }
    for (const { kind, value } of externalIds) {
      if (kind === 'iban') expect(isIban(value), value).toBe(true);
      expect(value.length).toBeLessThanOrEqual(34);
    }
    for (const bic of [
      ...description.tokens.map((token) => token.issuer.bic),
      ...description.suppliers.map((one) => one.bic),
    ]) {
      expect(bic).toMatch(/^SBX[A-Z][A-Z]{2}X0$/);
    }
    for (const { issuer } of description.tokens) expect(issuer.name).toMatch(/\(fictitious\)$/);
  });

  it('are told apart by account, address and LEI', () => {
    const distinct = (values: readonly string[]) => expect(new Set(values).size).toBe(values.length);
    distinct(externalIds.map((id) => id.value));
    distinct(description.suppliers.map((supplier) => supplier.lei));
    distinct([
      ...description.suppliers.map((supplier) => supplier.address),
      ...description.treasury.accounts.map((account) => account.address),
      ...description.tokens.map((token) => token.address),
      ...description.tokens.map((token) => token.issuer.address),
    ]);
  });

  it('are what the sandbox promises: five currencies, most suppliers in good standing, every kind of trouble', () => {
    expect(description.tokens.map((token) => [token.currency, token.decimals])).toEqual([
      ['USD', 2],
      ['CNH', 6],
      ['EUR', 18],
      ['HKD', 6],
      ['SGD', 2],
    ]);
    expect(description.suppliers.length).toBeGreaterThanOrEqual(20);
    const standings = new Set(description.suppliers.flatMap((supplier) => Object.values(supplier.standing)));
    expect([...standings].sort()).toEqual(['blocked', 'enrolled', 'frozen', 'not-enrolled']);
  });
});
