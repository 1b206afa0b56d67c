/**
 * The ledger: the encrypted store in its own process, and the replica of own accounts in it.
 *
 * Hides: SQLite and its drivers, the process boundary, migrations, how the chain is read into entries, re-orgs, what a
 * balance is made of. Invariants: one process has the file open; money is exact (bigint, decimal text in the file); an
 * entry and the cursor that says it was read are written in one transaction; nothing final is ever rewritten. All
 * queries answer from the file, with or without a network.
 * Callers: compose.ts (wiring, contract handlers); every domain gets `Remote<…Store>` of its own store injected.
 */
export { createLedgerHandlers, type LedgerHandlers, type LedgerHandlersDeps } from './handlers';
export {
  createLedgerChild,
  type LedgerChild,
  type LedgerChildDeps,
  type OpenLedgerInput,
  type Remote,
} from './ledger-child';
export type { LedgerChildMethods, StoreAnchor, StoreInfo } from './ledger-protocol';
export { createPosition, type Position, type PositionDeps, type PositionReader } from './position';
export { createReplica, type Replica, type ReplicaDeps } from './replica';
export type { StoreHead } from './store';
export type { CallOrigin, StoreName, Stores } from './stores';
export type { JournalHead } from './stores/journal-check';
export type { JournalStore } from './stores/journal-store';
export type { LedgerStore } from './stores/ledger-store';
export type { OwnPerson, PeopleStore, StoredPolicy } from './stores/people-store';
export type { RatesStore } from './stores/rates-store';
