/**
 * One line of an envelope, read from the bytes that will be signed. Pure.
 *
 * SECURITY: what a person sees of a line comes from decoding its transaction, and is then compared with the words beside
 * it (./consistency); names of networks, tokens and own accounts are this machine's own where it knows them. A difference anywhere is a
 * fault, and an envelope with a fault is not shown.
 */
import type { ApprovalLine } from '../../shared/contract';
import { decodeTransfer } from '../../shared/evm/calldata';
import type { Network, OwnAccount, Token } from '../../shared/model/directory';
import type { EnvelopeLine } from '../../shared/model/envelope';
import { contractOfToken, networkOfToken } from '../../shared/model/ids';
import type { UnsignedTransaction } from '../../shared/model/signing';
import { checksumAddress } from './address';
import { findLineFault } from './consistency';
import type { EnvelopeHead } from './ports';

/** What this machine knows itself of what an envelope names, by the envelope's own ids. */
export type OwnFacts = {
  readonly networks: ReadonlyMap<string, Network>;
  readonly tokens: ReadonlyMap<string, Token>;
  /** By lower-case address. */
  readonly accounts: ReadonlyMap<string, OwnAccount>;
};

export type LineResult =
  | { readonly line: ApprovalLine; readonly fault: null }
  | { readonly line: null; readonly fault: string };

export const maxFeeOf = (transaction: UnsignedTransaction): bigint =>
  BigInt(transaction.gas) *
  BigInt(transaction.type === 'eip1559' ? transaction.maxFeePerGas : transaction.gasPrice);

/** @returns the line as its bytes say it, or what is wrong in one word */
export const readEnvelopeLine = (
  head: EnvelopeHead,
  source: EnvelopeLine,
  index: number,
  own: OwnFacts,
): LineResult => {
  const no = (fault: string): LineResult => ({ line: null, fault });
  const { transaction } = source;
  const token = head.tokens[source.token];
  const account = head.accounts[source.account];
  if (!token) return no('token');
  if (!account) return no('account');
  const networkId = networkOfToken(token.id);
  const network = head.networks.find(({ id }) => id === networkId);
  if (!network) return no('network');
  const fault = findLineFault(source, head);
  if (fault !== null) return no(fault);
  const nonce = BigInt(transaction.nonce);
  const isPlanned = account.nonces.some(
    (plan) =>
      plan.network === networkId &&
      nonce >= BigInt(plan.first) &&
      nonce < BigInt(plan.first) + BigInt(plan.count),
  );
  if (!isPlanned) return no('nonce');

  // What is shown of a payment is what its bytes do: whom it pays, how much, under which reference.
  const call = source.action === 'pay' ? decodeTransfer(transaction.data) : null;
  if (source.action === 'pay' && call === null) return no('data-is-not-a-transfer');
  const shownReference = call?.reference.form === 'none' ? '' : call?.reference.e2e;

  const ownToken = own.tokens.get(token.id);
  const ownAccount = own.accounts.get(account.address.toLowerCase());
  return {
    fault: null,
    line: {
      index,
      paymentId: source.paymentId,
      action: source.action,
      endToEndId: source.endToEndId,
      creditorName: source.creditor.name,
      creditorLei: source.creditor.lei,
      creditorAccount: source.creditor.account,
      creditorAddress: checksumAddress(call?.to ?? source.creditor.address),
      debtorName: ownAccount?.entity.name ?? account.entity.name,
      debtorAddress: checksumAddress(account.address),
      currency: token.currency,
      units: call?.units ?? BigInt(source.units),
      decimals: token.decimals,
      tokenName: ownToken?.name || token.name,
      // A cancellation goes to oneself; its token is the cancelled payment's.
      tokenAddress: checksumAddress(contractOfToken(token.id)),
      issuerName: ownToken?.issuer.name ?? token.issuer.name,
      networkName: own.networks.get(networkId)?.name ?? network.name,
      chainId: BigInt(transaction.chainId),
      nonce,
      maxFee: maxFeeOf(transaction),
      reference: shownReference ?? source.reference,
      data: transaction.data,
    },
  };
};
