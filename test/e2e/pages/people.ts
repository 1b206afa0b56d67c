/** Settings, People: cards, the policy, and taking it into force. */
import type { Page } from '@playwright/test';
import type { Role } from '../../../src/shared/model/people';
import type { RunningApp } from '../lanes/lane';
import { openApprovalWindow } from './approval';
import { expect } from './expect';
import { PASSPHRASE } from './onboarding';
import { openSettings } from './settings';

const NAME_OF_ROLE: Readonly<Record<Role, string>> = {
  maker: 'Maker',
  approver: 'Approver',
  signer: 'Signer',
  auditor: 'Auditor',
};

export type PolicyPerson = { readonly name: string; readonly roles: readonly Role[] };

/** Saves the own card as a file. */
export const saveCard = async (app: RunningApp, file: string, passphrase = PASSPHRASE): Promise<void> => {
  const { page } = app;
  await openSettings(page, 'People');
  await app.saveNext(file);
  await page.getByRole('button', { name: 'Save your card as a file' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save your card' });
  await dialog.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await dialog.getByRole('button', { name: 'Sign and save the card' }).click();
  await expect(dialog).toBeHidden({ timeout: 30_000 });
};

/** Reads a card or a policy. Resolves when the screen says what came of it. */
export const readPeopleFile = async (app: RunningApp, file: string): Promise<void> => {
  const { page } = app;
  await openSettings(page, 'People');
  await app.chooseNext(file);
  await page.getByRole('button', { name: 'Read a card or policy' }).first().click();
  const said = page.getByText(/^(Card of .* read|Policy read|Signatures combined|Policy in force)$/).first();
  const error = page.getByRole('main').getByRole('alert');
  await expect(said.or(error).first()).toBeVisible({ timeout: 30_000 });
  if (await error.isVisible()) throw new Error(`not taken: ${await error.textContent()}`);
};

/** Drafts the first policy from the cards that were read and the own person, who stands first already. */
export const draftPolicy = async (
  page: Page,
  policy: {
    readonly company: string;
    readonly own: PolicyPerson;
    readonly others: readonly PolicyPerson[];
    /** `null`: no row. */
    readonly row: { readonly currency: string; readonly above: string; readonly approvals: number } | null;
  },
): Promise<void> => {
  await openSettings(page, 'People');
  await page.getByRole('button', { name: 'Draft a policy' }).click();
  await page.getByLabel('Company', { exact: true }).fill(policy.company);
  for (const { name } of policy.others) {
    await page.getByRole('button', { name: 'Add from a card' }).click();
    await page.getByRole('menuitem', { name: new RegExp(`^${name}`) }).click();
  }
  for (const { name, roles } of [policy.own, ...policy.others]) {
    const group = page.getByRole('group', { name: `Roles of ${name}` });
    for (const role of Object.keys(NAME_OF_ROLE) as Role[])
      await group.getByRole('checkbox', { name: NAME_OF_ROLE[role] }).setChecked(roles.includes(role));
  }
  if (policy.row !== null) {
    await page.getByRole('button', { name: 'Add a row' }).click();
    const currency = page.getByRole('combobox', { name: 'Currency of row 1' });
    await currency.click();
    await currency.fill(policy.row.currency);
    await page.getByRole('option', { name: new RegExp(`^${policy.row.currency}`) }).click();
    await page.getByLabel('Amount of row 1').fill(policy.row.above);
    await page.getByLabel('Approvals of row 1').fill(String(policy.row.approvals));
  }
  await page.getByRole('button', { name: 'Save the draft' }).click();
  await expect(page.getByText('Draft saved').first()).toBeVisible();
};

export const savePolicy = async (app: RunningApp, file: string): Promise<void> => {
  await openSettings(app.page, 'People');
  await app.saveNext(file);
  await app.page.getByRole('button', { name: 'Save as a file', exact: true }).first().click();
  await expect(app.page.getByText('Policy saved').first()).toBeVisible();
};

/** Looks at the policy that waits, in its own window, and says yes. */
export const adoptPolicy = async (
  app: RunningApp,
  onWindow: (page: Page) => Promise<void> = async () => undefined,
): Promise<void> => {
  const { page } = app;
  await openSettings(page, 'People');
  await page
    .getByRole('button', { name: /^Review( and |$)/ })
    .first()
    .click();
  const window = await openApprovalWindow(app);
  await onWindow(window.page);
  await window.answer(PASSPHRASE);
};
