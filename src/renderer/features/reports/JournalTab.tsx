import { IconListDetails } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { journal as t } from '../../../../assets/locales/en/journal';
import type { JournalRow } from '../../../shared/contract';
import { client } from '../../client';
import {
  Badge,
  type Column,
  DataTable,
  EmptyState,
  formatCount,
  formatInstant,
  HashText,
  SearchField,
  SplitView,
  Toolbar,
  useLocale,
  usePagedRows,
} from '../../ui';
import { EntryDetail } from './EntryDetail';
import { JournalHead } from './JournalHead';
import { findEvent, nameActor, nameEvent } from './journal-words';
import styles from './reports.module.css';

/** Done, or refused with the code; its words stand in the detail. */
export const Verdict = ({ verdict }: Pick<JournalRow, 'verdict'>) =>
  verdict === 'ok' ? (
    <Badge tone="good" icon="settled">
      {t.ok}
    </Badge>
  ) : (
    <span className={styles.verdict}>
      <Badge tone="bad" icon="rejected">
        {t.refused}
      </Badge>
      <span className={styles.code} title={verdict}>
        {verdict}
      </span>
    </span>
  );

const createColumns = (locale: string): readonly Column<JournalRow>[] => [
  {
    id: 'seq',
    header: t.number,
    width: '56px',
    align: 'right',
    render: ({ seq }) => <span className="tabular">{formatCount(seq, locale)}</span>,
  },
  {
    id: 'time',
    header: t.time,
    width: '172px',
    render: ({ at }) => (
      <time dateTime={at} className="tabular">
        {formatInstant(at, locale, { seconds: false })}
      </time>
    ),
  },
  {
    id: 'who',
    isOptional: true,
    header: t.who,
    width: 'minmax(100px, 0.5fr)',
    render: (entry) => <span>{nameActor(entry)}</span>,
  },
  {
    id: 'event',
    header: t.event,
    width: 'minmax(150px, 1fr)',
    render: ({ event }) => {
      const { text, isKnown } = nameEvent(event);
      return (
        <span className={isKnown ? undefined : styles.code} title={text}>
          {text}
        </span>
      );
    },
  },
  {
    id: 'verdict',
    header: t.verdict,
    width: 'minmax(100px, 1.4fr)',
    render: ({ verdict }) => <Verdict verdict={verdict} />,
  },
  {
    id: 'digest',
    isOptional: true,
    header: t.digest,
    width: '160px',
    render: ({ digest }) => (digest === null ? null : <HashText value={digest} hideCopy />),
  },
];

/** What people and the app did, newest first, and the head of the chain to compare by phone. */
export const JournalTab = () => {
  const locale = useLocale();
  const [search, setSearch] = useState('');
  const [selected, setSelected] = useState<JournalRow | null>(null);
  const asked = findEvent(search) ?? search;
  const rows = usePagedRows<JournalRow>(
    async (offset, limit) => {
      const { total, entries } = await client['journal.list']({ search: asked, offset, limit });
      return { total, rows: entries };
    },
    { key: `journal ${asked}`, topics: ['journal'], pageSize: 100 },
  );
  const columns = useMemo(() => createColumns(locale), [locale]);
  return (
    <>
      <JournalHead />
      <SplitView
        detail={selected === null ? null : <EntryDetail entry={selected} onClose={() => setSelected(null)} />}
      >
        <Toolbar>
          <SearchField value={search} onChange={setSearch} label={t.search} width={320} />
        </Toolbar>
        <DataTable
          label={t.label}
          columns={columns}
          rows={rows}
          rowKey={({ seq }) => String(seq)}
          selectedKey={selected === null ? null : String(selected.seq)}
          onOpen={setSelected}
          isLoading={rows.isLoading}
          error={rows.error}
          onRetry={rows.reload}
          empty={
            search === '' ? (
              <EmptyState icon={IconListDetails} title={t.empty} text={t.emptyText} />
            ) : (
              <EmptyState title={t.none} />
            )
          }
        />
      </SplitView>
    </>
  );
};
