import { create } from 'zustand';

export const SCREENS = [
  'position',
  'payments',
  'inbox',
  'ledger',
  'counterparties',
  'reports',
  'settings',
] as const;
export type Screen = (typeof SCREENS)[number];

/** Where the person is. `view` and `id` belong to the screen's own feature. */
export type Route = {
  readonly screen: Screen;
  /** Part of the screen: `batch`, `import`, `new`, `networks` … `null` is the screen's first page. */
  readonly view: string | null;
  readonly id: string | null;
  readonly params: Readonly<Record<string, string>>;
};

export type RouteTarget = {
  readonly view?: string | null;
  readonly id?: string | null;
  readonly params?: Readonly<Record<string, string>>;
};

type Navigation = {
  readonly route: Route;
  readonly past: readonly Route[];
  readonly future: readonly Route[];
};

export const HOME: Route = { screen: 'position', view: null, id: null, params: {} };
const MOST_PAST = 100;

export const formatRoute = ({ screen, view, id, params }: Route): string => {
  const path = [screen, view, id].filter((part) => part !== null).map((part) => encodeURIComponent(part));
  const query = new URLSearchParams(params).toString();
  return `#/${path.join('/')}${query === '' ? '' : `?${query}`}`;
};

/** Reads what {@link formatRoute} writes; anything else is home. Only restores a view, never starts an action. */
export const parseRoute = (hash: string): Route => {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  try {
    const [screen, view, id] = path.split('/').map(decodeURIComponent);
    const known = SCREENS.find((candidate) => candidate === screen);
    if (!known) return HOME;
    return {
      screen: known,
      view: view || null,
      id: id || null,
      params: Object.fromEntries(new URLSearchParams(query)),
    };
  } catch {
    return HOME;
  }
};

export const useNavigation = create<Navigation>(() => ({ route: HOME, past: [], future: [] }));

const reflect = (route: Route): void => {
  const hash = formatRoute(route);
  if (location.hash !== hash) history.replaceState(null, '', hash);
};

const toRoute = (screen: Screen, target: RouteTarget): Route => ({
  screen,
  view: target.view ?? null,
  id: target.id ?? null,
  params: target.params ?? {},
});

/** Goes to a screen; the place left is one step back. */
export const navigate = (screen: Screen, target: RouteTarget = {}): void => {
  const route = toRoute(screen, target);
  const { route: current, past } = useNavigation.getState();
  if (formatRoute(current) === formatRoute(route)) return;
  useNavigation.setState({ route, past: [...past, current].slice(-MOST_PAST), future: [] });
  reflect(route);
};

/** Changes the place without a step to go back to: a selected row, a filter. */
export const replaceRoute = (screen: Screen, target: RouteTarget = {}): void => {
  const route = toRoute(screen, target);
  useNavigation.setState({ route });
  reflect(route);
};

export const goBack = (): void => {
  const { route, past, future } = useNavigation.getState();
  const previous = past.at(-1);
  if (!previous) return;
  useNavigation.setState({ route: previous, past: past.slice(0, -1), future: [route, ...future] });
  reflect(previous);
};

export const goForward = (): void => {
  const { route, past, future } = useNavigation.getState();
  const next = future[0];
  if (!next) return;
  useNavigation.setState({ route: next, past: [...past, route], future: future.slice(1) });
  reflect(next);
};

export const restoreRoute = (): void =>
  useNavigation.setState({ route: parseRoute(location.hash), past: [], future: [] });

export const useRoute = (): Route => useNavigation((state) => state.route);
