import { encodeFunctionData, type Hex, padHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadArtifact } from '../../sandbox/artifacts';
import { connectSandbox, type Sandbox, startSandbox, supplierKey, treasuryKey } from '../../sandbox/index';
import { ACCEPTED, createWallet, refusal, type Wallet } from './wallet';

const payer = treasuryKey(0);
const enrolled = supplierKey(0).address;
const stranger = supplierKey(20).address;
/** ERC-1967: keccak256("eip1967.proxy.implementation") - 1 */
const IMPLEMENTATION_SLOT = '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc';
/** ERC-7201 slot of OpenZeppelin's ERC20Upgradeable; total supply is two after it. */
const ERC20_SLOT = 0x52c63247e1f47db19d5ce0460030c497f067ca4cebf71ba98eeadabe20bace00n;

let sandbox: Sandbox;
let wallet: Wallet;

beforeAll(async () => {
  sandbox = await startSandbox();
  wallet = createWallet(sandbox);
});
afterAll(() => sandbox?.stop());

const slotOf = async (address: Hex, slot: string): Promise<Hex> =>
  (await sandbox.rpc.call('eth_getStorageAt', address, slot, 'latest')) as Hex;

describe('proxies', () => {
  it('share one implementation, which the ERC-1967 slot names', async () => {
    const named = new Set<Hex>();
    for (const token of sandbox.description.tokens) {
      const slot = await slotOf(token.address, IMPLEMENTATION_SLOT);
      expect(slot).toBe(padHex(token.implementation).toLowerCase());
      named.add(slot);
    }
    expect(named.size).toBe(1);
  });

  it('keep the supply where OpenZeppelin tokens keep it', async () => {
    const { address } = sandbox.token('J');
    const slot = await slotOf(address, `0x${(ERC20_SLOT + 2n).toString(16)}`);
    expect(BigInt(slot)).toBe(await sandbox.read('J', 'totalSupply'));
  });

  it('cannot be set up a second time', async () => {
    const { abi } = loadArtifact('DepositTokenV2');
    const data = encodeFunctionData({ abi, functionName: 'initializeV2', args: [4, false] });
    const outcome = await wallet.attemptRaw(sandbox.token('J').address, payer.address, data);
    expect('reverted' in outcome).toBe(true);
  });
});

describe('upgrade', () => {
  it('changes the implementation slot and the decimals, not the balances', async () => {
    const { address } = sandbox.token('R');
    const before = await sandbox.balanceOf('R', payer.address);
    const old = await slotOf(address, IMPLEMENTATION_SLOT);
    const { implementation } = await sandbox.upgradeToV2('R', { decimals: 4 });
    expect(await slotOf(address, IMPLEMENTATION_SLOT)).toBe(padHex(implementation).toLowerCase());
    expect(await slotOf(address, IMPLEMENTATION_SLOT)).not.toBe(old);
    expect(await sandbox.read('R', 'decimals')).toBe(4);
    expect(await sandbox.balanceOf('R', payer.address)).toBe(before);
    expect(await wallet.attempt('R', payer.address, 'transfer', [enrolled, 1n])).toEqual(ACCEPTED);
  });

  it('can stop every transfer', async () => {
    await sandbox.upgradeToV2('T', { refusesAll: true });
    expect(await sandbox.read('T', 'decimals')).toBe(6);
    expect(await wallet.attempt('T', payer.address, 'transfer', [enrolled, 1n])).toEqual(
      refusal('ContractPaused()'),
    );
  });

  it('is the bank’s alone', async () => {
    const { implementation } = sandbox.token('J');
    expect(await wallet.attempt('J', payer.address, 'upgradeToAndCall', [implementation, '0x'])).toEqual(
      refusal('NotIssuer(address caller)', [payer.address]),
    );
  });
});

describe('a token that returns false', () => {
  it('moves nothing and does not revert', async () => {
    const token = await sandbox.deployFalseReturningToken({
      decimals: 2,
      holders: [
        { address: payer.address, units: 1_000n },
        { address: enrolled, units: 0n },
      ],
    });
    const { abi } = loadArtifact('FalseReturningToken');
    const call = (to: Hex, units: bigint) =>
      encodeFunctionData({ abi, functionName: 'transfer', args: [to, units] });
    const refused = { returned: padHex('0x') };
    expect(await wallet.attemptRaw(token, payer.address, call(stranger, 1n))).toEqual(refused);
    expect(await wallet.attemptRaw(token, payer.address, call(enrolled, 1_001n))).toEqual(refused);
    expect(await wallet.attemptRaw(token, payer.address, call(enrolled, 1_000n))).toEqual(ACCEPTED);
    const mined = await wallet.sendRaw(token, payer, call(stranger, 1n));
    expect(mined).toMatchObject({ status: '0x1', logs: [] });
  });
});

describe('tokens that come in later', () => {
  const request = {
    bankName: 'Somewhere Sandbox Bank',
    bic: 'SBXYJPX0',
    currency: 'JPY',
    holders: [{ address: stranger }],
  };

  it('have the currency’s decimals, the treasury’s money and the holders named', async () => {
    const token = await sandbox.deployTokenFor(request);
    expect(token).toMatchObject({ decimals: 0, currency: 'JPY', profile: 'R' });
    expect(token.issuer).toMatchObject({ bic: 'SBXYJPX0', country: 'JP' });
    expect(await sandbox.read(token.address, 'decimals')).toBe(0);
    expect(await sandbox.balanceOf(token.address, payer.address)).toBe(10_000_000n);
    expect(await wallet.attempt(token.address, payer.address, 'transfer', [stranger, 1n])).toEqual(ACCEPTED);
    expect(await wallet.attempt(token.address, payer.address, 'transfer', [enrolled, 1n])).toEqual(
      refusal('ERC7943CannotReceive(address account)', [enrolled]),
    );
  });

  it('are the same ones when another process asks again', async () => {
    const first = await sandbox.deployTokenFor(request);
    const elsewhere = await connectSandbox(sandbox.rpcUrl);
    const again = await elsewhere.deployTokenFor({
      ...request,
      holders: [{ address: enrolled, units: '55' }],
    });
    expect(again).toEqual(first);
    expect(await elsewhere.balanceOf(again.address, enrolled)).toBe(55n);
    expect(await elsewhere.balanceOf(again.address, payer.address)).toBe(10_000_000n);
  });

  it('use the bank that is there already', async () => {
    const known = sandbox.token('S');
    const token = await sandbox.deployTokenFor({
      bankName: known.issuer.name,
      bic: known.issuer.bic,
      currency: 'EUR',
      holders: [{ address: stranger }],
    });
    expect(token.address).toBe(known.address);
  });

  it.each([
    ['KWD', 3],
    ['CHF', 2],
  ])('of a bank without a BIC, in %s', async (currency, decimals) => {
    const token = await sandbox.deployTokenFor({ bankName: 'Member Bank', memberId: '021000021', currency });
    expect(token).toMatchObject({ decimals, issuer: { bic: null, memberId: '021000021' } });
  });

  it('are refused in a currency that is none', async () => {
    await expect(sandbox.deployTokenFor({ bankName: 'X', bic: 'SBXYJPX0', currency: 'QQQ' })).rejects.toThrow(
      /QQQ is not a currency/,
    );
  });
});
