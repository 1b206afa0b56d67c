/**
 * How fast pages of a large ledger come, through the real ledger process and its encrypted file, against the plain way in
 * the same run: one unencrypted table without indexes, in process, the same questions.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLedgerChild } from '../../src/main/ledger';
import type { NewEntry, RangeWrite } from '../../src/main/ledger/replica-types';
import { connectChild } from '../../src/main/platform/child';
import { sealTo } from '../../src/main/platform/sealed-box';
import type { AccountId, Address, CurrencyCode, Hash32 } from '../../src/shared/model/ids';
import { NetworkId, tokenIdOf } from '../../src/shared/model/ids';
import { bundleChildren } from '../support/bundle-children';
import { createSpawnNode } from '../support/spawn-node';

export type LedgerTableBench = {
  readonly entries: number;
  /** Entries per second written through the store, with balances, chart points and coverage. */
  readonly writtenPerSecond: number;
  /** Milliseconds per question: the median, and the slowest of the repetitions. */
  readonly pages: readonly {
    readonly name: string;
    readonly medianMs: number;
    readonly slowestMs: number;
    readonly baselineMs: number;
    /** `baselineMs / medianMs`. */
    readonly ratio: number;
  }[];
};

type PlainDatabase = {
  exec: (sql: string) => void;
  prepare: (sql: string) => {
    run: (...values: unknown[]) => unknown;
    get: (...values: unknown[]) => unknown;
    all: (...values: unknown[]) => unknown[];
  };
  transaction: (work: () => void) => () => void;
  close: () => void;
};
const Database = createRequire(import.meta.url)('better-sqlite3-multiple-ciphers') as new (
  file: string,
) => PlainDatabase;

const NETWORK = NetworkId.parse('eip155:31337');
const CURRENCIES = ['USD', 'EUR', 'CNH', 'HKD', 'SGD'] as CurrencyCode[];
const RANGE = 1_000;
const PAGE = 100;
const REPETITIONS = 15;

