/** The payments screen. Called from app/routes. */
import { EmptyState, Page } from '../../ui';

export const PaymentsScreen = () => (
  <Page title="Payments">
    <EmptyState title="Nothing here yet" />
  </Page>
);
