import { useCallback, useEffect, useRef, useState } from 'react';
import type { MainClient } from '../../../../shared/contract';
import { client } from '../../../client';
import { compareActs, readActs, type Taken } from '../intake/store';

type Answer = Awaited<ReturnType<MainClient['exchange.receive']>>;

/** Where the reading stands. What main said last about a frame is `note`. */
export type Reading = {
  readonly phase: 'empty' | 'collecting' | 'complete' | 'failed';
  readonly note: 'repeated' | 'foreign' | 'unreadable' | null;
  readonly progress: number;
  readonly received: number;
  readonly expected: number;
  readonly taken: Taken | null;
  readonly error: unknown;
};

const EMPTY: Reading = {
  phase: 'empty',
  note: null,
  progress: 0,
  received: 0,
  expected: 0,
  taken: null,
  error: null,
};

const noteOf = (state: Answer['state']): Reading['note'] =>
  state === 'repeated' || state === 'foreign' || state === 'unreadable' ? state : null;

/** Codes of QR that a main side of the contract takes are no longer than this. */
const MOST_TEXT = 3000;

export type Reader = {
  readonly reading: Reading;
  /** Hands one code to main. Waits for codes before it; does nothing once everything is there. */
  readonly feed: (text: string) => Promise<void>;
  /** True while a code is with main: the camera leaves pictures out meanwhile. */
  readonly isBusy: () => boolean;
  readonly restart: () => void;
};

/** Collects codes through main until something is complete, from whatever finds them. */
export const useReader = (): Reader => {
  const [reading, setReading] = useState<Reading>(EMPTY);
  const chain = useRef<Promise<void>>(Promise.resolve());
  const state = useRef({ isOver: false, waiting: 0, session: 0 });
  const known = useRef<ReturnType<typeof readActs> | null>(null);

  const receive = useCallback(async (text: string, session: number): Promise<void> => {
    if (state.current.isOver || state.current.session !== session) return;
    try {
      known.current ??= readActs();
      const before = await known.current;
      const {
        state: answered,
        progress,
        received,
        expected,
        intake,
      } = await client['exchange.receive']({
        text,
      });
      const taken = intake === null ? null : await compareActs(intake, before);
      if (state.current.session !== session) return;
      if (taken !== null) {
        state.current.isOver = true;
        setReading((old) => ({
          ...old,
          phase: 'complete',
          note: null,
          progress: 1,
          received,
          expected,
          taken,
        }));
        return;
      }
      setReading((old) => ({
        ...old,
        phase: received > 0 ? 'collecting' : old.phase,
        note: noteOf(answered),
        progress,
        received,
        expected,
      }));
    } catch (error) {
      if (state.current.session !== session) return;
      state.current.isOver = true;
      setReading((old) => ({ ...old, phase: 'failed', note: null, error }));
    }
  }, []);

  const feed = useCallback(
    (text: string): Promise<void> => {
      const { session } = state.current;
      state.current.waiting += 1;
      const step = async (): Promise<void> => {
        try {
          if (text.length > 0 && text.length <= MOST_TEXT) await receive(text, session);
          else setReading((old) => ({ ...old, note: 'unreadable' }));
        } finally {
          state.current.waiting -= 1;
        }
      };
      chain.current = chain.current.then(step);
      return chain.current;
    },
    [receive],
  );

  const reset = useCallback((): void => {
    state.current.isOver = false;
    state.current.session += 1;
    known.current = null;
    // A reset cannot fail for a reason that a person could act on; the next frame would say the same.
    client['exchange.reset']({}).catch(() => undefined);
  }, []);

  useEffect(() => {
    reset();
    return reset;
  }, [reset]);

  return {
    reading,
    feed,
    isBusy: () => state.current.waiting > 0,
    restart: () => {
      reset();
      setReading(EMPTY);
    },
  };
};
