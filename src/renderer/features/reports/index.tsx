/** Reports: what can be taken out of the books, the rates that go in, and the journal. Called from app/routes. */
import { Tabs } from '@mantine/core';
import { journal } from '../../../../assets/locales/en/journal';
import { reports } from '../../../../assets/locales/en/reports';
import { Page, replaceRoute, useIsOfflineMachine, useRoute } from '../../ui';
import { FilesTab } from './FilesTab';
import { JournalTab } from './JournalTab';

const TABS = { files: FilesTab, journal: JournalTab } as const;
type Tab = keyof typeof TABS;
const LABELS: Readonly<Record<Tab, string>> = { files: journal.tabFiles, journal: journal.tab };

export const ReportsScreen = () => {
  const { view } = useRoute();
  // An offline machine has no books to take files out of.
  const names: readonly Tab[] = useIsOfflineMachine() ? ['journal'] : ['files', 'journal'];
  const tab = names.find((name) => name === view) ?? names[0] ?? 'journal';
  const Current = TABS[tab];
  return (
    <Page title={reports.title} layout="fill">
      <Tabs
        value={tab}
        onChange={(next) => replaceRoute('reports', { view: next === 'files' ? null : next })}
        keepMounted={false}
      >
        <Tabs.List>
          {names.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {LABELS[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {names.map((name) => (
          <Tabs.Panel key={name} value={name} aria-label={LABELS[name]}>
            {null}
          </Tabs.Panel>
        ))}
      </Tabs>
      <Current />
    </Page>
  );
};
