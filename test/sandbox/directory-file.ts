/** The sandbox as a file that the app's directory imports. */
import { DirectoryFile } from '../../src/shared/model/directory';
import type { SandboxDescription, SandboxToken } from './types';

const VERIFICATION = {
  state: 'own' as const,
  sources: ['Nostro sandbox'],
  note: 'Test money on a local chain; no bank stands behind it.',
};

export const tokenEntry = (caip2: string, token: SandboxToken) => ({
  networkId: caip2,
  address: token.address,
  currency: token.currency,
  issuer: {
    name: token.issuer.name,
    bic: token.issuer.bic,
    memberId: token.issuer.memberId,
    lei: token.issuer.lei,
    country: token.issuer.country === '' ? null : token.issuer.country,
  },
  locked: false,
  lockReason: null,
  referenceSuffix: true,
  verification: VERIFICATION,
});

/**
 * Directory file of the sandbox: its network, tokens, own accounts and suppliers.
 * @param asOf date that the enrolments carry, `YYYY-MM-DD`
 */
export const makeDirectoryFile = (description: SandboxDescription, asOf: string): DirectoryFile => {
  const tokenId = (token: SandboxToken): string =>
    `${description.caip2}/erc20:${token.address.toLowerCase()}`;
  return DirectoryFile.parse({
    format: 'nostro-directory',
    version: 1,
    networks: [
      {
        id: description.caip2,
        name: 'Sandbox',
        endpoints: [description.rpcUrl],
        finality: { kind: 'tag', tag: description.finality.tag },
        fees: 'eip1559',
        nativeCurrency: { symbol: 'SBX', decimals: 18 },
        startBlock: '0',
        isSandbox: true,
        verification: VERIFICATION,
      },
    ],
    tokens: description.tokens.map((token) => tokenEntry(description.caip2, token)),
    accounts: description.treasury.accounts.map((account) => ({
      name: account.name,
      address: account.address,
      entity: { name: description.company.name, lei: description.company.lei },
      externalIds: account.externalIds,
    })),
    counterparties: description.suppliers.map((supplier) => ({
      name: supplier.name,
      lei: supplier.lei,
      bic: supplier.bic,
      address: supplier.postalAddress,
      accounts: [
        {
          address: supplier.address,
          externalIds: [supplier.externalId],
          enrolments: description.tokens.map((token) => ({
            tokenId: tokenId(token),
            // A frozen or blocked holder was enrolled all the same: only the chain tells that it no longer may receive.
            state: supplier.standing[token.profile] === 'not-enrolled' ? 'not-enrolled' : 'enrolled',
            asOf,
          })),
        },
      ],
      note: null,
    })),
  });
};
