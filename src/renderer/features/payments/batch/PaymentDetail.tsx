import { Button } from '@mantine/core';
import { IconCheck, IconQuestionMark, IconX } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { envelopes as envelopeWords } from '../../../../../assets/locales/en/envelopes';
import { payments as words } from '../../../../../assets/locales/en/payments';
import type { PaymentId } from '../../../../shared/model/ids';
import type { Payment, PreflightVerdict } from '../../../../shared/model/payments';
import { formatMoney } from '../../../../shared/money';
import { client } from '../../../client';
import {
  Address,
  AsOf,
  ConfirmAction,
  CopyButton,
  ErrorState,
  formatCount,
  formatDate,
  HashText,
  KeyValue,
  LoadingState,
  Money,
  Notice,
  navigate,
  SidePanel,
  StatusBadge,
  showToast,
  useAction,
  useIsOffline,
  useLocale,
  useQuery,
} from '../../../ui';
import type { DirectoryView } from '../directory';
import styles from './batch.module.css';
import { RefusalNotice } from './RefusalNotice';
import { Settlement } from './Settlement';

const d = words.detail;

const Group = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <section className={styles.group} aria-label={title}>
    <h3 className={styles.groupTitle}>{title}</h3>
    {children}
  </section>
);

const ICONS = { pass: IconCheck, fail: IconX, 'no-answer': IconQuestionMark };

const Checks = ({ verdict }: { readonly verdict: PreflightVerdict | null }) => {
  const locale = useLocale();
  if (verdict === null) return <p>{d.notChecked}</p>;
  return (
    <>
      {verdict.refusal === null ? null : <RefusalNotice refusal={verdict.refusal} />}
      <ul className={styles.checks}>
        {verdict.checks.map(({ check, result, detail }) => {
          const Icon = ICONS[result];
          return (
            <li key={check} className={styles.check} data-result={result}>
              <Icon size={15} aria-hidden />
              <span>
                {words.checks[check]}
                {detail === null ? null : <div className={styles.result}>{detail}</div>}
              </span>
              <span className={styles.result}>{words.results[result]}</span>
            </li>
          );
        })}
      </ul>
      <AsOf
        instant={verdict.checkedAt}
        prefix={
          verdict.blockNumber === null
            ? d.checkedAt
            : `${d.checkedAt} ${d.atBlock(formatCount(Number(verdict.blockNumber), locale))}`
        }
        hideLabel
      />
    </>
  );
};

const Copied = ({ value }: { readonly value: string }) => (
  <>
    {value} <CopyButton value={value} label={`${words.table.columns.endToEndId}: ${value}`} />
  </>
);

type Asked = 'speed-up' | 'cancel' | 'leave-out' | null;

const canLeaveOut = (payment: Payment): boolean => payment.status === 'ACTC' || payment.status === 'RCVD';

/** Replaceable while no block has it: a reverted, final or foreign number is decided. */
const canReplace = (payment: Payment): boolean =>
  payment.settlement !== null && ['signed', 'sent', 'stuck', 'dropped'].includes(payment.settlement.stage);

const Actions = ({ payment }: { readonly payment: Payment }) => {
  const locale = useLocale();
  const isOffline = useIsOffline();
  const [asked, setAsked] = useState<Asked>(null);
  const { id: paymentId, batchId } = payment;
  const amount = formatMoney(payment, { locale });
  const facts = [
    { label: d.creditor, value: payment.creditorName },
    { label: d.amount, value: <Money {...payment} /> },
    { label: d.endToEndId, value: payment.endToEndId },
  ];
  const acting = useAction(async (what: Exclude<Asked, null>) => {
    if (what !== 'leave-out') {
      const method = what === 'speed-up' ? 'settlement.speedUp' : 'settlement.cancel';
      const { envelope } = await client[method]({ paymentId });
      // Under a policy nothing is signed here: what replaces it goes its own way through the roles.
      if (envelope !== null) {
        showToast('success', envelopeWords.batch.replacementMade, envelopeWords.batch.replacementText);
        navigate('inbox', { view: 'envelope', id: envelope });
      }
    } else {
      await client['payments.drop']({ batchId, paymentIds: [paymentId], allRefused: false });
      showToast('success', words.batch.leftOut('1'));
    }
    setAsked(null);
  });
  const close = (): void => {
    setAsked(null);
    acting.clearError();
  };
  const common = {
    onClose: close,
    facts,
    isRunning: acting.isRunning,
    error: acting.error,
  };
  return (
    <>
      {canReplace(payment) ? (
        <>
          <Button variant="default" disabled={isOffline} onClick={() => setAsked('cancel')}>
            {d.cancel}
          </Button>
          {payment.settlement?.sentAt == null ? null : (
            <Button variant="default" disabled={isOffline} onClick={() => setAsked('speed-up')}>
              {d.speedUp}
            </Button>
          )}
        </>
      ) : null}
      {canLeaveOut(payment) ? (
        <Button variant="default" onClick={() => setAsked('leave-out')}>
          {words.batch.leaveOutOne}
        </Button>
      ) : null}
      <ConfirmAction
        {...common}
        isOpen={asked === 'speed-up'}
        title={d.speedUpTitle}
        text={d.speedUpText}
        canUndo
        undoText={d.replaceUndo}
        button={d.speedUpButton(amount)}
        onConfirm={() => void acting.run('speed-up')}
      />
      <ConfirmAction
        {...common}
        isOpen={asked === 'cancel'}
        title={d.cancelTitle}
        text={d.cancelText}
        canUndo
        undoText={d.replaceUndo}
        button={d.cancelButton(amount)}
        onConfirm={() => void acting.run('cancel')}
      />
      <ConfirmAction
        {...common}
        isOpen={asked === 'leave-out'}
        title={words.batch.leaveOutOneTitle}
        text={words.batch.leaveOutOneText}
        canUndo={false}
        button={`${words.batch.leaveOutVerb} ${amount}`}
        onConfirm={() => void acting.run('leave-out')}
        isDangerous
      />
    </>
  );
};

