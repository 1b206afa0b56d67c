/**
 * The main side on plain Node with the production database driver, and windows that are pages of a Chromium context:
 * everything of the app but Electron's shell.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { createApp } from '../../../src/main/compose';
import type { Host } from '../../../src/main/host';
import { createRouter } from '../../../src/main/ipc/router';
import type { ChildPort, SpawnChild } from '../../../src/main/platform/child';
import { systemClock } from '../../../src/main/platform/clock';
import { createNewId } from '../../../src/main/platform/ids';
import type { Logger } from '../../../src/main/platform/logger';
import { createSpawnNode } from '../../../src/main/platform/spawn-node';
import type { SettingsFile } from '../../../src/main/settings';
import { createAppFiles, createFileMap } from '../../../src/main/shell/app-files';
import { createRecoveryPage } from '../../../src/main/shell/recovery-page';
import type { WindowKind } from '../../../src/shared/contract';
import { decode, encode } from './tagged-json';

/** One origin per window, as in the app; the addresses are answered by route and exist nowhere. */
const ORIGIN_OF: Readonly<Record<WindowKind | 'recovery', string>> = {
  main: 'https://main.nostro.test',
  approval: 'https://approval.nostro.test',
  recovery: 'https://recovery.nostro.test',
};
const PAGE_OF: Readonly<Record<WindowKind, string>> = { main: 'index.html', approval: 'approval.html' };

export type NodeHost = {
  readonly page: Page;
  readonly approval: () => Page | null;
  readonly recovery: () => Page | null;
  readonly setNextFile: (path: string | null) => void;
  readonly setNextSave: (path: string | null) => void;
  readonly dropFile: (path: string) => void;
  readonly childIds: () => number[];
  readonly stop: () => Promise<void>;
  readonly kill: () => void;
};

const createSettingsFile = (file: string): SettingsFile => ({
  get: () =>
    existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as { settings?: unknown }).settings
      : undefined,
  set: (_key, settings) => {
    writeFileSync(`${file}.new`, JSON.stringify({ settings }), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  },
});

