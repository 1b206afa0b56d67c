import { describe, expect, it } from 'vitest';
import { classifyCall, classifySend, revertDataOf } from '../../../src/main/chain/rpc-errors';

const error = (message: string, code = -32000, data?: unknown) => ({ code, message, data });

/** Words of geth, Erigon, Nethermind, Besu, Reth, anvil and OP-stack nodes. */
const SENDS: [string, string][] = [
  ['already known', 'already-known'],
  ['AlreadyKnown', 'already-known'],
  ['ALREADY_EXISTS: already known', 'already-known'],
  ['Known transaction', 'already-known'],
  ['transaction already imported', 'already-known'],
  ['nonce too low', 'nonce-too-low'],
  ['nonce too low: next nonce 5, tx nonce 3', 'nonce-too-low'],
  ['Nonce too low', 'nonce-too-low'],
  ['OldNonce', 'nonce-too-low'],
  ['nonce too high', 'nonce-too-high'],
  ['Transaction nonce is too distant from current sender nonce', 'nonce-too-high'],
  ['replacement transaction underpriced', 'replacement-underpriced'],
  ['Replacement transaction underpriced', 'replacement-underpriced'],
  ['ReplacementNotAllowed', 'replacement-underpriced'],
  ['transaction underpriced', 'underpriced'],
  ['transaction underpriced: tip needed 1, tip permitted 0', 'underpriced'],
  ['max fee per gas less than block base fee: address 0x00, maxFeePerGas: 1, baseFee: 7', 'underpriced'],
  ['FeeTooLow, MaxFeePerGas too low', 'underpriced'],
  ['Gas price below configured minimum gas price', 'underpriced'],
  ['insufficient funds for gas * price + value: balance 0, tx cost 21000', 'insufficient-funds'],
  ['Insufficient funds for gas * price + value', 'insufficient-funds'],
  ['Upfront cost exceeds account balance', 'insufficient-funds'],
  ['InsufficientFunds, Account balance: 0, cumulative cost: 1', 'insufficient-funds'],
  ['intrinsic gas too low', 'gas-limit'],
  ['exceeds block gas limit', 'gas-limit'],
  ['invalid chain id for signer', 'wrong-chain'],
  ['only replay-protected (EIP-155) transactions allowed over RPC', 'wrong-chain'],
  ['something nobody has seen', 'refused'],
  ['', 'refused'],
];

describe('classifySend', () => {
  it.each(SENDS)('%s → %s', (message, outcome) => {
    expect(classifySend(error(message))).toBe(outcome);
  });
});

describe('classifyCall', () => {
  it('tells a refusal by the contract from a refusal by the node', () => {
    expect(classifyCall(error('execution reverted', 3, '0x08c379a0'))).toBe('revert');
    expect(classifyCall(error('execution reverted'))).toBe('revert');
    expect(classifyCall(error('VM Exception while processing transaction: revert'))).toBe('revert');
    expect(classifyCall(error('out of gas'))).toBe('halt');
    expect(classifyCall(error('invalid opcode: INVALID'))).toBe('halt');
    expect(classifyCall(error('insufficient funds for gas * price + value'))).toBe('insufficient-funds');
    expect(classifyCall(error('header not found'))).toBeNull();
    expect(classifyCall(error('missing trie node'))).toBeNull();
  });
});

describe('revertDataOf', () => {
  it('finds the data wherever a client puts it', () => {
    expect(revertDataOf(error('execution reverted', 3, '0x08C379A0'))).toBe('0x08c379a0');
    expect(revertDataOf(error('reverted', 3, '0x'))).toBe('0x');
    expect(revertDataOf(error('VM execution error.', -32015, 'Reverted 0x45bae9e2'))).toBe('0x45bae9e2');
    expect(revertDataOf(error('revert', -32000, { data: '0x45bae9e2' }))).toBe('0x45bae9e2');
    expect(revertDataOf(error('revert', -32000, { '0xab': { return: '0x45bae9e2' } }))).toBe('0x45bae9e2');
    for (const data of [undefined, null, 1, 'text', '0x1', {}, [], { data: 5 }])
      expect(revertDataOf(error('revert', -32000, data))).toBeNull();
  });
});
