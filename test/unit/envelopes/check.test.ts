/** Every check that a machine makes on an envelope finds what it is for, at whatever line, and says what it cannot check. */
import { afterEach, describe, expect, it } from 'vitest';
import { checksumAddress } from '../../../src/main/envelopes/address';
import type { LiveChain } from '../../../src/main/envelopes/check-live';
import type { EnvelopeFinding } from '../../../src/shared/contract';
import { AppError } from '../../../src/shared/errors';
import type { Token } from '../../../src/shared/model/directory';
import type { Act, EnvelopeContent } from '../../../src/shared/model/envelope';
import { Hash32, TokenId } from '../../../src/shared/model/ids';
import {
  APPROVER,
  accountKey,
  approveAct,
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
  signingAct,
  signLines,
  type TestPerson,
  testPerson,
} from '../../support/envelope-fixture';
import {
  ALL_KEYS,
  createMachine,
  directoryOf,
  type Machine,
  type MachineOptions,
  type TestDirectory,
} from './review-machine';

const machines: Machine[] = [];
afterEach(async () => {
  await Promise.all(machines.splice(0).map((machine) => machine.stop()));
});

const start = (options: Partial<MachineOptions> = {}): Machine => {
  const machine = createMachine({ person: SIGNER, keys: ALL_KEYS, ...options });
  machines.push(machine);
  return machine;
};

type Case = {
  readonly content?: EnvelopeContent;
  readonly acts?: (scope: { content: EnvelopeContent; digest: Hash32 }) => Act[];
  readonly directory?: (directory: TestDirectory) => TestDirectory;
  readonly machine?: Partial<MachineOptions>;
  readonly prepare?: (machine: Machine) => void | Promise<void>;
  readonly purpose?: 'approve' | 'sign' | 'look';
};

const run = async (one: Case = {}): Promise<readonly EnvelopeFinding[]> => {
  const machine = start(one.machine);
  const content = one.content ?? makeContent();
  const digest = makeEnvelope(content, []).digest;
  const scope = { content, digest };
  await machine.fill((one.directory ?? ((all) => all))(directoryOf(content)));
  await machine.take(
    makeEnvelope(content, (one.acts ?? ((all) => [createAct(all), approveAct(all)]))(scope)),
  );
  await one.prepare?.(machine);
  return machine.findings(digest, one.purpose ?? 'sign');
};

const codes = (findings: readonly EnvelopeFinding[], verdict: EnvelopeFinding['verdict']): string[] =>
  findings.filter((finding) => finding.verdict === verdict).map(({ code }) => code);
const find = (
  findings: readonly EnvelopeFinding[],
  code: EnvelopeFinding['code'],
  verdict: EnvelopeFinding['verdict'] = 'refused',
) => findings.find((finding) => finding.code === code && finding.verdict === verdict);

const withLine = (
  content: EnvelopeContent,
  index: number,
  change: (line: EnvelopeContent['lines'][number]) => EnvelopeContent['lines'][number],
): EnvelopeContent => ({
  ...content,
  lines: content.lines.map((line, at) => (at === index ? change(line) : line)),
});

describe('an envelope that is right', () => {
  it('is refused by nothing; what could not be checked stands before what could', async () => {
    const findings = await run();
    expect(codes(findings, 'refused')).toEqual([]);
    expect(codes(findings, 'unchecked').sort()).toEqual(
      ['funds', 'live-nonces', 'live-token', 'preflight-unknown'].sort(),
    );
    expect(codes(findings, 'warning').sort()).toEqual(['first-payment', 'holds-released']);
    const verdicts = findings.map(({ verdict }) => verdict);
    expect(verdicts).toEqual([...verdicts].sort((a, b) => order.indexOf(a) - order.indexOf(b)));
    expect(find(findings, 'bytes', 'passed')).toMatchObject({ count: 8 });
    expect(find(findings, 'creditor-known', 'passed')).toMatchObject({ count: 8 });
  });
  const order = ['refused', 'unchecked', 'warning', 'passed'];

  it('also as a replacement with cancellations', async () => {
    const content = makeContent({ kind: 'replacement' });
    expect(codes(await run({ content }), 'refused')).toEqual([]);
  });
});

