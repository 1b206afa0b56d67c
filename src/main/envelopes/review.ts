/**
 * Envelopes in the approval window: to be approved or rejected, to be signed, or to have their words read.
 *
 * Hides: who may do what to an envelope now, the document that is shown, and how an act comes into being.
 *
 * Invariants: nothing is shown whose bytes do not say what its lines say; a yes reads and checks everything again and
 * refuses any difference from what was shown; acts and signatures are made by the vault with the passphrase, and kept in
 * one transaction each; what was signed is remembered in the same transaction, before a signature can leave.
 *
 * Callers: envelopes' own index opens subjects for `envelopes.review`; the desk asks them.
 */
import type { AppEvent, ApprovalDocument, ApprovalLine, EnvelopeFinding } from '../../shared/contract';
import type { KeyInfo } from '../../shared/contract/vault';
import { AppError, type ErrorCode } from '../../shared/errors';
import type { Act, JournalAnchor, UnsignedAct } from '../../shared/model/envelope';
import type { Address, Hash32, Instant } from '../../shared/model/ids';
import type { PersonRef, Signature } from '../../shared/model/people';
import type { Consent, Desk, Subject } from '../approval';
import type { Remote } from '../ledger';
import type { Clock } from '../platform/clock';
import type { Vault } from '../vault';
import { compareActs, verifyActsInTurns } from './acts';
import { type CheckResult, type EnvelopeCheck, refusalsOf } from './check';
import { hasRole, isMakerOf } from './check-people';
import type { EnvelopeStore, PolicyInForce, SignedMemory, StoredEnvelope } from './ports';
import { documentOf } from './review-document';
import { memoryOf, signingRequest, takeSignatures } from './signing';

export type ReviewAct = 'approve' | 'sign' | 'compare';

export type ReviewDeps = {
  readonly desk: Pick<Desk, 'open'>;
  readonly store: Pick<Remote<EnvelopeStore>, 'get' | 'putActs' | 'commitSignatures' | 'saveFindings'>;
  readonly check: EnvelopeCheck;
  readonly policyInForce: () => Promise<PolicyInForce | null>;
  /** This machine's person; the name that a policy does not know yet may be missing. */
  readonly identity: () => Promise<{ readonly name: string | null; readonly key: Address }>;
  readonly journalAnchor: () => Promise<JournalAnchor>;
  readonly vault: Pick<Vault, 'signBatch' | 'signStatement'>;
  readonly vaultKeys: () => Promise<readonly KeyInfo[]>;
  /** The vault learns of a store that has what was just kept, before it can leave. Must not throw. */
  readonly keepAnchor: () => Promise<void>;
  readonly emit: (event: AppEvent) => void;
  readonly emitToApproval: (event: AppEvent) => void;
  readonly clock: Clock;
};

/** One reading of an envelope, with everything found on the way. */
type Reading = {
  readonly stored: StoredEnvelope;
  readonly me: PersonRef;
  readonly result: CheckResult;
};

/** An act that somebody else's copy brought in between: read again, this often. */
const MERGE_ATTEMPTS = 3;

/** What may differ between showing and answering without anything having changed. */
const PASSING: readonly EnvelopeFinding['code'][] = [
  'facts-age',
  'voice',
  'live-token',
  'live-nonces',
  'funds',
];

/** What an envelope says and this machine's own books say otherwise: a reason for a no. */
const DISPUTED: readonly EnvelopeFinding['code'][] = [
  'chain-known',
  'token-known',
  'token-facts',
  'account-known',
  'creditor-known',
  'look-alike',
  'nonces',
  'already-signed',
  'live-token',
  'live-nonces',
];

const CODE_OF: Partial<Record<EnvelopeFinding['code'], ErrorCode>> = {
  clock: 'clock/set-back',
  expired: 'envelope/expired',
  rejected: 'envelope/wrong-state',
};
/** What an answer may name more closely than the opening of the window. */
const CODE_OF_ANSWER: typeof CODE_OF = {
  ...CODE_OF,
  approvals: 'envelope/approvals-missing',
  'already-signed': 'envelope/already-signed',
  nonces: 'envelope/already-signed',
};

