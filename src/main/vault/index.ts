/**
 * The vault: keys, and signatures with them.
 *
 * Hides: the file format (docs/vault.md), key derivation, recovery phrases, the process in which every secret lives,
 * its signing threads, and how fast passphrases may be tried.
 *
 * Invariants: this side never holds a key, a recovery phrase (but for the recovery page's bytes on their way to a
 * window without scripts) or the database key; locking ends the process and resolves when it is gone; nothing is signed
 * but structured content whose digest was approved and whose bytes say what its lines say, and only for somebody who
 * gives the passphrase again.
 *
 * Callers: compose.ts builds it; ipc binds `vault.*`; settlement and payments call `signBatch`; the shell calls `lock`.
 */
import type { KeyInfo, VaultStatus } from '../../shared/contract/vault';
import { AppError } from '../../shared/errors';
import type { Address, Hash32 } from '../../shared/model/ids';
import type { Signature } from '../../shared/model/people';
import type { CallOptions, ChildClient, SpawnChild } from '../platform/child';
import type { WorkspaceMode } from './contents';
import { digestWords, voiceWords } from './digest-words';
import { hasVaultFile } from './files';
import type {
  ConfirmAnswer,
  OpenedVault,
  PreparedPhrase,
  ReplicaAnchor,
  SignedPayment,
  SigningProgress,
  SigningRequest,
  StatementRequest,
  StoreAnchor,
  VaultMethods,
} from './messages';
import type { PassphraseAssessment } from './passphrase';
import { createThrottle } from './throttle';

export type {
  ConfirmAnswer,
  OpenedVault,
  PassphraseAssessment,
  PreparedPhrase,
  ReplicaAnchor,
  SignedPayment,
  SigningProgress,
  SigningRequest,
  StatementRequest,
  StoreAnchor,
  VaultMethods,
  WorkspaceMode,
};
export { digestWords, voiceWords };

/** Of the workspace that a new vault makes: `online` unless said otherwise. */
type NewVault = { readonly mode?: WorkspaceMode };

export type VaultDeps = {
  readonly spawn: SpawnChild;
  /** `connectChild` of platform/child, injected because domains import platform as types only. */
  readonly connect: (
    port: ReturnType<SpawnChild>,
    onInternal?: (method: string, cause: string) => void,
  ) => ChildClient<VaultMethods>;
  /** Folder of the vault's files. Made with mode 0700 when it does not exist. */
  readonly directory: string;
  /** The text that the child gives for an internal error: for the log, never for a window. */
  readonly onInternal?: (method: string, cause: string) => void;
};

