/** A past for the sandbox: weeks of receipts, payments and moves between own accounts, so that ledger and charts have content. */
import type { Address } from 'viem';
import { encodeTokenCall, PLANNED_TOKENS } from './deploy';
import { type SandboxKey, supplierKey, treasuryKey } from './keys';
import { SUPPLIER_PLANS, standingOf, TREASURY_ACCOUNTS } from './parties';
import type { Rpc } from './rpc';
import type { Sender } from './sender';
import type { SandboxToken } from './types';

export const DAY_SECONDS = 86_400;

type Movement = {
  /** Unix seconds. */
  readonly at: number;
  readonly token: SandboxToken;
  readonly from: SandboxKey;
  readonly to: Address;
  readonly units: bigint;
};

/** The same numbers at every start: a linear congruential generator (Numerical Recipes' constants). */
const createDice = (seed: number): ((sides: number) => number) => {
  let state = seed >>> 0;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
};

const pick = <T>(items: readonly T[], roll: (sides: number) => number): T => {
  const item = items[roll(items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
};

/**
 * Two or three movements on each day from `start` to before `end`. Receipts outweigh payments a little; no account can
 * fall short, since each movement is small beside the opening balances.
 */
const planMovements = (start: number, end: number): readonly Movement[] => {
  const roll = createDice(914_001);
  const suppliers = SUPPLIER_PLANS.flatMap((plan, index) =>
    PLANNED_TOKENS.every(({ token }) => standingOf(plan, token.profile) === 'enrolled')
      ? [supplierKey(index)]
      : [],
  );
  const own = TREASURY_ACCOUNTS.map((_, index) => treasuryKey(index));
  const [operating, payables] = own;
  if (!operating || !payables) throw new Error('the history needs two own accounts');
  const movements: Movement[] = [];
  for (let day = start; day + DAY_SECONDS < end; day += DAY_SECONDS) {
    const count = 2 + roll(2);
    for (let number = 0; number < count; number += 1) {
      const { token } = pick(PLANNED_TOKENS, roll);
      const at = day + Math.floor(((number + 1) * DAY_SECONDS) / (count + 1)) + roll(3_600);
      const cents = BigInt(500_000 + roll(9_000_000));
      const units = (cents * 10n ** BigInt(token.decimals)) / 100n;
      const kind = roll(10);
      if (kind < 4) {
        movements.push({ at, token, from: pick(suppliers, roll), to: operating.address, units: units * 3n });
      } else if (kind < 9) {
        const from = kind < 7 ? operating : payables;
        movements.push({ at, token, from, to: pick(suppliers, roll).address, units });
      } else {
        movements.push({ at, token, from: operating, to: payables.address, units: units * 2n });
      }
    }
  }
  return movements;
};

/** Plays the history on a fresh chain whose time is `start` (unix seconds), and leaves the chain's clock at the present. */
export const playHistory = async (rpc: Rpc, sender: Sender, start: number, end: number): Promise<void> => {
  const movements = planMovements(start + 3_600, end);
  const own = new Set(TREASURY_ACCOUNTS.map((_, index) => treasuryKey(index).address));
  const payers = movements.filter(({ from }) => !own.has(from.address));
  await rpc.batch(payers.map(({ from }) => ['anvil_setBalance', [from.address, '0xde0b6b3a7640000']]));
  // What a payer will send comes from its bank beforehand.
  for (const { token, keys } of PLANNED_TOKENS) {
    const mints = payers
      .filter((movement) => movement.token === token)
      .map(({ from, units }) => ({
        to: token.address,
        data: encodeTokenCall('mint', [from.address, units]),
      }));
    if (mints.length > 0) await sender.send(keys.issuer, mints);
  }
  await sender.sendAt(
    movements.map(({ at, token, from, to, units }) => ({
      key: from,
      at,
      outgoing: { to: token.address, data: encodeTokenCall('transfer', [to, units]) },
    })),
  );
  await rpc.call('evm_setNextBlockTimestamp', end);
  await rpc.call('evm_mine');
};
