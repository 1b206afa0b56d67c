/** Pre-flight verdicts against the real tokens: who refuses what, in which words, with which raw data. */

import type { Address, Hex } from 'viem';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Payment } from '../../../src/shared/model/payments';
import { OPAQUE_REFUSAL, type ProfileKey, type Sandbox, startSandbox } from '../../sandbox';
import { openTestStore, type TestStore } from '../../support/open-store';
import { createHarness, type Harness, type PaymentInput } from './harness';

let sandbox: Sandbox;
let opened: TestStore;
let harness: Harness;
let clean: Hex;

beforeAll(async () => {
  sandbox = await startSandbox({ mining: 'auto' });
});
afterAll(async () => {
  await sandbox.stop();
});
beforeEach(async () => {
  clean = await sandbox.snapshot();
  opened = openTestStore();
  harness = await createHarness({ db: opened.db, description: sandbox.description });
});
afterEach(async () => {
  await harness.stop();
  opened.close();
  await sandbox.revert(clean);
});

const STRANGER = '0x00000000000000000000000000000000DeaDBeef';
const enrolled = (profile: ProfileKey): string => {
  const supplier = sandbox.description.suppliers.find(({ standing }) => standing[profile] === 'enrolled');
  if (!supplier) throw new Error(`nobody is enrolled for ${profile}`);
  return supplier.address;
};
const judge = async (...inputs: PaymentInput[]): Promise<NonNullable<Payment['preflight']>[]> => {
  const batchId = harness.createBatch(inputs);
  await harness.preflight.run(batchId);
  return harness.payments(batchId).map(({ preflight }) => {
    if (!preflight) throw new Error('no verdict');
    return preflight;
  });
};
const pay = (profile: ProfileKey, to: string = enrolled(profile), units = 100n): PaymentInput => ({
  token: harness.token(profile),
  to,
  units,
});
const failed = (verdict: NonNullable<Payment['preflight']>): string[] =>
  verdict.checks.filter(({ result }) => result === 'fail').map(({ check }) => check);

describe('a payment that would pass', () => {
  it.each(['J', 'F', 'S', 'T', 'R'] as const)(
    'is ok on token %s, with gas above the estimate',
    async (profile) => {
      const [verdict] = await judge(pay(profile));
      expect(verdict).toMatchObject({ state: 'ok', refusal: null });
      expect(failed(verdict as never)).toEqual([]);
      expect(verdict?.gas).toBeGreaterThan(40_000n);
      expect(verdict?.checks).toContainEqual({ check: 'simulation', result: 'pass', detail: null });
    },
  );
});

