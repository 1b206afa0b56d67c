/**
 * Into the outbox: signed bytes, fixed nonces, payments ACCP. One way for what was approved on this machine and for what
 * came back in an envelope.
 *
 * Each is one transaction of its own, or a part of the caller's.
 */
import { AppError } from '../../../shared/errors';
import type { BatchId, Hash32, Instant } from '../../../shared/model/ids';
import { nextStatus } from '../../../shared/model/payment-state';
import type { SlotState } from '../../settlement/slot';
import type { ApprovalFacts, SignedTransaction, SlotUpdate } from '../../settlement/types';
import type { Db } from '../driver';
import { toJson } from '../json';
import { createSettlementRows, type StoredFees, toFacts } from './settlement-rows';

export const createOutbox = (db: Db) => {
  const { readSlots, touchBatch } = createSettlementRows(db);

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

  return {
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
            signed.keyId ?? '',
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
  };
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
