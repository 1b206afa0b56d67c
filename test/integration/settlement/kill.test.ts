/**
 * kill -9 at random moments between the approval and the last block, then a restart. Every approved payment is on chain
 * exactly once; every payment that was not approved is not there at all.
 */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../../src/main/ledger/store';
import { type Sandbox, startSandbox } from '../../sandbox';
import { REPO_ROOT } from '../../support/bundle-children';

const KILLS = 26;

let sandbox: Sandbox;
let folder: string;
let child: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nostro-kill-'));
  child = await bundle(folder);
  sandbox = await startSandbox({ mining: 'auto' });
});
afterAll(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** One bundle, started many times: tens of milliseconds instead of seconds. */
const bundle = async (into: string): Promise<string> => {
  const { build } = await import('esbuild');
  const outfile = join(into, 'crash-child.mjs');
  await build({
    absWorkingDir: REPO_ROOT,
    entryPoints: [join(REPO_ROOT, 'test/integration/settlement/crash-child.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: {
      js: `import { createRequire as __make } from 'node:module'; const require = __make(${JSON.stringify(join(REPO_ROOT, 'package.json'))});`,
    },
    external: ['electron', 'better-sqlite3-multiple-ciphers', 'libsql', 'esbuild', 'solc'],
    logLevel: 'silent',
  });
  return outfile;
};

type Life = { readonly steps: readonly string[]; readonly end: 'killed' | 'done' | 'failed' };

/** Runs the child; kills it `afterMs` after it said `trigger`, unless it ends before. */
const live = (
  file: string,
  key: string,
  mode: 'sign' | 'resume',
  kill: { readonly trigger: string; readonly afterMs: number } | null,
): Promise<Life> =>
  new Promise((resolve) => {
    const running = fork(child, [file, key, JSON.stringify(sandbox.description), mode], {
      cwd: REPO_ROOT,
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const steps: string[] = [];
    let wasKilled = false;
    running.stderr?.on('data', (bytes: Buffer) => steps.push(`error ${bytes.toString()}`));
    running.stdout?.on('data', (bytes: Buffer) => {
      for (const line of bytes.toString().split('\n').filter(Boolean)) {
        steps.push(line);
        if (kill && line === kill.trigger) {
          setTimeout(() => {
            wasKilled = true;
            running.kill('SIGKILL');
          }, kill.afterMs);
        }
      }
    });
    running.on('exit', (code) =>
      resolve({ steps, end: wasKilled ? 'killed' : code === 0 ? 'done' : 'failed' }),
    );
  });

/** Transfers on chain by the reference they carry: memo or calldata suffix. */
const countOnChain = async (references: readonly string[]): Promise<Map<string, number>> => {
  const head = Number(BigInt((await sandbox.rpc.call('eth_blockNumber')) as Hex));
  const blocks = (await sandbox.rpc.batch(
    Array.from({ length: head + 1 }, (_, number) => [
      'eth_getBlockByNumber',
      [`0x${number.toString(16)}`, true],
    ]),
  )) as { transactions: { input: string; hash: string }[] }[];
  const counts = new Map(references.map((reference) => [reference, 0]));
  for (const { input } of blocks.flatMap(({ transactions }) => transactions)) {
    for (const reference of references) {
      if (input.includes(Buffer.from(reference, 'ascii').toString('hex')))
        counts.set(reference, (counts.get(reference) ?? 0) + 1);
    }
  }
  return counts;
};

describe('kill -9 between approval and finality', () => {
  it('neither loses nor doubles a payment', async () => {
    let killed = 0;
    let approved = 0;
    for (let round = 0; killed < KILLS && round < 3 * KILLS; round += 1) {
      const file = join(folder, `round-${round}.db`);
      const key = randomBytes(32).toString('hex');
      // From the moment before signing to well into following, early moments most; and, however slow the machine is, from the
      // moment after the approval.
      const first = await live(
        file,
        key,
        'sign',
        round % 2 === 0
          ? { trigger: 'shown', afterMs: Math.floor(Math.random() ** 2 * 260) }
          : { trigger: 'approved', afterMs: Math.floor(Math.random() ** 2 * 160) },
      );
      if (first.end === 'failed') throw new Error(first.steps.join('\n'));
      if (first.end === 'killed') killed += 1;
      // Killed once more while it takes up its work again.
      const second = await live(file, key, 'resume', {
        trigger: 'started',
        afterMs: Math.floor(Math.random() * 60),
      });
      if (second.end === 'failed') throw new Error(second.steps.join('\n'));
      if (second.end === 'killed') killed += 1;
      const last = await live(file, key, 'resume', null);
      expect(last, last.steps.join('\n')).toMatchObject({ end: 'done' });

      const store = openStore({ file, key: new Uint8Array(Buffer.from(key, 'hex')) });
      const rows = store.db
        .prepare('SELECT reference, status FROM payments')
        .all<{ reference: string; status: string }>();
      const batch = store.db.prepare('SELECT approval FROM batches').get<{ approval: string | null }>();
      store.close();
      const counts = await countOnChain(rows.map(({ reference }) => reference));
      const isApproved = batch?.approval !== null;
      if (isApproved) approved += 1;
      expect(rows).toHaveLength(12);
      for (const { reference, status } of rows) {
        expect(status).toBe(isApproved ? 'ACSC' : 'ACTC');
        expect(counts.get(reference)).toBe(isApproved ? 1 : 0);
      }
    }
    expect(killed).toBeGreaterThanOrEqual(KILLS);
    expect(approved).toBeGreaterThan(0);
  }, 300_000);
});
