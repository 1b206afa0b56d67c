/**
 * The cash position: holdings, sums by currency, valuation, history. Reads the store and the directory only, so it
 * answers with the network down.
 */
import type { CurrencyPosition, Holding, RatesInfo } from '../../shared/contract';
import type { Network, OwnAccount, Token } from '../../shared/model/directory';
import type { AccountId, CurrencyCode, DecimalAmount, TokenId } from '../../shared/model/ids';
import { addDecimals, estimateValueIn, type ReferenceRates, ZERO } from '../../shared/money';
import type { Clock } from '../platform/clock';
import type { Remote } from './ledger-child';
import type { BalancePoint, HoldingRow } from './stores/entry-queries';
import type { LedgerStore } from './stores/ledger-store';
import type { RatesStore } from './stores/rates-store';

export type PositionDeps = {
  readonly store: Pick<Remote<LedgerStore>, 'holdings' | 'balancePoints'>;
  readonly rates: Pick<Remote<RatesStore>, 'newest'>;
  readonly directory: {
    readonly networks: () => Promise<readonly Network[]>;
    readonly tokens: () => Promise<readonly Token[]>;
    readonly accounts: () => Promise<readonly OwnAccount[]>;
  };
  /** What is signed and not yet included, in the token's smallest unit. */
  readonly pendingOut: (accountId: AccountId, tokenId: TokenId) => Promise<bigint>;
  readonly reportingCurrency: () => CurrencyCode;
  readonly clock: Clock;
};

export type Position = {
  readonly reportingCurrency: CurrencyCode;
  readonly rates: RatesInfo | null;
  readonly total: DecimalAmount | null;
  readonly unvalued: CurrencyCode[];
  readonly currencies: CurrencyPosition[];
  readonly holdings: Holding[];
  readonly asOf: string | null;
};

export type HistoryPoint = {
  readonly at: string;
  readonly balances: {
    readonly currency: CurrencyCode;
    readonly balance: DecimalAmount;
    readonly value: DecimalAmount | null;
  }[];
};

export type PositionReader = {
  readonly get: () => Promise<Position>;
  /** One point per day and the present; per hour where all networks in use are sandboxes and the span is at most a week. */
  readonly history: (days: number) => Promise<{ reportingCurrency: CurrencyCode; points: HistoryPoint[] }>;
};

const HOURS_PER_DAY = 24;
const LONGEST_HOURLY_DAYS = 7;

/** Value in the reporting currency, `null` where the rates say nothing about the currency. Rounded, for display only. */
const estimateIn = (
  reporting: CurrencyCode,
  currency: CurrencyCode,
  amount: DecimalAmount,
  rates: ReferenceRates | null,
): DecimalAmount | null => {
  if (currency === reporting) return amount;
  const estimate = rates === null ? null : estimateValueIn(reporting, [{ currency, ...amount }], rates);
  return estimate === null || estimate.missing.length > 0
    ? null
    : { units: estimate.units, decimals: estimate.decimals };
};

