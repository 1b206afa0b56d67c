/** A directory file as an online machine exports it for a signing machine: facts of a token, an account to watch. */
import type { DirectoryFile } from '../../src/shared/model/directory';
import { Address, CurrencyCode, Hash32, NetworkId } from '../../src/shared/model/ids';

export const OFFLINE_PASSPHRASE = 'correct horse battery staple lagoon 41';
/** Of no account that ever held anything. */
export const OFFLINE_PRIVATE_KEY = '4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318';
export const OFFLINE_KEY_ADDRESS = '0x2c7536E3605D9C16a7a3D7b1898e529396a65c23';
const WATCHED = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045';

/** `endpoints`: of servers that an online workspace would talk to at once. */
export const signingDirectory = (endpoints: string[]): DirectoryFile => ({
  format: 'nostro-directory',
  version: 1,
  networks: [
    {
      id: NetworkId.parse('eip155:424242'),
      name: 'Bank chain',
      endpoints,
      finality: { kind: 'depth', blocks: 3 },
      fees: 'eip1559',
      nativeCurrency: { symbol: 'ETH', decimals: 18 },
      startBlock: '0',
      isSandbox: false,
      verification: { state: 'own', sources: [], note: null },
    },
  ],
  tokens: [
    {
      networkId: NetworkId.parse('eip155:424242'),
      address: Address.parse('0x00000000000000000000000000000000000000AA'),
      currency: CurrencyCode.parse('EUR'),
      issuer: { name: 'Example Bank', bic: 'BANKDEFFXXX', memberId: null, lei: null, country: 'DE' },
      locked: false,
      lockReason: null,
      referenceSuffix: true,
      verification: { state: 'own', sources: [], note: null },
      approved: {
        probedAt: '2026-11-20T10:00:00.000Z',
        blockNumber: '1234567',
        blockHash: Hash32.parse(`0x${'11'.repeat(32)}`),
        codeHash: Hash32.parse(`0x${'22'.repeat(32)}`),
        implementation: null,
        implementationCodeHash: null,
        proxyKind: 'none',
        name: 'Example Euro Deposit',
        symbol: 'EXEUR',
        decimals: 2,
        currency: 'EUR',
        interfaces: ['allowlist', 'pause'],
      },
    },
  ],
  accounts: [
    {
      name: 'Operations',
      address: Address.parse(OFFLINE_KEY_ADDRESS),
      entity: { name: 'Example', lei: null },
      externalIds: [],
    },
    {
      name: 'Payroll',
      address: Address.parse(WATCHED),
      entity: { name: 'Example', lei: null },
      externalIds: [],
    },
  ],
  counterparties: [],
});
