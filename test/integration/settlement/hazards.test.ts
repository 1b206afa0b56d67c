/** What networks do to payments, on the real sandbox chain: loss, delay, replacement, re-orgs, refusals, absence. */

import type { Address, Hex } from 'viem';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChainPort } from '../../../src/main/settlement';
import { AppError } from '../../../src/shared/errors';
import type { BatchId, Hash32 } from '../../../src/shared/model/ids';
import { type Sandbox, startSandbox, treasuryKey } from '../../sandbox';
import { openTestStore, type TestStore } from '../../support/open-store';
import { createHarness, type Harness, PASSPHRASE, waitFor, waitForStages } from './harness';

let sandbox: Sandbox;
let opened: TestStore;
let harness: Harness;
let clean: Hex;
let isAway = false;
let refusedCalls = 0;

const receiver = (profile: 'F' | 'R' | 'S' | 'T'): string => {
  const supplier = sandbox.description.suppliers.find(({ standing }) => standing[profile] === 'enrolled');
  if (!supplier) throw new Error(`nobody is enrolled for ${profile}`);
  return supplier.address;
};

/** A network that can be switched off. */
const switchable = (port: ChainPort): ChainPort =>
  new Proxy(port, {
    get: (target, name) => {
      const method = target[name as keyof ChainPort] as (...args: unknown[]) => Promise<unknown>;
      return (...args: unknown[]) => {
        if (!isAway) return method(...args);
        refusedCalls += 1;
        return Promise.reject(new AppError('chain/unreachable'));
      };
    },
  });

const single = (units = 500n): BatchId =>
  harness.createBatch([{ token: harness.token('R'), to: receiver('R'), units }]);
const hashOf = (batchId: BatchId, index = 0): Hash32 => {
  const hash = harness.payments(batchId)[index]?.settlement?.transactionHash;
  if (!hash) throw new Error('not signed');
  return hash;
};
const idOf = (batchId: BatchId, index = 0) => {
  const id = harness.payments(batchId)[index]?.id;
  if (!id) throw new Error('no such payment');
  return id;
};
const approveOpen = () =>
  harness.approval.approve({ digest: harness.approval.document().digest, passphrase: PASSPHRASE });
const received = (units: bigint) => async (): Promise<true | undefined> =>
  (await sandbox.balanceOf('R', receiver('R') as Address)) === units ? true : undefined;

beforeAll(async () => {
  sandbox = await startSandbox({ mining: 'auto' });
});
afterAll(async () => {
  await sandbox.stop();
});
beforeEach(async () => {
  clean = await sandbox.snapshot();
  isAway = false;
  opened = openTestStore();
  harness = await createHarness({
    db: opened.db,
    description: sandbox.description,
    network: { finality: { kind: 'depth', blocks: 3 } },
    wrapChain: switchable,
  });
  await harness.settlement.start();
});
afterEach(async () => {
  await harness.stop();
  opened.close();
  await sandbox.setMining('auto');
  await sandbox.revert(clean);
});

describe('inclusion and finality', () => {
  it('is included first and final only at the network’s depth', async () => {
    const batchId = single();
    await harness.approveBatch(batchId);
    const [included] = await waitForStages(harness, batchId, ['included']);
    expect(included).toMatchObject({ status: 'ACSP', settlement: { feeIsFinal: true } });
    expect(await harness.store.pendingOut(harness.accounts[0]?.id as never, harness.token('R').id)).toBe(0n);
    await sandbox.mine(3);
    const [final] = await waitForStages(harness, batchId, ['final']);
    expect(final).toMatchObject({ status: 'ACSC' });
    expect(await harness.settlement.paymentOfTransaction(hashOf(batchId))).toMatchObject({
      paymentId: idOf(batchId),
      action: 'pay',
    });
  });

  it('follows a payment that a re-org took back until it is in again, and pays once', async () => {
    const start = await sandbox.balanceOf('R', receiver('R') as Address);
    const batchId = single(700n);
    await harness.approveBatch(batchId);
    const [before] = await waitForStages(harness, batchId, ['included']);
    await sandbox.reorg(1);
    await waitFor(async () => {
      const now = harness.payments(batchId)[0]?.settlement;
      return now?.stage === 'included' && now.blockHash !== before?.settlement?.blockHash ? now : undefined;
    }, 'another inclusion');
    await sandbox.mine(4);
    await waitForStages(harness, batchId, ['final']);
    await waitFor(received(start + 700n), 'exactly one transfer');
  });
});

