/**
 * The ledger process: the only one that opens the database. It gets its key sealed to a key pair of its own, answers
 * calls to the stores by an explicit table, and ends when it is closed, so that nothing of the key stays in memory.
 */
import { AppError } from '../../shared/errors';
import { serveChild } from '../platform/child-server';
import { createRecipient } from '../platform/sealed-box';
import type { LedgerChildMethods } from './ledger-protocol';
import { type OpenedStore, openStore } from './store';
import { createStores } from './stores';

type Open = {
  readonly store: OpenedStore;
  readonly stores: Readonly<Record<string, Readonly<Record<string, (...args: never[]) => unknown>>>>;
};

const recipient = createRecipient();
let open: Open | undefined;

const requireOpen = (): Open => {
  if (!open) throw new AppError('ledger/closed');
  return open;
};

serveChild<LedgerChildMethods>({
  recipient: () => ({ publicKey: recipient.publicKey }),
  open: ({ file, sealedKey, expectedHead }) => {
    if (open) throw new AppError('ledger/in-use');
    let key: Uint8Array;
    try {
      key = recipient.open(sealedKey);
    } catch (error) {
      throw new AppError('ledger/wrong-key', undefined, { cause: error });
    }
    try {
      const store = openStore({ file, key, ...(expectedHead === undefined ? {} : { expectedHead }) });
      open = { store, stores: createStores(store.db) };
      return { info: store.info, schemaVersion: store.schemaVersion, head: store.head };
    } finally {
      key.fill(0);
    }
  },
  store: ({ store: name, method, args }) => {
    const { stores } = requireOpen();
    const store = Object.hasOwn(stores, name) ? stores[name] : undefined;
    const call = store && Object.hasOwn(store, method) ? store[method] : undefined;
    if (!call) throw new Error(`no store method ${name}.${method}`);
    return call(...(args as never[]));
  },
  anchor: () => requireOpen().store.anchor(new Date().toISOString()),
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
