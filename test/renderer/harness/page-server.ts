/**
 * Serves the built renderer as the app:// protocol does: a fresh nonce per answer and the product's content security
 * policy, so that what the policy forbids fails here too.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { contentSecurityPolicy, NONCE_PLACEHOLDER } from '../../../src/main/shell/app-files';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
};

export type PageServer = { readonly url: string; readonly close: () => Promise<void> };

export const servePages = async (folder: string): Promise<PageServer> => {
  const server = createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname);
    const file = path.join(folder, path.normalize(name));
    if (!file.startsWith(folder) || !existsSync(file) || name.endsWith('/')) {
      response.writeHead(404).end();
      return;
    }
    const extension = path.extname(file);
    const nonce = randomBytes(16).toString('base64');
    const body = readFileSync(file);
    response.writeHead(200, {
      'content-type': TYPES[extension] ?? 'application/octet-stream',
      'content-security-policy': contentSecurityPolicy(
        name.includes('approval') ? 'approval' : 'main',
        nonce,
      ),
    });
    response.end(extension === '.html' ? body.toString('utf8').replaceAll(NONCE_PLACEHOLDER, nonce) : body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${bound.port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};

/** The fake main side as one script for the page. */
export const bundleFakeBridge = async (): Promise<string> => {
  const result = await build({
    entryPoints: [path.join(path.dirname(fileURLToPath(import.meta.url)), 'fake-bridge.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'chrome114',
    // The page's policy forbids code from text, which zod would make: its switch must stand before zod starts.
    banner: { js: 'globalThis.__zod_globalConfig = { jitless: true };' },
    logLevel: 'warning',
  });
  return result.outputFiles[0]?.text ?? '';
};
