import { MantineProvider, useMantineColorScheme } from '@mantine/core';
import { lazy, Suspense, useEffect, useState } from 'react';
import { shell } from '../../../assets/locales/en/shell';
import { UnlockScreen, WorkspaceScreen } from '../features/unlock';
import {
  ErrorState,
  ErrorWordsProvider,
  LoadingState,
  ModeBanner,
  ToastRegion,
  useLocale,
  useOnboarding,
  useSession,
} from '../ui';
import { resolveVariables, theme } from '../ui/theme';
import styles from './App.module.css';
import { describeError } from './error-text';
import { pullSession, startSync } from './sync';

/** The screens are read while the person types the passphrase: the first thing to show needs none of them. */
const loadLayout = () => import('./Layout').then(({ Layout }) => ({ default: Layout }));
const Layout = lazy(loadLayout);

/** Nothing is kept in the page: the scheme follows the settings, which main keeps. */
const schemeManager = {
  get: (fallback: 'light' | 'dark' | 'auto') => fallback,
  set: () => {},
  subscribe: () => {},
  unsubscribe: () => {},
  clear: () => {},
};

const readNonce = (): string =>
  document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

const Appearance = () => {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useSession((state) => state.settings?.theme ?? 'system');
  const density = useSession((state) => state.settings?.density ?? 'normal');
  const locale = useLocale();
  useEffect(() => setColorScheme(scheme === 'system' ? 'auto' : scheme), [scheme, setColorScheme]);
  useEffect(() => {
    document.documentElement.dataset.density = density;
  }, [density]);
  useEffect(() => {
    // Texts are English so far; the locale only groups figures and writes dates.
    document.documentElement.dataset.locale = locale;
  }, [locale]);
  return null;
};

const Start = () => {
  const snapshot = useSession((state) => state.snapshot);
  const [error, setError] = useState<unknown>(null);
  const isNaming = useOnboarding((state) => state.isNaming);
  useEffect(() => startSync(), []);
  useEffect(() => void loadLayout(), []);
  useEffect(() => {
    if (snapshot !== null) return undefined;
    const timer = setTimeout(() => pullSession().then(() => setError(null), setError), 4000);
    return () => clearTimeout(timer);
  }, [snapshot]);
  if (snapshot === null) {
    return error ? <ErrorState error={error} layout="page" /> : <LoadingState text={shell.starting} />;
  }
  // SECURITY: a locked app has no screen, panel or dialog mounted that could show anything.
  if (snapshot.lock !== 'unlocked') return <UnlockScreen />;
  return isNaming ? (
    <WorkspaceScreen />
  ) : (
    <Suspense fallback={<LoadingState text={shell.starting} />}>
      <Layout />
    </Suspense>
  );
};

export const App = () => (
  <MantineProvider
    theme={theme}
    cssVariablesResolver={resolveVariables}
    colorSchemeManager={schemeManager}
    defaultColorScheme="auto"
    getStyleNonce={readNonce}
  >
    <ErrorWordsProvider value={describeError}>
      <Appearance />
      <div className={styles.window}>
        <ModeBanner />
        <div className={styles.content}>
          <Start />
        </div>
      </div>
      <ToastRegion />
    </ErrorWordsProvider>
  </MantineProvider>
);
