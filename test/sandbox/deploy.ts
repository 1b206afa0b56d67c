/** Puts banks, tokens, enrolments and opening balances on an empty chain. */
import { type Address, encodeDeployData, encodeFunctionData, getContractAddress, type Hex } from 'viem';
import { currencyDecimals } from '../../src/shared/money/index';
import { loadArtifact } from './artifacts';
import { bankKey, namedBankKey, type SandboxKey, supplierKey, treasuryKey } from './keys';
import { SUPPLIER_PLANS, standingOf, TOKEN_PLANS, type TokenPlan, TREASURY_ACCOUNTS } from './parties';
import { ERROR_STYLES, featureBits, hasFeature, MEMO_STYLES, PROFILES, type ProfileKey } from './profiles';
import type { Rpc } from './rpc';
import type { Outgoing, Sender } from './sender';
import type { SandboxToken, TokenRequest } from './types';

export type DeployDeps = { readonly rpc: Rpc; readonly sender: Sender };

const IMPLEMENTATION_ADDRESS = getContractAddress({ from: bankKey(0).address, nonce: 0n });
const BANK_COINS = `0x${(1000n * 10n ** 18n).toString(16)}`;

/** Keys of one token's bank: it issues and administers, its registrar answers requests, its desk takes redemptions. */
export type BankKeys = {
  readonly issuer: SandboxKey;
  readonly registrar: SandboxKey;
  readonly operations: SandboxKey;
};

const planKeys = (index: number): BankKeys => ({
  issuer: bankKey(1 + index),
  registrar: bankKey(101 + index),
  operations: bankKey(201 + index),
});

const namedKeys = (name: string): BankKeys => ({
  issuer: namedBankKey(name),
  registrar: namedBankKey(`${name} registrar`),
  operations: namedBankKey(`${name} operations`),
});

/** The five tokens every sandbox has; their addresses follow from keys and nonces alone. */
export const PLANNED_TOKENS: readonly { readonly token: SandboxToken; readonly keys: BankKeys }[] =
  TOKEN_PLANS.map((plan, index) => {
    const keys = planKeys(index);
    return { keys, token: { ...tokenFacts(plan.profile, plan, keys), issuer: issuerOf(plan, keys) } };
  });

function issuerOf(plan: TokenPlan, keys: BankKeys): SandboxToken['issuer'] {
  return { ...plan.bank, memberId: null, address: keys.issuer.address };
}

function tokenFacts(
  profile: ProfileKey,
  names: Pick<SandboxToken, 'name' | 'symbol' | 'currency' | 'decimals'>,
  keys: BankKeys,
): Omit<SandboxToken, 'issuer'> {
  return {
    profile,
    address: getContractAddress({ from: keys.issuer.address, nonce: 0n }),
    implementation: IMPLEMENTATION_ADDRESS,
    name: names.name,
    symbol: names.symbol,
    currency: names.currency,
    decimals: names.decimals,
    registrar: keys.registrar.address,
    operations: keys.operations.address,
  };
}

export const encodeTokenCall = (functionName: string, args: readonly unknown[] = []): Hex =>
  encodeFunctionData({ abi: loadArtifact('DepositToken').abi, functionName, args });

const proxyDeployment = (token: Omit<SandboxToken, 'issuer'>, keys: BankKeys): Outgoing => {
  const profile = PROFILES[token.profile];
  const setup = {
    name: token.name,
    symbol: token.symbol,
    currency: token.currency,
    version: profile.version,
    decimals: token.decimals,
    errorStyle: ERROR_STYLES[profile.errorStyle],
    memoStyle: MEMO_STYLES[profile.memoStyle],
    features: featureBits(token.profile),
    admin: keys.issuer.address,
    registrar: keys.registrar.address,
    operations: keys.operations.address,
    technical: keys.issuer.address,
  };
  const proxy = loadArtifact('ERC1967Proxy');
  const args = [token.implementation, encodeTokenCall('initialize', [setup])];
  return { to: null, data: encodeDeployData({ abi: proxy.abi, bytecode: proxy.bytecode, args }) };
};

const enrol = (token: Address, holder: Address): Outgoing => ({
  to: token,
  data: encodeTokenCall('setAddressAllowlist', [holder, true, '0x']),
});

const mint = (token: Address, holder: Address, units: bigint): Outgoing => ({
  to: token,
  data: encodeTokenCall('mint', [holder, units]),
});

const fund = (rpc: Rpc, keys: readonly BankKeys[]): Promise<unknown> =>
  rpc.batch(
    keys
      .flatMap((bank) => [bank.issuer, bank.registrar, bank.operations])
      .map((key) => ['anvil_setBalance', [key.address, BANK_COINS]] as const),
  );