export type PaymentDetailProps = {
  readonly paymentId: string;
  readonly directory: DirectoryView;
  readonly onClose: () => void;
};

/** Everything about one payment: who, how much, under which references, what was checked, where it stands. */
export const PaymentDetail = ({ paymentId, directory, onClose }: PaymentDetailProps) => {
  const locale = useLocale();
  const found = useQuery(() => client['payments.payment']({ paymentId: paymentId as PaymentId }), {
    key: paymentId,
    topics: ['payments'],
  });
  const payment = found.data;
  if (payment === undefined) {
    return (
      <SidePanel title={d.title} onClose={onClose} width={420}>
        {found.error ? (
          <ErrorState error={found.error} onRetry={found.reload} />
        ) : (
          <LoadingState text={d.loading} />
        )}
      </SidePanel>
    );
  }
  const token = directory.tokenOf(payment.tokenId);
  const account = directory.accountOf(payment.debtorAccountId);
  const { counterpartyId, reason } = payment;
  const isSigned = payment.settlement !== null;
  const checks = (
    <Group title={d.checks}>
      <Checks verdict={payment.preflight} />
    </Group>
  );
  const hasActions = canReplace(payment) || canLeaveOut(payment);
  return (
    <SidePanel
      title={payment.creditorName}
      subtitle={
        <span className={styles.subline}>
          <Money {...payment} size="lg" />
          <StatusBadge status={payment.status} />
        </span>
      }
      onClose={onClose}
      width={400}
      footer={hasActions ? <Actions payment={payment} /> : undefined}
    >
      {reason === null ? null : (
        <div className={styles.notice}>
          <Notice tone="bad" title={`${d.rejected} · ${reason.code}: ${d.reasons[reason.code]}`}>
            {reason.text}
          </Notice>
        </div>
      )}
      {isSigned ? null : checks}
      {payment.settlement === null ? null : (
        <Group title={d.settlement}>
          <Settlement
            settlement={payment.settlement}
            network={token && directory.networkOf(token.networkId)}
          />
        </Group>
      )}
      <Group title={d.creditor}>
        <KeyValue
          layout="stacked"
          facts={[
            { label: d.name, value: <span className={styles.party}>{payment.creditorName}</span> },
            { label: d.lei, value: payment.creditorLei },
            { label: d.country, value: payment.creditorCountry },
            { label: d.accountInFile, value: payment.creditorAccount },
            { label: d.address, value: <Address address={payment.creditorAddress} variant="full" /> },
          ]}
        />
        {counterpartyId === null ? null : (
          <button
            type="button"
            className="n-link"
            onClick={() => navigate('counterparties', { view: 'party', id: counterpartyId })}
          >
            {d.openCounterparty}
          </button>
        )}
      </Group>
      <Group title={d.debtor}>
        <KeyValue
          layout="stacked"
          facts={[
            {
              label: d.name,
              value: account ? `${payment.debtorName}, ${account.name}` : payment.debtorName,
            },
            { label: d.address, value: <Address address={payment.debtorAddress} variant="full" /> },
          ]}
        />
      </Group>
      <Group title={d.token}>
        <KeyValue
          layout="stacked"
          facts={[
            { label: d.token, value: token ? `${token.name} (${token.symbol})` : payment.tokenId },
            { label: d.issuer, value: token?.issuer.name },
            { label: d.network, value: token && directory.networkOf(token.networkId)?.name },
            {
              label: d.contract,
              value: token === undefined ? null : <Address address={token.address} variant="full" />,
            },
          ]}
        />
      </Group>
      <Group title={d.references}>
        <KeyValue
          layout="stacked"
          facts={[
            { label: d.endToEndId, value: <Copied value={payment.endToEndId} /> },
            { label: d.reference, value: <Copied value={payment.reference} /> },
            { label: d.uetr, value: payment.uetr === null ? null : <Copied value={payment.uetr} /> },
            { label: d.instructionId, value: payment.instructionId },
            { label: d.date, value: formatDate(payment.requestedDate, locale) },
            { label: d.purpose, value: payment.purposeCode },
            { label: d.remittance, value: payment.remittance },
            ...(payment.line === null
              ? []
              : [{ label: words.import.report.columns.line, value: formatCount(payment.line, locale) }]),
            ...(payment.settlement === null
              ? []
              : [
                  {
                    label: d.transaction,
                    value: <HashText value={payment.settlement.transactionHash} />,
                  },
                ]),
          ]}
        />
      </Group>
      {isSigned ? checks : null}
    </SidePanel>
  );
};
