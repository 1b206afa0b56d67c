/** Reference rates at rest, by their date. */
import type { RatesInfo } from '../../../shared/contract/ledger';
import type { ReferenceRates } from '../../../shared/money';
import type { Db } from '../driver';

export type StoredRates = { readonly info: RatesInfo; readonly rates: ReferenceRates };

export const createRatesStore = (db: Db) => ({
  /** Replaces the set of the same date. */
  save: (rates: ReferenceRates, source: string, importedAt: string): RatesInfo =>
    db.transaction(() => {
      db.prepare('DELETE FROM rate_sets WHERE date = ?').run(rates.date);
      db.prepare('INSERT INTO rate_sets (date, base, source, imported_at) VALUES (?, ?, ?, ?)').run(
        rates.date,
        rates.base,
        source,
        importedAt,
      );
      for (const { currency, units, decimals, text } of rates.rates) {
        db.prepare('INSERT INTO rates (date, currency, units, decimals, text) VALUES (?, ?, ?, ?, ?)').run(
          rates.date,
          currency,
          units.toString(),
          decimals,
          text,
        );
      }
      return { date: rates.date, source, count: rates.rates.length, importedAt };
    })(),

  /** The set with the newest date, `null` where none was imported. */
  newest: (): StoredRates | null => {
    const set = db
      .prepare('SELECT date, base, source, imported_at FROM rate_sets ORDER BY date DESC LIMIT 1')
      .get<{ date: string; base: string; source: string; imported_at: string }>();
    if (!set) return null;
    const rates = db
      .prepare('SELECT currency, units, decimals, text FROM rates WHERE date = ? ORDER BY currency')
      .all<{ currency: string; units: string; decimals: bigint; text: string }>(set.date)
      .map((row) => ({
        currency: row.currency,
        units: BigInt(row.units),
        decimals: Number(row.decimals),
        text: row.text,
      }));
    return {
      info: { date: set.date, source: set.source, count: rates.length, importedAt: set.imported_at },
      rates: { date: set.date, base: set.base, rates },
    };
  },
});

export type RatesStore = ReturnType<typeof createRatesStore>;
