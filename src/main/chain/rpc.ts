/**
 * JSON-RPC 2.0 over several endpoints of one network.
 *
 * Hides: batches, ids, which endpoint serves, fail-over. Invariants: an endpoint serves only after it said the right
 * chain id; fail-over happens for availability alone, never because an answer was not liked.
 */
import { AppError } from '../../shared/errors';
import type { Logger } from '../platform/logger';
import { HttpError, type PostJson, parseEndpoint } from './http';
import { isUnavailable } from './rpc-errors';
import { Quantity, RpcAnswer, type RpcErrorBody } from './schemas';

/** One question and how its answer is read. Built by requests.ts. */
export type RpcRequest<T> = {
  readonly method: string;
  readonly params: readonly unknown[];
  /** Throws when the answer is not of the promised form. */
  readonly read: (result: unknown) => T;
  /** Turns a refusal into a value; without it, or when it gives `undefined`, a refusal throws `chain/refused`. */
  readonly readError?: (error: RpcErrorBody) => T | undefined;
};

export type RpcOptions = { readonly signal?: AbortSignal };

export type Rpc = {
  readonly send: <T>(request: RpcRequest<T>, options?: RpcOptions) => Promise<T>;
  /** Many questions in few exchanges; answers in the order of the questions. Fails whole. */
  readonly sendMany: <T>(requests: readonly RpcRequest<T>[], options?: RpcOptions) => Promise<T[]>;
};

type Endpoint = {
  readonly url: URL;
  /** For logs: the host alone, because paths may carry access keys. */
  readonly host: string;
  verifiedAt: number | null;
  state: 'unknown' | 'right' | 'wrong';
  batchSize: number;
};

export type RpcDeps = {
  readonly chainId: bigint;
  readonly endpoints: readonly string[];
  readonly postJson: PostJson;
  readonly monotonicMs: () => number;
  readonly log: Logger;
};

const VERIFY_AGAIN_MS = 30_000;
const MAX_BATCH = 50;
const PARALLEL_BATCHES = 3;

/** Nothing usable came from this endpoint: the next one may be asked. */
class Unavailable extends Error {}

