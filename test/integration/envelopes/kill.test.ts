/**
 * kill -9 at random moments of signing, combining and sending, a hundred times and more. Whatever the moment: what was
 * written is whole, the same work goes through afterwards with the same result, and on the chain every payment is there
 * exactly once.
 */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenedStore } from '../../../src/main/ledger/store';
import { openStore } from '../../../src/main/ledger/store';
import { createEnvelopeStore } from '../../../src/main/ledger/stores/envelope-store';
import type { Hash32 } from '../../../src/shared/model/ids';
import { type Sandbox, startSandbox } from '../../sandbox';
import { REPO_ROOT } from '../../support/bundle-children';
import { envelopeFixture, SIGNER, signLines } from '../../support/envelope-fixture';
import { createMachine, directoryOf } from '../../unit/envelopes/review-machine';
import { createCrashMachine } from './crash-machine';

const KILLS = { sign: 40, combine: 36, send: 26 } as const;
const LINES = 60;
const MINUTE = 60_000;

let folder: string;
let child: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nostro-kill-'));
  const { build } = await import('esbuild');
  child = join(folder, 'crash-child.mjs');
  await build({
    absWorkingDir: REPO_ROOT,
    entryPoints: [join(REPO_ROOT, 'test/integration/envelopes/crash-child.ts')],
    outfile: child,
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
}, MINUTE);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Life = {
  readonly steps: readonly string[];
  readonly end: 'killed' | 'done' | 'failed';
  /** From `started` to the end. */
  readonly ms: number;
};
type Place = { readonly file: string; readonly key: string };

