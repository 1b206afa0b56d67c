import type { WireError } from '../../shared/errors';

/** Main → child. `call` starts work, `cancel` asks a running call to stop. Carried by structured clone (bigint, bytes). */
export type ParentMessage =
  | { readonly kind: 'call'; readonly id: number; readonly method: string; readonly input: unknown }
  | { readonly kind: 'cancel'; readonly id: number };

/** Child → main. A call ends with exactly one `done`; `progress` may come any number of times before it. */
export type ChildMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'done'; readonly id: number; readonly ok: true; readonly value: unknown }
  | {
      readonly kind: 'done';
      readonly id: number;
      readonly ok: false;
      readonly error: WireError;
      readonly cause?: string;
    };

/** What a handler in a child gets beside its input. */
export type CallContext = {
  /** Sends a progress value to the caller. */
  readonly progress: (value: unknown) => void;
  /** Aborted when the caller cancels. Handlers of long work check it between steps. */
  readonly signal: AbortSignal;
};

/** One method of a child: `Input → Output`, with `Progress` values on the way. */
export type ChildMethod<Input, Output, Progress = never> = {
  readonly input: Input;
  readonly output: Output;
  readonly progress: Progress;
};

/** The typed table of a child's methods, shared (as a type) by the child and its client. */
// biome-ignore lint/suspicious/noExplicitAny: the bound of a method table accepts every input type
export type ChildMethods = Record<string, ChildMethod<any, unknown, unknown>>;

export type ChildHandlers<M extends ChildMethods> = {
  readonly [K in keyof M]: (
    input: M[K]['input'],
    context: Omit<CallContext, 'progress'> & { readonly progress: (value: M[K]['progress']) => void },
  ) => Promise<M[K]['output']> | M[K]['output'];
};