describe('people', () => {
  const people = (...persons: TestPerson[]) =>
    persons.map(({ name, address, roles }) => ({ name, key: address, roles: [...roles] }));

  it.each<readonly [string, EnvelopeFinding['code'], Case]>([
    ['no policy in force', 'policy', { machine: { policy: null } }],
    ['a policy with another number', 'policy', { machine: { policy: makePolicy({ number: 2 }) } }],
    [
      'a policy of another company',
      'policy',
      { machine: { policy: makePolicy({ company: OTHER_COMPANY }) } },
    ],
    [
      'a policy with other people under the same number',
      'policy',
      { machine: { policy: makePolicy({ people: people(MAKER, APPROVER, SIGNER) }) } },
    ],
    ['too few approvals', 'approvals', { acts: (scope) => [createAct(scope)] }],
    [
      'a rejection beside the approval',
      'rejected',
      { acts: (scope) => [createAct(scope), approveAct(scope), rejectAct(scope)] },
    ],
    [
      'an approval that has ended',
      'approvals',
      {
        acts: (scope) => [
          createAct(scope),
          approveAct(scope, APPROVER, { expiresAt: '2026-03-02T12:00:00Z' }),
        ],
      },
    ],
    [
      'an approval by the maker',
      'approvals',
      {
        content: makeContent({ maker: testPerson(APPROVER.name, 'maker', 'approver') }),
        acts: (scope) => [createAct(scope, APPROVER), approveAct(scope, APPROVER)],
      },
    ],
    [
      'an approval by somebody who may not',
      'approvals',
      { acts: (scope) => [createAct(scope), approveAct(scope, SIGNER)] },
    ],
    [
      'an approval by a key that borrows a name',
      'approvals',
      {
        acts: (scope) => {
          const thief = { ...testPerson('thief', 'approver'), name: APPROVER.name };
          return [createAct(scope), approveAct(scope, thief)];
        },
      },
    ],
    [
      'an approval of the future',
      'approvals',
      { acts: (scope) => [createAct(scope), approveAct(scope, APPROVER, { at: '2026-03-02T13:06:00Z' })] },
    ],
    [
      'a maker that the policy does not know as one',
      'maker-role',
      {
        content: makeContent({ maker: SIGNER }),
        acts: (scope) => [createAct(scope, SIGNER), approveAct(scope)],
      },
    ],
    [
      'an approval whose signature is another one’s',
      'act-signatures',
      {
        acts: (scope) => {
          const other = approveAct({ ...scope, digest: Hash32.parse(`0x${'12'.repeat(32)}`) });
          return [createAct(scope), other];
        },
      },
    ],
    [
      'a transaction signature by another key',
      'transaction-signatures',
      {
        acts: (scope) => [
          createAct(scope),
          approveAct(scope),
          signingAct(scope, SIGNER, { signatures: signLines(scope.content, [accountKey(1), accountKey(0)]) }),
        ],
      },
    ],
    [
      'the clock a day before the acts',
      'clock',
      { prepare: (machine) => machine.setNow('2026-03-01T10:00:00Z') },
    ],
    ['the clock ten years back', 'clock', { prepare: (machine) => machine.setNow('2016-03-02T13:00:00Z') }],
    ['the end of the plan', 'expired', { prepare: (machine) => machine.setNow('2026-03-04T10:00:01Z') }],
    ['no key of any account', 'account-key', { machine: { keys: [] } }],
  ])('%s is found as %s', async (_name, code, one) => {
    const findings = await run(one);
    expect(codes(findings, 'refused')).toContain(code);
  });

  it('keeps an approver from nothing that concerns signing alone', async () => {
    const findings = await run({
      purpose: 'approve',
      machine: { person: APPROVER, keys: [] },
      acts: (scope) => [createAct(scope)],
    });
    expect(codes(findings, 'refused')).toEqual([]);
  });

  it('names accounts whose keys are elsewhere, and who did not compare by voice', async () => {
    const findings = await run({
      machine: { keys: [accountKey(0)] },
      acts: (scope) => [createAct(scope), approveAct(scope, APPROVER, { voice: false })],
    });
    expect(codes(findings, 'refused')).toEqual([]);
    expect(find(findings, 'account-key', 'warning')).toMatchObject({ count: 4, text: 'Operating account 1' });
    expect(find(findings, 'voice', 'unchecked')).toMatchObject({ count: 1, text: APPROVER.name });
  });

  it('warns of facts older than a day', async () => {
    const findings = await run({ prepare: (machine) => machine.setNow('2026-03-03T10:00:00Z') });
    expect(codes(findings, 'refused')).toEqual([]);
    expect(find(findings, 'facts-age', 'warning')).toMatchObject({ text: '2026-03-02T09:57:30Z' });
  });
});

