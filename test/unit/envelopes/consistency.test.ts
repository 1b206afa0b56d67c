import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { envelopeDigest } from '../../../src/main/envelopes/codec';
import { checkConsistency, findLineFault } from '../../../src/main/envelopes/consistency';
import { deriveNonces, deriveTotals } from '../../../src/main/envelopes/derived';
import { AppError } from '../../../src/shared/errors';
import { EnvelopeContent, type EnvelopeLine } from '../../../src/shared/model/envelope';
import type { UnsignedTransaction } from '../../../src/shared/model/signing';
import { accountKey, makeContent, TOKENS } from '../../support/envelope-fixture';

type Json = { [key: string]: unknown };
/** A copy that may be changed at will; `parse` makes sure that the schema alone would have taken it. */
const changed = (change: (content: Json) => void, from = makeContent()): EnvelopeContent => {
  const copy = structuredClone(from) as unknown as Json;
  change(copy);
  return EnvelopeContent.parse(copy);
};
const fault = (content: EnvelopeContent): string => {
  try {
    checkConsistency(content);
    return 'consistent';
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'envelope/inconsistent') throw error;
    const { what, line } = error.details ?? {};
    return line === undefined ? String(what) : `${String(what)} @${String(line)}`;
  }
};
const at = (content: Json, path: string): Json =>
  (path === '' ? [] : path.split('.')).reduce<unknown>((value, key) => (value as Json)[key], content) as Json;
const setting =
  (path: string, value: unknown) =>
  (content: Json): void => {
    const keys = path.split('.');
    const last = keys.pop() as string;
    at(content, keys.join('.'))[last] = value;
  };
const swap = (a: string, b: string) => (content: Json) => {
  const [x, y] = [a, b].map((path) => path.split('.')) as [string[], string[]];
  const [lastX, lastY] = [x.pop() as string, y.pop() as string];
  const [holderX, holderY] = [at(content, x.join('.')), at(content, y.join('.'))];
  [holderX[lastX], holderY[lastY]] = [holderY[lastY], holderX[lastX]];
};

describe('consistent are', () => {
  test.each([1, 2, 3, 8, 64])(
    'batches of %i lines over accounts, networks and kinds of transaction',
    (lines) => {
      for (const accounts of [1, 2, 3]) expect(fault(makeContent({ lines, accounts }))).toBe('consistent');
    },
  );

  test('replacements, with lines that cancel and nonces with gaps', () => {
    const content = makeContent({ kind: 'replacement', lines: 40, accounts: 2 });
    expect(content.lines.some(({ action }) => action === 'cancel')).toBe(true);
    expect(fault(content)).toBe('consistent');
    const some = content.lines.filter((_, index) => index % 3 !== 1);
    const gaps = {
      ...content,
      lines: some,
      totals: deriveTotals(some, content.tokens),
      accounts: content.accounts.map((account, index) => ({
        ...account,
        nonces: deriveNonces(some, content.tokens, content.networks, 2)[index] ?? [],
      })),
    };
    expect(gaps.accounts.some(({ nonces }) => nonces.length > 3)).toBe(true);
    expect(fault(EnvelopeContent.parse(gaps))).toBe('consistent');
    const all = makeContent({ kind: 'replacement', isCancel: () => true });
    expect(all.totals).toEqual([]);
    expect(fault(all)).toBe('consistent');
  });
});

const sample = makeContent();
const other = makeContent({ seed: 'b' });

