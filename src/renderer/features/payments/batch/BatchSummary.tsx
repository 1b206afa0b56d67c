import { Button } from '@mantine/core';
import { payments as words } from '../../../../../assets/locales/en/payments';
import type { Batch, PaymentStatus } from '../../../../shared/model/payments';
import {
  CopyButton,
  formatCount,
  KeyValue,
  Money,
  SidePanel,
  Time,
  useLocale,
  widestDecimals,
} from '../../../ui';
import { groupHex } from '../describe';
import { type Group, groupCounts, Meter } from '../Meter';
import shared from '../payments.module.css';
import styles from './batch.module.css';

const w = words.batch;

/** Which filter shows the payments of a group; groups of several statuses have none. */
const STATUS_OF: Readonly<Record<Group, PaymentStatus | null>> = {
  settled: 'ACSC',
  sent: 'ACSP',
  approved: 'ACCP',
  waiting: null,
  rejected: 'RJCT',
};

export type BatchSummaryProps = {
  readonly batch: Batch;
  readonly isFactsOpen: boolean;
  readonly onFacts: () => void;
  readonly onFilter: (status: PaymentStatus) => void;
};

/** Control totals and progress, always in view. */
export const BatchSummary = ({ batch, isFactsOpen, onFacts, onFilter }: BatchSummaryProps) => {
  const locale = useLocale();
  const { sums } = batch;
  const align = widestDecimals(sums.map(({ currency, sum }) => ({ currency, ...sum })));
  return (
    <div className={styles.summary}>
      <div className={styles.block}>
        <div className={styles.label}>{w.facts.sums}</div>
        <div className={styles.sums} data-many={sums.length > 2 || undefined}>
          {sums.map(({ currency, sum }) => (
            <Money key={currency} currency={currency} {...sum} alignDecimals={align} />
          ))}
        </div>
      </div>
      <div className={styles.block} data-grow>
        <div className={styles.label}>{w.meter}</div>
        <div className={styles.meterRow}>
          <Meter batch={batch} />
        </div>
        <div className={styles.legend}>
          {groupCounts(batch)
            .filter(([, count]) => count > 0)
            .map(([group, count]) => {
              const status = STATUS_OF[group];
              const content = (
                <>
                  <span className={styles.dot} data-group={group} />
                  {w.groups[group]} {formatCount(count, locale)}
                </>
              );
              return status === null ? (
                <span key={group} className={styles.legendItem}>
                  {content}
                </span>
              ) : (
                <button
                  key={group}
                  type="button"
                  className={styles.legendButton}
                  onClick={() => onFilter(status)}
                >
                  {content}
                </button>
              );
            })}
        </div>
      </div>
      <Button variant="subtle" size="xs" aria-pressed={isFactsOpen} onClick={onFacts}>
        {w.details}
      </Button>
    </div>
  );
};

/** Where a batch came from and what was approved, to be compared digit by digit. */
export const BatchFacts = ({ batch, onClose }: { readonly batch: Batch; readonly onClose: () => void }) => {
  const locale = useLocale();
  const { source, approval } = batch;
  return (
    <SidePanel title={w.details} onClose={onClose} width={420}>
      <KeyValue
        layout="stacked"
        facts={[
          { label: w.facts.file, value: source.fileName ?? words.formSource },
          { label: w.facts.source, value: source.kind === 'form' ? words.formSource : source.format },
          { label: w.facts.messageId, value: source.messageId },
          {
            label: w.facts.fingerprint,
            value:
              source.sha256 === null ? null : (
                <span className={shared.hash}>
                  {groupHex(source.sha256)}{' '}
                  <CopyButton value={source.sha256} label={words.import.report.copyFingerprint} />
                </span>
              ),
          },
          { label: w.facts.left, value: formatCount(batch.droppedLines, locale) },
          { label: w.facts.holds, value: formatCount(batch.releasedHolds.length, locale) },
          ...(approval === null
            ? []
            : [
                { label: w.facts.approvedAt, value: <Time instant={approval.approvedAt} /> },
                {
                  label: w.facts.digest,
                  value: <span className={shared.hash}>{groupHex(approval.digest.slice(2))}</span>,
                },
                {
                  label: w.facts.words,
                  value: (
                    <ol className={styles.words}>
                      {(approval.words ?? []).map((word, index) => (
                        // biome-ignore lint/suspicious/noArrayIndexKey: a word's place is its identity
                        <li key={index}>
                          <b>{index + 1}</b>
                          {word}
                        </li>
                      ))}
                    </ol>
                  ),
                },
              ]),
        ]}
      />
    </SidePanel>
  );
};
