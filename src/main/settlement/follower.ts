/**
 * One look at a network: where each open slot stands now. Reads in the order nonce, block, receipts, pool, so that a
 * transaction that is included in between is found and never taken for lost.
 */
import { AppError } from '../../shared/errors';
import type { Network, Refusal } from '../../shared/model/directory';
import type { Address, Hash32, Hex, Instant } from '../../shared/model/ids';
import { contractOfToken } from '../../shared/model/ids';
import type { Book, Line } from './book';
import type { ChainPort, DecodeRefusal } from './ports';
import { REJECTED_TOPIC, readDecision, readInclusion, VALIDATED_TOPIC } from './receipts';
import { type Inclusion, type Look, stepSlot } from './slot';
import type { Slot } from './types';

/** Receipts asked for in one look, over all senders. */
const RECEIPTS_PER_LOOK = 400;
/** Waiting transactions asked for behind one that is gone. */
const POOL_PER_LOOK = 64;
/** Blocks searched for one request's decision in one look: below the limits of public nodes. */
const BLOCKS_PER_LOOK = 1_000n;

export type FollowerDeps = {
  readonly chain: ChainPort;
  readonly book: Book;
  readonly decodeRefusal: DecodeRefusal;
  /** Calldata of a signed transaction of ours. */
  readonly callOf: (hash: Hash32) => Promise<{ readonly to: Address; readonly data: Hex } | null>;
  readonly now: () => Instant;
  readonly monotonicMs: () => number;
  /** How long the first in line may wait on a network before it is called stuck. */
  readonly stuckAfterMs: (network: Network) => number;
};

export type LookResult = {
  /** Slots as they are now; only those that were looked at. */
  readonly slots: readonly Slot[];
  /** Used nonces per sender. */
  readonly minedNonces: ReadonlyMap<Address, bigint>;
};

