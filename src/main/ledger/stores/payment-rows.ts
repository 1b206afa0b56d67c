import { aggregateStatus } from '../../../shared/model/payment-state';
import type {
  Batch,
  Hold,
  Payment,
  PaymentSettlement,
  PaymentSource,
  PaymentStatus,
  PreflightVerdict,
} from '../../../shared/model/payments';
import { addDecimals, ZERO } from '../../../shared/money';
import { fromJson } from '../json';

/**
 * A payment that passed its checks, ready to become a row. Made while a file is checked, so that making the batch is
 * one statement. `document` is the remittance document (PaymentRef v1) as canonical JSON, `docHash` its keccak-256.
 */
export type PaymentDraft = Omit<
  Payment,
  'batchId' | 'index' | 'status' | 'reason' | 'preflight' | 'settlement' | 'updatedAt' | 'units'
> & {
  /** Decimal text: drafts travel as JSON. */
  readonly units: string;
  readonly document: string;
  readonly docHash: string;
  /** Text that searches compare, see `searchText`. */
  readonly search: string;
};

export type PaymentRow = {
  id: string;
  batch_id: string;
  position: bigint;
  line: bigint | null;
  status: PaymentStatus;
  reason_code: string | null;
  reason_text: string | null;
  end_to_end_id: string;
  instruction_id: string | null;
  uetr: string | null;
  reference: string;
  requested_date: string;
  debtor_account_id: string;
  debtor_address: string;
  debtor_name: string;
  token_id: string;
  currency: string;
  units: string;
  decimals: bigint;
  counterparty_id: string | null;
  creditor_name: string;
  creditor_lei: string | null;
  creditor_country: string | null;
  creditor_account: string;
  creditor_address: string;
  purpose_code: string | null;
  remittance: string | null;
  document: string;
  doc_hash: string;
  preflight: string | null;
  settlement: string | null;
  updated_at: string;
};

export const paymentOf = (row: PaymentRow): Payment =>
  ({
    id: row.id,
    batchId: row.batch_id,
    index: Number(row.position),
    line: row.line === null ? null : Number(row.line),
    status: row.status,
    reason: row.reason_code === null ? null : { code: row.reason_code, text: row.reason_text },
    endToEndId: row.end_to_end_id,
    instructionId: row.instruction_id,
    uetr: row.uetr,
    reference: row.reference,
    requestedDate: row.requested_date,
    debtorAccountId: row.debtor_account_id,
    debtorAddress: row.debtor_address,
    debtorName: row.debtor_name,
    tokenId: row.token_id,
    currency: row.currency,
    units: BigInt(row.units),
    decimals: Number(row.decimals),
    counterpartyId: row.counterparty_id,
    creditorName: row.creditor_name,
    creditorLei: row.creditor_lei,
    creditorCountry: row.creditor_country,
    creditorAccount: row.creditor_account,
    creditorAddress: row.creditor_address,
    purposeCode: row.purpose_code,
    remittance: row.remittance,
    preflight: row.preflight === null ? null : fromJson<PreflightVerdict>(row.preflight),
    settlement: row.settlement === null ? null : fromJson<PaymentSettlement>(row.settlement),
    updatedAt: row.updated_at,
    // The columns were written from branded values; branding them again says so to the compiler.
  }) as Payment;

export type BatchRow = {
  id: string;
  source: string;
  header: string | null;
  created_at: string;
  updated_at: string;
  released_holds: string;
  dropped_lines: bigint;
  approval: string | null;
};

/** Payments of one batch that agree in these facts, with the exact sum of their units in limbs. */
export type BatchGroup = {
  status: PaymentStatus;
  preflight_state: 'ok' | 'refused' | 'unknown' | null;
  currency: string;
  decimals: bigint;
  n: bigint;
} & Readonly<Record<(typeof LIMBS)[number], bigint>>;

/**
 * Sums of units are exact at any size: SQLite adds 64-bit integers, so the 84-digit text is cut into seven numbers of
 * twelve digits (uint256 has 78 digits; nine million addends fit a limb).
 */
const LIMBS = ['s0', 's1', 's2', 's3', 's4', 's5', 's6'] as const;
const LIMB_DIGITS = 12;
const WIDTH = LIMBS.length * LIMB_DIGITS;

export const limbSums = LIMBS.map(
  (name, index) =>
    `sum(CAST(substr('${'0'.repeat(WIDTH)}' || units, ${-WIDTH + index * LIMB_DIGITS}, ${LIMB_DIGITS}) AS INTEGER)) AS ${name}`,
).join(',\n');

const sumOf = (group: BatchGroup): bigint =>
  LIMBS.reduce((sum, name) => sum * 10n ** BigInt(LIMB_DIGITS) + group[name], 0n);

export const batchOf = (row: BatchRow, groups: readonly BatchGroup[]): Batch => {
  const byStatus: Partial<Record<PaymentStatus, number>> = {};
  const preflight = { ok: 0, refused: 0, unknown: 0, missing: 0 };
  const sums = new Map<string, { count: number; sum: { units: bigint; decimals: number } }>();
  let count = 0;
  for (const group of groups) {
    const n = Number(group.n);
    count += n;
    byStatus[group.status] = (byStatus[group.status] ?? 0) + n;
    if (group.status === 'RJCT') continue;
    preflight[group.preflight_state ?? 'missing'] += n;
    const total = sums.get(group.currency) ?? { count: 0, sum: ZERO };
    sums.set(group.currency, {
      count: total.count + n,
      sum: addDecimals(total.sum, { units: sumOf(group), decimals: Number(group.decimals) }),
    });
  }
  return {
    id: row.id,
    source: fromJson<PaymentSource>(row.source),
    status: aggregateStatus(byStatus),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    count,
    sums: [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, total]) => ({ currency, ...total })),
    byStatus,
    preflight,
    releasedHolds: fromJson<Hold[]>(row.released_holds),
    droppedLines: Number(row.dropped_lines),
    approval: row.approval === null ? null : fromJson<Batch['approval']>(row.approval),
  } as Batch;
};
