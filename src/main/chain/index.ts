/**
 * The chain: the only module with network access.
 *
 * Hides: JSON-RPC, HTTP and its limits, endpoints and fail-over, the many ways in which nodes word errors. Invariants:
 * every answer is parsed into an exact type or refused; an endpoint is used only while it says the right chain id; no
 * text of a server leaves this module except into the log.
 * Callers: directory (probing), payments and settlement (pre-flight, sending, following), ledger (the replica);
 * compose.ts injects a `Chain` or one network's `NetworkClient`.
 */

import type { NetworkHealth } from '../../shared/contract/app';
import { AppError } from '../../shared/errors';
import type { Network } from '../../shared/model/directory';
import { chainIdOf, type NetworkId } from '../../shared/model/ids';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { createWatcher, type Watcher } from './health';
import { createHttpClient, DEFAULT_LIMITS, type HttpLimits } from './http';
import { createNetworkClient, type NetworkClient } from './network-client';
import { createRpc } from './rpc';
import type { Block } from './schemas';

export { checksumAddress, keccak256, type ParsedAddress, parseAddress } from './address';
export { parseEndpoint } from './http';
export type { NetworkClient } from './network-client';
export { createOfflineChain } from './offline-chain';
export type { BlockRef, CallInput, CallResult, GasResult, LogFilter, SendResult } from './requests';
export * as requests from './requests';
export type { RpcOptions, RpcRequest } from './rpc';
export type { CallFailure, SendOutcome } from './rpc-errors';
export type { AccountProof, Block, FeeHistory, Log, Receipt, Transaction } from './schemas';

/** What the chain needs to know of a network. A whole `Network` of the directory fits. */
export type NetworkConfig = Pick<Network, 'id' | 'name' | 'endpoints' | 'isSandbox'>;

export type Chain = {
  /** Networks to serve and watch, as the directory has them now. Changed endpoints start afresh. */
  readonly setNetworks: (networks: readonly NetworkConfig[]) => void;
  /** Throws `directory/network-unknown`. The returned client stays valid until the network's endpoints change. */
  readonly network: (id: NetworkId) => NetworkClient;
  /** A client for a network that is not kept (yet): adding a network, checking its endpoints. */
  readonly connect: (network: NetworkConfig) => NetworkClient;
  /**
   * Asks every endpoint of a network for its chain id. Throws `chain/endpoint-invalid`, `chain/unreachable`,
   * `chain/wrong-chain`.
   */
  readonly checkEndpoints: (network: NetworkConfig) => Promise<void>;
  readonly health: () => NetworkHealth[];
  /** Called with all networks' health whenever one changes. Returns the way to stop. */
  readonly onHealth: (listener: (health: NetworkHealth[]) => void) => () => void;
  /** Called for each new head block seen. */
  readonly onHead: (listener: (id: NetworkId, block: Block) => void) => () => void;
  /** Looks at the head now (all networks, or one). */
  readonly poke: (id?: NetworkId) => void;
  /** Watching goes on only between `start` and `stop`. */
  readonly start: () => void;
  /** For good: questions under way and later ones fail with `cancelled`. */
  readonly stop: () => void;
};

export type ChainDeps = {
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits?: HttpLimits;
};

type Served = {
  readonly config: NetworkConfig;
  readonly client: NetworkClient;
  watcher: Watcher | undefined;
};

export const createChain = ({ clock, log, limits = DEFAULT_LIMITS }: ChainDeps): Chain => {
  const http = createHttpClient(limits);
  const served = new Map<NetworkId, Served>();
  const healthListeners = new Set<(health: NetworkHealth[]) => void>();
  const headListeners = new Set<(id: NetworkId, block: Block) => void>();
  let isWatching = false;

  const connect = (network: NetworkConfig): NetworkClient =>
    createNetworkClient(
      network.id,
      createRpc({
        chainId: chainIdOf(network.id),
        endpoints: network.endpoints,
        postJson: http.postJson,
        monotonicMs: clock.monotonicMs,
        log,
      }),
    );

  const health = (): NetworkHealth[] =>
    [...served.values()].map(
      ({ config, watcher }) =>
        watcher?.health() ?? {
          networkId: config.id,
          name: config.name,
          state: 'checking',
          headBlock: null,
          asOf: null,
          isSandbox: config.isSandbox,
        },
    );

  const tellHealth = (): void => {
    const all = health();
    for (const listener of healthListeners) listener(all);
  };

  const watch = (entry: Served): void => {
    entry.watcher ??= createWatcher({
      network: entry.config,
      client: entry.client,
      clock,
      onHealth: tellHealth,
      onHead: (block) => {
        for (const listener of headListeners) listener(entry.config.id, block);
      },
    });
  };

  const setNetworks = (networks: readonly NetworkConfig[]): void => {
    const kept = new Map(networks.map((network) => [network.id, network]));
    for (const [id, entry] of served) {
      const next = kept.get(id);
      if (
        next &&
        JSON.stringify([next.endpoints, next.name, next.isSandbox]) ===
          JSON.stringify([entry.config.endpoints, entry.config.name, entry.config.isSandbox])
      )
        continue;
      entry.watcher?.stop();
      served.delete(id);
    }
    for (const network of networks) {
      if (served.has(network.id)) continue;
      const entry: Served = { config: network, client: connect(network), watcher: undefined };
      served.set(network.id, entry);
      if (isWatching) watch(entry);
    }
    tellHealth();
  };

  return {
    setNetworks,
    network: (id) => {
      const entry = served.get(id);
      if (!entry) throw new AppError('directory/network-unknown', { networkId: id });
      return entry.client;
    },
    connect,
    checkEndpoints: async (network) => {
      for (const endpoint of network.endpoints)
        await connect({ ...network, endpoints: [endpoint] }).chainId();
    },
    health,
    onHealth: (listener) => {
      healthListeners.add(listener);
      return () => healthListeners.delete(listener);
    },
    onHead: (listener) => {
      headListeners.add(listener);
      return () => headListeners.delete(listener);
    },
    poke: (id) => {
      for (const entry of served.values())
        if (id === undefined || entry.config.id === id) entry.watcher?.poke();
    },
    start: () => {
      isWatching = true;
      for (const entry of served.values()) watch(entry);
    },
    stop: () => {
      isWatching = false;
      for (const entry of served.values()) {
        entry.watcher?.stop();
        entry.watcher = undefined;
      }
      http.close();
    },
  };
};
