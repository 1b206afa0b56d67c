import * as data from './data';
import type { Shot } from './shots';

const batch = (place: number): string => `#/payments/batch/${data.batches[place]?.id}`;
const paymentIn = (place: number, index: number): string => {
  const own = data.payments.filter(({ batchId }) => batchId === data.batches[place]?.id);
  return `${batch(place)}?payment=${own[index]?.id}`;
};
const stageIn = (place: number, stage: string): string => {
  const found = data.payments.find(
    (each) => each.batchId === data.batches[place]?.id && each.settlement?.stage === stage,
  );
  return `${batch(place)}?payment=${found?.id}`;
};
const importOf = (fileId: string): string =>
  `#/payments/import/${fileId}?name=payrun-2026-11-23.xml&size=48120`;

/** Screens of position, payments, ledger and counterparties in every state. */
export const FEATURE_SHOTS: readonly Shot[] = [
  { name: 'position', hash: '#/position' },
  { name: 'position-wide', hash: '#/position', size: { width: 1600, height: 1000 } },
  { name: 'position-empty', hash: '#/position', scenario: { isEmpty: true } },
  { name: 'position-loading', hash: '#/position', scenario: { hang: ['position.get'] } },
  { name: 'position-error', hash: '#/position', scenario: { errors: { 'position.get': 'ledger/corrupt' } } },
  { name: 'position-banks-many', hash: '#/position', scenario: { position: 'many-banks' } },
  {
    name: 'position-reading-one',
    hash: '#/position',
    scenario: { position: 'one-reading' },
    act: (page) => page.locator('.recharts-surface').first().scrollIntoViewIfNeeded(),
  },
  { name: 'position-norates', hash: '#/position', scenario: { position: 'no-rates' } },
  {
    name: 'position-parts',
    hash: '#/position',
    act: (page) => page.getByRole('button', { name: 'Show all parts' }).click(),
  },
  {
    name: 'position-banks',
    hash: '#/position',
    act: (page) => page.getByText('By bank', { exact: true }).click(),
  },
  {
    name: 'position-history-table',
    hash: '#/position',
    act: async (page) => {
      await page.getByText('Table', { exact: true }).click();
      await page.getByRole('grid', { name: 'Balances over time' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'position-history',
    hash: '#/position',
    act: async (page) => {
      await page.locator('.recharts-surface').first().scrollIntoViewIfNeeded();
      await page
        .locator('.recharts-surface')
        .first()
        .hover({ position: { x: 400, y: 120 } });
    },
  },
  { name: 'counterparties', hash: '#/counterparties' },
  {
    name: 'counterparties-loading',
    hash: '#/counterparties',
    scenario: { hang: ['directory.counterparties'] },
  },
  { name: 'counterparties-empty', hash: '#/counterparties', scenario: { isEmpty: true } },
  {
    name: 'counterparties-detail',
    hash: '#/counterparties',
    act: (page) => page.getByRole('grid', { name: 'Counterparties' }).getByRole('row').nth(3).click(),
  },
  {
    name: 'counterparties-new',
    hash: '#/counterparties',
    act: async (page) => {
      await page.getByRole('button', { name: 'Add counterparty' }).click();
      await page.getByRole('button', { name: 'Save counterparty' }).click();
    },
  },
  {
    name: 'counterparties-checksum',
    hash: '#/counterparties',
    scenario: { party: 'checksum' },
    act: async (page) => {
      await page.getByRole('grid', { name: 'Counterparties' }).getByRole('row').nth(3).click();
      await page.getByRole('button', { name: 'Edit' }).click();
      await page.getByRole('button', { name: 'Save counterparty' }).click();
    },
  },
  {
    name: 'counterparties-lookalike',
    hash: '#/counterparties',
    scenario: { party: 'look-alike' },
    act: async (page) => {
      await page.getByRole('grid', { name: 'Counterparties' }).getByRole('row').nth(3).click();
      await page.getByRole('button', { name: 'Edit' }).click();
      await page.getByRole('button', { name: 'Save counterparty' }).click();
    },
  },
  {
    name: 'counterparties-remove',
    hash: '#/counterparties',
    scenario: { errors: { 'directory.removeCounterparty': 'directory/in-use' } },
    act: async (page) => {
      await page.getByRole('grid', { name: 'Counterparties' }).getByRole('row').nth(3).click();
      await page.getByRole('button', { name: 'Remove' }).click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /^Remove / })
        .click();
    },
  },
  { name: 'ledger', hash: '#/ledger' },
  { name: 'ledger-wide', hash: '#/ledger', size: { width: 1600, height: 1000 } },
  { name: 'ledger-compact', hash: '#/ledger', scenario: { density: 'compact' } },
  { name: 'ledger-loading', hash: '#/ledger', scenario: { hang: ['ledger.entries'] } },
  { name: 'ledger-error', hash: '#/ledger', scenario: { errors: { 'ledger.entries': 'ledger/corrupt' } } },
  { name: 'ledger-offline', hash: '#/ledger', scenario: { isOffline: true } },
  { name: 'ledger-empty', hash: '#/ledger', scenario: { isEmpty: true } },
  {
    name: 'ledger-detail',
    hash: '#/ledger',
    act: (page) => page.getByRole('grid', { name: 'Ledger entries' }).getByRole('row').nth(4).click(),
  },
  {
    name: 'ledger-nomatch',
    hash: '#/ledger',
    act: (page) => page.getByLabel('Search entries').fill('nothing like it'),
  },
  { name: 'payments', hash: '#/payments' },
  { name: 'payments-wide', hash: '#/payments', size: { width: 1600, height: 1000 } },
  { name: 'payments-empty', hash: '#/payments', scenario: { isEmpty: true } },
  { name: 'payments-loading', hash: '#/payments', scenario: { hang: ['payments.batches'] } },
  {
    name: 'payments-error',
    hash: '#/payments',
    scenario: { errors: { 'payments.batches': 'ledger/corrupt' } },
  },
  {
    name: 'payments-nomatch',
    hash: '#/payments',
    act: (page) => page.getByLabel('Search batches').fill('nothing like it'),
  },
  { name: 'import-right', hash: importOf('fil_0000000right') },
  { name: 'import-wrong', hash: importOf('fil_0000000wrong') },
  {
    name: 'import-wrong-line',
    hash: importOf('fil_0000000wrong'),
    act: (page) => page.getByText('The check digits of the IBAN are wrong.').click(),
  },
  {
    name: 'import-wrong-drop',
    hash: importOf('fil_0000000wrong'),
    act: async (page) => {
      await page.getByRole('checkbox', { name: 'Leave out all 4 wrong lines' }).check();
      await page.getByRole('checkbox', { name: /^Release all 3/ }).check();
    },
  },
  { name: 'import-refused', hash: importOf('fil_000000refuse') },
  { name: 'import-csv', hash: importOf('fil_0000000000csv') },
  {
    name: 'import-checking',
    hash: importOf('fil_0000000right'),
    scenario: { hang: ['payments.importFile'] },
    act: (page) =>
      page.evaluate(
        (startedAt) =>
          window.__emit?.({
            type: 'progress',
            task: 'import',
            batchId: null,
            done: 18_400,
            total: 48_120,
            startedAt,
            isFinished: false,
          }),
        data.instant(0),
      ),
  },
  {
    name: 'import-failed',
    hash: importOf('fil_0000000right'),
    scenario: { errors: { 'payments.importFile': 'file/changed-while-reading' } },
  },
  { name: 'batch-waiting', hash: batch(0) },
  { name: 'batch-sending', hash: batch(1) },
  { name: 'batch-sending-wide', hash: batch(1), size: { width: 1600, height: 1000 } },
  { name: 'batch-sending-compact', hash: batch(1), scenario: { density: 'compact', isOffline: true } },
  { name: 'batch-settled', hash: batch(2) },
  { name: 'batch-rejected', hash: batch(3) },
  { name: 'batch-unchecked', hash: batch(4) },
  {
    name: 'batch-checking',
    hash: batch(4),
    act: (page) => page.getByRole('button', { name: /^Check (payments|again)$/ }).click(),
  },
  {
    name: 'batch-details',
    hash: batch(1),
    act: (page) => page.getByRole('button', { name: 'File and approval' }).click(),
  },
  {
    name: 'batch-reject',
    hash: batch(4),
    act: async (page) => {
      await page.getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name: 'Reject batch' }).click();
    },
  },
  { name: 'payment-refused', hash: paymentIn(4, 3) },
  { name: 'payment-stuck', hash: stageIn(1, 'stuck') },
  { name: 'payment-final', hash: stageIn(2, 'final') },
  {
    name: 'payment-cancel',
    hash: stageIn(1, 'stuck'),
    act: (page) => page.getByRole('button', { name: 'Cancel payment' }).click(),
  },
  { name: 'batch-unknown', hash: '#/payments/batch/bat_0000000000' },
  { name: 'single', hash: '#/payments/new' },
  {
    name: 'single-filled',
    hash: '#/payments/new',
    scenario: { single: 'holds' },
    act: async (page) => {
      await page.getByRole('combobox', { name: 'Pay from' }).click();
      await page.getByRole('option').first().click();
      await page.getByRole('combobox', { name: 'Token', exact: true }).click();
      await page.getByRole('option', { name: /EUR/ }).first().click();
      await page.getByRole('combobox', { name: 'Creditor', exact: true }).click();
      await page.getByRole('option').nth(2).click();
      await page.getByLabel('Amount').fill('1250.00');
      await page.getByRole('button', { name: /^Create payment/ }).click();
    },
  },
  {
    name: 'single-wrong',
    hash: '#/payments/new',
    act: async (page) => {
      await page.getByLabel('Amount').fill('1.250,00');
      await page.getByRole('button', { name: /^Create payment/ }).click();
    },
  },
];
