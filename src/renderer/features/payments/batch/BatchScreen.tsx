import { Button, Menu } from '@mantine/core';
import {
  IconChecklist,
  IconDots,
  IconDownload,
  IconMailForward,
  IconRefresh,
  IconSend,
  IconX,
} from '@tabler/icons-react';
import { useState } from 'react';
import { envelopes as envelopeWords } from '../../../../../assets/locales/en/envelopes';
import { payments as words } from '../../../../../assets/locales/en/payments';
import { AppError } from '../../../../shared/errors';
import type { BatchId } from '../../../../shared/model/ids';
import type { Batch, SettlementStage } from '../../../../shared/model/payments';
import { client } from '../../../client';
import {
  ConfirmAction,
  ErrorState,
  formatCount,
  LoadingState,
  Money,
  navigate,
  Page,
  replaceRoute,
  SplitView,
  StatusBadge,
  showToast,
  Time,
  useAction,
  useIsOffline,
  useLocale,
  useProgress,
  useQuery,
  useRoute,
} from '../../../ui';
import { countOpen, countUnderWay, describePayments, nameOfBatch } from '../describe';
import { useDirectory } from '../directory';
import { BatchProgress } from './BatchProgress';
import { BatchFacts, BatchSummary } from './BatchSummary';
import styles from './batch.module.css';
import { EnvelopeLink, usePolicy } from './EnvelopeLink';
import { PaymentDetail } from './PaymentDetail';
import { NO_FILTERS, type PaymentFilters, PaymentTable } from './PaymentTable';

const w = words.batch;
const TROUBLED: readonly SettlementStage[] = ['reverted', 'dropped', 'stuck', 'foreign'];

const countTroubled = async (batchId: BatchId): Promise<number> => {
  const totals = await Promise.all(
    TROUBLED.map((stage) =>
      client['payments.payments']({ batchId, ...NO_FILTERS, stage, offset: 0, limit: 1 }),
    ),
  );
  return totals.reduce((sum, { total }) => sum + total, 0);
};

type Asked = 'reject' | 'leave-out' | null;

type ActionsProps = {
  readonly batch: Batch;
  readonly onReject: () => void;
  readonly onError: (error: unknown) => void;
};

