/**
 * `npm run demo`: the whole main job, unattended, through the real app. Onboards, imports a payment file, approves it,
 * waits until it has settled, starts the app again without a network and compares.
 *
 *   --json          exactly one line of JSON on standard output, last; progress goes to standard error
 *   --file PATH     a pain.001 or CSV file instead of the sandbox's own sample
 *   --enrol         first takes on what the file needs and the directory does not know
 *   --offline       instead: 500 payments made by one person, approved by a second, signed on a machine without a
 *                   network whose sockets are traced, sent and settled
 *
 * Exit status: 0 all as expected, 2 the file was refused, 1 anything else. Screenshots go to demo-out/.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDisplay, hasDisplay } from './display.mjs';
import { ensurePinnedNode } from './pinned-node.mjs';
import { ensureSystemDependencies } from './system-deps.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
ensurePinnedNode(import.meta.url);

/** What tools print while they prepare belongs to standard error. */
function prepare(command, ...args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`${path.basename(command)} ${args.join(' ')} failed`);
}

async function runDemo() {
  const needs = [
    'app',
    ...(hasDisplay() ? [] : ['display']),
    ...(process.argv.includes('--offline') ? ['trace'] : []),
  ];
  if (!ensureSystemDependencies({ for: needs })) return 1;
  if (process.argv.includes('--no-build') && existsSync(path.join(root, 'out/main/index.cjs'))) {
    console.error('taking the app as it was built before');
  } else {
    prepare('npm', 'run', '--silent', 'build:contracts');
    prepare(path.join(root, 'node_modules/.bin/electron-vite'), 'build', '--logLevel', 'error');
  }
  const stopDisplay = await ensureDisplay();
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', path.join(root, 'test/e2e/demo/main.ts'), ...process.argv.slice(2)],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
      // Paths of the caller stay the caller's; modules are found from the script.
      env: { ...process.env, TSX_TSCONFIG_PATH: path.join(root, 'tsconfig.test.json') },
    },
  );
  const stop = () => child.kill('SIGTERM');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  const status = await new Promise((resolve, reject) => {
    child.once('exit', (code) => resolve(code ?? 1));
    child.once('error', reject);
  });
  stopDisplay();
  return status;
}

try {
  process.exitCode = await runDemo();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
