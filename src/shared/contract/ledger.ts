import { z } from 'zod';
import {
  AccountId,
  Address,
  CurrencyCode,
  DecimalAmount,
  FileId,
  Hash32,
  Instant,
  IsoDate,
  NetworkId,
  PaymentId,
  TokenId,
} from '../model/ids';
import { command, Empty, query } from './define';

/** One line of the replica: a token transfer that touches an own account. */
export const Entry = z.strictObject({
  /** `<network>:<block>:<log index>:<account>`, stable across restarts. */
  id: z.string(),
  tokenId: TokenId,
  accountId: AccountId,
  direction: z.enum(['in', 'out']),
  /** In the token's smallest unit, always positive; `direction` tells the sign. */
  units: z.bigint(),
  decimals: z.number().int(),
  currency: CurrencyCode,
  /** The other side's address. Zero address: issued or redeemed by the bank. */
  counterAddress: Address,
  counterName: z.string().nullable(),
  kind: z.enum(['transfer', 'issue', 'redeem', 'forced', 'own']),
  blockNumber: z.bigint(),
  blockHash: Hash32,
  blockTime: Instant,
  transactionHash: Hash32,
  logIndex: z.number().int(),
  /** Payment reference found beside the transfer: text where it is printable, else hex. */
  reference: z.string().nullable(),
  paymentId: PaymentId.nullable(),
  endToEndId: z.string().nullable(),
  isFinal: z.boolean(),
  /** Balance of this account in this token after the entry. */
  balanceAfter: z.bigint(),
});
export type Entry = z.infer<typeof Entry>;

/** Position of one account in one token. Available = balance − frozen − what is signed and not yet included. */
export const Holding = z.strictObject({
  accountId: AccountId,
  accountName: z.string(),
  tokenId: TokenId,
  tokenName: z.string(),
  symbol: z.string(),
  issuerName: z.string(),
  networkId: NetworkId,
  networkName: z.string(),
  currency: CurrencyCode,
  decimals: z.number().int(),
  balance: z.bigint(),
  available: z.bigint(),
  pendingOut: z.bigint(),
  /** `null` where the token has no view for it. */
  frozen: z.bigint().nullable(),
  asOfBlock: z.bigint().nullable(),
  asOf: Instant.nullable(),
  /** The replica's own sum equals the token's `balanceOf` at that block. */
  isReconciled: z.boolean(),
});
export type Holding = z.infer<typeof Holding>;

export const CurrencyPosition = z.strictObject({
  currency: CurrencyCode,
  balance: DecimalAmount,
  available: DecimalAmount,
  pendingOut: DecimalAmount,
  frozen: DecimalAmount,
  /** Estimate in the reporting currency; `null` without a rate. */
  value: DecimalAmount.nullable(),
});
export type CurrencyPosition = z.infer<typeof CurrencyPosition>;

export const RatesInfo = z.strictObject({
  date: IsoDate,
  source: z.string(),
  count: z.number().int(),
  importedAt: Instant,
});
export type RatesInfo = z.infer<typeof RatesInfo>;

export const SyncState = z.strictObject({
  networkId: NetworkId,
  state: z.enum(['idle', 'syncing', 'offline', 'error']),
  syncedTo: z.bigint().nullable(),
  head: z.bigint().nullable(),
  asOf: Instant.nullable(),
  error: z.string().nullable(),
});
export type SyncState = z.infer<typeof SyncState>;

export const ledgerContract = {
  'ledger.entries': query(
    z.strictObject({
      search: z.string().max(140),
      accountId: AccountId.nullable(),
      tokenId: TokenId.nullable(),
      currency: CurrencyCode.nullable(),
      direction: z.enum(['in', 'out']).nullable(),
      from: IsoDate.nullable(),
      to: IsoDate.nullable(),
      offset: z.number().int().min(0),
      limit: z.number().int().min(1).max(500),
    }),
    z.strictObject({ total: z.number().int(), entries: z.array(Entry) }),
  ),
  'ledger.entry': query(z.strictObject({ id: z.string().max(200) }), Entry, ['ledger/entry-unknown']),
  'ledger.sync': query(Empty, z.strictObject({ networks: z.array(SyncState) })),
  'ledger.syncNow': command(Empty, Empty, [], { concurrent: true }),
  'ledger.exportCsv': command(Empty, z.strictObject({ saved: z.string().nullable() }), ['file/unwritable'], {
    concurrent: true,
  }),
  'position.get': query(
    Empty,
    z.strictObject({
      reportingCurrency: CurrencyCode,
      rates: RatesInfo.nullable(),
      total: DecimalAmount.nullable(),
      /** Currencies without a rate: not in the total. */
      unvalued: z.array(CurrencyCode),
      currencies: z.array(CurrencyPosition),
      holdings: z.array(Holding),
      asOf: Instant.nullable(),
    }),
  ),
  /** End-of-day balances by currency, oldest first, one point per day (hour on the sandbox). */
  'position.history': query(
    z.strictObject({ days: z.number().int().min(1).max(3660) }),
    z.strictObject({
      reportingCurrency: CurrencyCode,
      points: z.array(
        z.strictObject({
          at: Instant,
          balances: z.array(
            z.strictObject({
              currency: CurrencyCode,
              balance: DecimalAmount,
              value: DecimalAmount.nullable(),
            }),
          ),
        }),
      ),
    }),
  ),
  'rates.importFile': command(z.strictObject({ fileId: FileId }), RatesInfo, [
    'rates/file-invalid',
    'file/not-found',
    'file/too-large',
    'file/unreadable',
    'file/not-regular',
  ]),
};
