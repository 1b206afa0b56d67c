/**
 * The plan of a batch: which token, network, account, nonce and fee each of its payments gets.
 *
 * Shared by the two ways in which a batch leaves: signed here (approval), or as an envelope for other machines. Nothing
 * here is shown, signed or sent; of the store only the reservation of nonces is written.
 */
import { AppError } from '../../shared/errors';
import type { Network, OwnAccount, Token } from '../../shared/model/directory';
import {
  type AccountId,
  type Address,
  type BatchId,
  type NetworkId,
  networkOfToken,
  type TokenId,
} from '../../shared/model/ids';
import { refusalOfToken } from '../../shared/model/token-standing';
import type { Remote } from '../ledger';
import type { SettlementStore } from '../ledger/stores/settlement-store';
import type { BatchFacts, ChainPort, FeeOffer, FeeSituation, NonceRange, PaymentFacts } from '../settlement';
import type { Plan } from './approval-content';
import { readAvailable, readLivePayments } from './preflight';

export type PlannerDeps = {
  readonly store: Remote<SettlementStore>;
  readonly chain: ChainPort;
  readonly network: (id: NetworkId) => Promise<Network>;
  readonly account: (id: AccountId) => Promise<OwnAccount>;
  /** Asks the chain what the token is now and compares it with what was approved (P2). Throws `chain/*`. */
  readonly verifyToken: (id: TokenId) => Promise<{ readonly token: Token }>;
  readonly planFees: (rule: Network['fees'], situation: FeeSituation) => FeeOffer;
  /** Gas limit where no node gave an estimate. */
  readonly fallbackGas: bigint;
};

/** What the payments of a batch stand on, each read once. */
export type Surroundings = {
  readonly tokens: ReadonlyMap<TokenId, Token>;
  readonly networks: ReadonlyMap<NetworkId, Network>;
  readonly accounts: ReadonlyMap<AccountId, OwnAccount>;
};

export type Planner = {
  /** Throws `directory/token-changed`, `payments/token-blocked`, `chain/*`. */
  readonly requireToken: (id: TokenId) => Promise<Token>;
  /** As `requireToken`, for who wants to know what the chain said beside the token. */
  readonly requireActive: (id: TokenId, verify: PlannerDeps['verifyToken']) => Promise<Token>;
  /**
   * The payments of a batch that waits for approval: all checked and pre-flighted, none refused. Throws
   * `payments/batch-unknown`, `payments/wrong-state`, `payments/preflight-refused`.
   */
  readonly requireReady: (
    batchId: BatchId,
  ) => Promise<{ readonly facts: BatchFacts; readonly payments: readonly PaymentFacts[] }>;
  readonly readSurroundings: (
    payments: readonly PaymentFacts[],
    tokenOf: (id: TokenId) => Promise<Token>,
  ) => Promise<Surroundings>;
  /** Throws `payments/preflight-refused`: units of a token that was approved anew with other decimals. */
  readonly requireStanding: (
    batchId: BatchId,
    payments: readonly PaymentFacts[],
    around: Surroundings,
  ) => void;
  readonly readFees: (around: Surroundings) => Promise<ReadonlyMap<NetworkId, FeeOffer>>;
  /** Reserves the next nonces of every sender. Throws `settlement/nonce-conflict`, `chain/*`. */
  readonly reserve: (batchId: BatchId, payments: readonly PaymentFacts[]) => Promise<NonceRange[]>;
  readonly planBatch: (
    payments: readonly PaymentFacts[],
    around: Surroundings,
    fees: ReadonlyMap<NetworkId, FeeOffer>,
    ranges: readonly NonceRange[],
  ) => Plan[];
  /** Throws `payments/insufficient-funds` naming the account and token, or the native coin for fees. */
  readonly requireFunds: (plans: readonly Plan[]) => Promise<void>;
};

export const distinct = async <K extends string, V>(
  keys: readonly K[],
  read: (key: K) => Promise<V>,
): Promise<ReadonlyMap<K, V>> => {
  const found = new Map<K, V>();
  for (const key of keys) if (!found.has(key)) found.set(key, await read(key));
  return found;
};

export const pick = <K, V>(map: ReadonlyMap<K, V>, key: K): V => {
  const value = map.get(key);
  if (value === undefined) throw new AppError('payments/digest-mismatch', { what: 'plan' });
  return value;
};

/** One sender on one network: what nonces count along. */
export const lineKey = (networkId: NetworkId, sender: string): string =>
  `${networkId}/${sender.toLowerCase()}`;

