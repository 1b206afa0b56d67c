import { AppError } from '../../../shared/errors';
import type { Hold, ImportIssue, ImportReport, PaymentSource } from '../../../shared/model/payments';
import type { Decimal } from '../../../shared/money';
import type { Db } from '../driver';
import { fromJson, toJson } from '../json';
import type { PaymentDraft } from './payment-rows';
import { likePattern, searchText } from './sql-text';

/** Findings that are kept per import; more are counted. */
const MAX_ISSUES = 10_000;

/** One payment of a file under check. `draft` is null where the file or the directory does not give a whole payment. */
export type StagedLine = {
  readonly index: number;
  readonly line: number;
  readonly paymentInfoId: string;
  readonly instructionId: string | null;
  readonly endToEndId: string;
  readonly creditorName: string;
  readonly creditorAccount: string;
  readonly amountText: string;
  readonly currency: string;
  readonly draft: PaymentDraft | null;
};

export type Collisions = {
  readonly index: number;
  /** An earlier payment that took this end-to-end id for good. */
  readonly endToEndUsedBy: { readonly batchId: string; readonly paymentId: string } | null;
  /** An earlier payment with this id that was rejected before anything was signed. */
  readonly endToEndRejected: boolean;
  /** An earlier payment, not rejected, with the same creditor, token, amount and date. */
  readonly samePayment: { readonly batchId: string; readonly paymentId: string } | null;
  /** 1-based line of an earlier payment of this file that is the same. */
  readonly sameLine: number | null;
  readonly isFirstPayment: boolean;
};

type ImportRow = {
  source: string;
  directory_revision: bigint;
  batch_count: bigint;
  error_count: bigint;
  warning_count: bigint;
  kept_issues: bigint;
  is_refused: bigint;
  report: string | null;
};

/** What a message says about itself: kept for the status report, which must name the original. */
export type OriginalMessage = {
  readonly createdAt: string | null;
  readonly count: number;
  readonly controlSum: Decimal | null;
  readonly initiatingParty: { readonly name: string; readonly lei: string | null } | null;
};

export type ImportSummary = Pick<ImportReport, 'count' | 'sums' | 'holds'> & {
  readonly original: OriginalMessage;
  /** Findings that were counted and not handed over. */
  readonly unsentIssues: number;
  /** The file cannot be used at all, whatever is dropped. */
  readonly isRefused: boolean;
};

/** A rejected payment that was never signed moved nothing: its id may be used by the corrected file. */
const TAKEN = "(p.status <> 'RJCT' OR p.was_signed = 1)";

