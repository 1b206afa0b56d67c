import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { recoverAddress, type TypedDataDomain, hashTypedData as viemHash } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { CURVE_ORDER } from '../../../src/main/vault/secp256k1';
import { checkStatement, hashStatement, signStatement } from '../../../src/main/vault/statement';
import { hashStruct, hashTypedData, type TypedValues } from '../../../src/main/vault/typed-data';
import { type Canonical, canonicalJson } from '../../../src/shared/canonical';
import { EIP712_DOMAIN, EIP712_TYPES, type PersonStatement } from '../../../src/shared/model/envelope';
import type { Address, Hash32 } from '../../../src/shared/model/ids';
import type { Signature } from '../../../src/shared/model/people';
import { bytesToHex, hasCases, hexToBytes, readCases } from '../../support/cases';

const PRIVATE_KEY = `0x${'42'.repeat(32)}` as const;
const KEY = privateKeyToAccount(PRIVATE_KEY).address as Address;
const OTHER = privateKeyToAccount(`0x${'43'.repeat(32)}`).address as Address;
/** The libraries' type for hex. */
const hex = (text: string) => text as `0x${string}`;
const hash32 = (byte: string) => `0x${byte.repeat(32)}` as Hash32;
const AT = '2026-03-04T05:06:07.000Z';
const SIGNATURE = `0x${'12'.repeat(64)}01` as Signature;

const by = { name: 'Zoë Ångström 🏦', key: KEY };
const journal = { count: 7, head: hash32('0e') };
const bodies = {
  create: null,
  approve: { voice: true, expiresAt: AT },
  reject: { reason: 'wrong "creditor"\u2028' },
  sign: { voice: false, signatures: [{ line: 3, signature: SIGNATURE }] },
  send: {
    lines: [{ line: 3, status: 'ACSP', stage: 'sent', transaction: hash32('0f'), block: null }],
  },
} as const;
const KINDS = ['create', 'approve', 'reject', 'sign', 'send'] as const;
const actOf = (kind: (typeof KINDS)[number]): PersonStatement =>
  ({
    type: 'act',
    company: hash32('0c'),
    digest: hash32('0d'),
    policy: 3,
    act: { kind, by, at: AT, body: bodies[kind], journal },
  }) as unknown as PersonStatement;
const policy: PersonStatement = {
  type: 'policy',
  company: hash32('0c'),
  digest: hash32('0d'),
  number: 4,
  by,
  at: AT,
};
const card: PersonStatement = { type: 'card', name: by.name, key: KEY, at: AT };
const ALL = [...KINDS.map(actOf), policy, card];

/** The same by viem's encoder and node's SHA-256. */
const reference = (statement: PersonStatement): string => {
  const common = { types: EIP712_TYPES } as const;
  const domain = (salt: string): TypedDataDomain => ({ ...EIP712_DOMAIN, salt: hex(salt) });
  switch (statement.type) {
    case 'act': {
      const { act } = statement;
      const body = createHash('sha256')
        .update(canonicalJson(act.body as Canonical))
        .digest('hex');
      return viemHash({
        ...common,
        domain: domain(statement.company),
        primaryType: 'Act',
        message: {
          kind: act.kind,
          digest: hex(statement.digest),
          policy: BigInt(statement.policy),
          name: act.by.name,
          key: hex(act.by.key),
          at: act.at,
          body: hex(`0x${body}`),
          journalCount: BigInt(act.journal.count),
          journalHead: hex(act.journal.head),
        },
      });
    }
    case 'policy':
      return viemHash({
        ...common,
        domain: domain(statement.company),
        primaryType: 'PolicyApproval',
        message: {
          digest: hex(statement.digest),
          number: BigInt(statement.number),
          name: statement.by.name,
          key: hex(statement.by.key),
          at: statement.at,
        },
      });
    case 'card':
      return viemHash({
        ...common,
        domain: domain(`0x${'0'.repeat(64)}`),
        primaryType: 'PersonCard',
        message: { name: statement.name, key: hex(statement.key), at: statement.at },
      });
  }
};

const reasonOf = (run: () => unknown): unknown => {
  try {
    run();
    return 'taken';
  } catch (error) {
    return (error as { details?: { reason?: unknown } }).details?.reason ?? String(error);
  }
};

