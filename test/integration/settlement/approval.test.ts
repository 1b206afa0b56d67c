/** Approval under hostile and unlucky conditions: anything but the shown content refuses, and leaves nothing behind. */

import type { Address, Hex } from 'viem';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { approvalHandlers } from '../../../src/main/approval';
import type { BatchId, Hash32 } from '../../../src/shared/model/ids';
import { type Sandbox, startSandbox, treasuryKey } from '../../sandbox';
import { openTestStore, type TestStore } from '../../support/open-store';
import { createHarness, createTestSigner, type Harness, PASSPHRASE, waitForStages } from './harness';

let sandbox: Sandbox;
let opened: TestStore;
let harness: Harness;
let signer: ReturnType<typeof createTestSigner>;
let clean: Hex;
let skewMs = 0;

beforeAll(async () => {
  sandbox = await startSandbox({ mining: 'auto' });
});
afterAll(async () => {
  await sandbox.stop();
});
beforeEach(async () => {
  clean = await sandbox.snapshot();
  opened = openTestStore();
  skewMs = 0;
  signer = createTestSigner();
  harness = await createHarness({
    db: opened.db,
    description: sandbox.description,
    network: { finality: { kind: 'tag', tag: 'latest' } },
    vault: signer,
    clock: {
      now: () => new Date(),
      monotonicMs: () => Number(process.hrtime.bigint() / 1_000_000n) + skewMs,
    },
  });
  await harness.settlement.start();
});
afterEach(async () => {
  await harness.stop();
  opened.close();
  await sandbox.revert(clean);
});

const receiver = (): string => {
  const supplier = sandbox.description.suppliers.find(({ standing }) => standing.R === 'enrolled');
  if (!supplier) throw new Error('nobody is enrolled');
  return supplier.address;
};
const batchOf = (count = 2): BatchId =>
  harness.createBatch(
    Array.from({ length: count }, (_, index) => ({
      token: harness.token('R'),
      to: receiver(),
      units: 10n + BigInt(index),
    })),
  );
const open = async (batchId: BatchId): Promise<Hash32> => {
  await harness.preflight.run(batchId);
  await harness.approval.request(batchId);
  return harness.approval.document().digest;
};
const expectNothing = async (batchId: BatchId, status: string): Promise<void> => {
  expect(harness.payments(batchId).map((payment) => [payment.status, payment.settlement])).toEqual(
    harness.payments(batchId).map(() => [status, null]),
  );
  expect(await harness.store.openSlots(batchId, 0, 10)).toEqual([]);
};

