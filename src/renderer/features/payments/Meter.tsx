import { payments as words } from '../../../../assets/locales/en/payments';
import type { Batch } from '../../../shared/model/payments';
import { formatCount, useLocale } from '../../ui';
import { countOpen } from './describe';
import styles from './payments.module.css';

export type Group = keyof typeof words.batch.groups;

/** Payments of a batch in the order of their life. */
export const groupCounts = (batch: Pick<Batch, 'byStatus'>): readonly (readonly [Group, number])[] => [
  ['settled', batch.byStatus.ACSC ?? 0],
  ['sent', batch.byStatus.ACSP ?? 0],
  ['approved', batch.byStatus.ACCP ?? 0],
  ['waiting', countOpen(batch)],
  ['rejected', batch.byStatus.RJCT ?? 0],
];

/** How far a batch is, as one bar; the same in words for those who do not see it. */
export const Meter = ({ batch }: { readonly batch: Pick<Batch, 'byStatus'> }) => {
  const locale = useLocale();
  const counts = groupCounts(batch).filter(([, count]) => count > 0);
  const text = counts
    .map(([group, count]) => `${words.batch.groups[group]} ${formatCount(count, locale)}`)
    .join(', ');
  return (
    <span className={styles.meter} role="img" aria-label={`${words.batch.meter}: ${text}`} title={text}>
      {counts.map(([group, count]) => (
        <span key={group} data-group={group} style={{ flexGrow: count }} />
      ))}
    </span>
  );
};
