/** Screenshots of what a person sees, in light and dark: of apps whose windows follow their own setting. */

import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { ask } from '../pages/bridge';
import { expect } from '../pages/expect';

export type Pictures = {
  /** One picture as the window is. */
  readonly take: (page: Page, name: string) => Promise<void>;
  /** The same screen in light and in dark. `main`: the main window, where `page` is another one. */
  readonly takeBoth: (page: Page, name: string, main?: Page) => Promise<void>;
};

/** @param folder emptied first */
export const createPictures = (folder: string): Pictures => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const take = async (page: Page, name: string): Promise<void> => {
    await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled' });
  };
  return {
    take,
    takeBoth: async (page, name, main = page) => {
      for (const theme of ['light', 'dark'] as const) {
        await ask(main, 'settings.set', { theme });
        const isShown = () =>
          page.evaluate((scheme) => {
            const { mantineColorScheme } = document.documentElement.dataset;
            return mantineColorScheme === undefined
              ? matchMedia(`(prefers-color-scheme: ${scheme})`).matches
              : mantineColorScheme === scheme;
          }, theme);
        await expect.poll(isShown).toBe(true);
        await take(page, `${name}-${theme}`);
      }
      await ask(main, 'settings.set', { theme: 'light' });
    },
  };
};
