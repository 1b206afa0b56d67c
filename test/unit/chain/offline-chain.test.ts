/** The chain of a workspace without a network answers everything at once, and makes nothing that could connect. */
import http from 'node:http';
import https from 'node:https';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createOfflineChain, type NetworkClient, type NetworkConfig } from '../../../src/main/chain';
import type { NetworkHealth } from '../../../src/shared/contract';
import { Address, Hash32, Hex, NetworkId } from '../../../src/shared/model/ids';

const address = Address.parse('0x0000000000000000000000000000000000000001');
const hash = Hash32.parse(`0x${'11'.repeat(32)}`);
const NETWORK: NetworkConfig = {
  id: NetworkId.parse('eip155:1'),
  name: 'Mainnet',
  endpoints: ['https://node.example/', 'http://127.0.0.1:8545/'],
  isSandbox: false,
};
/** Every question of a client, so that one which is added is tried too: the list is checked against the client. */
const questions: Record<
  Exclude<keyof NetworkClient, 'networkId'>,
  (client: NetworkClient) => Promise<unknown>
> = {
  chainId: (client) => client.chainId(),
  blockNumber: (client) => client.blockNumber(),
  getBlock: (client) => client.getBlock('latest'),
  getBlocks: (client) => client.getBlocks([1n, 2n]),
  getCode: (client) => client.getCode(address),
  getStorageAt: (client) => client.getStorageAt(address, hash),
  call: (client) => client.call({ from: address, to: address, data: Hex.parse('0x') }),
  callMany: (client) => client.callMany([{ from: address, to: address, data: Hex.parse('0x') }]),
  estimateGas: (client) => client.estimateGas({ from: address, to: address, data: Hex.parse('0x') }),
  estimateGasMany: (client) =>
    client.estimateGasMany([{ from: address, to: address, data: Hex.parse('0x') }]),
  getLogs: (client) => client.getLogs({ addresses: [address], topics: [], fromBlock: 0n, toBlock: 1n }),
  getTransactionCount: (client) => client.getTransactionCount(address),
  getBalance: (client) => client.getBalance(address),
  getTransactionByHash: (client) => client.getTransactionByHash(hash),
  getTransactionsByHash: (client) => client.getTransactionsByHash([hash]),
  getTransactionReceipt: (client) => client.getTransactionReceipt(hash),
  getTransactionReceipts: (client) => client.getTransactionReceipts([hash]),
  getBlockReceipts: (client) => client.getBlockReceipts(1n),
  sendRawTransaction: (client) => client.sendRawTransaction(Hex.parse('0x01')),
  feeHistory: (client) => client.feeHistory(1, [50]),
  gasPrice: (client) => client.gasPrice(),
  maxPriorityFee: (client) => client.maxPriorityFee(),
  getProof: (client) => client.getProof(address, [hash], 'latest'),
  sendMany: (client) => client.sendMany([]),
};

describe('the offline chain', () => {
  afterEach(() => vi.restoreAllMocks());

  it('refuses every question without asking anybody', async () => {
    const requests = [vi.spyOn(http, 'request'), vi.spyOn(https, 'request')];
    const timer = vi.spyOn(globalThis, 'setTimeout');
    const chain = createOfflineChain();
    chain.setNetworks([NETWORK]);
    chain.start();
    chain.poke();
    for (const client of [chain.network(NETWORK.id), chain.connect(NETWORK)]) {
      expect(Object.keys(client).toSorted()).toEqual(['networkId', ...Object.keys(questions)].toSorted());
      for (const ask of Object.values(questions))
        await expect(ask(client)).rejects.toMatchObject({ code: 'chain/offline' });
    }
    await expect(chain.checkEndpoints(NETWORK)).rejects.toMatchObject({ code: 'chain/offline' });
    for (const request of requests) expect(request).not.toHaveBeenCalled();
    expect(timer).not.toHaveBeenCalled();
    chain.stop();
  });

  it('reads addresses as the chain with a network does', async () => {
    const chain = createOfflineChain();
    for (const endpoint of [
      'http://node.example/',
      'https://user:word@node.example/',
      'file:///etc/passwd',
      'x',
    ])
      await expect(chain.checkEndpoints({ ...NETWORK, endpoints: [endpoint] })).rejects.toMatchObject({
        code: 'chain/endpoint-invalid',
      });
  });

  it('calls its networks offline, and knows no others', () => {
    const chain = createOfflineChain();
    const told: NetworkHealth[][] = [];
    const stop = chain.onHealth((health) => told.push(health));
    chain.setNetworks([NETWORK]);
    expect(told).toEqual([
      [
        {
          networkId: NETWORK.id,
          name: 'Mainnet',
          state: 'offline',
          headBlock: null,
          asOf: null,
          isSandbox: false,
        },
      ],
    ]);
    expect(chain.health()).toEqual(told[0]);
    stop();
    chain.setNetworks([]);
    expect(told).toHaveLength(1);
    expect(() => chain.network(NETWORK.id)).toThrow(
      expect.objectContaining({ code: 'directory/network-unknown' }),
    );
  });
});
