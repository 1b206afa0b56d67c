/** Facts about the store itself: its id and the anchors by which a copy of an older state is told (rolled-back file). */
export const meta = {
  version: 1,
  name: 'meta',
  sql: `
    CREATE TABLE meta (
      name  TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- Grows by one per anchor. The newest is also kept outside, in the vault: a file that lacks it is older than it says.
    CREATE TABLE anchors (
      count      INTEGER PRIMARY KEY,
      hash       TEXT NOT NULL,
      created_at TEXT NOT NULL
    ) STRICT;
  `,
} as const;
