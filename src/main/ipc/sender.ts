import type { WindowKind } from '../../shared/contract';

/** The origins that the app:// protocol serves, one per window. */
export const ORIGIN_OF: Readonly<Record<WindowKind, string>> = {
  main: 'app://nostro',
  approval: 'app://approval',
};

/** What is known about who sent a message. `frameUrl` is null when the frame is gone. */
export type SenderFacts = {
  readonly webContentsId: number;
  readonly isMainFrame: boolean;
  readonly frameUrl: string | null;
};

/**
 * Which window sent a message, or `undefined` for anything that is not exactly one of ours: an unknown window, a
 * sub-frame, a frame that is gone, another origin.
 *
 * SECURITY: the window comes from our own table of web contents, never from what the message says.
 */
export const identifySender = (
  facts: SenderFacts,
  windowOf: (webContentsId: number) => WindowKind | undefined,
): WindowKind | undefined => {
  const window = windowOf(facts.webContentsId);
  if (window === undefined || !facts.isMainFrame || facts.frameUrl === null) return undefined;
  const url = parseUrl(facts.frameUrl);
  if (url?.username !== '' || url.password !== '' || url.port !== '') return undefined;
  return `${url.protocol}//${url.hostname}` === ORIGIN_OF[window] ? window : undefined;
};

const parseUrl = (text: string): URL | undefined => {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
};
