import type { Locator, Page } from '@playwright/test';
import { expect } from './expect';
import { goTo } from './navigation';

export const ledgerTable = (page: Page): Locator =>
  page.getByRole('main').getByRole('grid', { name: /ledger|entries/i });

/** Cells of the rows that are on the screen, newest first. */
export const readLedger = async (page: Page): Promise<readonly string[][]> => {
  await goTo(page, 'Ledger');
  await expect(ledgerTable(page)).toBeVisible();
  const rows = await ledgerTable(page)
    .getByRole('row')
    .evaluateAll((all) =>
      all.map((row) => [...row.querySelectorAll('[role=gridcell]')].map((cell) => cell.textContent ?? '')),
    );
  return rows.filter((cells) => cells.length > 0);
};
