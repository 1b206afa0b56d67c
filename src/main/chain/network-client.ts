/** One network's questions as functions, over any number of endpoints. */

import { AppError } from '../../shared/errors';
import type { Address, Hash32, Hex, NetworkId } from '../../shared/model/ids';
import { keccak256 } from './address';
import type { BlockRef, CallInput, CallResult, GasResult, LogFilter, SendResult } from './requests';
import * as requests from './requests';
import type { Rpc, RpcOptions, RpcRequest } from './rpc';
import type { AccountProof, Block, FeeHistory, Log, Receipt, Transaction } from './schemas';

/**
 * Every function may throw `chain/unreachable` (no endpoint answered), `chain/wrong-chain`, `chain/invalid-answer` (an
 * answer that is not of the promised form, or about something else), `chain/refused` (an error that has no meaning
 * here; its text is in the log), `cancelled`.
 */
export type NetworkClient = {
  readonly networkId: NetworkId;
  readonly chainId: (options?: RpcOptions) => Promise<bigint>;
  readonly blockNumber: (options?: RpcOptions) => Promise<bigint>;
  /** `null` when the node has no such block. */
  readonly getBlock: (ref: BlockRef, options?: RpcOptions) => Promise<Block | null>;
  readonly getBlocks: (refs: readonly BlockRef[], options?: RpcOptions) => Promise<(Block | null)[]>;
  readonly getCode: (address: Address, ref?: BlockRef, options?: RpcOptions) => Promise<Hex>;
  readonly getStorageAt: (
    address: Address,
    slot: Hash32,
    ref?: BlockRef,
    options?: RpcOptions,
  ) => Promise<Hash32>;
  /** Simulates; a refusal by the contract is a result, not an error. */
  readonly call: (input: CallInput, ref?: BlockRef, options?: RpcOptions) => Promise<CallResult>;
  readonly callMany: (
    inputs: readonly CallInput[],
    ref?: BlockRef,
    options?: RpcOptions,
  ) => Promise<CallResult[]>;
  readonly estimateGas: (input: CallInput, options?: RpcOptions) => Promise<GasResult>;
  readonly estimateGasMany: (inputs: readonly CallInput[], options?: RpcOptions) => Promise<GasResult[]>;
  readonly getLogs: (filter: LogFilter, options?: RpcOptions) => Promise<Log[]>;
  readonly getTransactionCount: (address: Address, ref?: BlockRef, options?: RpcOptions) => Promise<bigint>;
  readonly getBalance: (address: Address, ref?: BlockRef, options?: RpcOptions) => Promise<bigint>;
  readonly getTransactionByHash: (hash: Hash32, options?: RpcOptions) => Promise<Transaction | null>;
  readonly getTransactionsByHash: (
    hashes: readonly Hash32[],
    options?: RpcOptions,
  ) => Promise<(Transaction | null)[]>;
  readonly getTransactionReceipt: (hash: Hash32, options?: RpcOptions) => Promise<Receipt | null>;
  readonly getTransactionReceipts: (
    hashes: readonly Hash32[],
    options?: RpcOptions,
  ) => Promise<(Receipt | null)[]>;
  readonly getBlockReceipts: (
    ref: bigint | { readonly hash: Hash32 },
    options?: RpcOptions,
  ) => Promise<Receipt[] | null>;
  /** `outcome: 'refused'` when the node said no in words that mean nothing to us (they are in the log). */
  readonly sendRawTransaction: (raw: Hex, options?: RpcOptions) => Promise<SendResult>;
  readonly feeHistory: (
    blocks: number,
    percentiles: readonly number[],
    options?: RpcOptions,
  ) => Promise<FeeHistory>;
  readonly gasPrice: (options?: RpcOptions) => Promise<bigint>;
  /** `null` where the node has no such method (networks without EIP-1559). */
  readonly maxPriorityFee: (options?: RpcOptions) => Promise<bigint | null>;
  readonly getProof: (
    address: Address,
    slots: readonly Hash32[],
    ref: BlockRef,
    options?: RpcOptions,
  ) => Promise<AccountProof>;
  /** Several questions of one kind in few exchanges (see requests.ts). */
  readonly sendMany: <T>(list: readonly RpcRequest<T>[], options?: RpcOptions) => Promise<T[]>;
};

export const createNetworkClient = (networkId: NetworkId, rpc: Rpc): NetworkClient => ({
  networkId,
  chainId: (options) => rpc.send(requests.getChainId(), options),
  blockNumber: (options) => rpc.send(requests.getBlockNumber(), options),
  getBlock: (ref, options) => rpc.send(requests.getBlock(ref), options),
  getBlocks: (refs, options) => rpc.sendMany(refs.map(requests.getBlock), options),
  getCode: (address, ref, options) => rpc.send(requests.getCode(address, ref), options),
  getStorageAt: (address, slot, ref, options) => rpc.send(requests.getStorageAt(address, slot, ref), options),
  call: (input, ref, options) => rpc.send(requests.call(input, ref), options),
  callMany: (inputs, ref, options) =>
    rpc.sendMany(
      inputs.map((input) => requests.call(input, ref)),
      options,
    ),
  estimateGas: (input, options) => rpc.send(requests.estimateGas(input), options),
  estimateGasMany: (inputs, options) =>
    rpc.sendMany(
      inputs.map((input) => requests.estimateGas(input)),
      options,
    ),
  getLogs: (filter, options) => rpc.send(requests.getLogs(filter), options),
  getTransactionCount: (address, ref, options) =>
    rpc.send(requests.getTransactionCount(address, ref), options),
  getBalance: (address, ref, options) => rpc.send(requests.getBalance(address, ref), options),
  getTransactionByHash: (hash, options) => rpc.send(requests.getTransactionByHash(hash), options),
  getTransactionsByHash: (hashes, options) =>
    rpc.sendMany(hashes.map(requests.getTransactionByHash), options),
  getTransactionReceipt: (hash, options) => rpc.send(requests.getTransactionReceipt(hash), options),
  getTransactionReceipts: (hashes, options) =>
    rpc.sendMany(hashes.map(requests.getTransactionReceipt), options),
  getBlockReceipts: (ref, options) => rpc.send(requests.getBlockReceipts(ref), options),
  sendRawTransaction: async (raw, options) => {
    try {
      return await rpc.send(requests.sendRawTransaction(raw, keccak256(raw)), options);
    } catch (error) {
      if (error instanceof AppError && error.code === 'chain/refused') return { outcome: 'refused' };
      throw error;
    }
  },
  feeHistory: (blocks, percentiles, options) =>
    rpc.send(requests.getFeeHistory(blocks, percentiles), options),
  gasPrice: (options) => rpc.send(requests.getGasPrice(), options),
  maxPriorityFee: async (options) => {
    try {
      return await rpc.send(requests.getMaxPriorityFee(), options);
    } catch (error) {
      if (error instanceof AppError && error.code === 'chain/refused') return null;
      throw error;
    }
  },
  getProof: (address, slots, ref, options) => rpc.send(requests.getProof(address, slots, ref), options),
  sendMany: (list, options) => rpc.sendMany(list, options),
});
