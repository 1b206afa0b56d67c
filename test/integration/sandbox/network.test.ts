import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Hex, keccak256, padHex, stringToHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DirectoryFile } from '../../../src/shared/model/directory';
import { encodeTokenCall } from '../../sandbox/deploy';
import {
  createRpc,
  type Sandbox,
  type SandboxDescription,
  startSandbox,
  supplierKey,
  treasuryKey,
} from '../../sandbox/index';

const payer = treasuryKey(0);
const payee = supplierKey(0).address;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

const portOf = (rpcUrl: string): number => Number(new URL(rpcUrl).port);

type Block = { readonly number: Hex; readonly hash: Hex; readonly timestamp: Hex };
const blockAt = async (sandbox: Sandbox, tag: string): Promise<Block> =>
  (await sandbox.rpc.call('eth_getBlockByNumber', tag, false)) as Block;

/** Signs a transfer of one unit of profile J and hands it to the node. */
const sendTransfer = async (sandbox: Sandbox): Promise<Hex> => {
  const count = (await sandbox.rpc.call('eth_getTransactionCount', payer.address, 'pending')) as Hex;
  const raw = await payer.signTransaction({
    type: 'eip1559',
    chainId: sandbox.chainId,
    nonce: Number(BigInt(count)),
    gas: 200_000n,
    maxFeePerGas: 20_000_000_000n,
    maxPriorityFeePerGas: 1_000_000_000n,
    to: sandbox.token('J').address,
    data: encodeTokenCall('transfer', [payee, 1n]),
  });
  expect(await sandbox.rpc.call('eth_sendRawTransaction', raw)).toBe(keccak256(raw));
  return keccak256(raw);
};

const receiptOf = (sandbox: Sandbox, hash: Hex) => sandbox.rpc.call('eth_getTransactionReceipt', hash);

/** Receipt once there is one: also with automatic mining the node answers a moment before it mines. */
const included = (
  sandbox: Sandbox,
  hash: Hex,
): Promise<{ readonly status: Hex; readonly blockNumber: Hex }> =>
  vi.waitFor(
    async () => {
      const receipt = await receiptOf(sandbox, hash);
      expect(receipt).not.toBeNull();
      return receipt as { readonly status: Hex; readonly blockNumber: Hex };
    },
    { timeout: 10_000, interval: 20 },
  );

describe('the chain', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox?.stop());

  it('has its own chain id, on loopback, and its deployment is final', async () => {
    expect(await sandbox.rpc.call('eth_chainId')).toBe('0xdf251');
    expect(sandbox.description).toMatchObject({ chainId: 914_001, caip2: 'eip155:914001' });
    expect(new URL(sandbox.rpcUrl).hostname).toBe('127.0.0.1');
    const { address } = sandbox.token('R');
    expect(await sandbox.rpc.call('eth_getCode', address, 'finalized')).not.toBe('0x');
  });

  it('gives the treasury coins for fees', async () => {
    for (const { address } of sandbox.description.treasury.accounts) {
      const wei = BigInt((await sandbox.rpc.call('eth_getBalance', address, 'latest')) as Hex);
      expect(wei).toBe(1_000n * 10n ** 18n);
    }
  });

  it('includes at once and is final two blocks later', async () => {
    const hash = await sendTransfer(sandbox);
    const receipt = await included(sandbox, hash);
    expect(receipt.status).toBe('0x1');
    expect(BigInt((await blockAt(sandbox, 'finalized')).number)).toBe(BigInt(receipt.blockNumber) - 2n);
    await sandbox.settle();
    expect((await blockAt(sandbox, 'finalized')).number).toBe(receipt.blockNumber);
    expect(BigInt((await blockAt(sandbox, 'safe')).number)).toBe(BigInt(receipt.blockNumber) + 1n);
  });

  it('forgets blocks and what was in them on a reorg', async () => {
    const hash = await sendTransfer(sandbox);
    await included(sandbox, hash);
    const held = await sandbox.balanceOf('J', payer.address);
    await sandbox.mine(1);
    const replaced = await blockAt(sandbox, 'latest');
    await sandbox.reorg(2);
    const head = await blockAt(sandbox, 'latest');
    expect(head.number).toBe(replaced.number);
    expect(head.hash).not.toBe(replaced.hash);
    expect(await receiptOf(sandbox, hash)).toBeNull();
    expect(await sandbox.balanceOf('J', payer.address)).toBe(held + 1n);
  });

  it('keeps payments waiting while mining is off, drops them when told, and goes on', async () => {
    await sandbox.setMining('manual');
    const dropped = await sendTransfer(sandbox);
    expect(await receiptOf(sandbox, dropped)).toBeNull();
    await sandbox.dropTransaction(dropped);
    expect(await sandbox.rpc.call('eth_getTransactionByHash', dropped)).toBeNull();
    await expect(sandbox.dropTransaction(dropped)).rejects.toThrow(/not waiting/);
    const kept = await sendTransfer(sandbox);
    await sandbox.mine();
    expect(await included(sandbox, kept)).toMatchObject({ status: '0x1' });
    await sandbox.setMining('auto');
    expect(await included(sandbox, await sendTransfer(sandbox))).toMatchObject({ status: '0x1' });
  });

  it('lets the bank act while mining is off', async () => {
    await sandbox.setMining('manual');
    await sandbox.pause('F');
    expect(await sandbox.read('F', 'paused')).toBe(true);
    await sandbox.unpause('F');
    await sandbox.setMining('auto');
  });

  it('goes back to a snapshot, and to a dump', async () => {
    const held = await sandbox.balanceOf('F', payee);
    const snapshot = await sandbox.snapshot();
    await sandbox.mint('F', payee, 77n);
    expect(await sandbox.balanceOf('F', payee)).toBe(held + 77n);
    const dump = await sandbox.dumpState();
    await sandbox.revert(snapshot);
    expect(await sandbox.balanceOf('F', payee)).toBe(held);
    await expect(sandbox.revert(snapshot)).rejects.toThrow();
    await sandbox.loadState(dump);
    expect(await sandbox.balanceOf('F', payee)).toBe(held + 77n);
  });

  it('mines by the clock when asked to', async () => {
    await sandbox.setMining('interval', 1);
    const before = BigInt((await blockAt(sandbox, 'latest')).number);
    await vi.waitFor(
      async () => expect(BigInt((await blockAt(sandbox, 'latest')).number)).toBeGreaterThan(before),
      { timeout: 10_000 },
    );
    await sandbox.setMining('auto');
  });
});

