import type { PolicyView } from '../../../../shared/contract';
import { Address, CurrencyCode } from '../../../../shared/model/ids';
import { nameSkeleton } from '../../../../shared/model/look-alike';
import { type ApprovalRule, type Person, PersonName, Role } from '../../../../shared/model/people';
import { compareDecimals, currencyDecimals, type Decimal, parseDecimal } from '../../../../shared/money';
import { checkAddressText } from '../../../ui';

/** A policy as it is being written. Amounts stay text: nothing is read as a number on the way. */
export type PersonDraft = {
  readonly id: number;
  readonly name: string;
  readonly key: string;
  readonly roles: readonly Role[];
};
export type RuleDraft = {
  readonly id: number;
  readonly currency: string;
  readonly above: string;
  readonly approvals: number;
};
export type PolicyDraft = {
  readonly companyName: string;
  readonly people: readonly PersonDraft[];
  readonly table: readonly RuleDraft[];
  readonly defaultApprovals: number;
  readonly changeApprovals: number;
};

export type NameFault = 'name-missing' | 'name-form' | 'name-twice';
export type Fault =
  | NameFault
  | 'key-missing'
  | 'key-form'
  | 'key-checksum'
  | 'key-unchecked'
  | 'key-twice'
  | 'role-missing'
  | 'maker-short'
  | 'currency-missing'
  | 'amount-missing'
  | 'amount-form'
  | 'amount-decimals'
  | 'amount-digits'
  | 'row-twice'
  | 'approvals-range'
  | 'approvals-many'
  | 'people-missing';

/** What may be meant but is worth a second look. */
export type Note =
  | { readonly code: 'no-maker' | 'no-signer' | 'not-me' | 'single-point' }
  | { readonly code: 'falling'; readonly currency: string };

export type Review = {
  /** By field: `company`, `people`, `name 3`, `key 3`, `roles 3`, `currency 2`, `above 2`, `needed 2`, `standard`, `changing`. */
  readonly faults: ReadonlyMap<string, Fault>;
  readonly notes: readonly Note[];
};

let lastId = 0;
export const newId = (): number => ++lastId;

export const tidyName = (name: string): string => name.normalize('NFC').trim();

/** Names that look or sound the same to a reader have one form; a name of signs alone stands for itself. */
const lookOf = (name: string): string => nameSkeleton(tidyName(name)) || tidyName(name);

const nameFault = (name: string): NameFault | null => {
  const tidy = tidyName(name);
  if (tidy === '') return 'name-missing';
  return PersonName.safeParse(tidy).success ? null : 'name-form';
};

const keyFault = (key: string): Fault | null => {
  const text = key.trim();
  if (text === '') return 'key-missing';
  const found = checkAddressText(text);
  if (found === 'ok') return null;
  return found === 'form' ? 'key-form' : found === 'checksum' ? 'key-checksum' : 'key-unchecked';
};

const AMOUNT_FAULTS = {
  empty: 'amount-missing',
  format: 'amount-form',
  'too-many-decimals': 'amount-decimals',
  'too-many-digits': 'amount-digits',
} as const;

/** The amount of a row, exact; leading zeros are no form that a policy may hold. */
const readAmount = (text: string, currency: string): Decimal | Fault => {
  const trimmed = text.trim();
  const read = parseDecimal(trimmed, { maxDecimals: currencyDecimals(currency) ?? 18 });
  if (!read.ok) return AMOUNT_FAULTS[read.code];
  return /^0[0-9]/.test(trimmed) ? 'amount-form' : read.value;
};

const isFault = (value: Decimal | Fault): value is Fault => typeof value === 'string';

const countFault = (approvals: number, approvers: number): Fault | null => {
  if (!Number.isInteger(approvals) || approvals < 1 || approvals > 10) return 'approvals-range';
  return approvals > approvers ? 'approvals-many' : null;
};

export const approversOf = <P extends { readonly roles: readonly Role[] }>(
  people: readonly P[],
): readonly P[] => people.filter(({ roles }) => roles.includes('approver'));

const reviewPeople = ({ people }: PolicyDraft, faults: Map<string, Fault>): void => {
  if (people.length === 0) faults.set('people', 'people-missing');
  const names = new Set<string>();
  const keys = new Set<string>();
  for (const { id, name, key, roles } of people) {
    const look = lookOf(name);
    const wrongName = nameFault(name) ?? (names.has(look) ? 'name-twice' : null);
    if (wrongName !== null) faults.set(`name ${id}`, wrongName);
    names.add(look);
    const lower = key.trim().toLowerCase();
    const wrongKey = keyFault(key) ?? (keys.has(lower) ? 'key-twice' : null);
    if (wrongKey !== null) faults.set(`key ${id}`, wrongKey);
    keys.add(lower);
    if (roles.length === 0) faults.set(`roles ${id}`, 'role-missing');
  }
};

type ReadRule = { readonly currency: string; readonly above: Decimal; readonly approvals: number };

