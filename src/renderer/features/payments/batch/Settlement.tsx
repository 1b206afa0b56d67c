import { IconAlertTriangle, IconCircle, IconCircleCheckFilled, IconCircleXFilled } from '@tabler/icons-react';
import { payments as words } from '../../../../../assets/locales/en/payments';
import type { Network } from '../../../../shared/model/directory';
import type { PaymentSettlement, SettlementStage } from '../../../../shared/model/payments';
import { formatDecimal } from '../../../../shared/money';
import { formatCount, HashText, KeyValue, Notice, Time, useLocale } from '../../../ui';
import styles from './batch.module.css';
import { RefusalNotice } from './RefusalNotice';

const d = words.detail;
type Tone = 'info' | 'warn' | 'bad' | 'good';

const TONE: Readonly<Record<SettlementStage, Tone>> = {
  signed: 'info',
  sent: 'info',
  included: 'info',
  final: 'good',
  requested: 'warn',
  reverted: 'bad',
  dropped: 'warn',
  replaced: 'info',
  stuck: 'warn',
  foreign: 'bad',
};

type StepState = 'done' | 'open' | 'bad' | 'warn';
type Step = {
  readonly label: string;
  readonly state: StepState;
  readonly at: string | null;
};
const ICONS = {
  done: IconCircleCheckFilled,
  open: IconCircle,
  bad: IconCircleXFilled,
  warn: IconAlertTriangle,
};

/** Steps done so far, then what is wrong where something is, then what is still to come. */
const stepsOf = ({ stage, sentAt, includedAt, finalAt }: PaymentSettlement): readonly Step[] => {
  const t = d.timeline;
  const steps: Step[] = [{ label: t.signed, state: 'done', at: null }];
  const sent: Step = { label: t.sent, state: sentAt === null ? 'open' : 'done', at: sentAt };
  if (['dropped', 'stuck', 'foreign', 'replaced'].includes(stage)) {
    const state = stage === 'foreign' ? 'bad' : 'warn';
    return [...steps, sent, { label: words.stages[stage], state, at: null }];
  }
  if (stage === 'reverted')
    return [...steps, sent, { label: words.stages.reverted, state: 'bad', at: includedAt }];
  const isFinal = finalAt !== null || stage === 'final';
  return [
    ...steps,
    sent,
    { label: t.included, state: includedAt !== null || isFinal ? 'done' : 'open', at: includedAt },
    stage === 'requested'
      ? { label: words.stages.requested, state: 'warn', at: finalAt }
      : { label: t.final, state: isFinal ? 'done' : 'open', at: finalAt },
  ];
};

export type SettlementProps = {
  readonly settlement: PaymentSettlement;
  readonly network: Network | undefined;
};

/** The way of a signed payment to finality, and what to do where it left that way. */
export const Settlement = ({ settlement, network }: SettlementProps) => {
  const locale = useLocale();
  const { stage, fee, refusal, replacements } = settlement;
  const native = network?.nativeCurrency;
  return (
    <>
      <ol className={styles.timeline}>
        {stepsOf(settlement).map(({ label, state, at }) => {
          const Icon = ICONS[state];
          return (
            <li key={label} className={styles.step} data-state={state}>
              <Icon size={18} aria-hidden />
              <div>
                <div>{label}</div>
                {at === null ? null : (
                  <div className={styles.when}>
                    <Time instant={at} />
                  </div>
                )}
              </div>
            </li>
          );
        })}
      </ol>
      <div className={styles.notice}>
        <Notice tone={TONE[stage]}>{words.stageHelp[stage]}</Notice>
      </div>
      {refusal === null ? null : <RefusalNotice refusal={refusal} />}
      <KeyValue
        layout="stacked"
        facts={[
          {
            label: settlement.feeIsFinal ? d.feePaid : d.feeMost,
            value:
              fee === null || native === undefined
                ? null
                : `${native.symbol} ${formatDecimal(fee, native.decimals, { minDecimals: 0, locale })}`,
          },
          {
            label: d.block,
            value:
              settlement.blockNumber === null ? null : formatCount(Number(settlement.blockNumber), locale),
          },
          { label: d.number, value: formatCount(Number(settlement.nonce), locale) },
          ...(replacements.length === 0
            ? []
            : [
                {
                  label: d.replacements,
                  value: (
                    <ul className={styles.checks}>
                      {replacements.map(({ action, transactionHash, at }) => (
                        <li key={transactionHash}>
                          {action === 'pay' ? d.actionPay : d.actionCancel}{' '}
                          <HashText value={transactionHash} /> <Time instant={at} />
                        </li>
                      ))}
                    </ul>
                  ),
                },
              ]),
        ]}
      />
    </>
  );
};
