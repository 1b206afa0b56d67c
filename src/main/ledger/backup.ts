import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../shared/errors';
import type { Db } from './driver';

const syncPath = (path: string): void => {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

/**
 * Writes a copy of the database as of now, encrypted under the same key, and puts it under its name only when it is
 * whole and on disk (temp file, fsync, rename, fsync of the folder). An older copy of that name is replaced.
 */
export const backupTo = (db: Db, target: string): void => {
  const temporary = `${target}.partial`;
  try {
    rmSync(temporary, { force: true });
    // Made by us first, so that it is private from its first byte; VACUUM INTO accepts an empty file.
    closeSync(openSync(temporary, 'wx', 0o600));
    db.prepare('VACUUM INTO ?').run(temporary);
    syncPath(temporary);
    renameSync(temporary, target);
    syncPath(dirname(target));
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary, { force: true });
    if (error instanceof AppError) throw error;
    const system = (error as NodeJS.ErrnoException).code ?? '';
    throw new AppError(system === 'ENOSPC' ? 'disk/full' : 'ledger/unwritable', { system }, { cause: error });
  }
};
