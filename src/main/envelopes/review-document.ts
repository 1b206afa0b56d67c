/** What the approval window shows above the lines of an envelope. Pure. */
import type { ApprovalDocument, ApprovalLine } from '../../shared/contract';
import type { CurrencySum, Instant } from '../../shared/model/ids';
import type { NetworkFee } from '../../shared/model/payments';
import type { PersonRef } from '../../shared/model/people';
import type { CheckResult } from './check';
import type { EnvelopeHead, StoredEnvelope } from './ports';

/** Greatest fees by network, in the order in which the envelope names networks. */
const sumFees = (head: EnvelopeHead, lines: readonly ApprovalLine[]): NetworkFee[] => {
  const fees = new Map<string, { name: string; units: bigint }>();
  for (const { chainId, networkName, maxFee } of lines) {
    const id = `eip155:${chainId}`;
    fees.set(id, { name: networkName, units: (fees.get(id)?.units ?? 0n) + maxFee });
  }
  return head.networks.flatMap(({ id, nativeSymbol, nativeDecimals }) => {
    const fee = fees.get(id);
    return fee
      ? [
          {
            networkName: fee.name,
            symbol: nativeSymbol,
            amount: { units: fee.units, decimals: nativeDecimals },
          },
        ]
      : [];
  });
};

/** The totals, which the check has added up again from the lines. */
const sumsOf = ({ totals }: EnvelopeHead): CurrencySum[] =>
  totals.map(({ currency, count, units, decimals }) => ({
    currency,
    count,
    sum: { units: BigInt(units), decimals },
  }));

export const documentOf = (
  act: 'approve' | 'sign' | 'compare',
  { head, digest, batchId }: StoredEnvelope,
  me: PersonRef,
  { lines, sources, findings, standing }: CheckResult,
  builtAt: Instant,
): ApprovalDocument => {
  const paid = lines.filter(({ action }) => action === 'pay');
  const dates = sources.flatMap(({ check }) => (check ? [check.at] : [])).sort();
  return {
    kind: head.kind,
    batchId,
    act,
    source: head.source,
    digest,
    words: null,
    envelope: {
      company: head.company.name,
      createdAt: head.createdAt,
      expiresAt: head.expiresAt,
      approvalsNeeded: standing.needed,
      acts: [...standing.acts],
      findings: [...findings],
      me,
    },
    policy: null,
    count: lines.length,
    sums: sumsOf(head),
    maxFees: sumFees(head, lines),
    creditors: new Set(paid.map(({ creditorAddress }) => creditorAddress)).size,
    // What was checked of an envelope stands in its findings.
    unchecked: [],
    checked: [],
    builtAt,
    preflightAt: dates[0] ?? null,
  };
};
