/** JSON-RPC over HTTP to the sandbox node, single calls and batches. */

export type RpcCall = readonly [method: string, params: readonly unknown[]];

export type Rpc = {
  readonly url: string;
  /** Result of one call; throws {@link RpcFailure} for an error answer. */
  readonly call: (method: string, ...params: readonly unknown[]) => Promise<unknown>;
  /** Results in the order of the calls; throws at the first error answer. */
  readonly batch: (calls: readonly RpcCall[]) => Promise<readonly unknown[]>;
};

export class RpcFailure extends Error {
  override readonly name = 'RpcFailure';
  constructor(
    readonly method: string,
    message: string,
    /** Revert data, where the node gives it. */
    readonly data: string | null,
  ) {
    super(`${method}: ${message}`);
  }
}

type Answer = {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly data?: unknown };
};

const resultOf = (method: string, answer: Answer): unknown => {
  if (answer.error === undefined) return answer.result;
  const data = answer.error.data;
  throw new RpcFailure(method, answer.error.message, typeof data === 'string' ? data : null);
};

const post = async (url: string, body: unknown): Promise<unknown> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`the sandbox node answered ${response.status}`);
  return response.json();
};

export const createRpc = (url: string): Rpc => ({
  url,
  call: async (method, ...params) => {
    const answer = (await post(url, { jsonrpc: '2.0', id: 1, method, params })) as Answer;
    return resultOf(method, answer);
  },
  batch: async (calls) => {
    if (calls.length === 0) return [];
    const body = calls.map(([method, params], id) => ({ jsonrpc: '2.0', id, method, params }));
    const answers = new Map(
      ((await post(url, body)) as readonly Answer[]).map((answer) => [answer.id, answer]),
    );
    return calls.map(([method], id) => {
      const answer = answers.get(id);
      if (answer === undefined) throw new Error(`the sandbox node left ${method} unanswered`);
      return resultOf(method, answer);
    });
  },
});
