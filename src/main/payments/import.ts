import { randomUUID } from 'node:crypto';
import { AppError, type ErrorDetails } from '../../shared/errors';
import { CurrencyCode, type DecimalAmount, type FileId, ImportId } from '../../shared/model/ids';
import type { CheckCode } from '../../shared/model/payment-checks';
import type { RawPayment } from '../../shared/model/payment-file';
import type { CsvMapping, ImportIssue, ImportReport, PaymentSource } from '../../shared/model/payments';
import type { ParseOutput } from '../iso20022';
import type { AccountRef, ResolvedAccount } from '../ledger/stores/directory-store';
import type { Collisions } from '../ledger/stores/payments-store';
import {
  type AccountLookup,
  type CheckContext,
  type CheckResult,
  checkPayment,
  isCnhClass,
  lookupOf,
} from './check';
import { createHolds } from './holds';
import type { PaymentsDeps } from './ports';

/** Payments judged before the event loop gets its turn: keeps the main thread below 50 ms. */
const SLICE = 50;
const PROGRESS_EVERY_MS = 100;

/** The treasurer's day, not Greenwich's: a date of today must not be past in the evening of New York. */
const localDate = (now: Date): string =>
  [
    String(now.getFullYear()),
    String(now.getMonth() + 1).padStart(2, '0'),
    String(now.getDate()).padStart(2, '0'),
  ].join('-');

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const SUPPORTED = ['pain.001.001.03', 'pain.001.001.09', 'pain.001.001.11', 'csv'] as const;

/** Everything one check of payments needs: lookups of the directory, the judging, what it collides with. */
export const createChecker = (deps: PaymentsDeps) => {
  const { store, directory, newId, clock } = deps;

  const openContext = async (): Promise<CheckContext> => {
    const tokens = await directory.tokens();
    return {
      tokens,
      contracts: new Set(tokens.map((token) => token.address.toLowerCase())),
      today: localDate(clock.now()),
      newId,
      newUetr: randomUUID,
    };
  };

  type Looked = { readonly lookup: AccountLookup; readonly found: ResolvedAccount | null };

  /** Finds the accounts of many payments in one question. */
  const lookUp = async (lookups: readonly AccountLookup[]): Promise<Looked[]> => {
    const keys = new Map<string, AccountRef>();
    for (const { refs } of lookups) for (const ref of refs) keys.set(`${ref.by}/${ref.value}`, ref);
    const answers = await directory.resolveAccounts([...keys.values()]);
    const found = new Map([...keys.keys()].map((key, index) => [key, answers[index] ?? null]));
    return lookups.map((lookup) => ({
      lookup,
      found:
        lookup.refs.map((ref) => found.get(`${ref.by}/${ref.value}`)).find((account) => account != null) ??
        null,
    }));
  };

  const collisionIssues = (raw: RawPayment, collisions: Collisions): ImportIssue[] => {
    const issue = (code: CheckCode, severity: 'error' | 'warning', expected: string): ImportIssue => ({
      severity,
      code,
      line: raw.line,
      path: `${raw.path}/PmtId/EndToEndId`.slice(0, 400),
      element: 'EndToEndId',
      value: raw.endToEndId.slice(0, 140),
      expected,
      paymentIndex: raw.index,
    });
    if (collisions.endToEndUsedBy !== null)
      return [
        issue('id/used-before', 'error', `an id that payment ${collisions.endToEndUsedBy.paymentId} has not`),
      ];
    return collisions.endToEndRejected
      ? [issue('id/rejected-before', 'warning', 'used by a payment that was rejected before it was signed')]
      : [];
  };

  /**
   * Judges payments, keeps them under the import and returns what was found. `tokenId` is given by forms only.
   */
  const checkSlice = async (
    importId: string,
    context: CheckContext,
    raws: readonly RawPayment[],
    tokenId: CheckContext['tokens'][number]['id'] | null,
    holds: ReturnType<typeof createHolds>,
  ): Promise<{ issues: ImportIssue[]; incomplete: number[] }> => {
    const debtors = await lookUp(raws.map((raw) => lookupOf(raw.debtor.account, directory.readAddress)));
    const creditors = await lookUp(raws.map((raw) => lookupOf(raw.creditorAccount, directory.readAddress)));
    const addressOf = (looked: Looked | undefined) => {
      if (looked?.found?.owner === 'counterparty') return looked.found.address;
      const ref = looked?.lookup.refs.find((candidate) => candidate.by === 'address');
      return ref?.by === 'address' && looked?.found === null ? ref.value : null;
    };
    const twins = await directory.lookAlikes([
      ...new Set(creditors.map(addressOf).filter((address) => address !== null)),
    ]);

    const results: CheckResult[] = [];
    for (const [index, raw] of raws.entries()) {
      const creditor = creditors[index] ?? {
        lookup: { refs: [], networkId: null, fault: null },
        found: null,
      };
      const debtor = debtors[index] ?? { lookup: { refs: [], networkId: null, fault: null }, found: null };
      const address = addressOf(creditor);
      results.push(
        checkPayment(
          {
            raw,
            tokenId,
            debtor,
            creditor,
            twins: creditor.found === null ? twins.filter((twin) => twin.address === address) : [],
          },
          context,
        ),
      );
    }
    const collisions = await store.stageLines(
      importId,
      raws.map((raw, index) => ({
        index: raw.index,
        line: raw.line,
        paymentInfoId: raw.paymentInfoId,
        instructionId: raw.instructionId,
        endToEndId: raw.endToEndId,
        creditorName: raw.creditor.name.slice(0, 140),
        creditorAccount: raw.creditorAccount.value.slice(0, 140),
        amountText: raw.amount.text.slice(0, 60),
        currency: raw.amount.currency,
        draft: results[index]?.draft ?? null,
      })),
    );
    const issues: ImportIssue[] = [];
    const incomplete: number[] = [];
    for (const [index, raw] of raws.entries()) {
      const result = results[index];
      const collided = collisions[index];
      if (!result || !collided) continue;
      issues.push(...result.issues, ...collisionIssues(raw, collided));
      if (result.draft === null) incomplete.push(raw.index);
      else
        holds.note({
          raw,
          draft: result.draft,
          collisions: collided,
          twins: twins.filter((twin) => twin.address === result.draft?.creditorAddress),
          isCnh: result.token !== null && isCnhClass(result.token),
        });
    }
    return { issues, incomplete };
  };

  return { openContext, checkSlice };
};

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
        const result = await checker.checkSlice(importId, context, slice, null, holds);
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
    const parsed = await parsing;

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
