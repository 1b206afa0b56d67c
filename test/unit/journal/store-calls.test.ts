/** Every write of the store with its entry, in one transaction; nothing callable without a word about the journal. */
import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { type CallOrigin, createStoreCalls, createStores, METHODS } from '../../../src/main/ledger/stores';
import { checkJournal, journalKeyOf } from '../../../src/main/ledger/stores/journal-check';
import type { Network } from '../../../src/shared/model/directory';
import { openTestStore } from '../../support/open-store';

const key = journalKeyOf(randomBytes(32));
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const open = () => {
  const test = openTestStore();
  closers.push(test.close);
  const stores = createStores(test.db, key);
  return { db: test.db, stores, call: createStoreCalls(test.db, stores, METHODS) };
};

const ADA = { name: 'Ada', key: `0x${'1'.repeat(40)}` } as NonNullable<CallOrigin['who']>;
const AT = '2026-11-26T10:00:00.000Z';
const byAda: CallOrigin = { source: 'main', event: 'directory.saveNetwork', who: ADA, at: AT };
const byApp: CallOrigin = { source: 'app', event: null, who: null, at: AT };
const network = {
  id: 'eip155:31337',
  name: 'A name that people typed',
  endpoints: ['http://127.0.0.1:8545'],
} as unknown as Network;

describe('the table of methods', () => {
  it('names every method of every store, and nothing else', () => {
    const { stores } = open();
    const names = (table: object) =>
      Object.fromEntries(
        Object.entries(table)
          .map(([store, methods]) => [store, Object.keys(methods as object).sort()] as const)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      );
    expect(names(METHODS)).toEqual(names(stores));
  });

  it.each([
    ['directory', 'nothing'],
    ['directory', 'constructor'],
    ['directory', 'toString'],
    ['nobody', 'networks'],
    ['constructor', 'name'],
    ['__proto__', 'toString'],
  ])('lets nobody call %s.%s', (store, method) => {
    expect(() => open().call(store, method, [], byApp)).toThrow(/no store method/);
  });

  it('lets nobody call a method that it does not name', () => {
    const { db, stores } = open();
    const { putNetwork: _unnamed, ...directory } = METHODS.directory;
    const call = createStoreCalls(db, stores, { ...METHODS, directory });
    expect(() => call('directory', 'putNetwork', [network], byAda)).toThrow(/no store method/);
    expect(stores.directory.networks()).toEqual([]);
  });
});

describe('a write', () => {
  it('leaves an entry with who, what and when, and nothing of its content', () => {
    const { call, stores } = open();
    expect(call('directory', 'putNetwork', [network], byAda).journaled).toBe(1);
    const { entries } = stores.journal.list({ search: '', offset: 0, limit: 10 });
    expect(entries).toEqual([
      {
        seq: 1,
        at: AT,
        who: ADA,
        source: 'main',
        event: 'directory.saveNetwork',
        digest: null,
        verdict: 'ok',
        facts: {
          networkId: 'eip155:31337',
          record: expect.stringMatching(/^[0-9a-f]{64}$/),
          wrote: 'directory.putNetwork',
        },
        hash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      },
    ]);
    expect(JSON.stringify(entries)).not.toContain(network.name);
  });

  it('of the app itself is named by its method', () => {
    const { call, stores } = open();
    call('directory', 'putNetwork', [network], byApp);
    expect(stores.journal.list({ search: '', offset: 0, limit: 1 }).entries[0]).toMatchObject({
      who: null,
      source: 'app',
      event: 'directory.putNetwork',
    });
  });

  it('that is an event of the app’s own does not stand for the command that led to it', () => {
    const { call, stores } = open();
    const origin = { ...byAda, event: 'ledger.syncNow' };
    const rolledBack = call('ledger', 'rollBack', ['eip155:1', 5n, 'chain-replaced', AT], origin);
    expect(rolledBack).toMatchObject({ journaled: 1, named: 0 });
    expect(stores.journal.list({ search: '', offset: 0, limit: 1 }).entries[0]).toMatchObject({
      who: null,
      source: 'app',
      event: 'ledger.rolled-back',
    });
    expect(call('directory', 'putNetwork', [network], byAda)).toMatchObject({ journaled: 1, named: 1 });
  });

  it('that fails leaves no entry', () => {
    const { call, stores } = open();
    expect(() => call('directory', 'removeNetwork', ['eip155:1'], byAda)).toThrow();
    expect(stores.journal.head().count).toBe(0);
  });

  it('whose entry cannot be written does not happen', () => {
    const { db, stores, call } = open();
    const journal = {
      append: () => {
        throw new Error('disk full');
      },
    };
    const failing = createStoreCalls(db, { ...stores, journal }, METHODS);
    expect(() => failing('directory', 'putNetwork', [network], byAda)).toThrow('disk full');
    expect(stores.directory.networks()).toEqual([]);
    // And the next one is as if nothing had been.
    call('directory', 'putNetwork', [network], byAda);
    expect(checkJournal(db, key, null).count).toBe(1);
  });

  it('that changes nothing leaves no entry', () => {
    const { call, stores } = open();
    call('directory', 'merge', [{ networks: [], tokens: [], accounts: [], counterparties: [] }], byApp);
    call('settlement', 'withdrawAll', [AT], byApp);
    call('directory', 'networks', [], byAda);
    expect(stores.journal.head().count).toBe(0);
  });
});

describe('the list', () => {
  it('gives the newest first, in pages, and finds text as it stands', () => {
    const { call, stores } = open();
    for (let chain = 1; chain <= 30; chain += 1)
      call('directory', 'putNetwork', [{ ...network, id: `eip155:${chain}` }], byAda);
    const page = stores.journal.list({ search: '', offset: 5, limit: 10 });
    expect(page.total).toBe(30);
    expect(page.entries.map(({ seq }) => seq)).toEqual([25, 24, 23, 22, 21, 20, 19, 18, 17, 16]);
    const found = stores.journal.list({ search: ' EIP155:7 ', offset: 0, limit: 10 });
    expect(found).toMatchObject({ total: 1, entries: [{ seq: 7 }] });
    expect(stores.journal.list({ search: '%', offset: 0, limit: 10 }).total).toBe(0);
    expect(stores.journal.entriesAfter(28, 10).map(({ seq }) => seq)).toEqual([29, 30]);
  });
});
