import { z } from 'zod';
import {
  AccountId,
  BatchId,
  CounterpartyId,
  FileId,
  Hash32,
  ImportId,
  IsoDate,
  NetworkId,
  PaymentId,
  TokenId,
} from '../model/ids';
import {
  Batch,
  CsvMapping,
  Hold,
  ImportIssue,
  ImportReport,
  Payment,
  PaymentStatus,
  SettlementStage,
} from '../model/payments';
import { CHAIN_ERRORS, command, Empty, FILE_ERRORS, query, Saved } from './define';

const Page = { offset: z.number().int().min(0), limit: z.number().int().min(1).max(200) };

export const paymentsContract = {
  /** What a file is, without checking its payments. A CSV file answers with its headings and a mapping to confirm. */
  'payments.inspectFile': command(
    z.strictObject({ fileId: FileId }),
    z.strictObject({
      kind: z.enum(['pain.001', 'csv', 'other']),
      name: z.string(),
      sizeBytes: z.number().int(),
      csv: z
        .strictObject({
          headings: z.array(z.string()),
          sample: z.array(z.array(z.string())),
          suggested: CsvMapping.nullable(),
          savedAs: z.string().nullable(),
          ambiguous: z.array(z.string()),
        })
        .nullable(),
    }),
    [...FILE_ERRORS],
  ),
  /** Reads and checks the whole file. Nothing is created. Progress comes as `import.progress`. */
  'payments.importFile': command(
    z.strictObject({
      fileId: FileId,
      mapping: CsvMapping.nullable(),
      saveMappingAs: z.string().max(80).nullable(),
    }),
    ImportReport,
    [...FILE_ERRORS, 'payments/mapping-missing'],
    { concurrent: true },
  ),
  'payments.cancelImport': command(Empty, Empty, [], { concurrent: true }),
  'payments.importIssues': query(
    z.strictObject({
      importId: ImportId,
      severity: z.enum(['error', 'warning', 'all']),
      search: z.string().max(140),
      sort: z.enum(['line', 'code', 'path']),
      ...Page,
    }),
    z.strictObject({ total: z.number().int(), issues: z.array(ImportIssue) }),
    ['payments/import-unknown'],
  ),
  /** Lines of an import for the preview, with what was resolved. */
  'payments.importLines': query(
    z.strictObject({ importId: ImportId, ...Page }),
    z.strictObject({
      total: z.number().int(),
      lines: z.array(
        z.strictObject({
          paymentIndex: z.number().int(),
          line: z.number().int(),
          endToEndId: z.string(),
          creditorName: z.string(),
          creditorAccount: z.string(),
          amountText: z.string(),
          currency: z.string(),
          hasError: z.boolean(),
        }),
      ),
    }),
    ['payments/import-unknown'],
  ),
  'payments.exportIssues': command(
    z.strictObject({ importId: ImportId }),
    Saved,
    ['payments/import-unknown', 'file/unwritable'],
    { concurrent: true },
  ),
  /** Makes the batch: all lines right, or the wrong ones dropped by name; every hold released by name. */
  'payments.createBatch': command(
    z.strictObject({
      importId: ImportId,
      dropPaymentIndexes: z.array(z.number().int().min(0)).max(100_000),
      releaseHolds: z.array(Hold.pick({ kind: true, paymentIndex: true })).max(1000),
    }),
    z.strictObject({ batchId: BatchId }),
    [
      'payments/import-unknown',
      'payments/import-expired',
      'payments/file-refused',
      'payments/held',
      'payments/nothing-to-create',
    ],
  ),
  'payments.discardImport': command(z.strictObject({ importId: ImportId }), Empty, [
    'payments/import-unknown',
  ]),
  /** One payment typed by hand, checked like an imported one; becomes a batch of one. */
  'payments.createSingle': command(
    z.strictObject({
      debtorAccountId: AccountId,
      tokenId: TokenId,
      counterpartyId: CounterpartyId,
      /** Which of the counterparty's accounts, by its address. */
      creditorAddress: z.string().max(80),
      /** Plain decimal such as `1250.00`. */
      amount: z.string().max(60),
      endToEndId: z.string().max(35),
      requestedDate: IsoDate,
      purposeCode: z.string().max(35).nullable(),
      remittance: z.string().max(140).nullable(),
      releaseHolds: z.array(Hold.shape.kind).max(10),
    }),
    z.discriminatedUnion('outcome', [
      z.strictObject({ outcome: z.literal('created'), batchId: BatchId }),
      z.strictObject({ outcome: z.literal('refused'), issues: z.array(ImportIssue), holds: z.array(Hold) }),
    ]),
    [],
  ),
  'payments.mappings': query(
    Empty,
    z.strictObject({ mappings: z.array(z.strictObject({ name: z.string(), mapping: CsvMapping })) }),
  ),
  'payments.removeMapping': command(z.strictObject({ name: z.string().max(80) }), Empty),

  'payments.batches': query(
    z.strictObject({ search: z.string().max(140), ...Page }),
    z.strictObject({ total: z.number().int(), batches: z.array(Batch) }),
  ),
  'payments.batch': query(z.strictObject({ batchId: BatchId }), Batch, ['payments/batch-unknown']),
  'payments.payments': query(
    z.strictObject({
      batchId: BatchId.nullable(),
      search: z.string().max(140),
      status: PaymentStatus.nullable(),
      stage: SettlementStage.nullable(),
      preflight: z.enum(['ok', 'refused', 'unknown']).nullable(),
      ...Page,
    }),
    z.strictObject({ total: z.number().int(), payments: z.array(Payment) }),
    ['payments/batch-unknown'],
  ),
  'payments.payment': query(z.strictObject({ paymentId: PaymentId }), Payment, ['payments/payment-unknown']),
  /** Asks the tokens and simulates every payment. Progress comes as `preflight.progress`. */
  'payments.preflight': command(
    z.strictObject({ batchId: BatchId }),
    Batch,
    ['payments/batch-unknown', 'payments/wrong-state', ...CHAIN_ERRORS],
    { concurrent: true },
  ),
  'payments.cancelPreflight': command(z.strictObject({ batchId: BatchId }), Empty, [], { concurrent: true }),
  /** Takes payments out of a batch that is not approved; they become RJCT with the given reason. */
  'payments.drop': command(
    z.strictObject({
      batchId: BatchId,
      paymentIds: z.array(PaymentId).max(100_000),
      allRefused: z.boolean(),
    }),
    Batch,
    ['payments/batch-unknown', 'payments/payment-unknown', 'payments/wrong-state'],
  ),
  /** Rejects a batch that is not approved. */
  'payments.rejectBatch': command(z.strictObject({ batchId: BatchId }), Batch, [
    'payments/batch-unknown',
    'payments/wrong-state',
  ]),
  /** Builds every transaction and opens the approval window. Answers when the window is open. */
  'payments.requestApproval': command(z.strictObject({ batchId: BatchId }), Empty, [
    'policy/envelope-needed',
    'vault/unknown-key',
    'payments/batch-unknown',
    'payments/wrong-state',
    'payments/preflight-refused',
    'payments/insufficient-funds',
    'payments/token-blocked',
    'directory/token-changed',
    'settlement/nonce-conflict',
    ...CHAIN_ERRORS,
  ]),
  /** pain.002.001.10 of a batch through the save dialog. */
  'payments.exportStatus': command(
    z.strictObject({ batchId: BatchId }),
    Saved,
    ['payments/batch-unknown', 'file/unwritable'],
    { concurrent: true },
  ),
  'payments.exportCsv': command(
    z.strictObject({ batchId: BatchId }),
    Saved,
    ['payments/batch-unknown', 'file/unwritable'],
    { concurrent: true },
  ),
};

