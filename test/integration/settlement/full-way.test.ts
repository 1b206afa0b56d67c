/** From approval to final on the real sandbox chain: all five kinds of token, with the reference checked on chain. */

import { type Address, decodeFunctionData, type Hex, parseAbi } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPaymentsStore } from '../../../src/main/ledger/stores/payments-store';
import { ApprovalDocument, ApprovalLine } from '../../../src/shared/contract/approval';
import { AppEvent } from '../../../src/shared/contract/events';
import { encodeMemo } from '../../../src/shared/evm/calldata';
import type { Hash32 } from '../../../src/shared/model/ids';
import { Batch, Payment } from '../../../src/shared/model/payments';
import { type Sandbox, startSandbox } from '../../sandbox';
import { openTestStore, type TestStore } from '../../support/open-store';
import { createHarness, type Harness, PASSPHRASE, waitForStages } from './harness';

let sandbox: Sandbox;
let opened: TestStore;
let harness: Harness;

beforeAll(async () => {
  sandbox = await startSandbox({ mining: 'auto' });
  opened = openTestStore();
  harness = await createHarness({
    db: opened.db,
    description: sandbox.description,
    network: { finality: { kind: 'tag', tag: 'latest' } },
  });
  await harness.settlement.start();
});
afterAll(async () => {
  await harness.stop();
  opened.close();
  await sandbox.stop();
});

const enrolled = (profile: 'J' | 'F' | 'S' | 'T' | 'R'): string => {
  const supplier = sandbox.description.suppliers.find(({ standing }) => standing[profile] === 'enrolled');
  if (!supplier) throw new Error(`nobody is enrolled for ${profile}`);
  return supplier.address;
};

const logsOf = async (hash: Hash32): Promise<{ topics: Hex[]; data: Hex; address: Address }[]> => {
  const receipt = (await sandbox.rpc.call('eth_getTransactionReceipt', hash)) as {
    logs: { topics: Hex[]; data: Hex; address: Address }[];
  };
  return receipt.logs;
};

describe('a batch over all five tokens', () => {
  it('settles every payment once, with its reference on chain', async () => {
    const profiles = ['J', 'F', 'S', 'T', 'R'] as const;
    const inputs = profiles.map((profile, index) => ({
      token: harness.token(profile),
      to: enrolled(profile),
      units: 1000n + BigInt(index),
      from: index % 2,
    }));
    const before = await Promise.all(
      inputs.map(({ token, to }) => sandbox.balanceOf(token.address as Address, to as Address)),
    );
    const batchId = harness.createBatch(inputs);

    await harness.preflight.run(batchId);
    expect(harness.payments(batchId).map(({ preflight }) => preflight?.state)).toEqual(
      profiles.map(() => 'ok'),
    );

    await harness.approval.request(batchId);
    const document = harness.approval.document();
    // What leaves for the window is exactly what its contract says.
    expect(ApprovalDocument.parse(document)).toEqual(document);
    expect(document).toMatchObject({ kind: 'batch', count: 5, creditors: expect.any(Number) });
    expect(document.words).toHaveLength(12);
    expect(document.unchecked).toContainEqual(expect.objectContaining({ code: 'no-view-answers', count: 1 }));
    const { lines } = harness.approval.lines(0, 10);
    expect(lines.map(({ units, creditorAddress }) => [units, creditorAddress])).toEqual(
      inputs.map(({ units, to }) => [units, to]),
    );
    expect(lines.map((line) => ApprovalLine.parse(line))).toEqual(lines);
    expect(harness.payments(batchId).every(({ status }) => status === 'PDNG')).toBe(true);

    const { signed } = await harness.approval.approve({ digest: document.digest, passphrase: PASSPHRASE });
    expect(signed).toBe(5);
    const settled = await waitForStages(harness, batchId, ['final']);
    expect(settled.every(({ status }) => status === 'ACSC')).toBe(true);

    for (const [index, { token, to, units }] of inputs.entries()) {
      const after = await sandbox.balanceOf(token.address as Address, to as Address);
      expect(after - (before[index] ?? 0n)).toBe(units);
      const payment = settled[index];
      const hash = payment?.settlement?.transactionHash as Hash32;
      const transaction = (await sandbox.rpc.call('eth_getTransactionByHash', hash)) as { input: Hex };
      if (token.approved?.interfaces.includes('memo')) {
        const { args } = decodeFunctionData({
          abi: parseAbi(['function transferWithMemo(address,uint256,bytes32)']),
          data: transaction.input,
        });
        expect(args[2]).toBe(encodeMemo(payment?.reference ?? ''));
        const memos = (await logsOf(hash)).filter(({ topics }) => topics.includes(args[2]));
        expect(memos.length).toBeGreaterThan(0);
      } else {
        const suffix = Buffer.from(transaction.input.slice(2 + 8 + 128), 'hex');
        expect(suffix.subarray(0, 16).toString('ascii')).toBe(payment?.reference);
        expect(`0x${suffix.subarray(16, 48).toString('hex')}`).toBe(payment?.docHash);
        expect(suffix.subarray(48).toString('latin1')).toBe('\u0001PAYREFv1');
      }
      expect(payment?.settlement).toMatchObject({ feeIsFinal: true });
      expect(payment?.settlement?.fee).toBeGreaterThan(0n);
    }
    const shown = createPaymentsStore(opened.db);
    expect(Batch.parse(shown.batch(batchId))).toMatchObject({
      status: 'ACSC',
      byStatus: { ACSC: 5 },
      approval: { digest: document.digest, words: document.words },
      preflight: { ok: 5 },
    });
    for (const { id } of settled) {
      const payment = Payment.parse(shown.payment(id));
      expect(payment).toMatchObject({ status: 'ACSC', settlement: { stage: 'final' } });
    }
    expect(harness.events.map((event) => AppEvent.parse(event))).toEqual(harness.events);
    expect(harness.events).toContainEqual({ type: 'approval.closed', batchId, outcome: 'approved' });
    expect(harness.windows).toMatchObject({ opened: 1 });
  });
});
