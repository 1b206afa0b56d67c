import { Button, SegmentedControl, Tooltip } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { position as words } from '../../../../assets/locales/en/position';
import type { CurrencyPosition, Holding } from '../../../shared/contract';
import type { DecimalAmount } from '../../../shared/model/ids';
import {
  Badge,
  formatAge,
  formatCount,
  formatInstant,
  Money,
  Section,
  useLocale,
  useNow,
  widestDecimals,
} from '../../ui';
import styles from './position.module.css';
import { estimateShare, sumValues } from './value';

type GroupBy = keyof typeof words.groups;
type Figures = Pick<CurrencyPosition, 'currency' | 'balance' | 'available' | 'pendingOut' | 'frozen'>;
type Group = {
  readonly key: string;
  readonly name: string;
  readonly holdings: readonly Holding[];
  /** Figures of one currency; `null` where currencies would have to be added up. */
  readonly figures: Figures | null;
  readonly value: DecimalAmount | null;
};

const KEY: Readonly<Record<GroupBy, (holding: Holding) => string>> = {
  currency: (holding) => holding.currency,
  bank: (holding) => holding.issuerName,
  account: (holding) => holding.accountId,
};

const groupHoldings = (
  by: GroupBy,
  holdings: readonly Holding[],
  currencies: readonly CurrencyPosition[],
): readonly Group[] =>
  [...new Set(holdings.map(KEY[by]))].map((key) => {
    const own = holdings.filter((holding) => KEY[by](holding) === key);
    const figures = by === 'currency' ? (currencies.find(({ currency }) => currency === key) ?? null) : null;
    return {
      key,
      name: by === 'account' ? (own[0]?.accountName ?? key) : key,
      holdings: own,
      figures,
      value: figures?.value ?? sumValues(own.map((holding) => estimateShare(holding, currencies))),
    };
  });

type Aligned = { readonly amounts: number; readonly values: number };

const FigureCells = ({
  figures,
  isMuted = false,
  align,
}: {
  readonly figures: Figures & { readonly isFrozenUnknown?: boolean };
  readonly isMuted?: boolean;
  readonly align: Aligned;
}) => {
  const { currency } = figures;
  const cell = (amount: DecimalAmount, hidesZero: boolean) => (
    <td>
      <Money
        currency={currency}
        {...amount}
        alignDecimals={align.amounts}
        isMuted={isMuted || (hidesZero && amount.units === 0n)}
      />
    </td>
  );
  return (
    <>
      {cell(figures.balance, false)}
      {cell(figures.available, false)}
      {cell(figures.pendingOut, true)}
      {figures.isFrozenUnknown ? (
        <td className={styles.muted} title={words.noViewText}>
          {words.noView}
        </td>
      ) : (
        cell(figures.frozen, true)
      )}
    </>
  );
};

const HoldingRow = ({
  by,
  holding,
  value,
  reportingCurrency,
  align,
}: {
  readonly by: GroupBy;
  readonly holding: Holding;
  readonly value: DecimalAmount | null;
  readonly reportingCurrency: string;
  readonly align: Aligned;
}) => {
  const locale = useLocale();
  const now = useNow();
  const { decimals } = holding;
  const title = {
    currency: [holding.issuerName, holding.accountName],
    bank: [holding.currency, holding.accountName],
    account: [holding.currency, holding.issuerName],
  }[by];
  return (
    <tr className={styles.part}>
      <th scope="row">
        <div className={styles.partName}>
          <span>{title.join(' · ')}</span>
          {holding.isReconciled ? null : (
            <Tooltip label={words.notReconciledText} multiline maw={320}>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its meaning is in the tooltip */}
              <span tabIndex={0}>
                <Badge tone="warn" icon="warning">
                  {words.notReconciled}
                </Badge>
              </span>
            </Tooltip>
          )}
        </div>
        <div className={styles.partFacts}>
          {holding.tokenName} ({holding.symbol}), {holding.networkName}
          {holding.asOfBlock === null
            ? null
            : ` · ${words.block(formatCount(Number(holding.asOfBlock), locale))}`}
          {holding.asOf === null ? null : (
            <span title={formatInstant(holding.asOf, locale)}> · {formatAge(holding.asOf, now)}</span>
          )}
          {holding.isReconciled ? ` · ${words.reconciled}` : null}
        </div>
      </th>
      <FigureCells
        isMuted
        align={align}
        figures={{
          currency: holding.currency,
          balance: { units: holding.balance, decimals },
          available: { units: holding.available, decimals },
          pendingOut: { units: holding.pendingOut, decimals },
          frozen: { units: holding.frozen ?? 0n, decimals },
          isFrozenUnknown: holding.frozen === null,
        }}
      />
      <td>
        {value === null ? null : (
          <Money currency={reportingCurrency} {...value} hideCurrency isMuted alignDecimals={align.values} />
        )}
      </td>
    </tr>
  );
};

