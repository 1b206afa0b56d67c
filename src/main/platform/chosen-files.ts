/**
 * Files that a person chose by dialog or dropped on the window, under ids. The page names the id, never a path.
 *
 * SECURITY: only dialogs and trusted drops put a path in here, so a taken-over page cannot make the main side read a
 * file that no person chose.
 */
import { lstatSync } from 'node:fs';
import { basename } from 'node:path';
import { AppError } from '../../shared/errors';
import { FileId } from '../../shared/model/ids';
import type { ChosenFile } from '../../shared/model/payments';

const KEPT = 64;

export type ChosenFiles = {
  /** Registers a path. Throws `file/not-found` or `file/not-regular`. */
  readonly add: (path: string) => ChosenFile;
  /** The path behind an id. Throws `file/not-found` for an id that was never given out or is long gone. */
  readonly pathOf: (fileId: string) => string;
};

export const createChosenFiles = (newId: (prefix: string) => string): ChosenFiles => {
  const paths = new Map<string, string>();
  return {
    add: (path) => {
      const name = basename(path).slice(0, 255);
      let stats: ReturnType<typeof lstatSync>;
      try {
        stats = lstatSync(path);
      } catch (cause) {
        throw new AppError('file/not-found', { name }, { cause });
      }
      if (!stats.isFile()) throw new AppError('file/not-regular', { name });
      const fileId = FileId.parse(newId('fil'));
      paths.set(fileId, path);
      const oldest = paths.keys().next();
      if (paths.size > KEPT && !oldest.done) paths.delete(oldest.value);
      return { fileId, name, sizeBytes: stats.size };
    },
    pathOf: (fileId) => {
      const path = paths.get(fileId);
      if (path === undefined) throw new AppError('file/not-found', { name: '' });
      return path;
    },
  };
};
