/**
 * The chain of a workspace without a network: knows its networks, reaches none. Every question fails at once with
 * `chain/offline`, so that nothing waits; nothing here constructs an agent, a socket or a timer.
 */
import type { NetworkHealth } from '../../shared/contract/app';
import { AppError } from '../../shared/errors';
import type { NetworkId } from '../../shared/model/ids';
import { parseEndpoint } from './http';
import type { Chain, NetworkConfig } from './index';
import { createNetworkClient, type NetworkClient } from './network-client';
import type { Rpc } from './rpc';

const offline = (): AppError => new AppError('chain/offline');
const rpc: Rpc = { send: () => Promise.reject(offline()), sendMany: () => Promise.reject(offline()) };

export const createOfflineChain = (): Chain => {
  const known = new Map<NetworkId, { readonly config: NetworkConfig; readonly client: NetworkClient }>();
  const listeners = new Set<(health: NetworkHealth[]) => void>();
  const connect = (network: NetworkConfig): NetworkClient => createNetworkClient(network.id, rpc);
  const health = (): NetworkHealth[] =>
    [...known.values()].map(({ config }) => ({
      networkId: config.id,
      name: config.name,
      state: 'offline',
      headBlock: null,
      asOf: null,
      isSandbox: config.isSandbox,
    }));
  return {
    setNetworks: (networks) => {
      known.clear();
      for (const config of networks) known.set(config.id, { config, client: connect(config) });
      for (const listener of listeners) listener(health());
    },
    network: (id) => {
      const entry = known.get(id);
      if (!entry) throw new AppError('directory/network-unknown', { networkId: id });
      return entry.client;
    },
    connect,
    checkEndpoints: async ({ endpoints }) => {
      // Read, so that none is kept here that would be refused elsewhere.
      endpoints.forEach(parseEndpoint);
      throw offline();
    },
    health,
    onHealth: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onHead: () => () => undefined,
    poke: () => undefined,
    start: () => undefined,
    stop: () => undefined,
  };
};
