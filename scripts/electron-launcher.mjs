/**
 * Makes an executable that starts the app with Chromium's sandbox on, whoever calls it.
 *
 * Chromium refuses its sandbox to root, and this product is never started without it. So under root the launcher
 * drops to an unprivileged user made for the purpose; where that user cannot read the checkout (a clone below /root,
 * say), what the app needs is copied to a folder it can read.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { cacheFolder, resolveElectronRuntime } from './electron-runtime.mjs';

export const RUN_USER = 'nostro-run';
const RUN_HOME = '/var/lib/nostro-run';

/** Packages that stay outside the bundle because they carry native code. */
const NATIVE_PACKAGES = ['better-sqlite3-multiple-ciphers', 'libsql'];

const isRoot = () => process.getuid?.() === 0;

const asRunUser = (...command) => [
  'setpriv',
  `--reuid=${RUN_USER}`,
  `--regid=${RUN_USER}`,
  '--init-groups',
  ...command,
];

function runsAsRunUser(...command) {
  const [executable, ...args] = asRunUser(...command);
  return spawnSync(executable, args, { stdio: 'ignore', cwd: '/' }).status === 0;
}

function ensureRunUser() {
  if (spawnSync('id', ['-u', RUN_USER], { stdio: 'ignore' }).status === 0) return;
  const result = spawnSync(
    'useradd',
    [
      '--system',
      '--user-group',
      '--create-home',
      '--home-dir',
      RUN_HOME,
      '--shell',
      '/usr/sbin/nologin',
      RUN_USER,
    ],
    { encoding: 'utf8', env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` } },
  );
  // Two launches at once may both find the user missing; exit status 9 means that the other one was first.
  if (result.status !== 0 && result.status !== 9) {
    throw new Error(
      `the user ${RUN_USER} could not be created: ${(result.stderr || result.error?.message || '').trim()}`,
    );
  }
}

function canRunUserRead(files) {
  return runsAsRunUser('sh', '-c', 'for f; do [ -r "$f" ] || exit 1; done', 'sh', ...files);
}

/** The native packages and everything they depend on, as folders below node_modules. */
function listNativeClosure(root) {
  const found = new Set();
  const visit = (name) => {
    const folder = path.join(root, 'node_modules', name);
    if (found.has(name) || !existsSync(path.join(folder, 'package.json'))) return;
    found.add(name);
    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    for (const next of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }))
      visit(next);
  };
  NATIVE_PACKAGES.forEach(visit);
  return [...found];
}

/** Copies the built app to a folder that every user can read, and returns that folder. */
function stageApp(root) {
  const id = createHash('sha256').update(root).digest('hex').slice(0, 12);
  const stage = path.join(cacheFolder(), 'stage', id);
  const fresh = `${stage}.${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const parts = [
    'package.json',
    'out',
    'assets',
    ...listNativeClosure(root).map((name) => `node_modules/${name}`),
  ];
  for (const part of parts) {
    const source = path.join(root, part);
    if (existsSync(source)) cpSync(source, path.join(fresh, part), { recursive: true, dereference: true });
  }
  execFileSync('chmod', ['-R', 'a+rX,go-w', fresh]);
  rmSync(stage, { recursive: true, force: true });
  renameSync(fresh, stage);
  return stage;
}

/**
 * The launcher as a shell script, so that Playwright and start.mjs run it like Electron itself. `exec` keeps the
 * process id, which Playwright signals.
 */
function launcherScript(executable) {
  return `#!/bin/sh
# Written by scripts/electron-launcher.mjs. Starts the browser with its sandbox on; under root as ${RUN_USER}.
set -e
for argument in "$@"; do
  case "$argument" in
    --no-sandbox*|--disable-setuid-sandbox*|--disable-namespace-sandbox*|--no-zygote*)
      echo "nostro: refused to start with $argument" >&2
      exit 64 ;;
    --user-data-dir=*) profile="\${argument#--user-data-dir=}" ;;
  esac
done
if [ "$(id -u)" != 0 ]; then exec '${executable}' "$@"; fi
for folder in "$NOSTRO_USER_DATA" "$profile"; do
  if [ -n "$folder" ]; then
    mkdir -p "$folder"
    chown -R ${RUN_USER}:${RUN_USER} "$folder"
  fi
done
unset XDG_RUNTIME_DIR XDG_CONFIG_HOME XDG_CACHE_HOME XDG_DATA_HOME DBUS_SESSION_BUS_ADDRESS XAUTHORITY TMPDIR
cd '${RUN_HOME}'
exec setpriv --reuid=${RUN_USER} --regid=${RUN_USER} --init-groups \\
  env HOME='${RUN_HOME}' USER=${RUN_USER} LOGNAME=${RUN_USER} '${executable}' "$@"
`;
}

function writeLauncher(executable) {
  const folder = path.join(cacheFolder(), 'launch');
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const id = createHash('sha256').update(executable).digest('hex').slice(0, 12);
  const launcher = path.join(folder, `${path.basename(executable)}-${id}.sh`);
  const fresh = `${launcher}.${process.pid}`;
  writeFileSync(fresh, launcherScript(executable), { mode: 0o755 });
  renameSync(fresh, launcher);
  return launcher;
}

/**
 * The launcher of Debian's Chromium, for the Chromium lane. Playwright must be told `chromiumSandbox: true`.
 * @returns {{ executablePath: string }}
 */
export function prepareChromiumLauncher() {
  const executable = process.env.NOSTRO_CHROMIUM || '/usr/bin/chromium';
  if (!existsSync(executable)) throw new Error(`${executable} is missing: run npm run system-deps`);
  if (isRoot()) ensureRunUser();
  return { executablePath: writeLauncher(executable) };
}

/**
 * Resolves Electron, prepares the user and the app folder, and writes the launcher.
 *
 * @param {{ root: string, log?: (line: string) => void }} options `root` is the checkout with a built `out/`
 * @returns {Promise<{ executablePath: string, appPath: string, runtime: import('./electron-runtime.mjs').ElectronRuntime, user: string | null }>}
 *   `executablePath` takes the app folder as its first argument; `user` is the user it runs as when that is another one.
 */
export async function prepareElectronLauncher({ root, log = console.error }) {
  if (!existsSync(path.join(root, 'out/main/index.cjs'))) {
    throw new Error(`${root} holds no built app: run npm run build first`);
  }
  const runtime = await resolveElectronRuntime({ log });
  if (process.platform !== 'linux') {
    return { executablePath: runtime.executablePath, appPath: root, runtime, user: null };
  }

  let appPath = root;
  if (isRoot()) {
    ensureRunUser();
    if (!runsAsRunUser('test', '-x', runtime.executablePath)) {
      throw new Error(
        `the user ${RUN_USER} cannot execute ${runtime.executablePath}: choose a folder open to every user with NOSTRO_CACHE or ELECTRON_OVERRIDE_DIST_PATH`,
      );
    }
    const needed = [
      'package.json',
      'out/main/index.cjs',
      ...listNativeClosure(root).map((n) => `node_modules/${n}/package.json`),
    ];
    if (!canRunUserRead(needed.map((file) => path.join(root, file)))) {
      appPath = stageApp(root);
      log(`${RUN_USER} cannot read ${root}: the app runs from a copy in ${appPath}`);
    }
    const userNamespaces = runsAsRunUser('unshare', '--user', 'true');
    const helper = path.join(runtime.distPath, 'chrome-sandbox');
    if (!userNamespaces && existsSync(helper)) {
      // SECURITY: only where the kernel offers no user namespaces. The helper comes from the verified archive.
      chmodSync(helper, 0o4755);
      log('this kernel offers no user namespaces: the sandbox uses its setuid helper');
    }
  }

  return {
    executablePath: writeLauncher(runtime.executablePath),
    appPath,
    runtime,
    user: isRoot() ? RUN_USER : null,
  };
}
