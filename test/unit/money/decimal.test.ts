import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDecimals,
  compareDecimals,
  formatDecimal,
  formatMoney,
  parseDecimal,
  rescaleExact,
  toPlainString,
} from '../../../src/shared/money';

const MINUS = '\u2212';
const anyDecimal = fc.record({
  units: fc.bigInt({ min: 0n, max: 10n ** 22n }),
  decimals: fc.integer({ min: 0, max: 18 }),
});

describe('parseDecimal', () => {
  it.each([
    ['0', 0n, 0],
    ['0.00', 0n, 2],
    ['12.34', 1234n, 2],
    ['007.50', 750n, 2],
    ['999999999999999999', 999999999999999999n, 0],
    ['0.00001', 1n, 5],
  ])('reads %s exactly', (text, units, decimals) => {
    expect(parseDecimal(text, { maxDecimals: 5 })).toEqual({ ok: true, value: { units, decimals } });
  });

  it.each([
    ['', 'empty'],
    [' 1', 'format'],
    ['1 ', 'format'],
    ['+1', 'format'],
    ['-1', 'format'],
    ['1.', 'format'],
    ['.5', 'format'],
    ['1e3', 'format'],
    ['1E3', 'format'],
    ['0x10', 'format'],
    ['1,5', 'format'],
    ["1'000", 'format'],
    ['1_000', 'format'],
    ['1.2.3', 'format'],
    ['NaN', 'format'],
    ['Infinity', 'format'],
    ['１２', 'format'],
    ['١٢', 'format'],
    ['1\u00a0000', 'format'],
    ['1\n', 'format'],
    ['1.123456', 'too-many-decimals'],
    ['1000000000000000000', 'too-many-digits'],
    ['9'.repeat(200), 'too-many-digits'],
  ])('refuses %j as %s', (text, code) => {
    expect(parseDecimal(text, { maxDecimals: 5 })).toEqual({ ok: false, code });
  });

  it('reads back what toPlainString writes', () => {
    fc.assert(
      fc.property(anyDecimal, (value) => {
        const parsed = parseDecimal(toPlainString(value), { maxDecimals: 18, maxIntegerDigits: 30 });
        expect(parsed).toEqual({ ok: true, value });
      }),
    );
  });

  it('takes no text that is not digits with one point', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
        const parsed = parseDecimal(text, { maxDecimals: 18 });
        expect(parsed.ok).toBe(/^[0-9]+(\.[0-9]+)?$/.test(text));
      }),
    );
  });
});

describe('arithmetic', () => {
  it('rescales exactly or not at all', () => {
    expect(rescaleExact({ units: 1250n, decimals: 3 }, 2)).toBe(125n);
    expect(rescaleExact({ units: 1255n, decimals: 3 }, 2)).toBeNull();
    fc.assert(
      fc.property(anyDecimal, fc.integer({ min: 0, max: 18 }), (value, decimals) => {
        const units = rescaleExact(value, decimals);
        if (units !== null) expect(compareDecimals({ units, decimals }, value)).toBe(0);
        else expect(decimals).toBeLessThan(value.decimals);
      }),
    );
  });

  it('adds in any order to the same value', () => {
    fc.assert(
      fc.property(anyDecimal, anyDecimal, anyDecimal, (a, b, c) => {
        expect(compareDecimals(addDecimals(addDecimals(a, b), c), addDecimals(a, addDecimals(c, b)))).toBe(0);
        if (b.units > 0n) expect(compareDecimals(addDecimals(a, b), a)).toBe(1);
      }),
    );
  });
});

describe('display', () => {
  it('shows all decimals of the currency and every other that is not zero', () => {
    expect(formatDecimal(123450000n, 5, { minDecimals: 2 })).toBe('1,234.50');
    expect(formatDecimal(123450001n, 5, { minDecimals: 2 })).toBe('1,234.50001');
    expect(formatDecimal(5n, 0, { minDecimals: 2 })).toBe('5.00');
    expect(formatDecimal(-5n, 2, { minDecimals: 2 })).toBe(`${MINUS}0.05`);
    expect(formatDecimal(5n, 2, { minDecimals: 2, signDisplay: 'always' })).toBe('+0.05');
    expect(formatDecimal(0n, 2, { minDecimals: 2, signDisplay: 'always' })).toBe('0.00');
    expect(formatDecimal(-5n, 2, { minDecimals: 2, signDisplay: 'never' })).toBe('0.05');
    expect(formatDecimal(1234567n, 0, { minDecimals: 0, grouping: false })).toBe('1234567');
  });

  it('groups by locale and keeps ASCII digits', () => {
    expect(formatDecimal(123456789n, 2, { minDecimals: 2, locale: 'de' })).toBe('1.234.567,89');
    expect(formatDecimal(123456789n, 2, { minDecimals: 2, locale: 'en-IN' })).toBe('12,34,567.89');
    expect(formatDecimal(123456789n, 2, { minDecimals: 2, locale: 'ar-EG' })).toMatch(/^[0-9.,]+$/);
  });

  it('puts the code first', () => {
    expect(formatMoney({ currency: 'USD', units: 125_000_000n, decimals: 2 })).toBe('USD\u00a01,250,000.00');
    expect(formatMoney({ currency: 'JPY', units: 1000n, decimals: 0 })).toBe('JPY\u00a01,000');
    expect(formatMoney({ currency: 'CNH', units: 1_500_000n, decimals: 6 })).toBe('CNH\u00a01.50');
  });

  it('never loses a digit', () => {
    fc.assert(
      fc.property(anyDecimal, (value) => {
        const shown = formatDecimal(value.units, value.decimals, { minDecimals: 0, grouping: false });
        const parsed = parseDecimal(shown, { maxDecimals: 18, maxIntegerDigits: 30 });
        expect(parsed.ok && compareDecimals(parsed.value, value)).toBe(0);
      }),
    );
  });
});
