/** A payment with everything its transaction is built from. */
import { getAddress } from 'viem';
import type { Plan } from '../../../src/main/payments/approval-content';
import type { ReferenceForm } from '../../../src/shared/evm/calldata';
import type { Network, OwnAccount, Token } from '../../../src/shared/model/directory';
import { type Address, Hash32, NetworkId, tokenIdOf } from '../../../src/shared/model/ids';

const CONTRACT = getAddress('0x7e0a7e0a7e0a7e0a7e0a7e0a7e0a7e0a7e0a7e0a') as Address;
const DEBTOR = getAddress('0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266') as Address;
const NETWORK = NetworkId.parse('eip155:914001');
const VERIFICATION = { state: 'own' as const, sources: [], note: null };

const network: Network = {
  id: NETWORK,
  name: 'Sandbox',
  endpoints: ['http://127.0.0.1:8545'],
  finality: { kind: 'depth', blocks: 1 },
  fees: 'eip1559',
  nativeCurrency: { symbol: 'SBX', decimals: 18 },
  startBlock: 0n,
  isSandbox: true,
  verification: VERIFICATION,
};
const account: OwnAccount = {
  id: 'acc_0123456789abcdef' as OwnAccount['id'],
  name: 'Main',
  kind: 'key',
  keyId: 'key_0123456789abcdef' as OwnAccount['keyId'],
  address: DEBTOR,
  entity: { name: 'Company', lei: null },
  externalIds: [],
};
const tokenWith = (form: ReferenceForm): Token => ({
  id: tokenIdOf(NETWORK, CONTRACT),
  networkId: NETWORK,
  address: CONTRACT,
  name: 'Token',
  symbol: 'TOK',
  currency: 'USD' as Token['currency'],
  decimals: 2,
  issuer: { name: 'Bank', bic: null, memberId: null, lei: null, country: null },
  state: 'active',
  lockReason: null,
  approved: {
    probedAt: '2026-11-23T00:00:00.000Z',
    blockNumber: 1n,
    blockHash: Hash32.parse(`0x${'11'.repeat(32)}`),
    codeHash: Hash32.parse(`0x${'22'.repeat(32)}`),
    implementation: null,
    implementationCodeHash: null,
    proxyKind: 'none',
    name: 'Token',
    symbol: 'TOK',
    decimals: 2,
    currency: null,
    interfaces: form === 'memo' ? ['memo'] : [],
  },
  observed: null,
  referenceSuffix: form === 'suffix',
  verification: VERIFICATION,
});

export const planOf = (
  index: number,
  change: Partial<Plan['payment']> = {},
  form: ReferenceForm = 'suffix',
): Plan => ({
  payment: {
    id: `pay_${index.toString(36).padStart(16, '0')}` as Plan['payment']['id'],
    batchId: 'bat_0123456789abcdef' as Plan['payment']['batchId'],
    index,
    status: 'PDNG',
    endToEndId: `E2E-${index}`,
    reference: 'K7Q2M9X4T1B8R6WZ',
    docHash: Hash32.parse(`0x${(index + 1).toString(16).padStart(64, '0')}`),
    debtorAccountId: account.id,
    debtorAddress: DEBTOR,
    debtorName: 'Company',
    tokenId: tokenIdOf(NETWORK, CONTRACT),
    currency: 'USD' as Plan['payment']['currency'],
    units: BigInt(1000 + index),
    decimals: 2,
    counterpartyId: null,
    creditorName: 'Supplier',
    creditorLei: null,
    creditorAccount: 'DE89370400440532013000',
    creditorAddress: getAddress(`0x${(index + 1).toString(16).padStart(40, 'c')}`) as Address,
    preflight: null,
    ...change,
  },
  token: tokenWith(form),
  network,
  account,
  nonce: BigInt(index),
  gas: 90_000n,
  fees: { type: 'eip1559', maxFeePerGas: 20n, maxPriorityFeePerGas: 1n },
  action: 'pay',
});
