import { domainSeparator, type Hex, padHex, parseSignature } from 'viem';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox, supplierKey, type TokenRef, treasuryKey } from '../../sandbox/index';
import { createWallet, eventsOf, refusal, type Wallet, words } from './wallet';

const payer = treasuryKey(0);
const relayer = treasuryKey(1);
const payee = supplierKey(0);
const NONCE = padHex('0xabc');
const FOREVER = 2n ** 40n;

const AUTHORIZATION = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'validAfter', type: 'uint256' },
  { name: 'validBefore', type: 'uint256' },
  { name: 'nonce', type: 'bytes32' },
] as const;
const TYPES = {
  TransferWithAuthorization: AUTHORIZATION,
  ReceiveWithAuthorization: AUTHORIZATION,
  CancelAuthorization: [
    { name: 'authorizer', type: 'address' },
    { name: 'nonce', type: 'bytes32' },
  ],
  Permit: [
    { name: 'owner', type: 'address' },
    { name: 'spender', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const;

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

const domainOf = (ref: TokenRef, version: string) => ({
  name: sandbox.token(ref).name,
  version,
  chainId: sandbox.chainId,
  verifyingContract: sandbox.token(ref).address,
});

const split = (signature: Hex): readonly unknown[] => {
  const { r, s, v } = parseSignature(signature);
  return [Number(v), r, s];
};

const authorize = async (
  primaryType: 'TransferWithAuthorization' | 'ReceiveWithAuthorization',
  change: { readonly validAfter?: bigint; readonly validBefore?: bigint } = {},
) => {
  const message = {
    from: payer.address,
    to: payee.address,
    value: 12n,
    validAfter: change.validAfter ?? 0n,
    validBefore: change.validBefore ?? FOREVER,
    nonce: NONCE,
  };
  const signature = await payer.signTypedData({
    domain: domainOf('F', '2'),
    types: TYPES,
    primaryType,
    message,
  });
  return { fields: Object.values(message) as readonly unknown[], signature };
};

// The argument list tells the two forms of this name apart.
const TRANSFER = 'transferWithAuthorization';

describe('domains', () => {
  it.each([
    ['F', '2'],
    ['T', '1'],
    ['R', '1'],
  ] as const)('profile %s separates by its name and version %s', async (ref, version) => {
    expect(await sandbox.read(ref, 'version')).toBe(version);
    const domain = domainOf(ref, version);
    expect(await sandbox.read(ref, 'DOMAIN_SEPARATOR')).toBe(domainSeparator({ domain }));
  });

  it('is told by ERC-5267 where the token has it', async () => {
    const { name, address } = sandbox.token('R');
    const chainId = BigInt(sandbox.chainId);
    expect(await sandbox.read('R', 'eip712Domain')).toEqual([
      '0x0f',
      name,
      '1',
      chainId,
      address,
      padHex('0x'),
      [],
    ]);
  });
});

describe('EIP-3009 on profile F', () => {
  it.each([
    ['v, r, s', split],
    ['bytes', (signature: Hex) => [signature]],
  ] as const)('moves money that the payer signed for, sent by another (%s)', async (_, spread) => {
    const { fields, signature } = await authorize('TransferWithAuthorization');
    const mined = await wallet.send('F', relayer, TRANSFER, [...fields, ...spread(signature)]);
    expect(eventsOf(mined)).toEqual([
      { name: 'AuthorizationUsed', args: { authorizer: payer.address, nonce: NONCE } },
      { name: 'Transfer', args: { from: payer.address, to: payee.address, value: 12n } },
    ]);
    expect(await sandbox.read('F', 'authorizationState', [payer.address, NONCE])).toBe(true);
    expect(await wallet.attempt('F', relayer.address, TRANSFER, [...fields, ...spread(signature)])).toEqual(
      words('FiatTokenV2: authorization is used or canceled'),
    );
  });

  it('refuses other hours and other signatures', async () => {
    const late = await authorize('TransferWithAuthorization', { validBefore: 1n });
    expect(await wallet.attempt('F', relayer.address, TRANSFER, [...late.fields, late.signature])).toEqual(
      words('FiatTokenV2: authorization is expired'),
    );
    const early = await authorize('TransferWithAuthorization', { validAfter: FOREVER - 1n });
    expect(await wallet.attempt('F', relayer.address, TRANSFER, [...early.fields, early.signature])).toEqual(
      words('FiatTokenV2: authorization is not yet valid'),
    );
    const wrong = await authorize('ReceiveWithAuthorization');
    expect(await wallet.attempt('F', relayer.address, TRANSFER, [...wrong.fields, wrong.signature])).toEqual(
      words('FiatTokenV2: invalid signature'),
    );
  });

  it('lets only the payee receive', async () => {
    const { fields, signature } = await authorize('ReceiveWithAuthorization');
    const args = [...fields, ...split(signature)];
    expect(await wallet.attempt('F', relayer.address, 'receiveWithAuthorization', args)).toEqual(
      words('FiatTokenV2: caller must be the payee'),
    );
    expect(await wallet.attempt('F', payee.address, 'receiveWithAuthorization', args)).toEqual({
      returned: '0x',
    });
  });

  it('forgets what the payer cancelled', async () => {
    const { fields, signature } = await authorize('TransferWithAuthorization');
    const message = { authorizer: payer.address, nonce: NONCE };
    const cancelled = await payer.signTypedData({
      domain: domainOf('F', '2'),
      types: TYPES,
      primaryType: 'CancelAuthorization',
      message,
    });
    const mined = await wallet.send('F', relayer, 'cancelAuthorization', [
      payer.address,
      NONCE,
      ...split(cancelled),
    ]);
    expect(eventsOf(mined).map((event) => event.name)).toEqual(['AuthorizationCanceled']);
    expect(await wallet.attempt('F', relayer.address, TRANSFER, [...fields, signature])).toEqual(
      words('FiatTokenV2: authorization is used or canceled'),
    );
  });

  it('still asks the block-list', async () => {
    await sandbox.setBlocked('F', payee.address, true);
    const { fields, signature } = await authorize('TransferWithAuthorization');
    expect(await wallet.attempt('F', relayer.address, TRANSFER, [...fields, signature])).toEqual(
      words('Blacklistable: account is blacklisted'),
    );
  });
});

describe('EIP-2612', () => {
  const permit = async (ref: TokenRef, version: string, deadline = FOREVER) => {
    const message = { owner: payer.address, spender: relayer.address, value: 9n, nonce: 0n, deadline };
    const signature = await payer.signTypedData({
      domain: domainOf(ref, version),
      types: TYPES,
      primaryType: 'Permit',
      message,
    });
    return [payer.address, relayer.address, 9n, deadline, ...split(signature)];
  };

  it.each([
    ['F', '2'],
    ['T', '1'],
    ['R', '1'],
  ] as const)('profile %s approves by signature', async (ref, version) => {
    await wallet.send(ref, relayer, 'permit', await permit(ref, version));
    expect(await sandbox.read(ref, 'allowance', [payer.address, relayer.address])).toBe(9n);
    expect(await sandbox.read(ref, 'nonces', [payer.address])).toBe(1n);
    await wallet.send(ref, relayer, 'transferFrom', [payer.address, payee.address, 9n]);
    expect(await sandbox.balanceOf(ref, payee.address)).toBe(9n);
  });

  it('refuses a signature past its deadline or for another version, each token in its own way', async () => {
    expect(await wallet.attempt('F', relayer.address, 'permit', await permit('F', '2', 1n))).toEqual(
      words('FiatTokenV2: permit is expired'),
    );
    expect(await wallet.attempt('F', relayer.address, 'permit', await permit('F', '1'))).toEqual(
      words('EIP2612: invalid signature'),
    );
    expect(await wallet.attempt('R', relayer.address, 'permit', await permit('R', '1', 1n))).toEqual(
      refusal('ERC2612ExpiredSignature(uint256 deadline)', [1n]),
    );
  });
});
