import type { Page } from '@playwright/test';

/** A running app, whichever lane it runs in. Journeys and the demo know nothing else of it. */
export type RunningApp = {
  /** The main window. */
  readonly page: Page;
  /** Resolves with the approval window once it is open. */
  readonly waitForApproval: () => Promise<Page>;
  /** Reads the recovery words from their own window, as a person would, in order. */
  readonly readRecoveryWords: () => Promise<string[]>;
  /** What the next "open file" dialog answers; `null` cancels it. */
  readonly chooseNext: (path: string | null) => Promise<void>;
  /** What the next "save file" dialog answers; `null` cancels it. */
  readonly saveNext: (path: string | null) => Promise<void>;
  /** Drops a file of the disk on the main window. */
  readonly dropFile: (path: string) => Promise<void>;
  /** What runs it: `Electron 25.1.1`. */
  readonly runtime: string;
  /** Process ids of the app and its children. */
  readonly processIds: () => Promise<number[]>;
  /** Closes it as a person does. */
  readonly quit: () => Promise<void>;
  /** SIGKILL to the app and everything it started. */
  readonly kill: () => Promise<void>;
};

export type StartOptions = {
  /** Folder of the workspace; kept by the caller, so that a second start finds it again. */
  readonly userData: string;
  /** Directory file of a running sandbox, `null` for a start without one. */
  readonly sandboxFile: string | null;
  /** `null`: the windows follow the app's own setting, as on a desk. */
  readonly colorScheme?: 'light' | 'dark' | null;
  readonly size?: { readonly width: number; readonly height: number };
};

export type Lane = {
  readonly name: 'chromium' | 'electron';
  readonly start: (options: StartOptions) => Promise<RunningApp>;
  readonly dispose: () => Promise<void>;
};

/** Cells of the recovery page: a number, then the word. */
export const readWords = async (page: Page): Promise<string[]> => {
  const words = page.locator('main > ol > li > b');
  await words.first().waitFor();
  return words.allTextContents();
};
