import { Button, Menu } from '@mantine/core';
import { IconBuildingBank, IconDots, IconDownload, IconFileImport, IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { common } from '../../../../assets/locales/en/common';
import { counterparties as words } from '../../../../assets/locales/en/counterparties';

import type { Counterparty } from '../../../shared/model/directory';
import { client } from '../../client';
import {
  Address,
  type Column,
  DataTable,
  EmptyState,
  ErrorState,
  formatCount,
  Notice,
  Page,
  replaceRoute,
  SearchField,
  SplitView,
  showToast,
  Time,
  Toolbar,
  useAction,
  useLocale,
  usePagedRows,
  useQuery,
  useRoute,
} from '../../ui';
import styles from './counterparties.module.css';
import { PartyDetail } from './PartyDetail';
import { PartyForm, type Saved } from './PartyForm';

type Skipped = readonly { readonly what: string; readonly why: string }[];
const MOST_SKIPPED_SHOWN = 5;

const countEnrolled = ({ accounts }: Counterparty): { enrolled: number; known: number } => {
  const states = accounts.flatMap(({ enrolments }) => enrolments);
  return {
    enrolled: new Set(states.filter(({ state }) => state === 'enrolled').map(({ tokenId }) => tokenId)).size,
    known: new Set(states.map(({ tokenId }) => tokenId)).size,
  };
};

export const CounterpartiesScreen = () => {
  const { view, id } = useRoute();
  const locale = useLocale();
  const [search, setSearch] = useState('');
  const [editing, setEditing] = useState<Counterparty | 'new' | null>(null);
  const [lookAlikes, setLookAlikes] = useState<{ id: string; list: Saved['lookAlikes'] } | null>(null);
  const [skipped, setSkipped] = useState<Skipped>([]);
  // A place that names a counterparty alone is read as its view.
  const selectedId = id ?? (view?.startsWith('cpy_') ? view : null);
  const select = (partyId: string | null): void => {
    setEditing(null);
    replaceRoute('counterparties', partyId === null ? {} : { view: 'party', id: partyId });
  };
  const tokens = useQuery(() => client['directory.tokens']({}), { key: 'tokens', topics: ['directory'] });
  const rows = usePagedRows<Counterparty>(
    async (offset, limit) => {
      const page = await client['directory.counterparties']({ search, offset, limit });
      return { total: page.total, rows: page.counterparties };
    },
    { key: search, topics: ['directory'] },
  );
  const importing = useAction(async () => {
    const { file } = await client['files.choose']({ purpose: 'directory' });
    if (file === null) return;
    const taken = await client['directory.importFile']({ fileId: file.fileId });
    setSkipped(taken.skipped);
    showToast(
      'success',
      words.imported,
      words.importedCounts(taken.counterparties, taken.accounts, taken.tokens),
    );
  });
  const exporting = useAction(async () => {
    const { saved } = await client['directory.exportFile']({});
    if (saved !== null) showToast('success', words.exported(saved));
  });
  const columns = useMemo(
    (): readonly Column<Counterparty>[] => [
      {
        id: 'name',
        header: words.columns.name,
        width: 'minmax(200px, 1.6fr)',
        render: (party) => (
          <span className={styles.rowName} title={party.name}>
            {party.name}
          </span>
        ),
      },
      {
        id: 'country',
        header: words.columns.country,
        width: '64px',
        render: (party) => <span>{party.address.country ?? common.none}</span>,
      },
      {
        id: 'account',
        header: words.columns.account,
        width: 'minmax(150px, 1fr)',
        render: (party) => {
          const [first, ...more] = party.accounts;
          return first === undefined ? (
            <span className={styles.muted}>{common.none}</span>
          ) : (
            <span>
              <Address address={first.address} hideCopy />
              {more.length === 0 ? null : (
                <span className={styles.muted}> {words.moreAccounts(formatCount(more.length, locale))}</span>
              )}
            </span>
          );
        },
      },
      {
        id: 'enrolled',
        header: words.columns.enrolled,
        width: '118px',
        isOptional: true,
        render: (party) => {
          const { enrolled, known } = countEnrolled(party);
          return known === 0 ? (
            <span className={styles.muted}>{words.neverAsked}</span>
          ) : (
            <span className="tabular">
              {words.enrolledOf(formatCount(enrolled, locale), formatCount(known, locale))}
            </span>
          );
        },
      },
      {
        id: 'lei',
        header: words.columns.lei,
        width: '190px',
        isOptional: true,
        render: (party) => <span className="mono">{party.lei ?? common.none}</span>,
      },
      {
        id: 'updated',
        header: words.columns.updated,
        width: '180px',
        isOptional: true,
        render: (party) => <Time instant={party.updatedAt} />,
      },
    ],
    [locale],
  );
  const addButton = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEditing('new')}>
      {words.add}
    </Button>
  );
  const importButton = (
    <Button
      variant="default"
      leftSection={<IconFileImport size={16} aria-hidden />}
      loading={importing.isRunning}
      onClick={() => void importing.run()}
    >
      {words.importFile}
    </Button>
  );
  const detail = () => {
    if (editing !== null) {
      const party = editing === 'new' ? null : editing;
      return (
        <PartyForm
          key={party?.id ?? 'new'}
          party={party}
          onClose={() => setEditing(null)}
          onSaved={(saved) => {
            setLookAlikes({ id: saved.counterparty.id, list: saved.lookAlikes });
            select(saved.counterparty.id);
          }}
        />
      );
    }
    return selectedId === null ? null : (
      <PartyDetail
        key={selectedId}
        partyId={selectedId}
        tokens={tokens.data?.tokens ?? []}
        lookAlikes={lookAlikes?.id === selectedId ? lookAlikes.list : []}
        onCompared={() => setLookAlikes(null)}
        onEdit={setEditing}
        onClose={() => select(null)}
      />
    );
  };
  const isBare = search === '' && rows.total === 0 && !rows.isLoading && !rows.error;
  return (
    <Page
      title={words.title}
      subtitle={words.subtitle}
      layout="fill"
      actions={
        <>
          <Menu position="bottom-end" width={220}>
            <Menu.Target>
              <Button variant="default" rightSection={<IconDots size={16} aria-hidden />}>
                {words.more}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                leftSection={<IconFileImport size={15} aria-hidden />}
                onClick={() => void importing.run()}
              >
                {words.importFile}
              </Menu.Item>
              <Menu.Item
                leftSection={<IconDownload size={15} aria-hidden />}
                onClick={() => void exporting.run()}
              >
                {words.exportFile}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
          {isBare ? null : addButton}
        </>
      }
    >
      {importing.error ? <ErrorState error={importing.error} /> : null}
      {exporting.error ? <ErrorState error={exporting.error} /> : null}
      {skipped.length === 0 ? null : (
        <Notice
          tone="warn"
          title={words.skipped(skipped.length)}
          action={
            <Button size="xs" variant="default" onClick={() => setSkipped([])}>
              {common.dismiss}
            </Button>
          }
        >
          {skipped.slice(0, MOST_SKIPPED_SHOWN).map(({ what, why }) => (
            <div key={`${what} ${why}`}>
              {what}: {why}
            </div>
          ))}
        </Notice>
      )}
      <SplitView detail={detail()}>
        {isBare ? null : (
          <Toolbar>
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
        )}
        <DataTable
          label={words.table}
          columns={columns}
          rows={rows}
          rowKey={(party) => party.id}
          onOpen={(party) => select(party.id)}
          selectedKey={editing === null ? selectedId : null}
          isLoading={rows.isLoading}
          error={rows.error}
          onRetry={rows.reload}
          empty={
            search === '' ? (
              <EmptyState
                icon={IconBuildingBank}
                title={words.empty}
                text={words.emptyText}
                action={
                  <>
                    {importButton}
                    {addButton}
                  </>
                }
              />
            ) : (
              <EmptyState icon={IconBuildingBank} title={words.noMatch} text={words.noMatchText} />
            )
          }
        />
      </SplitView>
    </Page>
  );
};
