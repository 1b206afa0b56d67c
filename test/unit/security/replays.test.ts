/**
 * What was said of one envelope, put under another: another batch, chain, company, policy, time. Everything is signed by
 * the right people's keys; only what it is about differs.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeEnvelope, readFormat } from '../../../src/main/envelopes/codec';
import { createIntake } from '../../../src/main/envelopes/intake';
import { openRead } from '../../../src/main/envelopes/open';
import { approvalsNeeded } from '../../../src/main/people/policy';
import { type Canonical, canonicalJson } from '../../../src/shared/canonical';
import type { Act, EnvelopeContent, EnvelopeLine } from '../../../src/shared/model/envelope';
import { NetworkId, tokenIdOf } from '../../../src/shared/model/ids';
import { openerHere } from '../../integration/envelopes/crash-machine';
import { REPO_ROOT } from '../../support/bundle-children';
import {
  APPROVER,
  accountKey,
  approveAct,
  COMPANY,
  createAct,
  type FixtureOptions,
  makeContent,
  makeEnvelope,
  makePolicy,
  OTHER_COMPANY,
  rejectAct,
  SECOND_APPROVER,
  SIGNER,
  signingAct,
  TOKENS,
} from '../../support/envelope-fixture';
import { codeOf, createMachine, directoryOf } from '../envelopes/review-machine';
import { type Scope, scopeOf } from '../envelopes/review-rig';

const onChain = (network: string) =>
  TOKENS.slice(0, 1).map((token) => ({
    ...token,
    id: tokenIdOf(NetworkId.parse(network), `0x${'7'.repeat(40)}`),
  }));
const base: FixtureOptions = { lines: 3, accounts: 1, tokens: onChain('eip155:31337') };
const original = scopeOf(makeContent(base));

/** One thing is another, everything else the same. */
const others: readonly (readonly [string, FixtureOptions])[] = [
  ['another batch', { ...base, seed: 'b' }],
  ['the same batch with other nonces', { ...base, firstNonce: 8 }],
  ['the same batch on another chain', { ...base, tokens: onChain('eip155:31338') }],
  ['the same batch of another company', { ...base, company: OTHER_COMPANY }],
  [
    'the same batch of a company of that name',
    { ...base, company: { ...OTHER_COMPANY, name: COMPANY.name } },
  ],
  ['the same batch under the next policy', { ...base, policy: { number: 2, digest: makePolicy().digest } }],
  [
    'the same batch under another policy of that number',
    { ...base, policy: { number: 1, digest: makePolicy({ defaultApprovals: 2 }).digest } },
  ],
  ['the same batch, longer', { ...base, expiresAt: '2026-03-05T10:00:00Z' }],
  ['the same batch with one payment less', { ...base, lines: 2 }],
];
const bytesOf = (scope: Scope, acts: readonly Act[]): Uint8Array =>
  encodeEnvelope(makeEnvelope(scope.content, acts));

describe('acts of one envelope', () => {
  const acts: readonly (readonly [string, (scope: Scope) => Act])[] = [
    ['approval', (scope) => approveAct(scope)],
    ['second approval', (scope) => approveAct(scope, SECOND_APPROVER)],
    ['rejection', (scope) => rejectAct(scope)],
    ['signing', (scope) => signingAct(scope)],
  ];

  it.each(acts)('replayed on others count for none of them: %s', (_name, make) => {
    for (const [what, change] of others) {
      const other = scopeOf(makeContent(change));
      expect(() => openRead(readFormat(bytesOf(other, [createAct(other), make(original)]))), what).toThrow(
        /envelope\/(?:bad-signature|inconsistent)/,
      );
      // Not a fault of the other one: with its own acts it is read.
      expect(openRead(readFormat(bytesOf(other, [createAct(other), make(other)]))).digest).toBe(other.digest);
    }
  });

  it('replayed a thousand times in every mixture count for none of them', () => {
    const scopes = others.map(([, change]) => scopeOf(makeContent(change)));
    const made = [original, ...scopes].map((scope) => acts.map(([, make]) => make(scope)));
    let replays = 0;
    for (let round = 0; replays < 1000; round += 1) {
      const to = scopes[round % scopes.length] as Scope;
      const from = (round * 7 + 3) % made.length;
      if (from === (round % scopes.length) + 1) continue;
      const foreign = made[from]?.[round % acts.length] as Act;
      const own = made[(round % scopes.length) + 1] as Act[];
      // Beside its own, and in the place of its own.
      const rest = own.filter(({ kind, by }) => kind !== foreign.kind || by.key !== foreign.by.key);
      const bytes = bytesOf(to, [createAct(to), ...(round % 2 === 0 ? rest : []), foreign]);
      expect(() => openRead(readFormat(bytes))).toThrow(/envelope\/(?:bad-signature|inconsistent)/);
      replays += 1;
    }
  }, 60_000);
});

