import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateValueIn, type ReferenceRates } from '../../../src/shared/money';

const rates: ReferenceRates = {
  date: '2022-07-08',
  base: 'EUR',
  rates: [
    { currency: 'USD', text: '1.0163', units: 10163n, decimals: 4 },
    { currency: 'JPY', text: '138.05', units: 13805n, decimals: 2 },
    { currency: 'CNY', text: '6.8095', units: 68095n, decimals: 4 },
  ],
};

describe('estimateValueIn', () => {
  it('values over the base currency and marks the result', () => {
    expect(estimateValueIn('USD', [{ currency: 'EUR', units: 100n, decimals: 2 }], rates)).toEqual({
      isEstimate: true,
      currency: 'USD',
      units: 102n,
      decimals: 2,
      ratesDate: '2022-07-08',
      missing: [],
    });
    expect(estimateValueIn('EUR', [{ currency: 'CNH', units: 68_095_000n, decimals: 6 }], rates)?.units).toBe(
      1000n,
    );
    expect(estimateValueIn('JPY', [{ currency: 'USD', units: 10163n, decimals: 4 }], rates)?.units).toBe(
      138n,
    );
  });

  it('rounds a tie to the even neighbour', () => {
    const value = (units: bigint) =>
      estimateValueIn('EUR', [{ currency: 'EUR', units, decimals: 3 }], rates)?.units;
    expect([value(5n), value(15n), value(25n), value(-5n), value(-15n)]).toEqual([0n, 2n, 2n, 0n, -2n]);
  });

  it('names currencies without a rate and refuses a reporting currency without one', () => {
    const value = estimateValueIn(
      'EUR',
      [
        { currency: 'EUR', units: 100n, decimals: 2 },
        { currency: 'HKD', units: 100n, decimals: 2 },
      ],
      rates,
    );
    expect(value?.missing).toEqual(['HKD']);
    expect(value?.units).toBe(100n);
    expect(estimateValueIn('SGD', [], rates)).toBeNull();
  });

  it('is exact for the reporting currency itself and independent of order', () => {
    const amounts = fc.array(
      fc.record({
        currency: fc.constantFrom('EUR', 'USD', 'JPY', 'CNH'),
        units: fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
        decimals: fc.integer({ min: 0, max: 6 }),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(amounts, (list) => {
        expect(estimateValueIn('USD', list, rates)).toEqual(
          estimateValueIn('USD', [...list].reverse(), rates),
        );
      }),
    );
    fc.assert(
      fc.property(fc.bigInt(), (units) => {
        expect(estimateValueIn('USD', [{ currency: 'USD', units, decimals: 2 }], rates)?.units).toBe(units);
      }),
    );
  });
});
