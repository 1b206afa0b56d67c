import { currencyDecimals, formatDecimal } from '../../shared/money';
import styles from './Money.module.css';
import { useLocale } from './session';

export type MoneyProps = {
  readonly currency: string;
  /** In units of 10^-`decimals`. */
  readonly units: bigint;
  readonly decimals: number;
  /** Minus for outgoing amounts: the sign is part of the figure, not its colour. */
  readonly isNegative?: boolean;
  readonly signDisplay?: 'auto' | 'always' | 'never';
  /** Room for this many decimals, so that points stand under each other in a column. */
  readonly alignDecimals?: number;
  readonly hideCurrency?: boolean;
  readonly size?: 'sm' | 'md' | 'lg' | 'xl';
  readonly isMuted?: boolean;
};

/** An exact amount: code, then tabular figures with every decimal. Nothing is rounded or abbreviated. */
export const Money = (props: MoneyProps) => {
  const { currency, units, decimals, isNegative = false, signDisplay = 'auto', alignDecimals } = props;
  const locale = useLocale();
  const text = formatDecimal(isNegative ? -units : units, decimals, {
    minDecimals: currencyDecimals(currency) ?? 0,
    locale,
    signDisplay,
  });
  const shown = countShownDecimals(units, decimals, currencyDecimals(currency) ?? 0);
  const filler = alignDecimals === undefined ? 0 : alignDecimals - shown;
  return (
    <span className={styles.money} data-size={props.size ?? 'md'} data-muted={props.isMuted || undefined}>
      {props.hideCurrency ? null : (
        <span className={styles.code}>
          {currency}
          {'\u00a0'}
        </span>
      )}
      <span className={styles.figure}>{text}</span>
      {filler > 0 ? (
        <span className={styles.filler} aria-hidden>
          {shown === 0 ? '.' : ''}
          {'0'.repeat(filler)}
        </span>
      ) : null}
    </span>
  );
};

/** Decimals of the text that formatDecimal gives: zeros beyond the currency's own are dropped. */
export const countShownDecimals = (units: bigint, decimals: number, minDecimals: number): number => {
  let rest = units < 0n ? -units : units;
  let shown = decimals;
  while (shown > minDecimals && rest % 10n === 0n) {
    rest /= 10n;
    shown--;
  }
  return Math.max(shown, minDecimals);
};

/** The most decimals that any of these amounts shows: `alignDecimals` of their column. */
export const widestDecimals = (
  amounts: readonly { readonly currency: string; readonly units: bigint; readonly decimals: number }[],
): number =>
  amounts.reduce(
    (most, { currency, units, decimals }) =>
      Math.max(most, countShownDecimals(units, decimals, currencyDecimals(currency) ?? 0)),
    0,
  );
