import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { createFrameSource, type FrameFacts, LAST_FRAME, type What } from './frames';

export type Player = {
  /** The frame that is shown, from 0, with its text; `null` before the first. */
  readonly frame: { readonly index: number; readonly text: string } | null;
  readonly facts: FrameFacts | null;
  readonly error: unknown;
  readonly isPlaying: boolean;
  readonly setPlaying: (isPlaying: boolean) => void;
  /** One frame on or back. */
  readonly step: (by: 1 | -1) => void;
  readonly retry: () => void;
};

const after = (index: number, by: number): number => (index + by > LAST_FRAME ? 0 : Math.max(0, index + by));

/** Shows one frame after another; stands still where the person asked the system for less motion. */
export const usePlayer = (what: What, framesPerSecond: number): Player => {
  const key = JSON.stringify(what);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the whole of it
  const source = useMemo(() => createFrameSource(what), [key]);
  const [frame, setFrame] = useState<Player['frame']>(null);
  const [facts, setFacts] = useState<FrameFacts | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isPlaying, setPlaying] = useState(
    () => !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
  );
  const asked = useRef(0);

  const show = useCallback(
    async (index: number): Promise<void> => {
      const own = ++asked.current;
      try {
        const text = await source.read(index);
        if (asked.current !== own) return;
        setFrame({ index, text });
        setFacts(source.facts());
        setError(null);
      } catch (failure) {
        if (asked.current === own) setError(failure);
      }
    },
    [source],
  );

  useEffect(() => {
    void show(0);
    return () => {
      asked.current += 1;
    };
  }, [show]);

  const isMoving = isPlaying && frame !== null && (facts?.pure ?? 1) > 1 && !error;
  useEffect(() => {
    if (!isMoving) return undefined;
    const timer = setTimeout(() => void show(after(frame.index, 1)), 1000 / framesPerSecond);
    return () => clearTimeout(timer);
  }, [isMoving, frame, framesPerSecond, show]);

  return {
    frame,
    facts,
    error,
    isPlaying,
    setPlaying,
    step: (by) => {
      setPlaying(false);
      void show(after(frame?.index ?? 0, by));
    },
    retry: () => void show(frame?.index ?? 0),
  };
};
