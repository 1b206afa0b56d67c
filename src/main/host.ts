import type { AppEvent, WindowKind } from '../shared/contract';
import type { SpawnChild } from './platform/child';
import type { Clock } from './platform/clock';
import type { Logger } from './platform/logger';
import type { SettingsFile } from './settings';

/** What a file dialog is for; it decides title, filters and start folder. */
export type FilePurpose = 'payments' | 'directory' | 'rates' | 'keystore' | 'exchange';

/**
 * Everything that compose.ts needs from the machine it runs on. Electron's shell is one host; a plain Node process with
 * a Chromium window is another, so that the same main side is proven on the production database driver.
 */
export type Host = {
  readonly spawn: SpawnChild;
  /** Folder of this workspace; exists, mode 0700. */
  readonly dataDirectory: string;
  readonly settingsFile: SettingsFile;
  readonly productVersion: string;
  readonly runtime: { readonly name: string; readonly isTestRuntime: boolean };
  /** JSON file that describes the running sandbox network, where one was started beside the app. */
  readonly sandboxFile: string | null;
  readonly clock: Clock;
  /** Time-ordered id `<prefix>_<24 characters of 0-9a-z>`. */
  readonly newId: (prefix: string) => string;
  readonly log: Logger;
  readonly windows: {
    /** Opens (or focuses) the approval window; resolves when it shows. */
    readonly openApproval: () => Promise<void>;
    readonly closeApproval: () => void;
    /** Called when a person closes the approval window. */
    readonly onApprovalClosed: (listener: () => void) => void;
    /** Serves the bytes once in a window without scripts, then overwrites them. */
    readonly showRecovery: (page: Uint8Array) => Promise<void>;
    readonly closeRecovery: () => void;
    readonly onRecoveryClosed: (listener: () => void) => void;
    readonly emit: (window: WindowKind, event: AppEvent) => void;
  };
  readonly dialogs: {
    /** Path of the chosen file, `null` when cancelled. */
    readonly chooseFile: (purpose: FilePurpose) => Promise<string | null>;
    /** Path to write to, `null` when cancelled. */
    readonly chooseSaveTarget: (suggestedName: string, extension: string) => Promise<string | null>;
    /** Asks a person whether the app may connect to these addresses. */
    readonly confirmConnections: (addresses: readonly string[]) => Promise<boolean>;
  };
  /**
   * Refuses sockets in this process, and gives them back (platform/socket-guard). A host that shares its process with
   * others, as in tests, leaves it out.
   */
  readonly sockets?: { readonly refuse: () => void; readonly allow: () => void };
  readonly openHelp: (topic: 'readme' | 'security' | 'licence') => Promise<void>;
};
