/** The main screens with real data in them: no serious violation for axe. test/renderer has every state and theme. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { faultyPain001, samplePain001 } from '../../sandbox/index';
import { expect, test } from '../fixtures';
import { openApprovalWindow } from '../pages/approval';
import { goTo, type ScreenName } from '../pages/navigation';
import { chooseFile, readVerdict } from '../pages/payments';
import { openSettings } from '../pages/settings';
import { importBatch, openTreasury } from '../pages/treasury';
import { lock } from '../pages/unlock';

const checkPage = async (page: Page, name: string): Promise<void> => {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`);
  expect(serious, name).toEqual([]);
};

test('every main screen is accessible with real data', async ({ start, sandbox, desk, folder }) => {
  const app = await start({ sandboxFile: desk.directoryFile });
  const { page } = app;
  await openTreasury(app, desk);
  const faulty = path.join(folder, 'faulty.xml');
  writeFileSync(faulty, faultyPain001(sandbox.description).xml);
  await chooseFile(app, faulty);
  expect(await readVerdict(page)).toBe('refused');
  await checkPage(page, 'import with errors');
  const file = path.join(folder, 'sample.xml');
  writeFileSync(file, samplePain001(sandbox.description, { count: 10 }));
  const batch = await importBatch(app, file);
  await checkPage(page, 'batch');
  await batch.requestApproval();
  const approval = await openApprovalWindow(app);
  await checkPage(approval.page, 'approval window');
  await approval.close();
  const screens: readonly ScreenName[] = ['Position', 'Payments', 'Ledger', 'Counterparties', 'Reports'];
  for (const screen of screens) {
    await goTo(page, screen);
    await checkPage(page, screen);
  }
  for (const tab of [
    'Networks',
    'Tokens',
    'Accounts',
    'Security',
    'Appearance',
    'Directory files',
    'About',
  ] as const) {
    await openSettings(page, tab);
    await checkPage(page, `Settings, ${tab}`);
  }
  await lock(page);
  await checkPage(page, 'unlock');
});
