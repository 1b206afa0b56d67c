/**
 * Settlement: from signed bytes in the outbox to money that is final on its ledger.
 *
 * Hides: when and how bytes are sent, what a node's answers mean, re-orgs, lost and replaced transactions, two-step
 * redemption, the loops that follow each network.
 *
 * Invariants: bytes are on disk before the first one is sent; a payment owns one nonce, so at most one of its
 * transactions can ever be included; sending is idempotent, so any moment is a good one for a crash; a payment is
 * reported settled or rejected only when that is final.
 *
 * Callers: compose.ts builds it, starts it on unlock and stops it on lock; payments/approval hands over what was signed;
 * ledger asks for pending money and for the payment behind a transaction; ipc binds `settlement.*`.
 */
import { parseTransaction } from 'viem';
import type { AppEvent, MainHandlers } from '../../shared/contract';
import { AppError } from '../../shared/errors';
import { decodeRefusal } from '../../shared/evm/refusals';
import type { Network, Token } from '../../shared/model/directory';
import {
  type AccountId,
  Address,
  type BatchId,
  type Hash32,
  type Hex,
  type Instant,
  type NetworkId,
  type PaymentId,
  type TokenId,
} from '../../shared/model/ids';
import type { Remote } from '../ledger';
import type { SettlementStore } from '../ledger/stores/settlement-store';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { createAnnouncer } from './announcer';
import { createBook } from './book';
import { CANCEL_GAS, FALLBACK_GAS, gasLimitFor, planFees, planReplacement, planWaitingFees } from './fees';
import { createFollower } from './follower';
import type { ChainPort } from './ports';
import { isVisiblyDifferent, updateOf } from './records';
import { createSender, isReady } from './sender';
import type { FeeOffer, Slot } from './types';

export { createChainPort } from './chain-port';
export type { CallAnswer, ChainPort, FeeSituation } from './ports';
export type * from './types';
export { CANCEL_GAS, FALLBACK_GAS, gasLimitFor, planFees, planWaitingFees };

/** What a replacement is made of; the approval window shows and signs it. */
export type ReplacementPlan = {
  readonly slot: Slot;
  readonly action: 'pay' | 'cancel';
  readonly fees: FeeOffer;
  readonly gas: bigint;
};

export type SettlementDeps = {
  readonly store: Remote<SettlementStore>;
  readonly chain: ChainPort;
  /** Throws `directory/network-unknown`. */
  readonly network: (id: NetworkId) => Promise<Network>;
  /** Asks the chain what the token is now and compares it with what was approved (P2). Throws `chain/*`. */
  readonly verifyToken: (id: TokenId) => Promise<{ readonly token: Token }>;
  /**
   * Opens the approval window for a replacement (payments/approval), or makes an envelope of it and answers its digest
   * where a policy is in force.
   */
  readonly openReplacement: (plan: ReplacementPlan) => Promise<Hash32 | null>;
  readonly clock: Clock;
  readonly emit: (event: AppEvent) => void;
  readonly log: Logger;
  /** How often a network is looked at, and how long its first in line may wait. Tests shorten both. */
  readonly pace?: Partial<Pace>;
};

export type Pace = {
  readonly busyMs: number;
  readonly idleMs: (network: Network) => number;
  readonly stuckAfterMs: (network: Network) => number;
};

const DEFAULT_PACE: Pace = {
  busyMs: 150,
  idleMs: (network) => (network.isSandbox ? 700 : 4_000),
  stuckAfterMs: (network) => (network.isSandbox ? 20_000 : 180_000),
};
const MAX_BACKOFF_MS = 30_000;
const PAGE = 500;
const SAVE_AT_ONCE = 200;

