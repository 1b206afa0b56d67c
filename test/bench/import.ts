/**
 * How fast a payment file is read and checked: the reading child alone against the bare XML tokenizer over the same bytes
 * in the same run, and the whole import through the app (directory, duplicates, store), with the longest time that the
 * main thread was held.
 */
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { SaxesParser } from 'saxes';
import { createFileReader } from '../../src/main/iso20022';
import { connectChild } from '../../src/main/platform/child';
import { createSpawnNode } from '../../src/main/platform/spawn-node';
import { openEnrolmentDesk } from '../sandbox/enrolment-desk';
import { samplePain001, startSandbox } from '../sandbox/index';
import { makeAppFolder, startApp } from '../support/app-harness';
import { bundleChildren } from '../support/bundle-children';

export type ReadBench = {
  readonly payments: number;
  readonly fileBytes: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** Highest resident memory of the reading child, bytes. Linux only, else 0. */
  readonly childPeakBytes: number;
  /** The same bytes through saxes with empty handlers, in this process. */
  readonly baselineSeconds: number;
  /** `seconds / baselineSeconds`. */
  readonly ratio: number;
};

export type ImportBench = {
  readonly payments: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** Longest stretch in which the main thread answered nothing, milliseconds. */
  readonly mainThreadLongestBlockMs: number;
  readonly errors: number;
};

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const secondsSince = (start: bigint): number => Number(process.hrtime.bigint() - start) / 1e9;

const peakOf = (pid: number | undefined): number => {
  if (pid === undefined) return 0;
  try {
    const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(match?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
};

const tokenize = async (path: string): Promise<number> => {
  const start = process.hrtime.bigint();
  const parser = new SaxesParser({ xmlns: false });
  for (const event of ['opentag', 'closetag', 'text'] as const) parser.on(event, () => undefined);
  for await (const chunk of createReadStream(path, 'utf8')) parser.write(chunk as string);
  parser.close();
  return secondsSince(start);
};

/** Reads files of the given sizes; the sandbox's description gives parties and tokens. */
export const benchReading = async (sizes: readonly number[]): Promise<ReadBench[]> => {
  const sandbox = await startSandbox();
  const folder = mkdtempSync(join(tmpdir(), 'nostro-bench-'));
  const children = await bundleChildren(['iso20022.process']);
  try {
    const results: ReadBench[] = [];
    for (const payments of sizes) {
      const path = join(folder, `${payments}.xml`);
      writeFileSync(path, samplePain001(sandbox.description, { version: '09', count: payments }));
      const baselineSeconds = await tokenize(path);
      let pid: number | undefined;
      let childPeakBytes = 0;
      const spawn = createSpawnNode({ folder: children, log: silent });
      const reader = createFileReader({
        spawn: (name) => {
          const port = spawn(name);
          pid = port.pid();
          return port;
        },
        connect: connectChild,
      });
      const start = process.hrtime.bigint();
      const output = await reader.parse(path, {
        onPayments: () => {
          childPeakBytes = Math.max(childPeakBytes, peakOf(pid));
        },
      });
      const seconds = secondsSince(start);
      if (output.count !== payments) throw new Error(`read ${output.count} of ${payments} payments`);
      results.push({
        payments,
        fileBytes: statSync(path).size,
        seconds,
        perSecond: payments / seconds,
        childPeakBytes,
        baselineSeconds,
        ratio: seconds / baselineSeconds,
      });
    }
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await sandbox.stop();
  }
};

/** The whole import of one file through the app, up to the report that the treasurer reads. */
export const benchImport = async (payments: number): Promise<ImportBench> => {
  const sandbox = await startSandbox();
  const desk = openEnrolmentDesk(sandbox);
  const folder = makeAppFolder();
  const app = await startApp({ folder, sandboxFile: desk.directoryFile });
  try {
    await app.main['vault.restore']({
      mnemonic: sandbox.description.treasury.mnemonic,
      bip39Passphrase: null,
      passphrase: 'gravel-Umbrella 71 sundial thermos',
      accounts: 3,
    });
    await app.main['app.addSandbox']({});
    const path = join(folder.path, 'bench.xml');
    writeFileSync(path, samplePain001(sandbox.description, { version: '09', count: payments }));
    app.dropFile(path);
    const dropped = app.events.map(({ event }) => event).find((event) => event.type === 'files.dropped');
    if (dropped?.type !== 'files.dropped') throw new Error('the file did not arrive');
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const start = process.hrtime.bigint();
    const report = await app.main['payments.importFile']({
      fileId: dropped.file.fileId,
      mapping: null,
      saveMappingAs: null,
    });
    const seconds = secondsSince(start);
    delay.disable();
    if (report.count !== payments) throw new Error(`imported ${report.count} of ${payments} payments`);
    return {
      payments,
      seconds,
      perSecond: payments / seconds,
      mainThreadLongestBlockMs: delay.max / 1e6,
      errors: report.errorCount,
    };
  } finally {
    await app.stop();
    folder.remove();
    desk.close();
    await sandbox.stop();
  }
};
