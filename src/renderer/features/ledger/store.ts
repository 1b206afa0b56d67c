import { create } from 'zustand';
import type { AccountId, CurrencyCode, TokenId } from '../../../shared/model/ids';
import { useSession } from '../../ui';

/** What the table is narrowed to. Kept while the app runs, so that coming back finds the same list. */
export type LedgerFilters = {
  readonly search: string;
  readonly accountId: AccountId | null;
  readonly currency: CurrencyCode | null;
  readonly tokenId: TokenId | null;
  readonly direction: 'in' | 'out' | null;
  readonly from: string | null;
  readonly to: string | null;
};

const NONE: LedgerFilters = {
  search: '',
  accountId: null,
  currency: null,
  tokenId: null,
  direction: null,
  from: null,
  to: null,
};

type LedgerView = { readonly filters: LedgerFilters };

export const useLedgerView = create<LedgerView>(() => ({ filters: NONE }));

// SECURITY: what was searched for is forgotten on lock.
useSession.subscribe(({ snapshot }) => {
  if (snapshot?.lock !== 'unlocked' && useLedgerView.getState().filters !== NONE)
    useLedgerView.setState({ filters: NONE });
});

export const setFilters = (change: Partial<LedgerFilters>): void =>
  useLedgerView.setState(({ filters }) => ({ filters: { ...filters, ...change } }));

export const clearFilters = (): void => useLedgerView.setState({ filters: NONE });

export const isFiltered = (filters: LedgerFilters): boolean =>
  Object.entries(filters).some(([, value]) => value !== null && value !== '');
