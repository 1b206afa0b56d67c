import fc from 'fast-check';
import {
  keccak256,
  recoverTransactionAddress,
  serializeTransaction,
  type TransactionSerializable,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { signDigests } from '../../../src/main/vault/batch-signer';
import { isPrivateKey, signDigest } from '../../../src/main/vault/secp256k1';
import { prepareTransaction } from '../../../src/main/vault/transaction';
import { UnsignedTransaction } from '../../../src/shared/model/signing';
import { bytesToHex } from '../../support/cases';

const uint = (bits: number) => fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n });
/** Small values and values around byte borders, which is where encoders differ. */
const interesting = (bits: number) =>
  fc.oneof(
    uint(bits),
    fc
      .constantFrom(0n, 1n, 127n, 128n, 255n, 256n, 65535n, 65536n)
      .filter((value) => value < 1n << BigInt(bits)),
  );
const hexBytes = (min: number, max: number) =>
  fc.uint8Array({ minLength: min, maxLength: max }).map((bytes) => `0x${bytesToHex(bytes)}`);

const common = {
  chainId: fc.integer({ min: 1, max: 2 ** 31 }).map(String),
  nonce: interesting(40).map(String),
  to: hexBytes(20, 20),
  value: interesting(200).map(String),
  data: fc.oneof(hexBytes(0, 2), hexBytes(50, 60), hexBytes(0, 400)),
  gas: interesting(32).map(String),
};
const eip1559 = fc
  .record({
    type: fc.constant('eip1559'),
    ...common,
    maxPriorityFeePerGas: interesting(60),
    maxFeePerGas: interesting(90),
  })
  .map(({ maxFeePerGas: fee, maxPriorityFeePerGas: priority, ...tx }) => ({
    ...tx,
    // biome-ignore lint/complexity/useMathMinMax: Math.max takes no bigint
    maxFeePerGas: String(fee > priority ? fee : priority),
    maxPriorityFeePerGas: String(priority),
  }));
const legacy = fc.record({ type: fc.constant('legacy'), ...common, gasPrice: interesting(90).map(String) });
const transactions = fc.oneof(eip1559, legacy).map((tx) => UnsignedTransaction.parse(tx));
const privateKeys = fc.uint8Array({ minLength: 32, maxLength: 32 }).filter(isPrivateKey);

const forViem = (tx: UnsignedTransaction): TransactionSerializable => {
  const base = {
    chainId: Number(tx.chainId),
    nonce: Number(tx.nonce),
    to: tx.to as `0x${string}`,
    value: BigInt(tx.value),
    data: tx.data as `0x${string}`,
    gas: BigInt(tx.gas),
  };
  return tx.type === 'eip1559'
    ? {
        ...base,
        type: 'eip1559',
        maxFeePerGas: BigInt(tx.maxFeePerGas),
        maxPriorityFeePerGas: BigInt(tx.maxPriorityFeePerGas),
      }
    : { ...base, type: 'legacy', gasPrice: BigInt(tx.gasPrice) };
};

describe('transactions', () => {
  it('have the signing hash that viem gives', () => {
    fc.assert(
      fc.property(transactions, (tx) => {
        expect(`0x${bytesToHex(prepareTransaction(tx).digest)}`).toBe(
          keccak256(serializeTransaction(forViem(tx))),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('are signed to the bytes and hash that viem gives, and recover to the sender', async () => {
    await fc.assert(
      fc.asyncProperty(transactions, privateKeys, async (tx, privateKey) => {
        const account = privateKeyToAccount(`0x${bytesToHex(privateKey)}`);
        const expected = await account.signTransaction(forViem(tx));
        const { digest, finish } = prepareTransaction(tx);
        const { raw, hash } = finish(signDigest(digest, privateKey));
        expect(raw).toBe(expected);
        expect(hash).toBe(keccak256(expected));
        expect(finish(signDigests([{ digest, privateKey }])[0] as never).raw).toBe(expected);
        const from = await recoverTransactionAddress({ serializedTransaction: raw as never });
        expect(from).toBe(account.address);
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it('differ in hash when any field differs', () => {
    const tx = UnsignedTransaction.parse({
      type: 'eip1559',
      chainId: '8453',
      nonce: '7',
      to: `0x${'11'.repeat(20)}`,
      value: '0',
      data: '0xa9059cbb',
      gas: '90000',
      maxFeePerGas: '2000000000',
      maxPriorityFeePerGas: '1000000',
    });
    const changes: Record<string, string> = {
      chainId: '1',
      nonce: '8',
      to: `0x${'12'.repeat(20)}`,
      value: '1',
      data: '0xa9059cbc',
      gas: '90001',
      maxFeePerGas: '2000000001',
      maxPriorityFeePerGas: '1000001',
    };
    const hashes = new Set([bytesToHex(prepareTransaction(tx).digest)]);
    for (const [field, value] of Object.entries(changes)) {
      hashes.add(bytesToHex(prepareTransaction(UnsignedTransaction.parse({ ...tx, [field]: value })).digest));
    }
    expect(hashes.size).toBe(9);
  });

  it('cannot be made with an integer beyond 256 bits', () => {
    const tx = UnsignedTransaction.parse({
      type: 'legacy',
      chainId: '1',
      nonce: '0',
      to: `0x${'11'.repeat(20)}`,
      value: String(1n << 256n),
      data: '0x',
      gas: '21000',
      gasPrice: '1',
    });
    expect(() => prepareTransaction(tx)).toThrow('integer out of range');
  });
});
