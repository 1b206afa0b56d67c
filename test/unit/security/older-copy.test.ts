/**
 * A machine on which an older copy of the workspace was put back: what it signed since comes back to it in envelopes, and
 * has to be known again before anything is signed.
 */
import { describe, expect, it } from 'vitest';
import { encodeEnvelope } from '../../../src/main/envelopes/codec';
import { createIntake } from '../../../src/main/envelopes/intake';
import { journalKeyOf } from '../../../src/main/ledger/stores/journal-check';
import { createJournalStore } from '../../../src/main/ledger/stores/journal-store';
import { approvalsNeeded } from '../../../src/main/people/policy';
import type { Act, EnvelopeContent } from '../../../src/shared/model/envelope';
import { openerHere } from '../../integration/envelopes/crash-machine';
import {
  APPROVER,
  approveAct,
  createAct,
  makeContent,
  makeEnvelope,
  makePolicy,
  SIGNER,
  signAct,
  signingAct,
  type TestKey,
} from '../../support/envelope-fixture';
import { ALL_KEYS, codeOf, directoryOf, type Machine } from '../envelopes/review-machine';
import { type Scope, scopeOf, signerMachine, yes } from '../envelopes/review-rig';

const original = scopeOf(makeContent({ lines: 3, accounts: 2 }));
const LATER = '2026-03-02T12:30:00Z';

/** The same payments, made again: other nonces, and other ids of them. */
const madeAgain = (change: (content: EnvelopeContent) => EnvelopeContent = (content) => content): Scope =>
  scopeOf(
    change(
      makeContent({ lines: 3, accounts: 2, firstNonce: 50, createdAt: '2026-03-02T12:00:00Z', seed: 'a' }),
    ),
  );
const takeIn = (
  machine: Machine,
  scope: Scope,
  acts: readonly Act[],
  keys: readonly TestKey[] = ALL_KEYS,
) => {
  const policy = makePolicy();
  return createIntake({
    opener: openerHere,
    store: machine.store,
    policyInForce: async () => ({ digest: policy.digest, content: policy.content }),
    approvalsNeeded,
    me: async () => SIGNER.address,
    vaultKeys: async () => keys,
    takePeopleFile: async () => {
      throw new Error('no people here');
    },
    keepAnchor: async () => undefined,
    clock: { now: () => new Date('2026-03-02T13:00:00Z'), monotonicMs: () => 0 },
    emit: () => undefined,
  }).take({ bytes: encodeEnvelope(makeEnvelope(scope.content, acts)) });
};
const remembered = (machine: Machine): number =>
  machine.db.prepare('SELECT * FROM signed_memory').all().length;
const refusals = async (machine: Machine, scope: Scope): Promise<string[]> =>
  (await machine.findings(scope.digest, 'sign'))
    .filter(({ verdict }) => verdict === 'refused')
    .map(({ code }) => code);
const approved = (scope: Scope): Act[] => [createAct(scope), approveAct(scope, APPROVER, { at: LATER })];
const signed = (scope: Scope): Act[] => [
  ...approved(scope),
  signingAct(scope, SIGNER, { at: '2026-03-02T12:45:00Z' }),
];

