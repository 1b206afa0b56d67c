/**
 * The whole main side without a window: real children, real store, real vault, driven through the router as a window
 * drives it. For integration tests that are about what main does, not about what a page shows.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../src/main/compose';
import type { Host } from '../../src/main/host';
import { createRouter } from '../../src/main/ipc/router';
import type { SpawnChild } from '../../src/main/platform/child';
import { type Clock, systemClock } from '../../src/main/platform/clock';
import { createNewId } from '../../src/main/platform/ids';
import type { Logger } from '../../src/main/platform/logger';
import { createSpawnNode } from '../../src/main/platform/spawn-node';
import type { AppEvent, ApprovalClient, MainClient, WindowKind } from '../../src/shared/contract';
import { fromWire } from '../../src/shared/errors';
import { bundleChildren } from './bundle-children';

export type AppHarness = {
  readonly main: MainClient;
  readonly approval: ApprovalClient;
  readonly dispatch: ReturnType<typeof createRouter>['dispatch'];
  readonly events: { readonly window: WindowKind; readonly event: AppEvent }[];
  readonly log: string[];
  /** The recovery page's text, as its window would show it. */
  readonly recoveryPage: () => string;
  readonly isApprovalOpen: () => boolean;
  /** As when a person closes the approval window. */
  readonly closeApprovalWindow: () => void;
  readonly chooseNext: (path: string | null) => void;
  readonly saveNext: (path: string | null) => void;
  readonly dropFile: (path: string) => void;
  /** As when a file is opened with the app. */
  readonly openFile: (path: string) => void;
  /** What the settings file holds now. */
  readonly settingsFile: () => unknown;
  readonly lock: () => Promise<void>;
  readonly isUnlocked: () => boolean;
  readonly stop: () => Promise<void>;
};

export type AppFolder = { readonly path: string; readonly remove: () => void };

export const makeAppFolder = (): AppFolder => {
  const path = mkdtempSync(join(tmpdir(), 'nostro-app-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

export const startApp = async (options: {
  readonly folder: AppFolder;
  readonly sandboxFile?: string | null;
  /** Stands between the main side and its children: for tests that delay, drop or end them. */
  readonly wrapSpawn?: (spawn: SpawnChild) => SpawnChild;
  /** Answers to file dialogs that take their time. */
  readonly chooseFile?: () => Promise<string | null>;
  /** What the settings file holds at the start. */
  readonly settings?: unknown;
  /** Refuses sockets in this process: for harnesses that have a process of their own. */
  readonly sockets?: Host['sockets'];
  /** The machine's clock; without it the real one. */
  readonly clock?: Clock;
  /** Whether the app may connect to new addresses; without it a person says no. */
  readonly confirmConnections?: (addresses: readonly string[]) => Promise<boolean>;
  /** Told of every event when it comes: for measuring. */
  readonly onEvent?: (event: AppEvent) => void;
}): Promise<AppHarness> => {
  const dataDirectory = join(options.folder.path, 'workspace');
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const log: string[] = [];
  const write =
    (level: string): Logger['info'] =>
    (message, fields) => {
      const facts = Object.entries(fields ?? {}).map(
        ([key, value]) => `${key}=${value instanceof Error ? (value.stack ?? value.message) : String(value)}`,
      );
      log.push(`${level} ${message} ${facts.join(' ')}`);
    };
  const logger: Logger = { info: write('info'), warn: write('warn'), error: write('error') };
  const events: { window: WindowKind; event: AppEvent }[] = [];
  const files: (string | null)[] = [];
  const saves: (string | null)[] = [];
  const approvalClosed: (() => void)[] = [];
  let page = '';
  let isApprovalOpen = false;
  let settings: unknown = options.settings;
  const clock = options.clock ?? systemClock;

  const host: Host = {
    spawn: (options.wrapSpawn ?? ((spawn) => spawn))(
      createSpawnNode({ folder: await bundleChildren(), log: logger }),
    ),
    dataDirectory,
    settingsFile: {
      get: () => settings,
      set: (_key, value) => {
        settings = value;
      },
    },
    productVersion: '0.0.0',
    runtime: { name: `Node ${process.versions.node}`, isTestRuntime: true },
    sandboxFile: options.sandboxFile ?? null,
    clock,
    newId: createNewId(clock),
    log: logger,
    windows: {
      openApproval: async () => {
        isApprovalOpen = true;
      },
      closeApproval: () => {
        isApprovalOpen = false;
      },
      onApprovalClosed: (listener) => {
        approvalClosed.push(listener);
      },
      showRecovery: async (bytes) => {
        page = new TextDecoder().decode(bytes);
        bytes.fill(0);
      },
      closeRecovery: () => undefined,
      onRecoveryClosed: () => undefined,
      emit: (window, event) => {
        events.push({ window, event });
        options.onEvent?.(event);
      },
    },
    dialogs: {
      chooseFile: options.chooseFile ?? (async () => files.shift() ?? null),
      chooseSaveTarget: async () => saves.shift() ?? null,
      confirmConnections: options.confirmConnections ?? (async () => false),
    },
    openHelp: async () => undefined,
    ...(options.sockets ? { sockets: options.sockets } : {}),
  };
  const app = createApp(host);
  const router = createRouter({
    handlers: { main: app.main, approval: app.approval },
    isUnlocked: app.isUnlocked,
    log: logger,
    ...app.commands,
  });
  const clientOf = <C>(window: WindowKind): C =>
    new Proxy(
      {},
      {
        get: (_target, method) => async (input: unknown) => {
          const result = await router.dispatch(window, method, input);
          if (result.ok) return result.value;
          throw fromWire(result.error);
        },
      },
    ) as C;

  return {
    main: clientOf<MainClient>('main'),
    approval: clientOf<ApprovalClient>('approval'),
    dispatch: router.dispatch,
    events,
    log,
    recoveryPage: () => page,
    isApprovalOpen: () => isApprovalOpen,
    closeApprovalWindow: () => {
      isApprovalOpen = false;
      for (const listener of approvalClosed) listener();
    },
    chooseNext: (path) => void files.push(path),
    saveNext: (path) => void saves.push(path),
    dropFile: app.fileDropped,
    openFile: app.fileOpened,
    settingsFile: () => settings,
    lock: () => app.lock('person'),
    isUnlocked: app.isUnlocked,
    stop: app.stop,
  };
};
