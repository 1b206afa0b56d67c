/**
 * What is approved, built from stored payments, and read back from its own bytes. Pure.
 *
 * SECURITY: the lines that a person sees come from decoding the transactions that will be signed, and are then compared
 * with the stored payments. A difference anywhere refuses the whole approval.
 */
import { createHash } from 'node:crypto';
import { getAddress } from 'viem';
import { type Canonical, canonicalJson } from '../../shared/canonical';
import type { ApprovalLine } from '../../shared/contract';
import { AppError } from '../../shared/errors';
import { decodeTransfer } from '../../shared/evm/calldata';
import type { Network, OwnAccount, Token } from '../../shared/model/directory';
import { Address, chainIdOf, contractOfToken, Hash32, type Hex } from '../../shared/model/ids';
import type { PaymentSource } from '../../shared/model/payments';
import type { SigningContent, SigningItem, UnsignedTransaction } from '../../shared/model/signing';
import type { FeeOffer, PaymentFacts } from '../settlement';
import { transferDataOf } from './transfer-data';

/** Everything about one payment's transaction that is not in the payment itself. */
export type Plan = {
  readonly payment: PaymentFacts;
  readonly token: Token;
  readonly network: Network;
  readonly account: OwnAccount;
  readonly nonce: bigint;
  readonly gas: bigint;
  readonly fees: FeeOffer;
  readonly action: 'pay' | 'cancel';
};

const isSameAddress = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
export const toChecksum = (address: string): Address => Address.parse(getAddress(address));

/** The exact transaction of a plan; whoever signs it. */
export const buildTransaction = ({
  payment,
  token,
  network,
  account,
  nonce,
  gas,
  fees,
  action,
}: Plan): UnsignedTransaction => {
  const common = {
    chainId: chainIdOf(network.id).toString(),
    nonce: nonce.toString(),
    to: action === 'pay' ? toChecksum(token.address) : toChecksum(account.address),
    value: '0',
    data: action === 'pay' ? transferDataOf(token, payment) : ('0x' as Hex),
    gas: gas.toString(),
  };
  return fees.type === 'eip1559'
    ? {
        type: 'eip1559',
        ...common,
        maxFeePerGas: fees.maxFeePerGas.toString(),
        maxPriorityFeePerGas: fees.maxPriorityFeePerGas.toString(),
      }
    : { type: 'legacy', ...common, gasPrice: fees.gasPrice.toString() };
};

export const buildItem = (plan: Plan): SigningItem => {
  const { payment, token, account } = plan;
  // A watch-only account: its key is in another machine's vault, which an envelope reaches.
  if (account.keyId === null) throw new AppError('vault/unknown-key', { account: account.name });
  return {
    paymentId: payment.id,
    action: plan.action,
    endToEndId: payment.endToEndId,
    tokenId: payment.tokenId,
    tokenName: token.name,
    issuerName: token.issuer.name,
    currency: payment.currency,
    units: payment.units.toString(),
    decimals: payment.decimals,
    creditorName: payment.creditorName,
    creditorLei: payment.creditorLei,
    creditorAccount: payment.creditorAccount,
    creditorAddress: toChecksum(payment.creditorAddress),
    debtorName: payment.debtorName,
    debtorAddress: toChecksum(payment.debtorAddress),
    keyId: account.keyId,
    reference: payment.reference,
    docHash: payment.docHash,
    transaction: buildTransaction(plan),
  };
};

export const maxFeeOf = (transaction: UnsignedTransaction): bigint =>
  BigInt(transaction.gas) *
  BigInt(transaction.type === 'eip1559' ? transaction.maxFeePerGas : transaction.gasPrice);

/**
 * Reads one item back from its bytes and compares it with the stored payment. Throws `payments/digest-mismatch` naming
 * what differs.
 */
export const readLine = (item: SigningItem, plan: Plan, index: number): ApprovalLine => {
  const { payment, token, network, account } = plan;
  const { transaction } = item;
  const require = (isRight: boolean, what: string): void => {
    if (!isRight) throw new AppError('payments/digest-mismatch', { paymentId: payment.id, what });
  };
  require(BigInt(transaction.chainId) === chainIdOf(network.id), 'chain');
  require(token.networkId === network.id && payment.tokenId === token.id, 'token');
  require(transaction.value === '0', 'value');
  require(BigInt(transaction.nonce) === plan.nonce, 'nonce');
  require(isSameAddress(account.address, payment.debtorAddress), 'debtor');
  let units: bigint;
  let creditorAddress: Address;
  let reference: string;
  if (item.action === 'pay') {
    // A cancellation moves no units: it stays possible when the token counts otherwise now.
    require(payment.decimals === token.decimals, 'decimals');
    const call = decodeTransfer(transaction.data);
    if (!call) throw new AppError('payments/digest-mismatch', { paymentId: payment.id, what: 'data' });
    require(isSameAddress(transaction.to, contractOfToken(payment.tokenId)), 'contract');
    require(isSameAddress(call.to, payment.creditorAddress), 'creditor');
    require(call.units === payment.units, 'amount');
    if (call.reference.form !== 'none') require(call.reference.e2e === payment.reference, 'reference');
    if (call.reference.form === 'suffix') require(call.reference.docHash === payment.docHash, 'document');
    units = call.units;
    creditorAddress = toChecksum(call.to);
    reference = call.reference.form === 'none' ? '' : call.reference.e2e;
  } else {
    require(transaction.data === '0x' && isSameAddress(transaction.to, account.address), 'data');
    units = payment.units;
    creditorAddress = toChecksum(payment.creditorAddress);
    reference = payment.reference;
  }
  return {
    index,
    paymentId: payment.id,
    action: item.action,
    endToEndId: item.endToEndId,
    creditorName: item.creditorName,
    creditorLei: item.creditorLei,
    creditorAccount: item.creditorAccount,
    creditorAddress,
    debtorName: item.debtorName,
    debtorAddress: toChecksum(item.debtorAddress),
    currency: item.currency,
    units,
    decimals: item.decimals,
    tokenName: item.tokenName,
    tokenAddress: item.action === 'pay' ? toChecksum(transaction.to) : toChecksum(token.address),
    issuerName: item.issuerName,
    networkName: network.name,
    chainId: BigInt(transaction.chainId),
    nonce: BigInt(transaction.nonce),
    maxFee: maxFeeOf(transaction),
    reference,
    data: transaction.data,
  };
};

export const contentSource = (source: PaymentSource): SigningContent['source'] => ({
  kind: source.kind,
  fileName: source.fileName,
  sha256: source.sha256,
  messageId: source.messageId,
});

const DIGEST_SLICE = 200;

/** Lets timers and messages through between slices of long work. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * SHA-256 over `digestInput(content)`, item by item, so that ten thousand of them do not hold the main thread. Members
 * of canonical JSON stand in the order batchId, items, kind, source, version.
 */
export const digestContent = async (content: SigningContent): Promise<Hash32> => {
  const json = (value: unknown): string => canonicalJson(value as Canonical);
  const hash = createHash('sha256');
  hash.update(`nostro/signing-content/v1\n{"batchId":${json(content.batchId)},"items":[`, 'utf8');
  for (const [index, item] of content.items.entries()) {
    if (index > 0) hash.update(',', 'utf8');
    hash.update(json(item), 'utf8');
    if (index % DIGEST_SLICE === DIGEST_SLICE - 1) await breathe();
  }
  hash.update(
    `],"kind":${json(content.kind)},"source":${json(content.source)},"version":${json(content.version)}}`,
    'utf8',
  );
  return Hash32.parse(`0x${hash.digest('hex')}`);
};
