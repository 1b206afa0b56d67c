/** Files that a person chose to read or write: capped, regular, written whole or not at all. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '../../shared/errors';

const messageOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown';

/** Throws `file/unreadable`, `file/not-regular`, `file/too-large`. */
export const readUserFile = async (path: string, maxBytes: number): Promise<Uint8Array> => {
  const name = basename(path);
  // SECURITY: without waiting, so that a pipe put in the file's place cannot hold a thread for ever.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(
    (cause: unknown) => {
      throw new AppError('file/unreadable', { name, reason: messageOf(cause) }, { cause });
    },
  );
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new AppError('file/not-regular', { name });
    if (stats.size > maxBytes) throw new AppError('file/too-large', { name, limitBytes: maxBytes });
    // SECURITY: one byte more than allowed is asked for, so a file that grows while it is read does not get past the cap.
    const buffer = Buffer.alloc(Math.min(stats.size, maxBytes) + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
      length += bytesRead;
      if (bytesRead === 0 || length === buffer.length) break;
    }
    if (length !== stats.size) throw new AppError('file/changed-while-reading', { name });
    return new Uint8Array(buffer.subarray(0, length));
  } finally {
    await handle.close();
  }
};

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
    throw new AppError('file/unwritable', { name: basename(path), reason: messageOf(cause) }, { cause });
  }
};
