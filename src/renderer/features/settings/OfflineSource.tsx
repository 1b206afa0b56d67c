import { Button } from '@mantine/core';
import { settings } from '../../../../assets/locales/en/settings';
import { Notice, replaceRoute } from '../../ui';

const t = settings.machine;

/** On a machine that asks no network: where networks and tokens come from instead. */
export const OfflineSource = () => (
  <Notice
    tone="info"
    title={t.noAsking}
    action={
      <Button size="xs" variant="default" onClick={() => replaceRoute('settings', { view: 'directory' })}>
        {settings.tabs.directory}
      </Button>
    }
  >
    {t.noAskingText}
  </Notice>
);
