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

/**
 * SECURITY: refused commands, per window and method and minute, that are written at once. No person gets near it; a page
 * that was taken over would fill the disk without it. What is above waits as while the store is closed, and follows with the
 * next line or the lock. A flood of one method takes nothing from another; what succeeded is not limited at all.
 */
const MAX_REFUSED_PER_MINUTE = 20;
const MINUTE_MS = 60_000;

type Line = { readonly entry: NewEntry };
/** Refused alike: the first and the last line that wait, and how many were between them. */
type Alike = { last: Line | null; between: number };

export const createCommandLog = ({ activity, append, isOpen, monotonicMs, log }: CommandLogDeps) => {
  /** In the order in which they came, which is that of their times. */
  const waiting = new Set<Line>();
  /** Those of `waiting` that more can be added to. No more than there are windows, methods and reasons. */
  const alikes = new Map<string, Alike>();
  const turns = new Map<string, number>();
  let minuteEnds = Number.NEGATIVE_INFINITY;
  let lastFlush: Promise<unknown> = Promise.resolve();

  const takeTurn = ({ source, event }: NewEntry): boolean => {
    if (monotonicMs() >= minuteEnds) {
      minuteEnds = monotonicMs() + MINUTE_MS;
      turns.clear();
    }
    const key = `${source} ${event}`;
    const taken = turns.get(key) ?? 0;
    turns.set(key, taken + 1);
    return taken < MAX_REFUSED_PER_MINUTE;
  };

  /** SECURITY: a page that asks without end for what is refused fills two lines, not the memory. */
  const keepRefused = (entry: NewEntry): void => {
    const key = `${entry.source} ${entry.event} ${entry.verdict}`;
    const alike = alikes.get(key);
    if (!alike) {
      alikes.set(key, { last: null, between: 0 });
      waiting.add({ entry });
      return;
    }
    if (alike.last) {
      waiting.delete(alike.last);
      alike.between += 1;
    }
    const { between } = alike;
    alike.last = { entry: between === 0 ? entry : { ...entry, facts: { ...entry.facts, times: between } } };
    waiting.add(alike.last);
  };

  const writeWaiting = async (): Promise<void> => {
    // What comes while these are written is a line of its own, and the next one's turn: a flood must not keep this going.
    const due = [...waiting];
    alikes.clear();
    for (const line of due) {
      await append(line.entry);
      waiting.delete(line);
    }
  };
  /** One after the other, so that no line is written twice or before an older one. */
  const flush = (): Promise<void> => {
    const flushing = lastFlush.then(writeWaiting);
    lastFlush = flushing.catch(() => undefined);
    return flushing;
  };

  const write = async (entry: NewEntry): Promise<void> => {
    const isRefused = entry.verdict !== 'ok';
    if (isRefused && (!isOpen() || !takeTurn(entry))) {
      keepRefused(entry);
      return;
    }
    // SECURITY: never dropped and never merged: what succeeded, above all.
    waiting.add({ entry });
    if (!isOpen()) return;
    try {
      await flush();
    } catch (error) {
      // The command has happened: its line waits for the next opening of the store.
      log.error('journal not written', { event: entry.event, error });
    }
  };

  return {
    /** To be called within the command's own {@link Activity.run}. Never rejects. */
    ended: async ({ method, outcome, digest, ids }: CommandEnd): Promise<void> => {
      if (outcome === 'ok' && activity.journaled() > 0) return;
      const { at, who, source } = activity.origin();
      const noted = activity.noted();
      await write({
        at,
        who,
        source,
        event: method,
        digest: digest ?? noted.digest,
        verdict: outcome,
        facts: { ...ids, ...noted.facts },
      });
    },
    /**
     * Something that no write of a store stands for, before it takes away the possibility to write it down (a lock). Within
     * a command it is that command's entry, otherwise the app's own `event`. Never rejects.
     */
    note: async (event: string, facts: JournalEntry['facts']): Promise<void> => {
      const { at, who, source, event: command } = activity.origin();
      const noted = activity.noted();
      await write({
        at,
        who,
        source,
        event: command ?? event,
        digest: noted.digest,
        verdict: 'ok',
        facts: { ...noted.facts, ...facts },
      });
      activity.noteJournaled(1);
    },
    /** Writes down what has waited; to be called when the store is open. */
    flush,
  };
};

export type CommandLog = ReturnType<typeof createCommandLog>;
