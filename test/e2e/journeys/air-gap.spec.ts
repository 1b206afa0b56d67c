/**
 * Two people and an air gap: a batch in three currencies is made on one machine, approved on another, signed on a third
 * that tries no connection, sent by the first, and settles. The journey has the size of a demonstration in the real
 * Electron; the other lane takes fewer payments.
 */
import path from 'node:path';
import { makeTracedLauncher } from '../../support/trace-sockets';
import { createWay } from '../air-gap/way';
import { expect, ROOT, test } from '../fixtures';
import { readLaunchers } from '../global-setup';
import { createElectronLane } from '../lanes/electron-lane';
import { compareBalances } from '../pages/facts';

test('a batch is approved by a second person and signed on a machine that tries no connection', async ({
  lane,
  sandbox,
  folder,
}) => {
  test.setTimeout(900_000);
  const isElectron = lane.name === 'electron';
  const { electron } = readLaunchers();
  const traced = isElectron ? makeTracedLauncher(electron.executablePath) : null;
  const offline =
    traced === null ? lane : createElectronLane({ ...electron, executablePath: traced.executablePath });
  try {
    const way = createWay({
      root: ROOT,
      start: (who) => {
        const userData = path.join(folder, who);
        return (who === 'signer' ? offline : lane).start({ userData, sandboxFile: null });
      },
      sandbox,
      folder,
      payments: isElectron ? 500 : 60,
      currencies: ['USD', 'EUR', 'HKD'],
      say: () => undefined,
      picture: async () => undefined,
    });
    const result = await way.run();
    expect(result).toMatchObject({
      payments: isElectron ? 500 : 60,
      settled: isElectron ? 500 : 60,
      rejected: 0,
      currencies: ['EUR', 'HKD', 'USD'],
      approvals: 1,
      wordsAgree: true,
      isVerified: true,
    });
    await expect.poll(() => compareBalances(result.maker.page, sandbox), { timeout: 60_000 }).toEqual([]);
  } finally {
    if (offline !== lane) await offline.dispose();
  }
  if (traced !== null) {
    const { attempts, pids } = traced.read();
    traced.remove();
    expect(attempts).toEqual([]);
    // The trace saw the app and its children.
    expect(pids.length).toBeGreaterThan(5);
  }
});
