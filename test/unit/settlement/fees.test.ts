import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gasLimitFor, planFees, planReplacement } from '../../../src/main/settlement/fees';
import type { FeeOffer } from '../../../src/main/settlement/types';
import type { NetworkId } from '../../../src/shared/model/ids';

const gwei = 1_000_000_000n;
const situation = { baseFee: 10n * gwei, priorityFee: gwei, gasPrice: 11n * gwei };
const fee = fc.bigInt({ min: 0n, max: 5_000n * gwei });

describe('fees', () => {
  it('offers twice the base fee and the usual tip, a legacy price, or nothing', () => {
    expect(planFees('eip1559', situation)).toEqual({
      type: 'eip1559',
      maxFeePerGas: 21n * gwei,
      maxPriorityFeePerGas: gwei,
    });
    expect(planFees('eip1559', { ...situation, baseFee: null })).toEqual({
      type: 'legacy',
      gasPrice: (55n * gwei) / 4n,
    });
    expect(planFees('free', situation)).toEqual({ type: 'legacy', gasPrice: 0n });
  });

  it('does not believe a node that asks for a fortune', () => {
    expect(() => planFees('eip1559', { ...situation, baseFee: 1_000_000n * gwei })).toThrowError(
      /chain\/invalid-answer/,
    );
    expect(planFees('eip1559', { ...situation, priorityFee: 9_999n * gwei })).toMatchObject({
      maxPriorityFeePerGas: 50n * gwei,
    });
  });

  it('always replaces with at least 12.5 % more on both fees', () => {
    fc.assert(
      fc.property(fee, fee, fee, fee, (baseFee, priorityFee, oldMax, oldTip) => {
        const old: FeeOffer = { type: 'eip1559', maxFeePerGas: oldMax, maxPriorityFeePerGas: oldTip };
        const offer = planReplacement('eip1559', { baseFee, priorityFee, gasPrice: baseFee }, [old]);
        if (offer?.type !== 'eip1559') throw new Error('not EIP-1559');
        expect(offer.maxFeePerGas * 8n).toBeGreaterThanOrEqual(oldMax * 9n);
        expect(offer.maxPriorityFeePerGas * 8n).toBeGreaterThanOrEqual(oldTip * 9n);
        expect(offer.maxFeePerGas > oldMax && offer.maxPriorityFeePerGas > oldTip).toBe(true);
        expect(offer.maxFeePerGas).toBeGreaterThanOrEqual(offer.maxPriorityFeePerGas);
      }),
    );
    expect(planReplacement('free', situation, [])).toBeNull();
  });

  it('keeps Conflux within what it refunds', () => {
    const conflux = { id: 'eip155:1030' as NetworkId };
    fc.assert(
      fc.property(fc.bigInt({ min: 30_000n, max: 5_000_000n }), (estimate) => {
        expect(gasLimitFor(conflux, estimate, 68) * 100n).toBeLessThanOrEqual(
          estimate * 133n > 2_780_000n ? estimate * 133n : 2_780_000n,
        );
        expect(gasLimitFor({ id: 'eip155:8453' as NetworkId }, estimate, 68) * 4n).toBeGreaterThanOrEqual(
          estimate * 5n,
        );
      }),
    );
  });
});
