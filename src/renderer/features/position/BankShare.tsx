import { position as words } from '../../../../assets/locales/en/position';
import type { CurrencyPosition, Holding } from '../../../shared/contract';
import { Money, useLocale } from '../../ui';
import styles from './position.module.css';
import { estimateShare, sumValues, toChartNumber } from './value';

type Share = { readonly bank: string; readonly value: NonNullable<ReturnType<typeof sumValues>> };

/** As many as stand beside the total; the table groups all by bank. */
const BANKS_SHOWN = 7;

const foldSmallest = (banks: readonly Share[]): readonly Share[] => {
  if (banks.length <= BANKS_SHOWN) return banks;
  const rest = banks.slice(BANKS_SHOWN - 1);
  const value = sumValues(rest.map((each) => each.value));
  const shown = banks.slice(0, BANKS_SHOWN - 1);
  return value === null ? shown : [...shown, { bank: words.otherBanks(rest.length), value }];
};

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
    .filter((each): each is Share => each.value !== null)
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
        {foldSmallest(banks).map(({ bank, value }) => {
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