describe('starting twice', () => {
  it('gives the same chain: addresses, code and balances', async () => {
    const genesisTimestamp = 1_790_000_000;
    const [one, two] = await Promise.all([
      startSandbox({ genesisTimestamp }),
      startSandbox({ genesisTimestamp }),
    ]);
    try {
      expect(one.rpcUrl).not.toBe(two.rpcUrl);
      expect({ ...one.description, rpcUrl: '' }).toEqual({ ...two.description, rpcUrl: '' });
      for (const { address } of one.description.tokens) {
        const [code, same] = await Promise.all(
          [one, two].map((sandbox) => sandbox.rpc.call('eth_getCode', address, 'latest')),
        );
        expect(code).toBe(same);
        expect(code).not.toBe('0x');
      }
      const first = await blockAt(one, '0x0');
      expect(BigInt(first.timestamp)).toBe(BigInt(genesisTimestamp));
    } finally {
      await Promise.all([one.stop(), two.stop()]);
    }
  });

  it('finds its chain again in a state file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'nostro-sandbox-state-'));
    const statePath = join(folder, 'chain.json');
    try {
      const first = await startSandbox({ statePath, historyDays: 3 });
      const held = await first.balanceOf('J', payee);
      await included(first, await sendTransfer(first));
      const old = await blockAt(first, 'latest');
      await first.stop();
      const again = await startSandbox({ statePath, historyDays: 3 });
      expect(await again.balanceOf('J', payee)).toBe(held + 1n);
      expect((await blockAt(again, old.number)).hash).toBe(old.hash);
      await included(again, await sendTransfer(again));
      expect(await again.balanceOf('J', payee)).toBe(held + 2n);
      const clock = Number((await blockAt(again, 'latest')).timestamp) - Date.now() / 1000;
      expect(Math.abs(clock)).toBeLessThan(30);
      await again.stop();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it.each(['manual', 'mixed'] as const)(
    'can have a past that ends in the present (%s mining)',
    async (mining) => {
      const sandbox = await startSandbox({ mining, historyDays: 20 });
      try {
        const transfer = keccak256(stringToHex('Transfer(address,address,uint256)'));
        const filter = { fromBlock: '0x0', toBlock: 'latest', topics: [transfer, padHex(payer.address)] };
        const sent = (await sandbox.rpc.call('eth_getLogs', filter)) as readonly {
          readonly blockNumber: Hex;
        }[];
        expect(sent.length).toBeGreaterThan(10);
        const days = new Set<bigint>();
        for (const { blockNumber } of sent) {
          days.add(BigInt((await blockAt(sandbox, blockNumber)).timestamp) / 86_400n);
        }
        expect(days.size).toBeGreaterThan(8);
        await sandbox.mine();
        const clock = Number((await blockAt(sandbox, 'latest')).timestamp) - Date.now() / 1000;
        expect(Math.abs(clock)).toBeLessThan(30);
      } finally {
        await sandbox.stop();
      }
    },
  );

  it('lets finality advance by itself in mixed mining', async () => {
    const sandbox = await startSandbox({ mining: 'mixed', blockTimeSeconds: 1 });
    try {
      const hash = await sendTransfer(sandbox);
      const receipt = await included(sandbox, hash);
      await vi.waitFor(
        async () => {
          const final = await blockAt(sandbox, 'finalized');
          expect(BigInt(final.number)).toBeGreaterThanOrEqual(BigInt(receipt.blockNumber));
        },
        { timeout: 10_000 },
      );
    } finally {
      await sandbox.stop();
    }
  });

  it('on a taken port says so', async () => {
    const first = await startSandbox();
    await expect(startSandbox({ port: portOf(first.rpcUrl) })).rejects.toThrow(/did not start/);
    await first.stop();
  });
});

describe('ending', () => {
  it('leaves no process and no listener', async () => {
    const sandbox = await startSandbox();
    expect(isAlive(sandbox.pid)).toBe(true);
    await sandbox.stop();
    await sandbox.ended;
    expect(isAlive(sandbox.pid)).toBe(false);
    expect(await isListening(portOf(sandbox.rpcUrl))).toBe(false);
  });

  it('is noticed when the node dies by itself', async () => {
    const sandbox = await startSandbox();
    process.kill(sandbox.pid, 'SIGKILL');
    await sandbox.ended;
    expect(isAlive(sandbox.pid)).toBe(false);
    await sandbox.stop();
  });
});

describe('npm run sandbox', () => {
  const cli = join(process.cwd(), 'test', 'sandbox', 'cli.ts');
  const running: ChildProcess[] = [];
  const run = (...args: readonly string[]): ChildProcess => {
    const child = spawn(process.execPath, ['--import', 'tsx', cli, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.push(child);
    return child;
  };
  afterAll(() => {
    for (const child of running) child.kill('SIGKILL');
  });

  const firstLine = async (child: ChildProcess): Promise<string> => {
    if (!child.stdout) throw new Error('no standard output');
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    return line;
  };

  it('describes itself in one line, takes an order from another process, and ends on SIGTERM', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'nostro-sandbox-cli-'));
    try {
      const child = run('--json', '--directory', join(folder, 'directory.json'));
      const description = JSON.parse(await firstLine(child)) as SandboxDescription;
      expect(description).toMatchObject({ mining: 'mixed', blockTimeSeconds: 1 });
      const file = JSON.parse(await readFile(join(folder, 'directory.json'), 'utf8')) as unknown;
      expect(DirectoryFile.parse(file).networks[0]?.endpoints).toEqual([description.rpcUrl]);

      const order = JSON.stringify({ bankName: 'Order Bank', bic: 'SBXOCHX0', currency: 'CHF' });
      const admin = run('--admin', 'deploy-token', '--rpc', description.rpcUrl, '--json', order);
      const answer = JSON.parse(await firstLine(admin)) as { readonly token: { readonly address: Hex } };
      const code = await createRpc(description.rpcUrl).call('eth_getCode', answer.token.address, 'latest');
      expect(code).not.toBe('0x');

      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
      expect(await isListening(portOf(description.rpcUrl))).toBe(false);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('takes the node with it when it is killed', async () => {
    const child = run('--json');
    const { rpcUrl } = JSON.parse(await firstLine(child)) as SandboxDescription;
    expect(await isListening(portOf(rpcUrl))).toBe(true);
    child.kill('SIGKILL');
    await vi.waitFor(async () => expect(await isListening(portOf(rpcUrl))).toBe(false), { timeout: 10_000 });
  });

  it('ends when the process it belongs to is gone', async () => {
    const parent = spawn('/bin/cat', { stdio: ['pipe', 'ignore', 'ignore'] });
    const child = run('--json', '--parent-pid', String(parent.pid));
    const { rpcUrl } = JSON.parse(await firstLine(child)) as SandboxDescription;
    expect(await isListening(portOf(rpcUrl))).toBe(true);
    const ended = once(child, 'exit');
    parent.kill('SIGKILL');
    expect(await ended).toEqual([0, null]);
    expect(await isListening(portOf(rpcUrl))).toBe(false);
  });

  it('says what is wrong with its arguments', async () => {
    const child = run('--mining', 'sometimes');
    let complaint = '';
    child.stderr?.on('data', (bytes: Buffer) => {
      complaint += bytes.toString('utf8');
    });
    const [status] = (await once(child, 'close')) as [number];
    expect(status).toBe(1);
    expect(complaint).toMatch(/--mining wants one of/);
  });
});
