/**
 * The replica's tables: reading. Pages of a hundred thousand entries answer in milliseconds: the order is an index, the
 * count of a filter is kept until entries change.
 */

import type { Entry } from '../../../shared/contract/ledger';
import { AppError } from '../../../shared/errors';
import type {
  AccountId,
  Address,
  CurrencyCode,
  Hash32,
  IsoDate,
  NetworkId,
  PaymentId,
  TokenId,
} from '../../../shared/model/ids';
import { searchText } from '../../../shared/search-text';
import type { Db, SqlValue } from '../driver';
import { likePattern, placeholders } from './sql-text';

export type EntryFilter = {
  readonly search: string;
  readonly accountId: AccountId | null;
  readonly tokenId: TokenId | null;
  readonly currency: CurrencyCode | null;
  readonly direction: Entry['direction'] | null;
  /** Calendar days in UTC, both inclusive. */
  readonly from: IsoDate | null;
  readonly to: IsoDate | null;
};

/** A holding as the tables have it; names and pending amounts are added in main. */
export type HoldingRow = {
  readonly tokenId: TokenId;
  readonly accountId: AccountId;
  readonly networkId: NetworkId;
  readonly balance: bigint;
  readonly frozen: bigint | null;
  readonly asOfBlock: bigint | null;
  /** Unix seconds. */
  readonly asOfTime: bigint | null;
  readonly isReconciled: boolean;
};

/** Balance of a pair at the end of an hour (`hour` × 3600 s since 1970); carried on until its next point. */
export type BalancePoint = {
  readonly tokenId: TokenId;
  readonly accountId: AccountId;
  readonly hour: bigint;
  readonly balance: bigint;
};

export type Reversal = {
  readonly reason: 'reorg' | 'chain-replaced';
  readonly detectedAt: string;
  /** Last block that stayed. */
  readonly ancestor: bigint;
  readonly entries: number;
};

type EntryRow = {
  id: string;
  token_id: TokenId;
  account_id: AccountId;
  currency: CurrencyCode;
  decimals: bigint;
  direction: Entry['direction'];
  units: string;
  counter_address: Address;
  counter_name: string | null;
  shown_kind: Entry['kind'];
  block_number: bigint;
  block_hash: Hash32;
  block_time: bigint;
  transaction_hash: Hash32;
  log_index: bigint;
  reference: string | null;
  payment_id: PaymentId | null;
  end_to_end_id: string | null;
  is_final: bigint;
  balance_after: string;
};

const DAY = 86_400;
const CACHED_COUNTS = 200;
const ORDER = 'block_time DESC, block_number DESC, log_index DESC, seq DESC';
// Whether the other side is own is a fact of the directory, which grows: it is told at reading, not kept.
const COLUMNS = `e.*, coalesce(a.name, c.name) AS counter_name,
  CASE WHEN e.kind = 'transfer' AND EXISTS (
    SELECT 1 FROM ledger_coverage v WHERE v.token_id = e.token_id AND v.address = lower(e.counter_address)
  ) THEN 'own' ELSE e.kind END AS shown_kind FROM ledger_entries e
  LEFT JOIN accounts a ON a.address = e.counter_address
  LEFT JOIN counterparty_accounts ca ON ca.address = e.counter_address
  LEFT JOIN counterparties c ON c.id = ca.counterparty_id`;

const instantOf = (seconds: bigint): string => new Date(Number(seconds) * 1000).toISOString();

const toEntry = (row: EntryRow): Entry => ({
  id: row.id,
  tokenId: row.token_id,
  accountId: row.account_id,
  direction: row.direction,
  units: BigInt(row.units),
  decimals: Number(row.decimals),
  currency: row.currency,
  counterAddress: row.counter_address,
  counterName: row.counter_name,
  kind: row.shown_kind,
  blockNumber: row.block_number,
  blockHash: row.block_hash,
  blockTime: instantOf(row.block_time),
  transactionHash: row.transaction_hash,
  logIndex: Number(row.log_index),
  reference: row.reference,
  paymentId: row.payment_id,
  endToEndId: row.end_to_end_id,
  isFinal: row.is_final === 1n,
  balanceAfter: BigInt(row.balance_after),
});

