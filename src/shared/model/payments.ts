import { z } from 'zod';
import { Refusal } from './directory';
import {
  AccountId,
  Address,
  BatchId,
  CounterpartyId,
  CurrencyCode,
  CurrencySum,
  DecimalAmount,
  FileId,
  Hash32,
  ImportId,
  Instant,
  IsoDate,
  PaymentId,
  Sha256,
  TokenId,
} from './ids';

/**
 * ISO 20022 status codes of a payment (external code set), in the order of its life: received, technically valid,
 * pending approval, approved, signed and sent, settled (final on the ledger), rejected.
 */
export const PaymentStatus = z.enum(['RCVD', 'ACTC', 'PDNG', 'ACCP', 'ACSP', 'ACSC', 'RJCT']);
export type PaymentStatus = z.infer<typeof PaymentStatus>;

/** A batch has a payment's codes, and `PART` when some of its payments are rejected and others are not. */
export const BatchStatus = z.enum(['RCVD', 'ACTC', 'PDNG', 'ACCP', 'ACSP', 'ACSC', 'RJCT', 'PART']);
export type BatchStatus = z.infer<typeof BatchStatus>;

/** External status reason codes in use (ISO 20022 ExternalStatusReason1Code). */
export const ReasonCode = z.enum([
  'AC01', // account identifier incorrect
  'AC04', // account closed
  'AC06', // account blocked
  'AG01', // transaction forbidden
  'AM04', // insufficient funds
  'AM05', // duplication
  'CUST', // requested by customer
  'DS0H', // not allowed for the signer
  'FOCR', // following cancellation request
  'MS03', // not specified by the agent
  'NARR', // narrative
  'RR04', // regulatory reason
  'TM01', // cut-off or expired
]);
export type ReasonCode = z.infer<typeof ReasonCode>;

/** Where a signed payment stands on its network. */
export const SettlementStage = z.enum([
  'signed', // bytes are on disk, nothing sent
  'sent', // a node accepted them
  'included', // in a block that is not final
  'final', // final by the network's rule
  'requested', // final, but the token only took a request that its bank decides (two-step redemption)
  'reverted', // included and failed: no money moved, the nonce is used
  'dropped', // the node no longer knows it and the nonce is free
  'replaced', // another transaction of ours with the same nonce was included
  'stuck', // pending for longer than the network's usual time
  'foreign', // the nonce was used by a transaction that is not ours
]);
export type SettlementStage = z.infer<typeof SettlementStage>;

/** One finding about a file or a line. `code` is from the import's own list; words are the renderer's. */
export const ImportIssue = z.strictObject({
  severity: z.enum(['error', 'warning']),
  code: z.string().max(60),
  /** 1-based line in the file; 0 when it concerns the whole file. */
  line: z.number().int().min(0),
  /** Element path such as `PmtInf[1]/CdtTrfTxInf[3]/Amt/InstdAmt`, or the CSV column. */
  path: z.string().max(400),
  element: z.string().max(140),
  /** The offending value, cut at 140 characters, control characters escaped. */
  value: z.string().max(600).nullable(),
  expected: z.string().max(300).nullable(),
  /** 0-based index of the payment it concerns; `null` for the file as a whole. */
  paymentIndex: z.number().int().min(0).nullable(),
});
export type ImportIssue = z.infer<typeof ImportIssue>;

/** A reason to stop and look before a batch exists. Each must be released by name. */
export const Hold = z.strictObject({
  kind: z.enum([
    'same-file', // a file with this SHA-256 was imported before
    'same-message-id', // another file with this message id was imported before
    'same-payment', // same creditor, token, amount and date as an earlier payment
    'look-alike-address', // the address resembles another known one (address poisoning)
    'first-payment', // the creditor account was never paid before
    'cnh-class', // policy P7
  ]),
  /** 0-based payment index in an import; `null` when it concerns the file. */
  paymentIndex: z.number().int().min(0).nullable(),
  /** The earlier batch or payment it collides with, where there is one. */
  otherBatchId: BatchId.nullable(),
  otherPaymentId: PaymentId.nullable(),
  text: z.string().max(300).nullable(),
});
export type Hold = z.infer<typeof Hold>;

export const PaymentSource = z.strictObject({
  kind: z.enum(['pain.001', 'csv', 'form']),
  /** `pain.001.001.09`, `csv` or `form`. */
  format: z.string().max(40),
  fileName: z.string().max(255).nullable(),
  sha256: Sha256.nullable(),
  sizeBytes: z.number().int().min(0).nullable(),
  messageId: z.string().max(35).nullable(),
});
export type PaymentSource = z.infer<typeof PaymentSource>;

/** Result of checking a file, before anything exists. */
export const ImportReport = z.strictObject({
  importId: ImportId,
  source: PaymentSource,
  count: z.number().int().min(0),
  sums: z.array(CurrencySum),
  errorCount: z.number().int().min(0),
  warningCount: z.number().int().min(0),
  /** Findings beyond the number that is kept (10,000). */
  moreIssues: z.number().int().min(0),
  /** Errors that concern the file as a whole: no batch can be made, not even without lines. */
  isRefused: z.boolean(),
  holds: z.array(Hold).max(1000),
});
export type ImportReport = z.infer<typeof ImportReport>;

