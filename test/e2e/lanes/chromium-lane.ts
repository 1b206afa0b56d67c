/** The built renderer in Debian's Chromium, bound to the real main side on Node with the production database driver. */
import path from 'node:path';
import { chromium, expect, type Page } from '@playwright/test';
import { createFileLogger } from './file-logger';
import type { Lane } from './lane';
import { readWords } from './lane';
import { type NodeHost, startNodeHost } from './node-host';

const waitForPage = async (find: () => Page | null): Promise<Page> => {
  await expect.poll(() => find() !== null, { message: 'the window opens' }).toBe(true);
  const page = find();
  if (!page) throw new Error('the window closed again');
  await page.waitForLoadState('domcontentloaded');
  return page;
};

export const createChromiumLane = (options: {
  readonly root: string;
  readonly executablePath: string;
}): Lane => {
  const stops = new Set<() => Promise<void>>();
  return {
    name: 'chromium',
    start: async ({ userData, sandboxFile, colorScheme = 'light', size = { width: 1280, height: 800 } }) => {
      const browser = await chromium.launch({
        executablePath: options.executablePath,
        chromiumSandbox: true,
        args: [
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
          '--no-first-run',
        ],
      });
      const context = await browser.newContext({ viewport: { ...size }, colorScheme });
      const host: NodeHost = await startNodeHost({
        context,
        root: options.root,
        userData,
        sandboxFile,
        log: createFileLogger(path.join(userData, 'app.log')),
      });
      const stop = async (): Promise<void> => {
        stops.delete(stop);
        await host.stop();
        await browser.close();
      };
      stops.add(stop);
      return {
        page: host.page,
        waitForApproval: () => waitForPage(host.approval),
        readRecoveryWords: async () => readWords(await waitForPage(host.recovery)),
        chooseNext: async (file) => host.setNextFile(file),
        saveNext: async (file) => host.setNextSave(file),
        dropFile: async (file) => host.dropFile(file),
        runtime: `Chromium ${browser.version()}`,
        processIds: async () => host.childIds(),
        quit: stop,
        kill: async () => {
          stops.delete(stop);
          host.kill();
          await browser.close();
        },
      };
    },
    dispose: async () => {
      for (const stop of [...stops]) await stop();
    },
  };
};
