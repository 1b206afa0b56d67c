/** What no page of this app may do, whatever it becomes: applied to every session and every web contents. */
import type { Session, WebContents, WebPreferences } from 'electron';
import type { CameraRule } from './camera';

/** SECURITY: the web preferences of every window, explicit although some are defaults. */
export const lockedWebPreferences = (
  more: Pick<WebPreferences, 'preload' | 'session' | 'javascript'>,
): WebPreferences => ({
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  plugins: false,
  spellcheck: false,
  devTools: false,
  navigateOnDragDrop: false,
  safeDialogs: true,
  disableDialogs: true,
  autoplayPolicy: 'document-user-activation-required',
  ...more,
});

/** SECURITY: no permission but the camera's where there is a rule, no device, no download, no request but to `allowedOrigin`. */
export const guardSession = (session: Session, allowedOrigin: string, camera: CameraRule | null): void => {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    if (camera === null) return answer(false);
    const { requestingUrl, isMainFrame } = details;
    const mediaTypes = ('mediaTypes' in details && details.mediaTypes) || [];
    camera
      .request({ permission, url: requestingUrl, isMainFrame, mediaTypes })
      .then(answer, () => answer(false));
  });
  session.setPermissionCheckHandler((_contents, permission, origin, { mediaType, isMainFrame }) => {
    const mediaTypes = mediaType === undefined ? [] : [mediaType];
    return camera?.check({ permission, url: origin, isMainFrame, mediaTypes }) ?? false;
  });
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event) => event.preventDefault());
  // Second to the request filter, and for what the filter does not see.
  for (const scheme of ['file', 'http', 'https'] as const) {
    session.protocol.handle(scheme, () => new Response(null, { status: 404 }));
  }
  session.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !isAllowedRequest(details.url, allowedOrigin) });
  });
};

export const isAllowedRequest = (url: string, allowedOrigin: string): boolean =>
  url.startsWith(`${allowedOrigin}/`);

/** SECURITY: what holds for every web contents from its first moment, also for one that this app did not make. */
export const guardUnknownContents = (contents: WebContents): void => {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
};

/**
 * SECURITY: a page stays the page that was loaded: no navigation, no frame, no window, no webview.
 *
 * A page can still blank itself, because Chromium asks nobody about `about:blank`. `onStray` is called then; the blank
 * page has no origin of ours, so nothing that it sends is heard.
 */
export const guardContents = (contents: WebContents, allowedOrigin: string, onStray: () => void): void => {
  contents.on('did-navigate', (_event, url) => {
    if (!isAllowedRequest(url, allowedOrigin)) onStray();
  });
  guardUnknownContents(contents);
  contents.on('select-bluetooth-device', (event, _devices, answer) => {
    event.preventDefault();
    answer('');
  });
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
};