describe('inconsistent is', () => {
  const cases: readonly (readonly [string, (content: Json) => void, string])[] = [
    ['a moment that does not exist', setting('createdAt', '2026-02-30T10:00:00Z'), 'no-such-moment'],
    [
      'an end before the beginning',
      setting('expiresAt', '2026-03-02T10:00:00Z'),
      'expires-before-its-making',
    ],
    ['a block at no moment', setting('networks.0.block.time', '2026-03-02T10:60:00Z'), 'no-such-moment'],
    ['a date that does not exist', setting('lines.3.requestedDate', '2026-02-29'), 'no-such-date @3'],
    ['a check at no moment', setting('lines.3.check.at', '0000-00-00T00:00:00Z'), 'no-such-moment @3'],
    [
      'a maker in lower case',
      setting('maker.key', sample.maker.key.toLowerCase()),
      'address-without-checksum',
    ],
    [
      'an account in lower case',
      setting('accounts.0.address', sample.accounts[0]?.address.toLowerCase()),
      'address-without-checksum',
    ],
    [
      'a creditor in lower case',
      setting('lines.2.creditor.address', sample.lines[2]?.creditor.address.toLowerCase()),
      'address-without-checksum @2',
    ],
    [
      'a contract in another case',
      setting('lines.3.transaction.to', sample.lines[3]?.transaction.to.toLowerCase()),
      'address-without-checksum @3',
    ],
    [
      'an implementation in lower case',
      (c) => {
        setting('tokens.0.implementation', sample.maker.key.toLowerCase())(c);
        setting('tokens.0.implementationCodeHash', sample.policy.digest)(c);
      },
      'address-without-checksum',
    ],
    [
      'an implementation without code',
      setting('tokens.0.implementation', sample.maker.key),
      'half-an-implementation',
    ],
    ['a network twice', (c) => (c.networks as unknown[]).push(sample.networks[0]), 'network-twice'],
    ['a token twice', (c) => (c.tokens as unknown[]).push(sample.tokens[0]), 'token-twice'],
    ['an account twice', (c) => (c.accounts as unknown[]).push(sample.accounts[0]), 'account-twice'],
    [
      'a network that nothing uses',
      (c) => (c.networks as unknown[]).push({ ...sample.networks[0], id: 'eip155:5' }),
      'network-not-used',
    ],
    ['a token on no network', (c) => (c.networks as unknown[]).pop(), 'token-without-network'],
    [
      'a token that nothing uses',
      (c) =>
        (c.tokens as unknown[]).push({ ...sample.tokens[0], id: `eip155:31337/erc20:0x${'1'.repeat(40)}` }),
      'token-not-used',
    ],
    [
      'an account that nothing uses',
      (c) => (c.accounts as unknown[]).push({ ...sample.accounts[0], address: accountKey(9).address }),
      'account-not-used',
    ],
    ['a token index beyond the last', setting('lines.5.token', 4), 'no-such-token @5'],
    ['an account index beyond the last', setting('lines.5.account', 2), 'no-such-account @5'],
    ['another chain', setting('lines.1.transaction.chainId', '1'), 'other-chain-than-the-token @1'],
    ['chain 0', setting('lines.1.transaction.chainId', '0'), 'chain-id-out-of-range @1'],
    ['attached value', setting('lines.1.transaction.value', '1'), 'carries-native-value @1'],
    ['no gas', setting('lines.1.transaction.gas', '20999'), 'gas-out-of-range @1'],
    ['much gas', setting('lines.1.transaction.gas', '10000001'), 'gas-out-of-range @1'],
    [
      'a tip above the fee',
      setting('lines.1.transaction.maxPriorityFeePerGas', '2000000001'),
      'priority-fee-above-fee @1',
    ],
    [
      'a fee of more than 128 bits',
      setting('lines.3.transaction.gasPrice', (1n << 128n).toString()),
      'fee-out-of-range @3',
    ],
    [
      'a number of a million digits',
      setting('lines.3.transaction.gasPrice', '9'.repeat(1_000_000)),
      'number-too-long @3',
    ],
    [
      'a nonce that EIP-2681 forbids',
      setting('lines.3.transaction.nonce', ((1n << 64n) - 1n).toString()),
      'nonce-out-of-range @3',
    ],
    [
      'another contract',
      setting('lines.1.transaction.to', sample.lines[0]?.transaction.to),
      'other-contract-than-the-token @1',
    ],
    [
      'the contract as receiver',
      setting('lines.1.creditor.address', sample.lines[1]?.transaction.to),
      'receiver-would-lose-it @1',
    ],
    [
      'nobody as receiver',
      setting('lines.1.creditor.address', `0x${'0'.repeat(40)}`),
      'receiver-would-lose-it @1',
    ],
    [
      'the payer as receiver',
      setting('lines.0.creditor.address', sample.accounts[0]?.address),
      'pays-itself @0',
    ],
    [
      'another receiver',
      setting('lines.1.creditor.address', sample.lines[0]?.creditor.address),
      'data-is-not-the-payment @1',
    ],
    ['another amount', setting('lines.1.units', '100'), 'data-is-not-the-payment @1'],
    ['no amount', setting('lines.1.units', '0'), 'amount-out-of-range @1'],
    [
      'an amount of more than 256 bits',
      setting('lines.1.units', (1n << 256n).toString()),
      'amount-out-of-range @1',
    ],
    [
      'another reference',
      setting('lines.1.reference', sample.lines[0]?.reference),
      'data-is-not-the-payment @1',
    ],
    ['a reference in other letters', setting('lines.2.reference', 'ILOU000000000000'), 'reference-form @2'],
    ['another document', setting('lines.0.docHash', sample.lines[1]?.docHash), 'data-is-not-the-payment @0'],
    ['another form of reference', setting('tokens.0.reference', 'none'), 'data-is-not-the-payment @0'],
    [
      'an approval of a spender',
      setting('lines.1.transaction.data', `0x095ea7b3${'0'.repeat(128)}`),
      'data-is-not-the-payment @1',
    ],
    [
      'data after the transfer',
      setting('lines.2.transaction.data', `${sample.lines[2]?.transaction.data}00`),
      'data-is-not-the-payment @2',
    ],
    ['no data', setting('lines.2.transaction.data', '0x'), 'data-is-not-the-payment @2'],
    ['a cancellation in a batch', setting('lines.2.action', 'cancel'), 'cancel-outside-a-replacement @2'],
    ['no end-to-end id', setting('lines.2.endToEndId', ''), 'no-end-to-end-id @2'],
    [
      'an end-to-end id twice',
      setting('lines.2.endToEndId', sample.lines[1]?.endToEndId),
      'end-to-end-id-twice @2',
    ],
    ['a payment twice', setting('lines.2.paymentId', sample.lines[1]?.paymentId), 'payment-twice @2'],
    // Token 2 carries no reference in its data, so that only this rule sees it.
    ['a reference twice', setting('lines.2.reference', sample.lines[1]?.reference), 'reference-twice @2'],
    ['a line twice', (c) => (c.lines as unknown[]).push(sample.lines[7]), 'payment-twice @8'],
    ['a line of another batch', (c) => (c.lines as unknown[]).push({ ...other.lines[1] }), 'nonce-twice @8'],
    ['a line less', (c) => (c.lines as unknown[]).pop(), 'nonce-plan'],
    ['lines in another order', swap('lines.0', 'lines.5'), 'nonce-out-of-order @5'],
    [
      'a nonce twice',
      setting('lines.5.transaction.nonce', sample.lines[0]?.transaction.nonce),
      'nonce-twice @5',
    ],
    ['a nonce left out', setting('lines.5.transaction.nonce', '999'), 'nonce-out-of-order @5'],
    ['another first nonce', setting('accounts.0.nonces.0.first', '6'), 'nonce-plan'],
    ['another count of nonces', setting('accounts.0.nonces.0.count', 9), 'nonce-plan'],
    ['nonces of another network', swap('accounts.0.nonces.0', 'accounts.0.nonces.1'), 'nonce-plan'],
    ['another total', setting('totals.0.units', '1'), 'totals'],
    ['another count', setting('totals.0.count', 1), 'totals'],
    [
      'the same total written otherwise',
      (c) => {
        setting('totals.2.decimals', 7)(c);
        setting('totals.2.units', `${sample.totals[2]?.units}0`)(c);
      },
      'totals',
    ],
    ['totals in another order', swap('totals.0', 'totals.1'), 'totals'],
    [
      'a total more',
      (c) => (c.totals as unknown[]).push({ currency: 'XAF', count: 1, units: '1', decimals: 0 }),
      'totals',
    ],
    ['a total less', (c) => (c.totals as unknown[]).pop(), 'totals'],
    ['another number of decimals', setting('tokens.1.decimals', 5), 'totals'],
    ['another currency', setting('tokens.1.currency', 'CHF'), 'totals'],
  ];
  test.each(cases)('%s', (_name, change, expected) => {
    expect(fault(changed(change))).toBe(expected);
  });

  test('a cancellation that goes elsewhere or says something', () => {
    const from = makeContent({ kind: 'replacement', isCancel: () => true });
    expect(fault(changed(setting('lines.1.transaction.to', from.accounts[1]?.address), from))).toMatch(
      /^(cancel-does-not-go-to-oneself @1|consistent)$/,
    );
    const foreign = setting('lines.1.transaction.to', from.tokens[1] && accountKey(8).address);
    expect(fault(changed(foreign, from))).toBe('cancel-does-not-go-to-oneself @1');
    expect(fault(changed(setting('lines.1.transaction.data', '0xa9059cbb'), from))).toBe(
      'cancel-carries-data @1',
    );
    expect(fault(changed(setting('lines.3.transaction.value', '1'), from))).toBe('carries-native-value @3');
    expect(fault(changed(setting('totals', sample.totals), from))).toBe('totals');
  });

  test('one bad line wherever it stands', () => {
    const content = makeContent({ lines: 300, accounts: 3 });
    for (let line = 0; line < 300; line += 1) {
      const lines = content.lines.map((each, index) =>
        index === line ? { ...each, units: `${BigInt(each.units) + 1n}` } : each,
      );
      expect(fault({ ...content, lines })).toBe(`data-is-not-the-payment @${line}`);
    }
  }, 120_000);
});

