/** The approval window: what it shows is what main decoded, nothing from outside is markup, nothing is signed unseen. */
import { expect, test } from '@playwright/test';
import { createStage, type Stage } from './harness/open';

let stage: Stage;
test.beforeAll(async () => {
  stage = await createStage();
});
test.afterAll(async () => {
  await stage.close();
});

test('sums, count, words and digest are in view, also after scrolling to the end of 10,000 payments', async () => {
  const { page, complaints, close } = await stage.open({
    scenario: { window: 'approval', approval: 'large' },
  });
  await expect(page.getByText('Reading lines')).toHaveCount(0);
  await page.locator('.scroller').evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect(page.locator('.row[data-kind="payment"] .number').last()).toHaveText('10,000');
  expect(await page.locator('.row').count()).toBeLessThan(60);
  for (const text of ['10,000 payments, 22 creditors', 'harbor', 'meadow', 'ff3f']) {
    await expect(page.locator('aside').getByText(text, { exact: true }).first()).toBeInViewport();
  }
  expect(complaints).toEqual([]);
  await close();
});

test('text from outside is text, and its hidden characters are shown by number', async () => {
  const { page, close } = await stage.open({ scenario: { window: 'approval' } });
  const name = page.locator('.name', { hasText: 'Alpenrose' }).first();
  await expect(name).toContainText('U+202E');
  await expect(name).toContainText('U+0007');
  await expect(name).toContainText('<b>GmbH</b>');
  await expect(page.locator('.list b')).toHaveCount(0);
  await close();
});

test('every payment has its whole address in groups of four', async () => {
  const { page, close } = await stage.open({ scenario: { window: 'approval' } });
  await page.getByLabel('Find in these payments').fill('INV-2026-40002');
  const row = page.locator('.row[data-kind="payment"]');
  await expect(row).toHaveCount(1);
  expect((await row.locator('.groups > span').allTextContents()).map((text) => text.length)).toEqual([
    2, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4,
  ]);
  await expect(page.getByText('All 24 will be signed.')).toBeVisible();
  await close();
});

test('approving sends the digest that was shown, and the button says verb, count and amount', async () => {
  const { page, close } = await stage.open({ scenario: { window: 'approval' } });
  await page.getByLabel('Passphrase').fill('wrong');
  const sign = page.getByRole('button', { name: /^Sign 24 payments, .+ \+ 4 more currencies$/ });
  await sign.click();
  await expect(page.getByRole('alert')).toContainText('Nothing was signed.');
  await expect(page.getByLabel('Passphrase')).toHaveValue('');
  await page.getByLabel('Passphrase').fill('right');
  await page.keyboard.press('Enter');
  await expect(page.getByText('24 payments signed.')).toBeVisible();
  const shown = (await page.locator('.digest .groups').getAttribute('aria-label')) ?? '';
  const sent = await page.evaluate(() =>
    (window.__calls ?? []).filter(({ method }) => method === 'approval.approve').map(({ input }) => input),
  );
  expect(sent).toEqual([
    { digest: shown, passphrase: 'wrong' },
    { digest: shown, passphrase: 'right' },
  ]);
  await close();
});

test('a line whose call data says something else cannot be signed', async () => {
  const { page, close } = await stage.open({ scenario: { window: 'approval', approval: 'mismatch' } });
  await expect(page.getByRole('alert').first()).toContainText('does not say what this line says');
  await page.getByLabel('Passphrase').fill('right');
  await expect(page.getByRole('button', { name: /^Sign/ })).toBeDisabled();
  await page.keyboard.press('Enter');
  expect(
    await page.evaluate(() => (window.__calls ?? []).some(({ method }) => method === 'approval.approve')),
  ).toBe(false);
  await close();
});

test('signing can be stopped', async () => {
  const { page, close } = await stage.open({ scenario: { window: 'approval', approval: 'large' } });
  await expect(page.getByText('Reading lines')).toHaveCount(0);
  await page.getByLabel('Passphrase').fill('right');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Stop signing' }).click();
  await expect(page.getByRole('alert')).toContainText('Stopped. Nothing of it is kept');
  await close();
});
