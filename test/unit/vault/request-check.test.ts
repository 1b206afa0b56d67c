import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkRequest, digestOf } from '../../../src/main/vault/request-check';
import { encodeTransfer } from '../../../src/shared/evm/calldata';
import type { Address, Hash32, KeyId } from '../../../src/shared/model/ids';
import { digestInput, type SigningContent, type SigningItem } from '../../../src/shared/model/signing';
import { signingContent, signingItem } from '../../support/signing-content';

const OWNER = { keyId: 'key_000000000001' as KeyId, address: `0x${'aB'.repeat(20)}` as Address };
const OTHER = { keyId: 'key_000000000002' as KeyId, address: `0x${'cD'.repeat(20)}` as Address };
const addressOf = (keyId: KeyId): Address | null =>
  keyId === OWNER.keyId ? OWNER.address : keyId === OTHER.keyId ? OTHER.address : null;

/** Checks a content under its own digest: what remains is what the vault itself refuses. */
const refusal = (content: SigningContent): string => {
  try {
    checkRequest(content, digestOf(content), addressOf);
    return 'accepted';
  } catch (error) {
    const { code, details } = error as { code: string; details?: { reason?: string } };
    return details?.reason ? `${code} ${details.reason}` : code;
  }
};

const item = signingItem(0, OWNER, 'suffix');
const withItem = (change: Partial<SigningItem>): SigningContent => signingContent([{ ...item, ...change }]);
const withTx = (change: Partial<Record<string, string>>, over: SigningItem = item): SigningContent =>
  signingContent([
    { ...over, transaction: { ...over.transaction, ...change } as SigningItem['transaction'] },
  ]);
const call = (change: Partial<Parameters<typeof encodeTransfer>[0]>): string =>
  encodeTransfer({
    to: item.creditorAddress,
    units: BigInt(item.units),
    reference: { form: 'suffix', e2e: item.reference, docHash: item.docHash },
    ...change,
  });

