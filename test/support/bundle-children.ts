/**
 * Bundles the child processes and worker threads of the main side the way the app's build does (CommonJS, target
 * node18, native modules external), so that tests start the real ones.
 *
 * The result is cached under node_modules/.cache by a hash of every source that could be in it; building is
 * atomic (temp folder, rename), so parallel test workers may call it at once.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const REPO_ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const CACHE = join(REPO_ROOT, 'node_modules', '.cache', 'nostro-children');
const ENTRY = /\.(?:process|worker)\.ts$/;

const listFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/**
 * Builds the named entries, e.g. `['vault.process', 'sign.worker']` (default: all), and returns the folder that
 * holds `<name>.cjs` for each. `extra` are entry files outside src/main, for children that only tests have.
 */
export const bundleChildren = async (
  names?: readonly string[],
  extra: readonly string[] = [],
): Promise<string> => {
  const sources = [join(REPO_ROOT, 'src', 'main'), join(REPO_ROOT, 'src', 'shared')].flatMap(listFiles);
  const entries = [
    ...sources.filter((file) => ENTRY.test(file) && (!names || names.includes(basename(file, '.ts')))),
    ...extra,
  ];
  const missing = names?.filter((name) => !entries.some((entry) => basename(entry, '.ts') === name)) ?? [];
  if (missing.length > 0) throw new Error(`no such child: ${missing.join(', ')}`);
  const hash = createHash('sha256').update(entries.join('\n'));
  for (const file of [
    ...sources,
    ...extra,
    join(REPO_ROOT, 'package-lock.json'),
    fileURLToPath(import.meta.url),
  ]) {
    hash.update(`\0${relative(REPO_ROOT, file)}\0`).update(readFileSync(file));
  }
  const folder = join(CACHE, hash.digest('hex').slice(0, 24));
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  const temporary = `${folder}.${process.pid}.${Date.now()}`;
  await build({
    absWorkingDir: REPO_ROOT,
    entryPoints: entries,
    entryNames: '[name]',
    outdir: temporary,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node18',
    loader: { '.sql': 'text' },
    external: ['electron', 'better-sqlite3-multiple-ciphers', 'libsql'],
    logLevel: 'silent',
  });
  try {
    renameSync(temporary, folder);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
};