describe('the own directory', () => {
  const changeToken =
    (change: (token: Token) => Token) =>
    (all: TestDirectory): TestDirectory => ({
      ...all,
      tokens: all.tokens.map((token, at) => (at ? token : change(token))),
    });
  const probe = (change: Partial<NonNullable<Token['approved']>>) =>
    changeToken((token) => ({ ...token, approved: token.approved && { ...token.approved, ...change } }));
  const ADDRESS = checksumAddress(`0x${'ab'.repeat(20)}`);
  const HASH = Hash32.parse(`0x${'34'.repeat(32)}`);

  it.each<readonly [string, EnvelopeFinding['code'], NonNullable<Case['directory']>]>([
    [
      'a network that is not in it',
      'chain-known',
      (all) => ({
        ...all,
        networks: all.networks.slice(0, -1),
        tokens: all.tokens.filter(({ networkId }) => networkId !== all.networks.at(-1)?.id),
      }),
    ],
    ['a token that is not in it', 'token-known', (all) => ({ ...all, tokens: all.tokens.slice(1) })],
    ['a locked token', 'token-known', changeToken((token) => ({ ...token, state: 'locked' }))],
    ['a token that changed', 'token-known', changeToken((token) => ({ ...token, state: 'changed' }))],
    ['other decimals', 'token-facts', changeToken((token) => ({ ...token, decimals: token.decimals + 1 }))],
    ['other code', 'token-facts', probe({ codeHash: HASH })],
    [
      'another implementation',
      'token-facts',
      probe({ implementation: ADDRESS, implementationCodeHash: HASH }),
    ],
    [
      'another currency',
      'token-facts',
      changeToken((token) => ({ ...token, currency: 'CHF' as Token['currency'] })),
    ],
    ['an account that is not in it', 'account-known', (all) => ({ ...all, accounts: all.accounts.slice(1) })],
    [
      'a creditor’s address that is somebody else’s',
      'creditor-known',
      (all) => ({
        ...all,
        counterparties: all.counterparties.map((party, at) =>
          at ? party : { ...party, name: 'Wholly Different Ltd' },
        ),
      }),
    ],
    [
      'a known creditor at an unknown address',
      'creditor-known',
      (all) => ({
        ...all,
        counterparties: all.counterparties.map((party, at) =>
          at ? party : { ...party, accounts: [{ address: ADDRESS, externalIds: [], enrolments: [] }] },
        ),
      }),
    ],
    ['another LEI', 'creditor-known', (all) => all],
  ])('%s is found as %s', async (name, code, directory) => {
    const content =
      name === 'another LEI'
        ? withLine(makeContent(), 0, (line) => ({
            ...line,
            creditor: { ...line.creditor, lei: '529900T8BM49AURSDO55' },
          }))
        : makeContent();
    const findings = await run({
      content,
      directory: (all) =>
        directory(
          name === 'another LEI'
            ? {
                ...all,
                counterparties: all.counterparties.map((party, at) =>
                  at ? party : { ...party, lei: '5493001KJTIIGC8Y1R12' },
                ),
              }
            : all,
        ),
    });
    expect(codes(findings, 'refused')).toContain(code);
  });

  it('says of creditors that it does not know, and of tokens that were never seen from here, that it cannot check them', async () => {
    const findings = await run({
      directory: (all) => ({
        ...all,
        counterparties: [],
        tokens: all.tokens.map((token) => ({ ...token, state: 'unprobed', approved: null })),
      }),
    });
    expect(codes(findings, 'refused')).toEqual([]);
    expect(find(findings, 'creditor-known', 'unchecked')).toMatchObject({ count: 8, firstLine: 0 });
    expect(find(findings, 'token-facts', 'unchecked')).toMatchObject({ count: 4 });
  });

  it('finds an unknown address that looks like a known one', async () => {
    const content = makeContent();
    const target = content.lines[3]?.creditor.address ?? ADDRESS;
    const twin = checksumAddress(`${target.slice(0, 5)}${'9'.repeat(33)}${target.slice(-4)}`);
    const findings = await run({
      content,
      directory: (all) => ({
        ...all,
        counterparties: [
          {
            ...(all.counterparties[0] as TestDirectory['counterparties'][number]),
            name: 'Someone Known',
            accounts: [{ address: twin, externalIds: [], enrolments: [] }],
          },
        ],
      }),
    });
    expect(find(findings, 'look-alike')).toMatchObject({
      firstLine: 3,
      text: expect.stringContaining('Someone Known'),
    });
  });
});

