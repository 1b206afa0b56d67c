import type { AppEvent } from '../../shared/contract';
import { client, subscribe } from '../client';
import {
  clearToasts,
  forgetLive,
  isOfflineMachine,
  markAllStale,
  markStale,
  navigate,
  recordProgress,
  restoreRoute,
  type Screen,
  showToast,
  useSession,
} from '../ui';
import { runShellAction } from './actions';
import { describeError } from './error-text';

const report = (error: unknown): void => {
  const { title, action } = describeError(error);
  showToast('error', title, action);
};

/** Pulls what the whole app stands on: snapshot and settings. */
export const pullSession = async (): Promise<void> => {
  const [snapshot, settings] = await Promise.all([client['app.snapshot']({}), client['settings.get']({})]);
  useSession.setState({ snapshot, settings });
};

const pull = (): void => {
  pullSession().catch(report);
};

const lockNow = (cause: Extract<AppEvent, { type: 'vault.locked' }>['cause']): void => {
  // SECURITY: the page forgets what it showed before main is asked anything.
  useSession.setState(({ snapshot }) => ({
    lockCause: cause,
    snapshot: snapshot === null ? null : { ...snapshot, lock: 'locked' },
  }));
  forgetLive();
  clearToasts();
  pull();
};

const GO: Readonly<Record<string, Screen>> = {
  'go-position': 'position',
  'go-inbox': 'inbox',
  'go-payments': 'payments',
  'go-ledger': 'ledger',
  'go-counterparties': 'counterparties',
  'go-reports': 'reports',
  'go-settings': 'settings',
};

const isUnlocked = (): boolean => useSession.getState().snapshot?.lock === 'unlocked';

/** Envelopes, policies and cards of people. */
const isExchangeFile = (name: string): boolean => name.toLowerCase().endsWith('.nostro');

const onMenu = (action: Extract<AppEvent, { type: 'menu' }>['action']): void => {
  if (!isUnlocked()) return;
  const screen = GO[action];
  if (screen) navigate(screen);
  else runShellAction(action);
};

export const handleEvent = (event: AppEvent): void => {
  switch (event.type) {
    case 'app.changed': {
      const before = useSession.getState().snapshot;
      useSession.setState({ snapshot: event.snapshot });
      if (before?.lock !== event.snapshot.lock) markAllStale();
      markStale('networks');
      return;
    }
    case 'vault.locked':
      lockNow(event.cause);
      return;
    case 'directory.changed':
      // Names of accounts and counterparties stand in payments and entries too.
      markStale('directory', 'payments', 'ledger');
      return;
    case 'settings.changed':
      pull();
      markStale('settings', 'ledger');
      return;
    case 'payments.changed':
    case 'payment.changed':
      markStale('payments');
      return;
    case 'ledger.changed':
      markStale('ledger');
      return;
    case 'ledger.sync':
      markStale('networks');
      return;
    case 'progress':
      recordProgress(event);
      return;
    case 'envelopes.changed':
      markStale('envelopes');
      return;
    case 'people.changed':
      // What waits for whom follows from the policy.
      markStale('people', 'envelopes');
      return;
    case 'journal.changed':
      markStale('journal');
      return;
    case 'files.opened':
      markStale('opened-files');
      if (isUnlocked()) navigate('inbox');
      return;
    case 'files.dropped':
      if (!isUnlocked()) return;
      if (isExchangeFile(event.file.name) || isOfflineMachine()) {
        navigate('inbox', { view: 'file', id: event.file.fileId, params: { name: event.file.name } });
        return;
      }
      navigate('payments', {
        view: 'import',
        id: event.file.fileId,
        params: { name: event.file.name, size: String(event.file.sizeBytes) },
      });
      return;
    case 'approval.closed':
      markStale('payments', 'ledger', 'envelopes', 'people', 'journal');
      return;
    case 'menu':
      onMenu(event.action);
      return;
    case 'recovery-window':
      useSession.setState({ isRecoveryWindowOpen: event.isOpen });
      return;
  }
};

/** Starts the stream of events, then pulls the first snapshot: nothing between the two is missed. */
export const startSync = (): (() => void) => {
  restoreRoute();
  const stop = subscribe({
    onEvent: handleEvent,
    onGap: () => {
      pull();
      markAllStale();
    },
  });
  pull();
  return stop;
};
