import { Button } from '@mantine/core';
import { useState } from 'react';
import { payments as words } from '../../../../../assets/locales/en/payments';
import type { CurrencySum } from '../../../../shared/model/ids';
import type { Hold, ImportIssue, ImportReport } from '../../../../shared/model/payments';
import { client } from '../../../client';
import {
  CopyButton,
  ErrorState,
  formatBytes,
  formatCount,
  KeyValue,
  LoadingState,
  Money,
  markStale,
  Notice,
  navigate,
  Section,
  showToast,
  useAction,
  useLocale,
  useQuery,
  widestDecimals,
} from '../../../ui';
import { describePayments, groupHex } from '../describe';
import shared from '../payments.module.css';
import { DropList } from './DropList';
import { HoldList } from './HoldList';
import { IssueList } from './IssueList';
import styles from './import.module.css';
import { LineList } from './LineList';
import { loadAllLines, sumLines } from './lines';
import {
  changeMapping,
  checkFile,
  endSession,
  holdKey,
  type ImportLine,
  type ImportSession,
  setDropped,
  setReleased,
} from './session';

const r = words.import.report;
const c = words.import.create;

const Verdict = ({ report }: { readonly report: ImportReport }) => {
  const locale = useLocale();
  if (report.isRefused) {
    return (
      <Notice tone="bad" title={r.refused}>
        {r.refusedText}
      </Notice>
    );
  }
  if (report.errorCount > 0) {
    return (
      <Notice tone="bad" title={r.wrong(formatCount(report.errorCount, locale))}>
        {r.wrongLinesText}
      </Notice>
    );
  }
  return (
    <Notice
      tone="good"
      title={
        report.warningCount > 0 ? r.rightWithWarnings(formatCount(report.warningCount, locale)) : r.right
      }
    >
      {r.rightText}
    </Notice>
  );
};

const Totals = ({ report }: { readonly report: ImportReport }) => {
  const locale = useLocale();
  const { source, sums } = report;
  const align = widestDecimals(sums.map(({ currency, sum }) => ({ currency, ...sum })));
  return (
    <Section title={r.summary}>
      <div className={styles.totals}>
        <div>
          <div className={styles.label}>{r.payments}</div>
          <div className={styles.big}>{formatCount(report.count, locale)}</div>
          <div className={styles.sums}>
            {sums.map(({ currency, count, sum }) => (
              <div key={currency} className={styles.sumRow}>
                <Money currency={currency} {...sum} alignDecimals={align} />
                <span className={styles.sumCount}>{words.count(formatCount(count, locale))}</span>
              </div>
            ))}
          </div>
        </div>
        <KeyValue
          facts={[
            { label: r.file, value: source.fileName },
            {
              label: r.format,
              value:
                source.sizeBytes === null
                  ? source.format
                  : `${source.format}, ${formatBytes(source.sizeBytes, locale)}`,
            },
            { label: r.messageId, value: source.messageId },
            {
              label: r.fingerprint,
              value:
                source.sha256 === null ? null : (
                  <span className={shared.hash}>
                    {groupHex(source.sha256)} <CopyButton value={source.sha256} label={r.copyFingerprint} />
                  </span>
                ),
            },
          ]}
        />
      </div>
    </Section>
  );
};

/** Holds that still concern what is kept. Main decides again when the batch is made. */
const holdsOfKept = (
  holds: readonly Hold[],
  lines: readonly ImportLine[],
  dropped: ReadonlySet<number>,
): readonly Hold[] => {
  if (dropped.size === 0) return holds;
  const keptAccounts = new Set(
    lines.filter((line) => !dropped.has(line.paymentIndex)).map((line) => line.creditorAccount),
  );
  return holds.filter(({ kind, paymentIndex }) => {
    if (paymentIndex === null || !dropped.has(paymentIndex)) return true;
    if (kind === 'same-payment') return false;
    const line = lines.find((candidate) => candidate.paymentIndex === paymentIndex);
    return line === undefined || keptAccounts.has(line.creditorAccount);
  });
};

type CreateBarProps = {
  readonly count: number;
  readonly sums: readonly CurrencySum[];
  readonly leftOut: number;
  readonly obstacle: string | null;
  readonly isRunning: boolean;
  readonly onCreate: () => void;
};

