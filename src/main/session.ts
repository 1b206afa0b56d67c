/**
 * Everything that lives between unlock and lock: the domains over the open store, and their loops.
 *
 * Invariants: built whole or not at all; after `stop` resolves nothing of it reads, writes or sends. Called by compose.ts.
 */
import { basename } from 'node:path';
import type { AppEvent, ApprovalHandlers, MainHandlers, NetworkHealth } from '../shared/contract';
import { AppError } from '../shared/errors';
import type { Network } from '../shared/model/directory';
import type { AccountId, NetworkId } from '../shared/model/ids';
import type { PersonRef } from '../shared/model/people';
import { approvalHandlers, createClockGuard, createDesk } from './approval';
import { createChain, createOfflineChain, parseEndpoint } from './chain';
import { createDirectory, directoryHandlers } from './directory';
import type { Host } from './host';
import { createFileReader, writeCsv, writeCsvRows, writePain002 } from './iso20022';
import { type JournalCheck, journalHandlers, type NoteFacts } from './journal';
import { createLedgerHandlers, createPosition, createReplica, type LedgerChild } from './ledger';
import { createPayments, paymentsHandlers } from './payments';
import { createApproval } from './payments/approval';
import { createPreflight } from './payments/preflight';
import { connectChild } from './platform/child';
import type { ChosenFiles } from './platform/chosen-files';
import { readUserFile, writeUserFile } from './platform/user-files';
import { addSandbox } from './sandbox-setup';
import { wireEnvelopes } from './session-envelopes';
import type { SettingsDomain, WorkspaceMode } from './settings';
import {
  createChainPort,
  createSettlement,
  FALLBACK_GAS,
  gasLimitFor,
  planFees,
  settlementHandlers,
} from './settlement';
import { type Vault, voiceWords } from './vault';

