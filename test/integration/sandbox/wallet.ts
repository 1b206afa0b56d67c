/** What a wallet does, without Nostro: calls, transactions, logs and expected refusals, against the sandbox. */
import { type Address, decodeEventLog, encodeErrorResult, type Hex, parseAbi, toEventSelector } from 'viem';
import { loadArtifact } from '../../sandbox/artifacts';
import { encodeTokenCall } from '../../sandbox/deploy';
import { RpcFailure, type Sandbox, type SandboxKey, type TokenRef } from '../../sandbox/index';
import { createSender } from '../../sandbox/sender';

export type Log = { readonly address: Hex; readonly topics: readonly Hex[]; readonly data: Hex };
export type Mined = { readonly status: Hex; readonly logs: readonly Log[] };

export const ZERO = '0x0000000000000000000000000000000000000000';

/** Return data of a call, or its revert data. */
export type Outcome = { readonly returned: Hex } | { readonly reverted: Hex };

export type Wallet = {
  /** Tries a token call as `from` without sending it. */
  readonly attempt: (
    ref: TokenRef,
    from: Address,
    call: string,
    args: readonly unknown[],
  ) => Promise<Outcome>;
  readonly attemptRaw: (to: Address, from: Address, data: Hex) => Promise<Outcome>;
  /** Sends a token call and gives its receipt. */
  readonly send: (ref: TokenRef, key: SandboxKey, call: string, args: readonly unknown[]) => Promise<Mined>;
  readonly sendRaw: (to: Address, key: SandboxKey, data: Hex) => Promise<Mined>;
};

export const createWallet = (sandbox: Sandbox): Wallet => {
  const sender = createSender({
    rpc: sandbox.rpc,
    chainId: sandbox.chainId,
    mineIfManual: () => Promise.resolve(),
  });
  const attemptRaw: Wallet['attemptRaw'] = async (to, from, data) => {
    try {
      return { returned: (await sandbox.rpc.call('eth_call', { from, to, data }, 'latest')) as Hex };
    } catch (error) {
      if (error instanceof RpcFailure && error.data !== null) return { reverted: error.data as Hex };
      throw error;
    }
  };
  const sendRaw: Wallet['sendRaw'] = async (to, key, data) => {
    const [sent] = await sender.send(key, [{ to, data }]);
    return (await sandbox.rpc.call('eth_getTransactionReceipt', sent?.hash)) as Mined;
  };
  return {
    attemptRaw,
    sendRaw,
    attempt: (ref, from, call, args) =>
      attemptRaw(sandbox.token(ref).address, from, encodeTokenCall(call, args)),
    send: (ref, key, call, args) => sendRaw(sandbox.token(ref).address, key, encodeTokenCall(call, args)),
  };
};

/** Revert data of an error by its Solidity declaration, `PolicyForbids()` for one. */
export const refusal = (declaration: string, args: readonly unknown[] = []): Outcome => {
  const abi = parseAbi([`error ${declaration}`] as readonly string[]);
  return { reverted: encodeErrorResult({ abi, args } as Parameters<typeof encodeErrorResult>[0]) };
};

/** Revert data of `revert("…")`. */
export const words = (text: string): Outcome => refusal('Error(string)', [text]);

export const SILENCE: Outcome = { reverted: '0x' };

const TRUE_WORD: Hex = `0x${'1'.padStart(64, '0')}`;
export const ACCEPTED: Outcome = { returned: TRUE_WORD };

export type Event = { readonly name: string; readonly args: unknown };

/** Events of a receipt in order, decoded by the token's interface. */
export const eventsOf = (mined: Mined): readonly Event[] => {
  const { abi } = loadArtifact('DepositToken');
  return mined.logs.map(({ data, topics }) => {
    const decoded = decodeEventLog({ abi, data, topics: topics as [Hex, ...Hex[]] });
    return { name: decoded.eventName ?? '', args: decoded.args };
  });
};

export const topicOf = (signature: string): Hex => toEventSelector(signature);
