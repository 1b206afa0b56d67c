import type { Refusal, Token } from './directory';

const WORDS: Readonly<Record<Exclude<Token['state'], 'active'>, string>> = {
  changed: 'the token contract changed since it was approved',
  locked: 'the token is locked by policy',
  unprobed: 'the token was never checked on its network',
};

/**
 * Why a payment may not be sent in its token as the token stands now, `null` when it may (policy P2). `decimals`: what the
 * payment's units were made with; units of another precision are another amount.
 */
export const refusalOfToken = (
  token: Pick<Token, 'state' | 'decimals'>,
  decimals: number,
): Refusal | null => {
  const text =
    token.state !== 'active'
      ? WORDS[token.state]
      : token.decimals !== decimals
        ? `the token counts ${token.decimals} decimals, the payment was made with ${decimals}`
        : null;
  return text === null ? null : { kind: 'text', text, data: null };
};
