import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/shared/contract';
import { type Sandbox, startSandbox, supplierKey } from '../../sandbox/index';
import {
  compareWithChain,
  createHome,
  createPayer,
  type Facts,
  factsOf,
  type Home,
  type LimitingProxy,
  NO_FILTER,
  openRig,
  ownKey,
  type Payer,
  type Rig,
  startLimitingProxy,
} from './replica-rig';

let sandbox: Sandbox;
let pay: Payer;
let proxy: LimitingProxy | undefined;
const homes: Home[] = [];
const rigs: Rig[] = [];
const supplier = supplierKey(0).address;
const TRANSFERS = 60;

beforeAll(async () => {
  sandbox = await startSandbox();
  pay = createPayer(sandbox);
  for (let index = 0; index < TRANSFERS; index++)
    await pay(ownKey(index % 2), index % 3 === 0 ? 'F' : 'J', 'transfer', [
      index % 5 === 0 ? ownKey(2).address : supplier,
      BigInt(index + 1),
    ]);
});
afterAll(() => sandbox?.stop());
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
  for (const home of homes.splice(0)) home.remove();
  await proxy?.close();
  proxy = undefined;
});

const newHome = (): Home => {
  const home = createHome();
  homes.push(home);
  return home;
};
const open = async (...args: Parameters<typeof openRig>): Promise<Rig> => {
  const rig = await openRig(...args);
  rigs.push(rig);
  return rig;
};
const entriesOf = async (rig: Rig): Promise<Entry[]> =>
  (await rig.ledger.store('ledger').entries(NO_FILTER, 0, 500)).entries;
const run = async (rig: Rig): Promise<void> => {
  if (rig.replica.states().length === 0) await rig.replica.start();
  await rig.replica.syncNow();
};
/** Nothing but what a replica from scratch has. */
const expectSameAsFresh = async (rig: Rig, facts: Facts): Promise<void> => {
  const fresh = await open(newHome(), () => facts);
  await run(fresh);
  expect(await entriesOf(rig)).toEqual(await entriesOf(fresh));
  expect(await rig.ledger.store('ledger').balancePoints(0n)).toEqual(
    await fresh.ledger.store('ledger').balancePoints(0n),
  );
};

describe('ranges', () => {
  it('shrink to what a node allows and grow again when it allows more', async () => {
    proxy = await startLimitingProxy(sandbox.rpcUrl, 9n);
    const facts = factsOf(sandbox, proxy.url);
    const rig = await open(newHome(), () => facts);
    await run(rig);
    expect(rig.replica.states()[0]).toMatchObject({ state: 'idle', error: null });
    await compareWithChain(rig, sandbox, facts);
    const refused = proxy.asked.filter(({ answered }) => !answered).length;
    expect(refused).toBeGreaterThan(3);
    expect(proxy.asked.filter(({ answered }) => answered).every(({ width }) => width <= 9n)).toBe(true);
    await expectSameAsFresh(rig, factsOf(sandbox));
    proxy.limit = 1_000n;
    const before = proxy.asked.length;
    await sandbox.mine(40);
    await run(rig);
    const widths = proxy.asked.slice(before).map(({ width }) => width);
    expect(widths.some((width) => width > 9n)).toBe(true);
  });

  it('of one block that a node still refuses end as an error, with everything before kept', async () => {
    proxy = await startLimitingProxy(sandbox.rpcUrl, 0n);
    const facts = factsOf(sandbox, proxy.url);
    const rig = await open(newHome(), () => facts);
    await run(rig);
    expect(rig.replica.states()[0]).toMatchObject({ state: 'error', error: 'chain/refused' });
    proxy.limit = 50n;
    await run(rig);
    expect(rig.replica.states()[0]?.state).toBe('idle');
    await compareWithChain(rig, sandbox, facts);
  });
});

