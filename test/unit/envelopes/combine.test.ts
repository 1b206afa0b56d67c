import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verifyActs } from '../../../src/main/envelopes/acts';
import { combine } from '../../../src/main/envelopes/combine';
import { checkTransactionSignatures } from '../../../src/main/envelopes/signatures';
import { type Canonical, canonicalJson } from '../../../src/shared/canonical';
import { AppError } from '../../../src/shared/errors';
import type { Act } from '../../../src/shared/model/envelope';
import {
  APPROVER,
  approveAct,
  createAct,
  envelopeFixture,
  MAKER,
  makeEnvelope,
  rejectAct,
  SECOND_APPROVER,
  SIGNER,
  sendAct,
  signingAct,
  signLines,
  testPerson,
} from '../../support/envelope-fixture';

const { content, digest } = envelopeFixture({ lines: 6 }, []);
const scope = { content, digest };
const of = (account: number) => signLines(content, undefined, (line) => line.account === account);
const SECOND_SIGNER = testPerson('Sina Second', 'signer');
const SECOND_MAKER = testPerson('Max Maker', 'maker');

const create = createAct(scope);
const approve = approveAct(scope);
const second = approveAct(scope, SECOND_APPROVER);
const reject = rejectAct(scope);
const signed = signingAct(scope, SIGNER, { signatures: of(0) });
const signedRest = signingAct(scope, SECOND_SIGNER, { signatures: of(1) });
const sent = sendAct(scope, MAKER, '2026-03-02T12:30:00Z');
const settled = sendAct(scope, MAKER, '2026-03-02T12:45:00Z', 'final');
/** The same moment as `settled`, written otherwise and telling something else. */
const settledToo = sendAct(scope, MAKER, '2026-03-02T12:45:00.000Z', 'sent');
const sentByAnother = sendAct(scope, SECOND_MAKER);
/** Each contradicts one of the others. */
const contradictions = [
  approveAct(scope, APPROVER, { voice: false }),
  approveAct(scope, APPROVER, { at: '2026-03-02T11:30:00Z' }),
  rejectAct(scope, SECOND_APPROVER, 'Another reason'),
  signingAct(scope, SIGNER, { signatures: of(0), at: '2026-03-02T12:00:01Z' }),
  signingAct(scope, SIGNER, { signatures: of(1) }),
];
const friendly = [approve, second, reject, signed, signedRest, sent, settled, settledToo, sentByAnother];

const copyOf = (acts: readonly Act[]): readonly Act[] => makeEnvelope(content, acts).acts;
const outcomeOf = (work: () => readonly Act[]): string => {
  try {
    return work()
      .map((act) => canonicalJson(act as unknown as Canonical))
      .join('\n');
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'envelope/conflict') throw error;
    return 'conflict';
  }
};

/** A copy: `create` and some others, at most one of a kind and key. */
const copies = (pool: readonly Act[]) =>
  fc.shuffledSubarray([...pool]).map((acts) => {
    const bySlot = new Map(acts.map((act) => [`${act.kind} ${act.by.key}`, act]));
    return copyOf([create, ...bySlot.values()]);
  });

describe.each([
  ['copies that agree', friendly, false],
  ['any copies', [...friendly, ...contradictions], true],
] as const)('combining %s', (_name, pool, mayConflict) => {
  test('does not depend on the order, and twice is once', () => {
    fc.assert(
      fc.property(copies(pool), copies(pool), copies(pool), (a, b, c) => {
        const both = (x: readonly Act[], y: readonly Act[]) => combine(x, y).acts;
        expect(outcomeOf(() => both(a, a))).toBe(outcomeOf(() => a));
        expect(outcomeOf(() => both(a, b))).toBe(outcomeOf(() => both(b, a)));
        const left = outcomeOf(() => both(both(a, b), c));
        expect(left).toBe(outcomeOf(() => both(a, both(b, c))));
        if (!mayConflict) expect(left).not.toBe('conflict');
        if (left === 'conflict') return;
        const all = both(both(a, b), c);
        for (const act of [...a, ...b, ...c]) if (act.kind !== 'send') expect(all).toContainEqual(act);
      }),
      { numRuns: 100 },
    );
  }, 120_000);

  test('gives what opens again', () => {
    fc.assert(
      fc.property(copies(friendly), copies(friendly), (a, b) => {
        const { acts } = combine(a, b);
        verifyActs(content, digest, content.lines.length, acts);
        checkTransactionSignatures(content, acts);
      }),
      { numRuns: 15 },
    );
  }, 120_000);
});

describe('combining', () => {
  const base = copyOf([create, approve, signed, sent]);

  test('says whether anything was new', () => {
    expect(combine(base, base).outcome).toBe('unchanged');
    expect(combine(base, [create]).outcome).toBe('unchanged');
    expect(combine(base, copyOf([create, second]))).toEqual({
      acts: copyOf([create, approve, second, signed, sent]),
      outcome: 'merged',
    });
  });

  test('takes the later word on where payments stand, never the earlier', () => {
    expect(combine(base, copyOf([create, settled]))).toEqual({
      acts: copyOf([create, approve, signed, settled]),
      outcome: 'merged',
    });
    expect(combine(copyOf([create, settled]), base).acts).toContainEqual(settled);
    expect(combine(copyOf([create, settled]), copyOf([create, sent])).outcome).toBe('unchanged');
  });

  test.each(contradictions.map((act, index) => [`${act.kind} ${index}`, act] as const))(
    'refuses what contradicts, %s',
    (_name, act) => {
      const known = copyOf([create, approve, reject, signed, signedRest]);
      const before = structuredClone(known);
      expect(() => combine(known, copyOf([create, act]))).toThrow(
        expect.objectContaining({
          code: 'envelope/conflict',
          details: { what: 'act', kind: act.kind, name: act.by.name },
        }),
      );
      expect(known).toEqual(before);
    },
  );

  test('refuses two signatures for one line, whoever brings them', () => {
    const line = of(0)[0]?.line as number;
    const { signature } = of(1)[0] as ReturnType<typeof of>[number];
    const forked = signingAct(scope, SECOND_SIGNER, { signatures: [{ line, signature }] });
    expect(() => combine(copyOf([create, signed]), copyOf([create, forked]))).toThrow(
      expect.objectContaining({
        code: 'envelope/conflict',
        details: { what: 'signature', line, name: SECOND_SIGNER.name },
      }),
    );
  });
});
