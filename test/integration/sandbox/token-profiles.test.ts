import { concat, type Hex, padHex, stringToHex, toFunctionSelector } from 'viem';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  OPAQUE_REFUSAL,
  type Sandbox,
  startSandbox,
  supplierKey,
  type TokenRef,
  treasuryKey,
} from '../../sandbox/index';
import {
  ACCEPTED,
  createWallet,
  eventsOf,
  refusal,
  SILENCE,
  topicOf,
  type Wallet,
  words,
  ZERO,
} from './wallet';

const payer = treasuryKey(0);
const second = treasuryKey(1);
const enrolled = supplierKey(0).address;
const stranger = supplierKey(20).address;
const frozen = supplierKey(22).address;
const blocked = supplierKey(23).address;

let sandbox: Sandbox;
let wallet: Wallet;
let clean: Hex;

beforeAll(async () => {
  sandbox = await startSandbox();
  wallet = createWallet(sandbox);
});
afterAll(() => sandbox?.stop());
beforeEach(async () => {
  clean = await sandbox.snapshot();
});
afterEach(() => sandbox.revert(clean));

const transfer = (ref: TokenRef, to: string, units: bigint, from = payer.address) =>
  wallet.attempt(ref, from, 'transfer', [to, units]);

/** Every view beyond ERC-20, with arguments to call it. */
const VIEWS: Readonly<Record<string, readonly unknown[]>> = {
  canSend: [enrolled],
  canReceive: [enrolled],
  canTransfer: [payer.address, enrolled, 1n],
  getFrozenTokens: [enrolled],
  getActiveBalanceOf: [enrolled],
  supportsInterface: ['0x3edbb4c4'],
  detectTransferRestriction: [payer.address, enrolled, 1n],
  detectTransferRestrictionFrom: [payer.address, payer.address, enrolled, 1n],
  messageForTransferRestriction: [0],
  isAllowlisted: [enrolled],
  isAllowlistEnabled: [],
  isBlacklisted: [enrolled],
  isFrozen: [enrolled],
  paused: [],
  authorizationState: [payer.address, padHex('0x1')],
  nonces: [payer.address],
  DOMAIN_SEPARATOR: [],
  version: [],
  eip712Domain: [],
  engagedAmount: [payer.address],
  getOperators: [],
  currency: [],
};

const ANSWERED: Readonly<Record<string, readonly string[]>> = {
  J: [],
  F: ['isBlacklisted', 'paused', 'authorizationState', 'nonces', 'DOMAIN_SEPARATOR', 'version', 'currency'],
  S: ['isFrozen', 'paused', 'engagedAmount', 'getOperators'],
  T: [
    'canSend',
    'canReceive',
    'canTransfer',
    'paused',
    'nonces',
    'DOMAIN_SEPARATOR',
    'version',
    'eip712Domain',
    'currency',
  ],
  R: Object.keys(VIEWS).filter((name) => !['isBlacklisted', 'engagedAmount', 'getOperators'].includes(name)),
};

describe.each([
  ['J', 'USD', 2],
  ['F', 'CNH', 6],
  ['S', 'EUR', 18],
  ['T', 'HKD', 6],
  ['R', 'SGD', 2],
] as const)('profile %s', (profile, currency, decimals) => {
  it('has its currency, decimals, opening balances and supply', async () => {
    const token = sandbox.token(profile);
    expect(token.currency).toBe(currency);
    expect(await sandbox.read(profile, 'decimals')).toBe(decimals);
    expect(await sandbox.read(profile, 'name')).toBe(token.name);
    expect(await sandbox.read(profile, 'symbol')).toBe(token.symbol);
    let supply = 0n;
    for (const account of sandbox.description.treasury.accounts) {
      const units = await sandbox.balanceOf(profile, account.address);
      expect(units).toBe(BigInt(account.openingUnits[token.address] ?? ''));
      expect(units).toBeGreaterThan(0n);
      supply += units;
    }
    expect(await sandbox.read(profile, 'totalSupply')).toBe(supply);
  });

  it('answers the views it has and is silent on the others', async () => {
    const answered: string[] = [];
    for (const [name, args] of Object.entries(VIEWS)) {
      const outcome = await wallet.attempt(profile, payer.address, name, args);
      if ('returned' in outcome) answered.push(name);
      else expect(outcome, name).toEqual(SILENCE);
    }
    expect(answered.sort()).toEqual([...(ANSWERED[profile] ?? [])].sort());
  });

  it('pays an enrolled supplier', async () => {
    expect(await transfer(profile, enrolled, 5n)).toEqual(ACCEPTED);
    const mined = await wallet.send(profile, payer, 'transfer', [enrolled, 5n]);
    expect(eventsOf(mined)).toEqual([
      { name: 'Transfer', args: { from: payer.address, to: enrolled, value: 5n } },
    ]);
    expect(await sandbox.balanceOf(profile, enrolled)).toBe(5n);
  });

  it('lets the bank move money by force, and nobody else', async () => {
    expect(
      await wallet.attempt(profile, payer.address, 'forcedTransfer', [payer.address, enrolled, 1n]),
    ).toEqual(refusal('NotIssuer(address caller)', [payer.address]));
    const before = await sandbox.balanceOf(profile, second.address);
    await sandbox.forcedTransfer(profile, second.address, enrolled, 7n);
    expect(await sandbox.balanceOf(profile, second.address)).toBe(before - 7n);
    expect(await sandbox.balanceOf(profile, enrolled)).toBe(7n);
  });
});

