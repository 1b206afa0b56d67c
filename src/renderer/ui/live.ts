import { useCallback, useEffect, useRef, useState } from 'react';
import { create } from 'zustand';
import type { AppEvent } from '../../shared/contract';

/** Kinds of content that main may declare stale. */
export type Topic = 'directory' | 'settings' | 'payments' | 'ledger' | 'networks';

type Live = { readonly versions: Readonly<Record<Topic, number>> };

const useLive = create<Live>(() => ({
  versions: { directory: 0, settings: 0, payments: 0, ledger: 0, networks: 0 },
}));

/** Declares content stale. Called by app/sync.ts for events; by a screen only after its own change. */
export const markStale = (...topics: readonly Topic[]): void => {
  useLive.setState(({ versions }) => {
    const next = { ...versions };
    for (const topic of topics) next[topic] += 1;
    return { versions: next };
  });
};

export const markAllStale = (): void => markStale('directory', 'settings', 'payments', 'ledger', 'networks');

/** A number that grows whenever one of the topics went stale. */
export const useVersion = (topics: readonly Topic[]): number =>
  useLive(({ versions }) => topics.reduce((sum, topic) => sum + versions[topic], 0));

export type QueryState<T> = {
  /** Undefined until the first answer; kept while a newer one is on its way. */
  readonly data: T | undefined;
  readonly error: unknown;
  readonly isLoading: boolean;
  readonly reload: () => void;
};

export type QueryOptions = {
  /** Identifies what is asked: a different key drops the old answer. */
  readonly key: string;
  /** Asked again when one of these goes stale. */
  readonly topics?: readonly Topic[];
  readonly isEnabled?: boolean;
  /** Keep showing the old answer while a different key loads (search as you type). */
  readonly keepPrevious?: boolean;
};

type Slot<T> = { readonly key: string; readonly data: T | undefined; readonly error: unknown };

/** Asks main and asks again when it says that the answer is stale. Late answers to old questions are dropped. */
export const useQuery = <T>(load: () => Promise<T>, options: QueryOptions): QueryState<T> => {
  const { key, topics = [], isEnabled = true, keepPrevious = false } = options;
  const version = useVersion(topics);
  const [slot, setSlot] = useState<Slot<T> | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [isAsking, setIsAsking] = useState(false);
  const latest = useRef(load);
  latest.current = load;

  // biome-ignore lint/correctness/useExhaustiveDependencies: version and attempt ask again on purpose
  useEffect(() => {
    if (!isEnabled) return undefined;
    let isCurrent = true;
    setIsAsking(true);
    latest.current().then(
      (data) => {
        if (!isCurrent) return;
        setSlot({ key, data, error: null });
        setIsAsking(false);
      },
      (error: unknown) => {
        if (!isCurrent) return;
        setSlot((old) => ({ key, data: old?.key === key ? old.data : undefined, error }));
        setIsAsking(false);
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [key, version, attempt, isEnabled]);

  const reload = useCallback(() => setAttempt((count) => count + 1), []);
  const isOwn = slot?.key === key;
  return {
    data: isOwn || keepPrevious ? slot?.data : undefined,
    error: isOwn ? slot?.error : null,
    isLoading: isEnabled && (isAsking || (!isOwn && !keepPrevious)),
    reload,
  };
};

export type ActionState<A extends readonly unknown[], T> = {
  /** Answers `undefined` when it failed; the error is in `error`. */
  readonly run: (...args: A) => Promise<T | undefined>;
  readonly isRunning: boolean;
  readonly error: unknown;
  readonly clearError: () => void;
};

/** A command started by a person: running state and its last error. A second start while running is ignored. */
export const useAction = <A extends readonly unknown[], T>(
  perform: (...args: A) => Promise<T>,
): ActionState<A, T> => {
  const [isRunning, setIsRunning] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const latest = useRef(perform);
  latest.current = perform;
  const running = useRef(false);
  const run = useCallback(async (...args: A): Promise<T | undefined> => {
    if (running.current) return undefined;
    running.current = true;
    setIsRunning(true);
    setError(null);
    try {
      return await latest.current(...args);
    } catch (failure) {
      setError(failure);
      return undefined;
    } finally {
      running.current = false;
      setIsRunning(false);
    }
  }, []);
  const clearError = useCallback(() => setError(null), []);
  return { run, isRunning, error, clearError };
};

type ProgressEvent = Extract<AppEvent, { type: 'progress' }>;
type Progresses = { readonly byTask: Readonly<Record<string, ProgressEvent>> };
const useProgresses = create<Progresses>(() => ({ byTask: {} }));

const progressKey = (task: ProgressEvent['task'], batchId: string | null): string =>
  `${task} ${batchId ?? ''}`;

/** Called by app/sync.ts. */
export const recordProgress = (event: ProgressEvent): void =>
  useProgresses.setState(({ byTask }) => ({
    byTask: { ...byTask, [progressKey(event.task, event.batchId)]: event },
  }));

/** Newest progress of a task, `undefined` before the first word of it. */
export const useProgress = (
  task: ProgressEvent['task'],
  batchId: string | null = null,
): ProgressEvent | undefined => useProgresses(({ byTask }) => byTask[progressKey(task, batchId)]);

/** Forgets everything that was shown: called when the vault locks. */
export const forgetLive = (): void => useProgresses.setState({ byTask: {} });
