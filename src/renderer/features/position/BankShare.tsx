import { position as words } from '../../../../assets/locales/en/position';
import type { CurrencyPosition, Holding } from '../../../shared/contract';
import { Money, useLocale } from '../../ui';
import styles from './position.module.css';
import { estimateShare, sumValues, toChartNumber } from './value';

export type BankShareProps = {
  readonly holdings: readonly Holding[];
  readonly currencies: readonly CurrencyPosition[];
  readonly reportingCurrency: string;
};

/** How much of the estimated value each bank owes. */
export const BankShare = ({ holdings, currencies, reportingCurrency }: BankShareProps) => {
  const locale = useLocale();
  const banks = [...new Set(holdings.map(({ issuerName }) => issuerName))]
    .map((bank) => ({
      bank,
      value: sumValues(
        holdings
          .filter(({ issuerName }) => issuerName === bank)
          .map((holding) => estimateShare(holding, currencies)),
      ),
    }))
    .filter((each): each is { bank: string; value: NonNullable<typeof each.value> } => each.value !== null)
    .sort((a, b) => toChartNumber(b.value) - toChartNumber(a.value));
  const total = banks.reduce((sum, { value }) => sum + toChartNumber(value), 0);
  if (banks.length === 0 || total <= 0) return null;
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  return (
    <section aria-label={words.banks} className={styles.banks}>
      <div className={styles.label}>
        {words.banks} · {words.banksNote}
      </div>
      <ul className={styles.bars}>
        {banks.map(({ bank, value }) => {
          const share = toChartNumber(value) / total;
          return (
            <li key={bank} className={styles.bank}>
              <span className={styles.bankName} title={bank}>
                {bank}
              </span>
              <span className={styles.track} aria-hidden>
                <span className={styles.fill} style={{ width: `${Math.max(share * 100, 0.5)}%` }} />
              </span>
              <span className={styles.percent}>{percent.format(share)}</span>
              <span className={styles.bankValue}>
                <Money currency={reportingCurrency} {...value} size="sm" hideCurrency />
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
};
