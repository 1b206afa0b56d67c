import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  classifyAccount,
  findIbanFault,
  formatIban,
  isBic,
  isCreditorReference,
  isIban,
  isLei,
  isSameBic,
  isUetr,
  normalizeBic,
  normalizeIban,
  parseCaip2,
  parseCaip10,
  parseCaip19,
} from '../../../src/shared/model/identifiers';

type Case = {
  input: string;
  electronic?: string;
  expected: 'valid' | 'invalid';
  reason?: string;
  mod97?: boolean;
};
const FILE = join(__dirname, '../../../../shared/cases/registries/identifiers/identifiers_a.json');
const cases: { iban: Case[]; bic: Case[]; lei: Case[]; iso11649: Case[] } = existsSync(FILE)
  ? JSON.parse(readFileSync(FILE, 'utf8'))
  : { iban: [], bic: [], lei: [], iso11649: [] };

describe.skipIf(!existsSync(FILE))('published identifiers', () => {
  it.each(cases.iban)('IBAN $input is $expected ($reason)', ({ input, electronic, expected }) => {
    expect(isIban(normalizeIban(electronic ?? input))).toBe(expected === 'valid');
  });
  it.each(cases.bic)('BIC $input is $expected', ({ input, expected }) => {
    expect(isBic(normalizeBic(input))).toBe(expected === 'valid');
  });
  it.each(cases.lei)('LEI $input is $expected', ({ input, expected }) => {
    expect(isLei(input)).toBe(expected === 'valid');
  });
  it.each(cases.iso11649)('reference $input is $expected', ({ input, expected }) => {
    expect(isCreditorReference(input.replace(/ /g, ''))).toBe(expected === 'valid');
  });
});

describe('IBAN', () => {
  it('names the first fault', () => {
    expect(findIbanFault('DE89370400440532013000')).toBeNull();
    expect(findIbanFault('DE89 3704 0044 0532 0130 00')).toBe('format');
    expect(findIbanFault('de89370400440532013000')).toBe('format');
    expect(findIbanFault('DE88370400440532013000')).toBe('check-digits');
    expect(findIbanFault('ZZ89370400440532013000')).toBe('country');
    expect(formatIban('DE89370400440532013000')).toBe('DE89 3704 0044 0532 0130 00');
  });

  it('finds every single wrong digit and every swap of neighbours', () => {
    const iban = 'DE89370400440532013000';
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 21 }), fc.integer({ min: 0, max: 9 }), (at, digit) => {
        const changed = iban.slice(0, at) + digit + iban.slice(at + 1);
        expect(isIban(changed)).toBe(changed === iban);
      }),
    );
    for (let at = 4; at < 21; at++) {
      const swapped = iban.slice(0, at) + iban[at + 1] + iban[at] + iban.slice(at + 2);
      expect(isIban(swapped)).toBe(swapped === iban);
    }
  });
});

describe('chain ids', () => {
  const address = '0x52908400098527886E0F7030069857D2E4169EE7';
  it('reads CAIP ids and refuses near misses', () => {
    expect(parseCaip2('eip155:8453')).toEqual({ namespace: 'eip155', reference: '8453' });
    expect(parseCaip2('eip155:')).toBeNull();
    expect(parseCaip10(`eip155:1:${address}`)?.chainId).toBe('eip155:1');
    expect(parseCaip10('eip155:1:0x12')).toBeNull();
    expect(parseCaip10(`eip155:01:${address}`)).toBeNull();
    expect(parseCaip19(`eip155:1/erc20:${address}`)?.assetNamespace).toBe('erc20');
    expect(parseCaip19(`eip155:1/erc721:${address}/77`)?.tokenId).toBe('77');
    expect(parseCaip19('eip155:1')).toBeNull();
  });

  it('tells accounts apart by shape', () => {
    expect(classifyAccount(address)).toBe('address');
    expect(classifyAccount(`eip155:1:${address}`)).toBe('caip10');
    expect(classifyAccount('DE00370400440532013000')).toBe('iban');
    expect(classifyAccount('00125574999')).toBe('other');
  });

  it('compares BICs with and without branch, UETRs in lower case', () => {
    expect(isSameBic('DEUTDEFF', 'DEUTDEFFXXX')).toBe(true);
    expect(isSameBic('DEUTDEFF', 'DEUTDEFF500')).toBe(false);
    expect(isUetr('e5f6a7b8-c9d0-4234-ab12-345678901234')).toBe(true);
    expect(isUetr('E5F6A7B8-C9D0-4234-AB12-345678901234')).toBe(false);
    expect(isUetr('e5f6a7b8-c9d0-1234-ab12-345678901234')).toBe(false);
  });
});
