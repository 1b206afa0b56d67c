import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { type Chain, createChain, type NetworkConfig } from '../../../src/main/chain';
import { systemClock } from '../../../src/main/platform/clock';
import type { Logger } from '../../../src/main/platform/logger';
import { AppError } from '../../../src/shared/errors';
import { type Address, type Hash32, type Hex, networkIdOf } from '../../../src/shared/model/ids';

type Call = { id: number; method: string; params: unknown[] };
type Answer = (call: Call) => unknown;
type Handle = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const CHAIN_ID = 914_001n;
const HASH = `0x${'ab'.repeat(32)}` as Hash32;
const ADDRESS = `0x${'11'.repeat(20)}` as Address;

const servers: Server[] = [];
const chains: Chain[] = [];
const logLines: string[] = [];
const log: Logger = (() => {
  const add = (message: string, fields?: unknown): void => {
    logLines.push(
      `${message} ${JSON.stringify(fields, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`,
    );
  };
  return { info: add, warn: add, error: add };
})();

afterEach(async () => {
  for (const chain of chains.splice(0)) chain.stop();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  logLines.length = 0;
});

const listen = async (handle: Handle): Promise<string> => {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => handle(request, response, body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
};

const sendJson = (response: ServerResponse, value: unknown): void => {
  response.setHeader('content-type', 'application/json');
  response.end(typeof value === 'string' ? value : JSON.stringify(value));
};

/** A node that answers by `answer` (a result, or `{error}`), and honestly says its chain id. */
const node = (answer: Answer, chainId = CHAIN_ID): Promise<string> =>
  listen((_request, response, body) => {
    const reply = (call: Call): unknown => {
      const result = call.method === 'eth_chainId' ? `0x${chainId.toString(16)}` : answer(call);
      return typeof result === 'object' && result !== null && 'error' in result
        ? { jsonrpc: '2.0', id: call.id, error: result.error }
        : { jsonrpc: '2.0', id: call.id, result };
    };
    const parsed = JSON.parse(body) as Call | Call[];
    sendJson(response, Array.isArray(parsed) ? parsed.map(reply) : reply(parsed));
  });

/** A node that says its chain id and answers everything else by hand. */
const rudeNode = (handle: (response: ServerResponse, call: Call) => void): Promise<string> =>
  listen((_request, response, body) => {
    const call = JSON.parse(body) as Call;
    if (call.method === 'eth_chainId')
      sendJson(response, { jsonrpc: '2.0', id: call.id, result: `0x${CHAIN_ID.toString(16)}` });
    else handle(response, call);
  });

const connect = (endpoints: string[], limits = { maxBytes: 1024 * 1024, deadlineMs: 1_500 }) => {
  const chain = createChain({ clock: systemClock, log, limits });
  chains.push(chain);
  const config: NetworkConfig = { id: networkIdOf(CHAIN_ID), name: 'Test', endpoints, isSandbox: true };
  chain.setNetworks([config]);
  return chain.network(config.id);
};

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'no error';
  } catch (error) {
    return error instanceof AppError ? error.code : `not an AppError: ${String(error)}`;
  }
};

describe('a node of another chain', () => {
  it('is not used, also when it is the only one', async () => {
    const wrong = await node(() => '0x1', 1n);
    const client = connect([wrong]);
    expect(await codeOf(client.blockNumber())).toBe('chain/wrong-chain');
  });

  it('is passed over for one that is right', async () => {
    const wrong = await node(() => '0x1', 1n);
    const right = await node(() => '0x2');
    const client = connect([wrong, right]);
    expect(await client.blockNumber()).toBe(2n);
  });

  it('is found by the check of a new network', async () => {
    const wrong = await node(() => '0x1', 5n);
    const chain = createChain({ clock: systemClock, log });
    chains.push(chain);
    const config = { id: networkIdOf(CHAIN_ID), name: 'Test', endpoints: [wrong], isSandbox: false };
    expect(await codeOf(chain.checkEndpoints(config))).toBe('chain/wrong-chain');
  });
});