describe('refusals', () => {
  it('says receiver not allowed where the token says so (R), with the token’s own words and raw data', async () => {
    const [verdict] = await judge(pay('R', STRANGER));
    expect(verdict).toMatchObject({ state: 'refused', refusal: { kind: 'receiver-not-allowed' }, gas: null });
    expect(verdict?.refusal?.data).toMatch(/^0x705c1eed/);
    expect(failed(verdict as never)).toEqual(
      expect.arrayContaining(['receiver-allowed', 'transfer-allowed', 'restriction-code', 'simulation']),
    );
    const restriction = verdict?.checks.find(({ check }) => check === 'restriction-code');
    expect(restriction?.detail).toMatch(/allow-list/);
  });

  it('shows the hex of a closed token that tells nothing (J)', async () => {
    const [verdict] = await judge(pay('J', STRANGER));
    expect(verdict).toMatchObject({ state: 'refused', refusal: { kind: 'unknown', data: OPAQUE_REFUSAL } });
    await sandbox.setStyle('J', 'silent');
    const [silent] = await judge(pay('J', STRANGER));
    expect(silent).toMatchObject({ state: 'refused', refusal: { kind: 'empty', data: '0x' } });
  });

  it('reads a policy refusal (T), a block-list text (F) and a freeze (S)', async () => {
    await sandbox.setBlocked('F', enrolled('F') as Address, true);
    await sandbox.setFrozen('S', enrolled('S') as Address, true);
    const [policy, blocked, frozen] = await judge(pay('T', STRANGER), pay('F'), pay('S'));
    expect(policy?.refusal).toMatchObject({ kind: 'policy-forbids', data: '0x54cfe659' });
    expect(blocked?.refusal).toMatchObject({
      kind: 'account-blocked',
      text: 'Blacklistable: account is blacklisted',
    });
    expect(failed(blocked as never)).toContain('receiver-not-blocked');
    expect(frozen?.refusal).toMatchObject({ kind: 'address-frozen' });
    expect(frozen?.refusal?.data).toMatch(/^0x8e4a23d6/);
  });

  it('reads paused in every dialect', async () => {
    for (const profile of ['F', 'S', 'T', 'R'] as const) await sandbox.pause(profile);
    const verdicts = await judge(pay('F'), pay('S'), pay('T'), pay('R'));
    expect(verdicts.map(({ state, refusal }) => [state, refusal?.kind])).toEqual(
      verdicts.map(() => ['refused', 'paused']),
    );
  });

  it('counts the batch as a whole: what earlier payments take is gone for later ones', async () => {
    const token = harness.token('R');
    const balance = await sandbox.balanceOf('R', harness.accounts[0]?.address as Address);
    const verdicts = await judge(
      pay('R', enrolled('R'), balance - 10n),
      pay('R', enrolled('R'), 11n),
      pay('R', enrolled('R'), 10n),
      pay('R', enrolled('R'), balance + 1n),
    );
    expect(token.decimals).toBe(2);
    expect(verdicts.map(({ state }) => state)).toEqual(['ok', 'refused', 'ok', 'refused']);
    expect(failed(verdicts[1] as never)).toEqual(['balance']);
    expect(verdicts[1]?.refusal?.kind).toBe('balance-too-low');
    expect(failed(verdicts[3] as never)).toEqual(expect.arrayContaining(['balance', 'simulation']));
  });

  it('leaves out what is frozen of a balance', async () => {
    const account = harness.accounts[0]?.address as Address;
    const balance = await sandbox.balanceOf('R', account);
    await sandbox.setFrozenUnits('R', account, balance - 5n);
    const [over, within] = await judge(pay('R', enrolled('R'), 6n), pay('R', enrolled('R'), 5n));
    expect(over).toMatchObject({ state: 'refused' });
    expect(['part-frozen', 'balance-too-low']).toContain(over?.refusal?.kind);
    expect(within?.state).toBe('ok');
  });

  it('sees through a token that answers false instead of reverting', async () => {
    const address = await sandbox.deployFalseReturningToken({
      decimals: 2,
      holders: [{ address: harness.accounts[0]?.address as Address, units: 1_000n }],
    });
    const token = await harness.addToken(address, 'QUIET');
    const [refused] = await judge({ token, to: STRANGER, units: 5n });
    expect(refused).toMatchObject({ state: 'refused', refusal: { kind: 'returned-false' } });
  });

  it('refuses a token that changed, without asking it anything else', async () => {
    await sandbox.upgradeToV2('R', { decimals: 3 });
    const [verdict] = await judge(pay('R'));
    expect(verdict).toMatchObject({
      state: 'refused',
      checks: [{ check: 'token-unchanged', result: 'fail', detail: 'changed' }],
    });
  });

  it('refuses units that were made with other decimals than the token counts now', async () => {
    const made = pay('R');
    const [wrong, right] = await judge(
      { ...made, token: { ...made.token, decimals: made.token.decimals + 1 } },
      made,
    );
    expect(wrong).toMatchObject({ state: 'refused', checks: [{ check: 'token-unchanged', result: 'fail' }] });
    expect(wrong?.refusal?.text).toContain('decimals');
    expect(right).toMatchObject({ state: 'ok' });
  });

  it('needs native coin for the fee, unless the network is free', async () => {
    await sandbox.fundNative(harness.accounts[1]?.address as Address, 1n);
    const [broke] = await judge({ ...pay('R'), from: 1 });
    expect(broke).toMatchObject({ state: 'refused' });
    expect(failed(broke as never)).toContain('native-fee');
    const free = await createHarness({
      db: opened.db,
      description: sandbox.description,
      network: { fees: 'free' },
    });
    const batchId = free.createBatch([{ ...pay('R'), from: 1 }]);
    await free.preflight.run(batchId);
    expect(free.payments(batchId)[0]?.preflight).toMatchObject({ state: 'ok' });
    await free.stop();
  });
});

describe('a run', () => {
  it('tells its progress and stops when asked, keeping what it has', async () => {
    const batchId = harness.createBatch(Array.from({ length: 350 }, () => pay('R')));
    const running = harness.preflight.run(batchId);
    const second = harness.preflight.run(batchId);
    await expect(second).rejects.toMatchObject({ code: 'busy' });
    harness.preflight.cancel(batchId);
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    await harness.preflight.run(batchId);
    expect(harness.payments(batchId).every(({ preflight }) => preflight?.state === 'ok')).toBe(true);
    const progress = harness.events.filter(
      (event) => event.type === 'progress' && event.task === 'preflight',
    );
    expect(progress.at(-1)).toMatchObject({ done: 350, total: 350, isFinished: true });
  });

  it('knows no unknown batch', async () => {
    await expect(harness.preflight.run('bat_000000000000' as never)).rejects.toMatchObject({
      code: 'payments/batch-unknown',
    });
  });
});