describe('profile J, closed', () => {
  it('refuses with an error that nobody knows', async () => {
    const opaque = { reverted: OPAQUE_REFUSAL };
    expect(await transfer('J', stranger, 5n)).toEqual(opaque);
    expect(await transfer('J', enrolled, 10n ** 30n)).toEqual(opaque);
    expect(await transfer('J', enrolled, 1n, stranger)).toEqual(opaque);
    await sandbox.pause('J');
    expect(await transfer('J', enrolled, 5n)).toEqual(opaque);
    await sandbox.unpause('J');
    expect(await transfer('J', enrolled, 5n)).toEqual(ACCEPTED);
  });

  it('refuses without a word in its silent variant', async () => {
    await sandbox.setStyle('J', 'silent');
    expect(await transfer('J', stranger, 5n)).toEqual(SILENCE);
  });

  it('accepts a reference suffix after the arguments', async () => {
    const { address } = sandbox.token('J');
    const plain = concat([toFunctionSelector('transfer(address,uint256)'), padHex(enrolled), padHex('0x5')]);
    const suffix = concat([stringToHex('K7Q2M9X4T1B8R6WZ'), padHex('0x1'), '0x01', stringToHex('PAYREFv1')]);
    await wallet.sendRaw(address, payer, concat([plain, suffix]));
    expect(await sandbox.balanceOf('J', enrolled)).toBe(5n);
  });

  it('has neither memo nor signed transfers', async () => {
    const memo = padHex('0x1');
    expect(await wallet.attempt('J', payer.address, 'transferWithMemo', [enrolled, 1n, memo])).toEqual(
      SILENCE,
    );
    const permit = [payer.address, enrolled, 1n, 2n ** 40n, 27, memo, memo];
    expect(await wallet.attempt('J', payer.address, 'permit', permit)).toEqual(SILENCE);
  });

  it('follows the list as the bank changes it', async () => {
    await sandbox.setAllowlisted('J', stranger, true);
    expect(await transfer('J', stranger, 5n)).toEqual(ACCEPTED);
    await sandbox.setAllowlisted('J', enrolled, false);
    expect(await transfer('J', enrolled, 5n)).toEqual({ reverted: OPAQUE_REFUSAL });
  });
});

describe('profile F, block-list and words', () => {
  it('tells who is blocked and refuses them', async () => {
    expect(await sandbox.read('F', 'isBlacklisted', [blocked])).toBe(true);
    expect(await sandbox.read('F', 'isBlacklisted', [enrolled])).toBe(false);
    const refused = words('Blacklistable: account is blacklisted');
    expect(await transfer('F', blocked, 5n)).toEqual(refused);
    expect(await transfer('F', stranger, 5n)).toEqual(ACCEPTED);
    await sandbox.setBlocked('F', payer.address, true);
    expect(await transfer('F', enrolled, 5n)).toEqual(refused);
    expect(await wallet.attempt('F', payer.address, 'approve', [enrolled, 1n])).toEqual(refused);
    await sandbox.setBlocked('F', payer.address, false);
    expect(await transfer('F', enrolled, 5n)).toEqual(ACCEPTED);
  });

  it('refuses in words', async () => {
    expect(await transfer('F', enrolled, 10n ** 30n)).toEqual(
      words('ERC20: transfer amount exceeds balance'),
    );
    expect(await transfer('F', ZERO, 1n)).toEqual(words('ERC20: transfer to the zero address'));
    expect(await wallet.attempt('F', second.address, 'transferFrom', [payer.address, enrolled, 1n])).toEqual(
      words('ERC20: transfer amount exceeds allowance'),
    );
    await sandbox.pause('F');
    expect(await sandbox.read('F', 'paused')).toBe(true);
    expect(await transfer('F', enrolled, 5n)).toEqual(words('Pausable: paused'));
  });
});

