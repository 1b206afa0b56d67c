/**
 * The ledger screen: the replica's entries, searched, filtered, one of them in detail.
 *
 * Hides paging and filters. Invariants: shows what main answers and nothing it works out itself. Called from app/routes.
 */
export { LedgerScreen } from './LedgerScreen';
