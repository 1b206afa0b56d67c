import { z } from 'zod';
import { BatchId, Hash32, Instant, PaymentId } from '../model/ids';
import { ChosenFile } from '../model/payments';
import { AppSnapshot } from './app';
import { SyncState } from './ledger';

/**
 * What main tells a window without being asked. `*.changed` says that a snapshot is stale: pull again. Events of work
 * under way carry counts. `revision` grows by one per event and window; a gap means that something was missed.
 */
export const AppEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('app.changed'), snapshot: AppSnapshot }),
  z.strictObject({
    type: z.literal('vault.locked'),
    cause: z.enum(['person', 'idle', 'suspend', 'screen-lock', 'crash']),
  }),
  z.strictObject({ type: z.literal('directory.changed') }),
  /** Envelopes, policies or cards: pull again. */
  z.strictObject({ type: z.literal('envelopes.changed') }),
  z.strictObject({ type: z.literal('people.changed') }),
  z.strictObject({ type: z.literal('journal.changed') }),
  /** A file was opened with the app; it waits under `workspace.openedFiles`. */
  z.strictObject({ type: z.literal('files.opened') }),
  z.strictObject({ type: z.literal('settings.changed') }),
  z.strictObject({ type: z.literal('payments.changed'), batchIds: z.array(BatchId) }),
  z.strictObject({ type: z.literal('payment.changed'), paymentId: PaymentId, batchId: BatchId }),
  z.strictObject({ type: z.literal('ledger.changed') }),
  z.strictObject({ type: z.literal('ledger.sync'), networks: z.array(SyncState) }),
  z.strictObject({
    type: z.literal('progress'),
    task: z.enum([
      'import',
      'preflight',
      'approval-build',
      'sign',
      'send',
      'envelope-build',
      'envelope-check',
      'envelope-open',
    ]),
    batchId: BatchId.nullable(),
    /** The envelope that the work is about. */
    digest: Hash32.nullable().optional(),
    done: z.number().int(),
    /** 0 while unknown. */
    total: z.number().int(),
    startedAt: Instant,
    isFinished: z.boolean(),
  }),
  z.strictObject({ type: z.literal('files.dropped'), file: ChosenFile }),
  z.strictObject({
    type: z.literal('approval.closed'),
    batchId: BatchId.nullable(),
    outcome: z.enum(['approved', 'closed']),
  }),
  /** A menu item or shortcut of the shell. */
  z.strictObject({
    type: z.literal('menu'),
    action: z.enum([
      'go-position',
      'go-inbox',
      'go-payments',
      'go-ledger',
      'go-counterparties',
      'go-reports',
      'go-settings',
      'import-file',
      'new-payment',
      'lock',
      'search',
      'shortcuts',
      'sync-now',
      'about',
    ]),
  }),
  /** Words wait in their own window, or it was closed. */
  z.strictObject({ type: z.literal('recovery-window'), isOpen: z.boolean() }),
]);
export type AppEvent = z.infer<typeof AppEvent>;

export type EventEnvelope = { readonly revision: number; readonly event: AppEvent };
