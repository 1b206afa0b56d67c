import { Button } from '@mantine/core';
import { envelopes as words } from '../../../../../assets/locales/en/envelopes';
import type { EnvelopeDetail, EnvelopeSummary } from '../../../../shared/contract';
import {
  formatCount,
  formatDuration,
  Money,
  Notice,
  navigate,
  Time,
  useLocale,
  useNow,
  widestDecimals,
} from '../../../ui';
import { STATES, taskOf } from '../describe';
import { Hex } from '../Hex';
import styles from './detail.module.css';

const d = words.detail;

const Expiry = ({ expiresAt }: { readonly expiresAt: string }) => {
  const now = useNow();
  const left = (Date.parse(expiresAt) - now) / 1000;
  return (
    <>
      <Time instant={expiresAt} />
      <div className={styles.when}>{left > 0 ? d.expiresIn(formatDuration(left)) : d.expired}</div>
    </>
  );
};

/** Control totals, who agreed, until when, and the digest: always in view. */
export const Summary = ({ summary }: { readonly summary: EnvelopeSummary }) => {
  const locale = useLocale();
  const { sums, approvals, signedLines, count, expiresAt, digest } = summary;
  const align = widestDecimals(sums.map(({ currency, sum }) => ({ currency, ...sum })));
  return (
    <div className={styles.summary}>
      <div className={styles.block}>
        <div className={styles.label}>{d.sums}</div>
        {sums.length === 0 ? <div>{d.movesNothing}</div> : null}
        <div className={styles.sums} data-many={sums.length > 3 || undefined}>
          {sums.map(({ currency, sum }) => (
            <Money key={currency} currency={currency} {...sum} alignDecimals={align} />
          ))}
        </div>
      </div>
      <div className={styles.block}>
        <div className={styles.label}>{d.approvals}</div>
        <div className="tabular">{words.ofNeeded(approvals.given, approvals.needed)}</div>
      </div>
      <div className={styles.block}>
        <div className={styles.label}>{d.signed}</div>
        <div className="tabular">
          {formatCount(signedLines, locale)} / {formatCount(count, locale)}
        </div>
      </div>
      <div className={styles.block}>
        <div className={styles.label}>{d.expires}</div>
        <Expiry expiresAt={expiresAt} />
      </div>
      <div className={styles.block} data-grow>
        <div className={styles.label}>{d.digest}</div>
        <Hex value={digest} />
      </div>
    </div>
  );
};

type RemarkProps = {
  readonly detail: EnvelopeDetail;
  readonly onShowChecks: () => void;
};

const CARRIED = new Set(['waits-approval', 'waits-signature', 'part-signed', 'signed', 'rejected']);

/** What stands in the way or comes next, one remark at a time. */
export const Remark = ({ detail, onShowChecks }: RemarkProps) => {
  const { summary, findings } = detail;
  const { state, acts, isExported, digest } = summary;
  const refused = (findings ?? []).filter(({ verdict }) => verdict === 'refused').length;
  const isOpen = STATES[state].iso !== null && !['sent', 'settled', 'rejected'].includes(state);
  const t = d.stateTitles;
  if (state === 'withdrawn')
    return (
      <Notice tone="info" title={t.withdrawn}>
        {t.withdrawnText}
      </Notice>
    );
  if (state === 'expired')
    return (
      <Notice tone="warn" title={t.expired}>
        {t.expiredText}
      </Notice>
    );
  const rejection = acts.find(({ kind, problem }) => kind === 'reject' && problem === null);
  if (state === 'rejected' && rejection !== undefined)
    return (
      <Notice tone="bad" title={t.rejected(rejection.by.name)}>
        <bdi>{rejection.reason}</bdi>
      </Notice>
    );
  if (isOpen && refused > 0)
    return (
      <Notice
        tone="bad"
        title={words.way.checkRefused(refused)}
        action={
          <Button size="xs" variant="default" onClick={onShowChecks}>
            {d.tabs.checks}
          </Button>
        }
      >
        {words.checks.refusedText}
      </Notice>
    );
  // What this person is to do comes first; the copy is carried on after it.
  if (!isExported && CARRIED.has(state) && taskOf(summary.abilities) === null)
    return (
      <Notice
        tone="info"
        title={d.notExported}
        action={
          <Button
            size="xs"
            variant="default"
            onClick={() => navigate('inbox', { view: 'show', id: digest, params: { format: 'envelope' } })}
          >
            {d.showQr}
          </Button>
        }
      >
        {d.notExportedText[state]}
      </Notice>
    );
  return null;
};
