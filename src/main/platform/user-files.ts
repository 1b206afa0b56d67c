/** Files that a person chose to read or write: capped, regular, written whole or not at all. */
import { randomBytes } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '../../shared/errors';

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown';

const CHUNK = 1024 * 1024;

type FileCalls = {
  readonly lstat: (path: string, options: { bigint: true }) => Promise<BigIntStats>;
  readonly open: (path: string, flags: number) => Promise<FileHandle>;
};

const isSameFile = (one: BigIntStats, other: BigIntStats): boolean =>
  one.dev === other.dev && one.ino === other.ino;
/** `ctime` too: it cannot be set back, and tells that a file was renamed or that another one took its place. */
const isUnchanged = (one: BigIntStats, other: BigIntStats): boolean =>
  isSameFile(one, other) &&
  one.size === other.size &&
  one.mtimeNs === other.mtimeNs &&
  one.ctimeNs === other.ctimeNs;

const openFailure = (cause: unknown, name: string): AppError => {
  const reason = codeOf(cause);
  if (reason === 'ENOENT' || reason === 'ENOTDIR') return new AppError('file/not-found', { name }, { cause });
  // A link where links are not followed, a socket, a device without a driver.
  if (reason === 'ELOOP' || reason === 'ENXIO' || reason === 'ENODEV')
    return new AppError('file/not-regular', { name }, { cause });
  return new AppError('file/unreadable', { name, reason }, { cause });
};

/** `calls`: the file system, so that tests can change a file at any moment of its reading. */
export const createReadUserFile =
  (calls: FileCalls) =>
  async (path: string, maxBytes: number): Promise<Uint8Array> => {
    const name = basename(path);
    const changed = (): AppError => new AppError('file/changed-while-reading', { name });
    let handle: FileHandle;
    let before: BigIntStats;
    try {
      before = await calls.lstat(path, { bigint: true });
      if (!before.isFile()) throw new AppError('file/not-regular', { name });
      // SECURITY: never through a link, and without waiting, so that a pipe put in the file's place cannot hold a thread
      // for ever. Windows has neither flag: there the file that was opened is compared with the one that was looked at.
      handle = await calls.open(
        path,
        constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
      );
    } catch (error) {
      throw error instanceof AppError ? error : openFailure(error, name);
    }
    try {
      const start = await handle.stat({ bigint: true });
      if (!start.isFile()) throw new AppError('file/not-regular', { name });
      if (!isSameFile(before, start)) throw changed();
      if (start.size > BigInt(maxBytes)) throw new AppError('file/too-large', { name, limitBytes: maxBytes });
      const size = Number(start.size);
      // SECURITY: one byte more than the file has is asked for, so one that grows, or says that it is empty and is not
      // (/proc), does not get past the cap and is noticed.
      const bytes = new Uint8Array(size + 1);
      let length = 0;
      while (length < bytes.length) {
        const wanted = Math.min(CHUNK, bytes.length - length);
        const { bytesRead } = await handle.read(bytes, length, wanted, length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      if (length !== size || !isUnchanged(start, await handle.stat({ bigint: true }))) throw changed();
      return bytes.subarray(0, length);
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw new AppError('file/unreadable', { name, reason: codeOf(error) }, { cause: error });
    } finally {
      await handle.close();
    }
  };

/**
 * A regular file whole, as it was at one moment. Throws `file/not-found`, `file/not-regular` (also for links),
 * `file/too-large`, `file/unreadable`, `file/changed-while-reading`.
 */
export const readUserFile = createReadUserFile({ lstat, open });

/** Writes beside the target, then renames: a failure leaves what was there. Throws `file/unwritable`. */
export const writeUserFile = async (
  path: string,
  chunks: Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>,
): Promise<void> => {
  // SECURITY: a name that nobody knows, made here or not at all: in a folder that others may write to, a link laid at a
  // name that can be guessed would send the content into any file of this user.
  const temporary = `${path}.${randomBytes(8).toString('hex')}.part`;
  let isOurs = false;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    isOurs = true;
    try {
      for await (const chunk of chunks) await handle.writeFile(chunk);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    if (isOurs) await rm(temporary, { force: true });
    if (cause instanceof AppError) throw cause;
    throw new AppError('file/unwritable', { name: basename(path), reason: codeOf(cause) }, { cause });
  }
};
