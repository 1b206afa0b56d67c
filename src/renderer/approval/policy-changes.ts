import type { ApprovalRule, Person, PolicyContent, Role } from '../../shared/model/people';

/** One difference between two policies, of the kinds that matter to whoever signs. */
export type PolicyChange =
  | { readonly kind: 'company'; readonly before: string; readonly after: string }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'person-added' | 'person-removed'; readonly person: Person }
  | {
      readonly kind: 'person-roles';
      readonly name: string;
      readonly before: readonly Role[];
      readonly after: readonly Role[];
    }
  | { readonly kind: 'person-key'; readonly name: string; readonly before: string; readonly after: string }
  | { readonly kind: 'rule-added' | 'rule-removed'; readonly rule: ApprovalRule }
  | {
      readonly kind: 'rule';
      readonly rule: Pick<ApprovalRule, 'currency' | 'above'>;
      readonly before: number;
      readonly after: number;
    }
  | { readonly kind: 'standard' | 'change'; readonly before: number; readonly after: number };

/** `10000` and `10000.00` are one amount: the text without a zero tail, as a key. */
const amountKey = (amount: string): string =>
  amount.includes('.') ? amount.replace(/0+$/, '').replace(/\.$/, '') : amount;

const ruleKey = ({ currency, above }: ApprovalRule): string => `${currency} ${amountKey(above)}`;

const sameRoles = (a: readonly Role[], b: readonly Role[]): boolean => a.join() === b.join();

const comparePeople = (before: readonly Person[], after: readonly Person[]): readonly PolicyChange[] => {
  const changes: PolicyChange[] = [];
  // A person is a name; the key that comes with it is what may be swapped unseen.
  const old = new Map(before.map((person) => [person.name, person]));
  for (const person of after) {
    const known = old.get(person.name);
    old.delete(person.name);
    if (known === undefined) {
      changes.push({ kind: 'person-added', person });
      continue;
    }
    if (known.key.toLowerCase() !== person.key.toLowerCase())
      changes.push({ kind: 'person-key', name: person.name, before: known.key, after: person.key });
    if (!sameRoles(known.roles, person.roles))
      changes.push({ kind: 'person-roles', name: person.name, before: known.roles, after: person.roles });
  }
  for (const person of old.values()) changes.push({ kind: 'person-removed', person });
  return changes;
};

const compareRules = (
  before: readonly ApprovalRule[],
  after: readonly ApprovalRule[],
): readonly PolicyChange[] => {
  const changes: PolicyChange[] = [];
  const old = new Map(before.map((rule) => [ruleKey(rule), rule]));
  for (const rule of after) {
    const known = old.get(ruleKey(rule));
    old.delete(ruleKey(rule));
    if (known === undefined) changes.push({ kind: 'rule-added', rule });
    else if (known.approvals !== rule.approvals)
      changes.push({ kind: 'rule', rule, before: known.approvals, after: rule.approvals });
  }
  for (const rule of old.values()) changes.push({ kind: 'rule-removed', rule });
  return changes;
};

/** Everything that differs but number, forerunner and date; what concerns people first. */
export const comparePolicies = (before: PolicyContent, after: PolicyContent): readonly PolicyChange[] => {
  const changes: PolicyChange[] = [];
  if (before.company.id !== after.company.id) changes.push({ kind: 'foreign' });
  if (before.company.name !== after.company.name)
    changes.push({ kind: 'company', before: before.company.name, after: after.company.name });
  changes.push(...comparePeople(before.people, after.people), ...compareRules(before.table, after.table));
  if (before.defaultApprovals !== after.defaultApprovals)
    changes.push({ kind: 'standard', before: before.defaultApprovals, after: after.defaultApprovals });
  if (before.changeApprovals !== after.changeApprovals)
    changes.push({ kind: 'change', before: before.changeApprovals, after: after.changeApprovals });
  return changes;
};
