import type { Page } from '@playwright/test';
import * as data from './data';
import { digestAt } from './envelope-data';
import type { Scenario } from './fake-bridge';
import type { Shot } from './shots';

const envelope = (place: number): string => `#/inbox/envelope/${digestAt(place)}`;
const file = (id: string): string => `#/inbox/file/${id}?name=payrun-2026-11-23.nostro`;
const show = (format: string, place = 0): string => `#/inbox/show/${digestAt(place)}?format=${format}`;
const tab =
  (name: RegExp): NonNullable<Shot['act']> =>
  (page) =>
    page.getByText(name).first().click();

const WORDS = data.WORDS.join(' ');
const hear = async (page: Page, words: string): Promise<void> => {
  await page.getByRole('textbox', { name: 'Word 1', exact: true }).fill(words);
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
};
const approval = (
  name: string,
  variant: NonNullable<Scenario['approval']>,
  more: Partial<Shot> = {},
): Shot => ({
  name: `approval-${name}`,
  scenario: { window: 'approval', approval: variant },
  size: { width: 980, height: 820 },
  ...more,
});

/** The approval window on envelopes and policies. */
const APPROVAL_SHOTS: readonly Shot[] = [
  approval('envelope', 'approve'),
  approval('envelope-wide', 'approve', { size: { width: 1400, height: 900 } }),
  approval('envelope-agrees', 'approve', { act: (page) => hear(page, WORDS) }),
  approval('envelope-disagrees', 'approve', { act: (page) => hear(page, WORDS.replace('orbit', 'order')) }),
  approval('envelope-no-attempt', 'approve', {
    act: async (page) => {
      for (let n = 2; n >= 0; n--) {
        await hear(page, WORDS.replace('orbit', 'order'));
        await page
          .getByText(n === 0 ? /no attempt is left/ : new RegExp(`${n} attempts? (is|are) left`))
          .waitFor();
      }
    },
  }),
  approval('envelope-skipped', 'approve', {
    act: (page) => page.getByRole('button', { name: 'Go on without comparing' }).click(),
  }),
  approval('envelope-passed', 'approve', {
    act: async (page) => {
      await page.getByRole('button', { name: 'Go on without comparing' }).click();
      await page.getByRole('button', { name: /^Show the \d+ checks/ }).click();
    },
  }),
  approval('envelope-reject', 'approve', {
    act: async (page) => {
      await page.getByRole('button', { name: 'Go on without comparing' }).click();
      await page.getByRole('button', { name: 'Reject', exact: true }).click();
      await page.getByLabel('Reason').fill('Lotus Textile Mills changed its account by e-mail only.');
    },
  }),
  approval('envelope-refused', 'approve-refused'),
  approval('envelope-done', 'approve', {
    act: async (page) => {
      await hear(page, WORDS);
      await page.getByLabel('Passphrase').fill('right');
      await page.keyboard.press('Enter');
      await page.getByText(/payments approved\./).waitFor();
    },
  }),
  approval('envelope-sign', 'sign'),
  approval('envelope-signing', 'sign', {
    act: async (page) => {
      await hear(page, WORDS);
      await page.getByLabel('Passphrase').fill('right');
      await page.keyboard.press('Enter');
      await page.getByText(/[1-9].* of 24 signed/).waitFor();
    },
  }),
  approval('words', 'compare'),
  approval('words-read', 'compare', {
    act: async (page) => {
      await page.getByLabel('Eight digits that the checker speaks').fill('40718263');
      await page.keyboard.press('Enter');
      await page.getByRole('list', { name: 'The twelve words' }).waitFor();
    },
  }),
  approval('policy', 'adopt'),
  approval('policy-first', 'adopt-first'),
];

