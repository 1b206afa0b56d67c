/**
 * A made-up treasury for looking at the renderer: five currencies, every state. All names, codes and addresses are
 * fictitious; everything is derived from fixed seeds, so pictures stay comparable.
 */
import type {
  AppSnapshot,
  CurrencyPosition,
  Entry,
  Holding,
  KeyInfo,
  Settings,
} from '../../../src/shared/contract';
import type {
  Counterparty,
  Network,
  OwnAccount,
  Token,
  TokenProbe,
} from '../../../src/shared/model/directory';
import type { Batch, Payment, PaymentStatus } from '../../../src/shared/model/payments';

const hex = (seed: number, length: number): string => {
  let state = (seed * 2654435761) >>> 0 || 1;
  let text = '';
  while (text.length < length) {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    text += state.toString(16).padStart(8, '0');
  }
  return text.slice(0, length);
};

/** The fakes pass through the contract's own schemas; brands are given there. */
export const address = (seed: number) => `0x${hex(seed, 40)}` as Token['address'];
export const hash = (seed: number) => `0x${hex(seed, 64)}` as TokenProbe['blockHash'];
const localId = (prefix: string, n: number): string =>
  `${prefix}_${String(n).padStart(4, '0')}${hex(n + 7, 12)}`;

/** Fixed "now" of the pictures. */
export const NOW = Date.parse('2026-11-23T09:30:00Z');
export const instant = (minutesAgo: number): string => new Date(NOW - minutesAgo * 60_000).toISOString();

export const SANDBOX = 'eip155:31337' as Network['id'];
const BASE = 'eip155:8453' as Network['id'];
const CONFLUX = 'eip155:1030' as Network['id'];

export const networks: Network[] = [
  {
    id: SANDBOX,
    name: 'Nostro Sandbox',
    endpoints: ['http://127.0.0.1:8545'],
    finality: { kind: 'depth', blocks: 3 },
    fees: 'eip1559',
    nativeCurrency: { symbol: 'ETH', decimals: 18 },
    startBlock: 0n,
    isSandbox: true,
    verification: { state: 'own', sources: [], note: 'Local chain for trying things out.' },
  },
  {
    id: BASE,
    name: 'Base',
    endpoints: ['https://mainnet.base.org'],
    finality: { kind: 'tag', tag: 'finalized' },
    fees: 'eip1559',
    nativeCurrency: { symbol: 'ETH', decimals: 18 },
    startBlock: 38_000_000n,
    isSandbox: false,
    verification: { state: 'verified', sources: ['https://docs.base.org'], note: null },
  },
  {
    id: CONFLUX,
    name: 'Conflux eSpace',
    endpoints: ['https://evm.confluxrpc.com'],
    finality: { kind: 'tag', tag: 'finalized' },
    fees: 'eip1559',
    nativeCurrency: { symbol: 'CFX', decimals: 18 },
    startBlock: 120_000_000n,
    isSandbox: false,
    verification: { state: 'recorded', sources: ['https://doc.confluxnetwork.org'], note: null },
  },
];

const probe = (
  seed: number,
  name: string,
  symbol: string,
  decimals: number,
  interfaces: TokenProbe['interfaces'],
): TokenProbe => ({
  probedAt: instant(1440 * 3),
  blockNumber: 1204n,
  blockHash: hash(seed),
  codeHash: hash(seed + 1),
  implementation: address(seed + 2),
  implementationCodeHash: hash(seed + 3),
  proxyKind: 'erc1967',
  name,
  symbol,
  decimals,
  currency: null,
  interfaces,
});

type TokenSeed = [
  n: number,
  name: string,
  symbol: string,
  currency: string,
  decimals: number,
  bank: string,
  bic: string,
  lei: string,
  country: string,
  interfaces: TokenProbe['interfaces'],
];
const TOKEN_SEEDS: TokenSeed[] = [
  [
    1,
    'Jameson Deposit USD',
    'JDUSD',
    'USD',
    2,
    'Jameson Trust Bank',
    'JMSNUS00XXX',
    '5493000JAMESON00US01',
    'US',
    ['allowlist', 'pause'],
  ],
  [
    2,
    'Fenghe Offshore Yuan',
    'FCNH',
    'CNH',
    6,
    'Fenghe Bank (Hong Kong)',
    'FNGHHK00XXX',
    '5493000FENGHE000HK02',
    'HK',
    ['blacklist', 'eip3009', 'eip2612'],
  ],
  [
    3,
    'Sankt Veit Giralgeld',
    'SVEUR',
    'EUR',
    18,
    'Sankt Veit Bank',
    'SVBKDE00XXX',
    '5493000SVEIT0000DE03',
    'DE',
    ['freeze', 'redemption'],
  ],
  [
    4,
    'Taiping Deposit HKD',
    'TPHKD',
    'HKD',
    6,
    'Taiping Commercial Bank',
    'TPCBHK00XXX',
    '5493000TAIPING0HK04X',
    'HK',
    ['memo', 'pause'],
  ],
  [
    5,
    'Raffles Bay Deposit SGD',
    'RBSGD',
    'SGD',
    2,
    'Raffles Bay Bank',
    'RFBBSG00XXX',
    '5493000RAFFLES0SG05X',
    'SG',
    ['erc7943', 'erc1404', 'freeze'],
  ],
];

