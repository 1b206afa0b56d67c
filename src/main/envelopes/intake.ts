/**
 * Taking in what others hand over: a file, or the bytes that QR codes carried.
 *
 * SECURITY: the bytes are read in a process of their own and come back verified in form, digest, consistency and every
 * signature. Here is decided whether they concern this company under the policy in force, and whether everybody who acted
 * was entitled to. What is refused leaves nothing behind.
 *
 * SECURITY: a machine on which an older copy was put back has forgotten what it signed since. Signatures of its own accounts
 * that come back are remembered as if it had just made them, in the transaction that keeps the acts.
 */
import type { AppEvent, Intake } from '../../shared/contract';
import type { KeyInfo } from '../../shared/contract/vault';
import { AppError } from '../../shared/errors';
import type { Act, EnvelopeLine } from '../../shared/model/envelope';
import type { Address, Instant } from '../../shared/model/ids';
import type { Remote } from '../ledger';
import type { Clock } from '../platform/clock';
import { type ApprovalsNeeded, factsOfAct, isUnderPolicy, readStanding } from './check-people';
import { combine } from './combine';
import type { EnvelopeOpener, OpenedHead, OpenSource } from './opener';
import type { EnvelopeHead, EnvelopeStore, PolicyInForce, SignedMemory } from './ports';
import { memoryOf } from './signing';

export type IntakeDeps = {
  readonly opener: EnvelopeOpener;
  readonly store: Pick<
    Remote<EnvelopeStore>,
    'find' | 'begin' | 'addLines' | 'finish' | 'discard' | 'putActs'
  >;
  readonly policyInForce: () => Promise<PolicyInForce | null>;
  readonly approvalsNeeded: ApprovalsNeeded;
  readonly me: () => Promise<Address>;
  /** Whose signatures are this machine's own. */
  readonly vaultKeys: () => Promise<readonly Pick<KeyInfo, 'address'>[]>;
  /** Policies and people's cards, which are the people domain's. */
  readonly takePeopleFile: (format: 'policy' | 'person', bytes: Uint8Array) => Promise<Intake>;
  /** The vault learns of a store that has what came in. Must not throw. */
  readonly keepAnchor: () => Promise<void>;
  readonly clock: Clock;
  readonly emit: (event: AppEvent) => void;
};

/** Throws `envelope/foreign-company`, `envelope/unknown-policy`. */
const requirePolicy = (head: EnvelopeHead, policy: PolicyInForce | null): PolicyInForce => {
  const { number } = head.policy;
  if (policy === null) throw new AppError('envelope/unknown-policy', { number, inForce: null });
  const { id, name } = policy.content.company;
  if (id !== head.company.id || name !== head.company.name)
    throw new AppError('envelope/foreign-company', { company: head.company.name });
  // SECURITY: an older table, or another one of the same number, decides nothing here; a newer one has to come first.
  if (!isUnderPolicy(head, policy))
    throw new AppError('envelope/unknown-policy', { number, inForce: policy.content.number });
  return policy;
};

/** How far ahead of this clock somebody may have acted: a day in the wrong zone and time on the way. */
const MOST_AHEAD_MS = 2 * 24 * 60 * 60_000;

/**
 * SECURITY: what is kept here is evidence of time, against which this clock is measured from then on. One file of a clock
 * that is years ahead would keep everybody who takes it in from approving and signing for these years.
 *
 * Throws `clock/set-back`: one of the two clocks is wrong.
 */
const requirePlausible = (head: EnvelopeHead, acts: readonly Act[], now: Date): void => {
  const latest = [head.createdAt, ...acts.map(({ at }) => at)].find(
    (at) => Date.parse(at) > now.getTime() + MOST_AHEAD_MS,
  );
  if (latest !== undefined) throw new AppError('clock/set-back', { now: now.toISOString(), latest });
};

/** Rows of the memory by line, of accounts whose keys are here. */
type OwnLines = Map<number, SignedMemory>;

const addOwnLines = (
  { head, digest }: OpenedHead,
  from: number,
  lines: readonly EnvelopeLine[],
  keyed: ReadonlySet<string>,
  own: OwnLines,
): void => {
  if (keyed.size === 0) return;
  for (const [offset, line] of lines.entries()) {
    const row = memoryOf(head, line, digest);
    if (row && keyed.has(row.sender.toLowerCase())) own.set(from + offset, row);
  }
};

