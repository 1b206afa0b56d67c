import type { Bridge, Client, Contract } from '../../shared/contract';
import { AppError, fromWire, isErrorCode } from '../../shared/errors';

declare global {
  interface Window {
    /** Put there by the window's preload. This folder is its only caller. */
    readonly bridge: Bridge;
  }
}

const asAppError = (error: unknown): AppError =>
  error instanceof AppError ? error : new AppError('internal', undefined, { cause: error });

/**
 * The client of a contract: every method of it, as a function that rejects with {@link AppError} alone.
 *
 * The names live in the types; at run time a method is whatever is asked for, and main refuses names it does not know.
 */
export const createClient = <C extends Contract>(bridge: () => Bridge): Client<C> => {
  const methods = new Map<string, (input: unknown) => Promise<unknown>>();
  const bind = (method: string) => async (input: unknown) => {
    let result: Awaited<ReturnType<Bridge['invoke']>>;
    try {
      result = await bridge().invoke(method, input);
    } catch (error) {
      // The transport itself failed (window closing, value that cannot be cloned).
      throw asAppError(error);
    }
    if (result.ok) return result.value;
    throw isErrorCode(result.error.code) ? fromWire(result.error) : new AppError('internal');
  };
  return new Proxy({} as Client<C>, {
    get: (_target, name) => {
      if (typeof name !== 'string') return undefined;
      const known = methods.get(name);
      if (known) return known;
      const method = bind(name);
      methods.set(name, method);
      return method;
    },
  });
};
