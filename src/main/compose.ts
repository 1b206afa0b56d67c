/**
 * Constructs the main side and wires it. The only place that does.
 *
 * Hides: which domains exist and how they reach each other. Invariants: nothing that needs keys or the store exists while
 * the vault is locked (docs/adr/0003); locking ends the vault and the ledger process. Callers: index.ts in the app,
 * test/support in the Node lane.
 */
import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import type {
  AppEvent,
  ApprovalHandlers,
  AppSnapshot,
  MainHandlers,
  NetworkHealth,
} from '../shared/contract';
import { approvalContract, mainContract } from '../shared/contract';
import { AppError } from '../shared/errors';
import { Hash32 } from '../shared/model/ids';
import type { ChosenFile } from '../shared/model/payments';
import type { Host } from './host';
import type { DispatchRecord } from './ipc/router';
import { createActivity, createCommandLog, createJournalNews, type JournalCheck } from './journal';
import { createLedgerChild, type StoreHead } from './ledger';
import { connectChild } from './platform/child';
import { createChosenFiles } from './platform/chosen-files';
import { createOpenedFiles } from './platform/opened-files';
import { openSession, type Session } from './session';
import { createSettings } from './settings';
import { createVault, type ReplicaAnchor } from './vault';
import { createVaultHandlers, type LockCause } from './vault-handlers';

export type App = {
  readonly main: MainHandlers;
  readonly approval: ApprovalHandlers;
  readonly isUnlocked: () => boolean;
  /** Ends the session, the vault and the ledger process; resolves when both are gone. */
  readonly lock: (cause: LockCause) => Promise<void>;
  /** Journals commands: what the router runs them in, and what it tells at their end. */
  readonly commands: {
    readonly scope: ReturnType<typeof createActivity>['run'];
    readonly onCommand: (record: DispatchRecord) => Promise<void>;
  };
  readonly settings: ReturnType<typeof createSettings>;
  /** A file that a person dropped on the main window. The path comes from a trusted drop only. */
  readonly fileDropped: (path: string) => void;
  /** A file that was opened with the app; it is offered, and waits while the vault is locked. */
  readonly fileOpened: (path: string) => void;
  /** True while payments are being signed: the idle lock waits. */
  readonly isBusy: () => boolean;
  readonly stop: () => Promise<void>;
};

const anchorOf = (head: StoreHead): ReplicaAnchor => ({
  count: head.count,
  headHash: Hash32.parse(`0x${head.hash}`),
});
const headOf = (anchor: ReplicaAnchor | null): StoreHead | null =>
  anchor === null ? null : { count: anchor.count, hash: anchor.headHash.slice(2) };

/** How long the end of a session may take before the vault and the store are closed under it. */
const STOP_DEADLINE_MS = 5_000;

const GUARDED_SETTINGS = [
  'idleLockMinutes',
  'lockOnSuspend',
  'lockOnScreenLock',
  'maxFileMebibytes',
] as const;

/** SECURITY: a page that asks for dialogs in a loop gets one. */
const oneAtATime = (dialogs: Host['dialogs']): Host['dialogs'] => {
  let isOpen = false;
  const alone = async <T>(show: () => Promise<T>): Promise<T> => {
    if (isOpen) throw new AppError('busy');
    isOpen = true;
    try {
      return await show();
    } finally {
      isOpen = false;
    }
  };
  return {
    chooseFile: (purpose) => alone(() => dialogs.chooseFile(purpose)),
    chooseSaveTarget: (name, extension) => alone(() => dialogs.chooseSaveTarget(name, extension)),
    confirmConnections: (addresses) => alone(() => dialogs.confirmConnections(addresses)),
  };
};

