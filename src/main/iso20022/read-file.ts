import { AppError } from '../../shared/errors';
import type { Issue, RawPayment } from '../../shared/model/payment-file';
import { createByteGuard } from './byte-guard';
import { previewCsv, suggestMapping } from './csv-mapping';
import { createCsvParser } from './csv-reader';
import { MAX_RATES_BYTES, parseEcbRates } from './ecb-rates';
import { DEFAULT_MAX_BYTES, openFileSource } from './file-source';
import { createIssueSink, FileRefused } from './issues';
import type {
  InspectInput,
  InspectOutput,
  ParseInput,
  ParseOutput,
  ParseProgress,
  RatesOutput,
} from './messages';
import { createPain001Parser } from './pain001';

const PAYMENTS_PER_MESSAGE = 250;
const HEAD_BYTES = 256 * 1024;
const PROGRESS_BYTES = 512 * 1024;

const todayInUtc = (): string => new Date().toISOString().slice(0, 10);

/** By the first character that is not a blank: a file's name says nothing about its content. */
const sniff = (head: Uint8Array): 'xml' | 'text' | 'empty' => {
  let at = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  while (at < head.length && [0x20, 0x09, 0x0a, 0x0d].includes(head[at] ?? 0)) at++;
  if (at >= head.length) return 'empty';
  return head[at] === 0x3c ? 'xml' : 'text';
};

/** What a file is, from its beginning, with the fingerprint of the whole. */
export const inspectFile = async (input: InspectInput, signal?: AbortSignal): Promise<InspectOutput> => {
  const source = await openFileSource(input.path, input.limits?.maxBytes ?? DEFAULT_MAX_BYTES);
  try {
    const head = Buffer.alloc(Math.min(HEAD_BYTES, source.sizeBytes));
    let filled = 0;
    for await (const chunk of source.chunks(signal)) {
      if (filled >= head.length) continue;
      const part = chunk.subarray(0, head.length - filled);
      head.set(part, filled);
      filled += part.length;
    }
    const { sha256 } = await source.finish();
    const issues: Issue[] = [];
    const base = {
      kind: 'unknown',
      format: null,
      sizeBytes: source.sizeBytes,
      sha256,
      headers: [],
      sampleRows: [],
      delimiters: [],
      suggestedMapping: null,
      issues,
    } as const;
    const kind = sniff(head);
    const sink = createIssueSink((issue) => issues.push(issue));
    if (kind === 'empty') {
      sink.report({ code: 'file/empty', line: 0 });
      return base;
    }
    return kind === 'xml' ? inspectXml(head, base, sink) : inspectText(head, source.sizeBytes, base, sink);
  } finally {
    await source.close();
  }
};

type InspectBase = Omit<InspectOutput, 'kind' | 'format'> & {
  readonly kind: 'unknown';
  readonly format: null;
};
type Sink = ReturnType<typeof createIssueSink>;

const inspectXml = (head: Uint8Array, base: InspectBase, sink: Sink): InspectOutput => {
  const parser = createPain001Parser(
    { report: (draft) => (parser.hasVersion() ? undefined : sink.report(draft)), counts: sink.counts },
    { onPayment: () => undefined },
    { today: todayInUtc() },
  );
  try {
    // Small pieces, so that what follows the Document element is not judged here.
    for (let at = 0; at < head.length && !parser.hasVersion(); at += 4096)
      parser.write(head.subarray(at, at + 4096));
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
  }
  const format = parser.version();
  if (format !== null) return { ...base, kind: 'pain.001', format };
  if (base.issues.length === 0) sink.report({ code: 'file/unknown-format', line: 0 });
  return base;
};

