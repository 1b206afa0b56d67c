import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconQuestionMark, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import {
  countsLines,
  findingMeanings as meanings,
  findings as names,
} from '../../../../../assets/locales/en/envelope-findings';
import { envelopes as words } from '../../../../../assets/locales/en/envelopes';
import type { EnvelopeDetail, EnvelopeFinding } from '../../../../shared/contract';
import { AsOf, EmptyState, formatCount, useLocale } from '../../../ui';
import { sortFindings } from '../describe';
import styles from './detail.module.css';

const k = words.checks;
const ICONS = { refused: IconX, unchecked: IconQuestionMark, warning: IconAlertTriangle, passed: IconCheck };

type FindingProps = {
  readonly finding: EnvelopeFinding;
  readonly onShowLine: (line: number) => void;
};

const Finding = ({ finding, onShowLine }: FindingProps) => {
  const locale = useLocale();
  const { verdict, code, count, firstLine, text } = finding;
  const Icon = ICONS[verdict];
  return (
    <li className={styles.finding} data-verdict={verdict}>
      <Icon size={16} aria-hidden />
      <div className={styles.findingBody}>
        <div>
          <span className={styles.findingName}>{names[code]}</span>
          {count > 0 ? (
            <span className={styles.when}>
              {' · '}
              {countsLines(code) ? k.lines(formatCount(count, locale)) : formatCount(count, locale)}
              {firstLine === null ? null : `, ${k.line(formatCount(firstLine + 1, locale))}`}
            </span>
          ) : null}
        </div>
        <div>{meanings[code][verdict]}</div>
        {text === null || text === '' ? null : (
          <div className={styles.findingText}>
            <bdi>{text}</bdi>
          </div>
        )}
      </div>
      {firstLine === null || verdict === 'passed' ? null : (
        <Button size="compact-xs" variant="default" onClick={() => onShowLine(firstLine)}>
          {k.showLine}
        </Button>
      )}
    </li>
  );
};

export type FindingsProps = {
  readonly detail: EnvelopeDetail;
  readonly isChecking: boolean;
  readonly onCheck: () => void;
  readonly onShowLine: (line: number) => void;
};

/** What this machine found: what stops first, then what could not be checked, then the rest. */
export const Findings = ({ detail, isChecking, onCheck, onShowLine }: FindingsProps) => {
  const [isOpen, setIsOpen] = useState(false);
  const { findings, checkedAt } = detail;
  const button = (
    <Button size="xs" variant="default" loading={isChecking} onClick={onCheck}>
      {findings === null ? words.detail.checkFirst : words.detail.check}
    </Button>
  );
  if (findings === null)
    return (
      <section className={styles.box}>
        <EmptyState title={k.never} text={k.neverText} action={button} />
      </section>
    );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
    <section className={styles.box} aria-label={k.title} tabIndex={0}>
      <div className={styles.boxHead}>
        <AsOf instant={checkedAt} prefix={k.checkedAt} />
        {button}
      </div>
      {sortFindings(findings).map((group) => {
        const isPassed = group.verdict === 'passed';
        return (
          <div key={group.verdict} className={styles.findingGroup}>
            <h3 className={styles.groupTitle} data-verdict={group.verdict}>
              {k[group.verdict]}
            </h3>
            {group.verdict === 'refused' ? <p className={styles.when}>{k.refusedText}</p> : null}
            {isPassed ? (
              <button
                type="button"
                className="n-link"
                aria-expanded={isOpen}
                onClick={() => setIsOpen(!isOpen)}
              >
                {isOpen ? k.hidePassed : k.showPassed(group.findings.length)}
              </button>
            ) : null}
            {isPassed && !isOpen ? null : (
              <ul className={styles.findings}>
                {group.findings.map((finding, index) => (
                  <Finding
                    // biome-ignore lint/suspicious/noArrayIndexKey: a code may stand several times
                    key={`${finding.code} ${index}`}
                    finding={finding}
                    onShowLine={onShowLine}
                  />
                ))}
              </ul>
            )}
          </div>
        );
      })}
    </section>
  );
};
