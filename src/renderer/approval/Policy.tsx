// biome-ignore-all lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
import { approval } from '../../../assets/locales/en/approval';
import type { ApprovalDocument, PolicyView } from '../../shared/contract';
import type { ApprovalRule, PolicyContent, Role } from '../../shared/model/people';
import { groupAmount, showCount, showInstant } from './format';
import { Groups, Outside } from './parts';
import { comparePolicies, type PolicyChange } from './policy-changes';

const p = approval.policy;

const rolesOf = (roles: readonly Role[]): string => roles.map((role) => p.roles[role]).join(', ');
const ruleOf = ({ currency, above }: Pick<ApprovalRule, 'currency' | 'above'>): string =>
  p.above(currency, groupAmount(above));

/** A change in words. Names come from outside and stand in the text whole: the caller shows hidden characters. */
export const describeChange = (change: PolicyChange): string => {
  switch (change.kind) {
    case 'foreign':
      return p.foreign;
    case 'company':
      return p.companyChange(change.before, change.after);
    case 'person-added':
      return p.added(change.person.name, rolesOf(change.person.roles));
    case 'person-removed':
      return p.removed(change.person.name, rolesOf(change.person.roles));
    case 'person-roles':
      return p.roleChange(change.name, rolesOf(change.before), rolesOf(change.after));
    case 'person-key':
      return p.keyChange(change.name);
    case 'rule-added':
      return p.ruleAdded(ruleOf(change.rule), p.needs(change.rule.approvals));
    case 'rule-removed':
      return p.ruleRemoved(ruleOf(change.rule), p.needs(change.rule.approvals));
    case 'rule':
      return p.ruleChange(ruleOf(change.rule), p.needs(change.before), p.needs(change.after));
    case 'standard':
      return p.ruleChange(p.standard, p.needs(change.before), p.needs(change.after));
    case 'change':
      return p.ruleChange(p.change, p.needs(change.before), p.needs(change.after));
  }
};

const Changes = ({
  content,
  before,
}: {
  readonly content: PolicyContent;
  readonly before: PolicyContent | null | undefined;
}) => {
  const changes = before === null || before === undefined ? null : comparePolicies(before, content);
  const note =
    before === undefined
      ? content.previous === null
        ? p.first
        : p.unknown
      : before === null
        ? p.first
        : changes?.length === 0
          ? p.same
          : null;
  return (
    <section className="unchecked changes">
      <h2>{p.changes}</h2>
      {before === null || before === undefined ? null : (
        <p className="quiet">{p.changesFrom(showCount(before.number))}</p>
      )}
      {note === null ? null : <p>{note}</p>}
      <ul>
        {(changes ?? []).map((change, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list is made once
          <li key={index}>
            <Outside text={describeChange(change)} />
            {change.kind === 'person-key' ? (
              <div>
                <Groups hex={change.before} /> → <Groups hex={change.after} />
              </div>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
};

const People = ({ content }: { readonly content: PolicyContent }) => (
  <section className="policy-part">
    <h2>
      {p.people}{' '}
      <span className="quiet">{p.peopleCount(showCount(content.people.length), content.people.length)}</span>
    </h2>
    <ul className="people">
      {content.people.map((person) => (
        <li key={person.key}>
          <div className="name">
            <Outside text={person.name} />
          </div>
          <div>{rolesOf(person.roles)}</div>
          <Groups hex={person.key} />
        </li>
      ))}
    </ul>
  </section>
);

const Table = ({ content }: { readonly content: PolicyContent }) => (
  <section className="policy-part">
    <h2>{p.table}</h2>
    <dl className="rules">
      <dt>{p.standard}</dt>
      <dd>{p.needs(content.defaultApprovals)}</dd>
      {content.table.map((rule) => (
        <RuleRow key={`${rule.currency} ${rule.above}`} rule={rule} />
      ))}
      <dt>{p.change}</dt>
      <dd>{p.needs(content.changeApprovals)}</dd>
    </dl>
  </section>
);

const RuleRow = ({ rule }: { readonly rule: ApprovalRule }) => (
  <>
    <dt>{ruleOf(rule)}</dt>
    <dd>{p.needs(rule.approvals)}</dd>
  </>
);

/** The policy that is to be signed: what changes first, then everybody and every rule. */
export const PolicyMain = ({ document }: { readonly document: ApprovalDocument }) =>
  document.policy === null ? null : (
    <section className="scroller" tabIndex={0} aria-label={p.title}>
      <Changes content={document.policy.content} before={document.policyBefore} />
      <People content={document.policy.content} />
      <Table content={document.policy.content} />
    </section>
  );

/** What stays in view: whose policy, which number, who signed it, the digest. */
export const PolicySide = ({ policy, digest }: { readonly policy: PolicyView; readonly digest: string }) => {
  const { content, approvals, needed } = policy;
  const given = approvals.filter(({ counts }) => counts).length;
  return (
    <aside aria-label={p.title} tabIndex={0}>
      <section className="envelope">
        <h2>{p.title}</h2>
        <dl>
          <dt>{approval.envelope.company}</dt>
          <dd>
            <strong>
              <Outside text={content.company.name} />
            </strong>
          </dd>
          <dt>{p.number}</dt>
          <dd>{showCount(content.number)}</dd>
          <dt>{approval.envelope.approvals}</dt>
          <dd>
            <strong>{approval.envelope.ofNeeded(showCount(given), showCount(needed))}</strong>
          </dd>
          <dt>{p.created}</dt>
          <dd>{showInstant(content.createdAt)}</dd>
        </dl>
      </section>
      <section className="compare">
        <h2>{approval.digest}</h2>
        <div className="digest" title={approval.digest}>
          <Groups hex={digest} hasPrefix={false} />
        </div>
      </section>
      <section className="envelope">
        <h2>{p.signed}</h2>
        {approvals.length === 0 ? <p className="quiet">{p.nobody}</p> : null}
        <ul className="acts">
          {approvals.map(({ by, at, counts }) => (
            <li key={by.key} data-problem={!counts || undefined}>
              <Outside text={by.name} />
              <span className="quiet">
                {' · '}
                {showInstant(at)}
                {counts ? null : ` · ${p.doesNotCount}`}
              </span>
            </li>
          ))}
        </ul>
      </section>
    </aside>
  );
};