export type Session = {
  readonly mode: WorkspaceMode;
  readonly main: Partial<MainHandlers>;
  readonly approval: ApprovalHandlers;
  readonly isSigning: () => boolean;
  /** The vault got a key: accounts that were watched only may have theirs now. */
  readonly keysChanged: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

export type SessionDeps = {
  /** The vault's word. SECURITY: offline, nothing here constructs what could open a socket, and no loop runs. */
  readonly mode: WorkspaceMode;
  readonly host: Host;
  readonly vault: Vault;
  readonly ledger: LedgerChild;
  readonly files: ChosenFiles;
  readonly settings: SettingsDomain;
  readonly emit: (event: AppEvent) => void;
  readonly emitToApproval: (event: AppEvent) => void;
  /** Tells the vault how far the store is now. */
  readonly keepAnchor: () => Promise<void>;
  /** How the journal was found at this unlock. */
  readonly journalCheck: JournalCheck;
  /** Tells the journal who sits here, once the policy or a person has said so. */
  readonly identify: (who: PersonRef | null) => void;
  /** Adds to the journal's entry of the command at hand. */
  readonly noteFacts: NoteFacts;
  readonly onNetworks: (networks: readonly NetworkHealth[]) => void;
};

const MEBIBYTE = 1024 * 1024;
const VERIFY_TOKENS_MS = 10 * 60_000;

const nameOf = (path: string): string => basename(path).slice(0, 255);

export const openSession = async (deps: SessionDeps): Promise<Session> => {
  const { host, vault, ledger, files, settings, emit, emitToApproval, keepAnchor, onNetworks } = deps;
  const { clock, log, newId } = host;
  const isOnline = deps.mode === 'online';
  let isStopped = false;

  const saveBytes = async (
    suggestedName: string,
    extension: string,
    chunks: Parameters<typeof writeUserFile>[1],
  ) => {
    const path = await host.dialogs.chooseSaveTarget(suggestedName, extension);
    if (path === null) return null;
    // The dialog may have stood open while the vault locked.
    if (isStopped) throw new AppError('vault/locked');
    await writeUserFile(path, chunks);
    return nameOf(path);
  };
  const saveFile = (input: { suggestedName: string; extension: string; content: Uint8Array }) =>
    saveBytes(input.suggestedName, input.extension, [input.content]);
  const vaultKeys = async () => (await vault.keys()).keys;

  const chain = isOnline ? createChain({ clock, log }) : createOfflineChain();
  const emitAndFollow = (event: AppEvent): void => {
    emit(event);
    if (event.type === 'directory.changed') void refresh();
  };
  const directory = createDirectory({
    store: ledger.store('directory'),
    chain,
    vaultKeys,
    isOffline: !isOnline,
    requireConsent: (networks) => requireConsent(networks),
    files: {
      read: (fileId, maxBytes) => readUserFile(files.pathOf(fileId), maxBytes),
      save: saveFile,
    },
    clock,
    newId,
    emit: emitAndFollow,
    log,
  });
  const network = async (id: NetworkId): Promise<Network> => {
    const found = (await directory.networks()).find((one) => one.id === id);
    if (!found) throw new AppError('directory/network-unknown', { networkId: id });
    return found;
  };
  /**
   * SECURITY: a network is talked to only while one of its tokens is in use, or when a person added it. What ships in the
   * registry makes no connection by itself.
   */
  const networksInUse = async (): Promise<Network[]> => {
    const tokens = await directory.tokens();
    const used = new Set(
      tokens
        .filter(({ state }) => state === 'active' || state === 'changed')
        .map(({ networkId }) => networkId),
    );
    return (await directory.networks()).filter(
      ({ id, verification }) => used.has(id) || verification.state === 'own',
    );
  };
  /**
   * SECURITY: an address is a way out for whatever a page knows, so a person is asked outside of the page before the first
   * connection to a new one. Those of this machine and those that the network has already are not asked about.
   */
  const requireConsent = async (networks: readonly Network[]): Promise<void> => {
    const known = new Map((await directory.networks()).map(({ id, endpoints }) => [id, endpoints]));
    const added = networks.flatMap(({ id, endpoints }) =>
      endpoints.filter((each) => known.get(id)?.includes(each) !== true),
    );
    const outside = added
      .map(parseEndpoint)
      .filter(({ protocol }) => protocol === 'https:')
      .map(({ href }) => href);
    if (outside.length > 0 && !(await host.dialogs.confirmConnections([...new Set(outside)])))
      throw new AppError('cancelled');
    // The dialog may have stood open while the vault locked.
    if (isStopped) throw new AppError('vault/locked');
  };
  const account = async (id: AccountId) => {
    const found = (await directory.accounts()).find((one) => one.id === id);
    if (!found) throw new AppError('directory/account-unknown', { accountId: id });
    return found;
  };

  const replica = createReplica({
    store: ledger.store('ledger'),
    chain,
    directory: { networks: networksInUse, tokens: directory.tokens, accounts: directory.accounts },
    clock,
    log,
    emit,
  });
  const chainPort = createChainPort(chain);
  const settlement = createSettlement({
    store: ledger.store('settlement'),
    chain: chainPort,
    network,
    verifyToken: directory.verifyToken,
    openReplacement: async (plan) => {
      // SECURITY: under a policy nobody replaces alone, either.
      if (await envelopes.isUnderPolicy()) return envelopes.replace(plan);
      await approval.openReplacement(plan);
      return null;
    },
    clock,
    emit,
    log,
  });
  /**
   * SECURITY: before anything of an approval is sent, the vault knows a store that holds it. A copy from before the
   * approval, put back after a crash, would offer the same payments again; so it is refused.
   */
  const anchorApproval = (): Promise<void> =>
    keepAnchor().catch((error: unknown) => log.error('no anchor after approval', { error }));
  const desk = createDesk({
    windows: host.windows,
    voiceWords,
    requireClock: createClockGuard({ latestTime: ledger.store('envelopes').latestTime, clock }),
    emit,
    clock,
    log,
  });
  const approval = createApproval({
    store: ledger.store('settlement'),
    chain: chainPort,
    network,
    account,
    verifyToken: directory.verifyToken,
    counterparty: directory.counterparty,
    vault,
    settlement: {
      accept: async (batchId) => {
        await anchorApproval();
        await settlement.accept(batchId);
      },
      acceptReplacement: async (paymentId) => {
        await anchorApproval();
        await settlement.acceptReplacement(paymentId);
      },
    },
    planFees,
    fallbackGas: FALLBACK_GAS,
    desk,
    emit,
    emitToApproval,
    clock,
    log,
    isTestRuntime: host.runtime.isTestRuntime,
  });
  const envelopes = wireEnvelopes({
    host,
    isOnline,
    vault,
    vaultKeys,
    ledger,
    files,
    directory,
    chain,
    chainPort,
    settlement,
    planning: { network, account, fallbackGas: FALLBACK_GAS },
    desk,
    keepAnchor: anchorApproval,
    identify: deps.identify,
    noteFacts: deps.noteFacts,
    saveBytes,
    emit,
    emitToApproval,
  });
  const preflight = createPreflight({
    store: ledger.store('settlement'),
    chain: chainPort,
    network,
    verifyToken: directory.verifyToken,
    planFees,
    gasLimitFor,
    clock,
    emit,
  });
  const reader = createFileReader({
    spawn: host.spawn,
    connect: connectChild,
    onInternal: (method, cause) => log.error('child failed', { child: 'iso20022', method, cause }),
    // Read at each file, so that a changed limit holds for the next one.
    limits: {
      get maxBytes() {
        return settings.get().maxFileMebibytes * MEBIBYTE;
      },
    },
  });
  const payments = createPayments({
    store: ledger.store('payments'),
    directory,
    reader,
    writers: { writeCsv, writePain002 },
    fileOf: (fileId) => {
      const path = files.pathOf(fileId);
      return { path, name: nameOf(path) };
    },
    saveFile,
    clock,
    newId,
    emit,
    log,
  });
  const position = createPosition({
    store: ledger.store('ledger'),
    rates: ledger.store('rates'),
    directory,
    pendingOut: settlement.pendingOut,
    reportingCurrency: () => settings.get().reportingCurrency,
    clock,
  });

  const refresh = async (): Promise<void> => {
    if (isStopped) return;
    try {
      chain.setNetworks(await networksInUse());
      if (isOnline) await replica.refresh();
    } catch (error) {
      if (!isStopped) log.warn('refresh failed', { error });
    }
  };

  let stopHealth = (): void => undefined;
  let verifying: NodeJS.Timeout | undefined;
  const stop = async (): Promise<void> => {
    isStopped = true;
    clearInterval(verifying);
    stopHealth();
    preflight.stop();
    await desk.stop();
    await payments.cancelImport();
    const ending = Promise.all([settlement.stop(), replica.stop()]);
    // Both have been told; what waits for a node is cut off, so that a silent one does not hold up the lock.
    chain.stop();
    await ending;
  };

  try {
    await payments.start();
    await envelopes.start();
    await directory.addShipped();
    await directory.attachKeys();
    chain.setNetworks(await networksInUse());
    stopHealth = chain.onHealth(onNetworks);
    chain.start();
    // P2: an upgrade is noticed also when nobody pays. A network that is down is asked again next time.
    const verify = (): void => {
      directory.verifyTokens().catch((error: unknown) => {
        if (!isStopped) log.warn('tokens were not verified', { error });
      });
    };
    if (isOnline) {
      verifying = setInterval(verify, VERIFY_TOKENS_MS);
      verify();
      await settlement.start();
      await replica.start();
    } else onNetworks(chain.health());
  } catch (error) {
    // Built whole or not at all: loops of a half one would go on behind a locked vault.
    await stop().catch((failure: unknown) => log.warn('half a session did not end', { error: failure }));
    throw error;
  }
  host.windows.onApprovalClosed(() => {
    if (!isStopped) void desk.close();
  });

  return {
    main: {
      'app.addSandbox': async () => {
        if (!isOnline) throw new AppError('chain/offline');
        return addSandbox({ sandboxFile: host.sandboxFile, directory, keys: vaultKeys, newId });
      },
      ...directoryHandlers(directory),
      'directory.saveNetwork': async (network) => {
        await requireConsent([network]);
        await directory.saveNetwork(network);
        return {};
      },
      ...paymentsHandlers(payments),
      'payments.preflight': async ({ batchId }) => {
        await preflight.run(batchId);
        return payments.batch({ batchId });
      },
      'payments.cancelPreflight': async ({ batchId }) => {
        preflight.cancel(batchId);
        return {};
      },
      'payments.requestApproval': async ({ batchId }) => {
        // SECURITY: once the company has a policy, one person with one machine moves nothing.
        if (await envelopes.isUnderPolicy()) throw new AppError('policy/envelope-needed');
        await approval.request(batchId);
        return {};
      },
      ...settlementHandlers(settlement),
      ...envelopes.handlers,
      ...journalHandlers({
        store: ledger.store('journal'),
        check: deps.journalCheck,
        saveFile: saveBytes,
        writeCsvRows,
        clock,
      }),
      ...createLedgerHandlers({
        store: ledger.store('ledger'),
        rates: ledger.store('rates'),
        replica,
        position,
        directory,
        readRatesFile: async (fileId) => {
          const path = files.pathOf(fileId);
          const [rates] = (await reader.readRates(path)).days;
          if (!rates) throw new AppError('rates/file-invalid');
          return { rates, fileName: nameOf(path) };
        },
        saveFile: saveBytes,
        writeCsvRows,
        clock,
        onRatesChanged: () => emit({ type: 'ledger.changed' }),
      }),
    },
    approval: approvalHandlers(desk, deps.noteFacts),
    mode: deps.mode,
    isSigning: desk.isSigning,
    keysChanged: async () => {
      await directory.attachKeys();
      emitAndFollow({ type: 'directory.changed' });
    },
    stop,
  };
};