describe('what was signed here before', () => {
  const signedBefore = async (machine: Machine, content: EnvelopeContent) => {
    const { envelope } = { envelope: makeEnvelope(content, []) };
    const scope = { content, digest: envelope.digest };
    await machine.take(makeEnvelope(content, [createAct(scope), approveAct(scope)]));
    await machine.review.open(scope.digest, 'sign');
    const { PASSPHRASE } = await import('./review-machine');
    await machine.desk.approve({ digest: scope.digest, passphrase: PASSPHRASE });
  };

  it('keeps another payment with the same nonce from being signed', async () => {
    const findings = await run({
      content: makeContent({ seed: 'b' }),
      prepare: async (machine) => {
        const first = makeContent({ seed: 'a' });
        await machine.fill(directoryOf(first)).catch(() => undefined);
        await signedBefore(machine, first);
      },
      directory: (all) => ({ ...all, counterparties: [] }),
    });
    expect(find(findings, 'nonces')).toMatchObject({ count: 8, firstLine: 0 });
  });

  it('keeps the same payments with other nonces from being signed', async () => {
    const findings = await run({
      content: makeContent({ firstNonce: 50 }),
      prepare: (machine) => signedBefore(machine, makeContent()),
    });
    expect(find(findings, 'already-signed')).toMatchObject({ count: 8, firstLine: 0 });
  });

  it('lets a replacement share both', async () => {
    const content = makeContent({ kind: 'replacement' });
    const findings = await run({ content, prepare: (machine) => signedBefore(machine, makeContent()) });
    expect(codes(findings, 'refused')).toEqual([]);
  });
});

describe('bytes', () => {
  const bad: readonly (readonly [
    string,
    (line: EnvelopeContent['lines'][number]) => EnvelopeContent['lines'][number],
  ])[] = [
    ['amount', (line) => ({ ...line, units: (BigInt(line.units) + 1n).toString() })],
    [
      'creditor',
      (line) => ({
        ...line,
        creditor: { ...line.creditor, address: checksumAddress(`0x${'ab'.repeat(20)}`) },
      }),
    ],
    ['reference', (line) => ({ ...line, reference: 'K7Q2M9X4T1B8R6WZ' })],
    ['chain', (line) => ({ ...line, transaction: { ...line.transaction, chainId: '5' } })],
    ['nonce', (line) => ({ ...line, transaction: { ...line.transaction, nonce: '999' } })],
    ['value', (line) => ({ ...line, transaction: { ...line.transaction, value: '1' } })],
  ];
  const LINES = 9;

  it.each(bad)('a %s that is not the text’s is found at every line', async (what, change) => {
    for (let at = 0; at < LINES; at += 1) {
      const right = makeContent({ lines: LINES });
      const token = right.tokens[right.lines[at]?.token ?? 0];
      // Without a reference in the bytes there is nothing to differ from.
      if (what === 'reference' && token?.reference === 'none') continue;
      const findings = await run({ content: withLine(right, at, change), purpose: 'approve' });
      expect(find(findings, 'bytes')).toMatchObject({ count: 1, firstLine: at });
    }
  });

  it('are read again from the store: a line that was changed there is found by digest, totals or bytes', async () => {
    const machine = start();
    const { envelope, content, digest } = envelopeFixture({}, ['approve']);
    await machine.fill(directoryOf(content));
    await machine.take(envelope);
    const [row] = machine.db
      .prepare('SELECT line FROM envelope_lines WHERE position = 5')
      .all<{ line: string }>();
    machine.db
      .prepare('UPDATE envelope_lines SET line = ? WHERE position = 5')
      .run((row?.line ?? '').replace('Grün', 'Gruen'));
    expect(codes(await machine.findings(digest), 'refused')).toEqual(
      ['digest', 'creditor-known'].slice(0, 1),
    );
  });

  it('at line 10,000 are found too, and the rest is right', async () => {
    const right = makeContent({ lines: 10_000 });
    const last = bad[0];
    const content = withLine(right, 9_999, last?.[1] ?? ((line) => line));
    const findings = await run({
      content,
      directory: (all) => ({ ...all, counterparties: [] }),
      purpose: 'approve',
    });
    expect(find(findings, 'bytes')).toMatchObject({ count: 1, firstLine: 9_999 });
    expect(codes(findings, 'refused')).toEqual(['bytes']);
  });

  it('whose totals are not their sum, or whose plan leaves a nonce out, are found', async () => {
    const content = makeContent();
    const [first, ...rest] = content.totals;
    if (!first) throw new Error('no totals');
    const totals = [{ ...first, units: (BigInt(first.units) + 1n).toString() }, ...rest];
    expect(codes(await run({ content: { ...content, totals } }), 'refused')).toEqual(['totals']);
    const accounts = content.accounts.map((account, at) => ({
      ...account,
      nonces: account.nonces.map((range, index) =>
        at + index ? range : { ...range, count: range.count + 1 },
      ),
    }));
    expect(codes(await run({ content: { ...content, accounts } }), 'refused')).toEqual(['nonces']);
  });
});

