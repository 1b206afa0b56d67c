/**
 * POSTs JSON and reads JSON under hard limits. The answer's text never leaves this module except parsed.
 */
import http from 'node:http';
import https from 'node:https';
import { AppError } from '../../shared/errors';

/** Caps for one exchange. */
export type HttpLimits = { readonly maxBytes: number; readonly deadlineMs: number };
export const DEFAULT_LIMITS: HttpLimits = { maxBytes: 16 * 1024 * 1024, deadlineMs: 15_000 };

/**
 * Why an exchange failed. `unavailable`: nothing usable came (another endpoint may be asked); `too-large`: more than the
 * cap; `invalid`: something came that is not a plain JSON answer.
 */
export type HttpFault = 'unavailable' | 'timeout' | 'too-large' | 'invalid' | 'cancelled';

export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly fault: HttpFault;
  constructor(fault: HttpFault, reason: string) {
    super(reason);
    this.fault = fault;
  }
}

const LOOPBACK_HOSTS = new Set(['127.0.0.1', '[::1]', 'localhost']);

/**
 * Reads an endpoint address. https anywhere; http only on this machine (sandbox, own node).
 * SECURITY: no user names or passwords in addresses, because addresses are shown and logged.
 */
export const parseEndpoint = (text: string): URL => {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new AppError('chain/endpoint-invalid', { reason: 'not an address' });
  }
  if (url.username !== '' || url.password !== '')
    throw new AppError('chain/endpoint-invalid', { reason: 'credentials' });
  if (url.protocol === 'https:') return url;
  if (url.protocol === 'http:' && LOOPBACK_HOSTS.has(url.hostname)) return url;
  throw new AppError('chain/endpoint-invalid', { reason: 'not https' });
};

export type PostJson = (url: URL, body: string, signal?: AbortSignal) => Promise<unknown>;

const UNAVAILABLE_STATUS = new Set([408, 425, 429, 500, 502, 503, 504]);

export type HttpClient = {
  readonly postJson: PostJson;
  /** Cuts off what is under way and refuses what comes later: nothing is sent any more. */
  readonly close: () => void;
};

export const createHttpClient = (limits: HttpLimits = DEFAULT_LIMITS): HttpClient => {
  const agentOptions = { keepAlive: true, maxSockets: 8, maxFreeSockets: 4 };
  const agents = { 'http:': new http.Agent(agentOptions), 'https:': new https.Agent(agentOptions) };

  let isClosed = false;

  const exchange = (url: URL, body: string, signal: AbortSignal | undefined): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      // Before a request exists: to destroy one that nobody listens to yet is an uncaught error of the whole process.
      if (isClosed || signal?.aborted) {
        reject(new HttpError('cancelled', isClosed ? 'closed' : 'cancelled'));
        return;
      }
      const isSecure = url.protocol === 'https:';
      const request = (isSecure ? https : http).request(url, {
        method: 'POST',
        agent: isSecure ? agents['https:'] : agents['http:'],
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          // SECURITY: nothing compressed, so that the cap on bytes is a cap on memory.
          'accept-encoding': 'identity',
          'content-length': Buffer.byteLength(body),
        },
      });
      const fail = (fault: HttpFault, reason: string): void => {
        finish();
        reject(new HttpError(fault, reason));
        request.destroy();
      };
      const timer = setTimeout(() => fail('timeout', 'deadline passed'), limits.deadlineMs);
      const abort = (): void => fail('cancelled', 'cancelled');
      const finish = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      };
      signal?.addEventListener('abort', abort, { once: true });
      request.on('error', (error) => {
        const code = (error as NodeJS.ErrnoException).code ?? error.name;
        // A kept connection that the server had closed meanwhile: the caller may try once more.
        fail('unavailable', request.reusedSocket && code === 'ECONNRESET' ? STALE : code);
      });
      request.on('response', (response) => {
        const status = response.statusCode ?? 0;
        if (UNAVAILABLE_STATUS.has(status)) return fail('unavailable', `status ${status}`);
        // SECURITY: redirects are not followed; another host is another endpoint, which nobody approved.
        if (status < 200 || status > 299) {
          // JSON-RPC servers answer some errors with 4xx and a JSON body; it is read like any other.
          if (status < 400) return fail('invalid', `status ${status}`);
        }
        const encoding = response.headers['content-encoding'];
        if (encoding !== undefined && encoding !== 'identity') return fail('invalid', 'compressed');
        if (!/^application\/(?:[a-z.-]+\+)?json\b/i.test(response.headers['content-type'] ?? ''))
          return fail(status >= 400 ? 'unavailable' : 'invalid', `no JSON, status ${status}`);
        if (Number(response.headers['content-length'] ?? 0) > limits.maxBytes)
          return fail('too-large', 'announced too large');
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > limits.maxBytes) fail('too-large', 'too large');
          else chunks.push(chunk);
        });
        response.on('aborted', () => fail('unavailable', 'cut off'));
        response.on('error', () => fail('unavailable', 'cut off'));
        response.on('end', () => {
          finish();
          resolve(Buffer.concat(chunks));
        });
      });
      request.end(body);
    });

  const postJson: PostJson = async (url, body, signal) => {
    const read = async (): Promise<Buffer> => {
      try {
        return await exchange(url, body, signal);
      } catch (error) {
        if (error instanceof HttpError && error.message === STALE) return exchange(url, body, signal);
        throw error;
      }
    };
    const bytes = await read();
    try {
      return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch {
      throw new HttpError('invalid', 'not JSON');
    }
  };

  return {
    postJson,
    close: () => {
      isClosed = true;
      agents['http:'].destroy();
      agents['https:'].destroy();
    },
  };
};

const STALE = 'stale connection';
