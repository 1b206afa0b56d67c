/**
 * The three windows. Each has a session of its own in memory, so that no page finds anything of another or of a
 * former run, and nothing of what a page does is written to disk.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { BrowserWindow, nativeTheme, type Session, screen, session, type WebContents } from 'electron';
import type { WindowKind } from '../../shared/contract';
import type { Logger } from '../platform/logger';
import { type BuildManifest, createAppFiles, createFileMap } from './app-files';
import type { CameraRule } from './camera';
import { guardContents, guardSession, lockedWebPreferences } from './guards';
import { createRecoveryPage } from './recovery-page';
import { DEFAULT_SIZE, MINIMUM_SIZE, readWindowState, writeWindowState } from './window-state';

/** How long a window may take to show before it is shown as it is. */
const SHOW_DEADLINE_MS = 10_000;

export type Windows = {
  /** Opens the main window, or brings it to the front. */
  readonly openMain: () => Promise<void>;
  readonly main: () => BrowserWindow | null;
  readonly openApproval: () => Promise<void>;
  readonly closeApproval: () => void;
  readonly onApprovalClosed: (listener: () => void) => void;
  readonly showRecovery: (page: Uint8Array) => Promise<void>;
  readonly closeRecovery: () => void;
  readonly onRecoveryClosed: (listener: () => void) => void;
};

type WindowsDeps = {
  /** `out/` of the build. */
  readonly outFolder: string;
  readonly stateFile: string;
  readonly iconFile: string;
  readonly originOf: Readonly<Record<WindowKind, string>>;
  readonly onContents: (window: WindowKind, contents: WebContents) => void;
  /** For the main window alone. */
  readonly camera: CameraRule;
  /** A person used one of the windows. */
  readonly onUse: () => void;
  readonly log: Logger;
};

const backgroundColor = (): string => (nativeTheme.shouldUseDarkColors ? '#14171c' : '#ffffff');

const bringToFront = (window: BrowserWindow): void => {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
};

/** Loads `url` and shows the window at its first paint. */
const loadAndShow = async (window: BrowserWindow, url: string): Promise<void> => {
  const painted = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, SHOW_DEADLINE_MS);
    window.once('ready-to-show', () => {
      clearTimeout(timer);
      resolve();
    });
    window.once('closed', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  await window.loadURL(url).catch((error: unknown) => {
    // Closed or loaded again while it was loading: not a failure.
    if ((error as { code?: unknown }).code !== 'ERR_ABORTED') throw error;
  });
  await painted;
  if (!window.isDestroyed()) bringToFront(window);
};

