/** The real Electron under a display, its sandbox on. */
import { execFileSync } from 'node:child_process';
import { _electron, type ElectronApplication, expect, type Page } from '@playwright/test';
import type { Lane } from './lane';
import { readWords } from './lane';

export type ElectronLaneOptions = {
  readonly executablePath: string;
  readonly appPath: string;
  readonly version: string;
};

const findWindow = (app: ElectronApplication, origin: string): Page | undefined =>
  app.windows().find((page) => page.url().startsWith(origin));

const waitForWindow = async (app: ElectronApplication, origin: string): Promise<Page> => {
  await expect
    .poll(() => findWindow(app, origin) !== undefined, { message: `window ${origin} opens`, timeout: 60_000 })
    .toBe(true);
  const page = findWindow(app, origin);
  if (!page) throw new Error(`window ${origin} closed again`);
  await page.waitForLoadState('domcontentloaded');
  return page;
};

/** All processes below `pid`, itself first. */
const listTree = (pid: number): number[] => {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    rows.flatMap(([child, of]) => (child !== undefined && of === parent ? [child, ...below(child)] : []));
  return [pid, ...below(pid)];
};

export const createElectronLane = (options: ElectronLaneOptions): Lane => {
  const running = new Set<ElectronApplication>();
  return {
    name: 'electron',
    start: async ({ userData, sandboxFile, colorScheme = 'light' }) => {
      const app = await _electron.launch({
        executablePath: options.executablePath,
        args: [options.appPath],
        chromiumSandbox: true,
        colorScheme,
        env: {
          ...(process.env as Record<string, string>),
          NOSTRO_USER_DATA: userData,
          ...(sandboxFile === null ? {} : { NOSTRO_SANDBOX_FILE: sandboxFile }),
        },
      });
      running.add(app);
      const child = app.process();
      const page = await waitForWindow(app, 'app://nostro');
      const stubDialog = (method: 'showOpenDialog' | 'showSaveDialog') => async (file: string | null) => {
        await app.evaluate(
          ({ dialog }, [name, answer]) => {
            const original = dialog[name];
            // No function of its own name in here: some loaders wrap those in a helper that the app does not have.
            Object.assign(dialog, {
              [name]: async () => {
                Object.assign(dialog, { [name]: original });
                return name === 'showOpenDialog'
                  ? { canceled: answer === null, filePaths: answer === null ? [] : [answer] }
                  : { canceled: answer === null, filePath: answer ?? undefined };
              },
            });
          },
          [method, file] as const,
        );
      };
      return {
        page,
        waitForApproval: () => waitForWindow(app, 'app://approval'),
        readRecoveryWords: async () => readWords(await waitForWindow(app, 'app://recovery')),
        chooseNext: stubDialog('showOpenDialog'),
        saveNext: stubDialog('showSaveDialog'),
        dropFile: async (file) => {
          // A drop that Chromium itself makes is trusted, like a person's.
          const session = await page.context().newCDPSession(page);
          const data = { items: [], files: [file], dragOperationsMask: 1 };
          for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
            await session.send('Input.dispatchDragEvent', { type, x: 640, y: 400, data });
          }
          await session.detach();
        },
        runtime: `Electron ${options.version}`,
        processIds: async () => (child.pid === undefined ? [] : listTree(child.pid)),
        quit: async () => {
          running.delete(app);
          await app.close();
        },
        kill: async () => {
          running.delete(app);
          if (child.pid === undefined) return;
          const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
          for (const pid of listTree(child.pid)) {
            try {
              process.kill(pid, 'SIGKILL');
            } catch {
              // It ended with its parent.
            }
          }
          await ended;
        },
      };
    },
    dispose: async () => {
      for (const app of [...running]) await app.close();
      running.clear();
    },
  };
};
