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
  readonly log: Logger;
};

/** Entries that wait for an unlock: enough for every wrong passphrase that the throttle lets through in years. */
const MAX_WAITING = 500;

type Waiting = { entry: NewEntry; times: number; last: string };

export const createCommandLog = ({ activity, append, isOpen, log }: CommandLogDeps) => {
  const waiting: Waiting[] = [];
  let lost = 0;

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

  const write = async (entry: NewEntry): Promise<void> => {
    if (!isOpen()) {
      keep(entry);
      return;
    }
    try {
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
      await write({ at, who, source, event: method, digest, verdict: outcome, facts: ids });
    },
    /**
     * Something that no write of a store stands for, before it takes away the possibility to write it down (a lock). Within
     * a command it is that command's entry, otherwise the app's own `event`. Never rejects.
     */
    note: async (event: string, facts: JournalEntry['facts']): Promise<void> => {
      const { at, who, source, event: command } = activity.origin();
      await write({ at, who, source, event: command ?? event, digest: null, verdict: 'ok', facts });
      activity.noteJournaled(1);
    },
    /** Writes down what has waited; to be called when the store is open. */
    flush: async (): Promise<void> => {
      while (waiting.length > 0) {
        const [{ entry, times, last }] = waiting as [Waiting];
        await append(times === 1 ? entry : { ...entry, facts: { ...entry.facts, times, lastAt: last } });
        waiting.shift();
      }
      if (lost === 0) return;
      await append({
        ...activity.origin(),
        event: 'journal.overflow',
        digest: null,
        verdict: 'ok',
        facts: { lost },
      });
      lost = 0;
    },
  };
};

export type CommandLog = ReturnType<typeof createCommandLog>;