export type Vault = {
  readonly status: () => VaultStatus;
  readonly assessPassphrase: (input: {
    readonly passphrase: string;
    readonly context?: readonly string[];
  }) => Promise<PassphraseAssessment>;
  /** Makes a recovery phrase that waits in the vault process. @throws AppError `vault/exists` */
  readonly prepare: (input: {
    readonly words: 12 | 24;
    readonly bip39Passphrase: string | null;
  }) => Promise<PreparedPhrase>;
  /**
   * UTF-8 of a complete HTML page with the words. SECURITY: for an isolated window without scripts only; the caller
   * overwrites the bytes after use and passes them to nobody else.
   */
  readonly recoveryPage: (pendingId: string) => Promise<Uint8Array>;
  /**
   * Writes the vault once the asked words are given right; it is then open.
   * @throws AppError `vault/confirmation-mismatch` | `vault/weak-passphrase` | `vault/exists` | `vault/invalid-request`
   */
  readonly confirm: (
    input: {
      readonly pendingId: string;
      readonly answers: readonly ConfirmAnswer[];
      readonly passphrase: string;
    } & NewVault,
  ) => Promise<OpenedVault>;
  /** Forgets a prepared phrase. */
  readonly abandon: () => Promise<void>;
  /** @throws AppError `vault/invalid-mnemonic` | `vault/weak-passphrase` | `vault/exists` */
  readonly restore: (
    input: {
      readonly mnemonic: string;
      readonly bip39Passphrase: string | null;
      readonly passphrase: string;
      readonly accounts: number;
    } & NewVault,
  ) => Promise<OpenedVault>;
  /** @throws AppError `vault/missing` | `vault/wrong-passphrase` | `vault/throttled` (waitMs) | `vault/corrupt` | … */
  readonly unlock: (passphrase: string) => Promise<OpenedVault>;
  /** Ends the vault process; resolves when it is gone. Open calls fail with `vault/locked`. */
  readonly lock: () => Promise<void>;
  readonly changePassphrase: (input: { readonly current: string; readonly next: string }) => Promise<void>;
  readonly keys: () => Promise<OpenedVault>;
  /** The next account m/44'/60'/0'/0/i. */
  readonly deriveKey: (passphrase: string) => Promise<KeyInfo>;
  /** Into the open vault, or as the first key of a new one. `privateKey`: 64 hex digits. */
  readonly importPrivateKey: (
    input: {
      readonly privateKey: string;
      readonly passphrase: string;
    } & NewVault,
  ) => Promise<KeyInfo>;
  /** Web3 Secret Storage V3. `expectedAddress` is needed when the file names none. */
  readonly importKeystore: (
    input: {
      readonly json: string;
      readonly keystorePassword: string;
      readonly passphrase: string;
      readonly expectedAddress?: string | null;
    } & NewVault,
  ) => Promise<KeyInfo>;
  /** The encrypted store's key, sealed for the holder of an X25519 key (platform/sealed-box). */
  readonly sealDatabaseKey: (recipientPublicKey: Uint8Array) => Promise<Uint8Array>;
  readonly sealJournalKey: (recipientPublicKey: Uint8Array) => Promise<Uint8Array>;
  /** Remembers how far the store and its journal were, so that an older copy of them is noticed. */
  readonly recordReplicaHead: (head: StoreAnchor) => Promise<{ readonly revision: bigint }>;
  /**
   * All signatures of an approved content, or none.
   * @throws AppError `vault/digest-mismatch` | `vault/invalid-request` | `vault/unknown-key` | `vault/wrong-passphrase` |
   * `vault/throttled` | `cancelled`
   */
  readonly signBatch: (
    request: SigningRequest,
    options?: Pick<CallOptions<SigningProgress>, 'onProgress' | 'signal'>,
  ) => Promise<{ readonly signed: readonly SignedPayment[] }>;
  /** Proves that the caller knows the passphrase. @throws AppError `vault/wrong-passphrase` | `vault/throttled` | … */
  readonly verifyPassphrase: (passphrase: string) => Promise<void>;
  /**
   * Keeps the workspace's mode. What runs keeps running in the old one: the caller locks when it changed.
   * @throws AppError `vault/wrong-passphrase` | `vault/throttled` | `vault/unwritable` | …
   */
  readonly setMode: (input: {
    readonly mode: WorkspaceMode;
    readonly passphrase: string;
  }) => Promise<{ readonly isChanged: boolean }>;
  /** Who this machine is to other people: the address of a key that is never an account. */
  readonly personKey: () => Promise<{ readonly key: Address }>;
  /**
   * An EIP-712 signature by the person key (shared/model/envelope). Acts `create` and `send` need no passphrase.
   * @throws AppError `vault/invalid-request` (reason: malformed | other-person) | `vault/wrong-passphrase` | `vault/throttled`
   */
  readonly signStatement: (request: StatementRequest) => Promise<{ readonly signature: Signature }>;
  /** Twelve words for comparing a digest by voice. */
  readonly digestWords: (digest: Hash32) => readonly string[];
  /** Called with `locked` also when the process ends on its own. */
  readonly onStateChanged: (listener: (state: VaultStatus['state']) => void) => () => void;
  /** The process id while one runs: for tests and diagnostics. */
  readonly pid: () => number | undefined;
};

