/** What tests and the demo can do to a running sandbox, from the process that started it or from another one. */
import {
  type Address,
  decodeFunctionResult,
  encodeDeployData,
  encodeFunctionData,
  getContractAddress,
  type Hex,
} from 'viem';
import { loadArtifact } from './artifacts';
import { type BankKeys, type DeployDeps, deployTokenFor, encodeTokenCall, PLANNED_TOKENS } from './deploy';
import { bankKey } from './keys';
import { ERROR_STYLES, type ErrorStyle, MEMO_STYLES, type MemoStyle, type ProfileKey } from './profiles';
import { createRpc, type Rpc } from './rpc';
import { createSender } from './sender';
import type { Mining, SandboxToken, SentTransaction, TokenRequest } from './types';

/** A token by its profile letter, or by address for those deployed later. */
export type TokenRef = ProfileKey | Address;

export type SandboxControls = {
  readonly rpcUrl: string;
  readonly chainId: number;
  readonly rpc: Rpc;

  // chain
  readonly mine: (blocks?: number) => Promise<void>;
  /** Mines until everything included so far is final. */
  readonly settle: () => Promise<void>;
  /** Replaces the newest blocks by empty ones; their transactions go back to nowhere. */
  readonly reorg: (depth: number) => Promise<void>;
  readonly setMining: (mining: Mining, blockTimeSeconds?: number) => Promise<void>;
  readonly snapshot: () => Promise<Hex>;
  readonly revert: (snapshot: Hex) => Promise<void>;
  /** Forgets a waiting transaction, as a node under pressure does. */
  readonly dropTransaction: (hash: Hex) => Promise<void>;
  readonly dumpState: () => Promise<Hex>;
  readonly loadState: (state: Hex) => Promise<void>;
  readonly fundNative: (account: Address, wei: bigint) => Promise<void>;

  // banks
  readonly token: (ref: TokenRef) => SandboxToken;
  readonly balanceOf: (ref: TokenRef, account: Address) => Promise<bigint>;
  /** Any view of the token's interface. */
  readonly read: (ref: TokenRef, functionName: string, args?: readonly unknown[]) => Promise<unknown>;
  readonly pause: (ref: TokenRef) => Promise<SentTransaction>;
  readonly unpause: (ref: TokenRef) => Promise<SentTransaction>;
  readonly setAllowlisted: (ref: TokenRef, account: Address, listed: boolean) => Promise<SentTransaction>;
  readonly setFrozen: (ref: TokenRef, account: Address, frozen: boolean) => Promise<SentTransaction>;
  readonly setBlocked: (ref: TokenRef, account: Address, blocked: boolean) => Promise<SentTransaction>;
  /** Freezes part of a balance (ERC-7943). */
  readonly setFrozenUnits: (ref: TokenRef, account: Address, units: bigint) => Promise<SentTransaction>;
  readonly mint: (ref: TokenRef, account: Address, units: bigint) => Promise<SentTransaction>;
  readonly forcedTransfer: (
    ref: TokenRef,
    from: Address,
    to: Address,
    units: bigint,
  ) => Promise<SentTransaction>;
  readonly setStyle: (ref: TokenRef, errors: ErrorStyle, memo?: MemoStyle) => Promise<SentTransaction>;
  /** New implementation that answers other decimals (the old ones when left out) or refuses every transfer. */
  readonly upgradeToV2: (
    ref: TokenRef,
    change: { readonly decimals?: number; readonly refusesAll?: boolean },
  ) => Promise<{ readonly implementation: Address }>;
  readonly validateTransfer: (ref: TokenRef, transferHash: Hex) => Promise<SentTransaction>;
  readonly rejectTransfer: (ref: TokenRef, transferHash: Hex) => Promise<SentTransaction>;
  readonly deployTokenFor: (request: TokenRequest) => Promise<SandboxToken>;
  /** A token that answers `false` instead of reverting; `holders` are enrolled and funded. */
  readonly deployFalseReturningToken: (options: {
    readonly decimals: number;
    readonly holders: readonly { readonly address: Address; readonly units: bigint }[];
  }) => Promise<Address>;
};

