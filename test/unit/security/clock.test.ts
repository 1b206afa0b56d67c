/**
 * A clock that jumps ten years either way, runs back, changes its zone or passes 2038, under the real checks, desk and
 * store: what has ended stays ended, and order is by number.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { createClockGuard } from '../../../src/main/approval';
import { encodeEnvelope } from '../../../src/main/envelopes/codec';
import { createIntake } from '../../../src/main/envelopes/intake';
import { approvalsNeeded } from '../../../src/main/people/policy';
import type { Instant } from '../../../src/shared/model/ids';
import { openerHere } from '../../integration/envelopes/crash-machine';
import {
  APPROVER,
  approveAct,
  createAct,
  makeContent,
  makeEnvelope,
  makePolicy,
  SECOND_APPROVER,
} from '../../support/envelope-fixture';
import { codeOf, DURING } from '../envelopes/review-machine';
import { give, no, scopeOf, signerMachine, start, yes } from '../envelopes/review-rig';

const TEN_YEARS = 10 * 365.25 * 24 * 3_600_000;
const at = (base: string, ms: number): string => new Date(Date.parse(base) + ms).toISOString();
const ENDS = '2026-03-04T10:00:00Z';

/** Backwards: from a moment to ten years. */
const BACK = [
  5 * 60_000 + 1,
  3_600_000,
  24 * 3_600_000,
  30 * 24 * 3_600_000,
  365 * 24 * 3_600_000,
  TEN_YEARS,
  Date.parse(DURING),
];
const zones = [
  'UTC',
  'Europe/Zurich',
  'America/New_York',
  'Asia/Kolkata',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
];
const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

describe('an approval that has ended', () => {
  it.each(BACK)('is not made to count by a clock that is set back by %i ms', async (back) => {
    const machine = signerMachine();
    const scope = scopeOf();
    const digest = await give(machine, scope, [
      createAct(scope),
      approveAct(scope, APPROVER, { expiresAt: '2026-03-02T12:00:00Z' }),
    ]);
    // It ended at noon; this machine has seen 13:00, because somebody acted then.
    const other = scopeOf(makeContent({ seed: 'later' }));
    await machine.take({
      ...scopeEnvelope(other),
      acts: [createAct(other), approveAct(other, APPROVER, { at: DURING })],
    });
    expect(await codeOf(machine.review.open(digest, 'sign'))).toBe('envelope/refused-by-check');
    machine.setNow(at(DURING, -back));
    const code = await codeOf(machine.review.open(digest, 'sign'));
    expect(['clock/set-back', 'envelope/refused-by-check']).toContain(code);
    // Also where the time falls in the middle of its life.
    machine.setNow('2026-03-02T11:30:00Z');
    expect(await codeOf(machine.review.open(digest, 'sign'))).toBe('clock/set-back');
    expect((await machine.acts(digest)).map(({ kind }) => kind)).toEqual(['create', 'approve']);
    expect(machine.signings.batches).toBe(0);
  });

  it.each([
    ['in a moment', 1],
    ['in a day', 24 * 3_600_000],
    ['in ten years', TEN_YEARS],
    ['after 2038', Date.parse('2038-01-19T03:14:08Z') - Date.parse(ENDS)],
    ['after 2106', Date.parse('2106-02-07T06:28:16Z') - Date.parse(ENDS)],
  ])('with the whole plan, is over %s and for good', async (_name, after) => {
    const machine = signerMachine();
    const scope = scopeOf();
    const digest = await give(machine, scope, [createAct(scope), approveAct(scope)]);
    machine.setNow(at(ENDS, after));
    expect(await codeOf(machine.review.open(digest, 'sign'))).toBe('envelope/expired');
    // The time has left a trace, so it does not come back.
    const other = scopeOf(
      makeContent({ seed: 'later', createdAt: at(ENDS, after), expiresAt: at(ENDS, after + TEN_YEARS) }),
    );
    await machine.take({ ...scopeEnvelope(other), acts: [createAct(other)] });
    machine.setNow(DURING);
    expect(await codeOf(machine.review.open(digest, 'sign'))).toBe('clock/set-back');
    const approver = start();
    await give(approver, scope, [createAct(scope)]);
    approver.setNow(at(ENDS, after));
    expect(await codeOf(approver.review.open(digest, 'approve'))).toBe('envelope/expired');
  });
});

/** Content and digest as a store takes them. */
function scopeEnvelope(scope: ReturnType<typeof scopeOf>) {
  return { content: scope.content, digest: scope.digest };
}

describe('a clock that moves while the window is open', () => {
  it.each(BACK)(
    'back by %i ms: the yes is refused, the no too, and both go once it is right',
    async (back) => {
      const machine = start();
      const scope = scopeOf();
      const digest = await give(machine, scope, [
        createAct(scope),
        approveAct(scope, SECOND_APPROVER, { at: DURING }),
      ]);
      await machine.review.open(digest, 'approve');
      machine.setNow(at(DURING, -back));
      expect(await codeOf(machine.desk.approve(yes(digest)))).toBe('clock/set-back');
      expect(await codeOf(machine.desk.reject(no(digest)))).toBe('clock/set-back');
      machine.setNow(at(DURING, 1_000));
      expect(await codeOf(machine.desk.approve(yes(digest)))).toBe('none');
    },
  );

  it('beyond the end: what was shown in time is not answered late', async () => {
    for (const beyond of [1, 3_600_000, TEN_YEARS]) {
      const machine = signerMachine();
      const scope = scopeOf();
      const digest = await give(machine, scope, [createAct(scope), approveAct(scope)]);
      await machine.review.open(digest, 'sign');
      machine.setNow(at(ENDS, beyond));
      expect(await codeOf(machine.desk.approve(yes(digest)))).toBe('envelope/expired');
      expect(machine.signings.batches).toBe(0);
    }
  });

  it('by five minutes and less: as clocks are', async () => {
    const machine = start();
    const scope = scopeOf();
    const digest = await give(machine, scope, [
      createAct(scope),
      approveAct(scope, SECOND_APPROVER, { at: DURING }),
    ]);
    machine.setNow(at(DURING, -5 * 60_000));
    await machine.review.open(digest, 'approve');
    expect(await codeOf(machine.desk.approve(yes(digest)))).toBe('none');
  });
});

