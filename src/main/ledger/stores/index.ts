/**
 * The stores that the ledger process serves, by name. A method that is not here cannot be called from main.
 */
import type { Db } from '../driver';

export const createStores = (_db: Db) => ({});

export type Stores = ReturnType<typeof createStores>;
export type StoreName = keyof Stores & string;
