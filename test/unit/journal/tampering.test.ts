/** D-11: whatever is done to the journal on disk is found at the next opening, and the first bad entry is named. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Db } from '../../../src/main/ledger/driver';
import { openStore } from '../../../src/main/ledger/store';
import {
  checkJournal,
  hashOf,
  type JournalHead,
  journalKeyOf,
  macOfEntry,
  macOfHead,
} from '../../../src/main/ledger/stores/journal-check';
import { createJournalStore, type StoredEntry } from '../../../src/main/ledger/stores/journal-store';
import { canonicalJson } from '../../../src/shared/canonical';
import { AppError } from '../../../src/shared/errors';
import type { Hash32 } from '../../../src/shared/model/ids';
import { JOURNAL_START } from '../../../src/shared/model/journal';
import { openTestStore } from '../../support/open-store';

const RUNS = 50;
const ENTRIES = 60;
const key = journalKeyOf(randomBytes(32));
const test = openTestStore();
const { db } = test;
const store = createJournalStore(db, key);
const entries: StoredEntry[] = Array.from({ length: ENTRIES }, (_, index) =>
  store.append({
    at: new Date(1_790_000_000_000 + index * 60_000).toISOString(),
    who: { name: 'Ada', key: `0x${'1'.repeat(40)}` as never },
    source: index % 3 === 0 ? 'app' : 'main',
    event: ['envelopes.send', 'settlement.settled', 'vault.unlock'][index % 3] as string,
    digest: index % 2 === 0 ? (`0x${'ab'.repeat(32)}` as Hash32) : null,
    verdict: index % 7 === 0 ? 'vault/wrong-passphrase' : 'ok',
    facts: { batchId: `bat_${String(index).padStart(10, '0')}`, payments: index },
  }),
);
afterAll(test.close);

type Row = { seq: bigint; entry: string; hash: Hash32; mac: string };
type Finding = { readonly seq: number; readonly what: string } | null;

const headAt = (count: number): JournalHead => ({
  count,
  head: count === 0 ? JOURNAL_START : (entries[count - 1]?.hash as Hash32),
});

/** Somebody with the file and its key, who is kept by no trigger; the attempt is undone afterwards. */
const attack = (work: (db: Db) => void, anchored: number | null): Finding => {
  let finding: Finding = null;
  const undo = new Error('undo');
  try {
    db.transaction(() => {
      for (const { name } of db
        .prepare("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'journal%'")
        .all<{ name: string }>())
        db.exec(`DROP TRIGGER ${name}`);
      work(db);
      try {
        checkJournal(db, key, anchored === null ? null : headAt(anchored));
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'journal/tampered') throw error;
        finding = error.details as Finding;
      }
      throw undo;
    })();
  } catch (error) {
    if (error !== undo) throw error;
  }
  return finding;
};

const rowAt = (seq: number): Row =>
  db.prepare('SELECT * FROM journal WHERE seq = ?').get<Row>(seq) as unknown as Row;
const shift = (from: number, by: 1 | -1): void => {
  // In two steps, so that no number is taken twice on the way.
  db.prepare('UPDATE journal SET seq = seq + 1000 WHERE seq >= ?').run(from);
  db.prepare('UPDATE journal SET seq = seq - 1000 + ? WHERE seq > 1000').run(by);
};
const write = (row: { seq: number; entry: string; hash: string; mac: string }): void => {
  db.prepare('INSERT OR REPLACE INTO journal (seq, entry, hash, mac) VALUES (?, ?, ?, ?)').run(
    row.seq,
    row.entry,
    row.hash,
    row.mac,
  );
};
/** A text that nobody wrote, in the right form. */
const forgedText = (seq: number, lie: string): string => {
  const { hash: _hash, ...entry } = entries[Math.min(seq, ENTRIES) - 1] as StoredEntry;
  return canonicalJson({ ...entry, seq, facts: { lie } } as never);
};
const previousHash = (seq: number): Hash32 => (seq === 1 ? JOURNAL_START : rowAt(seq - 1).hash);
/** From `from` on: other content with hashes that fit, and codes taken from elsewhere. */
const rewrite = (from: number, to: number, lie: string, macOf: (hash: Hash32) => string): void => {
  let head = previousHash(from);
  for (let seq = from; seq <= to; seq += 1) {
    const entry = forgedText(seq, lie);
    head = hashOf(head, entry);
    write({ seq, entry, hash: head, mac: macOf(head) });
  }
  db.prepare('UPDATE journal_head SET count = ?, hash = ?').run(to, head);
};

const anySeq = fc.integer({ min: 1, max: ENTRIES });
const anchor = fc.option(fc.integer({ min: 0, max: ENTRIES }), { nil: null });
const lie = fc.string({ minLength: 1, maxLength: 20 });
const all = (property: fc.IProperty<unknown> | fc.IRawProperty<unknown>): void =>
  fc.assert(property as fc.IProperty<unknown>, { numRuns: RUNS });

