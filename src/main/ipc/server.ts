/**
 * The only file that touches ipcMain.
 *
 * Every message passes, in this order: known window, main frame, app:// origin, this window's contract, schema, the
 * queue of commands, the handler (the last four in router.ts). A sender that is refused learns nothing but that.
 */
import { type IpcMainEvent, type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import type { WindowKind } from '../../shared/contract';
import { AppEvent } from '../../shared/contract/events';
import type { Result } from '../../shared/errors';
import type { Logger } from '../platform/logger';
import type { Router } from './router';
import { identifySender, type SenderFacts } from './sender';

/** Both channels, and the one by which a dropped file's path comes from the main window's preload. */
export const CHANNELS = { invoke: 'nostro:invoke', event: 'nostro:event', drop: 'nostro:drop' } as const;

export type IpcServer = {
  /** From now on messages of these web contents count as that window's. */
  readonly register: (window: WindowKind, contents: WebContents) => void;
  /** Sends to the window if it is open. Each event raises the window's revision by one. */
  readonly emit: (window: WindowKind, event: AppEvent) => void;
  /** Revision of the last event sent to the window. */
  readonly revision: (window: WindowKind) => number;
};

type IpcServerDeps = {
  readonly dispatch: Router['dispatch'];
  readonly onFileDropped: (path: string) => void;
  readonly log: Logger;
};

const readFacts = (event: IpcMainEvent | IpcMainInvokeEvent): SenderFacts => {
  // A frame that navigated or closed in the meantime is gone: reading it may throw or give null.
  try {
    const frame = event.senderFrame;
    return {
      webContentsId: event.sender.id,
      isMainFrame: frame?.parent === null && frame.routingId === event.sender.mainFrame.routingId,
      frameUrl: frame?.url ?? null,
    };
  } catch {
    return { webContentsId: -1, isMainFrame: false, frameUrl: null };
  }
};

export const createIpcServer = (deps: IpcServerDeps): IpcServer => {
  const { dispatch, onFileDropped, log } = deps;
  const kinds = new Map<number, WindowKind>();
  const contentsOf = new Map<WindowKind, WebContents>();
  const revisions: Record<WindowKind, number> = { main: 0, approval: 0 };

  const identify = (event: IpcMainEvent | IpcMainInvokeEvent): WindowKind | undefined => {
    const facts = readFacts(event);
    const window = identifySender(facts, (id) => kinds.get(id));
    if (window === undefined)
      log.warn('refused sender', { webContentsId: facts.webContentsId, isMainFrame: facts.isMainFrame });
    return window;
  };

  // SECURITY: libraries that open channels of their own (electron-store does) must not widen the surface.
  ipcMain.removeAllListeners();

  ipcMain.handle(CHANNELS.invoke, async (event, ...args: unknown[]): Promise<Result<unknown>> => {
    const window = identify(event);
    if (window === undefined) return { ok: false, error: { code: 'ipc/forbidden-sender' } };
    if (args.length !== 2) return { ok: false, error: { code: 'ipc/invalid-input' } };
    return dispatch(window, args[0], args[1]);
  });

  ipcMain.on(CHANNELS.drop, (event, ...args: unknown[]) => {
    if (identify(event) !== 'main') return;
    const [path] = args;
    if (args.length === 1 && typeof path === 'string' && path !== '' && path.length < 4096)
      onFileDropped(path);
  });

  return {
    register: (window, contents) => {
      const { id } = contents;
      kinds.set(id, window);
      contentsOf.set(window, contents);
      contents.once('destroyed', () => {
        kinds.delete(id);
        if (contentsOf.get(window) === contents) contentsOf.delete(window);
      });
    },
    emit: (window, event) => {
      const parsed = AppEvent.safeParse(event);
      if (!parsed.success) {
        log.error('event outside its contract', {
          type: event.type,
          field: parsed.error.issues[0]?.path.join('.'),
        });
        return;
      }
      revisions[window] += 1;
      const contents = contentsOf.get(window);
      if (contents && !contents.isDestroyed()) {
        contents.send(CHANNELS.event, { revision: revisions[window], event: parsed.data });
      }
    },
    revision: (window) => revisions[window],
  };
};
