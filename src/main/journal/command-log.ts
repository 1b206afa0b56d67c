/**
 * The commands that left no entry by what they wrote: refused ones, and those that changed nothing in the store.
 *
 * While the store is closed they wait in memory and are written down at the next opening; the end of the app before that
 * loses them (docs/journal.md).
 */
import type { ErrorCode } from '../../shared/errors';
import type { Hash32 } from '../../shared/model/ids';
import type { JournalEntry } from '../../shared/model/journal';
import type { Logger } from '../platform/logger';
import type { Activity } from './activity';

/** How a command ended. Of its input nothing but ids and a digest, which its schema has checked. */
export type CommandEnd = {
  readonly method: string;
  readonly outcome: 'ok' | ErrorCode;
  readonly digest: Hash32 | null;
  readonly ids: Readonly<Record<string, string>>;
};

type NewEntry = Omit<JournalEntry, 'seq'>;

export type CommandLogDeps = {
  readonly activity: Activity;
  readonly append: (entry: NewEntry) => Promise<unknown>;
  readonly isOpen: () => boolean;
  readonly monotonicMs: () => number;
  readonly log: Logger;
};

/** Entries that wait for an unlock: enough for every wrong passphrase that the throttle lets through in years. */
const MAX_WAITING = 500;

/**
 * SECURITY: lines of commands that wrote nothing, per minute. No person gets near it; a page that was taken over would fill
 * the disk without it. What is above waits as while the store is closed, and follows with the next line or the lock.
 */
const MAX_PER_MINUTE = 120;
const MINUTE_MS = 60_000;

type Waiting = { entry: NewEntry; times: number; last: string };

export const createCommandLog = ({ activity, append, isOpen, monotonicMs, log }: CommandLogDeps) => {
  const waiting: Waiting[] = [];
  let lost = 0;
  let minuteEnds = Number.NEGATIVE_INFINITY;
  let left = 0;
  let flushing: Promise<void> | null = null;

  const takeTurn = (): boolean => {
    if (monotonicMs() >= minuteEnds) {
      minuteEnds = monotonicMs() + MINUTE_MS;
      left = MAX_PER_MINUTE;
    }
    left -= 1;
    return left >= 0;
  };

  const isSame = (a: NewEntry, b: NewEntry): boolean =>
    a.event === b.event && a.verdict === b.verdict && a.source === b.source && a.digest === b.digest;

  const keep = (entry: NewEntry): void => {
    const last = waiting.at(-1);
    // SECURITY: a page that asks without end while the app is locked fills one line, not the memory.
    if (lost === 0 && last && isSame(last.entry, entry)) {
      last.times += 1;
      last.last = entry.at;
    } else if (waiting.length < MAX_WAITING) waiting.push({ entry, times: 1, last: entry.at });
    else lost += 1;
  };

  const flushAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const [{ entry, times, last }] = waiting as [Waiting];
      // Taken out first: what comes while this is written is a line of its own.
      waiting.shift();
      try {
        await append(times === 1 ? entry : { ...entry, facts: { ...entry.facts, times, lastAt: last } });
      } catch (error) {
        waiting.unshift({ entry, times, last });
        throw error;
      }
    }
    if (lost === 0) return;
    const told = lost;
    const { at, who, source } = activity.origin();
    await append({
      at,
      who,
      source,
      event: 'journal.overflow',
      digest: null,
      verdict: 'ok',
      facts: { lost: told },
    });
    lost -= told;
  };
  /** One at a time, so that no line is written twice. */
  const flush = (): Promise<void> => {
    flushing ??= flushAll().finally(() => {
      flushing = null;
    });
    return flushing;
  };

  const write = async (entry: NewEntry, isLimited: boolean): Promise<void> => {
    if (!isOpen() || (isLimited && !takeTurn())) {
      keep(entry);
      return;
    }
    try {
      // What waits is older.
      if (waiting.length > 0 || flushing !== null) await flush();
      await append(entry);
    } catch (error) {
      // The command has happened: its line waits for the next opening of the store.
      log.error('journal not written', { event: entry.event, error });
      keep(entry);
    }
  };

  return {
    /** To be called within the command's own {@link Activity.run}. Never rejects. */
    ended: async ({ method, outcome, digest, ids }: CommandEnd): Promise<void> => {
      if (outcome === 'ok' && activity.journaled() > 0) return;
      const { at, who, source } = activity.origin();
      await write({ at, who, source, event: method, digest, verdict: outcome, facts: ids }, true);
    },
    /**
     * Something that no write of a store stands for, before it takes away the possibility to write it down (a lock). Within
     * a command it is that command's entry, otherwise the app's own `event`. Never rejects.
     */
    note: async (event: string, facts: JournalEntry['facts']): Promise<void> => {
      const { at, who, source, event: command } = activity.origin();
      await write({ at, who, source, event: command ?? event, digest: null, verdict: 'ok', facts }, false);
      activity.noteJournaled(1);
    },
    /** Writes down what has waited; to be called when the store is open. */
    flush,
  };
};

export type CommandLog = ReturnType<typeof createCommandLog>;