describe('own signatures that come back', () => {
  it.each([
    ['in an envelope that is new here', []],
    ['in a copy of an envelope that is here', approved(original)],
  ])('are remembered, %s', async (_name, before) => {
    const machine = signerMachine();
    await machine.fill(directoryOf(original.content));
    if (before.length > 0) await takeIn(machine, original, before);
    expect(remembered(machine)).toBe(0);
    expect(await takeIn(machine, original, signed(original))).toMatchObject({
      outcome: before.length > 0 ? 'merged' : 'new',
    });
    expect(remembered(machine)).toBe(3);

    const again = madeAgain();
    await takeIn(machine, again, approved(again));
    expect(await refusals(machine, again)).toContain('already-signed');
    expect(await codeOf(machine.review.open(again.digest, 'sign'))).toBe('envelope/refused-by-check');
    expect(machine.signings.batches).toBe(0);
    // The same file once more changes nothing.
    expect(await takeIn(machine, original, signed(original))).toMatchObject({ outcome: 'unchanged' });
    expect(remembered(machine)).toBe(3);
  });

  it('are remembered when the keys came after the envelope', async () => {
    const machine = signerMachine();
    await machine.fill(directoryOf(original.content));
    await takeIn(machine, original, signed(original), []);
    expect(remembered(machine)).toBe(0);
    await takeIn(machine, original, signed(original));
    expect(remembered(machine)).toBe(3);
  });

  it('are not remembered of accounts whose keys are elsewhere, nor of lines that nobody signed', async () => {
    const machine = signerMachine();
    await takeIn(machine, original, signed(original), ALL_KEYS.slice(0, 1));
    const own = original.content.lines.filter(({ account }) => account === 0).length;
    expect(own).toBeGreaterThan(0);
    expect(own).toBeLessThan(3);
    expect(remembered(machine)).toBe(own);
    const other = signerMachine();
    await takeIn(other, original, approved(original));
    expect(remembered(other)).toBe(0);
  });

  it('that contradict the memory leave it as it is, and the envelope is there with its conflict', async () => {
    const machine = signerMachine();
    await machine.fill(directoryOf(original.content));
    await takeIn(machine, original, signed(original));
    const before = machine.db.prepare('SELECT * FROM signed_memory').all();
    const again = madeAgain();
    expect(await takeIn(machine, again, signed(again))).toMatchObject({ outcome: 'new' });
    expect(machine.db.prepare('SELECT * FROM signed_memory').all()).toEqual(before);
    expect(await refusals(machine, again)).toContain('already-signed');
    const fork = scopeOf(makeContent({ lines: 3, accounts: 2, seed: 'fork' }));
    expect(await takeIn(machine, fork, signed(fork))).toMatchObject({ outcome: 'new' });
    expect(machine.db.prepare('SELECT * FROM signed_memory').all()).toEqual(before);
    expect(await refusals(machine, fork)).toContain('nonces');
    expect(await codeOf(machine.desk.approve(yes(fork.digest)))).not.toBe('none');
  });
});

describe('an own act that comes back', () => {
  const other = madeAgain((content) => ({
    ...content,
    lines: content.lines.map((line, index) => ({
      ...line,
      endToEndId: `${line.endToEndId}-new`,
      paymentId: `${line.paymentId.slice(0, -1)}${'xyz'.charAt(index)}` as never,
    })),
  }));
  /** A machine whose journal has three entries, the first of them at `firstAt`. */
  const withJournal = async (firstAt: string) => {
    const machine = signerMachine();
    await machine.fill(directoryOf(original.content));
    const journal = createJournalStore(machine.db, journalKeyOf(new Uint8Array(32)));
    const heads = [firstAt, LATER, LATER].map(
      (at) =>
        journal.append({
          at: at as never,
          who: null,
          source: 'app',
          event: 'test.entry',
          digest: null,
          verdict: 'ok',
          facts: {},
        }).hash,
    );
    return { machine, heads };
  };
  const actAt = (count: number, head: string): Act => {
    const { signature: _, ...act } = signingAct(original, SIGNER, { at: '2026-03-02T12:45:00Z' });
    return signAct(original, SIGNER, { ...act, journal: { count, head: head as never } });
  };
  const verdicts = async (machine: Machine, scope: Scope) =>
    (await machine.findings(scope.digest, 'sign'))
      .filter(({ code }) => code === 'journal')
      .map(({ verdict }) => verdict);
  const EARLY = '2026-03-01T08:00:00.000Z';
  const zeros = `0x${'0'.repeat(64)}`;
  const nines = `0x${'9'.repeat(64)}`;

  it.each([
    ['is known to the journal', EARLY, 3, null, 'passed', 'passed'],
    ['was made before the first entry', EARLY, 0, zeros, 'passed', 'passed'],
    ['is beyond the journal’s end', EARLY, 4, nines, 'refused', 'refused'],
    ['stands on another entry', EARLY, 2, nines, 'refused', 'refused'],
    ['is older than the workspace', '2026-03-02T12:50:00.000Z', 40, nines, 'warning', 'passed'],
  ] as const)('and %s', async (_name, firstAt, count, head, there, elsewhere) => {
    const { machine, heads } = await withJournal(firstAt);
    await takeIn(machine, original, [
      ...approved(original),
      actAt(count, head ?? (heads[count - 1] as string)),
    ]);
    await takeIn(machine, other, approved(other));
    expect(remembered(machine)).toBe(3);
    expect(await verdicts(machine, original)).toEqual([there]);
    expect(await verdicts(machine, other)).toEqual([elsewhere]);
    expect(await codeOf(machine.review.open(other.digest, 'sign'))).toBe(
      elsewhere === 'refused' ? 'envelope/refused-by-check' : 'none',
    );
  });

  it('of somebody else says nothing of this journal', async () => {
    const { machine } = await withJournal(EARLY);
    await takeIn(machine, original, approved(original));
    expect(await verdicts(machine, original)).toEqual(['passed']);
  });
});