export const createFollower = (deps: FollowerDeps) => {
  const { chain, book } = deps;
  /** Since when a nonce has been the first in line, by network and sender. */
  const waitingSince = new Map<string, { readonly nonce: bigint; readonly since: number }>();

  /** How far each request was followed, in this run. Only final blocks are read. */
  const decisions = new Map<
    Slot['paymentId'],
    { readonly blockHash: Hash32; readonly next: bigint; readonly decision: Look['request'] }
  >();

  const isOverdue = (network: Network, sender: Address, minedNonce: bigint): boolean => {
    const key = `${network.id}/${sender}`;
    const known = waitingSince.get(key);
    if (known?.nonce !== minedNonce) {
      waitingSince.set(key, { nonce: minedNonce, since: deps.monotonicMs() });
      return false;
    }
    return deps.monotonicMs() - known.since > deps.stuckAfterMs(network);
  };

  /** Inclusions whose block is still the chain's; the others must be asked for again. */
  const stillIncluded = async (network: Network, slots: readonly Slot[]): Promise<ReadonlySet<Slot>> => {
    const included = slots.filter(({ state }) => state.inclusion !== null);
    const numbers = [...new Set(included.map(({ state }) => state.inclusion?.blockNumber ?? 0n))];
    const hashes = await chain.blockHashes(network.id, numbers);
    const hashOf = new Map(numbers.map((number, index) => [number, hashes[index] ?? null]));
    return new Set(
      included.filter(
        ({ state }) => hashOf.get(state.inclusion?.blockNumber ?? -1n) === state.inclusion?.blockHash,
      ),
    );
  };

  const askReceipts = async (
    network: Network,
    slots: readonly Slot[],
  ): Promise<Map<Slot, Inclusion | null>> => {
    const questions = slots.flatMap((slot) => slot.attempts.map(({ hash }) => ({ slot, hash })));
    const receipts = await chain.receipts(
      network.id,
      questions.map(({ hash }) => hash),
    );
    const found = new Map<Slot, Inclusion | null>(slots.map((slot) => [slot, null]));
    questions.forEach(({ slot }, index) => {
      const receipt = receipts[index];
      if (receipt) found.set(slot, readInclusion(receipt, slot));
    });
    return found;
  };

  /** Whether the node still holds them. The first in line is asked for; those behind it only when it is gone. */
  const askPool = async (network: Network, line: readonly Slot[]): Promise<Map<Slot, Look['pool']>> => {
    const sent = line.filter(({ state }) => state.sentAt !== null && state.inclusion === null);
    const ask = async (slots: readonly Slot[]): Promise<Map<Slot, Look['pool']>> => {
      const questions = slots.flatMap((slot) => slot.attempts.map(({ hash }) => ({ slot, hash })));
      const known = await chain.knows(
        network.id,
        questions.map(({ hash }) => hash),
      );
      const answers = new Map<Slot, Look['pool']>(slots.map((slot) => [slot, 'lacks']));
      questions.forEach(({ slot }, index) => {
        if (known[index]) answers.set(slot, 'holds');
      });
      return answers;
    };
    const [first, ...others] = sent;
    if (!first) return new Map();
    const answers = await ask([first]);
    if (answers.get(first) === 'holds' && !others.some(({ state }) => state.stage === 'dropped'))
      return answers;
    const more = await ask(others.slice(0, POOL_PER_LOOK));
    return new Map([...answers, ...more]);
  };

  /** Looks a piece of the chain further for the bank's answer; a node that cannot say leaves the request open. */
  const askDecision = async (
    network: Network,
    slot: Slot,
    inclusion: Inclusion,
    finalBlock: bigint,
  ): Promise<Look['request']> => {
    const known = decisions.get(slot.paymentId);
    if (known?.blockHash === inclusion.blockHash && known.decision !== 'open') return known.decision;
    const from = known?.blockHash === inclusion.blockHash ? known.next : inclusion.blockNumber;
    if (inclusion.requestHash === null || from > finalBlock) return 'open';
    const last = from + BLOCKS_PER_LOOK - 1n;
    const to = last < finalBlock ? last : finalBlock;
    try {
      const logs = await chain.logs(network.id, {
        address: contractOfToken(slot.tokenId),
        topics: [VALIDATED_TOPIC, REJECTED_TOPIC],
        from,
        to,
      });
      const decision = readDecision(inclusion.requestHash, logs);
      decisions.set(slot.paymentId, { blockHash: inclusion.blockHash, next: to + 1n, decision });
      return decision;
    } catch (error) {
      if (error instanceof AppError && error.code === 'chain/refused') return 'open';
      throw error;
    }
  };

  /** Why an included transaction failed: asked by repeating it on the state before its block, then on its own. */
  const explain = async (network: Network, slot: Slot, inclusion: Inclusion): Promise<Refusal> => {
    if (inclusion.outcome === 'nothing') return { kind: 'returned-false', text: null, data: null };
    const unknown: Refusal = { kind: 'unknown', text: null, data: null };
    const call = await deps.callOf(inclusion.hash);
    if (!call) return unknown;
    for (const block of [inclusion.blockNumber - 1n, inclusion.blockNumber]) {
      const [answer] = await chain.calls(network.id, [{ from: slot.sender, ...call, block }]);
      if (answer?.outcome === 'refused') return deps.decodeRefusal(answer.data);
    }
    return unknown;
  };

  const lookAtLine = async (
    network: Network,
    line: Line,
    minedNonce: bigint,
    finalBlock: bigint,
    budget: { receipts: number },
  ): Promise<Slot[]> => {
    const used = line.slots.filter(({ nonce, state }) => nonce < minedNonce || state.inclusion !== null);
    const kept = await stillIncluded(network, used);
    const toAsk = used.filter((slot) => !kept.has(slot)).slice(0, Math.max(0, budget.receipts));
    budget.receipts -= toAsk.length;
    const found = await askReceipts(network, toAsk);
    const waiting = line.slots.filter((slot) => slot.nonce >= minedNonce && !kept.has(slot));
    const pool = await askPool(network, waiting);
    const overdue = waiting.length > 0 && isOverdue(network, line.sender, minedNonce);

    const results: Slot[] = [];
    for (const seen of line.slots) {
      // Nothing of it went out and its nonce is free: there is nothing to see.
      if (seen.state.sentAt === null && seen.state.inclusion === null && seen.nonce >= minedNonce) continue;
      const wasAsked = found.has(seen) || kept.has(seen) || seen.nonce >= minedNonce;
      if (!wasAsked) continue;
      const inclusion = kept.has(seen) ? seen.state.inclusion : (found.get(seen) ?? null);
      const request =
        inclusion?.outcome === 'requested' ? await askDecision(network, seen, inclusion, finalBlock) : 'open';
      const look: Look = {
        at: deps.now(),
        minedNonce,
        finalBlock,
        inclusion,
        pool: pool.get(seen) ?? 'unknown',
        isOverdue: overdue,
        request,
      };
      // A replacement may have been added meanwhile: step what is in the book now.
      const slot = book.get(seen.paymentId);
      if (!slot) continue;
      let state = stepSlot(slot.state, slot.nonce, slot.attempts, look);
      if (
        state.stage === 'reverted' &&
        inclusion &&
        state.refusal === null &&
        inclusion.outcome !== 'requested'
      )
        state = { ...state, refusal: await explain(network, slot, inclusion) };
      results.push({ ...(book.get(seen.paymentId) ?? slot), state });
    }
    return results;
  };

  return {
    look: async (network: Network): Promise<LookResult> => {
      const lines = book.lines(network.id);
      const senders = lines.map(({ sender }) => sender);
      const mined = await chain.nonces(network.id, senders, 'latest');
      const head = await chain.head(network.id);
      const finalBlock = await chain.finalBlock(network.id, network.finality, head.number);
      const budget = { receipts: RECEIPTS_PER_LOOK };
      const slots: Slot[] = [];
      for (const [index, line] of lines.entries())
        slots.push(...(await lookAtLine(network, line, mined[index] ?? 0n, finalBlock, budget)));
      return { slots, minedNonces: new Map(senders.map((sender, index) => [sender, mined[index] ?? 0n])) };
    },
  };
};

export type Follower = ReturnType<typeof createFollower>;
