/** {@link ChainPort} over the chain module. */
import { AppError } from '../../shared/errors';
import type { FinalityRule } from '../../shared/model/directory';
import type { Address, Hex } from '../../shared/model/ids';
import type { CallInput, CallResult, Chain, NetworkClient, Receipt, RpcRequest } from '../chain';
import type { CallAnswer, ChainPort, ChainReceipt, FeeSituation, SendOutcome } from './ports';

/** Simultaneous sends: within what pools take out of order. */
const SENDS_AT_ONCE = 8;
const FEE_BLOCKS = 10;
const FEE_PERCENTILE = 60;
const FALLBACK_PRIORITY_FEE = 1_000_000_000n;

export const createChainPort = (chain: Pick<Chain, 'network'>): ChainPort => {
  const many = <T>(client: NetworkClient, requests: readonly RpcRequest<T>[]): Promise<T[]> =>
    client.sendMany(requests);
  return {
    head: async (network) => {
      const block = await chain.network(network).getBlock('latest');
      if (!block) throw new AppError('chain/invalid-answer', { method: 'eth_getBlockByNumber' });
      return { number: block.number, hash: block.hash };
    },
    finalBlock: async (network, rule, head) => findFinal(chain.network(network), rule, head),
    nonces: (network, addresses, state) => {
      const client = chain.network(network);
      return Promise.all(addresses.map((address) => client.getTransactionCount(address, state)));
    },
    receipts: async (network, hashes) => {
      const receipts = await chain.network(network).getTransactionReceipts(hashes);
      return receipts.map((receipt) => (receipt ? toReceipt(receipt) : null));
    },
    knows: async (network, hashes) => {
      const found = await chain.network(network).getTransactionsByHash(hashes);
      return found.map((transaction) => transaction !== null);
    },
    blockHashes: async (network, numbers) => {
      const blocks = await chain.network(network).getBlocks(numbers);
      return blocks.map((block) => block?.hash ?? null);
    },
    calls: (network, calls, signal) => {
      const client = chain.network(network);
      const options = signal ? { signal } : {};
      const block = calls[0]?.block ?? 'latest';
      return eachOr<CallAnswer>(
        calls.map(toInput),
        async (inputs) => (await client.callMany(inputs, block, options)).map(toAnswer),
        { outcome: 'failed' },
      );
    },
    estimates: (network, calls, signal) => {
      const client = chain.network(network);
      return eachOr<bigint | null>(
        calls.map(toInput),
        async (inputs) => {
          const answers = await client.estimateGasMany(inputs, signal ? { signal } : {});
          return answers.map((answer) => (answer.ok ? answer.gas : null));
        },
        null,
      );
    },
    nativeBalances: (network, addresses) => {
      const client = chain.network(network);
      return Promise.all(addresses.map((address) => client.getBalance(address)));
    },
    haveCode: (network, addresses) => many(chain.network(network), addresses.map(askCode)),
    feeSituation: async (network) => readFees(chain.network(network)),
    send: async (network, raw) => {
      const client = chain.network(network);
      const outcomes: SendOutcome[] = [];
      for (let at = 0; at < raw.length; at += SENDS_AT_ONCE) {
        const sent = await Promise.all(
          raw.slice(at, at + SENDS_AT_ONCE).map((bytes) => client.sendRawTransaction(bytes)),
        );
        outcomes.push(...sent.map(({ outcome }) => outcome));
      }
      return outcomes;
    },
    logs: (network, { address, topics, from, to }) =>
      chain
        .network(network)
        .getLogs({ fromBlock: from, toBlock: to, addresses: [address], topics: [topics] }),
  };
};

/**
 * Asks all at once. When the node refuses one in words that say nothing about the call (no state for that block, a method
 * it lacks), the questions are asked one by one, so that one bad answer does not cost the others.
 */
const eachOr = async <T>(
  inputs: readonly CallInput[],
  ask: (inputs: readonly CallInput[]) => Promise<readonly T[]>,
  otherwise: T,
): Promise<readonly T[]> => {
  const isRefusal = (error: unknown): boolean => error instanceof AppError && error.code === 'chain/refused';
  try {
    return await ask(inputs);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (inputs.length <= 1) return inputs.map(() => otherwise);
    const answers: T[] = [];
    for (const input of inputs) answers.push(...(await eachOr([input], ask, otherwise)));
    return answers;
  }
};

const toInput = ({ from, to, data }: { from: Address; to: Address; data: Hex }): CallInput => ({
  from,
  to,
  data,
});

const toAnswer = (answer: CallResult): CallAnswer => {
  if (answer.ok) return { outcome: 'returned', data: answer.data };
  if (answer.kind === 'insufficient-funds') return { outcome: 'failed' };
  return { outcome: 'refused', data: answer.revertData ?? ('0x' as Hex) };
};

const toReceipt = (receipt: Receipt): ChainReceipt => ({
  transactionHash: receipt.transactionHash,
  blockNumber: receipt.blockNumber,
  blockHash: receipt.blockHash,
  isSuccess: receipt.status,
  fee: receipt.gasUsed * (receipt.effectiveGasPrice ?? 0n) + (receipt.l1Fee ?? 0n),
  logs: receipt.logs,
});

const findFinal = async (client: NetworkClient, rule: FinalityRule, head: bigint): Promise<bigint> => {
  if (rule.kind === 'depth') return head - BigInt(rule.blocks);
  if (rule.tag === 'latest') return head;
  const block = await client.getBlock(rule.tag);
  return block === null ? -1n : block.number < head ? block.number : head;
};

const askCode = (address: Address): RpcRequest<boolean> => ({
  method: 'eth_getCode',
  params: [address, 'latest'],
  read: (value) => {
    if (typeof value !== 'string' || !value.startsWith('0x')) throw new Error('code is not hex');
    // EIP-7702: a delegated key account has 23 bytes of code and still is one.
    return value !== '0x' && !/^0xef0100[0-9a-fA-F]{40}$/.test(value);
  },
});

const readFees = async (client: NetworkClient): Promise<FeeSituation> => {
  const gasPrice = await client.gasPrice();
  try {
    const history = await client.feeHistory(FEE_BLOCKS, [FEE_PERCENTILE]);
    const rewards = history.reward
      .flatMap(([reward]) => (reward === undefined ? [] : [reward]))
      .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    const usual = rewards[Math.floor(rewards.length / 2)] ?? FALLBACK_PRIORITY_FEE;
    // Blocks that were nearly empty say little; the node's own suggestion is a floor.
    const suggested = (await client.maxPriorityFee()) ?? 0n;
    return {
      baseFee: history.baseFeePerGas.at(-1) ?? null,
      priorityFee: suggested > usual ? suggested : usual,
      gasPrice,
    };
  } catch (error) {
    // A node without EIP-1559 has no fee history; the legacy price is all there is.
    if (error instanceof AppError && error.code === 'chain/refused')
      return { baseFee: null, priorityFee: 0n, gasPrice };
    throw error;
  }
};
