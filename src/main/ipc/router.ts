/**
 * From a window's request to an answer, without Electron: the same router serves the app and the Chromium lane.
 *
 * Hides: which handler belongs to which window, schema checks in both directions, the order of commands, which errors
 * may leave. Invariants: a window reaches its own contract and nothing else; nothing leaves that its contract does not
 * declare; commands run one at a time unless declared concurrent; no input is ever logged.
 * Callers: ipc/server.ts, and test lanes that have no Electron.
 */
import { randomBytes } from 'node:crypto';
import {
  type ApprovalHandlers,
  COMMON_ERRORS,
  contractOf,
  type MainHandlers,
  type WindowKind,
} from '../../shared/contract';
import type { Contract } from '../../shared/contract/define';
import { AppError, type ErrorCode, type Result, toWire, type WireError } from '../../shared/errors';
import type { Logger } from '../platform/logger';

export type WindowHandlers = { readonly main: MainHandlers; readonly approval: ApprovalHandlers };

/** What happened to a command; the journal's raw material. Never holds input or output. */
export type DispatchRecord = {
  readonly window: WindowKind;
  readonly method: string;
  readonly outcome: 'ok' | ErrorCode;
};

export type Router = {
  /** Never rejects. `method` and `input` come from a renderer and are not trusted. */
  readonly dispatch: (window: WindowKind, method: unknown, input: unknown) => Promise<Result<unknown>>;
};

type RouterDeps = {
  readonly handlers: WindowHandlers;
  /** Whether the vault is open; methods that need it answer `vault/locked` otherwise. */
  readonly isUnlocked: () => boolean;
  readonly log: Logger;
  /** Called after every command, also refused ones. */
  readonly onCommand?: (record: DispatchRecord) => void;
};

const newIncident = (): string => randomBytes(6).toString('hex');

/** Names the place of the first problem, never the value. */
const describeInput = (path: readonly PropertyKey[] | undefined): string =>
  (path ?? []).map(String).join('.').slice(0, 120);

export const createRouter = (deps: RouterDeps): Router => {
  const { handlers, isUnlocked, log, onCommand } = deps;
  let lastCommand: Promise<unknown> = Promise.resolve();

  /** Runs `work` after every command that came before it. */
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = lastCommand.then(work, work);
    lastCommand = turn.catch(() => undefined);
    return turn;
  };

  const toAnswer = (method: string, declared: readonly ErrorCode[], error: unknown): WireError => {
    const isDeclared =
      error instanceof AppError &&
      error.code !== 'internal' &&
      (declared.includes(error.code) || (COMMON_ERRORS as readonly ErrorCode[]).includes(error.code));
    if (isDeclared) return toWire(error, '');
    const incident = newIncident();
    log.error('undeclared error', { method, incident, error });
    return { code: 'internal', incident };
  };

  const dispatch: Router['dispatch'] = async (window, method, input) => {
    const contract: Contract = contractOf[window];
    if (typeof method !== 'string' || !Object.hasOwn(contract, method)) {
      log.warn('unknown method', { window });
      return { ok: false, error: { code: 'ipc/unknown-method' } };
    }
    const spec = contract[method];
    const handler = (handlers[window] as Record<string, (input: unknown) => Promise<unknown>>)[method];
    if (!spec || !handler) return { ok: false, error: { code: 'ipc/unknown-method' } };

    const run = async (): Promise<Result<unknown>> => {
      try {
        const parsed = spec.input.safeParse(input);
        if (!parsed.success) {
          throw new AppError('ipc/invalid-input', { field: describeInput(parsed.error.issues[0]?.path) });
        }
        // Asked at the moment of running: a command may have waited while the vault locked.
        if (!spec.whileLocked && !isUnlocked()) throw new AppError('vault/locked');
        const output = await handler(parsed.data);
        // SECURITY: what was read while the vault was open does not arrive after it locked.
        if (spec.kind === 'query' && !spec.whileLocked && !isUnlocked()) throw new AppError('vault/locked');
        // SECURITY: the schema is strict, so a field that the contract does not name cannot leave.
        const checked = spec.output.safeParse(output);
        if (!checked.success) {
          throw new Error(
            `${method} answered outside its contract at ${describeInput(checked.error.issues[0]?.path)}`,
          );
        }
        return { ok: true, value: checked.data };
      } catch (error) {
        return { ok: false, error: toAnswer(method, spec.errors, error) };
      }
    };

    const result = await (spec.kind === 'command' && !spec.concurrent ? inOrder(run) : run());
    if (spec.kind === 'command') {
      onCommand?.({ window, method, outcome: result.ok ? 'ok' : result.error.code });
    }
    return result;
  };

  return { dispatch };
};
