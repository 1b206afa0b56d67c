import type { Page } from '@playwright/test';
import type { RunningApp } from '../lanes/lane';
import { expect } from './expect';
import { goTo } from './navigation';
import { PASSPHRASE } from './onboarding';

export type SettingsTab =
  | 'Networks'
  | 'Tokens'
  | 'Accounts'
  | 'People'
  | 'Security'
  | 'Appearance'
  | 'Directory files'
  | 'About';

export const openSettings = async (page: Page, tab: SettingsTab): Promise<void> => {
  await goTo(page, 'Settings');
  await page.getByRole('tab', { name: tab }).click();
  await expect(page.getByRole('tab', { name: tab })).toHaveAttribute('aria-selected', 'true');
};

/** Makes the next key of the recovery words. */
export const deriveKey = async (page: Page, passphrase = PASSPHRASE): Promise<void> => {
  await openSettings(page, 'Accounts');
  await page.getByRole('button', { name: 'New key' }).click();
  const dialog = page.getByRole('dialog', { name: 'Make a new key' });
  await dialog.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await dialog.getByRole('button', { name: 'Make the key' }).click();
  await expect(dialog).toBeHidden({ timeout: 30_000 });
};

/** Reads a directory file through the settings. Answers what the screen says of it. */
export const importDirectory = async (app: RunningApp, file: string): Promise<string> => {
  const { page } = app;
  await openSettings(page, 'Directory files');
  await app.chooseNext(file);
  await page.getByRole('button', { name: 'Read a directory file' }).click();
  const result = page.getByText(
    /^\d+ networks?, \d+ tokens?, \d+ own accounts?, \d+ counterpart(y|ies) added\.$/,
  );
  const error = page.getByRole('main').getByRole('alert');
  await expect(result.or(error).first()).toBeVisible({ timeout: 30_000 });
  if (await error.isVisible())
    throw new Error(`the directory file was not taken: ${await error.textContent()}`);
  return (await result.textContent()) ?? '';
};
