/**
 * Rows of the envelopes' tables, read and written. What an act says about single lines stands in rows of its own, so that
 * lists of envelopes never read it.
 */
import type { Act, EnvelopeLine } from '../../../shared/model/envelope';
import type { BatchId, Hash32, Hex, Instant } from '../../../shared/model/ids';
import { isTerminal } from '../../../shared/model/payment-state';
import type { PaymentStatus, SettlementStage } from '../../../shared/model/payments';
import type { ActFacts, EnvelopeCard, EnvelopeHead } from '../../envelopes/ports';
import type { Db } from '../driver';

/** Batches here whose payments and nonces belong to an envelope that is on its way. */
export const BATCHES_IN_ENVELOPES = `SELECT batch_id FROM envelopes
  WHERE kind = 'batch' AND batch_id IS NOT NULL AND is_ready = 1 AND is_withdrawn = 0 AND is_sent = 0`;

export const isInEnvelope = (db: Db, batchId: string): boolean =>
  db.prepare(`SELECT 1 AS found WHERE ? IN (${BATCHES_IN_ENVELOPES})`).get(batchId) !== undefined;

export type EnvelopeRow = {
  id: bigint;
  digest: Hash32;
  kind: 'batch' | 'replacement';
  head: string;
  card: string;
  line_count: bigint;
  batch_id: BatchId | null;
  received_at: Instant;
  is_ready: bigint;
  is_withdrawn: bigint;
  is_sent: bigint;
  is_exported: bigint;
  signed_lines: bigint;
  findings: string | null;
  checked_at: Instant | null;
};

/** What a card keeps of the head, as JSON. */
export type CardFacts = Pick<
  EnvelopeHead,
  'kind' | 'company' | 'policy' | 'maker' | 'source' | 'createdAt' | 'expiresAt' | 'totals'
> &
  Pick<EnvelopeCard, 'senders'>;

export const cardFacts = ({
  kind,
  company,
  policy,
  maker,
  source,
  createdAt,
  expiresAt,
  totals,
  accounts,
}: EnvelopeHead): CardFacts => ({
  kind,
  company,
  policy,
  maker,
  source,
  createdAt,
  expiresAt,
  totals,
  senders: accounts.map(({ address }) => address),
});

/** Columns of a card. `is_over`: by the own outbox or by the newest report, every payment has come to its end. */
const CARD_COLUMNS = `e.id, e.digest, e.card, e.line_count, e.batch_id, e.received_at, e.is_withdrawn, e.is_sent,
  e.is_exported, e.signed_lines`;
const OPEN_STATUSES = `('RCVD', 'ACTC', 'PDNG', 'ACCP', 'ACSP')`;
export const IS_OVER = `(e.is_ended = 1 OR (e.is_sent = 1 AND CASE e.kind
  WHEN 'batch' THEN NOT EXISTS (
    SELECT 1 FROM payments p WHERE p.batch_id = e.batch_id AND p.status IN ${OPEN_STATUSES})
  ELSE NOT EXISTS (
    SELECT 1 FROM envelope_lines l JOIN payments p ON p.id = l.payment_id
    WHERE l.envelope_id = e.id AND p.status IN ${OPEN_STATUSES}) END))`;

type CardRow = Pick<
  EnvelopeRow,
  | 'id'
  | 'digest'
  | 'card'
  | 'line_count'
  | 'batch_id'
  | 'received_at'
  | 'is_withdrawn'
  | 'is_sent'
  | 'is_exported'
  | 'signed_lines'
> & { readonly is_over: bigint };

type ActRow = {
  id: bigint;
  envelope_id: bigint;
  kind: Act['kind'];
  key: string;
  act: string;
  line_count: bigint | null;
};

/** An act without what it says about single lines, as it is kept. */
type SlimAct = Omit<Act, 'body'> & { readonly body: Readonly<Record<string, unknown>> | null };

const slim = (act: Act): { readonly act: SlimAct; readonly lines: number | null } => {
  switch (act.kind) {
    case 'sign': {
      const { signatures, ...body } = act.body;
      return { act: { ...act, body }, lines: signatures.length };
    }
    case 'send': {
      const { lines, ...body } = act.body;
      return { act: { ...act, body }, lines: lines.length };
    }
    default:
      return { act, lines: null };
  }
};

const factsOf = (row: ActRow): ActFacts => {
  const { kind, by, at, body } = JSON.parse(row.act) as SlimAct;
  const text = (name: string): string | null => {
    const value = body?.[name];
    return typeof value === 'string' ? value : null;
  };
  return {
    kind,
    by,
    at,
    expiresAt: text('expiresAt'),
    voice: typeof body?.voice === 'boolean' ? body.voice : null,
    reason: text('reason'),
    lines: row.line_count === null ? null : Number(row.line_count),
  };
};

