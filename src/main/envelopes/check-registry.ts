/** Networks and tokens of an envelope against this machine's own directory. Pure. */

import type { z } from 'zod';
import type { Network, Token } from '../../shared/model/directory';
import type { EnvelopeToken } from '../../shared/model/envelope';
import type { Findings } from './check-findings';
import type { EnvelopeHead } from './ports';

type TokenFacts = z.infer<typeof EnvelopeToken>;

export const checkNetworks = (
  head: EnvelopeHead,
  own: ReadonlyMap<string, Network>,
  findings: Findings,
): void => {
  for (const { id, name, nativeDecimals } of head.networks) {
    findings.look('chain-known');
    const network = own.get(id);
    if (!network) findings.note('refused', 'chain-known', { text: `${name} · ${id}` });
    else if (network.nativeCurrency.decimals !== nativeDecimals)
      findings.note('refused', 'chain-known', { text: `${name} · ${nativeDecimals}` });
  }
};

const isSame = (a: string | null, b: string | null): boolean =>
  a === b || (a !== null && b !== null && a.toLowerCase() === b.toLowerCase());

/** What differs from what a person approved here, in one word; `null` when nothing does. */
const differenceOf = (facts: TokenFacts, token: Token): string | null => {
  if (facts.currency !== token.currency) return `currency ${facts.currency} ≠ ${token.currency}`;
  const { approved } = token;
  if (!approved) return null;
  if (facts.decimals !== token.decimals || facts.decimals !== approved.decimals)
    return `decimals ${facts.decimals} ≠ ${token.decimals}`;
  if (facts.codeHash !== approved.codeHash) return 'code';
  if (!isSame(facts.implementation, approved.implementation)) return 'implementation';
  if (!isSame(facts.implementationCodeHash, approved.implementationCodeHash)) return 'implementation code';
  return null;
};

export const checkTokens = (
  head: EnvelopeHead,
  own: ReadonlyMap<string, Token>,
  findings: Findings,
): void => {
  for (const facts of head.tokens) {
    const text = (what: string): string => `${facts.name} · ${what}`;
    findings.look('token-known');
    const token = own.get(facts.id);
    if (!token) {
      findings.note('refused', 'token-known', { text: text(facts.id) });
      continue;
    }
    // SECURITY: held back by policy, changed since it was approved (P2, P7), or never approved on this machine: not even on
    // another one's word. What its units are worth would be the maker's word alone, and the sums that are read with it.
    if (token.state !== 'active' || !token.approved)
      findings.note('refused', 'token-known', { text: text(token.state) });
    findings.look('token-facts');
    const difference = differenceOf(facts, token);
    if (difference) findings.note('refused', 'token-facts', { text: text(difference) });
  }
};
