import { useEffect, useMemo, useRef, useState } from 'react';
import { payments as words } from '../../../../../assets/locales/en/payments';
import type { ImportIssue, ImportReport } from '../../../../shared/model/payments';
import { parseDecimal } from '../../../../shared/money';
import { client } from '../../../client';
import {
  Badge,
  type Column,
  DataTable,
  EmptyState,
  formatCount,
  KeyValue,
  Money,
  Notice,
  Section,
  useLocale,
  usePagedRows,
} from '../../../ui';
import { describeIssue } from './IssueList';
import styles from './import.module.css';
import type { ImportLine } from './session';

const r = words.import.report;

/** As money where it is an amount, as written where it is not. */
export const LineAmount = ({ line }: { readonly line: ImportLine }) => {
  const amount = parseDecimal(line.amountText, { maxDecimals: 18 });
  return amount.ok && line.currency !== '' ? (
    <Money currency={line.currency} {...amount.value} />
  ) : (
    <span className={styles.value}>
      {line.currency} {line.amountText}
    </span>
  );
};

export type LineListProps = {
  readonly report: ImportReport;
  readonly dropped: ReadonlySet<number>;
  /** The problem whose line is to be shown. */
  readonly issue: ImportIssue | null;
};

/** The lines of the file as they were read, with the chosen problem in full above them. */
export const LineList = ({ report, dropped, issue }: LineListProps) => {
  const { importId } = report;
  const locale = useLocale();
  const place = useRef<HTMLDivElement>(null);
  const [jump, setJump] = useState<{ readonly index: number } | null>(null);
  const rows = usePagedRows<ImportLine>(
    async (offset, limit) => {
      const { total, lines } = await client['payments.importLines']({ importId, offset, limit });
      return { total, rows: lines };
    },
    { key: importId },
  );
  useEffect(() => {
    if (issue === null) return;
    if (issue.paymentIndex !== null) setJump({ index: issue.paymentIndex });
    place.current?.scrollIntoView({ block: 'nearest' });
  }, [issue]);
  const columns = useMemo(
    (): readonly Column<ImportLine>[] => [
      {
        id: 'line',
        header: r.lineColumns.line,
        width: '64px',
        align: 'right',
        render: (line) => <span className="tabular">{formatCount(line.line, locale)}</span>,
      },
      {
        id: 'id',
        header: r.lineColumns.endToEndId,
        width: 'minmax(150px, 1fr)',
        render: (line) => <span>{line.endToEndId}</span>,
      },
      {
        id: 'creditor',
        header: r.lineColumns.creditor,
        width: 'minmax(180px, 1.3fr)',
        render: (line) => <span>{line.creditorName}</span>,
      },
      {
        id: 'account',
        header: r.lineColumns.account,
        width: 'minmax(160px, 1.2fr)',
        render: (line) => <span title={line.creditorAccount}>{line.creditorAccount}</span>,
      },
      {
        id: 'amount',
        header: r.lineColumns.amount,
        width: '160px',
        align: 'right',
        render: (line) => <LineAmount line={line} />,
      },
      {
        id: 'state',
        header: r.lineColumns.state,
        width: '104px',
        render: (line) =>
          dropped.has(line.paymentIndex) ? (
            <Badge tone="neutral">{r.lineOut}</Badge>
          ) : line.hasError ? (
            <Badge tone="bad" icon="rejected">
              {r.lineWrong}
            </Badge>
          ) : (
            <Badge tone="good" icon="settled">
              {r.lineRight}
            </Badge>
          ),
      },
    ],
    [locale, dropped],
  );
  return (
    <div ref={place}>
      <Section title={r.lines}>
        {issue === null ? null : (
          <div style={{ marginBottom: 12 }} aria-live="polite">
            <Notice
              tone={issue.severity === 'error' ? 'bad' : 'warn'}
              title={`${issue.line === 0 ? r.problemOfFile : r.problemOfLine(formatCount(issue.line, locale))}: ${describeIssue(issue.code)}`}
            >
              <KeyValue
                facts={[
                  {
                    label: r.elements.value,
                    value: issue.value === null ? null : <span className={styles.value}>{issue.value}</span>,
                  },
                  { label: r.elements.expected, value: issue.expected },
                  { label: r.elements.path, value: issue.path },
                  { label: r.elements.code, value: <span className={styles.value}>{issue.code}</span> },
                ]}
              />
            </Notice>
          </div>
        )}
        <DataTable
          label={r.linesTable}
          columns={columns}
          rows={rows}
          rowKey={(line) => String(line.paymentIndex)}
          selectedKey={issue?.paymentIndex == null ? null : String(issue.paymentIndex)}
          jumpTo={jump}
          height={Math.min(300, 38 + 36 * Math.max(2, Math.min(7, report.count)))}
          isLoading={rows.isLoading}
          error={rows.error}
          onRetry={rows.reload}
          empty={<EmptyState title={r.noLines} />}
        />
      </Section>
    </div>
  );
};
