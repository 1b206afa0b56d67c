/** What settlement, its store and the approval pass to each other. All structured-cloneable. */
import type { Refusal } from '../../shared/model/directory';
import type {
  AccountId,
  Address,
  BatchId,
  CounterpartyId,
  CurrencyCode,
  Hash32,
  Hex,
  Instant,
  KeyId,
  NetworkId,
  PaymentId,
  TokenId,
} from '../../shared/model/ids';
import type {
  Hold,
  PaymentSettlement,
  PaymentSource,
  PaymentStatus,
  PreflightVerdict,
  ReasonCode,
} from '../../shared/model/payments';
import type { Attempt, SlotState } from './slot';

/** A payment as approval and preflight need it: what was stored, nothing derived. */
export type PaymentFacts = {
  readonly id: PaymentId;
  readonly batchId: BatchId;
  readonly index: number;
  readonly status: PaymentStatus;
  readonly endToEndId: string;
  readonly reference: string;
  readonly docHash: Hash32;
  readonly debtorAccountId: AccountId;
  readonly debtorAddress: Address;
  readonly debtorName: string;
  readonly tokenId: TokenId;
  readonly currency: CurrencyCode;
  readonly units: bigint;
  readonly decimals: number;
  readonly counterpartyId: CounterpartyId | null;
  readonly creditorName: string;
  readonly creditorLei: string | null;
  readonly creditorAccount: string;
  readonly creditorAddress: Address;
  readonly preflight: PreflightVerdict | null;
};

export type BatchFacts = {
  readonly id: BatchId;
  readonly source: PaymentSource;
  readonly releasedHolds: readonly Pick<Hold, 'kind' | 'paymentIndex' | 'text'>[];
  readonly isApproved: boolean;
  readonly count: number;
};

/** Fee offer of one transaction, in the native unit per gas. */
export type FeeOffer =
  | { readonly type: 'eip1559'; readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint }
  | { readonly type: 'legacy'; readonly gasPrice: bigint };

/** A signed transaction on its way into the outbox. */
export type SignedTransaction = {
  readonly paymentId: PaymentId;
  readonly action: Attempt['action'];
  readonly networkId: NetworkId;
  readonly sender: Address;
  readonly nonce: bigint;
  /** `null`: the key is in another machine's vault. */
  readonly keyId: KeyId | null;
  readonly gas: bigint;
  readonly fees: FeeOffer;
  readonly hash: Hash32;
  readonly raw: Hex;
};

export type StoredAttempt = Attempt & { readonly gas: bigint; readonly fees: FeeOffer };

export type Slot = {
  readonly paymentId: PaymentId;
  readonly batchId: BatchId;
  readonly networkId: NetworkId;
  readonly sender: Address;
  readonly nonce: bigint;
  /** `null`: the key is in another machine's vault. */
  readonly keyId: KeyId | null;
  readonly accountId: AccountId;
  readonly tokenId: TokenId;
  readonly receiver: Address;
  readonly units: bigint;
  /** What the units were made with. */
  readonly decimals: number;
  readonly state: SlotState;
  readonly attempts: readonly StoredAttempt[];
};

/** What one step changed; written in one transaction together with the payment's own row. */
export type SlotUpdate = {
  readonly paymentId: PaymentId;
  readonly state: SlotState;
  readonly isBooked: boolean;
  /** Hashes that a node has taken. */
  readonly sent: readonly Hash32[];
  readonly status: PaymentStatus;
  readonly reason: { readonly code: ReasonCode; readonly text: string | null } | null;
  readonly settlement: PaymentSettlement;
  readonly at: Instant;
};

export type NonceRequest = {
  readonly networkId: NetworkId;
  readonly sender: Address;
  readonly count: number;
  /** The network's own count, pending included. */
  readonly chainPending: bigint;
};
export type NonceRange = { readonly networkId: NetworkId; readonly sender: Address; readonly first: bigint };

export type ApprovalFacts = {
  readonly digest: Hash32;
  /** `null` where the words depended on a challenge (envelopes). */
  readonly words: readonly string[] | null;
  readonly approvedAt: Instant;
};

export type NetworkStatus = {
  readonly networkId: NetworkId;
  readonly waiting: number;
  readonly sent: number;
  readonly included: number;
  readonly final: number;
};

export type { Refusal };

export const costOf = (gas: bigint, fees: FeeOffer): bigint =>
  gas * (fees.type === 'eip1559' ? fees.maxFeePerGas : fees.gasPrice);
