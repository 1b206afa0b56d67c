import { journal as t } from '../../../../assets/locales/en/journal';
import type { JournalRow } from '../../../shared/contract';
import { AppError } from '../../../shared/errors';
import {
  Address,
  AsOf,
  Badge,
  formatCount,
  HexGroups,
  KeyValue,
  SidePanel,
  useErrorWords,
  useLocale,
} from '../../ui';
import { nameActor, nameEvent } from './journal-words';
import styles from './reports.module.css';

export type EntryDetailProps = { readonly entry: JournalRow; readonly onClose: () => void };

/** One entry with everything that its hash covers. */
export const EntryDetail = ({ entry, onClose }: EntryDetailProps) => {
  const locale = useLocale();
  const { text, isKnown } = nameEvent(entry.event);
  return (
    <SidePanel title={text} subtitle={t.entry(formatCount(entry.seq, locale))} onClose={onClose} width={420}>
      <KeyValue
        layout="stacked"
        facts={[
          { label: t.time, value: <AsOf instant={entry.at} hideLabel /> },
          { label: t.who, value: nameActor(entry) },
          ...(entry.who === null
            ? []
            : [{ label: t.key, value: <Address address={entry.who.key} variant="full" /> }]),
          { label: t.source, value: t.sources[entry.source] },
          { label: t.verdict, value: <WholeVerdict verdict={entry.verdict} /> },
          ...(isKnown ? [{ label: t.code, value: <span className={styles.code}>{entry.event}</span> }] : []),
          { label: t.digest, value: entry.digest === null ? null : <HexGroups value={entry.digest} /> },
          { label: t.facts, value: <Facts facts={entry.facts} /> },
          {
            label: t.hash,
            value: (
              <>
                <HexGroups value={entry.hash} />
                <div className={styles.muted}>{t.hashText}</div>
              </>
            ),
          },
        ]}
      />
    </SidePanel>
  );
};

const WholeVerdict = ({ verdict }: Pick<JournalRow, 'verdict'>) => {
  const findWords = useErrorWords();
  if (verdict === 'ok') {
    return (
      <Badge tone="good" icon="settled">
        {t.ok}
      </Badge>
    );
  }
  return (
    <>
      <Badge tone="bad" icon="rejected">
        {t.refused}
      </Badge>
      <div>{findWords(new AppError(verdict)).title}</div>
      <div className={styles.code}>{verdict}</div>
    </>
  );
};

/** As they were written: names and values literally. */
const Facts = ({ facts }: Pick<JournalRow, 'facts'>) => {
  const entries = Object.entries(facts);
  if (entries.length === 0) return <span className={styles.muted}>{t.noFacts}</span>;
  return (
    <dl className={styles.facts}>
      {entries.map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd className="tabular">
            {value === null ? '–' : typeof value === 'boolean' ? (value ? t.yes : t.no) : String(value)}
          </dd>
        </div>
      ))}
    </dl>
  );
};
