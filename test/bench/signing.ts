/**
 * How fast an approved batch is signed, end to end through the vault process (check of every payment, key derivation of
 * the passphrase, signatures on all cores), against viem signing the same transfers on one thread in the same run.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { privateKeyToAccount } from 'viem/accounts';
import { connectChild } from '../../src/main/platform/child';
import { createVault } from '../../src/main/vault';
import { Hash32 } from '../../src/shared/model/ids';
import { digestInput } from '../../src/shared/model/signing';
import { bundleChildren } from '../support/bundle-children';
import { signingContent, signingItem } from '../support/signing-content';
import { createSpawnNode } from '../support/spawn-node';
import { cpuSecondsOf } from './watch';

const PASSPHRASE = 'gravel-Umbrella 71 sundial thermos';
const PRIVATE_KEY = `0x${createHash('sha256').update('signing benchmark').digest('hex')}` as const;

export type SigningBench = {
  readonly payments: number;
  /** Payments per second from the first progress-relevant moment to the last: signing alone, on all cores. */
  readonly vaultPerSecond: number;
  /** The same by CPU second of the vault's process: comparable where other work takes cores away. Linux only, else 0. */
  readonly vaultPerCpuSecond: number;
  /** Payments per second over the whole call: also parsing, checking, argon2id, and two process boundaries. */
  readonly vaultWholeCallPerSecond: number;
  /** viem's `signTransaction` on one thread, same transfers. */
  readonly viemPerSecond: number;
  /** `vaultPerSecond / viemPerSecond`. */
  readonly ratio: number;
  readonly wholeCallRatio: number;
  /** Both made the same bytes. */
  readonly isSame: boolean;
};

export const benchSigning = async (payments = 10_000): Promise<SigningBench> => {
  const directory = mkdtempSync(join(tmpdir(), 'nostro-bench-'));
  const folder = await bundleChildren(['vault.process', 'sign.worker']);
  let pid: number | null = null;
  const spawn = createSpawnNode(folder, {
    onStarted: (started) => {
      pid = started;
    },
  });
  const cpuSeconds = (): number => (pid === null ? 0 : cpuSecondsOf(pid));
  const vault = createVault({ spawn, connect: connectChild, directory });
  try {
    const key = await vault.importPrivateKey({ privateKey: PRIVATE_KEY, passphrase: PASSPHRASE });
    const content = signingContent(Array.from({ length: payments }, (_, index) => signingItem(index, key)));
    const digest = Hash32.parse(`0x${createHash('sha256').update(digestInput(content)).digest('hex')}`);

    const account = privateKeyToAccount(PRIVATE_KEY);
    const viemSign = (index: number): Promise<string> => {
      const { transaction: tx } = content.items[index % payments] as (typeof content.items)[number];
      if (tx.type !== 'eip1559') throw new Error('the benchmark signs EIP-1559');
      return account.signTransaction({
        type: 'eip1559',
        chainId: Number(tx.chainId),
        nonce: Number(tx.nonce),
        to: tx.to as `0x${string}`,
        value: 0n,
        data: tx.data as `0x${string}`,
        gas: BigInt(tx.gas),
        maxFeePerGas: BigInt(tx.maxFeePerGas),
        maxPriorityFeePerGas: BigInt(tx.maxPriorityFeePerGas),
      });
    };
    for (let i = 0; i < 200; i += 1) await viemSign(i);
    const viemCount = Math.min(payments, 4_000);
    const reference: string[] = [];
    const viemStart = performance.now();
    for (let i = 0; i < viemCount; i += 1) reference.push(await viemSign(i));
    const viemSeconds = (performance.now() - viemStart) / 1000;

    let signingStart = 0;
    let cpuStart = 0;
    const start = performance.now();
    const { signed } = await vault.signBatch(
      { content, digest, passphrase: PASSPHRASE },
      {
        onProgress: ({ signed: count }) => {
          // The first report has 0: signing begins here.
          if (count !== 0) return;
          signingStart = performance.now();
          cpuStart = cpuSeconds();
        },
      },
    );
    const end = performance.now();
    const cpu = cpuSeconds() - cpuStart;
    const vaultPerSecond = payments / ((end - signingStart) / 1000);
    const vaultWholeCallPerSecond = payments / ((end - start) / 1000);
    const viemPerSecond = viemCount / viemSeconds;
    return {
      payments,
      vaultPerSecond: Math.round(vaultPerSecond),
      vaultPerCpuSecond: cpu > 0 ? Math.round(payments / cpu) : 0,
      vaultWholeCallPerSecond: Math.round(vaultWholeCallPerSecond),
      viemPerSecond: Math.round(viemPerSecond),
      ratio: Number((vaultPerSecond / viemPerSecond).toFixed(2)),
      wholeCallRatio: Number((vaultWholeCallPerSecond / viemPerSecond).toFixed(2)),
      isSame: reference.every((raw, index) => raw === signed[index]?.raw),
    };
  } finally {
    await vault.lock();
    rmSync(directory, { recursive: true, force: true });
  }
};
