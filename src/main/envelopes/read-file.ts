/** Reads a file that somebody brought: one regular file, at most so many bytes, the same from begin to end. */
import { constants } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { AppError } from '../../shared/errors';

type Stats = Awaited<ReturnType<FileHandle['stat']>>;

const CHUNK = 256 * 1024;

const kindOf = (stats: Stats): string => {
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isDirectory()) return 'directory';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  if (stats.isCharacterDevice() || stats.isBlockDevice()) return 'device';
  return 'file';
};

const toAppError = (error: unknown): AppError => {
  if (error instanceof AppError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return new AppError('file/not-found', {}, { cause: error });
  if (code === 'ELOOP') return new AppError('file/not-regular', { kind: 'symlink' }, { cause: error });
  if (code === 'ENXIO') return new AppError('file/not-regular', { kind: 'socket' }, { cause: error });
  return new AppError('file/unreadable', { reason: code === '' ? 'invalid-path' : code }, { cause: error });
};

const readAll = async (handle: FileHandle, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array> => {
  const start = await handle.stat();
  if (!start.isFile()) throw new AppError('file/not-regular', { kind: kindOf(start) });
  if (start.size > maxBytes) throw new AppError('file/too-large', { sizeBytes: start.size, maxBytes });
  // SECURITY: one byte more than there should be is asked for, so that a file that grows is noticed and stays capped.
  const buffer = Buffer.alloc(start.size + 1);
  let length = 0;
  for (;;) {
    if (signal?.aborted) throw new AppError('cancelled');
    const { bytesRead } = await handle.read(buffer, length, Math.min(CHUNK, buffer.length - length), length);
    length += bytesRead;
    if (bytesRead === 0 || length === buffer.length) break;
  }
  const end = await handle.stat();
  // `ctime` cannot be set back, and tells of another file that took this one's place.
  if (
    length !== start.size ||
    end.size !== start.size ||
    end.mtimeMs !== start.mtimeMs ||
    end.ctimeMs !== start.ctimeMs
  )
    throw new AppError('file/changed-while-reading', { sizeBytes: start.size, sizeAfter: end.size });
  return new Uint8Array(buffer.buffer, buffer.byteOffset, length);
};

/**
 * SECURITY: the file is opened once, without following a symbolic link and without waiting on a pipe; what was opened is what
 * is measured, read and checked. Nothing reads it a second time.
 *
 * Throws `file/not-found` | `file/not-regular` | `file/too-large` | `file/unreadable` | `file/changed-while-reading` |
 * `cancelled`.
 */
export const readEnvelopeFile = async (
  path: string,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<Uint8Array> => {
  let handle: FileHandle | undefined;
  try {
    const before = await lstat(path);
    if (!before.isFile()) throw new AppError('file/not-regular', { kind: kindOf(before) });
    handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    return await readAll(handle, maxBytes, signal);
  } catch (error) {
    throw toAppError(error);
  } finally {
    await handle?.close();
  }
};
