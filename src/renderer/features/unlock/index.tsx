/** The unlock screen. Called from app/routes. */
import { EmptyState, Page } from '../../ui';

export const UnlockScreen = () => (
  <Page title="Unlock">
    <EmptyState title="Nothing here yet" />
  </Page>
);
