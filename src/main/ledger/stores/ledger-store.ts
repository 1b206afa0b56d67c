/**
 * The replica's tables: writing.
 *
 * Invariants: a range and the coverage that says it was read are one transaction; entries of a pair are written in chain
 * order, so `balance_after` is a running sum; a final block is never rolled back here.
 */
import { AppError } from '../../../shared/errors';
import type { AccountId, Address, Hash32, NetworkId, TokenId } from '../../../shared/model/ids';
import { toPlainString } from '../../../shared/money';
import { searchText } from '../../../shared/search-text';
import type { Db, Row } from '../driver';
import { toJson } from '../json';
import type {
  ChainBalance,
  Coverage,
  Header,
  NetworkSync,
  NewEntry,
  Pair,
  RangeWrite,
  RedemptionRequest,
} from '../replica-types';
import { createEntryQueries } from './entry-queries';

const HOUR = 3600n;
const DENSE_HEADERS = 128n;
const SPARSE_STEP = 32n;

type CoverageRow = { token_id: TokenId; account_id: AccountId; address: Address; synced_to: bigint };
type BlockRow = { number: bigint; hash: Hash32 };
type RequestRow = {
  token_id: TokenId;
  transfer_hash: Hash32;
  account_id: AccountId;
  from_address: Address;
  to_address: Address;
  units: string;
  requested_in: bigint;
};

/** `<network>:<block>:<log index>:<account>`; the receiving leg of a transfer to oneself carries `:in`. */
const entryId = (networkId: NetworkId, entry: NewEntry, isSecondLeg: boolean): string =>
  `${networkId}:${entry.blockNumber}:${entry.logIndex}:${entry.accountId}${isSecondLeg ? ':in' : ''}`;