describe('zones and summer time', () => {
  it.each(zones)('%s changes nothing about when something ends', async (name) => {
    process.env.TZ = name;
    for (const [moment, code] of [
      [at(ENDS, 0), 'none'],
      [at(ENDS, 1), 'envelope/expired'],
    ] as const) {
      const machine = signerMachine();
      const scope = scopeOf();
      const digest = await give(machine, scope, [createAct(scope), approveAct(scope)]);
      machine.setNow(moment);
      expect(await codeOf(machine.review.open(digest, 'sign'))).toBe(code);
    }
  });

  it('an hour that comes twice comes once: instants are compared, never local times', async () => {
    process.env.TZ = 'Europe/Zurich';
    // 2026-10-25 03:00 summer time becomes 02:00: the same wall time, an hour apart.
    const [first, second] = ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'];
    expect(new Date(first).getHours()).toBe(new Date(second).getHours());
    const content = makeContent({ createdAt: '2026-10-24T22:00:00Z', expiresAt: '2026-10-25T01:00:00Z' });
    const scope = scopeOf(content);
    const machine = signerMachine();
    const digest = await give(machine, scope, [
      createAct(scope),
      approveAct(scope, APPROVER, { at: '2026-10-24T23:00:00Z' }),
    ]);
    machine.setNow(first);
    expect(await codeOf(machine.review.open(digest, 'sign'))).toBe('none');
    await machine.desk.close();
    machine.setNow(second);
    expect(await codeOf(machine.review.open(digest, 'sign'))).toBe('envelope/expired');
  });
});

describe('the guard', () => {
  it.each(['1970-01-01T00:00:00Z', '2038-01-19T03:14:07Z', '2038-01-19T03:14:08Z', '9999-12-31T23:59:59Z'])(
    'counts from %s as from any other moment',
    async (latest) => {
      const guard = (now: number) =>
        createClockGuard({
          latestTime: async () => latest as Instant,
          clock: { now: () => new Date(now), monotonicMs: () => 0 },
        });
      const moment = Date.parse(latest);
      for (const [difference, code] of [
        [-TEN_YEARS, 'clock/set-back'],
        [-5 * 60_000 - 1, 'clock/set-back'],
        [-5 * 60_000, 'none'],
        [0, 'none'],
        [TEN_YEARS, 'none'],
      ] as const)
        expect(await codeOf(guard(moment + difference)())).toBe(code);
    },
  );
});

describe('a file of a clock that is ahead', () => {
  const takeAt = async (
    machine: ReturnType<typeof start>,
    bytes: Uint8Array,
    now: string,
  ): Promise<string> => {
    const policy = makePolicy();
    const intake = createIntake({
      opener: openerHere,
      store: machine.store,
      policyInForce: async () => ({ digest: policy.digest, content: policy.content }),
      approvalsNeeded,
      me: async () => APPROVER.address,
      vaultKeys: async () => [],
      takePeopleFile: async () => {
        throw new Error('no people here');
      },
      keepAnchor: async () => undefined,
      clock: { now: () => new Date(now), monotonicMs: () => 0 },
      emit: () => undefined,
    });
    return codeOf(intake.take({ bytes }));
  };

  it.each([
    ['ten years', TEN_YEARS],
    ['a week', 7 * 24 * 3_600_000],
  ])('by %s is not taken in, and keeps nobody from their work', async (_name, ahead) => {
    const machine = start();
    const right = scopeOf();
    await give(machine, right);
    const content = makeContent({
      seed: 'ahead',
      createdAt: at(DURING, ahead),
      expiresAt: at(DURING, ahead + 24 * 3_600_000),
    });
    const wrong = scopeOf(content);
    const bytes = encodeEnvelope(makeEnvelope(content, [createAct(wrong)]));
    expect(await takeAt(machine, bytes, DURING)).toBe('clock/set-back');
    expect(await machine.store.find(wrong.digest)).toBeNull();
    await machine.review.open(right.digest, 'approve');
    expect(await codeOf(machine.desk.approve(yes(right.digest)))).toBe('none');
    // Nothing else is wrong with it.
    expect(await takeAt(machine, bytes, at(DURING, ahead))).toBe('none');
  });

  it('by minutes or an hour in the wrong zone is taken in', async () => {
    for (const ahead of [60_000, 14 * 3_600_000]) {
      const content = makeContent({ createdAt: at(DURING, ahead), expiresAt: at(DURING, ahead + TEN_YEARS) });
      const bytes = encodeEnvelope(makeEnvelope(content, [createAct(scopeOf(content))]));
      expect(await takeAt(start(), bytes, DURING)).toBe('none');
    }
  });
});
