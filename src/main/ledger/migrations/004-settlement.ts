/**
 * The outbox. A slot is one payment's place on its network: (network, sender, nonce), owned by that payment for ever. Its
 * transactions are everything ever signed for that nonce, as raw bytes, so that any of them can be sent again and each
 * can be recognised when it is included. Reserved nonces belong to an approval that is open now; they end with it.
 */
export const settlement = {
  version: 4,
  name: 'settlement',
  sql: `
    CREATE TABLE settlement_slots (
      payment_id TEXT PRIMARY KEY REFERENCES payments (id),
      batch_id TEXT NOT NULL REFERENCES batches (id),
      network_id TEXT NOT NULL,
      sender TEXT NOT NULL,
      nonce INTEGER NOT NULL CHECK (nonce >= 0),
      key_id TEXT NOT NULL,
      account_id TEXT NOT NULL,
      token_id TEXT NOT NULL,
      receiver TEXT NOT NULL,
      units TEXT NOT NULL,
      state TEXT NOT NULL,
      stage TEXT NOT NULL,
      -- The money left the account's balance: included and not undone.
      is_booked INTEGER NOT NULL DEFAULT 0,
      is_done INTEGER NOT NULL DEFAULT 0,
      UNIQUE (network_id, sender, nonce)
    ) STRICT;
    CREATE INDEX settlement_slots_open ON settlement_slots (network_id, sender, nonce) WHERE is_done = 0;
    CREATE INDEX settlement_slots_batch ON settlement_slots (batch_id);
    CREATE INDEX settlement_slots_pending ON settlement_slots (account_id, token_id) WHERE is_done = 0;

    CREATE TABLE settlement_transactions (
      hash TEXT PRIMARY KEY,
      payment_id TEXT NOT NULL REFERENCES settlement_slots (payment_id),
      position INTEGER NOT NULL,
      action TEXT NOT NULL CHECK (action IN ('pay', 'cancel')),
      raw TEXT NOT NULL,
      fees TEXT NOT NULL,
      digest TEXT NOT NULL,
      created_at TEXT NOT NULL,
      sent_at TEXT,
      UNIQUE (payment_id, position)
    ) STRICT;

    CREATE TABLE settlement_reservations (
      network_id TEXT NOT NULL,
      sender TEXT NOT NULL,
      batch_id TEXT NOT NULL,
      first_nonce INTEGER NOT NULL,
      count INTEGER NOT NULL,
      PRIMARY KEY (network_id, sender, batch_id)
    ) STRICT, WITHOUT ROWID;
  `,
} as const;
