/**
 * Opens envelope files in a process of their own.
 *
 * Invariants: one process a file, ended when the call settles, however it settles; nothing of a file arrives before all of
 * it was verified there.
 */
import { AppError } from '../../shared/errors';
import type { Act, EnvelopeLine } from '../../shared/model/envelope';
import type { ChildClient, SpawnChild } from '../platform/child';
import type { EnvelopeMethods, OpenedHead, OpenSource } from './messages';

export type { OpenedHead, OpenSource };

/** 10,000 lines take a few seconds. */
const DEADLINE_MS = 120_000;

export type EnvelopeOpenerDeps = {
  readonly spawn: SpawnChild;
  /** `connectChild` of platform/child, injected because domains import platform as types only. */
  readonly connect: (
    port: ReturnType<SpawnChild>,
    onInternal?: (method: string, cause: string) => void,
  ) => ChildClient<EnvelopeMethods>;
  /** The text that the child gives for an internal error: for the log, never for a window. */
  readonly onInternal?: (method: string, cause: string) => void;
  readonly deadlineMs?: number;
};

export type OpenHandlers = {
  readonly signal?: AbortSignal;
  /** Called once, first, for an envelope. A promise is waited for before the lines come. */
  readonly onHead?: (head: OpenedHead) => void | Promise<void>;
  /** At most 500 at a time, in order. */
  readonly onLines?: (from: number, lines: readonly EnvelopeLine[]) => void | Promise<void>;
};

export type Opened =
  | ({ readonly format: 'envelope'; readonly acts: readonly Act[] } & OpenedHead)
  | { readonly format: 'policy' | 'person'; readonly bytes: Uint8Array };

export type EnvelopeOpener = {
  /**
   * Throws `file/*` (for a path), `envelope/malformed`, `envelope/newer-version`, `envelope/not-canonical`,
   * `envelope/digest-mismatch`, `envelope/inconsistent`, `envelope/bad-signature`, `envelope/conflict`, `cancelled`,
   * `child/timeout`, `child/crashed`, and what a handler throws.
   */
  readonly open: (source: OpenSource, handlers?: OpenHandlers) => Promise<Opened>;
};

export const createEnvelopeOpener = (deps: EnvelopeOpenerDeps): EnvelopeOpener => ({
  open: async (source, { signal, onHead, onLines } = {}) => {
    if (signal?.aborted) throw new AppError('cancelled');
    const client = deps.connect(deps.spawn('envelope'), deps.onInternal);
    // The child computes for seconds without looking up: what cancels it is its end.
    const cancel = (): void => void client.stop();
    signal?.addEventListener('abort', cancel, { once: true });
    let head: OpenedHead | undefined;
    let failure: { readonly cause: unknown } | undefined;
    let handled: Promise<void> = Promise.resolve();
    const handle = (work: () => void | Promise<void>): void => {
      handled = handled
        .then(() => (failure === undefined && !signal?.aborted ? work() : undefined))
        .catch((cause: unknown) => {
          failure ??= { cause };
        });
    };
    try {
      const output = await client.call('open', source, {
        deadline: deps.deadlineMs ?? DEADLINE_MS,
        onProgress: (value) => {
          if (value.kind === 'lines') handle(() => onLines?.(value.from, value.lines));
          else {
            const { kind: _, ...opened } = value;
            head = opened;
            handle(() => onHead?.(opened));
          }
        },
      });
      await handled;
      if (failure !== undefined) throw failure.cause;
      if (signal?.aborted) throw new AppError('cancelled');
      if (output.format !== 'envelope') return output;
      if (head === undefined) throw new Error('the child answered without a head');
      return { format: 'envelope', acts: output.acts, ...head };
    } catch (error) {
      await handled;
      if (signal?.aborted) throw new AppError('cancelled', {}, { cause: error });
      throw error;
    } finally {
      signal?.removeEventListener('abort', cancel);
      await client.stop();
    }
  },
});