const tokenId = (network: string, contract: string) => `${network}/erc20:${contract}` as Token['id'];

export const tokens: Token[] = TOKEN_SEEDS.map(
  ([n, name, symbol, currency, decimals, bank, bic, lei, country, interfaces]) => ({
    id: tokenId(SANDBOX, address(n * 100)),
    networkId: SANDBOX,
    address: address(n * 100),
    name,
    symbol,
    currency: currency as Token['currency'],
    decimals,
    issuer: { name: bank, bic, memberId: null, lei, country },
    state: n === 4 ? 'changed' : 'active',
    lockReason: null,
    approved: probe(n * 100, name, symbol, decimals, interfaces),
    observed:
      n === 4
        ? {
            ...probe(n * 100, name, symbol, decimals, [...interfaces, 'freeze']),
            implementation: address(990),
            implementationCodeHash: hash(991),
            probedAt: instant(20),
            blockNumber: 1377n,
          }
        : null,
    referenceSuffix: n !== 4,
    verification: { state: 'own', sources: [], note: null },
  }),
);
tokens.push(
  {
    ...(tokens[0] as Token),
    id: tokenId(BASE, address(700)),
    networkId: BASE,
    address: address(700),
    name: 'JPM Deposit Token',
    symbol: 'JPMD',
    issuer: {
      name: 'JPMorgan Chase Bank, N.A.',
      bic: 'CHASUS33XXX',
      memberId: null,
      lei: '7H6GLXDRUGQFU57RNE97',
      country: 'US',
    },
    state: 'unprobed',
    approved: null,
    referenceSuffix: false,
    verification: {
      state: 'recorded',
      sources: ['https://www.jpmorgan.com/kinexys'],
      note: 'Address taken from the block explorer; not confirmed by the bank.',
    },
  },
  {
    ...(tokens[1] as Token),
    id: tokenId(CONFLUX, address(800)),
    networkId: CONFLUX,
    address: address(800),
    name: 'AnchorX Offshore Yuan',
    symbol: 'AxCNH',
    issuer: { name: 'AnchorX', bic: null, memberId: null, lei: null, country: 'KZ' },
    state: 'locked',
    lockReason:
      'P7: tokens in offshore yuan that are not deposits of a licensed bank are locked until the compliance officer releases them.',
    approved: null,
    referenceSuffix: false,
    verification: { state: 'unverified', sources: [], note: null },
  },
);

export const accounts: OwnAccount[] = [
  {
    id: localId('acc', 1) as OwnAccount['id'],
    name: 'Main treasury',
    kind: 'key',
    keyId: localId('key', 1) as OwnAccount['keyId'],
    address: address(11),
    entity: { name: 'Meridian Marketplace Ltd', lei: '984500MERIDIAN000K01' },
    externalIds: [
      { kind: 'iban', value: 'DE89370400440532013000' },
      { kind: 'other', value: '0044-7781-02' },
    ],
  },
  {
    id: localId('acc', 2) as OwnAccount['id'],
    name: 'Asia operations',
    kind: 'key',
    keyId: localId('key', 2) as OwnAccount['keyId'],
    address: address(12),
    entity: { name: 'Meridian Asia Pte Ltd', lei: null },
    externalIds: [],
  },
];
export const keys: KeyInfo[] = accounts.map((account, index) => ({
  keyId: localId('key', index + 1) as KeyInfo['keyId'],
  kind: 'hd',
  path: `m/44'/60'/0'/0/${index}`,
  address: account.address,
  createdAt: instant(1440 * 30),
}));
/** The same accounts on a machine that has no key of theirs. */
export const watchedAccounts: OwnAccount[] = accounts.map((account) => ({ ...account, keyId: null }));

