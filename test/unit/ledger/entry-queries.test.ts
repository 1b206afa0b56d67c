import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewEntry } from '../../../src/main/ledger/replica-types';
import type { EntryFilter } from '../../../src/main/ledger/stores/entry-queries';
import { createLedgerStore, type LedgerStore } from '../../../src/main/ledger/stores/ledger-store';
import {
  type AccountId,
  type Address,
  type CurrencyCode,
  type Hash32,
  NetworkId,
  tokenIdOf,
} from '../../../src/shared/model/ids';
import { openTestStore, type TestStore } from '../../support/open-store';

const NETWORK = NetworkId.parse('eip155:31337');
const HASH = `0x${'0'.repeat(64)}` as Hash32;
const TOKENS = ['a1', 'a2'].map((end) => tokenIdOf(NETWORK, `0x${end.padStart(40, '0')}`));
const ACCOUNTS = ['b1', 'b2'].map((end) => ({
  id: `acc_${end.padStart(24, '0')}` as AccountId,
  address: `0x${end.padStart(40, '0')}` as Address,
}));
const SUPPLIER = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed' as Address;
const NO_FILTER: EntryFilter = {
  search: '',
  accountId: null,
  tokenId: null,
  currency: null,
  direction: null,
  from: null,
  to: null,
};
const DAY = 86_400n;
const START = BigInt(Date.parse('2026-11-01T00:00:00Z') / 1000);

let test: TestStore;
let store: LedgerStore;

const pairs = TOKENS.flatMap((tokenId) =>
  ACCOUNTS.map(({ id, address }) => ({ tokenId, accountId: id, address })),
);
const hashAt = (number: bigint): Hash32 => `0x${number.toString(16).padStart(64, '0')}` as Hash32;
const entry = (number: number, change: Partial<NewEntry> = {}): NewEntry => ({
  tokenId: TOKENS[number % 2] ?? (TOKENS[0] as never),
  accountId: (ACCOUNTS[0] as (typeof ACCOUNTS)[number]).id,
  currency: (number % 2 === 0 ? 'USD' : 'EUR') as CurrencyCode,
  decimals: 2,
  direction: 'in',
  units: BigInt(1_000 + number),
  counterAddress: SUPPLIER,
  kind: 'transfer',
  blockNumber: BigInt(number),
  blockHash: hashAt(BigInt(number)),
  blockTime: START + BigInt(number) * DAY,
  transactionHash: hashAt(BigInt(number) + 0xf00n),
  logIndex: 0,
  reference: null,
  ...change,
});
let cursor = -1n;
const write = (entries: readonly NewEntry[], to: bigint): void => {
  store.applyRange({
    networkId: NETWORK,
    pairs,
    from: cursor + 1n,
    to,
    headers: [...new Set([...entries.map(({ blockNumber }) => blockNumber), to])].map((number) => ({
      number,
      hash: hashAt(number),
      parentHash: HASH,
      timestamp: START + number * DAY,
      stateRoot: HASH,
      receiptsRoot: HASH,
    })),
    entries,
    requests: [],
    decisions: [],
  });
  cursor = to;
};

beforeEach(() => {
  test = openTestStore();
  store = createLedgerStore(test.db);
  cursor = -1n;
  store.registerPairs(NETWORK, 0n, pairs);
});
afterEach(() => test.close());

const numbersOf = (filter: Partial<EntryFilter>, offset = 0, limit = 100): number[] =>
  store
    .entries({ ...NO_FILTER, ...filter }, offset, limit)
    .entries.map(({ blockNumber }) => Number(blockNumber));

