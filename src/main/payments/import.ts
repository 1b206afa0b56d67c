import { AppError, type ErrorDetails } from '../../shared/errors';
import { CurrencyCode, type DecimalAmount, type FileId, ImportId } from '../../shared/model/ids';
import type { CheckCode } from '../../shared/model/payment-checks';
import type { RawPayment } from '../../shared/model/payment-file';
import type { CsvMapping, ImportIssue, ImportReport, PaymentSource } from '../../shared/model/payments';
import type { ParseOutput } from '../iso20022';
import { createChecker } from './checker';
import { createHolds } from './holds';
import type { PaymentsDeps } from './ports';

/** Payments judged before the event loop gets its turn: keeps the main thread below 50 ms. */
const SLICE = 100;
const PROGRESS_EVERY_MS = 100;

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const SUPPORTED = ['pain.001.001.03', 'pain.001.001.09', 'pain.001.001.11', 'csv'] as const;

export const createImports = (deps: PaymentsDeps) => {
  const { store, reader, emit, clock, newId, fileOf } = deps;
  const checker = createChecker(deps);
  let running: AbortController | null = null;

  const fileIssue = (code: CheckCode, value: string | null): ImportIssue => ({
    severity: 'error',
    code,
    line: 0,
    path: '',
    element: '',
    value,
    expected: null,
    paymentIndex: null,
  });

  const sourceOf = (name: string, parsed: ParseOutput, isCsv: boolean): PaymentSource => ({
    kind: isCsv ? 'csv' : 'pain.001',
    format: parsed.header?.format ?? (isCsv ? 'csv' : 'pain.001'),
    fileName: name.slice(0, 255),
    sha256: parsed.sha256 as PaymentSource['sha256'],
    sizeBytes: parsed.sizeBytes,
    messageId: parsed.header?.messageId ?? null,
  });

  const sumsOf = (sums: ParseOutput['sums'], counts: ReadonlyMap<string, number>): ImportReport['sums'] =>
    Object.entries(sums)
      .filter(([currency]) => CurrencyCode.safeParse(currency).success)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([currency, sum]) => ({
        currency: CurrencyCode.parse(currency),
        count: counts.get(currency) ?? 0,
        sum: sum as DecimalAmount,
      }));

  const run = async (
    importId: ImportId,
    file: { readonly path: string; readonly name: string },
    mapping: CsvMapping | null,
    signal: AbortSignal,
  ): Promise<ImportReport> => {
    const startedAt = clock.now().toISOString();
    const context = await checker.openContext();
    const memory = checker.openMemory();
    const holds = createHolds();
    const wrong = new Set<number>();
    const incomplete = new Set<number>();
    const places = new Map<number, { line: number; path: string }>();
    const counts = new Map<string, number>();
    const queue: RawPayment[][] = [];
    const found: ImportIssue[] = [];
    let isRead = false;
    let wake: () => void = () => undefined;
    let lastProgress = 0;
    let receivedErrors = 0;

    const progress = (done: number, total: number, isFinished = false): void => {
      const now = clock.monotonicMs();
      if (!isFinished && now - lastProgress < PROGRESS_EVERY_MS) return;
      lastProgress = now;
      emit({ type: 'progress', task: 'import', batchId: null, done, total, startedAt, isFinished });
    };
    const noteIssues = (issues: readonly ImportIssue[]): void => {
      for (const issue of issues) {
        found.push(issue);
        if (issue.severity === 'error' && issue.paymentIndex !== null) wrong.add(issue.paymentIndex);
      }
    };
    const saveIssues = async (): Promise<void> => {
      if (found.length > 0) await store.addIssues(importId, found.splice(0));
    };

    await store.beginImport(importId, {
      kind: mapping === null ? 'pain.001' : 'csv',
      format: mapping === null ? 'pain.001' : 'csv',
      fileName: file.name.slice(0, 255),
      sha256: null,
      sizeBytes: null,
      messageId: null,
    });
    const parsing = reader
      .parse(file.path, {
        ...(mapping === null ? {} : { mapping }),
        today: context.today,
        signal,
        onPayments: (payments) => {
          queue.push([...payments]);
          wake();
        },
        onIssues: (issues) => {
          receivedErrors += issues.filter((issue) => issue.severity === 'error').length;
          noteIssues(issues);
          wake();
        },
        onProgress: ({ bytes, total }) => progress(bytes, total),
      })
      .finally(() => {
        isRead = true;
        wake();
      });
    // A failure is taken up where it is awaited; until then it must not count as unhandled.
    parsing.catch(() => undefined);

    while (!isRead || queue.length > 0) {
      if (signal.aborted) throw new AppError('cancelled');
      const payments = queue.shift();
      if (payments === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (isRead || queue.length > 0) resolve();
        });
        continue;
      }
      for (let start = 0; start < payments.length; start += SLICE) {
        if (signal.aborted) throw new AppError('cancelled');
        const slice = payments.slice(start, start + SLICE);
        const result = await checker.checkSlice(importId, context, memory, slice, null, holds);
        noteIssues(result.issues);
        for (const index of result.incomplete) incomplete.add(index);
        for (const raw of slice) {
          if (incomplete.has(raw.index)) places.set(raw.index, { line: raw.line, path: raw.path });
          if (raw.amount.currency !== '')
            counts.set(raw.amount.currency, (counts.get(raw.amount.currency) ?? 0) + 1);
        }
        await saveIssues();
        await pause();
      }
    }
    const parsed = await parsing.catch(async (error: unknown): Promise<ParseOutput> => {
      if (!(error instanceof AppError) || error.code !== 'payments/mapping-missing') throw error;
      // Text that is no CSV has no columns to assign: it is refused for what it is.
      const seen = await reader.inspect(file.path, { signal });
      if (seen.kind !== 'unknown') throw error;
      noteIssues(seen.issues);
      receivedErrors = seen.issues.filter(({ severity }) => severity === 'error').length;
      return {
        header: null,
        isComplete: false,
        count: 0,
        sums: {},
        sha256: seen.sha256,
        sizeBytes: seen.sizeBytes,
        errorCount: receivedErrors,
        warningCount: seen.issues.length - receivedErrors,
        issueCount: seen.issues.length,
        moreIssues: 0,
      };
    });

    const isFormatKnown = SUPPORTED.some((format) => format === parsed.header?.format);
    if (!parsed.isComplete && receivedErrors === 0) noteIssues([fileIssue('file/incomplete', null)]);
    // SECURITY: errors that were counted but not handed over have no line here, so no line can be trusted.
    const hasUnsentErrors = parsed.errorCount > receivedErrors;
    if (hasUnsentErrors) noteIssues([fileIssue('file/too-many-errors', String(parsed.errorCount))]);
    for (const index of incomplete) {
      if (wrong.has(index)) continue;
      const place = places.get(index);
      noteIssues([
        {
          ...fileIssue('line/incomplete', null),
          line: place?.line ?? 0,
          path: place?.path ?? '',
          paymentIndex: index,
        },
      ]);
    }
    await saveIssues();

    const source = sourceOf(file.name, parsed, mapping !== null);
    const earlier = await store.earlierBatches(source.sha256, source.messageId);
    holds.noteFile(earlier);
    const { header } = parsed;
    const report = await store.finishImport(
      importId,
      source,
      {
        count: parsed.count,
        sums: sumsOf(parsed.sums, counts),
        holds: holds.list(),
        original: {
          createdAt: header?.createdAt ?? null,
          count: header?.declaredCount ?? parsed.count,
          controlSum: header?.declaredSum ?? null,
          initiatingParty:
            header?.initiatingParty.name == null
              ? null
              : { name: header.initiatingParty.name, lei: header.initiatingParty.lei },
        },
        unsentIssues: parsed.moreIssues,
        isRefused: !parsed.isComplete || !isFormatKnown || hasUnsentErrors || parsed.count === 0,
      },
      [...new Set([...wrong, ...incomplete])],
    );
    progress(parsed.sizeBytes, parsed.sizeBytes, true);
    return report;
  };

  return {
    /** What a file is. A CSV file comes with a mapping to confirm: the saved one of these headings, or a proposal. */
    inspectFile: async ({ fileId }: { fileId: FileId }) => {
      const { path, name } = fileOf(fileId);
      const file = await reader.inspect(path);
      const base = { name, sizeBytes: file.sizeBytes };
      if (file.kind !== 'csv')
        return { kind: file.kind === 'unknown' ? ('other' as const) : file.kind, ...base, csv: null };
      const saved = await store.mappingFor(file.headers);
      const proposal = file.suggestedMapping;
      const ambiguous: string[] = [];
      if (saved === null) {
        if (file.delimiters.length > 1 || proposal?.delimiter == null) ambiguous.push('delimiter');
        if (proposal?.decimal == null) ambiguous.push('decimal');
        if (proposal?.dateFormat == null) ambiguous.push('dateFormat');
        for (const field of proposal?.missing ?? []) ambiguous.push(field);
      }
      const suggested: CsvMapping | null =
        saved?.mapping ??
        (proposal === null
          ? null
          : {
              delimiter: proposal.delimiter ?? file.delimiters[0] ?? ',',
              decimal: proposal.decimal ?? '.',
              dateFormat: proposal.dateFormat ?? 'YYYY-MM-DD',
              columns: Object.fromEntries(
                Object.entries(proposal.columns).filter(
                  (entry): entry is [string, string] => entry[1] !== undefined,
                ),
              ),
            });
      return {
        kind: 'csv' as const,
        ...base,
        csv: {
          headings: [...file.headers],
          sample: file.sampleRows.map((row) => [...row]),
          suggested,
          savedAs: saved?.name ?? null,
          ambiguous,
        },
      };
    },

    /** Reads and checks a file. Nothing is created; a check that fails or is cancelled leaves nothing. */
    importFile: async (input: {
      fileId: FileId;
      mapping: CsvMapping | null;
      saveMappingAs: string | null;
    }): Promise<ImportReport> => {
      if (running !== null) throw new AppError('busy', { task: 'import' } satisfies ErrorDetails);
      const controller = new AbortController();
      running = controller;
      const importId = ImportId.parse(newId('imp'));
      try {
        const file = fileOf(input.fileId);
        if (input.mapping !== null && input.saveMappingAs !== null) {
          const { headers } = await reader.inspect(file.path, { signal: controller.signal });
          await store.saveMapping(input.saveMappingAs.trim(), headers, input.mapping);
        }
        return await run(importId, file, input.mapping, controller.signal);
      } catch (error) {
        controller.abort();
        await store.discardImport(importId).catch(() => undefined);
        emit({
          type: 'progress',
          task: 'import',
          batchId: null,
          done: 0,
          total: 0,
          startedAt: clock.now().toISOString(),
          isFinished: true,
        });
        throw error;
      } finally {
        running = null;
      }
    },
    cancelImport: async (): Promise<void> => {
      running?.abort();
    },
  };
};

export type Imports = ReturnType<typeof createImports>;
