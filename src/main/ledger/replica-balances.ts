/** Asks tokens for balances and for what is frozen, all at one block. */

import { AppError } from '../../shared/errors';
import type { Token, TokenInterface } from '../../shared/model/directory';
import { type Address, contractOfToken, type Hash32, type Hex, type TokenId } from '../../shared/model/ids';
import type { BlockRef, CallInput, CallResult, NetworkClient, RpcOptions } from '../chain';
import type { ChainBalance, Pair } from './replica-types';

const SELECTORS = {
  balanceOf: '0x70a08231',
  getFrozenTokens: '0x158b1a57',
  isFrozen: '0xe5839836',
  isBlacklisted: '0xfe575a87',
} as const;

type View = keyof typeof SELECTORS;

const FREEZE_VIEWS: readonly (readonly [TokenInterface, View])[] = [
  ['erc7943', 'getFrozenTokens'],
  ['freeze', 'isFrozen'],
  ['blacklist', 'isBlacklisted'],
];

const callOf = (pair: Pair, view: View): CallInput => ({
  to: contractOfToken(pair.tokenId),
  data: `${SELECTORS[view]}${pair.address.slice(2).toLowerCase().padStart(64, '0')}` as Hex,
});

const readUint = (result: CallResult | undefined): bigint | null =>
  result?.ok && result.data.length === 66 ? BigInt(result.data) : null;

/**
 * Balances of `pairs` at the block with this hash. A token that does not answer `balanceOf` is left out. `frozen`: the
 * frozen part, all of it where the account is frozen or blocked, `null` where the token has no view for it.
 */
export const readBalances = async (
  client: NetworkClient,
  pairs: readonly Pair[],
  tokens: ReadonlyMap<TokenId, Token>,
  block: { readonly hash: Hash32; readonly number: bigint },
  options: RpcOptions,
): Promise<ChainBalance[]> => {
  const plan = pairs.flatMap((pair) => {
    const interfaces = tokens.get(pair.tokenId)?.approved?.interfaces ?? [];
    const views: View[] = FREEZE_VIEWS.filter(([name]) => interfaces.includes(name)).map(([, view]) => view);
    return (['balanceOf', ...views] as const).map((view) => ({ pair, view }));
  });
  const calls = plan.map(({ pair, view }) => callOf(pair, view));
  const ask = (ref: BlockRef): Promise<CallResult[]> => client.callMany(calls, ref, options);
  let results: CallResult[];
  try {
    results = await ask({ hash: block.hash });
  } catch (error) {
    // A node without EIP-1898: by number, which the caller compares with the header afterwards.
    if (!(error instanceof AppError) || error.code !== 'chain/refused') throw error;
    results = await ask(block.number);
    const again = await client.getBlock(block.number, options);
    if (again?.hash !== block.hash) return [];
  }
  const answers = new Map<Pair, Map<View, bigint | null>>();
  plan.forEach(({ pair, view }, index) => {
    const ofPair = answers.get(pair) ?? new Map<View, bigint | null>();
    ofPair.set(view, readUint(results[index]));
    answers.set(pair, ofPair);
  });
  return pairs.flatMap((pair) => {
    const views = answers.get(pair);
    const balance = views?.get('balanceOf') ?? null;
    if (!views || balance === null) return [];
    return [{ ...pair, balance, frozen: frozenOf(balance, views) }];
  });
};

const frozenOf = (balance: bigint, views: ReadonlyMap<View, bigint | null>): bigint | null => {
  const isBlocked = (['isFrozen', 'isBlacklisted'] as const).some((view) => (views.get(view) ?? 0n) !== 0n);
  if (isBlocked) return balance;
  const part = views.get('getFrozenTokens') ?? null;
  if (part !== null) return part < balance ? part : balance;
  const hasView = [...views].some(([view, value]) => view !== 'balanceOf' && value !== null);
  return hasView ? 0n : null;
};

/** Own accounts in the tokens of one network, lower-case addresses. */
export const pairsOf = (
  tokens: readonly Token[],
  accounts: readonly { readonly id: Pair['accountId']; readonly address: Address }[],
): Pair[] =>
  tokens.flatMap(({ id: tokenId }) =>
    accounts.map(({ id, address }) => ({
      tokenId,
      accountId: id,
      address: address.toLowerCase() as Address,
    })),
  );
