/**
 * What only a machine with a network can look at: whether the tokens are still what was approved, whether the nonces are
 * free, whether the money is there. On an offline machine each of them is named as not checked.
 */
import { AppError } from '../../shared/errors';
import type { Token } from '../../shared/model/directory';
import type { Address, NetworkId, TokenId } from '../../shared/model/ids';
import { networkOfToken } from '../../shared/model/ids';
import type { Findings } from './check-findings';
import type { EnvelopeHead } from './ports';

/** Every function throws `chain/*` when the network does not answer. */
export type LiveChain = {
  readonly verifyToken: (id: TokenId) => Promise<{ readonly token: Token }>;
  readonly nonces: (
    network: NetworkId,
    addresses: readonly Address[],
    state: 'latest' | 'pending',
  ) => Promise<readonly bigint[]>;
  /** Balance less frozen amount; `null` when the token does not say. */
  readonly available: (token: Token, holder: Address) => Promise<bigint | null>;
  readonly nativeBalances: (network: NetworkId, addresses: readonly Address[]) => Promise<readonly bigint[]>;
};

/** What an envelope takes out of an account, added up while its lines are read. */
export type Outflow = {
  /** By token id and account index. */
  readonly tokens: ReadonlyMap<
    string,
    { readonly tokenId: TokenId; readonly account: number; readonly units: bigint }
  >;
  /** Greatest fees by network and account index. */
  readonly fees: ReadonlyMap<
    string,
    { readonly networkId: NetworkId; readonly account: number; readonly units: bigint }
  >;
};

const isNoAnswer = (error: unknown): error is AppError =>
  error instanceof AppError && (error.code.startsWith('chain/') || error.code === 'busy');

export const checkLive = async (
  head: EnvelopeHead,
  outflow: Outflow,
  ownTokens: ReadonlyMap<string, Token>,
  live: LiveChain | null,
  findings: Findings,
): Promise<void> => {
  const tokens = head.tokens.filter(({ id }) => ownTokens.has(id));
  const plans = head.accounts.flatMap(({ address, nonces }) => nonces.map((plan) => ({ address, ...plan })));
  if (!live) {
    findings.note('unchecked', 'live-token', { count: head.tokens.length });
    findings.note('unchecked', 'live-nonces', { count: plans.length });
    findings.note('unchecked', 'funds', { count: outflow.tokens.size });
    return;
  }
  const ask = async (
    code: 'live-token' | 'live-nonces' | 'funds',
    what: string,
    look: () => Promise<void>,
  ): Promise<void> => {
    try {
      await look();
      findings.look(code);
    } catch (error) {
      if (!isNoAnswer(error)) throw error;
      findings.note('unchecked', code, { text: what });
    }
  };

  const verified = new Map<string, Token>();
  for (const { id, name } of tokens)
    await ask('live-token', name, async () => {
      const { token } = await live.verifyToken(id);
      verified.set(id, token);
      if (token.state !== 'active') findings.note('refused', 'live-token', { text: token.name });
    });
  for (const { address, network, first } of plans)
    await ask('live-nonces', address, async () => {
      const [latest = 0n] = await live.nonces(network, [address], 'latest');
      if (latest > BigInt(first))
        // A transaction that is not in this envelope took its place: these would never be included.
        findings.note('refused', 'live-nonces', { text: `${address} ${first} < ${latest}` });
      else if (head.kind === 'batch') {
        const [pending = 0n] = await live.nonces(network, [address], 'pending');
        if (pending > BigInt(first))
          findings.note('warning', 'live-nonces', { text: `${address} ${first} < ${pending}` });
      }
    });
  for (const { tokenId, account, units } of outflow.tokens.values()) {
    const holder = head.accounts[account];
    const token = verified.get(tokenId);
    if (!holder || !token) continue;
    await ask('funds', holder.name, async () => {
      const available = await live.available(token, holder.address);
      if (available === null) findings.note('unchecked', 'funds', { text: holder.name });
      else if (available < units)
        findings.note('warning', 'funds', { text: `${holder.name} · ${token.name}` });
    });
  }
  for (const { networkId, account, units } of outflow.fees.values()) {
    const holder = head.accounts[account];
    if (!holder || units === 0n) continue;
    await ask('funds', holder.name, async () => {
      const [native = 0n] = await live.nativeBalances(networkId, [holder.address]);
      if (native < units)
        findings.note('warning', 'funds', {
          text: `${holder.name} · ${head.networks.find(({ id }) => id === networkId)?.nativeSymbol ?? ''}`,
        });
    });
  }
};

/** The network of a token and an account, as keys of {@link Outflow}. */
export const outflowKeys = (tokenId: TokenId, account: number) => ({
  token: `${tokenId}/${account}`,
  fee: `${networkOfToken(tokenId)}/${account}`,
});
