/** Type-checks every zone with its own tsconfig, so that no zone sees what belongs to another (DOM, Node, Electron). */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const zones = readdirSync(root).filter((name) => /^tsconfig\.(?!base\.).+\.json$/.test(name));
let failed = zones.length === 0;
for (const zone of zones) {
  const { status } = spawnSync(
    process.execPath,
    [path.join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', path.join(root, zone)],
    { stdio: 'inherit', cwd: root },
  );
  console.error(`types: ${zone} ${status === 0 ? 'ok' : 'FAILED'}`);
  if (status !== 0) failed = true;
}
process.exit(failed ? 1 : 0);
