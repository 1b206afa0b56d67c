/**
 * Envelopes at rest (src/main/envelopes/ports.ts says what each method promises).
 *
 * Invariants: an envelope shows wholly or not at all, and its content never changes; what people added is only ever added
 * to; a batch here is in one envelope at a time; signatures and the memory of them are written together, and so are the
 * outbox and the mark that says `sent`.
 */
import { type Canonical, canonicalJson } from '../../../shared/canonical';
import { AppError } from '../../../shared/errors';
import type { Act, EnvelopeLine } from '../../../shared/model/envelope';
import type { BatchId, Hash32, Instant, PaymentId } from '../../../shared/model/ids';
import type { PaymentStatus, SettlementStage } from '../../../shared/model/payments';
import type {
  EnvelopeCard,
  EnvelopeHead,
  EnvelopeStore,
  StoredEnvelope,
  StoredLine,
} from '../../envelopes/ports';
import type { Db } from '../driver';
import { fromJson, toJson } from '../json';
import { createSignedMemory } from './envelope-memory';
import { cardFacts, createEnvelopeRows, type EnvelopeRow, IS_OVER } from './envelope-rows';
import { createOutbox } from './settlement-outbox';
import { createSettlementRows } from './settlement-rows';
import { likePattern, searchText } from './sql-text';

type LineRow = { position: bigint; line: string };
type SearchedRow = LineRow & {
  is_signed: bigint;
  own_status: PaymentStatus | null;
  own_stage: SettlementStage | null;
  told_status: PaymentStatus | null;
  told_stage: SettlementStage | null;
};

const searchOfHead = (digest: Hash32, head: EnvelopeHead, batchId: BatchId | null): string =>
  searchText(
    digest,
    head.company.name,
    head.maker.name,
    head.source.fileName,
    head.source.messageId,
    batchId,
    ...head.totals.map(({ currency }) => currency),
  );
const searchOfLine = (line: EnvelopeLine): string =>
  searchText(
    line.endToEndId,
    line.uetr,
    line.reference,
    line.creditor.name,
    line.creditor.account,
    line.creditor.address,
    line.remittance,
  );

