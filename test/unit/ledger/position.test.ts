import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPosition, type PositionDeps } from '../../../src/main/ledger/position';
import type { BalancePoint, HoldingRow } from '../../../src/main/ledger/stores/entry-queries';
import type { Network, OwnAccount, Token } from '../../../src/shared/model/directory';
import {
  type AccountId,
  type Address,
  type CurrencyCode,
  NetworkId,
  tokenIdOf,
} from '../../../src/shared/model/ids';
import type { ReferenceRates } from '../../../src/shared/money';

const NETWORK = NetworkId.parse('eip155:31337');
const token = (index: number, currency: string, decimals: number) =>
  ({
    id: tokenIdOf(NETWORK, `0x${String(index).padStart(40, '0')}`),
    networkId: NETWORK,
    name: `Token ${currency}`,
    symbol: currency,
    currency: currency as CurrencyCode,
    decimals,
    issuer: { name: 'Bank' },
    state: 'active',
  }) as unknown as Token;
const TOKENS = [token(1, 'USD', 2), token(2, 'EUR', 18), token(3, 'CNH', 6), token(4, 'SGD', 2)];
const ACCOUNTS = [1, 2].map(
  (index) =>
    ({
      id: `acc_${String(index).padStart(24, '0')}` as AccountId,
      name: `Account ${index}`,
      address: `0x${String(index).padStart(40, 'b')}` as Address,
    }) as unknown as OwnAccount,
);
const at = <T>(list: readonly T[], index: number): T => {
  const item = list[index];
  if (item === undefined) throw new Error('no such fixture');
  return item;
};
const tokenAt = (index: number): Token => at(TOKENS, index);
const accountAt = (index: number): OwnAccount => at(ACCOUNTS, index);
const RATES: ReferenceRates = {
  date: '2026-11-20',
  base: 'EUR',
  rates: [
    { currency: 'USD', units: 12500n, decimals: 4, text: '1.2500' },
    { currency: 'CNY', units: 80000n, decimals: 4, text: '8.0000' },
  ],
};
const NOW = new Date('2026-11-23T10:30:00Z');

const holding = (tokenIndex: number, accountIndex: number, change: Partial<HoldingRow>): HoldingRow => ({
  tokenId: tokenAt(tokenIndex).id,
  accountId: accountAt(accountIndex).id,
  networkId: NETWORK,
  balance: 0n,
  frozen: null,
  asOfBlock: 10n,
  asOfTime: 1_800_000_000n,
  isReconciled: true,
  ...change,
});

const positionOf = (change: {
  holdings?: HoldingRow[];
  points?: BalancePoint[];
  rates?: ReferenceRates | null;
  pending?: bigint;
  reporting?: string;
  isSandbox?: boolean;
}) => {
  const deps: PositionDeps = {
    store: { holdings: async () => change.holdings ?? [], balancePoints: async () => change.points ?? [] },
    rates: {
      newest: async () =>
        change.rates === null || change.rates === undefined
          ? null
          : {
              rates: change.rates,
              info: {
                date: change.rates.date,
                source: 'eurofxref.xml',
                count: 2,
                importedAt: '2026-11-21T00:00:00Z',
              },
            },
    },
    directory: {
      networks: async () => [
        { id: NETWORK, name: 'Net', isSandbox: change.isSandbox ?? false } as unknown as Network,
      ],
      tokens: async () => TOKENS,
      accounts: async () => ACCOUNTS,
    },
    pendingOut: async () => change.pending ?? 0n,
    reportingCurrency: () => (change.reporting ?? 'EUR') as CurrencyCode,
    clock: { now: () => NOW, monotonicMs: () => 0 },
  };
  return createPosition(deps);
};