const NAMES = [
  'Alpenrose Textil GmbH',
  'Bayou Freight Systems LLC',
  'Cinnamon Trail Exports Pvt Ltd',
  'Dongguan Lumen Optics Co Ltd',
  'Estrella Cerámica S.L.',
  'Fjordlaks Sjømat AS',
  'Golden Loom Garments Ltd',
  'Harbour Pulse Logistics Ltd',
  'Ito Seimitsu K.K.',
  'Jade Valley Tea Co Ltd',
  'Kestrel Instruments plc',
  'Lotus Bay Packaging Sdn Bhd',
  'Minh An Furniture JSC',
  'Nordlys Papir ApS',
  'Oriel Components GmbH & Co. KG',
  'Pearl Delta Electronics Ltd',
  'Quinta do Vale Vinhos Lda',
  'Rosewater Cosmetics SARL',
  'Shenzhen Brightway Plastics Co Ltd',
  'Tamarind Spice Traders Ltd',
  'Ural Precision Bearings',
  'Vega Solar Equipment S.A.',
  'Westmere Timber Ltd',
  'Xiamen Harvest Foods Co Ltd',
  'Yarra Wool Merchants Pty Ltd',
  'Zephyr Aviation Parts Inc',
];
const COUNTRIES = [
  'DE',
  'US',
  'IN',
  'CN',
  'ES',
  'NO',
  'BD',
  'GB',
  'JP',
  'TW',
  'GB',
  'MY',
  'VN',
  'DK',
  'DE',
  'HK',
  'PT',
  'FR',
  'CN',
  'LK',
  'TR',
  'ES',
  'GB',
  'CN',
  'AU',
  'US',
];

export const counterparties: Counterparty[] = NAMES.map((name, index) => ({
  id: localId('cpy', index + 1) as Counterparty['id'],
  name,
  lei: index % 4 === 1 ? null : `9845${hex(index + 900, 14).toUpperCase()}${String(10 + (index % 80))}`,
  bic: index % 3 === 0 ? null : 'SVBKDE00XXX',
  address: {
    street: 'Hafenstrasse',
    building: String(index + 1),
    postCode: `${20_000 + index * 37}`,
    town: 'Hamburg',
    country: COUNTRIES[index] ?? 'DE',
  },
  accounts: [
    {
      address: address(2000 + index),
      externalIds:
        index % 2 === 0
          ? [{ kind: 'iban', value: `DE${String(10 + index)}3704004405320${String(13_000 + index)}` }]
          : [],
      enrolments: tokens.slice(0, (index % 5) + 1).map((token) => ({
        tokenId: token.id,
        state: index % 9 === 4 ? 'not-enrolled' : 'enrolled',
        asOf: '2026-11-20',
      })),
    },
  ],
  note: null,
  updatedAt: instant(1440 * (index + 1)),
}));

export const snapshot: AppSnapshot = {
  revision: 1,
  productVersion: '0.1.0',
  runtime: 'Electron 45.4.1',
  isTestRuntime: false,
  isStoreAuthenticated: true,
  workspaceName: 'Meridian Marketplace',
  mode: 'online',
  lock: 'unlocked',
  networks: [
    {
      networkId: SANDBOX,
      name: 'Nostro Sandbox',
      state: 'online',
      headBlock: 1382n,
      asOf: instant(0.1),
      isSandbox: true,
    },
    {
      networkId: BASE,
      name: 'Base',
      state: 'online',
      headBlock: 38_441_207n,
      asOf: instant(0.3),
      isSandbox: false,
    },
    {
      networkId: CONFLUX,
      name: 'Conflux eSpace',
      state: 'offline',
      headBlock: 121_004_511n,
      asOf: instant(48),
      isSandbox: false,
    },
  ],
  platform: 'linux',
  sandboxAvailable: true,
};

export const settings: Settings = {
  theme: 'light',
  locale: 'en-GB',
  density: 'normal',
  reportingCurrency: 'EUR' as Settings['reportingCurrency'],
  workspaceName: 'Meridian Marketplace',
  idleLockMinutes: 10,
  lockOnSuspend: true,
  lockOnScreenLock: true,
  maxFileMebibytes: 64,
};

/** Units for an amount in cents, at a token's decimals. */
const atDecimals = (cents: number, decimals: number): bigint => BigInt(cents) * 10n ** BigInt(decimals - 2);

const BALANCES = [1_284_310_550, 964_500_075, 382_119_940, 2_750_000_000, 118_040_025];

