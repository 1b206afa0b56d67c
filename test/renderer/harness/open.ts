import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test';
import { prepareChromiumLauncher } from '../../../scripts/electron-launcher.mjs';
import { NOW } from './data';
import type { Scenario } from './fake-bridge';
import { bundleFakeBridge, servePages } from './page-server';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

export type Stage = {
  readonly open: (options?: {
    readonly scenario?: Scenario;
    readonly hash?: string;
    readonly size?: { readonly width: number; readonly height: number };
    readonly systemScheme?: 'light' | 'dark';
  }) => Promise<{ readonly page: Page; readonly complaints: string[]; readonly close: () => Promise<void> }>;
  readonly close: () => Promise<void>;
};

/** Debian's Chromium with the built renderer and the fake main side. */
export const createStage = async (
  folder = process.env.NOSTRO_RENDERER ?? path.join(root, 'out', 'renderer'),
): Promise<Stage> => {
  const server = await servePages(folder);
  const fake = await bundleFakeBridge();
  const browser: Browser = await chromium.launch({
    executablePath: prepareChromiumLauncher().executablePath,
    chromiumSandbox: true,
  });
  return {
    open: async ({ scenario = {}, hash = '', size, systemScheme } = {}) => {
      const context: BrowserContext = await browser.newContext({
        viewport: size ?? { width: 1280, height: 800 },
        colorScheme: systemScheme ?? scenario.theme ?? 'light',
        reducedMotion: 'reduce',
        timezoneId: 'Europe/Berlin',
        locale: 'en-GB',
      });
      const page = await context.newPage();
      page.setDefaultTimeout(5000);
      const complaints: string[] = [];
      page.on('console', (message) => {
        // The icon of the tab, which a window of the app has not.
        if (message.type() === 'error' && !message.text().includes('404')) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.clock.setFixedTime(NOW);
      await page.addInitScript(`window.__scenario = ${JSON.stringify(scenario)};\n${fake}`);
      const entry = scenario.window === 'approval' ? 'approval.html' : 'index.html';
      await page.goto(`${server.url}/${entry}${hash}`);
      await page.locator('h1, .frame, [role="alert"]').first().waitFor();
      await page.evaluate(() => document.fonts.ready.then(() => undefined));
      return { page, complaints, close: () => context.close() };
    },
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
};
