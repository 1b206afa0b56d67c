import { describe, expect, it } from 'vitest';
import {
  describeEnvelope,
  sortFindings,
  taskOf,
  wayOf,
} from '../../../src/renderer/features/envelopes/describe';
import type { EnvelopeAct, EnvelopeSummary } from '../../../src/shared/contract';

const act = (kind: EnvelopeAct['kind'], at: number, more: Partial<EnvelopeAct> = {}): EnvelopeAct => ({
  kind,
  by: { name: `Person ${at}`, key: `0x${String(at).padStart(40, '0')}` as never },
  at: `2026-11-23T0${at}:00:00.000Z`,
  expiresAt: null,
  voice: null,
  reason: null,
  lines: null,
  problem: null,
  isMine: false,
  ...more,
});

const summary = (more: Partial<EnvelopeSummary>): EnvelopeSummary =>
  ({
    state: 'waits-approval',
    count: 3,
    signedLines: 0,
    approvals: { given: 0, needed: 2 },
    acts: [act('create', 1)],
    sums: [],
    abilities: [],
    ...more,
  }) as EnvelopeSummary;

const steps = (given: EnvelopeSummary, findings: Parameters<typeof wayOf>[1]['findings'] = null): string[] =>
  wayOf(given, { findings }).map(
    ({ kind, state, place }) => `${kind} ${state}${place === null ? '' : ` ${place}`}`,
  );

describe('the way of an envelope', () => {
  it('shows what is done, then what is to come', () => {
    expect(steps(summary({}))).toEqual([
      'create done',
      'check open',
      'approve open',
      'sign open',
      'combine open',
      'send open',
      'settle open',
    ]);
  });

  it('numbers the approvals that count, by time, and leaves the others without a number', () => {
    const acts = [
      act('create', 1),
      act('approve', 4),
      act('approve', 2, { problem: 'own-batch' }),
      act('approve', 3),
    ];
    expect(steps(summary({ acts, approvals: { given: 2, needed: 2 }, state: 'waits-signature' }))).toEqual([
      'create done',
      'check open',
      'approve warn',
      'approve done 1',
      'approve done 2',
      'sign open',
      'combine open',
      'send open',
      'settle open',
    ]);
  });

  it('promises nothing after a rejection, an expiry or a withdrawal', () => {
    const rejected = summary({ state: 'rejected', acts: [act('create', 1), act('reject', 2)] });
    expect(steps(rejected)).toEqual(['create done', 'check open', 'reject bad']);
    for (const state of ['expired', 'withdrawn'] as const)
      expect(steps(summary({ state }))).toEqual(['create done', 'check open']);
  });

  it('ends with settled once everything is final', () => {
    const acts = [
      act('create', 1),
      act('approve', 2),
      act('sign', 3, { lines: 3 }),
      act('send', 4, { lines: 3 }),
    ];
    const settled = summary({ state: 'settled', acts, signedLines: 3, approvals: { given: 1, needed: 1 } });
    expect(steps(settled, []).slice(-3)).toEqual(['combine done', 'send done', 'settle done']);
  });

  it('says of a check that refuses that it refuses', () => {
    const refused = [{ verdict: 'refused', code: 'nonces', count: 1, firstLine: 0, text: null }] as const;
    expect(steps(summary({}), refused)[1]).toBe('check bad');
  });
});

describe('findings', () => {
  it('stand in the order refused, unchecked, to be looked at, passed', () => {
    const some = (['passed', 'warning', 'refused', 'unchecked', 'passed'] as const).map((verdict) => ({
      verdict,
      code: 'digest' as const,
      count: 0,
      firstLine: null,
      text: null,
    }));
    expect(sortFindings(some).map(({ verdict, findings }) => `${verdict} ${findings.length}`)).toEqual([
      'refused 1',
      'unchecked 1',
      'warning 1',
      'passed 2',
    ]);
  });
});

describe('what a button says', () => {
  const sum = (currency: string, units: bigint, count: number) => ({
    currency: currency as never,
    count,
    sum: { units, decimals: 2 },
  });

  it('repeats count and sums whole, or how many currencies', () => {
    const one = summary({ count: 2, sums: [sum('USD', 431_022_050n, 2)] });
    expect(describeEnvelope(one, 'en')).toBe('2 payments, USD\u00a04,310,220.50');
    const three = summary({ count: 3, sums: ['EUR', 'HKD', 'USD'].map((code) => sum(code, 1n, 1)) });
    expect(describeEnvelope(three, 'en')).toBe('3 payments in 3 currencies');
  });

  it('tells payments from cancellations', () => {
    expect(describeEnvelope(summary({ count: 1 }), 'en')).toBe('1 cancellation');
    expect(describeEnvelope(summary({ count: 3, sums: [sum('USD', 100n, 2)] }), 'en')).toBe(
      '2 payments, 1 cancellation, USD\u00a01.00',
    );
  });

  it('names one task, never an offer or a way out', () => {
    expect(taskOf(['compare', 'withdraw'])).toBeNull();
    expect(taskOf(['withdraw', 'compare', 'reject', 'approve'])).toBe('approve');
    expect(taskOf(['withdraw', 'renew'])).toBe('renew');
  });
});
