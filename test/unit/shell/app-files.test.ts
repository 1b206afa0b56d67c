import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuildManifest, createAppFiles, createFileMap } from '../../../src/main/shell/app-files';
import type { WindowKind } from '../../../src/shared/contract';

const manifest: BuildManifest = {
  'index.html': {
    file: 'assets/index-1.js',
    isEntry: true,
    imports: ['_react.js'],
    dynamicImports: ['chart.tsx'],
    css: ['assets/index-1.css'],
  },
  'approval.html': { file: 'assets/approval-1.js', isEntry: true, imports: ['_react.js'] },
  '_react.js': { file: 'assets/react-1.js', imports: ['index.html'] },
  'chart.tsx': { file: 'assets/chart-1.js', assets: ['assets/inter-1.woff2'] },
};
// As the build really is: the shared part does not lead back to a page.
const built: BuildManifest = { ...manifest, '_react.js': { file: 'assets/react-1.js' } };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nostro-files-'));
  mkdirSync(path.join(folder, 'assets'));
  for (const file of [
    'index.html',
    'approval.html',
    'secret.txt',
    ...Object.values(built).map((part) => part.file),
  ]) {
    writeFileSync(path.join(folder, file), `<meta nonce="__CSP_NONCE__">${file}`);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const serve = (window: WindowKind) => {
  const origin = window === 'main' ? 'app://nostro' : 'app://approval';
  let count = 0;
  const files = createAppFiles({
    window,
    origin,
    folder,
    files: createFileMap(built, window),
    newNonce: () => {
      count += 1;
      return `nonce${count}`;
    },
  });
  return (url: string, method = 'GET') => files.answer(method, url.startsWith('/') ? `${origin}${url}` : url);
};

describe('the files of a window', () => {
  it('are the page and what it needs, directly or not, and nothing of the other window', () => {
    expect([...createFileMap(built, 'main').keys()].sort()).toEqual([
      '/assets/chart-1.js',
      '/assets/index-1.css',
      '/assets/index-1.js',
      '/assets/inter-1.woff2',
      '/assets/react-1.js',
      '/index.html',
    ]);
    expect([...createFileMap(built, 'approval').keys()].sort()).toEqual([
      '/approval.html',
      '/assets/approval-1.js',
      '/assets/react-1.js',
    ]);
  });

  it('end also where imports go in a circle', () => {
    expect(createFileMap(manifest, 'main').size).toBe(6);
  });
});

describe('the app:// protocol', () => {
  it('serves a page with its policy and a nonce of its own each time', async () => {
    const get = serve('main');
    const [first, second] = [await get('/index.html'), await get('/index.html?again#/payments')];
    expect(first.status).toBe(200);
    expect(Buffer.from(first.body).toString()).toBe('<meta nonce="nonce1">index.html');
    expect(Buffer.from(second.body).toString()).toContain('nonce2');
    expect(first.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'permissions-policy': expect.stringMatching(/^camera=\(self\), microphone=\(\), geolocation=/),
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-nonce1'; img-src 'self' data:; font-src 'self'; connect-src 'none'; worker-src 'none'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types default",
    });
  });

  it('gives the approval window no nonce and no policy object', async () => {
    const page = await serve('approval')('/approval.html');
    const policy = page.headers['content-security-policy'];
    expect(policy).toContain("style-src 'self';");
    expect(policy).toContain("trusted-types 'none'");
    expect(policy).not.toContain('nonce');
    expect(page.headers['permissions-policy']).toMatch(/^camera=\(\), /);
  });

  it('never answers with an unsafe policy', async () => {
    for (const window of ['main', 'approval'] as const) {
      const page = await serve(window)(window === 'main' ? '/index.html' : '/approval.html');
      expect(page.headers['content-security-policy']).not.toMatch(/unsafe|\*|https?:|blob:/);
    }
  });

  it.each([
    '/',
    '/secret.txt',
    '/approval.html',
    '/assets/approval-1.js',
    '/assets',
    '/assets/',
    '/../secret.txt',
    '/assets/../secret.txt',
    '/assets/..%2findex.html',
    '/%69ndex.html',
    '/index.html%00',
    '/index.html/',
    '//index.html',
    '/INDEX.HTML',
    '\\index.html',
    'app://nostro.example/index.html',
    'app://approval/index.html',
    'app://nostroindex.html',
    'file:///etc/passwd',
    'https://nostro/index.html',
    '',
  ])('does not answer %j', async (url) => {
    expect(await serve('main')(url)).toMatchObject({ status: 404, body: new Uint8Array() });
  });

  it('answers GET only', async () => {
    for (const method of ['POST', 'HEAD', 'PUT', 'get']) {
      expect((await serve('main')('/index.html', method)).status).toBe(405);
    }
  });

  it('opens nothing but listed files, whatever it is asked', async () => {
    const get = serve('main');
    const listed = createFileMap(built, 'main');
    const part = fc.constantFrom(
      '..',
      '.',
      '%2e%2e',
      'assets',
      'index.html',
      'secret.txt',
      '%00',
      '\\',
      '%5c',
      '',
      'C:',
      '~',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 6 }), fc.string(), async (parts, tail) => {
        const url = `/${parts.join('/')}${tail}`;
        const { status } = await get(url);
        expect(status === 200).toBe(listed.has(url.split(/[?#]/)[0] ?? ''));
      }),
      { numRuns: 500 },
    );
  });
});
