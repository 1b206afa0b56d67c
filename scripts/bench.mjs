/**
 * `npm run bench [-- --json] [-- --only reading,import,signing,envelope,coldStart,ledger]`: how fast the product is, each
 * figure beside a baseline measured in the same run. Machines differ, so ratios are what to compare.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureDisplay } from './display.mjs';
import { prepareElectronLauncher } from './electron-launcher.mjs';
import { ensurePinnedNode } from './pinned-node.mjs';
import { ensureSystemDependencies } from './system-deps.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
ensurePinnedNode(import.meta.url);

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, only: { type: 'string' } },
  args: process.argv.slice(2),
});
/** Only the start of the app needs the app itself and a display. */
const startsApp = values.only === undefined || values.only.split(',').includes('coldStart');

if (startsApp && !ensureSystemDependencies({ for: ['app', 'display'] })) process.exit(1);
const run = (command, ...args) => {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(1);
};
run('npm', 'run', '--silent', 'build:contracts');

let electron;
let stopDisplay = () => undefined;
if (startsApp) {
  run(path.join(root, 'node_modules/.bin/electron-vite'), 'build', '--logLevel', 'warn');
  const { executablePath, appPath, runtime } = await prepareElectronLauncher({ root });
  electron = JSON.stringify({ executablePath, appPath, version: runtime.version });
  stopDisplay = await ensureDisplay();
}
const { status } = spawnSync(
  process.execPath,
  ['--import', 'tsx', path.join(root, 'test/bench/main.ts'), ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: ['ignore', 1, 2],
    env: { ...process.env, ...(electron === undefined ? {} : { NOSTRO_BENCH_ELECTRON: electron }) },
  },
);
stopDisplay();
process.exit(status ?? 1);
