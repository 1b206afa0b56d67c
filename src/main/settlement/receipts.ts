/** Reads what an included transaction did to the money, from the token's own logs. */
import { contractOfToken, type Hash32 } from '../../shared/model/ids';
import type { ChainLog, ChainReceipt } from './ports';
import type { Inclusion, Outcome } from './slot';
import type { Slot } from './types';

/** Transfer(address,address,uint256) */
export const TRANSFER_TOPIC = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef' as Hash32;
/** TransferRequested(bytes32,address,address,uint256): CAST, two-step redemption. */
export const REQUESTED_TOPIC = '0x9faa753ed5a2641472b023d1b566564ce497a631d59025ab5e229f5555f53da9' as Hash32;
/** TransferValidated(bytes32) */
export const VALIDATED_TOPIC = '0xf293a19d8e1c857cb5b75138774de0ea944b21327ae79db4cb55296627b52371' as Hash32;
/** TransferRejected(bytes32) */
export const REJECTED_TOPIC = '0x6a9eda23525b3a9b3aa9326b05e25ca9af576996fa0ae91c62afbc835839b0cb' as Hash32;

type Expected = Pick<Slot, 'sender' | 'receiver' | 'units' | 'tokenId'>;

const topicOf = (address: string): string => `0x${address.slice(2).toLowerCase().padStart(64, '0')}`;
const wordAt = (data: string, index: number): string | null => {
  const word = data.slice(2 + index * 64, 2 + (index + 1) * 64);
  return word.length === 64 ? word : null;
};

const isBetween = (log: ChainLog, { sender, receiver }: Expected): boolean =>
  log.topics[1] === topicOf(sender) && log.topics[2] === topicOf(receiver);

/**
 * `moved` needs the token's Transfer log from sender to receiver with an amount. SECURITY: any amount counts as moved, so
 * that a token which keeps a part for itself never makes a payment look unpaid.
 */
const outcomeOf = (
  receipt: ChainReceipt,
  expected: Expected,
): { readonly outcome: Outcome; readonly requestHash: Hash32 | null } => {
  if (!receipt.isSuccess) return { outcome: 'reverted', requestHash: null };
  const contract = contractOfToken(expected.tokenId);
  const own = receipt.logs.filter(
    (log) => log.address.toLowerCase() === contract && isBetween(log, expected),
  );
  for (const log of own) {
    const amount = wordAt(log.data, 0);
    if (log.topics[0] === TRANSFER_TOPIC && amount !== null && BigInt(`0x${amount}`) > 0n)
      return { outcome: 'moved', requestHash: null };
  }
  for (const log of own) {
    const id = wordAt(log.data, 0);
    const amount = wordAt(log.data, 1);
    if (log.topics[0] === REQUESTED_TOPIC && id !== null && amount !== null && BigInt(`0x${amount}`) > 0n)
      return { outcome: 'requested', requestHash: `0x${id}` as Hash32 };
  }
  return { outcome: 'nothing', requestHash: null };
};

export const readInclusion = (receipt: ChainReceipt, slot: Expected): Inclusion => ({
  hash: receipt.transactionHash,
  blockNumber: receipt.blockNumber,
  blockHash: receipt.blockHash,
  fee: receipt.fee,
  ...outcomeOf(receipt, slot),
});

/** What the bank decided about a request, from the token's Validated and Rejected logs. */
export const readDecision = (
  requestHash: Hash32,
  logs: readonly ChainLog[],
): 'open' | 'validated' | 'rejected' => {
  for (const log of logs) {
    if (`0x${wordAt(log.data, 0) ?? ''}` !== requestHash && log.topics[1] !== requestHash) continue;
    if (log.topics[0] === VALIDATED_TOPIC) return 'validated';
    if (log.topics[0] === REJECTED_TOPIC) return 'rejected';
  }
  return 'open';
};
