import {
  IconAlertTriangle,
  IconCircle,
  IconCircleCheckFilled,
  IconCircleXFilled,
  IconPhoneCheck,
  IconPhoneOff,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { envelopes as words } from '../../../../../assets/locales/en/envelopes';
import type { EnvelopeAct, EnvelopeDetail } from '../../../../shared/contract';
import { formatCount, Time, useLocale } from '../../../ui';
import { type WayStep, wayOf } from '../describe';
import styles from './detail.module.css';

const w = words.way;
const ICONS = {
  done: IconCircleCheckFilled,
  open: IconCircle,
  warn: IconAlertTriangle,
  bad: IconCircleXFilled,
};

/** Whether the twelve words were compared before this act: an icon and words, never the icon alone. */
const Voice = ({ act }: { readonly act: EnvelopeAct }) => {
  if (act.voice === null) return null;
  const Icon = act.voice ? IconPhoneCheck : IconPhoneOff;
  return (
    <div className={styles.voice} data-compared={act.voice || undefined}>
      <Icon size={14} aria-hidden /> {act.voice ? w.voice : w.noVoice}
    </div>
  );
};

const ActFacts = ({ act, until }: { readonly act: EnvelopeAct; readonly until: string }) => (
  <>
    <div className={styles.actor} title={`${w.key} ${act.by.key}`}>
      <bdi>{act.by.name}</bdi>
      {act.isMine ? <span className={styles.when}> ({w.mine})</span> : null}
    </div>
    <div className={styles.when}>
      <Time instant={act.at} />
    </div>
    <Voice act={act} />
    {act.expiresAt === null || act.problem !== null || act.expiresAt === until ? null : (
      <div className={styles.when}>
        {w.until} <Time instant={act.expiresAt} />
      </div>
    )}
    {act.reason === null ? null : (
      <blockquote className={styles.reason}>
        <bdi>{act.reason}</bdi>
      </blockquote>
    )}
    {act.problem === null ? null : (
      <div className={styles.problem}>
        {w.notCounting} {w.problems[act.problem]}.
      </div>
    )}
  </>
);

type StepProps = { readonly step: WayStep; readonly detail: EnvelopeDetail };

const useTitle = ({ step, detail }: StepProps): { readonly title: string; readonly note: ReactNode } => {
  const locale = useLocale();
  const { summary, findings, checkedAt } = detail;
  const { approvals, count, signedLines } = summary;
  switch (step.kind) {
    case 'create':
      return { title: w.create, note: null };
    case 'check': {
      const refused = (findings ?? []).filter(({ verdict }) => verdict === 'refused').length;
      if (findings === null) return { title: w.checkNever, note: null };
      return {
        title: w.check,
        note: (
          <>
            <div className={step.state === 'bad' ? styles.problem : styles.when}>
              {refused === 0 ? w.checkOk : w.checkRefused(refused)}
            </div>
            <div className={styles.when}>
              <Time instant={checkedAt} />
            </div>
          </>
        ),
      };
    }
    case 'approve':
      if (step.act === null)
        return { title: w.waitsApproval(approvals.needed - approvals.given), note: null };
      return {
        title:
          step.place === null ? w.approve : w.approvalOf(step.place, Math.max(approvals.needed, step.place)),
        note: null,
      };
    case 'reject':
      return { title: w.reject, note: null };
    case 'sign':
      if (step.act === null) return { title: w.waitsSign, note: null };
      return {
        title: w.sign,
        note: (
          <div className={styles.when}>
            {w.signedLines(formatCount(step.act.lines ?? 0, locale), formatCount(count, locale))}
          </div>
        ),
      };
    case 'combine':
      return step.state === 'done'
        ? { title: w.combine, note: <div className={styles.when}>{w.combineDone}</div> }
        : { title: w.combineOpen(formatCount(count - signedLines, locale)), note: null };
    case 'send':
      return { title: step.state === 'done' ? w.send : w.waitsSend, note: null };
    case 'settle':
      return { title: step.state === 'done' ? w.settled : w.waitsSettle, note: null };
  }
};

const Step = (props: StepProps) => {
  const { step } = props;
  const { title, note } = useTitle(props);
  const Icon = ICONS[step.state];
  return (
    <li className={styles.step} data-state={step.state}>
      <Icon size={18} aria-hidden />
      <div>
        <div className={styles.stepTitle}>{title}</div>
        {note}
        {step.act === null ? null : <ActFacts act={step.act} until={props.detail.summary.expiresAt} />}
      </div>
    </li>
  );
};

/** The envelope's way through the roles, with names and times; what is still to come stands at its end. */
export const Timeline = ({ detail }: { readonly detail: EnvelopeDetail }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
  <section className={styles.way} aria-label={w.title} tabIndex={0}>
    <h2 className={styles.wayTitle}>{w.title}</h2>
    <ol className={styles.steps}>
      {wayOf(detail.summary, detail).map((step) => (
        <Step key={step.id} step={step} detail={detail} />
      ))}
    </ol>
  </section>
);
