/**
 * The replica's loop: one task per network, driven by new heads, by changes of the directory and by people. Passes of
 * one network never overlap; of several networks they run side by side.
 */
import type { AppEvent, SyncState } from '../../shared/contract';
import { AppError } from '../../shared/errors';
import type { Network, OwnAccount, Token } from '../../shared/model/directory';
import type { NetworkId } from '../../shared/model/ids';
import type { Chain } from '../chain';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { Remote } from './ledger-child';
import { createNetworkSync, type NetworkSyncPasses } from './replica-sync';
import type { LedgerStore } from './stores/ledger-store';

export type ReplicaDeps = {
  readonly store: Remote<LedgerStore>;
  readonly chain: Pick<Chain, 'network' | 'onHead'>;
  readonly directory: {
    readonly networks: () => Promise<readonly Network[]>;
    readonly tokens: () => Promise<readonly Token[]>;
    readonly accounts: () => Promise<readonly OwnAccount[]>;
  };
  readonly clock: Clock;
  readonly log: Logger;
  readonly emit: (event: AppEvent) => void;
};

export type Replica = {
  /** Starts to follow all networks of the directory. */
  readonly start: () => Promise<void>;
  /** The directory changed: new networks, tokens and accounts are read from their first block. */
  readonly refresh: () => Promise<void>;
  /** One pass over every network now; resolves when all are done, however they ended. */
  readonly syncNow: () => Promise<void>;
  readonly states: () => SyncState[];
  /** Ends all work; resolves when nothing writes any more. */
  readonly stop: () => Promise<void>;
};

type Task = {
  readonly network: Network;
  readonly passes: NetworkSyncPasses;
  state: SyncState;
  running: Promise<void> | null;
  isAgain: boolean;
};

const PROGRESS_EVERY_MS = 250;
const RETRY_MS = 5_000;

export const createReplica = ({ store, chain, directory, clock, log, emit }: ReplicaDeps): Replica => {
  const tasks = new Map<NetworkId, Task>();
  const stopping = new AbortController();
  const timers = new Set<NodeJS.Timeout>();
  let unsubscribe: (() => void) | undefined;
  let toldAt = 0;

  const states = (): SyncState[] => [...tasks.values()].map(({ state }) => state);

  const tell = (task: Task, change: Partial<SyncState>, isProgress = false): void => {
    const before = task.state;
    task.state = { ...before, ...change };
    if (isProgress && clock.monotonicMs() - toldAt < PROGRESS_EVERY_MS) return;
    if (JSON.stringify(before, stringify) === JSON.stringify(task.state, stringify)) return;
    toldAt = clock.monotonicMs();
    emit({ type: 'ledger.sync', networks: states() });
  };

  const later = (task: Task): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      void trigger(task);
    }, RETRY_MS);
    timer.unref();
    timers.add(timer);
  };

  const run = async (task: Task): Promise<void> => {
    const { network } = task;
    try {
      const [tokens, accounts] = await Promise.all([directory.tokens(), directory.accounts()]);
      const { halted } = await store.networkSync(network.id);
      if (halted !== null) {
        tell(task, { state: 'error', error: halted });
        return;
      }
      if (task.state.state !== 'idle') tell(task, { state: 'syncing' });
      const result = await task.passes.pass(
        { network, tokens: tokens.filter(({ networkId }) => networkId === network.id), accounts },
        { signal: stopping.signal },
      );
      tell(task, {
        state: 'idle',
        syncedTo: result.syncedTo,
        head: result.head,
        asOf: result.asOf,
        error: null,
      });
      if (result.unreconciled > 0)
        log.warn('balances differ', { networkId: network.id, pairs: result.unreconciled });
      if (result.hasChanged) emit({ type: 'ledger.changed' });
    } catch (error) {
      if (stopping.signal.aborted) return;
      const code = error instanceof AppError ? error.code : 'internal';
      log.warn('sync failed', {
        networkId: network.id,
        code,
        cause: String((error as Error).stack ?? error),
      });
      // SECURITY: a chain that takes back what was final stops the replica until a person has looked.
      if (code === 'ledger/reorg-below-finality') await store.setHalted(network.id, code);
      tell(task, { state: code === 'chain/unreachable' ? 'offline' : 'error', error: code });
      if (code !== 'ledger/reorg-below-finality') later(task);
    }
  };

  const trigger = (task: Task): Promise<void> => {
    if (stopping.signal.aborted) return Promise.resolve();
    if (task.running) {
      task.isAgain = true;
      return task.running;
    }
    task.running = (async () => {
      do {
        task.isAgain = false;
        await run(task);
      } while (task.isAgain && !stopping.signal.aborted);
    })().finally(() => {
      task.running = null;
    });
    return task.running;
  };

  const refresh = async (): Promise<void> => {
    const networks = await directory.networks();
    const known = new Set(networks.map(({ id }) => id));
    for (const id of tasks.keys()) if (!known.has(id)) tasks.delete(id);
    for (const network of networks) {
      const before = tasks.get(network.id);
      if (before && JSON.stringify(before.network, stringify) === JSON.stringify(network, stringify))
        continue;
      const kept = await store.networkSync(network.id);
      const task: Task = {
        network,
        passes: createNetworkSync({
          client: lazyClient(chain, network.id),
          store,
          clock,
          log,
          onProgress: (syncedTo, head) => tell(task, { state: 'syncing', syncedTo, head }, true),
        }),
        state: {
          networkId: network.id,
          state: kept.halted === null ? 'syncing' : 'error',
          syncedTo: kept.head,
          head: kept.head,
          asOf: kept.syncedAt,
          error: kept.halted,
        },
        running: null,
        isAgain: false,
      };
      tasks.set(network.id, task);
    }
    emit({ type: 'ledger.sync', networks: states() });
    for (const task of tasks.values()) void trigger(task);
  };

  return {
    start: async () => {
      unsubscribe = chain.onHead((id) => {
        const task = tasks.get(id);
        if (task) void trigger(task);
      });
      await refresh();
    },
    refresh,
    syncNow: async () => {
      // A person asks: what was halted compares again, and halts again if nothing is different.
      for (const { network, state } of tasks.values())
        if (state.state === 'error') await store.setHalted(network.id, null);
      await Promise.all([...tasks.values()].map(trigger));
    },
    states,
    stop: async () => {
      unsubscribe?.();
      stopping.abort();
      for (const timer of timers) clearTimeout(timer);
      await Promise.all([...tasks.values()].map(({ running }) => running));
    },
  };
};

/** Endpoints may change while a task runs: the client is looked up at each question. */
const lazyClient = (chain: ReplicaDeps['chain'], id: NetworkId): ReturnType<Chain['network']> =>
  new Proxy({} as ReturnType<Chain['network']>, {
    get: (_target, name) => chain.network(id)[name as keyof ReturnType<Chain['network']>],
  });

const stringify = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? `${value}n` : value;
