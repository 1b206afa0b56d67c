/**
 * The content of an envelope, from planned payments. Pure, but for the pauses that keep the main thread free.
 */
import { AppError } from '../../shared/errors';
import type { Network, TokenProbe } from '../../shared/model/directory';
import type { EnvelopeContent, EnvelopeLine } from '../../shared/model/envelope';
import type { NetworkId, PaymentId, TokenId } from '../../shared/model/ids';
import type { Payment } from '../../shared/model/payments';
import type { UnsignedTransaction } from '../../shared/model/signing';
import type { Plan } from '../payments/approval-content';
import type { referenceFormOf } from '../payments/transfer-data';
import type { BatchFacts } from '../settlement';
import { checksumAddress } from './address';
import { findLineFault } from './consistency';
import { deriveNonces, deriveTotals } from './derived';
import type { EnvelopeHead } from './ports';

export type BlockRef = EnvelopeContent['networks'][number]['block'];

/** What a payment says beside its plan. */
export type PaymentTexts = Pick<
  Payment,
  'instructionId' | 'uetr' | 'requestedDate' | 'creditorCountry' | 'purposeCode' | 'remittance'
>;

export type ContentInput = {
  readonly plans: readonly Plan[];
  readonly texts: ReadonlyMap<PaymentId, PaymentTexts>;
  /** The newest block of each network when the plan was made. */
  readonly heads: ReadonlyMap<NetworkId, BlockRef>;
  /** What the chain said of each token, and the block at which it said so. */
  readonly probes: ReadonlyMap<TokenId, { readonly probe: TokenProbe; readonly block: BlockRef }>;
  readonly facts: Pick<BatchFacts, 'source' | 'releasedHolds'>;
  readonly frame: Pick<EnvelopeHead, 'kind' | 'company' | 'policy' | 'maker' | 'createdAt' | 'expiresAt'>;
  /** Given by payments, whose transactions these are. */
  readonly buildTransaction: (plan: Plan) => UnsignedTransaction;
  readonly referenceFormOf: typeof referenceFormOf;
};

const SLICE = 50;
const MAX_HOLDS = 1000;
const MAX_HOLD_TEXT = 300;
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const need = <K, V>(map: ReadonlyMap<K, V>, key: K): V => {
  const value = map.get(key);
  if (value === undefined) throw new Error(`nothing known of ${String(key)}`);
  return value;
};

/** Numbers values in the order in which they first come. */
const createIndex = <T>() => {
  const places = new Map<string, number>();
  const values: T[] = [];
  return {
    values,
    of: (key: string, value: () => T): number => {
      const known = places.get(key);
      if (known !== undefined) return known;
      places.set(key, values.length);
      values.push(value());
      return values.length - 1;
    },
  };
};

const toNetwork = (network: Network, block: BlockRef): EnvelopeHead['networks'][number] => ({
  id: network.id,
  name: network.name,
  nativeSymbol: network.nativeCurrency.symbol,
  nativeDecimals: network.nativeCurrency.decimals,
  block,
});

const toToken = (
  { token }: Plan,
  { probe, block }: { readonly probe: TokenProbe; readonly block: BlockRef },
  reference: EnvelopeHead['tokens'][number]['reference'],
): EnvelopeHead['tokens'][number] => ({
  id: token.id,
  name: token.name,
  symbol: token.symbol,
  currency: token.currency,
  decimals: token.decimals,
  issuer: { name: token.issuer.name, bic: token.issuer.bic, lei: token.issuer.lei },
  codeHash: probe.codeHash,
  implementation: probe.implementation,
  implementationCodeHash: probe.implementationCodeHash,
  reference,
  block,
});

const toCheck = ({ payment }: Plan): EnvelopeLine['check'] => {
  const { preflight } = payment;
  if (preflight === null || preflight.state === 'refused') return null;
  return {
    state: preflight.state,
    at: preflight.checkedAt,
    block: preflight.blockNumber?.toString() ?? null,
    unanswered: preflight.checks.filter(({ result }) => result === 'no-answer').map(({ check }) => check),
  };
};

const toHoldText = ({ kind, paymentIndex, text }: BatchFacts['releasedHolds'][number]): string =>
  [kind, ...(paymentIndex === null ? [] : [`payment ${paymentIndex + 1}`]), ...(text === null ? [] : [text])]
    .join(' ')
    .slice(0, MAX_HOLD_TEXT)
    .replace(/[\uD800-\uDBFF]$/, '');

export const buildContent = async (
  input: ContentInput,
  tell: (done: number) => void = () => undefined,
): Promise<{ readonly head: EnvelopeHead; readonly lines: readonly EnvelopeLine[] }> => {
  const { plans, facts, frame } = input;
  const networks = createIndex<EnvelopeHead['networks'][number]>();
  const tokens = createIndex<EnvelopeHead['tokens'][number]>();
  const accounts = createIndex<Plan['account']>();
  const lines: EnvelopeLine[] = [];
  for (const [index, plan] of plans.entries()) {
    const { payment, token, network, account } = plan;
    const texts = need(input.texts, payment.id);
    networks.of(network.id, () => toNetwork(network, need(input.heads, network.id)));
    lines.push({
      paymentId: payment.id,
      action: plan.action,
      endToEndId: payment.endToEndId,
      instructionId: texts.instructionId,
      uetr: texts.uetr,
      reference: payment.reference,
      requestedDate: texts.requestedDate,
      account: accounts.of(account.address.toLowerCase(), () => account),
      token: tokens.of(token.id, () =>
        toToken(plan, need(input.probes, token.id), input.referenceFormOf(token)),
      ),
      units: payment.units.toString(),
      creditor: {
        name: payment.creditorName,
        lei: payment.creditorLei,
        country: texts.creditorCountry,
        account: payment.creditorAccount,
        address: checksumAddress(payment.creditorAddress),
      },
      purposeCode: texts.purposeCode,
      remittance: texts.remittance,
      docHash: payment.docHash,
      check: toCheck(plan),
      transaction: input.buildTransaction(plan),
    });
    if (index % SLICE === SLICE - 1) {
      tell(index + 1);
      await breathe();
    }
  }
  const nonces = deriveNonces(lines, tokens.values, networks.values, accounts.values.length);
  const { source } = facts;
  const head: EnvelopeHead = {
    ...frame,
    source: {
      kind: source.kind,
      format: source.format,
      fileName: source.fileName,
      sha256: source.sha256,
      sizeBytes: source.sizeBytes,
      messageId: source.messageId,
    },
    releasedHolds: facts.releasedHolds.slice(0, MAX_HOLDS).map(toHoldText),
    networks: networks.values,
    tokens: tokens.values,
    accounts: accounts.values.map(({ name, entity, address }, index) => ({
      name,
      entity: { name: entity.name, lei: entity.lei },
      address: checksumAddress(address),
      nonces: nonces[index] ?? [],
    })),
    totals: deriveTotals(lines, tokens.values),
  };
  for (const [index, line] of lines.entries()) {
    const fault = findLineFault(line, head);
    // Every reader would refuse it: a defect, or books that changed while it was built.
    if (fault !== null)
      throw new AppError('payments/wrong-state', { paymentId: line.paymentId, what: fault });
    if (index % SLICE === SLICE - 1) await breathe();
  }
  return { head, lines };
};
