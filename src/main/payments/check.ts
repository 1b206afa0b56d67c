import type { Network, Token } from '../../shared/model/directory';
import { isBic, isIban, isSameBic, normalizeIban, parseCaip10 } from '../../shared/model/identifiers';
import { type Address, chainIdOf, networkOfToken, PaymentId } from '../../shared/model/ids';
import { areNamesFarApart } from '../../shared/model/look-alike';
import type { CheckCode } from '../../shared/model/payment-checks';
import type { RawAccount, RawAgent, RawPayment } from '../../shared/model/payment-file';
import type { ImportIssue } from '../../shared/model/payments';
import { currencyDecimals, isoCurrency, rescaleExact, toPlainString } from '../../shared/money';
import { searchText } from '../../shared/search-text';
import type { AddressTwin } from '../directory';
import type { AccountRef, ResolvedAccount } from '../ledger/stores/directory-store';
import type { PaymentDraft } from '../ledger/stores/payments-store';
import { documentHash, newReference, writeDocument } from './reference';

const ZERO_ADDRESS = '0x0000000000000000000000000000000000000000';

/** How an account in a file is looked up: in this order, until one is known. `fault`: it cannot be looked up. */
export type AccountLookup = {
  readonly refs: readonly AccountRef[];
  /** Set by a CAIP-10 account: the one network on which it stands. */
  readonly networkId: Network['id'] | null;
  readonly fault: 'checksum' | null;
};

export type ReadAddress = (
  text: string,
) => { readonly ok: true; readonly address: Address } | { readonly ok: false };

/**
 * SECURITY: an address in a file must carry its EIP-55 checksum; an IBAN that a bank wrote as an other id (or the
 * reverse) is the same account, everything else is taken literally.
 */
export const lookupOf = (account: RawAccount, readAddress: ReadAddress): AccountLookup => {
  const byAddress = (text: string, networkId: Network['id'] | null): AccountLookup => {
    const read = readAddress(text);
    return read.ok
      ? { refs: [{ by: 'address', value: read.address }], networkId, fault: null }
      : { refs: [], networkId, fault: 'checksum' };
  };
  switch (account.kind) {
    case 'address':
      return byAddress(account.value, null);
    case 'caip10': {
      const parsed = parseCaip10(account.value);
      if (parsed?.namespace !== 'eip155') return { refs: [], networkId: null, fault: null };
      return byAddress(parsed.address, parsed.chainId as Network['id']);
    }
    case 'iban':
    case 'other': {
      const value = account.value.trim();
      if (value === '') return { refs: [], networkId: null, fault: null };
      const iban = normalizeIban(value);
      const refs: AccountRef[] = isIban(iban) ? [{ by: 'iban', value: iban }] : [];
      const other: AccountRef = { by: 'other', value };
      return {
        refs: account.kind === 'iban' ? [...refs, other] : [other, ...refs],
        networkId: null,
        fault: null,
      };
    }
  }
};

/**
 * SECURITY: every identifier that both the file and the issuer have must agree; a member id may not speak for a bank
 * whose BIC says otherwise.
 */
const isSameAgent = (agent: RawAgent, issuer: Token['issuer']): boolean => {
  const verdicts = [
    agent.bic !== null && issuer.bic !== null ? isSameBic(agent.bic, issuer.bic) : null,
    agent.memberId !== null && issuer.memberId !== null ? agent.memberId === issuer.memberId : null,
    agent.lei !== null && issuer.lei !== null ? agent.lei === issuer.lei : null,
  ];
  return verdicts.includes(true) && !verdicts.includes(false);
};

/**
 * Tokens of a bank in a currency. The market's code wins over the ISO code: a file that says CNY means the bank's CNY
 * token where it has one, else its CNH token, which ISO messages can only call CNY. A token that was never enabled here
 * does not compete with one that was.
 */
export const tokensFor = (
  tokens: readonly Token[],
  agent: RawAgent,
  currency: string,
  networkId: Network['id'] | null,
): readonly Token[] => {
  const ofBank = tokens.filter(
    (token) => isSameAgent(agent, token.issuer) && (networkId === null || token.networkId === networkId),
  );
  const exact = ofBank.filter((token) => token.currency === currency);
  const inCurrency =
    exact.length > 0
      ? exact
      : ofBank.filter((token) => isoCurrency(token.currency) === isoCurrency(currency));
  const enabled = inCurrency.filter((token) => token.state === 'active' || token.state === 'changed');
  return enabled.length > 0 ? enabled : inCurrency;
};

/** Tokens that policy P7 speaks of: offshore yuan. */
export const isCnhClass = (token: Token): boolean => token.currency === 'CNH';

export type CheckContext = {
  readonly tokens: readonly Token[];
  /** Addresses of all known token contracts, lower case. */
  readonly contracts: ReadonlySet<string>;
  /** ISO date of the treasurer's day. */
  readonly today: string;
  readonly newId: (prefix: string) => string;
  readonly newUetr: () => string;
};

