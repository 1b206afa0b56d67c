/** How many approvals count, exactly; and that an approval is nobody’s once a field of it changed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyActs } from '../../../src/main/envelopes/acts';
import { factsOfAct, readStanding } from '../../../src/main/envelopes/check-people';
import { approvalsNeeded } from '../../../src/main/people/policy';
import type { Act, EnvelopeContent } from '../../../src/shared/model/envelope';
import { Hash32, type Instant } from '../../../src/shared/model/ids';
import {
  approveAct,
  createAct,
  envelopeFixture,
  MAKER,
  makeContent,
  makePolicy,
  SECOND_APPROVER,
  SIGNER,
  type TestPerson,
  testPerson,
} from '../../support/envelope-fixture';
import { type Scope, scopeOf } from './review-rig';

/** A standing as the fixture's people have it, at a time. */
const standing = (
  content: EnvelopeContent,
  acts: readonly Act[],
  policy = makePolicy(),
  now = '2026-03-02T13:00:00Z',
) =>
  readStanding({
    head: content,
    acts: acts.map(factsOfAct),
    policy: { digest: policy.digest, content: policy.content },
    approvalsNeeded,
    me: null,
    nowMs: Date.parse(now),
  });

describe('how many approvals count', () => {
  const five: readonly TestPerson[] = ['A', 'B', 'C', 'D', 'E'].map((name) =>
    testPerson(`Approver ${name}`, 'approver'),
  );
  const policyOf = (needed: number) =>
    makePolicy(
      {
        people: [MAKER, ...five, SIGNER].map(({ name, address, roles }) => ({
          name,
          key: address,
          roles: [...roles],
        })),
        defaultApprovals: needed,
        table: [],
      },
      five.slice(0, 1),
    );

  it('is exactly how many of the five acted, for every subset of them and every number needed', () => {
    for (let needed = 1; needed <= 5; needed += 1) {
      const policy = policyOf(needed);
      const scope = scopeOf(makeContent({ lines: 2, policy: { number: 1, digest: policy.digest } }));
      const approvals = five.map((person) => approveAct(scope, person));
      for (let subset = 0; subset < 32; subset += 1) {
        const given = approvals.filter((_, index) => (subset >> index) & 1);
        const result = standing(scope.content, [createAct(scope), ...given], policy);
        expect(result).toMatchObject({ given: given.length, needed, rejectedBy: null });
      }
    }
  });

  it('is what a simple model says, whatever is wrong with single approvals', () => {
    const defects = ['none', 'ended', 'future', 'no-role', 'borrowed-name', 'maker'] as const;
    const policy = policyOf(2);
    const scope = scopeOf(makeContent({ lines: 2, policy: { number: 1, digest: policy.digest } }));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...defects), { maxLength: 5 }), (chosen) => {
        const acts = chosen.map((defect, index) => {
          const person = five[index] ?? MAKER;
          switch (defect) {
            case 'none':
              return approveAct(scope, person);
            case 'ended':
              return approveAct(scope, person, { expiresAt: '2026-03-02T12:59:59Z' });
            case 'future':
              return approveAct(scope, person, { at: '2026-03-02T13:05:01Z' });
            case 'no-role':
              return approveAct(scope, SIGNER);
            case 'borrowed-name':
              return approveAct(scope, { ...testPerson(`thief ${index}`, 'approver'), name: person.name });
            default:
              return approveAct(scope, MAKER);
          }
        });
        const { given } = standing(scope.content, [createAct(scope), ...acts], policy);
        expect(given).toBe(chosen.filter((defect) => defect === 'none').length);
      }),
      { numRuns: 100 },
    );
  });

  it('is none under another policy, number or company', () => {
    const { content, envelope } = envelopeFixture({}, ['approve']);
    for (const policy of [
      makePolicy({ number: 2 }),
      makePolicy({ company: { ...content.company, id: Hash32.parse(`0x${'77'.repeat(32)}`) } }),
      makePolicy({ defaultApprovals: 2 }),
    ])
      expect(standing(content, envelope.acts, policy).given).toBe(0);
    expect(standing(content, envelope.acts).given).toBe(1);
  });
});

describe('an approval with one field changed', () => {
  const scope = scopeOf();
  const act = approveAct(scope);
  if (act.kind !== 'approve') throw new Error('no approval');
  const { lines: _lines, ...head } = scope.content;
  const changed: readonly (readonly [string, Act])[] = [
    ['kind', { ...act, kind: 'reject', body: { reason: 'x' } }],
    ['name', { ...act, by: { ...act.by, name: 'Somebody' } }],
    ['key', { ...act, by: { ...act.by, key: SECOND_APPROVER.address } }],
    ['time', { ...act, at: '2026-03-02T11:00:01Z' as Instant }],
    ['voice', { ...act, body: { ...act.body, voice: !act.body.voice } }],
    ['end', { ...act, body: { ...act.body, expiresAt: '2026-03-03T10:00:00Z' as Instant } }],
    ['journal count', { ...act, journal: { ...act.journal, count: act.journal.count + 1 } }],
    ['journal head', { ...act, journal: { ...act.journal, head: scope.digest } }],
    ['signature', { ...act, signature: approveAct(scope, SECOND_APPROVER).signature }],
  ];
  it.each(changed)('%s is nobody’s any more', (_name, other) => {
    expect(() => verifyActs(head, scope.digest, 8, [createAct(scope), other])).toThrow();
  });

  it.each<readonly [string, Scope]>([
    ['another batch', scopeOf(makeContent({ seed: 'b' }))],
    [
      'another company',
      scopeOf(makeContent({ company: { id: Hash32.parse(`0x${'55'.repeat(32)}`), name: 'X' } })),
    ],
    ['another policy', scopeOf(makeContent({ policy: { number: 3, digest: makePolicy().digest } }))],
  ])('replayed on %s is refused', (_name, other) => {
    const { lines, ...otherHead } = other.content;
    expect(() => verifyActs(otherHead, other.digest, lines.length, [createAct(other), act])).toThrow();
  });

  it('is itself right', () => {
    expect(() => verifyActs(head, scope.digest, 8, [createAct(scope), act])).not.toThrow();
  });
});
