/** The vault child's methods, as both sides see them. No output has a field for a secret but `recoveryPage`. */
import type { KeyInfo } from '../../shared/contract/vault';
import type { JournalAnchor, PersonStatement } from '../../shared/model/envelope';
import type { Address, Hash32, Hex, PaymentId } from '../../shared/model/ids';
import type { Signature } from '../../shared/model/people';
import type { SigningContent } from '../../shared/model/signing';
import type { ChildMethod } from '../platform/child-protocol';
import type { WorkspaceMode } from './contents';
import type { PassphraseAssessment } from './passphrase';

export type ReplicaAnchor = {
  /** How many records the replica held. */
  readonly count: bigint;
  readonly headHash: Hash32;
};

export type OpenedVault = {
  readonly keys: readonly KeyInfo[];
  /** Grows with every write of the file. Smaller than last seen: somebody put an older copy back. */
  readonly revision: bigint;
  readonly replicaHead: ReplicaAnchor | null;
  /** How far the journal was when it was last anchored. */
  readonly journalHead: JournalAnchor | null;
  /** Offline: whoever builds on this vault opens no socket. */
  readonly mode: WorkspaceMode;
};

/** What is remembered of the store. Without `journal`, or with `null`, what was kept of the journal stays. */
export type StoreAnchor = ReplicaAnchor & { readonly journal?: JournalAnchor | null };

export type StatementRequest = {
  readonly statement: PersonStatement;
  /** `null` for acts that need none (`create`, `send`). */
  readonly passphrase: string | null;
};

export type PreparedPhrase = {
  readonly pendingId: string;
  /** Positions of the words to ask for, from 1. */
  readonly confirmPositions: number[];
};

export type ConfirmAnswer = { readonly position: number; readonly word: string };

export type SignedPayment = {
  readonly paymentId: PaymentId;
  /** The signed transaction, ready for `eth_sendRawTransaction`. */
  readonly raw: Hex;
  /** Its id on the chain. */
  readonly hash: Hash32;
  readonly from: Address;
  readonly nonce: bigint;
};

export type SigningProgress = { readonly signed: number; readonly total: number };

export type SigningRequest = {
  readonly content: SigningContent;
  /** The batch digest that was shown and approved. */
  readonly digest: Hash32;
  readonly passphrase: string;
};

type Passphrase = { readonly passphrase: string };
/** Of a vault that is made; ignored where one is open. */
type Mode = { readonly mode: WorkspaceMode };

export type VaultMethods = {
  readonly open: ChildMethod<{ readonly directory: string }, null>;
  readonly assessPassphrase: ChildMethod<
    { readonly passphrase: string; readonly context: readonly string[] },
    PassphraseAssessment
  >;
  readonly prepare: ChildMethod<
    { readonly words: 12 | 24; readonly bip39Passphrase: string | null },
    PreparedPhrase
  >;
  readonly recoveryPage: ChildMethod<{ readonly pendingId: string }, Uint8Array>;
  readonly confirm: ChildMethod<
    Passphrase & Mode & { readonly pendingId: string; readonly answers: readonly ConfirmAnswer[] },
    OpenedVault
  >;
  readonly abandon: ChildMethod<null, null>;
  readonly restore: ChildMethod<
    Passphrase &
      Mode & {
        readonly mnemonic: string;
        readonly bip39Passphrase: string | null;
        readonly accounts: number;
      },
    OpenedVault
  >;
  readonly unlock: ChildMethod<Passphrase, OpenedVault>;
  readonly changePassphrase: ChildMethod<{ readonly current: string; readonly next: string }, null>;
  readonly keys: ChildMethod<null, OpenedVault>;
  readonly deriveKey: ChildMethod<Passphrase, KeyInfo>;
  readonly importPrivateKey: ChildMethod<Passphrase & Mode & { readonly privateKey: string }, KeyInfo>;
  readonly importKeystore: ChildMethod<
    Passphrase &
      Mode & {
        readonly json: string;
        readonly keystorePassword: string;
        readonly expectedAddress: string | null;
      },
    KeyInfo
  >;
  readonly sealDatabaseKey: ChildMethod<{ readonly recipientPublicKey: Uint8Array }, Uint8Array>;
  readonly sealJournalKey: ChildMethod<{ readonly recipientPublicKey: Uint8Array }, Uint8Array>;
  readonly recordReplicaHead: ChildMethod<StoreAnchor, { readonly revision: bigint }>;
  readonly verifyPassphrase: ChildMethod<Passphrase, null>;
  readonly setMode: ChildMethod<Passphrase & Mode, { readonly isChanged: boolean }>;
  readonly personKey: ChildMethod<null, { readonly key: Address }>;
  readonly signStatement: ChildMethod<StatementRequest, { readonly signature: Signature }>;
  readonly signBatch: ChildMethod<SigningRequest, { readonly signed: SignedPayment[] }, SigningProgress>;
};
