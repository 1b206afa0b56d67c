import { Checkbox } from '@mantine/core';
import { payments as words } from '../../../../../assets/locales/en/payments';
import { formatMoney } from '../../../../shared/money';
import { Badge, formatCount, Section, useLocale } from '../../../ui';
import styles from './import.module.css';
import { LineAmount } from './LineList';
import { sumLines } from './lines';
import type { ImportLine } from './session';

const d = words.import.drop;

export type DropListProps = {
  readonly wrong: readonly ImportLine[];
  readonly dropped: ReadonlySet<number>;
  readonly onChange: (dropped: ReadonlySet<number>) => void;
};

/** What leaving these lines out means: `Leave out 3 lines, USD 1,200.00`. */
const describeLines = (lines: readonly ImportLine[], locale: string): string => {
  const { sums, unreadable } = sumLines(lines);
  return [
    d.selected(formatCount(lines.length, locale)),
    ...sums.map(({ currency, sum }) => formatMoney({ currency, ...sum }, { locale })),
    ...(unreadable > 0 ? [d.unreadable(formatCount(unreadable, locale))] : []),
  ].join(', ');
};

export const DropList = ({ wrong, dropped, onChange }: DropListProps) => {
  const locale = useLocale();
  const chosen = wrong.filter((line) => dropped.has(line.paymentIndex));
  const toggle = (index: number, isDropped: boolean): void => {
    const next = new Set(dropped);
    if (isDropped) next.add(index);
    else next.delete(index);
    onChange(next);
  };
  return (
    <Section
      title={d.title}
      description={d.text}
      actions={
        chosen.length === 0 ? undefined : <Badge tone="neutral">{describeLines(chosen, locale)}</Badge>
      }
    >
      <Checkbox
        mb={10}
        label={d.all(formatCount(wrong.length, locale))}
        checked={chosen.length === wrong.length}
        indeterminate={chosen.length > 0 && chosen.length < wrong.length}
        onChange={(event) =>
          onChange(new Set(event.currentTarget.checked ? wrong.map((line) => line.paymentIndex) : []))
        }
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard */}
      <section className={styles.dropList} aria-label={d.table} tabIndex={0}>
        {wrong.map((line) => {
          const number = formatCount(line.line, locale);
          return (
            <div key={line.paymentIndex} className={styles.dropRow}>
              <Checkbox
                label={number}
                aria-label={d.one(number, line.creditorName || d.noName)}
                checked={dropped.has(line.paymentIndex)}
                onChange={(event) => toggle(line.paymentIndex, event.currentTarget.checked)}
              />
              <span>{line.creditorName || d.noName}</span>
              <span>{line.endToEndId}</span>
              <span className={styles.dropAmount}>
                {line.amountText === '' ? d.noAmount : <LineAmount line={line} />}
              </span>
            </div>
          );
        })}
      </section>
    </Section>
  );
};
