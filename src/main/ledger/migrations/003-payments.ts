/**
 * Batches and payments, imports under check, saved CSV mappings. Amounts are decimal text in the token's smallest unit.
 * The `import_*` tables hold one check's result until it becomes a batch or is discarded; they are emptied at start.
 */
export const payments = {
  version: 3,
  name: 'payments',
  sql: `
    CREATE TABLE batches (
      id TEXT PRIMARY KEY,
      source TEXT NOT NULL,
      -- What the original message said about itself, for the status report.
      header TEXT,
      sha256 TEXT,
      message_id TEXT,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL,
      released_holds TEXT NOT NULL,
      dropped_lines INTEGER NOT NULL,
      approval TEXT,
      search TEXT NOT NULL
    ) STRICT;
    CREATE INDEX batches_created ON batches (created_at, id);
    CREATE INDEX batches_sha256 ON batches (sha256) WHERE sha256 IS NOT NULL;
    CREATE INDEX batches_message ON batches (message_id) WHERE message_id IS NOT NULL;

    CREATE TABLE payments (
      id TEXT PRIMARY KEY,
      batch_id TEXT NOT NULL REFERENCES batches (id),
      position INTEGER NOT NULL,
      line INTEGER,
      status TEXT NOT NULL,
      reason_code TEXT,
      reason_text TEXT,
      end_to_end_id TEXT NOT NULL,
      instruction_id TEXT,
      payment_info_id TEXT NOT NULL DEFAULT '',
      uetr TEXT,
      reference TEXT NOT NULL UNIQUE,
      requested_date TEXT NOT NULL,
      debtor_account_id TEXT NOT NULL,
      debtor_address TEXT NOT NULL,
      debtor_name TEXT NOT NULL,
      token_id TEXT NOT NULL,
      currency TEXT NOT NULL,
      units TEXT NOT NULL,
      decimals INTEGER NOT NULL,
      counterparty_id TEXT,
      creditor_name TEXT NOT NULL,
      creditor_lei TEXT,
      creditor_country TEXT,
      creditor_account TEXT NOT NULL,
      creditor_address TEXT NOT NULL,
      creditor_key TEXT NOT NULL,
      creditor_look TEXT NOT NULL,
      purpose_code TEXT,
      remittance TEXT,
      document TEXT NOT NULL,
      doc_hash TEXT NOT NULL,
      preflight_state TEXT,
      preflight TEXT,
      stage TEXT,
      settlement TEXT,
      was_signed INTEGER NOT NULL DEFAULT 0,
      search TEXT NOT NULL,
      updated_at TEXT NOT NULL,
      UNIQUE (batch_id, position)
    ) STRICT;
    CREATE INDEX payments_status ON payments (batch_id, status);
    CREATE INDEX payments_end_to_end ON payments (end_to_end_id);
    CREATE INDEX payments_same ON payments (creditor_key, token_id, units, requested_date);
    CREATE INDEX payments_paid ON payments (creditor_key, status);
    CREATE INDEX payments_look ON payments (creditor_look, creditor_key);
    CREATE INDEX payments_token ON payments (token_id);
    CREATE INDEX payments_debtor ON payments (debtor_account_id);
    CREATE INDEX payments_counterparty ON payments (counterparty_id);
    CREATE INDEX payments_stage ON payments (stage) WHERE stage IS NOT NULL;

    -- Lines of the file that were left out by name: the status report answers for them too.
    CREATE TABLE dropped_lines (
      batch_id TEXT NOT NULL REFERENCES batches (id),
      position INTEGER NOT NULL,
      line INTEGER NOT NULL,
      was_wrong INTEGER NOT NULL,
      payment_info_id TEXT NOT NULL,
      instruction_id TEXT,
      end_to_end_id TEXT NOT NULL,
      creditor_name TEXT NOT NULL,
      amount_text TEXT NOT NULL,
      currency TEXT NOT NULL,
      PRIMARY KEY (batch_id, position)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE imports (
      id TEXT PRIMARY KEY,
      source TEXT NOT NULL,
      -- What the check relied on; a batch is only made while both are unchanged.
      directory_revision INTEGER NOT NULL,
      batch_count INTEGER NOT NULL,
      error_count INTEGER NOT NULL DEFAULT 0,
      warning_count INTEGER NOT NULL DEFAULT 0,
      kept_issues INTEGER NOT NULL DEFAULT 0,
      is_refused INTEGER NOT NULL DEFAULT 0,
      report TEXT
    ) STRICT;

    CREATE TABLE import_lines (
      import_id TEXT NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      line INTEGER NOT NULL,
      has_error INTEGER NOT NULL,
      payment_info_id TEXT NOT NULL,
      instruction_id TEXT,
      end_to_end_id TEXT NOT NULL,
      creditor_name TEXT NOT NULL,
      creditor_account TEXT NOT NULL,
      amount_text TEXT NOT NULL,
      currency TEXT NOT NULL,
      creditor_key TEXT,
      token_id TEXT,
      units TEXT,
      requested_date TEXT,
      draft TEXT,
      PRIMARY KEY (import_id, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX import_lines_end_to_end ON import_lines (import_id, end_to_end_id);
    CREATE INDEX import_lines_same ON import_lines (import_id, creditor_key, token_id, units, requested_date);

    CREATE TABLE import_issues (
      import_id TEXT NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      severity TEXT NOT NULL,
      code TEXT NOT NULL,
      line INTEGER NOT NULL,
      path TEXT NOT NULL,
      data TEXT NOT NULL,
      search TEXT NOT NULL,
      PRIMARY KEY (import_id, position)
    ) STRICT, WITHOUT ROWID;

    -- One row per heading set that a mapping was saved for, so that the same export is recognised the next time.
    CREATE TABLE csv_mappings (
      name TEXT PRIMARY KEY,
      headings TEXT NOT NULL,
      mapping TEXT NOT NULL
    ) STRICT;
    CREATE INDEX csv_mappings_headings ON csv_mappings (headings);
  `,
} as const;