export type CheckInput = {
  readonly raw: RawPayment;
  /** A form names its token; a file names bank and currency. */
  readonly tokenId: Token['id'] | null;
  readonly debtor: { readonly lookup: AccountLookup; readonly found: ResolvedAccount | null };
  readonly creditor: { readonly lookup: AccountLookup; readonly found: ResolvedAccount | null };
  /** Known addresses that resemble an unknown creditor's. */
  readonly twins: readonly AddressTwin[];
};

export type CheckResult = {
  readonly draft: PaymentDraft | null;
  readonly issues: readonly ImportIssue[];
  readonly token: Token | null;
};

/** Judges one payment by itself against the directory. Pure but for new ids. What collides with others is the store's to say. */
export const checkPayment = (input: CheckInput, context: CheckContext): CheckResult => {
  const { raw, debtor, creditor } = input;
  const issues: ImportIssue[] = [];
  const report = (
    code: CheckCode,
    place: string,
    value: string | null,
    expected: string | null,
    severity: 'error' | 'warning' = 'error',
  ): void => {
    issues.push({
      severity,
      code,
      line: raw.line,
      path: place === '' ? raw.path : `${raw.path}/${place}`.slice(0, 400),
      element: place.split('/').at(-1) ?? '',
      value: value === null ? null : value.slice(0, 140),
      expected: expected === null ? null : expected.slice(0, 300),
      paymentIndex: raw.index,
    });
  };
  const hasError = (): boolean => issues.some((issue) => issue.severity === 'error');

  // The reader has already reported what is empty or ill-formed; an IBAN with wrong check digits is not unknown as well.
  const isReadable = (account: RawAccount): boolean =>
    account.value !== '' && (account.kind !== 'iban' || isIban(normalizeIban(account.value)));
  const { bic } = raw.debtorAgent;
  const hasReadableAgent =
    (bic === null || isBic(bic)) && currencyDecimals(raw.amount.currency) !== undefined;
  const agentText = raw.debtorAgent.bic ?? raw.debtorAgent.memberId ?? raw.debtorAgent.lei ?? '';
  let token: Token | null = null;
  if (input.tokenId !== null)
    token = context.tokens.find((candidate) => candidate.id === input.tokenId) ?? null;
  else if (agentText !== '' && raw.amount.currency !== '') {
    const candidates = tokensFor(
      context.tokens,
      raw.debtorAgent,
      raw.amount.currency,
      debtor.lookup.networkId ?? creditor.lookup.networkId,
    );
    if (candidates.length === 1) token = candidates[0] ?? null;
    else if (candidates.length === 0 && hasReadableAgent)
      report(
        'debtor/agent-unknown',
        'DbtrAgt',
        agentText,
        `a token in ${raw.amount.currency} whose issuer has this code`,
      );
    else if (candidates.length > 1)
      report(
        'debtor/token-ambiguous',
        'DbtrAgt',
        agentText,
        candidates.map((candidate) => candidate.id).join(', '),
      );
  }
  if (token !== null && token.state !== 'active')
    report(`token/${token.state}`, 'DbtrAgt', `${token.symbol} ${token.id}`, token.lockReason);

  if (isReadable(raw.debtor.account)) {
    if (debtor.lookup.fault === 'checksum')
      report('debtor/account-unknown', 'DbtrAcct', raw.debtor.account.value, 'a valid EIP-55 checksum');
    else if (debtor.found?.owner !== 'own')
      report('debtor/account-unknown', 'DbtrAcct', raw.debtor.account.value, 'one of the own accounts');
  }
  const account = debtor.found?.owner === 'own' ? debtor.found.account : null;

  const payee = creditor.found?.owner === 'counterparty' ? creditor.found : null;
  if (isReadable(raw.creditorAccount)) {
    const text = raw.creditorAccount.value;
    const address = creditor.lookup.refs.find((ref) => ref.by === 'address')?.value.toLowerCase();
    if (creditor.lookup.fault === 'checksum')
      report('creditor/address-checksum', 'CdtrAcct', text, 'an address with its EIP-55 checksum');
    else if (address === ZERO_ADDRESS)
      report('creditor/zero-address', 'CdtrAcct', text, "a creditor's address");
    else if (address !== undefined && context.contracts.has(address))
      report('creditor/token-contract', 'CdtrAcct', text, "a creditor's address, not a token's contract");
    else if (creditor.found?.owner === 'own')
      report('creditor/own-account', 'CdtrAcct', text, `not the own account ${creditor.found.account.name}`);
    else if (payee === null && input.twins.length > 0)
      report(
        'creditor/look-alike',
        'CdtrAcct',
        text,
        input.twins.map((twin) => `${twin.other} of ${twin.otherName}`).join(', '),
      );
    else if (payee === null) report('creditor/unknown', 'CdtrAcct', text, 'an account of a counterparty');
  }
  if (payee && token) {
    const { counterparty, address } = payee;
    const { networkId } = creditor.lookup;
    if (networkId !== null && networkId !== token.networkId)
      report('creditor/wrong-network', 'CdtrAcct', raw.creditorAccount.value, token.networkId);
    if (context.contracts.has(address.toLowerCase()))
      report('creditor/token-contract', 'CdtrAcct', address, "a creditor's address, not a token's contract");
    const enrolment = counterparty.accounts
      .find((candidate) => candidate.address === address)
      ?.enrolments.find((candidate) => candidate.tokenId === token?.id);
    if (enrolment?.state === 'not-enrolled')
      report('creditor/not-enrolled', 'CdtrAcct', counterparty.name, `enrolled with ${token.issuer.name}`);
    else if (enrolment === undefined)
      report(
        'creditor/enrolment-unknown',
        'CdtrAcct',
        counterparty.name,
        `enrolled with ${token.issuer.name}`,
        'warning',
      );
    if (isCnhClass(token) && (counterparty.address.country ?? raw.creditor.country) === 'CN')
      report(
        'policy/cnh-mainland',
        'Cdtr',
        counterparty.name,
        'a payee that is not resident in mainland China',
      );
  }
  if (payee) {
    const { counterparty } = payee;
    if (raw.creditor.name !== '' && areNamesFarApart(raw.creditor.name, counterparty.name))
      report('creditor/name-differs', 'Cdtr/Nm', raw.creditor.name, counterparty.name, 'warning');
    if (raw.creditor.lei !== null && counterparty.lei !== null && raw.creditor.lei !== counterparty.lei)
      report('creditor/lei-differs', 'Cdtr/Id/OrgId/LEI', raw.creditor.lei, counterparty.lei);
  }

  let units: bigint | null = null;
  if (token && raw.amount.units > 0n) {
    units = rescaleExact(raw.amount, token.decimals);
    if (units === null)
      report('amount/token-decimals', 'Amt', raw.amount.text, `at most ${token.decimals} decimals`);
  }
  if (raw.requestedDate > context.today)
    report('date/future', 'ReqdExctnDt', raw.requestedDate, 'settles as soon as it is approved', 'warning');

  if (hasError() || !token || !account || !payee || units === null) return { draft: null, issues, token };
  if (raw.endToEndId === '' || raw.requestedDate === '') return { draft: null, issues, token };
  return { draft: draftOf({ raw, token, account, payee, units }, context), issues, token };
};