describe('the hash of a statement', () => {
  it.each(ALL.map((one) => [one.type === 'act' ? one.act.kind : one.type, one] as const))(
    'of %s is what another implementation of EIP-712 gives',
    (_name, statement) => {
      expect(`0x${bytesToHex(hashStatement(statement))}`).toBe(reference(statement));
    },
  );

  it('agrees for any names, numbers and hashes', () => {
    const bytes = (length: number) =>
      fc.uint8Array({ minLength: length, maxLength: length }).map((value) => `0x${bytesToHex(value)}`);
    fc.assert(
      fc.property(
        fc.record({
          type: fc.constant('act' as const),
          company: bytes(32),
          digest: bytes(32),
          policy: fc.integer({ min: 1, max: 1_000_000 }),
          act: fc.record({
            kind: fc.constant('reject' as const),
            by: fc.record({ name: fc.string({ unit: 'grapheme' }), key: bytes(20) }),
            at: fc.constant(AT),
            body: fc.record({ reason: fc.string({ unit: 'grapheme' }) }),
            journal: fc.record({ count: fc.maxSafeNat(), head: bytes(32) }),
          }),
        }),
        (value) => {
          const statement = value as unknown as PersonStatement;
          expect(`0x${bytesToHex(hashStatement(statement))}`).toBe(reference(statement));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('changes with every fact in it', () => {
    const seen = new Set(ALL.map((statement) => bytesToHex(hashStatement(statement))));
    const add = (statement: unknown) => seen.add(bytesToHex(hashStatement(statement as PersonStatement)));
    const base = actOf('approve') as Extract<PersonStatement, { type: 'act' }>;
    const act = (change: object) => ({ ...base, act: { ...base.act, ...change } });
    const variants = [
      { ...base, company: hash32('1c') },
      { ...base, digest: hash32('1d') },
      { ...base, policy: 4 },
      act({ kind: 'reject' }),
      act({ by: { ...by, name: 'Zoe Ångström 🏦' } }),
      act({ by: { ...by, key: OTHER } }),
      act({ at: '2026-03-04T05:06:07Z' }),
      act({ body: { voice: false, expiresAt: AT } }),
      act({ body: { voice: true, expiresAt: '2026-03-04T05:06:08.000Z' } }),
      act({ journal: { ...journal, count: 8 } }),
      act({ journal: { ...journal, head: hash32('1e') } }),
      { ...policy, company: hash32('1c') },
      { ...policy, digest: hash32('1d') },
      { ...policy, number: 5 },
      { ...card, name: 'Another' },
    ];
    for (const variant of variants) add(variant);
    expect(seen.size).toBe(ALL.length + variants.length);
  });
});

describe('a signature of the person key', () => {
  it.each(ALL.map((one) => [one.type === 'act' ? one.act.kind : one.type, one] as const))(
    'of %s recovers to it, with low s and parity 0 or 1',
    async (_name, statement) => {
      const signature = signStatement(statement, hexToBytes(PRIVATE_KEY));
      expect(signature).toMatch(/^0x[0-9a-f]{128}0[01]$/);
      expect(BigInt(`0x${signature.slice(66, 130)}`) <= CURVE_ORDER / 2n).toBe(true);
      expect(await recoverAddress({ hash: hex(reference(statement)), signature: hex(signature) })).toBe(KEY);
    },
  );
});

describe('what the vault takes for a statement', () => {
  it('is each of the known kinds, and it knows which need the passphrase', () => {
    const needs = Object.fromEntries(
      ALL.map((statement) => [
        statement.type === 'act' ? statement.act.kind : statement.type,
        checkStatement(statement, KEY).needsPassphrase,
      ]),
    );
    expect(needs).toEqual({
      create: false,
      approve: true,
      reject: true,
      sign: true,
      send: false,
      policy: true,
      card: true,
    });
  });

  it('is only by its own person', () => {
    for (const statement of ALL) {
      expect(reasonOf(() => checkStatement(statement, OTHER))).toBe('other-person');
    }
    const lower = { ...card, key: KEY.toLowerCase() };
    expect(reasonOf(() => checkStatement(lower, KEY))).toBe('other-person');
  });

  it('is nothing with a field more, less or of another form', () => {
    const wrong: unknown[] = [null, 'card', [], {}, { type: 'transaction', digest: hash32('0d') }];
    for (const statement of ALL) {
      wrong.push({ ...statement, extra: 1 });
      for (const name of Object.keys(statement)) {
        const { [name]: _gone, ...rest } = statement as unknown as Record<string, unknown>;
        wrong.push(rest, { ...statement, [name]: 7.5 }, { ...statement, [name]: null });
      }
      if (statement.type !== 'act') continue;
      const { act } = statement;
      wrong.push({ ...statement, act: { ...act, signature: SIGNATURE } });
      wrong.push({ ...statement, act: { ...act, body: { ...bodies.approve, more: true } } });
      wrong.push({ ...statement, act: { ...act, by: { ...by, name: 'Ann\u202e' } } });
      wrong.push({ ...statement, act: { ...act, journal: { ...journal, count: -1 } } });
      for (const kind of KINDS) if (kind !== act.kind) wrong.push({ ...statement, act: { ...act, kind } });
    }
    for (const statement of wrong) {
      expect([reasonOf(() => checkStatement(statement, KEY)), statement]).toEqual(['malformed', statement]);
    }
  });

  it('is not signed with text that is no Unicode', () => {
    const act = { ...actOf('reject') } as { act: { body: unknown } };
    act.act = { ...act.act, body: { reason: '\ud800' } };
    expect(reasonOf(() => signStatement(act as unknown as PersonStatement, hexToBytes(PRIVATE_KEY)))).toBe(
      'malformed',
    );
  });
});

type Member = { name: string; type: string };
type Vector = {
  name: string;
  domain: Record<string, string | number>;
  primaryType: string;
  types: Record<string, Member[]>;
  data: Record<string, string>;
  digest: string;
};

const DOMAIN_TYPES: Member[] = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
  { name: 'salt', type: 'bytes32' },
];
const isCovered = ({ type }: Member) => /^(string|bytes32|address|uint\d+)$/.test(type);
const valuesOf = (members: readonly Member[], data: Record<string, string | number>): TypedValues =>
  Object.fromEntries(
    members.map(({ name, type }) => [
      name,
      type.startsWith('uint') ? BigInt(data[name] as string) : (data[name] as string),
    ]),
  );
const hashVector = ({ domain, types, primaryType, data }: Vector): string => {
  const domainMembers = DOMAIN_TYPES.filter(({ name }) => name in domain);
  const members = types[primaryType] as Member[];
  return `0x${bytesToHex(
    hashTypedData(
      hashStruct({ name: 'EIP712Domain', members: domainMembers }, valuesOf(domainMembers, domain)),
      hashStruct({ name: primaryType, members }, valuesOf(members, data)),
    ),
  )}`;
};

describe.skipIf(!hasCases('evm/eip712'))('published EIP-712 cases', () => {
  const all = ['ethers5_eip712_a', 'ethers_typed-data_a'].flatMap((file) =>
    readCases<Vector[]>(`evm/eip712/${file}.json`),
  );
  const flat = all.filter(({ types }) => Object.keys(types).length === 1);
  const covered = flat.filter(({ types }) => Object.values(types).flat().every(isCovered));

  it('agree where the encoder covers their types', () => {
    expect(covered.length).toBeGreaterThan(20);
    for (const vector of covered)
      expect([vector.name, hashVector(vector)]).toEqual([vector.name, vector.digest]);
  });

  it('are refused, not half encoded, where it does not', () => {
    const others = flat.filter((vector) => !covered.includes(vector));
    expect(others.length).toBeGreaterThan(20);
    for (const vector of others) expect(() => hashVector(vector)).toThrow();
  });
});

describe('the struct encoder', () => {
  const struct = { name: 'S', members: [{ name: 'n', type: 'uint64' }] };
  it('refuses values out of range, missing or surplus', () => {
    expect(() => hashStruct(struct, { n: 1n << 64n })).toThrow();
    expect(() => hashStruct(struct, { n: -1n })).toThrow();
    expect(() => hashStruct(struct, { n: '1' })).toThrow();
    expect(() => hashStruct(struct, {})).toThrow();
    expect(() => hashStruct(struct, { n: 1n, m: 1n })).toThrow();
    expect(hashStruct(struct, { n: (1n << 64n) - 1n })).toHaveLength(32);
  });
});