export const createWindows = (deps: WindowsDeps): Windows => {
  const { outFolder, stateFile, iconFile, originOf, onContents, camera, onUse, log } = deps;
  const rendererFolder = path.join(outFolder, 'renderer');
  const manifest = JSON.parse(
    readFileSync(path.join(rendererFolder, 'manifest.json'), 'utf8'),
  ) as BuildManifest;
  const approvalListeners: (() => void)[] = [];
  const recoveryListeners: (() => void)[] = [];
  let main: BrowserWindow | null = null;
  let approval: BrowserWindow | null = null;
  let recovery: { readonly window: BrowserWindow; readonly wipe: () => void } | null = null;

  const sessions = new Map<WindowKind, Session>();
  const sessionFor = (kind: WindowKind): Session => {
    const known = sessions.get(kind);
    if (known) return known;
    const origin = originOf[kind];
    // No `persist:` prefix: kept in memory only.
    const own = session.fromPartition(`nostro-${kind}`, { cache: false });
    guardSession(own, origin, kind === 'main' ? camera : null);
    const files = createAppFiles({
      window: kind,
      origin,
      folder: rendererFolder,
      files: createFileMap(manifest, kind),
      newNonce: () => randomBytes(18).toString('base64'),
    });
    own.protocol.handle('app', async (request) => {
      const { status, headers, body } = await files.answer(request.method, request.url);
      return new Response(new Uint8Array(body), { status, headers });
    });
    sessions.set(kind, own);
    return own;
  };

  const watch = (window: BrowserWindow, name: WindowKind | 'recovery', url: string): void => {
    const { webContents } = window;
    guardContents(webContents, url.slice(0, url.lastIndexOf('/')), () => {
      log.warn('page left its address', { window: name });
      // The words are served once: their window goes. The others come back.
      if (name === 'recovery') window.destroy();
      else
        window
          .loadURL(url)
          .catch((error: unknown) => log.error('page did not come back', { window: name, error }));
    });
    webContents.on('input-event', onUse);
    webContents.on('before-input-event', onUse);
    webContents.on('render-process-gone', (_event, details) =>
      log.error('page ended', { window: name, reason: details.reason, exitCode: details.exitCode }),
    );
    webContents.on('preload-error', (_event, _path, error) =>
      log.error('preload failed', { window: name, error }),
    );
    window.setMenuBarVisibility(process.platform !== 'darwin' && name === 'main');
  };

  const openMain = async (): Promise<void> => {
    if (main) {
      bringToFront(main);
      return;
    }
    const { bounds, isMaximized } = readWindowState(
      stateFile,
      screen.getAllDisplays().map((display) => display.workArea),
    );
    const window = new BrowserWindow({
      ...(bounds ?? DEFAULT_SIZE),
      minWidth: MINIMUM_SIZE.width,
      minHeight: MINIMUM_SIZE.height,
      show: false,
      title: 'Nostro',
      icon: iconFile,
      backgroundColor: backgroundColor(),
      webPreferences: lockedWebPreferences({
        session: sessionFor('main'),
        preload: path.join(outFolder, 'preload/main.cjs'),
      }),
    });
    main = window;
    if (isMaximized) window.maximize();
    const url = `${originOf.main}/index.html`;
    watch(window, 'main', url);
    onContents('main', window.webContents);
    window.on('close', () => writeWindowState(stateFile, window.getNormalBounds(), window.isMaximized()));
    window.on('closed', () => {
      main = null;
      closeApproval();
      closeRecovery();
    });
    await loadAndShow(window, url);
  };

  const openApproval = async (): Promise<void> => {
    if (approval) {
      bringToFront(approval);
      return;
    }
    const window = new BrowserWindow({
      width: 980,
      height: 820,
      minWidth: 860,
      minHeight: 640,
      show: false,
      title: 'Nostro – Approve',
      icon: iconFile,
      backgroundColor: backgroundColor(),
      ...(main ? { parent: main } : {}),
      webPreferences: lockedWebPreferences({
        session: sessionFor('approval'),
        preload: path.join(outFolder, 'preload/approval.cjs'),
      }),
    });
    approval = window;
    const url = `${originOf.approval}/approval.html`;
    watch(window, 'approval', url);
    window.removeMenu();
    onContents('approval', window.webContents);
    window.on('closed', () => {
      // Closed by the app itself: `approval` is another one by now, or none.
      if (approval !== window) return;
      approval = null;
      for (const listener of approvalListeners) listener();
    });
    await loadAndShow(window, url);
  };

  const closeApproval = (): void => {
    const window = approval;
    approval = null;
    if (window && !window.isDestroyed()) window.destroy();
  };

  const showRecovery = async (page: Uint8Array): Promise<void> => {
    closeRecovery();
    const token = randomBytes(24).toString('hex');
    const origin = 'app://recovery';
    const url = `${origin}/${token}`;
    const words = createRecoveryPage(url, page);
    const own = session.fromPartition(`nostro-recovery-${token}`, { cache: false });
    guardSession(own, origin, null);
    own.protocol.handle('app', (request) => {
      const answer = words.take(request.url);
      // The stream hands over the bytes themselves, not a copy that nobody could overwrite.
      return answer
        ? new Response(
            new ReadableStream({
              start: (controller) => {
                controller.enqueue(answer.body);
                controller.close();
              },
            }),
            { headers: answer.headers },
          )
        : new Response(null, { status: 404 });
    });
    const window = new BrowserWindow({
      width: 760,
      height: 720,
      show: false,
      title: 'Nostro – Recovery words',
      icon: iconFile,
      minimizable: false,
      maximizable: false,
      ...(main ? { parent: main } : {}),
      // SECURITY: no script at all, and no preload.
      webPreferences: lockedWebPreferences({ session: own, javascript: false }),
    });
    // SECURITY: screenshots and screen sharing see a black window where the system supports it.
    window.setContentProtection(true);
    recovery = { window, wipe: words.wipe };
    watch(window, 'recovery', url);
    window.removeMenu();
    window.on('closed', () => {
      words.wipe();
      if (recovery?.window === window) recovery = null;
      for (const listener of recoveryListeners) listener();
    });
    try {
      await loadAndShow(window, url);
    } finally {
      words.wipe();
    }
  };

  const closeRecovery = (): void => {
    const open = recovery;
    recovery = null;
    open?.wipe();
    if (open && !open.window.isDestroyed()) open.window.destroy();
  };

  return {
    openMain,
    main: () => main,
    openApproval,
    closeApproval,
    onApprovalClosed: (listener) => {
      approvalListeners.push(listener);
    },
    showRecovery,
    closeRecovery,
    onRecoveryClosed: (listener) => {
      recoveryListeners.push(listener);
    },
  };
};
