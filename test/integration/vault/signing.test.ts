import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SigningProgress, Vault } from '../../../src/main/vault';
import type { KeyInfo } from '../../../src/shared/contract/vault';
import { Hash32 } from '../../../src/shared/model/ids';
import { digestInput, type SigningContent } from '../../../src/shared/model/signing';
import { signingContent, signingItem } from '../../support/signing-content';
import { createVaultFixture, isRunning, PASSPHRASE, type VaultFixture } from '../../support/vault-fixture';

const KEYS = [`0x${'42'.repeat(32)}`, `0x${'43'.repeat(32)}`] as const;

let fixture: VaultFixture;
let vault: Vault;
let keys: KeyInfo[];

beforeAll(async () => {
  fixture = await createVaultFixture();
  vault = fixture.start();
  keys = [];
  for (const privateKey of KEYS)
    keys.push(await vault.importPrivateKey({ privateKey, passphrase: PASSPHRASE }));
});
afterAll(() => fixture.dispose());

const digestOf = (content: SigningContent): Hash32 =>
  Hash32.parse(`0x${createHash('sha256').update(digestInput(content)).digest('hex')}`);
const makeContent = (count: number): SigningContent =>
  signingContent(
    Array.from({ length: count }, (_, index) =>
      signingItem(index, keys[index % 2] as KeyInfo, (['suffix', 'none', 'memo'] as const)[index % 3]),
    ),
  );
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'signed',
    (error: { code: string }) => error.code,
  );

const signWithViem = (content: SigningContent): Promise<string[]> =>
  Promise.all(
    content.items.map(({ transaction: tx }, index) => {
      if (tx.type !== 'eip1559') throw new Error('these tests sign EIP-1559');
      return privateKeyToAccount(KEYS[index % 2] as `0x${string}`).signTransaction({
        type: 'eip1559',
        chainId: Number(tx.chainId),
        nonce: Number(tx.nonce),
        to: tx.to as `0x${string}`,
        value: 0n,
        data: tx.data as `0x${string}`,
        gas: BigInt(tx.gas),
        maxFeePerGas: BigInt(tx.maxFeePerGas),
        maxPriorityFeePerGas: BigInt(tx.maxPriorityFeePerGas),
      });
    }),
  );

describe('signing a batch', () => {
  it.each([5, 700])(
    'of %i payments gives the bytes that viem gives, in order, with progress',
    async (count) => {
      const content = makeContent(count);
      const progress: SigningProgress[] = [];
      const { signed } = await vault.signBatch(
        { content, digest: digestOf(content), passphrase: PASSPHRASE },
        { onProgress: (value) => progress.push(value) },
      );
      expect(signed.map(({ raw }) => raw)).toEqual(await signWithViem(content));
      expect(signed.map(({ paymentId }) => paymentId)).toEqual(
        content.items.map(({ paymentId }) => paymentId),
      );
      expect(signed.map(({ nonce }) => nonce)).toEqual(content.items.map((_, index) => BigInt(index)));
      expect(signed[1]?.from).toBe(keys[1]?.address);
      expect(progress[0]).toEqual({ signed: 0, total: count });
      expect(progress.at(-1)).toEqual({ signed: count, total: count });
      const counts = progress.map(({ signed: done }) => done);
      expect([...counts].sort((a, b) => a - b)).toEqual(counts);
      // The same again: the same bytes.
      const again = await vault.signBatch({ content, digest: digestOf(content), passphrase: PASSPHRASE });
      expect(again.signed).toEqual(signed);
    },
  );

  it.each([100, 3000])(
    'of %i payments gives nothing when cancelled, and can sign afterwards',
    async (count) => {
      const content = makeContent(count);
      const controller = new AbortController();
      const before = fixture.received.length;
      const code = await codeOf(
        vault.signBatch(
          { content, digest: digestOf(content), passphrase: PASSPHRASE },
          { signal: controller.signal, onProgress: () => controller.abort() },
        ),
      );
      expect(code).toBe('cancelled');
      const messages = JSON.stringify(fixture.received.slice(before), (_key, value) =>
        typeof value === 'bigint' ? String(value) : value,
      );
      expect(messages).not.toContain('0x02f8');
      const small = makeContent(2);
      expect(
        await codeOf(vault.signBatch({ content: small, digest: digestOf(small), passphrase: PASSPHRASE })),
      ).toBe('signed');
    },
  );

  it('gives nothing without the right passphrase or for another content than was approved', async () => {
    const content = makeContent(3);
    const digest = digestOf(content);
    expect(await codeOf(vault.signBatch({ content, digest, passphrase: 'not the passphrase' }))).toBe(
      'vault/wrong-passphrase',
    );
    const swapped = { ...content, items: [...content.items].reverse() };
    expect(await codeOf(vault.signBatch({ content: swapped, digest, passphrase: PASSPHRASE }))).toBe(
      'vault/digest-mismatch',
    );
    const [first, ...rest] = content.items;
    const altered = {
      ...content,
      items: [{ ...first, creditorAddress: keys[0]?.address }, ...rest],
    } as SigningContent;
    expect(
      await codeOf(vault.signBatch({ content: altered, digest: digestOf(altered), passphrase: PASSPHRASE })),
    ).toBe('vault/invalid-request');
    expect(
      await codeOf(
        vault.signBatch({ content: `0x${'12'.repeat(32)}` as never, digest, passphrase: PASSPHRASE }),
      ),
    ).toBe('vault/invalid-request');
  });

  it.skipIf(process.platform !== 'linux')('ends its threads with the batch', async () => {
    const content = makeContent(400);
    const countThreads = () => readdirSync(`/proc/${vault.pid()}/task`).length;
    const before = countThreads();
    let during = 0;
    await vault.signBatch(
      { content, digest: digestOf(content), passphrase: PASSPHRASE },
      { onProgress: () => (during = Math.max(during, countThreads())) },
    );
    expect(during).toBeGreaterThan(before);
    await vi.waitFor(() => expect(countThreads()).toBeLessThanOrEqual(before), { timeout: 3000 });
  });

  it('is stopped by locking, which ends the process and its threads', async () => {
    const content = makeContent(3000);
    const pid = vault.pid() as number;
    const running = codeOf(
      vault.signBatch(
        { content, digest: digestOf(content), passphrase: PASSPHRASE },
        { onProgress: () => void vault.lock() },
      ),
    );
    expect(await running).toBe('vault/locked');
    expect(isRunning(pid)).toBe(false);
    await vault.unlock(PASSPHRASE);
    const small = makeContent(1);
    expect(
      (await vault.signBatch({ content: small, digest: digestOf(small), passphrase: PASSPHRASE })).signed,
    ).toHaveLength(1);
  });
});
