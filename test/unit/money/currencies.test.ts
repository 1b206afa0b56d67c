import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { currencyDecimals, findCurrency, isCurrencyCode, isoCurrency } from '../../../src/shared/money';

const LIST = join(__dirname, '../../../../shared/cases/registries/iso4217/iso-4217-list-one_2024-06-25.xml');
/** Amendments since that list: gone, and new. */
const GONE = ['ANG', 'BGN', 'CUC'];

describe('currencies', () => {
  it('knows minor units that are not two', () => {
    expect(currencyDecimals('JPY')).toBe(0);
    expect(currencyDecimals('KWD')).toBe(3);
    expect(currencyDecimals('CLF')).toBe(4);
    expect(currencyDecimals('XAU')).toBeUndefined();
    expect(currencyDecimals('eur')).toBeUndefined();
    expect(currencyDecimals('ZZZ')).toBeUndefined();
    expect(currencyDecimals('__proto__')).toBeUndefined();
  });

  it('carries the offshore renminbi and writes it as CNY', () => {
    expect(isCurrencyCode('CNH')).toBe(true);
    expect(isoCurrency('CNH')).toBe('CNY');
    expect(isoCurrency('EUR')).toBe('EUR');
  });

  it.skipIf(!existsSync(LIST))('agrees with the ISO 4217 list', () => {
    const list = readFileSync(LIST, 'utf8');
    const entries = [...list.matchAll(/<Ccy>(\w{3})<\/Ccy>[\s\S]*?<CcyMnrUnts>([^<]*)<\/CcyMnrUnts>/g)];
    expect(entries.length).toBeGreaterThan(150);
    for (const [, code = '', units = ''] of entries) {
      if (GONE.includes(code)) expect(findCurrency(code), code).toBeUndefined();
      else expect(findCurrency(code)?.decimals, code).toBe(units === 'N.A.' ? null : Number(units));
    }
  });
});
