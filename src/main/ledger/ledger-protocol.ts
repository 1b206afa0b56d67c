/** What main may ask of the ledger process. */
import type { ChildMethod } from '../platform/child-protocol';
import type { DriverInfo } from './driver';
import type { StoreHead } from './store';

export type StoreInfo = {
  readonly info: DriverInfo;
  readonly schemaVersion: number;
  readonly head: StoreHead | null;
};

export type LedgerChildMethods = {
  /** The process's X25519 public key: the database key is sealed to it and seen by nobody in between. */
  recipient: ChildMethod<null, { readonly publicKey: Uint8Array }>;
  open: ChildMethod<
    {
      readonly file: string;
      readonly sealedKey: Uint8Array;
      readonly expectedHead?: StoreHead | null;
    },
    StoreInfo
  >;
  store: ChildMethod<
    { readonly store: string; readonly method: string; readonly args: readonly unknown[] },
    unknown
  >;
  anchor: ChildMethod<null, StoreHead>;
  backup: ChildMethod<{ readonly target: string }, null>;
  close: ChildMethod<null, null>;
};