type Accepted = {
  readonly raw: RawPayment;
  readonly token: Token;
  readonly account: Extract<ResolvedAccount, { owner: 'own' }>['account'];
  readonly payee: Extract<ResolvedAccount, { owner: 'counterparty' }>;
  readonly units: bigint;
};

const draftOf = ({ raw, token, account, payee, units }: Accepted, context: CheckContext): PaymentDraft => {
  const { counterparty, address } = payee;
  const id = PaymentId.parse(context.newId('pay'));
  const reference = newReference();
  const uetr = raw.uetr ?? context.newUetr();
  const { unstructured, structuredReference, documentNumbers } = raw.remittance;
  const remittance = [...unstructured, structuredReference, ...documentNumbers]
    .filter((part): part is string => part !== null && part !== '')
    .join(' · ');
  const creditorLei = counterparty.lei ?? raw.creditor.lei;
  const document = writeDocument({
    amount: toPlainString({ units, decimals: token.decimals }),
    ccy: token.currency,
    chainId: chainIdOf(networkOfToken(token.id)).toString(),
    creditor: { lei: creditorLei, name: counterparty.name },
    debtor: { lei: account.entity.lei, name: account.entity.name },
    e2e: reference,
    endToEndId: raw.endToEndId,
    from: account.address,
    invoices: documentNumbers,
    order: id,
    purpose: raw.purposeCode,
    rmt: unstructured.join(' '),
    rmtRef: structuredReference,
    to: address,
    token: token.id,
    uetr,
  });
  return {
    id,
    line: raw.line === 0 ? null : raw.line,
    endToEndId: raw.endToEndId,
    instructionId: raw.instructionId,
    uetr,
    reference,
    requestedDate: raw.requestedDate,
    debtorAccountId: account.id,
    debtorAddress: account.address,
    debtorName: account.entity.name,
    tokenId: token.id,
    currency: token.currency,
    units: units.toString(),
    decimals: token.decimals,
    counterpartyId: counterparty.id,
    // The directory's name, not the file's: it is the party behind the address that will be paid.
    creditorName: counterparty.name,
    creditorLei,
    creditorCountry: counterparty.address.country ?? raw.creditor.country,
    creditorAccount: raw.creditorAccount.value.slice(0, 140),
    creditorAddress: address,
    purposeCode: raw.purposeCode,
    remittance: remittance === '' ? null : remittance.slice(0, 600),
    document,
    docHash: documentHash(document),
    search: searchText(
      raw.endToEndId,
      counterparty.name,
      raw.creditorAccount.value,
      address,
      reference,
      uetr,
      remittance,
    ),
  };
};