export type BalancesProps = {
  readonly holdings: readonly Holding[];
  readonly currencies: readonly CurrencyPosition[];
  readonly reportingCurrency: string;
};

/** Balances in groups that open to bank, token and account. */
export const Balances = ({ holdings, currencies, reportingCurrency }: BalancesProps) => {
  const locale = useLocale();
  const [by, setBy] = useState<GroupBy>('currency');
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const groups = groupHoldings(by, holdings, currencies);
  const isAllOpen = groups.every(({ key }) => open.has(key));
  const align: Aligned = {
    amounts: widestDecimals(
      holdings.flatMap(({ currency, decimals, balance, available, pendingOut, frozen }) =>
        [balance, available, pendingOut, frozen ?? 0n].map((units) => ({ currency, units, decimals })),
      ),
    ),
    values: 2,
  };
  const toggle = (key: string): void =>
    setOpen((old) => {
      const next = new Set(old);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  return (
    <Section
      title={words.holdings}
      actions={
        <>
          <Button
            variant="subtle"
            size="xs"
            onClick={() => setOpen(isAllOpen ? new Set() : new Set(groups.map(({ key }) => key)))}
          >
            {isAllOpen ? words.collapseAll : words.expandAll}
          </Button>
          <SegmentedControl
            aria-label={words.groupBy}
            size="xs"
            value={by}
            onChange={(value) => {
              const next = value as GroupBy;
              setBy(next);
              // A bank or an account has no figure of its own: its parts are what there is to see.
              setOpen(next === 'currency' ? new Set() : new Set(holdings.map(KEY[next])));
            }}
            data={Object.entries(words.groups).map(([value, label]) => ({ value, label }))}
          />
        </>
      }
    >
      <table className={styles.table} aria-label={`${words.holdings}, ${words.groups[by]}`}>
        <thead>
          <tr>
            <th scope="col">{words.columns.name[by]}</th>
            <th scope="col">{words.columns.balance}</th>
            <th scope="col" title={words.help.available}>
              {words.columns.available}
            </th>
            <th scope="col" title={words.help.pending}>
              {words.columns.pending}
            </th>
            <th scope="col" title={words.help.frozen}>
              {words.columns.frozen}
            </th>
            <th scope="col">{words.columns.value(reportingCurrency)}</th>
          </tr>
        </thead>
        {groups.map(({ key, name, holdings: parts, figures, value }) => {
          const isOpen = open.has(key);
          const Icon = isOpen ? IconChevronDown : IconChevronRight;
          return (
            <tbody key={key}>
              <tr className={styles.group}>
                <th scope="row">
                  <button
                    type="button"
                    className={styles.expander}
                    aria-expanded={isOpen}
                    title={isOpen ? words.collapse(name) : words.expand(name)}
                    onClick={() => toggle(key)}
                  >
                    <Icon size={15} aria-hidden />
                    <span>{name}</span>
                  </button>
                  <span className={styles.partFacts}>
                    {by === 'currency'
                      ? [...new Set(parts.map(({ issuerName }) => issuerName))].join(', ')
                      : words.currencies(
                          formatCount(new Set(parts.map(({ currency }) => currency)).size, locale),
                        )}
                  </span>
                </th>
                {figures === null ? (
                  <td colSpan={4} />
                ) : (
                  <FigureCells
                    figures={{ ...figures, isFrozenUnknown: parts.every(({ frozen }) => frozen === null) }}
                    align={align}
                  />
                )}
                <td>
                  {value === null ? (
                    <span className={styles.muted}>–</span>
                  ) : (
                    <Money
                      currency={reportingCurrency}
                      {...value}
                      hideCurrency
                      alignDecimals={align.values}
                    />
                  )}
                </td>
              </tr>
              {isOpen
                ? parts.map((holding) => (
                    <HoldingRow
                      key={`${holding.accountId} ${holding.tokenId}`}
                      by={by}
                      holding={holding}
                      value={estimateShare(holding, currencies)}
                      reportingCurrency={reportingCurrency}
                      align={align}
                    />
                  ))
                : null}
            </tbody>
          );
        })}
      </table>
    </Section>
  );
};