test('totals are exact over tokens of one currency that count differently', () => {
  const money = fc.record({ units: fc.bigInt(1n, 10n ** 40n), token: fc.integer({ min: 0, max: 3 }) });
  fc.assert(
    fc.property(fc.array(money, { minLength: 1, maxLength: 30 }), (amounts) => {
      const lines = amounts.map(({ units, token }) => ({
        ...(sample.lines[0] as EnvelopeLine),
        units: `${units}`,
        token,
      }));
      for (const total of deriveTotals(lines, sample.tokens)) {
        const own = amounts.filter(({ token }) => TOKENS[token]?.currency === total.currency);
        expect(total.count).toBe(own.length);
        expect(total.decimals).toBe(Math.max(...own.map(({ token }) => TOKENS[token]?.decimals ?? 0)));
        const scaled = own.map(
          ({ units, token }) => units * 10n ** BigInt(36 - (TOKENS[token]?.decimals ?? 0)),
        );
        expect(BigInt(total.units) * 10n ** BigInt(36 - total.decimals)).toBe(
          scaled.reduce((a, b) => a + b, 0n),
        );
      }
    }),
  );
});

/**
 * One changed byte of a transaction, in each of its fields in turn. What the words of the line do not say (fees, the nonce,
 * the kind) changes the digest, and so every act's signature; the rest is refused by the line alone.
 */