export const createRpc = ({ chainId, endpoints, postJson, monotonicMs, log }: RpcDeps): Rpc => {
  const known: Endpoint[] = endpoints.map((text) => {
    const url = parseEndpoint(text);
    return { url, host: url.host, verifiedAt: null, state: 'unknown', batchSize: MAX_BATCH };
  });
  let preferred = 0;
  let nextId = 1;

  const refusal = (request: RpcRequest<unknown>, error: RpcErrorBody, endpoint: Endpoint): AppError => {
    log.warn('node refused', {
      method: request.method,
      code: error.code,
      text: error.message,
      host: endpoint.host,
    });
    return new AppError('chain/refused', { method: request.method, rpcCode: Math.trunc(error.code) });
  };

  const invalid = (method: string, cause: unknown): AppError =>
    new AppError('chain/invalid-answer', { method }, { cause });

  const post = async (
    endpoint: Endpoint,
    body: unknown,
    method: string,
    signal?: AbortSignal,
  ): Promise<unknown> => {
    try {
      return await postJson(endpoint.url, JSON.stringify(body), signal);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      if (error.fault === 'cancelled') throw new AppError('cancelled');
      log.warn('endpoint failed', { host: endpoint.host, method, fault: error.fault, reason: error.message });
      if (error.fault === 'too-large')
        throw new AppError('chain/invalid-answer', { method, reason: 'too-large' });
      if (error.fault === 'invalid') throw new AppError('chain/invalid-answer', { method, reason: 'form' });
      endpoint.verifiedAt = null;
      throw new Unavailable(error.fault);
    }
  };

  /** Reads one answer and checks that it belongs to the question. */
  const settle = <T>(request: RpcRequest<T>, answer: RpcAnswer, endpoint: Endpoint): T => {
    if ('error' in answer) {
      const value = request.readError?.(answer.error);
      if (value !== undefined) return value;
      if (isUnavailable(answer.error)) {
        log.warn('node unavailable', {
          host: endpoint.host,
          code: answer.error.code,
          text: answer.error.message,
        });
        throw new Unavailable('refused for now');
      }
      throw refusal(request, answer.error, endpoint);
    }
    try {
      return request.read(answer.result);
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw invalid(request.method, error);
    }
  };

  const ask = async <T>(endpoint: Endpoint, request: RpcRequest<T>, signal?: AbortSignal): Promise<T> => {
    const id = nextId++;
    const body = { jsonrpc: '2.0', id, method: request.method, params: request.params };
    const answer = RpcAnswer.safeParse(await post(endpoint, body, request.method, signal));
    if (!answer.success) throw invalid(request.method, answer.error);
    const isOwn = answer.data.id === id || ('error' in answer.data && answer.data.id === null);
    if (!isOwn) throw invalid(request.method, new Error('answer to another question'));
    return settle(request, answer.data, endpoint);
  };

  const askBatch = async <T>(
    endpoint: Endpoint,
    requests: readonly RpcRequest<T>[],
    signal?: AbortSignal,
  ): Promise<T[]> => {
    const first = requests[0];
    if (!first) return [];
    if (requests.length === 1 || endpoint.batchSize === 1) {
      const values: T[] = [];
      for (const request of requests) values.push(await ask(endpoint, request, signal));
      return values;
    }
    const start = nextId;
    nextId += requests.length;
    const body = requests.map(({ method, params }, index) => ({
      jsonrpc: '2.0',
      id: start + index,
      method,
      params,
    }));
    let answers: unknown;
    try {
      answers = await post(endpoint, body, `batch of ${first.method}`, signal);
    } catch (error) {
      // An answer beyond the cap may fit in two.
      if (!(error instanceof AppError) || error.details?.reason !== 'too-large') throw error;
      const half = Math.ceil(requests.length / 2);
      return [
        ...(await askBatch(endpoint, requests.slice(0, half), signal)),
        ...(await askBatch(endpoint, requests.slice(half), signal)),
      ];
    }
    if (!Array.isArray(answers)) {
      // A node without batches, or with smaller ones: one by one from now on.
      endpoint.batchSize = 1;
      return askBatch(endpoint, requests, signal);
    }
    if (answers.length !== requests.length) throw invalid(first.method, new Error('batch of another length'));
    const byId = new Map<number, RpcAnswer>();
    for (const item of answers) {
      const answer = RpcAnswer.safeParse(item);
      if (!answer.success) throw invalid(first.method, answer.error);
      if (typeof answer.data.id === 'number') byId.set(answer.data.id, answer.data);
    }
    return requests.map((request, index) => {
      const answer = byId.get(start + index);
      if (!answer) throw invalid(request.method, new Error('answer to another question'));
      return settle(request, answer, endpoint);
    });
  };

  /** SECURITY: no endpoint is used before it says that it serves this chain, and it is asked again after failures. */
  const verify = async (endpoint: Endpoint, signal?: AbortSignal): Promise<boolean> => {
    const now = monotonicMs();
    if (
      endpoint.state === 'right' &&
      endpoint.verifiedAt !== null &&
      now - endpoint.verifiedAt < VERIFY_AGAIN_MS
    )
      return true;
    const found = await ask(
      endpoint,
      { method: 'eth_chainId', params: [], read: (value) => Quantity.parse(value) },
      signal,
    );
    endpoint.state = found === chainId ? 'right' : 'wrong';
    endpoint.verifiedAt = now;
    if (found !== chainId)
      log.error('endpoint serves another chain', { host: endpoint.host, found, expected: chainId });
    return found === chainId;
  };

  const withEndpoint = async <T>(
    work: (endpoint: Endpoint) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> => {
    let wrong = 0;
    let unreadable: AppError | undefined;
    for (let offset = 0; offset < known.length; offset++) {
      const index = (preferred + offset) % known.length;
      const endpoint = known[index];
      if (!endpoint) continue;
      try {
        if (!(await verify(endpoint, signal))) {
          wrong += 1;
          continue;
        }
      } catch (error) {
        // A server that cannot even say its chain id is no endpoint of this network (a portal, a proxy's error page).
        if (error instanceof AppError && error.code !== 'cancelled') unreadable = error;
        else if (!(error instanceof Unavailable)) throw error;
        continue;
      }
      try {
        const value = await work(endpoint);
        preferred = index;
        return value;
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
      }
    }
    if (wrong > 0) throw new AppError('chain/wrong-chain', { expected: chainId, endpoints: wrong });
    throw unreadable ?? new AppError('chain/unreachable', { chainId });
  };

  const send = <T>(request: RpcRequest<T>, options: RpcOptions = {}): Promise<T> =>
    withEndpoint((endpoint) => ask(endpoint, request, options.signal), options.signal);

  const sendMany = async <T>(requests: readonly RpcRequest<T>[], options: RpcOptions = {}): Promise<T[]> => {
    const results: T[][] = [];
    const chunks: (readonly RpcRequest<T>[])[] = [];
    for (let at = 0; at < requests.length; at += MAX_BATCH) chunks.push(requests.slice(at, at + MAX_BATCH));
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let at = next++; at < chunks.length; at = next++) {
        const chunk = chunks[at] ?? [];
        results[at] = await withEndpoint(
          (endpoint) => askBatch(endpoint, chunk, options.signal),
          options.signal,
        );
      }
    };
    await Promise.all(Array.from({ length: Math.min(PARALLEL_BATCHES, chunks.length) }, worker));
    return results.flat();
  };

  return { send, sendMany };
};
