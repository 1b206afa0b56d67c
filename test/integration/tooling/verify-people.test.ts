import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { anchorsOf, checkEnvelope } from '../../../scripts/verify/envelope.mjs';
import { checkAnchors, checkJournal } from '../../../scripts/verify/journal.mjs';
import { checkInForce, checkPolicyFile } from '../../../scripts/verify/people.mjs';
import { coveredSignatures } from '../../../src/main/envelopes/sending';
import { exportJsonLines } from '../../../src/main/journal/export';
import { journalKeyOf } from '../../../src/main/ledger/stores/journal-check';
import { createJournalStore } from '../../../src/main/ledger/stores/journal-store';
import { approvalsNeeded } from '../../../src/main/people/policy';
import type { Act } from '../../../src/shared/model/envelope';
import type { Hash32 } from '../../../src/shared/model/ids';
import type { PolicyFile } from '../../../src/shared/model/people';
import {
  APPROVER,
  approveAct,
  COMPANY,
  createAct,
  envelopeFixture,
  MAKER,
  makeContent,
  makeEnvelope,
  makePolicy,
  OTHER_COMPANY,
  rejectAct,
  SECOND_APPROVER,
  SIGNER,
  signAct,
  signingAct,
  testPerson,
} from '../../support/envelope-fixture';
import { openTestStore } from '../../support/open-store';
import { remoteOf } from '../../support/remote';
import { type Answer, answerOf, bytesOf, check, removeFolder, run, saidOf, save } from './verify-rig';

afterAll(removeFolder);

describe('people', () => {
  const content = makeContent({ lines: 4 });
  const scope = { content, digest: envelopeFixture({ lines: 4 }, []).digest };
  const checkActs = (acts: Act[], policy = makePolicy(), at?: string): Answer =>
    check(bytesOf(makeEnvelope(content, [createAct(scope), ...acts])), { policy, ...(at ? { at } : {}) });

  it('who approve what they made, or have no part in it, do not count', () => {
    expect(saidOf(checkActs([approveAct(scope, MAKER)]))).toContain(
      'approve by Mia Maker: does not count: Mia Maker is not approver',
    );
    const both = makePolicy({
      people: [
        { name: MAKER.name, key: MAKER.address, roles: ['maker', 'approver'] },
        { name: APPROVER.name, key: APPROVER.address, roles: ['approver'] },
        { name: SECOND_APPROVER.name, key: SECOND_APPROVER.address, roles: ['approver'] },
      ],
    });
    expect(saidOf(checkActs([approveAct(scope, MAKER)], both))).toContain(
      'approve by Mia Maker: does not count: Mia Maker made it',
    );
    const stranger = testPerson('Stella Stranger', 'approver');
    expect(saidOf(checkActs([approveAct(scope, stranger)]))).toContain(
      'approve by Stella Stranger: does not count: Stella Stranger is not in the policy',
    );
  });

  it('must be as many as the table says, at the time of signing', () => {
    const two = makePolicy({ defaultApprovals: 2, people: makePolicy().content.people });
    const own = makeContent({ lines: 4, policy: { number: 1, digest: two.digest } });
    const ownScope = { content: own, digest: makeEnvelope(own, []).digest };
    const envelope = (...acts: Act[]) => bytesOf(makeEnvelope(own, [createAct(ownScope), ...acts]));
    const one = approveAct(ownScope);
    const second = approveAct(ownScope, SECOND_APPROVER, { at: '2026-03-02T11:10:00Z' });
    expect(check(envelope(one, second, signingAct(ownScope)), { policy: two }).agrees).toBe(true);
    expect(saidOf(check(envelope(one, signingAct(ownScope)), { policy: two }))).toEqual([
      'approvals: signed with 1 of 2 at 2026-03-02T12:00:00Z',
    ]);
    const ended = approveAct(ownScope, SECOND_APPROVER, { expiresAt: '2026-03-02T11:59:59Z' });
    expect(saidOf(check(envelope(one, ended, signingAct(ownScope)), { policy: two }))).toEqual([
      'approvals: signed with 1 of 2 at 2026-03-02T12:00:00Z',
    ]);
    // Not signed yet: too few is where it stands, not an error.
    expect(check(envelope(one), { policy: two, at: '2026-03-02T12:00:00Z' })).toMatchObject({
      agrees: true,
      approvals: { given: 1, needed: 2 },
    });
  });

  it('must be as many at every signing, as where it is sent', () => {
    const late = testPerson('Lara Later', 'signer');
    for (const [first, second] of [
      [SIGNER, late],
      [late, SIGNER],
    ] as const) {
      const { content: usual } = makePolicy();
      const policy = makePolicy({
        people: [...usual.people, { name: late.name, key: late.address, roles: ['signer'] }],
      });
      const own = makeContent({ lines: 2, policy: { number: 1, digest: policy.digest } });
      const ownScope = { content: own, digest: makeEnvelope(own, []).digest };
      const answers = (expiresAt: string, at?: string) => {
        const acts = [
          createAct(ownScope),
          approveAct(ownScope, APPROVER, { expiresAt }),
          signingAct(ownScope, first, { at: '2026-03-02T12:00:00Z' }),
          signingAct(ownScope, second, { at: '2026-03-02T13:00:00Z' }),
        ];
        const envelope = makeEnvelope(own, acts);
        let isSent = true;
        try {
          coveredSignatures(
            { head: own, acts: envelope.acts, lineCount: 2, digest: envelope.digest },
            { digest: policy.digest, content: policy.content },
            approvalsNeeded,
          );
        } catch (error) {
          expect(error).toMatchObject({ code: 'envelope/approvals-missing' });
          isSent = false;
        }
        return { isSent, said: check(bytesOf(envelope), { policy, ...(at ? { at } : {}) }) };
      };
      const between = answers('2026-03-02T12:30:00Z');
      expect(between.isSent).toBe(false);
      expect(saidOf(between.said)).toEqual(['approvals: signed with 0 of 1 at 2026-03-02T13:00:00Z']);
      expect(between.said.approvals).toMatchObject({ given: 0 });
      // A moment that is asked for takes the place of none.
      expect(answers('2026-03-02T12:30:00Z', '2026-03-02T12:00:00Z').said.agrees).toBe(false);
      expect(answers('2026-03-02T13:00:00Z')).toMatchObject({ isSent: true, said: { agrees: true } });
    }
  });

  it('who sign what was rejected, or under another policy, are told', () => {
    const rejected = checkActs([approveAct(scope), rejectAct(scope), signingAct(scope)]);
    expect(saidOf(rejected)).toEqual(['reject by Berta Bewilligung: rejected: Wrong supplier']);
    const other = makePolicy({ changeApprovals: 2 }, [APPROVER, SECOND_APPROVER]);
    expect(saidOf(checkActs([approveAct(scope)], other))).toEqual([
      expect.stringMatching(/^policy: the envelope was made under 0x\w+, given is 0x/),
    ]);
  });

  it('whose acts were for another batch or company are told', () => {
    const foreign = makeContent({ lines: 4, company: OTHER_COMPANY });
    const foreignScope = { content: foreign, digest: scope.digest };
    for (const act of [
      approveAct({ content, digest: envelopeFixture({ lines: 5 }).digest }),
      approveAct(foreignScope),
    ])
      expect(saidOf(checkActs([act]))).toEqual([
        expect.stringMatching(/^act 1 approve by Arno Approver: not signed by 0x\w+ for this content$/),
      ]);
  });

  it('two signers of one line with different signatures are told', () => {
    const other = testPerson('Sina Signer', 'signer');
    type Signed = { line: number; signature: string };
    const [first, second] = (signingAct(scope).body as { signatures: Signed[] }).signatures as [
      Signed,
      Signed,
    ];
    const forked = [{ ...first, signature: second.signature }];
    const acts = [
      approveAct(scope),
      signingAct(scope),
      signingAct(scope, other, { signatures: forked as never }),
    ];
    expect(saidOf(checkActs(acts)).some((said) => /^line 0: signed otherwise by/.test(said))).toBe(true);
  });
});