describe('profile S, two-step redemption', () => {
  it('refuses frozen holders, by its own errors', async () => {
    expect(await sandbox.read('S', 'isFrozen', [frozen])).toBe(true);
    expect(await transfer('S', frozen, 5n)).toEqual(refusal('Unauthorized(address account)', [frozen]));
    await sandbox.setFrozen('S', payer.address, true);
    expect(await transfer('S', enrolled, 5n)).toEqual(
      refusal('Unauthorized(address account)', [payer.address]),
    );
    await sandbox.setFrozen('S', payer.address, false);
    await sandbox.pause('S');
    expect(await transfer('S', enrolled, 5n)).toEqual(refusal('ContractPaused()'));
    await sandbox.unpause('S');
    const held = await sandbox.balanceOf('S', payer.address);
    expect(await transfer('S', enrolled, held + 1n)).toEqual(
      refusal('InsufficientBalance(uint256 current, uint256 required)', [held, held + 1n]),
    );
  });

  const redeem = async (units: bigint) => {
    const { registrar } = sandbox.token('S');
    const events = eventsOf(await wallet.send('S', payer, 'transfer', [registrar, units]));
    const { transferHash: hash } = (events[1]?.args ?? {}) as { readonly transferHash: Hex };
    return { registrar, events, hash };
  };

  it('turns a transfer to the bank into a request that moves nothing', async () => {
    const before = await sandbox.balanceOf('S', payer.address);
    const { registrar, events, hash } = await redeem(40n);
    expect(events).toEqual([
      { name: 'Transfer', args: { from: payer.address, to: registrar, value: 0n } },
      {
        name: 'TransferRequested',
        args: { transferHash: hash, from: payer.address, to: registrar, value: 40n },
      },
    ]);
    expect(await sandbox.read('S', 'engagedAmount', [payer.address])).toBe(40n);
    expect(await sandbox.balanceOf('S', payer.address)).toBe(before - 40n);
    expect(await sandbox.balanceOf('S', registrar)).toBe(0n);

    await sandbox.validateTransfer('S', hash);
    expect(await sandbox.read('S', 'engagedAmount', [payer.address])).toBe(0n);
    expect(await sandbox.balanceOf('S', registrar)).toBe(40n);
    expect(await sandbox.balanceOf('S', payer.address)).toBe(before - 40n);
  });

  it('gives the money back when the bank rejects, once', async () => {
    const before = await sandbox.balanceOf('S', payer.address);
    const { registrar, hash } = await redeem(40n);
    await sandbox.rejectTransfer('S', hash);
    expect(await sandbox.balanceOf('S', payer.address)).toBe(before);
    expect(await sandbox.read('S', 'engagedAmount', [payer.address])).toBe(0n);
    expect(await wallet.attempt('S', registrar, 'validateTransfer', [hash])).toEqual(
      refusal('UnknownRequest(bytes32 transferHash)', [hash]),
    );
  });

  it('cannot spend what is engaged, and lets only the registrar decide', async () => {
    const held = await sandbox.balanceOf('S', payer.address);
    const { hash } = await redeem(held);
    expect(await transfer('S', enrolled, 1n)).toEqual(
      refusal('InsufficientBalance(uint256 current, uint256 required)', [0n, 1n]),
    );
    expect(await wallet.attempt('S', payer.address, 'validateTransfer', [hash])).toEqual(
      refusal('Unauthorized(address account)', [payer.address]),
    );
  });

  it('treats the operations desk as it treats the registrar', async () => {
    const { operations } = sandbox.token('S');
    const events = eventsOf(await wallet.send('S', payer, 'transfer', [operations, 3n]));
    expect(events.map((event) => event.name)).toEqual(['Transfer', 'TransferRequested']);
  });
});

