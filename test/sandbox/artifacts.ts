/** Compiled contracts; the first use after a change of the sources compiles them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Abi, Hex } from 'viem';
import { buildContracts } from '../../scripts/build-contracts.mjs';

export type ContractName = 'DepositToken' | 'DepositTokenV2' | 'FalseReturningToken' | 'ERC1967Proxy';
export type Artifact = { readonly abi: Abi; readonly bytecode: Hex; readonly size: number };

const loaded = new Map<ContractName, Artifact>();

export const loadArtifact = (name: ContractName): Artifact => {
  const known = loaded.get(name);
  if (known) return known;
  const { artifactDir } = buildContracts();
  const artifact = JSON.parse(readFileSync(join(artifactDir, `${name}.json`), 'utf8')) as Artifact;
  loaded.set(name, artifact);
  return artifact;
};
