/** Policies from draft to in force: drafting, taking in copies, and what people see of them. */
import { randomBytes } from 'node:crypto';
import { getAddress } from 'viem';
import type { Intake, PolicyView } from '../../shared/contract';
import { AppError } from '../../shared/errors';
import { Address, Hash32 } from '../../shared/model/ids';
import type { ApprovalRule, Person, PolicyApproval, PolicyContent } from '../../shared/model/people';
import type { StoredPolicy } from '../ledger';
import { digestOfPolicy, readPolicy } from './files';
import {
  approversOf,
  counts,
  isInForce,
  mergeApprovals,
  signaturesNeeded,
  validatePolicy,
  validateSuccession,
} from './policy';
import { findPolicy, forerunnerOf, type PeopleBook, type PeopleDeps, type PeopleState } from './ports';

/** What does not follow is removed when a policy comes into force; before that nobody needs more. */
const MAX_DRAFTS = 20;

export type PolicyDraft = {
  readonly companyName: string;
  readonly people: readonly Person[];
  readonly defaultApprovals: number;
  readonly table: readonly ApprovalRule[];
  readonly changeApprovals: number;
};

type PolicyIntake = Extract<Intake, { format: 'policy' }>;

/** Whom this machine's person would sign a policy as: an approver of its forerunner, or of itself for number 1. */
export const signerFor = (state: PeopleState, policy: StoredPolicy): Person | null => {
  const voters = approversOf(forerunnerOf(state, policy)?.content ?? policy.content);
  const me = voters.find(({ key }) => key === state.key);
  const hasSigned = policy.approvals.some(({ by }) => by.key === state.key && by.name === me?.name);
  return me === undefined || hasSigned ? null : me;
};

export const viewPolicy = (state: PeopleState, policy: StoredPolicy): PolicyView => {
  const forerunner = forerunnerOf(state, policy)?.content ?? null;
  const isDraft = policy.installedAt === null;
  return {
    digest: policy.digest,
    content: policy.content,
    approvals: policy.approvals.map((approval) => ({
      by: approval.by,
      at: approval.at,
      counts: counts(forerunner, policy.content, approval),
    })),
    needed: signaturesNeeded(forerunner, policy.content),
    state: isDraft ? 'draft' : policy.digest === state.inForce?.digest ? 'in-force' : 'superseded',
    waitsForMe: isDraft && signerFor(state, policy) !== null,
  };
};

/** Throws `envelope/actor-not-entitled`: nobody signs a policy but its approvers and those of its forerunner. */
const refuseStrangers = (
  forerunner: PolicyContent | null,
  content: PolicyContent,
  approvals: readonly PolicyApproval[],
): void => {
  const stranger = approvals.find(
    (approval) => !counts(forerunner, content, approval) && !counts(null, content, approval),
  );
  if (stranger) throw new AppError('envelope/actor-not-entitled', { name: stranger.by.name });
};

/** One that nobody wrote in mixed case gets its checksum here; a wrong one stays, and is refused by the rules. */
const withChecksum = (key: Address): Address =>
  key === key.toLowerCase() ? Address.parse(getAddress(key)) : key;

const draftsOf = ({ policies }: PeopleState): readonly StoredPolicy[] =>
  policies.filter(({ installedAt }) => installedAt === null);

const requireRoom = (state: PeopleState): void => {
  if (draftsOf(state).length >= MAX_DRAFTS)
    throw new AppError('policy/invalid', { reason: 'too-many-drafts', most: MAX_DRAFTS });
};

export const createPolicies = (
  { store, clock, keepAnchor, log }: Pick<PeopleDeps, 'store' | 'clock' | 'keepAnchor' | 'log'>,
  book: PeopleBook,
) => {
  const nowText = (): string => clock.now().toISOString();

  /**
   * Keeps a policy with these approvals, and brings it into force if it `may` and enough have signed. Within `book.change`.
   */
  const keep = async (
    state: PeopleState,
    policy: Pick<StoredPolicy, 'digest' | 'content' | 'approvals'>,
    may: { readonly install: boolean },
  ): Promise<{ readonly installed: boolean }> => {
    const { digest, content, approvals } = policy;
    const forerunner = forerunnerOf(state, policy)?.content ?? null;
    const install = may.install && isInForce(forerunner, policy);
    await store.putPolicy({ digest, content, approvals, install, at: nowText() });
    // SECURITY: from here on a copy of the store from before it is refused, so the older table does not come back.
    if (install)
      await keepAnchor().catch((error: unknown) => log.error('no anchor after a policy', { error }));
    return { installed: install };
  };

  return {
    keep,

    /** Throws as `readPolicy`, `policy/*` and `envelope/actor-not-entitled`. */
    intake: async (bytes: Uint8Array): Promise<PolicyIntake> => {
      const { content, digest, approvals } = await readPolicy(bytes);
      validatePolicy(content);
      return book.change(async (state) => {
        const { inForce } = state;
        const known = findPolicy(state, digest);
        // Another copy of the one in force brings signatures at most; everything else must be able to follow it.
        if (digest !== inForce?.digest) validateSuccession(inForce, content);
        refuseStrangers(forerunnerOf(state, { content })?.content ?? null, content, approvals);
        if (known === null) requireRoom(state);
        const merged = mergeApprovals(known?.approvals ?? [], approvals);
        const isSame =
          known !== null && JSON.stringify(merged) === JSON.stringify(mergeApprovals(known.approvals, []));
        if (isSame) return { format: 'policy', outcome: 'unchanged', digest };
        const { installed } = await keep(
          state,
          { digest, content, approvals: merged },
          // SECURITY: the first one is trusted by a person with the passphrase, in the approval window, never by a file.
          { install: inForce !== null && digest !== inForce.digest },
        );
        const outcome = installed ? 'installed' : known === null ? 'new' : 'merged';
        return { format: 'policy', outcome, digest };
      });
    },

    /** @throws AppError `policy/invalid` */
    draft: (input: PolicyDraft): Promise<Hash32> =>
      book.change(async (state) => {
        const { inForce } = state;
        requireRoom(state);
        const content: PolicyContent = {
          company: {
            id: inForce?.content.company.id ?? Hash32.parse(`0x${randomBytes(32).toString('hex')}`),
            name: input.companyName,
          },
          number: (inForce?.content.number ?? 0) + 1,
          previous: inForce?.digest ?? null,
          createdAt: nowText(),
          people: input.people.map((person) => ({ ...person, key: withChecksum(person.key) })),
          defaultApprovals: input.defaultApprovals,
          table: [...input.table],
          changeApprovals: input.changeApprovals,
        };
        validatePolicy(content);
        validateSuccession(inForce, content);
        const digest = digestOfPolicy(content);
        await keep(state, { digest, content, approvals: [] }, { install: false });
        return digest;
      }),

    /** @throws AppError `policy/unknown` */
    discard: (digest: Hash32): Promise<void> => book.change(() => store.removeDraft(digest)),

    views: async (): Promise<{
      inForce: PolicyView | null;
      drafts: PolicyView[];
      superseded: PolicyView[];
    }> => {
      const state = await book.state();
      const view = (policy: StoredPolicy) => viewPolicy(state, policy);
      return {
        inForce: state.inForce === null ? null : view(state.inForce),
        drafts: draftsOf(state).map(view),
        superseded: state.policies
          .filter(({ digest, installedAt }) => installedAt !== null && digest !== state.inForce?.digest)
          .map(view),
      };
    },
  };
};

export type Policies = ReturnType<typeof createPolicies>;
