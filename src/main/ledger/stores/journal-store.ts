/**
 * The journal at rest: a chain of entries, each with a code under the vault's journal key.
 *
 * Invariants: entries are only ever added; an entry and the record of the newest are written in one transaction, and that
 * in the transaction of what the entry is about (./store-calls.ts). Called by main/journal through the ledger process.
 */
import type { KeyObject } from 'node:crypto';
import { type Canonical, canonicalJson } from '../../../shared/canonical';
import type { Hash32, Instant } from '../../../shared/model/ids';
import { JOURNAL_START, JournalEntry } from '../../../shared/model/journal';
import type { Db } from '../driver';
import { hashOf, type JournalHead, macOfEntry, macOfHead, readHeadRow } from './journal-check';
import { likePattern } from './sql-text';

export type { JournalHead } from './journal-check';

/** An entry before it has its place. */
export type NewEntry = Omit<JournalEntry, 'seq'>;
export type StoredEntry = JournalEntry & { readonly hash: Hash32 };

type Row = { readonly entry: string; readonly hash: Hash32 };

const MAX_TEXT = 300;
const MAX_NAME = 40;

/** Facts are for people: what is too long is cut, so that no text from a file can keep an entry from being written. */
const cutToSize = (facts: JournalEntry['facts']): JournalEntry['facts'] =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name.slice(0, MAX_NAME),
      typeof value === 'string' ? value.slice(0, MAX_TEXT).replace(/\p{Cs}/gu, '\ufffd') : value,
    ]),
  );

const toEntry = (row: Row): StoredEntry => ({
  ...(JSON.parse(row.entry) as JournalEntry),
  hash: row.hash,
});

/** `key`: the vault's journal key. */
export const createJournalStore = (db: Db, key: KeyObject) => {
  const headOf = (): JournalHead => {
    const row = readHeadRow(db);
    return row === undefined
      ? { count: 0, head: JOURNAL_START }
      : { count: Number(row.count), head: row.hash as Hash32 };
  };

  return {
    /**
     * Adds one. An entry keeps the clock's time also when that is earlier than the time of an entry before it, and says so
     * (`clockBehind`): order is by number, and nobody rewrites what the clock said.
     */
    append: db.transaction((input: NewEntry): StoredEntry => {
      const row = readHeadRow(db);
      const previous = headOf();
      const isBehind = row !== undefined && Date.parse(input.at) < Date.parse(row.latest);
      const entry = JournalEntry.parse({
        ...input,
        seq: previous.count + 1,
        facts: cutToSize(isBehind ? { ...input.facts, clockBehind: true } : input.facts),
      });
      const text = canonicalJson(entry as unknown as Canonical);
      const hash = hashOf(previous.head, text);
      db.prepare('INSERT INTO journal (seq, entry, hash, mac) VALUES (?, ?, ?, ?)').run(
        entry.seq,
        text,
        hash,
        macOfEntry(key, hash),
      );
      const latest = row !== undefined && isBehind ? row.latest : entry.at;
      db.prepare(
        `INSERT INTO journal_head (id, count, hash, latest, mac) VALUES (1, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET count = excluded.count, hash = excluded.hash, latest = excluded.latest,
           mac = excluded.mac`,
      ).run(entry.seq, hash, latest, macOfHead(key, { count: entry.seq, head: hash }, latest));
      return { ...entry, hash };
    }),

    head: headOf,

    /** The latest time of any entry, `null` while there is none. */
    latestTime: (): Instant | null => readHeadRow(db)?.latest ?? null,

    /** Newest first. `search` is looked for in an entry's text. */
    list: (query: {
      readonly search: string;
      readonly offset: number;
      readonly limit: number;
    }): { total: number; entries: StoredEntry[] } => {
      const text = query.search.trim();
      if (text === '') {
        return {
          total: headOf().count,
          entries: db
            .prepare('SELECT entry, hash FROM journal ORDER BY seq DESC LIMIT ? OFFSET ?')
            .all<Row>(query.limit, query.offset)
            .map(toEntry),
        };
      }
      // As it stands in the entry's JSON: quotes and backslashes are escaped there.
      const pattern = likePattern(JSON.stringify(text).slice(1, -1));
      const total = db
        .prepare(`SELECT count(*) AS n FROM journal WHERE entry LIKE ? ESCAPE '\\'`)
        .get<{ n: bigint }>(pattern);
      return {
        total: Number(total?.n ?? 0),
        entries: db
          .prepare(
            `SELECT entry, hash FROM journal WHERE entry LIKE ? ESCAPE '\\' ORDER BY seq DESC LIMIT ? OFFSET ?`,
          )
          .all<Row>(pattern, query.limit, query.offset)
          .map(toEntry),
      };
    },

    /** In order, after number `after`: for work that goes through all of them. */
    entriesAfter: (after: number, limit: number): StoredEntry[] =>
      db
        .prepare('SELECT entry, hash FROM journal WHERE seq > ? ORDER BY seq LIMIT ?')
        .all<Row>(after, limit)
        .map(toEntry),
  };
};

export type JournalStore = ReturnType<typeof createJournalStore>;
