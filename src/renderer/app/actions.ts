import { create } from 'zustand';
import { client } from '../client';
import { chooseExchangeFile } from '../features/envelopes';
import { isOfflineMachine, navigate, showToast } from '../ui';
import { describeError } from './error-text';

/** What stands above the screens: the palette and the list of shortcuts. */
export const useOverlays = create<{ readonly palette: boolean; readonly shortcuts: boolean }>(() => ({
  palette: false,
  shortcuts: false,
}));

const report = (error: unknown): void => {
  const { title, meaning, action } = describeError(error);
  showToast('error', title, `${meaning} ${action}`);
};

/** Chooses a payment file through the system's dialog and opens its import. */
export const chooseImportFile = async (): Promise<void> => {
  try {
    const { file } = await client['files.choose']({ purpose: 'payments' });
    if (file === null) return;
    navigate('payments', {
      view: 'import',
      id: file.fileId,
      params: { name: file.name, size: String(file.sizeBytes) },
    });
  } catch (error) {
    report(error);
  }
};

export const lockVault = (): void => {
  client['vault.lock']({}).catch(report);
};

/** What menu, shortcuts and palette have in common beside going to a screen. */
export const runShellAction = (action: string): void => {
  const isOffline = isOfflineMachine();
  switch (action) {
    case 'import-file':
      if (isOffline) chooseExchangeFile().catch(report);
      else void chooseImportFile();
      return;
    case 'import-envelope':
      chooseExchangeFile().catch(report);
      return;
    case 'new-payment':
      if (!isOffline) navigate('payments', { view: 'new' });
      return;
    case 'lock':
      lockVault();
      return;
    case 'search':
      useOverlays.setState({ palette: true, shortcuts: false });
      return;
    case 'shortcuts':
      useOverlays.setState({ shortcuts: true, palette: false });
      return;
    case 'sync-now':
      if (!isOffline) client['ledger.syncNow']({}).catch(report);
      return;
    case 'about':
      navigate('settings', { view: 'about' });
      return;
  }
};
