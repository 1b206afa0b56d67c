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
import { nextStatus, type PaymentEvent, statusesBefore } from '../../../shared/model/payment-state';
import type {
  PaymentSource,
  PaymentStatus,
  PreflightVerdict,
  SettlementStage,
} from '../../../shared/model/payments';
import type { SlotState } from '../../settlement/slot';
import type {
  ApprovalFacts,
  BatchFacts,
  FeeOffer,
  NetworkStatus,
  NonceRange,
  NonceRequest,
  PaymentFacts,
  SignedTransaction,
  Slot,
  SlotUpdate,
  StoredAttempt,
} from '../../settlement/types';
import type { Db, Row } from '../driver';
import { fromJson, toJson } from '../json';
import { placeholders } from './sql-text';

type SlotRow = {
  payment_id: PaymentId;
  batch_id: BatchId;
  network_id: NetworkId;
  sender: Slot['sender'];
  nonce: bigint;
  key_id: Slot['keyId'];
  account_id: AccountId;
  token_id: TokenId;
  receiver: Slot['receiver'];
  units: string;
  decimals: bigint;
  state: string;
};
type TransactionRow = {
  hash: Hash32;
  payment_id: PaymentId;
  action: 'pay' | 'cancel';
  fees: string;
  created_at: Instant;
  sent_at: Instant | null;
};
type StoredFees = { readonly gas: bigint; readonly offer: FeeOffer };

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
  const toAttempt = (row: TransactionRow): StoredAttempt => {
    const { gas, offer } = fromJson<StoredFees>(row.fees);
    return {
      hash: row.hash,
      action: row.action,
      createdAt: row.created_at,
      sentAt: row.sent_at,
      maxFee: gas * (offer.type === 'eip1559' ? offer.maxFeePerGas : offer.gasPrice),
      gas,
      fees: offer,
    };
  };

  const readSlots = (where: string, ...params: (string | bigint | number)[]): Slot[] => {
    const rows = db
      .prepare(
        `SELECT s.*, (SELECT p.decimals FROM payments p WHERE p.id = s.payment_id) AS decimals
         FROM settlement_slots s WHERE ${where} ORDER BY network_id, sender, nonce`,
      )
      .all<SlotRow>(...params);
    const attempts = new Map<string, StoredAttempt[]>();
    const transactions = db
      .prepare(
        `SELECT t.hash, t.payment_id, t.action, t.fees, t.created_at, t.sent_at FROM settlement_transactions t
         JOIN settlement_slots s ON s.payment_id = t.payment_id WHERE ${where} ORDER BY t.payment_id, t.position`,
      )
      .all<TransactionRow>(...params);
    for (const row of transactions) {
      const list = attempts.get(row.payment_id);
      if (list) list.push(toAttempt(row));
      else attempts.set(row.payment_id, [toAttempt(row)]);
    }
    return rows.map((row) => ({
      paymentId: row.payment_id,
      batchId: row.batch_id,
      networkId: row.network_id,
      sender: row.sender,
      nonce: row.nonce,
      keyId: row.key_id,
      accountId: row.account_id,
      tokenId: row.token_id,
      receiver: row.receiver,
      units: BigInt(row.units),
      decimals: Number(row.decimals),
      state: fromJson<SlotState>(row.state),
      attempts: attempts.get(row.payment_id) ?? [],
    }));
  };

  const statusOf = (paymentId: PaymentId): PaymentStatus => {
    const row = db
      .prepare('SELECT status FROM payments WHERE id = ?')
      .get<{ status: PaymentStatus }>(paymentId);
    if (!row) throw new AppError('payments/payment-unknown', { paymentId });
    return row.status;
  };

  const touchBatch = (batchId: BatchId, at: Instant): void => {
    db.prepare('UPDATE batches SET updated_at = ? WHERE id = ?').run(at, batchId);
  };

  /** Moves every payment of a batch that an event applies to; returns how many. */
  const moveAll = (batchId: BatchId, event: PaymentEvent, at: Instant): number => {
    let moved = 0;
    for (const from of statusesBefore(event)) {
      const to = nextStatus(from, event);
      if (to === null) continue;
      moved += db
        .prepare('UPDATE payments SET status = ?, updated_at = ? WHERE batch_id = ? AND status = ?')
        .run(to, at, batchId, from).changes;
    }
    touchBatch(batchId, at);
    return moved;
  };

  const insertTransaction = (
    signed: SignedTransaction,
    position: number,
    digest: Hash32,
    at: Instant,
  ): void => {
    const fees: StoredFees = { gas: signed.gas, offer: signed.fees };
    db.prepare(
      `INSERT INTO settlement_transactions (hash, payment_id, position, action, raw, fees, digest, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(signed.hash, signed.paymentId, position, signed.action, signed.raw, toJson(fees), digest, at);
  };

  const nextNonce = (networkId: NetworkId, sender: string): bigint => {
    const slot = db
      .prepare('SELECT max(nonce) AS last FROM settlement_slots WHERE network_id = ? AND sender = ?')
      .get<{ last: bigint | null }>(networkId, sender);
    const reserved = db
      .prepare(
        'SELECT max(first_nonce + count) AS next FROM settlement_reservations WHERE network_id = ? AND sender = ?',
      )
      .get<{ next: bigint | null }>(networkId, sender);
    const afterSlot = slot?.last == null ? 0n : slot.last + 1n;
    const afterReserved = reserved?.next ?? 0n;
    return afterSlot > afterReserved ? afterSlot : afterReserved;
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
        releasedHolds: fromJson<{ kind: string }[]>(row.released_holds),
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

    /** Gives an approval up: PDNG → ACTC, reserved nonces are free again. */
    withdrawBatch: (batchId: BatchId, at: Instant): void => {
      db.transaction(() => {
        moveAll(batchId, 'withdraw', at);
        db.prepare('DELETE FROM settlement_reservations WHERE batch_id = ?').run(batchId);
      })();
    },

    /** No approval outlives the process that showed it. Returns the batches that went back. */
    withdrawAll: (at: Instant): BatchId[] =>
      db.transaction(() => {
        const batches = db
          .prepare(`SELECT DISTINCT batch_id FROM payments WHERE status = 'PDNG'`)
          .all<{ batch_id: BatchId }>()
          .map(({ batch_id }) => batch_id);
        for (const batchId of batches) moveAll(batchId, 'withdraw', at);
        db.prepare('DELETE FROM settlement_reservations').run();
        return batches;
      })(),

    /** Plans nonces for a batch: after everything the network knows and everything we ever signed or hold reserved. */
    reserveNonces: (batchId: BatchId, requests: readonly NonceRequest[]): NonceRange[] =>
      db.transaction(() => {
        db.prepare('DELETE FROM settlement_reservations WHERE batch_id = ?').run(batchId);
        return requests.map(({ networkId, sender, count, chainPending }) => {
          let first = nextNonce(networkId, sender);
          if (first < chainPending) first = chainPending;
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

    /**
     * The approval: signed bytes, fixed nonces, payments ACCP, batch approved; wholly or not at all. Throws
     * `payments/wrong-state` when a payment is not waiting for approval, is missing or was signed before,
     * `settlement/nonce-conflict` when a nonce is not the batch's own reserved one.
     */
    commitApproval: (
      batchId: BatchId,
      approval: ApprovalFacts,
      transactions: readonly SignedTransaction[],
    ): void => {
      db.transaction(() => {
        const at = approval.approvedAt;
        const batch = db
          .prepare('SELECT approval FROM batches WHERE id = ?')
          .get<{ approval: string | null }>(batchId);
        if (!batch) throw new AppError('payments/batch-unknown', { batchId });
        if (batch.approval !== null) throw new AppError('payments/wrong-state', { batchId });
        const waiting = new Map(
          db
            .prepare(`SELECT * FROM payments WHERE batch_id = ? AND status = 'PDNG'`)
            .all(batchId)
            .map((row) => [String(row.id), toFacts(row)] as const),
        );
        if (waiting.size !== transactions.length) throw new AppError('payments/wrong-state', { batchId });
        const insert = db.prepare(
          `INSERT INTO settlement_slots (payment_id, batch_id, network_id, sender, nonce, key_id, account_id, token_id,
             receiver, units, state, stage) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        );
        const update = db.prepare(
          `UPDATE payments SET status = ?, stage = ?, settlement = ?, was_signed = 1, updated_at = ? WHERE id = ?`,
        );
        for (const signed of transactions) {
          const payment = waiting.get(signed.paymentId);
          const status = payment ? nextStatus(payment.status, 'approve') : null;
          if (!payment || status === null || signed.action !== 'pay')
            throw new AppError('payments/wrong-state', { paymentId: signed.paymentId });
          waiting.delete(signed.paymentId);
          const reserved = db
            .prepare(
              `SELECT 1 AS found FROM settlement_reservations WHERE network_id = ? AND sender = ? AND batch_id = ?
                 AND ? >= first_nonce AND ? < first_nonce + count`,
            )
            .get(signed.networkId, signed.sender, batchId, signed.nonce, signed.nonce);
          const taken = db
            .prepare(
              'SELECT 1 AS found FROM settlement_slots WHERE network_id = ? AND sender = ? AND nonce = ?',
            )
            .get(signed.networkId, signed.sender, signed.nonce);
          if (!reserved || taken) throw new AppError('settlement/nonce-conflict', { nonce: signed.nonce });
          insert.run(
            signed.paymentId,
            batchId,
            signed.networkId,
            signed.sender,
            signed.nonce,
            signed.keyId,
            payment.debtorAccountId,
            payment.tokenId,
            payment.creditorAddress.toLowerCase(),
            payment.units.toString(),
            toJson(FRESH_STATE),
            FRESH_STATE.stage,
          );
          insertTransaction(signed, 0, approval.digest, at);
          update.run(status, FRESH_STATE.stage, toJson(firstSettlement(signed)), at, signed.paymentId);
        }
        db.prepare('UPDATE batches SET approval = ?, updated_at = ? WHERE id = ?').run(
          toJson(approval),
          at,
          batchId,
        );
        db.prepare('DELETE FROM settlement_reservations WHERE batch_id = ?').run(batchId);
      })();
    },

    /**
     * Adds a signed replacement to a payment's own nonce. Throws `settlement/already-final` once the nonce is decided,
     * `settlement/nonce-conflict` for any other nonce.
     */
    commitReplacement: (signed: SignedTransaction, approval: ApprovalFacts): void => {
      db.transaction(() => {
        const slot = readSlots('s.payment_id = ?', signed.paymentId)[0];
        if (!slot) throw new AppError('payments/payment-unknown', { paymentId: signed.paymentId });
        if (slot.state.isDone || slot.state.inclusion !== null)
          throw new AppError('settlement/already-final', { paymentId: signed.paymentId });
        if (
          slot.nonce !== signed.nonce ||
          slot.networkId !== signed.networkId ||
          slot.sender.toLowerCase() !== signed.sender.toLowerCase()
        )
          throw new AppError('settlement/nonce-conflict', { nonce: signed.nonce });
        insertTransaction(signed, slot.attempts.length, approval.digest, approval.approvedAt);
        touchBatch(slot.batchId, approval.approvedAt);
      })();
    },

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

    /** Writes steps: slot, payment and batch together. A slot that is done stays as it is. */
    saveSlots: (updates: readonly SlotUpdate[]): void => {
      db.transaction(() => {
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
          payment.run(
            advance(statusOf(update.paymentId), update.status),
            update.reason?.code ?? null,
            update.reason?.text ?? null,
            state.stage,
            toJson(update.settlement),
            update.at,
            update.paymentId,
          );
          batches.set(row.batch_id, update.at);
        }
        for (const [batchId, at] of batches) touchBatch(batchId, at);
      })();
    },

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

