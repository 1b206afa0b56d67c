import { afterEach, describe, expect, it } from 'vitest';
import { type Chain, createChain } from '../../../src/main/chain';
import { systemClock } from '../../../src/main/platform/clock';
import type { Logger } from '../../../src/main/platform/logger';
import type { NetworkHealth } from '../../../src/shared/contract';
import { type Address, type Hash32, type Hex, networkIdOf } from '../../../src/shared/model/ids';
import { encodeTokenCall } from '../../sandbox/deploy';
import { type Sandbox, startSandbox, supplierKey, treasuryKey } from '../../sandbox/index';
import { until } from '../ledger/replica-rig';

const quiet: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
const chains: Chain[] = [];
const sandboxes: Sandbox[] = [];
afterEach(async () => {
  for (const chain of chains.splice(0)) chain.stop();
  for (const sandbox of sandboxes.splice(0)) await sandbox.stop();
});

const start = async (): Promise<Sandbox> => {
  const sandbox = await startSandbox();
  sandboxes.push(sandbox);
  return sandbox;
};
const open = (): Chain => {
  const chain = createChain({ clock: systemClock, log: quiet });
  chains.push(chain);
  return chain;
};

describe('health', () => {
  it('follows a network through new blocks, loss and a wrong chain', async () => {
    const sandbox = await start();
    const chain = open();
    const seen: NetworkHealth[][] = [];
    const heads: bigint[] = [];
    chain.onHealth((health) => seen.push(health));
    chain.onHead((_id, block) => heads.push(block.number));
    const network = {
      id: networkIdOf(BigInt(sandbox.chainId)),
      name: 'Sandbox',
      endpoints: [sandbox.rpcUrl],
      isSandbox: true,
    };
    chain.setNetworks([network]);
    expect(chain.health()).toMatchObject([
      { state: 'checking', headBlock: null, asOf: null, isSandbox: true },
    ]);
    chain.start();
    await until(chain.health, ([health]) => health?.state === 'online');
    const before = chain.health()[0]?.headBlock ?? 0n;
    await sandbox.mine(3);
    chain.poke();
    await until(chain.health, ([health]) => health?.headBlock === before + 3n);
    expect(heads.at(-1)).toBe(before + 3n);
    expect(seen.at(-1)?.[0]?.headBlock).toBe(before + 3n);

    await sandbox.stop();
    sandboxes.length = 0;
    await until(chain.health, ([health]) => health?.state === 'offline');
    // What was known stays, with its time.
    expect(chain.health()[0]).toMatchObject({ headBlock: before + 3n });
    expect(chain.health()[0]?.asOf).not.toBeNull();

    const other = await startSandbox({ chainId: 914_002 });
    sandboxes.push(other);
    chain.setNetworks([{ ...network, endpoints: [other.rpcUrl] }]);
    await until(chain.health, ([health]) => health?.state === 'wrong-chain');
  });
});

describe('a real node', () => {
  it('answers every question in its exact type', async () => {
    const sandbox = await start();
    const chain = open();
    const id = networkIdOf(BigInt(sandbox.chainId));
    chain.setNetworks([{ id, name: 'Sandbox', endpoints: [sandbox.rpcUrl], isSandbox: true }]);
    const client = chain.network(id);
    const payer = treasuryKey(0);
    const own = payer.address as Address;
    const token = sandbox.token('J').address as Address;
    expect(await client.chainId()).toBe(BigInt(sandbox.chainId));
    const head = await client.getBlock('latest');
    expect(head?.number).toBe(await client.blockNumber());
    expect(await client.getBlock((head?.number ?? 0n) + 1_000n)).toBeNull();
    expect((await client.getBlock({ hash: head?.hash ?? ('0x' as Hash32) }))?.number).toBe(head?.number);
    expect((await client.getCode(token)).length).toBeGreaterThan(2);
    expect(await client.getCode(own)).toBe('0x');
    const transfer = (to: string, units: bigint) => encodeTokenCall('transfer', [to, units]) as string as Hex;
    const good = { from: own, to: token, data: transfer(supplierKey(0).address, 5n) };
    const bad = { from: own, to: token, data: transfer(supplierKey(0).address, 10n ** 30n) };
    expect((await client.callMany([good, bad])).map(({ ok }) => ok)).toEqual([true, false]);
    const refused = await client.call(bad);
    expect(refused).toMatchObject({ ok: false, kind: 'revert' });
    expect(!refused.ok && refused.revertData?.startsWith('0xb6a90f3e')).toBe(true);
    const gas = await client.estimateGas(good);
    expect(gas.ok && gas.gas > 21_000n).toBe(true);
    expect((await client.estimateGas(bad)).ok).toBe(false);
    expect(await client.getBalance(own)).toBeGreaterThan(0n);
    expect((await client.feeHistory(4, [50])).baseFeePerGas.length).toBe(5);
    expect(await client.gasPrice()).toBeGreaterThan(0n);
    expect(await client.maxPriorityFee()).not.toBeNull();
    const proof = await client.getProof(token, [], head?.number ?? 0n);
    expect(proof.accountProof.length).toBeGreaterThan(0);

    const nonce = await client.getTransactionCount(own, 'pending');
    const sign = (change: object) =>
      payer.signTransaction({
        type: 'eip1559',
        chainId: sandbox.chainId,
        nonce: Number(nonce),
        gas: 200_000n,
        maxFeePerGas: 20_000_000_000n,
        maxPriorityFeePerGas: 1_000_000_000n,
        to: token as string as `0x${string}`,
        data: good.data as string as `0x${string}`,
        ...change,
      }) as Promise<string> as Promise<Hex>;
    await sandbox.setMining('manual');
    const raw = await sign({});
    expect(await client.sendRawTransaction(raw)).toEqual({ outcome: 'accepted' });
    expect(await client.sendRawTransaction(raw)).toEqual({ outcome: 'already-known' });
    expect(await client.sendRawTransaction(await sign({ gas: 200_001n }))).toEqual({
      outcome: 'replacement-underpriced',
    });
    await sandbox.mine(1);
    await sandbox.setMining('auto');
    expect(['nonce-too-low', 'already-known']).toContain((await client.sendRawTransaction(raw)).outcome);
    expect((await client.sendRawTransaction(await sign({ gas: 200_002n }))).outcome).toBe('nonce-too-low');
    expect(
      (await client.sendRawTransaction(await sign({ nonce: Number(nonce) + 1, value: 10n ** 30n }))).outcome,
    ).toBe('insufficient-funds');
    expect((await client.sendRawTransaction('0x02c0' as Hex)).outcome).toBe('refused');

    const { keccak256 } = await import('../../../src/main/chain');
    const receipt = await client.getTransactionReceipt(keccak256(raw));
    expect(receipt?.status).toBe(true);
    expect(receipt?.logs).toHaveLength(1);
    expect((await client.getTransactionByHash(keccak256(raw)))?.input).toBe(good.data);
    expect(await client.getBlockReceipts(receipt?.blockNumber ?? 0n)).toEqual([receipt]);
    expect(await client.getTransactionReceipts([keccak256(raw), keccak256('0x01' as Hex)])).toEqual([
      receipt,
      null,
    ]);
  });
});
