/** Signs and sends the banks' own transactions; one writer per key, nonces counted here. */
import { type Address, type Hex, keccak256 } from 'viem';
import type { SandboxKey } from './keys';
import type { Rpc } from './rpc';
import type { SentTransaction } from './types';

export type Outgoing = { readonly to: Address | null; readonly data: Hex; readonly gas?: bigint };

export type Sender = {
  /** Sends in order, waits until all are in a block, throws at the first that failed. */
  readonly send: (key: SandboxKey, outgoing: readonly Outgoing[]) => Promise<readonly SentTransaction[]>;
  /** Sends each in a block of its own at its time (unix seconds, ascending). Only while the node mines by hand. */
  readonly sendAt: (timed: readonly TimedOutgoing[]) => Promise<void>;
};

export type TimedOutgoing = { readonly key: SandboxKey; readonly at: number; readonly outgoing: Outgoing };

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

  const nextNonce = async (key: SandboxKey): Promise<number> =>
    Number(BigInt((await rpc.call('eth_getTransactionCount', key.address, 'pending')) as Hex));

  const sign = (key: SandboxKey, nonce: number, { to, data, gas }: Outgoing): Promise<Hex> =>
    key.signTransaction({
      type: 'eip1559',
      chainId,
      nonce,
      gas: gas ?? (to === null ? DEPLOYMENT_GAS : GAS),
      maxFeePerGas: 20_000_000_000n,
      maxPriorityFeePerGas: 1_000_000_000n,
      ...(to === null ? {} : { to }),
      data,
    });

  const sendNow = async (
    key: SandboxKey,
    outgoing: readonly Outgoing[],
  ): Promise<readonly SentTransaction[]> => {
    const first = await nextNonce(key);
    const signed = await Promise.all(outgoing.map((one, offset) => sign(key, first + offset, one)));
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

  const sendTimed = async (timed: readonly TimedOutgoing[]): Promise<void> => {
    const nonces = new Map<Address, number>();
    const hashes: Hex[] = [];
    for (const { key, at, outgoing } of timed) {
      const nonce = nonces.get(key.address) ?? (await nextNonce(key));
      nonces.set(key.address, nonce + 1);
      const raw = await sign(key, nonce, outgoing);
      hashes.push(keccak256(raw));
      await rpc.call('evm_setNextBlockTimestamp', at);
      await rpc.call('eth_sendRawTransaction', raw);
      await rpc.call('evm_mine');
    }
    const receipts = await rpc.batch(hashes.map((hash) => ['eth_getTransactionReceipt', [hash]]));
    const failed = (receipts as readonly (Receipt | null)[]).findIndex(
      (receipt) => receipt?.status !== '0x1',
    );
    if (failed >= 0) throw new Error(`transaction ${hashes[failed]} failed`);
  };

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = tail.then(work);
    tail = done.catch(() => undefined);
    return done;
  };

  return {
    send: (key, outgoing) => inTurn(() => sendNow(key, outgoing)),
    sendAt: (timed) => inTurn(() => sendTimed(timed)),
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
