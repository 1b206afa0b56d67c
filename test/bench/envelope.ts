/**
 * How fast an envelope goes from one machine to the offline one and back: exported, taken in, checked, looked at, signed,
 * exported, combined. Through the whole main side of two machines with their children and stores; signing is set beside
 * the signing of the same number of payments without an envelope, and beside viem's, in the same run.
 */
import { readFileSync, statSync } from 'node:fs';
import { createEnvelopeOpener } from '../../src/main/envelopes/opener';
import { connectChild } from '../../src/main/platform/child';
import { createSpawnNode } from '../../src/main/platform/spawn-node';
import { bundleChildren } from '../support/bundle-children';
import { type BenchMachine, PASSPHRASE, startMachines } from './envelope-machines';
import { benchSigning } from './signing';
import { createWatch, type Step, type Watch } from './watch';

export type EnvelopeBench = {
  readonly lines: number;
  readonly unsignedBytes: number;
  readonly signedBytes: number;
  /** The steps of the way, in order. */
  readonly steps: {
    readonly exportUnsigned: Step;
    /** Read, verified and stored on the offline machine. */
    readonly importUnsigned: Step;
    /** Every check that can be made without a network. */
    readonly check: Step;
    /** The same checks again, up to the first lines in the approval window. */
    readonly review: Step;
    /** The yes: everything read and checked again, two times argon2id, signatures, act and memory in the store. */
    readonly sign: Step;
    readonly exportSigned: Step;
    /** Every signature verified, then made one with the copy that was known. */
    readonly importSigned: Step;
  };
  /** All steps together. */
  readonly wholeSeconds: number;
  readonly wholeCpuSeconds: number;
  readonly longestBlockMs: number;
  readonly longestBlockCpuMs: number;
  /** From bytes to the last line in main, process start included, without store. Not a part of the whole. */
  readonly openUnsigned: Step;
  readonly openSigned: Step;
  readonly signing: {
    /** Payments per second of signing alone, from the first report of the vault to the last. */
    readonly perSecond: number;
    /** The same of a batch that is signed where it was made. */
    readonly mainJobPerSecond: number;
    /** Both by CPU second of the vault's process: comparable where other work takes cores away. Linux only, else 0. */
    readonly perCpuSecond: number;
    readonly mainJobPerCpuSecond: number;
    readonly viemPerSecond: number;
    /** `perSecond / mainJobPerSecond`. */
    readonly ratioToMainJob: number;
    /** `perSecond / viemPerSecond`. */
    readonly ratioToViem: number;
  };
  /** Slowest of five, milliseconds, with the signed envelope stored. */
  readonly queriesMs: {
    readonly list: number;
    readonly get: number;
    readonly lines: number;
    readonly search: number;
  };
  /** Highest resident memory of each kind of child, bytes. */
  readonly childPeakBytes: Readonly<Record<string, number>>;
};

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const secondsSince = (start: bigint): number => Number(process.hrtime.bigint() - start) / 1e9;

const openAlone = async (path: string, lines: number, watch: Watch): Promise<Step> => {
  const children = await bundleChildren(['envelope.process']);
  const opener = createEnvelopeOpener({
    spawn: watch.wrapSpawn(createSpawnNode({ folder: children, log: silent })),
    connect: connectChild,
  });
  const bytes = new Uint8Array(readFileSync(path));
  let count = 0;
  const { step } = await watch.run(() =>
    opener.open(
      { bytes },
      {
        onLines: (_, part) => {
          count += part.length;
        },
      },
    ),
  );
  if (count !== lines) throw new Error(`opened ${count} of ${lines} lines`);
  return step;
};

const slowestOf = async (work: () => Promise<unknown>): Promise<number> => {
  let slowest = 0;
  for (let turn = 0; turn < 5; turn += 1) {
    const start = process.hrtime.bigint();
    await work();
    slowest = Math.max(slowest, secondsSince(start) * 1000);
  }
  return slowest;
};

const query = async ({ app }: BenchMachine, digest: Parameters<BenchMachine['takeOut']>[0]) => {
  const page = { offset: 0, limit: 50 };
  return {
    list: await slowestOf(() => app.main['envelopes.list']({ filter: 'all', search: '', ...page })),
    get: await slowestOf(() => app.main['envelopes.get']({ digest })),
    lines: await slowestOf(() =>
      app.main['envelopes.lines']({ digest, search: '', offset: 5_000, limit: 50 }),
    ),
    search: await slowestOf(() => app.main['envelopes.lines']({ digest, search: 'Nº 77', ...page })),
  };
};

