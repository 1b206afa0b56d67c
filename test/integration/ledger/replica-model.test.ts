/**
 * Random lives of a chain (blocks, re-organisations of any allowed depth, also in the middle of a pass, a node that is
 * behind, restarts, accounts and tokens that come later): the replica must always end as one that reads the final chain
 * from scratch, and never change what was final.
 */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block, CallResult, Log, LogFilter, NetworkClient, Receipt } from '../../../src/main/chain';
import type { Remote } from '../../../src/main/ledger';
import { TOPICS } from '../../../src/main/ledger/replica-decode';
import { createNetworkSync, type SyncInput } from '../../../src/main/ledger/replica-sync';
import { createLedgerStore, type LedgerStore } from '../../../src/main/ledger/stores/ledger-store';
import type { Entry } from '../../../src/shared/contract';
import type { Network, OwnAccount, Token } from '../../../src/shared/model/directory';
import {
  type AccountId,
  type Address,
  type CurrencyCode,
  type Hash32,
  type Hex,
  NetworkId,
  tokenIdOf,
} from '../../../src/shared/model/ids';
import { openTestStore, type TestStore } from '../../support/open-store';
import { NO_FILTER, silentLog } from './replica-rig';

const FINALITY = 8;
const NETWORK = NetworkId.parse('eip155:31337');
const addressOf = (seed: number): Address => `0x${seed.toString(16).padStart(40, '0')}` as Address;
const word = (value: bigint | string): Hash32 =>
  `0x${(typeof value === 'bigint' ? value.toString(16) : value.slice(2)).padStart(64, '0')}` as Hash32;
const TOKENS = [addressOf(0xa1), addressOf(0xa2)];
const OWN = [addressOf(0xb1), addressOf(0xb2), addressOf(0xb3)];
const PEOPLE = [...OWN, addressOf(0xc1), addressOf(0)];

type Move = { readonly token: number; readonly from: number; readonly to: number; readonly units: number };
type FakeBlock = { readonly block: Block; readonly moves: readonly Move[] };

const createFakeChain = () => {
  let blocks: FakeBlock[] = [];
  let salt = 0;
  const hashOf = (text: string): Hash32 => `0x${createHash('sha256').update(text).digest('hex')}` as Hash32;
  const mine = (moves: readonly Move[]): void => {
    salt += 1;
    const parent = blocks.at(-1)?.block;
    const number = BigInt(blocks.length);
    blocks.push({
      moves,
      block: {
        number,
        hash: hashOf(`${parent?.hash} ${salt}`),
        parentHash: parent?.hash ?? word(0n),
        // Several blocks per hour, so that chart points are shared and split by re-organisations.
        timestamp: 1_700_000_000n + number * 700n + BigInt(salt % 5),
        stateRoot: word(0n),
        receiptsRoot: word(0n),
        logsBloom: '0x' as Hex,
        gasLimit: 0n,
        gasUsed: 0n,
        baseFeePerGas: null,
        transactions: [],
      },
    });
  };
  // Everybody starts with enough, so that balances stay what a token could answer.
  mine(
    TOKENS.flatMap((_, token) => [0, 1, 2, 3].map((to) => ({ token, from: 4, to, units: 1_000_000_000 }))),
  );
  const logsOf = ({ block, moves }: FakeBlock): Log[] =>
    moves.map((move, index) => ({
      address: TOKENS[move.token] ?? addressOf(0),
      topics: [TOPICS.transfer, word(PEOPLE[move.from] ?? '0x'), word(PEOPLE[move.to] ?? '0x')],
      data: word(BigInt(move.units)) as unknown as Hex,
      blockNumber: block.number,
      blockHash: block.hash,
      // Two transfers per transaction.
      transactionHash: hashOf(`${block.hash} ${index >> 1}`),
      transactionIndex: index >> 1,
      logIndex: index,
    }));
  return {
    mine,
    /** Drops blocks above `ancestor`. */
    cut: (ancestor: number): void => {
      blocks = blocks.slice(0, ancestor + 1);
    },
    height: () => blocks.length - 1,
    visible: (behind: number) => blocks.slice(0, Math.max(1, blocks.length - behind)),
    logsOf,
    balances: (upTo: Hash32): Map<string, bigint> => {
      const sums = new Map<string, bigint>();
      for (const each of blocks) {
        for (const { token, from, to, units } of each.moves) {
          const add = (who: number, sign: bigint): void => {
            const key = `${TOKENS[token]} ${PEOPLE[who]}`;
            sums.set(key, (sums.get(key) ?? 0n) + sign * BigInt(units));
          };
          add(from, -1n);
          add(to, 1n);
        }
        if (each.block.hash === upTo) break;
      }
      return sums;
    },
  };
};

