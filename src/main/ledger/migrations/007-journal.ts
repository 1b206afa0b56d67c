/**
 * The journal (src/shared/model/journal.ts). `entry` is canonical JSON, `hash` chains it to the one before, `mac` is
 * HMAC-SHA256 of the hash under the vault's journal key. `journal_head` is written with every entry: who takes entries off
 * the end cannot make the older head that would fit.
 *
 * The triggers keep a mistake of ours from rewriting history; what keeps others from it is the chain with its codes.
 */
export const journal = {
  version: 7,
  name: 'journal',
  sql: `
    CREATE TABLE journal (
      seq   INTEGER PRIMARY KEY CHECK (seq > 0),
      entry TEXT NOT NULL,
      hash  TEXT NOT NULL,
      mac   TEXT NOT NULL
    ) STRICT;

    CREATE TABLE journal_head (
      id     INTEGER PRIMARY KEY CHECK (id = 1),
      count  INTEGER NOT NULL,
      hash   TEXT NOT NULL,
      -- The latest time of any entry: a clock that was set back does not take it along.
      latest TEXT NOT NULL,
      mac    TEXT NOT NULL
    ) STRICT;

    CREATE TRIGGER journal_in_order BEFORE INSERT ON journal
      WHEN NEW.seq <> (SELECT ifnull(max(seq), 0) + 1 FROM journal)
      BEGIN SELECT RAISE(ABORT, 'the journal is written in order'); END;
    CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
      BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
      BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    CREATE TRIGGER journal_head_grows BEFORE UPDATE ON journal_head
      WHEN NEW.count <> OLD.count + 1 OR NEW.id <> OLD.id
      BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    CREATE TRIGGER journal_head_stays BEFORE DELETE ON journal_head
      BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
  `,
} as const;
