/**
 * Reads one range of blocks for some pairs: logs, the receipts and calldata of what they touch, headers. Everything comes
 * from one chain or the range is refused: the range's last header is read before and after the logs, each log must lie
 * in the block that the chain has at its height, and the chain must still have the block that was kept last.
 */
import { AppError } from '../../shared/errors';
import {
  type AccountId,
  type Address,
  contractOfToken,
  type Hash32,
  type NetworkId,
  type TokenId,
} from '../../shared/model/ids';
import type { Block, Log, LogFilter, NetworkClient, RpcOptions } from '../chain';
import { decodeTransaction, type RawLog, TOPICS, type TokenFacts } from './replica-decode';
import type {
  BlockId,
  Header,
  NewEntry,
  Pair,
  RangeWrite,
  RedemptionDecision,
  RedemptionRequest,
} from './replica-types';

export const headerOf = (block: Block): Header => ({
  number: block.number,
  hash: block.hash,
  parentHash: block.parentHash,
  timestamp: block.timestamp,
  stateRoot: block.stateRoot,
  receiptsRoot: block.receiptsRoot,
});

/** The chain moved while it was being read: the pass starts again from the comparison of headers. */
export class ChainMoved extends Error {}

export type ReadTokens = ReadonlyMap<TokenId, TokenFacts & { readonly hasRedemption: boolean }>;

export type ReadRangeInput = {
  readonly networkId: NetworkId;
  readonly pairs: readonly Pair[];
  readonly from: bigint;
  readonly to: bigint;
  /**
   * Highest kept block at or below the head; `null` while nothing is kept. What is written next to it must be of its
   * chain: later comparisons look from the highest kept block down and trust all that lies below a match.
   */
  readonly anchor: BlockId | null;
  readonly tokens: ReadTokens;
  /** All own accounts by lower-case address: both sides of a transfer may be own. */
  readonly own: ReadonlyMap<string, AccountId>;
  readonly openRequests: readonly RedemptionRequest[];
};

/** Own addresses per question: more make the topic list too long for some nodes. */
const ACCOUNTS_PER_QUERY = 100;

const topicOfAddress = (address: Address): Hash32 =>
  `0x${address.slice(2).toLowerCase().padStart(64, '0')}` as Hash32;

const isZeroTransfer = (log: Log): boolean => log.topics[0] === TOPICS.transfer && /^0x0*$/.test(log.data);

const filtersOf = ({ pairs, from, to, tokens }: ReadRangeInput): LogFilter[] => {
  const range = { fromBlock: from, toBlock: to };
  const addresses = [...new Set(pairs.map(({ tokenId }) => contractOfToken(tokenId)))];
  const accounts = [...new Set(pairs.map(({ address }) => topicOfAddress(address)))];
  const redeemable = addresses.filter((address) =>
    pairs.some(({ tokenId }) => contractOfToken(tokenId) === address && tokens.get(tokenId)?.hasRedemption),
  );
  const filters: LogFilter[] = [];
  const moves = [TOPICS.transfer, ...(redeemable.length > 0 ? [TOPICS.transferRequested] : [])];
  for (let at = 0; at < accounts.length; at += ACCOUNTS_PER_QUERY) {
    const some = accounts.slice(at, at + ACCOUNTS_PER_QUERY);
    filters.push({ ...range, addresses, topics: [moves, some] });
    filters.push({ ...range, addresses, topics: [[TOPICS.transfer], null, some] });
  }
  if (redeemable.length > 0)
    filters.push({
      ...range,
      addresses: redeemable,
      topics: [[TOPICS.transferValidated, TOPICS.transferRejected]],
    });
  return filters;
};

