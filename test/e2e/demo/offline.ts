/** The demonstration of two people and an air gap: three machines in the real app, the offline one under a trace. */
import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Sandbox } from '../../sandbox/index';
import { makeTracedLauncher } from '../../support/trace-sockets';
import { createWay } from '../air-gap/way';
import { createElectronLane, type ElectronLaneOptions } from '../lanes/electron-lane';
import { expect } from '../pages/expect';
import { compareBalances } from '../pages/facts';
import type { Pictures } from './pictures';

export type OfflineOutcome = {
  readonly kind: 'done' | 'failed';
  readonly result: {
    readonly electron: string;
    readonly payments: number;
    readonly settled: number;
    readonly rejected: number;
    readonly currencies: readonly string[];
    readonly approvals: number;
    /** Attempts of the offline machine, its children included, to use a socket of the internet. */
    readonly offlineSockets: number;
    readonly wordsAgree: boolean;
    /** An independent program agrees with the signed envelope. */
    readonly verified: boolean;
    readonly balancesMatchChain: boolean;
    readonly digest: string;
    readonly seconds: number;
  };
};

const CURRENCIES = ['USD', 'EUR', 'HKD'];
const PAYMENTS = 500;

export const runOffline = async (deps: {
  readonly root: string;
  readonly folder: string;
  readonly launcher: ElectronLaneOptions;
  readonly sandbox: Sandbox;
  readonly pictures: Pictures;
  readonly say: (line: string) => void;
  readonly started: number;
}): Promise<OfflineOutcome> => {
  const { root, folder, launcher, sandbox, pictures, say, started } = deps;
  const traced = makeTracedLauncher(launcher.executablePath);
  const online = createElectronLane(launcher);
  const offline = createElectronLane({ ...launcher, executablePath: traced.executablePath });
  try {
    const files = path.join(folder, 'files');
    mkdirSync(files);
    chmodSync(files, 0o777);
    const way = createWay({
      root,
      start: (who) =>
        (who === 'signer' ? offline : online).start({
          userData: path.join(folder, who),
          sandboxFile: null,
          colorScheme: null,
          size: { width: 1440, height: 900 },
        }),
      sandbox,
      folder: files,
      payments: PAYMENTS,
      currencies: CURRENCIES,
      say,
      // One scheme: on the test runtime, changing it while several apps share a display ended pages now and then.
      picture: (page, name) => pictures.take(page, name),
    });
    const { maker, signedFile: _file, isVerified, ...facts } = await way.run();
    const balancesMatchChain = await expect
      .poll(async () => (await compareBalances(maker.page, sandbox)).length, { timeout: 60_000 })
      .toBe(0)
      .then(
        () => true,
        () => false,
      );
    await online.dispose();
    await offline.dispose();
    const { attempts, calls } = traced.read();
    if (calls === 0) throw new Error('the trace of the offline machine saw nothing');
    for (const { line } of attempts) say(`a socket was tried: ${line}`);
    const result = {
      electron: launcher.version,
      ...facts,
      offlineSockets: attempts.length,
      verified: isVerified,
      balancesMatchChain,
      seconds: Math.round((Date.now() - started) / 100) / 10,
    };
    const isAsExpected =
      facts.settled === PAYMENTS &&
      facts.payments === PAYMENTS &&
      facts.approvals >= 1 &&
      attempts.length === 0 &&
      facts.wordsAgree &&
      isVerified &&
      balancesMatchChain;
    return { kind: isAsExpected ? 'done' : 'failed', result };
  } finally {
    await online.dispose();
    await offline.dispose();
    traced.remove();
  }
};