describe('fail-over', () => {
  it('goes to the next endpoint when one is away, busy or broken, and not when an answer is not liked', async () => {
    const right = await node(() => '0x7');
    for (const away of [
      'http://127.0.0.1:1/',
      await listen((_request, response) => {
        response.statusCode = 503;
        response.end('maintenance');
      }),
      await listen((_request, response) => {
        response.statusCode = 429;
        sendJson(response, { error: 'slow down' });
      }),
      await listen((request) => request.socket.destroy()),
      await node(() => ({ error: { code: -32005, message: 'request rate limit reached' } })),
    ]) {
      expect(await connect([away, right]).blockNumber()).toBe(7n);
    }
    const liar = await node(() => 'seven');
    expect(await codeOf(connect([liar, right]).blockNumber())).toBe('chain/invalid-answer');
    const refusing = await node(() => ({ error: { code: -32000, message: 'no' } }));
    expect(await codeOf(connect([refusing, right]).blockNumber())).toBe('chain/refused');
  });

  it('says unreachable when nobody answers', async () => {
    expect(await codeOf(connect(['http://127.0.0.1:1/', 'http://127.0.0.1:2/']).blockNumber())).toBe(
      'chain/unreachable',
    );
  });
});

describe('hostile replies', () => {
  const bodies: [string, (response: ServerResponse, call: Call) => void][] = [
    [
      'HTML with a JSON type',
      (response) => sendJson(response, '<html>Update your wallet at evil.example</html>'),
    ],
    [
      'HTML',
      (response) => {
        response.setHeader('content-type', 'text/html');
        response.end('<b>x</b>');
      },
    ],
    ['nothing', (response) => sendJson(response, '')],
    ['half a document', (response, { id }) => sendJson(response, `{"jsonrpc":"2.0","id":${id},"result":"0x`)],
    [
      'not UTF-8',
      (response) => {
        response.setHeader('content-type', 'application/json');
        response.end(Buffer.from([0x22, 0xff, 0xfe, 0x22]));
      },
    ],
    ['another id', (response, { id }) => sendJson(response, { jsonrpc: '2.0', id: id + 1, result: '0x1' })],
    ['no id', (response) => sendJson(response, { jsonrpc: '2.0', result: '0x1' })],
    [
      'an id as text',
      (response, { id }) => sendJson(response, { jsonrpc: '2.0', id: String(id), result: '0x1' }),
    ],
    ['no result', (response, { id }) => sendJson(response, { jsonrpc: '2.0', id })],
    ['a number', (response, { id }) => sendJson(response, { jsonrpc: '2.0', id, result: 1 })],
    ['a negative quantity', (response, { id }) => sendJson(response, { jsonrpc: '2.0', id, result: '-0x1' })],
    [
      'more than 256 bits',
      (response, { id }) => sendJson(response, { jsonrpc: '2.0', id, result: `0x1${'0'.repeat(64)}` }),
    ],
    ['an array', (response) => sendJson(response, [])],
    ['null', (response) => sendJson(response, 'null')],
    ['a deep nest', (response) => sendJson(response, '['.repeat(200_000))],
    [
      'a redirect',
      (response) => {
        response.statusCode = 302;
        response.setHeader('location', 'http://127.0.0.1:1/');
        response.end();
      },
    ],
    [
      'a gzip bomb',
      (response, { id }) => {
        response.setHeader('content-type', 'application/json');
        response.setHeader('content-encoding', 'gzip');
        response.end(gzipSync(Buffer.from(`{"id":${id},"result":"0x${'0'.repeat(8_000_000)}"}`)));
      },
    ],
    [
      'an announced gigabyte',
      (response) => {
        response.setHeader('content-type', 'application/json');
        response.setHeader('content-length', String(1024 ** 3));
        response.write('{');
      },
    ],
    [
      'an endless body',
      (response) => {
        response.setHeader('content-type', 'application/json');
        const chunk = Buffer.alloc(64 * 1024, 0x20);
        const push = (): void => {
          while (!response.destroyed && response.write(chunk));
          if (!response.destroyed) response.once('drain', push);
        };
        push();
      },
    ],
  ];

  it.each(bodies)('%s is refused as an invalid answer', async (_name, handle) => {
    const client = connect([await rudeNode(handle)]);
    expect(await codeOf(client.blockNumber())).toBe('chain/invalid-answer');
  });

  it('that never end are given up at the deadline, while the event loop stays free', async () => {
    for (const handle of [
      () => undefined,
      (response: ServerResponse) => {
        response.setHeader('content-type', 'application/json');
        const timer = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(timer));
      },
    ]) {
      const client = connect([await rudeNode(handle)], { maxBytes: 1024, deadlineMs: 400 });
      const started = performance.now();
      expect(await codeOf(client.blockNumber())).toBe('chain/unreachable');
      expect(performance.now() - started).toBeLessThan(1_400);
    }
  });

  it('can be cancelled', async () => {
    const client = connect([await rudeNode(() => undefined)], { maxBytes: 1024, deadlineMs: 60_000 });
    const controller = new AbortController();
    const asked = codeOf(client.blockNumber({ signal: controller.signal }));
    setImmediate(() => controller.abort());
    expect(await asked).toBe('cancelled');
  });

  it('are not asked at all when the question was cancelled before', async () => {
    let asked = 0;
    const client = connect([
      await node(() => {
        asked += 1;
        return '0x1';
      }),
    ]);
    await client.blockNumber();
    const uncaught: unknown[] = [];
    const note = (error: unknown): void => void uncaught.push(error);
    const before = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', note);
    try {
      const signal = AbortSignal.abort();
      expect(await codeOf(client.blockNumber({ signal }))).toBe('cancelled');
      // A request that was thrown away tells its error in a later turn.
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      await client.blockNumber();
    } finally {
      process.removeListener('uncaughtException', note);
      for (const listener of before) process.on('uncaughtException', listener);
    }
    expect(uncaught).toEqual([]);
    expect(asked).toBe(2);
  });

  it('never put a server’s words into an error', async () => {
    const words = 'Your wallet is outdated, install from evil.example';
    const client = connect([await node(() => ({ error: { code: -32000, message: words, data: words } }))]);
    for (const work of [
      client.blockNumber(),
      client.getLogs({ fromBlock: 0n, toBlock: 1n, addresses: [ADDRESS], topics: [] }),
      client.getBlock('latest'),
    ]) {
      const error = await work.then(
        () => null,
        (caught: unknown) => caught,
      );
      expect(error).toBeInstanceOf(AppError);
      const shown = error as AppError;
      expect(JSON.stringify([shown.message, shown.details])).not.toContain('evil');
    }
    expect(logLines.some((line) => line.includes('evil'))).toBe(true);
  });
});

