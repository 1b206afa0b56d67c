/** What the sandbox tells about itself. JSON-safe: amounts are decimal strings. */
import type { Address, Hex } from 'viem';
import type { Bank, ExternalId, Standing } from './parties';
import type { ProfileKey } from './profiles';

/**
 * How blocks come about. `auto`: one per transaction, at once. `interval`: one every `blockTimeSeconds`, holding what
 * waits. `mixed`: both, so payments are included at once and finality advances by itself. `manual`: only by `mine`.
 */
export type Mining = 'auto' | 'interval' | 'mixed' | 'manual';

export type SandboxToken = {
  readonly profile: ProfileKey;
  /** EIP-55 form, as are all addresses here. */
  readonly address: Address;
  readonly implementation: Address;
  readonly name: string;
  readonly symbol: string;
  readonly currency: string;
  readonly decimals: number;
  readonly issuer: Omit<Bank, 'bic' | 'lei'> & {
    readonly bic: string | null;
    readonly lei: string | null;
    /** Clearing member id, for banks that payment files name so. */
    readonly memberId: string | null;
    readonly address: Address;
  };
  /** Who answers redemption requests; transfers to it become requests where the token has them. */
  readonly registrar: Address;
  readonly operations: Address;
};

export type SandboxTreasuryAccount = {
  readonly index: number;
  readonly name: string;
  readonly address: Address;
  readonly externalIds: readonly ExternalId[];
  /** Opening balance per token address in the token's smallest unit. */
  readonly openingUnits: Readonly<Record<Address, string>>;
};

export type SandboxSupplier = {
  readonly name: string;
  readonly lei: string;
  readonly country: string;
  readonly bic: string;
  readonly postalAddress: {
    readonly street: string;
    readonly building: string;
    readonly postCode: string;
    readonly town: string;
    readonly country: string;
  };
  readonly externalId: ExternalId;
  readonly address: Address;
  /** Per token profile; nothing about tokens deployed later. */
  readonly standing: Readonly<Record<ProfileKey, Standing>>;
};

export type SandboxDescription = {
  readonly chainId: number;
  /** CAIP-2 */
  readonly caip2: string;
  readonly rpcUrl: string;
  readonly mining: Mining;
  /** `null` where blocks do not come by time. */
  readonly blockTimeSeconds: number | null;
  readonly finality: { readonly tag: 'finalized'; readonly depth: number };
  readonly tokens: readonly SandboxToken[];
  readonly company: { readonly name: string; readonly lei: string; readonly country: string };
  readonly treasury: {
    /** Public test words, good for nothing but this sandbox. */
    readonly mnemonic: string;
    readonly derivationPath: string;
    readonly accounts: readonly SandboxTreasuryAccount[];
  };
  readonly suppliers: readonly SandboxSupplier[];
};

/** A bank's token that comes in at run time. */
export type TokenRequest = {
  readonly bankName: string;
  readonly bic?: string | null;
  readonly memberId?: string | null;
  readonly lei?: string | null;
  readonly country?: string | null;
  readonly currency: string;
  /** ISO 4217's minor units when left out. */
  readonly decimals?: number;
  /** `R` when left out: it answers every question a wallet can ask. */
  readonly profile?: ProfileKey;
  /** Enrolled, and given `units` when that is there. The treasury's own accounts are always enrolled and funded. */
  readonly holders?: readonly { readonly address: Address; readonly units?: string }[];
  /** Smallest units for each own account; ten million whole ones when left out. */
  readonly treasuryUnits?: string;
  /** Own accounts beside those of the sandbox mnemonic. */
  readonly ownAccounts?: readonly Address[];
};

export type SentTransaction = { readonly hash: Hex; readonly blockNumber: bigint };