test('51,200 one-byte changes of 200 transactions are refused', () => {
  const content = makeContent({ lines: 200, accounts: 3 });
  const refused = { line: 0, digest: 0 };
  let seed = 1;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const flip = (text: string, alphabet: string, from: number): string => {
    const place = from + random(text.length - from);
    const options = alphabet.replace(text.charAt(place), '');
    return text.slice(0, place) + options.charAt(random(options.length)) + text.slice(place + 1);
  };
  for (const line of content.lines) {
    for (let round = 0; round < 256; round += 1) {
      const tx = { ...line.transaction } as UnsignedTransaction & Record<string, string>;
      const fields = Object.keys(tx).filter((field) => field !== 'type');
      // Half of them in the calldata.
      const field = round % 2 === 0 ? 'data' : (fields[random(fields.length)] as string);
      const before = tx[field] as string;
      tx[field as 'data'] = (
        before.startsWith('0x') ? flip(before, '0123456789abcdef', 2) : flip(before, '0123456789', 0)
      ) as typeof tx.data;
      if (tx[field] === before) throw new Error('nothing was changed');
      const fault = findLineFault({ ...line, transaction: tx }, content);
      if (fault !== null) refused.line += 1;
      else if (!['data', 'to', 'value', 'chainId'].includes(field)) {
        // Gas, fees and nonce: nothing beside them in the line, so the digest must hold them.
        const digests = [line, { ...line, transaction: tx }].map((each) =>
          envelopeDigest({ ...content, lines: [each] }),
        );
        if (digests[0] === digests[1]) continue;
        refused.digest += 1;
      }
    }
  }
  expect(refused.line + refused.digest).toBe(51_200);
  expect(refused.line).toBeGreaterThan(35_000);
}, 120_000);