/** The inbox, envelopes and their exchange in every state. */
export const ENVELOPE_SHOTS: readonly Shot[] = [
  { name: 'inbox', hash: '#/inbox' },
  { name: 'inbox-approver', hash: '#/inbox', scenario: { role: 'approver', people: 'settled' } },
  { name: 'inbox-all', hash: '#/inbox?filter=all' },
  { name: 'inbox-all-wide', hash: '#/inbox?filter=all', size: { width: 1600, height: 1000 } },
  {
    name: 'inbox-offline',
    hash: '#/inbox',
    scenario: { role: 'signer', mode: 'offline', people: 'settled' },
  },
  { name: 'inbox-empty', hash: '#/inbox', scenario: { envelopes: 'none', role: 'signer' } },
  { name: 'inbox-empty-all', hash: '#/inbox?filter=all', scenario: { envelopes: 'none' } },
  { name: 'inbox-nopolicy', hash: '#/inbox', scenario: { envelopes: 'none', people: 'none' } },
  { name: 'inbox-policy-waits', hash: '#/inbox', scenario: { envelopes: 'none', people: 'first' } },
  { name: 'inbox-opened', hash: '#/inbox', scenario: { opened: 2, people: 'settled' } },
  { name: 'inbox-loading', hash: '#/inbox', scenario: { hang: ['envelopes.list'] } },
  { name: 'inbox-error', hash: '#/inbox', scenario: { errors: { 'envelopes.list': 'ledger/corrupt' } } },
  {
    name: 'inbox-nomatch',
    hash: '#/inbox?filter=all',
    act: (page) => page.getByLabel('Search envelopes').fill('nothing like it'),
  },
  { name: 'intake-reading', hash: file('fil_000000000ok'), scenario: { hang: ['envelopes.importFile'] } },
  {
    name: 'intake-failed',
    hash: file('fil_000000000ok'),
    scenario: { errors: { 'envelopes.importFile': 'envelope/bad-signature' } },
  },
  { name: 'intake-policy', hash: file('fil_000000policy') },
  { name: 'intake-card', hash: file('fil_00000000card') },
  { name: 'intake-gone', hash: '#/inbox/file/nothing' },
  { name: 'intake-new', hash: file('fil_000000000ok') },
  { name: 'envelope-maker', hash: envelope(0) },
  { name: 'envelope-approver', hash: envelope(0), scenario: { role: 'approver' } },
  {
    name: 'envelope-approver-wide',
    hash: envelope(0),
    scenario: { role: 'approver' },
    size: { width: 1600, height: 1000 },
  },
  {
    name: 'envelope-checks',
    hash: envelope(0),
    scenario: { role: 'approver' },
    act: tab(/^Checks \(\d+\)$/),
  },
  { name: 'envelope-signer', hash: envelope(1), scenario: { role: 'signer', mode: 'offline' } },
  { name: 'envelope-refused', hash: envelope(2), scenario: { role: 'signer', mode: 'offline' } },
  {
    name: 'envelope-refused-checks',
    hash: envelope(2),
    scenario: { role: 'signer', mode: 'offline' },
    act: async (page) => {
      await page.getByText(/^Checks \(\d+\)$/).click();
      await page.getByRole('button', { name: /^Show what passed/ }).click();
    },
  },
  { name: 'envelope-facts', hash: envelope(0), act: tab(/^Facts$/) },
  {
    name: 'envelope-line',
    hash: envelope(0),
    act: (page) =>
      page.getByRole('grid', { name: 'Payments of the envelope' }).getByRole('row').nth(2).click(),
  },
  { name: 'envelope-signed', hash: envelope(3) },
  {
    name: 'envelope-send',
    hash: envelope(3),
    act: (page) => page.getByRole('button', { name: /^Send 9 payments/ }).click(),
  },
  { name: 'envelope-sent', hash: envelope(4) },
  { name: 'envelope-settled', hash: envelope(5) },
  { name: 'envelope-rejected', hash: envelope(6) },
  { name: 'envelope-expired', hash: envelope(7) },
  {
    name: 'envelope-renew',
    hash: envelope(7),
    act: (page) => page.getByRole('button', { name: 'Make a new envelope' }).click(),
  },
  { name: 'envelope-withdrawn', hash: envelope(8) },
  { name: 'envelope-replacement', hash: envelope(9) },
  {
    name: 'envelope-menu',
    hash: envelope(0),
    act: (page) => page.getByRole('button', { name: 'More', exact: true }).click(),
  },
  {
    name: 'envelope-review-failed',
    hash: envelope(2),
    scenario: {
      role: 'signer',
      mode: 'offline',
      errors: { 'envelopes.review': 'envelope/refused-by-check' },
    },
    act: (page) => page.getByRole('button', { name: /^Sign 128 payments/ }).click(),
  },
  { name: 'envelope-unknown', hash: `#/inbox/envelope/${data.hash(1)}` },
  { name: 'envelope-loading', hash: envelope(0), scenario: { hang: ['envelopes.get'] } },
  { name: 'qr', hash: show('envelope') },
  {
    name: 'qr-large',
    hash: show('envelope'),
    size: { width: 1280, height: 900 },
    act: async (page) => {
      await page.getByText('Large', { exact: true }).click();
      await page.getByRole('button', { name: 'Next frame' }).click();
    },
  },
  { name: 'qr-policy', hash: show('policy') },
  { name: 'qr-one', hash: '#/inbox/show?format=person', scenario: { isOneCode: true } },
  {
    name: 'qr-too-large',
    hash: show('envelope'),
    scenario: { errors: { 'exchange.frames': 'envelope/too-large-for-qr' } },
  },
  { name: 'qr-loading', hash: show('envelope'), scenario: { hang: ['exchange.frames'] } },
  { name: 'reader', hash: '#/inbox/scan' },
  {
    name: 'reader-looking',
    hash: '#/inbox/scan',
    scenario: { camera: 'dark' },
    act: async (page) => {
      await page.getByRole('button', { name: 'Start camera' }).click();
      await page.getByText('Looking for a QR code').waitFor();
    },
  },
  {
    name: 'reader-collecting',
    hash: '#/inbox/scan',
    scenario: { camera: 'codes' },
    act: async (page) => {
      await page.getByRole('button', { name: 'Start camera' }).click();
      await page.getByText(/^([4-9]|1\d) of about 20 frames/).waitFor();
    },
  },
  {
    name: 'reader-foreign',
    hash: '#/inbox/scan',
    scenario: { camera: 'foreign' },
    act: async (page) => {
      await page.getByRole('button', { name: 'Start camera' }).click();
      await page.getByText('A code of something else').waitFor();
    },
  },
  {
    name: 'reader-denied',
    hash: '#/inbox/scan',
    scenario: { camera: 'denied' },
    act: (page) => page.getByRole('button', { name: 'Start camera' }).click(),
  },
  {
    name: 'reader-missing',
    hash: '#/inbox/scan',
    scenario: { camera: 'missing' },
    act: (page) => page.getByRole('button', { name: 'Start camera' }).click(),
  },
  {
    name: 'reader-failed',
    hash: '#/inbox/scan',
    scenario: { camera: 'codes', errors: { 'exchange.receive': 'envelope/bad-signature' } },
    act: async (page) => {
      await page.getByRole('button', { name: 'Start camera' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'reader-complete',
    hash: '#/inbox/scan',
    scenario: { camera: 'codes' },
    act: async (page) => {
      await page.getByRole('button', { name: 'Start camera' }).click();
      await page.getByRole('heading', { name: /^PAYRUN/ }).waitFor({ timeout: 20_000 });
    },
  },
  {
    name: 'batch-make-envelope',
    hash: `#/payments/batch/${data.batches[4]?.id}`,
    scenario: { isReady: true },
  },
  { name: 'batch-in-envelope', hash: `#/payments/batch/${data.batches[1]?.id}` },
  {
    name: 'batch-not-maker',
    hash: `#/payments/batch/${data.batches[4]?.id}`,
    scenario: { role: 'auditor', isReady: true },
  },
  ...APPROVAL_SHOTS,
];