export const createLedgerStore = (db: Db) => {
  const queries = createEntryQueries(db);

  const balanceOf = (tokenId: TokenId, accountId: AccountId): bigint =>
    BigInt(
      db
        .prepare('SELECT balance FROM ledger_coverage WHERE token_id = ? AND account_id = ?')
        .get<{ balance: string }>(tokenId, accountId)?.balance ?? '0',
    );

  const keepHeader = (networkId: NetworkId, header: Header, isTouched: boolean, isFinal: boolean): void => {
    const known = db
      .prepare('SELECT hash FROM ledger_blocks WHERE network_id = ? AND number = ?')
      .get<{ hash: string }>(networkId, header.number);
    if (known && known.hash !== header.hash)
      throw new AppError('chain/invalid-answer', { reason: 'block changed', number: header.number });
    db.prepare(
      `INSERT INTO ledger_blocks (network_id, number, hash, parent_hash, time, state_root, receipts_root, is_touched, is_final)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (network_id, number) DO UPDATE SET
         is_touched = max(is_touched, excluded.is_touched), is_final = max(is_final, excluded.is_final)`,
    ).run(
      networkId,
      header.number,
      header.hash,
      header.parentHash,
      header.timestamp,
      header.stateRoot,
      header.receiptsRoot,
      isTouched ? 1 : 0,
      isFinal ? 1 : 0,
    );
  };

  const finalNumber = (networkId: NetworkId): bigint =>
    db
      .prepare('SELECT max(number) AS number FROM ledger_blocks WHERE network_id = ? AND is_final = 1')
      .get<{ number: bigint | null }>(networkId)?.number ?? -1n;

  const touchNetwork = (networkId: NetworkId): void => {
    db.prepare('INSERT INTO ledger_networks (network_id) VALUES (?) ON CONFLICT DO NOTHING').run(networkId);
  };

  const paymentOf = (transactionHash: string): { payment_id: string; end_to_end_id: string } | undefined =>
    db
      .prepare(
        `SELECT t.payment_id, p.end_to_end_id FROM settlement_transactions t
         JOIN payments p ON p.id = t.payment_id WHERE t.hash = ? AND t.action = 'pay'`,
      )
      .get(transactionHash);

  const insertEntry = (networkId: NetworkId, entry: NewEntry, balance: bigint, final: bigint): void => {
    const isSecondLeg =
      entry.direction === 'in' &&
      db
        .prepare('SELECT 1 AS found FROM ledger_entries WHERE id = ?')
        .get(entryId(networkId, entry, false)) !== undefined;
    const payment = entry.direction === 'out' ? paymentOf(entry.transactionHash) : undefined;
    db.prepare(
      `INSERT INTO ledger_entries (id, network_id, token_id, account_id, currency, decimals, direction, units,
         counter_address, kind, block_number, block_hash, block_time, transaction_hash, log_index, reference, payment_id,
         end_to_end_id, is_final, balance_after, search)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      entryId(networkId, entry, isSecondLeg),
      networkId,
      entry.tokenId,
      entry.accountId,
      entry.currency,
      entry.decimals,
      entry.direction,
      entry.units.toString(),
      entry.counterAddress,
      entry.kind,
      entry.blockNumber,
      entry.blockHash,
      entry.blockTime,
      entry.transactionHash,
      entry.logIndex,
      entry.reference,
      payment?.payment_id ?? null,
      payment?.end_to_end_id ?? null,
      entry.blockNumber <= final ? 1 : 0,
      balance.toString(),
      searchText(
        toPlainString({ units: entry.units, decimals: entry.decimals }),
        entry.reference,
        payment?.end_to_end_id ?? null,
        entry.transactionHash,
        entry.counterAddress,
      ),
    );
    db.prepare(
      `INSERT INTO balance_points (token_id, account_id, hour, balance) VALUES (?, ?, ?, ?)
       ON CONFLICT (token_id, account_id, hour) DO UPDATE SET balance = excluded.balance`,
    ).run(entry.tokenId, entry.accountId, entry.blockTime / HOUR, balance.toString());
  };

  const insertRequests = ({ requests, decisions }: RangeWrite): void => {
    for (const request of requests) {
      db.prepare(
        `INSERT INTO redemption_requests (token_id, transfer_hash, account_id, from_address, to_address, units, requested_in)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      ).run(
        request.tokenId,
        request.transferHash,
        request.accountId,
        request.from,
        request.to,
        request.units.toString(),
        request.requestedIn,
      );
    }
    for (const { tokenId, transferHash, decision, decidedIn } of decisions) {
      db.prepare(
        'UPDATE redemption_requests SET decision = ?, decided_in = ? WHERE token_id = ? AND transfer_hash = ?',
      ).run(decision, decidedIn, tokenId, transferHash);
    }
  };

  /** Last balances and chart points of pairs after some of their newest entries went away. */
  const restoreBalances = (
    pairs: readonly { token_id: TokenId; account_id: AccountId }[],
    fromHour: bigint,
  ): void => {
    for (const { token_id, account_id } of pairs) {
      db.prepare('DELETE FROM balance_points WHERE token_id = ? AND account_id = ? AND hour >= ?').run(
        token_id,
        account_id,
        fromHour,
      );
      const last = db
        .prepare(
          `SELECT balance_after, block_time FROM ledger_entries WHERE token_id = ? AND account_id = ?
           ORDER BY block_number DESC, log_index DESC, seq DESC LIMIT 1`,
        )
        .get<{ balance_after: string; block_time: bigint }>(token_id, account_id);
      db.prepare('UPDATE ledger_coverage SET balance = ? WHERE token_id = ? AND account_id = ?').run(
        last?.balance_after ?? '0',
        token_id,
        account_id,
      );
      if (last && last.block_time / HOUR >= fromHour) {
        db.prepare(
          'INSERT OR REPLACE INTO balance_points (token_id, account_id, hour, balance) VALUES (?, ?, ?, ?)',
        ).run(token_id, account_id, last.block_time / HOUR, last.balance_after);
        // Hours of the rolled-back stretch that still hold entries, other than the last one.
        db.prepare(
          `INSERT OR IGNORE INTO balance_points (token_id, account_id, hour, balance)
           SELECT token_id, account_id, block_time / 3600, balance_after FROM ledger_entries
           WHERE token_id = ? AND account_id = ? AND block_time >= ?
           ORDER BY block_number DESC, log_index DESC, seq DESC`,
        ).run(token_id, account_id, fromHour * HOUR);
      }
    }
  };

  return {
    ...queries,

    /** Makes the pairs known that are to be read, from the block after `startBlock - 1`; known ones keep their place. */
    registerPairs: (networkId: NetworkId, startBlock: bigint, pairs: readonly Pair[]): void =>
      db.transaction(() => {
        touchNetwork(networkId);
        for (const { tokenId, accountId, address } of pairs) {
          db.prepare(
            `INSERT INTO ledger_coverage (token_id, account_id, network_id, address, synced_to) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT DO NOTHING`,
          ).run(tokenId, accountId, networkId, address, startBlock - 1n);
        }
      })(),

    networkSync: (networkId: NetworkId): NetworkSync => {
      const state = db
        .prepare('SELECT head, synced_at, halted FROM ledger_networks WHERE network_id = ?')
        .get<{ head: bigint | null; synced_at: string | null; halted: string | null }>(networkId);
      const blocks = (isFinal: 0 | 1, limit: number): BlockRow[] =>
        db
          .prepare(
            'SELECT number, hash FROM ledger_blocks WHERE network_id = ? AND is_final = ? ORDER BY number DESC LIMIT ?',
          )
          .all<BlockRow>(networkId, isFinal, limit);
      return {
        coverage: db
          .prepare(
            'SELECT token_id, account_id, address, synced_to FROM ledger_coverage WHERE network_id = ?',
          )
          .all<CoverageRow>(networkId)
          .map(
            (row): Coverage => ({
              tokenId: row.token_id,
              accountId: row.account_id,
              address: row.address,
              syncedTo: row.synced_to,
            }),
          ),
        open: blocks(0, 20_000),
        final: blocks(1, 1)[0] ?? null,
        requests: db
          .prepare(
            `SELECT r.* FROM redemption_requests r JOIN ledger_coverage c
             ON c.token_id = r.token_id AND c.account_id = r.account_id
             WHERE c.network_id = ? AND r.decision IS NULL`,
          )
          .all<RequestRow>(networkId)
          .map(
            (row): RedemptionRequest => ({
              tokenId: row.token_id,
              transferHash: row.transfer_hash,
              accountId: row.account_id,
              from: row.from_address,
              to: row.to_address,
              units: BigInt(row.units),
              requestedIn: row.requested_in,
            }),
          ),
        head: state?.head ?? null,
        syncedAt: state?.synced_at ?? null,
        halted: state?.halted ?? null,
      };
    },

    /** Writes one range. Refuses (as a defect) when a pair does not stand at `from - 1`: nothing is doubled or skipped. */
    applyRange: (write: RangeWrite): void =>
      db.transaction(() => {
        const { networkId, pairs, from, to } = write;
        const final = finalNumber(networkId);
        const balances = new Map<string, bigint>();
        for (const { tokenId, accountId } of pairs) {
          const moved = db
            .prepare(
              `UPDATE ledger_coverage SET synced_to = ?
               WHERE token_id = ? AND account_id = ? AND network_id = ? AND synced_to = ?`,
            )
            .run(to, tokenId, accountId, networkId, from - 1n);
          if (moved.changes !== 1) throw new Error('coverage does not end where the range starts');
          balances.set(`${tokenId} ${accountId}`, balanceOf(tokenId, accountId));
        }
        const touched = new Set(write.entries.map(({ blockNumber }) => blockNumber));
        for (const header of write.headers)
          keepHeader(networkId, header, touched.has(header.number), header.number <= final);
        for (const entry of write.entries) {
          const key = `${entry.tokenId} ${entry.accountId}`;
          const before = balances.get(key);
          if (before === undefined) throw new Error('entry of a pair that is not being read');
          const after = entry.direction === 'in' ? before + entry.units : before - entry.units;
          balances.set(key, after);
          insertEntry(networkId, entry, after, final);
        }
        for (const { tokenId, accountId } of pairs) {
          db.prepare('UPDATE ledger_coverage SET balance = ? WHERE token_id = ? AND account_id = ?').run(
            (balances.get(`${tokenId} ${accountId}`) ?? 0n).toString(),
            tokenId,
            accountId,
          );
        }
        insertRequests(write);
        // Headers without entries only serve to find where two chains part: near the tip all, further down some.
        db.prepare(
          `DELETE FROM ledger_blocks WHERE network_id = ? AND is_touched = 0 AND is_final = 0 AND number < ?
             AND number % ? <> 0 AND number NOT IN (SELECT synced_to FROM ledger_coverage WHERE network_id = ?)`,
        ).run(networkId, to - DENSE_HEADERS, SPARSE_STEP, networkId);
        if (write.entries.length > 0) queries.entriesChanged();
      })(),

    /**
     * Takes everything above `ancestor` back: entries move aside under a record, coverage and balances return to that
     * block. Throws when that would touch a final block, unless the whole chain was replaced (sandbox only).
     */
    rollBack: (
      networkId: NetworkId,
      ancestor: bigint,
      reason: 'reorg' | 'chain-replaced',
      detectedAt: string,
    ): number =>
      db.transaction(() => {
        // SECURITY: what was final is never rewritten, whatever a node says later.
        if (reason === 'reorg' && ancestor < finalNumber(networkId))
          throw new AppError('ledger/reorg-below-finality', { networkId, ancestor });
        const tip = db
          .prepare('SELECT number, hash FROM ledger_blocks WHERE network_id = ? ORDER BY number DESC LIMIT 1')
          .get<BlockRow>(networkId);
        const rows = db
          .prepare('SELECT * FROM ledger_entries WHERE network_id = ? AND block_number > ? ORDER BY seq')
          .all<Row>(networkId, ancestor);
        db.prepare(
          `INSERT INTO ledger_reversals (network_id, reason, detected_at, ancestor, old_tip, old_hash, entries)
           VALUES (?, ?, ?, ?, ?, ?, ?)`,
        ).run(networkId, reason, detectedAt, ancestor, tip?.number ?? ancestor, tip?.hash ?? '', rows.length);
        const reversal =
          db.prepare('SELECT max(id) AS id FROM ledger_reversals').get<{ id: bigint }>()?.id ?? 0n;
        for (const row of rows) {
          db.prepare('INSERT INTO orphaned_entries (reversal_id, data) VALUES (?, ?)').run(
            reversal,
            toJson(row),
          );
        }
        db.prepare('DELETE FROM ledger_entries WHERE network_id = ? AND block_number > ?').run(
          networkId,
          ancestor,
        );
        db.prepare('DELETE FROM ledger_blocks WHERE network_id = ? AND number > ?').run(networkId, ancestor);
        const pairs = db
          .prepare(
            'SELECT token_id, account_id, address, synced_to FROM ledger_coverage WHERE network_id = ? AND synced_to > ?',
          )
          .all<CoverageRow>(networkId, ancestor);
        db.prepare('UPDATE ledger_coverage SET synced_to = ? WHERE network_id = ? AND synced_to > ?').run(
          ancestor,
          networkId,
          ancestor,
        );
        for (const { token_id } of pairs) {
          db.prepare('DELETE FROM redemption_requests WHERE token_id = ? AND requested_in > ?').run(
            token_id,
            ancestor,
          );
          db.prepare(
            'UPDATE redemption_requests SET decision = NULL, decided_in = NULL WHERE token_id = ? AND decided_in > ?',
          ).run(token_id, ancestor);
        }
        const earliest = rows.reduce<bigint | null>((least, row) => {
          const time = row.block_time as bigint;
          return least === null || time < least ? time : least;
        }, null);
        restoreBalances(pairs, reason === 'chain-replaced' ? 0n : (earliest ?? 1n << 40n) / HOUR);
        db.prepare(
          'DELETE FROM chain_balances WHERE block_number > ? AND token_id IN (SELECT token_id FROM ledger_coverage WHERE network_id = ?)',
        ).run(ancestor, networkId);
        queries.entriesChanged();
        return rows.length;
      })(),

    /** Everything up to this header is final. Never moves back. */
    markFinal: (networkId: NetworkId, header: Header): boolean =>
      db.transaction(() => {
        const before = finalNumber(networkId);
        if (header.number <= before) return false;
        keepHeader(networkId, header, false, true);
        db.prepare('UPDATE ledger_blocks SET is_final = 1 WHERE network_id = ? AND number <= ?').run(
          networkId,
          header.number,
        );
        const { changes } = db
          .prepare(
            'UPDATE ledger_entries SET is_final = 1 WHERE network_id = ? AND block_number <= ? AND is_final = 0',
          )
          .run(networkId, header.number);
        db.prepare(
          'DELETE FROM ledger_blocks WHERE network_id = ? AND is_final = 1 AND is_touched = 0 AND number < ?',
        ).run(networkId, header.number);
        return changes > 0;
      })(),

    /** Keeps what the tokens said at a block, and whether the replica's own sums at that block say the same. */
    saveBalances: (
      block: Header,
      balances: readonly ChainBalance[],
    ): { readonly changed: boolean; readonly unreconciled: number } =>
      db.transaction(() => {
        let changed = false;
        let unreconciled = 0;
        for (const { tokenId, accountId, balance, frozen } of balances) {
          const own = db
            .prepare('SELECT balance, synced_to FROM ledger_coverage WHERE token_id = ? AND account_id = ?')
            .get<{ balance: string; synced_to: bigint }>(tokenId, accountId);
          // Sums of another block cannot be compared.
          if (own?.synced_to !== block.number) continue;
          const isReconciled = BigInt(own.balance) === balance;
          if (!isReconciled) unreconciled += 1;
          const before = db
            .prepare(
              'SELECT balance, frozen, is_reconciled FROM chain_balances WHERE token_id = ? AND account_id = ?',
            )
            .get<{ balance: string; frozen: string | null; is_reconciled: bigint }>(tokenId, accountId);
          changed ||=
            before?.balance !== balance.toString() ||
            before.frozen !== (frozen?.toString() ?? null) ||
            before.is_reconciled !== (isReconciled ? 1n : 0n);
          db.prepare(
            `INSERT OR REPLACE INTO chain_balances
               (token_id, account_id, block_number, block_hash, block_time, balance, frozen, is_reconciled)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
          ).run(
            tokenId,
            accountId,
            block.number,
            block.hash,
            block.timestamp,
            balance.toString(),
            frozen?.toString() ?? null,
            isReconciled ? 1 : 0,
          );
        }
        return { changed, unreconciled };
      })(),

    saveNetworkState: (
      networkId: NetworkId,
      state: { readonly syncedTo: bigint; readonly head: bigint; readonly syncedAt: string },
    ): void => {
      touchNetwork(networkId);
      db.prepare(
        'UPDATE ledger_networks SET synced_to = ?, head = ?, synced_at = ? WHERE network_id = ?',
      ).run(state.syncedTo, state.head, state.syncedAt, networkId);
    },

    /** Stops the replica of a network until a person acts (`null` lets it run again). */
    setHalted: (networkId: NetworkId, reason: string | null): void => {
      touchNetwork(networkId);
      db.prepare('UPDATE ledger_networks SET halted = ? WHERE network_id = ?').run(reason, networkId);
    },
  };
};

export type LedgerStore = ReturnType<typeof createLedgerStore>;
