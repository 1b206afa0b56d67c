import { useLayoutEffect } from 'react';
import { goBack, goForward, navigate, useSession } from '../ui';
import { runShellAction, useOverlays } from './actions';
import { readRoutes } from './routes';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

const focusSearch = (): boolean => {
  const field = document.querySelector<HTMLInputElement>('main [data-search-field]');
  field?.focus();
  field?.select();
  return field !== null;
};

/** Command and control are one key to the app: which of them depends on the platform. */
const hasCommand = (event: KeyboardEvent): boolean =>
  useSession.getState().snapshot?.platform === 'darwin'
    ? event.metaKey && !event.ctrlKey
    : event.ctrlKey && !event.metaKey;

const COMMANDS: Readonly<Record<string, string>> = {
  k: 'search',
  i: 'import-file',
  n: 'new-payment',
  l: 'lock',
};
const SEQUENCE_MS = 1200;

/** The global keyboard map. Taken keys do not reach the menu, so nothing happens twice. */
export const useKeyboard = (): void => {
  // Before the first paint: a key pressed as soon as the screen is seen counts.
  useLayoutEffect(() => {
    let startedAt = 0;
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const take = (act: () => void): void => {
        event.preventDefault();
        act();
      };
      if (hasCommand(event) && !event.altKey) {
        const action = event.shiftKey ? undefined : COMMANDS[event.key.toLowerCase()];
        if (action) {
          take(() => runShellAction(action));
          return;
        }
        const route = /^[1-9]$/.test(event.key) ? readRoutes()[Number(event.key) - 1] : undefined;
        if (route) take(() => navigate(route.screen));
        return;
      }
      if (event.altKey && !event.ctrlKey && !event.metaKey) {
        if (event.key === 'ArrowLeft') take(goBack);
        if (event.key === 'ArrowRight') take(goForward);
        return;
      }
      const { palette, shortcuts } = useOverlays.getState();
      if (isTyping(event.target) || palette || shortcuts || event.ctrlKey || event.metaKey) return;
      if (document.querySelector('[role="dialog"]')) return;
      if (Date.now() - startedAt < SEQUENCE_MS) {
        startedAt = 0;
        const route = readRoutes().find(({ key }) => key === event.key);
        if (route) {
          take(() => navigate(route.screen));
          return;
        }
      }
      if (event.key === 'g') startedAt = Date.now();
      if (event.key === '?') take(() => runShellAction('shortcuts'));
      if (event.key === '/' && focusSearch()) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
};
