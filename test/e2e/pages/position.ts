import type { Page } from '@playwright/test';
import type { EnrolmentDesk } from '../../sandbox/enrolment-desk';
import { ask } from './bridge';
import { expect } from './expect';
import { goTo } from './navigation';

export type PositionRow = { readonly currency: string; readonly figures: readonly string[] };

/** The position by currency as the screen shows it: balance, available, pending, frozen, value. */
export const readPosition = async (page: Page): Promise<readonly PositionRow[]> => {
  await goTo(page, 'Position');
  const rows = page.getByRole('main').getByRole('table').first().locator('tbody tr');
  await expect(rows.first()).toBeVisible();
  return rows.evaluateAll((all) =>
    all.map((row) => ({
      currency: row.querySelector('th')?.textContent?.trim().slice(0, 3) ?? '',
      figures: [...row.querySelectorAll('td')].map((cell) => cell.textContent?.trim() ?? ''),
    })),
  );
};

/** Resolves when the banks have put money on the accounts and the replica has seen it in `count` currencies. */
export const awaitFunds = async (page: Page, desk: EnrolmentDesk, count: number): Promise<void> => {
  await expect
    .poll(
      async () => {
        await desk.idle();
        const { holdings } = await ask(page, 'position.get', {});
        return holdings.filter(({ balance }) => balance > 0n).length;
      },
      { timeout: 30_000, message: 'the banks credit the accounts' },
    )
    .toBeGreaterThanOrEqual(count);
};
