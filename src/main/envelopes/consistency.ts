/**
 * What an envelope says against itself. Nothing here asks the directory, the chain or the policy: only whether the parts
 * of the content can all be true together, and whether every transaction does in bytes exactly what its line says in words.
 */
import { canonicalJson } from '../../shared/canonical';
import { AppError } from '../../shared/errors';
import { decodeTransfer, encodeTransfer, REFERENCE_PATTERN } from '../../shared/evm/calldata';
import { findRangeFault } from '../../shared/evm/transaction';
import type { EnvelopeContent, EnvelopeLine } from '../../shared/model/envelope';
import { chainIdOf, contractOfToken, type Hex, networkOfToken } from '../../shared/model/ids';
import { checksumAddress, isChecksummed } from './address';
import { deriveNonces, deriveTotals, findNonceFault } from './derived';
import { isRealDate, momentOf } from './time';

const ZERO_ADDRESS = `0x${'0'.repeat(40)}`;
const MAX_UINT256 = (1n << 256n) - 1n;

type Context = Pick<EnvelopeContent, 'kind' | 'tokens' | 'accounts'>;
type Token = EnvelopeContent['tokens'][number];

const dataOf = (line: EnvelopeLine, token: Token): Hex => {
  const { reference: form } = token;
  return encodeTransfer({
    to: line.creditor.address,
    units: BigInt(line.units),
    reference:
      form === 'memo'
        ? { form, e2e: line.reference }
        : form === 'suffix'
          ? { form, e2e: line.reference, docHash: line.docHash }
          : { form },
  });
};

/** The transaction of a line that pays; what is wrong, or `null`. */
const findPaymentFault = (line: EnvelopeLine, token: Token): string | null => {
  const { transaction: tx, creditor } = line;
  const contract = checksumAddress(contractOfToken(token.id));
  if (tx.to !== contract) return 'other-contract-than-the-token';
  if (creditor.address === ZERO_ADDRESS || creditor.address === contract) return 'receiver-would-lose-it';
  // SECURITY: the bytes are made again from the words, and read back by the decoder that the vault uses. Either alone
  // would do; a fault in one of them does not pass the other.
  if (tx.data !== dataOf(line, token)) return 'data-is-not-the-payment';
  const call = decodeTransfer(tx.data);
  if (call === null) return 'data-is-not-a-transfer';
  if (checksumAddress(call.to) !== creditor.address) return 'other-receiver-than-the-creditor';
  if (call.units !== BigInt(line.units)) return 'other-amount';
  if (call.reference.form !== token.reference) return 'other-reference-form';
  if (call.reference.form !== 'none' && call.reference.e2e !== line.reference) return 'other-reference';
  if (call.reference.form === 'suffix' && call.reference.docHash !== line.docHash) return 'other-document';
  return null;
};

/** What one line says that cannot be, or `null`. */
export const findLineFault = (line: EnvelopeLine, { kind, tokens, accounts }: Context): string | null => {
  const { transaction: tx, creditor } = line;
  const token = tokens[line.token];
  const account = accounts[line.account];
  if (token === undefined) return 'no-such-token';
  if (account === undefined) return 'no-such-account';
  const fault = findRangeFault(tx);
  if (fault !== null) return fault;
  if (tx.chainId !== chainIdOf(networkOfToken(token.id)).toString()) return 'other-chain-than-the-token';
  if (line.endToEndId === '') return 'no-end-to-end-id';
  if (!REFERENCE_PATTERN.test(line.reference)) return 'reference-form';
  if (!isRealDate(line.requestedDate)) return 'no-such-date';
  if (line.check !== null && momentOf(line.check.at) === null) return 'no-such-moment';
  const units = BigInt(line.units);
  if (units === 0n || units > MAX_UINT256) return 'amount-out-of-range';
  if (!isChecksummed(creditor.address) || !isChecksummed(tx.to)) return 'address-without-checksum';
  if (creditor.address === account.address) return 'pays-itself';
  if (line.action === 'pay') return findPaymentFault(line, token);
  if (kind !== 'replacement') return 'cancel-outside-a-replacement';
  if (tx.to !== account.address) return 'cancel-does-not-go-to-oneself';
  return tx.data === '0x' ? null : 'cancel-carries-data';
};

