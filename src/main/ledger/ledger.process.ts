/**
 * The ledger process: the only one that opens the database. It gets its key sealed to a key pair of its own, answers
 * calls to the stores by an explicit table, and ends when it is closed, so that nothing of the key stays in memory.
 */
import type { KeyObject } from 'node:crypto';
import { AppError } from '../../shared/errors';
import { serveChild } from '../platform/child-server';
import { createRecipient } from '../platform/sealed-box';
import type { LedgerChildMethods } from './ledger-protocol';
import { type OpenedStore, openStore } from './store';
import { createStoreCalls, createStores, METHODS } from './stores';
import { journalKeyOf } from './stores/journal-check';

type Open = {
  readonly store: OpenedStore;
  readonly journal: ReturnType<typeof createStores>['journal'];
  readonly call: ReturnType<typeof createStoreCalls>;
};

const recipient = createRecipient();
const journalRecipient = createRecipient();
let open: Open | undefined;

const requireOpen = (): Open => {
  if (!open) throw new AppError('ledger/closed');
  return open;
};

serveChild<LedgerChildMethods>({
  recipient: () => ({ publicKey: recipient.publicKey, journalPublicKey: journalRecipient.publicKey }),
  open: ({ file, sealedKey, sealedJournalKey, expectedHead = null, expectedJournal = null }) => {
    if (open) throw new AppError('ledger/in-use');
    let key: Uint8Array;
    let journalKey: KeyObject;
    try {
      key = recipient.open(sealedKey);
      const bytes = journalRecipient.open(sealedJournalKey);
      journalKey = journalKeyOf(bytes);
      bytes.fill(0);
    } catch (error) {
      throw new AppError('ledger/wrong-key', undefined, { cause: error });
    }
    try {
      const store = openStore({
        file,
        key,
        expectedHead,
        journal: { key: journalKey, expected: expectedJournal },
      });
      if (!store.journal) throw new Error('the journal was not checked');
      const stores = createStores(store.db, journalKey);
      open = {
        store,
        journal: stores.journal,
        call: createStoreCalls(store.db, stores, METHODS),
      };
      return {
        info: store.info,
        schemaVersion: store.schemaVersion,
        head: store.head,
        journal: store.journal,
      };
    } finally {
      key.fill(0);
    }
  },
  store: ({ store, method, args, origin }) => requireOpen().call(store, method, args, origin),
  anchor: () => {
    const { store, journal } = requireOpen();
    return { ...store.anchor(new Date().toISOString()), journal: journal.head() };
  },
  backup: ({ target }) => {
    requireOpen().store.backup(target);
    return null;
  },
  close: () => {
    open?.store.close();
    open = undefined;
    return null;
  },
});
