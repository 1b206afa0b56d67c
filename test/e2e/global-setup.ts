/**
 * Prepares a display and the launchers of both lanes, once per run. Tests read them with `readLaunchers()`.
 *
 * Both browsers run with Chromium's sandbox on, also when the tests run as root.
 */
import path from 'node:path';

export type Launchers = {
  readonly electron: {
    /** Pass to `_electron.launch` together with `chromiumSandbox: true`. */
    readonly executablePath: string;
    /** The app folder: the first argument. */
    readonly appPath: string;
    readonly version: string;
    readonly isTestRuntime: boolean;
  };
  readonly chromium: {
    /** Pass to `chromium.launch` together with `chromiumSandbox: true`. */
    readonly executablePath: string;
  };
};

const VARIABLE = 'NOSTRO_E2E_LAUNCHERS';

export const readLaunchers = (): Launchers => {
  const value = process.env[VARIABLE];
  if (!value) throw new Error('global-setup.ts has not run');
  return JSON.parse(value) as Launchers;
};

const globalSetup = async (): Promise<() => void> => {
  const root = path.resolve(import.meta.dirname, '..', '..');
  const { ensureDisplay } = await import('../../scripts/display.mjs');
  const { prepareChromiumLauncher, prepareElectronLauncher } = await import(
    '../../scripts/electron-launcher.mjs'
  );
  const stopDisplay = await ensureDisplay();
  const { executablePath, appPath, runtime } = await prepareElectronLauncher({ root });
  const launchers: Launchers = {
    electron: { executablePath, appPath, version: runtime.version, isTestRuntime: runtime.isTestRuntime },
    chromium: prepareChromiumLauncher(),
  };
  process.env[VARIABLE] = JSON.stringify(launchers);
  return stopDisplay;
};

// biome-ignore lint/style/noDefaultExport: Playwright calls the default export
export default globalSetup;
