/**
 * The slot against a model network: random schedules of sending, blocks, re-orgs, loss, replacement, transactions from
 * outside and restarts. What the machine says must be what happened.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Attempt,
  type Inclusion,
  isToSend,
  type Look,
  markSent,
  NEW_SLOT,
  newestAttempt,
  type Outcome,
  type SlotState,
  statusOfSlot,
  stepSlot,
} from '../../../src/main/settlement/slot';
import type { Hash32, Instant } from '../../../src/shared/model/ids';

const AT = '2026-11-23T00:00:00.000Z' as Instant;
const FINALITY = 2n;
const hashOf = (index: number): Hash32 => `0x${index.toString(16).padStart(64, '0')}` as Hash32;

type Block = {
  readonly hash: Hash32;
  readonly used: { readonly hash: Hash32 | 'foreign'; readonly outcome: Outcome } | null;
};

/** One sender, one nonce: what a network does with it. */
type World = {
  state: SlotState;
  attempts: Attempt[];
  pool: Set<Hash32>;
  foreignInPool: boolean;
  chain: Block[];
  blocks: number;
  /** Highest block that was ever final: it stays so when blocks above it go away. */
  final: bigint;
  /** Outcomes by transaction, fixed so that a re-org cannot change what a transaction would do. */
  readonly outcome: Outcome;
};

const newWorld = (outcome: Outcome): World => ({
  state: NEW_SLOT,
  attempts: [{ hash: hashOf(1), action: 'pay', createdAt: AT, sentAt: null, maxFee: 1n }],
  pool: new Set(),
  foreignInPool: false,
  chain: [],
  blocks: 0,
  final: -1n,
  outcome,
});

const usedBy = (world: World): { index: number; block: Block } | null => {
  const index = world.chain.findIndex(({ used }) => used !== null);
  const block = world.chain[index];
  return block ? { index, block } : null;
};

const outcomeOf = (world: World, hash: Hash32): Outcome =>
  world.attempts.find((attempt) => attempt.hash === hash)?.action === 'cancel' ? 'nothing' : world.outcome;

const finalBlock = (world: World): bigint => world.final;

const look = (world: World): Look => {
  const used = usedBy(world);
  const hash = used?.block.used?.hash;
  const inclusion: Inclusion | null =
    used && hash !== undefined && hash !== 'foreign'
      ? {
          hash,
          blockNumber: BigInt(used.index),
          blockHash: used.block.hash,
          outcome: used.block.used?.outcome ?? 'moved',
          fee: 1n,
          requestHash: null,
        }
      : null;
  return {
    at: AT,
    minedNonce: used ? 8n : 7n,
    finalBlock: finalBlock(world),
    inclusion,
    pool: world.attempts.some((attempt) => world.pool.has(attempt.hash)) ? 'holds' : 'lacks',
    isOverdue: false,
    request: 'open',
  };
};

type Action =
  | 'send'
  | 'look'
  | 'mine-ours'
  | 'mine-older'
  | 'mine-empty'
  | 'mine-foreign'
  | 'reorg'
  | 'drop'
  | 'replace'
  | 'cancel'
  | 'restart';

const canReplace = (world: World): boolean =>
  !world.state.isDone && world.state.inclusion === null && world.attempts.length < 6;

const mine = (world: World, used: Block['used']): void => {
  world.blocks += 1;
  world.chain.push({ hash: hashOf(1_000_000 + world.blocks), used });
  const final = BigInt(world.chain.length) - 1n - FINALITY;
  if (final > world.final) world.final = final;
};

const apply = (world: World, action: Action): void => {
  const inPool = world.attempts.filter(({ hash }) => world.pool.has(hash));
  const isFree = usedBy(world) === null;
  switch (action) {
    case 'send': {
      const newest = newestAttempt(world.attempts);
      const minedNonce = isFree ? 7n : 8n;
      if (isToSend(world.state, 7n, minedNonce) || (newest.sentAt === null && canReplace(world) && isFree)) {
        world.pool.add(newest.hash);
        world.attempts = world.attempts.map((attempt) =>
          attempt.hash === newest.hash ? { ...attempt, sentAt: AT } : attempt,
        );
        world.state = markSent(world.state, AT);
      }
      return;
    }
    case 'look':
      world.state = stepSlot(world.state, 7n, world.attempts, look(world));
      return;
    case 'mine-ours':
    case 'mine-older': {
      const chosen = action === 'mine-ours' ? inPool.at(-1) : inPool[0];
      if (chosen && isFree) mine(world, { hash: chosen.hash, outcome: outcomeOf(world, chosen.hash) });
      return;
    }
    case 'mine-empty':
      mine(world, null);
      return;
    case 'mine-foreign':
      if (isFree) mine(world, { hash: 'foreign', outcome: 'moved' });
      return;
    case 'reorg':
      // Never below what is final: a final block does not go away.
      if (world.chain.length > 0 && BigInt(world.chain.length) - 1n > finalBlock(world)) world.chain.pop();
      return;
    case 'drop':
      world.pool.clear();
      return;
    case 'replace':
    case 'cancel':
      if (canReplace(world))
        world.attempts = [
          ...world.attempts,
          {
            hash: hashOf(world.attempts.length + 1),
            action: action === 'cancel' ? 'cancel' : 'pay',
            createdAt: AT,
            sentAt: null,
            maxFee: 2n,
          },
        ];
      return;
    case 'restart':
      // A restart forgets what only memory held.
      world.state = { ...world.state, foreignLooks: 0, absentLooks: 0 };
      return;
  }
};