export const createEnvelopeStore = (db: Db): EnvelopeStore => {
  const rows = createEnvelopeRows(db);
  const memory = createSignedMemory(db);
  const outbox = createOutbox(db);
  const { moveAll } = createSettlementRows(db);

  const rowOf = (digest: Hash32): EnvelopeRow | undefined =>
    db.prepare('SELECT * FROM envelopes WHERE digest = ?').get<EnvelopeRow>(digest);
  const begun = (digest: Hash32): EnvelopeRow => {
    const row = rowOf(digest);
    if (!row) throw new AppError('envelope/unknown', { digest });
    if (row.is_ready === 1n) throw new AppError('envelope/wrong-state', { digest });
    return row;
  };
  const ready = (digest: Hash32): EnvelopeRow => {
    const row = rowOf(digest);
    if (row?.is_ready !== 1n) throw new AppError('envelope/unknown', { digest });
    return row;
  };

  const toStored = (row: EnvelopeRow): StoredEnvelope => ({
    digest: row.digest,
    head: JSON.parse(row.head) as EnvelopeHead,
    lineCount: Number(row.line_count),
    acts: rows.acts(row.id),
    batchId: row.batch_id,
    receivedAt: row.received_at,
    isWithdrawn: row.is_withdrawn === 1n,
    isSent: row.is_sent === 1n,
    isExported: row.is_exported === 1n,
    findings: row.findings === null ? null : fromJson(row.findings),
    checkedAt: row.checked_at,
  });

  /** Throws unless the batch waits exactly as the envelope has it: every payment PDNG, every nonce reserved for it. */
  const requireHeld = (batchId: BatchId, head: EnvelopeHead, lineCount: number): void => {
    const counts = db
      .prepare(
        `SELECT sum(status = 'PDNG') AS waiting, sum(status NOT IN ('PDNG', 'RJCT')) AS other
         FROM payments WHERE batch_id = ?`,
      )
      .get<{ waiting: bigint | null; other: bigint | null }>(batchId);
    if ((counts?.waiting ?? 0n) !== BigInt(lineCount) || (counts?.other ?? 0n) !== 0n)
      throw new AppError('payments/wrong-state', { batchId });
    for (const { address, nonces } of head.accounts)
      for (const { network, first, count } of nonces) {
        const held = db
          .prepare(
            `SELECT 1 AS found FROM settlement_reservations
             WHERE batch_id = ? AND network_id = ? AND sender = ? AND first_nonce = ? AND count = ?`,
          )
          .get(batchId, network, address.toLowerCase(), BigInt(first), count);
        if (!held) throw new AppError('settlement/nonce-conflict', { nonce: first });
      }
  };

  const replaceActs = (row: EnvelopeRow, acts: readonly Act[], isElsewhere = false): boolean => {
    const changed = rows.putActs(row.id, Number(row.line_count), acts);
    if (changed === null)
      throw new AppError('envelope/conflict', { digest: row.digest, what: 'missing act' });
    if (changed || isElsewhere)
      db.prepare('UPDATE envelopes SET is_exported = ? WHERE id = ?').run(isElsewhere ? 1 : 0, row.id);
    return changed;
  };

  const oneCard = (row: EnvelopeRow): EnvelopeCard => {
    const [card] = rows.cards('e.id = ?', row.id);
    if (!card) throw new AppError('envelope/unknown', { digest: row.digest });
    return card;
  };

  return {
    begin: db.transaction(({ digest, head, lineCount, batchId, at }) => {
      if (rowOf(digest)?.is_ready === 1n) throw new AppError('envelope/wrong-state', { digest });
      db.prepare('DELETE FROM envelopes WHERE digest = ?').run(digest);
      db.prepare(
        `INSERT INTO envelopes (digest, kind, head, card, line_count, batch_id, created_at, expires_at, received_at, search)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ).run(
        digest,
        head.kind,
        canonicalJson(head as unknown as Canonical),
        JSON.stringify(cardFacts(head)),
        lineCount,
        batchId,
        head.createdAt,
        head.expiresAt,
        at,
        searchOfHead(digest, head, batchId),
      );
    }),

    addLines: db.transaction((digest, from, lines) => {
      const { id } = begun(digest);
      const insert = db.prepare(
        'INSERT INTO envelope_lines (envelope_id, position, payment_id, line, search) VALUES (?, ?, ?, ?, ?)',
      );
      for (const [index, line] of lines.entries())
        insert.run(
          id,
          from + index,
          line.paymentId,
          canonicalJson(line as unknown as Canonical),
          searchOfLine(line),
        );
    }),

    finish: db.transaction((digest, acts, at, isElsewhere, signed) => {
      const row = begun(digest);
      const head = JSON.parse(row.head) as EnvelopeHead;
      const found = db
        .prepare('SELECT count(*) AS count, max(position) AS last FROM envelope_lines WHERE envelope_id = ?')
        .get<{ count: bigint; last: bigint | null }>(row.id);
      if (found?.count !== row.line_count || found.last !== row.line_count - 1n)
        throw new Error('an envelope is missing lines');
      if (row.batch_id !== null && row.kind === 'batch')
        requireHeld(row.batch_id, head, Number(row.line_count));
      replaceActs(row, acts, isElsewhere);
      memory.restore(signed ?? [], at);
      db.prepare('UPDATE envelopes SET is_ready = 1, received_at = ? WHERE id = ?').run(at, row.id);
    }),

    discard: (digest) => {
      db.prepare('DELETE FROM envelopes WHERE digest = ? AND is_ready = 0').run(digest);
    },
    removeUnfinished: () => {
      db.prepare('DELETE FROM envelopes WHERE is_ready = 0').run();
    },

    get: (digest) => toStored(ready(digest)),
    find: (digest) => {
      const row = rowOf(digest);
      return row && row.is_ready === 1n ? toStored(row) : null;
    },

    cards: ({ live, now, search, offset, limit }) => {
      // What is over, withdrawn, or expired without anybody's signature does not change any more.
      const isLive = `e.is_withdrawn = 0 AND NOT ${IS_OVER} AND (e.expires_at > ? OR e.signed_lines > 0 OR e.is_sent = 1
        OR e.batch_id IS NOT NULL)`;
      const text = searchText(search);
      const where = [
        ...(live ? [isLive] : []),
        ...(text === '' ? [] : [`e.search LIKE ? ESCAPE '\\'`]),
        '1 = 1',
      ].join(' AND ');
      const params = [...(live ? [now] : []), ...(text === '' ? [] : [likePattern(text)])];
      const total = db
        .prepare(`SELECT count(*) AS count FROM envelopes e WHERE e.is_ready = 1 AND ${where}`)
        .get<{ count: bigint }>(...params);
      return {
        total: Number(total?.count ?? 0n),
        cards: rows.cards(
          `${where} ORDER BY e.created_at DESC, e.id DESC LIMIT ? OFFSET ?`,
          ...params,
          limit,
          offset,
        ),
      };
    },
    detail: (digest) => {
      const row = ready(digest);
      return {
        card: oneCard(row),
        head: JSON.parse(row.head) as EnvelopeHead,
        findings: row.findings === null ? null : fromJson(row.findings),
        checkedAt: row.checked_at,
      };
    },
    cardsOfBatch: (batchId) => rows.cards('e.batch_id = ? ORDER BY e.created_at DESC, e.id DESC', batchId),
    waitingFor: (paymentId: PaymentId) =>
      db
        .prepare(
          `SELECT e.digest FROM envelope_lines l JOIN envelopes e ON e.id = l.envelope_id
           WHERE l.payment_id = ? AND e.batch_id IS NOT NULL AND e.is_ready = 1 AND e.is_withdrawn = 0 AND e.is_sent = 0
           ORDER BY e.id DESC`,
        )
        .all<{ digest: Hash32 }>(paymentId)
        .map(({ digest }) => digest),

    lines: (digest, from, limit) =>
      db
        .prepare(
          `SELECT position, line FROM envelope_lines WHERE envelope_id = ? AND position >= ? ORDER BY position LIMIT ?`,
        )
        .all<LineRow>(ready(digest).id, from, limit)
        .map(({ position, line }) => ({ index: Number(position), line: rows.toLine(line) })),

    searchLines: (digest, search, offset, limit) => {
      const row = ready(digest);
      const text = searchText(search);
      const filter = text === '' ? '' : `AND l.search LIKE ? ESCAPE '\\'`;
      const params = text === '' ? [row.id] : [row.id, likePattern(text)];
      const total =
        text === ''
          ? row.line_count
          : (db
              .prepare(`SELECT count(*) AS count FROM envelope_lines l WHERE l.envelope_id = ? ${filter}`)
              .get<{ count: bigint }>(...params)?.count ?? 0n);
      const found = db
        .prepare(
          `SELECT l.position, l.line,
             EXISTS (SELECT 1 FROM envelope_acts a JOIN envelope_signatures s ON s.act_id = a.id
               WHERE a.envelope_id = l.envelope_id AND s.position = l.position) AS is_signed,
             p.status AS own_status, p.stage AS own_stage, r.status AS told_status, r.stage AS told_stage
           FROM envelope_lines l
           LEFT JOIN payments p ON p.id = l.payment_id AND ? = 1
           LEFT JOIN envelope_reports r ON r.position = l.position AND r.act_id = (
             SELECT a.id FROM envelope_acts a WHERE a.envelope_id = l.envelope_id AND a.kind = 'send'
             ORDER BY julianday(a.at) DESC, a.id DESC LIMIT 1)
           WHERE l.envelope_id = ? ${filter} ORDER BY l.position LIMIT ? OFFSET ?`,
        )
        .all<SearchedRow>(row.is_sent, ...params, limit, offset);
      return {
        total: Number(total),
        lines: found.map(
          (one): StoredLine => ({
            index: Number(one.position),
            line: rows.toLine(one.line),
            isSigned: one.is_signed === 1n,
            status: one.own_status ?? one.told_status,
            stage: one.own_stage ?? one.told_stage,
          }),
        ),
      };
    },

    putActs: db.transaction((digest, acts, at, isElsewhere, signed) => {
      const row = ready(digest);
      memory.restore(signed ?? [], at);
      if (replaceActs(row, acts, isElsewhere))
        db.prepare('UPDATE envelopes SET received_at = ? WHERE id = ?').run(at, row.id);
    }),

    saveFindings: (digest, findings, at) => {
      db.prepare('UPDATE envelopes SET findings = ?, checked_at = ? WHERE id = ?').run(
        toJson(findings),
        at,
        ready(digest).id,
      );
    },
    markExported: (digest, isExported) => {
      db.prepare('UPDATE envelopes SET is_exported = ? WHERE id = ?').run(
        isExported ? 1 : 0,
        ready(digest).id,
      );
    },

    withdraw: db.transaction((digest, at) => {
      const row = ready(digest);
      // SECURITY: once a signature is known, its bytes may reach the network by anybody's hand; the nonces stay taken.
      if (row.batch_id === null || row.is_withdrawn === 1n || row.is_sent === 1n || row.signed_lines > 0n)
        throw new AppError('envelope/wrong-state', { digest });
      db.prepare('UPDATE envelopes SET is_withdrawn = 1 WHERE id = ?').run(row.id);
      if (row.kind !== 'batch') return;
      moveAll(row.batch_id, 'withdraw', at);
      db.prepare('DELETE FROM settlement_reservations WHERE batch_id = ?').run(row.batch_id);
    }),

    memoryConflicts: memory.conflicts,
    commitSignatures: db.transaction((digest, acts, signed, at) => {
      const row = ready(digest);
      memory.remember(signed, at);
      replaceActs(row, acts);
    }),

    commitSending: db.transaction((digest, approval, transactions) => {
      const row = ready(digest);
      if (row.batch_id === null || row.is_sent === 1n || row.is_withdrawn === 1n)
        throw new AppError('envelope/wrong-state', { digest });
      if (row.kind === 'batch') outbox.commitApproval(row.batch_id, approval, transactions);
      else for (const transaction of transactions) outbox.commitReplacement(transaction, approval);
      db.prepare('UPDATE envelopes SET is_sent = 1 WHERE id = ?').run(row.id);
    }),

    latestTime: () => {
      const acts = db
        .prepare(
          `SELECT at FROM envelope_acts a JOIN envelopes e ON e.id = a.envelope_id AND e.is_ready = 1
           ORDER BY julianday(at) DESC LIMIT 1`,
        )
        .get<{ at: Instant }>();
      const journal = db.prepare('SELECT latest AS at FROM journal_head').get<{ at: Instant }>();
      const times = [acts?.at, journal?.at].filter((at) => at !== undefined);
      return times.sort((a, b) => Date.parse(b) - Date.parse(a))[0] ?? null;
    },
    actsBeyondJournal: (key) => ({
      firstAt:
        db.prepare(`SELECT entry ->> '$.at' AS at FROM journal WHERE seq = 1`).get<{ at: Instant }>()?.at ??
        null,
      // Nothing follows from an act that was made before the first entry.
      acts: db
        .prepare(
          `SELECT e.digest, a.at FROM envelope_acts a JOIN envelopes e ON e.id = a.envelope_id AND e.is_ready = 1
           LEFT JOIN journal j ON j.seq = a.act ->> '$.journal.count'
           WHERE a.key = ? AND a.act ->> '$.journal.count' > 0 AND j.hash IS NOT (a.act ->> '$.journal.head')
           ORDER BY julianday(a.at), a.id`,
        )
        .all<{ digest: Hash32; at: Instant }>(key.toLowerCase())
        .map(({ digest, at }) => ({ digest, at })),
    }),
  };
};
