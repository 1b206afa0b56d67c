/**
 * Electron's side of the app: windows, the app:// protocol, guards, menu, dialogs, when to lock.
 *
 * Hides: everything Electron. Invariants: every window is sandboxed with its own in-memory session; no page reaches the
 * network; a secret passes through here once, as the bytes of the recovery page, and is overwritten.
 * Callers: main/index.ts.
 */
import path from 'node:path';
import { app, nativeTheme, powerMonitor, protocol, session, shell } from 'electron';
import type { WindowKind } from '../../shared/contract';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { createCameraRule } from './camera';
import { createDialogs, type Dialogs } from './dialogs';
import { guardSession, guardUnknownContents } from './guards';
import { createIdleLock } from './idle-lock';
import { installMenu } from './menu';
import { createWindows, type Windows } from './windows';

export { watchOpenedFiles } from './opened-files';
export { openSettingsFile } from './settings-file';
export { findDangerousSwitches } from './switches';

const IDLE_CHECK_MS = 5_000;

/** Must run before Electron is ready. */
export const prepareShell = (): void => {
  // SECURITY: the sandbox for every renderer, also for one that would forget to ask for it.
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
  // SECURITY: Chromium resolves no name and calls nobody; main's own connections do not go through it.
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  for (const name of [
    'disable-background-networking',
    'disable-component-update',
    'no-pings',
    'disable-domain-reliability',
    // SECURITY: a crash dump holds memory; none is written.
    'disable-breakpad',
    'disable-crash-reporter',
  ]) {
    app.commandLine.appendSwitch(name);
  }
};

export type LockCause = 'idle' | 'suspend' | 'screen-lock';

export type Shell = {
  readonly windows: Windows;
  readonly dialogs: Dialogs;
  readonly openHelp: (topic: 'readme' | 'security' | 'licence') => Promise<void>;
  /** To be told of every lock: what a person allowed for as long as the vault was open ends. */
  readonly vaultLocked: () => void;
  /** Windows without preferences of their own (approval, recovery words) and the system's dialogs follow the setting. */
  readonly applyTheme: (theme: 'system' | 'light' | 'dark') => void;
  /** Starts the menu and the watch for idleness, suspend and screen lock. */
  readonly start: (app: LockRules) => void;
};

/** What the shell asks the app, when it thinks of locking. */
export type LockRules = {
  readonly isUnlocked: () => boolean;
  readonly isBusy: () => boolean;
  readonly idleLockMinutes: () => number;
  readonly lockOnSuspend: () => boolean;
  readonly lockOnScreenLock: () => boolean;
  readonly lock: (cause: LockCause) => Promise<void>;
};

type ShellDeps = {
  readonly appFolder: string;
  readonly stateFile: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly originOf: Readonly<Record<WindowKind, string>>;
  readonly onContents: Parameters<typeof createWindows>[0]['onContents'];
  readonly sendMenuAction: Parameters<typeof installMenu>[0]['send'];
};

/** SECURITY: fixed files of the app itself; a page names a topic, never a path or an address. */
const HELP_FILES = { readme: 'README.md', security: 'docs/security.md', licence: 'LICENSE' } as const;

export const createShell = (deps: ShellDeps): Shell => {
  const { appFolder, stateFile, clock, log, originOf, onContents, sendMenuAction } = deps;
  let onUse = (): void => undefined;
  let isUnlocked = (): boolean => false;
  const camera = createCameraRule({
    origin: originOf.main,
    isUnlocked: () => isUnlocked(),
    ask: () => dialogs.confirmCamera(),
  });
  // SECURITY: no window of ours has the default session, and what Electron might ever open by itself gets no more than ours.
  guardSession(session.defaultSession, 'app://nobody', null);
  app.on('web-contents-created', (_event, contents) => guardUnknownContents(contents));
  const windows = createWindows({
    outFolder: path.join(appFolder, 'out'),
    stateFile,
    iconFile: path.join(appFolder, 'assets/icons/nostro.png'),
    originOf,
    onContents,
    camera,
    onUse: () => onUse(),
    log,
  });
  const dialogs = createDialogs(windows.main);
  const openHelp: Shell['openHelp'] = async (topic) => {
    const folder = app.isPackaged ? process.resourcesPath : appFolder;
    const failure = await shell.openPath(path.join(folder, HELP_FILES[topic]));
    if (failure !== '') log.warn('help could not be opened', { topic, failure });
  };

  return {
    windows,
    dialogs,
    vaultLocked: camera.forget,
    openHelp,
    applyTheme: (theme) => {
      nativeTheme.themeSource = theme;
    },
    start: (rules) => {
      isUnlocked = rules.isUnlocked;
      installMenu({ send: sendMenuAction, openHelp: (topic) => void openHelp(topic) });
      const lock = (cause: LockCause): void => {
        rules.lock(cause).catch((error: unknown) => log.error('lock failed', { cause, error }));
      };
      const idle = createIdleLock({
        clock,
        minutes: rules.idleLockMinutes,
        isUnlocked: rules.isUnlocked,
        isBusy: rules.isBusy,
        lock: () => lock('idle'),
      });
      onUse = idle.touch;
      setInterval(idle.check, IDLE_CHECK_MS).unref();
      powerMonitor.on('suspend', () => {
        if (rules.lockOnSuspend()) lock('suspend');
      });
      powerMonitor.on('lock-screen', () => {
        if (rules.lockOnScreenLock()) lock('screen-lock');
      });
    },
  };
};
