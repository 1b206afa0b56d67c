/**
 * The contract between the two sides, joined. One window, one contract.
 *
 * Hides: nothing; this is the list. Invariants: every name stands once; no output has a field for a secret.
 * Callers: main/ipc/router.ts binds handlers to it, renderer/client derives the client from it, tests derive fakes.
 */
import { appContract } from './app';
import { documentContract } from './approval';
import type { Client, Handlers } from './define';
import { directoryContract } from './directory';
import { envelopesContract, voiceContract } from './envelopes';
import { filesContract } from './files';
import { ledgerContract } from './ledger';
import { paymentsContract, settlementContract } from './payments';
import { journalContract, peopleContract, workspaceContract } from './people';
import { settingsContract } from './settings';
import { vaultContract } from './vault';

export const mainContract = {
  ...appContract,
  ...vaultContract,
  ...filesContract,
  ...directoryContract,
  ...paymentsContract,
  ...settlementContract,
  ...ledgerContract,
  ...settingsContract,
  ...envelopesContract,
  ...peopleContract,
  ...journalContract,
  ...workspaceContract,
};

export const approvalContract = { ...documentContract, ...voiceContract };

export type WindowKind = 'main' | 'approval';
export const contractOf = { main: mainContract, approval: approvalContract } as const;

export type MainHandlers = Handlers<typeof mainContract>;
export type ApprovalHandlers = Handlers<typeof approvalContract>;
export type MainClient = Client<typeof mainContract>;
export type ApprovalClient = Client<typeof approvalContract>;

/** What a preload puts on `window.bridge`. */
export type Bridge = {
  readonly invoke: (method: string, input: unknown) => Promise<import('../errors').Result<unknown>>;
  readonly subscribe: (listener: (envelope: import('./events').EventEnvelope) => void) => () => void;
};

export type { AppSnapshot, NetworkHealth } from './app';
export type { ApprovalDocument, ApprovalLine } from './approval';
export type { Client, Contract, Handlers, Method } from './define';
export { COMMON_ERRORS } from './define';
export type {
  EnvelopeAbility,
  EnvelopeAct,
  EnvelopeDetail,
  EnvelopeFinding,
  EnvelopeLineView,
  EnvelopeState,
  EnvelopeSummary,
  Intake,
} from './envelopes';
export type { AppEvent, EventEnvelope } from './events';
export type { CurrencyPosition, Entry, Holding, RatesInfo, SyncState } from './ledger';
export type { JournalRow, PolicyView } from './people';
export type { Settings } from './settings';
export type { KeyInfo, VaultStatus } from './vault';
