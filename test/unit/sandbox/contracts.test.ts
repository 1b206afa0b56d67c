import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toFunctionSelector } from 'viem';
import { describe, expect, it } from 'vitest';
import { buildContracts } from '../../../scripts/build-contracts.mjs';
import { loadArtifact } from '../../sandbox/artifacts';

const NAMES = ['DepositToken', 'DepositTokenV2', 'FalseReturningToken', 'ERC1967Proxy'] as const;

describe('compiled contracts', () => {
  it('are compiled once for the same sources, and to the same bytes again', () => {
    const { artifactDir } = buildContracts();
    const read = () => NAMES.map((name) => readFileSync(join(artifactDir, `${name}.json`), 'utf8'));
    const before = read();
    expect(buildContracts().compiled).toBe(false);
    expect(buildContracts({ force: true }).compiled).toBe(true);
    expect(read()).toEqual(before);
  });

  it.each(NAMES)('%s fits a real chain', (name) => {
    const { size, bytecode } = loadArtifact(name);
    expect(size).toBeGreaterThan(0);
    expect(size).toBeLessThanOrEqual(24_576);
    expect(bytecode).toMatch(/^0x([0-9a-f]{2})+$/);
  });

  it('have the selectors that real tokens have', () => {
    const { abi } = loadArtifact('DepositToken');
    const selectors = new Set(
      abi.flatMap((entry) => (entry.type === 'function' ? [toFunctionSelector(entry)] : [])),
    );
    const published = [
      '0xa9059cbb', // transfer
      '0x95777d59', // transferWithMemo
      '0x929c2539', // transferFromWithMemo
      '0xe46638e6', // canTransfer
      '0x2bc06a92', // canSend
      '0x90d370ba', // canReceive
      '0x158b1a57', // getFrozenTokens
      '0xd4ce1415', // detectTransferRestriction
      '0x7f4ab1dd', // messageForTransferRestriction
      '0xfe575a87', // isBlacklisted
      '0x5c975abb', // paused
      '0xe3ee160e', // transferWithAuthorization (v, r, s)
      '0xcf092995', // transferWithAuthorization (bytes)
      '0xef55bec6', // receiveWithAuthorization
      '0xe94a0102', // authorizationState
      '0xd505accf', // permit
      '0x84b0196e', // eip712Domain
      '0x3644e515', // DOMAIN_SEPARATOR
    ] as const;
    for (const selector of published) expect(selectors).toContain(selector);
  });
});
