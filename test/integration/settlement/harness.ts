/**
 * The signing and settling half of the main side on real parts: the encrypted store, the chain module, a sandbox node.
 * Keys are the sandbox's public ones; the vault is the real child process where a test asks for it.
 */
import { keccak256 } from 'viem';
import { createDesk } from '../../../src/main/approval';
import { createChain } from '../../../src/main/chain';
import { findChanges, probeToken } from '../../../src/main/directory/probe';
import type { Remote } from '../../../src/main/ledger';
import type { Db } from '../../../src/main/ledger/driver';
import { fromJson, toJson } from '../../../src/main/ledger/json';
import {
  createSettlementStore,
  type SettlementStore,
} from '../../../src/main/ledger/stores/settlement-store';
import { createApproval } from '../../../src/main/payments/approval';
import { createPreflight } from '../../../src/main/payments/preflight';
import { documentHash, newReference } from '../../../src/main/payments/reference';
import type { Clock } from '../../../src/main/platform/clock';
import { createNewId } from '../../../src/main/platform/ids';
import {
  type ChainPort,
  createChainPort,
  createSettlement,
  FALLBACK_GAS,
  gasLimitFor,
  type Pace,
  planFees,
} from '../../../src/main/settlement';
import { type Vault, voiceWords } from '../../../src/main/vault';
import { digestWords } from '../../../src/main/vault/digest-words';
import { digestOf } from '../../../src/main/vault/request-check';
import type { AppEvent } from '../../../src/shared/contract';
import { AppError } from '../../../src/shared/errors';
import type { Network, OwnAccount, Token } from '../../../src/shared/model/directory';
import {
  type AccountId,
  type Address,
  BatchId,
  type Hash32,
  type Hex,
  type KeyId,
  NetworkId,
  PaymentId,
  type TokenId,
  tokenIdOf,
} from '../../../src/shared/model/ids';
import type { Payment } from '../../../src/shared/model/payments';
import type { SandboxDescription } from '../../sandbox';
import { treasuryKey } from '../../sandbox/keys';

export const PASSPHRASE = 'gravel-Umbrella 71 sundial thermos';

export const silentLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Methods of a store as main has them: answers later, and only what survives structured cloning. */
export const remoteOf = <S extends object>(store: S): Remote<S> =>
  new Proxy(store, {
    get: (target, name) => {
      const method = target[name as keyof S] as unknown;
      if (typeof method !== 'function') return undefined;
      return async (...args: unknown[]) => {
        await new Promise((resolve) => setImmediate(resolve));
        return structuredClone((method as (...given: unknown[]) => unknown)(...structuredClone(args)));
      };
    },
  }) as unknown as Remote<S>;

/** Signs as the vault does, with the sandbox's keys, in this process. */
export type TestSigner = Pick<Vault, 'signBatch' | 'digestWords'> & {
  calls: number;
  /** Told after each signature. */
  onSigned: (count: number) => void;
};

export const createTestSigner = (): TestSigner => {
  const signer: TestSigner = {
    calls: 0,
    onSigned: () => undefined,
    digestWords,
    signBatch: async (...[{ content, digest, passphrase }, options]: Parameters<Vault['signBatch']>) => {
      signer.calls += 1;
      if (passphrase !== PASSPHRASE) throw new AppError('vault/wrong-passphrase');
      if (digestOf(content) !== digest) throw new AppError('vault/digest-mismatch');
      const signed = [];
      for (const { transaction, paymentId, debtorAddress } of content.items) {
        if (options?.signal?.aborted) throw new AppError('cancelled');
        const key = [0, 1, 2].map(treasuryKey).find(({ address }) => address === debtorAddress);
        if (!key) throw new AppError('vault/unknown-key');
        const common = {
          chainId: Number(transaction.chainId),
          nonce: Number(transaction.nonce),
          to: transaction.to as `0x${string}`,
          data: transaction.data as `0x${string}`,
          gas: BigInt(transaction.gas),
        };
        const raw = await key.signTransaction(
          transaction.type === 'eip1559'
            ? {
                ...common,
                type: 'eip1559',
                maxFeePerGas: BigInt(transaction.maxFeePerGas),
                maxPriorityFeePerGas: BigInt(transaction.maxPriorityFeePerGas),
              }
            : { ...common, type: 'legacy', gasPrice: BigInt(transaction.gasPrice) },
        );
        signed.push({
          paymentId,
          raw: raw as Hex,
          hash: keccak256(raw) as Hash32,
          from: debtorAddress,
          nonce: BigInt(transaction.nonce),
        });
        options?.onProgress?.({ signed: signed.length, total: content.items.length });
        signer.onSigned(signed.length);
      }
      return { signed };
    },
  };
  return signer;
};

export type PaymentInput = {
  readonly token: Token;
  readonly to: string;
  readonly units: bigint;
  /** Index of the own account that pays. */
  readonly from?: number;
};

