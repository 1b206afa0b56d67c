/**
 * Files that were opened with the app, by double click or on its icon, until somebody takes them in. They wait through a
 * lock: opening one shows that it is there and does nothing else.
 */
import type { FileId } from '../../shared/model/ids';
import type { ChosenFile } from '../../shared/model/payments';

/** More than that nobody opened on purpose; the oldest go. */
const KEPT = 8;

export type OpenedFiles = {
  readonly add: (file: ChosenFile) => void;
  readonly list: () => { readonly fileId: FileId; readonly name: string }[];
  readonly taken: (fileId: string) => void;
};

export const createOpenedFiles = (): OpenedFiles => {
  let waiting: readonly ChosenFile[] = [];
  return {
    add: (file) => {
      waiting = [...waiting, file].slice(-KEPT);
    },
    list: () => waiting.map(({ fileId, name }) => ({ fileId, name })),
    taken: (fileId) => {
      waiting = waiting.filter((file) => file.fileId !== fileId);
    },
  };
};
