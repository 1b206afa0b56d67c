import { padHex, stringToHex } from 'viem';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox, supplierKey } from '../../sandbox/index';
import {
  compareWithChain,
  createHome,
  createPayer,
  type Facts,
  factsOf,
  type Home,
  NO_FILTER,
  openLedger,
  openRig,
  ownKey,
  type Payer,
  type Rig,
} from './replica-rig';

let sandbox: Sandbox;
let pay: Payer;
let facts: Facts;
let home: Home;
let rig: Rig;

const supplier = supplierKey(0).address;
const E2E = 'K7Q2M9X4T1B8R6WZ';

beforeAll(async () => {
  sandbox = await startSandbox();
  pay = createPayer(sandbox);
});
afterAll(() => sandbox?.stop());
beforeEach(async () => {
  facts = factsOf(sandbox);
  home = createHome();
  rig = await openRig(home, () => facts);
});
afterEach(async () => {
  await rig.close();
  home.remove();
});

const sync = async (): Promise<void> => {
  if (rig.replica.states().length === 0) await rig.replica.start();
  await rig.replica.syncNow();
};
const store = () => rig.ledger.store('ledger');
const entryOf = async (hash: string) => {
  const { entries } = await store().entries({ ...NO_FILTER, search: hash }, 0, 100);
  return entries;
};

