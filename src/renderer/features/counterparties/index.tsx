/** The counterparties screen. Called from app/routes. */
import { EmptyState, Page } from '../../ui';

export const CounterpartiesScreen = () => (
  <Page title="Counterparties">
    <EmptyState title="Nothing here yet" />
  </Page>
);
