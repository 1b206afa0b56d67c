import { describe, expect, it } from 'vitest';
import { comparePolicies } from '../../../src/renderer/approval/policy-changes';
import type { PolicyContent } from '../../../src/shared/model/people';

const key = (n: number) => `0x${String(n).repeat(40)}` as never;
const policy = (more: Partial<PolicyContent> = {}): PolicyContent => ({
  company: { id: `0x${'a'.repeat(64)}` as never, name: 'Meridian' },
  number: 3,
  previous: `0x${'b'.repeat(64)}` as never,
  createdAt: '2026-11-23T08:00:00.000Z',
  people: [
    { name: 'Ines', key: key(1), roles: ['maker'] },
    { name: 'Tomas', key: key(2), roles: ['approver'] },
  ],
  defaultApprovals: 1,
  table: [{ currency: 'USD' as never, above: '100000', approvals: 2 }],
  changeApprovals: 2,
  ...more,
});

describe('what changes between two policies', () => {
  it('is nothing but number, forerunner and date when nothing else differs', () => {
    expect(comparePolicies(policy(), policy({ number: 4, createdAt: '2026-12-01T08:00:00.000Z' }))).toEqual(
      [],
    );
  });

  it('names people who come and go, and whoever bears an old name with another key', () => {
    const after = policy({
      people: [
        { name: 'Ines', key: key(9), roles: ['maker', 'approver'] },
        { name: 'Wei', key: key(3), roles: ['signer'] },
      ],
    });
    expect(comparePolicies(policy(), after)).toEqual([
      { kind: 'person-key', name: 'Ines', before: key(1), after: key(9) },
      { kind: 'person-roles', name: 'Ines', before: ['maker'], after: ['maker', 'approver'] },
      { kind: 'person-added', person: after.people[1] },
      { kind: 'person-removed', person: policy().people[1] },
    ]);
  });

  it('does not take another spelling of a key or of an amount for a change', () => {
    const before = policy({ people: [{ name: 'Ines', key: '0xABcd' as never, roles: ['maker'] }] });
    const after = policy({
      people: [{ name: 'Ines', key: '0xabCD' as never, roles: ['maker'] }],
      table: [{ currency: 'USD' as never, above: '100000.00', approvals: 2 }],
    });
    expect(comparePolicies(before, after)).toEqual([]);
  });

  it('names every rule that comes, goes or asks for another number', () => {
    const after = policy({
      defaultApprovals: 2,
      changeApprovals: 3,
      table: [
        { currency: 'USD' as never, above: '100000', approvals: 3 },
        { currency: 'EUR' as never, above: '100000', approvals: 2 },
      ],
    });
    expect(comparePolicies(policy(), after).map(({ kind }) => kind)).toEqual([
      'rule',
      'rule-added',
      'standard',
      'change',
    ]);
    expect(comparePolicies(after, policy()).map(({ kind }) => kind)).toEqual([
      'rule',
      'rule-removed',
      'standard',
      'change',
    ]);
  });

  it('says when it is another company', () => {
    const foreign = policy({ company: { id: `0x${'c'.repeat(64)}` as never, name: 'Meridian' } });
    expect(comparePolicies(policy(), foreign)).toEqual([{ kind: 'foreign' }]);
  });
});
