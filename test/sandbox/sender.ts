/** Signs and sends the banks' own transactions; one writer per key, nonces counted here. */
import { type Address, type Hex, keccak256 } from 'viem';
import type { SandboxKey } from './keys';
import type { Rpc } from './rpc';
import type { SentTransaction } from './types';

export type Outgoing = { readonly to: Address | null; readonly data: Hex; readonly gas?: bigint };

export type Sender = {
  /** Sends in order, waits until all are in a block, throws at the first that failed. */
  readonly send: (key: SandboxKey, outgoing: readonly Outgoing[]) => Promise<readonly SentTransaction[]>;
};

export type SenderDeps = {
  readonly rpc: Rpc;
  readonly chainId: number;
  /** Called when transactions wait and no block comes by itself. */
  readonly mineIfManual: () => Promise<void>;
};

const GAS = 1_000_000n;
const DEPLOYMENT_GAS = 8_000_000n;
const BATCH = 100;
const INCLUSION_DEADLINE_MS = 60_000;

type Receipt = { readonly status: Hex; readonly blockNumber: Hex };

export const createSender = ({ rpc, chainId, mineIfManual }: SenderDeps): Sender => {
  let tail: Promise<unknown> = Promise.resolve();

  const sendNow = async (
    key: SandboxKey,
    outgoing: readonly Outgoing[],
  ): Promise<readonly SentTransaction[]> => {
    const first = Number(BigInt((await rpc.call('eth_getTransactionCount', key.address, 'pending')) as Hex));
    const signed = await Promise.all(
      outgoing.map(({ to, data, gas }, offset) =>
        key.signTransaction({
          type: 'eip1559',
          chainId,
          nonce: first + offset,
          gas: gas ?? (to === null ? DEPLOYMENT_GAS : GAS),
          maxFeePerGas: 20_000_000_000n,
          maxPriorityFeePerGas: 1_000_000_000n,
          ...(to === null ? {} : { to }),
          data,
        }),
      ),
    );
    for (let start = 0; start < signed.length; start += BATCH) {
      await rpc.batch(signed.slice(start, start + BATCH).map((raw) => ['eth_sendRawTransaction', [raw]]));
    }
    const hashes = signed.map((raw) => keccak256(raw));
    const receipts = await waitForReceipts(rpc, hashes, mineIfManual);
    return receipts.map((receipt, index) => {
      const hash = hashes[index];
      if (hash === undefined || receipt.status !== '0x1') throw new Error(`bank transaction ${hash} failed`);
      return { hash, blockNumber: BigInt(receipt.blockNumber) };
    });
  };

  return {
    send: (key, outgoing) => {
      const sent = tail.then(() => sendNow(key, outgoing));
      tail = sent.catch(() => undefined);
      return sent;
    },
  };
};

const waitForReceipts = async (
  rpc: Rpc,
  hashes: readonly Hex[],
  mineIfManual: () => Promise<void>,
): Promise<readonly Receipt[]> => {
  const deadline = Date.now() + INCLUSION_DEADLINE_MS;
  await mineIfManual();
  for (;;) {
    // The last one of a key is included after all others.
    const last = await rpc.call('eth_getTransactionReceipt', hashes[hashes.length - 1]);
    if (last !== null) {
      const all = await rpc.batch(hashes.map((hash) => ['eth_getTransactionReceipt', [hash]]));
      return all as readonly Receipt[];
    }
    if (Date.now() > deadline) throw new Error('the bank transactions were not included');
    await new Promise((resolve) => setTimeout(resolve, 20));
    await mineIfManual();
  }
};
