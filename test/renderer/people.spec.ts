/** Machines, people, policies and the journal, against a main side of the contract alone. */
import { expect, type Page, test } from '@playwright/test';
import { createStage, type Stage } from './harness/open';
import * as data from './harness/people-data';

let stage: Stage;
test.beforeAll(async () => {
  stage = await createStage();
});
test.afterAll(async () => {
  await stage.close();
});

const PASSPHRASE = 'copper lantern 71 drifts beyond Uqbar';
const PEOPLE = '#/settings/people';
const callsOf = (page: Page, method: string): Promise<unknown[]> =>
  page.evaluate(
    (name) => (window.__calls ?? []).filter((call) => call.method === name).map(({ input }) => input),
    method,
  );
const banner = (page: Page) => page.getByRole('note', { name: 'Offline machine' });

test('what a machine is for goes with the vault, and an offline one has no sandbox', async () => {
  const { page, close } = await stage.open({ scenario: { lock: 'absent', isNameless: true } });
  await expect(page.getByRole('radio', { name: /^Online machine/ })).toBeChecked();
  await page.getByRole('radio', { name: /^Online machine/ }).press('ArrowDown');
  await expect(page.getByRole('radio', { name: /^Offline machine/ })).toBeChecked();
  await page.getByRole('button', { name: /Import a private key/ }).click();
  await page.getByLabel('Private key').fill('11'.repeat(32));
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByLabel('Repeat the passphrase').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Import the key' }).click();
  await page.getByLabel('Your name').fill('Wei Ling Tan');
  await expect(page.getByRole('button', { name: /sandbox/ })).toHaveCount(0);
  await page.getByRole('button', { name: 'Start offline' }).click();
  await expect(page).toHaveURL(/settings\/people/);
  expect(await callsOf(page, 'vault.importPrivateKey')).toMatchObject([{ mode: 'offline' }]);
  expect(await callsOf(page, 'people.setName')).toEqual([{ name: 'Wei Ling Tan' }]);
  expect(await callsOf(page, 'app.addSandbox')).toEqual([]);
  await close();
});

