/**
 * One process per database file, by a lock file beside it: refuses early and in words, also where the file system has no
 * locks. The database's own exclusive lock stands behind it.
 */

import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { AppError } from '../../shared/errors';

type Holder = { readonly pid: number; readonly startedAt: string | null };

/** Start time of a process in clock ticks since boot (Linux), so that a reused pid is not taken for the holder. */
const startOf = (pid: number): string | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
};

const isAlive = (holder: Holder): boolean => {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: it lives, under another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  if (holder.startedAt === null) return true;
  const started = startOf(holder.pid);
  return started === null || started === holder.startedAt;
};

const readHolder = (file: string): Holder | null => {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const { pid, startedAt } = value as Partial<Holder>;
    if (typeof pid !== 'number' || !Number.isInteger(pid) || pid <= 0) return null;
    return { pid, startedAt: typeof startedAt === 'string' ? startedAt : null };
  } catch {
    return null;
  }
};

/**
 * Takes the lock and returns its release. Throws `ledger/in-use` while a living process holds it. A stale lock (its
 * process is gone, or its content is unreadable) is taken over.
 */
export const takeLock = (databaseFile: string): (() => void) => {
  const file = `${databaseFile}.lock`;
  const own: Holder = { pid: process.pid, startedAt: startOf(process.pid) };
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeFileSync(file, JSON.stringify(own), { flag: 'wx', mode: 0o600 });
      return () => {
        if (readHolder(file)?.pid === process.pid) rmSync(file, { force: true });
      };
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (code === 'ENOSPC') throw new AppError('disk/full', undefined, { cause: error });
      if (code !== 'EEXIST') throw new AppError('ledger/unwritable', { system: code }, { cause: error });
    }
    const holder = readHolder(file);
    if (holder && isAlive(holder)) throw new AppError('ledger/in-use', { pid: holder.pid });
    // Moved aside first: of two processes that find the same stale lock, one rename succeeds.
    const aside = `${file}.${randomUUID()}`;
    try {
      renameSync(file, aside);
      rmSync(aside, { force: true });
    } catch {
      // The other one was faster; the next attempt sees its lock.
    }
  }
  throw new AppError('ledger/in-use');
};
