/**
 * The journal's codes, and the check of the whole of it. Runs at every opening of the store, before anything else is read.
 */
import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { AppError } from '../../../shared/errors';
import { Hash32, type Instant } from '../../../shared/model/ids';
import { JOURNAL_START } from '../../../shared/model/journal';
import type { Db } from '../driver';

/** A key object is several times faster than the bytes. */
export const journalKeyOf = (bytes: Uint8Array): KeyObject => createSecretKey(bytes);

/** How many entries, and the hash of the last ({@link JOURNAL_START} when there is none). */
export type JournalHead = { readonly count: number; readonly head: Hash32 };

/** What is wrong with the entry (or the place) that `seq` names. */
export type JournalFault =
  /** Its hash does not follow from its content and the entry before it. */
  | 'edited'
  /** Hashes fit, but this was not written by a holder of the journal key. */
  | 'forged'
  /** It is not there, while later ones are. */
  | 'missing'
  /** It and everything after it were taken off the end. */
  | 'cut'
  /** The vault remembers another entry in this place. */
  | 'replaced'
  /** The record of the newest entry is missing or was not written with it. */
  | 'head';

export type CheckedJournal = JournalHead & { readonly latest: Instant | null };

export const hashOf = (previous: Hash32, text: string): Hash32 =>
  `0x${createHash('sha256').update(`nostro/journal/v1\n${previous}\n${text}`).digest('hex')}` as Hash32;

export const macOfEntry = (key: KeyObject, hash: Hash32): string =>
  createHmac('sha256', key).update(`nostro/journal/entry/v1\n${hash}`).digest('hex');

export const macOfHead = (key: KeyObject, head: JournalHead, latest: string): string =>
  createHmac('sha256', key)
    .update(`nostro/journal/head/v1\n${head.count}\n${head.head}\n${latest}`)
    .digest('hex');

export type HeadRow = {
  readonly count: bigint;
  readonly hash: string;
  readonly latest: string;
  readonly mac: string;
};
type Row = { readonly seq: bigint; readonly entry: string; readonly hash: string; readonly mac: string };

const PAGE = 5_000;

export const readHeadRow = (db: Db): HeadRow | undefined =>
  db.prepare('SELECT count, hash, latest, mac FROM journal_head WHERE id = 1').get<HeadRow>();

/**
 * Goes through every entry from the first. `expected`: what the vault remembers, `null` where it remembers nothing.
 *
 * Entries after the remembered one are right and expected: they were written after the vault was last told (a crash). What
 * is never right is less than it remembers, or something else in its place.
 *
 * Throws `journal/tampered` with `seq`, the first entry that is not as it was written, and `what`, a {@link JournalFault}.
 */
export const checkJournal = (db: Db, key: KeyObject, expected: JournalHead | null): CheckedJournal => {
  const tampered = (seq: number, what: JournalFault): AppError =>
    new AppError('journal/tampered', { seq, what });
  const page = db.prepare('SELECT seq, entry, hash, mac FROM journal WHERE seq > ? ORDER BY seq LIMIT ?');
  let count = 0;
  let head: Hash32 = JOURNAL_START;
  // Also below 1, where no entry of ours ever stands.
  let after = -(2n ** 62n);
  for (;;) {
    const rows = page.all<Row>(after, PAGE);
    if (rows.length === 0) break;
    for (const row of rows) {
      const seq = count + 1;
      if (row.seq !== BigInt(seq)) throw tampered(seq, row.seq > seq ? 'missing' : 'edited');
      const hash = hashOf(head, row.entry);
      if (row.hash !== hash) throw tampered(seq, 'edited');
      // SECURITY: anybody can compute hashes. Only a holder of the vault's key can compute this.
      if (row.mac !== macOfEntry(key, hash)) throw tampered(seq, 'forged');
      if (expected?.count === seq && expected.head !== hash) throw tampered(seq, 'replaced');
      head = hash;
      count = seq;
      after = row.seq;
    }
  }
  if (expected && count < expected.count) throw tampered(count + 1, 'cut');

  // SECURITY: entries after the remembered one could be taken off unseen, if nothing else knew how many there were.
  const row = readHeadRow(db);
  if (row === undefined) {
    if (count > 0) throw tampered(count, 'head');
    return { count, head, latest: null };
  }
  const claimed = Number(row.count);
  const known = { count: claimed, head: Hash32.safeParse(row.hash).data ?? JOURNAL_START };
  if (row.mac !== macOfHead(key, known, row.latest)) throw tampered(Math.max(count, 1), 'head');
  if (claimed > count) throw tampered(count + 1, 'cut');
  if (claimed < count || known.head !== head) throw tampered(Math.max(claimed, 1), 'head');
  return { count, head, latest: row.latest };
};