/** What stands in front of the lines; what is wrong, or `null`. */
const findHeadFault = (content: EnvelopeContent): string | null => {
  const created = momentOf(content.createdAt);
  const ends = momentOf(content.expiresAt);
  if (created === null || ends === null) return 'no-such-moment';
  if (ends <= created) return 'expires-before-its-making';
  if (!isChecksummed(content.maker.key)) return 'address-without-checksum';
  const networks = new Set<string>(content.networks.map(({ id }) => id));
  if (networks.size !== content.networks.length) return 'network-twice';
  if (new Set(content.tokens.map(({ id }) => id)).size !== content.tokens.length) return 'token-twice';
  if (new Set(content.accounts.map(({ address }) => address)).size !== content.accounts.length)
    return 'account-twice';
  for (const { block } of [...content.networks, ...content.tokens])
    if (momentOf(block.time) === null) return 'no-such-moment';
  for (const { id, implementation, implementationCodeHash } of content.tokens) {
    if (
      !networks.delete(networkOfToken(id)) &&
      !content.networks.some((each) => each.id === networkOfToken(id))
    )
      return 'token-without-network';
    if ((implementation === null) !== (implementationCodeHash === null)) return 'half-an-implementation';
    if (implementation !== null && !isChecksummed(implementation)) return 'address-without-checksum';
  }
  if (networks.size > 0) return 'network-not-used';
  for (const { address } of content.accounts) if (!isChecksummed(address)) return 'address-without-checksum';
  return null;
};

const isSame = (a: EnvelopeContent['totals'] | object, b: object): boolean =>
  canonicalJson(a as never) === canonicalJson(b as never);

/**
 * Throws `envelope/inconsistent` with `what`, and `line` (from 0) where it is a line's fault.
 *
 * SECURITY: every line is looked at, whatever is shown of them later.
 */
export const checkConsistency = (content: EnvelopeContent): void => {
  const refuse = (what: string, line?: number): never => {
    throw new AppError('envelope/inconsistent', line === undefined ? { what } : { what, line });
  };
  const fault = findHeadFault(content);
  if (fault !== null) refuse(fault);

  const { lines, tokens, accounts, networks, kind } = content;
  const unique = {
    'payment-twice': new Set<string>(),
    'reference-twice': new Set<string>(),
    'end-to-end-id-twice': new Set<string>(),
  };
  const requireNew = (what: keyof typeof unique, value: string, line: number): void => {
    if (unique[what].has(value)) refuse(what, line);
    unique[what].add(value);
  };
  const usedTokens = new Set<number>();
  const usedAccounts = new Set<number>();
  for (const [index, line] of lines.entries()) {
    const lineFault = findLineFault(line, content);
    if (lineFault !== null) refuse(lineFault, index);
    requireNew('payment-twice', line.paymentId, index);
    requireNew('reference-twice', line.reference, index);
    if (kind === 'batch') requireNew('end-to-end-id-twice', line.endToEndId, index);
    usedTokens.add(line.token);
    usedAccounts.add(line.account);
  }
  if (usedTokens.size !== tokens.length) refuse('token-not-used');
  if (usedAccounts.size !== accounts.length) refuse('account-not-used');

  const nonceFault = findNonceFault(kind, lines, tokens);
  if (nonceFault !== null) refuse(nonceFault.what, nonceFault.line);
  const ranges = deriveNonces(lines, tokens, networks, accounts.length);
  for (const [index, account] of accounts.entries())
    if (!isSame(account.nonces, ranges[index] ?? [])) refuse('nonce-plan');
  if (!isSame(content.totals, deriveTotals(lines, tokens))) refuse('totals');
};