/** What somebody signed of them. */
const signedOf = (acts: readonly Act[], own: OwnLines): readonly SignedMemory[] => {
  const signed = new Set(
    acts.flatMap((act) => (act.kind === 'sign' ? act.body.signatures.map(({ line }) => line) : [])),
  );
  return [...own].flatMap(([line, row]) => (signed.has(line) ? [row] : []));
};

export const createIntake = (deps: IntakeDeps) => {
  const { opener, store, clock } = deps;
  let last: Promise<unknown> = Promise.resolve();
  const now = (): Instant => clock.now().toISOString() as Instant;

  /** Throws `envelope/actor-not-entitled`. What is only late, or ahead of this clock, is kept and does not count. */
  const requireEntitled = async (
    head: EnvelopeHead,
    acts: readonly Act[],
    policy: PolicyInForce,
  ): Promise<void> => {
    const standing = readStanding({
      head,
      acts: acts.map(factsOfAct),
      policy,
      approvalsNeeded: deps.approvalsNeeded,
      me: await deps.me(),
      nowMs: clock.now().getTime(),
    });
    const wrong = standing.acts.find(({ problem }) => problem === 'not-entitled' || problem === 'own-batch');
    if (wrong)
      throw new AppError('envelope/actor-not-entitled', {
        kind: wrong.kind,
        name: wrong.by.name,
        reason: wrong.problem,
      });
  };

  const take = async (source: OpenSource): Promise<Intake> => {
    const startedAt = now();
    let begun: OpenedHead | null = null;
    const tell = ({ digest, lineCount }: OpenedHead, done: number, isFinished = false): void =>
      deps.emit({
        type: 'progress',
        task: 'envelope-open',
        batchId: null,
        digest,
        done,
        total: lineCount,
        startedAt,
        isFinished,
      });
    let opened: OpenedHead | null = null;
    const own: OwnLines = new Map();
    const keyed = new Set((await deps.vaultKeys()).map(({ address }) => address.toLowerCase()));
    try {
      const output = await opener.open(source, {
        onHead: async (head) => {
          opened = head;
          tell(head, 0);
          requirePolicy(head.head, await deps.policyInForce());
          if ((await store.find(head.digest)) !== null) return;
          await store.begin({ ...head, batchId: null, at: startedAt });
          begun = head;
        },
        onLines: async (from, lines) => {
          if (opened !== null) addOwnLines(opened, from, lines, keyed, own);
          if (begun === null) return;
          await store.addLines(begun.digest, from, lines);
          tell(begun, from + lines.length);
        },
      });
      if (output.format !== 'envelope') return await deps.takePeopleFile(output.format, output.bytes);
      const { digest, head, acts } = output;
      await requireEntitled(head, acts, requirePolicy(head, await deps.policyInForce()));
      requirePlausible(head, acts, clock.now());
      const outcome = await keep(digest, acts, signedOf(acts, own), begun !== null);
      if (outcome !== 'unchanged') {
        await deps.keepAnchor();
        deps.emit({ type: 'envelopes.changed' });
      }
      return { format: 'envelope', outcome, digest };
    } catch (error) {
      const left: OpenedHead | null = begun;
      if (left !== null) await store.discard((left as OpenedHead).digest);
      throw error;
    } finally {
      const seen: OpenedHead | null = opened;
      if (seen !== null) tell(seen, (seen as OpenedHead).lineCount, true);
    }
  };

  const keep = async (
    digest: OpenedHead['digest'],
    acts: readonly Act[],
    signed: readonly SignedMemory[],
    isNew: boolean,
  ): Promise<'new' | 'merged' | 'unchanged'> => {
    if (isNew) {
      await store.finish(digest, acts, now(), true, signed);
      return 'new';
    }
    const known = await store.find(digest);
    if (known === null) throw new Error('an envelope disappeared while a copy of it was read');
    const combined = combine(known.acts, acts);
    // A key can have come here after the envelope: its signatures are remembered with the next copy.
    if (combined.outcome === 'unchanged' && signed.length === 0) return 'unchanged';
    // Whoever gave the copy has all of it already, unless something was known only here.
    const isElsewhere = combined.acts.length === acts.length;
    await store.putActs(digest, combined.acts, now(), isElsewhere, signed);
    return combined.outcome === 'unchanged' ? 'unchanged' : 'merged';
  };

  return {
    /** One at a time, in the order in which they came. Throws what `envelopes.importFile` declares. */
    take: (source: OpenSource): Promise<Intake> => {
      const work = last.then(() => take(source));
      last = work.catch(() => undefined);
      return work;
    },
  };
};