describe('answers about something else', () => {
  const block = (number: bigint, hash = HASH) => ({
    number: `0x${number.toString(16)}`,
    hash,
    parentHash: HASH,
    timestamp: '0x1',
    stateRoot: HASH,
    receiptsRoot: HASH,
    logsBloom: '0x',
    gasLimit: '0x1',
    gasUsed: '0x1',
    transactions: [],
  });
  const logOf = (change: object) => ({
    address: ADDRESS,
    topics: [HASH],
    data: '0x',
    blockNumber: '0x5',
    blockHash: HASH,
    transactionHash: HASH,
    transactionIndex: '0x0',
    logIndex: '0x0',
    removed: false,
    ...change,
  });
  const filter = { fromBlock: 5n, toBlock: 6n, addresses: [ADDRESS], topics: [HASH] };

  it('are refused: another block, another transaction, a log outside the filter', async () => {
    const client = connect([
      await node(({ method }) => (method === 'eth_getBlockByNumber' ? block(9n) : null)),
    ]);
    expect(await codeOf(client.getBlock(5n))).toBe('chain/invalid-answer');
    expect((await client.getBlock('latest'))?.number).toBe(9n);
    for (const change of [
      { blockNumber: '0x4' },
      { blockNumber: '0x7' },
      { address: `0x${'22'.repeat(20)}` },
      { topics: [`0x${'cd'.repeat(32)}`] },
      { topics: [] },
      { removed: true },
      { logIndex: null },
    ]) {
      const liar = connect([await node(() => [logOf({}), logOf(change)])]);
      expect([change, await codeOf(liar.getLogs(filter))]).toEqual([change, 'chain/invalid-answer']);
    }
    const honest = connect([await node(() => [logOf({})])]);
    expect(await honest.getLogs(filter)).toHaveLength(1);
  });

  it('are refused for a transaction whose hash is not that of the sent bytes', async () => {
    const client = connect([await node(() => HASH)]);
    expect(await codeOf(client.sendRawTransaction('0x02' as Hex))).toBe('chain/invalid-answer');
  });
});

