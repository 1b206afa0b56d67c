/**
 * What the app:// protocol may answer: exact paths that the build put on a list, nothing derived from a request.
 * Pure, so that it is tested without Electron.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { WindowKind } from '../../shared/contract';

/** The manifest that the renderer's build writes: source path → what it became and needs. */
export type BuildManifest = Readonly<
  Record<
    string,
    {
      readonly file: string;
      readonly isEntry?: boolean;
      readonly imports?: readonly string[];
      readonly dynamicImports?: readonly string[];
      readonly css?: readonly string[];
      readonly assets?: readonly string[];
    }
  >
>;

/** URL path → file below the renderer's folder. */
export type FileMap = ReadonlyMap<string, string>;

const PAGE_OF: Readonly<Record<WindowKind, string>> = { main: 'index.html', approval: 'approval.html' };

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
};

/** The files that one window's page needs, directly or through its imports. */
export const createFileMap = (manifest: BuildManifest, window: WindowKind): FileMap => {
  const page = PAGE_OF[window];
  const files = new Set<string>([page]);
  const seen = new Set<string>();
  const visit = (key: string): void => {
    const part = manifest[key];
    if (!part || seen.has(key)) return;
    seen.add(key);
    files.add(part.file);
    for (const file of [...(part.css ?? []), ...(part.assets ?? [])]) files.add(file);
    for (const next of [...(part.imports ?? []), ...(part.dynamicImports ?? [])]) visit(next);
  };
  visit(page);
  return new Map([...files].map((file) => [`/${file}`, file]));
};

/**
 * The content security policy of a window's page.
 *
 * SECURITY: no network (`connect-src 'none'`), no inline script, no frames. The nonce exists because the component
 * library writes style elements at run time; the approval window has no library and no nonce.
 */
export const contentSecurityPolicy = (window: WindowKind, nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    window === 'main' ? `style-src 'self' 'nonce-${nonce}'` : "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'none'",
    "worker-src 'none'",
    "frame-ancestors 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    window === 'main' ? 'trusted-types default' : "trusted-types 'none'",
  ].join('; ');

const COMMON_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** SECURITY: the camera is the main window's, to read QR codes (see camera.ts); no page has anything else. */
const permissionsPolicy = (window: WindowKind): string =>
  `camera=(${window === 'main' ? 'self' : ''}), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=()`;

/** Stands in the built pages; every answer replaces it with a nonce of its own. */
export const NONCE_PLACEHOLDER = '__CSP_NONCE__';

export type AppAnswer = {
  readonly status: 200 | 404 | 405;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

const refuse = (status: 404 | 405): AppAnswer => ({
  status,
  headers: { ...COMMON_HEADERS, 'content-type': 'text/plain' },
  body: new Uint8Array(),
});

export type AppFiles = {
  /** `url` is the request's, as it came. Never rejects for a file that is on the list. */
  readonly answer: (method: string, url: string) => Promise<AppAnswer>;
};

/** Serves one window. `origin` is `app://<host>`, `folder` the renderer's build. */
export const createAppFiles = (deps: {
  readonly window: WindowKind;
  readonly origin: string;
  readonly folder: string;
  readonly files: FileMap;
  readonly newNonce: () => string;
}): AppFiles => {
  const { window, origin, folder, files, newNonce } = deps;
  return {
    answer: async (method, url) => {
      if (method !== 'GET') return refuse(405);
      // SECURITY: the text after the origin is a key of the list or nothing; it is never decoded, joined or normalised.
      const key = url.startsWith(`${origin}/`) ? (url.slice(origin.length).split(/[?#]/, 1)[0] ?? '') : '';
      const file = files.get(key);
      if (file === undefined) return refuse(404);
      const extension = path.extname(file);
      const bytes = await readFile(path.join(folder, file));
      const nonce = newNonce();
      return {
        status: 200,
        headers: {
          ...COMMON_HEADERS,
          'permissions-policy': permissionsPolicy(window),
          'content-type': CONTENT_TYPES[extension] ?? 'application/octet-stream',
          ...(extension === '.html'
            ? { 'content-security-policy': contentSecurityPolicy(window, nonce) }
            : {}),
        },
        body:
          extension === '.html' && window === 'main'
            ? Buffer.from(bytes.toString('utf8').replaceAll(NONCE_PLACEHOLDER, nonce))
            : bytes,
      };
    },
  };
};