/** The replacement envelope, where one was made. */
const Replacing = z.strictObject({ envelope: Hash32.nullable() });

export const settlementContract = {
  /**
   * Builds a replacement with higher fees and opens the approval window for it; where a policy is in force, makes a
   * replacement envelope instead and answers its digest.
   */
  'settlement.speedUp': command(z.strictObject({ paymentId: PaymentId }), Replacing, [
    'policy/role-missing',
    'payments/payment-unknown',
    'payments/token-blocked',
    'payments/digest-mismatch',
    'directory/token-changed',
    'settlement/not-replaceable',
    'settlement/already-final',
    ...CHAIN_ERRORS,
  ]),
  /** Builds an empty transaction with the payment's nonce and opens the approval window for it. */
  'settlement.cancel': command(z.strictObject({ paymentId: PaymentId }), Replacing, [
    'policy/role-missing',
    'payments/payment-unknown',
    'settlement/not-replaceable',
    'settlement/already-final',
    ...CHAIN_ERRORS,
  ]),
  /** Sends again what is signed and not known to be included. Safe at any time. */
  'settlement.resend': command(z.strictObject({ batchId: BatchId }), Empty, [
    'payments/batch-unknown',
    ...CHAIN_ERRORS,
  ]),
  'settlement.status': query(
    Empty,
    z.strictObject({
      networks: z.array(
        z.strictObject({
          networkId: NetworkId,
          waiting: z.number().int(),
          sent: z.number().int(),
          included: z.number().int(),
          final: z.number().int(),
        }),
      ),
    }),
  ),
};
