/**
 * On whose behalf main does what it does at this moment. A command is followed through everything it awaits, so that each
 * write in the store is journaled as that command's, without a parameter through every domain.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { WindowKind } from '../../shared/contract';
import type { JournalEntry } from '../../shared/model/journal';
import type { PersonRef } from '../../shared/model/people';
import type { CallOrigin } from '../ledger';
import type { Clock } from '../platform/clock';

type Doing = {
  readonly source: JournalEntry['source'];
  readonly event: string | null;
  /** Entries written on its behalf. */
  journaled: number;
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
      follow({ source: window, event: method, journaled: 0, isOver: false }, work),
    asApp: (work) => follow({ source: 'app', event: null, journaled: 0, isOver: false }, work),
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
    identify: (who) => {
      person = who;
    },
  };
};
