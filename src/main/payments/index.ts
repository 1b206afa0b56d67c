/**
 * Payments: from a file or a form to a checked batch, and out again as reports.
 *
 * Hides: the checks, the staging of an import in the store, holds, references and remittance documents, exports.
 * Invariants: nothing exists until a whole file is right or its wrong lines were left out by name; a payment's amount is
 * exact in its token or there is no payment; an end-to-end id that was ever signed is never taken again; every hold was
 * released by name. Pre-flight and approval of what exists: preflight.ts and approval.ts in this folder.
 * Callers: compose.ts (contract handlers).
 */
import type { MainHandlers } from '../../shared/contract';
import { AppError } from '../../shared/errors';
import { BatchId, type ImportId, type PaymentId } from '../../shared/model/ids';
import type { Batch, Hold, Payment, ReasonCode } from '../../shared/model/payments';
import { createExports } from './exports';
import { createImports } from './import';
import type { PaymentsDeps } from './ports';
import { createSingles } from './single';

export type { PaymentsDeps, SaveFile } from './ports';

const PAGE = 500;

/** The ISO reason that says best why a payment was taken out after its pre-flight. */
const reasonOf = (payment: Payment): { code: ReasonCode; text: string | null } => {
  const refusal = payment.preflight?.state === 'refused' ? payment.preflight.refusal : null;
  switch (refusal?.kind) {
    case 'balance-too-low':
    case 'part-frozen':
      return { code: 'AM04', text: refusal.text };
    case 'receiver-not-allowed':
    case 'bad-receiver':
      return { code: 'AC01', text: refusal.text };
    case 'address-frozen':
    case 'account-blocked':
      return { code: 'AC06', text: refusal.text };
    case undefined:
      return { code: 'CUST', text: null };
    default:
      return { code: 'AG01', text: refusal?.text ?? null };
  }
};

export const createPayments = (deps: PaymentsDeps) => {
  const { store, clock, newId, emit } = deps;
  const imports = createImports(deps);
  const createSingle = createSingles(deps);
  const exports = createExports(deps);
  const changed = (batchId: BatchId): void => emit({ type: 'payments.changed', batchIds: [batchId] });
  const now = (): string => clock.now().toISOString();

  const refusedOf = async (batchId: BatchId): Promise<Payment[]> => {
    const all: Payment[] = [];
    for (let offset = 0; ; offset += PAGE) {
      const page = await store.payments({
        batchId,
        search: '',
        status: null,
        stage: null,
        preflight: 'refused',
        offset,
        limit: PAGE,
      });
      all.push(...page.payments.filter((payment) => payment.status !== 'RJCT'));
      if (page.payments.length < PAGE) return all;
    }
  };

  return {
    /** Clears what checks of an earlier run left. Call once after the store is open. */
    start: (): Promise<void> => store.discardAllImports(),

    inspectFile: imports.inspectFile,
    importFile: imports.importFile,
    cancelImport: imports.cancelImport,
    importIssues: store.importIssues,
    importLines: store.importLines,
    exportIssues: exports.exportIssues,
    discardImport: ({ importId }: { importId: ImportId }): Promise<void> => store.discardImport(importId),

    createBatch: async (input: {
      importId: ImportId;
      dropPaymentIndexes: readonly number[];
      releaseHolds: readonly Pick<Hold, 'kind' | 'paymentIndex'>[];
    }): Promise<{ batchId: BatchId }> => {
      const batchId = BatchId.parse(newId('bat'));
      await store.createBatch({
        importId: input.importId,
        batchId,
        at: now(),
        drop: input.dropPaymentIndexes,
        release: input.releaseHolds,
      });
      changed(batchId);
      return { batchId };
    },
    createSingle: async (form: Parameters<typeof createSingle>[0]) => {
      const outcome = await createSingle(form);
      if (outcome.outcome === 'created') changed(outcome.batchId);
      return outcome;
    },

    mappings: store.mappings,
    removeMapping: store.removeMapping,

    batches: store.batches,
    batch: ({ batchId }: { batchId: BatchId }): Promise<Batch> => store.batch(batchId),
    payments: store.payments,
    payment: ({ paymentId }: { paymentId: PaymentId }): Promise<Payment> => store.payment(paymentId),

    /** Takes payments out of a batch before approval. A refused one carries the reason of its refusal. */
    drop: async (input: {
      batchId: BatchId;
      paymentIds: readonly PaymentId[];
      allRefused: boolean;
    }): Promise<Batch> => {
      const byId = new Map<PaymentId, Payment>();
      for (let start = 0; start < input.paymentIds.length; start += PAGE)
        for (const payment of await store.paymentsById(input.paymentIds.slice(start, start + PAGE)))
          byId.set(payment.id, payment);
      if (input.allRefused)
        for (const payment of await refusedOf(input.batchId)) byId.set(payment.id, payment);
      const items = [...byId.values()].map((payment) => {
        if (payment.batchId !== input.batchId)
          throw new AppError('payments/payment-unknown', { paymentId: payment.id });
        return { paymentId: payment.id, reason: reasonOf(payment) };
      });
      await store.reject(input.batchId, items, now());
      changed(input.batchId);
      return store.batch(input.batchId);
    },
    rejectBatch: async ({ batchId }: { batchId: BatchId }): Promise<Batch> => {
      const moved = await store.transition({
        batchId,
        paymentIds: null,
        event: 'reject',
        reason: { code: 'CUST', text: null },
        at: now(),
      });
      if (moved === 0) throw new AppError('payments/wrong-state', { batchId });
      changed(batchId);
      return store.batch(batchId);
    },

    exportStatus: exports.exportStatus,
    exportCsv: exports.exportCsv,
  };
};

export type Payments = ReturnType<typeof createPayments>;

/** Methods of the contract that are answered by the pre-flight and the approval. */
type ElsewhereMethod = 'payments.preflight' | 'payments.cancelPreflight' | 'payments.requestApproval';

export const paymentsHandlers = (
  payments: Payments,
): Pick<MainHandlers, Exclude<Extract<keyof MainHandlers, `payments.${string}`>, ElsewhereMethod>> => ({
  'payments.inspectFile': payments.inspectFile,
  'payments.importFile': payments.importFile,
  'payments.cancelImport': async () => {
    await payments.cancelImport();
    return {};
  },
  'payments.importIssues': payments.importIssues,
  'payments.importLines': payments.importLines,
  'payments.exportIssues': payments.exportIssues,
  'payments.createBatch': payments.createBatch,
  'payments.discardImport': async (input) => {
    await payments.discardImport(input);
    return {};
  },
  'payments.createSingle': payments.createSingle,
  'payments.mappings': async () => ({ mappings: await payments.mappings() }),
  'payments.removeMapping': async ({ name }) => {
    await payments.removeMapping(name);
    return {};
  },
  'payments.batches': payments.batches,
  'payments.batch': payments.batch,
  'payments.payments': payments.payments,
  'payments.payment': payments.payment,
  'payments.drop': payments.drop,
  'payments.rejectBatch': payments.rejectBatch,
  'payments.exportStatus': payments.exportStatus,
  'payments.exportCsv': payments.exportCsv,
});