/** Runs in the page before anything else: what a preload does in the app. */
const installBridge = (): void => {
  type Listener = (envelope: unknown) => void;
  const listeners = new Set<Listener>();
  const parse = (text: string): unknown =>
    JSON.parse(text, (_key, member) =>
      typeof member === 'object' && member !== null && typeof member.$bigint === 'string'
        ? BigInt(member.$bigint)
        : member,
    );
  const print = (value: unknown): string =>
    JSON.stringify(value, (_key, member) =>
      typeof member === 'bigint' ? { $bigint: String(member) } : member,
    );
  const hidden = window as unknown as {
    nostroInvoke: (method: string, input: string) => Promise<string>;
    nostroReceive: (text: string) => void;
    bridge: unknown;
  };
  hidden.nostroReceive = (text) => {
    const envelope = parse(text);
    for (const listener of listeners) listener(envelope);
  };
  hidden.bridge = {
    invoke: async (method: string, input: unknown) => parse(await hidden.nostroInvoke(method, print(input))),
    subscribe: (listener: Listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};

export const startNodeHost = async (options: {
  readonly context: BrowserContext;
  readonly root: string;
  readonly userData: string;
  readonly sandboxFile: string | null;
  readonly log: Logger;
}): Promise<NodeHost> => {
  const { context, root, userData, sandboxFile, log } = options;
  const dataDirectory = path.join(userData, 'workspace');
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const renderer = path.join(root, 'out', 'renderer');
  const manifest = JSON.parse(readFileSync(path.join(renderer, 'manifest.json'), 'utf8')) as Parameters<
    typeof createFileMap
  >[0];

  const children = new Set<ChildPort>();
  const spawn: SpawnChild = (name) => {
    const child = createSpawnNode({ folder: path.join(root, 'out', 'main'), log })(name);
    children.add(child);
    child.onExit(() => children.delete(child));
    return child;
  };

  const open: { approval: Page | null; recovery: Page | null } = { approval: null, recovery: null };
  const approvalClosed: (() => void)[] = [];
  const recoveryClosed: (() => void)[] = [];
  const revisions: Record<WindowKind, number> = { main: 0, approval: 0 };
  const files: (string | null)[] = [];
  const saves: (string | null)[] = [];
  let recovery: ReturnType<typeof createRecoveryPage> | null = null;
  const pages = new Map<WindowKind, Page>();

  await context.route('**/*', (route) => route.abort());
  for (const kind of ['main', 'approval'] as const) {
    const answers = createAppFiles({
      window: kind,
      origin: ORIGIN_OF[kind],
      folder: renderer,
      files: createFileMap(manifest, kind),
      newNonce: () => createNewId(systemClock)('nonce').slice('nonce_'.length),
    });
    await context.route(`${ORIGIN_OF[kind]}/**`, async (route) => {
      const { status, headers, body } = await answers.answer(route.request().method(), route.request().url());
      await route.fulfill({ status, headers: { ...headers }, body: Buffer.from(body) });
    });
  }
  await context.route(`${ORIGIN_OF.recovery}/**`, async (route) => {
    const taken = recovery?.take(route.request().url()) ?? null;
    if (!taken) return route.fulfill({ status: 404 });
    const body = Buffer.from(taken.body);
    await route.fulfill({ status: 200, headers: taken.headers, body });
    recovery?.wipe();
  });

  const openWindow = async (kind: WindowKind): Promise<Page> => {
    const page = await context.newPage();
    await page.exposeFunction('nostroInvoke', async (method: string, input: string) =>
      encode(await router.dispatch(kind, method, decode(input))),
    );
    await page.addInitScript(installBridge);
    pages.set(kind, page);
    await page.goto(`${ORIGIN_OF[kind]}/${PAGE_OF[kind]}`);
    return page;
  };
  const closePage = (page: Page | null): void => {
    page?.close().catch((cause: unknown) => log.warn('page did not close', { cause: String(cause) }));
  };

  const host: Host = {
    spawn,
    dataDirectory,
    settingsFile: createSettingsFile(path.join(userData, 'settings.json')),
    productVersion: (JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string })
      .version,
    runtime: { name: `Node ${process.versions.node}`, isTestRuntime: true },
    sandboxFile,
    clock: systemClock,
    newId: createNewId(systemClock),
    log,
    windows: {
      openApproval: async () => {
        if (open.approval) return open.approval.bringToFront();
        const page = await openWindow('approval');
        open.approval = page;
        page.on('close', () => {
          if (open.approval !== page) return;
          open.approval = null;
          pages.delete('approval');
          for (const listener of approvalClosed) listener();
        });
      },
      closeApproval: () => {
        const page = open.approval;
        open.approval = null;
        pages.delete('approval');
        closePage(page);
      },
      onApprovalClosed: (listener) => {
        approvalClosed.push(listener);
      },
      showRecovery: async (bytes) => {
        const url = `${ORIGIN_OF.recovery}/${createNewId(systemClock)('words')}`;
        recovery = createRecoveryPage(url, bytes);
        const page = await context.newPage();
        open.recovery = page;
        page.on('close', () => {
          recovery?.wipe();
          if (open.recovery !== page) return;
          open.recovery = null;
          for (const listener of recoveryClosed) listener();
        });
        await page.goto(url);
      },
      closeRecovery: () => {
        const page = open.recovery;
        open.recovery = null;
        recovery?.wipe();
        closePage(page);
      },
      onRecoveryClosed: (listener) => {
        recoveryClosed.push(listener);
      },
      emit: (kind, event) => {
        const page = pages.get(kind);
        if (!page || page.isClosed()) return;
        revisions[kind] += 1;
        page
          .evaluate(
            (text) => (window as unknown as { nostroReceive?: (text: string) => void }).nostroReceive?.(text),
            encode({ revision: revisions[kind], event }),
          )
          .catch((cause: unknown) => log.warn('event not delivered', { cause: String(cause) }));
      },
    },
    dialogs: {
      chooseFile: async () => files.shift() ?? null,
      chooseSaveTarget: async () => saves.shift() ?? null,
      confirmConnections: async () => true,
    },
    openHelp: async () => undefined,
  };

  const app = createApp(host);
  const router = createRouter({
    handlers: { main: app.main, approval: app.approval },
    isUnlocked: app.isUnlocked,
    log,
  });
  const page = await openWindow('main');

  return {
    page,
    approval: () => open.approval,
    recovery: () => open.recovery,
    setNextFile: (file) => void files.push(file),
    setNextSave: (file) => void saves.push(file),
    dropFile: (file) => app.fileDropped(file),
    childIds: () => [...children].flatMap((child) => child.pid() ?? []),
    stop: () => app.stop(),
    kill: () => {
      for (const child of children) child.kill();
    },
  };
};
