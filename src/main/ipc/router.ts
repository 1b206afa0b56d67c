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
import { Hash32 } from '../../shared/model/ids';
import type { Logger } from '../platform/logger';

export type WindowHandlers = { readonly main: MainHandlers; readonly approval: ApprovalHandlers };

/** What happened to a command; the journal's raw material. Holds no output, and of the input only what {@link idsOf} takes. */
export type DispatchRecord = {
  readonly window: WindowKind;
  readonly method: string;
  readonly outcome: 'ok' | ErrorCode;
  /** Digest that the command named. */
  readonly digest: Hash32 | null;
  /** Ids that the command named, by their field. */
  readonly ids: Readonly<Record<string, string>>;
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
  /** Runs a command so that what it does is known as its doing. */
  readonly scope?: <T>(
    command: { readonly window: WindowKind; readonly method: string },
    work: () => Promise<T>,
  ) => Promise<T>;
  /** Called after every command, also refused ones, within its scope and before its answer leaves. */
  readonly onCommand?: (record: DispatchRecord) => unknown;
};

/** Fields that hold an id of the app's own making, or a chain's. SECURITY: by name, so that nothing else of an input is kept. */
const ID_FIELDS = [
  'accountId',
  'batchId',
  'counterpartyId',
  'id',
  'importId',
  'networkId',
  'paymentId',
  'tokenId',
];
/** `bat_…`, `eip155:…/erc20:0x…`. No free text has this form. */
const ID_FORM = /^(?:[a-z]{3}_[0-9a-z]{10,32}|eip155:[0-9]{1,18}(?:\/erc20:0x[0-9a-f]{40})?)$/;

const idsOf = (input: unknown): Pick<DispatchRecord, 'digest' | 'ids'> => {
  const fields = typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {};
  const ids = ID_FIELDS.flatMap((name) => {
    const value = fields[name];
    return typeof value === 'string' && ID_FORM.test(value) ? [[name, value] as const] : [];
  });
  return { digest: Hash32.safeParse(fields.digest).data ?? null, ids: Object.fromEntries(ids) };
};

const newIncident = (): string => randomBytes(6).toString('hex');

/** Names the place of the first problem, never the value. */
const describeInput = (path: readonly PropertyKey[] | undefined): string =>
  (path ?? []).map(String).join('.').slice(0, 120);

export const createRouter = (deps: RouterDeps): Router => {
  const { handlers, isUnlocked, log, scope = (_command, work) => work(), onCommand } = deps;
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

    const named: { digest: Hash32 | null; ids: Readonly<Record<string, string>> } = { digest: null, ids: {} };
    const run = async (): Promise<Result<unknown>> => {
      try {
        const parsed = spec.input.safeParse(input);
        if (!parsed.success) {
          throw new AppError('ipc/invalid-input', { field: describeInput(parsed.error.issues[0]?.path) });
        }
        Object.assign(named, idsOf(parsed.data));
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

    if (spec.kind !== 'command') return run();
    const perform = (): Promise<Result<unknown>> =>
      scope({ window, method }, async () => {
        const result = await run();
        try {
          await onCommand?.({ window, method, outcome: result.ok ? 'ok' : result.error.code, ...named });
        } catch (error) {
          // The command has happened: its answer leaves.
          log.error('command not recorded', { method, error });
        }
        return result;
      });
    return spec.concurrent ? perform() : inOrder(perform);
  };

  return { dispatch };
};
