import type {
  CsvDelimiter,
  CsvMapping,
  FileHeader,
  Issue,
  PaymentFileFormat,
  RawPayment,
  SuggestedMapping,
} from '../../shared/model/payment-file';
import type { Decimal } from '../../shared/money/decimal';
import type { ReferenceRates } from '../../shared/money/estimate';
import type { ChildMethod } from '../platform/child-protocol';
import type { ExpectedTotals } from './csv-reader';

export type FileLimits = {
  /** Largest file, bytes. Default 256 MiB. */
  readonly maxBytes?: number;
};

export type InspectInput = { readonly path: string; readonly limits?: FileLimits };

export type InspectOutput = {
  readonly kind: 'pain.001' | 'csv' | 'unknown';
  readonly format: PaymentFileFormat | null;
  readonly sizeBytes: number;
  /** Hex SHA-256 of the file's bytes. */
  readonly sha256: string;
  /** CSV only. */
  readonly headers: readonly string[];
  readonly sampleRows: readonly (readonly string[])[];
  /** Delimiters that would each give a table; more than one: the user must choose. */
  readonly delimiters: readonly CsvDelimiter[];
  readonly suggestedMapping: SuggestedMapping | null;
  /** Reasons why the file cannot be read at all, known from its beginning. */
  readonly issues: readonly Issue[];
};

export type ParseInput = {
  readonly path: string;
  /** Required for CSV, ignored for XML. */
  readonly mapping?: CsvMapping;
  /** CSV: totals that the user states. */
  readonly expected?: ExpectedTotals;
  readonly limits?: FileLimits;
  /** ISO date of the user's day. Default: today in UTC. */
  readonly today?: string;
};

export type ParseProgress =
  | { readonly kind: 'payments'; readonly payments: readonly RawPayment[] }
  | { readonly kind: 'issues'; readonly issues: readonly Issue[] }
  | { readonly kind: 'progress'; readonly bytes: number; readonly total: number; readonly count: number };

export type ParseOutput = {
  /** Null when the file was refused before its header was complete. */
  readonly header: FileHeader | null;
  /** False: reading stopped at a fault; payments after it are unknown and nothing of the file may be used. */
  readonly isComplete: boolean;
  readonly count: number;
  /** Sum of readable amounts per currency code. */
  readonly sums: Readonly<Record<string, Decimal>>;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly errorCount: number;
  readonly warningCount: number;
  readonly issueCount: number;
  /** Findings counted but not sent: limits are 8,000 errors and 2,000 warnings. */
  readonly moreIssues: number;
};

export type RatesOutput = { readonly days: readonly ReferenceRates[]; readonly sha256: string };

/** Methods of the iso20022 child process. */
export type FileMethods = {
  readonly inspect: ChildMethod<InspectInput, InspectOutput>;
  readonly parse: ChildMethod<ParseInput, ParseOutput, ParseProgress>;
  /** ECB reference rates; at most 32 MiB. Fails with `rates/file-invalid`. */
  readonly rates: ChildMethod<{ readonly path: string }, RatesOutput>;
};
