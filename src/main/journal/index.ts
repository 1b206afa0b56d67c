/**
 * The journal: what people and the app did, as a hash chain in the store.
 *
 * Hides: how a write in the store comes to be known as a command's, what is written down about commands that wrote nothing,
 * what waits while the store is closed, the form of exports. Invariants: no write of the store's journaled methods is
 * without its entry, nor the other way round (one transaction, main/ledger/stores/store-calls.ts); nothing of a command's
 * input but ids and digests is kept; the whole chain is checked at every unlock, against what the vault remembers.
 * Callers: compose.ts wires it; ipc/router.ts runs commands in it; session.ts binds `journal.*`.
 */
import type { MainHandlers } from '../../shared/contract';
import type { AppEvent } from '../../shared/contract/events';
import type { Instant } from '../../shared/model/ids';
import type { writeCsvRows } from '../iso20022';
import type { JournalHead, JournalStore, Remote } from '../ledger';
import type { Clock } from '../platform/clock';
import { exportCsv, exportJsonLines } from './export';

export { type Activity, createActivity, type NoteFacts } from './activity';
export { type CommandEnd, type CommandLog, createCommandLog } from './command-log';

/** What the unlock found. */
export type JournalCheck = {
  readonly checkedAt: Instant;
  /** What the vault remembered before it; `null` for a new or older workspace. */
  readonly anchored: JournalHead | null;
};

export type JournalHandlersDeps = {
  readonly store: Pick<Remote<JournalStore>, 'list' | 'head' | 'entriesAfter'>;
  readonly check: JournalCheck;
  readonly saveFile: (
    suggestedName: string,
    extension: string,
    chunks: AsyncIterable<string>,
  ) => Promise<string | null>;
  readonly writeCsvRows: typeof writeCsvRows;
  readonly clock: Clock;
};

export const journalHandlers = ({
  store,
  check,
  saveFile,
  writeCsvRows,
  clock,
}: JournalHandlersDeps): Pick<MainHandlers, Extract<keyof MainHandlers, `journal.${string}`>> => ({
  'journal.list': (input) => store.list(input),
  'journal.head': async () => ({ ...(await store.head()), ...check }),
  'journal.exportFile': async ({ format }) => {
    const day = clock.now().toISOString().slice(0, 10);
    const chunks = format === 'jsonl' ? exportJsonLines(store) : exportCsv(store, writeCsvRows);
    return { saved: await saveFile(`journal-${day}.${format}`, format, chunks) };
  },
});

const TELL_EVERY_MS = 500;

/** Tells windows that the journal has grown, at most twice a second. */
export const createJournalNews = (emit: (event: AppEvent) => void) => {
  let timer: NodeJS.Timeout | undefined;
  return {
    grown: (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        emit({ type: 'journal.changed' });
      }, TELL_EVERY_MS);
      timer.unref();
    },
    stop: (): void => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
};