export const holdings: Holding[] = tokens.slice(0, 5).flatMap((token, index) =>
  accounts.map((account, place) => {
    const cents = Math.round((BALANCES[index] ?? 0) * (place === 0 ? 0.8 : 0.2));
    const balance = atDecimals(cents, token.decimals);
    const pendingOut = place === 0 ? atDecimals(Math.round(cents * 0.03), token.decimals) : 0n;
    const frozen = index === 2 && place === 0 ? atDecimals(5_000_000, token.decimals) : 0n;
    return {
      accountId: account.id,
      accountName: account.name,
      tokenId: token.id,
      tokenName: token.name,
      symbol: token.symbol,
      issuerName: token.issuer.name,
      networkId: SANDBOX,
      networkName: 'Nostro Sandbox',
      currency: token.currency,
      decimals: token.decimals,
      balance,
      available: balance - pendingOut - frozen,
      pendingOut,
      frozen: index === 1 ? null : frozen,
      asOfBlock: 1382n,
      asOf: instant(0.1),
      isReconciled: true,
    };
  }),
);

const RATES: Record<string, number> = { USD: 9_212, CNH: 1_283, EUR: 10_000, HKD: 1_184, SGD: 6_841 };
export const currencies: CurrencyPosition[] = tokens.slice(0, 5).map((token) => {
  const own = holdings.filter((holding) => holding.tokenId === token.id);
  const sum = (pick: (holding: Holding) => bigint) => ({
    units: own.reduce((total, holding) => total + pick(holding), 0n),
    decimals: token.decimals,
  });
  const balance = sum((holding) => holding.balance);
  return {
    currency: token.currency,
    balance,
    available: sum((holding) => holding.available),
    pendingOut: sum((holding) => holding.pendingOut),
    frozen: sum((holding) => holding.frozen ?? 0n),
    value: {
      units:
        (balance.units * BigInt(RATES[token.currency] ?? 0)) / 10_000n / 10n ** BigInt(token.decimals - 2),
      decimals: 2,
    },
  };
});

const LIFE: PaymentStatus[] = ['PDNG', 'ACSP', 'ACSC', 'RJCT', 'ACTC'];

const payment = (batch: number, index: number, status: PaymentStatus): Payment => {
  const token = tokens[(batch + index) % 5] as Token;
  const party = counterparties[(batch * 7 + index) % counterparties.length] as Counterparty;
  const account = accounts[0] as OwnAccount;
  const isSent = status === 'ACSP' || status === 'ACSC';
  const seed = batch * 10_000 + index;
  return {
    id: localId('pay', seed) as Payment['id'],
    batchId: localId('bat', batch) as Payment['batchId'],
    index,
    line: 40 + index * 31,
    status,
    reason: status === 'RJCT' ? { code: 'AG01', text: 'The bank has not enrolled the receiver.' } : null,
    endToEndId: `INV-2026-${String(40_000 + seed)}`,
    instructionId: null,
    uetr: null,
    reference: hex(seed, 16).toUpperCase(),
    requestedDate: '2026-11-23',
    debtorAccountId: account.id,
    debtorAddress: account.address,
    debtorName: account.entity.name,
    tokenId: token.id,
    currency: token.currency,
    units: atDecimals(((seed * 7919) % 48_000_000) + 12_550, token.decimals),
    decimals: token.decimals,
    counterpartyId: party.id,
    creditorName: party.name,
    creditorLei: party.lei,
    creditorCountry: party.address.country,
    creditorAccount: party.accounts[0]?.externalIds[0]?.value ?? (party.accounts[0]?.address as string),
    creditorAddress: (party.accounts[0]?.address ?? address(1)) as Payment['creditorAddress'],
    purposeCode: 'SUPP',
    remittance: `Invoice ${40_000 + seed}`,
    preflight:
      status === 'RCVD'
        ? null
        : {
            state: index % 17 === 3 ? 'refused' : index % 23 === 5 ? 'unknown' : 'ok',
            checkedAt: instant(12),
            blockNumber: 1380n,
            checks: [
              { check: 'token-unchanged', result: 'pass', detail: null },
              { check: 'receiver-allowed', result: index % 17 === 3 ? 'fail' : 'pass', detail: null },
              { check: 'balance', result: 'pass', detail: null },
              {
                check: 'simulation',
                result: index % 17 === 3 ? 'fail' : index % 23 === 5 ? 'no-answer' : 'pass',
                detail: null,
              },
            ],
            refusal:
              index % 17 === 3
                ? { kind: 'receiver-not-allowed', text: null, data: '0x08c379a0' as never }
                : null,
            gas: 81_000n,
          },
    settlement: isSent
      ? {
          stage:
            status === 'ACSC'
              ? 'final'
              : ((['sent', 'included', 'stuck', 'signed'] as const)[index % 4] ?? 'sent'),
          transactionHash: hash(seed),
          nonce: BigInt(index),
          blockNumber: status === 'ACSC' ? 1290n : null,
          blockHash: status === 'ACSC' ? hash(1290) : null,
          sentAt: instant(9),
          includedAt: status === 'ACSC' ? instant(8) : null,
          finalAt: status === 'ACSC' ? instant(7) : null,
          fee: 121_500_000_000_000n,
          feeIsFinal: status === 'ACSC',
          refusal: null,
          replacements: [],
        }
      : null,
    updatedAt: instant(8),
  };
};