describe('a journal that somebody wrote in', () => {
  it('is found when an entry was edited, also with its hash made anew', () => {
    all(
      fc.property(anySeq, lie, anchor, fc.boolean(), (seq, text, anchored, isRehashed) => {
        const finding = attack(() => {
          const entry = forgedText(seq, text);
          const row = rowAt(seq);
          write({ ...row, seq, entry, hash: isRehashed ? hashOf(previousHash(seq), entry) : row.hash });
        }, anchored);
        expect(finding).toEqual({ seq, what: isRehashed ? 'forged' : 'edited' });
      }),
    );
  });

  it('is found when an entry was deleted, also with the numbers closed up', () => {
    all(
      fc.property(anySeq, anchor, fc.boolean(), (seq, anchored, isClosed) => {
        const finding = attack(() => {
          db.prepare('DELETE FROM journal WHERE seq = ?').run(seq);
          if (isClosed) shift(seq + 1, -1);
        }, anchored);
        const what = seq === ENTRIES ? 'cut' : isClosed ? 'edited' : 'missing';
        expect(finding).toEqual({ seq, what });
      }),
    );
  });

  it('is found when an entry was inserted', () => {
    all(
      fc.property(anySeq, lie, anchor, fc.boolean(), (seq, text, anchored, isHashed) => {
        const finding = attack(() => {
          const { mac, hash } = rowAt(seq);
          shift(seq, 1);
          const entry = forgedText(seq, text);
          write({ seq, entry, mac, hash: isHashed ? hashOf(previousHash(seq), entry) : hash });
        }, anchored);
        expect(finding).toEqual({ seq, what: isHashed ? 'forged' : 'edited' });
      }),
    );
  });

  it('is found when entries were put in another order', () => {
    all(
      fc.property(anySeq, anySeq, anchor, (a, b, anchored) => {
        fc.pre(a !== b);
        const finding = attack(() => {
          const [first, second] = [rowAt(a), rowAt(b)];
          write({ ...first, seq: b });
          write({ ...second, seq: a });
        }, anchored);
        expect(finding).toEqual({ seq: Math.min(a, b), what: 'edited' });
      }),
    );
  });

  it('is found when its end was cut off, also behind what the vault remembers', () => {
    const touched = fc.constantFrom('left', 'removed', 'copied');
    all(
      fc.property(fc.integer({ min: 0, max: ENTRIES - 1 }), anchor, touched, (kept, anchored, head) => {
        const finding = attack(() => {
          db.prepare('DELETE FROM journal WHERE seq > ?').run(kept);
          if (head === 'removed') db.exec('DELETE FROM journal_head');
          if (head === 'copied' && kept > 0)
            db.prepare('UPDATE journal_head SET count = ?, hash = ?, mac = ?').run(
              kept,
              rowAt(kept).hash,
              rowAt(kept).mac,
            );
        }, anchored);
        if (anchored !== null && anchored > kept) expect(finding).toEqual({ seq: kept + 1, what: 'cut' });
        else if (head === 'left' || (head === 'copied' && kept === 0))
          expect(finding).toEqual({ seq: kept + 1, what: 'cut' });
        // Everything gone with the vault remembering nothing is a new workspace.
        else if (kept === 0) expect(finding).toBeNull();
        else expect(finding).toEqual({ seq: kept, what: 'head' });
      }),
    );
  });

  it('is found when its end was cut off and written anew', () => {
    all(
      fc.property(anySeq, fc.integer({ min: 0, max: 10 }), lie, anchor, (from, more, text, anchored) => {
        const finding = attack(() => {
          db.prepare('DELETE FROM journal WHERE seq >= ?').run(from);
          rewrite(from, from + more, text, () => entries[0]?.hash.slice(2) as string);
        }, anchored);
        expect(finding).toEqual({ seq: from, what: 'forged' });
      }),
    );
  });

  it('is found when all of it was written anew with hashes that fit', () => {
    all(
      fc.property(lie, anchor, fc.uint8Array({ minLength: 32, maxLength: 32 }), (text, anchored, other) => {
        const finding = attack(
          () => rewrite(1, ENTRIES, text, (hash) => macOfEntry(journalKeyOf(other), hash)),
          anchored,
        );
        expect(finding).toEqual({ seq: 1, what: 'forged' });
      }),
    );
  });

  it('is found by what the vault remembers when the writer had the journal key too', () => {
    all(
      fc.property(anySeq, anySeq, lie, (from, anchored, text) => {
        fc.pre(from <= anchored);
        const finding = attack(() => {
          rewrite(from, ENTRIES, text, (hash) => macOfEntry(key, hash));
          const head = { count: ENTRIES, head: rowAt(ENTRIES).hash };
          const latest = entries.at(-1)?.at as string;
          db.prepare('UPDATE journal_head SET mac = ?').run(macOfHead(key, head, latest));
        }, anchored);
        expect(finding).toEqual({ seq: anchored, what: 'replaced' });
      }),
    );
  });

  it('is found when only the time of the newest entry was changed', () => {
    const finding = attack(() => db.exec(`UPDATE journal_head SET latest = '2020-01-01T00:00:00Z'`), null);
    expect(finding).toEqual({ seq: ENTRIES, what: 'head' });
  });
});

