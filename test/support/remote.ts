/** A store as the main side has it: the same methods, answering promises, everything copied on its way. */
import type { Remote } from '../../src/main/ledger';

export const remoteOf = <S extends object>(store: S): Remote<S> =>
  new Proxy(store, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return undefined;
      return async (...args: unknown[]) =>
        structuredClone(method.apply(target, structuredClone(args)) as unknown);
    },
  }) as unknown as Remote<S>;