const inspectText = (head: Uint8Array, sizeBytes: number, base: InspectBase, sink: Sink): InspectOutput => {
  const guard = createByteGuard({
    isXml: false,
    refuse: (draft) => {
      sink.report(draft);
      return new FileRefused(draft.code);
    },
  });
  let text: string;
  try {
    const checked = guard.check(head);
    if (head.length === sizeBytes) guard.finish();
    text = Buffer.from(checked.buffer, checked.byteOffset, checked.byteLength).toString('utf8');
  } catch (error) {
    if (error instanceof FileRefused) return base;
    throw error;
  }
  const preview = previewCsv(text, head.length === sizeBytes);
  if (preview.candidates.length === 0 || /^\s*[{[]/.test(text)) {
    sink.report({ code: 'file/unknown-format', line: 1, expected: 'pain.001 or CSV' });
    return base;
  }
  if (preview.delimiter === null)
    sink.report({
      severity: 'warning',
      code: 'csv/delimiter-ambiguous',
      line: 1,
      expected: preview.candidates.map((delimiter) => (delimiter === '\t' ? 'tab' : delimiter)).join(' or '),
    });
  return {
    ...base,
    kind: 'csv',
    format: 'csv',
    headers: preview.headers,
    sampleRows: preview.rows,
    delimiters: preview.candidates,
    suggestedMapping: suggestMapping(preview.headers, preview.rows, preview.delimiter),
  };
};

/**
 * Reads a payment file once: parses, hashes and counts the same bytes. Payments and findings leave in batches through
 * `emit`. A file with faults resolves (see `isComplete`, `errorCount`); a file that cannot be read rejects.
 */
export const parseFile = async (
  input: ParseInput,
  emit: (progress: ParseProgress) => void,
  signal?: AbortSignal,
): Promise<ParseOutput> => {
  const source = await openFileSource(input.path, input.limits?.maxBytes ?? DEFAULT_MAX_BYTES);
  try {
    let payments: RawPayment[] = [];
    let issues: Issue[] = [];
    let count = 0;
    const flush = (): void => {
      if (payments.length > 0) emit({ kind: 'payments', payments });
      if (issues.length > 0) emit({ kind: 'issues', issues });
      payments = [];
      issues = [];
    };
    const sink = createIssueSink((issue) => {
      issues.push(issue);
      if (issues.length >= PAYMENTS_PER_MESSAGE) flush();
    });
    const events = {
      onPayment: (payment: RawPayment): void => {
        count++;
        payments.push(payment);
        if (payments.length >= PAYMENTS_PER_MESSAGE) flush();
      },
    };
    const today = input.today ?? todayInUtc();
    const openParser = (
      first: Uint8Array,
    ): ReturnType<typeof createCsvParser> | ReturnType<typeof createPain001Parser> => {
      if (sniff(first) !== 'text') return createPain001Parser(sink, events, { today });
      if (input.mapping === undefined) throw new AppError('payments/mapping-missing');
      return createCsvParser(sink, events, {
        today,
        mapping: input.mapping,
        ...(input.expected === undefined ? {} : { expected: input.expected }),
      });
    };
    let parser: ReturnType<typeof openParser> | null = null;
    let isRefused = false;
    let bytes = 0;
    let told = 0;
    const guarded = async (work: () => void | Promise<void>): Promise<void> => {
      if (isRefused) return;
      try {
        await work();
      } catch (error) {
        if (!(error instanceof FileRefused)) throw error;
        // The rest is still read, for the fingerprint.
        isRefused = true;
      }
    };
    for await (const chunk of source.chunks(signal)) {
      parser ??= openParser(chunk);
      const current = parser;
      await guarded(() => current.write(chunk));
      bytes += chunk.length;
      flush();
      if (bytes - told >= PROGRESS_BYTES) {
        told = bytes;
        emit({ kind: 'progress', bytes, total: source.sizeBytes, count });
      }
    }
    if (parser === null) sink.report({ code: 'file/empty', line: 0 });
    else {
      const last = parser;
      await guarded(() => last.end());
    }
    const { sha256 } = await source.finish();
    flush();
    emit({ kind: 'progress', bytes, total: source.sizeBytes, count });
    const found = sink.counts();
    return {
      header: parser?.header() ?? null,
      isComplete: parser !== null && !isRefused,
      count,
      sums: parser?.totals.perCurrency() ?? {},
      sha256,
      sizeBytes: source.sizeBytes,
      errorCount: found.errors,
      warningCount: found.warnings,
      issueCount: found.errors + found.warnings,
      moreIssues: found.more,
    };
  } finally {
    await source.close();
  }
};

/** Reads a reference-rate file whole: it is small. */
export const readRatesFile = async (path: string, signal?: AbortSignal): Promise<RatesOutput> => {
  const source = await openFileSource(path, MAX_RATES_BYTES);
  try {
    const parts: Buffer[] = [];
    for await (const chunk of source.chunks(signal)) parts.push(Buffer.from(chunk));
    const { sha256 } = await source.finish();
    return { days: parseEcbRates(Buffer.concat(parts)), sha256 };
  } finally {
    await source.close();
  }
};
