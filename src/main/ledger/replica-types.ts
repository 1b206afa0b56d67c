/** What the replica's reader in main and its tables in the ledger process tell each other. Structured-cloneable. */
import type { Entry } from '../../shared/contract/ledger';
import type { AccountId, Address, CurrencyCode, Hash32, NetworkId, TokenId } from '../../shared/model/ids';

/** One account in one token: what is read together and reconciled. `address`: lower case. */
export type Pair = {
  readonly tokenId: TokenId;
  readonly accountId: AccountId;
  readonly address: Address;
};

/** Chain read for this pair up to and including `syncedTo`. */
export type Coverage = Pair & { readonly syncedTo: bigint };

export type Header = {
  readonly number: bigint;
  readonly hash: Hash32;
  readonly parentHash: Hash32;
  /** Unix seconds. */
  readonly timestamp: bigint;
  readonly stateRoot: Hash32;
  readonly receiptsRoot: Hash32;
};

export type BlockId = { readonly number: bigint; readonly hash: Hash32 };

/** An entry before the store gives it its balance and joins it to a payment. */
export type NewEntry = {
  readonly tokenId: TokenId;
  readonly accountId: AccountId;
  readonly currency: CurrencyCode;
  readonly decimals: number;
  readonly direction: Entry['direction'];
  /** Positive. */
  readonly units: bigint;
  /** EIP-55 form. */
  readonly counterAddress: Address;
  /** `own` is told at reading. */
  readonly kind: Exclude<Entry['kind'], 'own'>;
  readonly blockNumber: bigint;
  readonly blockHash: Hash32;
  readonly blockTime: bigint;
  readonly transactionHash: Hash32;
  readonly logIndex: number;
  readonly reference: string | null;
};

export type RedemptionRequest = {
  readonly tokenId: TokenId;
  readonly transferHash: Hash32;
  readonly accountId: AccountId;
  readonly from: Address;
  readonly to: Address;
  readonly units: bigint;
  readonly requestedIn: bigint;
};

export type RedemptionDecision = {
  readonly tokenId: TokenId;
  readonly transferHash: Hash32;
  readonly decision: 'validated' | 'rejected';
  readonly decidedIn: bigint;
};

/** Everything read from one range of blocks for pairs that stand at `from - 1`. */
export type RangeWrite = {
  readonly networkId: NetworkId;
  readonly pairs: readonly Pair[];
  readonly from: bigint;
  readonly to: bigint;
  /** Headers of touched blocks and of `to`. */
  readonly headers: readonly Header[];
  /** In chain order. */
  readonly entries: readonly NewEntry[];
  readonly requests: readonly RedemptionRequest[];
  readonly decisions: readonly RedemptionDecision[];
};

export type ChainBalance = Pair & {
  readonly balance: bigint;
  readonly frozen: bigint | null;
};

export type NetworkSync = {
  readonly coverage: readonly Coverage[];
  /** Kept headers that are not final, highest first. */
  readonly open: readonly BlockId[];
  /** Newest final header that is kept. */
  readonly final: BlockId | null;
  readonly requests: readonly RedemptionRequest[];
  readonly head: bigint | null;
  readonly syncedAt: string | null;
  readonly halted: string | null;
};
