import { secp256k1 } from '@noble/curves/secp256k1.js';
import { hashTypedData, recoverTypedDataAddress } from 'viem';
import { describe, expect, test } from 'vitest';
import {
  actBodyHash,
  actHash,
  checkActs,
  recoverAddress,
  verifyActs,
} from '../../../src/main/envelopes/acts';
import { AppError } from '../../../src/shared/errors';
import { type Act, EIP712_DOMAIN, EIP712_TYPES, type UnsignedAct } from '../../../src/shared/model/envelope';
import { Signature } from '../../../src/shared/model/people';
import {
  APPROVER,
  accountKey,
  approveAct,
  COMPANY,
  createAct,
  envelopeFixture,
  MAKER,
  makeEnvelope,
  OTHER_COMPANY,
  rejectAct,
  SECOND_APPROVER,
  SIGNER,
  sendAct,
  signAct,
  signHash,
  signingAct,
  type TestPerson,
  testPerson,
} from '../../support/envelope-fixture';

const { content, digest, envelope } = envelopeFixture({}, [
  'approve',
  'approve-second',
  'reject',
  'sign',
  'send',
]);
const scope = { content, digest };
const { lines, ...head } = content;

type Told = { code: string; details: Readonly<Record<string, unknown>> | undefined };
const refusal = (acts: readonly Act[], of = scope): Told | null => {
  try {
    const { lines: own, ...ownHead } = of.content;
    verifyActs(ownHead, of.digest, own.length, acts);
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { code: error.code, details: error.details };
  }
};
const inOrder = (...acts: readonly Act[]): readonly Act[] => makeEnvelope(content, acts).acts;
const what = (acts: readonly Act[]): unknown => refusal(acts)?.details?.what ?? refusal(acts)?.code;
const unsigned = (person: TestPerson, at: string) => ({
  by: { name: person.name, key: person.address },
  at,
  journal: { count: 0, head: digest },
});