type FakeChain = ReturnType<typeof createFakeChain>;

/** `beforeCall` runs before each question: that is where a chain moves under a pass. */
const createFakeClient = (
  chain: FakeChain,
  state: { behind: number; beforeCall: () => void },
): NetworkClient => {
  const visible = () => chain.visible(state.behind);
  const blockAt = (ref: unknown): Block | null => {
    const all = visible();
    if (typeof ref === 'bigint') return all[Number(ref)]?.block ?? null;
    if (ref === 'latest') return all.at(-1)?.block ?? null;
    return null;
  };
  const all = () => visible().flatMap((block) => chain.logsOf(block));
  const matches = (log: Log, filter: LogFilter): boolean =>
    log.blockNumber >= filter.fromBlock &&
    log.blockNumber <= filter.toBlock &&
    filter.addresses.includes(log.address) &&
    filter.topics.every((wanted, index) => {
      const found = log.topics[index];
      return (
        wanted === null ||
        (found !== undefined && (typeof wanted === 'string' ? wanted === found : wanted.includes(found)))
      );
    });
  const client: Partial<NetworkClient> = {
    getBlock: async (ref) => {
      state.beforeCall();
      return blockAt(ref);
    },
    getBlocks: async (refs) => {
      state.beforeCall();
      return refs.map(blockAt);
    },
    getLogs: async (filter) => {
      state.beforeCall();
      return all().filter((log) => matches(log, filter));
    },
    getTransactionReceipts: async (hashes) => {
      state.beforeCall();
      return hashes.map((hash) => {
        const logs = all().filter(({ transactionHash }) => transactionHash === hash);
        const [first] = logs;
        return first ? ({ ...first, logs } as unknown as Receipt) : null;
      });
    },
    getTransactionsByHash: async (hashes) => {
      state.beforeCall();
      return hashes.map(() => null);
    },
    callMany: async (inputs, ref) => {
      state.beforeCall();
      const hash = (ref as { hash: Hash32 }).hash;
      const isKnown = visible().some(({ block }) => block.hash === hash);
      const sums = chain.balances(hash);
      return inputs.map(({ to, data }): CallResult => {
        const balance = sums.get(`${to} 0x${data.slice(-40)}`) ?? 0n;
        return isKnown
          ? { ok: true, data: word(BigInt.asUintN(256, balance)) as unknown as Hex }
          : { ok: false, kind: 'halt', revertData: null };
      });
    },
  };
  return client as NetworkClient;
};

const network = {
  id: NETWORK,
  startBlock: 0n,
  finality: { kind: 'depth', blocks: FINALITY },
  isSandbox: false,
} as unknown as Network;
const tokens = TOKENS.map((address) => ({
  id: tokenIdOf(NETWORK, address),
  networkId: NETWORK,
  currency: 'USD' as CurrencyCode,
  decimals: 2,
  approved: null,
})) as unknown as Token[];
const accounts = OWN.map((address, index) => ({
  id: `acc_${String(index).padStart(24, '0')}` as AccountId,
  address,
})) as unknown as OwnAccount[];

