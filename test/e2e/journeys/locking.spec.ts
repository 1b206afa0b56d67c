/** The vault's door: what a locked app shows, and how wrong passphrases are met, also over a restart. */
import { SANDBOX_MNEMONIC } from '../../sandbox/index';
import { expect, test } from '../fixtures';
import { ask, tryAsk } from '../pages/bridge';
import { addSandbox, restoreVault } from '../pages/onboarding';
import { awaitFunds, readPosition } from '../pages/position';
import { lock, tryUnlock, unlock, unlockHeading } from '../pages/unlock';

test('a locked app shows nothing, and guessing gets slower, also over a restart', async ({ start, desk }) => {
  let app = await start({ sandboxFile: desk.directoryFile });
  await restoreVault(app, { words: SANDBOX_MNEMONIC, accounts: 2 });
  await addSandbox(app.page);
  await awaitFunds(app.page, desk, 10);
  const { accounts } = await ask(app.page, 'directory.accounts', {});
  expect(accounts.map(({ name }) => name)).toEqual(['Operating account', 'Payables account']);
  const position = await readPosition(app.page);
  expect(position).toHaveLength(5);

  await test.step('locking takes everything off the page, and main answers nothing', async () => {
    await lock(app.page);
    const text = await app.page.evaluate(() => document.documentElement.outerHTML);
    for (const { figures } of position) expect(text).not.toContain(figures[0]);
    for (const { address, name } of accounts) {
      expect(text).not.toContain(address);
      expect(text).not.toContain(name);
    }
    for (const method of ['position.get', 'directory.accounts', 'vault.keys'] as const) {
      expect(await tryAsk(app.page, method, {})).toMatchObject({
        ok: false,
        error: { code: 'vault/locked' },
      });
    }
  });

  await test.step('wrong passphrases are told, counted and slowed down', async () => {
    for (let attempt = 0; attempt < 4; attempt++) {
      const button = app.page.getByRole('button', { name: 'Unlock', exact: true });
      await expect(button).toBeVisible({ timeout: 15_000 });
      await tryUnlock(app.page, `wrong passphrase ${attempt}`);
      await expect(app.page.getByText('The passphrase is not right.')).toBeVisible({ timeout: 15_000 });
      await expect(app.page.getByLabel('Passphrase', { exact: true })).toHaveValue('');
    }
    await expect(app.page.getByText(/^\d wrong attempts so far\. Wait \d+ s before/)).toBeVisible();
    await app.quit();
    app = await start({ sandboxFile: desk.directoryFile });
    await expect(unlockHeading(app.page)).toBeVisible();
    expect((await ask(app.page, 'vault.status', {})).failedAttempts).toBe(4);
    await unlock(app.page);
    expect((await ask(app.page, 'vault.status', {})).failedAttempts).toBe(0);
    expect(await readPosition(app.page)).toEqual(position);
  });
});
