import type { AppEvent, KeyInfo } from '../../shared/contract';
import type { Network } from '../../shared/model/directory';
import type { Chain } from '../chain';
import type { Remote } from '../ledger';
import type { DirectoryStore } from '../ledger/stores/directory-store';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';

/** Where the directory file goes to and comes from; paths stay outside. */
export type DirectoryFiles = {
  /** Reads a chosen file whole. Throws `file/not-found`, `file/too-large`, `file/unreadable`, `file/not-regular`. */
  readonly read: (fileId: string, maxBytes: number) => Promise<Uint8Array>;
  /** Asks where to save and writes. The file's name, `null` when cancelled. Throws `file/unwritable`. */
  readonly save: (input: {
    readonly suggestedName: string;
    readonly extension: string;
    readonly content: Uint8Array;
  }) => Promise<string | null>;
};

export type DirectoryDeps = {
  readonly store: Remote<DirectoryStore>;
  readonly chain: Pick<Chain, 'connect' | 'checkEndpoints'>;
  /** Public keys of the unlocked vault. */
  readonly vaultKeys: () => Promise<readonly KeyInfo[]>;
  /** A workspace without a network: what a directory file says about tokens takes the place of the chain's answer. */
  readonly isOffline: boolean;
  /**
   * Asks a person, outside of the page, whether the app may connect to addresses that the networks bring and that are not
   * known yet. Throws `cancelled` when not. Called before anything is connected to or kept.
   */
  readonly requireConsent: (networks: readonly Network[]) => Promise<void>;
  readonly files: DirectoryFiles;
  readonly clock: Clock;
  readonly newId: (prefix: string) => string;
  readonly emit: (event: AppEvent) => void;
  readonly log: Logger;
};