test('an offline machine says so in every screen and while it is locked, and has no screens for networks', async () => {
  const { page, close } = await stage.open({ scenario: { mode: 'offline' }, hash: '#/position' });
  const rail = page.getByRole('navigation', { name: 'Main navigation' });
  await expect(rail.getByRole('button')).toHaveText([/^Inbox/, 'Counterparties', 'Reports', 'Settings']);
  await expect(page).toHaveURL(/#\/inbox/);
  for (const name of [/^Inbox/, 'Counterparties', 'Reports', 'Settings']) {
    await rail.getByRole('button', { name }).click();
    await expect(banner(page)).toBeVisible();
  }
  await expect(banner(page).getByRole('button')).toHaveCount(0);
  await expect(page.getByRole('banner').getByRole('button', { name: /network|offline/i })).toHaveCount(0);
  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await expect(page).toHaveURL(/#\/settings/);
  // Only the key of a screen that is there goes somewhere.
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await expect(page).toHaveURL(/#\/counterparties/);
  await page.getByRole('button', { name: 'Lock', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Unlock Nostro' })).toBeVisible();
  await expect(banner(page)).toBeVisible();
  await close();
});

test('an online machine shows no band', async () => {
  const { page, close } = await stage.open({ hash: '#/position' });
  await expect(page.getByRole('heading', { level: 1, name: 'Position' })).toBeVisible();
  await expect(banner(page)).toHaveCount(0);
  await close();
});

test('a machine goes online with the passphrase alone, after it was said what follows', async () => {
  const { page, close } = await stage.open({ scenario: { mode: 'offline' }, hash: '#/settings/security' });
  await page.getByRole('button', { name: 'Make it an online machine' }).click();
  const dialog = page.getByRole('dialog', { name: 'Make this an online machine' });
  await expect(dialog).toContainText(
    'From then on this machine may connect. Keys on it are no longer off the network.',
  );
  const go = dialog.getByRole('button', { name: 'Go online and lock' });
  await expect(go).toBeDisabled();
  const field = dialog.getByLabel('Passphrase', { exact: true });
  await field.fill('wrong');
  await go.click();
  await expect(dialog.getByRole('alert')).toContainText('The passphrase is not right.');
  await expect(field).toHaveValue('');
  await expect(banner(page)).toBeVisible();
  await field.fill(PASSPHRASE);
  await go.click();
  await expect(page.getByRole('heading', { name: 'Unlock Nostro' })).toBeVisible();
  expect(await callsOf(page, 'workspace.setMode')).toEqual([
    { mode: 'online', passphrase: 'wrong' },
    { mode: 'online', passphrase: PASSPHRASE },
  ]);
  await close();
});

test('a card is saved with the passphrase, which does not stay in the page', async () => {
  const { page, close } = await stage.open({ hash: PEOPLE });
  await page.getByRole('button', { name: 'Save your card as a file' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save your card' });
  await dialog.getByLabel('Passphrase', { exact: true }).fill('wrong');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('alert')).toContainText('The passphrase is not right.');
  await expect(dialog.getByLabel('Passphrase', { exact: true })).toHaveValue('');
  await dialog.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByText('ines-okafor.nostro')).toBeVisible();
  await close();
});

test('a name can be given until the policy gives one', async () => {
  const free = await stage.open({ hash: PEOPLE, scenario: { people: 'none', isNameless: true } });
  await expect(free.page.getByRole('button', { name: 'Save your card as a file' })).toBeDisabled();
  await free.page.getByLabel('Your name').fill('Ines\u202e Okafor');
  await expect(free.page.getByRole('alert')).toContainText('Use letters, figures and ordinary spaces only.');
  await expect(free.page.getByRole('button', { name: 'Save the name' })).toBeDisabled();
  await free.page.getByLabel('Your name').fill('Ines Okafor');
  await free.page.getByRole('button', { name: 'Save the name' }).click();
  await expect(free.page.getByText('Ines Okafor').first()).toBeVisible();
  await expect(free.page.getByRole('button', { name: 'Save your card as a file' })).toBeEnabled();
  await free.close();
  const fixed = await stage.open({ hash: PEOPLE, scenario: { people: 'settled' } });
  await expect(fixed.page.getByText('The policy gives you this name.')).toBeVisible();
  await expect(fixed.page.getByRole('button', { name: 'Change your name' })).toHaveCount(0);
  await fixed.close();
});

test('the first policy is drafted from cards and exact amounts, by keyboard where it matters', async () => {
  const { page, close } = await stage.open({ hash: PEOPLE, scenario: { people: 'first' } });
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Company').fill('Larkfield Ltd');
  await page.getByRole('button', { name: 'Add from a card' }).click();
  await page.getByRole('menuitem', { name: /Sanjay Raghunathan/ }).click();
  await page.getByRole('group', { name: 'Roles of Sanjay Raghunathan' }).getByLabel('Approver').check();
  await page.getByRole('button', { name: 'Add a row' }).click();
  await page.getByRole('combobox', { name: 'Currency of row 5' }).fill('JPY');
  await page.getByRole('option', { name: /JPY/ }).click();
  await page.getByLabel('Amount of row 5').fill('5000000.5');
  await expect(page.getByText('More decimals than the currency has.')).toBeVisible();
  await page.getByLabel('Amount of row 5').fill('5000000');
  await page.getByLabel('Approvals of row 5').fill('3');
  await page.getByLabel('Amount of row 5').press('Enter');
  await expect(page.getByRole('heading', { name: 'Draft the first policy' })).toHaveCount(0);
  const [draft] = (await callsOf(page, 'people.draftPolicy')) as { people: unknown; table: unknown }[];
  expect(draft).toMatchObject({ companyName: 'Larkfield Ltd', defaultApprovals: 1, changeApprovals: 2 });
  expect(draft?.people).toContainEqual({
    name: 'Sanjay Raghunathan',
    key: data.cards[0]?.key,
    roles: ['approver'],
  });
  expect(draft?.table).toContainEqual({ currency: 'JPY', above: '5000000', approvals: 3 });
  expect(draft?.table).toContainEqual({ currency: 'USD', above: '2500000.00', approvals: 3 });
  // The draft that was edited made room for the new one.
  expect(await callsOf(page, 'people.discardDraft')).toEqual([{ digest: data.firstDraft.digest }]);
  await close();
});

test('a wrong draft is not sent: the first wrong field has the focus', async () => {
  const { page, close } = await stage.open({ hash: PEOPLE, scenario: { people: 'none' } });
  await page.getByRole('button', { name: 'Draft a policy' }).click();
  await page.getByRole('button', { name: 'Type a person in' }).click();
  await expect(page.getByText('Enter a name.')).toHaveCount(0);
  await page.getByLabel('Key of person 2').fill(data.me.key.toLowerCase());
  await expect(page.getByText(/^Without capitals and small letters/)).toBeVisible();
  await page.getByRole('button', { name: 'Save the draft' }).click();
  await expect(page.getByText('Enter a name.')).toBeVisible();
  await expect(page.getByLabel('Name of person 2')).toBeFocused();
  await expect(page.getByText(/entries are not right yet/)).toBeVisible();
  expect(await callsOf(page, 'people.draftPolicy')).toEqual([]);
  await close();
});

test('a draft says what it changes, who must sign, and leads to the approval window', async () => {
  const { page, close } = await stage.open({ hash: PEOPLE });
  const draft = page.getByRole('region', { name: 'Policy 4, not in force yet' });
  await expect(draft).toContainText('1 of 2 signatures');
  await expect(draft).toContainText('Still needed: 1 of Wei Ling Tan or Marguerite Delacroix-Whitfield.');
  await expect(draft.getByRole('listitem')).toHaveText([
    'Sanjay Raghunathan is added as approver',
    'Above USD\u00a01,000,000.00: 3 approvals',
    'No row above USD\u00a02,500,000.00 any more (was 3 approvals)',
  ]);
  await draft.getByRole('button', { name: 'Review' }).click();
  expect(await callsOf(page, 'people.reviewPolicy')).toEqual([{ digest: data.draft.digest }]);
  await draft.getByRole('button', { name: 'Show as QR codes' }).click();
  await expect(page).toHaveURL(new RegExp(`inbox/show/${data.draft.digest}\\?format=policy`));
  await close();
});

test('the journal is found by words and by what is written, and shows a refusal in words', async () => {
  const { page, close } = await stage.open({ hash: '#/reports/journal' });
  const grid = page.getByRole('grid', { name: 'Journal' });
  await expect(grid).toHaveAttribute('aria-rowcount', String(data.JOURNAL_COUNT + 1));
  await expect(grid.getByText('bank.statement-checked').first()).toBeVisible();
  const head = page.getByRole('region', { name: 'Head of the journal' });
  await expect(head).toContainText('1,284 entries');
  await expect(head.getByRole('img', { name: data.journalAt(0).hash })).toHaveText(/^0x[0-9a-f]{64}$/);
  await expect(head).toContainText('The vault remembers this head.');
  await page.getByLabel('Search the journal').fill('approve or sign');
  await expect
    .poll(() => callsOf(page, 'journal.list'))
    .toContainEqual({
      search: 'approval.approve',
      offset: 0,
      limit: 100,
    });
  await grid.focus();
  await page.keyboard.press('Enter');
  const detail = page.getByRole('complementary').filter({ hasText: 'Approve or sign' });
  await expect(detail).toContainText('Nobody approves a batch that they made.');
  await expect(detail).toContainText('policy/own-batch');
  await page.keyboard.press('Escape');
  await expect(detail).toHaveCount(0);
  await page.getByRole('button', { name: 'Save as JSON lines' }).click();
  await expect(page.getByText('journal-2026-11-23.jsonl')).toBeVisible();
  await close();
});

test('an account is added by its address only with the right checksum', async () => {
  const { page, close } = await stage.open({ hash: '#/settings/accounts' });
  await page.getByRole('button', { name: 'Add by address' }).click();
  const panel = page.getByRole('complementary').filter({ hasText: 'Add an account by its address' });
  await panel.getByLabel('Name', { exact: true }).fill('Cold account');
  await panel.getByLabel('Legal entity').fill('Larkfield Ltd');
  const save = panel.getByRole('button', { name: 'Save' });
  await panel.getByLabel('Account address').fill(data.me.key.toLowerCase());
  await expect(save).toBeDisabled();
  await expect(panel).toContainText('Without capitals and small letters');
  await panel.getByLabel('Account address').fill(data.me.key);
  await save.click();
  expect(await callsOf(page, 'directory.saveAccount')).toMatchObject([
    { id: null, keyId: null, address: data.me.key, name: 'Cold account' },
  ]);
  await close();
});

test('an account whose key is elsewhere says so', async () => {
  const { page, close } = await stage.open({ hash: '#/settings/accounts', scenario: { isWatchOnly: true } });
  const grid = page.getByRole('grid', { name: 'Own accounts' });
  await expect(grid.getByText('Elsewhere')).toHaveCount(2);
  await grid.getByText('Main treasury').click();
  await expect(page.getByText('Key is on another machine', { exact: true }).last()).toBeVisible();
  await close();
});