const remoteOf = (store: LedgerStore): Remote<LedgerStore> =>
  Object.fromEntries(
    Object.entries(store).map(([name, method]) => [
      name,
      async (...args: unknown[]) =>
        structuredClone((method as (...args: unknown[]) => unknown)(...structuredClone(args))),
    ]),
  ) as Remote<LedgerStore>;

const moveArbitrary: fc.Arbitrary<Move> = fc.record({
  token: fc.nat(TOKENS.length - 1),
  from: fc.nat(PEOPLE.length - 1),
  to: fc.nat(PEOPLE.length - 1),
  units: fc.nat(1_000),
});
const blockArbitrary = fc.array(moveArbitrary, { maxLength: 5 });
type Step =
  | { readonly kind: 'mine'; readonly blocks: Move[][] }
  | { readonly kind: 'reorg'; readonly depth: number; readonly blocks: Move[][] }
  | { readonly kind: 'sync'; readonly behind: number }
  | {
      readonly kind: 'sync-while-moving';
      readonly atCall: number;
      readonly depth: number;
      readonly blocks: Move[][];
    }
  | { readonly kind: 'restart' }
  | { readonly kind: 'more'; readonly tokens: number; readonly accounts: number };
const blocksArbitrary = fc.array(blockArbitrary, { minLength: 1, maxLength: 6 });
const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('mine' as const), blocks: blocksArbitrary }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('reorg' as const),
      depth: fc.integer({ min: 1, max: FINALITY }),
      blocks: fc.array(blockArbitrary, { maxLength: 9 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('sync' as const), behind: fc.oneof(fc.constant(0), fc.nat(4)) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('sync-while-moving' as const),
      atCall: fc.nat(14),
      depth: fc.integer({ min: 1, max: FINALITY }),
      blocks: blocksArbitrary,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('more' as const), tokens: fc.nat(1), accounts: fc.nat(2) }),
  },
);