describe('entries', () => {
  it('come newest first, in pages that fit together', () => {
    write(
      Array.from({ length: 25 }, (_, index) => entry(index)),
      30n,
    );
    const all = numbersOf({});
    expect(all).toEqual(Array.from({ length: 25 }, (_, index) => 24 - index));
    expect([0, 10, 20].flatMap((offset) => numbersOf({}, offset, 10))).toEqual(all);
    expect(store.entries(NO_FILTER, 100, 10)).toEqual({ total: 25, entries: [] });
  });

  it('are filtered by account, token, currency, direction and whole days', () => {
    write(
      Array.from({ length: 12 }, (_, index) =>
        entry(index, {
          direction: index % 3 === 0 ? 'out' : 'in',
          accountId: (ACCOUNTS[index % 4 === 0 ? 1 : 0] as (typeof ACCOUNTS)[number]).id,
        }),
      ),
      12n,
    );
    expect(numbersOf({ currency: 'USD' as CurrencyCode })).toEqual([10, 8, 6, 4, 2, 0]);
    expect(numbersOf({ tokenId: TOKENS[1] ?? null })).toEqual([11, 9, 7, 5, 3, 1]);
    expect(numbersOf({ direction: 'out' })).toEqual([9, 6, 3, 0]);
    expect(numbersOf({ accountId: ACCOUNTS[1]?.id ?? null })).toEqual([8, 4, 0]);
    expect(
      numbersOf({ accountId: ACCOUNTS[1]?.id ?? null, tokenId: TOKENS[0] ?? null, direction: 'in' }),
    ).toEqual([8, 4]);
    expect(numbersOf({ from: '2026-11-03', to: '2026-11-05' })).toEqual([4, 3, 2]);
    expect(store.entries({ ...NO_FILTER, direction: 'out' }, 0, 2).total).toBe(4);
  });

  it('are counted anew after every change', () => {
    write([entry(1)], 1n);
    expect(store.entries(NO_FILTER, 0, 1).total).toBe(1);
    expect(store.entries({ ...NO_FILTER, search: '10.0' }, 0, 1).total).toBe(1);
    write([entry(2)], 2n);
    expect(store.entries(NO_FILTER, 0, 1).total).toBe(2);
    expect(store.entries({ ...NO_FILTER, search: '10.0' }, 0, 1).total).toBe(2);
    store.rollBack(NETWORK, 1n, 'reorg', '2026-01-01T00:00:00Z');
    expect(store.entries(NO_FILTER, 0, 1).total).toBe(1);
    expect(store.entries({ ...NO_FILTER, search: '10.0' }, 0, 1).total).toBe(1);
  });

  it('are found by amount, reference, transaction, address and the names of the other side', () => {
    write(
      [
        entry(1, { reference: 'K7Q2M9X4T1B8R6WZ' }),
        entry(2, { counterAddress: `0x${'9'.repeat(40)}` as Address }),
      ],
      2n,
    );
    const sql = test.db;
    sql
      .prepare(
        "INSERT INTO counterparties (id, name, name_key, skeleton, search, data) VALUES ('cpy_1', 'Müller & Söhne', 'x', 'x', 'müller & söhne', '{}')",
      )
      .run();
    sql
      .prepare("INSERT INTO counterparty_accounts (address, counterparty_id, look) VALUES (?, 'cpy_1', 'x')")
      .run(SUPPLIER);
    expect(numbersOf({ search: '10.01' })).toEqual([1]);
    expect(numbersOf({ search: 'k7q2m9' })).toEqual([1]);
    expect(numbersOf({ search: ` ${hashAt(0xf02n).toUpperCase().replace('0X', '0x')} ` })).toEqual([2]);
    expect(numbersOf({ search: SUPPLIER.toLowerCase() })).toEqual([1]);
    expect(numbersOf({ search: 'MÜLLER' })).toEqual([1]);
    expect(store.entry(`${NETWORK}:1:0:${ACCOUNTS[0]?.id}`).counterName).toBe('Müller & Söhne');
    for (const literal of ['%', '_', '\\', "'", '"']) expect(numbersOf({ search: literal })).toEqual([]);
    expect(() => store.entry('nothing')).toThrow('ledger/entry-unknown');
  });

  it('of our own payments carry the payment and its end-to-end id', () => {
    const hash = hashAt(0xabcn);
    test.db.exec(`
      INSERT INTO batches (id, source, created_at, updated_at, released_holds, dropped_lines, search)
        VALUES ('bat_1', '{}', '', '', '[]', 0, '');
      INSERT INTO payments (id, batch_id, position, status, end_to_end_id, reference, requested_date, debtor_account_id,
          debtor_address, debtor_name, token_id, currency, units, decimals, creditor_name, creditor_account, creditor_address,
          creditor_key, creditor_look, document, doc_hash, search, updated_at)
        VALUES ('pay_1', 'bat_1', 0, 'ACSP', 'E2E-4711', 'R', '', '', '', '', '', '', '1', 2, '', '', '', '', '', '', '', '', '');
      INSERT INTO settlement_slots (payment_id, batch_id, network_id, sender, nonce, key_id, account_id, token_id, receiver, units, state, stage)
        VALUES ('pay_1', 'bat_1', '${NETWORK}', '', 0, '', '', '', '', '1', '', 'sent');
      INSERT INTO settlement_transactions (hash, payment_id, position, action, raw, fees, digest, created_at)
        VALUES ('${hash}', 'pay_1', 0, 'pay', '', '', '', '');
    `);
    write(
      [entry(1), entry(2, { direction: 'out', transactionHash: hash }), entry(3, { transactionHash: hash })],
      3n,
    );
    const [incoming, outgoing] = store.entries({ ...NO_FILTER, search: hash }, 0, 10).entries;
    expect(outgoing).toMatchObject({ paymentId: 'pay_1', endToEndId: 'E2E-4711' });
    // The same transaction seen from an account that receives is not that account's payment.
    expect(incoming).toMatchObject({ direction: 'in', paymentId: null });
    expect(numbersOf({ search: 'e2e-4711' })).toEqual([2]);
  });
});

