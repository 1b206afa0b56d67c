import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type Topic, useVersion } from './live';

/** Rows of a table that may be longer than what is loaded. */
export type RowSource<T> = {
  readonly total: number;
  /** `undefined` while that row is on its way. */
  readonly rowAt: (index: number) => T | undefined;
  /** Told which rows are in view, ends included. */
  readonly onRange?: (first: number, last: number) => void;
};

export const listSource = <T>(rows: readonly T[]): RowSource<T> => ({
  total: rows.length,
  rowAt: (index) => rows[index],
});

type Page<T> = { readonly total: number; readonly rows: readonly T[] };
type Loaded<T> = {
  readonly key: string;
  readonly total: number | null;
  readonly pages: ReadonlyMap<number, readonly T[]>;
  readonly error: unknown;
};

const NOTHING = { total: null, pages: new Map<number, never[]>(), error: null };

export type PagedRows<T> = RowSource<T> & {
  readonly isLoading: boolean;
  readonly error: unknown;
  readonly reload: () => void;
};

/**
 * Rows that main hands out by page. Pages are asked for as they come into view; when a topic goes stale the pages in
 * view are asked again and replaced in place, so the list keeps its scroll.
 */
export const usePagedRows = <T>(
  loadPage: (offset: number, limit: number) => Promise<Page<T>>,
  options: { readonly key: string; readonly topics?: readonly Topic[]; readonly pageSize?: number },
): PagedRows<T> => {
  const { key, topics = [], pageSize = 200 } = options;
  const version = useVersion(topics);
  const [loaded, setLoaded] = useState<Loaded<T>>({ key, ...NOTHING });
  const [attempt, setAttempt] = useState(0);
  const load = useRef(loadPage);
  load.current = loadPage;
  const view = useRef({ first: 0, last: 0 });
  const stamp = `${key} ${version} ${attempt}`;
  const current = useRef({ key, stamp });
  current.current = { key, stamp };
  /** Per page of this key: the stamp of its newest answer, and whether a question is on its way. */
  const pages = useRef({ key, answered: new Map<number, string>(), asked: new Set<number>() });

  const ask = useCallback(
    (page: number): void => {
      const { key: ownKey, stamp: ownStamp } = current.current;
      if (pages.current.key !== ownKey)
        pages.current = { key: ownKey, answered: new Map(), asked: new Set() };
      const own = pages.current;
      if (own.asked.has(page) || own.answered.get(page) === ownStamp) return;
      own.asked.add(page);
      // An answer that an event overtook is shown all the same, and asked again while the page is in view.
      const settle = (apply: (old: Loaded<T>) => Loaded<T>, isAnswer: boolean): void => {
        own.asked.delete(page);
        if (current.current.key !== ownKey) return;
        if (isAnswer) own.answered.set(page, ownStamp);
        setLoaded(apply);
        const { first, last } = view.current;
        const isInView = page >= Math.floor(first / pageSize) && page <= Math.floor(last / pageSize);
        if (isInView && current.current.stamp !== ownStamp) ask(page);
      };
      const empty: Loaded<T> = { key: ownKey, ...NOTHING };
      load.current(page * pageSize, pageSize).then(
        ({ total, rows }) =>
          settle((old) => {
            const known = new Map(old.key === ownKey ? old.pages : []);
            known.set(page, rows);
            return { key: ownKey, total, pages: known, error: null };
          }, true),
        (error: unknown) => settle((old) => ({ ...(old.key === ownKey ? old : empty), error }), false),
      );
    },
    [pageSize],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: asks again when the stamp changes
  useEffect(() => {
    const { first, last } = view.current;
    for (let page = Math.floor(first / pageSize); page <= Math.floor(last / pageSize); page++) ask(page);
  }, [ask, pageSize, stamp]);

  const isOwn = loaded.key === key;
  const onRange = useCallback(
    (first: number, last: number): void => {
      view.current = { first, last };
      for (let page = Math.floor(first / pageSize); page <= Math.floor(last / pageSize); page++) ask(page);
    },
    [ask, pageSize],
  );
  const reload = useCallback(() => setAttempt((count) => count + 1), []);
  return useMemo(
    () => ({
      total: isOwn ? (loaded.total ?? 0) : 0,
      rowAt: (index: number) =>
        isOwn ? loaded.pages.get(Math.floor(index / pageSize))?.[index % pageSize] : undefined,
      onRange,
      isLoading: !isOwn || (loaded.total === null && !loaded.error),
      error: isOwn ? loaded.error : null,
      reload,
    }),
    [isOwn, loaded, onRange, pageSize, reload],
  );
};
