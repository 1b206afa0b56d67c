/** Valid signing contents for tests and benchmarks: ERC-20 transfers with the PaymentRef suffix, one chain. */
import { encodeTransfer } from '../../src/shared/evm/calldata';
import {
  type Address,
  BatchId,
  CurrencyCode,
  Hash32,
  type KeyId,
  NetworkId,
  PaymentId,
  tokenIdOf,
} from '../../src/shared/model/ids';
import type { SigningContent, SigningItem } from '../../src/shared/model/signing';

const TOKEN = '0x7e0a7e0a7e0a7e0a7e0a7e0a7e0a7e0a7e0a7e0a' as Address;
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export const referenceOf = (index: number): string => {
  let text = '';
  for (let i = 0, rest = index; i < 16; i += 1, rest = Math.floor(rest / 32))
    text = ALPHABET.charAt(rest % 32) + text;
  return text;
};

export const signingItem = (
  index: number,
  debtor: { readonly keyId: KeyId; readonly address: Address },
  form: 'suffix' | 'none' | 'memo' = 'none',
): SigningItem => {
  const creditorAddress = `0x${(index + 1).toString(16).padStart(40, 'c')}` as Address;
  const units = BigInt(100_00 + index);
  const reference = referenceOf(index);
  const docHash = Hash32.parse(`0x${(index + 1).toString(16).padStart(64, '0')}`);
  const data = encodeTransfer({
    to: creditorAddress,
    units,
    reference:
      form === 'suffix'
        ? { form, e2e: reference, docHash }
        : form === 'memo'
          ? { form, e2e: reference }
          : { form },
  });
  return {
    paymentId: PaymentId.parse(`pay_${index.toString(36).padStart(12, '0')}`),
    action: 'pay',
    endToEndId: `E2E-${index}`,
    tokenId: tokenIdOf(NetworkId.parse('eip155:31337'), TOKEN),
    tokenName: 'Test Dollar',
    issuerName: 'Example Bank',
    currency: CurrencyCode.parse('USD'),
    units: units.toString(),
    decimals: 2,
    creditorName: `Supplier ${index}`,
    creditorLei: null,
    creditorAccount: `DE00 ${index}`,
    creditorAddress,
    debtorName: 'Example Treasury',
    debtorAddress: debtor.address,
    keyId: debtor.keyId,
    reference,
    docHash,
    transaction: {
      type: 'eip1559',
      chainId: '31337',
      nonce: String(index),
      to: TOKEN,
      value: '0',
      data,
      gas: '120000',
      maxFeePerGas: '2000000000',
      maxPriorityFeePerGas: '1000000',
    },
  };
};

export const signingContent = (items: readonly SigningItem[]): SigningContent => ({
  version: 1,
  kind: 'batch',
  batchId: BatchId.parse('bat_0000000001'),
  source: { kind: 'form', fileName: null, sha256: null, messageId: null },
  items: [...items],
});
