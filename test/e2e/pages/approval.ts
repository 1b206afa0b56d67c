import type { Locator, Page } from '@playwright/test';
import type { ApprovalDocument } from '../../../src/shared/contract';
import type { RunningApp } from '../lanes/lane';
import { expect } from './expect';
import { PASSPHRASE } from './onboarding';

export type ApprovalWindow = {
  readonly page: Page;
  /** As the window shows them. */
  readonly readSums: () => Promise<string[]>;
  readonly readWords: () => Promise<string[]>;
  /** Hex without `0x`, as shown in groups. */
  readonly readDigest: () => Promise<string>;
  /** What main answers to this window. */
  readonly readDocument: () => Promise<ApprovalDocument>;
  readonly sign: (passphrase?: string) => Promise<void>;
  readonly error: Locator;
  readonly close: () => Promise<void>;
};

export const openApprovalWindow = async (app: RunningApp): Promise<ApprovalWindow> => {
  const page = await app.waitForApproval();
  const signButton = page.getByRole('button', { name: /^Sign / });
  await expect(signButton).toBeVisible();
  return {
    page,
    readSums: () => page.locator('.sums .sum').allTextContents(),
    readWords: () =>
      page.getByRole('list', { name: 'The twelve words' }).getByRole('listitem').allTextContents(),
    readDigest: async () => (await page.locator('.digest .groups > span').allTextContents()).join(''),
    readDocument: async () => {
      const answer = (await page.evaluate(() =>
        (
          window as unknown as { bridge: { invoke: (method: string, input: unknown) => Promise<unknown> } }
        ).bridge.invoke('approval.document', {}),
      )) as { readonly value: ApprovalDocument };
      return answer.value;
    },
    sign: async (passphrase = PASSPHRASE) => {
      await page.getByLabel('Passphrase').fill(passphrase);
      await signButton.click();
    },
    error: page.getByRole('alert'),
    close: async () => {
      await page.getByRole('button', { name: /^Close/ }).click();
    },
  };
};
