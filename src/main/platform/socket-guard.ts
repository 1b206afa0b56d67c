/**
 * The second line behind `createOfflineChain`: refuses sockets inside a process, for code that does not ask the chain
 * module (a library that calls home, a mistake of ours). It is not a sandbox: native code and whoever patches the same
 * functions again can go around it. What proves that no socket is tried is the trace of system calls in the tests.
 *
 * SECURITY: children never need a network, so they refuse from their first line to their end; main refuses always but
 * while a session of an online workspace is open.
 */
import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

export class SocketRefused extends Error {
  override readonly name = 'SocketRefused';
  readonly code = 'ERR_SOCKET_REFUSED';
  constructor(what: string) {
    super(`${what}: this workspace opens no socket`);
  }
}

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Methods = Record<string, Method>;

/** Pipes and Unix sockets have a path; Electron and Node talk to their own processes over them. */
const isLocal = (first: unknown): boolean => {
  const target = Array.isArray(first) ? first[0] : first;
  if (typeof target === 'string') return Number.isNaN(Number(target));
  if (typeof target !== 'object' || target === null) return false;
  const { path, fd, _handle } = target as { path?: unknown; fd?: unknown; _handle?: unknown };
  return typeof path === 'string' || typeof fd === 'number' || _handle !== undefined;
};

let isRefusing = false;
let isInstalled = false;

const guard = (owner: object, name: string, what: string, isAllowed: (first: unknown) => boolean): void => {
  const methods = owner as Methods;
  const original = methods[name];
  if (typeof original !== 'function') return;
  methods[name] = function (this: unknown, ...args) {
    if (isRefusing && !isAllowed(args[0])) throw new SocketRefused(what);
    return Reflect.apply(original, this, args);
  };
};
const never = (): boolean => false;

const install = (): void => {
  isInstalled = true;
  guard(net.Socket.prototype, 'connect', 'connect', isLocal);
  guard(net.Server.prototype, 'listen', 'listen', isLocal);
  for (const name of ['bind', 'connect', 'send']) guard(dgram.Socket.prototype, name, 'datagram', never);
  const resolvers = [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype];
  for (const owner of resolvers)
    for (const name of Object.getOwnPropertyNames(owner))
      if (/^(?:lookup|resolve|reverse)/.test(name)) guard(owner, name, 'name resolution', never);
  // Named imports of what was replaced see the replacement too.
  syncBuiltinESMExports();
};

/** From now on, in this process. */
export const refuseSockets = (): void => {
  if (!isInstalled) install();
  isRefusing = true;
};
export const allowSockets = (): void => {
  isRefusing = false;
};
