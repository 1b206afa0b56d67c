/**
 * The sandbox network: a local EVM chain with five invented banks' deposit tokens, a funded treasury and its suppliers.
 *
 * Hides the node process, compilation and deployment of the contracts, and the banks' keys. Invariants: it listens on
 * loopback only; it ends with the process that started it, however that ends; chain id, keys and contract addresses are
 * the same at every start. Started by `npm start`, `npm run sandbox`, the demo and the tests; the app never imports it.
 */
import { existsSync } from 'node:fs';
import type { DirectoryFile } from '../../src/shared/model/directory';
import { startAnvil } from './anvil';
import { createControls, type SandboxControls } from './controls';
import { deploySandbox, PLANNED_TOKENS } from './deploy';
import { makeDirectoryFile } from './directory-file';
import { DAY_SECONDS, playHistory } from './history';
import { SANDBOX_MNEMONIC, supplierKey, treasuryKey } from './keys';
import {
  COMPANY,
  SUPPLIER_PLANS,
  standingOf,
  supplierBic,
  supplierExternalId,
  supplierLei,
  TOKEN_PLANS,
  TREASURY_ACCOUNTS,
  treasuryExternalIds,
} from './parties';
import { createRpc } from './rpc';
import type { Mining, SandboxDescription, SandboxSupplier, SandboxTreasuryAccount } from './types';

export { connectSandbox, type SandboxControls, type TokenRef } from './controls';
export { makeDirectoryFile, tokenEntry } from './directory-file';
export { isIban, isLei, makeIban, makeLei } from './identifiers';
export { SANDBOX_MNEMONIC, type SandboxKey, supplierKey, treasuryKey } from './keys';
export * from './payment-files';
export { OPAQUE_REFUSAL, type ProfileKey } from './profiles';
export { createRpc, type Rpc, RpcFailure } from './rpc';
export * from './sample-payments';
export type {
  Mining,
  SandboxDescription,
  SandboxSupplier,
  SandboxToken,
  SandboxTreasuryAccount,
  SentTransaction,
  TokenRequest,
} from './types';

export const SANDBOX_CHAIN_ID = 914_001;

export type SandboxOptions = {
  /** `auto` when left out; see {@link Mining}. */
  readonly mining?: Mining;
  /** For `interval` and `mixed`; 1 when left out. */
  readonly blockTimeSeconds?: number;
  /** A free one when left out. */
  readonly port?: number;
  readonly chainId?: number;
  /** Unix seconds of the first block; the present when left out. */
  readonly genesisTimestamp?: number;
  /** Days of receipts and payments before the present; 0 when left out. Not together with `genesisTimestamp`. */
  readonly historyDays?: number;
  /** Keeps the chain in this file over restarts. */
  readonly statePath?: string;
};

export type Sandbox = SandboxControls & {
  readonly description: SandboxDescription;
  /** What the app imports to know this sandbox. */
  readonly directory: DirectoryFile;
  /** Process id of the node. */
  readonly pid: number;
  /** Resolves when the node has ended. */
  readonly ended: Promise<void>;
  readonly stop: () => Promise<void>;
};

/** Starts the node and deploys everything; resolves when deployment is final. */
export const startSandbox = async (options: SandboxOptions = {}): Promise<Sandbox> => {
  const chainId = options.chainId ?? SANDBOX_CHAIN_ID;
  const mining = options.mining ?? 'auto';
  const blockTimeSeconds = options.blockTimeSeconds ?? 1;
  const historyDays = options.historyDays ?? 0;
  const now = Math.floor(Date.now() / 1000);
  const start = historyDays > 0 ? now - historyDays * DAY_SECONDS : options.genesisTimestamp;
  const goesOn = options.statePath !== undefined && existsSync(options.statePath);
  const node = await startAnvil({
    chainId,
    mnemonic: SANDBOX_MNEMONIC,
    accounts: TREASURY_ACCOUNTS.length,
    port: options.port ?? 0,
    // A chain that goes on keeps its own clock.
    genesisTimestamp: goesOn ? undefined : start,
    statePath: options.statePath,
  });
  try {
    const rpc = createRpc(node.url);
    const controls = createControls(rpc, chainId);
    const isNew = await deploySandbox(controls);
    if (isNew && historyDays > 0) {
      await playHistory(rpc, controls.sender, now - historyDays * DAY_SECONDS, now);
    }
    await controls.settle();
    await controls.setMining(mining, blockTimeSeconds);
    const description = describeSandbox(node.url, chainId, mining, blockTimeSeconds);
    return {
      ...controls,
      description,
      directory: makeDirectoryFile(description, today()),
      pid: node.pid,
      ended: node.ended,
      stop: async () => {
        await controls.setMining('manual').catch(() => undefined);
        await node.stop();
      },
    };
  } catch (error) {
    await node.stop();
    throw error;
  }
};

const today = (): string => new Date().toISOString().slice(0, 10);

/** Everything about a sandbox but its chain's contents follows from where it listens. */
export const describeSandbox = (
  rpcUrl: string,
  chainId: number = SANDBOX_CHAIN_ID,
  mining: Mining = 'auto',
  blockTimeSeconds = 1,
): SandboxDescription => ({
  chainId,
  caip2: `eip155:${chainId}`,
  rpcUrl,
  mining,
  blockTimeSeconds: mining === 'interval' || mining === 'mixed' ? blockTimeSeconds : null,
  finality: { tag: 'finalized', depth: 2 },
  tokens: PLANNED_TOKENS.map(({ token }) => token),
  company: COMPANY,
  treasury: {
    mnemonic: SANDBOX_MNEMONIC,
    derivationPath: "m/44'/60'/0'/0/i",
    accounts: TREASURY_ACCOUNTS.map(describeAccount),
  },
  suppliers: SUPPLIER_PLANS.map(describeSupplier),
});

const describeAccount = (name: string, index: number): SandboxTreasuryAccount => ({
  index,
  name,
  address: treasuryKey(index).address,
  externalIds: treasuryExternalIds(index),
  openingUnits: Object.fromEntries(
    PLANNED_TOKENS.map(({ token }, planIndex) => {
      const whole = TOKEN_PLANS[planIndex]?.treasury[index] ?? 0n;
      return [token.address, String(whole * 10n ** BigInt(token.decimals))];
    }),
  ),
});

const describeSupplier = (plan: (typeof SUPPLIER_PLANS)[number], index: number): SandboxSupplier => ({
  name: plan.name,
  lei: supplierLei(index),
  country: plan.country,
  bic: supplierBic(plan.country),
  postalAddress: {
    street: plan.street,
    building: plan.building,
    postCode: plan.postCode,
    town: plan.town,
    country: plan.country,
  },
  externalId: supplierExternalId(index, plan.country),
  address: supplierKey(index).address,
  standing: {
    J: standingOf(plan, 'J'),
    F: standingOf(plan, 'F'),
    S: standingOf(plan, 'S'),
    T: standingOf(plan, 'T'),
    R: standingOf(plan, 'R'),
  },
});