const throwRefused = (result: CheckResult, codes: typeof CODE_OF): void => {
  const [first] = refusalsOf(result);
  if (!first) return;
  throw new AppError(codes[first.code] ?? 'envelope/refused-by-check', {
    check: first.code,
    line: first.firstLine,
    text: first.text,
  });
};

const isSameLine = (a: ApprovalLine, b: ApprovalLine): boolean =>
  (Object.keys(a) as (keyof ApprovalLine)[]).every((key) => a[key] === b[key]);

const worriesOf = (findings: readonly EnvelopeFinding[]): string =>
  findings
    .filter(({ verdict, code }) => verdict !== 'passed' && !PASSING.includes(code))
    .map(({ verdict, code, count, firstLine }) => `${verdict}/${code}/${count}/${firstLine}`)
    .sort()
    .join(' ');

/** SECURITY: answered is what was shown, or nothing. */
const requireSame = (shown: Reading, fresh: Reading): void => {
  const refuse = (what: string): never => {
    throw new AppError('payments/digest-mismatch', { what });
  };
  if (fresh.result.digest !== shown.stored.digest) refuse('content');
  const { lines } = shown.result;
  if (fresh.result.lines.length !== lines.length) refuse('lines');
  for (const [index, line] of lines.entries()) {
    const again = fresh.result.lines[index];
    if (!again || !isSameLine(line, again)) refuse('lines');
  }
  if (worriesOf(fresh.result.findings) !== worriesOf(shown.result.findings)) refuse('findings');
};

/** Of an act's reason, in code points, as its schema counts. */
const MAX_REASON = 300;

/** A reason as everybody will read it: one line without control or direction characters, no character cut in two. */
const cleanReason = (reason: string): string =>
  [
    ...reason
      .normalize('NFC')
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]+/gu, ' ')
      .trim(),
  ]
    .slice(0, MAX_REASON)
    .join('');