const planTransactions = (plan: TokenPlan, token: SandboxToken, keys: BankKeys): readonly Outgoing[] => {
  const own = TREASURY_ACCOUNTS.map((_, index) => treasuryKey(index).address);
  const transactions: Outgoing[] = [proxyDeployment(token, keys)];
  const listed = hasFeature(plan.profile, 'allowlist');
  if (listed) transactions.push(...own.map((address) => enrol(token.address, address)));
  for (const [index, supplier] of SUPPLIER_PLANS.entries()) {
    const { address } = supplierKey(index);
    const standing = standingOf(supplier, plan.profile);
    if (listed && standing !== 'not-enrolled') transactions.push(enrol(token.address, address));
    if (standing === 'frozen') {
      transactions.push({ to: token.address, data: encodeTokenCall('setAddressFrozen', [address, true]) });
    }
    if (standing === 'blocked') {
      transactions.push({ to: token.address, data: encodeTokenCall('blacklist', [address]) });
    }
  }
  const unit = 10n ** BigInt(plan.decimals);
  for (const [index, address] of own.entries()) {
    transactions.push(mint(token.address, address, (plan.treasury[index] ?? 0n) * unit));
  }
  return transactions;
};

export const isDeployed = async (rpc: Rpc, address: Address): Promise<boolean> =>
  (await rpc.call('eth_getCode', address, 'latest')) !== '0x';

/**
 * Deploys everything; does nothing on a chain that has it already, such as one loaded from a state file.
 * @returns whether the chain was new
 */
export const deploySandbox = async ({ rpc, sender }: DeployDeps): Promise<boolean> => {
  const last = PLANNED_TOKENS[PLANNED_TOKENS.length - 1];
  if (last && (await isDeployed(rpc, last.token.address))) return false;
  const deployer = bankKey(0);
  await fund(rpc, [
    { issuer: deployer, registrar: deployer, operations: deployer },
    ...PLANNED_TOKENS.map(({ keys }) => keys),
  ]);
  await sender.send(deployer, [{ to: null, data: loadArtifact('DepositToken').bytecode }]);
  for (const [index, { token, keys }] of PLANNED_TOKENS.entries()) {
    const plan = TOKEN_PLANS[index];
    if (plan) await sender.send(keys.issuer, planTransactions(plan, token, keys));
  }
  return true;
};

/** Letters of a bank's name that make a ticker with the currency: `Deutsche Bank` and EUR give `DBEUR`. */
const tickerOf = (bankName: string, currency: string): string => {
  const initials = bankName.toUpperCase().match(/\b[A-Z]/g) ?? ['X'];
  return `${initials.slice(0, 4).join('')}${currency}`;
};

/** What names the bank: its BIC, its clearing member id, or else its name. With the currency it names the token. */
const bankIdOf = (request: TokenRequest): string =>
  (request.bic ?? request.memberId ?? request.bankName).toUpperCase();

const plannedToken = (request: TokenRequest): (typeof PLANNED_TOKENS)[number] | undefined =>
  PLANNED_TOKENS.find(
    ({ token }) =>
      request.bic !== undefined &&
      token.issuer.bic === request.bic?.toUpperCase() &&
      token.currency === request.currency,
  );

/**
 * A token of the given bank and currency, with its holders enrolled and funded. Asking again for the same bank and
 * currency answers the same token and only adds what is new, also from another process.
 */
export const deployTokenFor = async (
  { rpc, sender }: DeployDeps,
  request: TokenRequest,
): Promise<{ readonly token: SandboxToken; readonly keys: BankKeys }> => {
  const planned = plannedToken(request);
  const entry = planned ?? makeNamedToken(request);
  const { token, keys } = entry;
  const transactions: Outgoing[] = [];
  const isNew = !(await isDeployed(rpc, token.address));
  if (isNew) {
    await fund(rpc, [keys]);
    transactions.push(proxyDeployment(token, keys));
  }
  const listed = hasFeature(token.profile, 'allowlist');
  const known = TREASURY_ACCOUNTS.map((_, index) => treasuryKey(index).address);
  const treasuryUnits = BigInt(request.treasuryUnits ?? 10_000_000n * 10n ** BigInt(token.decimals));
  // The sandbox's own accounts get their money once; accounts and holders named in the request each time they are named.
  const owners = [...new Set([...(isNew ? known : []), ...(request.ownAccounts ?? [])])];
  for (const address of owners) {
    if (listed) transactions.push(enrol(token.address, address));
    transactions.push(mint(token.address, address, treasuryUnits));
  }
  for (const holder of request.holders ?? []) {
    if (listed) transactions.push(enrol(token.address, holder.address));
    if (holder.units !== undefined)
      transactions.push(mint(token.address, holder.address, BigInt(holder.units)));
  }
  if (transactions.length > 0) await sender.send(keys.issuer, transactions);
  return entry;
};

const makeNamedToken = (request: TokenRequest): (typeof PLANNED_TOKENS)[number] => {
  const decimals = request.decimals ?? currencyDecimals(request.currency);
  if (decimals === undefined) {
    throw new Error(`${request.currency} is not a currency that amounts can be stated in`);
  }
  const keys = namedKeys(`${bankIdOf(request)} ${request.currency}`);
  const names = {
    name: `${request.bankName} Deposit ${request.currency} (sandbox)`,
    symbol: tickerOf(request.bankName, request.currency),
    currency: request.currency,
    decimals,
  };
  const issuer = {
    name: request.bankName,
    bic: request.bic ?? null,
    memberId: request.memberId ?? null,
    lei: request.lei ?? null,
    country: request.country ?? request.bic?.slice(4, 6) ?? '',
    address: keys.issuer.address,
  };
  return { keys, token: { ...tokenFacts(request.profile ?? 'R', names, keys), issuer } };
};