describe('hostile calls', () => {
  it('refuses a digest that was not shown', async () => {
    const batchId = batchOf();
    await open(batchId);
    const other = `0x${'ab'.repeat(32)}` as Hash32;
    await expect(harness.approval.approve({ digest: other, passphrase: PASSPHRASE })).rejects.toMatchObject({
      code: 'payments/digest-mismatch',
    });
    expect(signer.calls).toBe(0);
    await expectNothing(batchId, 'PDNG');
  });

  it('answers nothing while nothing is open', async () => {
    const handlers = approvalHandlers(harness.approval, () => undefined);
    const digest = `0x${'ab'.repeat(32)}` as Hash32;
    for (const call of [
      () => handlers['approval.document']({}),
      () => handlers['approval.lines']({ offset: 0, limit: 10 }),
      () => handlers['approval.approve']({ digest, passphrase: PASSPHRASE }),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'payments/approval-closed' });
    await expect(handlers['approval.cancelSigning']({})).resolves.toEqual({});
    await expect(handlers['approval.close']({})).resolves.toEqual({});
  });

  it('signs once, however often it is asked', async () => {
    const before = await sandbox.balanceOf('R', receiver() as Address);
    const batchId = batchOf(3);
    const digest = await open(batchId);
    const answers = await Promise.allSettled(
      Array.from({ length: 8 }, () => harness.approval.approve({ digest, passphrase: PASSPHRASE })),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(signer.calls).toBe(1);
    await expect(harness.approval.approve({ digest, passphrase: PASSPHRASE })).rejects.toMatchObject({
      code: 'payments/approval-closed',
    });
    await expect(harness.approval.request(batchId)).rejects.toMatchObject({ code: 'payments/wrong-state' });
    await waitForStages(harness, batchId, ['final']);
    expect(await sandbox.balanceOf('R', receiver() as Address)).toBe(before + 10n + 11n + 12n);
  });

  it('keeps one approval open at a time', async () => {
    const first = batchOf();
    const second = batchOf();
    await open(first);
    await harness.preflight.run(second);
    await expect(harness.approval.request(second)).rejects.toMatchObject({ code: 'busy' });
    // Asked again for the open one, its window comes to the front; nothing is built anew.
    const { digest } = harness.approval.document();
    await harness.approval.request(first);
    expect(harness.windows.opened).toBe(2);
    expect(harness.approval.document().digest).toBe(digest);
    await expectNothing(second, 'ACTC');
  });

  it('refuses a wrong passphrase and can be asked again', async () => {
    const batchId = batchOf();
    const digest = await open(batchId);
    await expect(harness.approval.approve({ digest, passphrase: 'wrong' })).rejects.toMatchObject({
      code: 'vault/wrong-passphrase',
    });
    await expectNothing(batchId, 'PDNG');
    await harness.approval.approve({ digest, passphrase: PASSPHRASE });
    await waitForStages(harness, batchId, ['final']);
  });
});

describe('changes between showing and approving', () => {
  const changes: readonly (readonly [string, (batchId: BatchId) => unknown, string])[] = [
    [
      'an amount',
      (id) =>
        opened.db.prepare(`UPDATE payments SET units = '99' WHERE batch_id = ? AND position = 1`).run(id),
      'payments/digest-mismatch',
    ],
    [
      'a creditor address',
      (id) =>
        opened.db
          .prepare(`UPDATE payments SET creditor_address = ? WHERE batch_id = ? AND position = 0`)
          .run(treasuryKey(2).address, id),
      'payments/digest-mismatch',
    ],
    [
      'a creditor name',
      (id) => opened.db.prepare(`UPDATE payments SET creditor_name = 'Someone' WHERE batch_id = ?`).run(id),
      'payments/digest-mismatch',
    ],
    [
      'an end-to-end id',
      (id) =>
        opened.db
          .prepare(`UPDATE payments SET end_to_end_id = 'other' WHERE batch_id = ? AND position = 0`)
          .run(id),
      'payments/digest-mismatch',
    ],
    [
      'a reference',
      (id) =>
        opened.db
          .prepare(`UPDATE payments SET reference = '0000000000000000' WHERE batch_id = ? AND position = 0`)
          .run(id),
      'payments/digest-mismatch',
    ],
    [
      'a document',
      (id) =>
        opened.db
          .prepare(`UPDATE payments SET doc_hash = ? WHERE batch_id = ? AND position = 0`)
          .run(`0x${'cd'.repeat(32)}`, id),
      'payments/digest-mismatch',
    ],
    [
      'a dropped payment',
      (id) =>
        opened.db.prepare(`UPDATE payments SET status = 'RJCT' WHERE batch_id = ? AND position = 1`).run(id),
      'payments/digest-mismatch',
    ],
    [
      'a swapped order',
      (id) =>
        opened.db.exec(
          `UPDATE payments SET position = position + 5 WHERE batch_id = '${id}' AND position = 0`,
        ),
      'payments/digest-mismatch',
    ],
    [
      'a status',
      (id) =>
        opened.db.prepare(`UPDATE payments SET status = 'ACTC' WHERE batch_id = ? AND position = 1`).run(id),
      'payments/wrong-state',
    ],
    [
      'a new pre-flight',
      (id) =>
        opened.db
          .prepare(
            `UPDATE payments SET preflight = replace(preflight, '"$int":"', '"$int":"9') WHERE batch_id = ?`,
          )
          .run(id),
      'payments/digest-mismatch',
    ],
    [
      'reserved nonces',
      (id) =>
        opened.db
          .prepare(`UPDATE settlement_reservations SET first_nonce = first_nonce + 1 WHERE batch_id = ?`)
          .run(id),
      'payments/digest-mismatch',
    ],
    [
      'the file it came from',
      (id) =>
        opened.db
          .prepare(
            `UPDATE batches SET source = replace(source, '"messageId":null', '"messageId":"X"') WHERE id = ?`,
          )
          .run(id),
      'payments/digest-mismatch',
    ],
  ];
  it.each(changes)('refuses after a change of %s', async (_name, change, code) => {
    const batchId = batchOf();
    const digest = await open(batchId);
    change(batchId);
    await expect(harness.approval.approve({ digest, passphrase: PASSPHRASE })).rejects.toMatchObject({
      code,
    });
    expect(signer.calls).toBe(0);
    expect(await harness.store.openSlots(batchId, 0, 10)).toEqual([]);
  });

  it('refuses when the token’s contract changed', async () => {
    const batchId = batchOf();
    const digest = await open(batchId);
    await sandbox.upgradeToV2('R', {});
    await expect(harness.approval.approve({ digest, passphrase: PASSPHRASE })).rejects.toMatchObject({
      code: 'directory/token-changed',
    });
    await expectNothing(batchId, 'PDNG');
  });

  it('refuses when the money is gone', async () => {
    const batchId = batchOf();
    const digest = await open(batchId);
    const account = harness.accounts[0]?.address as Address;
    const balance = await sandbox.balanceOf('R', account);
    await sandbox.forcedTransfer('R', account, receiver() as Address, balance);
    await expect(harness.approval.approve({ digest, passphrase: PASSPHRASE })).rejects.toMatchObject({
      code: 'payments/insufficient-funds',
    });
    await expectNothing(batchId, 'PDNG');
  });

  it('refuses when somebody else used the planned nonce', async () => {
    const batchId = batchOf();
    const digest = await open(batchId);
    const key = treasuryKey(0);
    const count = (await sandbox.rpc.call('eth_getTransactionCount', key.address, 'latest')) as Hex;
    await sandbox.rpc.call(
      'eth_sendRawTransaction',
      await key.signTransaction({
        type: 'eip1559',
        chainId: sandbox.chainId,
        nonce: Number(BigInt(count)),
        to: key.address,
        gas: 21_000n,
        maxFeePerGas: 100_000_000_000n,
        maxPriorityFeePerGas: 1_000_000_000n,
      }),
    );
    await expect(harness.approval.approve({ digest, passphrase: PASSPHRASE })).rejects.toMatchObject({
      code: 'settlement/nonce-conflict',
    });
    await expectNothing(batchId, 'PDNG');
    await harness.approval.close();
    const again = await open(batchId);
    expect(again).not.toBe(digest);
    await harness.approval.approve({ digest: again, passphrase: PASSPHRASE });
    await waitForStages(harness, batchId, ['final']);
  });

  it('refuses a document that lay open too long', async () => {
    const digest = await open(batchOf());
    skewMs = 16 * 60_000;
    await expect(harness.approval.approve({ digest, passphrase: PASSPHRASE })).rejects.toMatchObject({
      code: 'payments/digest-mismatch',
    });
    expect(signer.calls).toBe(0);
  });
});

describe('giving up', () => {
  it('closes without a trace: statuses and nonces as before', async () => {
    const batchId = batchOf();
    const first = await open(batchId);
    await harness.approval.close();
    await expectNothing(batchId, 'ACTC');
    expect(await harness.store.reservationsOf(batchId)).toEqual([]);
    expect(harness.events).toContainEqual({ type: 'approval.closed', batchId, outcome: 'closed' });
    expect((await open(batchId)).length).toBe(first.length);
  });

  it('cancels signing in the middle and keeps nothing of it', async () => {
    const batchId = batchOf(30);
    const digest = await open(batchId);
    signer.onSigned = (count) => {
      if (count === 10) harness.approval.cancelSigning();
    };
    await expect(harness.approval.approve({ digest, passphrase: PASSPHRASE })).rejects.toMatchObject({
      code: 'cancelled',
    });
    signer.onSigned = () => undefined;
    await expectNothing(batchId, 'PDNG');
    await harness.approval.approve({ digest, passphrase: PASSPHRASE });
    await waitForStages(harness, batchId, ['final']);
  });

  it('refuses what the pre-flight refused or never saw', async () => {
    const batchId = harness.createBatch([
      { token: harness.token('R'), to: '0x00000000000000000000000000000000DeaDBeef', units: 1n },
    ]);
    await expect(harness.approval.request(batchId)).rejects.toMatchObject({
      code: 'payments/preflight-refused',
      details: { missing: 1 },
    });
    await harness.preflight.run(batchId);
    await expect(harness.approval.request(batchId)).rejects.toMatchObject({
      code: 'payments/preflight-refused',
      details: { refused: 1 },
    });
    await expectNothing(batchId, 'ACTC');
  });
});
