import type { AppEvent, Bridge } from '../../shared/contract';

export type EventListener = {
  readonly onEvent: (event: AppEvent) => void;
  /** At least one event was missed: everything shown may be stale, pull it again. */
  readonly onGap: () => void;
};

/**
 * Subscribes to what main tells this window. Revisions grow by one; anything else is a gap, reported before the event
 * that revealed it.
 */
export const subscribeToEvents = (bridge: Bridge, listener: EventListener): (() => void) => {
  let last: number | null = null;
  return bridge.subscribe(({ revision, event }) => {
    const isGap = last !== null && revision !== last + 1;
    last = revision;
    if (isGap) listener.onGap();
    listener.onEvent(event);
  });
};