export const createReview = (deps: ReviewDeps) => {
  const { store, clock } = deps;

  const requirePolicy = async (): Promise<PolicyInForce> => {
    const policy = await deps.policyInForce();
    if (!policy) throw new AppError('policy/missing');
    return policy;
  };

  /** Who acts here, by the policy in force. */
  const requireMe = async (): Promise<{ readonly me: PersonRef; readonly policy: PolicyInForce }> => {
    const policy = await requirePolicy();
    const { key } = await deps.identity();
    const person = policy.content.people.find((one) => one.key === key);
    if (!person) throw new AppError('policy/role-missing');
    return { me: { name: person.name, key: person.key }, policy };
  };

  const requireOpen = ({ isWithdrawn, isSent, digest }: StoredEnvelope): void => {
    if (isWithdrawn || isSent) throw new AppError('envelope/wrong-state', { digest });
  };

  /** Throws unless this machine's person may do this to the envelope now. */
  const requireEntitled = async (
    stored: StoredEnvelope,
    act: 'approve' | 'sign' | 'reject',
    isAnswer: boolean,
  ): Promise<PersonRef> => {
    const { me, policy } = await requireMe();
    const may =
      act === 'reject'
        ? hasRole(policy.content, me, 'approver', 'signer')
        : hasRole(policy.content, me, act === 'approve' ? 'approver' : 'signer');
    if (!may) throw new AppError('policy/role-missing');
    if (act !== 'sign' && isMakerOf(stored.head, me)) throw new AppError('policy/own-batch');
    requireOpen(stored);
    // One act of a kind per person: what was said is said. Who has approved may still say no.
    const has = (kind: Act['kind']): boolean =>
      stored.acts.some((one) => one.kind === kind && one.by.key === me.key);
    if (has(act) && (isAnswer || act !== 'approve' || has('reject')))
      throw new AppError('envelope/wrong-state', { digest: stored.digest, act });
    if (clock.now().getTime() > Date.parse(stored.head.expiresAt))
      throw new AppError('envelope/expired', { expiresAt: stored.head.expiresAt });
    return me;
  };

  const whoCompares = async (): Promise<PersonRef> => {
    const { name, key } = await deps.identity();
    const person = (await deps.policyInForce())?.content.people.find((one) => one.key === key);
    return { name: person?.name ?? name ?? '?', key };
  };

  const read = async (digest: Hash32, act: ReviewAct, isAnswer: boolean): Promise<Reading> => {
    const stored = await store.get(digest);
    const me = act === 'compare' ? await whoCompares() : await requireEntitled(stored, act, isAnswer);
    const startedAt = now();
    const tell = (done: number, total: number): void => {
      const event: AppEvent = {
        type: 'progress',
        task: 'envelope-check',
        batchId: stored.batchId,
        digest,
        done,
        total,
        startedAt,
        isFinished: done >= total,
      };
      deps.emit(event);
      if (isAnswer) deps.emitToApproval(event);
    };
    const result = await deps.check(stored, act === 'compare' ? 'look' : act, tell);
    // SECURITY: also words are read only of what is whole: never of texts that are not what the bytes say.
    const isWhole = result.digest === digest && result.lines.length === stored.lineCount;
    // What this machine knows better is what an approver says no to: it is shown, and no yes passes it.
    const canRefuse =
      act === 'approve' && !isAnswer && refusalsOf(result).every(({ code }) => DISPUTED.includes(code));
    if (!isWhole || (act !== 'compare' && !canRefuse))
      throwRefused(result, isAnswer ? CODE_OF_ANSWER : CODE_OF);
    return { stored, me, result };
  };

  const now = (): Instant => clock.now().toISOString();

  /** When an act was made: clocks may be apart a little, and nothing is older than what it is about. */
  const actTime = ({ head }: StoredEnvelope): Instant =>
    clock.now().getTime() < Date.parse(head.createdAt) ? head.createdAt : now();

  const signAct = async (stored: StoredEnvelope, act: UnsignedAct, passphrase: string): Promise<Act> => {
    const { head, digest } = stored;
    const { signature } = await deps.vault.signStatement({
      statement: { type: 'act', company: head.company.id, digest, policy: head.policy.number, act },
      passphrase,
    });
    return { ...act, signature: signature as Signature } as Act;
  };

  /** All acts with one more, each verified. */
  const withAct = async ({ head, digest, lineCount, acts }: StoredEnvelope, act: Act): Promise<Act[]> => {
    const all = [...acts, act].sort(compareActs);
    await verifyActsInTurns(head, digest, lineCount, all);
    return all;
  };

  /** Keeps an act beside those that are known by then. */
  const keep = async (
    digest: Hash32,
    act: Act,
    write: (acts: readonly Act[]) => Promise<void>,
  ): Promise<void> => {
    for (let attempt = 1; ; attempt += 1) {
      const stored = await store.get(digest);
      // SECURITY: a no that arrived in this moment counts.
      if (act.kind !== 'reject' && stored.acts.some(({ kind }) => kind === 'reject'))
        throw new AppError('envelope/wrong-state', { digest });
      requireOpen(stored);
      try {
        await write(await withAct(stored, act));
        break;
      } catch (error) {
        const isRace = error instanceof AppError && error.code === 'envelope/conflict';
        if (!isRace || attempt === MERGE_ATTEMPTS) throw error;
      }
    }
    deps.emit({ type: 'envelopes.changed' });
  };

  const approve = async (shown: Reading, { passphrase, signal, voice, beginKeeping }: Consent) => {
    const { digest } = shown.stored;
    const fresh = await read(digest, 'approve', true);
    requireSame(shown, fresh);
    const { stored, me } = fresh;
    const at = actTime(stored);
    const act = await signAct(
      stored,
      {
        kind: 'approve',
        by: me,
        at,
        body: { voice, expiresAt: stored.head.expiresAt },
        journal: await deps.journalAnchor(),
      },
      passphrase,
    );
    if (signal.aborted) throw new AppError('cancelled');
    beginKeeping();
    await keep(digest, act, (acts) => store.putActs(digest, acts, at));
    return { signed: 0, afterwards: deps.keepAnchor };
  };

  const sign = async (shown: Reading, { passphrase, signal, voice, beginKeeping }: Consent) => {
    const { digest } = shown.stored;
    const fresh = await read(digest, 'sign', true);
    requireSame(shown, fresh);
    const { stored, me, result } = fresh;
    const keys = new Map(
      (await deps.vaultKeys()).map(({ address, keyId }) => [address.toLowerCase(), keyId] as const),
    );
    const request = await signingRequest(stored, result.lines, result.sources, keys);
    const startedAt = now();
    const total = request.content.items.length;
    const { signed } = await deps.vault.signBatch(
      { content: request.content, digest: request.digest, passphrase },
      {
        signal,
        onProgress: ({ signed: done }) => {
          const event: AppEvent = {
            type: 'progress',
            task: 'sign',
            batchId: stored.batchId,
            digest,
            done,
            total,
            startedAt,
            isFinished: done >= total,
          };
          deps.emitToApproval(event);
          deps.emit(event);
        },
      },
    );
    const signatures = await takeSignatures(request, signed);
    const at = actTime(stored);
    const act = await signAct(
      stored,
      { kind: 'sign', by: me, at, body: { voice, signatures }, journal: await deps.journalAnchor() },
      passphrase,
    );
    const memory = request.indexes.flatMap((line): SignedMemory[] => {
      const source = result.sources[line];
      const row = source ? memoryOf(stored.head, source, digest) : null;
      return row ? [row] : [];
    });
    if (memory.length !== signatures.length) throw new Error('a signature would not be remembered');
    if (signal.aborted) throw new AppError('cancelled');
    beginKeeping();
    // SECURITY: the act with its signatures and the memory of them, wholly or not at all. Before this line nothing is
    // anywhere but in this process; a crash leaves nothing, and the same signatures come out again next time.
    await keep(digest, act, (acts) => store.commitSignatures(digest, acts, memory, at));
    return { signed: signatures.length, afterwards: deps.keepAnchor };
  };

  const reject = async (digest: Hash32, reason: string, passphrase: string): Promise<void> => {
    const text = cleanReason(reason);
    if (text === '') throw new AppError('ipc/invalid-input', { field: 'reason' });
    const stored = await store.get(digest);
    const me = await requireEntitled(stored, 'reject', true);
    const at = actTime(stored);
    const act = await signAct(
      stored,
      { kind: 'reject', by: me, at, body: { reason: text }, journal: await deps.journalAnchor() },
      passphrase,
    );
    await keep(digest, act, (acts) => store.putActs(digest, acts, at));
    await deps.keepAnchor();
  };

  const documentOfReading = async (act: ReviewAct, reading: Reading): Promise<ApprovalDocument> =>
    documentOf(act, reading.stored, reading.me, reading.result, now());

  const build = async (digest: Hash32, act: ReviewAct): Promise<Subject> => {
    const shown = await read(digest, act, false);
    const { stored, result } = shown;
    await store.saveFindings(digest, result.findings, now());
    deps.emit({ type: 'envelopes.changed' });
    return {
      document: await documentOfReading(act, shown),
      lines: result.lines,
      batchId: stored.batchId,
      approve:
        act === 'compare'
          ? null
          : (consent) => (act === 'approve' ? approve(shown, consent) : sign(shown, consent)),
      reject: act === 'compare' ? null : ({ passphrase, reason }) => reject(digest, reason, passphrase),
      // Nothing was reserved for it.
      abandon: async () => undefined,
    };
  };

  return {
    /** Opens the approval window on an envelope. Throws what `envelopes.review` declares. */
    open: (digest: Hash32, act: ReviewAct): Promise<void> =>
      deps.desk.open(`${act}/${digest}`, () => build(digest, act)),
  };
};

export type Review = ReturnType<typeof createReview>;