describe('an envelope that names the company otherwise than its policy', () => {
  const named = scopeOf(makeContent({ ...base, company: { id: COMPANY.id, name: 'Example Tradinq AG' } }));

  it('is not taken in', async () => {
    const machine = createMachine({ person: APPROVER });
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
      clock: { now: () => new Date('2026-03-02T13:00:00Z'), monotonicMs: () => 0 },
      emit: () => undefined,
    });
    expect(await codeOf(intake.take({ bytes: bytesOf(named, [createAct(named)]) }))).toBe(
      'envelope/foreign-company',
    );
    expect(await codeOf(intake.take({ bytes: bytesOf(original, [createAct(original)]) }))).toBe('none');
    await machine.stop();
  });

  it('differs for the stranger’s check', async () => {
    const folder = join(REPO_ROOT, 'scripts', 'verify');
    const { checkEnvelope } = await import(join(folder, 'envelope.mjs'));
    const { createReport } = await import(join(folder, 'report.mjs'));
    const differences = (scope: Scope): number => {
      const report = createReport();
      const policyBytes = Buffer.from(canonicalJson(makePolicy() as unknown as Canonical), 'utf8');
      const bytes = bytesOf(scope, [createAct(scope), approveAct(scope)]);
      checkEnvelope(new Uint8Array(bytes), { policyBytes, challenge: null, at: null }, report);
      return report.count();
    };
    expect([differences(original), differences(named)]).toEqual([0, 1]);
  });

  it('is not approved, nor signed, where it is already', async () => {
    for (const [person, act] of [
      [APPROVER, 'approve'],
      [SIGNER, 'sign'],
    ] as const) {
      const machine = createMachine({ person, keys: [accountKey(0), accountKey(1)] });
      await machine.fill(directoryOf(named.content));
      await machine.take(makeEnvelope(named.content, [createAct(named), approveAct(named, SECOND_APPROVER)]));
      expect(await codeOf(machine.review.open(named.digest, act))).toBe('envelope/refused-by-check');
      await machine.stop();
    }
  });
});

/** A batch made again after it was given up: other nonces, times and ids, the same people paid the same. */
const madeAgain = (change: (line: EnvelopeLine, index: number) => Partial<EnvelopeLine>): EnvelopeContent => {
  const again = makeContent({ ...base, firstNonce: 50, createdAt: '2026-03-02T12:00:00Z', seed: 'a' });
  return { ...again, lines: again.lines.map((line, index) => ({ ...line, ...change(line, index) })) };
};

