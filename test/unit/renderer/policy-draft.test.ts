import fc from 'fast-check';
import { getAddress } from 'viem';
import { describe, expect, it } from 'vitest';
import { comparePolicies, sortTable } from '../../../src/renderer/features/settings/people/changes';
import {
  decidersOf,
  type PersonDraft,
  type PolicyDraft,
  reviewDraft,
  startDraft,
  toInput,
} from '../../../src/renderer/features/settings/people/draft';
import { mainContract } from '../../../src/shared/contract';
import { PolicyContent } from '../../../src/shared/model/people';

const keyOf = (n: number): string => getAddress(`0x${n.toString(16).padStart(40, '1')}`);
const person = (id: number, name: string, ...roles: PersonDraft['roles'][number][]): PersonDraft => ({
  id,
  name,
  key: keyOf(id),
  roles,
});
const right: PolicyDraft = {
  companyName: 'Larkfield Ltd',
  people: [person(1, 'Ada', 'maker'), person(2, 'Bo', 'approver'), person(3, 'Cy', 'signer', 'approver')],
  table: [{ id: 9, currency: 'EUR', above: '100000', approvals: 2 }],
  defaultApprovals: 1,
  changeApprovals: 2,
};
const faultsOf = (draft: PolicyDraft): Record<string, string> =>
  Object.fromEntries(reviewDraft(draft, keyOf(1)).faults);
const withPerson = (index: number, part: Partial<PersonDraft>): PolicyDraft => ({
  ...right,
  people: right.people.map((each, at) => (at === index ? { ...each, ...part } : each)),
});
const withAbove = (above: string, currency = 'EUR'): PolicyDraft => ({
  ...right,
  table: [{ id: 9, currency, above, approvals: 2 }],
});

describe('reviewing a draft', () => {
  it('finds nothing wrong with a right one, which the contract takes', () => {
    expect(reviewDraft(right, keyOf(1))).toEqual({ faults: new Map(), notes: [] });
    const input = toInput(right);
    expect(mainContract['people.draftPolicy'].input.parse(input)).toEqual(input);
    expect(input.people[2]?.roles).toEqual(['approver', 'signer']);
  });

  it.each([
    [withPerson(0, { name: ' ' }), { 'name 1': 'name-missing' }],
    [withPerson(0, { name: 'A\u202eda' }), { 'name 1': 'name-form' }],
    [withPerson(1, { name: 'ADA ' }), { 'name 2': 'name-twice' }],
    [withPerson(1, { key: '' }), { 'key 2': 'key-missing' }],
    [withPerson(1, { key: '0x12' }), { 'key 2': 'key-form' }],
    [withPerson(1, { key: `0x${'ab'.repeat(20)}` }), { 'key 2': 'key-unchecked' }],
    [withPerson(1, { key: keyOf(3) }), { 'key 3': 'key-twice' }],
    [withPerson(0, { roles: [] }), { 'roles 1': 'role-missing' }],
    [withPerson(1, { roles: ['approver', 'maker'] }), { 'roles 2': 'maker-short' }],
    [withPerson(1, { roles: ['auditor'] }), { 'needed 9': 'approvals-many', changing: 'approvals-many' }],
    [withAbove(''), { 'above 9': 'amount-missing' }],
    [withAbove('100.000,00'), { 'above 9': 'amount-form' }],
    [withAbove('1e6'), { 'above 9': 'amount-form' }],
    [withAbove('-5'), { 'above 9': 'amount-form' }],
    [withAbove('007'), { 'above 9': 'amount-form' }],
    [withAbove('1.001'), { 'above 9': 'amount-decimals' }],
    [withAbove('1.5', 'JPY'), { 'above 9': 'amount-decimals' }],
    [withAbove('1', ''), { 'currency 9': 'currency-missing' }],
    [{ ...right, companyName: '' }, { company: 'name-missing' }],
    [{ ...right, defaultApprovals: 0 }, { standard: 'approvals-range' }],
    [
      { ...right, table: [...right.table, { id: 10, currency: 'EUR', above: '100000.00', approvals: 2 }] },
      { 'above 10': 'row-twice' },
    ],
  ])('says what is wrong, beside its field (%#)', (draft, faults) => {
    expect(faultsOf(draft)).toEqual(faults);
  });

  it('asks for a second look at what may be meant', () => {
    const codes = (draft: PolicyDraft, own = keyOf(1)) =>
      reviewDraft(draft, own).notes.map(({ code }) => code);
    expect(codes(withPerson(0, { roles: ['auditor'] }))).toEqual(['no-maker']);
    expect(codes(withPerson(2, { roles: ['approver'] }))).toEqual(['no-signer']);
    expect(codes(right, keyOf(77))).toEqual(['not-me']);
    expect(codes({ ...right, changeApprovals: 1 })).toEqual(['single-point']);
    const falling = [
      { id: 9, currency: 'EUR', above: '5', approvals: 2 },
      { id: 10, currency: 'EUR', above: '10', approvals: 1 },
    ];
    expect(codes({ ...right, table: falling })).toEqual(['falling']);
  });

  it('keeps an amount exactly as it was written', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 17n }), fc.nat({ max: 99 }), (whole, cents) => {
        const above = `${whole}.${String(cents).padStart(2, '0')}`;
        const draft = withAbove(above);
        expect(faultsOf(draft)).toEqual({});
        expect(toInput(draft).table[0]?.above).toBe(above);
      }),
    );
  });
});

