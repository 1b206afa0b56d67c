/** Every check that a machine makes on an envelope finds what it is for, at whatever line, and says what it cannot check. */
import { describe, expect, it } from 'vitest';
import { checksumAddress } from '../../../src/main/envelopes/address';
import type { EnvelopeFinding } from '../../../src/shared/contract';
import type { Token } from '../../../src/shared/model/directory';
import { Hash32 } from '../../../src/shared/model/ids';
import {
  APPROVER,
  accountKey,
  approveAct,
  createAct,
  MAKER,
  makeContent,
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
import { type Case, codes, find, run, withLine } from './check-rig';
import type { TestDirectory } from './review-machine';

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
    [
      'a creditor of whom the book knows nothing',
      'creditor-known',
      (all) => ({ ...all, counterparties: all.counterparties.slice(1) }),
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

  it('says of creditors where it keeps no book that it cannot check them', async () => {
    const findings = await run({ directory: (all) => ({ ...all, counterparties: [] }) });
    expect(codes(findings, 'refused')).toEqual([]);
    expect(find(findings, 'creditor-known', 'unchecked')).toMatchObject({ count: 8, firstLine: 0 });
  });

  it('takes nobody’s word for tokens that were never approved here, whatever units they are said to have', async () => {
    const findings = await run({
      directory: (all) => ({
        ...all,
        tokens: all.tokens.map((token) => ({ ...token, state: 'unprobed', approved: null })),
      }),
    });
    expect(find(findings, 'token-known', 'refused')).toMatchObject({ count: 4 });
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

describe('approvers of one batch', () => {
  it('count once each, whoever they are', async () => {
    const findings = await run({
      machine: { policy: makePolicy() },
      acts: (scope) => [createAct(scope), approveAct(scope), approveAct(scope, SECOND_APPROVER)],
    });
    expect(find(findings, 'approvals', 'passed')).toMatchObject({ count: 2 });
  });
});
