/**
 * The outbox at rest, and the moment in which an approval becomes one.
 *
 * Hides: slots, their signed bytes, reserved nonces. Invariants: a batch is approved, its bytes kept and its nonces fixed
 * in one transaction; a payment owns one nonce for ever and never a second one; nothing that is done changes again; a
 * payment's row and its slot say the same. Called by main/settlement and main/payments through the ledger process.
 */
import { AppError } from '../../../shared/errors';
import type {
  AccountId,
  BatchId,
  Hash32,
  Hex,
  Instant,
  NetworkId,
  PaymentId,
  TokenId,
} from '../../../shared/model/ids';
import { nextStatus, type PaymentEvent } from '../../../shared/model/payment-state';
import type {
  PaymentSource,
  PaymentStatus,
  PreflightVerdict,
  SettlementStage,
} from '../../../shared/model/payments';
import type {
  BatchFacts,
  NetworkStatus,
  NonceRange,
  NonceRequest,
  PaymentFacts,
  Slot,
  SlotUpdate,
} from '../../settlement/types';
import type { Db } from '../driver';
import { fromJson, toJson } from '../json';
import { BATCHES_IN_ENVELOPES, isInEnvelope } from './envelope-rows';
import { createOutbox } from './settlement-outbox';
import { createSettlementRows, toFacts } from './settlement-rows';
import { placeholders } from './sql-text';

/** Statuses from `from` to `to` that exist; throws where the life cycle has no way. */
const eventsBetween = (from: PaymentStatus, to: PaymentStatus): readonly PaymentEvent[] => {
  if (from === to) return [];
  if (from === 'ACCP' && to === 'ACSP') return ['send'];
  if (from === 'ACCP' && to === 'ACSC') return ['send', 'settle'];
  if (from === 'ACSP' && to === 'ACSC') return ['settle'];
  if (to === 'RJCT') return ['fail'];
  throw new Error(`no way from ${from} to ${to}`);
};

const advance = (from: PaymentStatus, to: PaymentStatus): PaymentStatus =>
  eventsBetween(from, to).reduce<PaymentStatus>((status, event) => {
    const next = nextStatus(status, event);
    if (next === null) throw new Error(`${status} does not allow ${event}`);
    return next;
  }, from);