const ACTIONS: readonly Action[] = [
  'send',
  'look',
  'mine-ours',
  'mine-older',
  'mine-empty',
  'mine-foreign',
  'reorg',
  'drop',
  'replace',
  'cancel',
  'restart',
];
const schedules = fc.array(fc.constantFrom(...ACTIONS), { minLength: 1, maxLength: 60 });
const outcomes = fc.constantFrom<Outcome>('moved', 'reverted', 'nothing');

const checkTruth = (world: World): void => {
  const { state } = world;
  const used = usedBy(world);
  if (!state.isDone) {
    expect(['ACCP', 'ACSP']).toContain(statusOfSlot(state));
    return;
  }
  // Done means: what used the nonce is final, and it is what the state says.
  expect(used).not.toBeNull();
  expect(BigInt(used?.index ?? 0)).toBeLessThanOrEqual(finalBlock(world));
  expect(state.inclusion?.hash).toBe(used?.block.used?.hash);
  const attempt = world.attempts.find(({ hash }) => hash === state.inclusion?.hash);
  const isPaid = attempt?.action === 'pay' && world.outcome === 'moved';
  expect(statusOfSlot(state)).toBe(isPaid ? 'ACSC' : 'RJCT');
};

describe('a payment on a network that does what networks do', () => {
  it('is settled or rejected only by what is final, and never changes afterwards', () => {
    fc.assert(
      fc.property(schedules, outcomes, (schedule, outcome) => {
        const world = newWorld(outcome);
        let done: SlotState | null = null;
        for (const action of schedule) {
          apply(world, action);
          checkTruth(world);
          if (done) expect(world.state).toEqual(done);
          else if (world.state.isDone) done = world.state;
        }
      }),
      { numRuns: 5_000 },
    );
  });

  it('always reaches the end that the network decided, once the network is quiet', () => {
    fc.assert(
      fc.property(schedules, outcomes, (schedule, outcome) => {
        const world = newWorld(outcome);
        for (const action of schedule) apply(world, action);
        const round: readonly Action[] = ['look', 'send', 'mine-ours', 'mine-empty', 'look'];
        for (let rest = 0; rest < 8; rest += 1) for (const action of round) apply(world, action);
        const isForeign = usedBy(world)?.block.used?.hash === 'foreign';
        if (isForeign) {
          // Told, never repaid and never given up: nobody knows what that transaction was.
          expect(world.state).toMatchObject({ stage: 'foreign', isDone: false });
        } else {
          expect(world.state.isDone).toBe(true);
          checkTruth(world);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('is not sent again once its nonce is used', () => {
    fc.assert(
      fc.property(schedules, outcomes, (schedule, outcome) => {
        const world = newWorld(outcome);
        for (const action of schedule) {
          apply(world, action);
          if (usedBy(world) !== null) expect(isToSend(world.state, 7n, 8n)).toBe(false);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('single looks', () => {
  const base: Look = {
    at: AT,
    minedNonce: 7n,
    finalBlock: 0n,
    inclusion: null,
    pool: 'holds',
    isOverdue: false,
    request: 'open',
  };
  const attempts: Attempt[] = [{ hash: hashOf(1), action: 'pay', createdAt: AT, sentAt: AT, maxFee: 1n }];
  const sent = markSent(NEW_SLOT, AT);
  const inclusion: Inclusion = {
    hash: hashOf(1),
    blockNumber: 5n,
    blockHash: hashOf(99),
    outcome: 'requested',
    fee: 1n,
    requestHash: hashOf(50),
  };

  it('calls only the first in line stuck', () => {
    expect(stepSlot(sent, 7n, attempts, { ...base, isOverdue: true }).stage).toBe('stuck');
    expect(stepSlot(sent, 8n, attempts, { ...base, isOverdue: true }).stage).toBe('sent');
  });

  it('needs two looks for dropped and three for foreign', () => {
    const once = stepSlot(sent, 7n, attempts, { ...base, pool: 'lacks' });
    expect(once.stage).toBe('sent');
    expect(stepSlot(once, 7n, attempts, { ...base, pool: 'lacks' }).stage).toBe('dropped');
    const used = { ...base, minedNonce: 8n };
    const twice = stepSlot(stepSlot(sent, 7n, attempts, used), 7n, attempts, used);
    expect(twice.stage).toBe('sent');
    expect(stepSlot(twice, 7n, attempts, used).stage).toBe('foreign');
  });

  it('keeps a redemption request open until the bank decided', () => {
    const looked = { ...base, minedNonce: 8n, inclusion };
    expect(stepSlot(sent, 7n, attempts, { ...looked, finalBlock: 4n })).toMatchObject({ stage: 'included' });
    const requested = stepSlot(sent, 7n, attempts, { ...looked, finalBlock: 5n });
    expect(requested).toMatchObject({ stage: 'requested', isDone: false });
    expect(statusOfSlot(requested)).toBe('ACSP');
    const validated = stepSlot(requested, 7n, attempts, { ...looked, finalBlock: 9n, request: 'validated' });
    expect([validated.stage, statusOfSlot(validated)]).toEqual(['final', 'ACSC']);
    const rejected = stepSlot(requested, 7n, attempts, { ...looked, finalBlock: 9n, request: 'rejected' });
    expect([rejected.stage, statusOfSlot(rejected)]).toEqual(['reverted', 'RJCT']);
  });

  it('takes a re-orged payment back to sent', () => {
    const included = stepSlot(sent, 7n, attempts, {
      ...base,
      minedNonce: 8n,
      inclusion: { ...inclusion, outcome: 'moved' },
    });
    expect(included.stage).toBe('included');
    expect(stepSlot(included, 7n, attempts, base)).toMatchObject({ stage: 'sent', inclusion: null });
  });
});
