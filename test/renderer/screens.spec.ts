/** Every screen and state, light and dark: nothing serious for axe, nothing refused by the policy, nothing thrown. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { createStage, type Stage } from './harness/open';
import { SHOTS } from './harness/shots';

let stage: Stage;
test.beforeAll(async () => {
  stage = await createStage();
});
test.afterAll(async () => {
  await stage.close();
});

const findSerious = async (builder: AxeBuilder): Promise<string[]> => {
  const { violations } = await builder.analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary}`).join('; ')}`,
    );
};

/** Made of the same parts as another shot: for the eye, in another size or at another place. */
const TWINS: ReadonlySet<string> = new Set([
  'shell-position',
  'position-wide',
  'position-loading',
  'position-error',
  'position-banks-many',
  'position-reading-one',
  'position-banks',
  'ledger-wide',
  'ledger-compact',
  'ledger-error',
  'ledger-offline',
  'ledger-nomatch',
  'payments-wide',
  'payments-loading',
  'payments-nomatch',
  'counterparties-loading',
  'counterparties-checksum',
  'settings-networks-error',
  'settings-networks-empty',
  'settings-tokens',
  'settings-tokens-empty',
  'settings-accounts-derive',
  'unlock-idle',
  'onboarding-key',
  'approval-loading',
  'approval-one',
  'approval-replacement',
  'approval-wrong',
  'import-right',
  'import-wrong',
  'import-failed',
  'batch-sending-wide',
  'batch-sending',
  'batch-settled',
  'batch-unchecked',
  'batch-waiting',
  'payment-final',
  'people-end',
  'people-draft',
  'people-settled',
  'people-loading',
  'people-error',
  'people-edit-rules',
  'journal-wide',
  'journal-loading',
  'journal-nomatch',
  'machine-counterparties',
  'machine-accounts',
  'machine-security',
  'watch-accounts',
  'payment-stuck',
  'single',
  'inbox-approver',
  'inbox-all-wide',
  'inbox-offline',
  'inbox-empty-all',
  'inbox-loading',
  'inbox-error',
  'inbox-nomatch',
  'intake-card',
  'intake-gone',
  'intake-new',
  'envelope-maker',
  'envelope-approver-wide',
  'envelope-signer',
  'envelope-refused',
  'envelope-signed',
  'envelope-sent',
  'envelope-settled',
  'envelope-renew',
  'envelope-withdrawn',
  'envelope-replacement',
  'envelope-unknown',
  'envelope-loading',
  'qr-large',
  'qr-policy',
  'qr-too-large',
  'qr-loading',
  'reader-looking',
  'reader-missing',
  'reader-complete',
  'batch-in-envelope',
  'approval-envelope-wide',
  'approval-envelope-no-attempt',
  'approval-envelope-passed',
  'approval-envelope-sign',
  'approval-words',
  'approval-policy-first',
]);

for (const { name, scenario, hash, size, act } of SHOTS.filter((shot) => !TWINS.has(shot.name))) {
  test(`${name} is accessible and quiet, light and dark`, async () => {
    const { page, complaints, close } = await stage.open({
      scenario: { theme: 'light', ...scenario },
      ...(hash === undefined ? {} : { hash }),
      ...(size === undefined ? {} : { size }),
    });
    await act?.(page);
    expect(await findSerious(new AxeBuilder({ page }))).toEqual([]);
    // The same page in the other scheme: colours alone differ.
    const ground = page.locator('body');
    const before = await ground.evaluate((body) => getComputedStyle(body).backgroundColor);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.evaluate(() => window.__setTheme?.('dark'));
    await expect(ground).not.toHaveCSS('background-color', before);
    expect(await findSerious(new AxeBuilder({ page }).withRules(['color-contrast']))).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });
}
