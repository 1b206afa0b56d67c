import { type ReactNode, useState } from 'react';
import { approval } from '../../../assets/locales/en/approval';
import {
  countsLines,
  findingMeanings,
  findings as findingNames,
} from '../../../assets/locales/en/envelope-findings';
import type { ApprovalDocument, EnvelopeFinding } from '../../shared/contract';
import { showCount } from './format';
import { Outside } from './parts';

const Finding = ({ finding }: { readonly finding: EnvelopeFinding }) => {
  const { code, verdict, count, firstLine, text } = finding;
  const places = [
    count === 0
      ? null
      : countsLines(code)
        ? approval.inLines(showCount(count), count)
        : count === 1
          ? null
          : showCount(count),
    firstLine === null ? null : approval.firstLine(showCount(firstLine + 1)),
  ].filter((place) => place !== null);
  return (
    <li>
      <strong>{findingNames[code]}:</strong> {findingMeanings[code][verdict]}
      {places.length === 0 ? null : <span className="quiet"> ({places.join(', ')})</span>}
      {text === null || text === '' ? null : (
        <>
          {' '}
          <Outside text={text} />
        </>
      )}
    </li>
  );
};

const Unchecked = ({ document }: { readonly document: ApprovalDocument }) => (
  <>
    {document.unchecked.map((item) => (
      <li key={item.code}>
        {approval.unchecked[item.code](approval.payments(showCount(item.count), item.count))}
        {item.text === null ? null : (
          <>
            : <Outside text={item.text} />
          </>
        )}
      </li>
    ))}
  </>
);

/** Refused first, then what could not be checked, then what passed, closed until it is asked for. */
const EnvelopeChecks = ({
  document,
  findings,
}: {
  readonly document: ApprovalDocument;
  readonly findings: readonly EnvelopeFinding[];
}) => {
  const [isOpen, setIsOpen] = useState(false);
  const of = (verdict: EnvelopeFinding['verdict']): readonly EnvelopeFinding[] =>
    findings.filter((finding) => finding.verdict === verdict);
  const list = (some: readonly EnvelopeFinding[]): ReactNode =>
    some.map((finding, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a check may speak more than once
      <Finding key={`${finding.code} ${index}`} finding={finding} />
    ));
  const [refused, unchecked, warnings, passed] = [
    of('refused'),
    of('unchecked'),
    of('warning'),
    of('passed'),
  ];
  const hasOpen = unchecked.length > 0 || document.unchecked.length > 0;
  const passedCount = passed.length + document.checked.length;
  return (
    <div className="checks" data-layout="stacked">
      {refused.length === 0 ? null : (
        <section className="refused" role="alert">
          <h2>{approval.refusedTitle}</h2>
          <p>{approval.refusedText}</p>
          <ul>{list(refused)}</ul>
        </section>
      )}
      <section className="unchecked" data-empty={!hasOpen || undefined}>
        <h2>{approval.uncheckedTitle}</h2>
        {hasOpen ? (
          <ul>
            {list(unchecked)}
            <Unchecked document={document} />
          </ul>
        ) : (
          <p>{approval.nothingUnchecked}</p>
        )}
      </section>
      {warnings.length === 0 ? null : (
        <section className="unchecked">
          <h2>{approval.lookTitle}</h2>
          <ul>{list(warnings)}</ul>
        </section>
      )}
      <section className="checked">
        <button type="button" className="link" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {isOpen ? approval.hidePassed : approval.showPassed(passedCount)}
        </button>
        {isOpen ? (
          <ul>
            {list(passed)}
            {document.checked.map((item) => (
              <li key={item.code}>{approval.checked[item.code](showCount(item.count))}</li>
            ))}
          </ul>
        ) : null}
      </section>
    </div>
  );
};

/** What could not be checked comes first. */
export const Checks = ({ document }: { readonly document: ApprovalDocument }) => {
  if (document.envelope !== null)
    return <EnvelopeChecks document={document} findings={document.envelope.findings} />;
  return (
    <div className="checks">
      <section className="unchecked" data-empty={document.unchecked.length === 0 || undefined}>
        <h2>{approval.uncheckedTitle}</h2>
        {document.unchecked.length === 0 ? (
          <p>{approval.nothingUnchecked}</p>
        ) : (
          <ul>
            <Unchecked document={document} />
          </ul>
        )}
      </section>
      <section className="checked">
        <h2>{approval.checkedTitle}</h2>
        <ul>
          {document.checked.map((item) => (
            <li key={item.code}>{approval.checked[item.code](showCount(item.count))}</li>
          ))}
        </ul>
      </section>
    </div>
  );
};
