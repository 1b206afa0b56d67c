/**
 * Opens the store: lock, key, driver, schema, anchors. Runs inside the ledger process (and in tests of stores).
 */
import { createHash, type KeyObject, randomBytes } from 'node:crypto';
import { AppError } from '../../shared/errors';
import { backupTo } from './backup';
import { type Db, type DriverInfo, type DriverName, openDatabase } from './driver';
import { checkKey, writeKeyCheck } from './key-check';
import { takeLock } from './lock-file';
import { type Migration, migrate } from './migrate';
import { MIGRATIONS } from './migrations';
import { type CheckedJournal, checkJournal, type JournalHead } from './stores/journal-check';

/** Names one state of the store: how many anchors were made, and the chained hash of the newest. */
export type StoreHead = { readonly count: bigint; readonly hash: string };

export type OpenedStore = {
  readonly db: Db;
  readonly info: DriverInfo;
  readonly schemaVersion: number;
  readonly head: StoreHead | null;
  /** The journal as it was found right; `null` when it was opened without its key. */
  readonly journal: CheckedJournal | null;
  /** Adds an anchor; whoever keeps it outside can tell later that an older copy of the file was put back. */
  readonly anchor: (now: string) => StoreHead;
  readonly backup: (target: string) => void;
  readonly close: () => void;
};

export type OpenStoreOptions = {
  readonly file: string;
  /** 32 random bytes. The caller zeroes them. */
  readonly key: Uint8Array;
  /** Newest anchor known from outside, `null` where there is none. */
  readonly expectedHead?: StoreHead | null;
  /** Key of the journal's codes, and where the journal stood by the vault: it is checked before the store is handed out. */
  readonly journal?: { readonly key: KeyObject; readonly expected: JournalHead | null };
  readonly driver?: DriverName;
  readonly migrations?: readonly Migration[];
};

const ANCHORS_KEPT = 1000n;

const readHead = (db: Db): StoreHead | null =>
  db.prepare('SELECT count, hash FROM anchors ORDER BY count DESC LIMIT 1').get<StoreHead>() ?? null;

const addAnchor = (db: Db, now: string): StoreHead =>
  db.transaction(() => {
    const last = readHead(db);
    const count = (last?.count ?? 0n) + 1n;
    const hash = createHash('sha256')
      .update(`${last?.hash ?? ''}\n${count}\n`)
      .update(randomBytes(32))
      .digest('hex');
    db.prepare('INSERT INTO anchors (count, hash, created_at) VALUES (?, ?, ?)').run(count, hash, now);
    db.prepare('DELETE FROM anchors WHERE count <= ?').run(count - ANCHORS_KEPT);
    return { count, hash };
  })();

/** SECURITY: page codes cannot tell an old page set from a new one; an anchor kept elsewhere can (D-06). */
const checkHead = (db: Db, expected: StoreHead): void => {
  const found = db.prepare('SELECT hash FROM anchors WHERE count = ?').get<{ hash: string }>(expected.count);
  if (found?.hash !== expected.hash)
    throw new AppError('ledger/rolled-back', { expected: expected.count, found: readHead(db)?.count ?? 0n });
};

/**
 * Throws `ledger/in-use`, `ledger/wrong-key`, `ledger/corrupt`, `ledger/newer-version`, `ledger/rolled-back`,
 * `journal/tampered`, `ledger/unwritable`, `disk/full`. After a throw nothing is open and no lock is held.
 */
export const openStore = (options: OpenStoreOptions): OpenedStore => {
  const { file, key } = options;
  const release = takeLock(file);
  let db: Db | undefined;
  try {
    const keyState = checkKey(file, key);
    if (keyState === 'mismatch') throw new AppError('ledger/wrong-key');
    const opened = openDatabase(file, key, options.driver === undefined ? {} : { driver: options.driver });
    db = opened;
    const schemaVersion = migrate(opened, file, options.migrations ?? MIGRATIONS);
    if (options.expectedHead) checkHead(opened, options.expectedHead);
    // SECURITY: nothing opens over a journal that somebody else has written in (D-11).
    const journal = options.journal
      ? checkJournal(opened, options.journal.key, options.journal.expected)
      : null;
    if (keyState === 'unknown') writeKeyCheck(file, key);
    let isOpen = true;
    return {
      db: opened,
      info: opened.info,
      schemaVersion,
      head: readHead(opened),
      journal,
      anchor: (now) => addAnchor(opened, now),
      backup: (target) => backupTo(opened, target),
      close: () => {
        if (!isOpen) return;
        isOpen = false;
        opened.close();
        release();
      },
    };
  } catch (error) {
    db?.close();
    release();
    throw error;
  }
};
