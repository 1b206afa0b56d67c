import type { Page } from '@playwright/test';
import { expect } from './expect';

export type ScreenName =
  | 'Position'
  | 'Inbox'
  | 'Payments'
  | 'Ledger'
  | 'Counterparties'
  | 'Reports'
  | 'Settings';

/** Goes to a screen by the rail. */
export const goTo = async (page: Page, screen: ScreenName): Promise<void> => {
  await page
    .getByRole('navigation', { name: 'Main navigation' })
    // A number of what waits may stand beside a name.
    .getByRole('button', { name: new RegExp(`^${screen}\\b`) })
    .click();
  await expect(page.getByRole('main').getByRole('heading', { level: 1 })).toBeVisible();
};