describe('waiting', () => {
  it('sends a payment again that the node forgot', async () => {
    await sandbox.setMining('manual');
    const batchId = single();
    await harness.approveBatch(batchId);
    await waitForStages(harness, batchId, ['sent']);
    await sandbox.dropTransaction(hashOf(batchId) as Hex);
    await waitFor(async () => {
      return (await sandbox.rpc.call('eth_getTransactionByHash', hashOf(batchId))) === null
        ? undefined
        : true;
    }, 'the same bytes in the pool again');
    await sandbox.mine(5);
    await waitForStages(harness, batchId, ['final']);
  });

  it('says stuck for the first in line, and a faster copy pays exactly once', async () => {
    await sandbox.setMining('manual');
    const start = await sandbox.balanceOf('R', receiver('R') as Address);
    const batchId = harness.createBatch([
      { token: harness.token('R'), to: receiver('R'), units: 10n },
      { token: harness.token('R'), to: receiver('R'), units: 20n },
    ]);
    await harness.approveBatch(batchId);
    await waitFor(
      () => (harness.payments(batchId)[0]?.settlement?.stage === 'stuck' ? true : undefined),
      'stuck',
    );
    expect(harness.payments(batchId)[1]?.settlement?.stage).toBe('sent');
    const original = hashOf(batchId);
    await harness.settlement.speedUp(idOf(batchId));
    expect(harness.approval.document()).toMatchObject({ kind: 'replacement', count: 1 });
    const [line] = harness.approval.lines(0, 1).lines;
    expect(line).toMatchObject({
      action: 'pay',
      units: 10n,
      nonce: harness.payments(batchId)[0]?.settlement?.nonce,
    });
    await approveOpen();
    const replaced = await waitFor(async () => {
      const hash = hashOf(batchId);
      const known = await sandbox.rpc.call('eth_getTransactionByHash', hash);
      return hash !== original && known !== null ? hash : undefined;
    }, 'the faster copy in the pool');
    await sandbox.mine(5);
    const [first] = await waitForStages(harness, batchId, ['final']);
    expect(first?.settlement).toMatchObject({ transactionHash: replaced });
    expect(first?.settlement?.replacements).toHaveLength(1);
    await waitFor(received(start + 30n), 'both payments once');
  });

  it('cancels by replacement: no money moves and the payment is rejected', async () => {
    await sandbox.setMining('manual');
    const start = await sandbox.balanceOf('R', receiver('R') as Address);
    const batchId = single(900n);
    await harness.approveBatch(batchId);
    await waitForStages(harness, batchId, ['sent', 'stuck']);
    await harness.settlement.cancel(idOf(batchId));
    expect(harness.approval.lines(0, 1).lines[0]).toMatchObject({ action: 'cancel', data: '0x' });
    expect(harness.approval.document().sums).toEqual([]);
    await approveOpen();
    await expect(harness.settlement.speedUp(idOf(batchId))).rejects.toMatchObject({
      code: 'settlement/not-replaceable',
    });
    await waitFor(async () => {
      const slot = await harness.store.slot(idOf(batchId));
      return slot?.attempts.at(-1)?.sentAt === null ? undefined : true;
    }, 'the cancellation is sent');
    await sandbox.mine(5);
    const [cancelled] = await waitForStages(harness, batchId, ['replaced']);
    await waitFor(() => (harness.payments(batchId)[0]?.status === 'RJCT' ? true : undefined), 'RJCT');
    expect(harness.payments(batchId)[0]).toMatchObject({ reason: 'CUST' });
    expect(cancelled?.settlement?.replacements).toMatchObject([{ action: 'cancel' }]);
    await waitFor(received(start), 'no transfer');
    await expect(harness.settlement.cancel(idOf(batchId))).rejects.toMatchObject({
      code: 'settlement/already-final',
    });
  });

  it('tells when an unknown transaction used the nonce, and never pays again by itself', async () => {
    await sandbox.setMining('manual');
    const start = await sandbox.balanceOf('R', receiver('R') as Address);
    const batchId = single(40n);
    await harness.approveBatch(batchId);
    await waitForStages(harness, batchId, ['sent', 'stuck']);
    const nonce = harness.payments(batchId)[0]?.settlement?.nonce ?? 0n;
    const outside = await treasuryKey(0).signTransaction({
      type: 'eip1559',
      chainId: sandbox.chainId,
      nonce: Number(nonce),
      to: treasuryKey(0).address,
      gas: 21_000n,
      maxFeePerGas: 500_000_000_000n,
      maxPriorityFeePerGas: 400_000_000_000n,
    });
    await sandbox.rpc.call('eth_sendRawTransaction', outside);
    await sandbox.mine(6);
    const [foreign] = await waitForStages(harness, batchId, ['foreign']);
    expect(foreign?.status).toBe('ACSP');
    await expect(harness.settlement.speedUp(idOf(batchId))).rejects.toMatchObject({
      code: 'settlement/not-replaceable',
    });
    await waitFor(received(start), 'no transfer');
  });
});

