/** The document of an approval: totals and findings over its lines. Pure. */
import type { ApprovalDocument, ApprovalLine } from '../../shared/contract';
import type { Network } from '../../shared/model/directory';
import type { BatchId, CurrencySum, Hash32, Instant } from '../../shared/model/ids';
import type { NetworkFee, PaymentSource } from '../../shared/model/payments';
import { addDecimals } from '../../shared/money';
import type { Plan } from './approval-content';
import { hasViews } from './preflight-views';

export type DocumentInput = {
  readonly kind: 'batch' | 'replacement';
  readonly batchId: BatchId;
  readonly source: PaymentSource;
  readonly digest: Hash32;
  readonly words: readonly string[];
  readonly lines: readonly ApprovalLine[];
  readonly plans: readonly Plan[];
  readonly receiversWithCode: number;
  readonly firstPayments: number;
  readonly unknownEnrolments: number;
  readonly releasedHolds: number;
  readonly isTestRuntime: boolean;
  readonly builtAt: Instant;
};

/** Sums of what is paid, per currency, in the order in which currencies appear. */
const sumLines = (lines: readonly ApprovalLine[]): CurrencySum[] => {
  const sums = new Map<string, { count: number; sum: CurrencySum['sum'] }>();
  for (const line of lines) {
    const amount = { units: line.units, decimals: line.decimals };
    const known = sums.get(line.currency);
    sums.set(line.currency, {
      count: (known?.count ?? 0) + 1,
      sum: known ? addDecimals(known.sum, amount) : amount,
    });
  }
  return [...sums].map(([currency, { count, sum }]) => ({
    currency: currency as CurrencySum['currency'],
    count,
    sum,
  }));
};

const sumFees = (lines: readonly ApprovalLine[], plans: readonly Plan[]): NetworkFee[] => {
  const fees = new Map<Network['id'], { network: Network; units: bigint }>();
  for (const [index, line] of lines.entries()) {
    const network = plans[index]?.network;
    if (!network) continue;
    const known = fees.get(network.id);
    fees.set(network.id, { network, units: (known?.units ?? 0n) + line.maxFee });
  }
  return [...fees.values()].map(({ network, units }) => ({
    networkName: network.name,
    symbol: network.nativeCurrency.symbol,
    amount: { units, decimals: network.nativeCurrency.decimals },
  }));
};

export const buildDocument = (input: DocumentInput): ApprovalDocument => {
  const { lines, plans } = input;
  const paid = lines.filter(({ action }) => action === 'pay');
  const count = plans.length;
  const unknown = plans.filter(({ payment }) => payment.preflight?.state === 'unknown').length;
  const okay = plans.filter(({ payment }) => payment.preflight?.state === 'ok').length;
  const closed = plans.filter(({ token }) => !hasViews(token)).length;
  const dates = plans
    .flatMap(({ payment }) => (payment.preflight ? [payment.preflight.checkedAt] : []))
    .sort();
  const unchecked: ApprovalDocument['unchecked'][number][] = [];
  const note = (
    code: (typeof unchecked)[number]['code'],
    number: number,
    text: string | null = null,
  ): void => {
    if (number > 0) unchecked.push({ code, count: number, text });
  };
  note('preflight-unknown', unknown);
  note('no-view-answers', closed);
  note('enrolment-unknown', input.unknownEnrolments);
  note('receiver-is-contract', input.receiversWithCode);
  note('first-payment', input.firstPayments);
  note('hold-released', input.releasedHolds);
  note('test-runtime', input.isTestRuntime ? 1 : 0);
  const checked: ApprovalDocument['checked'] = [
    { code: 'bytes-decoded', count },
    { code: 'chain-id', count: new Set(plans.map(({ network }) => network.id)).size },
    { code: 'token-unchanged', count: new Set(plans.map(({ token }) => token.id)).size },
    { code: 'nonces', count },
    ...(input.kind === 'batch'
      ? [
          { code: 'preflight-ok' as const, count: okay },
          {
            code: 'funds' as const,
            count: new Set(plans.map(({ payment }) => payment.debtorAccountId)).size,
          },
          { code: 'duplicates' as const, count },
        ]
      : []),
  ];
  return {
    kind: input.kind,
    act: 'pay',
    envelope: null,
    policy: null,
    batchId: input.batchId,
    source: input.source,
    digest: input.digest,
    words: [...input.words],
    count,
    sums: sumLines(paid),
    maxFees: sumFees(lines, plans),
    creditors: new Set(paid.map(({ creditorAddress }) => creditorAddress)).size,
    unchecked,
    checked,
    builtAt: input.builtAt,
    preflightAt: dates[0] ?? null,
  };
};
