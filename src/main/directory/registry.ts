import { z } from 'zod';
import registryJson from '../../../assets/registry.json' with { type: 'json' };
import { DirectoryFile, type Network, type Token } from '../../shared/model/directory';
import { Address, tokenIdOf } from '../../shared/model/ids';
import { checksummed } from './address';

const RegistryFile = z.strictObject({
  networks: DirectoryFile.shape.networks,
  tokens: z.array(
    DirectoryFile.shape.tokens.element.extend({
      name: z.string(),
      symbol: z.string(),
      /** What was read from the contract when the entry was written; the chain must agree before it is used. */
      recorded: z.strictObject({ decimals: z.number().int(), implementation: Address.nullable() }),
    }),
  ),
});

const registry = RegistryFile.parse(registryJson);

/** Networks that ship with the product. */
export const registryNetworks = (): readonly Network[] =>
  registry.networks.map((network) => ({ ...network, startBlock: BigInt(network.startBlock) }));

/** Tokens that ship with the product: listed, never usable before the chain was asked and a person agreed. */
export const registryTokens = (): readonly Token[] =>
  registry.tokens.map((entry) => ({
    id: tokenIdOf(entry.networkId, entry.address),
    networkId: entry.networkId,
    address: checksummed(entry.address),
    name: entry.name,
    symbol: entry.symbol,
    currency: entry.currency,
    decimals: entry.recorded.decimals,
    issuer: entry.issuer,
    state: entry.locked ? 'locked' : 'unprobed',
    lockReason: entry.lockReason,
    approved: null,
    observed: null,
    referenceSuffix: entry.referenceSuffix,
    verification: entry.verification,
  }));

/** The implementation recorded for a shipped token, `undefined` where nothing was recorded. */
export const recordedImplementation = (tokenId: string): Address | undefined => {
  const entry = registry.tokens.find((token) => tokenIdOf(token.networkId, token.address) === tokenId);
  return entry?.recorded.implementation == null ? undefined : checksummed(entry.recorded.implementation);
};

/** Tickers of shipped tokens: another contract that uses one is a look-alike (bank tickers are faked). */
export const registryTickers = (): ReadonlyMap<string, string> =>
  new Map(
    registry.tokens.map((token) => [token.symbol.toLowerCase(), tokenIdOf(token.networkId, token.address)]),
  );
