/**
 * What a journey gets: an app that starts in the lane of its project, a sandbox chain of its own, a fresh workspace.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test as base } from '@playwright/test';
import { type EnrolmentDesk, openEnrolmentDesk } from '../sandbox/enrolment-desk';
import { type Sandbox, startSandbox } from '../sandbox/index';
import { readLaunchers } from './global-setup';
import { createChromiumLane } from './lanes/chromium-lane';
import { createElectronLane } from './lanes/electron-lane';
import type { Lane, RunningApp, StartOptions } from './lanes/lane';

export { expect } from '@playwright/test';

export const ROOT = path.resolve(import.meta.dirname, '..', '..');

/** A folder that the app may use also when it runs as another user than the tests. */
export const makeFolder = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'nostro-e2e-'));
  chmodSync(folder, 0o777);
  return folder;
};

type Fixtures = {
  /** Scratch folder of the test: files to import, exports. */
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly desk: EnrolmentDesk;
  readonly lane: Lane;
  /** Starts the app on this test's workspace; call again after `quit` or `kill` for a restart. */
  readonly start: (options?: Partial<StartOptions>) => Promise<RunningApp>;
};

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from the pattern
  folder: async ({}, use) => {
    const folder = makeFolder();
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from the pattern
  sandbox: async ({}, use) => {
    const sandbox = await startSandbox({ mining: 'mixed', blockTimeSeconds: 1 });
    await use(sandbox);
    await sandbox.stop();
  },
  desk: async ({ sandbox }, use) => {
    const desk = openEnrolmentDesk(sandbox);
    await use(desk);
    desk.close();
  },
  // Needs the folder so that it is there until the app has stopped.
  lane: async ({ folder: _folder }, use, info) => {
    const launchers = readLaunchers();
    const lane =
      info.project.name === 'electron'
        ? createElectronLane(launchers.electron)
        : createChromiumLane({ root: ROOT, executablePath: launchers.chromium.executablePath });
    await use(lane);
    await lane.dispose();
  },
  start: async ({ lane, folder }, use) => {
    const userData = path.join(folder, 'user-data');
    await use((options = {}) => lane.start({ userData, sandboxFile: null, ...options }));
  },
});