const FRESH_STATE: SlotState = {
  stage: 'signed',
  isDone: false,
  inclusion: null,
  includedAt: null,
  finalAt: null,
  sentAt: null,
  foreignLooks: 0,
  absentLooks: 0,
  refusal: null,
};

const firstSettlement = (signed: SignedTransaction): SlotUpdate['settlement'] => ({
  stage: 'signed',
  transactionHash: signed.hash,
  nonce: signed.nonce,
  blockNumber: null,
  blockHash: null,
  sentAt: null,
  includedAt: null,
  finalAt: null,
  fee: signed.gas * (signed.fees.type === 'eip1559' ? signed.fees.maxFeePerGas : signed.fees.gasPrice),
  feeIsFinal: false,
  refusal: null,
  replacements: [],
});

const toFacts = (row: Row): PaymentFacts => {
  const text = (column: string): string => String(row[column]);
  const orNull = (column: string): string | null => {
    const value = row[column];
    return typeof value === 'string' ? value : null;
  };
  const preflight = orNull('preflight');
  return {
    id: text('id') as PaymentId,
    batchId: text('batch_id') as BatchId,
    index: Number(row.position),
    status: text('status') as PaymentStatus,
    endToEndId: text('end_to_end_id'),
    reference: text('reference'),
    docHash: text('doc_hash') as Hash32,
    debtorAccountId: text('debtor_account_id') as AccountId,
    debtorAddress: text('debtor_address') as PaymentFacts['debtorAddress'],
    debtorName: text('debtor_name'),
    tokenId: text('token_id') as TokenId,
    currency: text('currency') as PaymentFacts['currency'],
    units: BigInt(text('units')),
    decimals: Number(row.decimals),
    counterpartyId: orNull('counterparty_id') as PaymentFacts['counterpartyId'],
    creditorName: text('creditor_name'),
    creditorLei: orNull('creditor_lei'),
    creditorAccount: text('creditor_account'),
    creditorAddress: text('creditor_address') as PaymentFacts['creditorAddress'],
    preflight: preflight === null ? null : fromJson<PreflightVerdict>(preflight),
  };
};