/** The verdict of the pre-flight: the token's own views, then `eth_call` of the exact calldata. */
export const PreflightVerdict = z.strictObject({
  state: z.enum(['ok', 'refused', 'unknown']),
  checkedAt: Instant,
  blockNumber: z.bigint().nullable(),
  /** Which checks answered, in order. */
  checks: z
    .array(
      z.strictObject({
        check: z.enum([
          'token-unchanged',
          'sender-allowed',
          'receiver-allowed',
          'transfer-allowed',
          'sender-not-blocked',
          'receiver-not-blocked',
          'not-frozen',
          'not-paused',
          'balance',
          'restriction-code',
          'simulation',
          'native-fee',
        ]),
        result: z.enum(['pass', 'fail', 'no-answer']),
        detail: z.string().max(300).nullable(),
      }),
    )
    .max(30),
  refusal: Refusal.nullable(),
  /** Estimated gas with margin; `null` when the simulation refused. */
  gas: z.bigint().nullable(),
});
export type PreflightVerdict = z.infer<typeof PreflightVerdict>;

/** The on-chain side of a payment once it is signed. */
export const PaymentSettlement = z.strictObject({
  stage: SettlementStage,
  transactionHash: Hash32,
  nonce: z.bigint(),
  blockNumber: z.bigint().nullable(),
  blockHash: Hash32.nullable(),
  sentAt: Instant.nullable(),
  includedAt: Instant.nullable(),
  finalAt: Instant.nullable(),
  /** Fee paid or, before inclusion, the most it can cost: in the network's native unit. */
  fee: z.bigint().nullable(),
  feeIsFinal: z.boolean(),
  refusal: Refusal.nullable(),
  /** Earlier or later transactions of the same payment (speed-up, cancel), newest last. */
  replacements: z
    .array(z.strictObject({ action: z.enum(['pay', 'cancel']), transactionHash: Hash32, at: Instant }))
    .max(50),
});
export type PaymentSettlement = z.infer<typeof PaymentSettlement>;

export const Payment = z.strictObject({
  id: PaymentId,
  batchId: BatchId,
  /** Position in its batch, from 0. */
  index: z.number().int().min(0),
  /** 1-based line in the source file, `null` for a form. */
  line: z.number().int().nullable(),
  status: PaymentStatus,
  reason: z.strictObject({ code: ReasonCode, text: z.string().max(300).nullable() }).nullable(),
  endToEndId: z.string().max(35),
  instructionId: z.string().max(35).nullable(),
  uetr: z.string().max(36).nullable(),
  /** PaymentRef v1 reference on chain, 16 characters. */
  reference: z.string(),
  requestedDate: IsoDate,
  debtorAccountId: AccountId,
  debtorAddress: Address,
  debtorName: z.string().max(140),
  tokenId: TokenId,
  currency: CurrencyCode,
  /** Amount in the token's smallest unit. */
  units: z.bigint(),
  decimals: z.number().int().min(0).max(36),
  counterpartyId: CounterpartyId.nullable(),
  creditorName: z.string().max(140),
  creditorLei: z.string().nullable(),
  creditorCountry: z.string().nullable(),
  /** As the file named it. */
  creditorAccount: z.string().max(140),
  creditorAddress: Address,
  purposeCode: z.string().max(35).nullable(),
  remittance: z.string().max(600).nullable(),
  preflight: PreflightVerdict.nullable(),
  settlement: PaymentSettlement.nullable(),
  updatedAt: Instant,
});
export type Payment = z.infer<typeof Payment>;

export const Batch = z.strictObject({
  id: BatchId,
  source: PaymentSource,
  status: BatchStatus,
  createdAt: Instant,
  updatedAt: Instant,
  count: z.number().int().min(0),
  /** Over payments that are not rejected. */
  sums: z.array(CurrencySum),
  byStatus: z.partialRecord(PaymentStatus, z.number().int().min(0)),
  preflight: z.strictObject({
    ok: z.number().int().min(0),
    refused: z.number().int().min(0),
    unknown: z.number().int().min(0),
    missing: z.number().int().min(0),
  }),
  /** Holds that were released by name when the batch was made. */
  releasedHolds: z.array(Hold).max(1000),
  droppedLines: z.number().int().min(0),
  /** Digest of what was approved, once it was. */
  approval: z
    .strictObject({ digest: Hash32, words: z.array(z.string()).length(12).nullable(), approvedAt: Instant })
    .nullable(),
});
export type Batch = z.infer<typeof Batch>;

/** Which CSV column feeds which field, and how its text is read. */
export const CsvMapping = z.strictObject({
  delimiter: z.enum([',', ';', '\t']),
  decimal: z.enum(['.', ',']),
  dateFormat: z.enum(['YYYY-MM-DD', 'DD.MM.YYYY', 'DD/MM/YYYY', 'MM/DD/YYYY', 'YYYYMMDD']),
  columns: z.record(z.string().max(40), z.string().max(200)),
});
export type CsvMapping = z.infer<typeof CsvMapping>;

/** A file that the treasurer chose or dropped; the path stays on the main side. */
export const ChosenFile = z.strictObject({
  fileId: FileId,
  name: z.string().max(255),
  sizeBytes: z.number().int().min(0),
});
export type ChosenFile = z.infer<typeof ChosenFile>;

/** A fee in a network's native currency. */
export const NetworkFee = z.strictObject({
  networkName: z.string(),
  symbol: z.string(),
  amount: DecimalAmount,
});
export type NetworkFee = z.infer<typeof NetworkFee>;
