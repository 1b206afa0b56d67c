import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { AppError } from '../../shared/errors';

export const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;
const CHUNK = 64 * 1024;

export type FileSource = {
  readonly sizeBytes: number;
  /** Every byte once, in order, in pieces of at most 64 KiB. Each piece is valid until the next is asked for. */
  readonly chunks: (signal?: AbortSignal) => AsyncGenerator<Uint8Array>;
  /** After the last byte: fails with `file/changed-while-reading` when the file is not what it was. */
  readonly finish: () => Promise<{ sha256: string }>;
  readonly close: () => Promise<void>;
};

type Stats = Awaited<ReturnType<FileHandle['stat']>>;

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

/**
 * Opens one regular file for one reading.
 *
 * SECURITY: the file is opened once, without following a symbolic link and without waiting on a pipe; what was opened
 * is what is measured, hashed and parsed. Size and time are compared at the end, so that the fingerprint always is of
 * the bytes that were read.
 */
export const openFileSource = async (path: string, maxBytes: number): Promise<FileSource> => {
  let handle: FileHandle;
  try {
    const before = await lstat(path);
    if (!before.isFile()) throw new AppError('file/not-regular', { kind: kindOf(before) });
    handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw toAppError(error);
  }
  try {
    const start = await handle.stat();
    if (!start.isFile()) throw new AppError('file/not-regular', { kind: kindOf(start) });
    if (start.size > maxBytes) throw new AppError('file/too-large', { sizeBytes: start.size, maxBytes });
    const hash = createHash('sha256');
    let total = 0;

    const chunks = async function* (signal?: AbortSignal): AsyncGenerator<Uint8Array> {
      const buffer = Buffer.allocUnsafe(CHUNK);
      for (;;) {
        if (signal?.aborted) throw new AppError('cancelled');
        const { bytesRead } = await handle.read(buffer, 0, CHUNK, null).catch((error: unknown) => {
          throw toAppError(error);
        });
        if (bytesRead === 0) return;
        total += bytesRead;
        // A file that grows while it is read must not get past the limit either.
        if (total > maxBytes) throw new AppError('file/too-large', { sizeBytes: total, maxBytes });
        const chunk = buffer.subarray(0, bytesRead);
        hash.update(chunk);
        yield chunk;
      }
    };

    return {
      sizeBytes: start.size,
      chunks,
      finish: async () => {
        const end = await handle.stat();
        if (end.size !== start.size || end.mtimeMs !== start.mtimeMs || total !== start.size)
          throw new AppError('file/changed-while-reading', { sizeBytes: start.size, sizeAfter: end.size });
        return { sha256: hash.digest('hex') };
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw toAppError(error);
  }
};