describe('position', () => {
  it('takes frozen and pending amounts off what is available, and never shows less than nothing', async () => {
    const rows = [
      holding(0, 0, { balance: 1_000n, frozen: 300n }),
      holding(0, 1, { balance: 100n, frozen: 100n }),
    ];
    const { holdings, currencies } = await positionOf({ holdings: rows, pending: 50n }).get();
    expect(holdings.map(({ available, frozen, pendingOut }) => [available, frozen, pendingOut])).toEqual([
      [650n, 300n, 50n],
      [0n, 100n, 50n],
    ]);
    expect(currencies[0]).toMatchObject({
      balance: { units: 1_100n, decimals: 2 },
      available: { units: 650n, decimals: 2 },
      frozen: { units: 400n, decimals: 2 },
      pendingOut: { units: 100n, decimals: 2 },
    });
  });

  it('values through the euro, offshore yuan as yuan, and names what has no rate', async () => {
    const rows = [
      holding(0, 0, { balance: 125_00n }),
      holding(1, 0, { balance: 7n * 10n ** 18n }),
      holding(2, 0, { balance: 16_000_000n }),
      holding(3, 0, { balance: 1n }),
    ];
    const position = await positionOf({ holdings: rows, rates: RATES }).get();
    const value = (currency: string) => position.currencies.find((each) => each.currency === currency)?.value;
    expect(value('USD')).toEqual({ units: 100_00n, decimals: 2 });
    expect(value('EUR')).toEqual({ units: 7n * 10n ** 18n, decimals: 18 });
    expect(value('CNH')).toEqual({ units: 2_00n, decimals: 2 });
    expect(value('SGD')).toBeNull();
    expect(position.total).toEqual({ units: 109_00n, decimals: 2 });
    expect(position.unvalued).toEqual(['SGD']);
    expect(position.rates?.date).toBe('2026-11-20');
  });

  it('without rates values only the reporting currency', async () => {
    const rows = [holding(0, 0, { balance: 5n }), holding(3, 0, { balance: 7n })];
    const position = await positionOf({ holdings: rows, reporting: 'USD' }).get();
    expect(position.total).toEqual({ units: 5n, decimals: 2 });
    expect(position.unvalued).toEqual(['SGD']);
    expect((await positionOf({ holdings: rows, reporting: 'GBP', rates: RATES }).get()).total).toBeNull();
    expect((await positionOf({}).get()).total).toBeNull();
  });

  it('is as old as its oldest holding', async () => {
    const rows = [holding(0, 0, { asOfTime: 1_800_000_100n }), holding(0, 1, { asOfTime: 1_800_000_000n })];
    expect((await positionOf({ holdings: rows }).get()).asOf).toBe(new Date(1_800_000_000_000).toISOString());
  });
});

describe('history', () => {
  const hourOf = (instant: string): bigint => BigInt(Date.parse(instant) / 3_600_000);
  const point = (tokenIndex: number, instant: string, balance: bigint): BalancePoint => ({
    tokenId: tokenAt(tokenIndex).id,
    accountId: accountAt(0).id,
    hour: hourOf(instant),
    balance,
  });

  it('carries balances on to the ends of days, and ends with the present', async () => {
    const { points } = await positionOf({
      points: [
        point(0, '2026-11-01T05:00:00Z', 100n),
        point(0, '2026-11-21T23:00:00Z', 200n),
        point(0, '2026-11-23T09:00:00Z', 300n),
      ],
    }).history(3);
    expect(points.map(({ at, balances }) => [at, balances[0]?.balance.units])).toEqual([
      ['2026-11-21T00:00:00.000Z', 100n],
      ['2026-11-22T00:00:00.000Z', 200n],
      ['2026-11-23T00:00:00.000Z', 200n],
      ['2026-11-23T10:30:00.000Z', 300n],
    ]);
  });

  it('starts where there is something, and is hourly on a sandbox for short spans', async () => {
    const points = [point(0, '2026-11-23T08:00:00Z', 5n)];
    const daily = await positionOf({ points }).history(30);
    expect(daily.points.map(({ at }) => at)).toEqual(['2026-11-23T10:30:00.000Z']);
    const hourly = await positionOf({ points, isSandbox: true }).history(1);
    expect(hourly.points.map(({ at }) => at.slice(11, 16))).toEqual(['09:00', '10:00', '10:30']);
    expect((await positionOf({}).history(30)).points).toEqual([]);
  });

  it('always ends with the sum of the last balances', async () => {
    const pointArbitrary = fc.record({
      tokenIndex: fc.nat(3),
      account: fc.nat(1),
      hours: fc.nat(24 * 400),
      balance: fc.bigInt(0n, 10n ** 20n),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(pointArbitrary, { maxLength: 60 }),
        fc.integer({ min: 1, max: 400 }),
        async (list, days) => {
          const newest = hourOf('2026-11-23T10:00:00Z');
          const unique = new Map<string, BalancePoint>();
          for (const { tokenIndex, account, hours, balance } of list) {
            const made = {
              tokenId: tokenAt(tokenIndex).id,
              accountId: accountAt(account).id,
              hour: newest - BigInt(hours),
              balance,
            };
            unique.set(`${tokenIndex} ${account} ${hours}`, made);
          }
          const points = [...unique.values()].sort((a, b) => Number(a.hour - b.hour));
          const last = new Map(points.map((each) => [`${each.tokenId} ${each.accountId}`, each]));
          const result = await positionOf({ points }).history(days);
          for (const { currency, balance } of result.points.at(-1)?.balances ?? []) {
            const found = TOKENS.find((each) => each.currency === currency);
            const sum = [...last.values()]
              .filter(({ tokenId }) => tokenId === found?.id)
              .reduce((total, each) => total + each.balance, 0n);
            expect(balance.units).toBe(sum);
          }
          expect(result.points.length > 0).toBe(points.length > 0);
          expect(result.points.length).toBeLessThanOrEqual(days + 1);
        },
      ),
    );
  });
});
