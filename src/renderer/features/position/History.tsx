import { AreaChart } from '@mantine/charts';
import { SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import { position as words } from '../../../../assets/locales/en/position';
import type { MainClient } from '../../../shared/contract';
import { client } from '../../client';
import {
  type Column,
  countShownDecimals,
  DataTable,
  EmptyState,
  ErrorState,
  LoadingState,
  Money,
  Section,
  Time,
  useLocale,
  useQuery,
  useSession,
} from '../../ui';
import styles from './position.module.css';
import { sumValues, toChartNumber } from './value';

type History = Awaited<ReturnType<MainClient['position.history']>>;
type Point = History['points'][number];
type Range = keyof typeof words.ranges;

/** Told apart also by those who see fewer colours; each is named beside its area. */
const COLOURS = ['#3f5bd0', '#1a8f7d', '#c77d0a', '#9c4a97', '#5a7a94', '#b04a4a', '#5f8f2e'];
const HEIGHT = 250;
const MARGIN = { top: 8, right: 56, bottom: 0, left: 8 };
const AXIS_HEIGHT = 30;
const LABEL_GAP = 16;
const TICKS = [0, 1, 2, 3, 4, 5];

const DAY_MS = 86_400_000;

const labelOf = (at: string, isShort: boolean, locale: string): string =>
  new Intl.DateTimeFormat(
    locale,
    isShort
      ? { day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
      : { day: '2-digit', month: 'short' },
  ).format(new Date(at));

/** A round number at or above the highest stack, so that the axis ends on a tick. */
const roundUp = (value: number): number => {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 1.5, 2, 2.5, 3, 4, 5, 6, 8].find((step) => step * power >= value) ?? 10) * power;
};

const chartValueOf = (point: Point, currency: string): number => {
  const value = point.balances.find((balance) => balance.currency === currency)?.value ?? null;
  return value === null ? 0 : Math.max(0, toChartNumber(value));
};

const Tip = ({ point, reporting }: { readonly point: Point; readonly reporting: string }) => (
  <div className={styles.tip}>
    <Time instant={point.at} />
    {point.balances.map(({ currency, balance, value }) => (
      <div key={currency} className={styles.tipRow}>
        <Money currency={currency} {...balance} size="sm" />
        {value === null ? null : <Money currency={reporting} {...value} size="sm" isMuted />}
      </div>
    ))}
  </div>
);

const Chart = ({ history }: { readonly history: History }) => {
  const locale = useLocale();
  const { reportingCurrency } = history;
  // A single reading is drawn as a level: an area needs two ends.
  const isSingle = history.points.length === 1;
  const points = isSingle ? [...history.points, ...history.points] : history.points;
  const currencies = [
    ...new Set(
      points.flatMap(({ balances }) =>
        balances.filter(({ value }) => value !== null).map(({ currency }) => currency as string),
      ),
    ),
  ];
  if (currencies.length === 0) return <p className={styles.muted}>{words.historyUnvalued}</p>;
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return null;
  const isShort = Date.parse(last.at) - Date.parse(first.at) <= 3 * DAY_MS;
  const rows = points.map((point, index) => ({
    index,
    label: labelOf(point.at, isShort, locale),
    ...Object.fromEntries(currencies.map((currency) => [currency, chartValueOf(point, currency)])),
  }));
  const top = roundUp(
    Math.max(
      ...points.map((point) => currencies.reduce((sum, currency) => sum + chartValueOf(point, currency), 0)),
    ),
  );
  const plot = HEIGHT - MARGIN.top - MARGIN.bottom - AXIS_HEIGHT;
  let below = 0;
  let lowest = Number.POSITIVE_INFINITY;
  const labels = currencies.map((currency, index) => {
    const own = chartValueOf(last, currency);
    const middle = MARGIN.top + plot * (1 - (below + own / 2) / top);
    below += own;
    // Labels of thin areas move up, so that none covers another.
    lowest = Math.min(middle, lowest - LABEL_GAP);
    return { currency, y: lowest, colour: COLOURS[index % COLOURS.length] ?? '' };
  });
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
  return (
    <div className={styles.chart} role="img" aria-label={words.chartLabel(reportingCurrency)}>
      <AreaChart
        h={HEIGHT}
        data={rows}
        dataKey="index"
        type="stacked"
        curveType="linear"
        withDots={false}
        withGradient={false}
        fillOpacity={0.55}
        strokeWidth={1.5}
        series={currencies.map((currency, index) => ({
          name: currency,
          color: COLOURS[index % COLOURS.length] ?? 'gray',
        }))}
        areaChartProps={{ margin: MARGIN, accessibilityLayer: false }}
        areaProps={{ isAnimationActive: false }}
        yAxisProps={{ domain: [0, top], ticks: TICKS.map((part) => (part * top) / 5), width: 56 }}
        xAxisProps={{
          height: AXIS_HEIGHT,
          minTickGap: 60,
          tickFormatter: (index: number) => (isSingle && index > 0 ? '' : (rows[index]?.label ?? '')),
        }}
        valueFormatter={(value) => compact.format(value)}
        tooltipAnimationDuration={0}
        tooltipProps={{
          content: ({ label }) => {
            const point = points[Number(label)];
            return point === undefined ? null : <Tip point={point} reporting={reportingCurrency} />;
          },
        }}
      />
      {labels.map(({ currency, y, colour }) => (
        <span key={currency} className={styles.chartLabel} style={{ top: y - 9 }} aria-hidden>
          <i style={{ background: colour }} />
          {currency}
        </span>
      ))}
    </div>
  );
};

