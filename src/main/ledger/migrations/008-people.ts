/**
 * The company's policies, cards of people, and who this machine belongs to. Content and approvals are canonical JSON. A
 * policy that came into force stays: envelopes name it.
 */
export const people = {
  version: 8,
  name: 'people',
  sql: `
    CREATE TABLE policies (
      digest TEXT PRIMARY KEY,
      number INTEGER NOT NULL CHECK (number > 0),
      content TEXT NOT NULL,
      approvals TEXT NOT NULL,
      received_at TEXT NOT NULL,
      -- When it came into force here; NULL while it is a draft.
      installed_at TEXT
    ) STRICT;
    CREATE UNIQUE INDEX policies_installed ON policies (number) WHERE installed_at IS NOT NULL;

    -- SECURITY: one after the other, and none ever goes back: a mistake of ours does not bring an older table into force.
    CREATE TRIGGER policies_in_order AFTER UPDATE OF installed_at ON policies
      WHEN NEW.installed_at IS NOT NULL AND OLD.installed_at IS NULL
        AND NEW.number <> (SELECT count(*) FROM policies WHERE installed_at IS NOT NULL)
      BEGIN SELECT RAISE(ABORT, 'policies come into force in order'); END;
    CREATE TRIGGER policies_start_as_drafts BEFORE INSERT ON policies
      WHEN NEW.installed_at IS NOT NULL
      BEGIN SELECT RAISE(ABORT, 'a policy starts as a draft'); END;
    CREATE TRIGGER policies_stay BEFORE DELETE ON policies
      WHEN OLD.installed_at IS NOT NULL
      BEGIN SELECT RAISE(ABORT, 'a policy that was in force stays'); END;
    CREATE TRIGGER policies_stay_installed BEFORE UPDATE OF installed_at ON policies
      WHEN OLD.installed_at IS NOT NULL AND NEW.installed_at IS NOT OLD.installed_at
      BEGIN SELECT RAISE(ABORT, 'a policy that was in force stays'); END;
    CREATE TRIGGER policies_fixed BEFORE UPDATE OF digest, number, content ON policies
      BEGIN SELECT RAISE(ABORT, 'a policy does not change'); END;

    CREATE TABLE person_cards (
      -- Lower case.
      key TEXT PRIMARY KEY,
      card TEXT NOT NULL,
      received_at TEXT NOT NULL
    ) STRICT;

    CREATE TABLE own_person (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      name TEXT,
      -- The last card that was signed here.
      card TEXT
    ) STRICT;
  `,
} as const;
