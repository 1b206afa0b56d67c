/** What pages may do with the clipboard, the screen and the focus, with every permission refused. */
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

const runAsPage = async (page: Page, expression: string): Promise<unknown> => {
  const cdp = await page.context().newCDPSession(page);
  // As a script does that no person's click stands behind.
  const { result } = await cdp.send('Runtime.evaluate', {
    expression,
    awaitPromise: true,
    returnByValue: true,
    userGesture: false,
  });
  await cdp.detach();
  return result.value;
};

test('the interface that asks for a permission gets none', async ({ started: { app, page } }) => {
  const name = ".then(() => 'done', (error) => error.name)";
  expect(await runAsPage(page, `navigator.clipboard.writeText('by itself')${name}`)).toBe('NotAllowedError');
  expect(await runAsPage(page, `navigator.clipboard.readText()${name}`)).toBe('NotAllowedError');
  expect(await readClipboard(app)).toBe(MARK);
});

test('a page cannot take the whole screen, nor the focus of the window above it', async ({
  started: { app, page },
}) => {
  const prepared = (await page.evaluate(() =>
    window.bridge.invoke('vault.prepare', { words: 12, bip39Passphrase: null }),
  )) as { value: { pendingId: string } };
  await Promise.all([
    app.waitForEvent('window'),
    page.evaluate(
      (pendingId) => window.bridge.invoke('vault.showWords', { pendingId }),
      prepared.value.pendingId,
    ),
  ]);
  const look = () =>
    app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) => ({
        host: new URL(window.webContents.getURL()).host,
        isFocused: window.isFocused(),
        isFullScreen: window.isFullScreen(),
        above: window.getParentWindow() === null ? null : 'main',
      })),
    );
  const wanted = [
    { host: 'nostro', isFocused: false, isFullScreen: false, above: null },
    { host: 'recovery', isFocused: true, isFullScreen: false, above: 'main' },
  ];
  const sorted = async () => (await look()).sort((a, b) => a.host.localeCompare(b.host));
  await expect.poll(sorted).toEqual(wanted);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Runtime.evaluate', {
    expression: `window.focus(); document.body.focus(); document.documentElement.requestFullscreen().catch(() => {})`,
    userGesture: true,
  });
  // A round trip through the page and the main process: what was asked for would have happened.
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
  expect(await sorted()).toEqual(wanted);
  expect(await page.evaluate(() => document.fullscreenElement === null)).toBe(true);
});

test('the session that no window has reaches nothing', async ({ started: { app } }) => {
  const answers = await app.evaluate(
    async ({ session }, urls) => {
      const { fetch } = session.defaultSession as unknown as {
        fetch: (url: string) => Promise<{ status: number }>;
      };
      return Promise.all(
        urls.map((url) =>
          fetch.call(session.defaultSession, url).then(
            ({ status }) => status,
            () => 404,
          ),
        ),
      );
    },
    ['file:///etc/hostname', 'http://127.0.0.1:1/', 'https://example.com/', 'app://nostro/index.html'],
  );
  expect(answers).toEqual([404, 404, 404, 404]);
});
