import { envelopes as words } from '../../../../assets/locales/en/envelopes';
import type {
  EnvelopeAbility,
  EnvelopeAct,
  EnvelopeFinding,
  EnvelopeState,
  EnvelopeSummary,
} from '../../../shared/contract';
import type { CurrencySum } from '../../../shared/model/ids';
import type { BatchStatus } from '../../../shared/model/payments';
import { formatMoney } from '../../../shared/money';
import { formatCount, type StateIcon, type Tone } from '../../ui';

/** What an envelope is called: the message id of its source, else the file, else that it was typed. */
export const nameOfEnvelope = ({ source, kind }: Pick<EnvelopeSummary, 'source' | 'kind'>): string => {
  const name = source.messageId ?? source.fileName ?? words.formSource;
  return kind === 'replacement' ? `${words.replacement}: ${name}` : name;
};

/** Lines that pay, and lines that only free a sequence number: `500 payments`, `1 cancellation`. */
const countLines = (count: number, sums: readonly CurrencySum[], locale: string): string => {
  const paying = sums.reduce((all, sum) => all + sum.count, 0);
  const parts = [
    paying > 0 ? words.payments(formatCount(paying, locale)) : null,
    count > paying ? words.cancellations(formatCount(count - paying, locale)) : null,
  ];
  return parts.filter((part) => part !== null).join(', ');
};

/** Verb's object for buttons: `24 payments, USD 1,200.00` or `24 payments in 5 currencies`. Abbreviates no amount. */
export const describeEnvelope = (
  { count, sums }: Pick<EnvelopeSummary, 'count' | 'sums'>,
  locale: string,
): string => {
  const counted = countLines(count, sums, locale);
  if (sums.length > 2) return words.inCurrencies(counted, formatCount(sums.length, locale));
  const amounts = sums.map(({ currency, sum }) => formatMoney({ currency, ...sum }, { locale }));
  return [counted, ...amounts].join(', ');
};

/** The ISO 20022 code that says the same, where one does. */
export const STATES: Readonly<
  Record<EnvelopeState, { readonly tone: Tone; readonly icon: StateIcon; readonly iso: BatchStatus | null }>
> = {
  'waits-approval': { tone: 'warn', icon: 'waiting', iso: 'PDNG' },
  'waits-signature': { tone: 'info', icon: 'approved', iso: 'ACCP' },
  'part-signed': { tone: 'info', icon: 'approved', iso: 'ACCP' },
  signed: { tone: 'info', icon: 'approved', iso: 'ACCP' },
  sent: { tone: 'info', icon: 'sent', iso: 'ACSP' },
  settled: { tone: 'good', icon: 'settled', iso: 'ACSC' },
  rejected: { tone: 'bad', icon: 'rejected', iso: 'RJCT' },
  expired: { tone: 'neutral', icon: 'pending', iso: null },
  withdrawn: { tone: 'neutral', icon: 'rejected', iso: null },
};

/** What is asked of this person first. `compare` is an offer, `withdraw` a way out: neither is a task. */
export const taskOf = (abilities: readonly EnvelopeAbility[]): EnvelopeAbility | null =>
  (['approve', 'sign', 'send', 'renew'] as const).find((ability) => abilities.includes(ability)) ?? null;

export const identityOfAct = (act: EnvelopeAct): string => `${act.kind} ${act.by.key} ${act.at}`;

/** `approval by Bea Lindqvist, signatures by Sven Ott` */
export const nameActs = (acts: readonly EnvelopeAct[]): string =>
  acts.map((act) => words.actNames[act.kind](act.by.name)).join(', ');

/** Hex after `0x` in groups of four. */
export const groupHex = (hex: string): readonly string[] => hex.replace(/^0x/, '').match(/.{1,4}/g) ?? [];

const ORDER: readonly EnvelopeFinding['verdict'][] = ['refused', 'unchecked', 'warning', 'passed'];

/** Results by verdict, what stops first, then what could not be checked, then the rest. */
export const sortFindings = (
  findings: readonly EnvelopeFinding[],
): readonly {
  readonly verdict: EnvelopeFinding['verdict'];
  readonly findings: readonly EnvelopeFinding[];
}[] =>
  ORDER.map((verdict) => ({
    verdict,
    findings: findings.filter((finding) => finding.verdict === verdict),
  })).filter((group) => group.findings.length > 0);

/** Where an envelope stands on its way; the page never decides it, it only orders what main said. */
export type WayStep = {
  readonly id: string;
  readonly kind: 'create' | 'check' | 'approve' | 'reject' | 'sign' | 'combine' | 'send' | 'settle';
  readonly state: 'done' | 'open' | 'warn' | 'bad';
  readonly act: EnvelopeAct | null;
  /** Of the approvals that count: which one this is. */
  readonly place: number | null;
};

const isOver = (state: EnvelopeState): boolean =>
  state === 'rejected' || state === 'expired' || state === 'withdrawn';

/**
 * The steps done, by name and time, then those still to come. Steps that cannot happen any more (after a rejection, an
 * expiry or a withdrawal) are left out.
 */
export const wayOf = (
  summary: EnvelopeSummary,
  check: { readonly findings: readonly EnvelopeFinding[] | null },
): readonly WayStep[] => {
  const { acts, state, approvals, signedLines, count } = summary;
  const of = (kind: EnvelopeAct['kind']): readonly EnvelopeAct[] =>
    acts.filter((act) => act.kind === kind).sort((a, b) => a.at.localeCompare(b.at));
  const steps: WayStep[] = [];
  const push = (step: Omit<WayStep, 'id'>): void => {
    steps.push({ ...step, id: `${step.kind} ${step.act === null ? 'open' : identityOfAct(step.act)}` });
  };
  const done = { place: null, act: null } as const;
  for (const act of of('create')) push({ kind: 'create', state: 'done', act, place: null });
  const refused = check.findings?.some(({ verdict }) => verdict === 'refused') ?? false;
  push({ ...done, kind: 'check', state: check.findings === null ? 'open' : refused ? 'bad' : 'done' });
  let place = 0;
  for (const act of of('approve')) {
    if (act.problem === null) place += 1;
    push({
      kind: 'approve',
      state: act.problem === null ? 'done' : 'warn',
      act,
      place: act.problem === null ? place : null,
    });
  }
  const isOpen = !isOver(state);
  if (approvals.given < approvals.needed && isOpen) push({ ...done, kind: 'approve', state: 'open' });
  for (const act of of('reject'))
    push({ kind: 'reject', state: act.problem === null ? 'bad' : 'warn', act, place: null });
  for (const act of of('sign'))
    push({ kind: 'sign', state: act.problem === null ? 'done' : 'warn', act, place: null });
  const isSigned = signedLines >= count;
  if (!isSigned && isOpen) push({ ...done, kind: 'sign', state: 'open' });
  if (isSigned || isOpen) push({ ...done, kind: 'combine', state: isSigned ? 'done' : 'open' });
  const isSent = state === 'sent' || state === 'settled';
  const sends = of('send');
  for (const act of sends) push({ kind: 'send', state: 'done', act, place: null });
  if (sends.length === 0 && (isSent || isOpen))
    push({ ...done, kind: 'send', state: isSent ? 'done' : 'open' });
  if (isSent || isOpen) push({ ...done, kind: 'settle', state: state === 'settled' ? 'done' : 'open' });
  return steps;
};
