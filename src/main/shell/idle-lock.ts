/** Decides when the vault locks by itself. Pure but for the clock it is given. */
import type { Clock } from '../platform/clock';

export type IdleLock = {
  /** A person used one of the windows. */
  readonly touch: () => void;
  /** Called every few seconds; locks when the time is over. */
  readonly check: () => void;
};

type IdleLockDeps = {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Minutes without input until the lock; 0 never. */
  readonly minutes: () => number;
  readonly isUnlocked: () => boolean;
  /** While payments are being signed the time does not count. */
  readonly isBusy: () => boolean;
  readonly lock: () => void;
};

export const createIdleLock = (deps: IdleLockDeps): IdleLock => {
  const { clock, minutes, isUnlocked, isBusy, lock } = deps;
  let lastUse = clock.monotonicMs();
  let wasUnlocked = false;
  return {
    touch: () => {
      lastUse = clock.monotonicMs();
    },
    check: () => {
      const unlocked = isUnlocked();
      // Unlocking is use, also when it is done without a keystroke here.
      if (isBusy() || (unlocked && !wasUnlocked)) lastUse = clock.monotonicMs();
      wasUnlocked = unlocked;
      const limit = minutes();
      if (!unlocked || limit === 0) return;
      if (clock.monotonicMs() - lastUse >= limit * 60_000) lock();
    },
  };
};
