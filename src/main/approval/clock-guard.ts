/** This machine's clock against what is known to have happened. */
import { AppError } from '../../shared/errors';
import type { Instant } from '../../shared/model/ids';
import type { Clock } from '../platform/clock';

/** How far two honest clocks may be apart. */
const TOLERANCE_MS = 5 * 60_000;

/**
 * SECURITY: approvals and plans end; a clock that was set back would make them live again. The journal and the verified
 * acts of others are evidence of a time that has passed. Throws `clock/set-back` with both times.
 */
export const createClockGuard =
  ({ latestTime, clock }: { readonly latestTime: () => Promise<Instant | null>; readonly clock: Clock }) =>
  async (): Promise<void> => {
    const latest = await latestTime();
    const now = clock.now();
    if (latest !== null && now.getTime() < Date.parse(latest) - TOLERANCE_MS)
      throw new AppError('clock/set-back', { now: now.toISOString(), latest });
  };
