/** What is taken in, what counts for sending, what a window is offered: by the rules alone, without a chain. */

import { parseTransaction } from 'viem';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareActs } from '../../../src/main/envelopes/acts';
import { factsOfAct } from '../../../src/main/envelopes/check-people';
import { decodeEnvelope, encodeChunks, readFormat } from '../../../src/main/envelopes/codec';
import { createIntake } from '../../../src/main/envelopes/intake';
import { openRead } from '../../../src/main/envelopes/open';
import type { EnvelopeOpener } from '../../../src/main/envelopes/opener';
import type { EnvelopeCard, EnvelopeStore, PolicyInForce } from '../../../src/main/envelopes/ports';
import { coveredSignatures, toSigned } from '../../../src/main/envelopes/sending';
import { toSummary, type Viewer } from '../../../src/main/envelopes/views';
import { createEnvelopeStore } from '../../../src/main/ledger/stores/envelope-store';
import { approvalsNeeded } from '../../../src/main/people/policy';
import type { AppEvent } from '../../../src/shared/contract';
import { EnvelopeSummary } from '../../../src/shared/contract/envelopes';
import type { Act } from '../../../src/shared/model/envelope';
import {
  APPROVER,
  accountKey,
  approveAct,
  createAct,
  envelopeFixture,
  MAKER,
  makePolicy,
  OTHER_COMPANY,
  rejectAct,
  SECOND_APPROVER,
  SIGNER,
  sendAct,
  signingAct,
  signLines,
  type TestPerson,
  testPerson,
} from '../../support/envelope-fixture';
import { openTestStore, type TestStore } from '../../support/open-store';
import { remoteOf } from '../../support/remote';

const policyOf = (file = makePolicy()): PolicyInForce => ({ digest: file.digest, content: file.content });
const NOW = '2026-03-02T13:00:00.000Z';

type Fixture = ReturnType<typeof envelopeFixture>;
const headOf = ({ content }: Fixture) => {
  const { lines: _, ...head } = content;
  return head;
};