/** What can be done with the batch now: one primary action, the rest in a menu. */
const Actions = ({ batch, onReject, onError }: ActionsProps) => {
  const isOffline = useIsOffline();
  const policy = usePolicy();
  const checkProgress = useProgress('preflight', batch.id);
  const { id: batchId } = batch;
  const open = countOpen(batch);
  const isInApproval = (batch.byStatus.PDNG ?? 0) > 0;
  const isChecked = batch.preflight.missing === 0 && batch.preflight.refused === 0;
  const attempt = async (act: () => Promise<unknown>): Promise<void> => {
    onError(null);
    try {
      await act();
    } catch (error) {
      // A person stopped it: said in passing, not as something that went wrong.
      if (error instanceof AppError && error.code === 'cancelled') showToast('info', w.checkCancelled);
      else onError(error);
    }
  };
  const checking = useAction(() => attempt(() => client['payments.preflight']({ batchId })));
  const approving = useAction(() => attempt(() => client['payments.requestApproval']({ batchId })));
  const making = useAction(() =>
    attempt(async () => {
      const { digest } = await client['envelopes.create']({ batchId });
      showToast('success', envelopeWords.batch.made, envelopeWords.batch.madeText);
      navigate('inbox', { view: 'envelope', id: digest });
    }),
  );
  const exporting = useAction((method: 'payments.exportStatus' | 'payments.exportCsv') =>
    attempt(async () => {
      const { saved } = await client[method]({ batchId });
      if (saved !== null) showToast('success', w.exported(saved));
    }),
  );
  const resending = useAction(() =>
    attempt(async () => {
      await client['settlement.resend']({ batchId });
      showToast('success', w.resent, w.resendHint);
    }),
  );
  const isChecking = checking.isRunning || (checkProgress !== undefined && !checkProgress.isFinished);
  const canAct = open > 0 && !isInApproval;
  return (
    <>
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <Button variant="default" rightSection={<IconDots size={16} aria-hidden />}>
            {w.more}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconDownload size={15} aria-hidden />}
            onClick={() => void exporting.run('payments.exportStatus')}
          >
            {w.exportStatus}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconDownload size={15} aria-hidden />}
            onClick={() => void exporting.run('payments.exportCsv')}
          >
            {w.exportCsv}
          </Menu.Item>
          {countUnderWay(batch) > 0 ? (
            <Menu.Item
              leftSection={<IconSend size={15} aria-hidden />}
              disabled={isOffline}
              onClick={() => void resending.run()}
            >
              {w.resend}
            </Menu.Item>
          ) : null}
          {canAct ? (
            <>
              <Menu.Divider />
              <Menu.Item
                color="red"
                leftSection={<IconX size={15} aria-hidden />}
                disabled={isChecking}
                onClick={onReject}
              >
                {w.reject}
              </Menu.Item>
            </>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      {canAct && isChecked ? (
        <>
          <Button
            variant="default"
            leftSection={<IconRefresh size={16} aria-hidden />}
            loading={isChecking}
            disabled={isOffline}
            onClick={() => void checking.run()}
          >
            {w.checkAgain}
          </Button>
          {policy.isInForce ? (
            <Button
              leftSection={<IconMailForward size={16} aria-hidden />}
              loading={making.isRunning}
              disabled={isChecking || isOffline || !policy.isMaker}
              title={policy.isMaker ? envelopeWords.batch.makeHint : policy.whyNot}
              onClick={() => void making.run()}
            >
              {envelopeWords.batch.make}
            </Button>
          ) : (
            <Button
              leftSection={<IconChecklist size={16} aria-hidden />}
              loading={approving.isRunning}
              disabled={isChecking || isOffline || policy.isUnknown}
              title={w.approveHint}
              onClick={() => void approving.run()}
            >
              {w.approve}
            </Button>
          )}
        </>
      ) : null}
      {canAct && !isChecked ? (
        <Button
          leftSection={<IconRefresh size={16} aria-hidden />}
          loading={isChecking}
          disabled={isOffline}
          onClick={() => void checking.run()}
        >
          {w.check}
        </Button>
      ) : null}
    </>
  );
};

type DecisionsProps = {
  readonly batch: Batch;
  readonly asked: Asked;
  readonly onClose: () => void;
};

const Decisions = ({ batch, asked, onClose }: DecisionsProps) => {
  const locale = useLocale();
  const { id: batchId, sums } = batch;
  const rejecting = useAction(async () => {
    await client['payments.rejectBatch']({ batchId });
    showToast('success', w.rejected);
    onClose();
  });
  const leaving = useAction(async () => {
    await client['payments.drop']({ batchId, paymentIds: [], allRefused: true });
    showToast('success', w.leftOut(formatCount(batch.preflight.refused, locale)));
    onClose();
  });
  const facts = [
    { label: words.batches.columns.name, value: nameOfBatch(batch) },
    {
      label: w.facts.sums,
      value: (
        <span className={styles.sums}>
          {sums.map(({ currency, sum }) => (
            <Money key={currency} currency={currency} {...sum} />
          ))}
        </span>
      ),
    },
  ];
  return (
    <>
      <ConfirmAction
        isOpen={asked === 'reject'}
        onClose={onClose}
        title={w.rejectTitle}
        text={w.rejectText}
        facts={facts}
        canUndo={false}
        undoText={w.cannotUndoReject}
        button={w.rejectButton(describePayments(countOpen(batch), sums, locale))}
        onConfirm={() => void rejecting.run()}
        isRunning={rejecting.isRunning}
        error={rejecting.error}
        isDangerous
      />
      <ConfirmAction
        isOpen={asked === 'leave-out'}
        onClose={onClose}
        title={w.leaveOutTitle}
        text={w.leaveOutText}
        facts={facts.slice(0, 1)}
        canUndo={false}
        button={w.leaveOut(formatCount(batch.preflight.refused, locale))}
        onConfirm={() => void leaving.run()}
        isRunning={leaving.isRunning}
        error={leaving.error}
        isDangerous
      />
    </>
  );
};

