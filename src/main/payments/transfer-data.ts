/** The bytes that pay a payment, and the simulated questions about it. Pure. */
import { encodeTransfer, type ReferenceForm, type TransferCall } from '../../shared/evm/calldata';
import type { Token } from '../../shared/model/directory';
import { type Address, Hex } from '../../shared/model/ids';
import type { PaymentFacts } from '../settlement';

/** PaymentRef v1: the memo where the token has one, else the calldata suffix where the token may carry it, else none. */
export const referenceFormOf = (token: Token): ReferenceForm => {
  if (token.approved?.interfaces.includes('memo')) return 'memo';
  return token.referenceSuffix ? 'suffix' : 'none';
};

const referenceOf = (token: Token, payment: PaymentFacts): TransferCall['reference'] => {
  switch (referenceFormOf(token)) {
    case 'memo':
      return { form: 'memo', e2e: payment.reference };
    case 'suffix':
      return { form: 'suffix', e2e: payment.reference, docHash: payment.docHash };
    case 'none':
      return { form: 'none' };
  }
};

export const transferDataOf = (token: Token, payment: PaymentFacts): Hex =>
  encodeTransfer({
    to: payment.creditorAddress,
    units: payment.units,
    reference: referenceOf(token, payment),
  });

/** Views by the standard that has them. */
export const VIEW = {
  balanceOf: '0x70a08231',
  canSend: '0x2bc06a92', // ERC-7943
  canReceive: '0x90d370ba',
  canTransfer: '0xe46638e6',
  getFrozenTokens: '0x158b1a57',
  isAllowlistEnabled: '0xd146fd1b', // CMTAT
  isAllowlisted: '0x05a3b809',
  isBlacklisted: '0xfe575a87', // FiatToken
  isFrozen: '0xe5839836', // CMTAT, ERC-3643
  paused: '0x5c975abb',
  detectTransferRestriction: '0xd4ce1415', // ERC-1404
  messageForTransferRestriction: '0x7f4ab1dd',
} as const;

export const addressWord = (address: Address): string => address.slice(2).toLowerCase().padStart(64, '0');
export const numberWord = (value: bigint): string => value.toString(16).padStart(64, '0');
export const viewData = (selector: string, ...words: readonly string[]): Hex =>
  Hex.parse(selector + words.join(''));

/** Exactly one word that is 0 or 1; anything else is no answer. */
export const readBool = (data: Hex): boolean | null => {
  if (data.length !== 66) return null;
  const value = BigInt(data);
  return value === 0n ? false : value === 1n ? true : null;
};

export const readWord = (data: Hex): bigint | null => (data.length === 66 ? BigInt(data) : null);