export const createSettlementStore = (db: Db) => {
  const { readSlots, touchBatch, moveAll } = createSettlementRows(db);
  const outbox = createOutbox(db);

  const statusOf = (paymentId: PaymentId): PaymentStatus => {
    const row = db
      .prepare('SELECT status FROM payments WHERE id = ?')
      .get<{ status: PaymentStatus }>(paymentId);
    if (!row) throw new AppError('payments/payment-unknown', { paymentId });
    return row.status;
  };

  /**
   * The lowest `count` nonces in a row, from `from`, that nobody signed for and nobody holds. What was given back in the
   * middle (a withdrawn envelope before a later one) is planned again first: as long as it is open, nothing behind it
   * can be included.
   */
  const firstFree = (networkId: NetworkId, sender: string, from: bigint, count: number): bigint => {
    const taken = db
      .prepare(
        `SELECT nonce AS first, nonce + 1 AS next FROM settlement_slots
           WHERE network_id = :network AND sender = :sender AND nonce >= :from
         UNION ALL
         SELECT first_nonce, first_nonce + count FROM settlement_reservations
           WHERE network_id = :network AND sender = :sender AND first_nonce + count > :from
         ORDER BY first`,
      )
      .all<{ first: bigint; next: bigint }>({ network: networkId, sender, from });
    let free = from;
    for (const { first, next } of taken) {
      if (first - free >= BigInt(count)) break;
      if (next > free) free = next;
    }
    return free;
  };

  return {
    /** Throws `payments/batch-unknown`. */
    batchFacts: (batchId: BatchId): BatchFacts => {
      const row = db
        .prepare(
          `SELECT source, released_holds, approval,
             (SELECT count(*) FROM payments WHERE batch_id = batches.id) AS count FROM batches WHERE id = ?`,
        )
        .get<{ source: string; released_holds: string; approval: string | null; count: bigint }>(batchId);
      if (!row) throw new AppError('payments/batch-unknown', { batchId });
      return {
        id: batchId,
        source: fromJson<PaymentSource>(row.source),
        releasedHolds: fromJson<BatchFacts['releasedHolds']>(row.released_holds),
        isApproved: row.approval !== null,
        count: Number(row.count),
      };
    },

    /** Payments of a batch in its order, from position `from` on. */
    paymentFacts: (batchId: BatchId, from: number, limit: number): PaymentFacts[] =>
      db
        .prepare('SELECT * FROM payments WHERE batch_id = ? AND position >= ? ORDER BY position LIMIT ?')
        .all(batchId, from, limit)
        .map(toFacts),

    paymentFactsOf: (paymentId: PaymentId): PaymentFacts => {
      const row = db.prepare('SELECT * FROM payments WHERE id = ?').get(paymentId);
      if (!row) throw new AppError('payments/payment-unknown', { paymentId });
      return toFacts(row);
    },

    /** Creditor addresses of a batch to which no payment was ever signed. */
    countFirstPayments: (batchId: BatchId): number =>
      Number(
        db
          .prepare(
            `SELECT count(*) AS count FROM payments p WHERE p.batch_id = ? AND p.status <> 'RJCT' AND NOT EXISTS (
               SELECT 1 FROM settlement_slots s WHERE s.receiver = lower(p.creditor_address))`,
          )
          .get<{ count: bigint }>(batchId)?.count ?? 0n,
      ),

    /** Keeps verdicts. A payment that is no longer open keeps what it has. */
    savePreflights: (
      verdicts: readonly { readonly paymentId: PaymentId; readonly verdict: PreflightVerdict }[],
      at: Instant,
    ): void => {
      db.transaction(() => {
        const update = db.prepare(
          `UPDATE payments SET preflight_state = ?, preflight = ?, updated_at = ? WHERE id = ? AND status IN ('RCVD','ACTC','PDNG')`,
        );
        for (const { paymentId, verdict } of verdicts)
          update.run(verdict.state, toJson(verdict), at, paymentId);
      })();
    },

    /** ACTC → PDNG for the batch. Throws `payments/wrong-state` when nothing in it waits for approval. */
    submitBatch: (batchId: BatchId, at: Instant): void => {
      db.transaction(() => {
        moveAll(batchId, 'submit', at);
        const waiting = db
          .prepare(`SELECT count(*) AS count FROM payments WHERE batch_id = ? AND status = 'PDNG'`)
          .get<{ count: bigint }>(batchId);
        if ((waiting?.count ?? 0n) === 0n) throw new AppError('payments/wrong-state', { batchId });
      })();
    },

    /** Gives an approval up: PDNG → ACTC, reserved nonces are free again. Throws `payments/wrong-state` in an envelope. */
    withdrawBatch: (batchId: BatchId, at: Instant): void => {
      db.transaction(() => {
        // SECURITY: other people may have signed for these nonces; only withdrawing the envelope frees them.
        if (isInEnvelope(db, batchId)) throw new AppError('payments/wrong-state', { batchId });
        moveAll(batchId, 'withdraw', at);
        db.prepare('DELETE FROM settlement_reservations WHERE batch_id = ?').run(batchId);
      })();
    },

    /** No approval outlives the process that showed it; envelopes do. Returns the batches that went back. */
    withdrawAll: (at: Instant): BatchId[] =>
      db.transaction(() => {
        // An envelope goes on without this process: what waits in one keeps its state and its nonces.
        const isInEnvelope = `batch_id IN (${BATCHES_IN_ENVELOPES})`;
        const batches = db
          .prepare(`SELECT DISTINCT batch_id FROM payments WHERE status = 'PDNG' AND NOT ${isInEnvelope}`)
          .all<{ batch_id: BatchId }>()
          .map(({ batch_id }) => batch_id);
        for (const batchId of batches) moveAll(batchId, 'withdraw', at);
        db.prepare(`DELETE FROM settlement_reservations WHERE NOT ${isInEnvelope}`).run();
        return batches;
      })(),

    /** Plans nonces for a batch: after everything the network knows and everything we ever signed or hold reserved. */
    reserveNonces: (batchId: BatchId, requests: readonly NonceRequest[]): NonceRange[] =>
      db.transaction(() => {
        db.prepare('DELETE FROM settlement_reservations WHERE batch_id = ?').run(batchId);
        return requests.map(({ networkId, sender, count, chainPending }) => {
          const first = firstFree(networkId, sender, chainPending, count);
          db.prepare(
            `INSERT INTO settlement_reservations (network_id, sender, batch_id, first_nonce, count) VALUES (?, ?, ?, ?, ?)`,
          ).run(networkId, sender, batchId, first, count);
          return { networkId, sender, first };
        });
      })(),

    /** The highest nonce of a sender whose use is final; `null` while there is none. */
    settledNonce: (networkId: NetworkId, sender: string): bigint | null =>
      db
        .prepare(
          'SELECT max(nonce) AS last FROM settlement_slots WHERE network_id = ? AND sender = ? AND is_done = 1',
        )
        .get<{ last: bigint | null }>(networkId, sender)?.last ?? null,

    reservationsOf: (batchId: BatchId): NonceRange[] =>
      db
        .prepare('SELECT network_id, sender, first_nonce FROM settlement_reservations WHERE batch_id = ?')
        .all<{ network_id: NetworkId; sender: Slot['sender']; first_nonce: bigint }>(batchId)
        .map((row) => ({ networkId: row.network_id, sender: row.sender, first: row.first_nonce })),

    ...outbox,

    /** Slots that are not done, in pages: of one batch, or all. */
    openSlots: (batchId: BatchId | null, after: number, limit: number): Slot[] => {
      const filter = batchId === null ? '' : 'AND batch_id = ?';
      const ids = `s.payment_id IN (SELECT payment_id FROM settlement_slots WHERE is_done = 0 ${filter}
        ORDER BY network_id, sender, nonce LIMIT ? OFFSET ?)`;
      return batchId === null ? readSlots(ids, limit, after) : readSlots(ids, batchId, limit, after);
    },

    slot: (paymentId: PaymentId): Slot | null => readSlots('s.payment_id = ?', paymentId)[0] ?? null,

    rawOf: (hashes: readonly Hash32[]): { readonly hash: Hash32; readonly raw: Hex }[] =>
      hashes.length === 0
        ? []
        : db
            .prepare(
              `SELECT hash, raw FROM settlement_transactions WHERE hash IN (${placeholders(hashes.length)})`,
            )
            .all<{ hash: Hash32; raw: Hex }>(...hashes),

    /**
     * Writes steps: slot, payment and batch together. A slot that is done stays as it is. Returns those that became done.
     */
    saveSlots: (updates: readonly SlotUpdate[]): SlotOutcome[] =>
      db.transaction(() => {
        const outcomes: SlotOutcome[] = [];
        const done = db.prepare('SELECT batch_id, is_done FROM settlement_slots WHERE payment_id = ?');
        const slot = db.prepare(
          'UPDATE settlement_slots SET state = ?, stage = ?, is_booked = ?, is_done = ? WHERE payment_id = ?',
        );
        const sent = db.prepare(
          'UPDATE settlement_transactions SET sent_at = coalesce(sent_at, ?) WHERE hash = ? AND payment_id = ?',
        );
        const payment = db.prepare(
          `UPDATE payments SET status = ?, reason_code = ?, reason_text = ?, stage = ?, settlement = ?, updated_at = ?
           WHERE id = ?`,
        );
        const batches = new Map<BatchId, Instant>();
        for (const update of updates) {
          const row = done.get<{ batch_id: BatchId; is_done: bigint }>(update.paymentId);
          if (!row || row.is_done === 1n) continue;
          const { state } = update;
          slot.run(
            toJson(state),
            state.stage,
            update.isBooked ? 1 : 0,
            state.isDone ? 1 : 0,
            update.paymentId,
          );
          for (const hash of update.sent) sent.run(update.at, hash, update.paymentId);
          const status = advance(statusOf(update.paymentId), update.status);
          payment.run(
            status,
            update.reason?.code ?? null,
            update.reason?.text ?? null,
            state.stage,
            toJson(update.settlement),
            update.at,
            update.paymentId,
          );
          batches.set(row.batch_id, update.at);
          if (state.isDone) outcomes.push(outcomeOf(update, row.batch_id, status));
        }
        for (const [batchId, at] of batches) touchBatch(batchId, at);
        return outcomes;
      })(),

    /** Signed and not yet included, in the token's smallest unit. */
    pendingOut: (accountId: AccountId, tokenId: TokenId): bigint =>
      db
        .prepare(
          'SELECT units FROM settlement_slots WHERE account_id = ? AND token_id = ? AND is_done = 0 AND is_booked = 0',
        )
        .all<{ units: string }>(accountId, tokenId)
        .reduce((sum, { units }) => sum + BigInt(units), 0n),

    /** Which payment a transaction of ours belongs to. */
    paymentOfTransaction: (
      hash: Hash32,
    ): {
      readonly paymentId: PaymentId;
      readonly endToEndId: string;
      readonly action: 'pay' | 'cancel';
    } | null => {
      const row = db
        .prepare(
          `SELECT t.payment_id, t.action, p.end_to_end_id FROM settlement_transactions t
           JOIN payments p ON p.id = t.payment_id WHERE t.hash = ?`,
        )
        .get<{ payment_id: PaymentId; action: 'pay' | 'cancel'; end_to_end_id: string }>(hash);
      return row ? { paymentId: row.payment_id, endToEndId: row.end_to_end_id, action: row.action } : null;
    },

    networkStatus: (): NetworkStatus[] => {
      const rows = db
        .prepare(
          'SELECT network_id, stage, count(*) AS count FROM settlement_slots GROUP BY network_id, stage',
        )
        .all<{ network_id: NetworkId; stage: SettlementStage; count: bigint }>();
      const networks = new Map<
        NetworkId,
        { waiting: number; sent: number; included: number; final: number }
      >();
      for (const row of rows) {
        const counts = networks.get(row.network_id) ?? { waiting: 0, sent: 0, included: 0, final: 0 };
        counts[COLUMN_OF_STAGE[row.stage]] += Number(row.count);
        networks.set(row.network_id, counts);
      }
      return [...networks].map(([networkId, counts]) => ({ networkId, ...counts }));
    },
  };
};

/** How a payment ended. */
export type SlotOutcome = {
  readonly paymentId: PaymentId;
  readonly batchId: BatchId;
  readonly status: PaymentStatus;
  readonly reason: string | null;
  readonly transaction: Hash32;
  readonly block: bigint | null;
};

const outcomeOf = (update: SlotUpdate, batchId: BatchId, status: PaymentStatus): SlotOutcome => ({
  paymentId: update.paymentId,
  batchId,
  status,
  reason: update.reason?.code ?? null,
  transaction: update.settlement.transactionHash,
  block: update.settlement.blockNumber,
});

export type SettlementStore = ReturnType<typeof createSettlementStore>;

const COLUMN_OF_STAGE: Readonly<Record<SettlementStage, 'waiting' | 'sent' | 'included' | 'final'>> = {
  signed: 'waiting',
  sent: 'sent',
  included: 'included',
  final: 'final',
  requested: 'included',
  reverted: 'final',
  dropped: 'waiting',
  replaced: 'final',
  stuck: 'sent',
  foreign: 'sent',
};
