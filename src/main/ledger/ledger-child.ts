import { AppError } from '../../shared/errors';
import type { ChildClient } from '../platform/child';
import type { LedgerChildMethods, StoreAnchor, StoreInfo } from './ledger-protocol';
import type { StoreHead } from './store';
import type { CallOrigin, StoreName, Stores } from './stores';
import type { JournalHead } from './stores/journal-check';

/** A store's methods as main sees them: the same, answering promises. */
export type Remote<S> = {
  readonly [K in keyof S]: S[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<R> : never;
};

export type LedgerChildDeps = {
  /** Starts a ledger process and connects to it, e.g. `() => connectChild(spawn('ledger'), onInternal)`. */
  readonly connect: () => ChildClient<LedgerChildMethods>;
  /** On whose behalf a call is made at this moment: what it writes is journaled as that. Without it: the app itself. */
  readonly origin?: () => CallOrigin;
  /** After a call that wrote entries of the journal, in the context of its caller; `named`: how many in its name. */
  readonly onJournaled?: (named: number) => void;
};

export type OpenLedgerInput = {
  readonly file: string;
  /** Seals the 32-byte database key to the ledger process (the vault process does it). */
  readonly sealKey: (recipientPublicKey: Uint8Array) => Promise<Uint8Array>;
  /** The same for the journal's key. */
  readonly sealJournalKey: (recipientPublicKey: Uint8Array) => Promise<Uint8Array>;
  readonly expectedHead?: StoreHead | null;
  readonly expectedJournal?: JournalHead | null;
};

export type LedgerChild = {
  /** Starts the process and opens the file. Errors as `openStore`; after an error no process is left. */
  readonly open: (input: OpenLedgerInput) => Promise<StoreInfo>;
  /**
   * Proxy to one store; calls while closed answer `ledger/closed`. Taken while open it belongs to that opening for good;
   * taken before, to whichever is open.
   */
  readonly store: <N extends StoreName>(name: N) => Remote<Stores[N]>;
  readonly anchor: () => Promise<StoreAnchor>;
  /** Writes an encrypted copy of the file, whole or not at all. */
  readonly backup: (target: string) => Promise<void>;
  /** Closes the file and ends the process. Calls that are still open settle first or fail. */
  readonly close: () => Promise<void>;
  readonly isOpen: () => boolean;
  /** Told when the process ends without being closed. */
  readonly onCrash: (listener: (code: number | null) => void) => void;
  readonly pid: () => number | undefined;
};

const CLOSE_DEADLINE_MS = 10_000;

const byTheApp = (): CallOrigin => ({
  source: 'app',
  event: null,
  who: null,
  at: new Date().toISOString(),
});

export const createLedgerChild = ({
  connect,
  origin = byTheApp,
  onJournaled,
}: LedgerChildDeps): LedgerChild => {
  let client: ChildClient<LedgerChildMethods> | undefined;
  let isOpening = false;
  const crashListeners: ((code: number | null) => void)[] = [];

  const requireClient = (): ChildClient<LedgerChildMethods> => {
    if (!client || isOpening) throw new AppError('ledger/closed');
    return client;
  };

  const open = async (input: OpenLedgerInput): Promise<StoreInfo> => {
    if (client) throw new AppError('ledger/in-use');
    const started = connect();
    client = started;
    isOpening = true;
    try {
      const { publicKey, journalPublicKey } = await started.call('recipient', null);
      const info = await started.call('open', {
        file: input.file,
        sealedKey: await input.sealKey(publicKey),
        sealedJournalKey: await input.sealJournalKey(journalPublicKey),
        expectedHead: input.expectedHead ?? null,
        expectedJournal: input.expectedJournal ?? null,
      });
      started.onExit((code) => {
        if (client !== started) return;
        client = undefined;
        for (const listener of crashListeners) listener(code);
      });
      isOpening = false;
      return info;
    } catch (error) {
      client = undefined;
      isOpening = false;
      await started.stop();
      throw error;
    }
  };

  const close = async (): Promise<void> => {
    const closing = client;
    if (!closing) return;
    client = undefined;
    try {
      await closing.call('close', null, { deadline: CLOSE_DEADLINE_MS });
    } catch {
      // It is ended either way; the database recovers by itself at the next start.
    }
    await closing.stop();
  };

  const store = <N extends StoreName>(name: N): Remote<Stores[N]> => {
    // SECURITY: what outlives a lock must not write into the store of the next unlock.
    const own = client;
    const call = async (method: string, args: unknown[]): Promise<unknown> => {
      const current = requireClient();
      if (own !== undefined && current !== own) throw new AppError('ledger/closed');
      const { value, journaled, named } = await current.call('store', {
        store: name,
        method,
        args,
        origin: origin(),
      });
      if (journaled > 0) onJournaled?.(named);
      return value;
    };
    return new Proxy(
      {},
      {
        get: (_target, method) =>
          // A promise check on the proxy must not become a call.
          typeof method !== 'string' || method === 'then'
            ? undefined
            : (...args: unknown[]) => call(method, args),
      },
    ) as Remote<Stores[N]>;
  };

  return {
    open,
    store,
    anchor: async () => requireClient().call('anchor', null),
    backup: async (target) => {
      await requireClient().call('backup', { target });
    },
    close,
    isOpen: () => client !== undefined && !isOpening,
    onCrash: (listener) => {
      crashListeners.push(listener);
    },
    pid: () => client?.pid(),
  };
};