export const createVault = ({ spawn, connect, directory, onInternal }: VaultDeps): Vault => {
  const throttle = createThrottle(directory);
  const listeners = new Set<(state: VaultStatus['state']) => void>();
  let child: ChildClient<VaultMethods> | null = null;
  let isUnlocked = false;
  let isPreparing = false;
  let wasLocked = false;

  const state = (): VaultStatus['state'] =>
    isUnlocked ? 'unlocked' : hasVaultFile(directory) ? 'locked' : 'absent';

  const setUnlocked = (value: boolean): void => {
    if (isUnlocked === value) return;
    isUnlocked = value;
    for (const listener of listeners) listener(state());
  };

  const start = (): ChildClient<VaultMethods> => {
    if (child?.isAlive()) return child;
    const started = connect(spawn('vault'), onInternal);
    child = started;
    started.onExit(() => {
      if (child !== started) return;
      child = null;
      isPreparing = false;
      setUnlocked(false);
    });
    // Messages keep their order, so `open` is handled before whatever follows it; its failure shows there.
    started.call('open', { directory }).catch(() => undefined);
    return started;
  };

  const call = async <K extends keyof VaultMethods>(
    method: K,
    input: VaultMethods[K]['input'],
    options?: CallOptions<VaultMethods[K]['progress']>,
  ): Promise<VaultMethods[K]['output']> => {
    const target = start();
    try {
      return await target.call(method, input, options);
    } catch (error) {
      // Locking ends the process under whatever was running: for its callers the vault is locked, not broken.
      if (error instanceof AppError && error.code === 'child/crashed' && child !== target && wasLocked) {
        throw new AppError('vault/locked');
      }
      throw error;
    }
  };
  const callOpen: typeof call = (method, input, options) => {
    if (!isUnlocked) return Promise.reject(new AppError('vault/locked'));
    return call(method, input, options);
  };

  const opens = async <T>(work: Promise<T>): Promise<T> => {
    const own = child;
    const opened = await work;
    // Locked in the moment between the answer and this line: that process is gone, so the vault is not open, even where
    // another process has been started meanwhile.
    if (child !== own || !own?.isAlive()) throw new AppError('vault/locked');
    wasLocked = false;
    isPreparing = false;
    setUnlocked(true);
    return opened;
  };
  const requireOpenIfPresent = (): void => {
    if (!isUnlocked && hasVaultFile(directory)) throw new AppError('vault/locked');
  };

  return {
    status: () => {
      const { failures, waitMs } = throttle.state();
      return { state: state(), failedAttempts: failures, waitMs, isPreparing };
    },
    assessPassphrase: ({ passphrase, context = [] }) => call('assessPassphrase', { passphrase, context }),
    prepare: async (input) => {
      const prepared = await call('prepare', input);
      isPreparing = true;
      return prepared;
    },
    recoveryPage: (pendingId) => call('recoveryPage', { pendingId }),
    confirm: (input) => opens(call('confirm', { mode: 'online', ...input })),
    abandon: async () => {
      isPreparing = false;
      if (child) await call('abandon', null);
    },
    restore: (input) => opens(call('restore', { mode: 'online', ...input })),
    unlock: (passphrase) => {
      if (!hasVaultFile(directory)) return Promise.reject(new AppError('vault/missing'));
      return opens(call('unlock', { passphrase }));
    },
    lock: async () => {
      const running = child;
      wasLocked = true;
      child = null;
      isPreparing = false;
      setUnlocked(false);
      await running?.stop();
    },
    changePassphrase: async (input) => {
      await callOpen('changePassphrase', input);
    },
    keys: () => callOpen('keys', null),
    deriveKey: (passphrase) => callOpen('deriveKey', { passphrase }),
    importPrivateKey: async (input) => {
      requireOpenIfPresent();
      return opens(call('importPrivateKey', { mode: 'online', ...input }));
    },
    importKeystore: async ({ expectedAddress = null, ...input }) => {
      requireOpenIfPresent();
      return opens(call('importKeystore', { mode: 'online', ...input, expectedAddress }));
    },
    sealDatabaseKey: (recipientPublicKey) => callOpen('sealDatabaseKey', { recipientPublicKey }),
    sealJournalKey: (recipientPublicKey) => callOpen('sealJournalKey', { recipientPublicKey }),
    recordReplicaHead: (head) => callOpen('recordReplicaHead', head),
    signBatch: (request, options) => callOpen('signBatch', request, options),
    verifyPassphrase: async (passphrase) => {
      await callOpen('verifyPassphrase', { passphrase });
    },
    setMode: (input) => callOpen('setMode', input),
    personKey: () => callOpen('personKey', null),
    signStatement: (request) => callOpen('signStatement', request),
    digestWords,
    onStateChanged: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    pid: () => child?.pid(),
  };
};
