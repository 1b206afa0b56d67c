import { Button, Select } from '@mantine/core';
import { IconCopy, IconDownload } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { importIssues } from '../../../../../assets/locales/en/import-issues';
import { payments as words } from '../../../../../assets/locales/en/payments';
import { AppError } from '../../../../shared/errors';
import type { ImportIssue, ImportReport } from '../../../../shared/model/payments';
import { client } from '../../../client';
import {
  Badge,
  type Column,
  copyText,
  DataTable,
  EmptyState,
  ErrorState,
  formatCount,
  SearchField,
  Section,
  showToast,
  Toolbar,
  useAction,
  useLocale,
  usePagedRows,
} from '../../../ui';
import styles from './import.module.css';

const r = words.import.report;
type Severity = 'error' | 'warning' | 'all';
type SortBy = 'line' | 'code' | 'path';
const SORT_OF: Readonly<Record<string, SortBy>> = { line: 'line', problem: 'code', element: 'path' };
const PAGE = 200;

/** The words for a finding; its bare code where a newer checker says something without words here. */
export const describeIssue = (code: string): string =>
  code in importIssues ? importIssues[code as keyof typeof importIssues] : code;

const asText = (issues: readonly ImportIssue[]): string => {
  const clean = (text: string | null): string => (text ?? '').replace(/[\t\r\n]+/g, ' ');
  const head = Object.values(r.columns).join('\t');
  const rows = issues.map((issue) =>
    [
      issue.severity === 'error' ? r.error : r.warning,
      issue.line === 0 ? r.wholeFile : String(issue.line),
      `${describeIssue(issue.code)} (${issue.code})`,
      clean(issue.path),
      clean(issue.value),
      clean(issue.expected),
    ].join('\t'),
  );
  return [head, ...rows].join('\n');
};

export type IssueListProps = {
  readonly report: ImportReport;
  readonly selected: ImportIssue | null;
  readonly onSelect: (issue: ImportIssue) => void;
};

/** Everything found in the file: sorted, searched, copied, exported; a row leads to its line. */
export const IssueList = ({ report, selected, onSelect }: IssueListProps) => {
  const { importId } = report;
  const locale = useLocale();
  const [severity, setSeverity] = useState<Severity>('all');
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState<string>('line');
  const query = { importId, severity, search, sort: SORT_OF[sort] ?? 'line' };
  const rows = usePagedRows<ImportIssue>(
    async (offset, limit) => {
      const { total, issues } = await client['payments.importIssues']({ ...query, offset, limit });
      return { total, rows: issues };
    },
    { key: JSON.stringify(query), pageSize: PAGE },
  );
  const copying = useAction(async () => {
    const all: ImportIssue[] = [];
    for (;;) {
      const page = await client['payments.importIssues']({ ...query, offset: all.length, limit: PAGE });
      all.push(...page.issues);
      if (page.issues.length === 0 || all.length >= page.total) break;
    }
    if (!copyText(asText(all))) throw new AppError('internal');
    showToast('success', r.copied(formatCount(all.length, locale)));
  });
  const exporting = useAction(async () => {
    const { saved } = await client['payments.exportIssues']({ importId });
    if (saved !== null) showToast('success', r.exported(saved));
  });
  const columns = useMemo(
    (): readonly Column<ImportIssue>[] => [
      {
        id: 'severity',
        header: r.columns.severity,
        width: '92px',
        render: (issue) =>
          issue.severity === 'error' ? (
            <Badge tone="bad" icon="rejected">
              {r.error}
            </Badge>
          ) : (
            <Badge tone="warn" icon="warning">
              {r.warning}
            </Badge>
          ),
      },
      {
        id: 'line',
        header: r.columns.line,
        width: '60px',
        align: 'right',
        isSortable: true,
        render: (issue) => (
          <span className="tabular">{issue.line === 0 ? r.wholeFile : formatCount(issue.line, locale)}</span>
        ),
      },
      {
        id: 'problem',
        header: r.columns.problem,
        width: 'minmax(240px, 2.2fr)',
        isSortable: true,
        render: (issue) => <span title={describeIssue(issue.code)}>{describeIssue(issue.code)}</span>,
      },
      {
        id: 'element',
        header: r.columns.element,
        width: 'minmax(90px, 110px)',
        isSortable: true,
        render: (issue) => <span title={issue.path}>{issue.element}</span>,
      },
      {
        id: 'value',
        header: r.columns.value,
        width: 'minmax(110px, 1fr)',
        render: (issue) => (
          <span className={styles.value} title={issue.value ?? undefined}>
            {issue.value}
          </span>
        ),
      },
      {
        id: 'expected',
        header: r.columns.expected,
        width: 'minmax(110px, 1fr)',
        render: (issue) => <span title={issue.expected ?? undefined}>{issue.expected}</span>,
      },
    ],
    [locale],
  );
  const keyOf = (issue: ImportIssue): string =>
    [issue.code, issue.line, issue.path, issue.paymentIndex, issue.value].join('|');
  return (
    <Section
      title={r.problemsTitle(
        formatCount(report.errorCount, locale),
        formatCount(report.warningCount, locale),
      )}
      description={report.moreIssues > 0 ? r.more(formatCount(report.moreIssues, locale)) : undefined}
      actions={
        <>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconCopy size={14} aria-hidden />}
            loading={copying.isRunning}
            onClick={() => void copying.run()}
          >
            {r.copy}
          </Button>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconDownload size={14} aria-hidden />}
            loading={exporting.isRunning}
            onClick={() => void exporting.run()}
          >
            {r.export}
          </Button>
        </>
      }
    >
      <div className={styles.stack}>
        {copying.error ? <ErrorState error={copying.error} /> : null}
        {exporting.error ? <ErrorState error={exporting.error} /> : null}
        <Toolbar>
          <SearchField
            value={search}
            onChange={setSearch}
            label={r.search}
            placeholder={r.searchPlaceholder}
          />
          <Select
            aria-label={r.severity}
            data={Object.entries(r.severities).map(([value, label]) => ({ value, label }))}
            value={severity}
            onChange={(value) => setSeverity((value ?? 'all') as Severity)}
            w={190}
          />
        </Toolbar>
        <DataTable
          label={r.table}
          columns={columns}
          rows={rows}
          rowKey={keyOf}
          height={Math.min(320, 36 + 36 * Math.max(3, Math.min(8, report.errorCount + report.warningCount)))}
          sort={{ columnId: sort, direction: 'asc' }}
          onSort={({ columnId }) => setSort(columnId)}
          onOpen={onSelect}
          selectedKey={selected === null ? null : keyOf(selected)}
          isLoading={rows.isLoading}
          error={rows.error}
          onRetry={rows.reload}
          empty={<EmptyState title={r.noProblems} />}
        />
      </div>
    </Section>
  );
};