/** One batch: its totals, what it waits for, its payments, one of them beside. */
export const BatchScreen = ({ batchId: given }: { readonly batchId: string }) => {
  const batchId = given as BatchId;
  const { params } = useRoute();
  const locale = useLocale();
  const directory = useDirectory();
  const [filters, setFilters] = useState<PaymentFilters>(NO_FILTERS);
  const [asked, setAsked] = useState<Asked>(null);
  const [isFactsOpen, setIsFactsOpen] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const found = useQuery(() => client['payments.batch']({ batchId }), { key: batchId, topics: ['payments'] });
  const isSigned = found.data !== undefined && found.data.approval !== null;
  const troubled = useQuery(() => countTroubled(batchId), {
    key: batchId,
    topics: ['payments'],
    isEnabled: isSigned,
  });
  const above = (
    <button type="button" className="n-link" onClick={() => navigate('payments')}>
      {w.back}
    </button>
  );
  const batch = found.data;
  if (batch === undefined) {
    return (
      <Page title={words.batches.columns.name} above={above}>
        {found.error ? (
          <ErrorState error={found.error} layout="page" onRetry={found.reload} />
        ) : (
          <LoadingState />
        )}
      </Page>
    );
  }
  const selectedId = params['payment'] ?? null;
  const select = (paymentId: string | null): void =>
    replaceRoute('payments', {
      view: 'batch',
      id: batchId,
      params: paymentId === null ? {} : { payment: paymentId },
    });
  return (
    <Page
      above={above}
      title={nameOfBatch(batch)}
      subtitle={
        <span className={styles.subline}>
          <StatusBadge status={batch.status} />
          <span>
            {words.count(formatCount(batch.count, locale))} · {w.created} <Time instant={batch.createdAt} />
          </span>
        </span>
      }
      layout="fill"
      actions={<Actions batch={batch} onReject={() => setAsked('reject')} onError={setError} />}
    >
      {error ? <ErrorState error={error} /> : null}
      <SplitView
        detail={
          selectedId === null ? (
            isFactsOpen ? (
              <BatchFacts batch={batch} onClose={() => setIsFactsOpen(false)} />
            ) : null
          ) : (
            <PaymentDetail paymentId={selectedId} directory={directory} onClose={() => select(null)} />
          )
        }
      >
        <EnvelopeLink batchId={batchId} />
        <BatchProgress
          batch={batch}
          attention={troubled.data ?? 0}
          onShowRefused={() => setFilters({ ...NO_FILTERS, preflight: 'refused' })}
          onLeaveOut={() => setAsked('leave-out')}
        />
        <BatchSummary
          batch={batch}
          isFactsOpen={isFactsOpen && selectedId === null}
          onFacts={() => {
            setIsFactsOpen((isOpen) => !isOpen || selectedId !== null);
            if (selectedId !== null) select(null);
          }}
          onFilter={(status) => setFilters({ ...NO_FILTERS, status })}
        />
        <PaymentTable
          batchId={batchId}
          filters={filters}
          onFilters={setFilters}
          directory={directory}
          selectedId={selectedId}
          onOpen={(payment) => select(payment.id)}
          isNarrow={selectedId !== null || isFactsOpen}
          hasSettlement={batch.approval !== null}
        />
      </SplitView>
      <Decisions batch={batch} asked={asked} onClose={() => setAsked(null)} />
    </Page>
  );
};
