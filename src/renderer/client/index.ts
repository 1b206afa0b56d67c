/**
 * The renderer's way to the main side: one typed function per method of the contract, and one stream of events.
 *
 * Hides `window.bridge`, the envelope of results and errors, and the detection of missed events. Invariants: calls
 * reject with AppError and nothing else; no other folder touches the bridge. Called from app and features.
 */
import type { MainClient, mainContract } from '../../shared/contract';
import { createClient } from './bridge';
import { type EventListener, subscribeToEvents } from './events';

export const client: MainClient = createClient<typeof mainContract>(() => window.bridge);

export const subscribe = (listener: EventListener): (() => void) =>
  subscribeToEvents(window.bridge, listener);

export type { EventListener } from './events';
