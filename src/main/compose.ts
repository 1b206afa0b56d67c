/**
 * Constructs the main side and wires it. The only place that does.
 *
 * Hides: which domains exist and how they reach each other. Invariants: nothing that needs keys or the store exists while
 * the vault is locked (docs/adr/0003); locking ends the vault and the ledger process. Callers: index.ts in the app,
 * test/support in the Node lane.
 */
import { join } from 'node:path';
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
import type { Host } from './host';
import { createLedgerChild, type StoreHead } from './ledger';
import { connectChild } from './platform/child';
import { createChosenFiles } from './platform/chosen-files';
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
  readonly settings: ReturnType<typeof createSettings>;
  /** A file that a person dropped on the main window. The path comes from a trusted drop only. */
  readonly fileDropped: (path: string) => void;
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
  const vault = createVault({
    spawn: host.spawn,
    connect: connectChild,
    directory: join(host.dataDirectory, 'vault'),
    onInternal: logInternal('vault'),
  });
  const ledger = createLedgerChild({
    connect: () => connectChild(host.spawn('ledger'), logInternal('ledger')),
  });

  const snapshot = (): AppSnapshot => ({
    revision,
    productVersion: host.productVersion,
    runtime: host.runtime.name,
    isTestRuntime: host.runtime.isTestRuntime,
    isStoreAuthenticated,
    workspaceName: settings.get().workspaceName,
    // Open means that both the vault and the store are: a page that pulls in between must not see half of it.
    lock: session ? 'unlocked' : vault.status().state === 'absent' ? 'absent' : 'locked',
    networks: [...networks],
    platform: process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux',
    sandboxAvailable: host.sandboxFile !== null,
  });
  const emitSnapshot = (): void => {
    revision += 1;
    emit({ type: 'app.changed', snapshot: snapshot() });
  };

  const open = async (): Promise<void> => {
    try {
      const { replicaHead } = await vault.keys();
      const { info } = await ledger.open({
        file: join(host.dataDirectory, 'ledger.db'),
        sealKey: vault.sealDatabaseKey,
        expectedHead: headOf(replicaHead),
      });
      isStoreAuthenticated = info.isAuthenticated;
      await vault.recordReplicaHead(anchorOf(await ledger.anchor()));
      session = await openSession({
        host,
        vault,
        ledger,
        files,
        settings,
        emit,
        emitToApproval,
        onNetworks: (next) => {
          networks = next;
          emitSnapshot();
        },
      });
    } catch (error) {
      await ledger.close();
      await vault.lock();
      throw error;
    }
    emitSnapshot();
  };

  let locking: Promise<void> | null = null;
  const lock = (cause: LockCause): Promise<void> => {
    locking ??= (async () => {
      const ending = session;
      session = null;
      networks = [];
      host.windows.closeApproval();
      host.windows.closeRecovery();
      emit({ type: 'vault.locked', cause });
      emitSnapshot();
      await ending?.stop();
      if (ledger.isOpen() && vault.status().state === 'unlocked') {
        // So that an older copy of the store is noticed at the next unlock. A store that is broken must not keep it open.
        await ledger
          .anchor()
          .then((head) => vault.recordReplicaHead(anchorOf(head)))
          .catch((cause: unknown) => host.log.warn('no anchor at lock', { cause: String(cause) }));
      }
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
      lock,
      onKeysChanged: () => emit({ type: 'directory.changed' }),
    }),
    'files.choose': async ({ purpose }) => {
      const path = await host.dialogs.chooseFile(purpose);
      return { file: path === null ? null : files.add(path) };
    },
    'settings.get': async () => settings.get(),
    'settings.set': async (change) => settings.set(change),
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

  return {
    main: bind<MainHandlers>(Object.keys(mainContract), always, (open) => open.main as MainHandlers),
    approval: bind<ApprovalHandlers>(Object.keys(approvalContract), {}, (open) => open.approval),
    isUnlocked: () => session !== null,
    lock,
    settings,
    fileDropped: (path) => emit({ type: 'files.dropped', file: files.add(path) }),
    isBusy: () => session?.isSigning() ?? false,
    stop: async () => {
      await lock('person');
    },
  };
};
