/**
 * Envelopes in the approval window, asked by somebody who has taken over the main window and plays every trick between
 * showing and answering: nothing is approved or signed but what was shown, by who may, once.
 */
import { describe, expect, it } from 'vitest';
import { verifyActs } from '../../../src/main/envelopes/acts';
import { voiceWords } from '../../../src/main/vault';
import { Act } from '../../../src/shared/model/envelope';
import type { Hash32, Instant } from '../../../src/shared/model/ids';
import {
  APPROVER,
  approveAct,
  createAct,
  MAKER,
  makeContent,
  makeEnvelope,
  makePolicy,
  rejectAct,
  SECOND_APPROVER,
  SIGNER,
  testPerson,
} from '../../support/envelope-fixture';
import { ALL_KEYS, codeOf, directoryOf, type Machine, type MachineOptions } from './review-machine';
import { give, no, type Scope, scopeOf, start, yes } from './review-rig';

describe('approving', () => {
  it('shows what the bytes say, and adds an act that everybody can verify', async () => {
    const machine = start();
    const scope = scopeOf();
    const digest = await give(machine, scope);
    await machine.review.open(digest, 'approve');
    const document = machine.desk.document();
    expect(document).toMatchObject({
      act: 'approve',
      kind: 'batch',
      digest,
      words: null,
      batchId: null,
      count: 8,
      creditors: 8,
      policy: null,
      envelope: {
        company: scope.content.company.name,
        approvalsNeeded: 1,
        me: { name: APPROVER.name, key: APPROVER.address },
      },
    });
    expect(document.sums.map(({ currency, count }) => [currency, count])).toEqual(
      scope.content.totals.map(({ currency, count }) => [currency, count]),
    );
    const { lines } = machine.desk.lines(0, 100);
    expect(lines.map(({ units }) => units)).toEqual(scope.content.lines.map(({ units }) => BigInt(units)));
    expect(lines.map(({ data }) => data)).toEqual(
      scope.content.lines.map(({ transaction }) => transaction.data),
    );

    expect(await machine.desk.approve(yes(digest))).toEqual({ signed: 0 });
    const acts = await machine.acts(digest);
    expect(acts.map(({ kind }) => kind)).toEqual(['create', 'approve']);
    expect(acts[1]).toMatchObject({
      by: { name: APPROVER.name, key: APPROVER.address },
      body: { voice: false, expiresAt: scope.content.expiresAt },
    });
    const { lines: _, ...head } = scope.content;
    verifyActs(head, digest, 8, acts);
    expect(machine.anchors.kept).toBe(1);
    expect(machine.signings).toEqual({ batches: 0, statements: 1 });
  });

  it('tells in the act whether the words were compared', async () => {
    const machine = start();
    const digest = await give(machine, scopeOf());
    await machine.review.open(digest, 'approve');
    const words = voiceWords(machine.desk.challenge(), digest);
    expect(machine.desk.compareWords(words.map((word) => word.toUpperCase())).agrees).toBe(true);
    await machine.desk.approve(yes(digest));
    expect((await machine.acts(digest))[1]).toMatchObject({ kind: 'approve', body: { voice: true } });
  });

  it.each<readonly [string, Partial<MachineOptions>, (scope: Scope) => Act[], string]>([
    ['without a policy', { policy: null }, (scope) => [createAct(scope)], 'policy/missing'],
    ['by a signer', { person: SIGNER }, (scope) => [createAct(scope)], 'policy/role-missing'],
    [
      'by somebody whom the policy does not name',
      { person: testPerson('Nobody', 'approver') },
      (scope) => [createAct(scope)],
      'policy/role-missing',
    ],
    ['after somebody said no', {}, (scope) => [createAct(scope), rejectAct(scope)], 'envelope/wrong-state'],
    ['after its end', { now: '2026-03-05T10:00:00Z' }, (scope) => [createAct(scope)], 'envelope/expired'],
    [
      'by a clock set back ten years',
      { now: '2016-03-02T13:00:00Z' },
      (scope) => [createAct(scope)],
      'clock/set-back',
    ],
    [
      'under a policy that is not in force',
      { policy: makePolicy({ number: 2 }) },
      (scope) => [createAct(scope)],
      'envelope/refused-by-check',
    ],
  ])('%s opens no window', async (_name, options, acts, code) => {
    const machine = start(options);
    const scope = scopeOf();
    const digest = await give(machine, scope, acts(scope));
    expect(await codeOf(machine.review.open(digest, 'approve'))).toBe(code);
    expect(machine.windows.opened).toBe(0);
    expect(await codeOf(machine.desk.approve(yes(digest)))).toBe('payments/approval-closed');
    expect(machine.signings).toEqual({ batches: 0, statements: 0 });
  });

  it('of the own batch opens no window, not even where the maker is an approver too', async () => {
    const both = testPerson('Both', 'maker', 'approver');
    const policy = makePolicy({
      people: [both, APPROVER, SIGNER].map(({ name, address, roles }) => ({
        name,
        key: address,
        roles: [...roles],
      })),
    });
    const machine = start({ person: both, policy });
    const scope = scopeOf(makeContent({ maker: both, policy: { number: 1, digest: policy.digest } }));
    const digest = await give(machine, scope, [createAct(scope, both)]);
    expect(await codeOf(machine.review.open(digest, 'approve'))).toBe('policy/own-batch');
    expect(await codeOf(machine.review.open(digest, 'sign'))).toBe('policy/role-missing');
  });

  it('of texts that are not what the bytes say opens no window, nor are their words read', async () => {
    const right = makeContent();
    const lines = right.lines.map((line, index) => (index === 5 ? { ...line, units: '1' } : line));
    const scope = scopeOf({ ...right, lines });
    const machine = start();
    const digest = await give(machine, scope);
    for (const act of ['approve', 'compare'] as const)
      expect(await codeOf(machine.review.open(digest, act))).toBe('envelope/refused-by-check');
    expect(machine.windows.opened).toBe(0);
  });

  it('of an unknown envelope opens no window', async () => {
    const machine = start();
    expect(await codeOf(machine.review.open(scopeOf().digest, 'approve'))).toBe('envelope/unknown');
  });
});

