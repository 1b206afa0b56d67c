import fc from 'fast-check';
import { encodeAbiParameters, encodeErrorResult, parseAbi, toFunctionSelector } from 'viem';
import { describe, expect, it } from 'vitest';
import {
  decodeRefusal,
  decodeRestriction,
  escapeOutsideText,
  reasonOfRefusal,
} from '../../../src/shared/evm/refusals';
import type { Hex } from '../../../src/shared/model/ids';

const revertText = (text: string): Hex =>
  encodeErrorResult({ abi: parseAbi(['error Error(string)']), errorName: 'Error', args: [text] }) as Hex;

/** Signatures by which real tokens refuse; the selector is computed here, not copied. */
const ERRORS = [
  ['ERC7943CannotSend(address)', 'sender-not-allowed'],
  ['ERC7943CannotReceive(address)', 'receiver-not-allowed'],
  ['ERC7943CannotTransfer(address,address,uint256)', 'transfer-not-allowed'],
  ['ERC7943InsufficientUnfrozenBalance(address,uint256,uint256)', 'part-frozen'],
  ['ERC20InsufficientBalance(address,uint256,uint256)', 'balance-too-low'],
  ['InsufficientBalance(uint256,uint256)', 'balance-too-low'],
  ['InsufficientBalance(uint256,uint256,address)', 'balance-too-low'],
  ['InsufficientBalance(address,uint256,uint256)', 'balance-too-low'],
  ['ERC20InsufficientAllowance(address,uint256,uint256)', 'allowance-too-low'],
  ['InsufficientAllowance()', 'allowance-too-low'],
  ['InsufficientAllowance(address,uint256,uint256)', 'allowance-too-low'],
  ['EnforcedPause()', 'paused'],
  ['ContractPaused()', 'paused'],
  ['PolicyForbids()', 'policy-forbids'],
  ['PolicyForbids(bytes32,uint64)', 'policy-forbids'],
  ['Unauthorized(address)', 'address-frozen'],
  ['ERC20InvalidReceiver(address)', 'bad-receiver'],
  ['InvalidRecipient()', 'bad-receiver'],
] as const;

describe('revert data', () => {
  it.each(ERRORS)('%s means %s', (signature, kind) => {
    const data = `${toFunctionSelector(signature)}${'00'.repeat(96)}` as Hex;
    expect(decodeRefusal(data)).toEqual({ kind, text: null, data });
  });

  it.each(['0x13a57470', '0xba858f16', '0x24cd54e1', '0xfd8c4245'])('knows %s', (selector) => {
    expect(decodeRefusal(selector as Hex).kind).not.toBe('unknown');
  });

  it('reads the texts of FiatToken and older OpenZeppelin', () => {
    expect(decodeRefusal(revertText('Blacklistable: account is blacklisted')).kind).toBe('account-blocked');
    expect(decodeRefusal(revertText('Pausable: paused')).kind).toBe('paused');
    expect(decodeRefusal(revertText('ERC20: transfer amount exceeds balance')).kind).toBe('balance-too-low');
    expect(decodeRefusal(revertText('FiatTokenV2: authorization is expired'))).toMatchObject({
      kind: 'text',
      text: 'FiatTokenV2: authorization is expired',
    });
  });

  it('reads panics, silence and the unknown, keeping the data', () => {
    const panic = encodeErrorResult({
      abi: parseAbi(['error Panic(uint256)']),
      errorName: 'Panic',
      args: [0x11n],
    }) as Hex;
    expect(decodeRefusal(panic)).toMatchObject({ kind: 'panic', text: expect.stringContaining('0x11') });
    expect(decodeRefusal('0x' as Hex)).toEqual({ kind: 'empty', text: null, data: '0x' });
    expect(decodeRefusal('0xb6a90f3e' as Hex)).toEqual({ kind: 'unknown', text: null, data: '0xb6a90f3e' });
  });

  it('never fails and never keeps more than 2 KiB or 300 characters, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('', '08c379a0', '4e487b71', '45bae9e2'),
        fc.uint8Array({ maxLength: 6000 }),
        (selector, bytes) => {
          const refusal = decodeRefusal(`0x${selector}${Buffer.from(bytes).toString('hex')}` as Hex);
          expect((refusal.data ?? '').length).toBeLessThanOrEqual(2 + 4096);
          expect((refusal.text ?? '').length).toBeLessThanOrEqual(300);
        },
      ),
    );
  });

  it('shows any text literally: no control, direction or hidden character survives', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const { text: shown } = decodeRefusal(revertText(text));
        expect(shown ?? '').not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u);
      }),
    );
    expect(escapeOutsideText('pay \u202eevil\u202c now\n')).toBe('pay \\u{202e}evil\\u{202c} now\\u{a}');
  });

  it('believes no length or offset', () => {
    const huge = encodeAbiParameters([{ type: 'uint256' }, { type: 'uint256' }], [32n, 1n << 200n]).slice(2);
    expect(decodeRefusal(`0x08c379a0${huge}` as Hex)).toMatchObject({ kind: 'unknown', text: null });
  });
});

describe('ERC-1404 restrictions', () => {
  it('goes by the message, because numbers differ between versions', () => {
    expect(decodeRestriction(2, 'All transfers are paused').kind).toBe('paused');
    expect(decodeRestriction(2, 'The sender is frozen').kind).toBe('address-frozen');
    expect(decodeRestriction(22, 'The receiver is not on the allow-list').kind).toBe('receiver-not-allowed');
    expect(decodeRestriction(21, 'The sender is not on the allow-list').kind).toBe('sender-not-allowed');
    expect(decodeRestriction(36, 'The sender is on the block-list').kind).toBe('account-blocked');
    expect(decodeRestriction(6, "The amount exceeds the sender's active balance").kind).toBe('part-frozen');
    expect(decodeRestriction(99, null)).toMatchObject({
      kind: 'transfer-not-allowed',
      text: 'restriction code 99',
    });
  });
});

describe('ISO 20022 reasons', () => {
  it('names funds, blocked accounts, forbidden transfers', () => {
    const reason = (kind: Parameters<typeof reasonOfRefusal>[0]) => reasonOfRefusal(kind);
    const of = (kind: NonNullable<Parameters<typeof reason>[0]>['kind']) =>
      reason({ kind, text: null, data: null });
    expect([
      of('balance-too-low'),
      of('account-blocked'),
      of('paused'),
      of('bad-receiver'),
      reason(null),
    ]).toEqual(['AM04', 'AC06', 'AG01', 'AC01', 'MS03']);
  });
});