/** Imports under check: kept in the encrypted store so that a file of any length stays out of memory. */
export const createImportTables = (db: Db) => {
  const importRow = (importId: string): ImportRow => {
    const row = db.prepare('SELECT * FROM imports WHERE id = ?').get<ImportRow>(importId);
    if (row === undefined) throw new AppError('payments/import-unknown', { importId });
    return row;
  };
  const batchCount = (): bigint =>
    db.prepare('SELECT count(*) AS n FROM batches').get<{ n: bigint }>()?.n ?? 0n;
  const directoryRevision = (): bigint =>
    db.prepare('SELECT revision FROM directory_meta WHERE id = 1').get<{ revision: bigint }>()?.revision ??
    0n;
  const removeImport = (importId: string): void => {
    for (const table of ['import_issues', 'import_lines'])
      db.prepare(`DELETE FROM ${table} WHERE import_id = ?`).run(importId);
    db.prepare('DELETE FROM imports WHERE id = ?').run(importId);
  };
  const reportOf = (importId: string): ImportReport => {
    const row = importRow(importId);
    if (row.report === null) throw new AppError('payments/import-unknown', { importId });
    const { count, sums, holds, unsentIssues } = fromJson<ImportSummary>(row.report);
    return {
      importId: importId as ImportReport['importId'],
      source: fromJson<PaymentSource>(row.source),
      count,
      sums,
      holds,
      errorCount: Number(row.error_count),
      warningCount: Number(row.warning_count),
      moreIssues: Number(row.error_count + row.warning_count - row.kept_issues) + unsentIssues,
      isRefused: row.is_refused === 1n,
    };
  };

  const collide = (
    importId: string,
    index: number,
    draft: PaymentDraft | null,
    endToEndId: string,
  ): Collisions => {
    type Found = { batch_id: string; id: string };
    const found = (row: Found | undefined) =>
      row === undefined ? null : { batchId: row.batch_id, paymentId: row.id };
    const used =
      endToEndId === ''
        ? undefined
        : db
            .prepare(`SELECT p.batch_id, p.id FROM payments p WHERE p.end_to_end_id = ? AND ${TAKEN} LIMIT 1`)
            .get<Found>(endToEndId);
    const rejected =
      used === undefined &&
      endToEndId !== '' &&
      db.prepare('SELECT 1 FROM payments WHERE end_to_end_id = ? LIMIT 1').get(endToEndId) !== undefined;
    if (draft === null)
      return {
        index,
        endToEndUsedBy: found(used),
        endToEndRejected: rejected,
        samePayment: null,
        sameLine: null,
        isFirstPayment: false,
      };
    const key = draft.creditorAddress.toLowerCase();
    const same = [key, draft.tokenId, draft.units, draft.requestedDate] as const;
    const earlier = db
      .prepare(
        `SELECT batch_id, id FROM payments WHERE creditor_key = ? AND token_id = ? AND units = ?
           AND requested_date = ? AND status <> 'RJCT' LIMIT 1`,
      )
      .get<Found>(...same);
    const line = db
      .prepare(
        // Named, because the planner would take the primary key's range for it, which grows with every line.
        `SELECT line FROM import_lines INDEXED BY import_lines_same WHERE import_id = ? AND creditor_key = ? AND token_id = ? AND units = ?
           AND requested_date = ? AND position < ? LIMIT 1`,
      )
      .get<{ line: bigint }>(importId, ...same, index);
    const paid = db
      .prepare("SELECT 1 FROM payments WHERE creditor_key = ? AND status IN ('ACCP', 'ACSP', 'ACSC') LIMIT 1")
      .get(key);
    return {
      index,
      endToEndUsedBy: found(used),
      endToEndRejected: rejected,
      samePayment: found(earlier),
      sameLine: line === undefined ? null : Number(line.line),
      isFirstPayment: paid === undefined,
    };
  };

  return {
    beginImport: (importId: string, source: PaymentSource): void => {
      db.prepare('INSERT INTO imports (id, source, directory_revision, batch_count) VALUES (?, ?, ?, ?)').run(
        importId,
        toJson(source),
        directoryRevision(),
        batchCount(),
      );
    },
    /** Keeps lines and tells what each collides with: earlier payments, and lines of this file before it. */
    stageLines: db.transaction((importId: string, lines: readonly StagedLine[]): Collisions[] => {
      importRow(importId);
      const insert = db.prepare(
        `INSERT INTO import_lines (import_id, position, line, has_error, payment_info_id, instruction_id, end_to_end_id, creditor_name,
           creditor_account, amount_text, currency, creditor_key, token_id, units, requested_date, draft)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      );
      for (const line of lines)
        insert.run(
          importId,
          line.index,
          line.line,
          line.draft === null ? 1 : 0,
          line.paymentInfoId,
          line.instructionId,
          line.endToEndId,
          line.creditorName,
          line.creditorAccount,
          line.amountText,
          line.currency,
          line.draft?.creditorAddress.toLowerCase() ?? null,
          line.draft?.tokenId ?? null,
          line.draft?.units ?? null,
          line.draft?.requestedDate ?? null,
          line.draft === null ? null : toJson(line.draft),
        );
      return lines.map((line) => collide(importId, line.index, line.draft, line.endToEndId));
    }),
    addIssues: db.transaction((importId: string, issues: readonly ImportIssue[]): void => {
      const row = importRow(importId);
      let kept = Number(row.kept_issues);
      const insert = db.prepare(
        `INSERT INTO import_issues (import_id, position, severity, code, line, path, data, search)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      );
      for (const issue of issues) {
        if (kept >= MAX_ISSUES) break;
        const search = searchText(issue.code, issue.path, issue.value, issue.expected, String(issue.line));
        insert.run(importId, kept, issue.severity, issue.code, issue.line, issue.path, toJson(issue), search);
        kept++;
      }
      const errors = issues.filter((issue) => issue.severity === 'error');
      const refuses = errors.some((issue) => issue.paymentIndex === null);
      db.prepare(
        `UPDATE imports SET kept_issues = ?, error_count = error_count + ?, warning_count = warning_count + ?,
           is_refused = max(is_refused, ?) WHERE id = ?`,
      ).run(kept, errors.length, issues.length - errors.length, refuses ? 1 : 0, importId);
    }),
    /** Closes the check. `wrongIndexes`: payments with an error, whichever check found it. */
    finishImport: db.transaction(
      (
        importId: string,
        source: PaymentSource,
        summary: ImportSummary,
        wrongIndexes: readonly number[],
      ): ImportReport => {
        importRow(importId);
        db.prepare(
          `UPDATE import_lines SET has_error = 1
           WHERE import_id = ? AND position IN (SELECT value FROM json_each(?))`,
        ).run(importId, JSON.stringify(wrongIndexes));
        db.prepare(
          'UPDATE imports SET source = ?, report = ?, is_refused = max(is_refused, ?) WHERE id = ?',
        ).run(toJson(source), toJson(summary), summary.isRefused ? 1 : 0, importId);
        return reportOf(importId);
      },
    ),
    importReport: reportOf,
    importIssues: (query: {
      importId: string;
      severity: 'error' | 'warning' | 'all';
      search: string;
      sort: 'line' | 'code' | 'path';
      offset: number;
      limit: number;
    }): { total: number; issues: ImportIssue[] } => {
      importRow(query.importId);
      const severity = query.severity === 'all' ? '' : query.severity;
      const search = likePattern(searchText(query.search.trim()));
      const where = `import_id = :importId AND (:severity = '' OR severity = :severity) AND search LIKE :search ESCAPE '\\'`;
      const order = { line: 'line', code: 'code, line', path: 'path, line' }[query.sort];
      const values = { importId: query.importId, severity, search };
      const total = db
        .prepare(`SELECT count(*) AS n FROM import_issues WHERE ${where}`)
        .get<{ n: bigint }>(values);
      const rows = db
        .prepare(
          `SELECT data FROM import_issues WHERE ${where} ORDER BY ${order}, position LIMIT :limit OFFSET :offset`,
        )
        .all<{ data: string }>({ ...values, limit: query.limit, offset: query.offset });
      return { total: Number(total?.n ?? 0), issues: rows.map((row) => fromJson<ImportIssue>(row.data)) };
    },
    importLines: (query: { importId: string; offset: number; limit: number }) => {
      importRow(query.importId);
      const total = db
        .prepare('SELECT count(*) AS n FROM import_lines WHERE import_id = ?')
        .get<{ n: bigint }>(query.importId);
      const rows = db
        .prepare('SELECT * FROM import_lines WHERE import_id = ? ORDER BY position LIMIT ? OFFSET ?')
        .all<{
          position: bigint;
          line: bigint;
          end_to_end_id: string;
          creditor_name: string;
          creditor_account: string;
          amount_text: string;
          currency: string;
          has_error: bigint;
        }>(query.importId, query.limit, query.offset);
      return {
        total: Number(total?.n ?? 0),
        lines: rows.map((row) => ({
          paymentIndex: Number(row.position),
          line: Number(row.line),
          endToEndId: row.end_to_end_id,
          creditorName: row.creditor_name,
          creditorAccount: row.creditor_account,
          amountText: row.amount_text,
          currency: row.currency,
          hasError: row.has_error === 1n,
        })),
      };
    },
    /** Earlier batches with this fingerprint or message id, for holds on the file as a whole. */
    earlierBatches: (
      sha256: string | null,
      messageId: string | null,
    ): { sameFile: string | null; sameMessageId: string | null } => ({
      sameFile:
        db
          .prepare('SELECT id FROM batches WHERE sha256 = ? ORDER BY created_at DESC')
          .get<{ id: string }>(sha256)?.id ?? null,
      sameMessageId:
        db
          .prepare('SELECT id FROM batches WHERE message_id = ? ORDER BY created_at DESC')
          .get<{ id: string }>(messageId)?.id ?? null,
    }),
    discardImport: db.transaction((importId: string): void => {
      importRow(importId);
      removeImport(importId);
    }),
    /** Removes what an earlier run left. */
    discardAllImports: db.transaction((): void => {
      db.exec('DELETE FROM import_issues; DELETE FROM import_lines; DELETE FROM imports;');
    }),

    /**
     * Makes the batch from the lines that are not dropped, in one transaction, and ends the import.
     *
     * SECURITY: this is the gate. It refuses while an error stands on a kept line or on the file (`payments/file-refused`),
     * while a hold is not released by name (`payments/held`), and when directory or batches changed since the check
     * (`payments/import-expired`), because what was checked then may no longer hold.
     */
    createBatch: db.transaction(
      (input: {
        importId: string;
        batchId: string;
        at: string;
        drop: readonly number[];
        release: readonly Pick<Hold, 'kind' | 'paymentIndex'>[];
      }): { count: number } => {
        const { importId, batchId, at } = input;
        const row = importRow(importId);
        const report = reportOf(importId);
        if (row.directory_revision !== directoryRevision() || row.batch_count !== batchCount())
          throw new AppError('payments/import-expired', { importId });
        if (report.isRefused) throw new AppError('payments/file-refused', { errors: report.errorCount });
        const drop = JSON.stringify(input.drop);
        const kept = 'import_id = :importId AND position NOT IN (SELECT value FROM json_each(:drop))';
        const wrong = db
          .prepare(`SELECT line FROM import_lines WHERE ${kept} AND (has_error = 1 OR draft IS NULL) LIMIT 1`)
          .get<{ line: bigint }>({ importId, drop });
        if (wrong) throw new AppError('payments/file-refused', { line: Number(wrong.line) });
        const twice = db
          .prepare(
            `SELECT end_to_end_id FROM import_lines WHERE ${kept} GROUP BY end_to_end_id HAVING count(*) > 1 LIMIT 1`,
          )
          .get<{ end_to_end_id: string }>({ importId, drop });
        if (twice) throw new AppError('payments/file-refused', { value: twice.end_to_end_id });

        const released = new Set(input.release.map((hold) => `${hold.kind}/${hold.paymentIndex}`));
        const dropped = new Set(input.drop);
        const applies = (hold: Hold): boolean => {
          if (hold.paymentIndex === null || !dropped.has(hold.paymentIndex)) return true;
          if (hold.kind === 'same-payment') return false;
          // Holds on an account stand on its first line: they stay while another kept line pays the same account.
          return (
            db
              .prepare(
                `SELECT 1 FROM import_lines WHERE ${kept} AND creditor_key =
                   (SELECT creditor_key FROM import_lines WHERE import_id = :importId AND position = :position) LIMIT 1`,
              )
              .get({ importId, drop, position: hold.paymentIndex }) !== undefined
          );
        };
        const holds = report.holds.filter(applies);
        const open = holds.find((hold) => !released.has(`${hold.kind}/${hold.paymentIndex}`));
        if (open) throw new AppError('payments/held', { kind: open.kind, paymentIndex: open.paymentIndex });

        const { source } = report;
        db.prepare(
          `INSERT INTO batches (id, source, header, sha256, message_id, created_at, updated_at, released_holds,
             dropped_lines, approval, search) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)`,
        ).run(
          batchId,
          toJson(source),
          toJson(fromJson<ImportSummary>(row.report ?? '{}').original),
          source.sha256,
          source.messageId,
          at,
          at,
          toJson(holds),
          0,
          searchText(source.fileName, source.messageId, source.sha256, batchId),
        );
        const text = (name: string): string => `json_extract(draft, '$.${name}')`;
        const { changes } = db
          .prepare(
            `INSERT INTO payments (id, batch_id, position, line, status, end_to_end_id, instruction_id, payment_info_id,
               uetr, reference, requested_date, debtor_account_id, debtor_address, debtor_name, token_id, currency, units, decimals,
               counterparty_id, creditor_name, creditor_lei, creditor_country, creditor_account, creditor_address,
               creditor_key, creditor_look, purpose_code, remittance, document, doc_hash, search, updated_at)
             SELECT ${text('id')}, :batchId, row_number() OVER (ORDER BY position) - 1, ${text('line')}, 'ACTC',
               ${text('endToEndId')}, ${text('instructionId')}, payment_info_id, ${text('uetr')}, ${text('reference')},
               ${text('requestedDate')}, ${text('debtorAccountId')}, ${text('debtorAddress')}, ${text('debtorName')},
               ${text('tokenId')}, ${text('currency')}, ${text('units')}, ${text('decimals')},
               ${text('counterpartyId')}, ${text('creditorName')}, ${text('creditorLei')}, ${text('creditorCountry')},
               ${text('creditorAccount')}, ${text('creditorAddress')}, creditor_key,
               substr(creditor_key, 3, 3) || substr(creditor_key, -4), ${text('purposeCode')}, ${text('remittance')},
               ${text('document')}, ${text('docHash')},
               ${text('search')},
               :at
             FROM import_lines WHERE ${kept}`,
          )
          .run({ importId, drop, batchId, at });
        if (changes === 0) throw new AppError('payments/nothing-to-create');
        const left = db
          .prepare(
            `INSERT INTO dropped_lines (batch_id, position, line, was_wrong, payment_info_id, instruction_id,
               end_to_end_id, creditor_name, amount_text, currency)
             SELECT :batchId, position, line, has_error, payment_info_id, instruction_id, end_to_end_id, creditor_name,
               amount_text, currency
             FROM import_lines WHERE import_id = :importId AND position IN (SELECT value FROM json_each(:drop))`,
          )
          .run({ importId, drop, batchId });
        db.prepare('UPDATE batches SET dropped_lines = ? WHERE id = ?').run(left.changes, batchId);
        removeImport(importId);
        return { count: changes };
      },
    ),
  };
};
