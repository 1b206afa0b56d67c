/** The stranger's check on whole files: it agrees with the app on what is right, and names what was changed. */
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { anchorsOf, checkEnvelope } from '../../../scripts/verify/envelope.mjs';
import { checkAnchors, checkJournal } from '../../../scripts/verify/journal.mjs';
import { checkInForce, checkPolicyFile } from '../../../scripts/verify/people.mjs';
import { createReport, Stop, toJson } from '../../../scripts/verify/report.mjs';
import { deriveTotals } from '../../../src/main/envelopes/derived';
import { exportJsonLines } from '../../../src/main/journal/export';
import { journalKeyOf } from '../../../src/main/ledger/stores/journal-check';
import { createJournalStore } from '../../../src/main/ledger/stores/journal-store';
import { voiceWords } from '../../../src/main/vault/digest-words';
import { type Canonical, canonicalJson } from '../../../src/shared/canonical';
import type { Act, Envelope } from '../../../src/shared/model/envelope';
import type { Hash32 } from '../../../src/shared/model/ids';
import type { PolicyFile } from '../../../src/shared/model/people';
import { REPO_ROOT } from '../../support/bundle-children';
import {
  APPROVER,
  approveAct,
  COMPANY,
  createAct,
  envelopeFixture,
  type FixtureAct,
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

type Finding = { readonly what: string; readonly text: string };
type Answer = {
  readonly agrees: boolean;
  readonly differences: readonly Finding[];
  readonly notes: readonly Finding[];
  readonly checked: readonly Finding[];
  readonly [fact: string]: unknown;
};
type Report = ReturnType<typeof createReport>;

const answerOf = (work: (report: Report) => void): Answer => {
  const report = createReport();
  try {
    work(report);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
  }
  return toJson(report) as Answer;
};
const bytesOf = (value: unknown): Uint8Array => Buffer.from(canonicalJson(value as Canonical), 'utf8');
const check = (
  bytes: Uint8Array,
  options: { policy?: PolicyFile; challenge?: string; at?: string } = {},
): Answer =>
  answerOf((report) =>
    checkEnvelope(
      bytes,
      {
        policyBytes: options.policy ? bytesOf(options.policy) : null,
        challenge: options.challenge ?? null,
        at: options.at ?? null,
      },
      report,
    ),
  );
const saidOf = ({ differences }: Answer): string[] => differences.map(({ what, text }) => `${what}: ${text}`);

const folder = mkdtempSync(join(tmpdir(), 'nostro-verify-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const save = (name: string, content: Uint8Array | string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const run = (...args: string[]) =>
  spawnSync(process.execPath, [join(REPO_ROOT, 'scripts/verify.mjs'), ...args], { encoding: 'utf8' });

describe('an envelope that is right', () => {
  it.each([
    [1, []],
    [8, ['approve', 'sign']],
    [40, ['approve', 'approve-second', 'reject']],
    [300, ['approve', 'sign', 'send']],
  ] as [number, FixtureAct[]][])(
    'of %i lines agrees in everything that the app says of it',
    (lines, acts) => {
      const { bytes, digest, content } = envelopeFixture({ lines, accounts: Math.min(lines, 3) }, acts);
      const answer = check(bytes, {
        policy: makePolicy(),
        challenge: '04711815',
        at: '2026-03-02T12:00:00Z',
      });
      expect(saidOf(answer)).toEqual([]);
      expect(answer.agrees).toBe(true);
      expect(answer.digest).toBe(digest);
      expect(answer.words).toEqual(voiceWords('04711815', digest));
      expect(answer.signatures).toBe(acts.includes('sign') ? lines : 0);
      const totals = deriveTotals(content.lines, content.tokens);
      expect(
        (answer.totals as { currency: string; count: number; amount: string }[]).map(
          ({ amount, ...rest }) => ({
            ...rest,
            digits: amount.replace(/[.,]/g, '').replace(/^0+/, ''),
          }),
        ),
      ).toEqual(totals.map(({ currency, count, units }) => ({ currency, count, digits: units })));
      expect(answer.approvals).toMatchObject({
        given: acts.filter((act) => act.startsWith('approve')).length,
      });
    },
  );

  it('stands in the documentation with the values that are told there', () => {
    const page = readFileSync(join(REPO_ROOT, 'docs/envelope.md'), 'utf8');
    const statedOf = (what: string): string | undefined =>
      page
        .split('\n')
        .find((row) => row.startsWith(`| ${what} | `))
        ?.replace(/`/g, '')
        .slice(what.length + 5, -2);
    const file = readFileSync(join(REPO_ROOT, 'docs/envelope-example.nostro'));
    const answer = check(file, { challenge: '12345678' });
    expect(saidOf(answer)).toEqual([]);
    expect(answer.digest).toBe(statedOf('digest'));
    expect((answer.words as string[]).join(' ')).toBe(
      page
        .split('\n')
        .find((row) => row.startsWith('| words for challenge'))
        ?.split(' | ')[1]
        ?.replace(' |', ''),
    );
    expect((answer.transactions as unknown[])[0]).toEqual({
      line: 0,
      hash: statedOf('line 0, transaction hash'),
    });
  });

  it('of replacements agrees too', () => {
    const { bytes } = envelopeFixture({ kind: 'replacement', lines: 6 });
    expect(saidOf(check(bytes, { policy: makePolicy() }))).toEqual([]);
  });
});

/** Changes a copy; the digest and the acts stay those of the original. */
const changed = (
  change: (envelope: Envelope) => void,
  acts: FixtureAct[] = ['approve', 'sign'],
): Uint8Array => {
  const { envelope } = envelopeFixture({ lines: 8 }, acts);
  const copy = structuredClone(envelope);
  change(copy);
  return bytesOf(copy);
};
const line = (envelope: Envelope, at: number) =>
  envelope.content.lines[at] as Envelope['content']['lines'][number];
const actOf = (envelope: Envelope, kind: Act['kind']): Act =>
  envelope.acts.find((act) => act.kind === kind) as Act;

describe('an envelope that was changed', () => {
  it.each<[string, (envelope: Envelope) => void, RegExp[]]>([
    [
      'amount',
      (e) => void Object.assign(line(e, 2), { units: '1' }),
      [
        /^digest: stated 0x/,
        /^line 2: data pays \d+, the line 1$/,
        /^totals: stated .*USD/,
        /^act 1 approve/,
        /^act 2 sign/,
      ],
    ],
    [
      'creditor',
      (e) => void Object.assign(line(e, 0).creditor, { address: line(e, 1).creditor.address }),
      [/^line 0: data pays to 0x\w+, the creditor is 0x/],
    ],
    [
      'receiver in the calldata',
      (e) => {
        const { transaction } = line(e, 4);
        const to = transaction.data.slice(10, 74);
        Object.assign(transaction, { data: transaction.data.replace(to, to.replace(/.$/, '0')) });
      },
      [/^line 4: data pays to/, /^line 4: not signed by its account/],
    ],
    [
      'reference in the calldata',
      (e) => {
        const { transaction } = line(e, 0);
        Object.assign(transaction, {
          data: `${transaction.data.slice(0, 138)}00${transaction.data.slice(140)}`,
        });
      },
      [/^line 0: data ends in 00/],
    ],
    [
      'token contract',
      (e) => void Object.assign(line(e, 0).transaction, { to: line(e, 1).transaction.to }),
      [/^line 0: transaction goes to/],
    ],
    [
      'chain',
      (e) => void Object.assign(line(e, 0).transaction, { chainId: '1' }),
      [/^line 0: transaction is for chain 1/],
    ],
    ['value', (e) => void Object.assign(line(e, 0).transaction, { value: '5' }), [/^line 0: carries 5/]],
    [
      'nonce',
      (e) => void Object.assign(line(e, 0).transaction, { nonce: '999' }),
      [/nonces .* its lines take/],
    ],
    [
      'payment id',
      (e) => void Object.assign(line(e, 1), { paymentId: line(e, 0).paymentId }),
      [/^line 1: the payment pay_\w+ is that of line 0/],
    ],
    ['order of lines', (e) => void e.content.lines.reverse(), [/where \d+ would be next/]],
    ['total', (e) => void Object.assign(e.content.totals[0] as object, { units: '5' }), [/^totals: stated/]],
    [
      'expiry',
      (e) => void Object.assign(e.content, { expiresAt: '2030-01-01T00:00:00Z' }),
      [/^digest/, /^act 0 create .* not signed/],
    ],
    [
      'name of the company',
      (e) => void Object.assign(e.content.company, { name: 'Other GmbH' }),
      [/^digest/],
    ],
    ['digest', (e) => void Object.assign(e, { digest: `0x${'0'.repeat(64)}` }), [/^digest: stated 0x0000/]],
    [
      'name of an actor',
      (e) => void Object.assign(actOf(e, 'approve').by, { name: 'Somebody Else' }),
      [/^act 1 approve by Somebody Else: not signed/],
    ],
    [
      'time of an act',
      (e) => void Object.assign(actOf(e, 'approve'), { at: '2026-03-02T11:00:01Z' }),
      [/^act 1 approve/],
    ],
    [
      'end of an approval',
      (e) => void Object.assign(actOf(e, 'approve').body as object, { expiresAt: '2026-03-03T10:00:00Z' }),
      [/^act 1 approve/],
    ],
    [
      'anchor of a journal',
      (e) => void Object.assign(actOf(e, 'approve').journal, { count: 6 }),
      [/^act 1 approve/],
    ],
    ['act twice', (e) => void e.acts.splice(1, 0, actOf(e, 'approve')), [/out of order, or there twice/]],
    ['create missing', (e) => void e.acts.splice(0, 1), [/^acts: not one create/]],
    [
      'signature of a line',
      (e) => {
        const { signatures } = actOf(e, 'sign').body as { signatures: { signature: string }[] };
        const own = signatures[3] as { signature: string };
        own.signature = (signatures[2] as { signature: string }).signature;
      },
      [/^line 3: not signed by its account/, /^act 2 sign/],
    ],
    [
      'high s',
      (e) => {
        const { signatures } = actOf(e, 'sign').body as { signatures: { signature: string }[] };
        const own = signatures[0] as { signature: string };
        own.signature = own.signature.replace(/^(0x.{64})../, '$1ff');
      },
      [/^line 0: its signature is out of range/],
    ],
    [
      'member added',
      (e) => void Object.assign(e.content, { extra: 1 }),
      [/^envelope: envelope\.content has a member "extra"/],
    ],
    [
      'member removed',
      (e) => void Reflect.deleteProperty(line(e, 0), 'uetr'),
      [/^envelope: envelope\.content\.lines\[0\] has no member uetr/],
    ],
    [
      'newer version',
      (e) => void Object.assign(e, { version: 2 }),
      [/^envelope: envelope\.version is not 1/],
    ],
    [
      'checksum of an address',
      (e) => void Object.assign(e.content.maker, { key: e.content.maker.key.toLowerCase() }),
      [/EIP-55/],
    ],
    [
      'date',
      (e) => void Object.assign(line(e, 0), { requestedDate: '2026-02-30' }),
      [/^line 0: date 2026-02-30 does not exist/],
    ],
  ])('in its %s is told where', (_name, change, wanted) => {
    const answer = check(changed(change), { policy: makePolicy() });
    expect(answer.agrees).toBe(false);
    for (const pattern of wanted)
      expect(
        saidOf(answer).some((said) => pattern.test(said)),
        `${pattern} in ${saidOf(answer).join('\n')}`,
      ).toBe(true);
  });

  it.each([
    ['a space', (text: string) => text.replace(':', ': ')],
    ['a second member of the same name', (text: string) => text.replace('{"acts":', '{"acts":[],"acts":')],
    [
      'another order',
      (text: string) =>
        text.replace('"format":"nostro-envelope","version":1', '"version":1,"format":"nostro-envelope"'),
    ],
    ['something after the end', (text: string) => `${text}\n`],
    ['a byte order mark', (text: string) => `\ufeff${text}`],
    ['another spelling', (text: string) => text.replace('"batch"', '"b\\u0061tch"')],
  ])('by %s is not in its form', (_name, change) => {
    const text = change(Buffer.from(envelopeFixture().bytes).toString('utf8'));
    const answer = check(Buffer.from(text, 'utf8'));
    expect(saidOf(answer)).toHaveLength(1);
    expect(saidOf(answer)[0]).toMatch(/^envelope: not in its one form: .* at character \d+$/);
  });

  it('in any byte differs, whatever it was', () => {
    const { bytes } = envelopeFixture({ lines: 2 });
    const seed = createHash('sha256').update('flips').digest();
    for (let flip = 0; flip < 60; flip += 1) {
      const place = (seed.readUInt32BE(flip % 28) * (flip + 1)) % bytes.length;
      const copy = Uint8Array.from(bytes);
      copy[place] = (copy[place] as number) ^ (1 << (flip % 8));
      expect(check(copy).agrees, `byte ${place}, bit ${flip % 8}`).toBe(false);
    }
  });
});

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

describe('npm run verify', () => {
  it('ends with 0, 1 or 2, in words or as JSON', () => {
    const { bytes, digest } = envelopeFixture({ lines: 3 });
    const good = save('good.nostro', bytes);
    const policy = save('policy.nostro', bytesOf(makePolicy()));
    const bad = save(
      'bad.nostro',
      changed((e) => void Object.assign(line(e, 0), { units: '7' })),
    );
    const words = run('envelope', good, '--policy', policy, '--challenge', '12345678');
    expect(words.status).toBe(0);
    expect(words.stdout).toContain(`words for 12345678: ${voiceWords('12345678', digest).join(' ')}\n`);
    expect(words.stdout).toMatch(/\nagrees\n$/);
    expect(run('policy', policy).status).toBe(0);
    const differs = run('envelope', bad, '--json');
    expect(differs.status).toBe(1);
    expect(JSON.parse(differs.stdout)).toMatchObject({ agrees: false });
    for (const args of [
      [],
      ['envelope'],
      ['envelope', join(folder, 'nothing')],
      ['envelope', good, '--challenge', '1234'],
      ['envelope', good, '--nothing'],
      ['toString', good],
    ]) {
      const refused = run(...args);
      expect(refused.status, args.join(' ')).toBe(2);
      expect(refused.stderr).not.toBe('');
    }
  });

  it('writes no character of a file that a terminal would act on', () => {
    const { envelope } = envelopeFixture({ lines: 1 });
    const copy = structuredClone(envelope);
    Object.assign(line(copy, 0), { reference: '\u001b[2J\u202e23456789012' });
    const said = run('envelope', save('signs.nostro', bytesOf(copy)));
    expect(said.status).toBe(1);
    for (const sign of ['\u001b', '\u202e']) expect(said.stdout).not.toContain(sign);
    expect(said.stdout).toContain('\\u{1b}[2J\\u{202e}');
  });
});
