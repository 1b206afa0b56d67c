/** A replica on real parts: real ledger process, real database file, real chain; only the directory is a fixture. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hex } from 'viem';
import { type Chain, createChain } from '../../../src/main/chain';
import { createLedgerChild, createReplica, type LedgerChild, type Replica } from '../../../src/main/ledger';
import { connectChild } from '../../../src/main/platform/child';
import { systemClock } from '../../../src/main/platform/clock';
import type { Logger } from '../../../src/main/platform/logger';
import { sealTo } from '../../../src/main/platform/sealed-box';
import type { AppEvent } from '../../../src/shared/contract';
import type { Network, OwnAccount, Token, TokenInterface } from '../../../src/shared/model/directory';
import {
  type AccountId,
  type Address,
  type CurrencyCode,
  type Hash32,
  type KeyId,
  networkIdOf,
  tokenIdOf,
} from '../../../src/shared/model/ids';
import { encodeTokenCall } from '../../sandbox/deploy';
import { type ProfileKey, type Sandbox, type SandboxKey, treasuryKey } from '../../sandbox/index';
import { createSender } from '../../sandbox/sender';
import { bundleChildren } from '../../support/bundle-children';
import { createSpawnNode, type SpawnTap } from '../../support/spawn-node';

const INTERFACES: Readonly<Record<ProfileKey, readonly TokenInterface[]>> = {
  J: [],
  F: ['blacklist', 'pause', 'eip3009', 'eip2612'],
  S: ['freeze', 'pause', 'redemption'],
  T: ['erc7943', 'memo', 'pause'],
  R: ['erc7943', 'erc1404', 'memo'],
};

const HASH = `0x${'0'.repeat(64)}` as Hash32;

export type Facts = {
  readonly network: Network;
  readonly tokens: readonly Token[];
  readonly accounts: readonly OwnAccount[];
};

/** The sandbox as the directory would have it. */
export const factsOf = (sandbox: Sandbox, endpoint = sandbox.rpcUrl): Facts => {
  const id = networkIdOf(BigInt(sandbox.chainId));
  const verification = { state: 'own' as const, sources: [], note: null };
  return {
    network: {
      id,
      name: 'Sandbox',
      endpoints: [endpoint],
      finality: { kind: 'tag', tag: 'finalized' },
      fees: 'eip1559',
      nativeCurrency: { symbol: 'ETH', decimals: 18 },
      startBlock: 0n,
      isSandbox: true,
      verification,
    },
    tokens: sandbox.description.tokens.map((token) => ({
      id: tokenIdOf(id, token.address),
      networkId: id,
      address: token.address as Address,
      name: token.name,
      symbol: token.symbol,
      currency: token.currency as CurrencyCode,
      decimals: token.decimals,
      issuer: { name: token.issuer.name, bic: null, memberId: null, lei: null, country: null },
      state: 'active',
      lockReason: null,
      approved: {
        probedAt: '2026-01-01T00:00:00Z',
        blockNumber: 0n,
        blockHash: HASH,
        codeHash: HASH,
        implementation: null,
        implementationCodeHash: null,
        proxyKind: 'erc1967',
        name: token.name,
        symbol: token.symbol,
        decimals: token.decimals,
        currency: token.currency,
        interfaces: [...INTERFACES[token.profile]],
      },
      observed: null,
      referenceSuffix: true,
      verification,
    })),
    accounts: sandbox.description.treasury.accounts.map((account) => ({
      id: `acc_${String(account.index).padStart(24, '0')}` as AccountId,
      name: account.name,
      kind: 'key',
      keyId: `key_${String(account.index).padStart(24, '0')}` as KeyId,
      address: account.address as Address,
      entity: { name: 'Company', lei: null },
      externalIds: [],
    })),
  };
};

export type Rig = {
  readonly ledger: LedgerChild;
  readonly chain: Chain;
  readonly replica: Replica;
  readonly events: AppEvent[];
  readonly logs: string[];
  /** Ends everything, keeps the files. */
  readonly close: () => Promise<void>;
};

export type Home = {
  readonly folder: string;
  readonly file: string;
  readonly key: Uint8Array;
  readonly remove: () => void;
};

