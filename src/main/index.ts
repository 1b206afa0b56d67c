/** The life of the app: start, second start, quit. What it does in between is composed elsewhere. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { app } from 'electron';
import { createApp } from './compose';
import type { Host } from './host';
import { createRouter, type Router } from './ipc/router';
import { ORIGIN_OF } from './ipc/sender';
import { createIpcServer } from './ipc/server';
import { systemClock } from './platform/clock';
import { createNewId } from './platform/ids';
import { createFileLogger } from './platform/logger';
import { allowSockets, refuseSockets } from './platform/socket-guard';
import { createSpawnElectron } from './platform/spawn-electron';
import {
  createShell,
  findDangerousSwitches,
  openSettingsFile,
  prepareShell,
  watchOpenedFiles,
} from './shell';

/** The line of Electron that is shipped. Anything else is for building and testing (docs/adr/0001). */
const SHIPPED_ELECTRON_MAJOR = 45;
const electronVersion = process.versions.electron ?? 'unknown';
const isTestRuntime = Number.parseInt(electronVersion, 10) !== SHIPPED_ELECTRON_MAJOR;

/** For developers and tests only: a packaged app takes nothing from its environment. */
const readEnvironment = (name: string): string | null =>
  app.isPackaged ? null : (process.env[name] ?? null);

const start = async (openedFiles: ReturnType<typeof watchOpenedFiles>): Promise<void> => {
  const userData = app.getPath('userData');
  const dataDirectory = path.join(userData, 'workspace');
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const log = createFileLogger({ file: path.join(userData, 'logs/nostro.log'), clock: systemClock });
  process.on('uncaughtException', (error) => log.error('uncaught exception', { error }));
  process.on('unhandledRejection', (error) => log.error('unhandled rejection', { error }));
  log.info('started', { version: app.getVersion(), electron: electronVersion, isTestRuntime });

  let dispatch: Router['dispatch'] = async () => ({ ok: false, error: { code: 'ipc/forbidden-sender' } });
  let onFileDropped = (_path: string): void => undefined;
  const settingsFile = openSettingsFile(userData);
  const server = createIpcServer({
    dispatch: (window, method, input) => dispatch(window, method, input),
    onFileDropped: (file) => onFileDropped(file),
    log,
  });
  const shell = createShell({
    appFolder: app.getAppPath(),
    stateFile: path.join(userData, 'window-state.json'),
    clock: systemClock,
    log,
    originOf: ORIGIN_OF,
    onContents: server.register,
    sendMenuAction: (action) => server.emit('main', { type: 'menu', action }),
  });
  const host: Host = {
    spawn: createSpawnElectron({ folder: path.join(app.getAppPath(), 'out/main'), log }),
    dataDirectory,
    settingsFile,
    productVersion: app.getVersion(),
    runtime: { name: `Electron ${electronVersion}`, isTestRuntime },
    sandboxFile: readEnvironment('NOSTRO_SANDBOX_FILE'),
    clock: systemClock,
    newId: createNewId(systemClock),
    log,
    windows: {
      ...shell.windows,
      emit: (window, event) => {
        if (event.type === 'vault.locked') shell.vaultLocked();
        if (event.type === 'settings.changed') shell.applyTheme(nostro.settings.get().theme);
        server.emit(window, event);
      },
    },
    dialogs: shell.dialogs,
    sockets: { refuse: refuseSockets, allow: allowSockets },
    openHelp: shell.openHelp,
  };

  const nostro = createApp(host);
  shell.applyTheme(nostro.settings.get().theme);
  dispatch = createRouter({
    handlers: { main: nostro.main, approval: nostro.approval },
    isUnlocked: nostro.isUnlocked,
    log,
    scope: nostro.commands.scope,
    onCommand: (record) => {
      log.info('command', { window: record.window, name: record.method, outcome: record.outcome });
      return nostro.commands.onCommand(record);
    },
  }).dispatch;
  onFileDropped = nostro.fileDropped;
  shell.start({
    isUnlocked: nostro.isUnlocked,
    isBusy: nostro.isBusy,
    idleLockMinutes: () => nostro.settings.get().idleLockMinutes,
    lockOnSuspend: () => nostro.settings.get().lockOnSuspend,
    lockOnScreenLock: () => nostro.settings.get().lockOnScreenLock,
    lock: nostro.lock,
  });

  openedFiles.deliver(nostro.fileOpened);
  app.on('second-instance', () => void shell.windows.openMain());
  app.on('activate', () => void shell.windows.openMain());
  app.on('window-all-closed', () => app.quit());
  let isStopped = false;
  app.on('before-quit', (event) => {
    if (isStopped) return;
    // Lock first: the vault ends, the ledger closes its file, signed payments are on disk.
    event.preventDefault();
    nostro
      .stop()
      .catch((error: unknown) => log.error('stop failed', { error }))
      .finally(() => {
        isStopped = true;
        log.info('ended');
        app.quit();
      });
  });

  await shell.windows.openMain();
};

const launch = (): void => {
  const userData = readEnvironment('NOSTRO_USER_DATA');
  if (userData !== null) app.setPath('userData', path.resolve(userData));
  const dangerous = app.isPackaged
    ? findDangerousSwitches(process.argv.slice(1), (name) => app.commandLine.hasSwitch(name))
    : [];
  if (dangerous.length > 0 || (app.isPackaged && isTestRuntime)) {
    // SECURITY: such a switch gives another program the app's windows or processes.
    console.error(
      dangerous.length > 0
        ? `Nostro does not start with ${dangerous.map((name) => `--${name}`).join(', ')}.`
        : `Nostro is not released on Electron ${electronVersion}.`,
    );
    app.exit(78);
    return;
  }
  prepareShell();
  if (!app.requestSingleInstanceLock()) {
    app.exit(0);
    return;
  }
  // Before the app is ready: on macOS the file that started it is told then.
  const openedFiles = watchOpenedFiles();
  app
    .whenReady()
    .then(() => start(openedFiles))
    .catch((error: unknown) => {
      console.error(error);
      app.exit(70);
    });
};

launch();
