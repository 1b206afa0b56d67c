import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRatesStore } from '../../../src/main/ledger/stores/rates-store';
import { openTestStore, type TestStore } from '../../support/open-store';

let test: TestStore;
beforeEach(() => {
  test = openTestStore();
});
afterEach(() => test.close());

const setOf = (date: string, text: string) => ({
  date,
  base: 'EUR',
  rates: [
    {
      currency: 'USD',
      units: BigInt(text.replace('.', '')),
      decimals: text.split('.')[1]?.length ?? 0,
      text,
    },
    { currency: 'JPY', units: 18_012n, decimals: 2, text: '180.12' },
  ],
});

describe('rates', () => {
  it('answer with the newest date, whatever was imported last, also after a restart', () => {
    const store = createRatesStore(test.db);
    expect(store.newest()).toBeNull();
    store.save(setOf('2026-11-20', '1.0712'), 'a.xml', '2026-11-21T00:00:00Z');
    store.save(setOf('2026-11-19', '1.0600'), 'b.xml', '2026-11-22T00:00:00Z');
    const newest = createRatesStore(test.reopen()).newest();
    expect(newest?.info).toEqual({
      date: '2026-11-20',
      source: 'a.xml',
      count: 2,
      importedAt: '2026-11-21T00:00:00Z',
    });
    expect(newest?.rates.rates.find(({ currency }) => currency === 'USD')).toEqual({
      currency: 'USD',
      units: 10_712n,
      decimals: 4,
      text: '1.0712',
    });
  });

  it('of one date are replaced whole', () => {
    const store = createRatesStore(test.db);
    store.save(setOf('2026-11-20', '1.0712'), 'a.xml', '2026-11-21T00:00:00Z');
    store.save(
      { ...setOf('2026-11-20', '1.08'), rates: setOf('', '1.08').rates.slice(0, 1) },
      'c.xml',
      '2026-11-23T00:00:00Z',
    );
    const newest = store.newest();
    expect(newest?.rates.rates.map(({ currency, text }) => [currency, text])).toEqual([['USD', '1.08']]);
    expect(newest?.info.source).toBe('c.xml');
  });
});
