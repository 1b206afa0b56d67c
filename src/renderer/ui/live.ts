import { type Dispatch, type SetStateAction, useCallback, useEffect, useRef, useState } from 'react';
import { create } from 'zustand';
import type { AppEvent } from '../../shared/contract';

/** Kinds of content that main may declare stale. */
const TOPICS = [
  'directory',
  'settings',
  'payments',
  'ledger',
  'networks',
  'envelopes',
  'people',
  'journal',
  'opened-files',
] as const;
export type Topic = (typeof TOPICS)[number];

type Live = { readonly versions: Readonly<Record<Topic, number>> };

const useLive = create<Live>(() => ({
  versions: Object.fromEntries(TOPICS.map((topic) => [topic, 0])) as Record<Topic, number>,
}));

/** Declares content stale. Called by app/sync.ts for events; by a screen only after its own change. */
export const markStale = (...topics: readonly Topic[]): void => {
  useLive.setState(({ versions }) => {
    const next = { ...versions };
    for (const topic of topics) next[topic] += 1;
    return { versions: next };
  });
};

export const markAllStale = (): void => markStale(...TOPICS);

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

/** One key that is being asked; at most one question of it is on its way. */
type Session = { isCurrent: boolean; isAsking: boolean; version: number };

/**
 * Asks main and asks again when it says that the answer is stale. One question at a time: an answer that is overtaken
 * by an event while on its way is shown all the same and asked again at once, so that a fast stream of events cannot
 * keep a screen waiting. Answers to another key are dropped.
 */
export const useQuery = <T>(load: () => Promise<T>, options: QueryOptions): QueryState<T> => {
  const { key, topics = [], isEnabled = true, keepPrevious = false } = options;
  const version = useVersion(topics);
  const [slot, setSlot] = useState<Slot<T> | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [isAsking, setIsAsking] = useState(false);
  const latest = useRef({ load, version });
  latest.current = { load, version };
  const session = useRef<Session | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: an attempt asks again on purpose
  useEffect(() => {
    if (!isEnabled) return undefined;
    const own: Session = { isCurrent: true, isAsking: false, version: -1 };
    session.current = own;
    askAgain(own, key, latest, setSlot, setIsAsking);
    return () => {
      own.isCurrent = false;
      session.current = null;
    };
  }, [key, attempt, isEnabled]);

  useEffect(() => {
    const own = session.current;
    if (own && own.version !== version) askAgain(own, key, latest, setSlot, setIsAsking);
  }, [key, version]);

  const reload = useCallback(() => setAttempt((count) => count + 1), []);
  const isOwn = slot?.key === key;
  return {
    data: isOwn || keepPrevious ? slot?.data : undefined,
    error: isOwn ? slot?.error : null,
    isLoading: isEnabled && (isAsking || (!isOwn && !keepPrevious)),
    reload,
  };
};

const askAgain = <T>(
  own: Session,
  key: string,
  latest: { readonly current: { readonly load: () => Promise<T>; readonly version: number } },
  setSlot: Dispatch<SetStateAction<Slot<T> | null>>,
  setIsAsking: (isAsking: boolean) => void,
): void => {
  if (own.isAsking) return;
  own.isAsking = true;
  own.version = latest.current.version;
  setIsAsking(true);
  const settle = (next: (old: Slot<T> | null) => Slot<T>): void => {
    own.isAsking = false;
    if (!own.isCurrent) return;
    setSlot(next);
    if (own.version === latest.current.version) setIsAsking(false);
    else askAgain(own, key, latest, setSlot, setIsAsking);
  };
  latest.current.load().then(
    (data) => settle(() => ({ key, data, error: null })),
    (error: unknown) => settle((old) => ({ key, data: old?.key === key ? old.data : undefined, error })),
  );
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

const progressKey = (task: ProgressEvent['task'], id: string | null): string => `${task} ${id ?? ''}`;

/** Called by app/sync.ts. */
export const recordProgress = (event: ProgressEvent): void =>
  useProgresses.setState(({ byTask }) => ({
    byTask: { ...byTask, [progressKey(event.task, event.digest ?? event.batchId)]: event },
  }));

/** Newest progress of a task on a batch or, by its digest, an envelope; `undefined` before the first word of it. */
export const useProgress = (
  task: ProgressEvent['task'],
  id: string | null = null,
): ProgressEvent | undefined => useProgresses(({ byTask }) => byTask[progressKey(task, id)]);

/** Forgets everything that was shown: called when the vault locks. */
export const forgetLive = (): void => useProgresses.setState({ byTask: {} });
