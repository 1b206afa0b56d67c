import { payments as words } from '../../../../../assets/locales/en/payments';
import type { Payment, PreflightVerdict, SettlementStage } from '../../../../shared/model/payments';
import { Badge, type StateIcon, StatusBadge, type Tone } from '../../../ui';
import styles from './batch.module.css';

const OF_STAGE: Record<SettlementStage, { readonly tone: Tone; readonly icon: StateIcon }> = {
  signed: { tone: 'neutral', icon: 'approved' },
  sent: { tone: 'info', icon: 'sent' },
  included: { tone: 'info', icon: 'pending' },
  final: { tone: 'good', icon: 'settled' },
  requested: { tone: 'warn', icon: 'waiting' },
  reverted: { tone: 'bad', icon: 'rejected' },
  dropped: { tone: 'warn', icon: 'warning' },
  replaced: { tone: 'neutral', icon: 'warning' },
  stuck: { tone: 'warn', icon: 'warning' },
  foreign: { tone: 'bad', icon: 'warning' },
};

export const StageBadge = ({ stage }: { readonly stage: SettlementStage }) => (
  <Badge {...OF_STAGE[stage]}>{words.stages[stage]}</Badge>
);

const OF_VERDICT: Record<
  PreflightVerdict['state'] | 'missing',
  { readonly tone: Tone; readonly icon: StateIcon }
> = {
  ok: { tone: 'good', icon: 'settled' },
  refused: { tone: 'bad', icon: 'rejected' },
  unknown: { tone: 'warn', icon: 'warning' },
  missing: { tone: 'neutral', icon: 'pending' },
};

export const VerdictBadge = ({ verdict }: { readonly verdict: PreflightVerdict | null }) => {
  const state = verdict?.state ?? 'missing';
  return <Badge {...OF_VERDICT[state]}>{words.preflight[state]}</Badge>;
};

/** Stages that say less than the status beside them. */
const SAID_BY_STATUS: ReadonlySet<SettlementStage> = new Set(['final', 'sent', 'signed']);

/** Where the payment is on its way: its check before approval, its stage after. */
export const PaymentStateBadge = ({ payment }: { readonly payment: Payment }) => {
  const { settlement, status } = payment;
  if (settlement === null && status === 'RJCT')
    return payment.reason === null ? null : (
      <span className={styles.reason} title={payment.reason.text ?? undefined}>
        {payment.reason.code} {payment.reason.text}
      </span>
    );
  if (settlement === null) return <VerdictBadge verdict={payment.preflight} />;
  return <StageBadge stage={settlement.stage} />;
};

export const PaymentStatusBadge = ({ payment }: { readonly payment: Payment }) => (
  <StatusBadge status={payment.status} />
);

export const needsAttention = (stage: SettlementStage | undefined): boolean =>
  stage !== undefined && !SAID_BY_STATUS.has(stage) && stage !== 'included' && stage !== 'replaced';
