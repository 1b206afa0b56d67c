/**
 * A whole signing and settling side in a process of its own, to be killed at any moment. Arguments: database file, key as
 * hex, sandbox description as JSON, `sign` or `resume`. Prints one line per step.
 */
import { openStore } from '../../../src/main/ledger/store';
import type { BatchId } from '../../../src/shared/model/ids';
import type { SandboxDescription } from '../../sandbox';
import { createHarness, PASSPHRASE } from './harness';

const [, , file = '', key = '', description = '', mode = ''] = process.argv;
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const run = async (): Promise<void> => {
  const sandbox = JSON.parse(description) as SandboxDescription;
  const store = openStore({ file, key: new Uint8Array(Buffer.from(key, 'hex')) });
  const harness = await createHarness({
    db: store.db,
    description: sandbox,
    network: { finality: { kind: 'tag', tag: 'latest' } },
    pace: { busyMs: 2, idleMs: () => 20, stuckAfterMs: () => 60_000 },
  });
  await harness.settlement.start();
  say('started');
  if (mode === 'sign') {
    const supplier = sandbox.suppliers.find(({ standing }) => standing.R === 'enrolled');
    const batchId: BatchId = harness.createBatch(
      Array.from({ length: 12 }, (_, index) => ({
        token: harness.token(index % 3 === 0 ? 'F' : 'R'),
        to: supplier?.address ?? '',
        units: 100n + BigInt(index),
        from: index % 2,
      })),
    );
    await harness.preflight.run(batchId);
    await harness.approval.request(batchId);
    say('shown');
    await harness.approval.approve({ digest: harness.approval.document().digest, passphrase: PASSPHRASE });
    say('approved');
  }
  for (;;) {
    const open = await harness.store.openSlots(null, 0, 1);
    if (open.length === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  say('settled');
  await harness.stop();
  store.close();
  process.exit(0);
};

run().catch((error: unknown) => {
  say(`failed ${String(error)} ${error instanceof Error ? error.stack : ''}`);
  process.exit(1);
});
