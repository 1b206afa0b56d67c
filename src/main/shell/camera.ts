/**
 * When a page may use the camera: to read QR codes, and for nothing else. Pure, so that it is tested without Electron.
 *
 * SECURITY: pictures only, never sound; the main window's own page in its main frame; while the vault is open; after a
 * person said yes outside of the page. The yes holds until the vault locks. Everything else that a page may ask for is
 * refused.
 */

/** What Electron tells of a request; the members that count. */
export type MediaRequest = {
  readonly permission: string;
  /** `https://example.com/` or `https://example.com`. */
  readonly url: string | undefined;
  readonly isMainFrame: boolean;
  /** Of a request `audio` and `video`; of a check one of them, or `unknown`. */
  readonly mediaTypes: readonly string[];
};

export type CameraRule = {
  /** Answers `getUserMedia`; asks the person at the first time. */
  readonly request: (request: MediaRequest) => Promise<boolean>;
  /** Whether it was allowed already; never asks. */
  readonly check: (request: MediaRequest) => boolean;
  /** The vault locked: the next time the person is asked again. */
  readonly forget: () => void;
};

const originOf = (url: string | undefined): string | null => /^[a-z]+:\/\/[^/]+/.exec(url ?? '')?.[0] ?? null;

export const createCameraRule = (deps: {
  readonly origin: string;
  readonly isUnlocked: () => boolean;
  readonly ask: () => Promise<boolean>;
}): CameraRule => {
  const { origin, isUnlocked, ask } = deps;
  /** Grows with every lock: a yes that was asked for before it does not count after it. */
  let life = 0;
  let isGranted = false;
  let asking: Promise<boolean> | null = null;

  const isCamera = ({ permission, url, isMainFrame, mediaTypes }: MediaRequest): boolean =>
    permission === 'media' &&
    isMainFrame &&
    originOf(url) === origin &&
    mediaTypes.length === 1 &&
    mediaTypes[0] === 'video' &&
    isUnlocked();

  const askOnce = async (): Promise<boolean> => {
    const own = life;
    const says = await ask();
    if (own !== life || !isUnlocked()) return false;
    isGranted = says;
    return says;
  };

  return {
    request: async (request) => {
      if (!isCamera(request)) return false;
      if (isGranted) return true;
      // A page that asks in a loop shows one dialog.
      asking ??= askOnce().finally(() => {
        asking = null;
      });
      return asking;
    },
    check: (request) => isGranted && isCamera(request),
    forget: () => {
      life += 1;
      isGranted = false;
    },
  };
};
