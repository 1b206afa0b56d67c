/**
 * Builds out/main (main side and its child processes), out/preload and out/renderer.
 *
 * Entries follow from file names: `src/main/index.ts`, every `src/main/<domain>/<name>.process.ts` and
 * `<name>.worker.ts`, every `src/preload/*.ts`, every `src/renderer/*.html`. The targets are those of the oldest
 * runtime that must run the code (the test runtime), see docs/adr.
 */
import { existsSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { sqlAsText } from './scripts/sql-as-text.mjs';

const root = path.dirname(fileURLToPath(import.meta.url));
const inRoot = (...parts: string[]): string => path.join(root, ...parts);

/** Native code cannot be bundled; everything else is. */
const external = [
  'electron',
  'better-sqlite3-multiple-ciphers',
  'libsql',
  ...builtinModules.flatMap((name) => [name, `node:${name}`]),
];

const listFiles = (folder: string, pattern: RegExp): string[] =>
  existsSync(inRoot(folder))
    ? readdirSync(inRoot(folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => pattern.test(file))
        .sort()
        .map((file) => inRoot(folder, file))
    : [];

const nameEntries = (files: string[]): Record<string, string> =>
  Object.fromEntries(files.map((file) => [path.basename(file).replace(/\.[^.]+$/, ''), file]));

/** Node 18 has no global `crypto`; some libraries expect it in every process. */
const cryptoShim = "if (!globalThis.crypto) globalThis.crypto = require('node:crypto').webcrypto;";

export default defineConfig({
  main: {
    plugins: [sqlAsText()],
    build: {
      outDir: inRoot('out/main'),
      externalizeDeps: false,
      target: 'node18',
      minify: false,
      sourcemap: false,
      rolldownOptions: {
        external,
        input: nameEntries([
          inRoot('src/main/index.ts'),
          ...listFiles('src/main', /^[^/\\]+[/\\][^/\\]+\.(process|worker)\.ts$/),
        ]),
        output: {
          format: 'cjs',
          entryFileNames: '[name].cjs',
          chunkFileNames: 'chunks/[name]-[hash].cjs',
          banner: (chunk) => (chunk.isEntry ? cryptoShim : ''),
        },
      },
    },
  },
  preload: {
    build: {
      outDir: inRoot('out/preload'),
      externalizeDeps: false,
      // A sandboxed preload can require nothing but electron: one file each.
      isolatedEntries: true,
      target: 'node18',
      minify: false,
      sourcemap: false,
      rolldownOptions: {
        external: ['electron'],
        input: nameEntries(listFiles('src/preload', /^[^/\\]+\.ts$/)),
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: inRoot('src/renderer'),
    plugins: [react()],
    build: {
      outDir: inRoot('out/renderer'),
      target: 'chrome114',
      minify: true,
      sourcemap: false,
      // Inlined data would need `data:` in the content security policy.
      assetsInlineLimit: 0,
      // Read from the disk, not from a network.
      chunkSizeWarningLimit: 3000,
      // The app:// protocol serves each window exactly the files that its entry needs.
      manifest: 'manifest.json',
      rolldownOptions: { input: nameEntries(listFiles('src/renderer', /^[^/\\]+\.html$/)) },
    },
  },
});
