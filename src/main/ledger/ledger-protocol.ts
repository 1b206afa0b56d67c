/** What main may ask of the ledger process. */
import type { Instant } from '../../shared/model/ids';
import type { ChildMethod } from '../platform/child-protocol';
import type { DriverInfo } from './driver';
import type { StoreHead } from './store';
import type { CallOrigin } from './stores';
import type { JournalHead } from './stores/journal-check';

export type StoreInfo = {
  readonly info: DriverInfo;
  readonly schemaVersion: number;
  readonly head: StoreHead | null;
  /** The journal as it was found right, and the latest time of any of its entries. */
  readonly journal: JournalHead & { readonly latest: Instant | null };
};

/** What the vault keeps of a store: where the file stood, and where its journal did. */
export type StoreAnchor = StoreHead & { readonly journal: JournalHead };

export type LedgerChildMethods = {
  /** The process's X25519 public keys, one for each of its two secrets: they are sealed to them and seen by nobody in between. */
  recipient: ChildMethod<null, { readonly publicKey: Uint8Array; readonly journalPublicKey: Uint8Array }>;
  open: ChildMethod<
    {
      readonly file: string;
      readonly sealedKey: Uint8Array;
      readonly sealedJournalKey: Uint8Array;
      readonly expectedHead?: StoreHead | null;
      readonly expectedJournal?: JournalHead | null;
    },
    StoreInfo
  >;
  store: ChildMethod<
    {
      readonly store: string;
      readonly method: string;
      readonly args: readonly unknown[];
      readonly origin: CallOrigin;
    },
    /** What the method answered, and how many entries of the journal were written with it (all, and in the caller's name). */
    { readonly value: unknown; readonly journaled: number; readonly named: number }
  >;
  anchor: ChildMethod<null, StoreAnchor>;
  backup: ChildMethod<{ readonly target: string }, null>;
  close: ChildMethod<null, null>;
};
