/**
 * Installs the system libraries that Electron, Xvfb and the Chromium lane need. Debian and its descendants only;
 * elsewhere it checks nothing and says so. Installs when root, otherwise prints the exact line to run.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the app itself needs, then what a display-less machine needs, then what traces system calls in tests, then the second test engine. */
const PACKAGES = {
  app: [
    'libgtk-3-0',
    'libnss3',
    'libasound2',
    'libgbm1',
    'libxss1',
    'libxtst6',
    'libnotify4',
    'libsecret-1-0',
  ],
  display: ['xvfb', 'xauth', 'dbus-x11'],
  trace: ['strace'],
  chromium: ['chromium'],
};

/** Later Debian releases renamed some libraries (64-bit time); the new name then provides the old one. */
const RENAMED = { 'libgtk-3-0': 'libgtk-3-0t64', libasound2: 'libasound2t64' };

function isInstalled(name) {
  const query = (each) =>
    // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholder
    spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status}', each], { encoding: 'utf8' }).stdout ===
    'installed';
  return query(name) || (name in RENAMED && query(RENAMED[name]));
}

/**
 * @param {{ for: ('app' | 'display' | 'trace' | 'chromium')[], log?: (line: string) => void }} options
 * @returns {boolean} whether everything is there now
 */
export function ensureSystemDependencies({ for: groups, log = console.error }) {
  if (process.platform !== 'linux') return true;
  if (!existsSync('/usr/bin/dpkg-query')) {
    log(
      `not a Debian system: make sure that the equivalents of ${groups.flatMap((g) => PACKAGES[g]).join(' ')} are installed`,
    );
    return true;
  }
  const missing = groups.flatMap((group) => PACKAGES[group]).filter((name) => !isInstalled(name));
  if (missing.length === 0) return true;

  const isRoot = process.getuid?.() === 0;
  if (!isRoot) {
    log('Some system packages are missing. Please run:');
    log(`  sudo apt-get update && sudo apt-get install --yes --no-install-recommends ${missing.join(' ')}`);
    return false;
  }
  log(`installing system packages: ${missing.join(' ')}`);
  const apt = (...args) =>
    spawnSync('apt-get', args, {
      // apt's progress belongs to stderr, so that a caller's stdout keeps its last line.
      stdio: ['ignore', 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  if (!apt('update', '-qq')) log('apt-get update failed; trying with the lists at hand');
  if (!apt('install', '--yes', '-qq', '--no-install-recommends', ...missing)) {
    log(`apt-get could not install: ${missing.join(' ')}`);
    return false;
  }
  return true;
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exit(ensureSystemDependencies({ for: ['app', 'display', 'trace', 'chromium'] }) ? 0 : 1);
}
