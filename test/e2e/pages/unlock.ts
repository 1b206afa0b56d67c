import type { Locator, Page } from '@playwright/test';
import { expect } from './expect';
import { PASSPHRASE } from './onboarding';

export const unlockHeading = (page: Page): Locator =>
  page.getByRole('heading', { level: 1, name: 'Unlock Nostro' });

/** Types a passphrase and presses Enter, whatever comes of it. */
export const tryUnlock = async (page: Page, passphrase: string): Promise<void> => {
  await expect(unlockHeading(page)).toBeVisible();
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByRole('button', { name: 'Unlock', exact: true }).click();
};

export const unlock = async (page: Page, passphrase = PASSPHRASE): Promise<void> => {
  await tryUnlock(page, passphrase);
  await expect(unlockHeading(page)).toBeHidden({ timeout: 30_000 });
};

export const lock = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Lock', exact: true }).click();
  await expect(unlockHeading(page)).toBeVisible();
};
