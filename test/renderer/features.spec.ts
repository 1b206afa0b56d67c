/** What a treasurer does on position, payments, ledger and counterparties, against a main side of the contract alone. */
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

const importOf = (fileId: string): string => `#/payments/import/${fileId}?name=payrun.xml&size=48120`;
const lastInput = (page: Page, method: string): Promise<unknown> =>
  page.evaluate(
    (name) => (window.__calls ?? []).filter((call) => call.method === name).at(-1)?.input,
    method,
  );

test('a right file becomes a batch only after every hold was released by name', async () => {
  const { page, close } = await stage.open({ hash: importOf('fil_0000000right') });
  const create = page.getByRole('button', { name: 'Create batch: 24 payments in 5 currencies' });
  await expect(create).toBeDisabled();
  await page.getByRole('checkbox', { name: /^Release all 3/ }).check();
  await expect(create).toBeDisabled();
  await page.getByRole('checkbox', { name: /^Release: The same creditor/ }).check();
  await page.getByRole('checkbox', { name: /^Release: The account looks like/ }).check();
  await expect(create).toBeEnabled();
  await create.click();
  await expect(page).toHaveURL(/payments\/batch\//);
  expect(await lastInput(page, 'payments.createBatch')).toEqual({
    importId: 'imp_0000000right',
    dropPaymentIndexes: [],
    releaseHolds: [
      { kind: 'same-payment', paymentIndex: 4 },
      { kind: 'look-alike-address', paymentIndex: 6 },
      { kind: 'first-payment', paymentIndex: 2 },
      { kind: 'first-payment', paymentIndex: 5 },
      { kind: 'first-payment', paymentIndex: 9 },
    ],
  });
  await close();
});

test('kinds of holds that are about one debt or one fraud have no box for all', async () => {
  const { page, close } = await stage.open({ hash: importOf('fil_0000000right') });
  await expect(page.getByRole('checkbox', { name: /^Release all/ })).toHaveCount(1);
  await close();
});

test('wrong lines are left out one by one, and the sums follow to the cent', async () => {
  const { page, close } = await stage.open({ hash: importOf('fil_0000000wrong') });
  const bar = page.getByRole('region', { name: 'To be created' });
  await expect(bar.getByText('Leave out the wrong lines first')).toBeVisible();
  const lines = page.getByRole('region', { name: 'Wrong lines to leave out' });
  await expect(lines.getByRole('checkbox')).toHaveCount(4);
  for (const box of await lines.getByRole('checkbox').all()) await box.check();
  await expect(bar.getByText('To be created: 20 payments')).toBeVisible();
  await expect(bar.getByText('4 lines left out')).toBeVisible();
  const own = data.payments.filter(({ batchId }) => batchId === data.batches[1]?.id);
  const kept = own.filter((payment, index) => payment.currency === 'USD' && ![3, 7, 8, 15].includes(index));
  const cents = kept.reduce((sum, { units }) => sum + units, 0n);
  const text = `${(cents / 100n).toLocaleString('en-GB')}.${String(cents % 100n).padStart(2, '0')}`;
  await expect(bar).toContainText(text);
  await close();
});

test('a problem leads to its line', async () => {
  const { page, close } = await stage.open({ hash: importOf('fil_0000000wrong') });
  await page.getByText('The check digits of the IBAN are wrong.').click();
  const lines = page.getByRole('grid', { name: 'Lines of the file' });
  await expect(lines.getByRole('row', { selected: true })).toContainText('290');
  await expect(page.getByText(/^Problem in line 296/)).toBeInViewport();
  await close();
});

test('problems are narrowed by kind and by search', async () => {
  const { page, close } = await stage.open({ hash: importOf('fil_0000000wrong') });
  const table = page.getByRole('grid', { name: 'Problems in the file' });
  await expect(table).toHaveAttribute('aria-rowcount', '7');
  await page.getByRole('combobox', { name: 'Which problems' }).click();
  await page.getByRole('option', { name: 'Remarks', exact: true }).click();
  await expect(table).toHaveAttribute('aria-rowcount', '2');
  await page.getByLabel('Search problems').fill('nothing like it');
  await expect(page.getByText('No problem matches')).toBeVisible();
  await close();
});

test('a refused file offers no way to a batch', async () => {
  const { page, close } = await stage.open({ hash: importOf('fil_000000refuse') });
  await expect(page.getByText('This file cannot be used. Nothing was created.')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Create batch/ })).toHaveCount(0);
  await expect(page.getByRole('checkbox')).toHaveCount(0);
  await close();
});

