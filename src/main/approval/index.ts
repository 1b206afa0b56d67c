/**
 * The approval desk: what the approval window shows and answers, whoever opened it.
 *
 * Hides: the state of the one open document and the comparison by voice (./desk.ts).
 * Invariants: the main window can only ask for the window; a yes or no comes from the approval window, names the digest
 * that it shows, and carries the passphrase.
 * Callers: session.ts builds it; payments, envelopes and people open subjects on it; ipc binds `approval.*`.
 */
import type { ApprovalHandlers } from '../../shared/contract';
import type { NoteFacts } from '../journal';
import type { ApprovalDesk } from './desk';

export { createClockGuard } from './clock-guard';
export { type ApprovalDesk, createDesk, type DeskDeps } from './desk';
export type { Consent, Desk, Subject } from './types';

/** The whole contract of the approval window. `noteFacts`: for the journal, what came of a comparison and of what. */
export const approvalHandlers = (desk: ApprovalDesk, noteFacts: NoteFacts): ApprovalHandlers => ({
  'approval.document': async () => desk.document(),
  'approval.lines': async ({ offset, limit }) => desk.lines(offset, limit),
  'approval.approve': async (input) => desk.approve(input),
  'approval.reject': async (input) => {
    await desk.reject(input);
    return {};
  },
  'approval.cancelSigning': async () => {
    desk.cancelSigning();
    return {};
  },
  'approval.close': async () => {
    await desk.close();
    return {};
  },
  'approval.challenge': async () => ({ challenge: desk.challenge(), disagreedBefore: desk.hasDisagreed() }),
  'approval.compareWords': async ({ words }) => {
    const verdict = desk.compareWords(words);
    noteFacts({ agrees: verdict.agrees }, desk.document().digest);
    return verdict;
  },
  'approval.wordsFor': async ({ challenge }) => ({ words: desk.wordsFor(challenge) }),
});
