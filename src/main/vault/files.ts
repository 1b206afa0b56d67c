/**
 * How the vault's files reach the disk and come back: whole or not at all.
 *
 * Writing: temp file (0600) → fsync → read back and verify → the old generation is linked to `.bak` → rename over →
 * fsync of the folder → read back and verify again → `.bak` removed. A kill at any point leaves the old file or the
 * new one under the final name.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/errors';
import { MAX_FILE_BYTES } from './layout';

export const VAULT_FILE = 'vault.nostro';
export const ATTEMPTS_FILE = 'vault.attempts';
const BACKUP_FILE = `${VAULT_FILE}.bak`;
const TEMPORARY = /\.tmp-[0-9a-f]{12}$/;
const OWN_FILE = /^vault\.(?:nostro|attempts)/;

const isNodeError = (error: unknown, code: string): boolean =>
  (error as NodeJS.ErrnoException | null)?.code === code;

const asWriteError = (error: unknown): AppError => {
  if (error instanceof AppError) return error;
  return new AppError(isNodeError(error, 'ENOSPC') ? 'disk/full' : 'vault/unwritable', undefined, {
    cause: error,
  });
};

const syncFolder = (directory: string): void => {
  // Windows cannot open a folder for fsync; NTFS journals the rename itself.
  if (process.platform === 'win32') return;
  const handle = openSync(directory, constants.O_RDONLY);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};

const writeTemporary = (directory: string, name: string, bytes: Uint8Array): string => {
  const path = join(directory, `${name}.tmp-${randomBytes(6).toString('hex')}`);
  const handle = openSync(path, 'wx', 0o600);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
    fsyncSync(handle);
  } catch (error) {
    closeSync(handle);
    rmSync(path, { force: true });
    throw error;
  }
  closeSync(handle);
  return path;
};

const removeTemporaries = (directory: string): void => {
  for (const name of readdirSync(directory)) {
    if (OWN_FILE.test(name) && TEMPORARY.test(name)) rmSync(join(directory, name), { force: true });
  }
};

/** Reads a small regular file, or `null` when there is none. `limit` is checked before memory is spent. */
const readWhole = (path: string, limit: number): Uint8Array | null => {
  let handle: number;
  try {
    // SECURITY: a link is not followed and a pipe does not hang the process.
    handle = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if (isNodeError(error, 'ENOENT')) return null;
    throw new AppError('vault/corrupt', undefined, { cause: error });
  }
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile() || stat.size > limit) throw new AppError('vault/corrupt');
    const bytes = new Uint8Array(stat.size);
    for (let at = 0; at < bytes.length; ) {
      const count = readSync(handle, bytes, at, bytes.length - at, at);
      if (count === 0) throw new AppError('vault/corrupt');
      at += count;
    }
    return bytes;
  } finally {
    closeSync(handle);
  }
};

export const hasVaultFile = (directory: string): boolean =>
  existsSync(join(directory, VAULT_FILE)) || existsSync(join(directory, BACKUP_FILE));

/** @throws AppError `vault/missing` | `vault/corrupt` */
export const readVaultFile = (directory: string): Uint8Array => {
  const bytes =
    readWhole(join(directory, VAULT_FILE), MAX_FILE_BYTES) ??
    readWhole(join(directory, BACKUP_FILE), MAX_FILE_BYTES);
  if (!bytes) throw new AppError('vault/missing');
  return bytes;
};

const keepBackup = (directory: string): void => {
  const current = join(directory, VAULT_FILE);
  const backup = join(directory, BACKUP_FILE);
  if (!existsSync(current)) return;
  rmSync(backup, { force: true });
  try {
    linkSync(current, backup);
  } catch {
    copyFileSync(current, backup, constants.COPYFILE_EXCL);
  }
};

/** Removes the previous generation. Called once the present one has been opened. */
export const dropBackup = (directory: string): void => {
  if (!existsSync(join(directory, VAULT_FILE)) || !existsSync(join(directory, BACKUP_FILE))) return;
  rmSync(join(directory, BACKUP_FILE), { force: true });
  syncFolder(directory);
};

/**
 * Replaces the vault file. `verify` gets bytes as they were read back and throws unless they open.
 *
 * @throws AppError `vault/exists` (mode `create` over an existing file) | `vault/unwritable` | `disk/full`
 */
export const writeVaultFile = (
  directory: string,
  bytes: Uint8Array,
  mode: 'create' | 'replace',
  verify: (written: Uint8Array) => void,
): void => {
  const target = join(directory, VAULT_FILE);
  const verifyAt = (path: string): void => {
    const written = readWhole(path, MAX_FILE_BYTES);
    if (!written) throw new AppError('vault/unwritable');
    verify(written);
  };
  let temporary: string | null = null;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    removeTemporaries(directory);
    if (mode === 'create' && hasVaultFile(directory)) throw new AppError('vault/exists');
    temporary = writeTemporary(directory, VAULT_FILE, bytes);
    verifyAt(temporary);
    keepBackup(directory);
    renameSync(temporary, target);
    temporary = null;
    syncFolder(directory);
    try {
      verifyAt(target);
    } catch (error) {
      if (existsSync(join(directory, BACKUP_FILE))) renameSync(join(directory, BACKUP_FILE), target);
      syncFolder(directory);
      throw error;
    }
    dropBackup(directory);
  } catch (error) {
    if (temporary) rmSync(temporary, { force: true });
    throw asWriteError(error);
  }
};

/** Replaces a small file atomically and durably. */
export const writeDurably = (directory: string, name: string, bytes: Uint8Array): void => {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const temporary = writeTemporary(directory, name, bytes);
    renameSync(temporary, join(directory, name));
    syncFolder(directory);
  } catch (error) {
    throw asWriteError(error);
  }
};

export const readSmallFile = (directory: string, name: string, limit: number): Uint8Array | null =>
  readWhole(join(directory, name), limit);
