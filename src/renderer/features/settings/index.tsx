/** The settings screen. Called from app/routes. */
import { EmptyState, Page } from '../../ui';

export const SettingsScreen = () => (
  <Page title="Settings">
    <EmptyState title="Nothing here yet" />
  </Page>
);
