/**
 * Networks, tokens, own accounts, counterparties. Whole records stand as JSON in `data`; the columns beside it are what
 * is searched and kept unique. `look` is the poisoning key of an address: its first three and last four hex digits.
 */
export const directory = {
  version: 2,
  name: 'directory',
  sql: `
    CREATE TABLE directory_meta (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      revision INTEGER NOT NULL
    ) STRICT;
    INSERT INTO directory_meta (id, revision) VALUES (1, 0);

    CREATE TABLE networks (
      id TEXT PRIMARY KEY,
      data TEXT NOT NULL
    ) STRICT;

    CREATE TABLE tokens (
      id TEXT PRIMARY KEY,
      network_id TEXT NOT NULL REFERENCES networks (id),
      address TEXT NOT NULL,
      look TEXT NOT NULL,
      data TEXT NOT NULL
    ) STRICT;
    CREATE INDEX tokens_network ON tokens (network_id);
    CREATE INDEX tokens_look ON tokens (look);

    CREATE TABLE accounts (
      id TEXT PRIMARY KEY,
      address TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      look TEXT NOT NULL,
      data TEXT NOT NULL
    ) STRICT;
    CREATE INDEX accounts_look ON accounts (look);

    CREATE TABLE counterparties (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      name_key TEXT NOT NULL,
      skeleton TEXT NOT NULL,
      lei TEXT,
      search TEXT NOT NULL,
      data TEXT NOT NULL
    ) STRICT;
    CREATE INDEX counterparties_name ON counterparties (name_key, id);
    CREATE INDEX counterparties_skeleton ON counterparties (skeleton);

    CREATE TABLE counterparty_accounts (
      address TEXT PRIMARY KEY,
      counterparty_id TEXT NOT NULL REFERENCES counterparties (id) ON DELETE CASCADE,
      look TEXT NOT NULL
    ) STRICT;
    CREATE INDEX counterparty_accounts_owner ON counterparty_accounts (counterparty_id);
    CREATE INDEX counterparty_accounts_look ON counterparty_accounts (look);

    -- How payment files name an account: one name, one account, over own accounts and counterparties alike.
    CREATE TABLE account_names (
      kind TEXT NOT NULL CHECK (kind IN ('iban', 'other')),
      value TEXT NOT NULL,
      owner TEXT NOT NULL CHECK (owner IN ('own', 'counterparty')),
      owner_id TEXT NOT NULL,
      address TEXT NOT NULL,
      PRIMARY KEY (kind, value)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX account_names_owner ON account_names (owner, owner_id);
  `,
} as const;
