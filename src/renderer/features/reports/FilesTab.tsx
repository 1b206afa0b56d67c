import { Button } from '@mantine/core';
import { IconDownload, IconFileUpload } from '@tabler/icons-react';
import { reports } from '../../../../assets/locales/en/reports';
import { client } from '../../client';
import {
  ErrorState,
  formatDate,
  KeyValue,
  LoadingState,
  markStale,
  navigate,
  Section,
  showToast,
  Time,
  useAction,
  useLocale,
  useQuery,
} from '../../ui';
import styles from './reports.module.css';

/** What can be taken out of the books as files, and the rates that go in. */
export const FilesTab = () => {
  const locale = useLocale();
  const position = useQuery(() => client['position.get']({}), {
    key: 'rates',
    topics: ['ledger', 'settings'],
  });
  const save = useAction(async () => {
    const { saved } = await client['ledger.exportCsv']({});
    if (saved !== null) showToast('success', reports.saved, saved);
  });
  const read = useAction(async () => {
    const { file } = await client['files.choose']({ purpose: 'rates' });
    if (file === null) return;
    const rates = await client['rates.importFile']({ fileId: file.fileId });
    showToast('success', reports.ratesRead, formatDate(rates.date, locale));
    markStale('ledger');
  });
  const rates = position.data?.rates ?? null;
  return (
    <div className={styles.scroll}>
      <p className={styles.source}>{reports.subtitle}</p>
      <Section
        title={reports.ledgerTitle}
        description={reports.ledgerText}
        actions={
          <Button
            leftSection={<IconDownload size={16} aria-hidden />}
            onClick={() => void save.run()}
            loading={save.isRunning}
          >
            {reports.ledgerButton}
          </Button>
        }
      >
        {save.error ? <ErrorState error={save.error} /> : null}
      </Section>
      <Section
        title={reports.statusTitle}
        description={reports.statusText}
        actions={
          <Button variant="default" onClick={() => navigate('payments')}>
            {reports.statusButton}
          </Button>
        }
      >
        {null}
      </Section>
      <Section
        title={reports.ratesTitle}
        description={reports.ratesText}
        actions={
          <Button
            variant="default"
            leftSection={<IconFileUpload size={16} aria-hidden />}
            onClick={() => void read.run()}
            loading={read.isRunning}
          >
            {reports.ratesButton}
          </Button>
        }
      >
        {read.error ? <ErrorState error={read.error} /> : null}
        {position.isLoading && position.data === undefined ? <LoadingState /> : null}
        {position.error && !position.data ? (
          <ErrorState error={position.error} onRetry={position.reload} />
        ) : null}
        {position.data && rates === null ? <div>{reports.ratesNone}</div> : null}
        {rates === null ? null : (
          <KeyValue
            facts={[
              { label: reports.ratesDate, value: formatDate(rates.date, locale) },
              { label: reports.ratesSource, value: rates.source },
              { label: reports.ratesCount, value: String(rates.count) },
              { label: reports.ratesImported, value: <Time instant={rates.importedAt} /> },
            ]}
          />
        )}
      </Section>
    </div>
  );
};
