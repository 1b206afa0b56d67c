/**
 * `npm run bench [-- --json] [-- --only import,signing,coldStart,ledger]`: how fast the product is, each figure beside a
 * baseline measured in the same run. Machines differ, so ratios are what to compare.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDisplay } from './display.mjs';
import { prepareElectronLauncher } from './electron-launcher.mjs';
import { ensurePinnedNode } from './pinned-node.mjs';
import { ensureSystemDependencies } from './system-deps.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
ensurePinnedNode(import.meta.url);

if (!ensureSystemDependencies({ for: ['app', 'display'] })) process.exit(1);
for (const [command, ...args] of [
  ['npm', 'run', '--silent', 'build:contracts'],
  [path.join(root, 'node_modules/.bin/electron-vite'), 'build', '--logLevel', 'warn'],
]) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(1);
}
const { executablePath, appPath, runtime } = await prepareElectronLauncher({ root });
const stopDisplay = await ensureDisplay();
const { status } = spawnSync(
  process.execPath,
  ['--import', 'tsx', path.join(root, 'test/bench/main.ts'), ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: ['ignore', 1, 2],
    env: {
      ...process.env,
      NOSTRO_BENCH_ELECTRON: JSON.stringify({ executablePath, appPath, version: runtime.version }),
    },
  },
);
stopDisplay();
process.exit(status ?? 1);