describe('writing', () => {
  it('refuses a range that does not start where coverage ends, and then changes nothing', () => {
    write([entry(1)], 5n);
    for (const from of [5n, 7n, 0n]) {
      cursor = from - 1n;
      expect(() => write([entry(Number(from))], from + 3n)).toThrow('coverage');
    }
    cursor = 5n;
    expect(store.entries(NO_FILTER, 0, 10).total).toBe(1);
    write([entry(6)], 9n);
    expect(store.entries(NO_FILTER, 0, 10).total).toBe(2);
  });

  it('refuses to roll back what is final', () => {
    write([entry(1), entry(2)], 5n);
    expect(
      store.markFinal(NETWORK, {
        number: 4n,
        hash: hashAt(4n),
        parentHash: HASH,
        timestamp: START,
        stateRoot: HASH,
        receiptsRoot: HASH,
      }),
    ).toBe(true);
    expect(() => store.rollBack(NETWORK, 3n, 'reorg', '2026-01-01T00:00:00Z')).toThrow(
      'ledger/reorg-below-finality',
    );
    expect(store.entries(NO_FILTER, 0, 10).entries.every(({ isFinal }) => isFinal)).toBe(true);
    expect(store.rollBack(NETWORK, 4n, 'reorg', '2026-01-01T00:00:00Z')).toBe(0);
  });

  it('says that a balance is not reconciled when the token says otherwise', () => {
    write([entry(2)], 5n);
    const block = {
      number: 5n,
      hash: hashAt(5n),
      parentHash: HASH,
      timestamp: START,
      stateRoot: HASH,
      receiptsRoot: HASH,
    };
    const [first] = pairs;
    if (!first) throw new Error('no pair');
    const save = (balance: bigint) => store.saveBalances(block, [{ ...first, balance, frozen: null }]);
    expect(save(1_002n)).toEqual({ changed: true, unreconciled: 0 });
    expect(save(1_002n)).toEqual({ changed: false, unreconciled: 0 });
    expect(save(1_003n)).toEqual({ changed: true, unreconciled: 1 });
    expect(
      store
        .holdings()
        .find(({ accountId, tokenId }) => accountId === first.accountId && tokenId === first.tokenId),
    ).toMatchObject({ balance: 1_003n, isReconciled: false });
    // Another block cannot be compared, so it says nothing.
    expect(store.saveBalances({ ...block, number: 6n }, [{ ...first, balance: 1n, frozen: null }])).toEqual({
      changed: false,
      unreconciled: 0,
    });
  });
});