describe('refusals of the token', () => {
  it('holds a payment that the token refuses right before sending, and what stands behind it', async () => {
    const batchId = harness.createBatch([
      { token: harness.token('R'), to: receiver('R'), units: 11n },
      { token: harness.token('R'), to: receiver('R'), units: 12n },
    ]);
    await harness.preflight.run(batchId);
    await harness.approval.request(batchId);
    await harness.settlement.stop();
    await approveOpen();
    await sandbox.pause('R');
    await harness.settlement.start();
    const held = await waitFor(
      () => harness.payments(batchId).find(({ settlement }) => settlement?.refusal),
      'a held payment',
    );
    expect(held).toMatchObject({
      status: 'ACCP',
      settlement: { stage: 'signed', refusal: { kind: 'paused' } },
    });
    expect(harness.payments(batchId)[1]).toMatchObject({ status: 'ACCP', settlement: { stage: 'signed' } });
    expect(await sandbox.rpc.call('eth_getTransactionByHash', hashOf(batchId))).toBeNull();
    await sandbox.unpause('R');
    await harness.settlement.resend(batchId);
    await waitForStages(harness, batchId, ['included']);
  });

  it('sends nothing in a token that changed after the signing, nor units made with other decimals', async () => {
    const batchId = single(600n);
    const token = harness.token('R');
    const start = await sandbox.balanceOf('R', receiver('R') as Address);
    await harness.preflight.run(batchId);
    await harness.approval.request(batchId);
    await harness.settlement.stop();
    await approveOpen();
    await sandbox.upgradeToV2('R', { decimals: token.decimals + 4 });
    await harness.settlement.start();
    const refusal = (words: string) => () =>
      harness.payments(batchId)[0]?.settlement?.refusal?.text?.includes(words) ? true : undefined;
    await waitFor(refusal('changed since it was approved'), 'the token to be told');
    // A person approves the token as it is now; what was signed before means another amount.
    await harness.addToken(token.address, 'R');
    await waitFor(refusal(`made with ${token.decimals}`), 'the decimals to be told');
    expect(await sandbox.rpc.call('eth_getTransactionByHash', hashOf(batchId))).toBeNull();
    await harness.settlement.cancel(idOf(batchId));
    await approveOpen();
    await waitForStages(harness, batchId, ['replaced']);
    expect(await sandbox.balanceOf('R', receiver('R') as Address)).toBe(start);
  });

  it('explains a payment that was included and failed; RJCT only when that is final', async () => {
    const batchId = single(33n);
    await harness.preflight.run(batchId);
    await harness.approval.request(batchId);
    await harness.settlement.stop();
    await approveOpen();
    await sandbox.pause('R');
    // The bytes reach the network as if they had been on their way before the pause.
    const [stored] = await harness.store.rawOf([hashOf(batchId)]);
    await sandbox.rpc.call('eth_sendRawTransaction', stored?.raw);
    await harness.settlement.start();
    const [failed] = await waitForStages(harness, batchId, ['reverted']);
    expect(failed).toMatchObject({ status: 'ACSP' });
    await sandbox.mine(5);
    await waitFor(() => (harness.payments(batchId)[0]?.status === 'RJCT' ? true : undefined), 'RJCT');
    expect(harness.payments(batchId)[0]).toMatchObject({
      reason: 'AG01',
      settlement: { refusal: { kind: 'paused' } },
    });
  });

  it('waits for the bank where the token only takes a request', async () => {
    const { operations } = sandbox.token('S');
    const batchId = harness.createBatch([
      { token: harness.token('S'), to: operations, units: 5n * 10n ** 18n },
      { token: harness.token('S'), to: operations, units: 6n * 10n ** 18n },
    ]);
    await harness.approveBatch(batchId);
    await waitForStages(harness, batchId, ['included']);
    await sandbox.mine(4);
    const requested = await waitForStages(harness, batchId, ['requested']);
    expect(requested.every(({ status }) => status === 'ACSP')).toBe(true);
    const [first, second] = await Promise.all(
      [0, 1].map(
        async (index) => (await harness.store.slot(idOf(batchId, index)))?.state.inclusion?.requestHash,
      ),
    );
    await sandbox.validateTransfer('S', first as Hex);
    await sandbox.rejectTransfer('S', second as Hex);
    await sandbox.mine(4);
    await waitFor(() => {
      const statuses = harness.payments(batchId).map(({ status }) => status);
      return statuses.join() === 'ACSC,RJCT' ? true : undefined;
    }, 'the bank’s decisions');
  });
});