const within = async (ms: number, work: Promise<void> | undefined, what: string): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not end in time`)), ms);
  });
  try {
    await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
};

export const createApp = (host: Host): App => {
  let revision = 0;
  let session: Session | null = null;
  let networks: readonly NetworkHealth[] = [];
  let isStoreAuthenticated = true;

  const logInternal = (child: string) => (method: string, cause: string) =>
    host.log.error('child failed', { child, method, cause });
  const emit = (event: AppEvent): void => host.windows.emit('main', event);
  const emitToApproval = (event: AppEvent): void => host.windows.emit('approval', event);

  const settings = createSettings(host.settingsFile, () => {
    emit({ type: 'settings.changed' });
    emitSnapshot();
  });
  const files = createChosenFiles(host.newId);
  const opened = createOpenedFiles();
  // SECURITY: sockets are there only while a session of an online workspace is open.
  host.sockets?.refuse();
  const dialogs = oneAtATime(host.dialogs);
  const vault = createVault({
    spawn: host.spawn,
    connect: connectChild,
    directory: join(host.dataDirectory, 'vault'),
    onInternal: logInternal('vault'),
  });
  const storeFile = join(host.dataDirectory, 'ledger.db');
  const activity = createActivity(host.clock);
  const journalNews = createJournalNews(emit);
  const ledger = createLedgerChild({
    connect: () => connectChild(host.spawn('ledger'), logInternal('ledger')),
    origin: activity.origin,
    onJournaled: (named) => {
      activity.noteJournaled(named);
      journalNews.grown();
    },
  });
  const commandLog = createCommandLog({
    activity,
    append: (entry) => ledger.store('journal').append(entry),
    isOpen: ledger.isOpen,
    monotonicMs: host.clock.monotonicMs,
    log: host.log,
  });

  const snapshot = (): AppSnapshot => ({
    revision,
    productVersion: host.productVersion,
    runtime: host.runtime.name,
    isTestRuntime: host.runtime.isTestRuntime,
    isStoreAuthenticated,
    workspaceName: settings.get().workspaceName,
    mode: session?.mode ?? settings.mode(),
    // Open means that both the vault and the store are: a page that pulls in between must not see half of it.
    lock: session ? 'unlocked' : vault.status().state === 'absent' ? 'absent' : 'locked',
    networks: [...networks],
    platform: process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux',
    sandboxAvailable: host.sandboxFile !== null && (session?.mode ?? settings.mode()) === 'online',
  });
  const emitSnapshot = (): void => {
    revision += 1;
    emit({ type: 'app.changed', snapshot: snapshot() });
  };

  /** The vault keeps how far store and journal were, so that an older copy of them is noticed at the next unlock. */
  const keepAnchor = async (): Promise<void> => {
    const head = await ledger.anchor();
    await vault.recordReplicaHead({ ...anchorOf(head), journal: head.journal });
  };

  /** Grows with every lock: what was being opened before it is not taken into use after it. */
  let life = 0;
  // What a session does while it starts is the app's own doing, not that of whoever unlocked.
  const open = (): Promise<void> => activity.asApp(openStoreAndSession);
  const openStoreAndSession = async (): Promise<void> => {
    // Asked again for what is open already (a second click): the passphrase was proven, nothing else changes.
    if (session) return;
    const own = life;
    const requireOpen = (): void => {
      if (own !== life || vault.status().state !== 'unlocked') throw new AppError('vault/locked');
      if (!ledger.isOpen()) throw new AppError('ledger/closed');
    };
    let built: Session | null = null;
    try {
      const { replicaHead, journalHead } = await vault.keys();
      const { info } = await ledger.open({
        file: storeFile,
        sealKey: vault.sealDatabaseKey,
        sealJournalKey: vault.sealJournalKey,
        expectedHead: headOf(replicaHead),
        expectedJournal: journalHead,
      });
      requireOpen();
      isStoreAuthenticated = info.isAuthenticated;
      const journalCheck: JournalCheck = {
        checkedAt: host.clock.now().toISOString(),
        anchored: journalHead,
      };
      await commandLog.flush();
      await keepAnchor();
      const { mode } = await vault.keys();
      settings.rememberMode(mode);
      if (mode === 'online') host.sockets?.allow();
      built = await openSession({
        mode,
        journalCheck,
        identify: activity.identify,
        noteFacts: activity.noteFacts,
        host: { ...host, dialogs },
        vault,
        ledger,
        files,
        settings,
        emit,
        emitToApproval,
        keepAnchor,
        onNetworks: (next) => {
          if (own !== life) return;
          networks = next;
          emitSnapshot();
        },
      });
      // SECURITY: a lock, or the end of a child, that came while this was built: nothing of it is used.
      requireOpen();
      session = built;
    } catch (error) {
      await within(STOP_DEADLINE_MS, built?.stop(), 'opening ended').catch(warnAtLock);
      host.sockets?.refuse();
      await ledger.close();
      await vault.lock();
      throw error;
    }
    emitSnapshot();
  };

  const warnAtLock = (cause: unknown): void =>
    host.log.warn('not in order at lock', { cause: String(cause) });

  let locking: Promise<void> | null = null;
  const lock = (cause: LockCause): Promise<void> => {
    life += 1;
    locking ??= (async () => {
      const ending = session;
      session = null;
      networks = [];
      host.windows.closeApproval();
      host.windows.closeRecovery();
      emit({ type: 'vault.locked', cause });
      emitSnapshot();
      // SECURITY: work that does not end, or a store that is broken, must not keep the keys in memory.
      await within(STOP_DEADLINE_MS, ending?.stop(), 'session').catch(warnAtLock);
      host.sockets?.refuse();
      // One deadline for both: a store that does not answer must not keep the vault open twice as long.
      const keepRecord = async (): Promise<void> => {
        if (ending) await commandLog.note('vault.lock', { cause });
        await keepAnchor();
      };
      if (ledger.isOpen() && vault.status().state === 'unlocked')
        await within(STOP_DEADLINE_MS, keepRecord(), 'anchor').catch(warnAtLock);
      activity.identify(null);
      journalNews.stop();
      await Promise.all([ledger.close(), vault.lock()]);
    })().finally(() => {
      locking = null;
    });
    return locking;
  };

  ledger.onCrash((code) => {
    host.log.error('ledger process ended', { code });
    if (session) void lock('crash');
  });
  vault.onStateChanged((state) => {
    if (state !== 'unlocked' && session) void lock('crash');
  });
  host.windows.onRecoveryClosed(() => emit({ type: 'recovery-window', isOpen: false }));

  const requireSession = (): Session => {
    if (!session) throw new AppError('vault/locked');
    return session;
  };

  const always: Partial<MainHandlers> = {
    'app.snapshot': async () => snapshot(),
    'app.openHelp': async ({ topic }) => {
      await host.openHelp(topic);
      return {};
    },
    ...createVaultHandlers({
      vault,
      host,
      files,
      openSession: open,
      settled: async () => {
        await locking;
      },
      lock,
      requireNoOrphanStore: () => {
        if (vault.status().state === 'absent' && existsSync(storeFile))
          throw new AppError('ledger/wrong-key', { file: storeFile });
      },
      onKeysChanged: () => {
        session?.keysChanged().catch((error: unknown) => host.log.warn('keys were not attached', { error }));
      },
      noteFacts: activity.noteFacts,
      onModeChanged: settings.rememberMode,
    }),
    'workspace.openedFiles': async () => ({ files: opened.list() }),
    'files.choose': async ({ purpose }) => {
      const path = await dialogs.chooseFile(purpose);
      return { file: path === null ? null : files.add(path) };
    },
    'settings.get': async () => settings.get(),
    'settings.set': async (change) => {
      // SECURITY: who stands before a locked screen changes how it looks, not when it locks.
      const isGuarded = GUARDED_SETTINGS.some((name) => change[name] !== undefined);
      if (isGuarded) requireSession();
      return settings.set(change);
    },
  };

  /** A handler for every method of a contract: the one that always works, or the open session's. */
  const bind = <H extends object>(
    names: readonly string[],
    own: Partial<H>,
    ofSession: (open: Session) => H,
  ): H =>
    Object.fromEntries(
      names.map((name) => [
        name,
        async (input: unknown) => {
          const handlers = (name in own ? own : ofSession(requireSession())) as Record<
            string,
            (input: unknown) => Promise<unknown>
          >;
          const handler = handlers[name];
          if (!handler) throw new Error(`no handler for ${name}`);
          return handler(input);
        },
      ]),
    ) as H;

  const main = bind<MainHandlers>(Object.keys(mainContract), always, (open) => open.main as MainHandlers);

  /** Under an id, unless it is no file or one of this workspace. */
  const register = (path: string): ChosenFile | null => {
    try {
      // SECURITY: the path comes from a renderer's process, or from whoever starts the app. A page cannot name one, but a
      // process that was taken over could: nothing of this workspace is read that way.
      const inside = relative(realpathSync(host.dataDirectory), realpathSync(path));
      if (!isAbsolute(path) || !(inside.startsWith('..') || isAbsolute(inside)))
        throw new AppError('file/unreadable');
      return files.add(path);
    } catch (error) {
      // Also a folder, or a file that is gone: there is nothing to import.
      host.log.warn('file not taken', { code: error instanceof AppError ? error.code : 'file/not-found' });
      return null;
    }
  };

  return {
    main: {
      ...main,
      'envelopes.importFile': async (input) => {
        const intake = await main['envelopes.importFile'](input);
        opened.taken(input.fileId);
        return intake;
      },
    },
    approval: bind<ApprovalHandlers>(Object.keys(approvalContract), {}, (open) => open.approval),
    isUnlocked: () => session !== null,
    lock,
    commands: { scope: activity.run, onCommand: commandLog.ended },
    settings,
    fileDropped: (path) => {
      const file = register(path);
      if (file) emit({ type: 'files.dropped', file });
    },
    fileOpened: (path) => {
      const file = register(path);
      if (!file) return;
      opened.add(file);
      emit({ type: 'files.opened' });
    },
    isBusy: () => session?.isSigning() ?? false,
    stop: async () => {
      await lock('person');
    },
  };
};
