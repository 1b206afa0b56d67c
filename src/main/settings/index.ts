/**
 * Preferences of the workspace.
 *
 * Hides: where they are kept and how a damaged file is healed. Invariants: never a secret; what leaves here always
 * satisfies the `Settings` schema. Callers: compose.ts; everybody else gets values or the change event.
 */
import type { Settings } from '../../shared/contract';
import { Settings as SettingsSchema } from '../../shared/contract/settings';
import { AppError } from '../../shared/errors';
import { CurrencyCode } from '../../shared/model/ids';

/** What the file holds: the preferences, and a copy of the mode that the vault keeps. */
export type KeptSettings = Settings & { readonly workspaceMode: WorkspaceMode };

/** The few calls of electron-store that are used. */
export type SettingsFile = {
  readonly get: (key: 'settings') => unknown;
  readonly set: (key: 'settings', value: KeptSettings) => void;
};

export type WorkspaceMode = 'online' | 'offline';

export const defaultSettings: Settings = {
  theme: 'system',
  locale: null,
  density: 'normal',
  reportingCurrency: CurrencyCode.parse('USD'),
  workspaceName: 'Treasury',
  idleLockMinutes: 10,
  lockOnSuspend: true,
  lockOnScreenLock: true,
  maxFileMebibytes: 256,
};

/** Fields that are left out, or undefined, stay as they are. */
export type SettingsChange = { readonly [K in keyof Settings]?: Settings[K] | undefined };

export type SettingsDomain = {
  readonly get: () => Settings;
  /** Merges and keeps. Throws `settings/invalid` and changes nothing when the result is not valid. */
  readonly set: (change: SettingsChange) => Settings;
  /** What was last remembered, for as long as the vault cannot be asked. */
  readonly mode: () => WorkspaceMode;
  /** Keeps what the vault said. Not a preference: no page can set it. */
  readonly rememberMode: (mode: WorkspaceMode) => void;
};

/** SECURITY: of a file that says something unheard of, the careful reading. */
const readMode = (kept: unknown): WorkspaceMode =>
  kept === undefined || kept === 'online' ? 'online' : 'offline';

export const createSettings = (
  file: SettingsFile,
  onChanged: (settings: Settings) => void,
): SettingsDomain => {
  const kept = file.get('settings');
  const { workspaceMode, ...preferences }: Record<string, unknown> =
    typeof kept === 'object' && kept !== null ? { ...kept } : {};
  const merged = SettingsSchema.safeParse({ ...defaultSettings, ...preferences });
  let current = merged.success ? merged.data : defaultSettings;
  let mode = readMode(workspaceMode);
  return {
    get: () => current,
    mode: () => mode,
    rememberMode: (next) => {
      if (next === mode) return;
      file.set('settings', { ...current, workspaceMode: next });
      mode = next;
    },
    set: (change) => {
      const given = Object.entries(change).filter(([, value]) => value !== undefined);
      const next = SettingsSchema.safeParse({ ...current, ...Object.fromEntries(given) });
      if (!next.success) {
        throw new AppError('settings/invalid', { field: next.error.issues[0]?.path.join('.') ?? '' });
      }
      file.set('settings', { ...next.data, workspaceMode: mode });
      current = next.data;
      onChanged(current);
      return current;
    },
  };
};
