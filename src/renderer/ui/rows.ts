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
  readonly version: number;
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
  const [loaded, setLoaded] = useState<Loaded<T>>({ key, version, ...NOTHING });
  const [attempt, setAttempt] = useState(0);
  const load = useRef(loadPage);
  load.current = loadPage;
  const view = useRef({ first: 0, last: 0 });
  const asked = useRef(new Set<string>());
  const stamp = `${key} ${version} ${attempt}`;
  const current = useRef(stamp);
  current.current = stamp;

  const ask = useCallback(
    (page: number): void => {
      const id = `${stamp} ${page}`;
      if (asked.current.has(id)) return;
      asked.current.add(id);
      load.current(page * pageSize, pageSize).then(
        ({ total, rows }) => {
          if (current.current !== stamp) return;
          setLoaded((old) => {
            const pages = new Map(old.key === key ? old.pages : []);
            pages.set(page, rows);
            return { key, version, total, pages, error: null };
          });
        },
        (error: unknown) => {
          asked.current.delete(id);
          if (current.current !== stamp) return;
          setLoaded((old) => ({ ...(old.key === key ? old : { key, version, ...NOTHING }), error }));
        },
      );
    },
    [stamp, pageSize, key, version],
  );

  useEffect(() => {
    asked.current.clear();
    const { first, last } = view.current;
    for (let page = Math.floor(first / pageSize); page <= Math.floor(last / pageSize); page++) ask(page);
  }, [ask, pageSize]);

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