describe('an honest journal', () => {
  it('is right wherever the vault was last told of it: a tail after that is what a crash leaves', () => {
    all(
      fc.property(anchor, (anchored) => {
        expect(attack(() => undefined, anchored)).toBeNull();
      }),
    );
  });

  it('cannot be changed by statements of our own', () => {
    expect(() => db.prepare("UPDATE journal SET entry = '{}' WHERE seq = 1").run()).toThrow(/append-only/);
    expect(() => db.prepare('DELETE FROM journal WHERE seq = 60').run()).toThrow(/append-only/);
    expect(() => db.prepare('UPDATE journal_head SET count = 1').run()).toThrow(/append-only/);
    expect(() => db.prepare('DELETE FROM journal_head').run()).toThrow(/append-only/);
    expect(() =>
      db.prepare("INSERT INTO journal (seq, entry, hash, mac) VALUES (99, '{}', '', '')").run(),
    ).toThrow(/in order/);
  });

  it('keeps what the clock said, and says where the clock was behind', () => {
    const other = openTestStore();
    try {
      const journal = createJournalStore(other.db, key);
      const entry = (at: string) =>
        journal.append({ at, who: null, source: 'app', event: 'x', digest: null, verdict: 'ok', facts: {} });
      entry('2026-11-26T10:00:00.000Z');
      expect(entry('2016-11-26T10:00:00.000Z')).toMatchObject({
        at: '2016-11-26T10:00:00.000Z',
        facts: { clockBehind: true },
      });
      expect(journal.latestTime()).toBe('2026-11-26T10:00:00.000Z');
      expect(entry('2026-11-26T10:00:01Z').facts).toEqual({});
      expect(journal.latestTime()).toBe('2026-11-26T10:00:01Z');
      expect(checkJournal(other.db, key, null)).toMatchObject({ count: 3, latest: '2026-11-26T10:00:01Z' });
    } finally {
      other.close();
    }
  });

  it.each(['better-sqlite3-multiple-ciphers', 'libsql'] as const)(
    'is the same with the driver %s',
    (driver) => {
      const other = openTestStore({ driver });
      try {
        const journal = createJournalStore(other.db, key);
        for (let at = 0; at < 3; at += 1)
          journal.append({
            at: '2026-11-26T10:00:00.000Z',
            who: null,
            source: 'app',
            event: 'x',
            digest: null,
            verdict: 'ok',
            facts: { at },
          });
        expect(checkJournal(other.db, key, journal.head())).toMatchObject(journal.head());
        expect(() => other.db.exec('DELETE FROM journal')).toThrow(/append-only/);
        other.db.exec(`DROP TRIGGER journal_no_update; UPDATE journal SET mac = hash WHERE seq = 2;`);
        expect(() => checkJournal(other.db, key, null)).toThrow(
          expect.objectContaining({ details: { seq: 2, what: 'forged' } }),
        );
      } finally {
        other.close();
      }
    },
  );

  it('opens with its store, and a changed one does not', () => {
    const other = openTestStore();
    const journal = createJournalStore(other.db, key);
    const { seq } = journal.append({
      at: '2026-11-26T10:00:00.000Z',
      who: null,
      source: 'app',
      event: 'x',
      digest: null,
      verdict: 'ok',
      facts: {},
    });
    const expected = journal.head();
    other.store.close();
    const open = (wanted: JournalHead | null) =>
      openStore({ file: other.file, key: other.key, journal: { key, expected: wanted } });
    const opened = open(expected);
    expect(opened.journal).toMatchObject({ count: seq, head: expected.head });
    opened.db.exec('DROP TRIGGER journal_no_update');
    opened.db.exec(`UPDATE journal SET entry = replace(entry, '"x"', '"y"')`);
    opened.close();
    expect(() => open(expected)).toThrow(expect.objectContaining({ code: 'journal/tampered' }));
    // Nothing was left open by the refusal: the next try gets as far.
    expect(() => open(null)).toThrow(expect.objectContaining({ code: 'journal/tampered' }));
    other.reopen();
    other.close();
  });
});