describe('a policy', () => {
  const checkPolicy = (policy: unknown, forerunner: PolicyFile | null = null): Answer =>
    answerOf((report) => {
      const before = forerunner === null ? null : checkPolicyFile(bytesOf(forerunner), report, 'forerunner');
      checkInForce(checkPolicyFile(bytesOf(policy), report), before, report);
    });
  const first = makePolicy();

  it('is in force with its signatures, and follows its forerunner', () => {
    expect(saidOf(checkPolicy(first))).toEqual([]);
    const second = makePolicy({ number: 2, previous: first.digest, changeApprovals: 2 }, [
      APPROVER,
      SECOND_APPROVER,
    ]);
    expect(saidOf(checkPolicy(second, first))).toEqual([]);
    expect(checkPolicy(second).notes.map(({ what }) => what)).toEqual(['in force']);
  });

  it.each<[string, unknown, PolicyFile | null, RegExp]>([
    ['no signature', makePolicy({}, []), null, /^in force: 0 of 1/],
    ['a signature of somebody who may not', makePolicy({}, [SIGNER]), null, /^in force: 0 of 1/],
    ['another row', { ...first, content: { ...first.content, defaultApprovals: 2 } }, null, /^policy digest/],
    ['another digest', { ...first, digest: `0x${'1'.repeat(64)}` }, null, /^policy digest/],
    ['too few approvers', makePolicy({ defaultApprovals: 5 }), null, /^policy: too few approvers/],
    [
      'a gap',
      makePolicy({ number: 3, previous: first.digest }),
      first,
      /^forerunner: is number 1, this one 3/,
    ],
    [
      'another forerunner',
      makePolicy({ number: 2, previous: `0x${'2'.repeat(64)}` as Hash32 }),
      first,
      /^forerunner: named 0x2222/,
    ],
    [
      'another name of the company',
      makePolicy({ number: 2, previous: first.digest, company: { ...COMPANY, name: 'Other' } }),
      first,
      /^forerunner: the company was called/,
    ],
    [
      'one approval of two',
      makePolicy({ number: 2, previous: first.digest, changeApprovals: 2 }),
      first,
      /^in force: 1 of 2/,
    ],
  ])('with %s differs', (_name, policy, forerunner, wanted) => {
    expect(saidOf(checkPolicy(policy, forerunner)).some((said) => wanted.test(said))).toBe(true);
  });
});

