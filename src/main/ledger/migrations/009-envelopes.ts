/**
 * Envelopes that were made or came in here, line by line, with what people added to them; and what this machine signed,
 * for ever. An envelope shows once it `is_ready`: one whose lines were being written when the process ended is removed at
 * the next start. Amounts stand inside the lines' canonical JSON, as decimal text.
 */
export const envelopes = {
  version: 9,
  name: 'envelopes',
  sql: `
    CREATE TABLE envelopes (
      id INTEGER PRIMARY KEY,
      digest TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL CHECK (kind IN ('batch', 'replacement')),
      -- The content without its lines.
      head TEXT NOT NULL,
      -- What a list shows of it.
      card TEXT NOT NULL,
      line_count INTEGER NOT NULL CHECK (line_count > 0),
      -- The batch here that it was made from.
      batch_id TEXT REFERENCES batches (id),
      created_at TEXT NOT NULL,
      expires_at TEXT NOT NULL,
      received_at TEXT NOT NULL,
      is_ready INTEGER NOT NULL DEFAULT 0,
      is_withdrawn INTEGER NOT NULL DEFAULT 0,
      is_sent INTEGER NOT NULL DEFAULT 0,
      is_exported INTEGER NOT NULL DEFAULT 0,
      -- By the newest report of its sender: every payment has come to its end.
      is_ended INTEGER NOT NULL DEFAULT 0,
      -- Lines of which somebody's signature is here.
      signed_lines INTEGER NOT NULL DEFAULT 0,
      findings TEXT,
      checked_at TEXT,
      search TEXT NOT NULL
    ) STRICT;
    CREATE INDEX envelopes_created ON envelopes (created_at, id);
    CREATE INDEX envelopes_batch ON envelopes (batch_id) WHERE batch_id IS NOT NULL;
    -- A batch is in one envelope at a time, and after it was sent in no other.
    CREATE UNIQUE INDEX envelopes_live ON envelopes (batch_id)
      WHERE kind = 'batch' AND batch_id IS NOT NULL AND is_withdrawn = 0;

    CREATE TABLE envelope_lines (
      envelope_id INTEGER NOT NULL REFERENCES envelopes (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      payment_id TEXT NOT NULL,
      line TEXT NOT NULL,
      search TEXT NOT NULL,
      UNIQUE (envelope_id, position)
    ) STRICT;
    CREATE INDEX envelope_lines_payment ON envelope_lines (payment_id);

    -- One act per kind and key; what it says about single lines stands beside it.
    CREATE TABLE envelope_acts (
      id INTEGER PRIMARY KEY,
      envelope_id INTEGER NOT NULL REFERENCES envelopes (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      kind TEXT NOT NULL,
      -- Lower case.
      key TEXT NOT NULL,
      at TEXT NOT NULL,
      act TEXT NOT NULL,
      line_count INTEGER,
      UNIQUE (envelope_id, kind, key)
    ) STRICT;

    CREATE TABLE envelope_signatures (
      act_id INTEGER NOT NULL REFERENCES envelope_acts (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      signature TEXT NOT NULL,
      PRIMARY KEY (act_id, position)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE envelope_reports (
      act_id INTEGER NOT NULL REFERENCES envelope_acts (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      status TEXT NOT NULL,
      stage TEXT NOT NULL,
      transaction_hash TEXT NOT NULL,
      block TEXT,
      PRIMARY KEY (act_id, position)
    ) STRICT, WITHOUT ROWID;

    -- SECURITY: one payment per nonce, for ever. A replacement shares the row of the payment that it replaces.
    CREATE TABLE signed_memory (
      chain_id TEXT NOT NULL,
      sender TEXT NOT NULL,
      nonce TEXT NOT NULL,
      payment_id TEXT NOT NULL,
      payment_key TEXT NOT NULL,
      -- The first envelope in which it was signed.
      digest TEXT NOT NULL,
      signed_at TEXT NOT NULL,
      PRIMARY KEY (chain_id, sender, nonce)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX signed_memory_payment ON signed_memory (payment_id);
    CREATE INDEX signed_memory_key ON signed_memory (payment_key);
    CREATE TRIGGER signed_memory_stays BEFORE DELETE ON signed_memory
      BEGIN SELECT RAISE(ABORT, 'what was signed is remembered'); END;
    CREATE TRIGGER signed_memory_no_update BEFORE UPDATE ON signed_memory
      BEGIN SELECT RAISE(ABORT, 'what was signed is remembered'); END;
  `,
} as const;
