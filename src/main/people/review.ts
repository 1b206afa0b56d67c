/**
 * A policy on the approval desk: signed by this machine's person as an approver, or taken into force as the company's
 * first.
 *
 * SECURITY: both need the passphrase, which the vault verifies. What is signed is built from the store again at that
 * moment, and must have the digest that was shown.
 */
import type { ApprovalDocument } from '../../shared/contract';
import { AppError, assert } from '../../shared/errors';
import type { Hash32 } from '../../shared/model/ids';
import type { PolicyApproval } from '../../shared/model/people';
import type { Consent, Subject } from '../approval';
import type { StoredPolicy } from '../ledger';
import { digestOfPolicy } from './files';
import { type Policies, signerFor, viewPolicy } from './policies';
import { isInForce, mergeApprovals, validateSuccession } from './policy';
import { findPolicy, forerunnerOf, type PeopleBook, type PeopleDeps, type PeopleState } from './ports';
import { hashPolicyApproval, isSignedBy } from './signatures';

const documentOf = (
  state: PeopleState,
  policy: StoredPolicy,
  builtAt: string,
  isTestRuntime: boolean,
): ApprovalDocument => ({
  kind: 'batch',
  batchId: null,
  act: 'adopt',
  source: null,
  digest: policy.digest,
  words: null,
  envelope: null,
  policy: viewPolicy(state, policy),
  policyBefore:
    state.inForce === null || state.inForce.digest === policy.digest ? null : state.inForce.content,
  count: 0,
  sums: [],
  maxFees: [],
  creditors: 0,
  unchecked: isTestRuntime ? [{ code: 'test-runtime', count: 1, text: null }] : [],
  checked: [],
  builtAt,
  preflightAt: null,
});

/** A draft that may follow what is in force now. Throws `policy/unknown` | `policy/older` | `policy/gap` | `policy/fork`. */
const requireOpen = (state: PeopleState, digest: Hash32): StoredPolicy => {
  const policy = findPolicy(state, digest);
  if (policy === null) throw new AppError('policy/unknown', { digest });
  if (policy.digest !== state.inForce?.digest) validateSuccession(state.inForce, policy.content);
  return policy;
};

export const createReview = (
  { vault, isTestRuntime }: Pick<PeopleDeps, 'vault' | 'isTestRuntime'>,
  book: PeopleBook,
  policies: Policies,
) => {
  /** The policy once more, for a yes. */
  const requireShown = (state: PeopleState, digest: Hash32): StoredPolicy => {
    const policy = findPolicy(state, digest);
    // Discarded, or in force by another copy, while its window was open.
    if (policy === null || policy.installedAt !== null || digestOfPolicy(policy.content) !== digest)
      throw new AppError('payments/digest-mismatch');
    validateSuccession(state.inForce, policy.content);
    return policy;
  };

  const sign = async (
    state: PeopleState,
    policy: StoredPolicy,
    passphrase: string,
    at: string,
  ): Promise<PolicyApproval | null> => {
    const me = signerFor(state, policy);
    if (me === null) {
      await vault.verifyPassphrase(passphrase);
      return null;
    }
    const { content, digest } = policy;
    const statement = {
      company: content.company.id,
      digest,
      number: content.number,
      by: { name: me.name, key: me.key },
      at,
    };
    const { signature } = await vault.signStatement({
      statement: { type: 'policy', ...statement },
      passphrase,
    });
    assert(
      await isSignedBy(me.key, hashPolicyApproval(statement), signature),
      "the vault's signature is not of the person's key",
    );
    return { by: statement.by, at, signature };
  };

  const approve = async (digest: Hash32, consent: Consent): Promise<{ readonly signed: number }> => {
    const at = await book.now();
    const state = await book.state();
    const approval = await sign(state, requireShown(state, digest), consent.passphrase, at);
    consent.beginKeeping();
    await book.change(async (current) => {
      const policy = requireShown(current, digest);
      const approvals = mergeApprovals(policy.approvals, approval === null ? [] : [approval]);
      if (approval === null && !canInstall(current, policy))
        throw new AppError('policy/role-missing', { role: 'approver' });
      await policies.keep(current, { ...policy, approvals }, { install: true });
    });
    return { signed: 0 };
  };

  const canInstall = (state: PeopleState, policy: StoredPolicy): boolean =>
    isInForce(forerunnerOf(state, policy)?.content ?? null, policy);

  /**
   * What the approval window shows of a policy. There is no yes where this machine's person has nothing to add: it is only
   * looked at.
   *
   * @throws AppError `policy/unknown` | `policy/older` | `policy/gap` | `policy/fork` | `policy/foreign` | `clock/set-back`
   */
  return async (digest: Hash32): Promise<Subject> => {
    const builtAt = await book.now();
    const state = await book.state();
    const policy = requireOpen(state, digest);
    const isDraft = policy.installedAt === null;
    const canAnswer = isDraft && (signerFor(state, policy) !== null || canInstall(state, policy));
    return {
      document: documentOf(state, policy, builtAt, isTestRuntime),
      lines: [],
      approve: canAnswer ? (consent) => approve(digest, consent) : null,
      reject: null,
      abandon: async () => undefined,
      batchId: null,
    };
  };
};
