/** Watches one network's head: how far it is, whether it answers, and when there is something new. */

import type { NetworkHealth } from '../../shared/contract/app';
import { AppError } from '../../shared/errors';
import type { Clock } from '../platform/clock';
import type { NetworkClient } from './network-client';
import type { Block } from './schemas';

export type HealthState = NetworkHealth['state'];

export type Watcher = {
  readonly health: () => NetworkHealth;
  /** Asks now instead of at the next turn. */
  readonly poke: () => void;
  readonly stop: () => void;
};

export type WatcherDeps = {
  readonly network: {
    readonly id: NetworkHealth['networkId'];
    readonly name: string;
    readonly isSandbox: boolean;
  };
  readonly client: NetworkClient;
  readonly clock: Clock;
  readonly onHealth: (health: NetworkHealth) => void;
  readonly onHead: (block: Block) => void;
};

const FASTEST_MS = 500;
const SLOWEST_MS = 15_000;
const FIRST_OFFLINE_MS = 1_000;

/**
 * Polls about twice per block while blocks come, slower while none do, and backs off while the network is away.
 * The sandbox makes blocks on demand, so it is polled at one steady pace.
 */
export const createWatcher = ({ network, client, clock, onHealth, onHead }: WatcherDeps): Watcher => {
  let health: NetworkHealth = {
    networkId: network.id,
    name: network.name,
    state: 'checking',
    headBlock: null,
    asOf: null,
    isSandbox: network.isSandbox,
  };
  let head: Block | undefined;
  let interval = FASTEST_MS;
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  let again = false;
  const stopping = new AbortController();

  const set = (change: Partial<NetworkHealth>): void => {
    const before = health;
    health = { ...health, ...change };
    if (before.state !== health.state || before.headBlock !== health.headBlock) onHealth(health);
  };

  const nextInterval = (block: Block): number => {
    if (network.isSandbox) return FASTEST_MS;
    if (!head || block.number <= head.number) return Math.min(interval * 1.5, SLOWEST_MS);
    const blockTime = Number((block.timestamp - head.timestamp) * 1000n) / Number(block.number - head.number);
    return Math.min(Math.max(blockTime / 2, FASTEST_MS), SLOWEST_MS);
  };

  const look = async (): Promise<void> => {
    try {
      const block = await client.getBlock('latest', { signal: stopping.signal });
      if (stopping.signal.aborted) return;
      if (!block) throw new AppError('chain/invalid-answer');
      interval = nextInterval(block);
      const isNew = head?.hash !== block.hash;
      head = block;
      set({ state: 'online', headBlock: block.number, asOf: clock.now().toISOString() });
      if (isNew) onHead(block);
    } catch (error) {
      if (stopping.signal.aborted) return;
      const isWrong = error instanceof AppError && error.code === 'chain/wrong-chain';
      interval =
        health.state === 'online'
          ? FIRST_OFFLINE_MS
          : Math.min(interval * 2, network.isSandbox ? 2_000 : 30_000);
      set({ state: isWrong ? 'wrong-chain' : 'offline' });
    }
  };

  const turn = (): void => {
    if (running || stopping.signal.aborted) {
      again = true;
      return;
    }
    clearTimeout(timer);
    running = true;
    void look().finally(() => {
      running = false;
      if (stopping.signal.aborted) return;
      timer = setTimeout(turn, again ? 0 : interval);
      timer.unref();
      again = false;
    });
  };
  turn();

  return {
    health: () => health,
    poke: turn,
    stop: () => {
      clearTimeout(timer);
      stopping.abort();
    },
  };
};