export const WORDS = [
  'harbor',
  'violin',
  'cactus',
  'orbit',
  'maple',
  'tunnel',
  'ribbon',
  'glacier',
  'pepper',
  'lantern',
  'saddle',
  'meadow',
];

const COUNTS = [128, 24, 60, 9, 32];
export const payments: Payment[] = COUNTS.flatMap((count, batch) =>
  Array.from({ length: count }, (_, index) =>
    payment(batch + 1, index, batch === 1 && index % 8 === 3 ? 'ACSC' : (LIFE[batch] ?? 'ACTC')),
  ),
);

export const batches: Batch[] = COUNTS.map((count, place) => {
  const id = localId('bat', place + 1) as Batch['id'];
  const own = payments.filter((each) => each.batchId === id);
  const byStatus: Partial<Record<PaymentStatus, number>> = {};
  for (const each of own) byStatus[each.status] = (byStatus[each.status] ?? 0) + 1;
  const byPreflight = (state: string): number => own.filter((each) => each.preflight?.state === state).length;
  return {
    id,
    source: {
      kind: 'pain.001',
      format: 'pain.001.001.09',
      fileName: `payrun-2026-11-${23 - place}.xml`,
      sha256: hex(place + 5, 64) as never,
      sizeBytes: 48_120 + place * 9000,
      messageId: `PAYRUN-2026-11-${23 - place}`,
    },
    status: LIFE[place] ?? 'ACTC',
    createdAt: instant(30 + place * 1440),
    updatedAt: instant(8 + place * 1440),
    count,
    sums: tokens.slice(0, 5).flatMap((token) => {
      const same = own.filter((each) => each.tokenId === token.id);
      return same.length === 0
        ? []
        : [
            {
              currency: token.currency,
              count: same.length,
              sum: { units: same.reduce((sum, each) => sum + each.units, 0n), decimals: token.decimals },
            },
          ];
    }),
    byStatus,
    preflight: {
      ok: byPreflight('ok'),
      refused: byPreflight('refused'),
      unknown: byPreflight('unknown'),
      missing: own.filter((each) => each.preflight === null).length,
    },
    releasedHolds: [],
    droppedLines: place === 3 ? 2 : 0,
    approval: place === 1 || place === 2 ? { digest: hash(77), words: WORDS, approvedAt: instant(10) } : null,
  };
});

export const ENTRY_COUNT = 4200;
export const entryAt = (index: number): Entry => {
  const token = tokens[index % 5] as Token;
  const party = counterparties[(index * 11) % counterparties.length] as Counterparty;
  const isIn = index % 6 === 0;
  return {
    id: `${SANDBOX}:${1380 - (index % 1300)}:${index % 7}:${index}`,
    tokenId: token.id,
    accountId: (accounts[index % 2] as OwnAccount).id,
    direction: isIn ? 'in' : 'out',
    units: atDecimals(((index * 104_729) % 90_000_000) + 10_000, token.decimals),
    decimals: token.decimals,
    currency: token.currency,
    counterAddress: (party.accounts[0]?.address ?? address(1)) as Entry['counterAddress'],
    counterName: index % 13 === 7 ? null : party.name,
    kind: index % 31 === 0 ? 'issue' : 'transfer',
    blockNumber: BigInt(1380 - (index % 1300)),
    blockHash: hash(index),
    blockTime: instant(index * 37),
    transactionHash: hash(index + 50_000),
    logIndex: index % 7,
    reference: index % 3 === 0 ? hex(index, 16).toUpperCase() : null,
    paymentId: null,
    endToEndId: index % 3 === 0 ? `INV-2026-${40_000 + index}` : null,
    isFinal: index > 3,
    balanceAfter: atDecimals(1_000_000_000 - index * 1000, token.decimals),
  };
};
