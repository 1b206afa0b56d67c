import type { Locator, Page } from '@playwright/test';
import type { RunningApp } from '../lanes/lane';
import { type ApprovalWindow, openApprovalWindow, readTwelveWords } from './approval';
import { expect } from './expect';
import { goTo } from './navigation';

export type EnvelopePage = {
  readonly digest: string;
  /** The state's badge: `Waits for approval · PDNG`. */
  readonly state: Locator;
  /** The way through the roles, with names and times. */
  readonly way: Locator;
  /** Asks for the approval window: by the one primary button, or to read the words to somebody who checks. */
  readonly review: (act: 'Approve' | 'Sign' | 'Read') => Promise<ApprovalWindow>;
  /** Saves a copy through the dialog, to this path. */
  readonly save: (file: string) => Promise<void>;
  /** Asks this machine to check, and answers the names of what it refused. */
  readonly check: () => Promise<readonly string[]>;
  readonly send: () => Promise<void>;
  readonly report: () => Promise<void>;
  readonly withdraw: () => Promise<void>;
  /** Goes to the moving QR codes. */
  readonly showCodes: () => Promise<void>;
};

/** The envelope that is open now. */
export const openedEnvelope = async (app: RunningApp): Promise<EnvelopePage> => {
  const { page } = app;
  const main = page.getByRole('main');
  const way = main.getByRole('region', { name: 'The way of this envelope' });
  await expect(way).toBeVisible({ timeout: 60_000 });
  const digest = /\/inbox\/envelope\/(0x[0-9a-f]{64})/.exec(page.url())?.[1] ?? '';
  const chooseMore = async (item: string): Promise<void> => {
    await main.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: item, exact: true }).click();
  };
  const confirm = async (title: string, button: RegExp): Promise<void> => {
    const dialog = page.getByRole('dialog', { name: title });
    await dialog.getByRole('button', { name: button }).click();
    await expect(dialog).toBeHidden({ timeout: 60_000 });
  };
  return {
    digest,
    way,
    state: main.getByRole('heading', { level: 1 }).locator('xpath=ancestor::header[1]'),
    review: async (act) => {
      if (act === 'Read') {
        await chooseMore('Read the words to a checker');
        return openApprovalWindow(app, null);
      }
      await main.getByRole('button', { name: new RegExp(`^${act} `) }).click();
      return openApprovalWindow(app);
    },
    save: async (file) => {
      await app.saveNext(file);
      await main.getByRole('button', { name: 'Save as file' }).click();
      await expect(page.getByText(/^Written to /).first()).toBeVisible({ timeout: 60_000 });
    },
    check: async () => {
      await chooseMore('Check again');
      await main.getByText(/^Checks/).click();
      const checks = main.getByRole('region', { name: 'Checked on this machine' });
      await expect(checks).toBeVisible({ timeout: 60_000 });
      const refused = checks.locator('li[data-verdict="refused"]');
      return refused.evaluateAll((items) => items.map((item) => item.textContent ?? ''));
    },
    send: async () => {
      await main.getByRole('button', { name: /^Send / }).click();
      await confirm('Send the signed payments', /^Send /);
    },
    report: async () => {
      await chooseMore('Add report for the others');
      await expect(page.getByText('Report added')).toBeVisible({ timeout: 60_000 });
    },
    withdraw: async () => {
      await chooseMore('Withdraw');
      await confirm('Withdraw this envelope', /^Withdraw /);
    },
    showCodes: async () => {
      await chooseMore('Show as QR codes');
      await expect(page.getByRole('img', { name: /^QR code, frame/ })).toBeVisible();
    },
  };
};

/** Makes an envelope of the batch that is open, and stands on its page. */
export const makeEnvelope = async (app: RunningApp): Promise<EnvelopePage> => {
  await app.page.getByRole('main').getByRole('button', { name: 'Make envelope' }).click();
  return openedEnvelope(app);
};

/** Imports an envelope by the dialog and stands on its page. */
export const importEnvelope = async (app: RunningApp, file: string): Promise<EnvelopePage> => {
  await importFile(app, file);
  return openedEnvelope(app);
};

/** Imports an envelope, a policy or a card by the dialog. What follows depends on the file. */
export const importFile = async (app: RunningApp, file: string): Promise<void> => {
  await goTo(app.page, 'Inbox');
  const main = app.page.getByRole('main');
  const button = main.getByRole('button', { name: 'Import envelope' });
  await button.waitFor();
  await app.chooseNext(file);
  await button.click();
};

/** Opens an envelope from the list of all, by a part of its name. */
export const openEnvelope = async (app: RunningApp, name: string | RegExp): Promise<EnvelopePage> => {
  const { page } = app;
  await goTo(page, 'Inbox');
  await page.getByRole('main').getByText('All', { exact: true }).click();
  await page
    .getByRole('grid', { name: 'Envelopes' })
    .getByRole('row')
    .filter({ hasText: name })
    .first()
    .click();
  return openedEnvelope(app);
};

/** How much the rail says is waiting. */
export const countWaiting = async (page: Page): Promise<number> => {
  const name = await page
    .getByRole('navigation', { name: 'Main navigation' })
    .getByRole('button', { name: /^Inbox/ })
    .textContent();
  return Number(/\d+/.exec(name ?? '')?.[0] ?? 0);
};

/** The checker's eight digits, in the window that asks for a yes. */
export const readChallenge = async (page: Page): Promise<string> => {
  const digits = page.locator('.digits');
  await expect(digits).toHaveText(/^\d{4} \d{4}$/);
  return ((await digits.textContent()) ?? '').replace(/\D/g, '');
};

/** The reader's side, in a window to compare: the words for the digits that the checker spoke. */
export const readWordsFor = async (page: Page, challenge: string): Promise<string[]> => {
  await page.getByLabel('Eight digits that the checker speaks').fill(challenge);
  await page.getByRole('button', { name: 'Show the words' }).click();
  return readTwelveWords(page);
};

/** The checker's side: types the words that were heard. Answers whether the window says that they agree. */
export const typeWords = async (page: Page, words: readonly string[]): Promise<boolean> => {
  await page.getByLabel('Word 1', { exact: true }).fill(words.join(' '));
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  const agrees = page.getByText('The words agree.');
  await expect(agrees.or(page.getByText(/The words do not agree/)).first()).toBeVisible();
  return agrees.isVisible();
};

/** Reads pictures of QR codes through the reader's file field. */
export const scanPictures = async (app: RunningApp, files: readonly string[]): Promise<void> => {
  await goTo(app.page, 'Inbox');
  await app.page.getByRole('main').getByRole('button', { name: 'Scan QR codes' }).click();
  await app.page.getByLabel('Choose pictures').setInputFiles([...files]);
};