describe('a journal', () => {
  const opened = openTestStore();
  const store = createJournalStore(opened.db, journalKeyOf(randomBytes(32)));
  for (let at = 0; at < 50; at += 1)
    store.append({
      at: new Date(1_790_000_000_000 + at * 1_000).toISOString(),
      who: at % 2 === 0 ? { name: APPROVER.name, key: APPROVER.address } : null,
      source: 'main',
      event: 'envelopes.importFile',
      digest: null,
      verdict: 'ok',
      facts: { text: `a "quoted" \\ ${at} ü`, hash: 'not this one' },
    });
  afterAll(opened.close);
  const exported = async (): Promise<string> => {
    let text = '';
    for await (const part of exportJsonLines(remoteOf(store))) text += part;
    return text;
  };
  const checkText = (text: string): Answer =>
    answerOf((report) => void checkJournal(Buffer.from(text, 'utf8'), report));

  it('is right from first to last', async () => {
    const answer = checkText(await exported());
    expect(saidOf(answer)).toEqual([]);
    expect(answer).toMatchObject(store.head());
  });

  it('that was changed is told with its first bad entry', async () => {
    const lines = (await exported()).split('\n');
    const edit = (change: (copy: string[]) => void): string[] => {
      const copy = [...lines];
      change(copy);
      return saidOf(checkText(copy.join('\n')));
    };
    expect(edit((copy) => copy.splice(7, 1, (lines[7] as string).replace('"ok"', '"busy"')))[0]).toMatch(
      /^entry 7: its hash/,
    );
    expect(edit((copy) => copy.splice(7, 1))[0]).toMatch(/^entry 7: is numbered 8/);
    expect(edit((copy) => copy.splice(9, 0, lines[9] as string))[0]).toMatch(/^entry 10: is numbered 9/);
    expect(edit((copy) => copy.splice(3, 2, lines[4] as string, lines[3] as string))[0]).toMatch(
      /^entry 3: is numbered 4/,
    );
    expect(edit((copy) => copy.splice(41, 10))).toEqual([
      'entries: the first line says 50, there are 40',
      expect.stringMatching(/^head: the first line says/),
    ]);
    expect(edit((copy) => copy.splice(5, 1, (lines[5] as string).replace(',', ', ')))[0]).toMatch(
      /^entry 5: not in its one form/,
    );
    expect(edit((copy) => copy.pop())[0]).toMatch(/^journal: the last line is not ended/);
  });

  it('that was written anew as a whole is told by what others hold', async () => {
    const content = makeContent({ lines: 1 });
    const scope = { content, digest: envelopeFixture({ lines: 1 }, []).digest };
    const { count, head } = store.head();
    const approve = signAct(scope, APPROVER, {
      kind: 'approve',
      by: { name: APPROVER.name, key: APPROVER.address },
      at: '2026-03-02T11:00:00Z',
      body: { voice: true, expiresAt: content.expiresAt },
      journal: { count, head },
    });
    const envelope = bytesOf(makeEnvelope(content, [createAct(scope), approve]));
    const compare = (text: string): Answer =>
      answerOf((report) => {
        const journal = checkJournal(Buffer.from(text, 'utf8'), report);
        const seen = checkEnvelope(envelope, { policyBytes: null, challenge: null, at: null }, report);
        checkAnchors(journal, anchorsOf(seen), report);
      });
    expect(saidOf(compare(await exported()))).toEqual([]);

    const other = openTestStore();
    const anew = createJournalStore(other.db, journalKeyOf(randomBytes(32)));
    for (const entry of store.entriesAfter(0, 100)) {
      const { seq: _seq, hash: _hash, ...rest } = entry;
      anew.append({ ...rest, verdict: 'cancelled' });
    }
    let text = '';
    for await (const part of exportJsonLines(remoteOf(anew))) text += part;
    other.close();
    expect(saidOf(compare(text))).toEqual([
      expect.stringMatching(/^anchor in approve by Arno Approver .*: entry 50 was 0x\w+, here it is 0x/),
    ]);

    const file = save('journal.jsonl', await exported());
    expect(run('journal', file, '--envelope', save('anchored.nostro', envelope)).status).toBe(0);
    expect(run('journal', file, '--anchor', `${count}:${head}`).status).toBe(0);
    const cut = run('journal', file, '--anchor', `${count + 1}:${head}`);
    expect(cut.status).toBe(1);
    expect(cut.stdout).toMatch(/DIFFERS {2}anchor: knew 51 entries, here are 50/);
  });
});
