import { create } from 'zustand';
import type { AppSnapshot, Settings } from '../../shared/contract';

/** What every screen may read about the app itself. Filled by app/sync.ts, nobody else. */
export type Session = {
  readonly snapshot: AppSnapshot | null;
  readonly settings: Settings | null;
  /** The cause of the last lock, for the unlock screen's words. */
  readonly lockCause: 'person' | 'idle' | 'suspend' | 'screen-lock' | 'crash' | null;
  readonly isRecoveryWindowOpen: boolean;
};

export const useSession = create<Session>(() => ({
  snapshot: null,
  settings: null,
  lockCause: null,
  isRecoveryWindowOpen: false,
}));

/** BCP 47 tag for figures and dates: the setting, else the system's. */
export const readLocale = (): string => {
  const chosen = useSession.getState().settings?.locale ?? navigator.language;
  try {
    return Intl.getCanonicalLocales(chosen)[0] ?? 'en';
  } catch {
    return 'en';
  }
};

export const useLocale = (): string => useSession(readLocale);

/** This machine never connects: chosen when it was set up, changed only with the passphrase. */
export const isOfflineMachine = (): boolean => useSession.getState().snapshot?.mode === 'offline';

export const useIsOfflineMachine = (): boolean => useSession(({ snapshot }) => snapshot?.mode === 'offline');

/** True when no network answers: what is shown comes from the local replica. */
export const useIsOffline = (): boolean =>
  useSession(({ snapshot }) => {
    // An offline machine misses nothing: its own banner says what it is.
    if (snapshot?.mode === 'offline') return false;
    const networks = snapshot?.networks ?? [];
    return networks.length > 0 && networks.every((network) => network.state === 'offline');
  });