export type Settlement = {
  /** Loads what is open and follows it; called after unlock. Open approvals of an earlier run are withdrawn. */
  readonly start: () => Promise<void>;
  /** Ends all loops; once it resolves nothing is written or sent any more. */
  readonly stop: () => Promise<void>;
  /** Takes up a batch that was just approved. */
  readonly accept: (batchId: BatchId) => Promise<void>;
  /** Takes up a replacement that was just approved. */
  readonly acceptReplacement: (paymentId: PaymentId) => Promise<void>;
  /** Both answer the envelope that was made for it, `null` where the approval window opened. */
  readonly speedUp: (paymentId: PaymentId) => Promise<Hash32 | null>;
  readonly cancel: (paymentId: PaymentId) => Promise<Hash32 | null>;
  readonly resend: (batchId: BatchId) => Promise<void>;
  /** Signed and not yet included, in the token's smallest unit. */
  readonly pendingOut: (accountId: AccountId, tokenId: TokenId) => Promise<bigint>;
  readonly paymentOfTransaction: (
    hash: Hash32,
  ) => ReturnType<Remote<SettlementStore>['paymentOfTransaction']>;
  /** Looks at every network now. Errors are the loop's. */
  readonly poke: () => void;
};

export const createSettlement = (
  deps: SettlementDeps,
): Settlement & { readonly status: Remote<SettlementStore>['networkStatus'] } => {
  const { store, chain, clock, log } = deps;
  const pace: Pace = { ...DEFAULT_PACE, ...deps.pace };
  const now = (): Instant => clock.now().toISOString() as Instant;
  const book = createBook();
  const announcer = createAnnouncer(deps.emit);
  const batches = new Map<BatchId, { readonly total: number; readonly startedAt: Instant; told: number }>();
  const loops = new Map<NetworkId, { readonly wake: () => void }>();
  const turning = new Map<NetworkId, Promise<boolean>>();
  let isRunning = false;
  /** Grows at each stop: work of an earlier life writes nothing any more, however late its answers come. */
  let life = 0;
  let writing: Promise<unknown> = Promise.resolve();
  const requireLife = (own: number): void => {
    if (own !== life) throw new AppError('cancelled');
  };

  const rawOf = async (hashes: readonly Hash32[]): Promise<ReadonlyMap<Hash32, Hex>> =>
    new Map((await store.rawOf(hashes)).map(({ hash, raw }) => [hash, raw]));
  const follower = createFollower({
    chain,
    book,
    decodeRefusal,
    callOf: async (hash) => {
      const raw = (await rawOf([hash])).get(hash);
      return raw === undefined ? null : readCall(raw);
    },
    now,
    monotonicMs: clock.monotonicMs,
    stuckAfterMs: pace.stuckAfterMs,
  });
  const sender = createSender({
    chain,
    decodeRefusal,
    verifyToken: deps.verifyToken,
    rawOf,
    readCall,
    now,
  });

  /** Writes what changed, then the book: the store is never behind what was told. */
  const keep = async (
    own: number,
    slots: readonly Slot[],
    sent: ReadonlyMap<PaymentId, readonly Hash32[]>,
  ): Promise<boolean> => {
    requireLife(own);
    const merged = slots.flatMap((slot) => {
      const known = book.get(slot.paymentId);
      if (!known) return [];
      // A replacement may have come in meanwhile: its transaction stays.
      const attempts = known.attempts.map(
        (attempt) => slot.attempts.find(({ hash }) => hash === attempt.hash) ?? attempt,
      );
      return [{ before: known, slot: { ...slot, attempts } }];
    });
    const changed = merged.filter(
      ({ before, slot }) => sent.has(slot.paymentId) || isVisiblyDifferent(before.state, slot.state),
    );
    for (let at = 0; at < changed.length; at += SAVE_AT_ONCE) {
      const part = changed.slice(at, at + SAVE_AT_ONCE);
      const saved = store.saveSlots(
        part.map(({ slot }) => updateOf(slot, sent.get(slot.paymentId) ?? [], now())),
      );
      writing = saved.catch(() => undefined);
      await saved;
      requireLife(own);
    }
    book.put(merged.map(({ slot }) => slot));
    for (const { slot } of changed) {
      announcer.paymentChanged(slot);
      if (slot.state.isDone) book.remove(slot.paymentId);
    }
    return changed.length > 0;
  };

  const tellSending = (): void => {
    for (const [batchId, batch] of batches) {
      const open = book.ofBatch(batchId);
      const waiting = open.filter(({ state }) => state.sentAt === null).length;
      const done = batch.total - waiting;
      if (done !== batch.told) {
        batch.told = done;
        announcer.sending(batchId, done, batch.total, batch.startedAt);
      }
      if (waiting === 0) batches.delete(batchId);
    }
  };

  /** One look and one sending. True when anything moved. */
  const turn = async (networkId: NetworkId, own: number): Promise<boolean> => {
    const network = await deps.network(networkId);
    const looked = await follower.look(network);
    let moved = await keep(own, looked.slots, new Map());
    for (const line of book.lines(networkId)) {
      const minedNonce = looked.minedNonces.get(line.sender);
      if (minedNonce === undefined) {
        moved = true;
        continue;
      }
      if (!line.slots.some((slot) => isReady(slot, minedNonce))) continue;
      const result = await sender.pump(network, line, minedNonce, () => requireLife(own));
      moved = (await keep(own, result.slots, result.sent)) || moved;
    }
    tellSending();
    return moved;
  };

  /** Turns of one network never overlap. */
  const takeTurn = (networkId: NetworkId): Promise<boolean> => {
    const previous = turning.get(networkId) ?? Promise.resolve(false);
    const own = life;
    const next = previous
      .catch(() => false)
      .then(() => {
        requireLife(own);
        return turn(networkId, own);
      });
    turning.set(networkId, next);
    return next;
  };

  const follow = (networkId: NetworkId): void => {
    if (!isRunning) return;
    const known = loops.get(networkId);
    if (known) {
      known.wake();
      return;
    }
    let resume: (() => void) | null = null;
    let isWoken = false;
    const wake = (): void => {
      if (resume) resume();
      else isWoken = true;
    };
    const rest = (ms: number): Promise<void> =>
      new Promise((resolve) => {
        const timer = setTimeout(() => resume?.(), isWoken ? 0 : ms);
        isWoken = false;
        resume = () => {
          clearTimeout(timer);
          resume = null;
          resolve();
        };
      });
    const own = life;
    const isAlive = (): boolean => isRunning && own === life;
    const run = async (): Promise<void> => {
      let failures = 0;
      while (isAlive() && book.lines(networkId).length > 0) {
        try {
          const moved = await takeTurn(networkId);
          failures = 0;
          const network = await deps.network(networkId);
          if (isAlive()) await rest(moved ? pace.busyMs : pace.idleMs(network));
        } catch (error) {
          failures += 1;
          if (!isAlive()) return;
          const code = error instanceof AppError ? error.code : 'internal';
          log.warn('settlement turn failed', { networkId, code, failures });
          if (code === 'internal') log.error('settlement turn failed', { networkId, text: String(error) });
          await rest(Math.min(MAX_BACKOFF_MS, pace.busyMs * 4 * 2 ** Math.min(failures, 8)));
        }
      }
    };
    loops.set(networkId, { wake });
    void run().finally(() => {
      if (!isAlive()) return;
      loops.delete(networkId);
      // Something may have come in between the last look and the end.
      if (book.lines(networkId).length > 0) follow(networkId);
    });
  };

  const load = async (batchId: BatchId | null): Promise<Slot[]> => {
    const slots: Slot[] = [];
    for (let after = 0; ; after += PAGE) {
      const page = await store.openSlots(batchId, after, PAGE);
      slots.push(...page);
      if (page.length < PAGE) return slots;
    }
  };

  const openSlot = async (paymentId: PaymentId): Promise<Slot> => {
    const slot = await store.slot(paymentId);
    if (!slot) {
      await store.paymentFactsOf(paymentId);
      throw new AppError('settlement/not-replaceable', { paymentId, reason: 'not signed' });
    }
    if (slot.state.isDone || slot.state.inclusion !== null)
      throw new AppError('settlement/already-final', { paymentId, stage: slot.state.stage });
    if (slot.state.stage === 'foreign')
      throw new AppError('settlement/not-replaceable', { paymentId, reason: 'nonce used elsewhere' });
    return slot;
  };

  const replace = async (paymentId: PaymentId, action: 'pay' | 'cancel'): Promise<Hash32 | null> => {
    const slot = await openSlot(paymentId);
    const refuse = (reason: string): never => {
      throw new AppError('settlement/not-replaceable', { paymentId, reason });
    };
    if (action === 'pay' && slot.state.sentAt === null) refuse('not sent');
    if (action === 'pay' && slot.attempts.some((attempt) => attempt.action === 'cancel'))
      refuse('being cancelled');
    const network = await deps.network(slot.networkId);
    const [mined] = await chain.nonces(network.id, [slot.sender], 'latest');
    // The nonce is decided; the next look says how.
    if (mined !== undefined && mined > slot.nonce)
      throw new AppError('settlement/already-final', { paymentId, stage: slot.state.stage });
    const situation = await chain.feeSituation(network.id);
    const isUnsent = slot.attempts.every(({ sentAt }) => sentAt === null);
    const fees = isUnsent
      ? planFees(network.fees, situation)
      : planReplacement(
          network.fees,
          situation,
          slot.attempts.map((attempt) => attempt.fees),
        );
    if (fees === null) return refuse('fee-free network');
    const gas = action === 'cancel' ? CANCEL_GAS : (slot.attempts[0]?.gas ?? FALLBACK_GAS);
    return deps.openReplacement({ slot, action, fees, gas });
  };

  return {
    start: async () => {
      if (isRunning) return;
      const withdrawn = await store.withdrawAll(now());
      const slots = await load(null);
      isRunning = true;
      book.clear();
      book.put(slots);
      for (const batchId of withdrawn) announcer.batchChanged(batchId);
      for (const networkId of book.networks()) follow(networkId);
    },
    stop: async () => {
      isRunning = false;
      life += 1;
      // Loops end by themselves; a node that does not answer must not hold up the lock. What is being written is waited for.
      for (const loop of loops.values()) loop.wake();
      loops.clear();
      turning.clear();
      await writing;
      announcer.flush();
      book.clear();
      batches.clear();
    },
    accept: async (batchId) => {
      const slots = await load(batchId);
      book.put(slots);
      batches.set(batchId, { total: slots.length, startedAt: now(), told: -1 });
      announcer.batchChanged(batchId);
      for (const networkId of new Set(slots.map((slot) => slot.networkId))) follow(networkId);
    },
    acceptReplacement: async (paymentId) => {
      const slot = await store.slot(paymentId);
      if (!slot) return;
      const known = book.get(paymentId);
      book.put([known ? { ...known, attempts: mergeAttempts(known, slot) } : slot]);
      announcer.paymentChanged(slot);
      follow(slot.networkId);
    },
    speedUp: (paymentId) => replace(paymentId, 'pay'),
    cancel: (paymentId) => replace(paymentId, 'cancel'),
    resend: async (batchId) => {
      await store.batchFacts(batchId);
      const networks = new Set(book.ofBatch(batchId).map((slot) => slot.networkId));
      for (const networkId of networks) {
        await takeTurn(networkId);
        follow(networkId);
      }
    },
    pendingOut: (accountId, tokenId) => store.pendingOut(accountId, tokenId),
    paymentOfTransaction: (hash) => store.paymentOfTransaction(hash),
    status: () => store.networkStatus(),
    poke: () => {
      for (const networkId of book.networks()) follow(networkId);
    },
  };
};

const mergeAttempts = (known: Slot, stored: Slot): Slot['attempts'] =>
  stored.attempts.map((attempt) => known.attempts.find(({ hash }) => hash === attempt.hash) ?? attempt);

const readCall = (raw: Hex): { readonly to: Address; readonly data: Hex } => {
  const { to, data } = parseTransaction(raw as `0x${string}`);
  return { to: Address.parse(to), data: (data ?? '0x') as Hex };
};

export const settlementHandlers = (
  settlement: ReturnType<typeof createSettlement>,
): Pick<
  MainHandlers,
  'settlement.speedUp' | 'settlement.cancel' | 'settlement.resend' | 'settlement.status'
> => ({
  'settlement.speedUp': async ({ paymentId }) => ({ envelope: await settlement.speedUp(paymentId) }),
  'settlement.cancel': async ({ paymentId }) => ({ envelope: await settlement.cancel(paymentId) }),
  'settlement.resend': async ({ batchId }) => {
    await settlement.resend(batchId);
    return {};
  },
  'settlement.status': async () => ({ networks: await settlement.status() }),
});
