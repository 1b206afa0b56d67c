import { Button, Select, TextInput } from '@mantine/core';
import { IconBook2, IconDownload, IconFilterOff, IconRefresh } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { ledger as words } from '../../../../assets/locales/en/ledger';
import type { Entry } from '../../../shared/contract';
import type { AccountId, CurrencyCode, NetworkId, TokenId } from '../../../shared/model/ids';
import { client } from '../../client';
import {
  Address,
  Badge,
  type Column,
  DataTable,
  EmptyState,
  formatCount,
  Money,
  navigate,
  Page,
  SearchField,
  SplitView,
  showToast,
  Time,
  Toolbar,
  useAction,
  useLocale,
  usePagedRows,
  useQuery,
} from '../../ui';
import { EntryDetail } from './EntryDetail';
import styles from './LedgerScreen.module.css';
import { nameOfParty } from './party';
import { SyncLine } from './SyncLine';
import { clearFilters, isFiltered, setFilters, useLedgerView } from './store';

/** Tokens with many decimals would push every other figure aside: points line up to this many. */
const ALIGNED_DECIMALS = 2;

export const LedgerScreen = () => {
  const filters = useLedgerView((view) => view.filters);
  const [open, setOpen] = useState<Entry | null>(null);
  const locale = useLocale();

  const accounts = useQuery(() => client['directory.accounts']({}), {
    key: 'accounts',
    topics: ['directory'],
  });
  const tokens = useQuery(() => client['directory.tokens']({}), { key: 'tokens', topics: ['directory'] });
  const networks = useQuery(() => client['directory.networks']({}), {
    key: 'networks',
    topics: ['directory'],
  });
  const rows = usePagedRows<Entry>(
    async (offset, limit) => {
      const { total, entries } = await client['ledger.entries']({ ...filters, offset, limit });
      return { total, rows: entries };
    },
    { key: JSON.stringify(filters), topics: ['ledger'] },
  );
  const exporting = useAction(async () => {
    const { saved } = await client['ledger.exportCsv']({});
    if (saved !== null) showToast('success', words.exported(saved));
  });
  const syncing = useAction(() => client['ledger.syncNow']({}));

  const accountOf = useMemo(
    () => new Map((accounts.data?.accounts ?? []).map((account) => [account.id, account])),
    [accounts.data],
  );
  const tokenOf = useMemo(
    () => new Map((tokens.data?.tokens ?? []).map((token) => [token.id, token])),
    [tokens.data],
  );
  const networkName = (id: NetworkId | undefined): string =>
    networks.data?.networks.find((network) => network.id === id)?.name ?? id ?? '';
  const currencies = [...new Set((tokens.data?.tokens ?? []).map((token) => token.currency))].sort();

  const columns = useMemo(
    (): readonly Column<Entry>[] => [
      {
        id: 'time',
        header: words.columns.time,
        width: '168px',
        render: (entry) => <Time instant={entry.blockTime} />,
      },
      {
        id: 'counterparty',
        header: words.columns.counterparty,
        width: 'minmax(156px, 2fr)',
        render: (entry) => (
          <span className={styles.name} title={entry.counterAddress}>
            {nameOfParty(entry)}
          </span>
        ),
      },
      {
        id: 'account',
        header: words.columns.account,
        width: 'minmax(104px, 0.6fr)',
        isOptional: true,
        render: (entry) => (
          <span className={styles.name}>{accountOf.get(entry.accountId)?.name ?? entry.accountId}</span>
        ),
      },
      {
        id: 'token',
        header: words.columns.token,
        width: 'minmax(116px, 0.9fr)',
        isOptional: true,
        render: (entry) => (
          <span className={styles.name}>{tokenOf.get(entry.tokenId)?.issuer.name ?? ''}</span>
        ),
      },
      {
        id: 'amount',
        header: words.columns.amount,
        width: '146px',
        align: 'right',
        render: (entry) => (
          <Money
            currency={entry.currency}
            units={entry.units}
            decimals={entry.decimals}
            isNegative={entry.direction === 'out'}
            alignDecimals={ALIGNED_DECIMALS}
          />
        ),
      },
      {
        id: 'balance',
        header: words.columns.balance,
        width: '122px',
        align: 'right',
        isOptional: true,
        render: (entry) => (
          <Money
            currency={entry.currency}
            units={entry.balanceAfter}
            decimals={entry.decimals}
            alignDecimals={ALIGNED_DECIMALS}
            hideCurrency
            isMuted
          />
        ),
      },
      {
        id: 'state',
        header: words.columns.state,
        width: '88px',
        render: (entry) =>
          entry.isFinal ? (
            <Badge tone="good" icon="settled">
              {words.final}
            </Badge>
          ) : (
            <Badge tone="warn" icon="pending">
              {words.notFinal}
            </Badge>
          ),
      },
      {
        id: 'address',
        header: words.columns.address,
        width: '150px',
        isOptional: true,
        render: (entry) =>
          entry.kind === 'issue' || entry.kind === 'redeem' ? null : (
            <Address address={entry.counterAddress} hideCopy />
          ),
      },
      {
        id: 'reference',
        header: words.columns.reference,
        width: '160px',
        isOptional: true,
        render: (entry) => <span>{entry.endToEndId ?? entry.reference}</span>,
      },
    ],
    [accountOf, tokenOf],
  );

  return (
    <Page
      title={words.title}
      subtitle={<SyncLine />}
      layout="fill"
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconRefresh size={16} />}
            loading={syncing.isRunning}
            onClick={() => void syncing.run()}
          >
            {words.syncNow}
          </Button>
          <Button
            variant="default"
            leftSection={<IconDownload size={16} />}
            loading={exporting.isRunning}
            onClick={() => void exporting.run()}
          >
            {words.exportCsv}
          </Button>
        </>
      }
    >
      <Toolbar>
        <SearchField
          value={filters.search}
          onChange={(search) => setFilters({ search })}
          label={words.search}
          placeholder={words.searchPlaceholder}
          width={176}
        />
        <Select
          aria-label={words.account}
          placeholder={words.allAccounts}
          data={(accounts.data?.accounts ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={filters.accountId}
          onChange={(value) => setFilters({ accountId: value as AccountId | null })}
          clearable
          w={132}
        />
        <Select
          aria-label={words.currency}
          placeholder={words.allCurrencies}
          data={[
            { group: words.currencies, items: currencies },
            {
              group: words.tokens,
              items: (tokens.data?.tokens ?? []).map((token) => ({
                value: token.id,
                label: `${token.currency} · ${token.issuer.name} · ${networkName(token.networkId)}`,
              })),
            },
          ]}
          value={filters.tokenId ?? filters.currency}
          onChange={(value) =>
            setFilters(
              value?.includes('/')
                ? { tokenId: value as TokenId, currency: null }
                : { tokenId: null, currency: value as CurrencyCode | null },
            )
          }
          comboboxProps={{ width: 340, position: 'bottom-start' }}
          clearable
          w={136}
        />
        <Select
          aria-label={words.direction}
          placeholder={words.bothDirections}
          data={[
            { value: 'in', label: words.in },
            { value: 'out', label: words.out },
          ]}
          value={filters.direction}
          onChange={(value) => setFilters({ direction: value as 'in' | 'out' | null })}
          clearable
          w={118}
        />
        <TextInput
          type="date"
          aria-label={words.from}
          className={styles.date}
          leftSection={<span className={styles.dateLabel}>{words.from}</span>}
          value={filters.from ?? ''}
          onChange={(event) => setFilters({ from: event.currentTarget.value || null })}
          w={160}
        />
        <TextInput
          type="date"
          aria-label={words.to}
          className={styles.date}
          leftSection={<span className={styles.dateLabel}>{words.to}</span>}
          value={filters.to ?? ''}
          onChange={(event) => setFilters({ to: event.currentTarget.value || null })}
          w={160}
        />
        {isFiltered(filters) ? (
          <button
            type="button"
            className="n-icon-button"
            aria-label={words.clearFilters}
            title={words.clearFilters}
            onClick={clearFilters}
          >
            <IconFilterOff size={17} aria-hidden />
          </button>
        ) : null}
        <span className={styles.count}>
          {rows.isLoading || rows.error ? null : words.count(formatCount(rows.total, locale))}
        </span>
      </Toolbar>
      <SplitView
        detail={
          open === null ? null : (
            <EntryDetail
              entry={open}
              account={accountOf.get(open.accountId)}
              token={tokenOf.get(open.tokenId)}
              networkName={networkName(tokenOf.get(open.tokenId)?.networkId)}
              onClose={() => setOpen(null)}
            />
          )
        }
      >
        <DataTable
          label={words.table}
          columns={columns}
          rows={rows}
          rowKey={(entry) => entry.id}
          onOpen={setOpen}
          selectedKey={open?.id ?? null}
          isLoading={rows.isLoading}
          error={rows.error}
          onRetry={rows.reload}
          empty={
            isFiltered(filters) ? (
              <EmptyState
                icon={IconBook2}
                title={words.noMatch}
                text={words.noMatchText}
                action={
                  <Button variant="default" onClick={clearFilters}>
                    {words.clearFilters}
                  </Button>
                }
              />
            ) : (
              <EmptyState
                icon={IconBook2}
                title={words.empty}
                text={words.emptyText}
                action={
                  <Button variant="default" onClick={() => navigate('settings', { view: 'accounts' })}>
                    {words.goToAccounts}
                  </Button>
                }
              />
            )
          }
        />
      </SplitView>
    </Page>
  );
};
