/** The approval window: what it shows is what main decoded, nothing from outside is markup, nothing is signed unseen. */
import { expect, type Page, test } from '@playwright/test';
import * as data from './harness/data';
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

const WORDS = data.WORDS.join(' ');
const answers = (page: Page, method: string): Promise<unknown[]> =>
  page.evaluate(
    (name) => (window.__calls ?? []).filter((call) => call.method === name).map(({ input }) => input),
    method,
  );

test('an envelope is approved by the digest that is shown, after the words were heard', async () => {
  const { page, complaints, close } = await stage.open({
    scenario: { window: 'approval', approval: 'approve' },
  });
  await expect(page.getByText('No money moves yet.')).toBeVisible();
  await expect(page.locator('.digits')).toHaveText('4071 8263');
  // The window shows no word that would be right: they come from the other person.
  for (const word of data.WORDS) await expect(page.getByText(word, { exact: true })).toHaveCount(0);
  await expect(page.getByText('Not compared by voice yet.')).toBeVisible();
  // Typed one after another: a space goes on, case and stray signs do not matter.
  await page.getByLabel('Word 1', { exact: true }).focus();
  await page.keyboard.type(`${WORDS.toUpperCase().replaceAll(' ', ', ')}`);
  await expect(page.getByLabel('Word 12')).toHaveValue('meadow');
  await expect(page.getByLabel('Word 12')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText('The words agree.')).toBeVisible();
  await expect(page.getByText('Not compared by voice')).toHaveCount(0);
  await page.getByLabel('Passphrase').fill('right');
  await page.getByRole('button', { name: /^Approve 24 payments, .+ \+ 4 more currencies$/ }).click();
  await expect(page.getByText('24 payments approved.')).toBeVisible();
  const shown = (await page.locator('.digest .groups').getAttribute('aria-label')) ?? '';
  expect(await answers(page, 'approval.approve')).toEqual([{ digest: shown, passphrase: 'right' }]);
  expect(complaints).toEqual([]);
  await close();
});

test('words that do not agree stop the answer until they do; attempts run out', async () => {
  const { page, close } = await stage.open({ scenario: { window: 'approval', approval: 'sign' } });
  const hear = async (words: string): Promise<void> => {
    await page.getByLabel('Word 1', { exact: true }).fill(words);
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
  };
  await page.getByLabel('Passphrase').fill('right');
  const sign = page.getByRole('button', { name: /^Sign 24 payments/ });
  await expect(sign).toBeEnabled();
  await hear(WORDS.replace('orbit', 'order'));
  await expect(page.getByText('2 attempts are left.')).toBeVisible();
  await expect(sign).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Go on without comparing' })).toHaveCount(0);
  await hear(WORDS.replace('orbit', 'orchid'));
  await expect(page.getByText('1 attempt is left.')).toBeVisible();
  await hear(WORDS.replace('orbit', 'oral'));
  await expect(page.getByText('no attempt is left')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Compare', exact: true })).toBeDisabled();
  await page.getByLabel('Passphrase').press('Enter');
  expect(await answers(page, 'approval.approve')).toEqual([]);
  await close();
});

test('words that disagreed in a window before this one stop the answer until they agree', async () => {
  const { page, complaints, close } = await stage.open({
    scenario: { window: 'approval', approval: 'approve-disagreed' },
  });
  await expect(page.getByRole('alert')).toContainText('did not agree when this window was open before');
  await expect(page.getByText('Nothing can be signed in this window until they do.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Go on without comparing' })).toHaveCount(0);
  await page.getByLabel('Passphrase').fill('right');
  const approve = page.getByRole('button', { name: /^Approve 24 payments/ });
  await expect(approve).toBeDisabled();
  await page.getByLabel('Word 1', { exact: true }).fill(WORDS);
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await expect(page.getByText('The words agree.')).toBeVisible();
  await expect(approve).toBeEnabled();
  expect(complaints).toEqual([]);
  await close();
});

test('going on without comparing is said plainly, and comparing stays open', async () => {
  const { page, close } = await stage.open({ scenario: { window: 'approval', approval: 'approve' } });
  await page.getByRole('button', { name: 'Go on without comparing' }).click();
  await expect(
    page.locator('.sign').getByText('Not compared by voice. Your signature will say so'),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Compare now' }).click();
  await expect(page.getByLabel('Word 1', { exact: true })).toBeVisible();
  await close();
});

test('what could not be checked stands before what passed, and what passed is closed', async () => {
  const { page, close } = await stage.open({ scenario: { window: 'approval', approval: 'approve-refused' } });
  const titles = await page.locator('.checks h2').allTextContents();
  expect(titles).toEqual([
    'Refused by the checks of this machine',
    'Could not be checked',
    'To be looked at',
  ]);
  await expect(page.getByText('The content gives the digest')).toHaveCount(0);
  await page.getByRole('button', { name: 'Show the 14 checks that passed' }).click();
  await expect(page.getByText('The content gives the digest')).toBeVisible();
  await close();
});

test('a no needs a reason and the passphrase, and carries the digest', async () => {
  const { page, close } = await stage.open({ scenario: { window: 'approval', approval: 'approve' } });
  await page.getByRole('button', { name: 'Reject', exact: true }).click();
  const reject = page.getByRole('button', { name: /^Reject 24 payments/ });
  await page.getByLabel('Passphrase').fill('right');
  await expect(reject).toBeDisabled();
  await page.getByLabel('Reason').fill('  The account is not confirmed.  ');
  await reject.click();
  await expect(page.getByText('Rejected. Save the envelope')).toBeVisible();
  const shown = (await page.locator('.digest .groups').getAttribute('aria-label')) ?? '';
  expect(await answers(page, 'approval.reject')).toEqual([
    { digest: shown, reason: 'The account is not confirmed.', passphrase: 'right' },
  ]);
  expect(await answers(page, 'approval.approve')).toEqual([]);
  await close();
});

test('a window to compare reads words for the digits that were spoken, and has no yes', async () => {
  const { page, close } = await stage.open({ scenario: { window: 'approval', approval: 'compare' } });
  await expect(page.getByLabel('Passphrase')).toHaveCount(0);
  await page.getByLabel('Eight digits that the checker speaks').fill('4071');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Type eight digits.')).toBeVisible();
  await page.getByLabel('Eight digits that the checker speaks').fill('4071 8263');
  await page.keyboard.press('Enter');
  const words = page.getByRole('list', { name: 'The twelve words' }).getByRole('listitem');
  await expect(words).toHaveText(data.WORDS.map((word, index) => `${index + 1} ${word}`));
  expect(await answers(page, 'approval.wordsFor')).toEqual([{ challenge: '40718263' }]);
  expect(await answers(page, 'approval.challenge')).toEqual([]);
  await close();
});

test('a policy shows what changes first, then everybody and every rule', async () => {
  const { page, complaints, close } = await stage.open({
    scenario: { window: 'approval', approval: 'adopt' },
  });
  const changes = page.locator('.changes li');
  await expect(changes).toHaveText([
    'New: Sanjay Raghunathan, Approver',
    'New: Above USD 1,000,000.00, 3 approvals',
    'No longer: Above USD 2,500,000.00, 3 approvals',
  ]);
  await expect(page.locator('.people li')).toHaveCount(6);
  await page.getByLabel('Passphrase').fill('right');
  await page.getByRole('button', { name: 'Approve policy number 4' }).click();
  await expect(page.getByText('Policy signed.')).toBeVisible();
  expect(complaints).toEqual([]);
  await close();
});