describe('between showing and answering', () => {
  const shown = async (machine: Machine, content = makeContent()) => {
    const scope = scopeOf(content);
    const digest = await give(machine, scope);
    await machine.review.open(digest, 'approve');
    return { scope, digest };
  };
  const expectNothing = async (machine: Machine, digest: Hash32) => {
    expect((await machine.acts(digest)).filter(({ kind }) => kind !== 'create' && kind !== 'reject')).toEqual(
      [],
    );
  };

  it('another envelope can neither be asked for nor answered', async () => {
    const machine = start();
    const { digest } = await shown(machine);
    const other = scopeOf(makeContent({ seed: 'b', firstNonce: 500 }));
    await machine.take(makeEnvelope(other.content, [createAct(other)]));
    expect(await codeOf(machine.review.open(other.digest, 'approve'))).toBe('busy');
    expect(await codeOf(machine.desk.approve(yes(other.digest)))).toBe('payments/digest-mismatch');
    expect(machine.desk.document().digest).toBe(digest);
    await expectNothing(machine, digest);
    await expectNothing(machine, other.digest);
  });

  it('a line that changes in the store is noticed', async () => {
    const machine = start();
    const { digest } = await shown(machine);
    const change = machine.db.prepare(
      `UPDATE envelope_lines SET line = replace(line, '"units":"', '"units":"1') WHERE position = 3`,
    );
    change.run();
    expect(await codeOf(machine.desk.approve(yes(digest)))).toBe('envelope/refused-by-check');
    await expectNothing(machine, digest);
  });

  it('a name that changes in the own directory is noticed: answered is what was shown', async () => {
    const machine = start();
    const { digest, scope } = await shown(machine);
    const { networks } = directoryOf(scope.content);
    const [first] = networks;
    if (!first) throw new Error('no network');
    await machine.book.putNetwork({ ...first, name: 'Another name' });
    expect(await codeOf(machine.desk.approve(yes(digest)))).toBe('payments/digest-mismatch');
    await expectNothing(machine, digest);
  });

  it.each<readonly [string, (machine: Machine) => void, string]>([
    [
      'a policy that was replaced',
      (machine) => machine.setPolicy(makePolicy({ number: 2 })),
      'envelope/refused-by-check',
    ],
    ['a policy that is gone', (machine) => machine.setPolicy(null), 'policy/missing'],
    [
      'a policy that took the role away',
      (machine) =>
        machine.setPolicy(
          makePolicy({
            people: [
              { name: APPROVER.name, key: APPROVER.address, roles: ['auditor'] },
              { name: MAKER.name, key: MAKER.address, roles: ['maker'] },
            ],
          }),
        ),
      'policy/role-missing',
    ],
    ['the end of the plan', (machine) => machine.setNow('2026-03-04T10:00:01Z'), 'envelope/expired'],
    ['a clock that is set back', (machine) => machine.setNow('2026-03-02T09:00:00Z'), 'clock/set-back'],
  ])('%s is noticed', async (_name, change, code) => {
    const machine = start();
    const { digest } = await shown(machine);
    change(machine);
    expect(await codeOf(machine.desk.approve(yes(digest)))).toBe(code);
    await expectNothing(machine, digest);
  });

  it('a no that arrives counts, even while the yes is being signed', async () => {
    const machine = start();
    const { digest, scope } = await shown(machine);
    machine.hooks.beforeSigning = async () => {
      machine.hooks.beforeSigning = () => undefined;
      await machine.store.putActs(
        digest,
        [createAct(scope), rejectAct(scope)],
        '2026-03-02T13:00:00Z' as Instant,
      );
    };
    expect(await codeOf(machine.desk.approve(yes(digest)))).toBe('envelope/wrong-state');
    await expectNothing(machine, digest);
  });

  it('another one’s yes that arrives is kept beside the own', async () => {
    const machine = start();
    const { digest, scope } = await shown(machine);
    machine.hooks.beforeSigning = async () => {
      machine.hooks.beforeSigning = () => undefined;
      await machine.store.putActs(
        digest,
        [createAct(scope), approveAct(scope, SECOND_APPROVER)],
        '2026-03-02T13:00:00Z' as Instant,
      );
    };
    expect(await codeOf(machine.desk.approve(yes(digest)))).toBe('none');
    expect((await machine.acts(digest)).map(({ kind }) => kind)).toEqual(['create', 'approve', 'approve']);
  });

  it('a window that closes leaves nothing, and one yes is one act', async () => {
    const machine = start();
    const { digest } = await shown(machine);
    let reached: () => void = () => undefined;
    const isSigning = new Promise<void>((resolve) => {
      reached = resolve;
    });
    let goOn: () => void = () => undefined;
    machine.hooks.beforeSigning = () => {
      reached();
      return new Promise<void>((resolve) => {
        goOn = resolve;
      });
    };
    const answer = codeOf(machine.desk.approve(yes(digest)));
    await isSigning;
    expect(await codeOf(machine.desk.approve(yes(digest)))).toBe('busy');
    expect(await codeOf(machine.desk.reject(no(digest)))).toBe('busy');
    await machine.desk.close();
    goOn();
    expect(await answer).toBe('cancelled');
    await expectNothing(machine, digest);
    machine.hooks.beforeSigning = () => undefined;
    await machine.review.open(digest, 'approve');
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => codeOf(machine.desk.approve(yes(digest)))),
    );
    expect(answers.filter((code) => code === 'none')).toHaveLength(1);
    expect((await machine.acts(digest)).map(({ kind }) => kind)).toEqual(['create', 'approve']);
  });

  it('a wrong passphrase signs nothing, and the right one afterwards does', async () => {
    const machine = start();
    const { digest } = await shown(machine);
    expect(await codeOf(machine.desk.approve({ digest, passphrase: 'guess' }))).toBe(
      'vault/wrong-passphrase',
    );
    await expectNothing(machine, digest);
    expect(await codeOf(machine.desk.approve(yes(digest)))).toBe('none');
  });
});

