/** The `vault.*` part of the contract, and the workspace's mode that the vault keeps: passphrases in, public keys out, and a session opened or closed on the way. */
import type { AppSnapshot, MainHandlers } from '../shared/contract';
import type { Host } from './host';
import type { NoteFacts } from './journal';
import type { ChosenFiles } from './platform/chosen-files';
import { readUserFile } from './platform/user-files';
import type { Vault } from './vault';

/** A V3 keystore is a few hundred bytes; whatever is larger is another file. */
const KEYSTORE_LIMIT = 64 * 1024;

export type LockCause = 'person' | 'idle' | 'suspend' | 'screen-lock' | 'crash';

type VaultHandlers = Pick<MainHandlers, Extract<keyof MainHandlers, `vault.${string}`> | 'workspace.setMode'>;

export type VaultHandlerDeps = {
  readonly vault: Vault;
  readonly host: Host;
  readonly files: ChosenFiles;
  /** Builds the session over the open vault. On failure the vault is locked again before the error leaves. */
  readonly openSession: () => Promise<void>;
  readonly lock: (cause: LockCause) => Promise<void>;
  /** Resolves when a lock that is under way has ended: what opens the vault must not be closed by it. */
  readonly settled: () => Promise<void>;
  /**
   * Throws `ledger/wrong-key` where a store stands that no new vault could open: before one is made, so that a person who
   * restores from words is not left with a vault that never opens.
   */
  readonly requireNoOrphanStore: () => void;
  readonly onKeysChanged: () => void;
  /** Adds to the journal's entry of the command at hand. */
  readonly noteFacts: NoteFacts;
  /** Called once the vault keeps another mode, before it locks. */
  readonly onModeChanged: (mode: AppSnapshot['mode']) => void;
};

export const createVaultHandlers = (deps: VaultHandlerDeps): VaultHandlers => {
  const { vault, host, files, openSession, lock, settled, requireNoOrphanStore, onKeysChanged } = deps;
  const publicKeys = async () => ({ keys: [...(await vault.keys()).keys] });

  return {
    'vault.status': async () => vault.status(),
    'vault.assessPassphrase': (input) => vault.assessPassphrase(input),
    'vault.prepare': async (input) => {
      requireNoOrphanStore();
      return vault.prepare(input);
    },
    'vault.showWords': async ({ pendingId }) => {
      const page = await vault.recoveryPage(pendingId);
      // SECURITY: the host serves these bytes once and overwrites them; they go nowhere else.
      await host.windows.showRecovery(page);
      host.windows.emit('main', { type: 'recovery-window', isOpen: true });
      return {};
    },
    'vault.confirm': async (input) => {
      await settled();
      requireNoOrphanStore();
      await vault.confirm(input);
      host.windows.closeRecovery();
      await openSession();
      return publicKeys();
    },
    'vault.abandon': async () => {
      host.windows.closeRecovery();
      await vault.abandon();
      return {};
    },
    'vault.restore': async (input) => {
      await settled();
      requireNoOrphanStore();
      await vault.restore(input);
      await openSession();
      return publicKeys();
    },
    'vault.unlock': async ({ passphrase }) => {
      await settled();
      await vault.unlock(passphrase);
      await openSession();
      return publicKeys();
    },
    'vault.lock': async () => {
      await lock('person');
      return {};
    },
    'vault.changePassphrase': async (input) => {
      await vault.changePassphrase(input);
      return {};
    },
    'vault.keys': publicKeys,
    'vault.deriveKey': async ({ passphrase }) => {
      const key = await vault.deriveKey(passphrase);
      onKeysChanged();
      return key;
    },
    /**
     * SECURITY: what runs was built for the old mode, so it ends: the vault locks at once, and the next unlock builds the
     * session in the new one. Nothing of a session changes its mode while it lives.
     */
    'workspace.setMode': async (input) => {
      const { isChanged } = await vault.setMode(input);
      deps.noteFacts({ mode: input.mode });
      if (!isChanged) return {};
      deps.onModeChanged(input.mode);
      await lock('person');
      return {};
    },
    'vault.importPrivateKey': async (input) => {
      await settled();
      requireNoOrphanStore();
      const wasOpen = vault.status().state === 'unlocked';
      const key = await vault.importPrivateKey(input);
      if (wasOpen) onKeysChanged();
      else await openSession();
      return key;
    },
    'vault.importKeystore': async ({ fileId, keystorePassword, passphrase, expectedAddress, mode }) => {
      await settled();
      requireNoOrphanStore();
      const wasOpen = vault.status().state === 'unlocked';
      const json = Buffer.from(await readUserFile(files.pathOf(fileId), KEYSTORE_LIMIT)).toString('utf8');
      const key = await vault.importKeystore({ json, keystorePassword, passphrase, expectedAddress, mode });
      if (wasOpen) onKeysChanged();
      else await openSession();
      return key;
    },
  };
};
