/**
 * Where an envelope stands among its people: which acts count now, how many approvals are given and needed. Pure.
 *
 * SECURITY: signatures, digest, company and policy number of every act are checked before (./acts); here is decided whether
 * the one who acted was entitled to, under the policy that the envelope was made under, and whether it still counts.
 */
import type { EnvelopeAct } from '../../shared/contract';
import type { Act } from '../../shared/model/envelope';
import type { Address } from '../../shared/model/ids';
import type { PersonRef, PolicyContent, Role } from '../../shared/model/people';
import type { ActFacts, EnvelopeHead, PolicyInForce } from './ports';

/** How far two honest clocks may be apart. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** Approvals that the totals of an envelope need by a policy (src/main/people). */
export type ApprovalsNeeded = (policy: PolicyContent, totals: EnvelopeHead['totals']) => number;

export type Standing = {
  readonly needed: number;
  /** Approvals that count now, one per person. */
  readonly given: number;
  /** Somebody who may has said no. */
  readonly rejectedBy: PersonRef | null;
  /** Of the acts' order. */
  readonly acts: readonly EnvelopeAct[];
};

/** What of an envelope its acts are judged by: of its head, or of its card in a list. */
export type HeadFacts = Pick<EnvelopeHead, 'company' | 'policy' | 'maker' | 'totals'>;

/**
 * The policy that an envelope names is the one in force here, of the same company.
 *
 * SECURITY: under its own name, which is what people read of it.
 */
export const isUnderPolicy = (
  head: Pick<HeadFacts, 'company' | 'policy'>,
  policy: PolicyInForce | null,
): boolean =>
  policy !== null &&
  policy.digest === head.policy.digest &&
  policy.content.number === head.policy.number &&
  policy.content.company.id === head.company.id &&
  policy.content.company.name === head.company.name;

/** Named by this policy: the same key and the same name, with one of the roles. */
export const hasRole = (policy: PolicyContent, { name, key }: PersonRef, ...roles: Role[]): boolean =>
  policy.people.some(
    (person) =>
      person.key === key && person.name === name && roles.some((role) => person.roles.includes(role)),
  );

/** SECURITY: the maker's key never approves its own batch, nor does the maker under another key. */
export const isMakerOf = (head: Pick<HeadFacts, 'maker'>, { name, key }: PersonRef): boolean =>
  head.maker.key === key || head.maker.name === name;

const ROLES_OF: Readonly<Record<Act['kind'], readonly Role[]>> = {
  create: ['maker'],
  approve: ['approver'],
  reject: ['approver', 'signer'],
  sign: ['signer'],
  send: ['maker'],
};

const problemOf = (
  act: ActFacts,
  head: HeadFacts,
  policy: PolicyInForce | null,
  nowMs: number,
): EnvelopeAct['problem'] => {
  if (policy === null || !isUnderPolicy(head, policy)) return 'not-entitled';
  if (!hasRole(policy.content, act.by, ...ROLES_OF[act.kind])) return 'not-entitled';
  if (act.kind === 'approve' && isMakerOf(head, act.by)) return 'own-batch';
  if (Date.parse(act.at) > nowMs + CLOCK_TOLERANCE_MS) return 'clock';
  if (act.expiresAt !== null && nowMs > Date.parse(act.expiresAt)) return 'expired';
  return null;
};

/** An act without its signature and single lines: what a card keeps of it. */
export const factsOfAct = (act: Act): ActFacts => ({
  kind: act.kind,
  by: act.by,
  at: act.at,
  expiresAt: act.kind === 'approve' ? act.body.expiresAt : null,
  voice: act.kind === 'approve' || act.kind === 'sign' ? act.body.voice : null,
  reason: act.kind === 'reject' ? act.body.reason : null,
  lines:
    act.kind === 'sign' ? act.body.signatures.length : act.kind === 'send' ? act.body.lines.length : null,
});

export const readStanding = (input: {
  readonly head: HeadFacts;
  /** Of verified ones: `verifyActs`. */
  readonly acts: readonly ActFacts[];
  readonly policy: PolicyInForce | null;
  readonly approvalsNeeded: ApprovalsNeeded;
  /** `null` where nobody is known yet. */
  readonly me: Address | null;
  readonly nowMs: number;
}): Standing => {
  const { head, policy, nowMs } = input;
  const acts = input.acts.map(
    (act): EnvelopeAct => ({
      ...act,
      problem: problemOf(act, head, policy, nowMs),
      isMine: act.by.key === input.me,
    }),
  );
  const counting = acts.filter(({ problem }) => problem === null);
  return {
    needed: policy === null ? 1 : input.approvalsNeeded(policy.content, head.totals),
    given: new Set(counting.filter(({ kind }) => kind === 'approve').map(({ by }) => by.key)).size,
    rejectedBy: counting.find(({ kind }) => kind === 'reject')?.by ?? null,
    acts,
  };
};
