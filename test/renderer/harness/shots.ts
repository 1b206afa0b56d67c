import type { Page } from '@playwright/test';
import { ENVELOPE_SHOTS } from './envelope-shots';
import type { Scenario } from './fake-bridge';
import { FEATURE_SHOTS } from './feature-shots';
import { PEOPLE_SHOTS } from './people-shots';

export type Shot = {
  readonly name: string;
  readonly scenario?: Scenario;
  readonly hash?: string;
  readonly size?: { readonly width: number; readonly height: number };
  readonly act?: (page: Page) => Promise<void>;
};

/** Every screen and state that is looked at. */
export const SHOTS: readonly Shot[] = [
  { name: 'shell-position', hash: '#/position' },
  {
    name: 'shell-palette',
    act: async (page) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('pay');
    },
  },
  { name: 'shell-shortcuts', act: (page) => page.keyboard.press('?') },
  { name: 'shell-health', act: (page) => page.getByRole('button', { name: /networks offline/ }).click() },
  { name: 'shell-offline', scenario: { isOffline: true, isTestRuntime: true } },
  { name: 'unlock', scenario: { lock: 'locked' } },
  {
    name: 'unlock-wrong',
    scenario: { lock: 'locked' },
    act: async (page) => {
      await page.getByLabel('Passphrase', { exact: true }).fill('wrong');
      await page.keyboard.press('Enter');
    },
  },
  { name: 'unlock-waiting', scenario: { lock: 'locked', waitSeconds: 42 } },
  {
    name: 'unlock-idle',
    act: async (page) => {
      await page.evaluate(() => window.__lock?.('idle'));
      await page.getByLabel('Passphrase', { exact: true }).waitFor();
    },
  },
  {
    name: 'onboarding-key',
    scenario: { lock: 'absent' },
    act: (page) => page.getByRole('button', { name: /Import a private key/ }).click(),
  },
  { name: 'onboarding', scenario: { lock: 'absent' } },
  {
    name: 'onboarding-create',
    scenario: { lock: 'absent' },
    act: async (page) => {
      await page.getByRole('button', { name: /Create a new vault/ }).click();
      await page.getByLabel('Passphrase', { exact: true }).fill('correct horse battery staple');
      await page.getByLabel('Repeat the passphrase').fill('correct horse');
      await page.getByText(/Strength: Very strong/).waitFor();
    },
  },
  {
    name: 'onboarding-words',
    scenario: { lock: 'absent' },
    act: async (page) => {
      await page.getByRole('button', { name: /Create a new vault/ }).click();
      await page.getByLabel('Passphrase', { exact: true }).fill('correct horse battery staple');
      await page.getByLabel('Repeat the passphrase').fill('correct horse battery staple');
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('button', { name: /Show the words/ }).click();
    },
  },
  {
    name: 'onboarding-workspace',
    scenario: { lock: 'absent' },
    act: async (page) => {
      await page.getByRole('button', { name: /Create a new vault/ }).click();
      await page.getByLabel('Passphrase', { exact: true }).fill('correct horse battery staple');
      await page.getByLabel('Repeat the passphrase').fill('correct horse battery staple');
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('button', { name: /Show the words/ }).click();
      await page.getByRole('button', { name: 'I wrote them down' }).click();
      for (const n of [3, 11, 20]) await page.getByLabel(`Word ${n}`).fill('word');
      await page.getByRole('button', { name: 'Create the vault' }).click();
    },
  },
  {
    name: 'onboarding-restore',
    scenario: { lock: 'absent' },
    act: (page) => page.getByRole('button', { name: /Restore from recovery words/ }).click(),
  },
  { name: 'approval', scenario: { window: 'approval' }, size: { width: 980, height: 820 } },
  {
    name: 'approval-payments',
    scenario: { window: 'approval' },
    act: async (page) => {
      await page.getByLabel('Find in these payments').fill('INV-2026-4000');
      await page.locator('.scroller').evaluate((element) => element.scrollTo(0, 1180));
      await page.getByRole('button', { name: 'Technical detail' }).nth(1).click();
    },
  },
  {
    name: 'approval-large',
    scenario: { window: 'approval', approval: 'large' },
    act: (page) => page.getByText('Reading lines').waitFor({ state: 'hidden' }),
  },
  {
    name: 'approval-wrong',
    scenario: { window: 'approval' },
    act: async (page) => {
      await page.getByLabel('Passphrase').fill('wrong');
      await page.keyboard.press('Enter');
    },
  },
  {
    name: 'approval-signing',
    scenario: { window: 'approval', approval: 'large' },
    act: async (page) => {
      await page.getByText('Reading lines').waitFor({ state: 'hidden' });
      await page.getByLabel('Passphrase').fill('right');
      await page.keyboard.press('Enter');
      await page.getByText(/[1-9].* of 10,000 signed/).waitFor();
    },
  },
  { name: 'approval-one', scenario: { window: 'approval', approval: 'one' } },
  { name: 'approval-cancellation', scenario: { window: 'approval', approval: 'cancellation' } },
  { name: 'approval-mismatch', scenario: { window: 'approval', approval: 'mismatch' } },
  {
    name: 'approval-error',
    scenario: { window: 'approval', errors: { 'approval.document': 'internal' } },
    size: { width: 980, height: 820 },
  },
  { name: 'approval-loading', scenario: { window: 'approval', hang: ['approval.document'] } },
  { name: 'approval-replacement', scenario: { window: 'approval', approval: 'replacement' } },
  { name: 'reports', hash: '#/reports' },
  {
    name: 'settings-networks',
    hash: '#/settings/networks',
    act: (page) => page.getByText('Base', { exact: true }).click(),
  },
  { name: 'settings-networks-empty', hash: '#/settings/networks', scenario: { isEmpty: true } },
  {
    name: 'settings-networks-add',
    hash: '#/settings/networks',
    act: (page) => page.getByRole('button', { name: 'Add network' }).click(),
  },
  {
    name: 'settings-networks-error',
    hash: '#/settings/networks',
    scenario: { errors: { 'directory.networks': 'ledger/corrupt' } },
  },
  { name: 'settings-tokens', hash: '#/settings/tokens' },
  {
    name: 'settings-tokens-changed',
    hash: '#/settings/tokens',
    act: (page) => page.getByText('Taiping Deposit HKD').click(),
  },
  {
    name: 'settings-tokens-unlock',
    hash: '#/settings/tokens',
    act: async (page) => {
      await page.getByText('AnchorX Offshore Yuan').click();
      await page.getByRole('button', { name: 'Unlock', exact: true }).click();
    },
  },
  {
    name: 'settings-tokens-add',
    hash: '#/settings/tokens',
    act: async (page) => {
      await page.getByRole('button', { name: 'Add token' }).click();
      await page.getByLabel('Contract address').fill('0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed');
      await page.getByRole('button', { name: 'Ask the network' }).click();
    },
  },
  {
    name: 'settings-accounts',
    hash: '#/settings/accounts',
    act: (page) => page.getByText('Main treasury').click(),
  },
  {
    name: 'settings-accounts-derive',
    hash: '#/settings/accounts',
    act: (page) => page.getByRole('button', { name: 'New key' }).click(),
  },
  { name: 'settings-tokens-empty', hash: '#/settings/tokens', scenario: { isEmpty: true } },
  { name: 'settings-accounts-empty', hash: '#/settings/accounts', scenario: { isEmpty: true } },
  { name: 'settings-security', hash: '#/settings/security' },
  { name: 'settings-appearance', hash: '#/settings/appearance' },
  {
    name: 'settings-directory',
    hash: '#/settings/directory',
    act: (page) => page.getByRole('button', { name: 'Read a directory file' }).click(),
  },
  { name: 'settings-about', hash: '#/settings/about', scenario: { isTestRuntime: true } },
  ...FEATURE_SHOTS,
  ...ENVELOPE_SHOTS,
  ...PEOPLE_SHOTS,
];
