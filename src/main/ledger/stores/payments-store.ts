/**
 * Batches and payments at rest.
 *
 * Hides: their tables, exact sums in SQL, the paging of lists. Invariants: a status only changes along the payment
 * state machine; an end-to-end id that was ever signed is never taken again; a batch appears whole or not at all.
 * Called by main/payments and main/settlement through the ledger process. Imports under check: import-store.ts.
 */
import { AppError } from '../../../shared/errors';
import { nextStatus, type PaymentEvent } from '../../../shared/model/payment-state';
import type {
  Batch,
  CsvMapping,
  Payment,
  PaymentStatus,
  SettlementStage,
} from '../../../shared/model/payments';
import type { Db } from '../driver';
import { fromJson, toJson } from '../json';
import { isInEnvelope } from './envelope-rows';
import { createImportTables, type OriginalMessage } from './import-tables';
import {
  type BatchGroup,
  type BatchRow,
  batchOf,
  limbSums,
  type PaymentRow,
  paymentOf,
} from './payment-rows';
import { likePattern, searchText } from './sql-text';

export type { Collisions, ImportSummary, OriginalMessage, StagedLine } from './import-tables';
export type { PaymentDraft } from './payment-rows';

export type Reason = { readonly code: string; readonly text: string | null };

/** A payment with what its transaction is built from. */
export type PaymentWithDocument = {
  readonly payment: Payment;
  readonly document: string;
  readonly docHash: string;
};

/** A line of the file that was left out by name when the batch was made. */
export type DroppedLine = {
  readonly line: number;
  readonly wasWrong: boolean;
  readonly paymentInfoId: string;
  readonly instructionId: string | null;
  readonly endToEndId: string;
  readonly creditorName: string;
  readonly amountText: string;
  readonly currency: string;
};

type DroppedRow = {
  line: bigint;
  was_wrong: bigint;
  payment_info_id: string;
  instruction_id: string | null;
  end_to_end_id: string;
  creditor_name: string;
  amount_text: string;
  currency: string;
};

export type PaymentFilter = {
  readonly batchId: string | null;
  readonly search: string;
  readonly status: PaymentStatus | null;
  readonly stage: SettlementStage | null;
  readonly preflight: 'ok' | 'refused' | 'unknown' | null;
  readonly offset: number;
  readonly limit: number;
};