describe('taking in', () => {
  let opened: TestStore;
  let store: EnvelopeStore;
  let policy: PolicyInForce | null;
  let events: AppEvent[];
  let anchored: number;
  beforeEach(() => {
    opened = openTestStore();
    store = createEnvelopeStore(opened.db);
    policy = policyOf();
    events = [];
    anchored = 0;
  });
  afterEach(() => opened.close());

  /** Reads as the process does, in this one. */
  const opener: EnvelopeOpener = {
    open: async (source, handlers = {}) => {
      if (!('bytes' in source)) throw new Error('bytes only');
      const read = readFormat(source.bytes);
      if (read.format !== 'envelope') return { format: read.format, bytes: source.bytes };
      const { content, digest, acts } = openRead(read);
      const { lines, ...head } = content;
      const opening = { digest, head, lineCount: lines.length, sizeBytes: source.bytes.length };
      await handlers.onHead?.(opening);
      for (let from = 0; from < lines.length; from += 3)
        await handlers.onLines?.(from, lines.slice(from, from + 3));
      return { format: 'envelope', acts, ...opening };
    },
  };
  const intake = () =>
    createIntake({
      opener,
      store: remoteOf(store),
      policyInForce: async () => policy,
      approvalsNeeded,
      me: async () => APPROVER.address,
      vaultKeys: async () => [],
      takePeopleFile: async (format) => ({ format, name: 'x', key: APPROVER.address }) as never,
      keepAnchor: async () => {
        anchored += 1;
      },
      clock: { now: () => new Date(NOW), monotonicMs: () => 0 },
      emit: (event) => events.push(event),
    });
  const isEmpty = (): boolean =>
    opened.db.prepare('SELECT 1 AS found FROM envelopes').get() === undefined &&
    opened.db.prepare('SELECT 1 AS found FROM envelope_lines').get() === undefined;

  it('keeps a new one, merges copies and says when nothing is new', async () => {
    const { take } = intake();
    const bare = envelopeFixture({}, []);
    const approved = envelopeFixture({}, ['approve']);
    const signed = envelopeFixture({}, ['approve', 'sign']);
    const { digest } = bare;
    expect(await take({ bytes: bare.bytes })).toEqual({ format: 'envelope', outcome: 'new', digest });
    expect(await take({ bytes: bare.bytes })).toEqual({ format: 'envelope', outcome: 'unchanged', digest });
    expect(await take({ bytes: approved.bytes })).toMatchObject({ outcome: 'merged' });
    expect(await take({ bytes: signed.bytes })).toMatchObject({ outcome: 'merged' });
    expect(await take({ bytes: bare.bytes })).toMatchObject({ outcome: 'unchanged' });
    expect(store.get(digest).acts).toEqual(signed.envelope.acts);
    expect(events.filter(({ type }) => type === 'envelopes.changed')).toHaveLength(3);
    expect(anchored).toBe(3);
    // A copy with all of it is elsewhere: nothing to hand on.
    expect(store.get(digest).isExported).toBe(true);
  });

  it('gives out the bytes that came in', async () => {
    const { bytes, digest } = envelopeFixture({ lines: 20 }, ['approve', 'sign', 'send']);
    await intake().take({ bytes });
    const { head, acts } = store.get(digest);
    const parts: Uint8Array[] = [];
    const lines = [store.lines(digest, 0, 7), store.lines(digest, 7, 100)].map((page) =>
      page.map(({ line }) => line),
    );
    for await (const part of encodeChunks({ head, digest, acts, lines })) parts.push(part);
    expect(Buffer.concat(parts).equals(Buffer.from(bytes))).toBe(true);
    expect(decodeEnvelope(Buffer.concat(parts)).digest).toBe(digest);
  });

  it('marks what two others added apart as not yet handed on', async () => {
    const { take } = intake();
    const first = envelopeFixture({}, ['approve']);
    const second = envelopeFixture({}, ['approve-second']);
    await take({ bytes: first.bytes });
    await take({ bytes: second.bytes });
    expect(store.get(first.digest).acts).toHaveLength(3);
    expect(store.get(first.digest).isExported).toBe(false);
  });

  it('takes one after the other', async () => {
    const { take } = intake();
    const { bytes } = envelopeFixture({}, ['approve']);
    const outcomes = await Promise.all([take({ bytes }), take({ bytes }), take({ bytes })]);
    expect(outcomes.map((one) => 'outcome' in one && one.outcome)).toEqual(['new', 'unchanged', 'unchanged']);
  });

  it('hands policies and cards to the people', async () => {
    const { canonicalJson } = await import('../../../src/shared/canonical');
    const bytes = new TextEncoder().encode(canonicalJson(makePolicy() as never));
    expect(await intake().take({ bytes })).toMatchObject({ format: 'policy' });
  });

  const refusals: readonly (readonly [string, () => Fixture | Uint8Array, string])[] = [
    ['of another company', () => envelopeFixture({ company: OTHER_COMPANY }), 'envelope/foreign-company'],
    [
      'under an older policy',
      () => {
        policy = policyOf(makePolicy({ number: 2, previous: makePolicy().digest }));
        return envelopeFixture();
      },
      'envelope/unknown-policy',
    ],
    [
      'under a policy that is not known yet',
      () => envelopeFixture({ policy: makePolicy({ number: 2, previous: makePolicy().digest }) as never }),
      'envelope/unknown-policy',
    ],
    [
      'under another policy of the same number',
      () => {
        policy = policyOf(makePolicy({ defaultApprovals: 2 }));
        return envelopeFixture();
      },
      'envelope/unknown-policy',
    ],
    [
      'where no policy is in force',
      () => {
        policy = null;
        return envelopeFixture();
      },
      'envelope/unknown-policy',
    ],
    ['made by a stranger', () => madeBy(testPerson('Stranger', 'maker')), 'envelope/actor-not-entitled'],
    ['made by who may not', () => madeBy(SIGNER), 'envelope/actor-not-entitled'],
    ['made under another name', () => madeBy({ ...MAKER, name: 'Mia M.' }), 'envelope/actor-not-entitled'],
    [
      'approved by who may not',
      () => withActs((scope) => [approveAct(scope, SIGNER)]),
      'envelope/actor-not-entitled',
    ],
    ['approved by its maker', () => ownApproval(), 'envelope/actor-not-entitled'],
    [
      'signed by who may not',
      () => withActs((scope) => [signingAct(scope, APPROVER)]),
      'envelope/actor-not-entitled',
    ],
    [
      'told about by who may not',
      () => withActs((scope) => [sendAct(scope, SIGNER)]),
      'envelope/actor-not-entitled',
    ],
  ];
  const madeBy = (person: TestPerson): Fixture => envelopeFixture({ maker: person }, []);
  const withActs = (more: (scope: Fixture) => readonly Act[]): Fixture => {
    const base = envelopeFixture({}, []);
    const acts = [createAct(base), ...more(base)].sort(compareActs);
    return { ...base, envelope: { ...base.envelope, acts } };
  };
  /** A policy in which the maker is an approver too. */
  const ownApproval = (): Fixture => {
    const both = { ...MAKER, roles: ['maker', 'approver'] as const };
    const content = makePolicy().content;
    const file = makePolicy({
      people: content.people.map((person) =>
        person.key === MAKER.address ? { ...person, roles: ['maker', 'approver'] } : person,
      ),
    });
    policy = policyOf(file);
    const base = envelopeFixture({ policy: { number: 1, digest: file.digest }, maker: both }, []);
    const acts = [createAct(base, both), approveAct(base, both)].sort(compareActs);
    return { ...base, envelope: { ...base.envelope, acts } };
  };

  it.each(refusals)('refuses one %s, and keeps nothing of it', async (_, make, code) => {
    const { encodeEnvelope } = await import('../../../src/main/envelopes/codec');
    const made = make();
    const bytes = made instanceof Uint8Array ? made : encodeEnvelope(made.envelope);
    await expect(intake().take({ bytes })).rejects.toMatchObject({ code });
    expect(isEmpty()).toBe(true);
    expect(anchored).toBe(0);
    // The next one is taken.
    policy = policyOf();
    expect(await intake().take({ bytes: envelopeFixture().bytes })).toMatchObject({ outcome: 'new' });
  });

  it('keeps what it had when a copy brings somebody who may not', async () => {
    const { encodeEnvelope } = await import('../../../src/main/envelopes/codec');
    const { take } = intake();
    const known = envelopeFixture({}, ['approve']);
    await take({ bytes: known.bytes });
    const bad = withActs((scope) => [approveAct(scope), signingAct(scope, SECOND_APPROVER)]);
    await expect(take({ bytes: encodeEnvelope(bad.envelope) })).rejects.toMatchObject({
      code: 'envelope/actor-not-entitled',
    });
    expect(store.get(known.digest).acts).toEqual(known.envelope.acts);
  });

  it('keeps an approval that ended and one of tomorrow; neither counts', async () => {
    const { encodeEnvelope } = await import('../../../src/main/envelopes/codec');
    const late = withActs((scope) => [
      approveAct(scope, APPROVER, { expiresAt: '2026-03-02T11:30:00Z' }),
      approveAct(scope, SECOND_APPROVER, { at: '2026-03-03T11:00:00Z' }),
    ]);
    expect(await intake().take({ bytes: encodeEnvelope(late.envelope) })).toMatchObject({ outcome: 'new' });
    const summary = toSummary(store.detail(late.digest).card, viewerOf(APPROVER));
    expect(summary.approvals).toEqual({ given: 0, needed: 1 });
    expect(summary.acts.map(({ kind, problem }) => [kind, problem])).toContainEqual(['approve', 'expired']);
    expect(summary.acts.map(({ kind, problem }) => [kind, problem])).toContainEqual(['approve', 'clock']);
  });
});

