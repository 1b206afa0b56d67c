/** The settings' copy of the mode: shown while locked, never set by a page, careful when the file is damaged. */
import { describe, expect, it } from 'vitest';
import { createSettings, defaultSettings } from '../../../src/main/settings';
import { settingsContract } from '../../../src/shared/contract/settings';

const open = (kept?: unknown) => {
  const file = { kept };
  const settings = createSettings(
    {
      get: () => file.kept,
      set: (_key, value) => {
        file.kept = JSON.parse(JSON.stringify(value));
      },
    },
    () => undefined,
  );
  return { file, settings };
};

describe('the remembered mode', () => {
  it('is online in a workspace that never was anything else', () => {
    expect(open().settings.mode()).toBe('online');
    expect(open({ ...defaultSettings }).settings.mode()).toBe('online');
    expect(open({ ...defaultSettings, workspaceMode: 'online' }).settings.mode()).toBe('online');
  });

  it('outlives the process, beside the preferences', () => {
    const { settings, file } = open({ ...defaultSettings, workspaceName: 'Ours' });
    settings.rememberMode('offline');
    expect(settings.mode()).toBe('offline');
    settings.set({ theme: 'dark' });
    const again = open(file.kept).settings;
    expect(again.mode()).toBe('offline');
    expect(again.get()).toEqual({ ...defaultSettings, workspaceName: 'Ours', theme: 'dark' });
    again.rememberMode('online');
    expect(again.mode()).toBe('online');
  });

  it.each(['Offline', '', null, 1, {}, ['online']])('is offline where the file says %j', (workspaceMode) => {
    expect(open({ ...defaultSettings, workspaceMode }).settings.mode()).toBe('offline');
  });

  it('stays when the preferences are damaged', () => {
    const { settings } = open({ theme: 7, workspaceMode: 'offline' });
    expect(settings.get()).toEqual(defaultSettings);
    expect(settings.mode()).toBe('offline');
  });

  it('cannot be set by a page', () => {
    const { settings } = open();
    const change = { workspaceMode: 'online' };
    expect(settingsContract['settings.set'].input.safeParse(change).success).toBe(false);
    expect(() => settings.set(change as object)).toThrow(
      expect.objectContaining({ code: 'settings/invalid' }),
    );
    settings.rememberMode('offline');
    expect(() => settings.set({ mode: 'online' } as object)).toThrow();
    expect(settings.mode()).toBe('offline');
    expect(settings.get()).toEqual(defaultSettings);
  });
});
