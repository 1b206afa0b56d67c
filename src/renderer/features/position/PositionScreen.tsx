import { Button } from '@mantine/core';
import { IconChartAreaLine, IconFileImport, IconRefresh } from '@tabler/icons-react';
import { position as words } from '../../../../assets/locales/en/position';
import type { MainClient } from '../../../shared/contract';
import { client } from '../../client';
import {
  AsOf,
  EmptyState,
  ErrorState,
  formatDate,
  LoadingState,
  Money,
  markStale,
  Notice,
  navigate,
  Page,
  showToast,
  useAction,
  useLocale,
  useNow,
  useQuery,
} from '../../ui';
import { Balances } from './Balances';
import { BankShare } from './BankShare';
import { HistorySection } from './History';
import styles from './position.module.css';

type Position = Awaited<ReturnType<MainClient['position.get']>>;

/** Banks are closed at weekends: rates of Friday are the newest until Monday afternoon. */
const OLD_AFTER_DAYS = 4;

const importDirectory = async (): Promise<void> => {
  const { file } = await client['files.choose']({ purpose: 'directory' });
  if (file === null) return;
  const taken = await client['directory.importFile']({ fileId: file.fileId });
  showToast(
    'success',
    words.directoryImported,
    words.directoryCounts(taken.tokens, taken.accounts, taken.counterparties),
  );
  markStale('directory', 'ledger');
};

const FirstSteps = () => {
  const importing = useAction(importDirectory);
  const syncing = useAction(() => client['ledger.syncNow']({}));
  const known = useQuery(
    async () => {
      const [accounts, tokens] = await Promise.all([
        client['directory.accounts']({}),
        client['directory.tokens']({}),
      ]);
      return accounts.accounts.length > 0 && tokens.tokens.some(({ state }) => state === 'active');
    },
    { key: 'first steps', topics: ['directory'] },
  );
  if (known.data === true) {
    return (
      <EmptyState
        icon={IconChartAreaLine}
        title={words.unread}
        text={words.unreadText}
        action={
          <Button
            leftSection={<IconRefresh size={16} aria-hidden />}
            loading={syncing.isRunning}
            onClick={() => void syncing.run()}
          >
            {words.syncNow}
          </Button>
        }
      />
    );
  }
  return (
    <>
      {importing.error ? <ErrorState error={importing.error} /> : null}
      <EmptyState
        icon={IconChartAreaLine}
        title={words.empty}
        text={
          <>
            {words.emptyText}
            <ol className={styles.steps}>
              <li>{words.steps.network}</li>
              <li>{words.steps.account}</li>
            </ol>
            {words.steps.directory}
          </>
        }
        action={
          <>
            <Button variant="default" onClick={() => navigate('settings', { view: 'tokens' })}>
              {words.goTokens}
            </Button>
            <Button variant="default" onClick={() => navigate('settings', { view: 'accounts' })}>
              {words.goAccounts}
            </Button>
            <Button
              leftSection={<IconFileImport size={16} aria-hidden />}
              loading={importing.isRunning}
              onClick={() => void importing.run()}
            >
              {words.goDirectory}
            </Button>
          </>
        }
      />
    </>
  );
};

const Total = ({ position }: { readonly position: Position }) => {
  const locale = useLocale();
  const now = useNow(60_000);
  const { total, rates, reportingCurrency, unvalued } = position;
  const age = rates === null ? 0 : Math.floor((now - Date.parse(`${rates.date}T16:00:00Z`)) / 86_400_000);
  return (
    <section className={styles.total} aria-label={words.total(reportingCurrency)}>
      <div className={styles.label}>{words.total(reportingCurrency)}</div>
      {total === null ? null : <Money currency={reportingCurrency} {...total} size="xl" />}
      <div className={styles.note}>
        {rates === null ? words.sameCurrency : words.ratesOf(rates.source, formatDate(rates.date, locale))}
      </div>
      {age > OLD_AFTER_DAYS ? <div className={styles.warn}>{words.ratesOld(age)}</div> : null}
      {unvalued.length > 0 ? (
        <div className={styles.warn}>{words.unvalued(unvalued.join(', '))}</div>
      ) : (
        <div className={styles.note}>{words.estimate}</div>
      )}
    </section>
  );
};

export const PositionScreen = () => {
  const locale = useLocale();
  const found = useQuery(() => client['position.get']({}), {
    key: 'position',
    topics: ['ledger', 'settings', 'directory'],
  });
  const importing = useAction(async () => {
    const { file } = await client['files.choose']({ purpose: 'rates' });
    if (file === null) return;
    const rates = await client['rates.importFile']({ fileId: file.fileId });
    showToast('success', words.ratesImported(formatDate(rates.date, locale)));
    markStale('ledger');
  });
  const position = found.data;
  if (position === undefined) {
    return (
      <Page title={words.title}>
        {found.error ? (
          <ErrorState error={found.error} layout="page" onRetry={found.reload} />
        ) : (
          <LoadingState />
        )}
      </Page>
    );
  }
  if (position.holdings.length === 0) {
    return (
      <Page title={words.title}>
        <FirstSteps />
      </Page>
    );
  }
  const importButton = (
    <Button
      variant="default"
      leftSection={<IconFileImport size={16} aria-hidden />}
      loading={importing.isRunning}
      onClick={() => void importing.run()}
    >
      {words.importRates}
    </Button>
  );
  const { holdings, currencies, reportingCurrency } = position;
  return (
    <Page
      title={words.title}
      subtitle={<AsOf instant={position.asOf} />}
      actions={position.rates === null ? undefined : importButton}
    >
      {importing.error ? <ErrorState error={importing.error} /> : null}
      {position.rates === null ? (
        <Notice tone="info" title={words.ratesMissing} action={importButton}>
          {words.ratesMissingText}
        </Notice>
      ) : null}
      {position.total === null ? null : (
        <div className={styles.head}>
          <Total position={position} />
          {/* Shares of a part would pass for shares of the whole. */}
          {position.unvalued.length > 0 ? null : (
            <BankShare holdings={holdings} currencies={currencies} reportingCurrency={reportingCurrency} />
          )}
        </div>
      )}
      <Balances holdings={holdings} currencies={currencies} reportingCurrency={reportingCurrency} />
      <HistorySection />
    </Page>
  );
};