const viewerOf = (person: TestPerson, change: Partial<Viewer> = {}): Viewer => ({
  policy: policyOf(),
  approvalsNeeded,
  me: person.address,
  keys: new Set(),
  isOffline: false,
  nowMs: Date.parse(NOW),
  ...change,
});

describe('a signature is covered', () => {
  const stored = (acts: (scope: Fixture) => readonly Act[]) => {
    const base = envelopeFixture({}, []);
    return {
      digest: base.digest,
      head: headOf(base),
      lineCount: base.content.lines.length,
      acts: [createAct(base), ...acts(base)].sort(compareActs),
    };
  };
  const cover = (acts: (scope: Fixture) => readonly Act[], policy = policyOf()) =>
    coveredSignatures(stored(acts), policy, approvalsNeeded);

  it('by enough approvals at its moment, however old they are when it is sent', () => {
    const ended = (scope: Fixture) => [
      approveAct(scope, APPROVER, { expiresAt: '2026-03-02T12:00:01Z' }),
      signingAct(scope),
    ];
    expect(cover(ended).size).toBe(8);
  });

  it('by an approval a little later, as clocks are', () => {
    expect(
      cover((scope) => [approveAct(scope, APPROVER, { at: '2026-03-02T12:04:00Z' }), signingAct(scope)]).size,
    ).toBe(8);
  });

  it('only when every line has one', () => {
    const half = (scope: Fixture) => {
      const signatures = signLines(scope.content).filter(({ line }) => line < 5);
      return [approveAct(scope), signingAct(scope, SIGNER, { signatures })];
    };
    expect(() => cover(half)).toThrow('envelope/wrong-state');
  });

  it.each([
    ['without an approval', (scope: Fixture) => [signingAct(scope)]],
    [
      'when the approval had ended',
      (scope: Fixture) => [
        approveAct(scope, APPROVER, { expiresAt: '2026-03-02T11:59:00Z' }),
        signingAct(scope),
      ],
    ],
    [
      'when the approval came after it',
      (scope: Fixture) => [approveAct(scope, APPROVER, { at: '2026-03-02T12:06:00Z' }), signingAct(scope)],
    ],
    ['when somebody said no', (scope: Fixture) => [approveAct(scope), rejectAct(scope), signingAct(scope)]],
    [
      'when somebody said no afterwards',
      (scope: Fixture) => [
        approveAct(scope),
        rejectAct(scope, SECOND_APPROVER, 'Stop', '2026-03-02T12:50:00Z'),
        signingAct(scope),
      ],
    ],
    ['by a signer who is none', (scope: Fixture) => [approveAct(scope), signingAct(scope, APPROVER)]],
    ['by an approver who is none', (scope: Fixture) => [approveAct(scope, SIGNER), signingAct(scope)]],
  ] as const)('not %s', (_, acts) => {
    expect(() => cover(acts)).toThrow('envelope/approvals-missing');
  });

  it('not under another policy than its own', () => {
    const other = policyOf(makePolicy({ number: 2, previous: makePolicy().digest }));
    expect(() => cover((scope) => [approveAct(scope), signingAct(scope)], other)).toThrow(
      'envelope/approvals-missing',
    );
  });

  it('not by one approval where the policy wants two', () => {
    const strict = makePolicy({ defaultApprovals: 2 });
    const base = envelopeFixture({ policy: { number: 1, digest: strict.digest } }, []);
    const head = headOf(base);
    const acts = (more: readonly Act[]) => ({
      head,
      digest: base.digest,
      lineCount: 8,
      acts: [createAct(base), ...more, signingAct(base)].sort(compareActs),
    });
    expect(() => coveredSignatures(acts([approveAct(base)]), policyOf(strict), approvalsNeeded)).toThrow(
      'envelope/approvals-missing',
    );
    const two = [approveAct(base), approveAct(base, SECOND_APPROVER)];
    expect(coveredSignatures(acts(two), policyOf(strict), approvalsNeeded).size).toBe(8);
  });
});