describe('profile T, policy and memo', () => {
  const memo = padHex(stringToHex('K7Q2M9X4T1B8R6WZ'), { dir: 'right', size: 32 });
  const send = () => wallet.send('T', payer, 'transferWithMemo', [enrolled, 5n, memo]);
  const attempt = () => wallet.attempt('T', payer.address, 'transferWithMemo', [enrolled, 5n, memo]);
  const withMemo = {
    name: 'TransferWithMemo',
    args: { from: payer.address, to: enrolled, amount: 5n, memo },
  };
  const note = { name: 'Memo', args: { caller: payer.address, memo } };

  it('has the selectors and topics of TIP-20 and B20', () => {
    expect(toFunctionSelector('transferWithMemo(address,uint256,bytes32)')).toBe('0x95777d59');
    expect(toFunctionSelector('transferFromWithMemo(address,address,uint256,bytes32)')).toBe('0x929c2539');
    expect(topicOf('TransferWithMemo(address,address,uint256,bytes32)').slice(0, 10)).toBe('0x57bc7354');
    expect(topicOf('Memo(address,bytes32)').slice(0, 10)).toBe('0x6989f581');
  });

  it('returns nothing and logs TransferWithMemo as TIP-20 does', async () => {
    expect(await attempt()).toEqual({ returned: '0x' });
    const mined = await send();
    const events = eventsOf(mined);
    expect(events.map((event) => event.name)).toEqual(['Transfer', 'TransferWithMemo']);
    expect(events[1]).toEqual(withMemo);
    expect(mined.logs[1]?.topics[3]).toBe(memo);
    expect(await sandbox.balanceOf('T', enrolled)).toBe(5n);
  });

  it('returns true and logs Memo right after Transfer as B20 does', async () => {
    await sandbox.setStyle('T', 'b20', 'b20');
    expect(await attempt()).toEqual(ACCEPTED);
    const events = eventsOf(await send());
    expect(events.map((event) => event.name)).toEqual(['Transfer', 'Memo']);
    expect(events[1]).toEqual(note);
  });

  it('can do both', async () => {
    await sandbox.setStyle('T', 'tip20', 'both');
    expect(await attempt()).toEqual(ACCEPTED);
    expect(eventsOf(await send()).slice(1)).toEqual([note, withMemo]);
  });

  it('lets an enrolled executor send with a memo, and no other', async () => {
    await wallet.send('T', payer, 'approve', [second.address, 10n]);
    await wallet.send('T', payer, 'approve', [stranger, 10n]);
    const args = [payer.address, enrolled, 5n, memo];
    expect(await wallet.attempt('T', second.address, 'transferFromWithMemo', args)).toEqual({
      returned: '0x',
    });
    expect(await wallet.attempt('T', stranger, 'transferFromWithMemo', args)).toEqual(
      refusal('PolicyForbids()'),
    );
    await wallet.send('T', second, 'transferFromWithMemo', args);
    expect(await sandbox.read('T', 'allowance', [payer.address, second.address])).toBe(5n);
  });

  it('refuses as TIP-20 does', async () => {
    expect(await transfer('T', stranger, 5n)).toEqual(refusal('PolicyForbids()'));
    expect(await transfer('T', ZERO, 5n)).toEqual(refusal('InvalidRecipient()'));
    const held = await sandbox.balanceOf('T', payer.address);
    const { address } = sandbox.token('T');
    expect(await transfer('T', enrolled, held + 1n)).toEqual(
      refusal('InsufficientBalance(uint256 available, uint256 required, address token)', [
        held,
        held + 1n,
        address,
      ]),
    );
    expect(await wallet.attempt('T', second.address, 'transferFrom', [payer.address, enrolled, 1n])).toEqual(
      refusal('InsufficientAllowance()'),
    );
    await sandbox.pause('T');
    expect(await transfer('T', enrolled, 5n)).toEqual(refusal('ContractPaused()'));
  });

  it('refuses as B20 does, naming the side', async () => {
    await sandbox.setStyle('T', 'b20', 'b20');
    const outcome = await transfer('T', stranger, 5n);
    expect('reverted' in outcome && outcome.reverted.slice(0, 10)).toBe('0xa43fec12');
    await sandbox.setAllowlisted('T', payer.address, false);
    const other = await transfer('T', enrolled, 5n);
    expect('reverted' in other && other.reverted.slice(0, 10)).toBe('0xa43fec12');
    expect(other).not.toEqual(outcome);
  });

  it('answers canTransfer and its kin', async () => {
    expect(await sandbox.read('T', 'canReceive', [enrolled])).toBe(true);
    expect(await sandbox.read('T', 'canReceive', [stranger])).toBe(false);
    expect(await sandbox.read('T', 'canTransfer', [payer.address, stranger, 1n])).toBe(false);
    expect(await sandbox.read('T', 'canTransfer', [payer.address, enrolled, 1n])).toBe(true);
  });
});

