/**
 * How fast passphrases may be tried.
 *
 * Invariants: an attempt is on disk before its key derivation starts, so ending the process does not undo it; the wait
 * survives restarts; the wall clock is never asked, so setting it changes nothing; nothing is ever deleted, and the
 * right passphrase opens after the wait, however often the wrong one was given.
 *
 * Time comes from the machine's monotonic clock. Across restarts of the program it keeps counting; across restarts of
 * the machine it starts again, and then its whole reading is time that has certainly passed. In every case the
 * reading gives a lower bound of the real time since the attempt, so no restart shortens a wait.
 */
import { AppError } from '../../shared/errors';
import { ATTEMPTS_FILE, readSmallFile, writeDurably } from './files';

export type ThrottleState = {
  /** Attempts since the last success. */
  readonly failures: number;
  /** Reading of the monotonic clock at the last attempt, ms. */
  readonly at: number;
};

/** Milliseconds on a clock that only moves forward: `process.hrtime` in production. */
export type MonotonicClock = () => number;

export const readMonotonicClock: MonotonicClock = () => Number(process.hrtime.bigint() / 1_000_000n);

const FREE_ATTEMPTS = 3;
const LONGEST_WAIT = 5 * 60_000;
/** From here on guessing is not forgetfulness any more (NIST SP 800-63B: at most 100 attempts in a row). */
const MANY_ATTEMPTS = 100;
const WAIT_AFTER_MANY = 60 * 60_000;
/** A record that cannot be read counts as this many, which is the longest ordinary wait. */
const FAILURES_IF_UNREADABLE = 12;

/** The wait before the next attempt after `failures` in a row: 0, 0, 0, then 1 s doubling to 5 min, 1 h from 100. */
export const waitAfter = (failures: number): number => {
  if (failures < FREE_ATTEMPTS) return 0;
  if (failures >= MANY_ATTEMPTS) return WAIT_AFTER_MANY;
  return Math.min(1000 * 2 ** (failures - FREE_ATTEMPTS), LONGEST_WAIT);
};

export const remainingWait = (state: ThrottleState, now: number): number => {
  const elapsed = Math.max(0, now - state.at);
  return Math.max(0, Math.ceil(waitAfter(state.failures) - elapsed));
};

const FORMAT = /^nostro-attempts 1 (\d{1,9}) (\d{1,15})\n$/;

export const loadThrottle = (directory: string, now: number): ThrottleState => {
  let bytes: Uint8Array | null;
  try {
    bytes = readSmallFile(directory, ATTEMPTS_FILE, 100);
  } catch {
    bytes = new Uint8Array();
  }
  if (!bytes) return { failures: 0, at: now };
  const match = FORMAT.exec(Buffer.from(bytes).toString('latin1'));
  if (!match?.[1] || !match[2]) return { failures: FAILURES_IF_UNREADABLE, at: now };
  const at = Number(match[2]);
  // A reading from the future is from before the machine's restart: count from the restart.
  return { failures: Number(match[1]), at: at > now ? 0 : at };
};

const saveThrottle = (directory: string, state: ThrottleState): void =>
  writeDurably(
    directory,
    ATTEMPTS_FILE,
    Buffer.from(`nostro-attempts 1 ${state.failures} ${Math.floor(state.at)}\n`, 'latin1'),
  );

export type Throttle = {
  readonly state: () => { readonly failures: number; readonly waitMs: number };
  /**
   * Runs one attempt. Attempts run one after the other; a failure of any kind counts.
   *
   * @throws AppError `vault/throttled` with `waitMs`, without running it
   */
  readonly attempt: <T>(run: () => Promise<T>) => Promise<T>;
};

export const createThrottle = (directory: string, clock: MonotonicClock = readMonotonicClock): Throttle => {
  let queue: Promise<unknown> = Promise.resolve();

  const attemptNow = async <T>(run: () => Promise<T>): Promise<T> => {
    const before = loadThrottle(directory, clock());
    const waitMs = remainingWait(before, clock());
    if (waitMs > 0) {
      // A record that could not be read starts its wait once, here, instead of anew at every look.
      saveThrottle(directory, before);
      throw new AppError('vault/throttled', { waitMs });
    }
    saveThrottle(directory, { failures: before.failures + 1, at: clock() });
    const result = await run().catch((error: unknown) => {
      // The wait counts from the end of the attempt.
      saveThrottle(directory, { failures: before.failures + 1, at: clock() });
      throw error;
    });
    saveThrottle(directory, { failures: 0, at: clock() });
    return result;
  };

  return {
    state: () => {
      const now = clock();
      const state = loadThrottle(directory, now);
      return { failures: state.failures, waitMs: remainingWait(state, now) };
    },
    attempt: (run) => {
      const turn = queue.then(() => attemptNow(run));
      queue = turn.catch(() => undefined);
      return turn;
    },
  };
};