/** Runs the child; kills it `afterMs` after it said `started`, unless it ends before. */
const live = (
  { file, key }: Place,
  mode: keyof typeof KILLS,
  argument: string,
  options: { readonly afterMs?: number; readonly sandbox?: Sandbox } = {},
): Promise<Life> =>
  new Promise((resolve) => {
    const running = fork(
      child,
      [file, key, JSON.stringify(options.sandbox?.description ?? null), mode, argument],
      { cwd: REPO_ROOT, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
    );
    const steps: string[] = [];
    let wasKilled = false;
    let startedAt = performance.now();
    running.stderr?.on('data', (bytes: Buffer) => steps.push(`error ${bytes.toString()}`));
    running.stdout?.on('data', (bytes: Buffer) => {
      for (const line of bytes.toString().split('\n').filter(Boolean)) {
        steps.push(line);
        if (line !== 'started') continue;
        startedAt = performance.now();
        if (options.afterMs === undefined) continue;
        setTimeout(() => {
          wasKilled = true;
          running.kill('SIGKILL');
        }, options.afterMs);
      }
    });
    running.on('exit', (code, signal) =>
      resolve({
        steps,
        end: wasKilled && signal === 'SIGKILL' ? 'killed' : code === 0 ? 'done' : 'failed',
        ms: performance.now() - startedAt,
      }),
    );
  });

const place = (name: string, key = randomBytes(32).toString('hex')): Place => ({
  file: join(folder, `${name}.db`),
  key,
});
const open = ({ file, key }: Place): OpenedStore =>
  openStore({ file, key: new Uint8Array(Buffer.from(key, 'hex')) });
/** The same workspace again, as it was before. */
const again = (from: Place, name: string): Place => {
  const to = place(name, from.key);
  copyFileSync(from.file, to.file);
  return to;
};

/** Kills the work at moments all over its length until enough were killed; `judge` looks at what each death left. */
const killing = async (
  wanted: number,
  once: (round: number, afterMs: number | null) => Promise<Life>,
): Promise<void> => {
  const whole = await once(-1, null);
  expect(whole, whole.steps.join('\n')).toMatchObject({ end: 'done' });
  let killed = 0;
  for (let round = 0; killed < wanted && round < 4 * wanted; round += 1) {
    // A little beyond its end: the last moments count most.
    const life = await once(round, Math.floor(Math.random() * whole.ms * 1.1));
    if (life.end === 'failed') throw new Error(life.steps.join('\n'));
    if (life.end === 'killed') killed += 1;
  }
  expect(killed).toBeGreaterThanOrEqual(wanted);
};

describe('kill -9 while an envelope is signed', () => {
  it(
    'leaves no signature, or all of them with the memory of each',
    async () => {
      const fixture = envelopeFixture({ lines: LINES }, ['approve']);
      const { digest } = fixture;
      const base = place('signer');
      const prepared = open(base);
      const machine = createMachine({
        person: SIGNER,
        opened: { db: prepared.db, close: prepared.close },
      });
      await machine.fill(directoryOf(fixture.content));
      await machine.take(fixture.envelope);
      await machine.stop();

      const look = (at: Place) => {
        const opened = open(at);
        const { acts } = createEnvelopeStore(opened.db).get(digest);
        const memory = opened.db
          .prepare('SELECT count(*) AS count FROM signed_memory')
          .get<{ count: bigint }>();
        opened.close();
        const sign = acts.find(({ kind }) => kind === 'sign');
        return {
          remembered: Number(memory?.count ?? 0n),
          signatures: sign?.kind === 'sign' ? sign.body.signatures : [],
        };
      };
      const expected = signLines(fixture.content);
      const seen = { without: 0, with: 0 };
      await killing(KILLS.sign, async (round, afterMs) => {
        const at = again(base, `signer-${round}`);
        const life = await live(at, 'sign', digest, afterMs === null ? {} : { afterMs });
        const left = look(at);
        expect([0, LINES]).toContain(left.remembered);
        expect(left.signatures).toHaveLength(left.remembered);
        seen[left.remembered === 0 ? 'without' : 'with'] += 1;
        if (left.remembered === 0) {
          const next = await live(at, 'sign', digest);
          expect(next, next.steps.join('\n')).toMatchObject({ end: 'done' });
        }
        // The same signatures as without the death: nothing second was made.
        expect(look(at)).toEqual({ remembered: LINES, signatures: expected });
        return life;
      });
      expect(seen.without).toBeGreaterThan(0);
    },
    10 * MINUTE,
  );
});

describe('kill -9 while copies are combined', () => {
  it(
    'leaves the old state or the new one, and the same end',
    async () => {
      const known = envelopeFixture({ lines: LINES }, ['approve']);
      const signed = envelopeFixture({ lines: LINES }, ['approve', 'sign']);
      const other = envelopeFixture({ lines: LINES, seed: 'b', firstNonce: 500 }, []);
      const paths = [signed, other].map(({ bytes }, index) => {
        const path = join(folder, `copy-${index}.nostro`);
        writeFileSync(path, bytes);
        return path;
      });
      const base = place('approver');
      const prepared = open(base);
      const machine = createMachine({ person: SIGNER, opened: { db: prepared.db, close: prepared.close } });
      await machine.take(known.envelope);
      await machine.stop();

      const look = (at: Place) => {
        const opened = open(at);
        const store = createEnvelopeStore(opened.db);
        const [first, second] = [store.get(known.digest), store.find(other.digest)];
        const lines = [known, other].map(({ digest }) =>
          store.find(digest) === null ? 0 : store.lines(digest, 0, 1000).length,
        );
        opened.close();
        return { first: first.acts, second: second?.acts ?? null, lines };
      };
      await killing(KILLS.combine, async (round, afterMs) => {
        const at = again(base, `approver-${round}`);
        const life = await live(at, 'combine', paths.join(','), afterMs === null ? {} : { afterMs });
        const left = look(at);
        expect([known.envelope.acts, signed.envelope.acts]).toContainEqual(left.first);
        expect([null, other.envelope.acts]).toContainEqual(left.second);
        expect(left.lines).toEqual([LINES, left.second === null ? 0 : LINES]);
        if (life.end === 'killed') {
          const next = await live(at, 'combine', paths.join(','));
          expect(next, next.steps.join('\n')).toMatchObject({ end: 'done' });
        }
        expect(look(at)).toEqual({
          first: signed.envelope.acts,
          second: other.envelope.acts,
          lines: [LINES, LINES],
        });
        return life;
      });
    },
    10 * MINUTE,
  );
});

describe('kill -9 while a signed envelope is sent', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ mining: 'auto' });
  }, MINUTE);
  afterAll(() => sandbox.stop());

  /** Transfers on chain by the reference they carry. */
  const countOnChain = async (references: readonly string[]): Promise<number[]> => {
    const head = Number(BigInt((await sandbox.rpc.call('eth_blockNumber')) as Hex));
    const blocks = (await sandbox.rpc.batch(
      Array.from({ length: head + 1 }, (_, number) => [
        'eth_getBlockByNumber',
        [`0x${number.toString(16)}`, true],
      ]),
    )) as { transactions: { input: string }[] }[];
    const inputs = blocks.flatMap(({ transactions }) => transactions).map(({ input }) => input);
    return references.map((reference) => {
      const bytes = Buffer.from(reference, 'ascii').toString('hex');
      return inputs.filter((input) => input.includes(bytes)).length;
    });
  };

  /** A workspace with a batch of twelve payments in a signed envelope. */
  const prepare = async (at: Place): Promise<{ digest: Hash32; references: string[] }> => {
    const opened = open(at);
    const machine = await createCrashMachine(opened.db, sandbox.description);
    await machine.start();
    const supplier = sandbox.description.suppliers.find(({ standing }) => standing.R === 'enrolled');
    const batchId = machine.harness.createBatch(
      Array.from({ length: 12 }, (_, index) => ({
        token: machine.harness.token(index % 3 === 0 ? 'F' : 'R'),
        to: supplier?.address ?? '',
        units: 100n + BigInt(index),
        from: index % 2,
      })),
    );
    const digest = await machine.prepare(batchId);
    const references = machine.harness.payments(batchId).map(({ reference }) => reference);
    await machine.stop();
    opened.close();
    return { digest, references };
  };

  it(
    'neither loses nor doubles a payment',
    async () => {
      await killing(KILLS.send, async (round, afterMs) => {
        const at = place(`maker-${round}`);
        const { digest, references } = await prepare(at);
        const life = await live(at, 'send', digest, afterMs === null ? { sandbox } : { sandbox, afterMs });
        const opened = open(at);
        const rows = opened.db
          .prepare('SELECT status, count(*) AS count FROM payments GROUP BY status')
          .all<{ status: string; count: bigint }>();
        const isSent = createEnvelopeStore(opened.db).get(digest).isSent;
        const slots = opened.db
          .prepare('SELECT count(*) AS count FROM settlement_slots')
          .get<{ count: bigint }>();
        opened.close();
        // All in the outbox, or none and still waiting with its nonces.
        expect(slots?.count).toBe(isSent ? 12n : 0n);
        if (!isSent) expect(rows).toEqual([{ status: 'PDNG', count: 12n }]);
        if (life.end === 'killed') {
          const next = await live(at, 'send', digest, { sandbox });
          expect(next, next.steps.join('\n')).toMatchObject({ end: 'done' });
        }
        const after = open(at);
        const end = after.db
          .prepare('SELECT status, count(*) AS count FROM payments GROUP BY status')
          .all<{ status: string; count: bigint }>();
        after.close();
        expect(end).toEqual([{ status: 'ACSC', count: 12n }]);
        expect(await countOnChain(references)).toEqual(references.map(() => 1));
        return life;
      });
    },
    10 * MINUTE,
  );
});