describe('signed bytes', () => {
  it('are the transaction of the line with the signature, and nothing else', () => {
    const fixture = envelopeFixture({}, ['approve', 'sign']);
    const sign = fixture.envelope.acts.find(({ kind }) => kind === 'sign');
    if (sign?.kind !== 'sign') throw new Error('no signature');
    for (const { line: index, signature } of sign.body.signatures) {
      const line = fixture.content.lines[index];
      if (!line) throw new Error('no line');
      const signed = toSigned(headOf(fixture), line, signature);
      const parsed = parseTransaction(signed.raw as `0x02${string}`);
      expect(parsed).toMatchObject({ data: line.transaction.data, to: line.transaction.to.toLowerCase() });
      expect(BigInt(parsed.nonce ?? 0)).toBe(signed.nonce);
      expect(parsed.gas).toBe(signed.gas);
      expect(signed.sender).toBe(accountKey(line.account).address.toLowerCase());
      expect(signed.keyId).toBeNull();
    }
  });
});

describe('what a window is offered', () => {
  const cardOf = (acts: readonly Act[], change: Partial<EnvelopeCard> = {}): EnvelopeCard => {
    const base = envelopeFixture({}, []);
    const head = headOf(base);
    return {
      ...head,
      digest: base.digest,
      lineCount: 8,
      batchId: null,
      receivedAt: NOW,
      isWithdrawn: false,
      isSent: false,
      isExported: true,
      acts: acts.map(factsOfAct),
      signedLines: acts.some(({ kind }) => kind === 'sign') ? 8 : 0,
      senders: head.accounts.map(({ address }) => address),
      isEnded: false,
      ...change,
    };
  };
  const base = envelopeFixture({}, []);
  const [made, approved, refused, signed, told] = [
    createAct(base),
    approveAct(base),
    rejectAct(base),
    signingAct(base),
    sendAct(base),
  ];
  const HERE = { batchId: 'bat_0123456789abcdef' as never };
  const KEYS = { keys: new Set([accountKey(0).address.toLowerCase()]), isOffline: true };
  const LATE = { nowMs: Date.parse('2026-03-05T00:00:00Z') };

  it.each([
    ['the maker of a new one', MAKER, [made], HERE, {}, 'waits-approval', ['compare', 'withdraw'], false],
    ['an approver', APPROVER, [made], {}, {}, 'waits-approval', ['compare', 'approve', 'reject'], true],
    [
      'an approver of his machine',
      APPROVER,
      [made, approved],
      { isExported: false },
      {},
      'waits-signature',
      ['compare', 'reject'],
      true,
    ],
    ['a signer too early', SIGNER, [made], {}, KEYS, 'waits-approval', ['compare', 'reject'], false],
    ['a signer', SIGNER, [made, approved], {}, KEYS, 'waits-signature', ['compare', 'reject', 'sign'], true],
    [
      'a signer without the key',
      SIGNER,
      [made, approved],
      {},
      {},
      'waits-signature',
      ['compare', 'reject'],
      false,
    ],
    ['the maker of a signed one', MAKER, [made, approved, signed], HERE, {}, 'signed', ['send'], true],
    ['the maker elsewhere', MAKER, [made, approved, signed], {}, {}, 'signed', [], false],
    ['the maker of a refused one', MAKER, [made, refused], HERE, {}, 'rejected', ['withdraw'], true],
    ['the maker of an expired one', MAKER, [made], HERE, LATE, 'expired', ['withdraw', 'renew'], true],
    ['an approver of an expired one', APPROVER, [made], {}, LATE, 'expired', [], false],
    ['anybody of a sent one', SIGNER, [made, approved, signed, told], {}, KEYS, 'sent', [], false],
    [
      'the maker of a sent one',
      MAKER,
      [made, approved, signed],
      { ...HERE, isSent: true },
      {},
      'sent',
      [],
      false,
    ],
    [
      'the maker of a settled one',
      MAKER,
      [made, approved, signed],
      { ...HERE, isSent: true, isEnded: true },
      {},
      'settled',
      [],
      false,
    ],
    [
      'the maker of a withdrawn one',
      MAKER,
      [made],
      { ...HERE, isWithdrawn: true },
      {},
      'withdrawn',
      [],
      false,
    ],
    ['a stranger', testPerson('Nobody'), [made, approved], {}, KEYS, 'waits-signature', [], false],
  ] as const)('%s', (_, person, acts, change, by, state, abilities, waits) => {
    const summary = toSummary(cardOf(acts, change), viewerOf(person, by));
    expect([summary.state, summary.abilities, summary.waitsForMe]).toEqual([state, abilities, waits]);
    expect(EnvelopeSummary.parse(summary)).toEqual(summary);
  });
});