const DIGIT_PX = 9;

/** Room for the longest figure of a column: an amount is never cut off, the table scrolls sideways instead. */
const widthOf = (points: readonly Point[], currency: string): number =>
  Math.max(
    100,
    ...points.map(({ balances }) => {
      const found = balances.find((balance) => balance.currency === currency)?.balance;
      if (found === undefined) return 0;
      const decimals = countShownDecimals(found.units, found.decimals, 2);
      const digits = Math.max(1, found.units.toString().length - found.decimals);
      return (digits + Math.floor((digits - 1) / 3) * 0.5 + decimals + 0.5) * DIGIT_PX;
    }),
  );

const HistoryTable = ({ history }: { readonly history: History }) => {
  const { points, reportingCurrency } = history;
  const newestFirst = useMemo(() => [...points].reverse(), [points]);
  const columns = useMemo((): readonly Column<Point>[] => {
    const currencies = [
      ...new Set(points.flatMap(({ balances }) => balances.map(({ currency }) => currency))),
    ];
    return [
      { id: 'at', header: words.when, width: '184px', render: (point) => <Time instant={point.at} /> },
      ...currencies.map(
        (currency): Column<Point> => ({
          id: currency,
          header: currency,
          width: `minmax(${widthOf(points, currency)}px, 1fr)`,
          align: 'right',
          render: (point) => {
            const found = point.balances.find((balance) => balance.currency === currency);
            return found ? (
              <Money currency={currency} {...found.balance} hideCurrency alignDecimals={2} />
            ) : null;
          },
        }),
      ),
      {
        id: 'value',
        header: words.columns.value(reportingCurrency),
        width: 'minmax(112px, 1fr)',
        align: 'right',
        render: (point) => {
          const sum = sumValues(point.balances.map(({ value }) => value));
          return sum === null ? null : (
            <Money currency={reportingCurrency} {...sum} hideCurrency alignDecimals={2} />
          );
        },
      },
    ];
  }, [points, reportingCurrency]);
  return (
    <DataTable
      label={words.historyTable}
      columns={columns}
      rows={newestFirst}
      rowKey={(point) => point.at}
      height={HEIGHT}
    />
  );
};

/** Position over time, as a stacked area or as the table of the same figures. */
export const HistorySection = () => {
  const isSandboxAlone = useSession(({ snapshot }) => {
    const networks = snapshot?.networks ?? [];
    return networks.length > 0 && networks.every(({ isSandbox }) => isSandbox);
  });
  const [chosen, setChosen] = useState<Range | null>(null);
  const range = chosen ?? (isSandboxAlone ? '2' : '90');
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const history = useQuery(() => client['position.history']({ days: Number(range) }), {
    key: range,
    topics: ['ledger'],
    keepPrevious: true,
  });
  const data = history.data;
  return (
    <Section
      title={words.history}
      description={data === undefined ? undefined : words.historyText(data.reportingCurrency)}
      actions={
        <>
          <SegmentedControl
            aria-label={words.range}
            size="xs"
            value={range}
            onChange={(value) => setChosen(value as Range)}
            data={Object.entries(words.ranges)
              // Hours are kept on the sandbox alone.
              .filter(([value]) => value !== '2' || isSandboxAlone)
              .map(([value, label]) => ({ value, label }))}
          />
          <SegmentedControl
            aria-label={words.view}
            size="xs"
            value={view}
            onChange={(value) => setView(value as 'chart' | 'table')}
            data={Object.entries(words.views).map(([value, label]) => ({ value, label }))}
          />
        </>
      }
    >
      {data === undefined ? (
        history.error ? (
          <ErrorState error={history.error} onRetry={history.reload} />
        ) : (
          <LoadingState />
        )
      ) : data.points.length === 0 ? (
        <EmptyState title={words.historyEmpty} text={words.historyEmptyText} />
      ) : view === 'chart' ? (
        <>
          <Chart history={data} />
          {data.points.length === 1 ? <p className={styles.note}>{words.historyOne}</p> : null}
        </>
      ) : (
        <HistoryTable history={data} />
      )}
    </Section>
  );
};
