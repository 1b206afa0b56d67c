/**
 * Every question that Nostro asks a node, with the form of its answer. Pure. An answer is also checked against its
 * question: another block, another transaction or a log outside the filter is not an answer.
 */
import { z } from 'zod';
import type { Address, Hash32, Hex } from '../../shared/model/ids';
import type { RpcRequest } from './rpc';
import { type CallFailure, classifyCall, classifySend, revertDataOf, type SendOutcome } from './rpc-errors';
import {
  AccountProof,
  Block,
  FeeHistory,
  HashData,
  HexData,
  Log,
  Quantity,
  Receipt,
  Transaction,
  WordData,
} from './schemas';

/** A block by tag, number or hash (EIP-1898; the hash must be in the canonical chain). */
export type BlockRef =
  | 'latest'
  | 'safe'
  | 'finalized'
  | 'earliest'
  | 'pending'
  | bigint
  | { readonly hash: Hash32 };

export type CallInput = {
  readonly from?: Address;
  readonly to: Address;
  readonly data: Hex;
  readonly value?: bigint;
  readonly gas?: bigint;
  readonly gasPrice?: bigint;
};

/** Result of a simulated call. `revertData` is the raw data of the refusal, `0x` when it had none, `null` when unknown. */
export type CallResult =
  | { readonly ok: true; readonly data: Hex }
  | { readonly ok: false; readonly kind: CallFailure; readonly revertData: Hex | null };

export type GasResult =
  | { readonly ok: true; readonly gas: bigint }
  | { readonly ok: false; readonly kind: CallFailure; readonly revertData: Hex | null };

/** Topics by position: one hash, any of several, or any (`null`). */
export type LogFilter = {
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
  readonly addresses: readonly Address[];
  readonly topics: readonly (Hash32 | readonly Hash32[] | null)[];
};

export type SendResult = { readonly outcome: SendOutcome };

const quantity = (value: bigint): Hex => `0x${value.toString(16)}` as Hex;

const refOf = (ref: BlockRef): unknown =>
  typeof ref === 'bigint'
    ? quantity(ref)
    : typeof ref === 'string'
      ? ref
      : { blockHash: ref.hash, requireCanonical: true };

const expectSame = (found: unknown, asked: unknown, what: string): void => {
  if (found !== asked) throw new Error(`answer about another ${what}`);
};

const callParams = (input: CallInput): Record<string, unknown> => ({
  to: input.to,
  data: input.data,
  ...(input.from === undefined ? {} : { from: input.from }),
  ...(input.value === undefined ? {} : { value: quantity(input.value) }),
  ...(input.gas === undefined ? {} : { gas: quantity(input.gas) }),
  ...(input.gasPrice === undefined ? {} : { gasPrice: quantity(input.gasPrice) }),
});

const readWith =
  <T extends z.ZodType>(schema: T) =>
  (value: unknown): z.output<T> =>
    schema.parse(value);

export const getChainId = (): RpcRequest<bigint> => ({
  method: 'eth_chainId',
  params: [],
  read: readWith(Quantity),
});

export const getBlockNumber = (): RpcRequest<bigint> => ({
  method: 'eth_blockNumber',
  params: [],
  read: readWith(Quantity),
});

/** `null`: the node has no such block (yet, or any more). */
export const getBlock = (ref: BlockRef): RpcRequest<Block | null> => ({
  method: typeof ref === 'object' ? 'eth_getBlockByHash' : 'eth_getBlockByNumber',
  params: [typeof ref === 'object' ? ref.hash : refOf(ref), false],
  read: (value) => {
    const block = Block.nullable().parse(value);
    if (block && typeof ref === 'bigint') expectSame(block.number, ref, 'block');
    if (block && typeof ref === 'object') expectSame(block.hash, ref.hash, 'block');
    return block;
  },
  // "unknown block": some clients answer an error where others answer null, e.g. for tags of young chains.
  readError: (error) =>
    error.code === -39001 || /unknown block|block not found|header not found|not find/i.test(error.message)
      ? null
      : undefined,
});

export const getCode = (address: Address, ref: BlockRef = 'latest'): RpcRequest<Hex> => ({
  method: 'eth_getCode',
  params: [address, refOf(ref)],
  read: readWith(HexData),
});

export const getStorageAt = (
  address: Address,
  slot: Hash32,
  ref: BlockRef = 'latest',
): RpcRequest<Hash32> => ({
  method: 'eth_getStorageAt',
  params: [address, slot, refOf(ref)],
  read: readWith(WordData),
});

export const call = (input: CallInput, ref: BlockRef = 'latest'): RpcRequest<CallResult> => ({
  method: 'eth_call',
  params: [callParams(input), refOf(ref)],
  read: (value) => ({ ok: true, data: HexData.parse(value) }),
  readError: (error) => {
    const kind = classifyCall(error);
    return kind === null ? undefined : { ok: false, kind, revertData: revertDataOf(error) };
  },
});

