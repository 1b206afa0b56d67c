/** What a content's lines say about its totals and its nonce plan. The maker writes these; every reader compares. Pure. */
import type { EnvelopeContent, EnvelopeLine } from '../../shared/model/envelope';
import { CurrencyCode, type NetworkId, networkOfToken } from '../../shared/model/ids';
import { addDecimals, type Decimal, ZERO } from '../../shared/money';

type Lines = readonly Pick<EnvelopeLine, 'action' | 'units' | 'token' | 'account' | 'transaction'>[];
type Tokens = readonly Pick<EnvelopeContent['tokens'][number], 'id' | 'currency' | 'decimals'>[];
type Range = EnvelopeContent['accounts'][number]['nonces'][number];

const at = <T>(items: readonly T[], index: number): T => {
  const item = items[index];
  if (item === undefined) throw new Error('index out of range');
  return item;
};

/**
 * Count and exact sum by currency over the lines that pay, in alphabetical order. Tokens of one currency may count
 * differently: the sum has the most decimals among those that are paid.
 */
export const deriveTotals = (lines: Lines, tokens: Tokens): EnvelopeContent['totals'] => {
  const sums = new Map<string, { count: number; sum: Decimal }>();
  for (const line of lines) {
    if (line.action !== 'pay') continue;
    const { currency, decimals } = at(tokens, line.token);
    const before = sums.get(currency) ?? { count: 0, sum: ZERO };
    sums.set(currency, {
      count: before.count + 1,
      sum: addDecimals(before.sum, { units: BigInt(line.units), decimals }),
    });
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, { count, sum }]) => ({
      currency: CurrencyCode.parse(currency),
      count,
      units: sum.units.toString(),
      decimals: sum.decimals,
    }));
};

const toRanges = (network: NetworkId, nonces: readonly bigint[]): Range[] => {
  const ranges: { network: NetworkId; first: string; count: number }[] = [];
  let next: bigint | null = null;
  for (const nonce of [...nonces].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))) {
    const last = ranges.at(-1);
    if (last !== undefined && nonce === next) last.count += 1;
    else ranges.push({ network, first: nonce.toString(), count: 1 });
    next = nonce + 1n;
  }
  return ranges;
};

/**
 * By account, the ranges of nonces that its lines take: by network in the order of `networks`, then ascending, each as
 * long as it can be. A nonce that two lines take gives ranges that overlap, which {@link findNonceFault} refuses.
 */
export const deriveNonces = (
  lines: Lines,
  tokens: Tokens,
  networks: readonly { readonly id: NetworkId }[],
  accountCount: number,
): Range[][] => {
  const taken = Array.from({ length: accountCount }, () => new Map<string, bigint[]>());
  for (const { account, token, transaction } of lines) {
    const own = at(taken, account);
    const network = networkOfToken(at(tokens, token).id);
    const nonces = own.get(network) ?? [];
    nonces.push(BigInt(transaction.nonce));
    own.set(network, nonces);
  }
  return taken.map((own) => networks.flatMap(({ id }) => toRanges(id, own.get(id) ?? [])));
};

/**
 * What is wrong with the order of nonces, or `null`. Always: none twice by account and network. In a `batch` they also
 * ascend without a gap in the order of lines, so that no payment waits for another one's nonce.
 */
export const findNonceFault = (
  kind: EnvelopeContent['kind'],
  lines: Lines,
  tokens: Tokens,
): { readonly line: number; readonly what: string } | null => {
  const taken = new Set<string>();
  const nextBySlot = new Map<string, bigint>();
  for (const [line, { account, token, transaction }] of lines.entries()) {
    const slot = `${account} ${networkOfToken(at(tokens, token).id)}`;
    const key = `${slot} ${transaction.nonce}`;
    if (taken.has(key)) return { line, what: 'nonce-twice' };
    taken.add(key);
    const nonce = BigInt(transaction.nonce);
    const next = nextBySlot.get(slot);
    if (kind === 'batch' && next !== undefined && nonce !== next) return { line, what: 'nonce-out-of-order' };
    nextBySlot.set(slot, nonce + 1n);
  }
  return null;
};
