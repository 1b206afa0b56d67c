/** A company with three tokens, an account and suppliers, on a real store; files come from memory. */

import { getAddress } from 'viem';
import { createDirectory } from '../../../src/main/directory';
import type { FileReader, ParseOptions, ParseOutput } from '../../../src/main/iso20022';
import { writeCsv, writePain002 } from '../../../src/main/iso20022';
import type { DriverName } from '../../../src/main/ledger/driver';
import { createDirectoryStore } from '../../../src/main/ledger/stores/directory-store';
import { createPaymentsStore } from '../../../src/main/ledger/stores/payments-store';
import { createPayments } from '../../../src/main/payments';
import { createNewId } from '../../../src/main/platform/ids';
import type { AppEvent } from '../../../src/shared/contract';
import { AppError } from '../../../src/shared/errors';
import type { Counterparty, Network, Token } from '../../../src/shared/model/directory';
import {
  AccountId,
  Address,
  CounterpartyId,
  CurrencyCode,
  FileId,
  Hash32,
  KeyId,
  NetworkId,
  tokenIdOf,
} from '../../../src/shared/model/ids';
import type { Issue, RawPayment } from '../../../src/shared/model/payment-file';
import { addDecimals, type Decimal, ZERO } from '../../../src/shared/money';
import { openTestStore } from '../../support/open-store';
import { remoteOf } from '../../support/remote';

export const NETWORK_ID = NetworkId.parse('eip155:31337');
const hash = Hash32.parse(`0x${'ab'.repeat(32)}`);
export const addressOf = (seed: number): Address =>
  Address.parse(
    getAddress(`0x${(0x1000n + BigInt(seed) * 0x9e3779b97f4a7c15n).toString(16).padStart(40, '7')}`),
  );

export const NETWORK: Network = {
  id: NETWORK_ID,
  name: 'Testnet',
  endpoints: ['http://127.0.0.1:1'],
  finality: { kind: 'tag', tag: 'finalized' },
  fees: 'eip1559',
  nativeCurrency: { symbol: 'ETH', decimals: 18 },
  startBlock: 0n,
  isSandbox: true,
  verification: { state: 'own', sources: [], note: null },
};

export const makeToken = (
  seed: number,
  currency: string,
  decimals: number,
  bic: string,
  change: Partial<Token> = {},
): Token => {
  const address = addressOf(seed);
  return {
    id: tokenIdOf(NETWORK_ID, address),
    networkId: NETWORK_ID,
    address,
    name: `Bank ${seed} ${currency}`,
    symbol: `${currency}${seed}`,
    currency: CurrencyCode.parse(currency),
    decimals,
    issuer: { name: `Bank ${seed}`, bic, memberId: null, lei: null, country: 'DE' },
    state: 'active',
    lockReason: null,
    approved: {
      probedAt: '2026-11-01T00:00:00Z',
      blockNumber: 1n,
      blockHash: hash,
      codeHash: hash,
      implementation: null,
      implementationCodeHash: null,
      proxyKind: 'none',
      name: `Bank ${seed} ${currency}`,
      symbol: `${currency}${seed}`,
      decimals,
      currency,
      interfaces: [],
    },
    observed: null,
    referenceSuffix: true,
    verification: { state: 'own', sources: [], note: null },
    ...change,
  };
};

export const makeIban = (country: string, bban: string): string => {
  const digits = (text: string) => text.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  const check = 98n - (BigInt(digits(`${bban}${country}00`)) % 97n);
  return `${country}${check.toString().padStart(2, '0')}${bban}`;
};
export const OWN_IBAN = makeIban('DE', '370400440532013000');
export const supplierIban = (index: number): string =>
  makeIban('DE', `50010517${String(index).padStart(10, '0')}`);

export const OWN_ACCOUNT_ID = AccountId.parse('acc_0000000001');
export const OWN_ADDRESS = addressOf(900);

export type FakeFile = {
  payments: RawPayment[];
  issues?: Issue[];
  messageId?: string | null;
  sha256?: string;
  isComplete?: boolean;
};

export const makeRaw = (index: number, change: Partial<RawPayment> = {}): RawPayment => ({
  index,
  line: 10 + index * 5,
  path: `PmtInf[1]/CdtTrfTxInf[${index + 1}]`,
  paymentInfoId: 'PMT-1',
  instructionId: null,
  endToEndId: `ORDER-${index}`,
  uetr: null,
  requestedDate: '2026-11-23',
  debtor: {
    name: 'Example Trading',
    lei: null,
    account: { kind: 'iban', value: OWN_IBAN, schemeName: null, currency: null },
  },
  debtorAgent: { bic: 'BANKDEFFXXX', memberId: null, name: null, lei: null },
  amount: { currency: 'EUR', text: '100.00', units: 10_000n, decimals: 2 },
  creditor: { name: `Supplier ${index % 5}`, lei: null, country: null, address: null },
  creditorAccount: { kind: 'iban', value: supplierIban(index % 5), schemeName: null, currency: null },
  creditorAgent: null,
  purposeCode: null,
  categoryPurpose: null,
  remittance: { unstructured: [], structuredReference: null, documentNumbers: [] },
  chargeBearer: null,
  ...change,
});

