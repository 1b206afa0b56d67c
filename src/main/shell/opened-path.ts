/**
 * Which file this app was asked to open. Pure but for one look at the file system.
 *
 * SECURITY: arguments come from whoever starts the program. Of all of them one plain path to a regular `.nostro` file is
 * taken; no switch, no address, nothing else is read from them, and to be opened is to be offered, never to be acted on.
 */
import { lstatSync } from 'node:fs';
import path from 'node:path';

export const EXCHANGE_EXTENSION = '.nostro';

const isRegularFile = (file: string): boolean => {
  try {
    // Of the path itself: a link could point anywhere, also at a device.
    return lstatSync(file).isFile();
  } catch {
    return false;
  }
};

/** SECURITY: to look at a share of another machine would connect to it, and tell it who asks. */
const isOnAnotherMachine = (file: string): boolean => /^[\\/]{2}/.test(file);

/** The absolute path when `file` can be offered, else `null`. */
export const readOpenedPath = (file: string, workingDirectory: string): string | null => {
  if (file.length > 4096 || path.extname(file).toLowerCase() !== EXCHANGE_EXTENSION) return null;
  if (isOnAnotherMachine(file) || file.includes('\0')) return null;
  const full = path.resolve(workingDirectory, file);
  return !isOnAnotherMachine(full) && isRegularFile(full) ? full : null;
};

/** The one file among a program's arguments; `null` when there is none, or more than one. */
export const findOpenedPath = (argv: readonly string[], workingDirectory: string): string | null => {
  const named = argv
    .slice(1)
    .filter((argument) => !argument.startsWith('-') && argument.toLowerCase().endsWith(EXCHANGE_EXTENSION));
  return named.length === 1 && named[0] !== undefined ? readOpenedPath(named[0], workingDirectory) : null;
};