describe('rejecting', () => {
  it('is an act with a reason that everybody reads, in one line', async () => {
    const machine = start();
    const scope = scopeOf();
    const digest = await give(machine, scope);
    await machine.review.open(digest, 'approve');
    expect(await codeOf(machine.desk.reject(no(digest, '\u202e \n')))).toBe('ipc/invalid-input');
    await machine.desk.reject(no(digest, 'Wrong\u202e supplier\nsee mail'));
    const acts = await machine.acts(digest);
    expect(acts.map(({ kind }) => kind)).toEqual(['create', 'reject']);
    expect(acts[1]).toMatchObject({ body: { reason: 'Wrong  supplier see mail' } });
    expect(await codeOf(machine.review.open(digest, 'approve'))).toBe('envelope/wrong-state');
    expect(machine.anchors.kept).toBe(1);
  });

  it('keeps a reason whole up to its limit, and cuts no character in two', async () => {
    for (const [reason, kept] of [
      [`${'x'.repeat(299)}😀`, `${'x'.repeat(299)}😀`],
      ['😀'.repeat(300), '😀'.repeat(300)],
      // Grows to twice its length in NFC.
      ['\u0958'.repeat(300), '\u0915\u093c'.repeat(150)],
      [`${'\u0958'.repeat(149)}x${'😀'.repeat(20)}`, `${'\u0915\u093c'.repeat(149)}x😀`],
    ] as const) {
      const machine = start();
      const digest = await give(machine, scopeOf());
      await machine.review.open(digest, 'approve');
      await machine.desk.reject(no(digest, reason));
      const [, act] = await machine.acts(digest);
      expect(Act.parse(act)).toMatchObject({ kind: 'reject', body: { reason: kept } });
    }
  });

  it('is still possible for who has approved; a second yes is not', async () => {
    const machine = start();
    const scope = scopeOf();
    const digest = await give(machine, scope, [createAct(scope), approveAct(scope)]);
    await machine.review.open(digest, 'approve');
    expect(await codeOf(machine.desk.approve(yes(digest)))).toBe('envelope/wrong-state');
    await machine.desk.reject(no(digest));
    expect((await machine.acts(digest)).map(({ kind }) => kind)).toEqual(['create', 'approve', 'reject']);
    expect(await codeOf(machine.review.open(digest, 'approve'))).toBe('envelope/wrong-state');
  });

  it('is what an envelope is for that this machine’s books dispute; a yes is not', async () => {
    const machine = start();
    const scope = scopeOf();
    const directory = directoryOf(scope.content);
    await machine.fill({
      ...directory,
      counterparties: directory.counterparties.map((party) => ({
        ...party,
        name: `Wholly other ${party.id}`,
      })),
    });
    await machine.take(makeEnvelope(scope.content, [createAct(scope)]));
    const { digest } = scope;
    await machine.review.open(digest, 'approve');
    const { envelope } = machine.desk.document();
    expect(envelope?.findings[0]).toMatchObject({ verdict: 'refused', code: 'creditor-known', count: 8 });
    expect(await codeOf(machine.desk.approve(yes(digest)))).toBe('envelope/refused-by-check');
    expect((await machine.acts(digest)).map(({ kind }) => kind)).toEqual(['create']);
    await machine.desk.reject(no(digest, 'Not our supplier'));
    expect((await machine.acts(digest)).map(({ kind }) => kind)).toEqual(['create', 'reject']);
  });

  it('is still possible for who has approved, as long as somebody opens it to sign', async () => {
    const both = testPerson('Approves and signs', 'approver', 'signer');
    const policy = makePolicy({
      people: [MAKER, both].map(({ name, address, roles }) => ({ name, key: address, roles: [...roles] })),
    });
    const machine = start({ person: both, policy, keys: ALL_KEYS });
    const scope = scopeOf(makeContent({ policy: { number: 1, digest: policy.digest } }));
    const digest = await give(machine, scope, [createAct(scope), approveAct(scope, both)]);
    await machine.review.open(digest, 'sign');
    await machine.desk.reject(no(digest));
    expect(await codeOf(machine.review.open(digest, 'sign'))).toBe('envelope/wrong-state');
    expect(machine.signings.batches).toBe(0);
  });
});

describe('reading words to a checker', () => {
  it('tells the words of their challenge, and has no yes and no no', async () => {
    const machine = start({ person: MAKER });
    const digest = await give(machine, scopeOf());
    await machine.review.open(digest, 'compare');
    expect(machine.desk.wordsFor('90210404')).toEqual(voiceWords('90210404', digest));
    expect(await codeOf(machine.desk.approve(yes(digest)))).toBe('envelope/wrong-state');
    expect(await codeOf(machine.desk.reject(no(digest)))).toBe('envelope/wrong-state');
    expect(machine.signings).toEqual({ batches: 0, statements: 0 });
  });
});