describe('a payment that this machine has signed', () => {
  const remakes: readonly (readonly [string, EnvelopeContent])[] = [
    ['with other nonces', madeAgain(() => ({}))],
    [
      'with other nonces and ids',
      madeAgain((line, index) => ({
        paymentId: `${line.paymentId.slice(0, -1)}${'xyz'.charAt(index)}` as never,
      })),
    ],
    [
      'one of them among others',
      madeAgain((line, index) =>
        index === 1 ? {} : { endToEndId: `${line.endToEndId}-new`, paymentId: `${line.paymentId}0` as never },
      ),
    ],
  ];

  it.each(remakes)('is not signed again in a new envelope, %s', async (_name, content) => {
    const machine = createMachine({ person: SIGNER, keys: [accountKey(0), accountKey(1)] });
    await machine.fill(directoryOf(original.content));
    const again = scopeOf(content);
    const put = (scope: Scope) =>
      machine.take(
        makeEnvelope(scope.content, [
          createAct(scope),
          approveAct(scope, APPROVER, { at: '2026-03-02T12:30:00Z' }),
        ]),
      );
    await put(original);
    await machine.review.open(original.digest, 'sign');
    await machine.desk.approve({ digest: original.digest, passphrase: 'gravel-Umbrella 71 sundial thermos' });
    await put(again);
    expect(await codeOf(machine.review.open(again.digest, 'sign'))).toBe('envelope/refused-by-check');
    const refused = (await machine.findings(again.digest, 'sign')).filter(
      ({ verdict }) => verdict === 'refused',
    );
    expect(refused.map(({ code }) => code)).toContain('already-signed');
    expect(machine.signings.batches).toBe(1);
    // On a machine that signed nothing yet it is signed: nothing else is wrong with it.
    const fresh = createMachine({ person: SIGNER, keys: [accountKey(0), accountKey(1)] });
    await fresh.fill(directoryOf(original.content));
    await fresh.take(
      makeEnvelope(again.content, [
        createAct(again),
        approveAct(again, APPROVER, { at: '2026-03-02T12:30:00Z' }),
      ]),
    );
    expect(await codeOf(fresh.review.open(again.digest, 'sign'))).toBe('none');
    await machine.stop();
    await fresh.stop();
  });
});

describe('two signers', () => {
  const SECOND_SIGNER_KEYS = [accountKey(0), accountKey(1)];

  it('of forks of one batch leave signatures that do not come together', async () => {
    const fork = scopeOf(makeContent({ ...base, seed: 'fork' }));
    for (const scope of [original, fork]) {
      const machine = createMachine({ person: SIGNER, keys: SECOND_SIGNER_KEYS });
      await machine.fill(directoryOf(scope.content));
      await machine.take(makeEnvelope(scope.content, [createAct(scope), approveAct(scope)]));
      await machine.review.open(scope.digest, 'sign');
      await machine.desk.approve({ digest: scope.digest, passphrase: 'gravel-Umbrella 71 sundial thermos' });
      const [, , sign] = await machine.acts(scope.digest);
      const other = scope === original ? fork : original;
      // Its signatures are nothing in the other one, whoever puts them there.
      for (const act of [
        sign as Act,
        signingAct(other, SIGNER, { signatures: (sign as Extract<Act, { kind: 'sign' }>).body.signatures }),
      ])
        expect(() =>
          openRead(readFormat(bytesOf(other, [createAct(other), approveAct(other), act]))),
        ).toThrow('envelope/bad-signature');
      await machine.stop();
    }
    // What one of them signed, the other one’s memory would refuse as well: the nonces are taken.
    const machine = createMachine({ person: SIGNER, keys: SECOND_SIGNER_KEYS });
    await machine.fill({ ...directoryOf(original.content), counterparties: [] });
    for (const scope of [original, fork])
      await machine.take(makeEnvelope(scope.content, [createAct(scope), approveAct(scope)]));
    await machine.review.open(original.digest, 'sign');
    await machine.desk.approve({ digest: original.digest, passphrase: 'gravel-Umbrella 71 sundial thermos' });
    const refused = (await machine.findings(fork.digest, 'sign')).filter(
      ({ verdict }) => verdict === 'refused',
    );
    expect(refused.map(({ code }) => code)).toEqual(['nonces']);
    await machine.stop();
  });
});