describe('networks without EIP-1559 offers', () => {
  it('signs legacy transactions bound to the chain', async () => {
    const legacy = await createHarness({
      db: opened.db,
      description: sandbox.description,
      network: { finality: { kind: 'tag', tag: 'latest' }, fees: 'legacy' },
    });
    await legacy.settlement.start();
    const batchId = legacy.createBatch([{ token: legacy.token('T'), to: receiver('T'), units: 8n }]);
    await legacy.approveBatch(batchId);
    const [settled] = await waitForStages(legacy, batchId, ['final']);
    const transaction = (await sandbox.rpc.call(
      'eth_getTransactionByHash',
      settled?.settlement?.transactionHash,
    )) as { type: Hex; chainId: Hex };
    expect([transaction.type, Number(transaction.chainId)]).toEqual(['0x0', sandbox.chainId]);
    await legacy.stop();
  });
});

describe('absence', () => {
  it('goes on when the node is away and comes back', async () => {
    const batchId = single(21n);
    await harness.preflight.run(batchId);
    await harness.approval.request(batchId);
    await harness.settlement.stop();
    await approveOpen();
    isAway = true;
    refusedCalls = 0;
    await harness.settlement.start();
    await waitFor(() => (refusedCalls >= 2 ? true : undefined), 'two attempts to reach the node');
    expect(harness.payments(batchId)[0]).toMatchObject({ status: 'ACCP', settlement: { stage: 'signed' } });
    isAway = false;
    await waitForStages(harness, batchId, ['included']);
  });

  it('refuses to approve while the node is away, keeps the document, and signs nothing', async () => {
    const batchId = single(22n);
    await harness.preflight.run(batchId);
    await harness.approval.request(batchId);
    isAway = true;
    await expect(approveOpen()).rejects.toMatchObject({ code: 'chain/unreachable' });
    isAway = false;
    expect(harness.payments(batchId)[0]).toMatchObject({ status: 'PDNG', settlement: null });
    await approveOpen();
    await waitForStages(harness, batchId, ['included']);
  });

  it('plans nothing on a network that forgot what was final', async () => {
    const batchId = single(9n);
    await harness.approveBatch(batchId);
    await waitForStages(harness, batchId, ['included']);
    await sandbox.mine(4);
    await waitForStages(harness, batchId, ['final']);
    // Set back to before the payment, as a node that lost its data is.
    await sandbox.revert(clean);
    clean = await sandbox.snapshot();
    const next = single(9n);
    await harness.preflight.run(next);
    await expect(harness.approval.request(next)).rejects.toMatchObject({ code: 'settlement/nonce-conflict' });
    expect(harness.payments(next)[0]).toMatchObject({ status: 'ACTC', settlement: null });
  });

  it('refuses a node that serves another chain', async () => {
    const other = await startSandbox({ chainId: 914_777 });
    try {
      const wrong = await createHarness({
        db: opened.db,
        description: { ...other.description, caip2: other.description.caip2 },
      });
      const batchId = wrong.createBatch([{ token: wrong.token('R'), to: receiver('R'), units: 5n }]);
      await wrong.preflight.run(batchId);
      // The same network now answers from a node of another chain.
      wrong.chain.setNetworks([{ ...wrong.network, endpoints: [sandbox.description.rpcUrl] }]);
      await expect(wrong.approval.request(batchId)).rejects.toMatchObject({ code: 'chain/wrong-chain' });
      expect(wrong.payments(batchId)[0]).toMatchObject({ status: 'ACTC', settlement: null });
      await wrong.stop();
    } finally {
      await other.stop();
    }
  });
});