const expect = (what: string, actual: unknown, wanted: unknown): void => {
  if (actual !== wanted) throw new Error(`${what}: ${String(actual)} instead of ${String(wanted)}`);
};

/** Time and the vault's CPU time between its first and last report of signing. */
const createSigningTimes = (watch: Watch) => {
  let start: { readonly at: bigint; readonly cpuSeconds: number } | null = null;
  let seconds = 0;
  let cpuSeconds = 0;
  return {
    read: () => ({ seconds, cpuSeconds }),
    onEvent: (event: { readonly type: string; readonly task?: string }): void => {
      if (event.type !== 'progress' || event.task !== 'sign') return;
      const cpuNow = watch.cpuSecondsOf('vault');
      // The first report has 0: signing begins here.
      start ??= { at: process.hrtime.bigint(), cpuSeconds: cpuNow };
      seconds = secondsSince(start.at);
      cpuSeconds = cpuNow - start.cpuSeconds;
    },
  };
};

const walk = async (lines: number, watch: Watch) => {
  const times = createSigningTimes(watch);
  const { online, offline, digest, stop } = await startMachines(lines, watch, times.onEvent);
  try {
    const exported = await watch.run(() => online.takeOut(digest));
    const imported = await watch.run(() => offline.takeIn(exported.result));
    expect('taken in', imported.result, 'new');
    const checked = await watch.run(() => offline.app.main['envelopes.check']({ digest }));
    const refused = checked.result.findings.find(({ verdict }) => verdict === 'refused');
    expect('refused', refused && JSON.stringify(refused), undefined);
    const reviewed = await watch.run(async () => {
      await offline.app.main['envelopes.review']({ digest, act: 'sign' });
      await offline.app.approval['approval.document']({});
      return offline.app.approval['approval.lines']({ offset: 0, limit: 100 });
    });
    expect('shown', reviewed.result.total, lines);
    const signed = await watch.run(() =>
      offline.app.approval['approval.approve']({ digest, passphrase: PASSPHRASE }),
    );
    expect('signed', signed.result.signed, lines);
    const handedBack = await watch.run(() => offline.takeOut(digest));
    const combined = await watch.run(() => online.takeIn(handedBack.result));
    expect('combined', combined.result, 'merged');
    expect('signed lines', (await online.app.main['envelopes.get']({ digest })).summary.signedLines, lines);

    const here = await query(online, digest);
    const there = await query(offline, digest);
    return {
      files: { unsigned: statSync(exported.result).size, signed: statSync(handedBack.result).size },
      steps: {
        exportUnsigned: exported.step,
        importUnsigned: imported.step,
        check: checked.step,
        review: reviewed.step,
        sign: signed.step,
        exportSigned: handedBack.step,
        importSigned: combined.step,
      },
      signed: times.read(),
      openUnsigned: await openAlone(exported.result, lines, watch),
      openSigned: await openAlone(handedBack.result, lines, watch),
      queriesMs: {
        list: Math.max(here.list, there.list),
        get: Math.max(here.get, there.get),
        lines: Math.max(here.lines, there.lines),
        search: Math.max(here.search, there.search),
      },
    };
  } finally {
    await stop();
  }
};

/** Default: 10,000 lines over three accounts, three networks and four tokens, each to another creditor. */
export const benchEnvelope = async (lines = 10_000): Promise<EnvelopeBench> => {
  const watch = createWatch();
  const { files, steps, signed, ...rest } = await walk(lines, watch);
  const all = Object.values(steps);
  const sum = (of: (step: Step) => number): number => all.reduce((total, step) => total + of(step), 0);
  const most = (of: (step: Step) => number): number => Math.max(...all.map(of));
  const baseline = await benchSigning(lines);
  const perSecond = lines / signed.seconds;
  return {
    lines,
    unsignedBytes: files.unsigned,
    signedBytes: files.signed,
    steps,
    wholeSeconds: sum(({ seconds }) => seconds),
    wholeCpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
    longestBlockMs: most(({ longestBlockMs }) => longestBlockMs),
    longestBlockCpuMs: most(({ longestBlockCpuMs }) => longestBlockCpuMs),
    signing: {
      perSecond,
      mainJobPerSecond: baseline.vaultPerSecond,
      perCpuSecond: signed.cpuSeconds > 0 ? lines / signed.cpuSeconds : 0,
      mainJobPerCpuSecond: baseline.vaultPerCpuSecond,
      viemPerSecond: baseline.viemPerSecond,
      ratioToMainJob: perSecond / baseline.vaultPerSecond,
      ratioToViem: perSecond / baseline.viemPerSecond,
    },
    ...rest,
    childPeakBytes: watch.peaks(),
  };
};
