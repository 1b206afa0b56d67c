/** Settings: networks, tokens, own accounts, people, security, appearance, directory files, about. Called from app/routes. */
import { Tabs } from '@mantine/core';
import { settings } from '../../../../assets/locales/en/settings';
import { Page, replaceRoute, useIsOfflineMachine, useRoute } from '../../ui';
import { AboutTab } from './AboutTab';
import { AccountsTab } from './AccountsTab';
import { AppearanceTab } from './AppearanceTab';
import { DirectoryTab } from './DirectoryTab';
import { NetworksTab } from './NetworksTab';
import { PeopleTab } from './people';
import { SecurityTab } from './SecurityTab';
import { TokensTab } from './TokensTab';

const TABS = {
  networks: NetworksTab,
  tokens: TokensTab,
  accounts: AccountsTab,
  people: PeopleTab,
  security: SecurityTab,
  appearance: AppearanceTab,
  directory: DirectoryTab,
  about: AboutTab,
} as const;
type Tab = keyof typeof TABS;
const NAMES = Object.keys(TABS) as Tab[];

export const SettingsScreen = () => {
  const { view } = useRoute();
  const isOffline = useIsOfflineMachine();
  const tab = NAMES.find((name) => name === view) ?? (isOffline ? 'people' : 'networks');
  const Current = TABS[tab];
  return (
    <Page title={settings.title} layout="fill">
      <Tabs value={tab} onChange={(next) => replaceRoute('settings', { view: next })} keepMounted={false}>
        <Tabs.List>
          {NAMES.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {settings.tabs[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {NAMES.map((name) => (
          <Tabs.Panel key={name} value={name} aria-label={settings.tabs[name]}>
            {null}
          </Tabs.Panel>
        ))}
      </Tabs>
      <Current />
    </Page>
  );
};
