import type { Locator, Page } from '@playwright/test';
import type { ApprovalDocument } from '../../../src/shared/contract';
import type { RunningApp } from '../lanes/lane';
import { expect } from './expect';
import { PASSPHRASE } from './onboarding';

export type ApprovalWindow = {
  readonly page: Page;
  /** As the window shows them. */
  readonly readSums: () => Promise<string[]>;
  /** The twelve words that the window shows: of a direct approval, or of a window to compare after its digits. */
  readonly readWords: () => Promise<string[]>;
  /** Hex without `0x`, as shown in groups. */
  readonly readDigest: () => Promise<string>;
  /** What main answers to this window. */
  readonly readDocument: () => Promise<ApprovalDocument>;
  /** Says yes, and does not wait for what comes of it. */
  readonly sign: (passphrase?: string) => Promise<void>;
  /** Says yes to an envelope or a policy, waits until it is done, and closes the window. */
  readonly answer: (passphrase?: string) => Promise<void>;
  readonly reject: (reason: string, passphrase?: string) => Promise<void>;
  readonly skipVoice: () => Promise<void>;
  readonly error: Locator;
  readonly close: () => Promise<void>;
};

/** Does what ends a window and resolves when it is gone: it may go before the click that ends it has answered. */
export const closesBy = async (page: Page, act: () => Promise<void>): Promise<void> => {
  const closed = page.waitForEvent('close', { timeout: 180_000 });
  const orClosed = (error: unknown): void => {
    if (!page.isClosed()) throw error;
  };
  // A window that says what is wrong stays open: its words, not a deadline, are what the caller wants to read.
  const problem = page.locator('footer.sign .error:not(:empty)');
  const refused = problem.waitFor({ timeout: 180_000 }).then(async () => {
    throw new Error(`the window stays open: ${await problem.textContent()}`);
  }, orClosed);
  await act().catch(orClosed);
  await Promise.race([closed, refused.catch(orClosed).then(() => closed)]);
};

/** Twelve words as a window lists them; where each stands may be part of its item. */
export const readTwelveWords = async (page: Page): Promise<string[]> => {
  const items = page.getByRole('list', { name: 'The twelve words' }).getByRole('listitem');
  await expect(items).toHaveCount(12);
  return (await items.allTextContents()).map((text) => text.replace(/[^a-z]/g, ''));
};

/** The window that is open, or opens now. `yes` names its button for a yes; a window to compare has none. */
export const openApprovalWindow = async (
  app: RunningApp,
  yes: RegExp | null = /^(Sign|Approve|Take) /,
): Promise<ApprovalWindow> => {
  const page = await app.waitForApproval();
  const button = page.getByRole('button', { name: yes ?? /^(Sign|Approve|Take) / });
  const close = page.getByRole('button', { name: /^Close/ });
  await expect(yes === null ? close : button).toBeVisible();
  const sign = async (passphrase: string): Promise<void> => {
    await page.getByLabel('Passphrase').fill(passphrase);
    await expect(button).toBeEnabled({ timeout: 60_000 });
    await button.click();
  };
  const leaveBy = (answer: () => Promise<void>): Promise<void> => closesBy(page, answer);
  return {
    page,
    readSums: () => page.locator('.sums .sum').allTextContents(),
    readWords: () => readTwelveWords(page),
    readDigest: async () => (await page.locator('.digest .groups > span').allTextContents()).join(''),
    readDocument: async () => {
      const answered = (await page.evaluate(() =>
        (
          window as unknown as { bridge: { invoke: (method: string, input: unknown) => Promise<unknown> } }
        ).bridge.invoke('approval.document', {}),
      )) as { readonly value: ApprovalDocument };
      return answered.value;
    },
    sign: async (passphrase = PASSPHRASE) => sign(passphrase),
    answer: async (passphrase = PASSPHRASE) => {
      await leaveBy(() => sign(passphrase));
    },
    reject: async (reason, passphrase = PASSPHRASE) => {
      await page.getByRole('button', { name: 'Reject', exact: true }).click();
      await page.getByLabel('Reason').fill(reason);
      await page.getByLabel('Passphrase').fill(passphrase);
      await leaveBy(() => page.getByRole('button', { name: /^Reject / }).click());
    },
    skipVoice: async () => {
      await page.getByRole('button', { name: 'Go on without comparing' }).click();
    },
    error: page.getByRole('alert'),
    close: async () => {
      await close.click();
    },
  };
};
