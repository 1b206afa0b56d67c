/** The clipboard, with every permission refused: a person's click may copy, a page on its own may do nothing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, test as base, type ElectronApplication, expect, type Page } from '@playwright/test';
import { readLaunchers } from '../global-setup';
import { goTo } from '../pages/navigation';

const PASSPHRASE = 'correct horse battery staple lagoon 41';
const PRIVATE_KEY = '4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318';
const MARK = 'what was there before';

const test = base.extend<{ started: { readonly app: ElectronApplication; readonly page: Page } }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures from the pattern
  started: async ({}, use) => {
    const userData = mkdtempSync(path.join(tmpdir(), 'nostro-clipboard-'));
    const { executablePath, appPath } = readLaunchers().electron;
    const app = await _electron.launch({
      executablePath,
      args: [appPath],
      chromiumSandbox: true,
      env: { ...(process.env as Record<string, string>), NOSTRO_USER_DATA: userData },
    });
    const page = await app.firstWindow({ timeout: 60_000 });
    await page.waitForLoadState();
    await app.evaluate(({ clipboard }, text) => clipboard.writeText(text), MARK);
    await use({ app, page });
    await app.close();
    rmSync(userData, { recursive: true, force: true });
  },
});

const readClipboard = (app: ElectronApplication): Promise<string> =>
  app.evaluate(({ clipboard }) => clipboard.readText());

test('a copy button puts the whole address on the clipboard', async ({ started: { app, page } }) => {
  const answer = (await page.evaluate(
    ([privateKey, passphrase]) => window.bridge.invoke('vault.importPrivateKey', { privateKey, passphrase }),
    [PRIVATE_KEY, PASSPHRASE] as const,
  )) as { value: { address: string } };
  await goTo(page, 'Settings');
  await page.getByRole('tab', { name: 'Accounts' }).click();
  await page
    .getByRole('button', { name: /^Copy address/ })
    .first()
    .click();
  await expect.poll(() => readClipboard(app)).toBe(answer.value.address);
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
});

test('a page can neither read the clipboard nor write to it by itself', async ({
  started: { app, page },
}) => {
  const cdp = await page.context().newCDPSession(page);
  const run = async (expression: string): Promise<unknown> => {
    const { result } = await cdp.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
      userGesture: false,
    });
    return result.value;
  };
  const byCommand = `(() => {
    document.addEventListener('copy', (event) => {
      event.preventDefault();
      event.clipboardData.setData('text/plain', 'by itself');
    }, { once: true });
    return document.execCommand('copy');
  })()`;
  expect(await run(byCommand)).toBe(false);
  const refused = `.then(() => 'done', (error) => error.name)`;
  expect(await run(`navigator.clipboard.writeText('by itself')${refused}`)).toBe('NotAllowedError');
  expect(await run(`navigator.clipboard.readText()${refused}`)).toBe('NotAllowedError');
  expect(await run(`document.execCommand('paste')`)).toBe(false);
  expect(await readClipboard(app)).toBe(MARK);
});
