/**
 * The demo: one person's whole job in the real app, driven through the same page objects as the journeys. See
 * scripts/demo.mjs for its options and exit statuses.
 */
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { prepareElectronLauncher } from '../../../scripts/electron-launcher.mjs';
import { openEnrolmentDesk } from '../../sandbox/enrolment-desk';
import { samplePain001, startSandbox } from '../../sandbox/index';
import { createElectronLane } from '../lanes/electron-lane';
import { type Outcome, runJob } from './job';
import { type OfflineOutcome, runOffline } from './offline';
import { createPictures } from './pictures';

const ROOT = path.resolve(import.meta.dirname, '..', '..', '..');

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    file: { type: 'string' },
    enrol: { type: 'boolean', default: false },
    offline: { type: 'boolean', default: false },
    'no-build': { type: 'boolean', default: false },
  },
});

/** With --json standard output has nothing but the result. */
const say = (line: string): void => (options.json ? console.error(line) : console.log(line));

const main = async (): Promise<Outcome | OfflineOutcome> => {
  const started = Date.now();
  const folder = mkdtempSync(path.join(tmpdir(), 'nostro-demo-'));
  // The app may run as another user than the demo.
  chmodSync(folder, 0o777);
  const pictures = createPictures(path.join(ROOT, 'demo-out'));
  const launcher = await prepareElectronLauncher({ root: ROOT, log: (line: string) => console.error(line) });
  const { version } = launcher.runtime;
  say(`Electron ${version}`);
  const sandbox = await startSandbox({ mining: 'mixed', blockTimeSeconds: 1 });
  say(`sandbox network: chain ${sandbox.description.chainId} at ${sandbox.description.rpcUrl}`);
  const desk = openEnrolmentDesk(sandbox);
  const lane = createElectronLane({ ...launcher, version });
  try {
    if (options.offline)
      return await runOffline({
        root: ROOT,
        folder,
        launcher: { ...launcher, version },
        sandbox,
        pictures,
        say,
        started,
      });
    const files = path.join(folder, 'files');
    mkdirSync(files);
    chmodSync(files, 0o777);
    const file = path.join(files, options.file ? path.basename(options.file) : 'payments.xml');
    if (options.file) copyFileSync(options.file, file);
    else writeFileSync(file, samplePain001(sandbox.description));
    chmodSync(file, 0o644);
    return await runJob({
      root: ROOT,
      file,
      folder: files,
      isEnrolling: options.enrol,
      start: () =>
        lane.start({
          userData: path.join(folder, 'user-data'),
          sandboxFile: desk.directoryFile,
          colorScheme: null,
          size: { width: 1440, height: 900 },
        }),
      electron: version,
      sandbox,
      desk,
      pictures,
      say,
      started,
    });
  } finally {
    await lane.dispose();
    desk.close();
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

const report = (outcome: Outcome): number => {
  if (options.json) console.log(JSON.stringify(outcome.result));
  else if (outcome.kind === 'refused') {
    say('the file was refused, nothing was created:');
    for (const { line, path: place, value, code } of outcome.result.errors)
      say(`  line ${line}  ${code}  ${place}${value === null ? '' : `  ${value}`}`);
  } else {
    for (const [name, value] of Object.entries(outcome.result)) say(`${name}: ${String(value)}`);
  }
  return { done: 0, refused: 2, failed: 1 }[outcome.kind];
};

try {
  process.exitCode = report(await main());
} catch (error) {
  console.error(error);
  process.exitCode = report({
    kind: 'failed',
    result: { failed: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) },
  });
}
// A chain or an app that did not end in order must not keep the demo open.
process.exit();