const runSteps = async (steps: readonly Step[]): Promise<void> => {
  const chain = createFakeChain();
  const state: { behind: number; beforeCall: () => void } = { behind: 0, beforeCall: () => {} };
  const client = createFakeClient(chain, state);
  const known = { tokens: 1, accounts: 1 };
  const input = (): SyncInput => ({
    network,
    tokens: tokens.slice(0, known.tokens),
    accounts: accounts.slice(0, known.accounts),
  });
  let highest = 0;
  /** Re-organisations stay above what could be final by now. */
  const reorg = (depth: number, blocks: readonly Move[][]): void => {
    const floor = Math.max(0, highest - FINALITY);
    chain.cut(Math.max(floor, chain.height() - depth));
    for (const moves of blocks) chain.mine(moves);
    highest = Math.max(highest, chain.height());
  };
  const passesOf = (test: TestStore) =>
    createNetworkSync({
      client,
      store: remoteOf(createLedgerStore(test.db)),
      clock: { now: () => new Date(0), monotonicMs: () => 0 },
      log: silentLog(),
      onProgress: () => undefined,
    });
  const readAll = (test: TestStore): Entry[] =>
    createLedgerStore(test.db)
      .entriesAfter(0n, 10_000)
      .entries.sort((a, b) => (a.id < b.id ? -1 : 1));
  const test = openTestStore();
  let passes = passesOf(test);
  let final = new Map<string, Entry>();
  const checkFinal = (): void => {
    const now = new Map(readAll(test).map((entry) => [entry.id, entry]));
    // Whether the other side is own may become known later.
    for (const [id, entry] of final) expect({ ...now.get(id), kind: '' }).toEqual({ ...entry, kind: '' });
    final = new Map([...now].filter(([, entry]) => entry.isFinal));
  };
  const sync = async (): Promise<void> => {
    await passes.pass(input(), {}).catch((error: unknown) => {
      // A chain that moves at every attempt, or a node that is behind what was final, may end a pass; nothing may be
      // wrong afterwards.
      expect(['chain/invalid-answer', 'chain/unreachable']).toContain((error as { code?: string }).code);
    });
    checkFinal();
  };
  try {
    for (const step of steps) {
      if (step.kind === 'mine') for (const moves of step.blocks) chain.mine(moves);
      if (step.kind === 'reorg') reorg(step.depth, step.blocks);
      if (step.kind === 'sync') {
        state.behind = step.behind;
        await sync();
        state.behind = 0;
      }
      if (step.kind === 'sync-while-moving') {
        let call = 0;
        state.beforeCall = () => {
          if (call++ === step.atCall) reorg(step.depth, step.blocks);
        };
        await sync();
        state.beforeCall = () => {};
      }
      if (step.kind === 'restart') {
        test.reopen();
        passes = passesOf(test);
      }
      if (step.kind === 'more') {
        known.tokens = Math.max(known.tokens, step.tokens + 1);
        known.accounts = Math.max(known.accounts, step.accounts + 1);
      }
      highest = Math.max(highest, chain.height());
    }
    // A chain always goes on; a head below what was seen would be a node that is behind.
    while (chain.height() <= highest) chain.mine([]);
    const result = await passes.pass(input(), {});
    checkFinal();
    expect(result.unreconciled).toBe(0);

    const fresh = openTestStore();
    try {
      await passesOf(fresh).pass(input(), {});
      expect(readAll(test)).toEqual(readAll(fresh));
      const points = (each: TestStore) =>
        createLedgerStore(each.db)
          .balancePoints(0n)
          .map((point) => ({ ...point }))
          .sort((a, b) =>
            `${a.tokenId}${a.accountId}${a.hour}` < `${b.tokenId}${b.accountId}${b.hour}` ? -1 : 1,
          );
      expect(points(test)).toEqual(points(fresh));
      expect(createLedgerStore(test.db).holdings()).toEqual(createLedgerStore(fresh.db).holdings());
    } finally {
      fresh.close();
    }
    // And the sums are the chain's own.
    const head = chain.visible(0).at(-1)?.block;
    const sums = chain.balances(head?.hash ?? word(0n));
    for (const holding of createLedgerStore(test.db).holdings()) {
      const account = accounts.find(({ id }) => id === holding.accountId);
      const key = `0x${holding.tokenId.slice(-40)} ${account?.address}`;
      expect(holding.balance).toBe(BigInt.asUintN(256, sums.get(key) ?? 0n));
    }
    const page = createLedgerStore(test.db).entries(NO_FILTER, 0, 500);
    expect(page.total).toBe(readAll(test).length);
  } finally {
    test.close();
  }
};

describe('replica against recomputation', () => {
  it('does not take a shorter chain for the one it read when an account comes while it is short', async () => {
    await runSteps([
      { kind: 'mine', blocks: [[], [], []] },
      { kind: 'sync', behind: 0 },
      { kind: 'reorg', depth: 3, blocks: [[{ token: 0, from: 0, to: 3, units: 1 }], []] },
      { kind: 'more', tokens: 0, accounts: 1 },
      { kind: 'sync', behind: 0 },
    ]);
  });

  // Long lives have a final block, which makes two more questions.
  it.each([2, 12].flatMap((height) => Array.from({ length: 8 }, (_, atCall) => ({ height, atCall }))))(
    'does not read on from a block that left at question $atCall of a pass (height $height)',
    async ({ height, atCall }) => {
      const blocks = [[{ token: 0, from: 0, to: 3, units: 1 }], [], [], []];
      await runSteps([
        { kind: 'mine', blocks: Array.from({ length: height }, () => []) },
        { kind: 'sync', behind: 0 },
        { kind: 'mine', blocks: [[], []] },
        { kind: 'sync-while-moving', atCall, depth: 3, blocks },
      ]);
    },
  );

  it('agrees after any life of the chain', async () => {
    await fc.assert(fc.asyncProperty(fc.array(stepArbitrary, { minLength: 3, maxLength: 25 }), runSteps), {
      numRuns: Number(process.env.MODEL_RUNS ?? 40),
    });
  }, 600_000);
});
