import type { ReactNode } from 'react';
import { common } from '../../../assets/locales/en/common';
import styles from './text.module.css';

export type Fact = { readonly label: string; readonly value: ReactNode };

/** Facts about one thing. `stacked` in narrow places. */
export const KeyValue = ({
  facts,
  layout = 'columns',
}: {
  readonly facts: readonly Fact[];
  readonly layout?: 'columns' | 'stacked';
}) => (
  <dl className={styles.list} data-layout={layout}>
    {facts.map(({ label, value }) => (
      <FactRow key={label} label={label} value={value} />
    ))}
  </dl>
);

const FactRow = ({ label, value }: Fact) => (
  <>
    <dt>{label}</dt>
    <dd>{value === null || value === undefined || value === '' ? common.none : value}</dd>
  </>
);