describe('what the vault signs', () => {
  it('accepts payments in all three forms and the digest that anybody can compute', () => {
    const content = signingContent(
      (['suffix', 'none', 'memo'] as const).map((form, index) => signingItem(index, OWNER, form)),
    );
    expect(refusal(content)).toBe('accepted');
    expect(digestOf(content)).toBe(`0x${createHash('sha256').update(digestInput(content)).digest('hex')}`);
  });

  it('accepts a legacy transaction', () => {
    const {
      maxFeePerGas: _fee,
      maxPriorityFeePerGas: _priority,
      ...tx
    } = item.transaction as never as Record<string, string>;
    const transaction = { ...tx, type: 'legacy', gasPrice: '7' } as never as SigningItem['transaction'];
    expect(refusal(withItem({ transaction }))).toBe('accepted');
  });

  it('refuses another digest than the approved one, for any change of any field', () => {
    const content = signingContent([item, signingItem(1, OWNER)]);
    const digest = digestOf(content);
    const changes: SigningContent[] = [
      { ...content, batchId: 'bat_0000000002' as never },
      { ...content, source: { ...content.source, fileName: 'other.xml' } },
      { ...content, items: [...content.items].reverse() },
      { ...content, items: content.items.slice(1) },
      ...Object.keys(item)
        .filter((field) => typeof item[field as keyof SigningItem] === 'string')
        .map((field) => {
          const value = String(item[field as keyof SigningItem]);
          const other =
            field === 'action'
              ? 'cancel'
              : /[0-9]$/.test(value)
                ? value.replace(/.$/, (d) => (d === '1' ? '2' : '1'))
                : `${value.slice(0, -1)}${value.endsWith('D') ? 'E' : 'D'}`;
          return withItem({ [field]: other } as Partial<SigningItem>);
        })
        .map((changed) => ({ ...content, items: [...changed.items, ...content.items.slice(1)] })),
    ];
    expect(changes.length).toBeGreaterThan(18);
    for (const changed of changes) {
      expect(() => checkRequest(changed, digest, addressOf)).toThrowError(
        expect.objectContaining({
          code: expect.stringMatching(/^vault\/(digest-mismatch|invalid-request)$/),
        }),
      );
    }
    expect(() => checkRequest(content, `0x${'00'.repeat(32)}`, addressOf)).toThrowError(
      expect.objectContaining({ code: 'vault/digest-mismatch' }),
    );
  });

  it.each([
    ['another receiver', withTx({ data: call({ to: OTHER.address }) }), 'other-receiver-than-the-creditor'],
    ['another amount', withTx({ data: call({ units: BigInt(item.units) + 1n }) }), 'other-amount'],
    [
      'another reference',
      withTx({ data: call({ reference: { form: 'memo', e2e: '0123456789ABCDEF' } }) }),
      'other-reference',
    ],
    [
      'another document',
      withTx({
        data: call({
          reference: { form: 'suffix', e2e: item.reference, docHash: `0x${'9'.repeat(64)}` as Hash32 },
        }),
      }),
      'other-document',
    ],
    ['another contract', withTx({ to: OTHER.address }), 'other-contract-than-the-token'],
    ['another chain', withTx({ chainId: '8453' }), 'other-chain-than-the-token'],
    ['chain 0', withTx({ chainId: '0' }), 'chain-id-out-of-range'],
    ['native value', withTx({ value: '1' }), 'carries-native-value'],
    [
      'an approve',
      withTx({ data: `0x095ea7b3${item.transaction.data.slice(10)}` }),
      'data-is-not-a-transfer',
    ],
    ['trailing bytes', withTx({ data: `${item.transaction.data}00` }), 'data-is-not-a-transfer'],
    ['no data', withTx({ data: '0x' }), 'data-is-not-a-transfer'],
    ['too little gas', withTx({ gas: '20999' }), 'gas-out-of-range'],
    ['absurd gas', withTx({ gas: '10000001' }), 'gas-out-of-range'],
    ['an absurd fee', withTx({ maxFeePerGas: String(1n << 129n) }), 'fee-out-of-range'],
    ['a tip above the fee', withTx({ maxPriorityFeePerGas: '2000000001' }), 'priority-fee-above-fee'],
    ['a nonce without end', withTx({ nonce: String((1n << 64n) - 1n) }), 'nonce-out-of-range'],
    ["somebody else's key", withItem({ keyId: OTHER.keyId }), 'key-is-not-the-debtor'],
    ["somebody else's account", withItem({ debtorAddress: OTHER.address }), 'key-is-not-the-debtor'],
    [
      'a payment to the token itself',
      withTx(
        {
          data: encodeTransfer({
            to: item.transaction.to,
            units: BigInt(item.units),
            reference: { form: 'none' },
          }),
        },
        { ...item, creditorAddress: item.transaction.to },
      ),
      'receiver-would-lose-it',
    ],
    [
      'the same payment twice',
      signingContent([item, { ...signingItem(1, OWNER), paymentId: item.paymentId }]),
      'payment-twice',
    ],
    [
      'the same nonce twice',
      signingContent([
        item,
        { ...signingItem(1, OWNER), transaction: { ...signingItem(1, OWNER).transaction, nonce: '0' } },
      ]),
      'nonce-twice',
    ],
    ['nothing at all', signingContent([]), 'item-count'],
    [
      'a cancel in a batch of payments',
      withTx({ to: OWNER.address, data: '0x' }, { ...item, action: 'cancel' }),
      'cancel-outside-a-replacement',
    ],
  ])('refuses %s', (_name, content, reason) => {
    expect(refusal(content)).toBe(`vault/invalid-request ${reason}`);
  });

  it('refuses an unknown key', () => {
    expect(refusal(withItem({ keyId: 'key_00000000000z' as KeyId }))).toBe('vault/unknown-key');
  });

  it('accepts replacements that pay the same again or move nothing to oneself, and no other', () => {
    const cancel: SigningItem = {
      ...item,
      action: 'cancel',
      transaction: { ...item.transaction, to: OWNER.address, data: '0x' as never },
    };
    const replacement = (only: SigningItem): SigningContent => ({
      ...signingContent([only]),
      kind: 'replacement',
    });
    expect(refusal(replacement(item))).toBe('accepted');
    expect(refusal(replacement(cancel))).toBe('accepted');
    const away = { ...cancel, transaction: { ...cancel.transaction, to: OTHER.address } };
    expect(refusal(replacement(away))).toBe('vault/invalid-request cancel-does-not-go-to-oneself');
    const loaded = { ...cancel, transaction: { ...cancel.transaction, data: item.transaction.data } };
    expect(refusal(replacement(loaded))).toBe('vault/invalid-request cancel-carries-data');
  });

  it('refuses anything that is not the structure it knows', () => {
    const content = signingContent([item]);
    for (const malformed of [
      null,
      'text',
      `0x${'12'.repeat(32)}`,
      { ...content, version: 2 },
      { ...content, extra: true },
      { ...content, items: [{ ...item, extra: 1 }] },
      { ...content, items: [{ ...item, transaction: { ...item.transaction, accessList: [] } }] },
      { ...content, items: [{ ...item, transaction: { ...item.transaction, type: 'eip4844' } }] },
      { ...content, items: [{ ...item, transaction: { ...item.transaction, nonce: 1 } }] },
      { ...content, items: [{ ...item, transaction: { ...item.transaction, value: '00' } }] },
      { ...content, items: [{ ...item, creditorName: '\ud800' }] },
    ]) {
      expect(() => checkRequest(malformed, digestOf(content), addressOf)).toThrowError(
        expect.objectContaining({ code: 'vault/invalid-request', details: { reason: 'malformed' } }),
      );
    }
  });
});