export const createPlanner = (deps: PlannerDeps): Planner => {
  const { store, chain } = deps;

  const requireActive: Planner['requireActive'] = async (id, verify) => {
    const { token } = await verify(id);
    if (token.state === 'changed') throw new AppError('directory/token-changed', { token: token.name });
    if (token.state !== 'active')
      throw new AppError('payments/token-blocked', { token: token.name, state: token.state });
    return token;
  };
  const requireToken = (id: TokenId): Promise<Token> => requireActive(id, deps.verifyToken);

  const requireReady: Planner['requireReady'] = async (batchId) => {
    const facts = await store.batchFacts(batchId);
    const payments = await readLivePayments(store, batchId);
    const isReady = payments.length > 0 && payments.every(({ status }) => status === 'ACTC');
    if (facts.isApproved || !isReady) throw new AppError('payments/wrong-state', { batchId });
    const refused = payments.filter(({ preflight }) => preflight?.state === 'refused').length;
    const missing = payments.filter(({ preflight }) => preflight === null).length;
    if (refused > 0 || missing > 0)
      throw new AppError('payments/preflight-refused', { batchId, refused, missing });
    return { facts, payments };
  };

  const readSurroundings: Planner['readSurroundings'] = async (payments, tokenOf) => ({
    tokens: await distinct(
      payments.map(({ tokenId }) => tokenId),
      tokenOf,
    ),
    networks: await distinct(
      payments.map(({ tokenId }) => networkOfToken(tokenId)),
      deps.network,
    ),
    accounts: await distinct(
      payments.map(({ debtorAccountId }) => debtorAccountId),
      deps.account,
    ),
  });

  const requireStanding: Planner['requireStanding'] = (batchId, payments, around) => {
    const refused = payments.filter(
      ({ tokenId, decimals }) => refusalOfToken(pick(around.tokens, tokenId), decimals) !== null,
    ).length;
    if (refused > 0) throw new AppError('payments/preflight-refused', { batchId, refused, missing: 0 });
  };

  const readFees: Planner['readFees'] = ({ networks }) =>
    distinct([...networks.keys()], async (id) =>
      deps.planFees(pick(networks, id).fees, await chain.feeSituation(id)),
    );

  const reserve: Planner['reserve'] = async (batchId, payments) => {
    const counts = new Map<string, { networkId: NetworkId; sender: Address; count: number }>();
    for (const payment of payments) {
      const networkId = networkOfToken(payment.tokenId);
      const sender = payment.debtorAddress.toLowerCase() as Address;
      const key = lineKey(networkId, sender);
      counts.set(key, { networkId, sender, count: (counts.get(key)?.count ?? 0) + 1 });
    }
    const requests = [];
    for (const line of counts.values()) {
      const [chainPending] = await chain.nonces(line.networkId, [line.sender], 'pending');
      const settled = await store.settledNonce(line.networkId, line.sender);
      // The network forgot what was final: another chain under the same id, or one that was set back. Nothing planned on
      // it would ever be included.
      if (settled !== null && (chainPending ?? 0n) <= settled)
        throw new AppError('settlement/nonce-conflict', { nonce: settled, chain: chainPending ?? 0n });
      requests.push({ ...line, chainPending: chainPending ?? 0n });
    }
    return store.reserveNonces(batchId, requests);
  };

  const planBatch: Planner['planBatch'] = (payments, around, fees, ranges) => {
    const next = new Map(ranges.map(({ networkId, sender, first }) => [lineKey(networkId, sender), first]));
    return payments.map((payment) => {
      const network = pick(around.networks, networkOfToken(payment.tokenId));
      const key = lineKey(network.id, payment.debtorAddress);
      const nonce = pick(next, key);
      next.set(key, nonce + 1n);
      return {
        payment,
        token: pick(around.tokens, payment.tokenId),
        network,
        account: pick(around.accounts, payment.debtorAccountId),
        nonce,
        gas: payment.preflight?.gas ?? deps.fallbackGas,
        fees: pick(fees, network.id),
        action: 'pay',
      };
    });
  };

  const requireFunds: Planner['requireFunds'] = async (plans) => {
    const sums = new Map<string, { plan: Plan; units: bigint }>();
    const fees = new Map<string, { plan: Plan; units: bigint }>();
    const add = (map: Map<string, { plan: Plan; units: bigint }>, key: string, plan: Plan, units: bigint) =>
      map.set(key, { plan, units: (map.get(key)?.units ?? 0n) + units });
    for (const plan of plans) {
      add(sums, `${plan.payment.debtorAccountId}/${plan.payment.tokenId}`, plan, plan.payment.units);
      const perGas = plan.fees.type === 'eip1559' ? plan.fees.maxFeePerGas : plan.fees.gasPrice;
      add(fees, lineKey(plan.network.id, plan.account.address), plan, plan.gas * perGas);
    }
    for (const { plan, units } of sums.values()) {
      const { payment, token } = plan;
      const available = await readAvailable(chain, token, payment.debtorAddress);
      const pending = await store.pendingOut(payment.debtorAccountId, payment.tokenId);
      if (available === null || available - pending < units)
        throw new AppError('payments/insufficient-funds', {
          account: plan.account.name,
          token: token.name,
          needed: units,
          available: (available ?? 0n) - pending,
        });
    }
    for (const { plan, units } of fees.values()) {
      if (units === 0n) continue;
      const [native] = await chain.nativeBalances(plan.network.id, [plan.account.address]);
      if ((native ?? 0n) < units)
        throw new AppError('payments/insufficient-funds', {
          account: plan.account.name,
          token: plan.network.nativeCurrency.symbol,
          needed: units,
          available: native ?? 0n,
        });
    }
  };

  return {
    requireToken,
    requireActive,
    requireReady,
    readSurroundings,
    requireStanding,
    readFees,
    reserve,
    planBatch,
    requireFunds,
  };
};
