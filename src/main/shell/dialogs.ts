import path from 'node:path';
import { app, type BrowserWindow, dialog, type FileFilter } from 'electron';

type FilePurpose = 'payments' | 'directory' | 'rates' | 'keystore' | 'exchange';

const FILES: Readonly<Record<FilePurpose, { readonly title: string; readonly filters: FileFilter[] }>> = {
  payments: {
    title: 'Import payment file',
    filters: [
      { name: 'Payment files (pain.001, CSV)', extensions: ['xml', 'csv', 'txt'] },
      { name: 'All files', extensions: ['*'] },
    ],
  },
  directory: { title: 'Import directory', filters: [{ name: 'Nostro directory', extensions: ['json'] }] },
  rates: {
    title: 'Import reference rates',
    filters: [{ name: 'ECB reference rates', extensions: ['xml', 'csv'] }],
  },
  exchange: {
    title: 'Import envelope, policy or card',
    filters: [
      { name: 'Nostro', extensions: ['nostro'] },
      { name: 'All files', extensions: ['*'] },
    ],
  },
  keystore: {
    title: 'Import keystore',
    filters: [
      { name: 'Keystore (Web3 Secret Storage)', extensions: ['json'] },
      { name: 'All files', extensions: ['*'] },
    ],
  },
};

export type Dialogs = {
  readonly chooseFile: (purpose: FilePurpose) => Promise<string | null>;
  readonly chooseSaveTarget: (suggestedName: string, extension: string) => Promise<string | null>;
  readonly confirmConnections: (addresses: readonly string[]) => Promise<boolean>;
  /** Whether the page may use the camera until the vault locks. */
  readonly confirmCamera: () => Promise<boolean>;
};

/** The system's own dialogs, attached to the main window. Only main ever sees a path. */
export const createDialogs = (mainWindow: () => BrowserWindow | null): Dialogs => {
  const openOver = async <T>(open: (window: BrowserWindow) => Promise<T>): Promise<T | null> => {
    const window = mainWindow();
    return window ? open(window) : null;
  };
  return {
    chooseFile: async (purpose) => {
      const { title, filters } = FILES[purpose];
      const answer = await openOver((window) =>
        dialog.showOpenDialog(window, { title, filters, properties: ['openFile', 'dontAddToRecent'] }),
      );
      return answer && !answer.canceled ? (answer.filePaths[0] ?? null) : null;
    },
    chooseSaveTarget: async (suggestedName, extension) => {
      // SECURITY: a name may come from a payment file; it names a file here, never a folder.
      const name = path
        .basename(suggestedName)
        .replace(/[^\p{L}\p{N}._ -]/gu, '_')
        .slice(0, 120);
      const answer = await openOver((window) =>
        dialog.showSaveDialog(window, {
          defaultPath: path.join(app.getPath('documents'), name),
          filters: [{ name: extension.toUpperCase(), extensions: [extension] }],
          properties: ['createDirectory', 'showOverwriteConfirmation', 'dontAddToRecent'],
        }),
      );
      return answer && !answer.canceled && answer.filePath ? answer.filePath : null;
    },
    confirmConnections: async (addresses) => {
      const answer = await openOver((window) =>
        dialog.showMessageBox(window, {
          type: 'question',
          title: 'Connect to a server',
          message:
            addresses.length === 1
              ? 'Connect Nostro to this server?'
              : `Connect Nostro to these ${addresses.length} servers?`,
          detail: `${addresses.join('\n')}\n\nIt will see which accounts you ask about. Go on only if you entered it yourself.`,
          buttons: ['Do not connect', 'Connect'],
          defaultId: 0,
          cancelId: 0,
          noLink: true,
        }),
      );
      return answer?.response === 1;
    },
    confirmCamera: async () => {
      const answer = await openOver((window) =>
        dialog.showMessageBox(window, {
          type: 'question',
          title: 'Use the camera',
          message: 'Use the camera to read QR codes?',
          detail:
            'Pictures stay on this machine. Nostro asks again after it was locked. Go on only if you want to read codes now.',
          buttons: ['Do not use', 'Use camera'],
          defaultId: 0,
          cancelId: 0,
          noLink: true,
        }),
      );
      return answer?.response === 1;
    },
  };
};