const reviewTable = (draft: PolicyDraft, faults: Map<string, Fault>): readonly ReadRule[] => {
  const approvers = approversOf(draft.people).length;
  const read: ReadRule[] = [];
  for (const { id, currency, above, approvals } of draft.table) {
    if (!CurrencyCode.safeParse(currency).success) faults.set(`currency ${id}`, 'currency-missing');
    const amount = readAmount(above, currency);
    if (isFault(amount)) faults.set(`above ${id}`, amount);
    else {
      const isTwice = read.some(
        (other) => other.currency === currency && compareDecimals(other.above, amount) === 0,
      );
      if (isTwice) faults.set(`above ${id}`, 'row-twice');
      read.push({ currency, above: amount, approvals });
    }
    const wrong = countFault(approvals, approvers);
    if (wrong !== null) faults.set(`needed ${id}`, wrong);
  }
  return read;
};

/** Nobody approves what they made: for each maker the largest need must be met by others. */
const reviewReach = (draft: PolicyDraft, faults: Map<string, Fault>): void => {
  const approvers = approversOf(draft.people);
  const most = Math.max(draft.defaultApprovals, ...draft.table.map(({ approvals }) => approvals));
  // Then the numbers themselves are what is wrong.
  if (most > approvers.length) return;
  for (const { id, roles } of draft.people) {
    const isShort = roles.includes('maker') && approvers.filter((other) => other.id !== id).length < most;
    if (isShort) faults.set(`roles ${id}`, 'maker-short');
  }
};

const findFalling = (draft: PolicyDraft, rules: readonly ReadRule[]): readonly Note[] =>
  [...new Set(rules.map(({ currency }) => currency))]
    .filter((currency) => {
      const own = rules
        .filter((rule) => rule.currency === currency)
        .sort((a, b) => compareDecimals(a.above, b.above));
      return own.some(
        (rule, index) => rule.approvals < (own[index - 1]?.approvals ?? draft.defaultApprovals),
      );
    })
    .map((currency) => ({ code: 'falling', currency }));

/** Everything that is wrong or odd about a draft. Main checks again what it is given. */
export const reviewDraft = (draft: PolicyDraft, ownKey: string | null): Review => {
  const faults = new Map<string, Fault>();
  const company = nameFault(draft.companyName);
  if (company !== null) faults.set('company', company);
  reviewPeople(draft, faults);
  const approvers = approversOf(draft.people);
  const rules = reviewTable(draft, faults);
  const standard = countFault(draft.defaultApprovals, approvers.length);
  if (standard !== null) faults.set('standard', standard);
  const changing = countFault(draft.changeApprovals, approvers.length);
  if (changing !== null) faults.set('changing', changing);

  const notes: Note[] = [];
  if (!draft.people.some(({ roles }) => roles.includes('maker'))) notes.push({ code: 'no-maker' });
  if (!draft.people.some(({ roles }) => roles.includes('signer'))) notes.push({ code: 'no-signer' });
  reviewReach(draft, faults);
  const own = ownKey?.toLowerCase();
  if (own !== undefined && !draft.people.some(({ key }) => key.trim().toLowerCase() === own))
    notes.push({ code: 'not-me' });
  notes.push(...findFalling(draft, rules));
  if (draft.changeApprovals === 1 && approvers.length > 1) notes.push({ code: 'single-point' });
  return { faults, notes };
};

/** In the order that a policy asks for: roles as listed, each once. */
const sortRoles = (roles: readonly Role[]): Role[] => Role.options.filter((role) => roles.includes(role));

export type DraftInput = {
  readonly companyName: string;
  readonly people: Person[];
  readonly defaultApprovals: number;
  readonly table: ApprovalRule[];
  readonly changeApprovals: number;
};

/** A draft without faults as main takes it. */
export const toInput = (draft: PolicyDraft): DraftInput => ({
  companyName: tidyName(draft.companyName),
  people: draft.people.map(({ name, key, roles }) => ({
    name: tidyName(name),
    key: Address.parse(key.trim()),
    roles: sortRoles(roles),
  })),
  defaultApprovals: draft.defaultApprovals,
  table: draft.table.map(({ currency, above, approvals }) => ({
    currency: CurrencyCode.parse(currency),
    above: above.trim(),
    approvals,
  })),
  changeApprovals: draft.changeApprovals,
});

/** What a new draft starts from: a policy, or this machine's person alone. */
export const startDraft = (
  base: PolicyView['content'] | null,
  own: { readonly name: string | null; readonly key: string; readonly workspaceName: string },
): PolicyDraft =>
  base === null
    ? {
        companyName: own.workspaceName,
        people: [{ id: newId(), name: own.name ?? '', key: own.key, roles: ['maker'] }],
        table: [],
        defaultApprovals: 1,
        changeApprovals: 1,
      }
    : {
        companyName: base.company.name,
        people: base.people.map((person) => ({ ...person, id: newId() })),
        table: base.table.map((rule) => ({ ...rule, id: newId() })),
        defaultApprovals: base.defaultApprovals,
        changeApprovals: base.changeApprovals,
      };

export type Deciders = {
  readonly needed: number;
  readonly names: readonly string[];
  readonly isEnough: boolean;
};

/** Who brings a draft into force: approvers of the policy before it, or its own where it is the first. */
export const decidersOf = (draft: PolicyDraft, before: PolicyView['content'] | null): Deciders => {
  const needed = Math.max(before?.changeApprovals ?? 1, draft.changeApprovals);
  const names = approversOf<{ readonly name: string; readonly roles: readonly Role[] }>(
    before?.people ?? draft.people,
  )
    .map(({ name }) => tidyName(name))
    .filter((name) => name !== '');
  return { needed, names, isEnough: names.length >= needed };
};
