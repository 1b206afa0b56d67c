/**
 * Files in and out: pain.001 and CSV payment files, ECB rate files, pain.002 reports, CSV exports.
 *
 * Hides: XML and CSV parsing, content models, byte guards, the child process in which every foreign file is read.
 * Invariants: a foreign file is opened once, in a process of its own that ends afterwards; a finding names line, path
 * and value; no amount is rounded; nothing is believed here beyond the file's own consistency (the payments domain
 * resolves accounts and decides).
 * Callers: payments (import, reports), the rates import, exports.
 */
import { AppError } from '../../shared/errors';
import type { CsvMapping, Issue, RawPayment } from '../../shared/model/payment-file';
import type { ChildClient, SpawnChild } from '../platform/child';
import type { ExpectedTotals } from './csv-reader';
import type { FileLimits, FileMethods, InspectOutput, ParseOutput, RatesOutput } from './messages';

export { suggestMapping } from './csv-mapping';
export { type CsvCell, neutralizeCell, writeCsv, writeCsvRows } from './csv-writer';
export { parseEcbRates } from './ecb-rates';
export {
  deriveGroupStatus,
  type GroupStatus,
  type ReportedPayment,
  type StatusReport,
  type TransactionStatus,
  writePain002,
} from './pain002';
export type { ExpectedTotals, FileLimits, FileMethods, InspectOutput, ParseOutput, RatesOutput };

export type FileReaderDeps = {
  readonly spawn: SpawnChild;
  /** `connectChild` of platform/child, injected because domains import platform as types only. */
  readonly connect: (
    port: ReturnType<SpawnChild>,
    onInternal?: (method: string, cause: string) => void,
  ) => ChildClient<FileMethods>;
  /** The text that the child gives for an internal error: for the log, never for a window. */
  readonly onInternal?: (method: string, cause: string) => void;
  readonly limits?: FileLimits;
};

export type ParseOptions = {
  /** Required for CSV; without it a CSV file fails with `payments/mapping-missing`. */
  readonly mapping?: CsvMapping;
  readonly expected?: ExpectedTotals;
  /** At most 250 at a time, in file order. Called before the promise settles; nothing is final until it resolves. */
  readonly onPayments?: (payments: readonly RawPayment[]) => void;
  readonly onIssues?: (issues: readonly Issue[]) => void;
  readonly onProgress?: (progress: {
    readonly bytes: number;
    readonly total: number;
    readonly count: number;
  }) => void;
  readonly signal?: AbortSignal;
  /** ISO date of the user's day, for "date in the past". Default: today in UTC. */
  readonly today?: string;
};

export type FileReader = {
  /** What the file is. Errors: `file/*`. */
  readonly inspect: (path: string, options?: { readonly signal?: AbortSignal }) => Promise<InspectOutput>;
  /** Reads it. A wrong file resolves with its findings. Errors: `file/*`, `payments/mapping-missing`, `cancelled`. */
  readonly parse: (path: string, options?: ParseOptions) => Promise<ParseOutput>;
  /** ECB reference rates. Errors: `file/*`, `rates/file-invalid`. */
  readonly readRates: (path: string, options?: { readonly signal?: AbortSignal }) => Promise<RatesOutput>;
};

/** Makes the reader. Each call runs in a child process that is ended when the call settles. */
export const createFileReader = (deps: FileReaderDeps): FileReader => {
  const limits = deps.limits === undefined ? {} : { limits: deps.limits };

  const runInChild = async <T>(
    signal: AbortSignal | undefined,
    work: (client: ChildClient<FileMethods>) => Promise<T>,
  ): Promise<T> => {
    if (signal?.aborted) throw new AppError('cancelled');
    const client = deps.connect(deps.spawn('iso20022'), deps.onInternal);
    try {
      return await work(client);
    } finally {
      await client.stop();
    }
  };
  const withSignal = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal });

  return {
    inspect: (path, options) =>
      runInChild(options?.signal, (client) =>
        client.call('inspect', { path, ...limits }, withSignal(options?.signal)),
      ),
    parse: (path, options = {}) =>
      runInChild(options.signal, (client) =>
        client.call(
          'parse',
          {
            path,
            ...limits,
            ...(options.mapping === undefined ? {} : { mapping: options.mapping }),
            ...(options.expected === undefined ? {} : { expected: options.expected }),
            ...(options.today === undefined ? {} : { today: options.today }),
          },
          {
            ...withSignal(options.signal),
            onProgress: (value) => {
              if (value.kind === 'payments') options.onPayments?.(value.payments);
              else if (value.kind === 'issues') options.onIssues?.(value.issues);
              else options.onProgress?.({ bytes: value.bytes, total: value.total, count: value.count });
            },
          },
        ),
      ),
    readRates: (path, options) =>
      runInChild(options?.signal, (client) => client.call('rates', { path }, withSignal(options?.signal))),
  };
};
