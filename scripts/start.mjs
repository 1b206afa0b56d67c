/**
 * `npm start`: Nostro on its built-in sandbox, with everything that it needs set up first.
 *
 * The workspace and the chain's state are kept from one start to the next; `npm start -- --fresh` begins anew.
 */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ensureDisplay, hasDisplay, hasXvfb } from './display.mjs';
import { prepareElectronLauncher } from './electron-launcher.mjs';
import { ensurePinnedNode } from './pinned-node.mjs';
import { ensureSystemDependencies } from './system-deps.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
ensurePinnedNode(import.meta.url);

const isRoot = process.getuid?.() === 0;
const say = (line) => console.log(line);

/** Root's home is closed to the user that runs the app. */
function chooseFolder() {
  if (process.env.NOSTRO_SANDBOX_HOME) return path.resolve(process.env.NOSTRO_SANDBOX_HOME);
  if (isRoot) return '/var/lib/nostro-sandbox';
  return path.join(process.env.XDG_DATA_HOME || path.join(homedir(), '.local/share'), 'nostro-sandbox');
}

function buildAll() {
  for (const [command, ...args] of [
    ['npm', 'run', '--silent', 'build:contracts'],
    [path.join(root, 'node_modules/.bin/electron-vite'), 'build', '--logLevel', 'warn'],
  ]) {
    const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
    if (status !== 0) throw new Error(`${[command, ...args].join(' ')} failed`);
  }
}

const isFree = (port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/** The workspace remembers where the chain answered, so the chain comes back there. */
async function choosePort(file) {
  const last = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (!(last > 0)) return 0;
  if (await isFree(last)) return last;
  throw new Error(
    `port ${last}, on which your sandbox network answers, is taken (is Nostro running already?): end what uses it, or begin anew with npm start -- --fresh`,
  );
}

/** Starts the sandbox network and resolves with its description. */
function startSandbox(folder, port) {
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      path.join(root, 'test/sandbox/cli.ts'),
      '--json',
      ...(port === 0 ? [] : ['--port', String(port)]),
      '--block-time',
      '2',
      '--history',
      '90',
      '--state',
      path.join(folder, 'chain.json'),
      '--directory',
      path.join(folder, 'directory.json'),
      '--samples',
      path.join(folder, 'samples'),
      '--parent-pid',
      String(process.pid),
    ],
    // A terminal's Ctrl-C goes to the app first; this script then ends the network in order.
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], detached: true },
  );
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => {
      try {
        resolve({ child, description: JSON.parse(line) });
      } catch (error) {
        reject(error);
      }
    });
    child.once('exit', (code) => reject(new Error(`the sandbox network ended with status ${code}`)));
    child.once('error', reject);
  });
}

async function openNostro() {
  const needsDisplay = !hasDisplay();
  if (!ensureSystemDependencies({ for: needsDisplay ? ['app', 'display'] : ['app'] })) return 1;
  if (needsDisplay && !hasXvfb()) {
    say(
      'There is no display. Either run this in a desktop session (or over ssh -X), or install a virtual one:',
    );
    say('  sudo apt-get install --yes xvfb');
    return 1;
  }

  const folder = chooseFolder();
  if (process.argv.includes('--fresh')) rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.join(folder, 'samples'), { recursive: true });
  const userData = path.join(folder, 'app');
  const portFile = path.join(folder, 'port');

  say('Building Nostro …');
  buildAll();
  const { executablePath, appPath } = await prepareElectronLauncher({ root, log: say });

  say('Starting the sandbox network …');
  const { child: sandbox, description } = await startSandbox(folder, await choosePort(portFile));
  writeFileSync(portFile, new URL(description.rpcUrl).port);
  // The app may run as another user; nothing in these files is a secret.
  for (const open of [folder, path.join(folder, 'samples')]) chmodSync(open, 0o755);
  spawnSync('chmod', ['-R', 'a+rX', path.join(folder, 'samples'), path.join(folder, 'directory.json')]);

  const stopDisplay = await ensureDisplay();
  if (needsDisplay) {
    say(`There is no display: Nostro runs on a virtual one, ${process.env.DISPLAY}. To see it, for example:`);
    say(
      `  x11vnc -display ${process.env.DISPLAY} -localhost & ssh -L 5900:localhost:5900 <this machine>, then a VNC viewer`,
    );
  }
  say(`Sandbox network: chain ${description.chainId} at ${description.rpcUrl}`);
  say(`Payment files to try: ${path.join(folder, 'samples')}`);
  say(
    'Create a vault and add the sandbox: its banks enrol and fund your account. Or restore these words (public,',
  );
  say('worth nothing elsewhere) of a treasury that has a history:');
  say(`  ${description.treasury.mnemonic}`);

  const app = spawn(executablePath, [appPath], {
    stdio: ['ignore', 'inherit', 'pipe'],
    env: {
      ...process.env,
      NOSTRO_USER_DATA: userData,
      NOSTRO_SANDBOX_FILE: path.join(folder, 'directory.json'),
    },
  });
  // Chromium remarks on every desktop service that a plain machine lacks; none of it concerns a person.
  const chromiumRemark = /^\[\d+:\d+\/[\d.]+:(ERROR|WARNING):/;
  createInterface({ input: app.stderr }).on('line', (line) => {
    if (!chromiumRemark.test(line)) console.error(line);
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => app.kill('SIGTERM'));
  const status = await new Promise((resolve) => {
    app.once('exit', (code) => resolve(code ?? 0));
    app.once('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
  });
  const ended = new Promise((resolve) => sandbox.once('exit', resolve));
  sandbox.kill('SIGTERM');
  await ended;
  stopDisplay();
  return status;
}

try {
  process.exitCode = await openNostro();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