describe('replica', () => {
  it('holds what balanceOf says at the same block, for every account and token', async () => {
    await sync();
    expect(rig.replica.states()[0]).toMatchObject({ state: 'idle', error: null });
    expect(await compareWithChain(rig, sandbox, facts)).toBe(facts.tokens.length * facts.accounts.length);
    await pay(ownKey(0), 'J', 'transfer', [supplier, 12_345n]);
    await pay(ownKey(0), 'S', 'transfer', [ownKey(1).address, 10n ** 18n]);
    await sync();
    await compareWithChain(rig, sandbox, facts);
    expect(rig.events.some(({ type }) => type === 'ledger.changed')).toBe(true);
  });

  it('tells payments, moves between own accounts, issues, redemptions and forced transfers apart', async () => {
    const paid = await pay(ownKey(0), 'J', 'transfer', [supplier, 777n]);
    const own = await pay(ownKey(0), 'F', 'transfer', [ownKey(1).address, 5n]);
    const issued = await sandbox.mint('R', ownKey(0).address, 42n);
    const forced = await sandbox.forcedTransfer('R', ownKey(0).address, supplier, 41n);
    const same = await pay(ownKey(0), 'J', 'transfer', [ownKey(0).address, 9n]);
    await sync();
    expect(await entryOf(paid)).toMatchObject([
      { kind: 'transfer', direction: 'out', units: 777n, counterAddress: supplier },
    ]);
    expect((await entryOf(own)).map(({ kind, direction }) => [kind, direction])).toEqual([
      ['own', 'in'],
      ['own', 'out'],
    ]);
    expect(await entryOf(issued.hash)).toMatchObject([{ kind: 'issue', direction: 'in', units: 42n }]);
    expect(await entryOf(forced.hash)).toMatchObject([{ kind: 'forced', direction: 'out', units: 41n }]);
    const [second, first] = await entryOf(same);
    expect([first?.direction, second?.direction]).toEqual(['out', 'in']);
    expect(second?.balanceAfter).toBe((first?.balanceAfter ?? 0n) + 9n);
    await compareWithChain(rig, sandbox, facts);
  });

  it('reads payment references from memos, memo events and calldata suffixes', async () => {
    const memo = padHex(stringToHex(E2E), { size: 32, dir: 'right' });
    const tip20 = await pay(ownKey(0), 'T', 'transferWithMemo', [supplier, 3n, memo]);
    await sandbox.setStyle('T', 'b20', 'b20');
    const b20 = await pay(ownKey(0), 'T', 'transferWithMemo', [supplier, 4n, memo]);
    await sandbox.setStyle('T', 'tip20', 'tip20');
    const opaque = padHex('0xff01', { size: 32 });
    const hex = await pay(ownKey(0), 'T', 'transferWithMemo', [supplier, 5n, opaque]);
    const none = await pay(ownKey(0), 'J', 'transfer', [supplier, 6n]);
    await sync();
    expect((await entryOf(tip20))[0]?.reference).toBe(E2E);
    expect((await entryOf(b20))[0]?.reference).toBe(E2E);
    expect((await entryOf(hex))[0]?.reference).toBe(opaque);
    expect((await entryOf(none))[0]?.reference).toBeNull();
    expect((await store().entries({ ...NO_FILTER, search: E2E.toLowerCase() }, 0, 10)).total).toBe(2);
  });

  it('takes a requested redemption off the balance at once, and gives it back when the bank rejects', async () => {
    const { operations } = sandbox.token('S');
    const requestOf = async (units: bigint): Promise<`0x${string}`> => {
      const hash = await pay(ownKey(0), 'S', 'transfer', [operations, units]);
      const receipt = (await sandbox.rpc.call('eth_getTransactionReceipt', hash)) as {
        logs: { data: `0x${string}` }[];
      };
      return `0x${(receipt.logs[1]?.data ?? '').slice(2, 66)}`;
    };
    const accepted = await requestOf(100n);
    const rejected = await requestOf(200n);
    await sync();
    await compareWithChain(rig, sandbox, facts);
    await sandbox.validateTransfer('S', accepted);
    await sandbox.rejectTransfer('S', rejected);
    await sync();
    await compareWithChain(rig, sandbox, facts);
    const { entries } = await store().entries(
      { ...NO_FILTER, tokenId: facts.tokens.find(({ currency }) => currency === 'EUR')?.id ?? null },
      0,
      3,
    );
    expect(entries.map(({ kind, direction, units }) => [kind, direction, units])).toEqual([
      ['redeem', 'in', 200n],
      ['redeem', 'out', 200n],
      ['redeem', 'out', 100n],
    ]);
  });

  it('shows what is frozen', async () => {
    const account = ownKey(2).address;
    const of = async (currency: string) => {
      const token = facts.tokens.find((each) => each.currency === currency);
      const own = facts.accounts.find(({ address }) => address === account);
      return (await store().holdings()).find(
        ({ tokenId, accountId }) => tokenId === token?.id && accountId === own?.id,
      );
    };
    await sandbox.setFrozenUnits('R', account, 11n);
    await sandbox.setFrozen('S', account, true);
    await sandbox.setBlocked('F', account, true);
    await sync();
    expect((await of('SGD'))?.frozen).toBe(11n);
    expect((await of('EUR'))?.frozen).toBe((await of('EUR'))?.balance);
    expect((await of('CNH'))?.frozen).toBe((await of('CNH'))?.balance);
    expect((await of('USD'))?.frozen).toBeNull();
    await sandbox.setFrozenUnits('R', account, 0n);
    await sandbox.setFrozen('S', account, false);
    await sandbox.setBlocked('F', account, false);
    await sync();
    expect((await of('SGD'))?.frozen).toBe(0n);
    expect((await of('EUR'))?.frozen).toBe(0n);
  });

  it('goes on where it was after a restart, without reading or doubling anything', async () => {
    await sync();
    const before = await store().entries(NO_FILTER, 0, 500);
    const coverage = (await store().networkSync(facts.network.id)).coverage;
    await rig.close();
    await pay(ownKey(1), 'J', 'transfer', [supplier, 1n]);
    rig = await openRig(home, () => facts);
    expect((await store().networkSync(facts.network.id)).coverage).toEqual(coverage);
    await sync();
    const after = await store().entries(NO_FILTER, 0, 500);
    expect(after.total).toBe(before.total + 1);
    expect(after.entries.slice(1)).toEqual(
      before.entries.map((entry) => ({
        ...entry,
        isFinal: after.entries.find(({ id }) => id === entry.id)?.isFinal,
      })),
    );
    await compareWithChain(rig, sandbox, facts);
  });

  it('reads a new account and a new token from their first block', async () => {
    const all = facts;
    facts = { ...all, tokens: all.tokens.slice(0, 3), accounts: all.accounts.slice(0, 1) };
    await sync();
    expect(await compareWithChain(rig, sandbox, facts)).toBe(3);
    facts = { ...all, accounts: all.accounts.slice(0, 2) };
    await sync();
    facts = all;
    await pay(ownKey(0), 'J', 'transfer', [ownKey(2).address, 2n]);
    await sync();
    expect(await compareWithChain(rig, sandbox, facts)).toBe(all.tokens.length * all.accounts.length);
    // The same as a replica that knew everything from the start.
    const other = createHome();
    const fresh = await openRig(other, () => facts);
    await fresh.replica.start();
    await fresh.replica.syncNow();
    const ids = async (of: Rig) =>
      (await of.ledger.store('ledger').entries(NO_FILTER, 0, 500)).entries
        .map(({ id, balanceAfter }) => [id, balanceAfter])
        .sort();
    expect(await ids(rig)).toEqual(await ids(fresh));
    await fresh.close();
    other.remove();
  });

  it('marks entries final when the network says so, not before', async () => {
    const hash = await pay(ownKey(0), 'J', 'transfer', [supplier, 8n]);
    await sync();
    expect((await entryOf(hash))[0]?.isFinal).toBe(false);
    await sandbox.settle();
    await sync();
    expect((await entryOf(hash))[0]?.isFinal).toBe(true);
  });
});

describe('offline', () => {
  it('answers everything from the file when the chain is gone', async () => {
    const other = await startSandbox();
    const otherFacts = factsOf(other);
    const otherHome = createHome();
    const first = await openRig(otherHome, () => otherFacts);
    await first.replica.start();
    await first.replica.syncNow();
    const entries = await first.ledger.store('ledger').entries(NO_FILTER, 0, 500);
    const holdings = await first.ledger.store('ledger').holdings();
    await first.close();
    await other.stop();

    const ledger = await openLedger(otherHome);
    expect(await ledger.store('ledger').entries(NO_FILTER, 0, 500)).toEqual(entries);
    expect(await ledger.store('ledger').holdings()).toEqual(holdings);
    expect(entries.total).toBeGreaterThan(0);
    await ledger.close();

    const second = await openRig(otherHome, () => otherFacts);
    await second.replica.start();
    await second.replica.syncNow();
    expect(second.replica.states()[0]).toMatchObject({ state: 'offline', error: 'chain/unreachable' });
    expect(second.replica.states()[0]?.syncedTo).not.toBeNull();
    expect(await second.ledger.store('ledger').entries(NO_FILTER, 0, 500)).toEqual(entries);
    await second.close();
    otherHome.remove();
  });
});
