/**
 * The approval window's client: one document, its lines, and the answers to it. A separate file, so that the window's
 * bundle holds nothing of the other contract.
 */
import type { ApprovalClient, approvalContract } from '../../shared/contract';
import { createClient } from './bridge';
import { type EventListener, subscribeToEvents } from './events';

export const approvals: ApprovalClient = createClient<typeof approvalContract>(() => window.bridge);

export const subscribeApprovals = (listener: EventListener): (() => void) =>
  subscribeToEvents(window.bridge, listener);