describe('profile R, open about its rules', () => {
  const detect = (from: string, to: string, units: bigint) =>
    sandbox.read('R', 'detectTransferRestriction', [from, to, units]);

  it('declares ERC-7943 and refuses by its errors', async () => {
    expect(await sandbox.read('R', 'supportsInterface', ['0x3edbb4c4'])).toBe(true);
    expect(await sandbox.read('R', 'supportsInterface', ['0xffffffff'])).toBe(false);
    expect(await transfer('R', stranger, 5n)).toEqual(
      refusal('ERC7943CannotReceive(address account)', [stranger]),
    );
    expect(await transfer('R', enrolled, 5n, stranger)).toEqual(
      refusal('ERC7943CannotSend(address account)', [stranger]),
    );
    const held = await sandbox.balanceOf('R', payer.address);
    expect(await transfer('R', enrolled, held + 1n)).toEqual(
      refusal('ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)', [
        payer.address,
        held,
        held + 1n,
      ]),
    );
    expect(await wallet.attempt('R', second.address, 'transferFrom', [payer.address, enrolled, 1n])).toEqual(
      refusal('ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)', [
        second.address,
        0n,
        1n,
      ]),
    );
    await sandbox.pause('R');
    expect(await transfer('R', enrolled, 5n)).toEqual(refusal('EnforcedPause()'));
  });

  it('gives CMTAT codes and their words', async () => {
    const told = async (from: string, to: string, units: bigint) => {
      const code = await detect(from, to, units);
      return [code, await sandbox.read('R', 'messageForTransferRestriction', [code])];
    };
    const held = await sandbox.balanceOf('R', payer.address);
    expect(await told(payer.address, enrolled, held)).toEqual([0, 'No restriction']);
    expect(await told(payer.address, enrolled, held + 1n)).toEqual([
      6,
      "The amount exceeds the sender's active balance",
    ]);
    expect(await told(payer.address, frozen, 1n)).toEqual([4, 'The receiver is frozen']);
    expect(await told(frozen, payer.address, 1n)).toEqual([3, 'The sender is frozen']);
    expect(await told(stranger, enrolled, 1n)).toEqual([21, 'The sender is not on the allow-list']);
    expect(await told(payer.address, stranger, 1n)).toEqual([22, 'The receiver is not on the allow-list']);
    await sandbox.pause('R');
    expect(await told(payer.address, enrolled, 1n)).toEqual([2, 'All transfers are paused']);
  });

  it('holds part of a balance', async () => {
    const held = await sandbox.balanceOf('R', payer.address);
    await sandbox.setFrozenUnits('R', payer.address, held - 100n);
    expect(await sandbox.read('R', 'getFrozenTokens', [payer.address])).toBe(held - 100n);
    expect(await sandbox.read('R', 'getActiveBalanceOf', [payer.address])).toBe(100n);
    expect(await sandbox.balanceOf('R', payer.address)).toBe(held);
    expect(await transfer('R', enrolled, 100n)).toEqual(ACCEPTED);
    expect(await sandbox.read('R', 'canTransfer', [payer.address, enrolled, 101n])).toBe(false);
    expect(await detect(payer.address, enrolled, 101n)).toBe(6);
    expect(await transfer('R', enrolled, 101n)).toEqual(
      refusal('ERC7943InsufficientUnfrozenBalance(address account, uint256 amount, uint256 unfrozen)', [
        payer.address,
        101n,
        100n,
      ]),
    );
  });

  it('loosens the hold when the bank seizes what was held', async () => {
    const held = await sandbox.balanceOf('R', payer.address);
    await sandbox.setFrozenUnits('R', payer.address, held);
    await sandbox.forcedTransfer('R', payer.address, enrolled, 60n);
    expect(await sandbox.read('R', 'getFrozenTokens', [payer.address])).toBe(held - 60n);
  });

  it('tells who is on the list', async () => {
    expect(await sandbox.read('R', 'isAllowlistEnabled')).toBe(true);
    expect(await sandbox.read('R', 'isAllowlisted', [enrolled])).toBe(true);
    expect(await sandbox.read('R', 'isAllowlisted', [stranger])).toBe(false);
    expect(await sandbox.read('R', 'isFrozen', [frozen])).toBe(true);
    expect(await sandbox.read('R', 'canReceive', [frozen])).toBe(false);
  });
});
