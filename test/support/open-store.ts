/**
 * A real encrypted database in a temp folder for tests of stores: `const { db, close } = openTestStore();` All
 * migrations are applied. Uses the production driver (Node 24) unless told otherwise.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Db, DriverName } from '../../src/main/ledger/driver';
import type { Migration } from '../../src/main/ledger/migrate';
import { type OpenedStore, openStore } from '../../src/main/ledger/store';

export type TestStore = {
  readonly db: Db;
  readonly store: OpenedStore;
  readonly file: string;
  readonly folder: string;
  readonly key: Uint8Array;
  /** Closes and opens the same file again, as a restart does. */
  readonly reopen: () => Db;
  /** Closes and removes the folder. */
  readonly close: () => void;
};

export type TestStoreOptions = {
  readonly driver?: DriverName;
  /** Default: all of src/main/ledger/migrations. */
  readonly migrations?: readonly Migration[];
};

export const openTestStore = (options: TestStoreOptions = {}): TestStore => {
  const folder = mkdtempSync(join(tmpdir(), 'nostro-store-'));
  const file = join(folder, 'ledger.db');
  const key = new Uint8Array(randomBytes(32));
  const open = (): OpenedStore => openStore({ file, key, ...options });
  let store = open();
  return {
    get db() {
      return store.db;
    },
    get store() {
      return store;
    },
    file,
    folder,
    key,
    reopen: () => {
      store.close();
      store = open();
      return store.db;
    },
    close: () => {
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
