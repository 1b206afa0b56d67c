import type { MainClient } from '../../../../shared/contract';
import { client } from '../../../client';

export type What = Parameters<MainClient['exchange.frames']>[0]['what'];

export type FrameFacts = { readonly pure: number; readonly sizeBytes: number };

/** Frames are asked for in portions of this many: a little ahead of what is shown, never all of an endless stream. */
const PORTION = 50;
/** Portions that are kept: enough to step back, little enough to stay small. */
const KEPT = 4;
/** Main hands out no frame beyond this one; the player begins again there. */
export const LAST_FRAME = 999_999;

export type FrameSource = {
  /** Text of a frame, counted from 0. Asks main when it is not at hand. */
  readonly read: (index: number) => Promise<string>;
  /** Of the first answer; `null` before it. */
  readonly facts: () => FrameFacts | null;
};

/** The frames of one thing, pulled in portions as they are shown; the next portion is on its way before it is needed. */
export const createFrameSource = (what: What, ask = client['exchange.frames']): FrameSource => {
  const portions = new Map<number, Promise<readonly string[]>>();
  let facts: FrameFacts | null = null;
  const load = (portion: number): Promise<readonly string[]> => {
    const known = portions.get(portion);
    if (known !== undefined) return known;
    const from = portion * PORTION;
    const asked = ask({ what, from, count: Math.min(PORTION, LAST_FRAME + 1 - from) }).then(
      ({ pure, sizeBytes, frames }) => {
        facts = { pure, sizeBytes };
        return frames;
      },
    );
    portions.set(portion, asked);
    asked.catch(() => portions.delete(portion));
    for (const old of [...portions.keys()].slice(0, -KEPT)) portions.delete(old);
    return asked;
  };
  return {
    read: async (index) => {
      const portion = Math.floor(index / PORTION);
      const frames = await load(portion);
      const isLate = index % PORTION > PORTION / 2;
      // What a single code holds needs no second portion. An error of it is met when its frame is shown.
      if (isLate && (facts?.pure ?? 1) > 1 && (portion + 1) * PORTION <= LAST_FRAME)
        load(portion + 1).catch(() => undefined);
      const frame = frames[index % PORTION];
      if (frame === undefined) throw new RangeError('main handed out fewer frames than asked');
      return frame;
    },
    facts: () => facts,
  };
};
