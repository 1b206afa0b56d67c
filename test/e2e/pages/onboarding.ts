import type { Page } from '@playwright/test';
import type { RunningApp } from '../lanes/lane';
import { expect } from './expect';

/** Long enough for the meter, and found nowhere else: what a scan for leaked secrets looks for. */
export const PASSPHRASE = 'copper lantern 71 drifts beyond Uqbar';

export type MachineMode = 'online' | 'offline';

/** What the machine is for. */
const chooseMachine = async (page: Page, mode: MachineMode): Promise<void> => {
  const card = page.getByRole('radio', { name: mode === 'online' ? /^Online machine/ : /^Offline machine/ });
  await card.check();
  await expect(card).toBeChecked();
};

const choosePassphrase = async (page: Page, passphrase: string): Promise<void> => {
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByLabel('Repeat the passphrase', { exact: true }).fill(passphrase);
};

/** First start: from the choice of ways to the step that names the workspace. */
export const createVault = async (
  app: RunningApp,
  options: {
    readonly passphrase?: string;
    readonly mode?: MachineMode;
    readonly onStep?: (name: string) => Promise<void>;
  } = {},
): Promise<readonly string[]> => {
  const { page } = app;
  const step = options.onStep ?? (async () => undefined);
  await expect(page.getByRole('heading', { level: 1, name: 'Set up Nostro' })).toBeVisible();
  await chooseMachine(page, options.mode ?? 'online');
  await step('welcome');
  await page.getByRole('button', { name: 'Create a new vault' }).click();
  await choosePassphrase(page, options.passphrase ?? PASSPHRASE);
  await page.getByRole('radiogroup', { name: 'Number of recovery words' }).getByText('12 words').click();
  await step('passphrase');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Show the words in their own window' }).click();
  const words = await app.readRecoveryWords();
  await page.getByRole('button', { name: 'I wrote them down' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Confirm the words' })).toBeVisible();
  const fields = page.getByRole('textbox', { name: /^Word \d+$/ });
  await expect(fields).not.toHaveCount(0);
  for (const field of await fields.all()) {
    const label = await field.evaluate((input: HTMLInputElement) => input.labels?.[0]?.textContent ?? '');
    await field.fill(words[Number(/\d+/.exec(label)?.[0]) - 1] ?? '');
  }
  await step('confirm-words');
  await page.getByRole('button', { name: 'Create the vault' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Name your workspace' })).toBeVisible({
    timeout: 60_000,
  });
  return words;
};

export const restoreVault = async (
  app: RunningApp,
  options: {
    readonly words: string;
    readonly accounts?: number;
    readonly passphrase?: string;
    readonly mode?: MachineMode;
  },
): Promise<void> => {
  const { page } = app;
  await chooseMachine(page, options.mode ?? 'online');
  await page.getByRole('button', { name: 'Restore from recovery words' }).click();
  await page.getByLabel('Recovery words', { exact: true }).fill(options.words);
  if (options.accounts !== undefined)
    await page.getByLabel('Accounts to restore').fill(String(options.accounts));
  await choosePassphrase(page, options.passphrase ?? PASSPHRASE);
  await page.getByRole('button', { name: 'Restore the vault' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Name your workspace' })).toBeVisible({
    timeout: 60_000,
  });
};

export type Names = { readonly person?: string; readonly workspace?: string };

const fillNames = async (page: Page, names: Names): Promise<void> => {
  await page.getByLabel('Your name').fill(names.person ?? 'Ada Larkfield');
  await page.getByLabel('Workspace name').fill(names.workspace ?? 'Larkfield treasury');
};

/** The last step of set-up without a sandbox: on an offline machine there is none. */
export const startEmpty = async (page: Page, names: Names = {}): Promise<void> => {
  await fillNames(page, names);
  await page.getByRole('button', { name: /^Start (empty|offline)$/ }).click();
  await expect(page.getByRole('navigation', { name: 'Main navigation' })).toBeVisible({ timeout: 30_000 });
};

/** The last step of set-up: names, and the sandbox. */
export const addSandbox = async (page: Page, names: Names = {}): Promise<void> => {
  await fillNames(page, names);
  await page.getByRole('button', { name: 'Add the sandbox and start' }).click();
  await expect(page.getByRole('navigation', { name: 'Main navigation' })).toBeVisible({ timeout: 30_000 });
};
