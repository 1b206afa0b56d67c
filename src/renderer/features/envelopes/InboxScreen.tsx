import { Button, SegmentedControl } from '@mantine/core';
import { IconFileImport, IconInbox, IconQrcode } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { envelopes as words } from '../../../../assets/locales/en/envelopes';
import type { EnvelopeSummary } from '../../../shared/contract';
import { client } from '../../client';
import {
  Badge,
  type Column,
  DataTable,
  EmptyState,
  ErrorState,
  formatCount,
  Money,
  navigate,
  Page,
  replaceRoute,
  SearchField,
  Time,
  Toolbar,
  useAction,
  useIsOfflineMachine,
  useLocale,
  usePagedRows,
  useQuery,
  useRoute,
  widestDecimals,
} from '../../ui';
import { nameOfEnvelope, taskOf } from './describe';
import styles from './envelopes.module.css';
import { chooseExchangeFile } from './intake/choose';
import { Notices } from './Notices';
import { StateBadge } from './StateBadge';

type Filter = keyof typeof words.filters;
const FILTERS = Object.keys(words.filters) as Filter[];
const SUMS_SHOWN = 2;
const c = words.columns;

const Sums = ({ envelope }: { readonly envelope: EnvelopeSummary }) => {
  const { sums } = envelope;
  if (sums.length === 0) return <span className={styles.muted}>{words.detail.movesNothing}</span>;
  const shown = sums.length > SUMS_SHOWN ? sums.slice(0, SUMS_SHOWN - 1) : sums;
  const align = widestDecimals(sums.map(({ currency, sum }) => ({ currency, ...sum })));
  return (
    <span className={styles.inlineSums}>
      {shown.map(({ currency, sum }) => (
        <Money key={currency} currency={currency} {...sum} alignDecimals={align} size="sm" />
      ))}
      {shown.length < sums.length ? (
        <span className={styles.muted}>{words.andMore(sums.length - shown.length)}</span>
      ) : null}
    </span>
  );
};

const useColumns = (): readonly Column<EnvelopeSummary>[] => {
  const locale = useLocale();
  return useMemo(
    (): readonly Column<EnvelopeSummary>[] => [
      {
        id: 'name',
        header: c.name,
        width: 'minmax(176px, 1.6fr)',
        render: (envelope) => (
          <span className={styles.stack}>
            <span className={styles.strong} title={nameOfEnvelope(envelope)}>
              {nameOfEnvelope(envelope)}
            </span>
            <span className={styles.muted}>
              {words.detail.madeBy} {envelope.maker.name}
            </span>
          </span>
        ),
      },
      {
        id: 'count',
        header: c.count,
        width: '66px',
        align: 'right',
        render: ({ count }) => <span className="tabular">{formatCount(count, locale)}</span>,
      },
      {
        id: 'sums',
        header: c.sums,
        width: '148px',
        align: 'right',
        render: (envelope) => <Sums envelope={envelope} />,
      },
      {
        id: 'state',
        header: c.state,
        width: '196px',
        render: ({ state, approvals }) => (
          <span className={styles.stateStack}>
            <StateBadge state={state} />
            <span className={styles.approvals}>{words.approvalsOf(approvals.given, approvals.needed)}</span>
          </span>
        ),
      },
      {
        id: 'task',
        header: c.task,
        width: '132px',
        render: ({ waitsForMe, abilities }) => {
          const task = taskOf(abilities);
          return waitsForMe ? (
            <Badge tone="info" icon="pending">
              {task === null ? words.look : words.tasks[task]}
            </Badge>
          ) : null;
        },
      },
      {
        id: 'expires',
        header: c.expires,
        width: '176px',
        isOptional: true,
        render: ({ expiresAt }) => <Time instant={expiresAt} />,
      },
    ],
    [locale],
  );
};

/** Says what to do first, by what this person is. */
const NothingWaits = ({ actions }: { readonly actions: React.ReactNode }) => {
  const me = useQuery(() => client['people.identity']({}), { key: 'identity', topics: ['people'] });
  const roles = me.data?.roles ?? [];
  // Who has several roles does what the machine is there for.
  const isOffline = useIsOfflineMachine();
  const order = isOffline
    ? (['signer', 'approver', 'maker', 'auditor'] as const)
    : (['approver', 'maker', 'signer', 'auditor'] as const);
  const role = order.find((each) => roles.includes(each));
  return (
    <EmptyState
      icon={IconInbox}
      title={words.nothingWaits}
      text={
        me.data === undefined ? undefined : (
          <>
            {words.nothingWaitsText[role ?? (me.data.companyName === null ? 'none' : 'nobody')]}{' '}
            {words.dropHint}
          </>
        )
      }
      action={actions}
    />
  );
};

/** What waits for this machine's person, what is open, and everything. */
export const InboxScreen = () => {
  const { params } = useRoute();
  const locale = useLocale();
  const [search, setSearch] = useState('');
  const [waiting, setWaiting] = useState<number | null>(null);
  const filter = FILTERS.find((name) => name === params['filter']) ?? 'inbox';
  const choosing = useAction(chooseExchangeFile);
  const columns = useColumns();
  const rows = usePagedRows<EnvelopeSummary>(
    async (offset, limit) => {
      const answer = await client['envelopes.list']({ filter, search, offset, limit });
      setWaiting(answer.waiting);
      return { total: answer.total, rows: answer.envelopes };
    },
    { key: `${filter} ${search}`, topics: ['envelopes', 'people'], pageSize: 100 },
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
  const scanButton = (
    <Button
      variant="default"
      leftSection={<IconQrcode size={16} aria-hidden />}
      onClick={() => navigate('inbox', { view: 'scan' })}
    >
      {words.scan}
    </Button>
  );
  const buttons = (
    <>
      {scanButton}
      {importButton}
    </>
  );
  const isBare = search === '' && rows.total === 0 && !rows.isLoading && !rows.error;
  return (
    <Page title={words.title} subtitle={words.subtitle} layout="fill" actions={isBare ? undefined : buttons}>
      {choosing.error ? <ErrorState error={choosing.error} /> : null}
      <Notices />
      <Toolbar>
        <SegmentedControl
          aria-label={words.filterLabel}
          value={filter}
          onChange={(next) => replaceRoute('inbox', { params: { filter: next } })}
          data={FILTERS.map((value) => ({
            value,
            label:
              value === 'inbox' && waiting !== null && waiting > 0
                ? `${words.filters.inbox} (${formatCount(waiting, locale)})`
                : words.filters[value],
          }))}
        />
        <SearchField
          value={search}
          onChange={setSearch}
          label={words.search}
          placeholder={words.searchPlaceholder}
          width={300}
        />
        <span className={styles.count}>
          {rows.isLoading || rows.error ? null : words.count(formatCount(rows.total, locale))}
        </span>
      </Toolbar>
      <DataTable
        label={words.table}
        columns={columns}
        rows={rows}
        rowKey={(envelope) => envelope.digest}
        rowHeight={56}
        onOpen={(envelope) => navigate('inbox', { view: 'envelope', id: envelope.digest })}
        isLoading={rows.isLoading}
        error={rows.error}
        onRetry={rows.reload}
        empty={
          search !== '' ? (
            <EmptyState icon={IconInbox} title={words.noMatch} text={words.noMatchText} />
          ) : filter === 'inbox' ? (
            <NothingWaits actions={buttons} />
          ) : (
            <EmptyState icon={IconInbox} title={words.empty} text={words.dropHint} action={buttons} />
          )
        }
      />
    </Page>
  );
};
