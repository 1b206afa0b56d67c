import { AppError } from '../../shared/errors';
import type { Network, Token, TokenProbe } from '../../shared/model/directory';
import { type Address, type NetworkId, type TokenId, tokenIdOf } from '../../shared/model/ids';
import { nameSkeleton } from '../../shared/model/look-alike';
import { checksummed, parseAddress } from './address';
import type { DirectoryDeps } from './ports';
import { findChanges, probeToken } from './probe';
import { recordedImplementation } from './registry';
import { readIssuer } from './validate';

/** What a person was shown before they agreed. */
export type SeenToken = { readonly decimals: number; readonly implementation: Address | null };

export type TokenCheck = {
  readonly token: Token;
  /** What the chain said now, `null` where no network was reached. */
  readonly probe: TokenProbe | null;
  /** Names of approved facts that no longer stand; empty when nothing changed. */
  readonly changes: readonly string[];
};

/** No answer from a chain, because none came or because none was asked. */
export const isUnanswered = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'chain/unreachable' || error.code === 'chain/offline');

export const createTokens = (deps: DirectoryDeps) => {
  const { store, chain, clock, isOffline, emit, log } = deps;

  const networkOf = async (id: NetworkId): Promise<Network> => {
    const network = (await store.networks()).find((candidate) => candidate.id === id);
    if (!network) throw new AppError('directory/network-unknown', { networkId: id });
    return network;
  };
  const tokenOf = async (id: TokenId): Promise<Token> => {
    const token = await store.token(id);
    if (!token) throw new AppError('directory/token-unknown', { tokenId: id });
    return token;
  };
  const save = async (token: Token, isNew = false): Promise<Token> => {
    await store.putToken(token, isNew);
    emit({ type: 'directory.changed' });
    return token;
  };
  const probe = async (networkId: NetworkId, address: Address): Promise<TokenProbe> =>
    probeToken(chain.connect(await networkOf(networkId)), clock, address);

  const requireSeen = (probed: TokenProbe, seen: SeenToken): void => {
    const implementation = seen.implementation === null ? null : checksummed(seen.implementation);
    if (probed.decimals !== seen.decimals || probed.implementation !== implementation)
      throw new AppError('directory/token-changed', {
        decimals: probed.decimals,
        implementation: probed.implementation,
      });
  };

  const accept = (token: Token, probed: TokenProbe): Token => ({
    ...token,
    name: probed.name || token.name,
    symbol: probed.symbol || token.symbol,
    decimals: probed.decimals,
    state: token.state === 'locked' ? 'locked' : 'active',
    approved: probed,
    observed: null,
  });

  /** Tickers and names that are, or look like, those of other known tokens: banks' tickers are faked. */
  const findTickerTwins = (tokens: readonly Token[], id: TokenId, probed: TokenProbe): string[] =>
    tokens
      .filter(
        (other) =>
          other.id !== id &&
          (nameSkeleton(other.symbol) === nameSkeleton(probed.symbol) ||
            nameSkeleton(other.name) === nameSkeleton(probed.name)),
      )
      .map((other) => `${other.symbol} · ${other.issuer.name} · ${other.id}`);

  const verifyToken = async (id: TokenId): Promise<TokenCheck> => {
    const token = await tokenOf(id);
    let probed: TokenProbe;
    try {
      probed = await probe(token.networkId, token.address);
    } catch (error) {
      // A contract that is gone is a change like any other; a network that does not answer is not.
      if (!(error instanceof AppError) || error.code !== 'directory/not-a-token' || token.approved === null)
        throw error;
      const changed: Token = { ...token, state: token.state === 'locked' ? 'locked' : 'changed' };
      if (token.state !== changed.state) await save(changed);
      return { token: changed, probe: null, changes: ['code'] };
    }
    if (token.approved === null) return { token, probe: probed, changes: [] };
    const changes = findChanges(token.approved, probed);
    if (changes.length === 0) return { token, probe: probed, changes };
    if (token.observed !== null && findChanges(token.observed, probed).length === 0)
      return { token, probe: probed, changes };
    log.warn('token changed', { tokenId: id, changes: changes.join(' ') });
    const changed: Token = {
      ...token,
      // SECURITY: from here on nothing is sent in this token until a person approves what it is now (P2).
      state: token.state === 'locked' ? 'locked' : 'changed',
      observed: probed,
    };
    return { token: await save(changed), probe: probed, changes };
  };

  return {
    networkOf,
    tokenOf,
    accept,

    list: (): Promise<Token[]> => store.tokens(),

    probe: async (input: { networkId: NetworkId; address: string }) => {
      await networkOf(input.networkId);
      const address = parseAddress(input.address, { isChecksumRequired: false });
      const probed = await probe(input.networkId, address);
      const id = tokenIdOf(input.networkId, address);
      const tokens = await store.tokens();
      const addresses = await store.lookAlikes([address]);
      return {
        id,
        address,
        probe: probed,
        isKnown: tokens.some((token) => token.id === id),
        lookAlikes: [
          ...findTickerTwins(tokens, id, probed),
          ...addresses.map((twin) => `${twin.otherName} · ${twin.other}`),
        ],
      };
    },

    add: async (
      input: Pick<Token, 'networkId' | 'currency' | 'issuer' | 'referenceSuffix' | 'verification'> & {
        readonly address: string;
        readonly seen: SeenToken;
      },
    ): Promise<Token> => {
      await networkOf(input.networkId);
      const address = parseAddress(input.address, { isChecksumRequired: false });
      const issuer = readIssuer(input.issuer);
      const id = tokenIdOf(input.networkId, address);
      const known = await store.token(id);
      // A listed token that was never seen on chain is confirmed by adding it.
      if (known && known.approved !== null) throw new AppError('directory/token-duplicate', { tokenId: id });
      const probed = await probe(input.networkId, address);
      requireSeen(probed, input.seen);
      const token: Token = {
        id,
        networkId: input.networkId,
        address,
        name: probed.name,
        symbol: probed.symbol,
        currency: input.currency,
        decimals: probed.decimals,
        issuer,
        state: known?.state === 'locked' ? 'locked' : 'active',
        lockReason: known?.lockReason ?? null,
        approved: probed,
        observed: null,
        referenceSuffix: input.referenceSuffix,
        verification: input.verification,
      };
      return save(token, known === null);
    },

    approveChange: async (input: { id: TokenId; seen: SeenToken }): Promise<Token> => {
      const token = await tokenOf(input.id);
      // Offline: what a directory file said of it.
      const probed =
        isOffline && token.observed ? token.observed : await probe(token.networkId, token.address);
      requireSeen(probed, input.seen);
      return save(accept(token, probed));
    },

    setLock: async (input: { id: TokenId; isLocked: boolean; reason: string | null }): Promise<Token> => {
      const token = await tokenOf(input.id);
      if (input.isLocked) return save({ ...token, state: 'locked', lockReason: input.reason });
      if (token.state !== 'locked') return token;
      const unlocked: Token = { ...token, state: 'active', lockReason: null };
      // Offline there is nobody to ask: the facts that stand, and a change that a file told of.
      if (isOffline && token.approved !== null)
        return save(token.observed === null ? unlocked : { ...unlocked, state: 'changed' });
      // Nobody watched it while it was locked, so the chain is asked before it may be paid with.
      const probed = await probe(token.networkId, token.address);
      const recorded = recordedImplementation(token.id);
      const isAsExpected =
        token.approved === null
          ? probed.decimals === token.decimals &&
            (recorded === undefined || recorded === probed.implementation)
          : findChanges(token.approved, probed).length === 0;
      return save(
        isAsExpected ? accept(unlocked, probed) : { ...unlocked, state: 'changed', observed: probed },
      );
    },

    remove: async (id: TokenId): Promise<void> => {
      await store.removeToken(id);
      emit({ type: 'directory.changed' });
    },

    verifyToken,

    /** Looks at every token that may be paid with. Networks that do not answer are left for the next time. */
    verifyTokens: async (): Promise<TokenCheck[]> => {
      const checks: TokenCheck[] = [];
      for (const token of await store.tokens()) {
        if (token.state !== 'active') continue;
        try {
          checks.push(await verifyToken(token.id));
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          log.info('token not checked', { tokenId: token.id, code: error.code });
        }
      }
      return checks;
    },

    /** For a directory file: what the chain says, `null` where its network does not answer. */
    probeIfReachable: async (network: Network, address: Address): Promise<TokenProbe | null> => {
      try {
        return await probeToken(chain.connect(network), clock, address);
      } catch (error) {
        if (isUnanswered(error)) return null;
        throw error;
      }
    },
  };
};

export type Tokens = ReturnType<typeof createTokens>;