export type HarnessOptions = {
  readonly db: Db;
  readonly description: SandboxDescription;
  /** Overrides parts of the network, e.g. its finality. */
  readonly network?: Partial<Network>;
  readonly vault?: Pick<Vault, 'signBatch' | 'digestWords'>;
  /** Own accounts; the sandbox treasury's with made-up key ids when left out. */
  readonly accounts?: readonly OwnAccount[];
  readonly pace?: Partial<Pace>;
  /** Puts a fault between settlement and the network. */
  readonly wrapChain?: (port: ChainPort) => ChainPort;
  readonly clock?: Clock;
  /** The store in its own process; over `db` in this one when left out. */
  readonly store?: Remote<SettlementStore>;
};

export const testAccounts = (description: SandboxDescription): OwnAccount[] =>
  description.treasury.accounts.map(({ index, name, address }) => ({
    id: `acc_test00000000000000000${index}` as AccountId,
    name,
    kind: 'key',
    keyId: `key_test00000000000000000${index}` as KeyId,
    address: address as Address,
    entity: { name: description.company.name, lei: description.company.lei },
    externalIds: [],
  }));

export const createHarness = async (options: HarnessOptions) => {
  const { db, description } = options;
  const clock: Clock = options.clock ?? {
    now: () => new Date(),
    monotonicMs: () => Number(process.hrtime.bigint() / 1_000_000n),
  };
  const network: Network = {
    id: NetworkId.parse(description.caip2),
    name: 'Sandbox',
    endpoints: [description.rpcUrl],
    finality: { kind: 'depth', blocks: 1 },
    fees: 'eip1559',
    nativeCurrency: { symbol: 'SBX', decimals: 18 },
    startBlock: 0n,
    isSandbox: true,
    verification: { state: 'own', sources: [], note: null },
    ...options.network,
  };
  const chain = createChain({ clock, log: silentLog });
  chain.setNetworks([network]);
  const port = (options.wrapChain ?? ((given) => given))(createChainPort(chain));
  const accounts = options.accounts ?? testAccounts(description);
  const tokens = new Map<string, Token>();
  const addToken = async (address: string, profile: string, change: Partial<Token> = {}): Promise<Token> => {
    const probe = await probeToken(chain.network(network.id), clock, address as Address);
    const known = description.tokens.find((entry) => entry.address === address);
    const token: Token = {
      id: tokenIdOf(network.id, address),
      networkId: network.id,
      address: address as Address,
      name: probe.name,
      symbol: probe.symbol,
      currency: (known?.currency ?? 'USD') as Token['currency'],
      decimals: probe.decimals,
      issuer: { name: known?.issuer.name ?? 'Bank', bic: null, memberId: null, lei: null, country: null },
      state: 'active',
      lockReason: null,
      approved: probe,
      observed: null,
      referenceSuffix: true,
      verification: { state: 'own', sources: [], note: null },
      ...change,
    };
    tokens.set(token.id, token);
    tokens.set(profile, token);
    return token;
  };
  for (const { address, profile } of description.tokens) await addToken(address, profile);
  const verifyToken = async (id: TokenId): Promise<{ token: Token }> => {
    const token = tokens.get(id);
    if (!token) throw new AppError('directory/token-unknown', { tokenId: id });
    if (token.approved === null) return { token };
    const now = await probeToken(chain.network(network.id), clock, token.address);
    const isChanged = findChanges(token.approved, now).length > 0;
    return { token: isChanged ? { ...token, state: 'changed' } : token };
  };
  const events: AppEvent[] = [];
  const store: Remote<SettlementStore> = options.store ?? remoteOf(createSettlementStore(db));
  const vault = options.vault ?? createTestSigner();
  const windows = { opened: 0, closed: 0 };
  const approvalRef: { current: ReturnType<typeof createApproval> | null } = { current: null };
  const settlement = createSettlement({
    store,
    chain: port,
    network: async () => network,
    verifyToken,
    openReplacement: async (plan) => {
      await approvalRef.current?.openReplacement(plan);
      return null;
    },
    clock,
    emit: (event) => events.push(event),
    log: silentLog,
    pace: { busyMs: 10, idleMs: () => 60, stuckAfterMs: () => 1_500, ...options.pace },
  });
  const desk = createDesk({
    windows: {
      openApproval: async () => {
        windows.opened += 1;
      },
      closeApproval: () => {
        windows.closed += 1;
      },
    },
    voiceWords,
    requireClock: async () => undefined,
    emit: (event) => events.push(event),
    clock,
    log: silentLog,
  });
  const paying = createApproval({
    store,
    chain: port,
    network: async () => network,
    account: async (id) => {
      const account = accounts.find((entry) => entry.id === id);
      if (!account) throw new AppError('directory/account-unknown', { accountId: id });
      return account;
    },
    verifyToken,
    counterparty: async (id) => {
      throw new AppError('directory/counterparty-unknown', { counterpartyId: id });
    },
    vault,
    settlement,
    planFees,
    fallbackGas: FALLBACK_GAS,
    desk,
    emit: (event) => events.push(event),
    emitToApproval: () => undefined,
    clock,
    log: silentLog,
    isTestRuntime: false,
  });
  approvalRef.current = paying;
  /** What is asked for, and what the window answers. */
  const approval = { ...desk, ...paying };
  const preflight = createPreflight({
    store,
    chain: port,
    network: async () => network,
    verifyToken,
    planFees,
    gasLimitFor,
    clock,
    emit: (event) => events.push(event),
  });
  const newId = createNewId(clock);

  const createBatch = (inputs: readonly PaymentInput[]): BatchId => {
    const batchId = BatchId.parse(newId('bat'));
    const at = clock.now().toISOString();
    const source = {
      kind: 'form',
      format: 'form',
      fileName: null,
      sha256: null,
      sizeBytes: null,
      messageId: null,
    };
    db.prepare(
      `INSERT INTO batches (id, source, created_at, updated_at, released_holds, dropped_lines, search)
       VALUES (?, ?, ?, ?, '[]', 0, '')`,
    ).run(batchId, toJson(source), at, at);
    for (const [index, input] of inputs.entries()) {
      const account = accounts[input.from ?? 0];
      if (!account) throw new Error('no such own account');
      const reference = newReference();
      const document = `{"e2e":"${reference}"}`;
      db.prepare(
        `INSERT INTO payments (id, batch_id, position, status, end_to_end_id, reference, requested_date,
           debtor_account_id, debtor_address, debtor_name, token_id, currency, units, decimals, creditor_name,
           creditor_account, creditor_address, creditor_key, creditor_look, document, doc_hash, search, updated_at)
         VALUES (?, ?, ?, 'ACTC', ?, ?, '2026-11-23', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, '', ?)`,
      ).run(
        PaymentId.parse(newId('pay')),
        batchId,
        index,
        `E2E-${reference}`,
        reference,
        account.id,
        account.address,
        account.entity.name,
        input.token.id,
        input.token.currency,
        input.units.toString(),
        input.token.decimals,
        `Supplier ${index}`,
        input.to,
        input.to,
        input.to.toLowerCase(),
        document,
        documentHash(document),
        at,
      );
    }
    return batchId;
  };

  type Shown = {
    id: PaymentId;
    status: Payment['status'];
    reason: string | null;
    reference: string;
    endToEndId: string;
    docHash: string;
    preflight: Payment['preflight'];
    settlement: Payment['settlement'];
  };
  const payments = (batchId: BatchId): Shown[] =>
    db
      .prepare('SELECT * FROM payments WHERE batch_id = ? ORDER BY position')
      .all<Record<string, string | null>>(batchId)
      .map((row) => ({
        id: PaymentId.parse(row.id),
        status: row.status as Payment['status'],
        reason: row.reason_code ?? null,
        reference: row.reference ?? '',
        endToEndId: row.end_to_end_id ?? '',
        docHash: row.doc_hash ?? '',
        preflight: row.preflight == null ? null : fromJson(row.preflight),
        settlement: row.settlement == null ? null : fromJson(row.settlement),
      }));

  return {
    network,
    chain,
    port,
    store,
    settlement,
    approval,
    preflight,
    events,
    windows,
    vault,
    tokens,
    accounts,
    addToken,
    createBatch,
    payments,
    token: (profile: string): Token => {
      const token = tokens.get(profile);
      if (!token) throw new Error(`no token ${profile}`);
      return token;
    },
    /** Pre-flight, request, approve. */
    approveBatch: async (batchId: BatchId): Promise<void> => {
      await preflight.run(batchId);
      await approval.request(batchId);
      await approval.approve({ digest: approval.document().digest, passphrase: PASSPHRASE });
    },
    stop: async () => {
      await approval.close();
      await settlement.stop();
      chain.stop();
    },
  };
};

export type Harness = Awaited<ReturnType<typeof createHarness>>;

/** Polls until `check` gives something other than undefined, or fails with what was seen last. */
export const waitFor = async <T>(
  check: () => T | undefined | Promise<T | undefined>,
  what: string,
  timeoutMs = 20_000,
): Promise<T> => {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await check();
    if (value !== undefined) return value;
    if (Date.now() > end) throw new Error(`gave up waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
};

/** Waits until every payment of a batch is at one of `stages`. */
export const waitForStages = (
  harness: Harness,
  batchId: BatchId,
  stages: readonly string[],
  timeoutMs?: number,
): Promise<ReturnType<Harness['payments']>> =>
  waitFor(
    () => {
      const all = harness.payments(batchId);
      return all.every(({ settlement }) => settlement && stages.includes(settlement.stage)) ? all : undefined;
    },
    `${stages.join('/')}, seen ${harness
      .payments(batchId)
      .map(({ settlement }) => settlement?.stage)
      .join(',')}`,
    timeoutMs,
  );
