/**
 * The stores that the ledger process serves, by name. What each of their methods is to the journal stands in ./methods.ts;
 * a method that is not there fails the type check, and cannot be called from main.
 */
import type { KeyObject } from 'node:crypto';
import type { Db } from '../driver';
import { createDirectoryStore } from './directory-store';
import { createEnvelopeStore } from './envelope-store';
import { createJournalStore } from './journal-store';
import { createLedgerStore } from './ledger-store';
import { createPaymentsStore } from './payments-store';
import { createPeopleStore } from './people-store';
import { createRatesStore } from './rates-store';
import { createSettlementStore } from './settlement-store';

/** `journalKey`: what the entries of the journal are sealed with. */
export const createStores = (db: Db, journalKey: KeyObject) => ({
  directory: createDirectoryStore(db),
  payments: createPaymentsStore(db),
  settlement: createSettlementStore(db),
  ledger: createLedgerStore(db),
  rates: createRatesStore(db),
  people: createPeopleStore(db),
  envelopes: createEnvelopeStore(db),
  journal: createJournalStore(db, journalKey),
});

export type Stores = ReturnType<typeof createStores>;
export type StoreName = keyof Stores & string;

export { METHODS } from './methods';
export { type CallOrigin, createStoreCalls } from './store-calls';
