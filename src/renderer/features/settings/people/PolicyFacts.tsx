import { people } from '../../../../../assets/locales/en/people';
import type { PolicyView } from '../../../../shared/contract';
import type { Person } from '../../../../shared/model/people';
import { Address, HexGroups, KeyValue, Money, Time } from '../../../ui';
import { readAbove, sortTable } from './changes';
import { RoleBadges } from './Me';
import styles from './people.module.css';

const t = people.policy;

type PeopleTableProps = { readonly people: readonly Person[]; readonly ownKey: string };

const PeopleTable = ({ people: rows, ownKey }: PeopleTableProps) => (
  <table className={styles.table}>
    <caption className="visually-hidden">{t.people}</caption>
    <thead>
      <tr>
        <th scope="col">{t.name}</th>
        <th scope="col">{t.rolesColumn}</th>
        <th scope="col">{t.key}</th>
      </tr>
    </thead>
    <tbody>
      {rows.map(({ name, key, roles }) => (
        <tr key={key}>
          <td className={styles.name}>
            {name}
            {key.toLowerCase() === ownKey.toLowerCase() ? (
              <span className={styles.you}>({t.you})</span>
            ) : null}
          </td>
          <td>
            <RoleBadges roles={roles} />
          </td>
          <td>
            <Address address={key} variant="full" />
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

const RuleTable = ({ content }: { readonly content: PolicyView['content'] }) => (
  <table className={styles.table} data-kind="rules">
    <caption className="visually-hidden">{t.table}</caption>
    <thead>
      <tr>
        <th scope="col">{t.currency}</th>
        <th scope="col">{t.above}</th>
        <th scope="col" data-align="right">
          {t.needed}
        </th>
      </tr>
    </thead>
    <tbody>
      {sortTable(content.table).map((rule) => (
        <tr key={`${rule.currency} ${rule.above}`}>
          <td>{rule.currency}</td>
          <td>
            <Money currency={rule.currency} {...readAbove(rule.above)} hideCurrency />
          </td>
          <td data-align="right" className="tabular">
            {rule.approvals}
          </td>
        </tr>
      ))}
      <tr>
        <td colSpan={2}>
          {t.otherwise}
          <div className={styles.muted}>{t.otherwiseText}</div>
        </td>
        <td data-align="right" className="tabular">
          {content.defaultApprovals}
        </td>
      </tr>
    </tbody>
  </table>
);

export type PolicyFactsProps = { readonly policy: PolicyView; readonly ownKey: string };

/** Everything that a policy says, and who signed it. */
export const PolicyFacts = ({ policy, ownKey }: PolicyFactsProps) => {
  const { content, approvals, digest } = policy;
  return (
    <div className={styles.stack}>
      <KeyValue
        facts={[
          { label: t.company, value: content.company.name },
          { label: t.made, value: <Time instant={content.createdAt} /> },
          {
            label: t.signed,
            value:
              approvals.length === 0 ? (
                t.signedNobody
              ) : (
                <ul className={styles.plain}>
                  {approvals.map(({ by, at, counts }) => (
                    <li key={by.key}>
                      {by.name} <span className={styles.muted}>·</span>{' '}
                      <span className={styles.muted}>
                        <Time instant={at} />
                        {counts ? null : ` · ${t.notCounting}`}
                      </span>
                    </li>
                  ))}
                </ul>
              ),
          },
          { label: t.changes, value: t.changesText(content.changeApprovals) },
          { label: t.digest, value: <HexGroups value={digest} /> },
        ]}
      />
      <div>
        <h3 className={styles.subTitle}>{t.people}</h3>
        <PeopleTable people={content.people} ownKey={ownKey} />
      </div>
      <div>
        <h3 className={styles.subTitle}>{t.table}</h3>
        <p className={styles.muted}>{t.tableText}</p>
        <RuleTable content={content} />
      </div>
    </div>
  );
};
