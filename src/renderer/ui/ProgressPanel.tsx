import { Button, Progress } from '@mantine/core';
import { common } from '../../../assets/locales/en/common';
import { useNow } from './AsOf';
import { formatBytes, formatCount, formatDuration } from './format';
import styles from './panels.module.css';
import { useLocale } from './session';

export type ProgressPanelProps = {
  /** What is being done: `Signing payments`. */
  readonly title: string;
  readonly done: number;
  /** 0 while unknown. */
  readonly total: number;
  readonly startedAt: string;
  readonly onCancel?: (() => void) | undefined;
  readonly isCancelling?: boolean;
  /** What `done` and `total` count. */
  readonly unit?: 'count' | 'bytes';
};

/** Long work, in place: count, rate, time left and Cancel. */
export const ProgressPanel = ({
  title,
  done,
  total,
  startedAt,
  onCancel,
  isCancelling = false,
  unit = 'count',
}: ProgressPanelProps) => {
  const locale = useLocale();
  const now = useNow(500);
  const seconds = Math.max(0.001, (now - Date.parse(startedAt)) / 1000);
  const rate = done / seconds;
  const isKnown = total > 0;
  const percent = isKnown ? Math.min(100, (done / total) * 100) : 100;
  const show = (amount: number): string =>
    unit === 'bytes' ? formatBytes(amount, locale) : formatCount(Math.round(amount), locale);
  const facts = [
    isKnown ? common.progressOf(show(done), show(total)) : show(done),
    seconds > 1 && rate >= 1 ? common.progressRate(show(rate)) : null,
    isKnown && seconds > 1 && rate > 0 && done < total
      ? common.progressLeft(formatDuration((total - done) / rate))
      : null,
  ].filter((fact) => fact !== null);
  return (
    <div className={styles.progress}>
      <div className={styles.progressHead}>
        <div>
          <div className={styles.strong}>{title}</div>
          <div className={styles.progressFacts} role="status">
            {facts.join(' · ')}
          </div>
        </div>
        {onCancel === undefined ? null : (
          <Button variant="default" size="xs" onClick={onCancel} loading={isCancelling}>
            {common.cancel}
          </Button>
        )}
      </div>
      <Progress
        value={percent}
        animated={!isKnown}
        striped={!isKnown}
        size={6}
        radius={3}
        aria-label={title}
      />
    </div>
  );
};