export const createControls = (rpc: Rpc, chainId: number): SandboxControls & DeployDeps => {
  let heartbeat: NodeJS.Timeout | undefined;
  // Asked each time: another process may have changed it.
  const mineIfManual = async (): Promise<void> => {
    const [automine, interval] = await rpc.batch([
      ['anvil_getAutomine', []],
      ['anvil_getIntervalMining', []],
    ]);
    if (automine === false && interval === null) await rpc.call('evm_mine');
  };
  const sender = createSender({ rpc, chainId, mineIfManual });
  const deps: DeployDeps = { rpc, sender };
  const known = new Map<string, { readonly token: SandboxToken; readonly keys: BankKeys }>();
  for (const entry of PLANNED_TOKENS) {
    known.set(entry.token.profile, entry);
    known.set(entry.token.address.toLowerCase(), entry);
  }

  const find = (ref: TokenRef): { readonly token: SandboxToken; readonly keys: BankKeys } => {
    const entry = known.get(ref) ?? known.get(ref.toLowerCase());
    if (!entry) throw new Error(`the sandbox has no token ${ref}`);
    return entry;
  };

  const sendAs = async (
    ref: TokenRef,
    role: keyof BankKeys,
    name: string,
    args: readonly unknown[],
  ): Promise<SentTransaction> => {
    const { token, keys } = find(ref);
    const [sent] = await sender.send(keys[role], [{ to: token.address, data: encodeTokenCall(name, args) }]);
    if (!sent) throw new Error('nothing was sent');
    return sent;
  };
  const issue = (ref: TokenRef, name: string, ...args: readonly unknown[]) =>
    sendAs(ref, 'issuer', name, args);

  const mine = async (blocks = 1): Promise<void> => {
    await rpc.call('anvil_mine', `0x${blocks.toString(16)}`, '0x1');
  };

  const read: SandboxControls['read'] = async (ref, functionName, args = []) => {
    const { abi } = loadArtifact('DepositToken');
    const data = encodeTokenCall(functionName, args);
    const to = find(ref).token.address;
    const answer = (await rpc.call('eth_call', { to, data }, 'latest')) as Hex;
    return decodeFunctionResult({ abi, functionName, args, data: answer });
  };

  return {
    ...deps,
    rpcUrl: rpc.url,
    chainId,
    mine,
    settle: async () => {
      const head = BigInt((await rpc.call('eth_blockNumber')) as Hex);
      const final = (await rpc.call('eth_getBlockByNumber', 'finalized', false)) as { readonly number: Hex };
      const missing = Number(head - BigInt(final.number));
      if (missing > 0) await mine(missing);
    },
    reorg: async (depth) => {
      await rpc.call('anvil_reorg', depth, []);
    },
    setMining: async (wanted, blockTimeSeconds = 1) => {
      clearInterval(heartbeat);
      if (wanted === 'interval') {
        await rpc.call('evm_setIntervalMining', blockTimeSeconds);
        return;
      }
      await rpc.call('evm_setAutomine', wanted !== 'manual');
      if (wanted !== 'mixed') return;
      // The node's own mixed mining keeps every state in memory. It is no failure when the node has just ended.
      heartbeat = setInterval(
        () => void rpc.call('evm_mine').catch(() => undefined),
        blockTimeSeconds * 1000,
      );
      heartbeat.unref();
    },
    snapshot: async () => (await rpc.call('evm_snapshot')) as Hex,
    revert: async (snapshot) => {
      if ((await rpc.call('evm_revert', snapshot)) !== true) throw new Error(`no snapshot ${snapshot}`);
    },
    dropTransaction: async (hash) => {
      if ((await rpc.call('anvil_dropTransaction', hash)) === null) throw new Error(`${hash} is not waiting`);
    },
    dumpState: async () => (await rpc.call('anvil_dumpState')) as Hex,
    loadState: async (dump) => {
      await rpc.call('anvil_loadState', dump);
    },
    fundNative: async (account, wei) => {
      await rpc.call('anvil_setBalance', account, `0x${wei.toString(16)}`);
    },

    token: (ref) => find(ref).token,
    balanceOf: async (ref, account) => (await read(ref, 'balanceOf', [account])) as bigint,
    read,
    pause: (ref) => issue(ref, 'pause'),
    unpause: (ref) => issue(ref, 'unpause'),
    setAllowlisted: (ref, account, listed) => issue(ref, 'setAddressAllowlist', account, listed, '0x'),
    setFrozen: (ref, account, frozen) => issue(ref, 'setAddressFrozen', account, frozen),
    setBlocked: (ref, account, blocked) => issue(ref, blocked ? 'blacklist' : 'unBlacklist', account),
    setFrozenUnits: (ref, account, units) => issue(ref, 'setFrozenTokens', account, units),
    mint: (ref, account, units) => issue(ref, 'mint', account, units),
    forcedTransfer: (ref, from, to, units) => issue(ref, 'forcedTransfer', from, to, units),
    setStyle: (ref, errors, memo = 'tip20') =>
      issue(ref, 'setStyle', ERROR_STYLES[errors], MEMO_STYLES[memo]),
    upgradeToV2: async (ref, change) => {
      const { token } = find(ref);
      const { abi, bytecode } = loadArtifact('DepositTokenV2');
      const deployer = bankKey(0);
      const nonce = BigInt((await rpc.call('eth_getTransactionCount', deployer.address, 'pending')) as Hex);
      await sender.send(deployer, [{ to: null, data: bytecode }]);
      const implementation = getContractAddress({ from: deployer.address, nonce });
      const args = [change.decimals ?? token.decimals, change.refusesAll ?? false];
      const setUp = encodeFunctionData({ abi, functionName: 'initializeV2', args });
      await issue(ref, 'upgradeToAndCall', implementation, setUp);
      return { implementation };
    },
    validateTransfer: (ref, hash) => sendAs(ref, 'registrar', 'validateTransfer', [hash]),
    rejectTransfer: (ref, hash) => sendAs(ref, 'registrar', 'rejectTransfer', [hash]),
    deployTokenFor: async (request) => {
      const entry = await deployTokenFor(deps, request);
      known.set(entry.token.address.toLowerCase(), entry);
      return entry.token;
    },
    deployFalseReturningToken: async ({ decimals, holders }) => {
      const { abi, bytecode } = loadArtifact('FalseReturningToken');
      const bank = bankKey(0);
      const nonce = BigInt((await rpc.call('eth_getTransactionCount', bank.address, 'pending')) as Hex);
      const address = getContractAddress({ from: bank.address, nonce });
      const args = ['Quiet Refusal Token', 'QUIET', decimals, bank.address];
      const call = (functionName: string, given: readonly unknown[]) => ({
        to: address,
        data: encodeFunctionData({ abi, functionName, args: given }),
      });
      await sender.send(bank, [
        { to: null, data: encodeDeployData({ abi, bytecode, args }) },
        ...holders.map((holder) => call('setAddressAllowlist', [holder.address, true, '0x'])),
        ...holders.map((holder) => call('mint', [holder.address, holder.units])),
      ]);
      return address;
    },
  };
};

/** Controls of a sandbox that another process runs. */
export const connectSandbox = async (rpcUrl: string): Promise<SandboxControls> => {
  const rpc = createRpc(rpcUrl);
  const chainId = Number(BigInt((await rpc.call('eth_chainId')) as Hex));
  return createControls(rpc, chainId);
};
