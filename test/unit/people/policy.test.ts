import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOfPolicy } from '../../../src/main/people/files';
import {
  approvalsNeeded,
  entitled,
  isInForce,
  mergeApprovals,
  rolesOf,
  signaturesNeeded,
  validatePolicy,
  validateSuccession,
} from '../../../src/main/people/policy';
import type { Hash32, Instant } from '../../../src/shared/model/ids';
import type { PolicyApproval, PolicyContent } from '../../../src/shared/model/people';
import {
  ann,
  approvalOf,
  as,
  ben,
  cem,
  dia,
  eve,
  makePerson,
  makePolicy,
  rule,
  successorOf,
} from '../../support/people';

const refusal = (run: () => unknown): string => {
  try {
    run();
    return 'ok';
  } catch (error) {
    const { code, details } = error as { code?: string; details?: { reason?: string } };
    return [code ?? String(error), details?.reason].filter(Boolean).join(' ');
  }
};
const sum = (currency: string, units: bigint, decimals: number) => ({
  currency,
  units: String(units),
  decimals,
});
const needed = (policy: PolicyContent, ...sums: ReturnType<typeof sum>[]) => approvalsNeeded(policy, sums);

describe('how many approvals a batch needs', () => {
  const policy = makePolicy({
    defaultApprovals: 1,
    table: [rule('EUR', '10000', 2), rule('EUR', '1000000.00', 3), rule('USD', '0', 4), rule('JPY', '5', 1)],
  });

  it('follows from the highest row that a sum is above, never at', () => {
    expect(needed(policy, sum('EUR', 1000000n, 2))).toBe(1);
    expect(needed(policy, sum('EUR', 1000001n, 2))).toBe(2);
    expect(needed(policy, sum('EUR', 10000000000000000000001n, 18))).toBe(2);
    expect(needed(policy, sum('EUR', 10000000000000000000000n, 18))).toBe(1);
    expect(needed(policy, sum('EUR', 1000000n, 0))).toBe(2);
    expect(needed(policy, sum('EUR', 1000001n, 0))).toBe(3);
    expect(needed(policy, sum('USD', 0n, 2))).toBe(1);
    expect(needed(policy, sum('USD', 1n, 18))).toBe(4);
  });

  it('is the default without a row, and the highest of several currencies', () => {
    expect(needed(policy)).toBe(1);
    expect(needed(policy, sum('CHF', 10n ** 30n, 2))).toBe(1);
    expect(needed(policy, sum('CHF', 1n, 2), sum('EUR', 1000001n, 2))).toBe(2);
    expect(needed(policy, sum('EUR', 1n, 2), sum('USD', 1n, 2))).toBe(4);
    expect(needed({ ...policy, defaultApprovals: 5 }, sum('EUR', 1000001n, 2), sum('CHF', 1n, 2))).toBe(5);
  });

  it('adds the sums of one currency, also of different decimals', () => {
    expect(needed(policy, sum('EUR', 600000n, 2), sum('EUR', 4000n, 0))).toBe(1);
    expect(needed(policy, sum('EUR', 600000n, 2), sum('EUR', 4000001n, 3))).toBe(2);
  });

  it('lets a higher row ask for fewer: what is written counts', () => {
    const falling = makePolicy({ table: [rule('EUR', '10', 3), rule('EUR', '100', 1)] });
    expect(needed(falling, sum('EUR', 50n, 0))).toBe(3);
    expect(needed(falling, sum('EUR', 500n, 0))).toBe(1);
  });

  it('agrees with exact fractions for any table and sums', () => {
    const amount = fc.record({
      units: fc.bigInt({ min: 0n, max: 10n ** 20n }),
      decimals: fc.nat({ max: 6 }),
    });
    const text = ({ units, decimals }: { units: bigint; decimals: number }) => {
      const digits = units.toString().padStart(decimals + 1, '0');
      return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
    };
    const micro = ({ units, decimals }: { units: bigint; decimals: number }) =>
      units * 10n ** BigInt(6 - decimals);
    const row = fc.record({
      currency: fc.constantFrom('EUR', 'USD'),
      above: amount,
      approvals: fc.integer({ min: 1, max: 10 }),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(row, { selector: (one) => `${one.currency} ${micro(one.above)}`, maxLength: 12 }),
        fc.array(fc.record({ currency: fc.constantFrom('EUR', 'USD', 'CHF'), sum: amount }), {
          maxLength: 6,
        }),
        fc.integer({ min: 1, max: 10 }),
        (rows, sums, standard) => {
          const table = rows.map((one) => rule(one.currency, text(one.above), one.approvals));
          const totals = new Map<string, bigint>();
          for (const one of sums) totals.set(one.currency, (totals.get(one.currency) ?? 0n) + micro(one.sum));
          const expected = [...totals].map(([currency, total]) => {
            const exceeded = rows.filter((one) => one.currency === currency && total > micro(one.above));
            exceeded.sort((a, b) => (micro(a.above) < micro(b.above) ? 1 : -1));
            return exceeded[0]?.approvals ?? standard;
          });
          const actual = needed(
            makePolicy({ table, defaultApprovals: standard }),
            ...sums.map((one) => sum(one.currency, one.sum.units, one.sum.decimals)),
          );
          expect(actual).toBe(expected.length === 0 ? standard : Math.max(...expected));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a policy by itself', () => {
  it('is right as it is made here', () => {
    expect(refusal(() => validatePolicy(makePolicy()))).toBe('ok');
    expect(refusal(() => validatePolicy(successorOf(makePolicy())))).toBe('ok');
  });

  it.each([
    [
      'name-twice',
      { people: [as(ann, 'maker'), as(ben, 'approver'), as(makePerson('Ben First', 'x'), 'approver')] },
    ],
    // Cyrillic е, capital I for l, rn for m, other case and blanks.
    ['name-twice', { people: [as(ben, 'approver'), as(makePerson('Bеn First', 'x'), 'approver')] }],
    ['name-twice', { people: [as(makePerson('Bill'), 'approver'), as(makePerson('BiII', 'x'), 'approver')] }],
    ['name-twice', { people: [as(cem, 'approver'), as(makePerson('Cern Second', 'x'), 'approver')] }],
    ['name-twice', { people: [as(ben, 'approver'), as(makePerson('BEN  FIRST', 'x'), 'approver')] }],
    ['name-twice', { people: [as(makePerson('🏦'), 'approver'), as(makePerson('🏦', 'x'), 'approver')] }],
    ['key-twice', { people: [as(ben, 'approver'), as({ ...ben, name: 'Somebody' }, 'approver')] }],
    ['key-form', { people: [as({ ...ben, key: ben.key.toLowerCase() as typeof ben.key }, 'approver')] }],
    ['roles', { people: [as(ben, 'approver', 'maker'), as(cem, 'approver')] }],
    ['roles', { people: [as(ben, 'approver', 'approver'), as(cem, 'approver')] }],
    ['row-twice', { table: [rule('EUR', '10', 1), rule('USD', '10', 1), rule('EUR', '10.00', 2)] }],
    ['no-such-moment', { createdAt: '2026-02-30T00:00:00Z' }],
    ['forerunner', { previous: `0x${'00'.repeat(32)}` as Hash32 }],
    ['forerunner', { number: 2 }],
    ['too-few-approvers', { defaultApprovals: 3 }],
    ['too-few-approvers', { table: [rule('EUR', '1', 3)] }],
    ['too-few-approvers', { changeApprovals: 3 }],
    ['too-few-approvers', { people: [as(ann, 'maker'), as(dia, 'signer')] }],
    // Ben makes and approves, but never his own.
    ['too-few-approvers', { people: [as(ben, 'maker', 'approver'), as(cem, 'approver')] }],
  ] as const)('is refused: %s', (reason, change) => {
    expect(refusal(() => validatePolicy(makePolicy(change as Partial<PolicyContent>)))).toBe(
      `policy/invalid ${reason}`,
    );
  });

  it('may let people make and approve, while others approve what they make', () => {
    const people = [as(ann, 'maker', 'approver'), as(ben, 'approver'), as(cem, 'maker', 'approver')];
    expect(refusal(() => validatePolicy(makePolicy({ people })))).toBe('ok');
  });

  it('is checked quickly at its largest', () => {
    const table = Array.from({ length: 500 }, (_, i) => rule('EUR', String(i), 1));
    expect(refusal(() => validatePolicy(makePolicy({ table })))).toBe('ok');
  });

  it('knows who may do what', () => {
    const policy = makePolicy();
    expect(entitled(policy, ben.key, 'approver')).toBe(true);
    expect(entitled(policy, ben.key, 'maker')).toBe(false);
    expect(entitled(policy, eve.key, 'approver')).toBe(false);
    expect(rolesOf(policy, dia.key)).toEqual(['signer']);
    expect(rolesOf(null, dia.key)).toEqual([]);
  });
});

describe('which policy may follow', () => {
  const first = makePolicy();
  const inForce = { digest: digestOfPolicy(first), content: first };
  const second = successorOf(first);
  const after = { digest: digestOfPolicy(second), content: second };
  const other = `0x${'11'.repeat(32)}` as Hash32;
  const succession = (before: typeof inForce | null, content: PolicyContent) =>
    refusal(() => validateSuccession(before, content));

  it('is the next one only', () => {
    expect(succession(null, first)).toBe('ok');
    expect(succession(inForce, second)).toBe('ok');
    expect(succession(null, second)).toBe('policy/gap');
    expect(succession(inForce, successorOf(second))).toBe('policy/gap');
    expect(succession(after, first)).toBe('policy/older');
    expect(succession(after, successorOf(first, { defaultApprovals: 2 }))).toBe('policy/fork');
    expect(succession(inForce, makePolicy({ defaultApprovals: 2 }))).toBe('policy/fork');
    expect(succession(inForce, { ...second, previous: other })).toBe('policy/fork');
    // Of the same number, and yet after it.
    expect(succession(after, { ...successorOf(second), number: 2 })).toBe('policy/fork');
  });

  it('is of the same company, whatever else it says', () => {
    const foreign = { id: other, name: first.company.name };
    for (const number of [1, 2, 3]) {
      expect(succession(inForce, { ...second, number, company: foreign })).toBe('policy/foreign');
    }
    const renamed = { ...first.company, name: 'Example Treasury Ltd' };
    expect(succession(inForce, { ...second, company: renamed })).toBe('policy/invalid company-name');
  });

  it('needs no more signatures than its forerunner has approvers', () => {
    const people = [...first.people, as(eve, 'approver')];
    expect(succession(inForce, successorOf(first, { people, changeApprovals: 3 }))).toBe(
      'policy/invalid too-few-approvers',
    );
  });
});

describe('when a policy is in force', () => {
  const forge = (name: string, seed: string): PolicyApproval => {
    const person = makePerson(name, seed);
    return { by: { name, key: person.key }, at: '2026-01-01T00:00:00Z', signature: '0x' as never };
  };

  it('is when exactly M of its voters have signed, for any people, M and signers', () => {
    const everybody = Array.from({ length: 8 }, (_, i) => makePerson(`Person ${i}`));
    const approvals = everybody.map(({ name, key }) => ({
      by: { name, key },
      at: '',
      signature: '' as never,
    }));
    const bits = fc.array(fc.boolean(), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(
        bits,
        bits,
        fc.array(fc.nat({ max: 7 }), { maxLength: 16 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 8 }),
        fc.boolean(),
        (oldVoters, newVoters, signers, oldNeed, newNeed, isFirst) => {
          const peopleOf = (voters: boolean[]) =>
            everybody.map((person, i) => as(person, voters[i] ? 'approver' : 'auditor'));
          const before = makePolicy({ people: peopleOf(oldVoters), changeApprovals: oldNeed });
          const content = makePolicy({ people: peopleOf(newVoters), changeApprovals: newNeed });
          const voters = isFirst ? newVoters : oldVoters;
          const need = isFirst ? newNeed : Math.max(oldNeed, newNeed);
          const counting = new Set(signers.filter((i) => voters[i])).size;
          expect(signaturesNeeded(isFirst ? null : before, content)).toBe(need);
          expect(
            isInForce(isFirst ? null : before, {
              content,
              approvals: signers.map((i) => approvals[i] as never),
            }),
          ).toBe(counting >= need);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('counts a key once, under its own name, and never a stranger or a new approver', () => {
    const first = makePolicy();
    const content = successorOf(first, { people: [...first.people, as(eve, 'approver')] });
    const check = (...approvals: PolicyApproval[]) => isInForce(first, { content, approvals });
    const [b, c] = [approvalOf(ben, content), approvalOf(cem, content)];
    expect(check(b, c)).toBe(true);
    expect(check(b)).toBe(false);
    expect(check(b, b, approvalOf(ben, content, { at: '2026-05-05T00:00:00Z' as Instant }))).toBe(false);
    expect(check(b, { ...b, by: { ...b.by, key: b.by.key.toLowerCase() as never } })).toBe(false);
    expect(check(b, approvalOf(eve, content))).toBe(false);
    expect(check(b, approvalOf(ann, content))).toBe(false);
    expect(check(b, { ...c, by: { ...c.by, name: 'Cem' } })).toBe(false);
    expect(check(b, forge('Cem Second', 'another key'))).toBe(false);
  });
});

describe('combining approvals', () => {
  const approval = fc
    .record({ person: fc.nat({ max: 4 }), at: fc.nat({ max: 3 }), signature: fc.constantFrom('a', 'b', 'c') })
    .map(({ person, at, signature }): PolicyApproval => {
      const { name, key } = makePerson(`Person ${person}`);
      return { by: { name, key }, at: `2026-01-0${at + 1}T00:00:00Z`, signature: signature as never };
    });
  const approvals = fc.array(approval, { maxLength: 8 });

  it('does not depend on order or repetition, and loses nobody', () => {
    fc.assert(
      fc.property(approvals, approvals, approvals, (a, b, c) => {
        const merged = mergeApprovals(a, b);
        expect(mergeApprovals(b, a)).toEqual(merged);
        expect(mergeApprovals(merged, a)).toEqual(merged);
        expect(mergeApprovals(mergeApprovals(a, b), c)).toEqual(mergeApprovals(a, mergeApprovals(b, c)));
        const keys = merged.map(({ by }) => by.key);
        expect(new Set(keys)).toEqual(new Set([...a, ...b].map(({ by }) => by.key)));
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });
});
