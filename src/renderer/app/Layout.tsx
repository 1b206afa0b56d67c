// biome-ignore-all lint/a11y/useValidAnchor: a skip link, which goes to a place on this page
import { Tooltip } from '@mantine/core';
import { IconArrowLeft, IconArrowRight, IconFlask, IconLock, IconSearch } from '@tabler/icons-react';
import { Component, type ReactNode, useEffect, useRef } from 'react';
import { shell } from '../../../assets/locales/en/shell';
import {
  Badge,
  EmptyState,
  formatRoute,
  goBack,
  goForward,
  Kbd,
  navigate,
  OfflineBanner,
  replaceRoute,
  useIsOfflineMachine,
  useNavigation,
  useRoute,
  useSession,
} from '../ui';
import { lockVault, runShellAction } from './actions';
import { useKeyboard } from './keyboard';
import styles from './Layout.module.css';
import { NetworkHealthMenu } from './NetworkHealthMenu';
import { Palette } from './Palette';
import { useRoutes } from './routes';
import { ShortcutList } from './ShortcutList';

export const commandKey = (platform: string | undefined): string => (platform === 'darwin' ? '⌘' : 'Ctrl');

const Mark = () => (
  <svg className={styles.mark} viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
    <rect width="32" height="32" rx="8" fill="var(--n-accent)" />
    <path
      d="M10 23V9l12 14V9"
      fill="none"
      stroke="#fff"
      strokeWidth="2.6"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  </svg>
);

/** What waits behind an entry of the rail, in figures and in words. */
const RailCount = ({ useCount }: { readonly useCount: () => number }) => {
  const count = useCount();
  if (count === 0) return null;
  return (
    <span className={styles.itemCount}>
      <span aria-hidden>{count}</span>
      <span className="visually-hidden">{shell.waiting(count)}</span>
    </span>
  );
};

const Rail = () => {
  const route = useRoute();
  const routes = useRoutes();
  return (
    <nav className={styles.rail} aria-label={shell.mainNavigation}>
      <div className={styles.brand}>
        <Mark />
        <span className={styles.brandName}>Nostro</span>
      </div>
      {routes.map(({ screen, icon: Icon, useCount }) => (
        <button
          key={screen}
          type="button"
          className={styles.item}
          data-place={screen === 'settings' ? 'end' : undefined}
          aria-current={route.screen === screen ? 'page' : undefined}
          onClick={() => navigate(screen)}
        >
          <Icon size={18} stroke={1.7} />
          <span>{shell.screens[screen]}</span>
          {useCount === undefined ? null : <RailCount useCount={useCount} />}
        </button>
      ))}
    </nav>
  );
};

const Header = () => {
  const snapshot = useSession((state) => state.snapshot);
  const canGoBack = useNavigation((state) => state.past.length > 0);
  const isOffline = useIsOfflineMachine();
  const canGoForward = useNavigation((state) => state.future.length > 0);
  return (
    <header className={styles.header}>
      <div className={styles.headerStart}>
        <button
          type="button"
          className="n-icon-button"
          aria-label={shell.back}
          disabled={!canGoBack}
          onClick={goBack}
        >
          <IconArrowLeft size={17} aria-hidden />
        </button>
        <button
          type="button"
          className="n-icon-button"
          aria-label={shell.forward}
          disabled={!canGoForward}
          onClick={goForward}
        >
          <IconArrowRight size={17} aria-hidden />
        </button>
        <span className={styles.workspace} title={snapshot?.workspaceName}>
          {snapshot?.workspaceName}
        </span>
        {snapshot?.networks.some((network) => network.isSandbox) ? (
          <Badge tone="neutral">
            <IconFlask size={13} aria-hidden style={{ verticalAlign: '-2px' }} /> {shell.sandbox}
          </Badge>
        ) : null}
        {snapshot?.isTestRuntime ? (
          <Tooltip
            multiline
            maw={320}
            label={`${shell.testRuntimeText(snapshot.runtime)}${snapshot.isStoreAuthenticated ? '' : ` ${shell.unauthenticated}`}`}
          >
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its meaning is in the tooltip */}
            <span tabIndex={0} className={styles.focusable}>
              <Badge tone="warn" icon="warning">
                {shell.testRuntime}
              </Badge>
            </span>
          </Tooltip>
        ) : null}
      </div>
      <button type="button" className={styles.search} onClick={() => runShellAction('search')}>
        <IconSearch size={15} aria-hidden />
        <span>{shell.searchButton}</span>
        <Kbd>{commandKey(snapshot?.platform)} K</Kbd>
      </button>
      <div className={styles.headerEnd}>
        {isOffline ? null : <NetworkHealthMenu />}
        <button type="button" className={styles.lock} onClick={lockVault}>
          <IconLock size={16} aria-hidden />
          <span>{shell.lock}</span>
        </button>
      </div>
    </header>
  );
};

type BoundaryState = { readonly hasFailed: boolean };

/** Keeps a defect of one screen from taking the window with it. */
class ScreenBoundary extends Component<{ readonly children: ReactNode }, BoundaryState> {
  override state: BoundaryState = { hasFailed: false };

  static getDerivedStateFromError(): BoundaryState {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <EmptyState
        title={shell.crashed}
        text={shell.crashedText}
        action={
          <button type="button" className="n-link" onClick={() => this.setState({ hasFailed: false })}>
            {shell.reload}
          </button>
        }
      />
    );
  }
}

export const Layout = () => {
  useKeyboard();
  const route = useRoute();
  const main = useRef<HTMLElement>(null);
  const place = formatRoute({ ...route, id: null, params: {} });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new place starts at its top
  useEffect(() => {
    // Newer engines answer a promise here, which must not become the effect's clean-up.
    main.current?.scrollTo(0, 0);
  }, [place]);
  const routes = useRoutes();
  const Current = routes.find(({ screen }) => screen === route.screen)?.component;
  const home = routes[0]?.screen;
  useEffect(() => {
    // A machine of the other kind does not have this screen.
    if (Current === undefined && home !== undefined) replaceRoute(home);
  }, [Current, home]);
  return (
    <div className={styles.shell}>
      <a
        className={styles.skip}
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {shell.skipToContent}
      </a>
      <Rail />
      <div className={styles.column}>
        <Header />
        <OfflineBanner />
        <main ref={main} id="content" className={styles.main} tabIndex={-1}>
          <ScreenBoundary key={route.screen}>{Current ? <Current /> : null}</ScreenBoundary>
        </main>
      </div>
      <Palette />
      <ShortcutList />
    </div>
  );
};
