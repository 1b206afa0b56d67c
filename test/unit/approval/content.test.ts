import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildItem, digestContent, type Plan, readLine } from '../../../src/main/payments/approval-content';
import { digestOf } from '../../../src/main/vault/request-check';
import type { SigningContent, SigningItem } from '../../../src/shared/model/signing';
import { planOf } from './plans';

const contentOf = (items: SigningItem[]): SigningContent => ({
  version: 1,
  kind: 'batch',
  batchId: 'bat_0123456789abcdef' as SigningContent['batchId'],
  source: { kind: 'pain.001', fileName: 'pay “all”.xml', sha256: null, messageId: 'M-1' },
  items,
});

describe('the digest', () => {
  it('is the one that the vault computes, for any content', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            units: fc.bigInt({ min: 1n, max: 1n << 200n }),
            name: fc.string({ unit: 'grapheme' }),
          }),
          {
            maxLength: 12,
          },
        ),
        async (rows) => {
          const content = contentOf(
            rows.map(({ units, name }, index) => buildItem(planOf(index, { units, creditorName: name }))),
          );
          expect(await digestContent(content)).toBe(digestOf(content));
        },
      ),
      { numRuns: 200 },
    );
  });
});

/** Every leaf of an item, as a path. */
const leaves = (value: unknown, path: readonly string[] = []): (readonly string[])[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, member]) => leaves(member, [...path, key]))
    : [path];
const setAt = (value: object, path: readonly string[], change: (old: unknown) => unknown): void => {
  const [key = '', ...rest] = path;
  const record = value as Record<string, unknown>;
  if (rest.length === 0) record[key] = change(record[key]);
  else setAt(record[key] as object, rest, change);
};

describe('one changed field', () => {
  const plan = planOf(3);
  const item = buildItem(plan);
  it.each(leaves(item).map((path) => [path.join('.'), path] as const))(
    '%s changes the digest',
    async (_name, path) => {
      const changed = structuredClone(item);
      setAt(changed, path, (old) => (typeof old === 'number' ? old + 1 : `${String(old)}1`));
      expect(await digestContent(contentOf([changed]))).not.toBe(await digestContent(contentOf([item])));
    },
  );
});

describe('reading back', () => {
  it('shows what the bytes say', () => {
    for (const form of ['memo', 'suffix', 'none'] as const) {
      const plan = planOf(1, {}, form);
      const line = readLine(buildItem(plan), plan, 0);
      expect(line).toMatchObject({
        units: plan.payment.units,
        creditorAddress: plan.payment.creditorAddress,
        reference: form === 'none' ? '' : plan.payment.reference,
        nonce: plan.nonce,
      });
    }
  });

  it('refuses every single-byte change of the calldata', () => {
    for (const form of ['memo', 'suffix', 'none'] as const) {
      const plan = planOf(2, {}, form);
      const item = buildItem(plan);
      const { data } = item.transaction;
      let silent = 0;
      for (let at = 2; at < data.length; at += 2) {
        const byte = Number.parseInt(data.slice(at, at + 2), 16);
        for (const change of [0x01, 0x80, 0xff]) {
          const mutated = `${data.slice(0, at)}${(byte ^ change).toString(16).padStart(2, '0')}${data.slice(at + 2)}`;
          const changed = {
            ...item,
            transaction: { ...item.transaction, data: mutated as typeof data },
          };
          try {
            readLine(changed, plan, 0);
            silent += 1;
          } catch (error) {
            expect(error).toMatchObject({ code: 'payments/digest-mismatch' });
          }
        }
      }
      expect(silent).toBe(0);
    }
  });

  it('refuses attached value, another contract, chain, nonce or debtor', () => {
    const plan = planOf(2);
    const item = buildItem(plan);
    const change = (transaction: Partial<SigningItem['transaction']>) => () =>
      readLine({ ...item, transaction: { ...item.transaction, ...transaction } as never }, plan, 0);
    const other: Plan = planOf(9);
    for (const attempt of [
      change({ value: '1' }),
      change({ to: plan.payment.creditorAddress }),
      change({ chainId: '1' }),
      change({ nonce: '77' }),
      () =>
        readLine(item, { ...plan, account: { ...plan.account, address: other.payment.creditorAddress } }, 0),
      () => readLine(item, { ...plan, payment: { ...plan.payment, decimals: 3 } }, 0),
    ])
      expect(attempt).toThrowError(/payments\/digest-mismatch/);
  });
});