export const createPaymentsStore = (db: Db) => {
  const batchRow = (id: string): BatchRow => {
    const row = db.prepare('SELECT * FROM batches WHERE id = ?').get<BatchRow>(id);
    if (row === undefined) throw new AppError('payments/batch-unknown', { batchId: id });
    return row;
  };
  const summarise = (row: BatchRow): Batch =>
    batchOf(
      row,
      db
        .prepare(
          `SELECT status, preflight_state, currency, decimals, count(*) AS n, ${limbSums}
           FROM payments WHERE batch_id = ? GROUP BY status, preflight_state, currency, decimals`,
        )
        .all<BatchGroup>(row.id),
    );
  const paymentRow = (id: string): PaymentRow => {
    const row = db.prepare('SELECT * FROM payments WHERE id = ?').get<PaymentRow>(id);
    if (row === undefined) throw new AppError('payments/payment-unknown', { paymentId: id });
    return row;
  };
  const touch = (batchId: string, at: string): void => {
    db.prepare('UPDATE batches SET updated_at = ? WHERE id = ?').run(at, batchId);
  };
  const move = (id: string, event: PaymentEvent, reason: Reason | null, at: string): void => {
    const { status, batch_id: batchId } = paymentRow(id);
    const next = nextStatus(status, event);
    if (next === null) throw new AppError('payments/wrong-state', { paymentId: id, status, event });
    // What other people approve is whole: the envelope is withdrawn first, and with it all of its payments.
    if (status === 'PDNG' && isInEnvelope(db, batchId))
      throw new AppError('payments/wrong-state', { paymentId: id, status, event });
    db.prepare(
      `UPDATE payments SET status = ?, reason_code = ?, reason_text = ?, updated_at = ?,
         was_signed = max(was_signed, ?) WHERE id = ?`,
    ).run(next, reason?.code ?? null, reason?.text ?? null, at, event === 'approve' ? 1 : 0, id);
  };

  return {
    ...createImportTables(db),

    batches: (query: {
      search: string;
      offset: number;
      limit: number;
    }): { total: number; batches: Batch[] } => {
      const text = searchText(query.search.trim());
      const where =
        text === ''
          ? '1'
          : `search LIKE :search ESCAPE '\\' OR id IN (SELECT batch_id FROM payments WHERE search LIKE :search ESCAPE '\\')`;
      const search = likePattern(text);
      const total = db
        .prepare(`SELECT count(*) AS n, :search AS s FROM batches WHERE ${where}`)
        .get<{ n: bigint }>({ search });
      const rows = db
        .prepare(
          `SELECT *, :search AS s FROM batches WHERE ${where} ORDER BY created_at DESC, id DESC LIMIT :limit OFFSET :offset`,
        )
        .all<BatchRow>({ search, limit: query.limit, offset: query.offset });
      return { total: Number(total?.n ?? 0), batches: rows.map(summarise) };
    },
    /** Throws `payments/batch-unknown`. */
    batch: (id: string): Batch => summarise(batchRow(id)),

    payments: (filter: PaymentFilter): { total: number; payments: Payment[] } => {
      if (filter.batchId !== null) batchRow(filter.batchId);
      const conditions: string[] = [];
      const values: Record<string, string> = {};
      const add = (condition: string, name: string, value: string | null): void => {
        if (value === null || value === '') return;
        conditions.push(condition);
        values[name] = value;
      };
      add('p.batch_id = :batch', 'batch', filter.batchId);
      add('p.status = :status', 'status', filter.status);
      add('p.stage = :stage', 'stage', filter.stage);
      add('p.preflight_state = :preflight', 'preflight', filter.preflight);
      const text = searchText(filter.search.trim());
      add("p.search LIKE :search ESCAPE '\\'", 'search', text === '' ? '' : likePattern(text));
      const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
      const total = db
        .prepare(`SELECT count(*) AS n, :none AS x FROM payments p ${where}`)
        .get<{ n: bigint }>({ ...values, none: '' });
      const rows = db
        .prepare(
          `SELECT p.* FROM payments p JOIN batches b ON b.id = p.batch_id ${where}
           ORDER BY b.created_at DESC, b.id DESC, p.position LIMIT :limit OFFSET :offset`,
        )
        .all<PaymentRow>({ ...values, limit: filter.limit, offset: filter.offset });
      return { total: Number(total?.n ?? 0), payments: rows.map(paymentOf) };
    },
    /** What a status report needs beside the payments: the original message's facts, and the lines that were left out. */
    statusFacts: (
      batchId: string,
    ): { original: OriginalMessage | null; paymentInfoIds: string[]; dropped: DroppedLine[] } => {
      const { header } = batchRow(batchId);
      return {
        original: header === null ? null : fromJson<OriginalMessage>(header),
        paymentInfoIds: db
          .prepare('SELECT payment_info_id FROM payments WHERE batch_id = ? ORDER BY position')
          .all<{ payment_info_id: string }>(batchId)
          .map((row) => row.payment_info_id),
        dropped: db
          .prepare('SELECT * FROM dropped_lines WHERE batch_id = ? ORDER BY position')
          .all<DroppedRow>(batchId)
          .map((row) => ({
            line: Number(row.line),
            wasWrong: row.was_wrong === 1n,
            paymentInfoId: row.payment_info_id,
            instructionId: row.instruction_id,
            endToEndId: row.end_to_end_id,
            creditorName: row.creditor_name,
            amountText: row.amount_text,
            currency: row.currency,
          })),
      };
    },

    /** Throws `payments/payment-unknown`. */
    payment: (id: string): Payment => paymentOf(paymentRow(id)),
    /** A batch's payments in order, for work that goes through all of them: at most `limit` after a position (-1: start). */
    paymentsAfter: (batchId: string, position: number, limit: number): PaymentWithDocument[] =>
      db
        .prepare('SELECT * FROM payments WHERE batch_id = ? AND position > ? ORDER BY position LIMIT ?')
        .all<PaymentRow>(batchId, position, limit)
        .map((row) => ({ payment: paymentOf(row), document: row.document, docHash: row.doc_hash })),
    /** Throws `payments/payment-unknown` for the first id that is none. */
    paymentsById: (ids: readonly string[]): Payment[] => ids.map((id) => paymentOf(paymentRow(id))),
    /**
     * Moves payments of one batch by one event, all or none. `paymentIds: null` moves every payment that is not
     * rejected. Throws `payments/wrong-state` (names the payment), `payments/payment-unknown`, `payments/batch-unknown`.
     */
    transition: db.transaction(
      (input: {
        batchId: string;
        paymentIds: readonly string[] | null;
        event: PaymentEvent;
        reason: Reason | null;
        at: string;
      }): number => {
        batchRow(input.batchId);
        const ids =
          input.paymentIds ??
          db
            .prepare("SELECT id FROM payments WHERE batch_id = ? AND status <> 'RJCT' ORDER BY position")
            .all<{ id: string }>(input.batchId)
            .map((row) => row.id);
        for (const id of ids) {
          if (paymentRow(id).batch_id !== input.batchId)
            throw new AppError('payments/payment-unknown', { paymentId: id });
          move(id, input.event, input.reason, input.at);
        }
        touch(input.batchId, input.at);
        return ids.length;
      },
    ),
    /** Takes payments out before approval, each with its reason. Throws as `transition` does. */
    reject: db.transaction(
      (
        batchId: string,
        items: readonly { readonly paymentId: string; readonly reason: Reason }[],
        at: string,
      ): void => {
        batchRow(batchId);
        for (const { paymentId, reason } of items) {
          if (paymentRow(paymentId).batch_id !== batchId)
            throw new AppError('payments/payment-unknown', { paymentId });
          move(paymentId, 'reject', reason, at);
        }
        touch(batchId, at);
      },
    ),
    mappings: (): { name: string; mapping: CsvMapping }[] =>
      db
        .prepare('SELECT name, mapping FROM csv_mappings ORDER BY name')
        .all<{ name: string; mapping: string }>()
        .map((row) => ({ name: row.name, mapping: fromJson<CsvMapping>(row.mapping) })),
    /** The newest mapping saved for exactly these headings. */
    mappingFor: (headings: readonly string[]): { name: string; mapping: CsvMapping } | null => {
      const row = db
        .prepare('SELECT name, mapping FROM csv_mappings WHERE headings = ? ORDER BY rowid DESC LIMIT 1')
        .get<{ name: string; mapping: string }>(JSON.stringify(headings));
      return row === undefined ? null : { name: row.name, mapping: fromJson<CsvMapping>(row.mapping) };
    },
    saveMapping: (name: string, headings: readonly string[], mapping: CsvMapping): void => {
      db.prepare('INSERT OR REPLACE INTO csv_mappings (name, headings, mapping) VALUES (?, ?, ?)').run(
        name,
        JSON.stringify(headings),
        toJson(mapping),
      );
    },
    removeMapping: (name: string): void => {
      db.prepare('DELETE FROM csv_mappings WHERE name = ?').run(name);
    },
  };
};

export type PaymentsStore = ReturnType<typeof createPaymentsStore>;
