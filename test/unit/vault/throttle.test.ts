import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createThrottle, type Throttle, waitAfter } from '../../../src/main/vault/throttle';
import { AppError } from '../../../src/shared/errors';

let directory: string;
let now: number;
const clock = () => now;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'nostro-throttle-'));
  now = 5_000_000;
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const wrong = async (): Promise<never> => {
  throw new AppError('vault/wrong-passphrase');
};

/** `ran` if the attempt was taken (and failed), else the wait in ms. */
const tryWrong = (throttle: Throttle): Promise<number | 'ran'> =>
  throttle.attempt(wrong).catch((error: AppError) => {
    if (error.code === 'vault/throttled') return Number(error.details?.waitMs);
    if (error.code === 'vault/wrong-passphrase') return 'ran' as const;
    throw error;
  });

/** Fails until the next attempt has to wait, then until `failures` in all. */
const failTimes = async (failures: number): Promise<void> => {
  const throttle = createThrottle(directory, clock);
  for (let i = 0; i < failures; i += 1) {
    now += throttle.state().waitMs;
    expect(await tryWrong(throttle)).toBe('ran');
  }
};

describe('the wait after wrong passphrases', () => {
  it('is nothing three times, then doubles from a second to five minutes, and is an hour after a hundred', () => {
    expect([0, 1, 2, 3, 4, 5, 6].map(waitAfter)).toEqual([0, 0, 0, 1000, 2000, 4000, 8000]);
    expect([11, 12, 50, 99].map(waitAfter)).toEqual([256_000, 300_000, 300_000, 300_000]);
    expect([100, 101, 1_000_000].map(waitAfter)).toEqual([3_600_000, 3_600_000, 3_600_000]);
    for (let i = 0; i < 200; i += 1) expect(waitAfter(i + 1)).toBeGreaterThanOrEqual(waitAfter(i));
  });

  it('refuses without running the attempt, names the wait, and takes it again afterwards', async () => {
    await failTimes(4);
    const throttle = createThrottle(directory, clock);
    expect(await tryWrong(throttle)).toBe(2000);
    now += 1999;
    expect(await tryWrong(throttle)).toBe(1);
    now += 1;
    expect(await tryWrong(throttle)).toBe('ran');
    expect(throttle.state()).toEqual({ failures: 5, waitMs: 4000 });
  });

  it('lets the right passphrase in after the wait, however many were wrong, and starts anew', async () => {
    await failTimes(120);
    const throttle = createThrottle(directory, clock);
    await expect(throttle.attempt(async () => 'open')).rejects.toMatchObject({ code: 'vault/throttled' });
    now += 3_600_000;
    expect(await throttle.attempt(async () => 'open')).toBe('open');
    expect(throttle.state()).toEqual({ failures: 0, waitMs: 0 });
  });

  it('survives restarts of the program', async () => {
    await failTimes(6);
    for (let restart = 0; restart < 50; restart += 1) {
      expect(await tryWrong(createThrottle(directory, clock))).toBe(8000);
    }
    now += 8000;
    expect(await tryWrong(createThrottle(directory, clock))).toBe('ran');
  });

  it('counts an attempt whose process was ended in the middle', async () => {
    for (let i = 0; i < 3; i += 1) {
      const throttle = createThrottle(directory, clock);
      let begun: () => void = () => undefined;
      const started = new Promise<void>((resolve) => {
        begun = resolve;
      });
      // Never settles: the process is gone from here on.
      void throttle.attempt(() => {
        begun();
        return new Promise(() => undefined);
      });
      await started;
    }
    expect(await tryWrong(createThrottle(directory, clock))).toBe(1000);
  });

  it('is not shortened by a restart of the machine, whose clock starts again', async () => {
    await failTimes(12);
    now = 3_000;
    const throttle = createThrottle(directory, clock);
    expect(await tryWrong(throttle)).toBe(297_000);
    now = 200_000;
    expect(await tryWrong(createThrottle(directory, clock))).toBe(100_000);
    now = 300_000;
    expect(await tryWrong(createThrottle(directory, clock))).toBe('ran');
  });

  it('does not ask the wall clock', async () => {
    await failTimes(12);
    const realNow = Date.now;
    try {
      for (const years of [-10, 10]) {
        Date.now = () => realNow() + years * 365 * 86_400_000;
        expect(await tryWrong(createThrottle(directory, clock))).toBe(300_000);
      }
    } finally {
      Date.now = realNow;
    }
  });

  it('runs parallel attempts one after the other, and only as many as are allowed', async () => {
    const throttle = createThrottle(directory, clock);
    let running = 0;
    let most = 0;
    const attempt = async (): Promise<never> => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      throw new AppError('vault/wrong-passphrase');
    };
    const codes = await Promise.all(
      Array.from({ length: 8 }, () => throttle.attempt(attempt).catch((error: AppError) => error.code)),
    );
    expect(most).toBe(1);
    expect(codes).toEqual([
      ...Array<string>(3).fill('vault/wrong-passphrase'),
      ...Array<string>(5).fill('vault/throttled'),
    ]);
  });

  it('takes a record that cannot be read as many failures, once', async () => {
    for (const text of [
      '',
      'nonsense',
      'nostro-attempts 1 -5 0\n',
      'nostro-attempts 9 0 0\n',
      '\0'.repeat(5000),
    ]) {
      writeFileSync(join(directory, 'vault.attempts'), text);
      expect(await tryWrong(createThrottle(directory, clock))).toBe(300_000);
      now += 300_000;
      expect(await tryWrong(createThrottle(directory, clock))).toBe('ran');
    }
  });

  it('deletes nothing', async () => {
    writeFileSync(join(directory, 'vault.nostro'), 'stays');
    await failTimes(150);
    expect(existsSync(join(directory, 'vault.nostro'))).toBe(true);
    expect(readdirSync(directory).sort()).toEqual(['vault.attempts', 'vault.nostro']);
  });
});
