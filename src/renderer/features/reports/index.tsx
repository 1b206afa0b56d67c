/** The reports screen. Called from app/routes. */
import { EmptyState, Page } from '../../ui';

export const ReportsScreen = () => (
  <Page title="Reports">
    <EmptyState title="Nothing here yet" />
  </Page>
);
