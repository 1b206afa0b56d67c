/**
 * What a treasurer does before the first file of a new bank can be paid: has the bank's token put in, names the
 * company's account with that bank, and enrols the creditors. Here the sandbox plays the banks.
 *
 * Only what the file names and the directory does not know is made; what the file gets wrong stays wrong, so that the
 * app refuses it for its own reason.
 */
import { type Address, getAddress, keccak256, slice, stringToBytes } from 'viem';
import { suggestMapping } from '../../../src/main/iso20022/csv-mapping';
import type { FileReader } from '../../../src/main/iso20022/index';
import { DirectoryFile, type ExternalId } from '../../../src/shared/model/directory';
import {
  isBic,
  isIban,
  isLei,
  isSameBic,
  normalizeIban,
  parseCaip10,
} from '../../../src/shared/model/identifiers';
import type { CsvMapping, RawAccount, RawAgent, RawPayment } from '../../../src/shared/model/payment-file';
import { currencyDecimals, isoCurrency, rescaleExact } from '../../../src/shared/money/index';
import { type Sandbox, type SandboxToken, tokenEntry } from '../../sandbox/index';

/** Every payment that the file's own reader can make out, faulty ones too. */
export const readPayments = async (reader: FileReader, path: string): Promise<readonly RawPayment[]> => {
  const seen = await reader.inspect(path);
  if (seen.kind === 'unknown') return [];
  const payments: RawPayment[] = [];
  const onPayments = (some: readonly RawPayment[]): void => void payments.push(...some);
  if (seen.kind === 'pain.001') {
    await reader.parse(path, { onPayments });
    return payments;
  }
  const { headers, sampleRows, delimiters } = seen;
  const suggested = suggestMapping(headers, sampleRows, delimiters[0] ?? ',');
  const mapping: CsvMapping = {
    delimiter: suggested.delimiter ?? ',',
    decimal: suggested.decimal ?? '.',
    dateFormat: suggested.dateFormat ?? 'YYYY-MM-DD',
    columns: suggested.columns,
  };
  await reader.parse(path, { mapping, onPayments });
  return payments;
};

const idOf = (account: RawAccount): ExternalId | null => {
  const value = account.value.trim();
  if (value === '' || value.length > 34) return null;
  const iban = normalizeIban(value);
  if (isIban(iban)) return { kind: 'iban', value: iban };
  return account.kind === 'other' ? { kind: 'other', value } : null;
};

const keyOf = (id: ExternalId): string => `${id.kind}:${id.value}`;

/** An address that nobody has a key for, always the same for the same account id. */
export const addressOf = (id: ExternalId): Address =>
  getAddress(slice(keccak256(stringToBytes(`nostro-demo ${keyOf(id)}`)), 12));

const bankKeyOf = (agent: RawAgent): string | null => {
  if (agent.bic !== null && isBic(agent.bic)) return agent.bic.padEnd(11, 'X');
  return agent.memberId === null || agent.memberId === '' ? null : `member ${agent.memberId}`;
};

type TokenWish = {
  readonly agent: RawAgent;
  readonly currency: string;
  readonly sum: bigint;
  readonly holders: readonly Address[];
};

type PartyWish = {
  readonly payment: RawPayment;
  readonly accounts: ReadonlyMap<string, { readonly id: ExternalId | null; readonly address: Address }>;
};

/** Address of a creditor account: the one in the file where it is one, else derived from its id. */
const creditorAddress = (
  account: RawAccount,
): { readonly id: ExternalId | null; readonly address: Address } | null => {
  const text = account.kind === 'caip10' ? (parseCaip10(account.value)?.address ?? '') : account.value;
  if (account.kind === 'address' || account.kind === 'caip10') {
    try {
      return getAddress(text) === text ? { id: null, address: text } : null;
    } catch {
      return null;
    }
  }
  const id = idOf(account);
  return id === null ? null : { id, address: addressOf(id) };
};

export type OwnAccountEntry = DirectoryFile['accounts'][number];

export type EnrolmentPlan = {
  /** Debtor accounts of the file that no own account has, each with the debtor's name. */
  readonly debtors: readonly {
    readonly id: ExternalId;
    readonly name: string;
    readonly lei: string | null;
  }[];
  readonly tokens: readonly TokenWish[];
  readonly parties: readonly PartyWish[];
  readonly isEmpty: boolean;
};