/** Sum in the reporting currency, rounded once. `null` when there is nothing to value it with. */
const totalOf = (
  reporting: CurrencyCode,
  amounts: readonly { readonly currency: CurrencyCode; readonly amount: DecimalAmount }[],
  rates: ReferenceRates | null,
): { total: DecimalAmount | null; unvalued: CurrencyCode[] } => {
  if (rates === null) {
    const own = amounts.filter(({ currency }) => currency === reporting).map(({ amount }) => amount);
    const unvalued = amounts.filter(({ currency }) => currency !== reporting).map(({ currency }) => currency);
    return { total: own.length === 0 ? null : own.reduce(addDecimals), unvalued };
  }
  const estimate = estimateValueIn(
    reporting,
    amounts.map(({ currency, amount }) => ({ currency, ...amount })),
    rates,
  );
  if (estimate === null) return totalOf(reporting, amounts, null);
  const missing = new Set(estimate.missing);
  return {
    total: { units: estimate.units, decimals: estimate.decimals },
    unvalued: amounts.map(({ currency }) => currency).filter((currency) => missing.has(currency)),
  };
};

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const createPosition = (deps: PositionDeps): PositionReader => {
  const { store, rates, directory, pendingOut, reportingCurrency, clock } = deps;

  const readHoldings = async (): Promise<Holding[]> => {
    const [rows, networks, tokens, accounts] = await Promise.all([
      store.holdings(),
      directory.networks(),
      directory.tokens(),
      directory.accounts(),
    ]);
    const tokenOf = new Map(tokens.map((token) => [token.id, token]));
    const accountOf = new Map(accounts.map((account) => [account.id, account]));
    const networkOf = new Map(networks.map((network) => [network.id, network]));
    const holdings = await Promise.all(
      rows.map(async (row): Promise<Holding | null> => {
        const token = tokenOf.get(row.tokenId);
        const account = accountOf.get(row.accountId);
        const network = networkOf.get(row.networkId);
        if (!token || !account || !network) return null;
        const pending = await pendingOut(row.accountId, row.tokenId);
        const free = row.balance - (row.frozen ?? 0n) - pending;
        return {
          accountId: account.id,
          accountName: account.name,
          tokenId: token.id,
          tokenName: token.name,
          symbol: token.symbol,
          issuerName: token.issuer.name,
          networkId: network.id,
          networkName: network.name,
          currency: token.currency,
          decimals: token.decimals,
          balance: row.balance,
          available: free > 0n ? free : 0n,
          pendingOut: pending,
          frozen: row.frozen,
          asOfBlock: row.asOfBlock,
          asOf: instantOf(row),
          isReconciled: row.isReconciled,
        };
      }),
    );
    return holdings
      .filter((holding): holding is Holding => holding !== null)
      .sort(
        (a, b) =>
          byText(a.currency, b.currency) ||
          byText(a.issuerName, b.issuerName) ||
          byText(a.accountName, b.accountName) ||
          byText(a.tokenId, b.tokenId),
      );
  };

  const get = async (): Promise<Position> => {
    const reporting = reportingCurrency();
    const [holdings, stored] = await Promise.all([readHoldings(), rates.newest()]);
    const referenceRates = stored?.rates ?? null;
    const codes = [...new Set(holdings.map(({ currency }) => currency))];
    const sums = codes.map((currency) => {
      const own = holdings.filter((holding) => holding.currency === currency);
      const sum = (pick: (holding: Holding) => bigint): DecimalAmount =>
        own
          .map((holding) => ({ units: pick(holding), decimals: holding.decimals }))
          .reduce(addDecimals, ZERO);
      const balance = sum((holding) => holding.balance);
      return {
        currency,
        balance,
        available: sum((holding) => holding.available),
        pendingOut: sum((holding) => holding.pendingOut),
        frozen: sum((holding) => holding.frozen ?? 0n),
        value: estimateIn(reporting, currency, balance, referenceRates),
      };
    });
    const { total, unvalued } = totalOf(
      reporting,
      sums.map(({ currency, balance }) => ({ currency, amount: balance })),
      referenceRates,
    );
    // The position is as old as its oldest part.
    const asOf = holdings.reduce<string | null>(
      (oldest, holding) =>
        holding.asOf !== null && (oldest === null || holding.asOf < oldest) ? holding.asOf : oldest,
      null,
    );
    return {
      reportingCurrency: reporting,
      rates: stored?.info ?? null,
      total,
      unvalued,
      currencies: sums,
      holdings,
      asOf,
    };
  };

  const history: PositionReader['history'] = async (days) => {
    const reporting = reportingCurrency();
    const now = clock.now();
    const [stored, tokens, networks] = await Promise.all([
      rates.newest(),
      directory.tokens(),
      directory.networks(),
    ]);
    // What is merely listed, like the tokens that ship, has no history to tell.
    const inUse = new Set(tokens.filter(({ state }) => state === 'active').map(({ networkId }) => networkId));
    const used = networks.filter(({ id }) => inUse.has(id));
    const isHourly =
      days <= LONGEST_HOURLY_DAYS && used.length > 0 && used.every(({ isSandbox }) => isSandbox);
    const step = isHourly ? 1 : HOURS_PER_DAY;
    const nowHour = Math.floor(now.getTime() / 3_600_000);
    // Days end at midnight UTC; the newest point is the present.
    const lastEnd = Math.floor(nowHour / step) * step;
    const count = isHourly ? days * HOURS_PER_DAY : days;
    const firstEnd = lastEnd - (count - 1) * step;
    const points = await store.balancePoints(BigInt(firstEnd));
    const tokenOf = new Map(tokens.map((token) => [token.id, token]));
    const latest = new Map<string, BalancePoint>();
    const result: HistoryPoint[] = [];
    let next = 0;
    const takeUntil = (hour: number): void => {
      for (let point = points[next]; point !== undefined && Number(point.hour) < hour; point = points[++next])
        latest.set(`${point.tokenId} ${point.accountId}`, point);
    };
    const add = (at: string): void => {
      const sums = new Map<CurrencyCode, DecimalAmount>();
      for (const { tokenId, balance } of latest.values()) {
        const token = tokenOf.get(tokenId);
        if (!token) continue;
        sums.set(
          token.currency,
          addDecimals(sums.get(token.currency) ?? ZERO, { units: balance, decimals: token.decimals }),
        );
      }
      result.push({
        at,
        balances: [...sums]
          .sort(([a], [b]) => byText(a, b))
          .map(([currency, balance]) => ({
            currency,
            balance,
            value: estimateIn(reporting, currency, balance, stored?.rates ?? null),
          })),
      });
    };
    for (let end = firstEnd; end <= lastEnd; end += step) {
      takeUntil(end);
      if (latest.size > 0) add(new Date(end * 3_600_000).toISOString());
    }
    takeUntil(Number.POSITIVE_INFINITY);
    if (latest.size > 0) add(now.toISOString());
    return { reportingCurrency: reporting, points: result };
  };

  return { get, history };
};

const instantOf = (row: HoldingRow): string | null =>
  row.asOfTime === null ? null : new Date(Number(row.asOfTime) * 1000).toISOString();
