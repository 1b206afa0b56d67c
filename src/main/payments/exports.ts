import type { BatchId, ImportId } from '../../shared/model/ids';
import type { Batch, Payment } from '../../shared/model/payments';
import {
  addDecimals,
  currencyDecimals,
  type Decimal,
  isoCurrency,
  parseDecimal,
  toPlainString,
  ZERO,
} from '../../shared/money';
import type { CsvCell, ReportedPayment } from '../iso20022';
import type { PaymentsDeps } from './ports';

const PAGE = 500;
const PAIN_001 = 'pain.001.001.09';

const number = (value: string): CsvCell => ({ kind: 'number', value });
const amountOf = (payment: Payment): string =>
  toPlainString(
    { units: payment.units, decimals: payment.decimals },
    Math.min(payment.decimals, currencyDecimals(payment.currency) ?? 0),
  );

/** Files out of the payments: status report, CSV of a batch, CSV of an import's findings. */
export const createExports = ({ store, writers, saveFile, clock, newId }: PaymentsDeps) => {
  const allPayments = async (batchId: BatchId): Promise<Payment[]> => {
    const all: Payment[] = [];
    for (;;) {
      const page = await store.paymentsAfter(
        batchId,
        all.length === 0 ? -1 : (all.at(-1)?.index ?? -1),
        PAGE,
      );
      all.push(...page.map(({ payment }) => payment));
      if (page.length < PAGE) return all;
    }
  };
  const save = async (name: string, extension: string, text: string): Promise<{ saved: string | null }> => ({
    saved: await saveFile({ suggestedName: name, extension, content: new TextEncoder().encode(text) }),
  });
  /** A name for a save dialog: what the file was called, without its ending and without anything that paths mean. */
  const baseName = (batch: Batch): string =>
    (batch.source.messageId ?? batch.source.fileName?.replace(/\.[^.]*$/, '') ?? batch.id)
      .replace(/[^\p{Letter}\p{Number}._-]+/gu, '-')
      .slice(0, 80);

  const reported = (payment: Payment, paymentInfoId: string): ReportedPayment => ({
    paymentInfoId,
    instructionId: payment.instructionId,
    endToEndId: payment.endToEndId,
    uetr: payment.uetr,
    status: payment.status,
    reason: payment.reason,
    reference: payment.settlement?.transactionHash ?? null,
    acceptedAt: payment.settlement?.finalAt ?? null,
    amount: { currency: isoCurrency(payment.currency), units: payment.units, decimals: payment.decimals },
    requestedDate: payment.requestedDate,
    creditorName: payment.creditorName,
  });

  return {
    /** pain.002.001.10: every payment of the original message, the lines left out by name included. */
    exportStatus: async ({ batchId }: { batchId: BatchId }): Promise<{ saved: string | null }> => {
      const batch = await store.batch(batchId);
      const payments = await allPayments(batchId);
      const { original, paymentInfoIds, dropped } = await store.statusFacts(batchId);
      const sum = payments.reduce<Decimal>(
        (total, { units, decimals }) => addDecimals(total, { units, decimals }),
        ZERO,
      );
      const messageId = batch.source.messageId ?? batch.id.slice(0, 35);
      const text = writers.writePain002({
        messageId: newId('sts').slice(0, 35),
        createdAt: clock.now().toISOString(),
        initiatingParty: original?.initiatingParty ?? null,
        original: {
          messageId,
          messageName: batch.source.kind === 'pain.001' ? batch.source.format : PAIN_001,
          createdAt: original?.createdAt ?? null,
          count: original?.count ?? payments.length,
          controlSum: original?.controlSum ?? sum,
        },
        payments: [
          ...payments.map((payment, index) => reported(payment, paymentInfoIds[index] || messageId)),
          ...dropped.map((line): ReportedPayment => {
            const amount = parseDecimal(line.amountText, { maxDecimals: 36 });
            return {
              paymentInfoId: line.paymentInfoId || messageId,
              instructionId: line.instructionId,
              endToEndId: line.endToEndId || 'NOTPROVIDED',
              uetr: null,
              status: 'RJCT',
              reason: line.wasWrong
                ? { code: 'NARR', text: `line ${line.line} of the file is wrong and was left out` }
                : { code: 'CUST', text: `line ${line.line} of the file was left out by the customer` },
              reference: null,
              acceptedAt: null,
              amount: { currency: line.currency, ...(amount.ok ? amount.value : ZERO) },
              requestedDate: null,
              creditorName: line.creditorName,
            };
          }),
        ],
      });
      return save(`pain.002-${baseName(batch)}`, 'xml', text);
    },

    exportCsv: async ({ batchId }: { batchId: BatchId }): Promise<{ saved: string | null }> => {
      const batch = await store.batch(batchId);
      const payments = await allPayments(batchId);
      const headers = [
        'payment id',
        'line',
        'status',
        'reason code',
        'reason',
        'end-to-end id',
        'UETR',
        'reference',
        'requested date',
        'debtor',
        'debtor address',
        'currency',
        'amount',
        'token',
        'creditor',
        'creditor LEI',
        'creditor account',
        'creditor address',
        'purpose',
        'remittance',
        'stage',
        'transaction',
        'block',
        'sent at (UTC)',
        'included at (UTC)',
        'final at (UTC)',
        'network fee (wei)',
      ];
      const rows = payments.map((payment): (string | CsvCell)[] => [
        payment.id,
        payment.line === null ? '' : number(String(payment.line)),
        payment.status,
        payment.reason?.code ?? '',
        payment.reason?.text ?? '',
        payment.endToEndId,
        payment.uetr ?? '',
        payment.reference,
        payment.requestedDate,
        payment.debtorName,
        payment.debtorAddress,
        payment.currency,
        number(amountOf(payment)),
        payment.tokenId,
        payment.creditorName,
        payment.creditorLei ?? '',
        payment.creditorAccount,
        payment.creditorAddress,
        payment.purposeCode ?? '',
        payment.remittance ?? '',
        payment.settlement?.stage ?? '',
        payment.settlement?.transactionHash ?? '',
        payment.settlement?.blockNumber == null ? '' : number(payment.settlement.blockNumber.toString()),
        payment.settlement?.sentAt ?? '',
        payment.settlement?.includedAt ?? '',
        payment.settlement?.finalAt ?? '',
        payment.settlement?.fee == null ? '' : number(payment.settlement.fee.toString()),
      ]);
      return save(`payments-${baseName(batch)}`, 'csv', writers.writeCsv(headers, rows));
    },

    exportIssues: async ({ importId }: { importId: ImportId }): Promise<{ saved: string | null }> => {
      const { source } = await store.importReport(importId);
      const rows: (string | CsvCell)[][] = [];
      for (let offset = 0; ; offset += PAGE) {
        const page = await store.importIssues({
          importId,
          severity: 'all',
          search: '',
          sort: 'line',
          offset,
          limit: PAGE,
        });
        for (const issue of page.issues)
          rows.push([
            issue.severity,
            issue.code,
            number(String(issue.line)),
            issue.path,
            issue.element,
            issue.value ?? '',
            issue.expected ?? '',
          ]);
        if (page.issues.length < PAGE) break;
      }
      const text = writers.writeCsv(
        ['severity', 'code', 'line', 'path', 'element', 'value', 'expected'],
        rows,
      );
      const name = (source.fileName ?? 'file').replace(/[^\p{Letter}\p{Number}._-]+/gu, '-').slice(0, 80);
      return save(`findings-${name}`, 'csv', text);
    },
  };
};
