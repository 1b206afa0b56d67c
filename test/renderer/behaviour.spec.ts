/** How the page behaves whatever main says: locking, lost events, keyboard, colours, secrets in fields. */
import { expect, type Page, test } from '@playwright/test';
import { createStage, type Stage } from './harness/open';

let stage: Stage;
test.beforeAll(async () => {
  stage = await createStage();
});
test.afterAll(async () => {
  await stage.close();
});

const countCalls = (page: Page, method: string): Promise<number> =>
  page.evaluate((name) => (window.__calls ?? []).filter((call) => call.method === name).length, method);

test('a lock takes every screen, panel and dialog away at once', async () => {
  const { page, close } = await stage.open({ hash: '#/settings/networks' });
  await page.getByText('Base', { exact: true }).click();
  await page.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.evaluate(() => window.__lock?.('idle'));
  await expect(page.getByRole('heading', { name: 'Unlock Nostro' })).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByText('mainnet.base.org')).toHaveCount(0);
  await expect(page.getByText('nobody used it')).toBeVisible();
  await close();
});

test('a lost event makes the page ask for everything again', async () => {
  const { page, close } = await stage.open({ hash: '#/settings/networks' });
  await expect(page.getByText('Base', { exact: true })).toBeVisible();
  await page.evaluate(() => window.__emit?.({ type: 'ledger.changed' }));
  const before = await countCalls(page, 'directory.networks');
  await page.evaluate(() => {
    window.__loseEvent?.();
    window.__emit?.({ type: 'ledger.changed' });
  });
  await expect.poll(() => countCalls(page, 'directory.networks')).toBe(before + 1);
  await expect.poll(() => countCalls(page, 'app.snapshot')).toBe(2);
  await close();
});

test('screens, palette and tables work by keyboard alone', async () => {
  const { page, close } = await stage.open();
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await page.getByRole('grid', { name: 'Networks' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary').getByRole('heading', { name: 'Base' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('complementary').getByRole('heading', { name: 'Base' })).toHaveCount(0);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Search and go to' })).toBeFocused();
  await page.keyboard.type('reports');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Reports' })).toBeVisible();
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await page.keyboard.press('Control+2');
  await expect(page).toHaveURL(/#\/inbox/);
  await page.keyboard.press('Control+3');
  await expect(page).toHaveURL(/#\/payments/);
  await close();
});

test('colours follow the setting, else the system', async () => {
  const chosen = await stage.open({
    scenario: { theme: 'dark' },
    systemScheme: 'light',
    hash: '#/settings/appearance',
  });
  const root = chosen.page.locator('html');
  await expect(root).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await chosen.page.getByText('Light', { exact: true }).click();
  await expect(root).toHaveAttribute('data-mantine-color-scheme', 'light');
  await chosen.page.emulateMedia({ colorScheme: 'dark' });
  await chosen.page.getByText('As the system', { exact: true }).first().click();
  await expect(root).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await chosen.close();
});

test('a wrong passphrase is said in words and does not stay in the field', async () => {
  const { page, close } = await stage.open({ scenario: { lock: 'locked' } });
  await page.getByLabel('Passphrase', { exact: true }).fill('wrong');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('The passphrase is not right.');
  await expect(page.getByLabel('Passphrase', { exact: true })).toHaveValue('');
  await expect(page.getByLabel('Passphrase', { exact: true })).toBeFocused();
  await close();
});

test('fields for secrets are hidden, unchecked and forgotten', async () => {
  const { page, close } = await stage.open({ scenario: { lock: 'absent' } });
  await page.getByRole('button', { name: /Restore from recovery words/ }).click();
  const words = page.getByLabel('Recovery words');
  await expect(words).toHaveAttribute('type', 'password');
  await expect(words).toHaveAttribute('autocomplete', 'off');
  await expect(words).toHaveAttribute('spellcheck', 'false');
  await words.fill('not valid');
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('button', { name: /Restore from recovery words/ }).click();
  await expect(page.getByLabel('Recovery words')).toHaveValue('');
  await close();
});

test('the vault is created with the confirmed positions, then the workspace is named', async () => {
  const { page, close } = await stage.open({ scenario: { lock: 'absent', isNameless: true } });
  await page.getByRole('button', { name: /Create a new vault/ }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill('correct horse battery staple');
  await page.getByLabel('Repeat the passphrase').fill('correct horse battery staple');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('button', { name: 'I wrote them down' })).toBeDisabled();
  await page.getByRole('button', { name: /Show the words/ }).click();
  await page.getByRole('button', { name: 'I wrote them down' }).click();
  for (const position of [3, 11, 20]) await page.getByLabel(`Word ${position}`).fill(` Word${position} `);
  await page.getByRole('button', { name: 'Create the vault' }).click();
  const start = page.getByRole('button', { name: 'Add the sandbox and start' });
  await expect(start).toBeDisabled();
  await page.getByLabel('Your name').fill('  Ines Okafor ');
  await start.click();
  await expect(page.getByRole('navigation')).toBeVisible();
  const input = await page.evaluate(
    () => (window.__calls ?? []).find(({ method }) => method === 'vault.confirm')?.input,
  );
  expect(input).toMatchObject({
    answers: [
      { position: 3, word: 'word3' },
      { position: 11, word: 'word11' },
      { position: 20, word: 'word20' },
    ],
    mode: 'online',
  });
  const named = await page.evaluate(
    () => (window.__calls ?? []).find(({ method }) => method === 'people.setName')?.input,
  );
  expect(named).toEqual({ name: 'Ines Okafor' });
  await close();
});
