/**
 * What settlement, preflight and approval need of the network, in their own words. `chain-port.ts` gives it from the
 * chain module; tests give it from a model.
 */
import type { FinalityRule, Refusal } from '../../shared/model/directory';
import type { Address, Hash32, Hex, NetworkId } from '../../shared/model/ids';
import type { SendOutcome } from '../chain';

export type { SendOutcome };

export type TransferCallRequest = {
  readonly from: Address;
  readonly to: Address;
  readonly data: Hex;
  /** Block whose state is used; the latest when left out. */
  readonly block?: bigint;
};

/** Answer of a simulated call. `failed`: the node gave no answer about the call itself. */
export type CallAnswer =
  | { readonly outcome: 'returned'; readonly data: Hex }
  | { readonly outcome: 'refused'; readonly data: Hex }
  | { readonly outcome: 'failed' };

export type ChainLog = { readonly address: Address; readonly topics: readonly Hash32[]; readonly data: Hex };

export type ChainReceipt = {
  readonly transactionHash: Hash32;
  readonly blockNumber: bigint;
  readonly blockHash: Hash32;
  readonly isSuccess: boolean;
  /** Everything it cost, in the native unit, the settlement layer's part included. */
  readonly fee: bigint;
  readonly logs: readonly ChainLog[];
};

export type FeeSituation = {
  /** Base fee of the next block; `null` on networks without EIP-1559. */
  readonly baseFee: bigint | null;
  /** Usual priority fee of recent blocks. */
  readonly priorityFee: bigint;
  /** The node's own suggestion for legacy transactions. */
  readonly gasPrice: bigint;
};

/**
 * Every function throws `chain/unreachable`, `chain/wrong-chain`, `chain/invalid-answer` or `chain/refused`; lists are
 * asked in few exchanges and answered in order.
 */
export type ChainPort = {
  readonly head: (network: NetworkId) => Promise<{ readonly number: bigint; readonly hash: Hash32 }>;
  /** Highest final block, -1n while there is none. */
  readonly finalBlock: (network: NetworkId, rule: FinalityRule, head: bigint) => Promise<bigint>;
  readonly nonces: (
    network: NetworkId,
    addresses: readonly Address[],
    state: 'latest' | 'pending',
  ) => Promise<readonly bigint[]>;
  readonly receipts: (
    network: NetworkId,
    hashes: readonly Hash32[],
  ) => Promise<readonly (ChainReceipt | null)[]>;
  /** Whether the node knows a transaction, waiting or included. */
  readonly knows: (network: NetworkId, hashes: readonly Hash32[]) => Promise<readonly boolean[]>;
  readonly blockHashes: (
    network: NetworkId,
    numbers: readonly bigint[],
  ) => Promise<readonly (Hash32 | null)[]>;
  readonly calls: (
    network: NetworkId,
    calls: readonly TransferCallRequest[],
    signal?: AbortSignal,
  ) => Promise<readonly CallAnswer[]>;
  /** `null` where the node cannot estimate. */
  readonly estimates: (
    network: NetworkId,
    calls: readonly TransferCallRequest[],
    signal?: AbortSignal,
  ) => Promise<readonly (bigint | null)[]>;
  readonly nativeBalances: (network: NetworkId, addresses: readonly Address[]) => Promise<readonly bigint[]>;
  readonly haveCode: (network: NetworkId, addresses: readonly Address[]) => Promise<readonly boolean[]>;
  readonly feeSituation: (network: NetworkId) => Promise<FeeSituation>;
  readonly send: (network: NetworkId, raw: readonly Hex[]) => Promise<readonly SendOutcome[]>;
  readonly logs: (
    network: NetworkId,
    filter: {
      readonly address: Address;
      readonly topics: readonly Hash32[];
      readonly from: bigint;
      readonly to: bigint;
    },
  ) => Promise<readonly (ChainLog & { readonly blockNumber: bigint })[]>;
};

export type DecodeRefusal = (data: Hex) => Refusal;
