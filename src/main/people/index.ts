/**
 * People and policy: who this machine belongs to, who the company's people are, and how many approvals a batch needs.
 *
 * Hides: the files of policies and cards (docs/policy.md), their signatures, how copies are combined and when a policy
 * comes into force. Invariants: policies come into force one after the other, each by the approvers of the one before, the
 * first by a person with the passphrase; none ever comes back; whatever came in has one form, its own digest and right
 * signatures.
 * Callers: session.ts builds it and binds `people.*`; envelopes asks for the policy in force and hands files over; the
 * approval desk shows `reviewSubject`.
 */
import type { MainHandlers } from '../../shared/contract';
import { AppError } from '../../shared/errors';
import type { Hash32 } from '../../shared/model/ids';
import type { PolicyContent } from '../../shared/model/people';
import { createBook } from './book';
import { encodePolicy } from './files';
import { createPerson } from './person';
import { createPolicies } from './policies';
import { findPolicy, type PeopleDeps, personOf } from './ports';
import { createReview } from './review';

export { approvalsNeeded, entitled, type PolicySum } from './policy';
export type { PeopleDeps } from './ports';

export const createPeople = (deps: PeopleDeps) => {
  const book = createBook(deps);
  const policies = createPolicies(deps, book);
  const person = createPerson(deps, book);

  /** The file of a policy that is known here. @throws AppError `policy/unknown` */
  const policyFile = async (digest: Hash32): Promise<{ bytes: Uint8Array; number: number }> => {
    const policy = findPolicy(await book.state(), digest);
    if (policy === null) throw new AppError('policy/unknown', { digest });
    return {
      bytes: encodePolicy(policy.digest, policy.content, policy.approvals),
      number: policy.content.number,
    };
  };

  return {
    /** Says who sits here. To be called once, before commands are taken. */
    start: async (): Promise<void> => deps.identify(personOf(await book.state())),

    me: person.me,
    identity: person.identity,
    setName: person.setName,
    exportCard: person.exportCard,
    ownCard: person.ownCard,
    intakeCard: person.intakeCard,
    cards: person.cards,

    /** The policy by which envelopes are made and judged now; `null`: the company has none here. */
    inForce: async (): Promise<{ readonly digest: Hash32; readonly content: PolicyContent } | null> => {
      const { inForce } = await book.state();
      return inForce === null ? null : { digest: inForce.digest, content: inForce.content };
    },
    /** One that is or was in force here; `null` for every other, drafts included. */
    policyByDigest: async (digest: Hash32): Promise<PolicyContent | null> => {
      const policy = findPolicy(await book.state(), digest);
      return policy === null || policy.installedAt === null ? null : policy.content;
    },
    policyBytes: async (digest: Hash32): Promise<Uint8Array> => (await policyFile(digest)).bytes,
    policies: policies.views,
    draftPolicy: policies.draft,
    discardDraft: policies.discard,
    intakePolicy: policies.intake,
    /** @throws AppError `policy/unknown` | `file/unwritable` */
    exportPolicy: async (digest: Hash32): Promise<string | null> => {
      const { bytes, number } = await policyFile(digest);
      return deps.saveFile({
        suggestedName: `policy-${number}-${digest.slice(2, 10)}.nostro`,
        extension: 'nostro',
        content: bytes,
      });
    },
    reviewSubject: createReview(deps, book, policies),
  };
};

export type People = ReturnType<typeof createPeople>;

type PeopleHandlers = Pick<MainHandlers, Extract<keyof MainHandlers, `people.${string}`>>;

/** `openReview`: opens the approval window on `reviewSubject(digest)`. */
export const peopleHandlers = (
  people: People,
  { openReview }: { readonly openReview: (digest: Hash32) => Promise<void> },
): PeopleHandlers => ({
  'people.identity': () => people.identity(),
  'people.setName': async ({ name }) => {
    await people.setName(name);
    return {};
  },
  'people.exportCard': async ({ passphrase }) => ({ saved: await people.exportCard(passphrase) }),
  'people.cards': async () => ({ cards: await people.cards() }),
  'people.policies': () => people.policies(),
  'people.draftPolicy': async (input) => ({ digest: await people.draftPolicy(input) }),
  'people.discardDraft': async ({ digest }) => {
    await people.discardDraft(digest);
    return {};
  },
  'people.exportPolicy': async ({ digest }) => ({ saved: await people.exportPolicy(digest) }),
  'people.reviewPolicy': async ({ digest }) => {
    await openReview(digest);
    return {};
  },
});