const CreateBar = ({ count, sums, leftOut, obstacle, isRunning, onCreate }: CreateBarProps) => {
  const locale = useLocale();
  const counted = words.count(formatCount(count, locale));
  return (
    <section className={styles.bar} aria-label={c.total}>
      <div className={styles.barText}>
        <div>
          <strong>
            {c.total}: {counted}
          </strong>
          {leftOut > 0 ? ` · ${c.leftOut(formatCount(leftOut, locale))}` : null}
          {obstacle === null ? null : <span className={styles.why}> · {obstacle}</span>}
        </div>
        <div className={styles.barSums}>
          {sums.map(({ currency, sum }) => (
            <Money key={currency} currency={currency} {...sum} size="sm" />
          ))}
        </div>
      </div>
      <Button onClick={onCreate} disabled={obstacle !== null} loading={isRunning}>
        {`${c.verb}: ${describePayments(count, sums, locale)}`}
      </Button>
    </section>
  );
};

/** What the check found, and what a person decides about it. */
export const ReportView = ({
  session,
  report,
}: {
  readonly session: ImportSession;
  readonly report: ImportReport;
}) => {
  const [issue, setIssue] = useState<ImportIssue | null>(null);
  const { importId } = report;
  const { dropped, released } = session;
  const hasWrongLines = report.errorCount > 0 && !report.isRefused;
  const all = useQuery(() => loadAllLines(importId), { key: importId, isEnabled: hasWrongLines });
  const lines = all.data ?? [];
  const wrong = lines.filter(({ hasError }) => hasError);
  const kept = dropped.size === 0 ? null : lines.filter((line) => !dropped.has(line.paymentIndex));
  const holds = holdsOfKept(report.holds, lines, dropped);
  const openHolds = holds.filter((hold) => !released.has(holdKey(hold))).length;
  const count = kept === null ? report.count : kept.length;
  const sums = kept === null ? report.sums : sumLines(kept).sums;
  const isWrongLeft =
    hasWrongLines && (all.data === undefined || wrong.some((line) => !dropped.has(line.paymentIndex)));
  const obstacle = isWrongLeft
    ? c.waitingErrors
    : count === 0
      ? c.nothing
      : openHolds > 0
        ? c.waitingHolds
        : null;
  const creating = useAction(async () => {
    const { batchId } = await client['payments.createBatch']({
      importId,
      dropPaymentIndexes: [...dropped],
      // SECURITY: only what the person released.
      releaseHolds: holds
        .filter((hold) => released.has(holdKey(hold)))
        .map(({ kind, paymentIndex }) => ({ kind, paymentIndex })),
    });
    markStale('payments');
    endSession({ isCreated: true });
    navigate('payments', { view: 'batch', id: batchId });
    showToast('success', c.created, c.createdText);
  });
  return (
    <div className={styles.report}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard */}
      <div className={styles.scroll} tabIndex={0}>
        <Verdict report={report} />
        <Totals report={report} />
        {report.errorCount + report.warningCount > 0 ? (
          <IssueList report={report} selected={issue} onSelect={setIssue} />
        ) : null}
        {report.count > 0 ? <LineList report={report} dropped={dropped} issue={issue} /> : null}
        {hasWrongLines ? (
          all.error ? (
            <ErrorState error={all.error} onRetry={all.reload} />
          ) : all.data === undefined ? (
            <LoadingState text={words.import.drop.loading} />
          ) : (
            <DropList wrong={wrong} dropped={dropped} onChange={(next) => setDropped(session, next)} />
          )
        ) : null}
        {holds.length > 0 && !report.isRefused ? (
          <HoldList holds={holds} released={released} onChange={(next) => setReleased(session, next)} />
        ) : null}
        {session.csv === null ? null : (
          <div>
            <Button variant="default" size="xs" onClick={() => changeMapping(session)}>
              {r.changeMapping}
            </Button>
          </div>
        )}
        {creating.error ? (
          <ErrorState
            error={creating.error}
            onRetry={() => void checkFile(session.fileId, session.mapping, null)}
          />
        ) : null}
      </div>
      {report.isRefused ? null : (
        <CreateBar
          count={count}
          sums={sums}
          leftOut={dropped.size}
          obstacle={obstacle}
          isRunning={creating.isRunning}
          onCreate={() => void creating.run()}
        />
      )}
    </div>
  );
};