/** Unix seconds of a day's start; `offset` days later. */
const dayStart = (date: IsoDate, offset = 0): number => Date.parse(`${date}T00:00:00Z`) / 1000 + offset * DAY;

const conditionsOf = (filter: EntryFilter): { where: string; params: SqlValue[] } => {
  const conditions: string[] = [];
  const params: SqlValue[] = [];
  const add = (condition: string, ...values: SqlValue[]): void => {
    conditions.push(condition);
    params.push(...values);
  };
  if (filter.accountId !== null) add('account_id = ?', filter.accountId);
  // A plus sign keeps the planner on the index that already has the order.
  if (filter.tokenId !== null)
    add(filter.accountId === null ? 'token_id = ?' : '+token_id = ?', filter.tokenId);
  if (filter.currency !== null) add('currency = ?', filter.currency);
  if (filter.direction !== null) add('direction = ?', filter.direction);
  if (filter.from !== null) add('block_time >= ?', dayStart(filter.from));
  if (filter.to !== null) add('block_time < ?', dayStart(filter.to, 1));
  const text = searchText(filter.search.trim());
  if (text !== '') {
    const pattern = likePattern(text);
    add(
      `(search LIKE ? ESCAPE '\\' OR counter_address IN (
          SELECT address FROM accounts WHERE lower(name) LIKE ? ESCAPE '\\'
          UNION ALL SELECT ca.address FROM counterparty_accounts ca JOIN counterparties c ON c.id = ca.counterparty_id
          WHERE c.search LIKE ? ESCAPE '\\'))`,
      pattern,
      pattern,
      pattern,
    );
  }
  return { where: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`, params };
};

export const createEntryQueries = (db: Db) => {
  const counts = new Map<string, number>();

  const count = (where: string, params: readonly SqlValue[]): number => {
    const key = JSON.stringify([where, params.map(String)]);
    const known = counts.get(key);
    if (known !== undefined) return known;
    const total = Number(
      db.prepare(`SELECT count(*) AS total FROM ledger_entries ${where}`).get<{ total: bigint }>(...params)
        ?.total ?? 0n,
    );
    if (counts.size >= CACHED_COUNTS) counts.clear();
    counts.set(key, total);
    return total;
  };

  /** Rows of a page, found in an index alone; only these are then read and joined. */
  const findPage = (
    filter: EntryFilter,
    offset: number,
    limit: number,
  ): { total: number; seqs: bigint[] } => {
    const { where, params } = conditionsOf(filter);
    const total = count(where, params);
    if (offset >= total) return { total, seqs: [] };
    const seqs = db
      .prepare(`SELECT seq FROM ledger_entries ${where} ORDER BY ${ORDER} LIMIT ? OFFSET ?`)
      .all<{ seq: bigint }>(...params, limit, offset)
      .map(({ seq }) => seq);
    return { total, seqs };
  };

  /** A search reads every text once, in the order of the file, and keeps what it found until entries or words change. */
  let lastSearch: { key: string; seqs: bigint[] } | null = null;
  const findBySearch = (
    filter: EntryFilter,
    offset: number,
    limit: number,
  ): { total: number; seqs: bigint[] } => {
    const { where, params } = conditionsOf(filter);
    const names =
      db.prepare('SELECT revision FROM directory_meta').get<{ revision: bigint }>()?.revision ?? 0n;
    const key = JSON.stringify([where, params.map(String), String(names)]);
    if (lastSearch?.key !== key) {
      const seqs = db
        .prepare(`SELECT seq FROM ledger_entries NOT INDEXED ${where} ORDER BY ${ORDER}`)
        .all<{ seq: bigint }>(...params)
        .map(({ seq }) => seq);
      lastSearch = { key, seqs };
    }
    return { total: lastSearch.seqs.length, seqs: lastSearch.seqs.slice(offset, offset + limit) };
  };

  return {
    /** For the writing half: counts are stale. */
    entriesChanged: (): void => {
      counts.clear();
      lastSearch = null;
    },

    /** Newest first. */
    entries: (
      filter: EntryFilter,
      offset: number,
      limit: number,
    ): { readonly total: number; readonly entries: Entry[] } => {
      const find = filter.search.trim() === '' ? findPage : findBySearch;
      const { total, seqs } = find(filter, offset, limit);
      const rows = db
        .prepare(
          `SELECT ${COLUMNS} WHERE e.seq IN (${placeholders(seqs.length)})
           ORDER BY e.block_time DESC, e.block_number DESC, e.log_index DESC, e.seq DESC`,
        )
        .all<EntryRow>(...seqs);
      return { total, entries: rows.map(toEntry) };
    },

    entry: (id: string): Entry => {
      const row = db.prepare(`SELECT ${COLUMNS} WHERE e.id = ?`).get<EntryRow>(id);
      if (!row) throw new AppError('ledger/entry-unknown', { id });
      return toEntry(row);
    },

    /** For exports: oldest first, after the entry `after` (0 for the first page). */
    entriesAfter: (after: bigint, limit: number): { readonly next: bigint; readonly entries: Entry[] } => {
      const rows = db
        .prepare(`SELECT ${COLUMNS} WHERE e.seq > ? ORDER BY e.seq LIMIT ?`)
        .all<EntryRow & { seq: bigint }>(after, limit);
      return { next: rows.at(-1)?.seq ?? after, entries: rows.map(toEntry) };
    },

    /** Re-organisations seen on a network, newest first; the entries they took back are kept beside. */
    reversals: (networkId: NetworkId): Reversal[] =>
      db
        .prepare(
          'SELECT reason, detected_at, ancestor, entries FROM ledger_reversals WHERE network_id = ? ORDER BY id DESC',
        )
        .all<{ reason: Reversal['reason']; detected_at: string; ancestor: bigint; entries: bigint }>(
          networkId,
        )
        .map((row) => ({
          reason: row.reason,
          detectedAt: row.detected_at,
          ancestor: row.ancestor,
          entries: Number(row.entries),
        })),

    /** What is held per account and token. Before the token was asked, the replica's own sum stands, unreconciled. */
    holdings: (): HoldingRow[] =>
      db
        .prepare(
          `SELECT c.token_id, c.account_id, c.network_id, c.balance AS own, b.balance, b.frozen, b.block_number,
             b.block_time, b.is_reconciled
           FROM ledger_coverage c
           LEFT JOIN chain_balances b ON b.token_id = c.token_id AND b.account_id = c.account_id`,
        )
        .all<{
          token_id: TokenId;
          account_id: AccountId;
          network_id: NetworkId;
          own: string;
          balance: string | null;
          frozen: string | null;
          block_number: bigint | null;
          block_time: bigint | null;
          is_reconciled: bigint | null;
        }>()
        .map((row) => ({
          tokenId: row.token_id,
          accountId: row.account_id,
          networkId: row.network_id,
          balance: BigInt(row.balance ?? row.own),
          frozen: row.frozen === null ? null : BigInt(row.frozen),
          asOfBlock: row.block_number,
          asOfTime: row.block_time,
          isReconciled: row.is_reconciled === 1n,
        })),

    /** Points since `fromHour`, and for each pair its last one before, in order of time. */
    balancePoints: (fromHour: bigint): BalancePoint[] =>
      db
        .prepare(
          `SELECT token_id, account_id, hour, balance FROM balance_points WHERE hour >= ?
           UNION ALL
           SELECT p.token_id, p.account_id, p.hour, p.balance FROM balance_points p
           JOIN (SELECT token_id, account_id, max(hour) AS hour FROM balance_points WHERE hour < ?
                 GROUP BY token_id, account_id) last
             ON last.token_id = p.token_id AND last.account_id = p.account_id AND last.hour = p.hour
           ORDER BY hour`,
        )
        .all<{ token_id: TokenId; account_id: AccountId; hour: bigint; balance: string }>(fromHour, fromHour)
        .map((row) => ({
          tokenId: row.token_id,
          accountId: row.account_id,
          hour: row.hour,
          balance: BigInt(row.balance),
        })),
  };
};
