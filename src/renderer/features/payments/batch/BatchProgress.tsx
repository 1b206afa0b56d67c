import { Button } from '@mantine/core';
import { envelopes as envelopeWords } from '../../../../../assets/locales/en/envelopes';
import { payments as words } from '../../../../../assets/locales/en/payments';
import type { Batch } from '../../../../shared/model/payments';
import { client } from '../../../client';
import { formatCount, Notice, ProgressPanel, useIsOffline, useLocale, useProgress } from '../../../ui';
import { countOpen, countUnderWay } from '../describe';
import { useEnvelopesOf, usePolicy } from './EnvelopeLink';

const w = words.batch;

type TaskProps = {
  readonly batch: Batch;
  readonly task: 'preflight' | 'approval-build' | 'envelope-build' | 'sign' | 'send';
  readonly title: string;
  readonly onCancel?: () => void;
};

/** One piece of work on the batch, while it is under way. */
const Task = ({ batch, task, title, onCancel }: TaskProps) => {
  const progress = useProgress(task, batch.id);
  if (progress === undefined || progress.isFinished) return null;
  return (
    <ProgressPanel
      title={title}
      done={progress.done}
      total={progress.total}
      startedAt={progress.startedAt}
      onCancel={onCancel}
    />
  );
};

export type BatchProgressProps = {
  readonly batch: Batch;
  /** Payments that stopped on their way: reverted, stuck, dropped, foreign. */
  readonly attention: number;
  readonly onShowRefused: () => void;
  readonly onLeaveOut: () => void;
};

/** What is going on with the batch and what it waits for, one remark at a time. */
export const BatchProgress = ({ batch, attention, onShowRefused, onLeaveOut }: BatchProgressProps) => {
  const locale = useLocale();
  const isOffline = useIsOffline();
  const policy = usePolicy();
  const envelopes = useEnvelopesOf(batch.id);
  const checking = useProgress('preflight', batch.id);
  const isChecking = checking !== undefined && !checking.isFinished;
  const cancelCheck = (): void => {
    client['payments.cancelPreflight']({ batchId: batch.id }).catch(() => undefined);
  };
  return (
    <>
      <Task batch={batch} task="preflight" title={w.checking} onCancel={cancelCheck} />
      <Task batch={batch} task="approval-build" title={w.building} />
      <Task batch={batch} task="envelope-build" title={envelopeWords.batch.building} />
      <Task batch={batch} task="sign" title={w.signing} />
      <Task batch={batch} task="send" title={w.sending} />
      {isChecking ? null : remark()}
      {attention > 0 ? (
        <Notice tone="warn" title={w.states.attention(formatCount(attention, locale))}>
          {w.states.attentionText}
        </Notice>
      ) : null}
    </>
  );

  function remark() {
    const { refused, unknown, missing } = batch.preflight;
    if (countOpen(batch) === 0) {
      return countUnderWay(batch) > 0 && isOffline ? (
        <Notice tone="warn">{w.states.offlineText}</Notice>
      ) : null;
    }
    if ((batch.byStatus.PDNG ?? 0) > 0) {
      // The envelope above says it better.
      if (envelopes.some(({ state }) => state !== 'withdrawn')) return null;
      return (
        <Notice tone="info" title={w.approvalOpen}>
          {w.approvalOpenText}
        </Notice>
      );
    }
    if (refused > 0) {
      const count = formatCount(refused, locale);
      return (
        <Notice
          tone="bad"
          title={w.states.refused(count)}
          action={
            <>
              <Button size="xs" variant="default" onClick={onShowRefused}>
                {w.showRefused}
              </Button>
              <Button size="xs" variant="default" onClick={onLeaveOut}>
                {w.leaveOut(count)}
              </Button>
            </>
          }
        >
          {w.states.refusedText}
        </Notice>
      );
    }
    if (missing > 0) {
      return (
        <Notice tone="info" title={w.states.unchecked(words.count(formatCount(missing, locale)))}>
          {w.states.uncheckedText}
        </Notice>
      );
    }
    return (
      <Notice
        tone={unknown > 0 ? 'warn' : 'good'}
        title={policy.isInForce ? envelopeWords.batch.ready : w.states.ready}
      >
        {unknown > 0 ? w.states.readyUnknown(formatCount(unknown, locale)) : w.states.readyText}
      </Notice>
    );
  }
};