describe('the hash of an act', () => {
  test.each(envelope.acts.map((act) => [act.kind, act] as const))('is EIP-712, %s', async (_kind, act) => {
    const typed = {
      domain: { ...EIP712_DOMAIN, salt: content.company.id as `0x${string}` },
      types: EIP712_TYPES,
      primaryType: 'Act' as const,
      message: {
        kind: act.kind,
        digest: digest as `0x${string}`,
        policy: BigInt(content.policy.number),
        name: act.by.name,
        key: act.by.key as `0x${string}`,
        at: act.at,
        body: actBodyHash(act.body) as `0x${string}`,
        journalCount: BigInt(act.journal.count),
        journalHead: act.journal.head as `0x${string}`,
      },
    };
    const hash = actHash({ company: content.company.id, digest, policy: content.policy.number }, act);
    expect(hash).toBe(hashTypedData(typed));
    expect(recoverAddress(hash, act.signature)).toBe(act.by.key);
    expect(await recoverTypedDataAddress({ ...typed, signature: act.signature as `0x${string}` })).toBe(
      act.by.key,
    );
  });

  test('is another one for every other company, digest, policy and field', () => {
    const own = { company: COMPANY.id, digest, policy: 1 };
    const act = envelope.acts[1] as Act & { kind: 'approve' };
    const hashes = [
      actHash(own, act),
      actHash({ ...own, company: OTHER_COMPANY.id }, act),
      actHash({ ...own, digest: OTHER_COMPANY.id }, act),
      actHash({ ...own, policy: 2 }, act),
      actHash(own, { ...act, at: '2026-03-02T11:00:00.000Z' }),
      actHash(own, { ...act, by: { ...act.by, name: 'Somebody else' } }),
      actHash(own, { ...act, by: { ...act.by, key: MAKER.address } }),
      actHash(own, { ...act, body: { ...act.body, voice: !act.body.voice } }),
      actHash(own, { ...act, body: { ...act.body, expiresAt: '2026-03-04T09:59:59Z' } }),
      actHash(own, { ...act, journal: { ...act.journal, count: act.journal.count + 1 } }),
      actHash(own, { ...act, journal: { ...act.journal, head: digest } }),
      actHash(own, { ...act, kind: 'reject', body: { reason: 'x' } }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('acts are taken', () => {
  test('all of a full envelope, and its earlier copies', () => {
    expect(refusal(envelope.acts)).toBeNull();
    for (const left of envelope.acts.slice(1))
      expect(refusal(envelope.acts.filter((act) => act !== left))).toBeNull();
  });
});

describe('acts are refused', () => {
  const create = createAct(scope);
  const approve = approveAct(scope);

  test('replayed on another batch, company or policy', () => {
    for (const options of [
      { seed: 'b' },
      { company: { ...OTHER_COMPANY } },
      { policy: { number: 2, digest: COMPANY.id } },
      { expiresAt: '2026-03-04T10:00:01Z' },
    ]) {
      const other = envelopeFixture(options, []);
      expect(refusal([createAct(other), approve], other)).toEqual({
        code: 'envelope/bad-signature',
        details: { act: 1, kind: 'approve', name: APPROVER.name },
      });
    }
  });

  test('in another name, with another key, with a changed anything', () => {
    const changes: readonly Partial<Act>[] = [
      { by: { name: 'Somebody', key: APPROVER.address } },
      { by: { name: APPROVER.name, key: SECOND_APPROVER.address } },
      { at: '2026-03-02T11:00:01Z' },
      { body: { voice: false, expiresAt: content.expiresAt } } as Partial<Act>,
      { body: { voice: true, expiresAt: '2026-03-03T10:00:00Z' } } as Partial<Act>,
      { journal: { ...approve.journal, count: 6 } },
      { journal: { ...approve.journal, head: digest } },
      { signature: createAct(scope).signature },
    ];
    for (const change of changes)
      expect(refusal(inOrder(create, { ...approve, ...change } as Act))?.code).toBe('envelope/bad-signature');
  });

  test('with every other form of the same signature', () => {
    const order = secp256k1.Point.Fn.ORDER;
    const r = approve.signature.slice(2, 66);
    const s = approve.signature.slice(66, 130);
    const parity = approve.signature.slice(130) === '00' ? '01' : '00';
    const high = (order - BigInt(`0x${s}`)).toString(16).padStart(64, '0');
    const forms = [
      `0x${r}${high}${parity}`,
      `0x${r}${high}${approve.signature.slice(130)}`,
      `0x${r}${s}${parity}`,
      `0x${'0'.repeat(64)}${s}00`,
      `0x${r}${'0'.repeat(64)}00`,
      `0x${'f'.repeat(64)}${s}00`,
      `0x${order.toString(16)}${s}00`,
      `0x${5n.toString(16).padStart(64, '0')}${s}00`,
    ];
    for (const form of forms) {
      const acts = inOrder(create, { ...approve, signature: Signature.parse(form) });
      expect(refusal(acts)?.code).toBe('envelope/bad-signature');
    }
  });

  test('with an address that is not in its EIP-55 form', () => {
    const key = APPROVER.address.toLowerCase() as typeof APPROVER.address;
    expect(what(inOrder(create, { ...approve, by: { ...approve.by, key } }))).toBe(
      'address-without-checksum',
    );
  });

  test('out of order, twice, without or with two creates', () => {
    expect(what([approve, create])).toBe('acts-out-of-order');
    expect(what([create, approve, approve])).toBe('acts-out-of-order');
    expect(what([create, create])).toBe('not-one-create');
    expect(what([approve])).toBe('not-one-create');
    const [x, y] = [approveAct(scope), approveAct(scope, SECOND_APPROVER)];
    expect(
      [what([create, x, y]), what([create, y, x])].filter((one) => one === 'acts-out-of-order'),
    ).toHaveLength(1);
  });

  test('created by another, or at another time', () => {
    const renamed = { ...MAKER, name: 'Mia Other' };
    expect(what([createAct(scope, APPROVER)])).toBe('created-by-another');
    expect(what([createAct(scope, renamed)])).toBe('created-by-another');
    const late: UnsignedAct = { kind: 'create', ...unsigned(MAKER, '2026-03-02T10:00:01Z'), body: null };
    expect(what([signAct(scope, MAKER, late)])).toBe('created-at-another-time');
  });

  test('at times that cannot be', () => {
    const approved = (change: Parameters<typeof approveAct>[2]) =>
      what(inOrder(create, approveAct(scope, APPROVER, change)));
    expect(approved({ at: '2026-03-02T09:59:59Z' })).toBe('before-its-making');
    expect(approved({ at: '2026-02-30T10:00:00Z' })).toBe('no-such-moment');
    expect(approved({ at: '2026-03-03T24:00:00Z' })).toBe('no-such-moment');
    expect(approved({ expiresAt: '2026-13-03T10:00:00Z' })).toBe('no-such-moment');
    expect(approved({ expiresAt: '2026-03-04T10:00:00.001Z' })).toBe('approval-outlives-the-plan');
    expect(approved({ expiresAt: '2026-03-02T11:00:00Z' })).toBe('approved-after-its-end');
    expect(approved({ at: '2026-03-05T11:00:00Z' })).toBe('approved-after-its-end');
    expect(what(inOrder(create, signingAct(scope, SIGNER, { at: '2026-03-04T10:00:00.001Z' })))).toBe(
      'signed-after-its-end',
    );
    expect(what(inOrder(create, rejectAct(scope, APPROVER, 'no', '2026-03-02T09:00:00Z')))).toBe(
      'before-its-making',
    );
    // Where payments stand is told after the plan's end too.
    expect(refusal(inOrder(create, sendAct(scope, MAKER, '2027-01-01T00:00:00Z')))).toBeNull();
  });

  test('with lines out of order, twice or beyond the last', () => {
    const signed = (order: readonly number[]) =>
      signAct(scope, SIGNER, {
        kind: 'sign',
        ...unsigned(SIGNER, '2026-03-02T12:00:00Z'),
        body: {
          voice: false,
          signatures: order.map((line) => ({ line, signature: signHash(digest, SIGNER) })),
        },
      });
    expect(what(inOrder(create, signed([1, 0])))).toBe('lines-out-of-order');
    expect(what(inOrder(create, signed([1, 1])))).toBe('lines-out-of-order');
    expect(what(inOrder(create, signed([0, lines.length])))).toBe('line-out-of-range');
  });

  test('by one key under two names, or by the key of an account', () => {
    const renamed = { ...APPROVER, name: 'Arno Anders' };
    expect(what(inOrder(create, approve, rejectAct(scope, renamed)))).toBe('one-key-two-names');
    const account = { ...testPerson('Konto', 'approver'), ...accountKey(0) };
    expect(what(inOrder(create, approveAct(scope, account)))).toBe('actor-is-an-account');
  });
});

test('checkActs alone needs no signature', () => {
  expect(() => checkActs(head, lines.length, envelope.acts)).not.toThrow();
});
