/**
 * On whose behalf main does what it does at this moment. A command is followed through everything it awaits, so that each
 * write in the store is journaled as that command's, without a parameter through every domain.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { WindowKind } from '../../shared/contract';
import type { Hash32 } from '../../shared/model/ids';
import type { JournalEntry } from '../../shared/model/journal';
import type { PersonRef } from '../../shared/model/people';
import type { CallOrigin } from '../ledger';
import type { Clock } from '../platform/clock';

type Noted = { readonly facts: JournalEntry['facts']; readonly digest: Hash32 | null };
const NOTHING: Noted = { facts: {}, digest: null };

/**
 * What a handler adds to the entry of the command that it is serving: what came of it, and what it was about where the
 * command did not say so. SECURITY: never text of an input. Without effect outside a command.
 */
export type NoteFacts = (facts: JournalEntry['facts'], digest?: Hash32) => void;

type Doing = {
  readonly source: JournalEntry['source'];
  readonly event: string | null;
  /** Entries written on its behalf. */
  journaled: number;
  noted: Noted;
  /** Loops that a command has started go on without it: from its end on they are the app's. */
  isOver: boolean;
};

export type Activity = {
  /** Everything that `work` does is this command's doing until it settles. */
  readonly run: <T>(
    command: { readonly window: WindowKind; readonly method: string },
    work: () => Promise<T>,
  ) => Promise<T>;
  /** What the app does by itself on the occasion of a command (starting the session at an unlock). */
  readonly asApp: <T>(work: () => Promise<T>) => Promise<T>;
  readonly origin: () => CallOrigin;
  /** How many entries the command at hand has led to. */
  readonly journaled: () => number;
  readonly noteJournaled: (count: number) => void;
  readonly noteFacts: NoteFacts;
  /** What was noted for the command at hand. */
  readonly noted: () => Noted;
  /** Who sits at this machine, once that is known; `null` when the vault locks. */
  readonly identify: (who: PersonRef | null) => void;
};

export const createActivity = (clock: Clock): Activity => {
  const storage = new AsyncLocalStorage<Doing>();
  let person: PersonRef | null = null;

  const current = (): Doing | undefined => {
    const doing = storage.getStore();
    return doing?.isOver ? undefined : doing;
  };
  const follow = async <T>(doing: Doing, work: () => Promise<T>): Promise<T> => {
    try {
      return await storage.run(doing, work);
    } finally {
      doing.isOver = true;
    }
  };

  return {
    run: ({ window, method }, work) =>
      follow({ source: window, event: method, journaled: 0, noted: NOTHING, isOver: false }, work),
    asApp: (work) =>
      follow({ source: 'app', event: null, journaled: 0, noted: NOTHING, isOver: false }, work),
    origin: () => {
      const doing = current();
      return {
        source: doing?.source ?? 'app',
        event: doing?.event ?? null,
        who: doing === undefined || doing.event === null ? null : person,
        at: clock.now().toISOString(),
      };
    },
    journaled: () => current()?.journaled ?? 0,
    noteJournaled: (count) => {
      const doing = current();
      if (doing) doing.journaled += count;
    },
    noteFacts: (facts, digest) => {
      const doing = current();
      if (doing)
        doing.noted = { facts: { ...doing.noted.facts, ...facts }, digest: digest ?? doing.noted.digest };
    },
    noted: () => current()?.noted ?? NOTHING,
    identify: (who) => {
      person = who;
    },
  };
};