describe('a machine with a network', () => {
  const live = (change: Partial<LiveChain> = {}): LiveChain => ({
    verifyToken: async (id) => ({ token: { id, name: 'T', state: 'active' } as Token }),
    nonces: async () => [7n],
    available: async () => 10n ** 30n,
    nativeBalances: async () => [10n ** 30n],
    ...change,
  });
  const runLive = (change: Partial<LiveChain>) =>
    run({ machine: { person: APPROVER, keys: [], live: live(change) }, purpose: 'approve' });

  it('looks at tokens, nonces and money as they are now', async () => {
    const findings = await runLive({});
    expect(codes(findings, 'refused')).toEqual([]);
    for (const code of ['live-token', 'live-nonces', 'funds'] as const)
      expect(find(findings, code, 'passed')).toBeDefined();
  });

  it('refuses tokens that changed and nonces that are taken', async () => {
    const changed = await runLive({
      verifyToken: async (id) => ({ token: { id, name: 'T', state: 'changed' } as Token }),
    });
    expect(find(changed, 'live-token')).toMatchObject({ count: 4 });
    const taken = await runLive({
      nonces: async (_network, _addresses, state) => [state === 'latest' ? 8n : 8n],
    });
    expect(codes(taken, 'refused')).toEqual(['live-nonces']);
    const waiting = await runLive({
      nonces: async (_network, _addresses, state) => [state === 'latest' ? 7n : 9n],
    });
    expect(codes(waiting, 'warning')).toContain('live-nonces');
  });

  it('warns of money that is not there', async () => {
    const findings = await runLive({ available: async () => 1n });
    expect(codes(findings, 'warning')).toContain('funds');
  });

  it('says what it could not ask while the network is away', async () => {
    const away = async (): Promise<never> => {
      throw new AppError('chain/unreachable', { networkId: TokenId.parse(makeContent().tokens[0]?.id) });
    };
    const findings = await runLive({
      verifyToken: away,
      nonces: away,
      available: away,
      nativeBalances: away,
    });
    expect(codes(findings, 'refused')).toEqual([]);
    expect(codes(findings, 'unchecked')).toEqual(expect.arrayContaining(['live-token', 'live-nonces']));
  });
});

describe('approvers of one batch', () => {
  it('count once each, whoever they are', async () => {
    const findings = await run({
      machine: { policy: makePolicy() },
      acts: (scope) => [createAct(scope), approveAct(scope), approveAct(scope, SECOND_APPROVER)],
    });
    expect(find(findings, 'approvals', 'passed')).toMatchObject({ count: 2 });
  });
});
