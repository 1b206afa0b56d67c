import type { Locator, Page } from '@playwright/test';
import type { RunningApp } from '../lanes/lane';
import { expect } from './expect';
import { goTo } from './navigation';

/** Chooses a file on the payments screen; what follows depends on the file. */
export const chooseFile = async (app: RunningApp, file: string): Promise<void> => {
  await goTo(app.page, 'Payments');
  // A batch or an import that was open is left first.
  await app.page.getByRole('main').getByRole('button', { name: 'Import file' }).first().waitFor();
  await app.chooseNext(file);
  await app.page.getByRole('main').getByRole('button', { name: 'Import file' }).first().click();
};

/** What the check of a file came to, once it is there. */
export const readVerdict = async (page: Page): Promise<'right' | 'wrong' | 'refused' | 'failed'> => {
  const right = page.getByText(/^The file is right/);
  const wrong = page.getByText(/^The file has [\d,]+ errors?\. Nothing was created\.$/);
  const refused = page.getByText('This file cannot be used. Nothing was created.');
  const failed = page.getByRole('main').getByRole('alert');
  await expect(right.or(wrong).or(refused).or(failed).first()).toBeVisible({ timeout: 60_000 });
  if (await right.isVisible()) return 'right';
  if (await wrong.isVisible()) return 'wrong';
  return (await refused.isVisible()) ? 'refused' : 'failed';
};

export type IssueRow = {
  readonly kind: string;
  readonly line: string;
  readonly problem: string;
  readonly value: string;
};

/** Rows of the table of problems that are on the screen; long tables show a part. */
export const readIssues = async (page: Page): Promise<readonly IssueRow[]> => {
  const rows = page.getByRole('grid', { name: 'Problems in the file' }).getByRole('row');
  const texts = await rows.evaluateAll((all) =>
    all.map((row) => [...row.querySelectorAll('[role=gridcell]')].map((cell) => cell.textContent ?? '')),
  );
  return texts
    .filter((cells) => cells.length > 0)
    .map(([kind = '', line = '', problem = '', , value = '']) => ({ kind, line, problem, value }));
};

/** CSV: takes the suggested columns as they are. */
export const acceptMapping = async (page: Page, saveAs?: string): Promise<void> => {
  const check = page.getByRole('button', { name: 'Check file' });
  await expect(check).toBeVisible();
  if (saveAs !== undefined) await page.getByLabel('Save this mapping as').fill(saveAs);
  await expect(check).toBeEnabled();
  await check.click();
};

/** CSV: where one file can be read in two ways, takes the commoner reading, as its owner would say. */
export const declareUnclear = async (page: Page): Promise<void> => {
  for (const [field, option] of [
    ['Columns are separated by', 'Comma ,'],
    ['Decimal sign', 'Point 1,234.50'],
    ['Dates look like', 'DD/MM/YYYY'],
  ] as const) {
    const box = page.getByRole('combobox', { name: field });
    if ((await box.inputValue()) !== '') continue;
    await box.click();
    await page.getByRole('option', { name: option }).click();
  }
};

/** Leaves every wrong line out. */
export const leaveOutWrongLines = async (page: Page): Promise<void> => {
  await page.getByRole('checkbox', { name: /^Leave out all / }).check();
};

/** Releases every hold: all of a kind where that is offered, else one by one. */
export const releaseHolds = async (page: Page): Promise<void> => {
  const button = page.getByRole('button', { name: /^Create batch: / });
  await expect(button).toBeVisible();
  for (const box of await page.getByRole('checkbox', { name: /^Release all / }).all()) await box.check();
  for (const box of await page.getByRole('checkbox', { name: /^Release: / }).all()) {
    if (!(await box.isChecked())) await box.check();
  }
};

export type BatchPage = {
  readonly id: string;
  /** Asks the tokens; resolves when every payment has its verdict. */
  readonly preflight: () => Promise<void>;
  /** The same where a policy asks for an envelope. */
  readonly preflightForEnvelope: () => Promise<void>;
  /** Leaves out what would be refused. Answers how many. */
  readonly leaveOutRefused: () => Promise<number>;
  readonly requestApproval: () => Promise<void>;
  /** The batch's own status badge. */
  readonly status: Locator;
  readonly table: Locator;
  /** Exports through the menu; the next save dialog decides where to. */
  readonly exportStatusReport: () => Promise<void>;
  readonly openPayment: (text: string | RegExp) => Promise<Locator>;
};

/** The batch page that is open now. */
export const openedBatch = async (page: Page): Promise<BatchPage> => {
  const main = page.getByRole('main');
  const table = main.getByRole('grid', { name: 'Payments of the batch' });
  await expect(table).toBeVisible();
  const id = /\/batch\/(bat_[0-9a-z]+)/.exec(page.url())?.[1] ?? '';
  const refused = main.getByText(/^[\d,]+ payments? would be refused$/);
  const ready = main.getByText('Ready for approval');
  return {
    id,
    table,
    status: main.getByRole('heading', { level: 1 }).locator('xpath=ancestor::header[1]'),
    preflight: async () => {
      await main.getByRole('button', { name: /^Check (payments|again)$/ }).click();
      await expect(ready.or(refused).first()).toBeVisible({ timeout: 60_000 });
    },
    preflightForEnvelope: async () => {
      await main.getByRole('button', { name: /^Check (payments|again)$/ }).click();
      await expect(main.getByRole('button', { name: 'Make envelope' })).toBeEnabled({ timeout: 120_000 });
    },
    leaveOutRefused: async () => {
      const text = (await refused.isVisible()) ? ((await refused.textContent()) ?? '') : '';
      if (text === '') return 0;
      await main.getByRole('button', { name: /^Leave out [\d,]+ refused/ }).click();
      const dialog = page.getByRole('dialog', { name: 'Leave out refused payments' });
      await dialog.getByRole('button', { name: /^Leave out / }).click();
      await expect(dialog).toBeHidden();
      await expect(refused).toBeHidden();
      return Number(/^[\d,]+/.exec(text)?.[0].replaceAll(',', ''));
    },
    requestApproval: async () => {
      await main.getByRole('button', { name: 'Review and approve' }).click();
    },
    exportStatusReport: async () => {
      await main.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Export status report (pain.002)' }).click();
    },
    openPayment: async (text) => {
      await table.getByRole('row').filter({ hasText: text }).first().click();
      return main.getByRole('complementary');
    },
  };
};

/** Creates the batch from a report without open questions, and stands on its page. */
export const createBatch = async (page: Page): Promise<BatchPage> => {
  const button = page.getByRole('button', { name: /^Create batch: / });
  await expect(button).toBeEnabled();
  await button.click();
  return openedBatch(page);
};

/** Opens a batch from the list by a part of its name. */
export const openBatch = async (page: Page, name: string | RegExp): Promise<BatchPage> => {
  await goTo(page, 'Payments');
  await page
    .getByRole('grid', { name: 'Batches' })
    .getByRole('row')
    .filter({ hasText: name })
    .first()
    .click();
  return openedBatch(page);
};
