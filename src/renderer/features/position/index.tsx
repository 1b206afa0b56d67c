/** The position screen. Called from app/routes. */
import { EmptyState, Page } from '../../ui';

export const PositionScreen = () => (
  <Page title="Position">
    <EmptyState title="Nothing here yet" />
  </Page>
);
