/**
 * The replica: what the chain says about own accounts. `coverage` holds, per account and token, how far the chain was
 * read and the balance there; entries and coverage change in one transaction. Headers are kept for blocks that hold
 * entries or bound a range, with the roots that later proofs of receipts and balances are checked against. Entries of a
 * block that left the chain move to `orphaned_entries` under a record of the reversal.
 */
export const ledger = {
  version: 5,
  name: 'ledger',
  sql: `
    CREATE TABLE ledger_blocks (
      network_id    TEXT NOT NULL,
      number        INTEGER NOT NULL,
      hash          TEXT NOT NULL,
      parent_hash   TEXT NOT NULL,
      time          INTEGER NOT NULL,
      state_root    TEXT NOT NULL,
      receipts_root TEXT NOT NULL,
      -- Set once the receipts were checked against the root.
      is_proven     INTEGER NOT NULL DEFAULT 0,
      is_touched    INTEGER NOT NULL,
      is_final      INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (network_id, number)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE ledger_coverage (
      token_id   TEXT NOT NULL,
      account_id TEXT NOT NULL,
      network_id TEXT NOT NULL,
      address    TEXT NOT NULL,
      synced_to  INTEGER NOT NULL,
      balance    TEXT NOT NULL DEFAULT '0',
      PRIMARY KEY (token_id, account_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX ledger_coverage_network ON ledger_coverage (network_id, synced_to);

    CREATE TABLE ledger_entries (
      seq              INTEGER PRIMARY KEY,
      id               TEXT NOT NULL UNIQUE,
      network_id       TEXT NOT NULL,
      token_id         TEXT NOT NULL,
      account_id       TEXT NOT NULL,
      currency         TEXT NOT NULL,
      decimals         INTEGER NOT NULL,
      direction        TEXT NOT NULL CHECK (direction IN ('in', 'out')),
      units            TEXT NOT NULL,
      counter_address  TEXT NOT NULL,
      kind             TEXT NOT NULL,
      block_number     INTEGER NOT NULL,
      block_hash       TEXT NOT NULL,
      block_time       INTEGER NOT NULL,
      transaction_hash TEXT NOT NULL,
      log_index        INTEGER NOT NULL,
      reference        TEXT,
      payment_id       TEXT,
      end_to_end_id    TEXT,
      is_final         INTEGER NOT NULL DEFAULT 0,
      balance_after    TEXT NOT NULL,
      search           TEXT NOT NULL
    ) STRICT;
    CREATE INDEX ledger_entries_time ON ledger_entries (block_time, block_number, log_index, seq);
    CREATE INDEX ledger_entries_account ON ledger_entries (account_id, block_time, block_number, log_index, seq);
    CREATE INDEX ledger_entries_token ON ledger_entries (token_id, account_id, block_number, log_index, seq);
    CREATE INDEX ledger_entries_currency ON ledger_entries (currency, block_time, block_number, log_index, seq);
    CREATE INDEX ledger_entries_block ON ledger_entries (network_id, block_number);
    CREATE INDEX ledger_entries_open ON ledger_entries (network_id, block_number) WHERE is_final = 0;
    CREATE INDEX ledger_entries_transaction ON ledger_entries (transaction_hash);

    CREATE TABLE ledger_reversals (
      id          INTEGER PRIMARY KEY,
      network_id  TEXT NOT NULL,
      reason      TEXT NOT NULL CHECK (reason IN ('reorg', 'chain-replaced')),
      detected_at TEXT NOT NULL,
      -- Last block that both chains share.
      ancestor    INTEGER NOT NULL,
      old_tip     INTEGER NOT NULL,
      old_hash    TEXT NOT NULL,
      entries     INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE orphaned_entries (
      seq         INTEGER PRIMARY KEY,
      reversal_id INTEGER NOT NULL REFERENCES ledger_reversals (id),
      data        TEXT NOT NULL
    ) STRICT;

    -- Two-step redemption: requested amounts leave the balance at once and come back when the bank rejects.
    CREATE TABLE redemption_requests (
      token_id      TEXT NOT NULL,
      transfer_hash TEXT NOT NULL,
      account_id    TEXT NOT NULL,
      from_address  TEXT NOT NULL,
      to_address    TEXT NOT NULL,
      units         TEXT NOT NULL,
      requested_in  INTEGER NOT NULL,
      decided_in    INTEGER,
      decision      TEXT CHECK (decision IN ('validated', 'rejected')),
      PRIMARY KEY (token_id, transfer_hash)
    ) STRICT, WITHOUT ROWID;

    -- Last balance within each hour that has entries: what the history chart reads.
    CREATE TABLE balance_points (
      token_id   TEXT NOT NULL,
      account_id TEXT NOT NULL,
      hour       INTEGER NOT NULL,
      balance    TEXT NOT NULL,
      PRIMARY KEY (token_id, account_id, hour)
    ) STRICT, WITHOUT ROWID;

    -- What the token itself said, at one block.
    CREATE TABLE chain_balances (
      token_id      TEXT NOT NULL,
      account_id    TEXT NOT NULL,
      block_number  INTEGER NOT NULL,
      block_hash    TEXT NOT NULL,
      block_time    INTEGER NOT NULL,
      balance       TEXT NOT NULL,
      frozen        TEXT,
      is_reconciled INTEGER NOT NULL,
      PRIMARY KEY (token_id, account_id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE ledger_networks (
      network_id TEXT PRIMARY KEY,
      synced_to  INTEGER,
      head       INTEGER,
      synced_at  TEXT,
      -- Code of what stopped the replica until a person acts; NULL while it runs.
      halted     TEXT
    ) STRICT, WITHOUT ROWID;
  `,
} as const;
