import type { PolicyView } from '../../../../shared/contract';
import type { ApprovalRule, Person, Role } from '../../../../shared/model/people';
import { compareDecimals, type Decimal, parseDecimal } from '../../../../shared/money';

type Content = PolicyView['content'];

/** One difference between two policies, for a reader who must decide on it. */
export type Change =
  | { readonly kind: 'company'; readonly from: string; readonly to: string }
  | { readonly kind: 'added' | 'removed'; readonly name: string; readonly roles: readonly Role[] }
  | {
      readonly kind: 'roles';
      readonly name: string;
      readonly from: readonly Role[];
      readonly to: readonly Role[];
    }
  | { readonly kind: 'renamed'; readonly from: string; readonly to: string }
  | { readonly kind: 'rekeyed'; readonly name: string }
  | { readonly kind: 'rule-added' | 'rule-removed'; readonly rule: ApprovalRule }
  | { readonly kind: 'rule'; readonly rule: ApprovalRule; readonly from: number }
  | { readonly kind: 'standard' | 'changing'; readonly from: number; readonly to: number };

export const readAbove = (above: string): Decimal => {
  const read = parseDecimal(above, { maxDecimals: 18, maxIntegerDigits: 30 });
  return read.ok ? read.value : { units: 0n, decimals: 0 };
};

const isSameRule = (a: ApprovalRule, b: ApprovalRule): boolean =>
  a.currency === b.currency && compareDecimals(readAbove(a.above), readAbove(b.above)) === 0;

const sameKey = (a: Person, b: Person): boolean => a.key.toLowerCase() === b.key.toLowerCase();

const comparePeople = (from: Content, to: Content): Change[] => {
  const changes: Change[] = [];
  for (const person of to.people) {
    const before = from.people.find((other) => sameKey(other, person));
    if (before === undefined) {
      // SECURITY: another key under a known name is what a forger would try; it is said as what it is.
      if (from.people.some(({ name }) => name === person.name))
        changes.push({ kind: 'rekeyed', name: person.name });
      changes.push({ kind: 'added', name: person.name, roles: person.roles });
      continue;
    }
    if (before.name !== person.name) changes.push({ kind: 'renamed', from: before.name, to: person.name });
    if (before.roles.join() !== person.roles.join())
      changes.push({ kind: 'roles', name: person.name, from: before.roles, to: person.roles });
  }
  for (const person of from.people)
    if (!to.people.some((other) => sameKey(other, person)))
      changes.push({ kind: 'removed', name: person.name, roles: person.roles });
  return changes;
};

const compareTables = (from: Content, to: Content): Change[] => {
  const changes: Change[] = [];
  for (const rule of to.table) {
    const before = from.table.find((other) => isSameRule(other, rule));
    if (before === undefined) changes.push({ kind: 'rule-added', rule });
    else if (before.approvals !== rule.approvals)
      changes.push({ kind: 'rule', rule, from: before.approvals });
  }
  for (const rule of from.table)
    if (!to.table.some((other) => isSameRule(other, rule))) changes.push({ kind: 'rule-removed', rule });
  return changes;
};

/** Every difference between two policies; the number and the date, which always differ, left out. */
export const comparePolicies = (from: Content, to: Content): readonly Change[] => {
  const changes: Change[] = [];
  if (from.company.name !== to.company.name)
    changes.push({ kind: 'company', from: from.company.name, to: to.company.name });
  changes.push(...comparePeople(from, to), ...compareTables(from, to));
  if (from.defaultApprovals !== to.defaultApprovals)
    changes.push({ kind: 'standard', from: from.defaultApprovals, to: to.defaultApprovals });
  if (from.changeApprovals !== to.changeApprovals)
    changes.push({ kind: 'changing', from: from.changeApprovals, to: to.changeApprovals });
  return changes;
};

/** Rows by currency, then by amount: how the table is read. */
export const sortTable = (table: readonly ApprovalRule[]): readonly ApprovalRule[] =>
  [...table].sort(
    (a, b) => a.currency.localeCompare(b.currency) || compareDecimals(readAbove(a.above), readAbove(b.above)),
  );
