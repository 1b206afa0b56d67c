/** The same way with both real child processes: keys in the vault process, the store in the ledger process. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Address } from 'viem';
import { expect, it } from 'vitest';
import { createLedgerChild } from '../../../src/main/ledger';
import { openStore } from '../../../src/main/ledger/store';
import { connectChild } from '../../../src/main/platform/child';
import { sealTo } from '../../../src/main/platform/sealed-box';
import { SANDBOX_MNEMONIC, startSandbox } from '../../sandbox';
import { bundleChildren } from '../../support/bundle-children';
import { createSpawnNode } from '../../support/spawn-node';
import { createVaultFixture } from '../../support/vault-fixture';
import { createHarness, PASSPHRASE, testAccounts, waitFor } from './harness';

const COUNT = 300;

it('signs a large batch in the vault process and settles all of it out of the ledger process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nostro-processes-'));
  const file = join(folder, 'ledger.db');
  const key = new Uint8Array(randomBytes(32));
  const sandbox = await startSandbox({ mining: 'auto' });
  const fixture = await createVaultFixture();
  const vault = fixture.start();
  const ledger = createLedgerChild({
    connect: () => connectChild(createSpawnNode(children)('ledger')),
  });
  const children = await bundleChildren(['ledger.process']);
  try {
    const { keys } = await vault.restore({
      mnemonic: SANDBOX_MNEMONIC,
      bip39Passphrase: null,
      passphrase: PASSPHRASE,
      accounts: 2,
    });
    const accounts = testAccounts(sandbox.description).flatMap((account) => {
      const own = keys.find(({ address }) => address === account.address);
      return own ? [{ ...account, keyId: own.keyId }] : [];
    });
    expect(accounts).toHaveLength(2);
    const receiver = sandbox.description.suppliers.find(
      ({ standing }) => standing.R === 'enrolled' && standing.F === 'enrolled',
    )?.address as Address;
    const before = await sandbox.balanceOf('R', receiver);

    const seeded = openStore({ file, key });
    const seed = await createHarness({ db: seeded.db, description: sandbox.description, accounts });
    const batchId = seeded.db.transaction(() =>
      seed.createBatch(
        Array.from({ length: COUNT }, (_, index) => ({
          token: seed.token(index % 3 === 0 ? 'F' : 'R'),
          to: receiver,
          units: 1n,
          from: index % 2,
        })),
      ),
    )();
    await seed.stop();
    seeded.close();

    await ledger.open({
      file,
      sealKey: async (recipient) => sealTo(recipient, key),
      sealJournalKey: async (recipient) => sealTo(recipient, key),
    });
    const harness = await createHarness({
      db: seeded.db,
      store: ledger.store('settlement'),
      description: sandbox.description,
      accounts,
      vault,
      network: { finality: { kind: 'tag', tag: 'latest' } },
    });
    await harness.settlement.start();
    await harness.approveBatch(batchId);
    await waitFor(
      async () => ((await harness.store.openSlots(batchId, 0, 1)).length === 0 ? true : undefined),
      'all payments to be final',
      60_000,
    );
    const payments = await harness.store.paymentFacts(batchId, 0, COUNT);
    expect(new Set(payments.map(({ status }) => status))).toEqual(new Set(['ACSC']));
    expect((await sandbox.balanceOf('R', receiver)) - before).toBe(BigInt(COUNT - COUNT / 3));
    const slots = await Promise.all(payments.slice(0, 20).map(({ id }) => harness.store.slot(id)));
    expect(slots.every((slot) => slot?.attempts.length === 1)).toBe(true);
    await harness.stop();
  } finally {
    await ledger.close();
    await fixture.dispose();
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
