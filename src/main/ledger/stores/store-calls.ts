/**
 * How main's calls reach the stores: by the table of methods (./methods.ts), each write together with its entry in the
 * journal, in one transaction. Used by the ledger process, and by tests that want the same without a process.
 */
import { createHash } from 'node:crypto';
import type { Hash32, Instant } from '../../../shared/model/ids';
import type { JournalEntry } from '../../../shared/model/journal';
import type { Db } from '../driver';
import { toJson } from '../json';
import type { JournalStore } from './journal-store';

/** On whose behalf a call comes. */
export type CallOrigin = {
  readonly source: JournalEntry['source'];
  /** The contract's method that is being carried out; `null`: the app's own work. */
  readonly event: string | null;
  readonly who: JournalEntry['who'];
  readonly at: Instant;
};

/** What one write is remembered by. */
export type Noted = {
  /** The app's own event, whoever caused it (`settlement.settled`). Without it: the command, or the method's name. */
  readonly event?: string;
  readonly digest?: Hash32 | null;
  readonly facts?: JournalEntry['facts'];
};

/**
 * What a method is to the journal. `read`: changes nothing. `unjournaled`: changes only what the app can make again by
 * itself (the replica of the chain, a half-read import, verdicts, plans that an entry follows) or the journal itself.
 * A function: what to write down about a call that succeeded; nothing when it changed nothing.
 *
 * Facts are ids, counts, states and digests: never a name from a file, a text that a person typed, or a secret.
 */
export type MethodRule<F> = F extends (...args: infer A) => infer R
  ? 'read' | 'unjournaled' | ((result: R, ...args: A) => readonly Noted[])
  : never;

export type StoreMethods<S> = {
  readonly [N in keyof S]: { readonly [M in keyof S[N]]-?: MethodRule<S[N][M]> };
};

type AnyMethod = (...args: never[]) => unknown;
type AnyRule = 'read' | 'unjournaled' | ((result: unknown, ...args: unknown[]) => readonly Noted[]);

/** Ties an entry to the record that was saved, without its content. */
export const recordDigest = (record: unknown): string =>
  createHash('sha256').update(toJson(record)).digest('hex');

export type StoreCalls = (
  store: string,
  method: string,
  args: readonly unknown[],
  origin: CallOrigin,
) => {
  readonly value: unknown;
  /** Entries of the journal that were written with it. */
  readonly journaled: number;
  /** Of these, the ones that stand under the caller's own event. */
  readonly named: number;
};

export const createStoreCalls = (
  db: Db,
  stores: object & { readonly journal: Pick<JournalStore, 'append'> },
  methods: object,
): StoreCalls => {
  const own = <T>(table: object, name: string): T | undefined =>
    Object.hasOwn(table, name) ? ((table as Record<string, T>)[name] as T) : undefined;

  return (store, method, args, origin) => {
    const call = own<AnyMethod>(own<object>(stores, store) ?? {}, method);
    const rule = own<AnyRule>(own<object>(methods, store) ?? {}, method);
    // SECURITY: what the table does not name cannot be called, so no write can be without a decision about its entry.
    if (typeof call !== 'function' || rule === undefined)
      throw new Error(`no store method ${store}.${method}`);
    if (typeof rule === 'string') {
      const appended = store === 'journal' && method === 'append' ? 1 : 0;
      return { value: call(...(args as never[])), journaled: appended, named: appended };
    }
    return db.transaction(() => {
      const value = call(...(args as never[]));
      const noted = rule(value, ...args);
      let named = 0;
      for (const { event, digest = null, facts = {} } of noted) {
        const name = `${store}.${method}`;
        const isOwn = event !== undefined || origin.event === null;
        if (!isOwn) named += 1;
        stores.journal.append({
          at: origin.at,
          who: isOwn ? null : origin.who,
          source: isOwn ? 'app' : origin.source,
          event: event ?? origin.event ?? name,
          digest,
          verdict: 'ok',
          facts: isOwn ? facts : { ...facts, wrote: name },
        });
      }
      return { value, journaled: noted.length, named };
    })();
  };
};