describe('kill -9 of the ledger process', () => {
  it('at any write of a sync loses nothing and doubles nothing', async () => {
    proxy = await startLimitingProxy(sandbox.rpcUrl, 2n);
    const facts = factsOf(sandbox, proxy.url);
    const home = newHome();
    let kills = 0;
    let acknowledged = -1n;
    for (let round = 0; round < 24; round++) {
      let writes = 0;
      let pid = 0;
      const ends = new Map<number, bigint>();
      const rig = await openRig(home, () => facts, {
        onStarted: (started) => {
          pid = started;
        },
        onReceived: (message) => {
          const end = message.kind === 'done' && message.ok ? ends.get(message.id) : undefined;
          if (end !== undefined && end > acknowledged) acknowledged = end;
        },
        onSent: (message) => {
          if (message.kind !== 'call') return;
          const input = message.input as { method?: string; args?: { to: bigint }[] } | null;
          if (input?.method !== 'applyRange') return;
          ends.set(message.id, input.args?.[0]?.to ?? -1n);
          writes += 1;
          if (writes !== 1 + (round % 3)) return;
          kills += 1;
          // From at once to a few milliseconds later: before, inside and after the transaction.
          setTimeout(() => process.kill(pid, 'SIGKILL'), (round % 6) * 0.7);
        },
      });
      const { coverage } = await rig.ledger.store('ledger').networkSync(facts.network.id);
      // All pairs stand at one block here: what was acknowledged before a kill is there after it.
      for (const { syncedTo } of coverage) expect(syncedTo).toBeGreaterThanOrEqual(acknowledged);
      await rig.replica.start();
      await rig.replica.syncNow();
      await rig.close();
    }
    expect(kills).toBeGreaterThanOrEqual(20);
    const rig = await open(home, () => facts);
    proxy.limit = 1_000n;
    await run(rig);
    await compareWithChain(rig, sandbox, facts);
    await expectSameAsFresh(rig, factsOf(sandbox));
  });
});

describe('re-organisations', () => {
  const deep = (facts: Facts): Facts => ({
    ...facts,
    network: { ...facts.network, finality: { kind: 'depth', blocks: 12 } },
  });

  it('above finality take entries back, on record, and follow the new chain', async () => {
    const facts = deep(factsOf(sandbox));
    const rig = await open(newHome(), () => facts);
    const kept = await pay(ownKey(0), 'J', 'transfer', [supplier, 1_001n]);
    const lost: string[] = [
      await pay(ownKey(0), 'J', 'transfer', [supplier, 1_002n]),
      await pay(ownKey(1), 'F', 'transfer', [ownKey(0).address, 1_003n]),
      await pay(ownKey(0), 'J', 'transfer', [supplier, 1_004n]),
    ];
    await run(rig);
    const before = await entriesOf(rig);
    expect(before.filter(({ transactionHash }) => lost.includes(transactionHash))).toHaveLength(4);
    await sandbox.reorg(3);
    await run(rig);
    const after = await entriesOf(rig);
    expect(after.filter(({ transactionHash }) => lost.includes(transactionHash))).toEqual([]);
    expect(after.some(({ transactionHash }) => transactionHash === kept)).toBe(true);
    expect(after).toEqual(before.slice(before.length - after.length));
    await compareWithChain(rig, sandbox, facts);
    expect(await rig.ledger.store('ledger').reversals(facts.network.id)).toMatchObject([
      { reason: 'reorg', entries: 4 },
    ]);
    await pay(ownKey(0), 'J', 'transfer', [supplier, 1_005n]);
    await run(rig);
    await compareWithChain(rig, sandbox, facts);
    await expectSameAsFresh(rig, facts);
  });

  it('below finality stop the replica and change nothing', async () => {
    const facts = factsOf(sandbox);
    const real: Facts = {
      ...facts,
      network: { ...facts.network, isSandbox: false, finality: { kind: 'depth', blocks: 1 } },
    };
    const rig = await open(newHome(), () => real);
    await pay(ownKey(0), 'J', 'transfer', [supplier, 2_001n]);
    await pay(ownKey(0), 'J', 'transfer', [supplier, 2_002n]);
    await run(rig);
    const before = await entriesOf(rig);
    await sandbox.reorg(3);
    await sandbox.mine(2);
    await run(rig);
    expect(rig.replica.states()[0]).toMatchObject({ state: 'error', error: 'ledger/reorg-below-finality' });
    expect(await entriesOf(rig)).toEqual(before);
    expect((await rig.ledger.store('ledger').networkSync(facts.network.id)).halted).toBe(
      'ledger/reorg-below-finality',
    );
    // Asking again does not wear it down.
    await run(rig);
    expect(rig.replica.states()[0]?.error).toBe('ledger/reorg-below-finality');
    expect(await entriesOf(rig)).toEqual(before);
  });

  it('that replace a whole sandbox begin its history again, on record', async () => {
    const other = await startSandbox();
    const otherFacts = factsOf(other);
    const home = newHome();
    const first = await openRig(home, () => otherFacts);
    await run(first);
    const before = await entriesOf(first);
    await first.close();
    await other.stop();
    const rig = await open(home, () => factsOf(sandbox));
    await run(rig);
    expect(rig.replica.states()[0]).toMatchObject({ state: 'idle', error: null });
    await compareWithChain(rig, sandbox, factsOf(sandbox));
    await expectSameAsFresh(rig, factsOf(sandbox));
    const [reversal] = await rig.ledger.store('ledger').reversals(otherFacts.network.id);
    expect(reversal).toMatchObject({ reason: 'chain-replaced', entries: before.length });
  });
});
