/** What the people domain is built on, and what its parts pass to each other. */
import type { AppEvent } from '../../shared/contract';
import type { Address, Hash32, Instant } from '../../shared/model/ids';
import type { PersonRef } from '../../shared/model/people';
import type { OwnPerson, PeopleStore, Remote, StoredPolicy } from '../ledger';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { Vault } from '../vault';

export type PeopleDeps = {
  readonly store: Remote<PeopleStore>;
  readonly vault: Pick<Vault, 'personKey' | 'signStatement' | 'verifyPassphrase'>;
  readonly clock: Clock;
  /** The latest time that the workspace has evidence of: journal entries and verified acts. */
  readonly latestTime: () => Promise<Instant | null>;
  /** Asks where, and writes. `null`: the person gave up. Throws `file/unwritable`. */
  readonly saveFile: (input: {
    readonly suggestedName: string;
    readonly extension: string;
    readonly content: Uint8Array;
  }) => Promise<string | null>;
  /** Tells the vault how far the store is, so that a copy from before a policy is noticed. */
  readonly keepAnchor: () => Promise<void>;
  /** Who sits at this machine; `null` while nobody has a name. For the journal. */
  readonly identify: (who: PersonRef | null) => void;
  readonly emit: (event: AppEvent) => void;
  readonly log: Logger;
  readonly isTestRuntime: boolean;
};

/** Everything that is known of people, as one reading. */
export type PeopleState = {
  readonly policies: readonly StoredPolicy[];
  readonly inForce: StoredPolicy | null;
  readonly own: OwnPerson;
  /** Of the vault's person key. */
  readonly key: Address;
};

/** Reads and writes of the state, one write at a time. */
export type PeopleBook = {
  readonly state: () => Promise<PeopleState>;
  /** Runs alone, on a fresh reading; what changed is told when it has ended. */
  readonly change: <T>(work: (state: PeopleState) => Promise<T>) => Promise<T>;
  /** Own clock. @throws AppError `clock/set-back` */
  readonly now: () => Promise<Instant>;
};

export const findPolicy = (state: PeopleState, digest: Hash32): StoredPolicy | null =>
  state.policies.find((policy) => policy.digest === digest) ?? null;

/** The policy that came before this one and was in force here; `null` for number 1. */
export const forerunnerOf = (
  state: PeopleState,
  { content }: Pick<StoredPolicy, 'content'>,
): StoredPolicy | null =>
  state.policies.find(({ digest, installedAt }) => installedAt !== null && digest === content.previous) ??
  null;

/** Who this machine's person is: by the policy in force, otherwise by the name that was typed. */
export const personOf = ({ inForce, own, key }: PeopleState): PersonRef | null => {
  const named = inForce?.content.people.find((person) => person.key === key);
  const name = named?.name ?? own.name;
  return name === null ? null : { name, key };
};