export const estimateGas = (input: CallInput, ref?: BlockRef): RpcRequest<GasResult> => ({
  method: 'eth_estimateGas',
  params: ref === undefined ? [callParams(input)] : [callParams(input), refOf(ref)],
  read: (value) => ({ ok: true, gas: Quantity.parse(value) }),
  readError: (error) => {
    const kind = classifyCall(error);
    return kind === null ? undefined : { ok: false, kind, revertData: revertDataOf(error) };
  },
});

const matches = (log: Log, filter: LogFilter, addresses: ReadonlySet<string>): boolean =>
  log.blockNumber >= filter.fromBlock &&
  log.blockNumber <= filter.toBlock &&
  (addresses.size === 0 || addresses.has(log.address)) &&
  filter.topics.every((wanted, index) => {
    const found = log.topics[index];
    if (wanted === null) return true;
    if (found === undefined) return false;
    return typeof wanted === 'string' ? wanted === found : wanted.includes(found);
  });

export const getLogs = (filter: LogFilter): RpcRequest<Log[]> => {
  const addresses = new Set<string>(filter.addresses.map((address) => address.toLowerCase()));
  return {
    method: 'eth_getLogs',
    params: [
      {
        fromBlock: quantity(filter.fromBlock),
        toBlock: quantity(filter.toBlock),
        ...(addresses.size === 0 ? {} : { address: [...addresses] }),
        topics: filter.topics,
      },
    ],
    read: (value) => {
      const logs = z.array(Log).parse(value);
      if (!logs.every((log) => matches(log, filter, addresses))) throw new Error('log outside the filter');
      return logs;
    },
  };
};

export const getTransactionCount = (address: Address, ref: BlockRef = 'latest'): RpcRequest<bigint> => ({
  method: 'eth_getTransactionCount',
  params: [address, refOf(ref)],
  read: readWith(Quantity),
});

export const getBalance = (address: Address, ref: BlockRef = 'latest'): RpcRequest<bigint> => ({
  method: 'eth_getBalance',
  params: [address, refOf(ref)],
  read: readWith(Quantity),
});

/** `null`: the node does not know it. */
export const getTransactionByHash = (hash: Hash32): RpcRequest<Transaction | null> => ({
  method: 'eth_getTransactionByHash',
  params: [hash],
  read: (value) => {
    const transaction = Transaction.nullish().parse(value) ?? null;
    if (transaction) expectSame(transaction.hash, hash, 'transaction');
    return transaction;
  },
});

/** `null`: not in a block that the node knows. */
export const getTransactionReceipt = (hash: Hash32): RpcRequest<Receipt | null> => ({
  method: 'eth_getTransactionReceipt',
  params: [hash],
  read: (value) => {
    const receipt = Receipt.nullish().parse(value) ?? null;
    if (receipt) expectSame(receipt.transactionHash, hash, 'transaction');
    return receipt;
  },
});

export const getBlockReceipts = (ref: bigint | { readonly hash: Hash32 }): RpcRequest<Receipt[] | null> => ({
  method: 'eth_getBlockReceipts',
  params: [typeof ref === 'bigint' ? quantity(ref) : ref.hash],
  read: (value) => {
    const receipts = z.array(Receipt).nullable().parse(value);
    for (const receipt of receipts ?? []) {
      if (typeof ref === 'bigint') expectSame(receipt.blockNumber, ref, 'block');
      else expectSame(receipt.blockHash, ref.hash, 'block');
    }
    return receipts;
  },
});

/** `hash` is the caller's own hash of the signed bytes: a node that names another one is not believed. */
export const sendRawTransaction = (raw: Hex, hash: Hash32): RpcRequest<SendResult> => ({
  method: 'eth_sendRawTransaction',
  params: [raw],
  read: (value) => {
    expectSame(HashData.parse(value), hash, 'transaction');
    return { outcome: 'accepted' };
  },
  readError: (error) => {
    const outcome = classifySend(error);
    // The unclear ones go through the log (with the node's words) and come back as chain/refused.
    return outcome === 'refused' ? undefined : { outcome };
  },
});

export const getFeeHistory = (
  blocks: number,
  percentiles: readonly number[],
  ref: BlockRef = 'latest',
): RpcRequest<FeeHistory> => ({
  method: 'eth_feeHistory',
  params: [quantity(BigInt(blocks)), refOf(ref), percentiles],
  read: readWith(FeeHistory),
});

export const getGasPrice = (): RpcRequest<bigint> => ({
  method: 'eth_gasPrice',
  params: [],
  read: readWith(Quantity),
});

export const getMaxPriorityFee = (): RpcRequest<bigint> => ({
  method: 'eth_maxPriorityFeePerGas',
  params: [],
  read: readWith(Quantity),
});

export const getProof = (
  address: Address,
  slots: readonly Hash32[],
  ref: BlockRef,
): RpcRequest<AccountProof> => ({
  method: 'eth_getProof',
  params: [address, slots, refOf(ref)],
  read: (value) => {
    const proof = AccountProof.parse(value);
    expectSame(proof.address, address.toLowerCase(), 'account');
    return proof;
  },
});
