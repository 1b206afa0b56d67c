/** The tools run on the Node that is pinned as a package, whatever Node started npm. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const pinnedNodePath = path.join(
  root,
  'node_modules/node/bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/** Runs the calling script again on the pinned Node, and exits with its status, unless it runs on it already. */
export function ensurePinnedNode(moduleUrl) {
  const bin = path.join(root, 'node_modules/.bin');
  if (!(process.env.PATH ?? '').split(path.delimiter).includes(bin)) {
    process.env.PATH = `${bin}${path.delimiter}${process.env.PATH ?? ''}`;
  }
  if (Number(process.versions.node.split('.')[0]) >= 24) return;
  if (!existsSync(pinnedNodePath)) {
    console.error(
      'The pinned Node is missing: run npm ci first (its install scripts must be allowed to run).',
    );
    process.exit(1);
  }
  const { status } = spawnSync(pinnedNodePath, [fileURLToPath(moduleUrl), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  process.exit(status ?? 1);
}
