/** The shell itself, in the real Electron: what its windows are made of and what a page cannot do. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, test as base, type ElectronApplication, expect, type Page } from '@playwright/test';
import { readLaunchers } from '../global-setup';

type Started = { readonly app: ElectronApplication; readonly page: Page; readonly userData: string };

const launch = async (userData: string): Promise<{ app: ElectronApplication; page: Page }> => {
  const { executablePath, appPath } = readLaunchers().electron;
  const app = await _electron.launch({
    executablePath,
    args: [appPath],
    chromiumSandbox: true,
    // The app's own choice, not Playwright's.
    colorScheme: null,
    env: { ...(process.env as Record<string, string>), NOSTRO_USER_DATA: userData },
  });
  const page = await app.firstWindow({ timeout: 60_000 });
  await page.waitForLoadState();
  return { app, page };
};

const test = base.extend<{ started: Started }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures from the pattern
  started: async ({}, use) => {
    const userData = mkdtempSync(path.join(tmpdir(), 'nostro-shell-'));
    const { app, page } = await launch(userData);
    await use({ app, page, userData });
    await app.close();
    rmSync(userData, { recursive: true, force: true });
  },
});

const call = (
  page: Page,
  method: string,
  input: unknown = {},
): Promise<{ ok: boolean; value?: unknown; error?: unknown }> =>
  page.evaluate(([name, value]) => window.bridge.invoke(name as string, value), [
    method,
    input,
  ] as const) as Promise<{
    ok: boolean;
  }>;

const openRecovery = async (app: ElectronApplication, page: Page): Promise<Page> => {
  const prepared = await call(page, 'vault.prepare', { words: 12, bip39Passphrase: null });
  const { pendingId } = prepared.value as { pendingId: string };
  const [recovery] = await Promise.all([
    app.waitForEvent('window'),
    call(page, 'vault.showWords', { pendingId }),
  ]);
  await expect.poll(() => recovery.url()).toMatch(/^app:\/\/recovery\/[0-9a-f]{48}$/);
  return recovery;
};

test('every window is locked down, with a session of its own that keeps nothing', async ({
  started: { app, page },
}) => {
  await openRecovery(app, page);
  const windows = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) => {
      const preferences = (
        window.webContents as unknown as { getLastWebPreferences: () => Record<string, unknown> }
      ).getLastWebPreferences();
      const names = [
        'sandbox',
        'contextIsolation',
        'nodeIntegration',
        'nodeIntegrationInSubFrames',
        'webSecurity',
        'allowRunningInsecureContent',
        'experimentalFeatures',
        'webviewTag',
        'javascript',
      ];
      return {
        origin: new URL(window.webContents.getURL()).host,
        isPersistent: window.webContents.session.isPersistent(),
        ...Object.fromEntries(names.map((name) => [name, preferences[name]])),
      };
    }),
  );
  const locked = {
    isPersistent: false,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
  };
  expect(windows.sort((a, b) => a.origin.localeCompare(b.origin))).toEqual([
    { ...locked, origin: 'nostro', javascript: true },
    { ...locked, origin: 'recovery', javascript: false },
  ]);
});

test('the operating system confines every page', async ({ started: { app } }) => {
  test.skip(process.platform !== 'linux', 'reads /proc');
  const pids = await app.evaluate(({ app: electron }) =>
    electron
      .getAppMetrics()
      .filter((each) => each.type === 'Tab')
      .map((each) => each.pid),
  );
  expect(pids.length).toBeGreaterThan(0);
  for (const pid of pids) {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    expect(status).toMatch(/^Seccomp:\s+2$/m);
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    // Its own process id namespace: more than one id.
    expect(status).toMatch(/^NSpid:\s+\d+\s+\d+/m);
    expect(status).not.toMatch(/^Uid:\s+0\b/m);
  }
});

test('a page sees the bridge and nothing else of Electron or Node', async ({ started: { page } }) => {
  expect(
    await page.evaluate(() => ({
      bridge: Object.keys(window.bridge).sort(),
      isFrozen: Object.isFrozen(window.bridge),
      leaked: ['require', 'process', 'Buffer', 'module', 'electron', 'ipcRenderer'].filter(
        (name) => name in window,
      ),
    })),
  ).toEqual({ bridge: ['invoke', 'subscribe'], isFrozen: true, leaked: [] });
});

test('requests outside the window’s contract are refused alike', async ({ started: { page } }) => {
  const unknown = { ok: false, error: { code: 'ipc/unknown-method' } };
  for (const method of [
    'approval.document',
    'approval.approve',
    'toString',
    '__proto__',
    'vault.exportMnemonic',
    '',
  ]) {
    expect(await call(page, method), method).toEqual(unknown);
  }
  expect(await call(page, 'vault.status', { extra: 1 })).toMatchObject({
    ok: false,
    error: { code: 'ipc/invalid-input' },
  });
  expect(await call(page, 'vault.keys')).toEqual({ ok: false, error: { code: 'vault/locked' } });
});

test('a page reaches no address, not even files of its own app that are not listed', async ({
  started: { app, page },
}) => {
  const urls = [
    'https://example.com/',
    'http://127.0.0.1:1/',
    'file:///etc/passwd',
    'app://nostro/manifest.json',
    'app://nostro/../main/index.cjs',
    'app://nostro/%2e%2e/main/index.cjs',
    'app://approval/approval.html',
    'app://recovery/0',
    'data:text/plain,x',
  ];
  for (const url of urls) {
    const fetched = await page.evaluate(
      (address) =>
        fetch(address).then(
          () => 'answered',
          () => 'refused',
        ),
      url,
    );
    expect(fetched, url).toBe('refused');
  }
  // The policy of the page already refuses these; the session must too, where a policy is absent.
  const statuses = await app.evaluate(
    async ({ BrowserWindow, net: _net }, addresses) => {
      const session = BrowserWindow.getAllWindows()[0]?.webContents.session as unknown as {
        fetch: (url: string) => Promise<{ status: number }>;
      };
      const results: [string, string][] = [];
      for (const address of addresses) {
        results.push([
          address,
          await session.fetch(address).then(
            (answer) => String(answer.status),
            () => 'refused',
          ),
        ]);
      }
      return results;
    },
    urls.filter((url) => !url.startsWith('data:')),
  );
  for (const [url, outcome] of statuses) expect(['refused', '404'], url).toContain(outcome);
});

test('a page cannot navigate, open windows, embed frames, or obtain permissions', async ({
  started: { app, page },
}) => {
  const before = page.url();
  for (const target of [
    'https://example.com/',
    'file:///etc/passwd',
    'app://approval/approval.html',
    'data:text/html,x',
  ]) {
    await page
      .evaluate((url) => {
        const link = document.createElement('a');
        link.href = url;
        document.body.append(link);
        link.click();
        link.remove();
        location.assign(url);
      }, target)
      .catch(() => undefined);
    expect(await page.evaluate((url) => window.open(url) === null, target)).toBe(true);
  }
  expect(page.url()).toBe(before);
  expect(app.windows()).toHaveLength(1);
  await page.evaluate(() => {
    const frame = document.createElement('iframe');
    frame.src = 'app://nostro/index.html';
    document.body.append(frame);
    return new Promise((resolve) => {
      frame.onload = resolve;
      frame.onerror = resolve;
    });
  });
  const framed = await Promise.all(
    page
      .frames()
      .slice(1)
      .map((frame) => frame.evaluate(() => 'bridge' in window).catch(() => false)),
  );
  expect(framed).not.toContain(true);
  const states = await page.evaluate(async () => {
    const names = ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read', 'midi'];
    const query = (name: string) =>
      navigator.permissions.query({ name: name as PermissionName }).then((answer) => answer.state);
    return Promise.all(names.map(query));
  });
  expect(new Set(states)).toEqual(new Set(['denied']));
});

test('a page that blanks itself is not heard, and comes back', async ({ started: { page } }) => {
  const home = page.url();
  const blanked = page.waitForEvent('framenavigated', (frame) => frame.url() === 'about:blank');
  await page.evaluate(() => location.assign('about:blank'));
  await blanked;
  await expect.poll(() => page.url()).toBe(home);
  await page.waitForLoadState();
  expect((await call(page, 'vault.status')).ok).toBe(true);
});

test('a page cannot turn text into markup or code', async ({ started: { page } }) => {
  const outcomes = await page.evaluate(() => {
    const attempt = (action: () => unknown) => {
      try {
        action();
        return 'done';
      } catch (error) {
        return (error as Error).name;
      }
    };
    const state = window as unknown as { hit?: boolean };
    const results = {
      script: attempt(() => {
        const script = document.createElement('script');
        script.text = 'window.hit = true';
        document.body.append(script);
      }),
      url: attempt(() => {
        const script = document.createElement('script');
        script.src = 'data:text/javascript,window.hit=true';
        document.body.append(script);
      }),
    };
    // Whatever the default policy lets through as markup must not run.
    attempt(() => {
      const holder = document.createElement('div');
      holder.innerHTML = '<img src=x onerror="window.hit = true">';
      document.body.append(holder);
    });
    return new Promise<unknown>((resolve) =>
      setTimeout(() => resolve({ ...results, hit: state.hit ?? false }), 300),
    );
  });
  expect(outcomes).toMatchObject({ script: 'TypeError', url: 'TypeError', hit: false });
});

test('recovery words stand in a window without scripts, and are gone from main when they are shown', async ({
  started: { app, page, userData },
}) => {
  const recovery = await openRecovery(app, page);
  const words = await recovery.locator('main > ol > li > b').allTextContents();
  expect(words).toHaveLength(12);
  const url = recovery.url();
  const again = await app.evaluate(async ({ BrowserWindow }, address) => {
    const window = BrowserWindow.getAllWindows().find((each) => each.webContents.getURL() === address);
    const session = window?.webContents.session as unknown as {
      fetch: (url: string) => Promise<{ status: number }>;
    };
    return session.fetch(address).then(
      (answer) => answer.status,
      () => 0,
    );
  }, url);
  expect([0, 404]).toContain(again);
  expect((await call(page, 'vault.abandon')).ok).toBe(true);
  await expect.poll(() => app.windows().length).toBe(1);
  const phrase = words.join(' ');
  expect(await page.content()).not.toContain(phrase);
  const files = readdirSync(userData, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  for (const file of files) {
    const bytes = readFileSync(path.join(file.parentPath, file.name));
    for (const text of [phrase, words.join(','), words.slice(0, 3).join(' ')])
      expect(bytes.includes(text)).toBe(false);
  }
});

test('a second start shows the first one', async ({ started: { app, userData } }) => {
  const { executablePath, appPath } = readLaunchers().electron;
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  const second = spawnSync(executablePath, [appPath], {
    env: { ...process.env, NOSTRO_USER_DATA: userData },
    timeout: 30_000,
  });
  expect(second.status).toBe(0);
  await expect
    .poll(() =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isVisible())),
    )
    .toEqual([true]);
});

test('the window comes back where it was', async ({ started: { app, userData } }) => {
  const bounds = { x: 120, y: 90, width: 1311, height: 822 };
  await app.evaluate(
    ({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows()[0]?.setBounds(wanted),
    bounds,
  );
  await expect
    .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds().width))
    .toBe(bounds.width);
  await app.close();
  const { app: later } = await launch(userData);
  expect(
    await later.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds()),
  ).toMatchObject({
    width: bounds.width,
    height: bounds.height,
  });
  await later.close();
});

test('menu items reach the page as typed events', async ({ started: { app, page } }) => {
  await page.evaluate(() => {
    const state = window as unknown as {
      seen: unknown[];
      bridge: { subscribe: (listener: (e: unknown) => void) => void };
    };
    state.seen = [];
    state.bridge.subscribe((envelope) => state.seen.push((envelope as { event: unknown }).event));
  });
  await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('go-ledger')?.click());
  await expect
    .poll(() => page.evaluate(() => (window as unknown as { seen: unknown[] }).seen))
    .toContainEqual({ type: 'menu', action: 'go-ledger' });
});

test('windows without preferences of their own follow the theme that is set', async ({
  started: { app, page },
}) => {
  const read = () => app.evaluate(({ nativeTheme }) => nativeTheme.themeSource);
  expect(await read()).toBe('system');
  expect((await call(page, 'settings.set', { theme: 'dark' })).ok).toBe(true);
  expect(await read()).toBe('dark');
  const recovery = await openRecovery(app, page);
  expect(await recovery.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor)).toBe(
    'rgb(22, 24, 28)',
  );
});
