/**
 * One pass of the replica over one network: compare headers, roll back what left the chain, mark what is final, read
 * what is new, ask for balances.
 */
import { AppError, type ErrorCode } from '../../shared/errors';
import type { FinalityRule, Network, OwnAccount, Token } from '../../shared/model/directory';
import type { AccountId } from '../../shared/model/ids';
import type { Block, NetworkClient, RpcOptions } from '../chain';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { Remote } from './ledger-child';
import { pairsOf, readBalances } from './replica-balances';
import { ChainMoved, headerOf, type ReadTokens, readRange } from './replica-reader';
import type { BlockId, Coverage, NetworkSync } from './replica-types';
import type { LedgerStore } from './stores/ledger-store';

export type SyncDeps = {
  readonly client: NetworkClient;
  readonly store: Remote<LedgerStore>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onProgress: (syncedTo: bigint, head: bigint) => void;
};

export type SyncInput = {
  readonly network: Network;
  readonly tokens: readonly Token[];
  readonly accounts: readonly OwnAccount[];
};

export type PassResult = {
  readonly syncedTo: bigint;
  readonly head: bigint;
  readonly asOf: string;
  /** Entries or balances are not what they were before. */
  readonly hasChanged: boolean;
  readonly unreconciled: number;
};

const FIRST_RANGE = 2_000n;
const LARGEST_RANGE = 50_000n;
const RESTARTS = 5;
const HEADER_BATCH = 16;

