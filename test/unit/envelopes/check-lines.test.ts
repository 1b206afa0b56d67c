/** What a check finds in the lines themselves, at whatever line, in the memory, and on a machine with a network. */
import { describe, expect, it } from 'vitest';
import { checksumAddress } from '../../../src/main/envelopes/address';
import type { LiveChain } from '../../../src/main/envelopes/check-live';
import { AppError } from '../../../src/shared/errors';
import type { Token } from '../../../src/shared/model/directory';
import type { EnvelopeContent } from '../../../src/shared/model/envelope';
import { TokenId } from '../../../src/shared/model/ids';
import {
  APPROVER,
  approveAct,
  createAct,
  envelopeFixture,
  makeContent,
  makeEnvelope,
} from '../../support/envelope-fixture';
import { codes, find, run, start, withLine } from './check-rig';
import { directoryOf, type Machine } from './review-machine';

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
