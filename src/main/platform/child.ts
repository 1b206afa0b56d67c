/**
 * The parent's half of the typed request/reply with a child process.
 *
 * Hides: message ids, deadlines, cancellation, what happens to open calls when the child dies.
 * Invariants: every call settles; after the child's end every call fails with `child/crashed`.
 * Callers: compose.ts starts children; domains get a {@link ChildClient} injected.
 */
import { AppError, fromWire } from '../../shared/errors';
import type { ChildMessage, ChildMethods, ParentMessage } from './child-protocol';

/** A running process that exchanges messages: utilityProcess in the app, `fork` in Node. */
export type ChildPort = {
  readonly post: (message: ParentMessage) => void;
  readonly onMessage: (listener: (message: ChildMessage) => void) => void;
  readonly onExit: (listener: (code: number | null) => void) => void;
  /** Ends the process at once. */
  readonly kill: () => void;
  readonly pid: () => number | undefined;
};

/** Starts the child whose bundle is `<name>.process`, e.g. `vault`, `ledger`, `iso20022`. */
export type SpawnChild = (name: string) => ChildPort;

export type CallOptions<Progress> = {
  readonly onProgress?: (value: Progress) => void;
  readonly signal?: AbortSignal;
  /** Milliseconds after which the call fails with `child/timeout`. Without it the call may take as long as it needs. */
  readonly deadline?: number;
};

export type ChildClient<M extends ChildMethods> = {
  readonly call: <K extends keyof M & string>(
    method: K,
    input: M[K]['input'],
    options?: CallOptions<M[K]['progress']>,
  ) => Promise<M[K]['output']>;
  /** Ends the process and resolves when it is gone. */
  readonly stop: () => Promise<void>;
  readonly onExit: (listener: (code: number | null) => void) => void;
  readonly isAlive: () => boolean;
  readonly pid: () => number | undefined;
};

type OpenCall = {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((value: never) => void) | undefined;
  readonly finish: () => void;
};

export const connectChild = <M extends ChildMethods>(
  port: ChildPort,
  onInternal?: (method: string, cause: string) => void,
): ChildClient<M> => {
  const open = new Map<number, OpenCall & { method: string }>();
  const exitListeners: ((code: number | null) => void)[] = [];
  let nextId = 1;
  let alive = true;

  port.onMessage((message) => {
    if (message.kind === 'ready') return;
    const call = open.get(message.id);
    if (!call) return;
    if (message.kind === 'progress') {
      call.onProgress?.(message.value as never);
      return;
    }
    open.delete(message.id);
    call.finish();
    if (message.ok) call.resolve(message.value);
    else {
      if (message.cause !== undefined) onInternal?.(call.method, message.cause);
      call.reject(fromWire(message.error));
    }
  });

  port.onExit((code) => {
    alive = false;
    for (const call of open.values()) {
      call.finish();
      call.reject(new AppError('child/crashed', { method: call.method, exitCode: code ?? -1 }));
    }
    open.clear();
    for (const listener of exitListeners) listener(code);
  });

  return {
    call: (method, input, options) =>
      new Promise((resolve, reject) => {
        if (!alive) {
          reject(new AppError('child/crashed', { method }));
          return;
        }
        if (options?.signal?.aborted) {
          reject(new AppError('cancelled'));
          return;
        }
        const id = nextId++;
        const abort = () => port.post({ kind: 'cancel', id });
        const timer =
          options?.deadline === undefined
            ? undefined
            : setTimeout(() => {
                open.delete(id);
                abort();
                reject(new AppError('child/timeout', { method }));
              }, options.deadline);
        options?.signal?.addEventListener('abort', abort, { once: true });
        open.set(id, {
          method,
          resolve: resolve as (value: unknown) => void,
          reject,
          onProgress: options?.onProgress as ((value: never) => void) | undefined,
          finish: () => {
            clearTimeout(timer);
            options?.signal?.removeEventListener('abort', abort);
          },
        });
        port.post({ kind: 'call', id, method, input });
      }),
    stop: () =>
      new Promise((resolve) => {
        if (!alive) {
          resolve();
          return;
        }
        exitListeners.push(() => resolve());
        port.kill();
      }),
    onExit: (listener) => {
      exitListeners.push(listener);
    },
    isAlive: () => alive,
    pid: port.pid,
  };
};