/** Throws {@link ChainMoved}, or the chain's errors; a range that is too wide comes as `chain/refused` or a failed answer. */
export const readRange = async (
  client: NetworkClient,
  input: ReadRangeInput,
  options: RpcOptions,
): Promise<RangeWrite> => {
  const { networkId, pairs, from, to, anchor, tokens, own } = input;
  const before = await client.getBlock(to, options);
  if (!before) throw new ChainMoved('the last block of the range is not there');

  const found = new Map<string, Log>();
  for (const filter of filtersOf(input)) {
    for (const log of await client.getLogs(filter, options)) {
      if (!isZeroTransfer(log)) found.set(`${log.blockNumber} ${log.logIndex}`, log);
    }
  }
  const logs = [...found.values()].sort((a, b) =>
    a.blockNumber === b.blockNumber ? a.logIndex - b.logIndex : a.blockNumber < b.blockNumber ? -1 : 1,
  );
  const hashes = [...new Set(logs.map(({ transactionHash }) => transactionHash))];
  const [receipts, calls] = await Promise.all([
    client.getTransactionReceipts(hashes, options),
    client.getTransactionsByHash(hashes, options),
  ]);
  const touched = [...new Set(logs.map(({ blockNumber }) => blockNumber))].filter((number) => number !== to);
  // In one question with the range's own blocks: two questions could be answered by two chains.
  const wantedBlocks = [...touched, to];
  const blocks = await client.getBlocks(anchor ? [...wantedBlocks, anchor.number] : wantedBlocks, options);
  if (anchor && blocks.pop()?.hash !== anchor.hash) throw new ChainMoved('the block kept last is gone');
  const headers = new Map<bigint, Header>();
  for (const block of blocks) {
    if (!block) throw new ChainMoved('a block is gone');
    headers.set(block.number, headerOf(block));
  }
  if (headers.get(to)?.hash !== before.hash) throw new ChainMoved('the end of the range changed');
  for (const log of logs) {
    if (headers.get(log.blockNumber)?.hash !== log.blockHash) throw new ChainMoved('a log of another block');
  }

  const tokensByAddress = new Map<string, TokenFacts>(
    pairs.flatMap(({ tokenId }) => {
      const token = tokens.get(tokenId);
      return token ? [[contractOfToken(tokenId) as string, token] as const] : [];
    }),
  );
  const wanted = new Set(pairs.map(({ tokenId, accountId }) => `${tokenId} ${accountId}`));
  const requests = new Map<string, RedemptionRequest>(
    input.openRequests
      .filter(({ tokenId, accountId }) => wanted.has(`${tokenId} ${accountId}`))
      .map((request) => [`${request.tokenId} ${request.transferHash}`, request]),
  );
  const entries: NewEntry[] = [];
  const newRequests: RedemptionRequest[] = [];
  const decisions: RedemptionDecision[] = [];
  hashes.forEach((transactionHash, index) => {
    const receipt = receipts[index];
    const call = calls[index];
    const block = receipt ? headers.get(receipt.blockNumber) : undefined;
    if (!receipt || block?.hash !== receipt.blockHash) throw new ChainMoved('a receipt is gone');
    const inReceipt = new Map<number, RawLog>(receipt.logs.map((log) => [log.logIndex, log]));
    for (const log of logs) {
      if (log.transactionHash !== transactionHash) continue;
      const same = inReceipt.get(log.logIndex);
      if (same?.data !== log.data || same.topics.join() !== log.topics.join() || same.address !== log.address)
        throw new AppError('chain/invalid-answer', { reason: 'log differs from receipt' });
    }
    const decoded = decodeTransaction({
      transactionHash,
      block,
      logs: receipt.logs,
      call: call ? { to: call.to, input: call.input } : null,
      tokens: tokensByAddress,
      own,
      isWanted: (tokenId, accountId) => wanted.has(`${tokenId} ${accountId}`),
      requestOf: (tokenId, hash) => requests.get(`${tokenId} ${hash}`),
    });
    for (const request of decoded.requests) {
      requests.set(`${request.tokenId} ${request.transferHash}`, request);
      newRequests.push(request);
    }
    for (const decision of decoded.decisions) requests.delete(`${decision.tokenId} ${decision.transferHash}`);
    entries.push(...decoded.entries);
    decisions.push(...decoded.decisions);
  });
  return {
    networkId,
    pairs,
    from,
    to,
    headers: [...headers.values()],
    entries,
    requests: newRequests,
    decisions,
  };
};
