/**
 * Rows of the outbox and of the payments beside it, read back as what settlement works with. Shared by the stores that
 * write them.
 */
import type {
  AccountId,
  BatchId,
  Hash32,
  Instant,
  NetworkId,
  PaymentId,
  TokenId,
} from '../../../shared/model/ids';
import { nextStatus, type PaymentEvent, statusesBefore } from '../../../shared/model/payment-state';
import type { PaymentStatus, PreflightVerdict } from '../../../shared/model/payments';
import type { SlotState } from '../../settlement/slot';
import type { FeeOffer, PaymentFacts, Slot, StoredAttempt } from '../../settlement/types';
import type { Db, Row } from '../driver';
import { fromJson } from '../json';

type SlotRow = {
  payment_id: PaymentId;
  batch_id: BatchId;
  network_id: NetworkId;
  sender: Slot['sender'];
  nonce: bigint;
  /** Empty: the key is in another machine's vault. */
  key_id: NonNullable<Slot['keyId']> | '';
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
/** Column `fees` of a transaction. */
export type StoredFees = { readonly gas: bigint; readonly offer: FeeOffer };

export const createSettlementRows = (db: Db) => {
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
      keyId: row.key_id === '' ? null : row.key_id,
      accountId: row.account_id,
      tokenId: row.token_id,
      receiver: row.receiver,
      units: BigInt(row.units),
      decimals: Number(row.decimals),
      state: fromJson<SlotState>(row.state),
      attempts: attempts.get(row.payment_id) ?? [],
    }));
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

  return { readSlots, touchBatch, moveAll };
};

/** A row of `payments`. */
export const toFacts = (row: Row): PaymentFacts => {
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
