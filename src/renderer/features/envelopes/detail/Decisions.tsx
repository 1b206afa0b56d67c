import { envelopes as words } from '../../../../../assets/locales/en/envelopes';
import type { EnvelopeSummary } from '../../../../shared/contract';
import { ConfirmAction, Money, useLocale } from '../../../ui';
import { describeEnvelope, nameOfEnvelope } from '../describe';
import styles from '../envelopes.module.css';
import { Hex } from '../Hex';
import type { Asked } from './ActionBar';
import type { EnvelopeActions } from './actions';

const d = words.detail;

export type DecisionsProps = {
  readonly summary: EnvelopeSummary;
  readonly actions: EnvelopeActions;
  readonly asked: Asked;
  readonly onClose: () => void;
};

/** What happens, to how much, and whether it can be undone, before it happens. */
export const Decisions = ({ summary, actions, asked, onClose }: DecisionsProps) => {
  const locale = useLocale();
  const what = describeEnvelope(summary, locale);
  const facts = [
    { label: words.columns.name, value: nameOfEnvelope(summary) },
    {
      label: d.sums,
      value:
        summary.sums.length === 0 ? (
          d.movesNothing
        ) : (
          <span className={styles.sums}>
            {summary.sums.map(({ currency, sum }) => (
              <Money key={currency} currency={currency} {...sum} />
            ))}
          </span>
        ),
    },
    { label: d.digest, value: <Hex value={summary.digest} isNarrow /> },
  ];
  const close = (): void => {
    actions.sending.clearError();
    actions.withdrawing.clearError();
    actions.renewing.clearError();
    onClose();
  };
  const closeAfter = (run: () => Promise<boolean | undefined>) => (): void => {
    void run().then((isDone) => {
      if (isDone === true) onClose();
    });
  };
  return (
    <>
      <ConfirmAction
        isOpen={asked === 'send'}
        onClose={close}
        title={d.sendTitle}
        text={d.sendText}
        facts={facts}
        canUndo={false}
        button={d.send(what)}
        onConfirm={closeAfter(actions.sending.run)}
        isRunning={actions.sending.isRunning}
        error={actions.sending.error}
      />
      <ConfirmAction
        isOpen={asked === 'withdraw'}
        onClose={close}
        title={d.withdrawTitle}
        text={d.withdrawText}
        facts={facts}
        canUndo={false}
        undoText={d.withdrawUndo}
        button={d.withdrawButton(what)}
        onConfirm={closeAfter(actions.withdrawing.run)}
        isRunning={actions.withdrawing.isRunning}
        error={actions.withdrawing.error}
        isDangerous
      />
      <ConfirmAction
        isOpen={asked === 'renew'}
        onClose={close}
        title={d.renewTitle}
        text={d.renewText}
        facts={facts}
        canUndo={false}
        undoText={d.withdrawUndo}
        button={d.renewButton(what)}
        onConfirm={closeAfter(actions.renewing.run)}
        isRunning={actions.renewing.isRunning}
        error={actions.renewing.error}
      />
    </>
  );
};
