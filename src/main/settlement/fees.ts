/**
 * What to offer for inclusion, and how much more a replacement must offer.
 *
 * EIP-1559: twice the next base fee plus the usual priority fee, so that the offer holds for about six full blocks.
 * Replacements: pools of every client ask for 10 % more on both fees; 12.5 % is offered (go-ethereum's older default).
 */
import { AppError } from '../../shared/errors';
import type { FeeRule, Network } from '../../shared/model/directory';
import type { FeeSituation } from './ports';
import type { FeeOffer } from './types';

const GWEI = 1_000_000_000n;
/** SECURITY: a lying node must not be able to spend the treasury's fee balance in one transaction. */
const MAX_PRIORITY_FEE = 50n * GWEI;
const MAX_FEE_PER_GAS = 20_000n * GWEI;
const MIN_PRIORITY_FEE = 1_000n;

const atMost = (value: bigint, cap: bigint): bigint => (value < cap ? value : cap);
const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** Throws `chain/invalid-answer` when the network asks for more than any sane network does. */
export const planFees = (rule: FeeRule, situation: FeeSituation): FeeOffer => {
  if (rule === 'free') return { type: 'legacy', gasPrice: 0n };
  const { baseFee } = situation;
  if (rule === 'eip1559' && baseFee !== null) {
    const maxPriorityFeePerGas = atMost(larger(situation.priorityFee, MIN_PRIORITY_FEE), MAX_PRIORITY_FEE);
    return checkCap({
      type: 'eip1559',
      maxFeePerGas: 2n * baseFee + maxPriorityFeePerGas,
      maxPriorityFeePerGas,
    });
  }
  return checkCap({ type: 'legacy', gasPrice: (situation.gasPrice * 5n) / 4n });
};

/**
 * For a plan that is signed days later (envelopes). EIP-1559: four times the base fee instead of twice, about twelve full
 * blocks in a row; what is not needed is not paid. Legacy: the whole price is paid, so only half more than now. Where both
 * fall short, a replacement offers more.
 */
export const planWaitingFees = (rule: FeeRule, situation: FeeSituation): FeeOffer => {
  const now = planFees(rule, situation);
  if (now.type === 'eip1559') {
    const base = situation.baseFee ?? 0n;
    return checkCap({ ...now, maxFeePerGas: now.maxFeePerGas + 2n * base });
  }
  return checkCap({ type: 'legacy', gasPrice: (now.gasPrice * 6n) / 5n });
};

const checkCap = (offer: FeeOffer): FeeOffer => {
  const perGas = offer.type === 'eip1559' ? offer.maxFeePerGas : offer.gasPrice;
  if (perGas > MAX_FEE_PER_GAS) throw new AppError('chain/invalid-answer', { method: 'fees', perGas });
  return offer;
};

/** At least 12.5 % more, rounded up, and at least one unit more. */
const raise = (value: bigint): bigint => (value * 9n + 7n) / 8n + (value === 0n ? 1n : 0n);

/**
 * The offer of a replacement: the fees of now, but on both counts at least 12.5 % above every earlier offer for the
 * nonce. `null` where price cannot decide (fee-free networks).
 */
export const planReplacement = (
  rule: FeeRule,
  situation: FeeSituation,
  earlier: readonly FeeOffer[],
): FeeOffer | null => {
  if (rule === 'free') return null;
  const now = planFees(rule, situation);
  return earlier.reduce<FeeOffer>((offer, old) => {
    const oldMax = old.type === 'eip1559' ? old.maxFeePerGas : old.gasPrice;
    const oldTip = old.type === 'eip1559' ? old.maxPriorityFeePerGas : old.gasPrice;
    if (offer.type === 'legacy')
      return checkCap({ type: 'legacy', gasPrice: larger(offer.gasPrice, raise(oldMax)) });
    const maxPriorityFeePerGas = larger(offer.maxPriorityFeePerGas, raise(oldTip));
    const maxFeePerGas = larger(offer.maxFeePerGas, raise(oldMax));
    return checkCap({
      type: 'eip1559',
      maxPriorityFeePerGas,
      maxFeePerGas: larger(maxFeePerGas, maxPriorityFeePerGas),
    });
  }, now);
};

const CONFLUX_CHAINS = new Set(['eip155:1030', 'eip155:71']);

/**
 * Gas limit for an estimate: 25 % above it. Conflux eSpace refunds at most a quarter of the limit, so a third above is
 * the most that costs nothing; 20 % stays below it, and it asks for 100 gas per byte of calldata.
 */
export const gasLimitFor = (network: Pick<Network, 'id'>, estimate: bigint, dataBytes: number): bigint => {
  if (!CONFLUX_CHAINS.has(network.id)) return (estimate * 5n + 3n) / 4n;
  return larger((estimate * 6n) / 5n, 21_000n + 100n * BigInt(dataBytes));
};

/** For a transfer whose estimate no node gave: what a permissioned token behind a proxy takes at most. */
export const FALLBACK_GAS = 300_000n;
/** An empty transfer to oneself. */
export const CANCEL_GAS = 21_000n;
