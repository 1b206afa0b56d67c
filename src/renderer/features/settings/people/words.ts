import { people } from '../../../../../assets/locales/en/people';
import type { ApprovalRule, Role } from '../../../../shared/model/people';
import { currencyDecimals, formatMoney } from '../../../../shared/money';
import { type Change, readAbove } from './changes';
import type { Note } from './draft';

const c = people.change;

export const nameRoles = (roles: readonly Role[]): string =>
  people.list(roles.map((role) => people.roles[role].toLowerCase()));

/** `USD 100,000.00`: every digit that the policy states, and no fewer than the currency has. */
export const nameSum = ({ currency, above }: ApprovalRule, locale: string): string =>
  formatMoney({ currency, ...readAbove(above) }, { locale, minDecimals: currencyDecimals(currency) ?? 0 });

export const nameChange = (change: Change, locale: string): string => {
  switch (change.kind) {
    case 'company':
      return c.company(change.from, change.to);
    case 'added':
      return c.added(change.name, nameRoles(change.roles));
    case 'removed':
      return c.removed(change.name, nameRoles(change.roles));
    case 'roles':
      return c.roles(change.name, nameRoles(change.from), nameRoles(change.to));
    case 'renamed':
      return c.renamed(change.from, change.to);
    case 'rekeyed':
      return c.rekeyed(change.name);
    case 'rule-added':
      return c.ruleAdded(nameSum(change.rule, locale), change.rule.approvals);
    case 'rule-removed':
      return c.ruleRemoved(nameSum(change.rule, locale), change.rule.approvals);
    case 'rule':
      return c.rule(nameSum(change.rule, locale), change.from, change.rule.approvals);
    case 'standard':
      return c.standard(change.from, change.to);
    case 'changing':
      return c.changing(change.from, change.to);
  }
};

export const nameNote = (note: Note): string => {
  switch (note.code) {
    case 'falling':
      return people.notes.falling(note.currency);
    default:
      return people.notes[note.code];
  }
};
