/** The ledger screen. Called from app/routes. */
import { EmptyState, Page } from '../../ui';

export const LedgerScreen = () => (
  <Page title="Ledger">
    <EmptyState title="Nothing here yet" />
  </Page>
);