const content = (draft: PolicyDraft, number = 1): PolicyContent =>
  PolicyContent.parse({
    company: { id: `0x${'7'.repeat(64)}`, name: draft.companyName },
    number,
    previous: number === 1 ? null : `0x${'8'.repeat(64)}`,
    createdAt: '2026-11-23T09:30:00.000Z',
    ...(({ companyName: _, ...rest }) => rest)(toInput(draft)),
  });

describe('comparing two policies', () => {
  it('finds nothing between equals, whatever the number', () => {
    expect(comparePolicies(content(right), content(right, 2))).toEqual([]);
    expect(comparePolicies(content(withAbove('100000')), content(withAbove('100000.00'), 2))).toEqual([]);
  });

  it('names every difference, and a new key under a known name as what it is', () => {
    const next = content({
      ...right,
      companyName: 'Larkfield plc',
      people: [
        person(1, 'Ada', 'maker', 'auditor'),
        { ...person(2, 'Bo', 'approver'), key: keyOf(22) },
        person(3, 'Cyrus', 'approver', 'signer'),
      ],
      table: [
        { id: 1, currency: 'EUR', above: '100000', approvals: 1 },
        { id: 2, currency: 'USD', above: '5', approvals: 2 },
      ],
      changeApprovals: 1,
    });
    expect(comparePolicies(content(right), next)).toEqual([
      { kind: 'company', from: 'Larkfield Ltd', to: 'Larkfield plc' },
      { kind: 'roles', name: 'Ada', from: ['maker'], to: ['maker', 'auditor'] },
      { kind: 'rekeyed', name: 'Bo' },
      { kind: 'added', name: 'Bo', roles: ['approver'] },
      { kind: 'renamed', from: 'Cy', to: 'Cyrus' },
      { kind: 'removed', name: 'Bo', roles: ['approver'] },
      { kind: 'rule', rule: { currency: 'EUR', above: '100000', approvals: 1 }, from: 2 },
      { kind: 'rule-added', rule: { currency: 'USD', above: '5', approvals: 2 } },
      { kind: 'changing', from: 2, to: 1 },
    ]);
  });

  it('reads a table by currency and amount, not by its text', () => {
    const table = ['20', '3', '100'].map((above) => ({ currency: 'EUR' as const, above, approvals: 1 }));
    expect(sortTable(table as never).map(({ above }) => above)).toEqual(['3', '20', '100']);
  });
});

describe('who decides', () => {
  it('is asked of the policy before, and of itself for the first', () => {
    expect(decidersOf(right, null)).toEqual({ needed: 2, names: ['Bo', 'Cy'], isEnough: true });
    const before = content({ ...right, changeApprovals: 1, people: right.people.slice(0, 2) });
    expect(decidersOf(right, before)).toEqual({ needed: 2, names: ['Bo'], isEnough: false });
  });

  it('starts the first draft with this machine’s person, and the next from the one before', () => {
    const own = { name: 'Ada', key: keyOf(1), workspaceName: 'Larkfield Ltd' };
    expect(startDraft(null, own).people).toMatchObject([{ name: 'Ada', key: keyOf(1) }]);
    expect(toInput(startDraft(content(right), own))).toEqual(toInput(right));
  });
});
