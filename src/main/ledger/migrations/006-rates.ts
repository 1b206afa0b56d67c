/** Reference rates by date, as imported: one unit of `base` is `units / 10^decimals` of the currency. */
export const rates = {
  version: 6,
  name: 'rates',
  sql: `
    CREATE TABLE rate_sets (
      date        TEXT PRIMARY KEY,
      base        TEXT NOT NULL,
      source      TEXT NOT NULL,
      imported_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE rates (
      date     TEXT NOT NULL REFERENCES rate_sets (date) ON DELETE CASCADE,
      currency TEXT NOT NULL,
      units    TEXT NOT NULL,
      decimals INTEGER NOT NULL,
      text     TEXT NOT NULL,
      PRIMARY KEY (date, currency)
    ) STRICT, WITHOUT ROWID;
  `,
} as const;