export const makeSupplier = (index: number, change: Partial<Counterparty> = {}): Counterparty => ({
  id: CounterpartyId.parse(`cpy_${String(index).padStart(10, '0')}`),
  name: `Supplier ${index}`,
  lei: null,
  bic: null,
  address: { street: null, building: null, postCode: null, town: 'Berlin', country: 'DE' },
  accounts: [
    {
      address: addressOf(100 + index),
      externalIds: [{ kind: 'iban', value: supplierIban(index) }],
      enrolments: TOKENS.map((token) => ({ tokenId: token.id, state: 'enrolled', asOf: '2026-11-01' })),
    },
  ],
  note: null,
  updatedAt: '2026-11-01T00:00:00Z',
  ...change,
});

export const EUR = makeToken(1, 'EUR', 18, 'BANKDEFF');
export const JPY = makeToken(2, 'JPY', 6, 'BANKDEFF');
export const USD = makeToken(3, 'USD', 2, 'USBKUS33');
export const CNH = makeToken(4, 'CNH', 6, 'CNBKHKHH');
const TOKENS = [EUR, JPY, USD, CNH];

const outputOf = (file: FakeFile): ParseOutput => {
  const sums: Record<string, Decimal> = {};
  for (const { amount } of file.payments)
    sums[amount.currency] = addDecimals(sums[amount.currency] ?? ZERO, amount);
  const issues = file.issues ?? [];
  const errorCount = issues.filter((issue) => issue.severity === 'error').length;
  return {
    header: {
      format: 'pain.001.001.09',
      messageId: file.messageId === undefined ? 'MSG-1' : file.messageId,
      createdAt: '2026-11-23T08:00:00Z',
      initiatingParty: { name: 'Example Trading', lei: null, id: null },
      declaredCount: file.payments.length,
      declaredSum: null,
      businessMessage: null,
    },
    isComplete: file.isComplete ?? true,
    count: file.payments.length,
    sums,
    sha256: file.sha256 ?? '00'.repeat(32),
    sizeBytes: 1000,
    errorCount,
    warningCount: issues.length - errorCount,
    issueCount: issues.length,
    moreIssues: 0,
  };
};

export const createWorld = async (driver?: DriverName) => {
  const test = openTestStore(driver === undefined ? {} : { driver });
  const clock = { now: () => new Date('2026-11-23T10:00:00Z'), monotonicMs: () => Date.now() };
  const newId = createNewId(clock);
  const events: AppEvent[] = [];
  const saved: { name: string; text: string }[] = [];
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const files = new Map<string, FakeFile>();
  const parse = async (path: string, options: ParseOptions = {}): Promise<ParseOutput> => {
    const file = files.get(path);
    if (!file) throw new AppError('file/not-found', { name: path });
    for (let start = 0; start < file.payments.length; start += 250) {
      if (options.signal?.aborted) throw new AppError('cancelled');
      options.onPayments?.(file.payments.slice(start, start + 250));
    }
    options.onIssues?.(file.issues ?? []);
    return outputOf(file);
  };
  const save = async (input: { suggestedName: string; extension: string; content: Uint8Array }) => {
    const name = `${input.suggestedName}.${input.extension}`;
    saved.push({ name, text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(input.content) });
    return name;
  };
  const makeDomains = (db: typeof test.db) => {
    const directoryStore = createDirectoryStore(db);
    const paymentsStore = createPaymentsStore(db);
    const directory = createDirectory({
      store: remoteOf(directoryStore),
      chain: {
        connect: () => {
          throw new AppError('chain/unreachable');
        },
        checkEndpoints: async () => {
          throw new AppError('chain/unreachable');
        },
      },
      vaultKeys: async () => [],
      isOffline: false,
      requireConsent: async () => undefined,
      files: { read: async () => new Uint8Array(), save },
      clock,
      newId,
      emit: (event) => events.push(event),
      log,
    });
    const payments = createPayments({
      store: remoteOf(paymentsStore),
      directory,
      reader: { parse, inspect: async () => Promise.reject(new Error('not here')) } satisfies Pick<
        FileReader,
        'parse' | 'inspect'
      >,
      writers: { writeCsv, writePain002 },
      fileOf: (fileId) => ({ path: fileId, name: `${fileId}.xml` }),
      saveFile: save,
      clock,
      newId,
      emit: (event) => events.push(event),
      log,
    });
    return { directoryStore, paymentsStore, directory, payments };
  };
  let domains = makeDomains(test.db);
  domains.directoryStore.merge({
    networks: [NETWORK],
    tokens: TOKENS,
    accounts: [
      {
        id: OWN_ACCOUNT_ID,
        name: 'Operations',
        kind: 'key',
        keyId: KeyId.parse('key_0000000001'),
        address: OWN_ADDRESS,
        entity: { name: 'Example Trading', lei: null },
        externalIds: [{ kind: 'iban', value: OWN_IBAN }],
      },
    ],
    counterparties: [0, 1, 2, 3, 4].map((index) => makeSupplier(index)),
  });
  let fileNumber = 0;
  return {
    get directory() {
      return domains.directory;
    },
    get payments() {
      return domains.payments;
    },
    get paymentsStore() {
      return domains.paymentsStore;
    },
    get directoryStore() {
      return domains.directoryStore;
    },
    events,
    saved,
    db: () => test.db,
    /** As a restart does: the same file, new domains. */
    restart: () => {
      domains = makeDomains(test.reopen());
    },
    importFile: (file: FakeFile) => {
      const fileId = FileId.parse(`fil_${String(++fileNumber).padStart(10, '0')}`);
      files.set(fileId, file);
      return domains.payments.importFile({ fileId, mapping: null, saveMappingAs: null });
    },
    close: test.close,
  };
};
export type World = Awaited<ReturnType<typeof createWorld>>;
