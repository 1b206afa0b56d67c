import Store from 'electron-store';
import type { KeptSettings } from '../settings';

/** Preferences in `settings.json` below `folder`. A file that is no JSON is replaced; what it says is checked by its reader. */
export const openSettingsFile = (
  folder: string,
): {
  readonly get: (key: 'settings') => unknown;
  readonly set: (key: 'settings', value: KeptSettings) => void;
} => {
  const store = new Store<{ settings?: KeptSettings }>({
    cwd: folder,
    name: 'settings',
    clearInvalidConfig: true,
    configFileMode: 0o600,
  });
  return { get: (key) => store.get(key), set: (key, value) => store.set(key, value) };
};
