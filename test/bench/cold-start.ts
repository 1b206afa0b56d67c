/** From starting the program to a window that answers, against an empty Electron window started the same way. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from '@playwright/test';

export type ColdStartBench = {
  readonly electron: string;
  readonly runs: number;
  /** Median seconds until the unlock or set-up screen shows its heading. */
  readonly nostroSeconds: number;
  /** Median seconds until an empty page shows its heading. */
  readonly emptySeconds: number;
  readonly ratio: number;
};

const EMPTY_MAIN = `
const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1280, height: 800, webPreferences: { sandbox: true } });
  window.loadFile(require('node:path').join(__dirname, 'index.html'));
});
app.on('window-all-closed', () => app.quit());
`;

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
};

export const benchColdStart = async (
  electron: { readonly executablePath: string; readonly appPath: string; readonly version: string },
  runs = 5,
): Promise<ColdStartBench> => {
  const folder = mkdtempSync(join(tmpdir(), 'nostro-bench-'));
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'package.json'), '{"name":"empty","version":"1.0.0","main":"main.cjs"}');
  writeFileSync(join(folder, 'main.cjs'), EMPTY_MAIN);
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Empty</title><h1>Empty</h1>');
  for (const name of ['package.json', 'main.cjs', 'index.html']) chmodSync(join(folder, name), 0o644);

  const startOnce = async (appPath: string): Promise<number> => {
    const userData = mkdtempSync(join(tmpdir(), 'nostro-bench-data-'));
    chmodSync(userData, 0o777);
    const start = process.hrtime.bigint();
    const app = await _electron.launch({
      executablePath: electron.executablePath,
      args: [appPath],
      chromiumSandbox: true,
      env: { ...(process.env as Record<string, string>), NOSTRO_USER_DATA: userData },
    });
    const page = await app.firstWindow();
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    await app.close();
    rmSync(userData, { recursive: true, force: true });
    return seconds;
  };

  try {
    // One of each first, so that both find the program in the page cache; then in turns.
    await startOnce(folder);
    await startOnce(electron.appPath);
    const empty: number[] = [];
    const nostro: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      empty.push(await startOnce(folder));
      nostro.push(await startOnce(electron.appPath));
    }
    const [nostroSeconds, emptySeconds] = [median(nostro), median(empty)];
    return {
      electron: electron.version,
      runs,
      nostroSeconds,
      emptySeconds,
      ratio: nostroSeconds / emptySeconds,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
