/**
 * What a window sees of envelopes: how far each one is, and what this machine's person can do with it. Pure.
 *
 * Nothing here permits anything: whoever acts checks again. What is offered wrongly is refused there.
 */
import type {
  EnvelopeAbility,
  EnvelopeDetail,
  EnvelopeFinding,
  EnvelopeLineView,
  EnvelopeState,
  EnvelopeSummary,
} from '../../shared/contract';
import type { Address, Instant } from '../../shared/model/ids';
import type { Role } from '../../shared/model/people';
import { type ApprovalsNeeded, isMakerOf, isUnderPolicy, readStanding, type Standing } from './check-people';
import type { EnvelopeCard, EnvelopeHead, PolicyInForce, StoredLine } from './ports';

/** Who looks, with what, at which time. */
export type Viewer = {
  readonly policy: PolicyInForce | null;
  readonly approvalsNeeded: ApprovalsNeeded;
  /** This machine's person key. */
  readonly me: Address;
  /** Addresses in lower case whose keys are in this vault. */
  readonly keys: ReadonlySet<string>;
  readonly isOffline: boolean;
  readonly nowMs: number;
};

/** Nothing is added to it any more but reports. */
const OPEN: readonly EnvelopeState[] = ['waits-approval', 'waits-signature', 'part-signed'];

export const stateOf = (card: EnvelopeCard, standing: Standing, nowMs: number): EnvelopeState => {
  if (card.isWithdrawn) return 'withdrawn';
  if (card.isEnded) return 'settled';
  if (card.isSent || standing.acts.some(({ kind, problem }) => kind === 'send' && problem === null))
    return 'sent';
  if (standing.rejectedBy !== null) return 'rejected';
  if (card.signedLines === card.lineCount) return 'signed';
  if (nowMs > Date.parse(card.expiresAt)) return 'expired';
  if (card.signedLines > 0) return 'part-signed';
  return standing.given >= standing.needed ? 'waits-signature' : 'waits-approval';
};

const abilitiesOf = (
  card: EnvelopeCard,
  state: EnvelopeState,
  standing: Standing,
  viewer: Viewer,
): EnvelopeAbility[] => {
  const { policy, me } = viewer;
  const isHere = card.batchId !== null;
  const person = isUnderPolicy(card, policy)
    ? policy?.content.people.find(({ key }) => key === me)
    : undefined;
  const has = (role: Role): boolean => person?.roles.includes(role) ?? false;
  const isOpen = OPEN.includes(state) && person !== undefined;
  const isOwn = person !== undefined && isMakerOf(card, person);
  const did = (kind: string): boolean =>
    standing.acts.some((act) => act.isMine && act.kind === kind && act.problem === null);
  const holdsKey = card.senders.some((address) => viewer.keys.has(address.toLowerCase()));
  const hasEnough = standing.given >= standing.needed;
  const checks: readonly (readonly [EnvelopeAbility, boolean])[] = [
    ['compare', isOpen],
    ['approve', isOpen && has('approver') && !isOwn && !hasEnough && !did('approve')],
    ['reject', isOpen && (has('approver') || has('signer')) && !isOwn && !did('reject')],
    ['sign', isOpen && has('signer') && hasEnough && holdsKey && !did('sign')],
    ['send', state === 'signed' && isHere && has('maker') && !viewer.isOffline],
    ['withdraw', isHere && card.signedLines === 0 && (isOpen || state === 'rejected' || state === 'expired')],
    ['renew', isHere && card.kind === 'batch' && card.signedLines === 0 && state === 'expired'],
  ];
  return checks.flatMap(([ability, isGiven]) => (isGiven ? [ability] : []));
};

/** Something to do, or to hand on: what this person added last has not left this machine. */
const waitsFor = (
  card: EnvelopeCard,
  state: EnvelopeState,
  abilities: readonly EnvelopeAbility[],
  standing: Standing,
): boolean => {
  if (abilities.some((ability) => ['approve', 'sign', 'send', 'renew'].includes(ability))) return true;
  if (state === 'rejected') return card.batchId !== null;
  const isMoving = OPEN.includes(state) || (state === 'signed' && card.batchId === null);
  return isMoving && !card.isExported && standing.acts.some(({ isMine }) => isMine);
};

export const toSummary = (card: EnvelopeCard, viewer: Viewer): EnvelopeSummary => {
  const standing = readStanding({
    head: card,
    acts: card.acts,
    policy: viewer.policy,
    approvalsNeeded: viewer.approvalsNeeded,
    me: viewer.me,
    nowMs: viewer.nowMs,
  });
  const state = stateOf(card, standing, viewer.nowMs);
  const abilities = abilitiesOf(card, state, standing, viewer);
  return {
    digest: card.digest,
    kind: card.kind,
    state,
    batchId: card.batchId,
    company: card.company.name,
    maker: card.maker,
    source: card.source,
    createdAt: card.createdAt,
    expiresAt: card.expiresAt,
    receivedAt: card.receivedAt,
    count: card.lineCount,
    sums: card.totals.map(({ currency, count, units, decimals }) => ({
      currency,
      count,
      sum: { units: BigInt(units), decimals },
    })),
    approvals: { given: standing.given, needed: standing.needed },
    signedLines: card.signedLines,
    acts: [...standing.acts],
    abilities,
    waitsForMe: waitsFor(card, state, abilities, standing),
    isExported: card.isExported,
  };
};

/** Over: nothing about it will change, and nobody has to do anything. */
export const isOpenState = (state: EnvelopeState): boolean => state !== 'settled' && state !== 'withdrawn';

export const toDetail = (
  input: {
    readonly card: EnvelopeCard;
    readonly head: EnvelopeHead;
    readonly findings: readonly EnvelopeFinding[] | null;
    readonly checkedAt: Instant | null;
  },
  viewer: Viewer,
): EnvelopeDetail => ({
  summary: toSummary(input.card, viewer),
  policyNumber: input.head.policy.number,
  networks: input.head.networks,
  tokens: input.head.tokens,
  accounts: input.head.accounts,
  releasedHolds: input.head.releasedHolds,
  findings: input.findings === null ? null : [...input.findings],
  checkedAt: input.checkedAt,
});

export const toLineView = (head: EnvelopeHead, stored: StoredLine): EnvelopeLineView => {
  const { index, line, isSigned, status, stage } = stored;
  const token = head.tokens[line.token];
  const account = head.accounts[line.account];
  const network = head.networks.find(({ id }) => token?.id.startsWith(`${id}/`));
  if (!token || !account || !network) throw new Error('a line names what its envelope does not have');
  return {
    index,
    paymentId: line.paymentId,
    action: line.action,
    endToEndId: line.endToEndId,
    creditorName: line.creditor.name,
    creditorLei: line.creditor.lei,
    creditorAccount: line.creditor.account,
    creditorAddress: line.creditor.address,
    debtorName: account.entity.name,
    debtorAddress: account.address,
    currency: token.currency,
    units: BigInt(line.units),
    decimals: token.decimals,
    tokenName: token.name,
    issuerName: token.issuer.name,
    networkName: network.name,
    nonce: BigInt(line.transaction.nonce),
    isSigned,
    status,
    stage,
  };
};
