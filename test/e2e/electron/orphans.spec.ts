/** The end of the main process, by whatever means, is the end of the processes that hold keys and the store. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, expect, test } from '@playwright/test';
import { readLaunchers } from '../global-setup';

const PASSPHRASE = 'correct horse battery staple lagoon 41';
const PRIVATE_KEY = '4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318';

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('a killed app leaves no process with keys behind', async () => {
  const userData = mkdtempSync(path.join(tmpdir(), 'nostro-orphans-'));
  const { executablePath, appPath } = readLaunchers().electron;
  const app = await _electron.launch({
    executablePath,
    args: [appPath],
    chromiumSandbox: true,
    env: { ...(process.env as Record<string, string>), NOSTRO_USER_DATA: userData },
  });
  const page = await app.firstWindow({ timeout: 60_000 });
  await page.waitForLoadState();
  await page.evaluate(
    ([privateKey, passphrase]) => window.bridge.invoke('vault.importPrivateKey', { privateKey, passphrase }),
    [PRIVATE_KEY, PASSPHRASE] as const,
  );
  const { main, children } = await app.evaluate(({ app: electron }) => ({
    main: process.pid,
    children: electron
      .getAppMetrics()
      .filter(({ name, serviceName }) => `${name ?? ''}${serviceName ?? ''}`.includes('Nostro'))
      .map(({ pid }) => pid),
  }));
  expect(children.length).toBeGreaterThanOrEqual(2);
  expect(children.filter(isAlive)).toEqual(children);
  process.kill(main, 'SIGKILL');
  await expect.poll(() => children.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  rmSync(userData, { recursive: true, force: true });
});
