/** What the approval window can hold, as the desk and those who open it see it. */
import type { ApprovalDocument, ApprovalLine } from '../../shared/contract';
import type { BatchId } from '../../shared/model/ids';

/** What a yes is given with. */
export type Consent = {
  readonly passphrase: string;
  readonly signal: AbortSignal;
  /** Whether the words were compared by voice in this window, and agreed. */
  readonly voice: boolean;
  /** To be called before the first thing that cannot be undone: from then on closing waits. Throws `cancelled`. */
  readonly beginKeeping: () => void;
};

/**
 * One document on the desk: shown as it was built, answered once. `approve` rebuilds everything and refuses any difference
 * from `document.digest` with `payments/digest-mismatch`.
 */
export type Subject = {
  readonly document: ApprovalDocument;
  readonly lines: readonly ApprovalLine[];
  /** `null` where there is no yes (`compare`). `afterwards` runs when the window is closed already. */
  readonly approve:
    | ((consent: Consent) => Promise<{ readonly signed: number; readonly afterwards?: () => Promise<void> }>)
    | null;
  /** `null` where there is no no but closing. */
  readonly reject:
    | ((input: { readonly passphrase: string; readonly reason: string }) => Promise<void>)
    | null;
  /** Closed without a yes: gives back what was reserved. Must not throw. */
  readonly abandon: () => Promise<void>;
  readonly batchId: BatchId | null;
};

/** The one desk: at most one subject is open or being built. */
export type Desk = {
  /**
   * Builds a subject and opens the window on it. `key` names it: asked again for what is open, its window comes to the
   * front. Throws `busy` while another one is open or being built, and what `build` throws.
   */
  readonly open: (key: string, build: () => Promise<Subject>) => Promise<void>;
  readonly close: () => Promise<void>;
  readonly isSigning: () => boolean;
};