export const createHome = (): Home => {
  const folder = mkdtempSync(join(tmpdir(), 'nostro-replica-'));
  return {
    folder,
    file: join(folder, 'ledger.db'),
    key: new Uint8Array(randomBytes(32)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};

export const silentLog = (lines: string[] = []): Logger => {
  const add = (message: string, fields?: unknown): void => {
    lines.push(
      `${message} ${JSON.stringify(fields, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`,
    );
  };
  return { info: add, warn: add, error: add };
};

export const openLedger = async (
  home: Home,
  log: string[] = [],
  tap: SpawnTap = {},
): Promise<LedgerChild> => {
  const folder = await bundleChildren(['ledger.process']);
  const spawn = createSpawnNode(folder, tap);
  const ledger = createLedgerChild({
    connect: () => connectChild(spawn('ledger'), (method, cause) => log.push(`${method}: ${cause}`)),
  });
  await ledger.open({
    file: home.file,
    sealKey: async (publicKey) => sealTo(publicKey, home.key),
    sealJournalKey: async (publicKey) => sealTo(publicKey, home.key),
  });
  return ledger;
};

export const openRig = async (home: Home, facts: () => Facts, tap: SpawnTap = {}): Promise<Rig> => {
  const events: AppEvent[] = [];
  const logs: string[] = [];
  const ledger = await openLedger(home, logs, tap);
  const chain = createChain({ clock: systemClock, log: silentLog(logs) });
  chain.setNetworks([facts().network]);
  const replica = createReplica({
    store: ledger.store('ledger'),
    chain,
    directory: {
      networks: async () => [facts().network],
      tokens: async () => facts().tokens,
      accounts: async () => facts().accounts,
    },
    clock: systemClock,
    log: silentLog(logs),
    emit: (event) => events.push(event),
  });
  return {
    ledger,
    chain,
    replica,
    events,
    logs,
    close: async () => {
      chain.stop();
      await replica.stop();
      await ledger.close();
    },
  };
};

export type Payer = (
  key: SandboxKey,
  profile: ProfileKey,
  name: string,
  args: readonly unknown[],
) => Promise<Hex>;

export const createPayer = (sandbox: Sandbox): Payer => {
  const sender = createSender({
    rpc: sandbox.rpc,
    chainId: sandbox.chainId,
    mineIfManual: async () => undefined,
  });
  return async (key, profile, name, args) => {
    const [sent] = await sender.send(key, [
      { to: sandbox.token(profile).address, data: encodeTokenCall(name, args) },
    ]);
    if (!sent) throw new Error('nothing was sent');
    return sent.hash;
  };
};

export const NO_FILTER = {
  search: '',
  accountId: null,
  tokenId: null,
  currency: null,
  direction: null,
  from: null,
  to: null,
} as const;

/** Waits for a condition; fails with the last value after 20 seconds. */
export const until = async <T>(read: () => Promise<T> | T, isMet: (value: T) => boolean): Promise<T> => {
  const end = Date.now() + 20_000;
  for (;;) {
    const value = await read();
    if (isMet(value)) return value;
    if (Date.now() > end)
      throw new Error(
        `not met: ${JSON.stringify(value, (_key, member: unknown) => (typeof member === 'bigint' ? String(member) : member))}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

/** Every holding must equal what the token says at the very block the holding names, read from the node directly. */
export const compareWithChain = async (rig: Rig, sandbox: Sandbox, facts: Facts): Promise<number> => {
  const holdings = await rig.ledger.store('ledger').holdings();
  let compared = 0;
  for (const holding of holdings) {
    const account = facts.accounts.find(({ id }) => id === holding.accountId);
    const token = facts.tokens.find(({ id }) => id === holding.tokenId);
    if (!account || !token) throw new Error('a holding of nobody');
    const data = encodeTokenCall('balanceOf', [account.address]);
    const answer = (await sandbox.rpc.call(
      'eth_call',
      { to: token.address, data },
      `0x${(holding.asOfBlock ?? 0n).toString(16)}`,
    )) as Hex;
    if (BigInt(answer) !== holding.balance || !holding.isReconciled)
      throw new Error(`${token.symbol} of ${account.name}: ${holding.balance} ≠ ${BigInt(answer)}`);
    compared += 1;
  }
  return compared;
};

/** A node in front of the sandbox that refuses wide questions, as public services do. */
export type LimitingProxy = {
  readonly url: string;
  /** Widths in blocks of the log questions that came, with whether they were answered. */
  readonly asked: { readonly width: bigint; readonly answered: boolean }[];
  limit: bigint;
  readonly close: () => Promise<void>;
};

export const startLimitingProxy = async (target: string, limit: bigint): Promise<LimitingProxy> => {
  type Call = { id: number; method: string; params: { fromBlock?: string; toBlock?: string }[] };
  const forward = async (call: Call): Promise<unknown> => {
    if (call.method === 'eth_getLogs') {
      const [filter] = call.params;
      const width = BigInt(filter?.toBlock ?? 0) - BigInt(filter?.fromBlock ?? 0) + 1n;
      const answered = width <= proxy.limit;
      proxy.asked.push({ width, answered });
      if (!answered)
        return {
          jsonrpc: '2.0',
          id: call.id,
          error: { code: -32005, message: 'query returned more than 10000 results' },
        };
    }
    const answer = await fetch(target, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(call),
    });
    return answer.json();
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const parsed = JSON.parse(body) as Call | Call[];
      void (Array.isArray(parsed) ? Promise.all(parsed.map(forward)) : forward(parsed)).then(
        (value) => {
          response.setHeader('content-type', 'application/json');
          response.end(JSON.stringify(value));
        },
        () => response.destroy(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: LimitingProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked: [],
    limit,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
};

export const ownKey = (index: number): SandboxKey => treasuryKey(index);
