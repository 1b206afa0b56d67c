/**
 * Everything that is checked before a change is taken: types, lint, import rules, the lock file, unit, contract and
 * integration tests on Node 24, and the journeys in both lanes (Debian's Chromium, the real Electron under Xvfb).
 *
 * A failing stage does not stop the next one. The last line is `N passed, N failed` summed over all runners; a stage
 * that crashed, or a runner that ran nothing, counts as failed. `--only a,b` runs the named stages (see STAGES).
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePinnedNode } from './pinned-node.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
ensurePinnedNode(import.meta.url);

const reports = path.join(root, 'test-results', 'reports');
const bin = (name) => path.join(root, 'node_modules', '.bin', name);

/** Runs a command with its output on ours. @returns {Promise<number>} its exit status; 1 if it could not start */
function run(command, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, FORCE_COLOR: '0', ...env },
    });
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (code, signal) => {
      if (signal) console.error(`${command} was ended by ${signal}`);
      resolve(code ?? 1);
    });
  });
}

const node = (...args) => run(process.execPath, args);

/** One check that passes or fails as a whole. */
const single = (action) => async () =>
  (await action()) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };

/** Preparation: says nothing when it works. */
const preparation = (action) => async () =>
  (await action()) === 0 ? { passed: 0, failed: 0 } : { passed: 0, failed: 1 };

const noRun = (reason) => {
  console.error(reason);
  return { passed: 0, failed: 1 };
};

function readReport(name) {
  const file = path.join(reports, name);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

async function runVitest() {
  const report = 'vitest.json';
  const status = await node(
    path.join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${path.join(reports, report)}`,
  );
  const result = readReport(report);
  if (!result) return noRun('vitest left no report');
  // A file that fails to load has no tests of its own: it counts as one failure.
  const brokenFiles = result.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const counts = {
    passed: result.numPassedTests,
    failed: result.numFailedTests + brokenFiles,
    skipped: result.numPendingTests + result.numTodoTests,
  };
  if (counts.passed === 0) return noRun('vitest ran no test');
  // Unhandled errors fail the run without failing a test.
  if (status !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

const runPlaywright = (project) => async () => {
  const report = `playwright-${project}.json`;
  const status = await run(
    process.execPath,
    [
      bin('playwright'),
      'test',
      '--config',
      'test/e2e/playwright.config.ts',
      '--project',
      project,
      '--reporter',
      'list,json',
    ],
    { PLAYWRIGHT_JSON_OUTPUT_FILE: path.join(reports, report) },
  );
  const result = readReport(report);
  if (!result) return noRun(`the ${project} lane left no report`);
  const { expected, unexpected, flaky, skipped } = result.stats;
  for (const error of result.errors ?? []) console.error(error.message);
  // A test that passed only on a second try has not passed.
  const counts = { passed: expected, failed: unexpected + flaky, skipped };
  if (counts.passed === 0 && counts.failed === 0) return noRun(`the ${project} lane ran no test`);
  if (status !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
};

const STAGES = {
  system: preparation(() => node('scripts/system-deps.mjs')),
  electron: preparation(() => node('scripts/electron-runtime.mjs')),
  lockfile: single(() => node('scripts/check-lockfile.mjs')),
  types: single(() => node('scripts/check-types.mjs')),
  lint: single(() => run(bin('biome'), ['check', '--diagnostic-level=error', '.'])),
  imports: single(() => node('scripts/import-rules.mjs')),
  contracts: preparation(() => run('npm', ['run', '--silent', 'build:contracts'])),
  build: preparation(() => node(bin('electron-vite'), 'build', '--logLevel', 'warn')),
  vitest: runVitest,
  chromium: runPlaywright('chromium'),
  'electron-lane': runPlaywright('electron'),
};

const only = process.argv
  .find((argument) => argument.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',');
const unknown = only?.filter((name) => !(name in STAGES)) ?? [];
if (unknown.length > 0) {
  console.error(`unknown stages: ${unknown.join(', ')}; there are ${Object.keys(STAGES).join(', ')}`);
  process.exit(64);
}

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const total = { passed: 0, failed: 0, skipped: 0 };
const summary = [];
for (const [name, stage] of Object.entries(STAGES)) {
  if (only && !only.includes(name)) continue;
  const started = Date.now();
  console.log(`\n── ${name}`);
  let counts;
  try {
    counts = await stage();
  } catch (error) {
    console.error(error);
    counts = { passed: 0, failed: 1 };
  }
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped ?? 0;
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  summary.push(
    `${name.padEnd(14)} ${counts.failed === 0 ? 'ok    ' : 'FAILED'} ${String(counts.passed).padStart(5)} passed ${String(counts.failed).padStart(4)} failed ${seconds.padStart(7)} s`,
  );
}

console.log(`\n${summary.join('\n')}`);
if (total.skipped > 0) console.log(`${total.skipped} skipped`);
if (total.passed === 0 && total.failed === 0) total.failed = 1;
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
