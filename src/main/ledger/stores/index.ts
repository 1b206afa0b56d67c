/**
 * The stores that the ledger process serves, by name. A method that is not here cannot be called from main.
 */
import type { Db } from '../driver';
import { createDirectoryStore } from './directory-store';
import { createLedgerStore } from './ledger-store';
import { createPaymentsStore } from './payments-store';
import { createRatesStore } from './rates-store';
import { createSettlementStore } from './settlement-store';

export const createStores = (db: Db) => ({
  directory: createDirectoryStore(db),
  payments: createPaymentsStore(db),
  settlement: createSettlementStore(db),
  ledger: createLedgerStore(db),
  rates: createRatesStore(db),
});

export type Stores = ReturnType<typeof createStores>;
export type StoreName = keyof Stores & string;