/** Keeps its range size between passes, because a node's limits do not change much. */
export const createNetworkSync = ({ client, store, clock, log, onProgress }: SyncDeps) => {
  let size = FIRST_RANGE;

  const finalBlock = async (rule: FinalityRule, head: Block, options: RpcOptions): Promise<Block | null> => {
    if (rule.kind === 'depth') {
      const number = head.number - BigInt(rule.blocks);
      return number < 0n ? null : client.getBlock(number, options);
    }
    return rule.tag === 'latest' ? head : client.getBlock(rule.tag, options);
  };

  /** Highest kept block that the chain still has; `null` when nothing is kept above the final one. */
  const findAncestor = async (
    sync: NetworkSync,
    head: Block,
    options: RpcOptions,
  ): Promise<{ readonly isMoved: boolean; readonly ancestor: bigint | null }> => {
    const open = sync.open.filter(({ number }) => number <= head.number);
    for (let at = 0; at < open.length; at += HEADER_BATCH) {
      const some = open.slice(at, at + HEADER_BATCH);
      const blocks = await client.getBlocks(
        some.map(({ number }) => number),
        options,
      );
      const match = some.findIndex(({ hash }, index) => blocks[index]?.hash === hash);
      if (match === -1) continue;
      const kept = some[match];
      return { isMoved: at + match > 0, ancestor: kept?.number ?? null };
    }
    if (!sync.final) return { isMoved: open.length > 0, ancestor: null };
    const final = await client.getBlock(sync.final.number, options);
    if (final?.hash === sync.final.hash) return { isMoved: open.length > 0, ancestor: sync.final.number };
    // A node that is behind its own finality is behind, not on another chain.
    if (!final && head.number < sync.final.number)
      throw new AppError('chain/unreachable', { reason: 'node is behind' });
    throw new AppError('ledger/reorg-below-finality', { number: sync.final.number });
  };

  const compareHeaders = async (
    { network }: SyncInput,
    head: Block,
    options: RpcOptions,
  ): Promise<boolean> => {
    const sync = await store.networkSync(network.id);
    try {
      const { isMoved, ancestor } = await findAncestor(sync, head, options);
      if (!isMoved) return false;
      const target = ancestor ?? network.startBlock - 1n;
      const entries = await store.rollBack(network.id, target, 'reorg', clock.now().toISOString());
      log.warn('chain reorganised', { networkId: network.id, ancestor: target, entries });
      return true;
    } catch (error) {
      const isReplaced = error instanceof AppError && error.code === 'ledger/reorg-below-finality';
      // A sandbox started afresh is another chain under the same id: its history begins again, on the record.
      const isBehind = error instanceof AppError && error.details?.reason === 'node is behind';
      if (!network.isSandbox || !(isReplaced || isBehind)) throw error;
      await store.rollBack(network.id, network.startBlock - 1n, 'chain-replaced', clock.now().toISOString());
      log.warn('sandbox chain was replaced', { networkId: network.id });
      return true;
    }
  };

  /** A failure that a smaller question may avoid. */
  const mayBeTooWide = (error: unknown): boolean =>
    error instanceof AppError &&
    (['chain/refused', 'chain/unreachable', 'child/timeout'] satisfies ErrorCode[] as string[]).includes(
      error.code,
    )
      ? true
      : error instanceof AppError &&
        error.code === 'chain/invalid-answer' &&
        error.details?.reason === 'too-large';

  const readNext = async (
    input: SyncInput,
    group: readonly Coverage[],
    limit: bigint,
    anchor: BlockId | null,
    context: { readonly tokens: ReadTokens; readonly own: ReadonlyMap<string, AccountId> },
    requests: NetworkSync['requests'],
    options: RpcOptions,
  ): Promise<{ readonly to: bigint; readonly entries: number }> => {
    const from = (group[0]?.syncedTo ?? 0n) + 1n;
    for (;;) {
      const to = from + size - 1n < limit ? from + size - 1n : limit;
      try {
        const write = await readRange(
          client,
          {
            networkId: input.network.id,
            pairs: group.map(({ tokenId, accountId, address }) => ({ tokenId, accountId, address })),
            from,
            to,
            anchor,
            ...context,
            openRequests: requests,
          },
          options,
        );
        await store.applyRange(write);
        if (to - from + 1n === size && size < LARGEST_RANGE)
          size = size * 2n < LARGEST_RANGE ? size * 2n : LARGEST_RANGE;
        return { to, entries: write.entries.length };
      } catch (error) {
        if (to === from || !mayBeTooWide(error)) throw error;
        size = (to - from + 1n) / 2n;
        log.info('range halved', { networkId: input.network.id, size });
      }
    }
  };

  /**
   * How far may be read. Kept blocks above the head cannot be compared: the node may be behind, or have a shorter chain.
   * Then only what lies at or below a kept block is read, so that kept blocks stay blocks of one chain.
   */
  const readableOf = (
    { open, final }: NetworkSync,
    head: Block,
  ): { readonly anchor: BlockId | null; readonly limit: bigint | null } => {
    const kept = final ? [...open, final] : open;
    const anchor = kept.find(({ number }) => number <= head.number) ?? null;
    const isBehind = kept.some(({ number }) => number > head.number);
    return { anchor, limit: isBehind ? (anchor?.number ?? null) : head.number };
  };

  /** Reads every pair as far as may be; `syncedTo`: the block that all of them reach. */
  const readAll = async (
    input: SyncInput,
    head: Block,
    options: RpcOptions,
  ): Promise<{ readonly hasChanged: boolean; readonly syncedTo: bigint }> => {
    const tokens: ReadTokens = new Map(
      input.tokens.map((token) => [
        token.id,
        {
          id: token.id,
          currency: token.currency,
          decimals: token.decimals,
          hasRedemption: token.approved?.interfaces.includes('redemption') ?? false,
        },
      ]),
    );
    const own = new Map(input.accounts.map(({ id, address }) => [address.toLowerCase(), id]));
    const wanted = new Set(
      pairsOf(input.tokens, input.accounts).map(({ tokenId, accountId }) => `${tokenId} ${accountId}`),
    );
    let hasChanged = false;
    for (;;) {
      const sync = await store.networkSync(input.network.id);
      const { anchor, limit } = readableOf(sync, head);
      const unread = sync.coverage
        .filter(
          ({ tokenId, accountId, syncedTo }) =>
            wanted.has(`${tokenId} ${accountId}`) && syncedTo < head.number,
        )
        .sort((a, b) => (a.syncedTo < b.syncedTo ? -1 : a.syncedTo > b.syncedTo ? 1 : 0));
      if (unread.length === 0) return { hasChanged, syncedTo: head.number };
      if (limit === null) throw new AppError('chain/unreachable', { reason: 'node is behind' });
      const open = unread.filter(({ syncedTo }) => syncedTo < limit);
      const lowest = open[0];
      if (!lowest) return { hasChanged, syncedTo: limit };
      // Pairs that stand at one block are read together; those behind catch up first and then join the rest.
      const group = open.filter(({ syncedTo }) => syncedTo === lowest.syncedTo);
      const next = open.find(({ syncedTo }) => syncedTo > lowest.syncedTo)?.syncedTo ?? limit;
      const context = { tokens, own };
      const { to, entries } = await readNext(input, group, next, anchor, context, sync.requests, options);
      hasChanged ||= entries > 0;
      onProgress(to, head.number);
    }
  };

  const passOnce = async (input: SyncInput, options: RpcOptions): Promise<PassResult> => {
    const { network } = input;
    const pairs = pairsOf(input.tokens, input.accounts);
    await store.registerPairs(network.id, network.startBlock, pairs);
    const head = await client.getBlock('latest', options);
    if (!head) throw new AppError('chain/invalid-answer', { reason: 'no head' });
    let hasChanged = await compareHeaders(input, head, options);
    const final = await finalBlock(network.finality, head, options);
    if (final && final.number <= head.number && pairs.length > 0) {
      // The comparison above saw the chain that this block belongs to only if that chain is still there.
      if (await compareHeaders(input, head, options)) throw new ChainMoved('while finality was read');
      hasChanged = (await store.markFinal(network.id, headerOf(final))) || hasChanged;
    }
    const read = await readAll(input, head, options);
    hasChanged ||= read.hasChanged;
    let unreconciled = 0;
    if (pairs.length > 0) {
      const tokens = new Map(input.tokens.map((token) => [token.id, token]));
      const balances = await readBalances(client, pairs, tokens, head, options);
      const saved = await store.saveBalances(headerOf(head), balances);
      hasChanged ||= saved.changed;
      unreconciled = saved.unreconciled;
    }
    const asOf = clock.now().toISOString();
    const { syncedTo } = read;
    await store.saveNetworkState(network.id, { syncedTo, head: head.number, syncedAt: asOf });
    return { syncedTo, head: head.number, asOf, hasChanged, unreconciled };
  };

  /** Runs passes until one sees a chain that stands still long enough. */
  const pass = async (input: SyncInput, options: RpcOptions): Promise<PassResult> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await passOnce(input, options);
      } catch (error) {
        if (!(error instanceof ChainMoved)) throw error;
        if (attempt >= RESTARTS)
          throw new AppError('chain/invalid-answer', { reason: error.message }, { cause: error });
      }
    }
  };

  return { pass };
};

export type NetworkSyncPasses = ReturnType<typeof createNetworkSync>;
