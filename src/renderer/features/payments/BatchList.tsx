import { Button } from '@mantine/core';
import { IconFileImport, IconPlus, IconTransferOut } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { payments as words } from '../../../../assets/locales/en/payments';
import type { Batch } from '../../../shared/model/payments';
import { client } from '../../client';
import {
  type Column,
  DataTable,
  EmptyState,
  ErrorState,
  formatCount,
  Money,
  navigate,
  Page,
  SearchField,
  StatusBadge,
  Time,
  Toolbar,
  useAction,
  useLocale,
  usePagedRows,
  widestDecimals,
} from '../../ui';
import { chooseFile } from './choose-file';
import { nameOfBatch } from './describe';
import { Meter } from './Meter';
import styles from './payments.module.css';

const SUMS_SHOWN = 2;
const b = words.batches;

const Sums = ({ batch }: { readonly batch: Batch }) => {
  const shown = batch.sums.length > SUMS_SHOWN ? batch.sums.slice(0, SUMS_SHOWN - 1) : batch.sums;
  const align = widestDecimals(batch.sums.map(({ currency, sum }) => ({ currency, ...sum })));
  return (
    <span className={styles.inlineSums}>
      {shown.map(({ currency, sum }) => (
        <Money key={currency} currency={currency} {...sum} alignDecimals={align} size="sm" />
      ))}
      {shown.length < batch.sums.length ? (
        <span className={styles.muted}>{b.more(batch.sums.length - shown.length)}</span>
      ) : null}
    </span>
  );
};

export const BatchList = () => {
  const [search, setSearch] = useState('');
  const locale = useLocale();
  const choosing = useAction(chooseFile);
  const rows = usePagedRows<Batch>(
    async (offset, limit) => {
      const { total, batches } = await client['payments.batches']({ search, offset, limit });
      return { total, rows: batches };
    },
    { key: search, topics: ['payments'] },
  );
  const columns = useMemo(
    (): readonly Column<Batch>[] => [
      {
        id: 'name',
        header: b.columns.name,
        width: 'minmax(216px, 1.8fr)',
        render: (batch) => (
          <span className={styles.stack}>
            <span className={styles.strong}>{nameOfBatch(batch)}</span>
            <span className={styles.muted}>
              {batch.source.messageId !== null && batch.source.fileName !== null
                ? batch.source.fileName
                : batch.source.kind === 'form'
                  ? null
                  : batch.source.format}
            </span>
          </span>
        ),
      },
      {
        id: 'status',
        header: b.columns.status,
        width: '200px',
        render: (batch) => <StatusBadge status={batch.status} />,
      },
      {
        id: 'count',
        header: b.columns.count,
        width: '66px',
        align: 'right',
        render: (batch) => <span className="tabular">{formatCount(batch.count, locale)}</span>,
      },
      {
        id: 'sums',
        header: b.columns.sums,
        width: '144px',
        align: 'right',
        render: (batch) => <Sums batch={batch} />,
      },
      {
        id: 'progress',
        header: b.columns.progress,
        width: 'minmax(136px, 0.8fr)',
        render: (batch) => (
          <span className={styles.progressCell}>
            <Meter batch={batch} />
            <span className={styles.progressText}>
              {b.settledOf(formatCount(batch.byStatus.ACSC ?? 0, locale), formatCount(batch.count, locale))}
            </span>
          </span>
        ),
      },
      {
        id: 'created',
        header: b.columns.created,
        width: '168px',
        render: (batch) => <Time instant={batch.createdAt} />,
      },
    ],
    [locale],
  );
  const importButton = (
    <Button
      leftSection={<IconFileImport size={16} aria-hidden />}
      loading={choosing.isRunning}
      onClick={() => void choosing.run()}
    >
      {words.importFile}
    </Button>
  );
  const newButton = (
    <Button
      variant="default"
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => navigate('payments', { view: 'new' })}
    >
      {words.newPayment}
    </Button>
  );
  const isBare = search === '' && rows.total === 0 && !rows.isLoading && !rows.error;
  return (
    <Page
      title={words.title}
      subtitle={words.subtitle}
      layout="fill"
      actions={
        isBare ? undefined : (
          <>
            {newButton}
            {importButton}
          </>
        )
      }
    >
      {choosing.error ? <ErrorState error={choosing.error} /> : null}
      {isBare ? null : (
        <Toolbar>
          <SearchField
            value={search}
            onChange={setSearch}
            label={b.search}
            placeholder={b.searchPlaceholder}
            width={320}
          />
          <span className={styles.count}>
            {rows.isLoading || rows.error ? null : b.count(formatCount(rows.total, locale))}
          </span>
        </Toolbar>
      )}
      <DataTable
        label={b.table}
        columns={columns}
        rows={rows}
        rowKey={(batch) => batch.id}
        rowHeight={52}
        onOpen={(batch) => navigate('payments', { view: 'batch', id: batch.id })}
        isLoading={rows.isLoading}
        error={rows.error}
        onRetry={rows.reload}
        empty={
          search === '' ? (
            <EmptyState
              icon={IconTransferOut}
              title={b.empty}
              text={
                <>
                  {b.emptyText} {words.dropHint}
                </>
              }
              action={
                <>
                  {newButton}
                  {importButton}
                </>
              }
            />
          ) : (
            <EmptyState icon={IconTransferOut} title={b.noMatch} text={b.noMatchText} />
          )
        }
      />
    </Page>
  );
};
