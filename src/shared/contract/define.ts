import { z } from 'zod';
import type { ErrorCode } from '../errors';

/**
 * One method of the contract. Main parses `input` strictly and checks `output` before it leaves; only the declared
 * `errors` leave by name (and the codes every method may give: {@link COMMON_ERRORS}).
 *
 * `query`: reads only, may run beside anything. `command`: changes something; commands run one at a time, except those
 * marked `concurrent` (long work that reports progress, and what cancels it).
 */
export type Method<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = {
  readonly kind: 'query' | 'command';
  readonly concurrent: boolean;
  /** May be called while the vault is locked. Everything else answers `vault/locked`. */
  readonly whileLocked: boolean;
  readonly input: I;
  readonly output: O;
  readonly errors: readonly ErrorCode[];
};

/** Codes that any method may answer. */
export const COMMON_ERRORS = [
  'internal',
  'cancelled',
  'busy',
  'ipc/unknown-method',
  'ipc/forbidden-sender',
  'ipc/invalid-input',
  'child/crashed',
  'child/timeout',
  'vault/locked',
  'ledger/closed',
  'ledger/corrupt',
  'ledger/unwritable',
  'disk/full',
] as const satisfies readonly ErrorCode[];

/** Reading a file that a person chose. */
export const FILE_ERRORS = [
  'file/not-found',
  'file/not-regular',
  'file/too-large',
  'file/unreadable',
  'file/changed-while-reading',
] as const satisfies readonly ErrorCode[];

/** Asking a network. */
export const CHAIN_ERRORS = [
  'chain/unreachable',
  'chain/wrong-chain',
  'chain/invalid-answer',
  'chain/refused',
  'chain/offline',
] as const satisfies readonly ErrorCode[];

export const Empty = z.strictObject({});
/** What a save dialog came to: the file's name, `null` when it was cancelled. */
export const Saved = z.strictObject({ saved: z.string().nullable() });

type Options = { readonly concurrent?: boolean; readonly whileLocked?: boolean };

export const query = <I extends z.ZodType, O extends z.ZodType>(
  input: I,
  output: O,
  errors: readonly ErrorCode[] = [],
  options: Options = {},
): Method<I, O> => ({
  kind: 'query',
  concurrent: true,
  whileLocked: options.whileLocked ?? false,
  input,
  output,
  errors,
});

export const command = <I extends z.ZodType, O extends z.ZodType>(
  input: I,
  output: O,
  errors: readonly ErrorCode[] = [],
  options: Options = {},
): Method<I, O> => ({
  kind: 'command',
  concurrent: options.concurrent ?? false,
  whileLocked: options.whileLocked ?? false,
  input,
  output,
  errors,
});

// biome-ignore lint/suspicious/noExplicitAny: the bound of a method table accepts every schema
export type Contract = Readonly<Record<string, Method<any, any>>>;

/** What the main side implements for a contract: parsed input in, output out, AppError thrown. */
export type Handlers<C extends Contract> = {
  readonly [K in keyof C]: (input: z.output<C[K]['input']>) => Promise<z.input<C[K]['output']>>;
};

/** What a renderer calls: the same methods, rejecting with AppError. */
export type Client<C extends Contract> = {
  readonly [K in keyof C]: (input: z.input<C[K]['input']>) => Promise<z.output<C[K]['output']>>;
};