const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`;
const accountId = (index: number): AccountId => `acc_${String(index).padStart(24, '0')}` as AccountId;
const tokenId = (index: number) => tokenIdOf(NETWORK, hex(0xa00 + index, 40));

const entryAt = (index: number): NewEntry => ({
  tokenId: tokenId(index % 5),
  accountId: accountId(Math.floor(index / 5) % 3),
  currency: CURRENCIES[index % 5] as CurrencyCode,
  decimals: 2,
  direction: index % 7 === 0 ? 'out' : 'in',
  units: BigInt(100 + ((index * 7_919) % 1_000_000)),
  counterAddress: hex(0xc000 + (index % 997), 40) as Address,
  kind: 'transfer',
  blockNumber: BigInt(index),
  blockHash: hex(index + 1, 64) as Hash32,
  blockTime: 1_700_000_000n + BigInt(index) * 400n,
  transactionHash: hex(index + 7, 64) as Hash32,
  logIndex: 0,
  reference: index % 3 === 0 ? `REF${String(index).padStart(13, '0')}` : null,
});

const rangeAt = (start: number, count: number): RangeWrite => {
  const entries = Array.from({ length: count }, (_, offset) => entryAt(start + offset));
  return {
    networkId: NETWORK,
    pairs: CURRENCIES.flatMap((_, token) =>
      [0, 1, 2].map((account) => ({
        tokenId: tokenId(token),
        accountId: accountId(account),
        address: hex(0xb0 + account, 40) as Address,
      })),
    ),
    from: BigInt(start),
    to: BigInt(start + count - 1),
    headers: entries.map((entry) => ({
      number: entry.blockNumber,
      hash: entry.blockHash,
      parentHash: hex(Number(entry.blockNumber), 64) as Hash32,
      timestamp: entry.blockTime,
      stateRoot: hex(0, 64) as Hash32,
      receiptsRoot: hex(0, 64) as Hash32,
    })),
    entries,
    requests: [],
    decisions: [],
  };
};

const noFilter = {
  search: '',
  accountId: null,
  tokenId: null,
  currency: null,
  direction: null,
  from: null,
  to: null,
};

type Question = {
  readonly name: string;
  /** By repetition, so that a search is never the last one again. */
  readonly filter: (repetition: number) => Partial<Record<keyof typeof noFilter, string>>;
  readonly offset: (entries: number) => number;
  readonly where: (repetition: number) => string;
};

const QUESTIONS: readonly Question[] = [
  { name: 'newest page', filter: () => ({}), offset: () => 0, where: () => '' },
  {
    name: 'page in the middle',
    filter: () => ({}),
    offset: (entries) => Math.floor(entries / 2),
    where: () => '',
  },
  { name: 'last page', filter: () => ({}), offset: (entries) => entries - PAGE, where: () => '' },
  {
    name: 'one account',
    filter: () => ({ accountId: accountId(1) }),
    offset: () => 500,
    where: () => `WHERE account_id = '${accountId(1)}'`,
  },
  {
    name: 'one currency, outgoing',
    filter: () => ({ currency: 'EUR', direction: 'out' }),
    offset: () => 100,
    where: () => `WHERE currency = 'EUR' AND direction = 'out'`,
  },
  {
    name: 'search for a reference',
    filter: (repetition) => ({ search: `ref${String(999 + 3 * repetition).padStart(13, '0')}` }),
    offset: () => 0,
    where: (repetition) => `WHERE search LIKE '%ref${String(999 + 3 * repetition).padStart(13, '0')}%'`,
  },
];

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const createBaseline = (file: string, entries: number): PlainDatabase => {
  const db = new Database(file);
  db.exec(
    `CREATE TABLE entries (account_id TEXT, token_id TEXT, currency TEXT, direction TEXT, units TEXT, counter TEXT,
       block_number INTEGER, block_hash TEXT, block_time INTEGER, transaction_hash TEXT, log_index INTEGER, reference TEXT,
       search TEXT)`,
  );
  const insert = db.prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  db.transaction(() => {
    for (let index = 0; index < entries; index++) {
      const entry = entryAt(index);
      insert.run(
        entry.accountId,
        entry.tokenId,
        entry.currency,
        entry.direction,
        entry.units.toString(),
        entry.counterAddress,
        entry.blockNumber,
        entry.blockHash,
        entry.blockTime,
        entry.transactionHash,
        entry.logIndex,
        entry.reference,
        [entry.units, entry.reference, entry.transactionHash, entry.counterAddress].join('\n').toLowerCase(),
      );
    }
  })();
  return db;
};

export const benchLedgerTable = async (entries = 100_000): Promise<LedgerTableBench> => {
  const folder = mkdtempSync(join(tmpdir(), 'nostro-bench-'));
  const key = new Uint8Array(randomBytes(32));
  const spawn = createSpawnNode(await bundleChildren(['ledger.process']));
  const ledger = createLedgerChild({ connect: () => connectChild(spawn('ledger')) });
  try {
    await ledger.open({
      file: join(folder, 'ledger.db'),
      sealKey: async (publicKey) => sealTo(publicKey, key),
      sealJournalKey: async (publicKey) => sealTo(publicKey, key),
    });
    const store = ledger.store('ledger');
    await store.registerPairs(NETWORK, 0n, rangeAt(0, 1).pairs);
    const started = performance.now();
    for (let at = 0; at < entries; at += RANGE)
      await store.applyRange(rangeAt(at, Math.min(RANGE, entries - at)));
    const writtenPerSecond = Math.round((entries / (performance.now() - started)) * 1000);

    const baseline = createBaseline(join(folder, 'plain.db'), entries);
    const pages: LedgerTableBench['pages'][number][] = [];
    for (const { name, filter, offset, where } of QUESTIONS) {
      const own: number[] = [];
      const plain: number[] = [];
      for (let repetition = 0; repetition < REPETITIONS; repetition++) {
        const from = performance.now();
        const page = await store.entries(
          { ...noFilter, ...filter(repetition) } as never,
          offset(entries),
          PAGE,
        );
        own.push(performance.now() - from);
        const plainFrom = performance.now();
        const total = baseline
          .prepare(`SELECT count(*) AS total FROM entries ${where(repetition)}`)
          .get() as {
          total: number;
        };
        const rows = baseline
          .prepare(
            `SELECT * FROM entries ${where(repetition)} ORDER BY block_time DESC, block_number DESC, log_index DESC LIMIT ? OFFSET ?`,
          )
          .all(PAGE, offset(entries)) as { transaction_hash: string }[];
        plain.push(performance.now() - plainFrom);
        const isSame =
          page.total === total.total &&
          page.entries.every((entry, index) => entry.transactionHash === rows[index]?.transaction_hash) &&
          page.entries.length === rows.length;
        if (!isSame) throw new Error(`${name}: the two ways disagree`);
      }
      const medianMs = median(own);
      const baselineMs = median(plain);
      pages.push({ name, medianMs, slowestMs: Math.max(...own), baselineMs, ratio: baselineMs / medianMs });
    }
    baseline.close();
    return { entries, writtenPerSecond, pages };
  } finally {
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  }
};