/** What the file needs and the directory does not know. */
export const planEnrolment = (payments: readonly RawPayment[], known: DirectoryFile): EnrolmentPlan => {
  const ownIds = new Set(known.accounts.flatMap((one) => one.externalIds.map(keyOf)));
  const payees = known.counterparties.flatMap((one) => one.accounts);
  const payeeIds = new Map(payees.flatMap((one) => one.externalIds.map((id) => [keyOf(id), one] as const)));
  const payeeAddresses = new Map(payees.map((one) => [one.address.toLowerCase(), one]));
  const knownToken = (agent: RawAgent, currency: string): DirectoryFile['tokens'][number] | undefined =>
    known.tokens.find(
      ({ issuer, currency: theirs }) =>
        isoCurrency(theirs) === isoCurrency(currency) &&
        ((agent.bic !== null && issuer.bic !== null && isSameBic(agent.bic, issuer.bic)) ||
          (agent.memberId !== null && agent.memberId === issuer.memberId)),
    );

  const debtors = new Map<string, EnrolmentPlan['debtors'][number]>();
  const tokens = new Map<string, { agent: RawAgent; currency: string; sum: bigint; holders: Set<Address> }>();
  const parties = new Map<
    string,
    { payment: RawPayment; accounts: Map<string, { id: ExternalId | null; address: Address }> }
  >();
  const ownerOf = new Map<string, string>();

  for (const payment of payments) {
    const debtor = idOf(payment.debtor.account);
    if (debtor !== null && !ownIds.has(keyOf(debtor)) && !debtors.has(keyOf(debtor))) {
      const { name, lei } = payment.debtor;
      debtors.set(keyOf(debtor), { id: debtor, name, lei: lei !== null && isLei(lei) ? lei : null });
    }
  }
  for (const payment of payments) {
    const named = creditorAddress(payment.creditorAccount);
    // An account that the file pays from is the company's own, whatever name stands beside it.
    const isOwn = named?.id != null && (ownIds.has(keyOf(named.id)) || debtors.has(keyOf(named.id)));
    const payee = isOwn ? null : named;
    const found =
      payee === null
        ? undefined
        : ((payee.id && payeeIds.get(keyOf(payee.id))) ?? payeeAddresses.get(payee.address.toLowerCase()));
    if (payee !== null && found === undefined && payment.creditor.name.trim() !== '') {
      // An account belongs to one party: the first that the file names it for.
      const name = ownerOf.get(payee.address) ?? payment.creditor.name.normalize('NFC').trim().toLowerCase();
      ownerOf.set(payee.address, name);
      const party = parties.get(name) ?? { payment, accounts: new Map() };
      party.accounts.set(payee.address, payee);
      parties.set(name, party);
    }

    const { currency } = payment.amount;
    const bank = bankKeyOf(payment.debtorAgent);
    const decimals = currencyDecimals(currency);
    if (bank === null || decimals === undefined) continue;
    if (knownToken(payment.debtorAgent, currency) && (payee === null || found !== undefined)) continue;
    const key = `${bank} ${isoCurrency(currency)}`;
    const wish = tokens.get(key) ?? { agent: payment.debtorAgent, currency, sum: 0n, holders: new Set() };
    wish.sum += rescaleExact(payment.amount, decimals) ?? 0n;
    if (payee !== null) wish.holders.add((found?.address as Address | undefined) ?? payee.address);
    tokens.set(key, wish);
  }
  const plan = {
    debtors: [...debtors.values()],
    tokens: [...tokens.values()].map((wish) => ({ ...wish, holders: [...wish.holders] })),
    parties: [...parties.values()],
  };
  return {
    ...plan,
    isEmpty: plan.debtors.length === 0 && plan.tokens.length === 0 && plan.parties.length === 0,
  };
};

const cut = (text: string | null, length: number): string | null =>
  text === null || text.trim() === '' ? null : text.trim().slice(0, length);

/** Whole units beside what the file asks for, so that no payment fails for want of money. */
const RESERVE = 10_000_000n;

/**
 * Has the sandbox's banks issue and enrol, and writes the directory file that a treasurer then imports.
 * @param accounts own accounts that the directory does not have yet
 * @param payers addresses that get money of every new token
 */
export const enrol = async (
  sandbox: Sandbox,
  plan: EnrolmentPlan,
  accounts: readonly OwnAccountEntry[],
  payers: readonly Address[],
): Promise<DirectoryFile> => {
  const { caip2 } = sandbox.description;
  const asOf = new Date().toISOString().slice(0, 10);
  const tokens: { readonly token: SandboxToken; readonly holders: readonly Address[] }[] = [];
  for (const { agent, currency, sum, holders } of plan.tokens) {
    const { bic, memberId } = agent;
    const decimals = currencyDecimals(currency) ?? 0;
    const token = await sandbox.deployTokenFor({
      bankName: agent.name ?? `Bank ${bic ?? memberId ?? ''}`,
      bic: bic !== null && isBic(bic) ? bic : null,
      memberId,
      lei: agent.lei !== null && isLei(agent.lei) ? agent.lei : null,
      currency,
      holders: holders.map((address) => ({ address })),
      ownAccounts: payers,
      treasuryUnits: String(sum * 2n + RESERVE * 10n ** BigInt(decimals)),
    });
    tokens.push({ token, holders });
  }
  const isShipped = (token: SandboxToken): boolean =>
    sandbox.description.tokens.some(({ address }) => address === token.address);
  return DirectoryFile.parse({
    format: 'nostro-directory',
    version: 1,
    networks: [],
    tokens: tokens.filter(({ token }) => !isShipped(token)).map(({ token }) => tokenEntry(caip2, token)),
    accounts,
    counterparties: plan.parties.map(({ payment: { creditor, creditorAgent }, accounts }) => ({
      name: creditor.name.trim().slice(0, 140),
      lei: creditor.lei !== null && isLei(creditor.lei) ? creditor.lei : null,
      bic: creditorAgent?.bic && isBic(creditorAgent.bic) ? creditorAgent.bic : null,
      address: {
        street: cut(creditor.address?.street ?? null, 70),
        building: cut(creditor.address?.buildingNumber ?? null, 16),
        postCode: cut(creditor.address?.postCode ?? null, 16),
        town: cut(creditor.address?.town ?? null, 35),
        country: creditor.country ?? creditor.address?.country ?? null,
      },
      accounts: [...accounts.values()].map(({ id, address }) => ({
        address,
        externalIds: id === null ? [] : [id],
        enrolments: tokens
          .filter(({ holders }) => holders.includes(address))
          .map(({ token }) => ({
            tokenId: `${caip2}/erc20:${token.address.toLowerCase()}`,
            state: 'enrolled',
            asOf,
          })),
      })),
      note: null,
    })),
  });
};
