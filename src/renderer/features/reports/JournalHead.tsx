import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { journal as t } from '../../../../assets/locales/en/journal';
import { client } from '../../client';
import {
  AsOf,
  Badge,
  ErrorState,
  formatCount,
  HexGroups,
  LoadingState,
  showToast,
  useAction,
  useLocale,
  useQuery,
} from '../../ui';
import styles from './reports.module.css';

type Head = Awaited<ReturnType<(typeof client)['journal.head']>>;

const isSame = ({ anchored, count, head }: Head): boolean =>
  anchored !== null && anchored.count === count && anchored.head === head;

/** Count and head of the chain in groups, to be read out by phone; what the vault remembers of them; the exports. */
export const JournalHead = () => {
  const query = useQuery(() => client['journal.head']({}), { key: 'journal head', topics: ['journal'] });
  const save = useAction(async (format: 'jsonl' | 'csv') => {
    const { saved } = await client['journal.exportFile']({ format });
    if (saved !== null) showToast('success', t.saved, saved);
  });
  const { data } = query;
  return (
    <section className={styles.head} aria-label={t.head}>
      <div className={styles.headFacts}>
        {data === undefined ? (
          query.error ? (
            <ErrorState error={query.error} onRetry={query.reload} />
          ) : (
            <LoadingState />
          )
        ) : (
          <HeadFacts head={data} />
        )}
        {save.error ? <ErrorState error={save.error} /> : null}
      </div>
      <div className={styles.saves}>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          disabled={save.isRunning}
          onClick={() => void save.run('jsonl')}
        >
          {t.saveLines}
        </Button>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          disabled={save.isRunning}
          onClick={() => void save.run('csv')}
        >
          {t.saveCsv}
        </Button>
      </div>
    </section>
  );
};

const HeadFacts = ({ head }: { readonly head: Head }) => {
  const locale = useLocale();
  const anchor =
    head.anchored === null
      ? t.anchoredNone
      : isSame(head)
        ? t.anchoredSame
        : t.anchoredOlder(formatCount(head.anchored.count, locale));
  return (
    <>
      <div className={styles.headTitle}>
        <strong>{t.count(formatCount(head.count, locale))}</strong>
        <HexGroups value={head.head} />
      </div>
      <div className={styles.muted}>{t.headText}</div>
      <div className={styles.standing}>
        <AsOf instant={head.checkedAt} prefix={t.checked} />
        <Badge tone={isSame(head) ? 'good' : 'neutral'} icon={isSame(head) ? 'settled' : 'pending'}>
          {anchor}
        </Badge>
      </div>
    </>
  );
};
