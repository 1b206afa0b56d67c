/** The journal as a file: JSON lines that a stranger can check (docs/journal.md), or a table for people. */
import { type Canonical, canonicalJson } from '../../shared/canonical';
import type { Hash32 } from '../../shared/model/ids';
import type { JournalEntry } from '../../shared/model/journal';
import type { CsvCell, writeCsvRows } from '../iso20022';
import type { JournalHead } from '../ledger';

type Stored = JournalEntry & { readonly hash: Hash32 };

export type EntrySource = {
  readonly head: () => Promise<JournalHead>;
  readonly entriesAfter: (after: number, limit: number) => Promise<readonly Stored[]>;
};

const PAGE = 1_000;

/** Up to the entry that is the last now: what is written while the file is being made does not get half into it. */
const pages = async function* (source: EntrySource, count: number): AsyncGenerator<readonly Stored[]> {
  for (let after = 0; after < count; ) {
    const page = await source.entriesAfter(after, Math.min(PAGE, count - after));
    const last = page.at(-1);
    if (!last) throw new Error('the journal ends before its head');
    yield page;
    after = last.seq;
  }
};

/**
 * First line: what this is and where it ends. Then one line per entry, canonical JSON, with its hash as one more member:
 * without that member the line is what the hash is over.
 */
export const exportJsonLines = async function* (source: EntrySource): AsyncGenerator<string> {
  const { count, head } = await source.head();
  yield `${canonicalJson({ format: 'nostro-journal', version: 1, count, head })}\n`;
  for await (const page of pages(source, count))
    yield page.map((entry) => `${canonicalJson(entry as unknown as Canonical)}\n`).join('');
};

const HEADINGS = ['number', 'time', 'name', 'key', 'source', 'event', 'digest', 'verdict', 'facts', 'hash'];

export const exportCsv = async function* (
  source: EntrySource,
  writeRows: typeof writeCsvRows,
): AsyncGenerator<string> {
  const { count } = await source.head();
  yield writeRows([HEADINGS]);
  for await (const page of pages(source, count))
    yield writeRows(
      page.map((entry): (string | CsvCell)[] => [
        { kind: 'number', value: String(entry.seq) },
        entry.at,
        entry.who?.name ?? '',
        entry.who?.key ?? '',
        entry.source,
        entry.event,
        entry.digest ?? '',
        entry.verdict,
        canonicalJson(entry.facts),
        entry.hash,
      ]),
    );
};
