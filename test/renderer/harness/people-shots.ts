import type { Page } from '@playwright/test';
import * as people from './people-data';
import type { Shot } from './shots';

const PASSPHRASE = 'correct horse battery staple';

const createVault = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: /Create a new vault/ }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByLabel('Repeat the passphrase').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: /Show the words/ }).click();
  await page.getByRole('button', { name: 'I wrote them down' }).click();
  for (const n of [3, 11, 20]) await page.getByLabel(`Word ${n}`).fill('word');
  await page.getByRole('button', { name: 'Create the vault' }).click();
};

const PEOPLE = '#/settings/people';
const JOURNAL = '#/reports/journal';
const rowOf = (page: Page, n: number) => page.getByRole('grid', { name: 'Journal' }).getByRole('row').nth(n);

/** People, policies, machines and the journal in every state. */
export const PEOPLE_SHOTS: readonly Shot[] = [
  {
    name: 'machine-onboarding',
    scenario: { lock: 'absent' },
    act: (page) => page.getByRole('radio', { name: /^Offline machine/ }).check(),
  },
  {
    name: 'machine-onboarding-names',
    scenario: { lock: 'absent', isNameless: true },
    act: async (page) => {
      await page.getByRole('radio', { name: /^Offline machine/ }).check();
      await createVault(page);
      await page.getByLabel('Your name').fill('Ines Okafor');
    },
  },
  { name: 'machine-locked', scenario: { mode: 'offline', lock: 'locked' } },
  { name: 'machine-counterparties', scenario: { mode: 'offline' }, hash: '#/counterparties' },
  { name: 'machine-reports', scenario: { mode: 'offline' }, hash: '#/reports' },
  { name: 'machine-accounts', scenario: { mode: 'offline' }, hash: '#/settings/accounts' },
  {
    name: 'machine-networks',
    scenario: { mode: 'offline' },
    hash: '#/settings/networks',
  },
  {
    name: 'machine-toast',
    scenario: { mode: 'offline' },
    hash: '#/reports/journal',
    act: async (page) => {
      await page.getByRole('button', { name: 'Save as CSV' }).click();
      await page.getByText('Journal saved').waitFor();
    },
  },
  { name: 'machine-security', scenario: { mode: 'offline' }, hash: '#/settings/security' },
  {
    name: 'machine-to-online',
    scenario: { mode: 'offline' },
    hash: '#/settings/security',
    act: (page) => page.getByRole('button', { name: 'Make it an online machine' }).click(),
  },
  {
    name: 'machine-to-offline',
    hash: '#/settings/security',
    act: async (page) => {
      await page.getByRole('button', { name: 'Make it an offline machine' }).click();
      await page.getByRole('dialog').getByLabel('Passphrase', { exact: true }).fill('wrong');
      await page.getByRole('button', { name: 'Go offline and lock' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'people', hash: PEOPLE },
  {
    name: 'people-end',
    hash: PEOPLE,
    act: (page) =>
      page.getByRole('heading', { name: 'Cards that are in no policy' }).scrollIntoViewIfNeeded(),
  },
  {
    name: 'people-draft',
    hash: PEOPLE,
    act: (page) => page.getByRole('heading', { name: /not in force yet/ }).scrollIntoViewIfNeeded(),
  },
  { name: 'people-first', hash: PEOPLE, scenario: { people: 'first' } },
  { name: 'people-settled', hash: PEOPLE, scenario: { people: 'settled' } },
  { name: 'people-none', hash: PEOPLE, scenario: { people: 'none' } },
  { name: 'people-nameless', hash: PEOPLE, scenario: { people: 'none', isNameless: true, mode: 'offline' } },
  { name: 'people-loading', hash: PEOPLE, scenario: { hang: ['people.policies'] } },
  { name: 'people-error', hash: PEOPLE, scenario: { errors: { 'people.policies': 'ledger/corrupt' } } },
  {
    name: 'people-card',
    hash: PEOPLE,
    act: (page) => page.getByRole('button', { name: 'Save your card as a file' }).click(),
  },
  {
    name: 'people-discard',
    hash: PEOPLE,
    act: (page) => page.getByRole('button', { name: 'Discard' }).click(),
  },
  {
    name: 'people-edit',
    hash: PEOPLE,
    act: (page) => page.getByRole('button', { name: 'Edit' }).click(),
  },
  {
    name: 'people-edit-rules',
    hash: PEOPLE,
    act: async (page) => {
      await page.getByRole('button', { name: 'Edit' }).click();
      await page.getByRole('button', { name: 'Save the draft' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'people-edit-wrong',
    hash: PEOPLE,
    scenario: { people: 'none' },
    act: async (page) => {
      await page.getByRole('button', { name: 'Draft a policy' }).click();
      await page.getByRole('button', { name: 'Type a person in' }).click();
      await page.getByLabel('Key of person 2').fill(people.me.key.replace(/.$/, '0'));
      await page.getByLabel('Name of person 2').fill('Ines Okafor');
      await page.getByRole('button', { name: 'Add a row' }).click();
      await page.getByLabel('Amount of row 1').fill('100.000,00');
      await page.getByRole('button', { name: 'Save the draft' }).click();
    },
  },
  { name: 'journal', hash: JOURNAL },
  { name: 'journal-wide', hash: JOURNAL, size: { width: 1600, height: 1000 } },
  { name: 'journal-detail', hash: JOURNAL, act: (page) => rowOf(page, 4).click() },
  { name: 'journal-offline', hash: JOURNAL, scenario: { mode: 'offline', isJournalFresh: true } },
  { name: 'journal-empty', hash: JOURNAL, scenario: { people: 'none' } },
  { name: 'journal-loading', hash: JOURNAL, scenario: { hang: ['journal.list', 'journal.head'] } },
  {
    name: 'journal-error',
    hash: JOURNAL,
    scenario: { errors: { 'journal.list': 'ledger/corrupt', 'journal.head': 'ledger/corrupt' } },
  },
  {
    name: 'journal-nomatch',
    hash: JOURNAL,
    act: (page) => page.getByLabel('Search the journal').fill('nothing like it'),
  },
  { name: 'watch-accounts', hash: '#/settings/accounts', scenario: { isWatchOnly: true } },
  {
    name: 'watch-accounts-detail',
    hash: '#/settings/accounts',
    scenario: { isWatchOnly: true },
    act: (page) => page.getByText('Main treasury').click(),
  },
  {
    name: 'watch-accounts-add',
    hash: '#/settings/accounts',
    act: (page) => page.getByRole('button', { name: 'Add by address' }).click(),
  },
];