export const createEnvelopeRows = (db: Db) => {
  const actRows = (envelopeId: bigint): ActRow[] =>
    db.prepare('SELECT * FROM envelope_acts WHERE envelope_id = ? ORDER BY position').all<ActRow>(envelopeId);

  const fill = (row: ActRow): Act => {
    const act = JSON.parse(row.act) as SlimAct;
    switch (row.kind) {
      case 'sign': {
        const signatures = db
          .prepare('SELECT position, signature FROM envelope_signatures WHERE act_id = ? ORDER BY position')
          .all<{ position: bigint; signature: Hex }>(row.id)
          .map(({ position, signature }) => ({ line: Number(position), signature }));
        return { ...act, body: { ...act.body, signatures } } as Act;
      }
      case 'send': {
        const lines = db
          .prepare('SELECT * FROM envelope_reports WHERE act_id = ? ORDER BY position')
          .all<{
            position: bigint;
            status: PaymentStatus;
            stage: SettlementStage;
            transaction_hash: Hash32;
            block: string | null;
          }>(row.id)
          .map(({ position, status, stage, transaction_hash, block }) => ({
            line: Number(position),
            status,
            stage,
            transaction: transaction_hash,
            block,
          }));
        return { ...act, body: { ...act.body, lines } } as Act;
      }
      default:
        return act as Act;
    }
  };

  const insertAct = (envelopeId: bigint, act: Act, position: number): void => {
    const { act: kept, lines } = slim(act);
    db.prepare(
      'INSERT INTO envelope_acts (envelope_id, position, kind, key, at, act, line_count) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ).run(envelopeId, position, act.kind, act.by.key.toLowerCase(), act.at, JSON.stringify(kept), lines);
    const id = db.prepare('SELECT last_insert_rowid() AS id').get<{ id: bigint }>()?.id ?? 0n;
    if (act.kind === 'sign') {
      const insert = db.prepare(
        'INSERT INTO envelope_signatures (act_id, position, signature) VALUES (?, ?, ?)',
      );
      for (const { line, signature } of act.body.signatures) insert.run(id, line, signature);
    }
    if (act.kind === 'send') {
      const insert = db.prepare(
        `INSERT INTO envelope_reports (act_id, position, status, stage, transaction_hash, block)
         VALUES (?, ?, ?, ?, ?, ?)`,
      );
      for (const { line, status, stage, transaction, block } of act.body.lines)
        insert.run(id, line, status, stage, transaction, block);
    }
  };

  const signatureOf = (row: ActRow): string => (JSON.parse(row.act) as SlimAct).signature;

  /** Keys of acts: one per kind and person. */
  const placeOf = (kind: string, key: string): string => `${kind} ${key.toLowerCase()}`;

  /**
   * Brings the acts to `acts`; answers whether anything changed, and `null` (nothing written) when one that was known is
   * not among them.
   */
  const putActs = (envelopeId: bigint, lineCount: number, acts: readonly Act[]): boolean | null => {
    const known = new Map(actRows(envelopeId).map((row) => [placeOf(row.kind, row.key), row]));
    const wanted = new Set(acts.map((act) => placeOf(act.kind, act.by.key)));
    if ([...known.keys()].some((place) => !wanted.has(place))) return null;
    let changed = false;
    for (const [position, act] of acts.entries()) {
      const row = known.get(placeOf(act.kind, act.by.key));
      if (row && signatureOf(row) === act.signature) {
        db.prepare('UPDATE envelope_acts SET position = ? WHERE id = ?').run(position, row.id);
        continue;
      }
      if (row) db.prepare('DELETE FROM envelope_acts WHERE id = ?').run(row.id);
      insertAct(envelopeId, act, position);
      changed = true;
    }
    if (changed) summarise(envelopeId, lineCount, acts);
    return changed;
  };

  /** Keeps beside the envelope what lists need of the acts. */
  const summarise = (envelopeId: bigint, lineCount: number, acts: readonly Act[]): void => {
    const signed = new Set<number>();
    let report: Extract<Act, { kind: 'send' }> | null = null;
    for (const act of acts) {
      if (act.kind === 'sign') for (const { line } of act.body.signatures) signed.add(line);
      if (act.kind === 'send' && (report === null || Date.parse(act.at) > Date.parse(report.at)))
        report = act;
    }
    const isEnded =
      report !== null &&
      report.body.lines.length === lineCount &&
      report.body.lines.every(({ status }) => isTerminal(status));
    db.prepare('UPDATE envelopes SET signed_lines = ?, is_ended = ? WHERE id = ?').run(
      signed.size,
      isEnded ? 1 : 0,
      envelopeId,
    );
  };

  const toCard = (row: CardRow): EnvelopeCard => ({
    ...(JSON.parse(row.card) as CardFacts),
    digest: row.digest,
    lineCount: Number(row.line_count),
    batchId: row.batch_id,
    receivedAt: row.received_at,
    isWithdrawn: row.is_withdrawn === 1n,
    isSent: row.is_sent === 1n,
    isExported: row.is_exported === 1n,
    acts: actRows(row.id).map(factsOf),
    signedLines: Number(row.signed_lines),
    isEnded: row.is_over === 1n,
  });

  return {
    acts: (envelopeId: bigint): Act[] => actRows(envelopeId).map(fill),
    putActs,
    /** `where` concerns the alias `e`. */
    cards: (where: string, ...params: (string | bigint | number)[]): EnvelopeCard[] =>
      db
        .prepare(
          `SELECT ${CARD_COLUMNS}, ${IS_OVER} AS is_over FROM envelopes e WHERE e.is_ready = 1 AND ${where}`,
        )
        .all<CardRow>(...params)
        .map(toCard),
    toLine: (text: string): EnvelopeLine => JSON.parse(text) as EnvelopeLine,
  };
};