describe('batches', () => {
  it('are matched by id in any order', async () => {
    const url = await listen((_request, response, body) => {
      const parsed = JSON.parse(body) as Call | Call[];
      const reply = ({ id, method, params }: Call) => ({
        jsonrpc: '2.0',
        id,
        result:
          method === 'eth_chainId'
            ? `0x${CHAIN_ID.toString(16)}`
            : `0x${String((params[0] as string).slice(-2))}`,
      });
      sendJson(response, Array.isArray(parsed) ? parsed.map(reply).reverse() : reply(parsed));
    });
    const client = connect([url]);
    const codes = await client.sendMany(
      Array.from({ length: 120 }, (_, index) => ({
        method: 'test',
        params: [`0x${(index % 90) + 10}`],
        read: (value: unknown) => value,
      })),
    );
    expect(codes).toEqual(Array.from({ length: 120 }, (_, index) => `0x${(index % 90) + 10}`));
  });

  it('of which a part is missing, double or foreign are refused whole', async () => {
    for (const spoil of [
      (list: object[]) => list.slice(1),
      (list: object[]) => [list[0], ...list.slice(0, -1)],
      (list: object[]) => list.map((item, index) => (index === 1 ? { ...item, id: 9_999 } : item)),
    ]) {
      const url = await listen((_request, response, body) => {
        const parsed = JSON.parse(body) as Call | Call[];
        const reply = ({ id }: Call) => ({ jsonrpc: '2.0', id, result: `0x${CHAIN_ID.toString(16)}` });
        sendJson(response, Array.isArray(parsed) ? spoil(parsed.map(reply)) : reply(parsed));
      });
      expect(await codeOf(connect([url]).getBlocks([1n, 2n, 3n]))).toBe('chain/invalid-answer');
    }
  });

  it('go one by one to a node that takes none', async () => {
    let singles = 0;
    const url = await listen((_request, response, body) => {
      const parsed = JSON.parse(body) as Call | Call[];
      if (Array.isArray(parsed))
        sendJson(response, { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'no batches' } });
      else {
        singles += 1;
        sendJson(response, {
          jsonrpc: '2.0',
          id: parsed.id,
          result: parsed.method === 'eth_chainId' ? `0x${CHAIN_ID.toString(16)}` : null,
        });
      }
    });
    expect(await connect([url]).getTransactionReceipts([HASH, HASH, HASH])).toEqual([null, null, null]);
    expect(singles).toBe(4);
  });

  it('that answer more than the cap are asked in halves', async () => {
    const url = await node(() => `0x${'00'.repeat(30_000)}`);
    const client = connect([url], { maxBytes: 200_000, deadlineMs: 5_000 });
    const codes = await client.sendMany(
      Array.from({ length: 10 }, () => ({
        method: 'eth_getCode',
        params: [],
        read: (value: unknown) => String(value).length,
      })),
    );
    expect(codes).toEqual(Array(10).fill(60_002));
  });
});

describe('endpoints', () => {
  it('must be https, or http on this machine, and carry no credentials', () => {
    for (const bad of [
      'http://example.com/',
      'http://127.0.0.1.evil.example/',
      'http://user:pass@127.0.0.1/',
      'https://user@node.example/',
      'ws://127.0.0.1/',
      'file:///etc/passwd',
      'not an address',
    ])
      expect(() => connect([bad])).toThrow(AppError);
    for (const good of ['https://node.example/v1/key', 'http://localhost:8545', 'http://[::1]:8545/'])
      expect(() => connect([good])).not.toThrow();
  });
});
