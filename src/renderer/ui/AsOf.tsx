import { useEffect, useState } from 'react';
import { common } from '../../../assets/locales/en/common';
import { formatAge, formatInstant } from './format';
import { useLocale } from './session';
import styles from './text.module.css';

/** Milliseconds now, renewed often enough for an age in words. */
export const useNow = (everyMs = 10_000): number => {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
};

export type AsOfProps = {
  /** `null`: never read. */
  readonly instant: string | null;
  /** What is as of then, before the time: `block 1,204`. */
  readonly prefix?: string;
  /** The time alone, where a label or a prefix says what it is. */
  readonly hideLabel?: boolean;
};

/** When a figure was true: local time with zone, and its age beside it. */
export const AsOf = ({ instant, prefix, hideLabel = false }: AsOfProps) => {
  const locale = useLocale();
  const now = useNow();
  const label = prefix === undefined ? (hideLabel ? '' : common.asOf) : `${prefix},`;
  if (instant === null) return <span className={styles.asOf}>{`${label} ${common.never}`.trim()}</span>;
  return (
    <span className={styles.asOf}>
      {label === '' ? null : `${label} `}
      <time dateTime={instant}>{formatInstant(instant, locale)}</time>
      <span className={styles.age}> · {formatAge(instant, now)}</span>
    </span>
  );
};

/** A time in a table: absolute, local, with zone. */
export const Time = ({ instant }: { readonly instant: string | null }) => {
  const locale = useLocale();
  if (instant === null) return <span className={styles.muted}>{common.none}</span>;
  return (
    <time className={styles.time} dateTime={instant}>
      {formatInstant(instant, locale, { seconds: false })}
    </time>
  );
};