test('a CSV file waits for what has two readings', async () => {
  const { page, close } = await stage.open({ hash: importOf('fil_0000000000csv') });
  const check = page.getByRole('button', { name: 'Check file' });
  await expect(check).toBeDisabled();
  await page.getByRole('combobox', { name: 'Dates look like' }).click();
  await page.getByRole('option', { name: 'DD/MM/YYYY' }).click();
  await expect(check).toBeDisabled();
  await page.getByRole('combobox', { name: 'Execution date' }).click();
  await page.getByRole('option', { name: 'Due date' }).click();
  await check.click();
  await expect(page.getByText(/^The file is right/)).toBeVisible();
  expect(await lastInput(page, 'payments.importFile')).toMatchObject({
    mapping: {
      delimiter: ';',
      decimal: ',',
      dateFormat: 'DD/MM/YYYY',
      columns: { requestedDate: 'Due date' },
    },
    saveMappingAs: null,
  });
  await close();
});

test('an import goes on while one looks elsewhere, and is forgotten on lock', async () => {
  const { page, close } = await stage.open({ hash: importOf('fil_0000000wrong') });
  await page.getByRole('checkbox', { name: /^Leave out all/ }).check();
  await page.getByRole('button', { name: 'Ledger', exact: true }).click();
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(page.getByRole('checkbox', { name: /^Leave out all/ })).toBeChecked();
  const asked = (): Promise<number> =>
    page.evaluate(
      () => (window.__calls ?? []).filter(({ method }) => method === 'payments.importFile').length,
    );
  expect(await asked()).toBe(1);
  await page.getByRole('button', { name: 'Lock' }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill('right');
  await page.keyboard.press('Enter');
  await expect.poll(asked).toBe(2);
  await close();
});

test('a batch says what it waits for and offers one step', async () => {
  const { page, close } = await stage.open({ hash: `#/payments/batch/${data.batches[4]?.id}` });
  await expect(page.getByText('2 payments would be refused')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Review and approve' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Show them' }).click();
  await expect(page.getByRole('grid', { name: 'Payments of the batch' })).toHaveAttribute(
    'aria-rowcount',
    '3',
  );
  await page.getByRole('button', { name: 'Leave out 2 refused payments' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Leave out 2 refused payments' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(await lastInput(page, 'payments.drop')).toMatchObject({ paymentIds: [], allRefused: true });
  await close();
});

test('offline, nothing that needs a network can be started', async () => {
  const { page, close } = await stage.open({
    hash: `#/payments/batch/${data.batches[4]?.id}`,
    scenario: { isOffline: true },
  });
  await expect(page.getByRole('button', { name: 'Check payments' })).toBeDisabled();
  await close();
});

test('a payment is opened, told in full and closed by keyboard alone', async () => {
  const { page, close } = await stage.open({ hash: `#/payments/batch/${data.batches[1]?.id}` });
  const table = page.getByRole('grid', { name: 'Payments of the batch' });
  await table.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const panel = page.getByRole('complementary');
  const own = data.payments.filter(({ batchId }) => batchId === data.batches[1]?.id)[1];
  await expect(panel.getByRole('heading', { level: 2 })).toHaveText(own?.creditorName ?? '');
  await expect(panel.getByRole('img', { name: own?.creditorAddress ?? '' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
  await expect(table).toBeFocused();
  await close();
});

test('cancelling says what happens before it asks for anything', async () => {
  const stuck = data.payments.find(({ settlement }) => settlement?.stage === 'stuck');
  const { page, close } = await stage.open({
    hash: `#/payments/batch/${stuck?.batchId}?payment=${stuck?.id}`,
  });
  await page.getByRole('button', { name: 'Cancel payment' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Nothing is sent before you approve it in the approval window.');
  await expect(dialog).toContainText(stuck?.creditorName ?? '');
  expect(await lastInput(page, 'settlement.cancel')).toBeUndefined();
  await dialog.getByRole('button', { name: /^Prepare the cancellation of / }).click();
  await expect(dialog).toHaveCount(0);
  expect(await lastInput(page, 'settlement.cancel')).toEqual({ paymentId: stuck?.id });
  await close();
});

test('an amount goes to main as it was typed, or not at all', async () => {
  const { page, close } = await stage.open({ hash: '#/payments/new' });
  const amount = page.getByLabel('Amount');
  for (const text of ['1,250.00', '1.250', '1e3', '-5', '0.00', '12.']) {
    await amount.fill(text);
    await expect(amount).toHaveAttribute('aria-invalid', 'true');
  }
  const choose = async (name: string, option: RegExp): Promise<void> => {
    await page.getByRole('combobox', { name, exact: true }).click();
    await page.getByRole('option', { name: option }).first().click();
  };
  await choose('Pay from', /Main treasury/);
  await choose('Token', /^EUR/);
  await choose('Creditor', /Cinnamon/);
  await amount.fill('900719925474099.31');
  await page
    .getByRole('button', { name: /^Create payment: EUR.900,719,925,474,099\.31 to Cinnamon/ })
    .click();
  await expect(page).toHaveURL(/payments\/batch\//);
  expect(await lastInput(page, 'payments.createSingle')).toMatchObject({ amount: '900719925474099.31' });
  await close();
});

test('balances open to token and account, by any grouping', async () => {
  const { page, close } = await stage.open({ hash: '#/position' });
  await page.getByRole('button', { name: 'USD', exact: true }).click();
  await expect(page.getByRole('row', { name: /Jameson Trust Bank · Main treasury/ })).toContainText(
    'block 1,382',
  );
  await page.getByText('By account', { exact: true }).click();
  await expect(page.getByRole('table', { name: 'Balances, By account' })).toBeVisible();
  await expect(page.getByRole('row', { name: /^EUR · Sankt Veit Bank/ })).toHaveCount(2);
  await close();
});

test('chart and table of the history hold the same points', async () => {
  const { page, close } = await stage.open({ hash: '#/position' });
  await expect(page.getByRole('img', { name: /Stacked value of balances/ })).toBeVisible();
  await page.getByText('Table', { exact: true }).click();
  await expect(page.getByRole('grid', { name: 'Balances over time' })).toHaveAttribute('aria-rowcount', '61');
  await close();
});

test('the ledger goes to its far end by one key', async () => {
  const { page, close } = await stage.open({ hash: '#/ledger' });
  const table = page.getByRole('grid', { name: 'Ledger entries' });
  await table.focus();
  await page.keyboard.press('End');
  await expect(table.locator(`[aria-rowindex="${data.ENTRY_COUNT + 1}"]`)).toBeInViewport();
  await expect(table.locator('[role=row]')).not.toHaveCount(data.ENTRY_COUNT);
  await close();
});

test('what main finds wrong with a counterparty stands at its field', async () => {
  const { page, close } = await stage.open({ hash: '#/counterparties', scenario: { party: 'checksum' } });
  await page.getByRole('grid', { name: 'Counterparties' }).getByRole('row').nth(3).click();
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('button', { name: 'Save counterparty' }).click();
  const field = page.getByLabel('Account on the ledger');
  await expect(field).toBeFocused();
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByText(/^The checksum is wrong/)).toBeVisible();
  await close();
});

test('a look-alike warning stays until a person says that they compared', async () => {
  const { page, close } = await stage.open({ hash: '#/counterparties', scenario: { party: 'look-alike' } });
  await page.getByRole('grid', { name: 'Counterparties' }).getByRole('row').nth(3).click();
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('button', { name: 'Save counterparty' }).click();
  await expect(page.getByText('Looks like another account')).toBeVisible();
  await expect(page.getByRole('img', { name: data.address(77) })).toBeVisible();
  await page.getByRole('button', { name: 'I compared them' }).click();
  await expect(page.getByText('Looks like another account')).toHaveCount(0);
  await close();
});
