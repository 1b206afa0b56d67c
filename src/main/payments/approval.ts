/**
 * Approval: what is shown is what is decoded, what is decoded is what is signed, and all of it goes into the outbox at
 * once or not at all.
 *
 * Hides: planning of nonces and fees, building and reading back of transactions, the one open approval.
 *
 * Invariants: at most one approval is open; approving rebuilds everything from the store and the chain and refuses any
 * difference from the digest that was shown; nothing is signed but through the vault with the passphrase; a cancelled or
 * failed approval leaves no bytes, no nonces and no changed status behind.
 *
 * Callers: ipc binds `payments.requestApproval` (main window) and `approval.*` (approval window); settlement opens
 * replacements; the shell closes it with its window, the session at lock.
 */
import type { AppEvent, ApprovalDocument, ApprovalHandlers, ApprovalLine } from '../../shared/contract';
import { AppError } from '../../shared/errors';
import type { Counterparty } from '../../shared/model/directory';
import type {
  Address,
  BatchId,
  CounterpartyId,
  Hash32,
  Hex,
  Instant,
  NetworkId,
  PaymentId,
} from '../../shared/model/ids';
import type { PaymentSource } from '../../shared/model/payments';
import type { SigningContent } from '../../shared/model/signing';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { FeeOffer, ReplacementPlan, SignedTransaction } from '../settlement';
import type { SignedPayment, SigningProgress, Vault } from '../vault';
import { breathe, buildItem, contentSource, digestContent, type Plan, readLine } from './approval-content';
import { buildDocument } from './approval-document';
import { checkSigned } from './approval-signed';
import { createPlanner, distinct, type PlannerDeps, pick } from './plan';
import { readLivePayments } from './preflight';

export type ApprovalDeps = PlannerDeps & {
  /** Who is paid, with what its banks' enrolments were told to be. Throws `directory/counterparty-unknown`. */
  readonly counterparty: (id: CounterpartyId) => Promise<Counterparty>;
  readonly vault: Pick<Vault, 'signBatch' | 'digestWords'>;
  readonly settlement: {
    readonly accept: (batchId: BatchId) => Promise<void>;
    readonly acceptReplacement: (paymentId: PaymentId) => Promise<void>;
  };
  readonly windows: { readonly openApproval: () => Promise<void>; readonly closeApproval: () => void };
  /** To the main window. */
  readonly emit: (event: AppEvent) => void;
  /** To the approval window. */
  readonly emitToApproval: (event: AppEvent) => void;
  readonly clock: Clock;
  readonly log: Logger;
  readonly isTestRuntime: boolean;
};

/** Fees and pre-flights older than this are not approved any more. */
const FRESH_MS = 15 * 60_000;
const SLICE = 50;

type Built = {
  readonly content: SigningContent;
  readonly plans: readonly Plan[];
  readonly lines: readonly ApprovalLine[];
  readonly digest: Hash32;
};

/** What a rebuild takes from the first build; everything else is read again. */
type Basis =
  | { readonly kind: 'batch'; readonly batchId: BatchId; readonly fees: ReadonlyMap<NetworkId, FeeOffer> }
  | { readonly kind: 'replacement'; readonly batchId: BatchId; readonly plan: ReplacementPlan };

type Session = {
  readonly basis: Basis;
  readonly document: ApprovalDocument;
  readonly lines: readonly ApprovalLine[];
  readonly builtAtMs: number;
  phase: 'shown' | 'signing' | 'keeping';
  readonly controller: { current: AbortController | null };
  /** Resolves when an approval that is under way has ended, either way. */
  working: Promise<unknown>;
};

export type Approval = {
  /** Builds everything and opens the window. */
  readonly request: (batchId: BatchId) => Promise<void>;
  readonly openReplacement: (plan: ReplacementPlan) => Promise<void>;
  readonly document: () => ApprovalDocument;
  readonly lines: (offset: number, limit: number) => { total: number; lines: ApprovalLine[] };
  readonly approve: (input: {
    readonly digest: Hash32;
    readonly passphrase: string;
  }) => Promise<{ signed: number }>;
  readonly cancelSigning: () => void;
  /** Closes without approving; harmless when nothing is open. */
  readonly close: () => Promise<void>;
  readonly isSigning: () => boolean;
};

export const createApproval = (deps: ApprovalDeps): Approval => {
  const { store, chain, clock } = deps;
  const now = (): Instant => clock.now().toISOString() as Instant;
  let session: Session | null = null;
  let isBuilding = false;

  const planner = createPlanner(deps);

  /** Items, their digest, and the lines read back from their bytes. */
  const build = async (
    basis: Basis,
    source: PaymentSource,
    plans: readonly Plan[],
    tell: (done: number) => void,
  ): Promise<Built> => {
    const items: SigningContent['items'] = [];
    const lines: ApprovalLine[] = [];
    for (const [index, plan] of plans.entries()) {
      const item = buildItem(plan);
      items.push(item);
      lines.push(readLine(item, plan, index));
      if (index % SLICE === SLICE - 1) {
        tell(index + 1);
        await breathe();
      }
    }
    const content: SigningContent = {
      version: 1,
      kind: basis.kind,
      batchId: basis.batchId,
      source: contentSource(source),
      items,
    };
    return { content, plans, lines, digest: await digestContent(content) };
  };

  const countReceiversWithCode = async (plans: readonly Plan[]): Promise<number> => {
    let count = 0;
    for (const networkId of new Set(plans.map(({ network }) => network.id))) {
      const ofNetwork = plans.filter(({ network, action }) => network.id === networkId && action === 'pay');
      const receivers = [...new Set(ofNetwork.map(({ payment }) => payment.creditorAddress))];
      const answers = await chain.haveCode(networkId, receivers);
      const withCode = new Set(receivers.filter((_, index) => answers[index]));
      count += ofNetwork.filter(({ payment }) => withCode.has(payment.creditorAddress)).length;
    }
    return count;
  };

  /** Payments to holders of whom nobody said that the bank enrolled them for this token. */
  const countUnknownEnrolments = async (plans: readonly Plan[]): Promise<number> => {
    const ids = plans.flatMap(({ payment }) => (payment.counterpartyId ? [payment.counterpartyId] : []));
    const known = await distinct(ids, (id) =>
      deps.counterparty(id).catch((error: unknown) => {
        if (error instanceof AppError && error.code === 'directory/counterparty-unknown') return null;
        throw error;
      }),
    );
    return plans.filter(({ payment }) => {
      const holder = payment.counterpartyId ? known.get(payment.counterpartyId) : null;
      const account = holder?.accounts.find(
        ({ address }) => address.toLowerCase() === payment.creditorAddress.toLowerCase(),
      );
      return !account?.enrolments.some(
        ({ tokenId, state }) => tokenId === payment.tokenId && state === 'enrolled',
      );
    }).length;
  };

  const show = async (basis: Basis, source: PaymentSource, built: Built): Promise<void> => {
    const isBatch = basis.kind === 'batch';
    const document = buildDocument({
      kind: basis.kind,
      batchId: basis.batchId,
      source,
      digest: built.digest,
      words: deps.vault.digestWords(built.digest),
      lines: built.lines,
      plans: built.plans,
      receiversWithCode: await countReceiversWithCode(built.plans),
      unknownEnrolments: isBatch ? await countUnknownEnrolments(built.plans) : 0,
      firstPayments: isBatch ? await store.countFirstPayments(basis.batchId) : 0,
      releasedHolds: isBatch ? (await store.batchFacts(basis.batchId)).releasedHolds.length : 0,
      isTestRuntime: deps.isTestRuntime,
      builtAt: now(),
    });
    session = {
      basis,
      document,
      lines: built.lines,
      builtAtMs: clock.monotonicMs(),
      phase: 'shown',
      controller: { current: null },
      working: Promise.resolve(),
    };
    await deps.windows.openApproval();
  };

  /** One build at a time, and none while a document is open. */
  const alone = async (work: () => Promise<void>): Promise<void> => {
    if (session || isBuilding) throw new AppError('busy');
    isBuilding = true;
    try {
      await work();
    } catch (error) {
      session = null;
      throw error;
    } finally {
      isBuilding = false;
    }
  };

  const isShown = (batchId: BatchId): boolean =>
    session?.basis.kind === 'batch' && session.basis.batchId === batchId;

  const request = (batchId: BatchId): Promise<void> => {
    // Asked again for what is open: its window comes to the front.
    if (isShown(batchId)) return deps.windows.openApproval();
    return alone(async () => {
      const { facts, payments } = await planner.requireReady(batchId);
      const startedAt = now();
      const tell = (done: number, isFinished = false): void =>
        deps.emit({
          type: 'progress',
          task: 'approval-build',
          batchId,
          done,
          total: payments.length,
          startedAt,
          isFinished,
        });
      tell(0);
      try {
        const around = await planner.readSurroundings(payments, planner.requireToken);
        planner.requireStanding(batchId, payments, around);
        const fees = await planner.readFees(around);
        await store.submitBatch(batchId, now());
        const ranges = await planner.reserve(batchId, payments);
        const basis: Basis = { kind: 'batch', batchId, fees };
        const plans = planner.planBatch(payments, around, fees, ranges);
        await planner.requireFunds(plans);
        await show(basis, facts.source, await build(basis, facts.source, plans, tell));
      } catch (error) {
        await store.withdrawBatch(batchId, now());
        throw error;
      } finally {
        tell(payments.length, true);
        deps.emit({ type: 'payments.changed', batchIds: [batchId] });
      }
    });
  };

  const planReplacement = async ({ slot, action, fees, gas }: ReplacementPlan): Promise<Plan> => {
    const payment = await store.paymentFactsOf(slot.paymentId);
    const around = await planner.readSurroundings([payment], (id) =>
      action === 'pay' ? planner.requireToken(id) : deps.verifyToken(id).then(({ token }) => token),
    );
    return {
      payment,
      token: pick(around.tokens, payment.tokenId),
      network: pick(around.networks, slot.networkId),
      account: pick(around.accounts, payment.debtorAccountId),
      nonce: slot.nonce,
      gas,
      fees,
      action,
    };
  };

  const openReplacement = (plan: ReplacementPlan): Promise<void> =>
    alone(async () => {
      const { batchId } = plan.slot;
      const facts = await store.batchFacts(batchId);
      const basis: Basis = { kind: 'replacement', batchId, plan };
      const built = await build(basis, facts.source, [await planReplacement(plan)], () => undefined);
      await show(basis, facts.source, built);
    });

  /** Everything once more, from the store and the chain as they are now. */
  const rebuild = async (basis: Basis): Promise<Built> => {
    const facts = await store.batchFacts(basis.batchId);
    if (basis.kind === 'replacement') {
      const slot = await store.slot(basis.plan.slot.paymentId);
      if (!slot || slot.state.isDone || slot.state.inclusion !== null)
        throw new AppError('settlement/already-final', { paymentId: basis.plan.slot.paymentId });
      const [mined] = await chain.nonces(slot.networkId, [slot.sender], 'latest');
      if ((mined ?? 0n) > slot.nonce)
        throw new AppError('settlement/already-final', { paymentId: slot.paymentId });
      const plan = await planReplacement({ ...basis.plan, slot });
      return build(basis, facts.source, [plan], () => undefined);
    }
    const payments = await readLivePayments(store, basis.batchId);
    if (facts.isApproved || payments.length === 0 || payments.some(({ status }) => status !== 'PDNG'))
      throw new AppError('payments/wrong-state', { batchId: basis.batchId });
    if (payments.some(({ preflight }) => preflight === null || preflight.state === 'refused'))
      throw new AppError('payments/digest-mismatch', { what: 'pre-flight' });
    const around = await planner.readSurroundings(payments, planner.requireToken);
    const ranges = await store.reservationsOf(basis.batchId);
    for (const { networkId, sender, first } of ranges) {
      const [pending] = await chain.nonces(networkId, [sender], 'latest');
      if ((pending ?? 0n) > first) throw new AppError('settlement/nonce-conflict', { nonce: first });
    }
    const plans = planner.planBatch(payments, around, basis.fees, ranges);
    const built = await build(basis, facts.source, plans, () => undefined);
    await planner.requireFunds(plans);
    return built;
  };

  const toSigned = ({ plans }: Built, signed: readonly SignedPayment[]): SignedTransaction[] =>
    plans.map((plan, index) => {
      const own = signed[index];
      if (!own || own.paymentId !== plan.payment.id) throw new Error('the vault answered another batch');
      return {
        paymentId: plan.payment.id,
        action: plan.action,
        networkId: plan.network.id,
        sender: plan.account.address.toLowerCase() as Address,
        nonce: plan.nonce,
        keyId: plan.account.keyId,
        gas: plan.gas,
        fees: plan.fees,
        hash: own.hash,
        raw: own.raw as Hex,
      };
    });

  const sign = async (open: Session, passphrase: string, signal: AbortSignal): Promise<number> => {
    const { basis, document } = open;
    const built = await rebuild(basis);
    // SECURITY: signed is what was shown, or nothing.
    if (built.digest !== document.digest) throw new AppError('payments/digest-mismatch', { what: 'content' });
    const startedAt = now();
    const total = built.plans.length;
    const tell = ({ signed }: SigningProgress): void => {
      const event: AppEvent = {
        type: 'progress',
        task: 'sign',
        batchId: basis.batchId,
        done: signed,
        total,
        startedAt,
        isFinished: signed >= total,
      };
      deps.emitToApproval(event);
      deps.emit(event);
    };
    const { signed } = await deps.vault.signBatch(
      { content: built.content, digest: built.digest, passphrase },
      { onProgress: tell, signal },
    );
    await checkSigned(built.content, signed);
    const transactions = toSigned(built, signed);
    if (signal.aborted || session !== open) throw new AppError('cancelled');
    open.phase = 'keeping';
    const approval = { digest: built.digest, words: document.words, approvedAt: now() };
    // From here it is one transaction of the store: either all of it is in the outbox, or none.
    const [first] = transactions;
    if (basis.kind === 'batch') await store.commitApproval(basis.batchId, approval, transactions);
    else if (first) await store.commitReplacement(first, approval);
    return transactions.length;
  };

  const finish = (open: Session, outcome: 'approved' | 'closed'): void => {
    if (session === open) session = null;
    deps.emit({ type: 'approval.closed', batchId: open.basis.batchId, outcome });
    deps.windows.closeApproval();
  };

  const approve: Approval['approve'] = async ({ digest, passphrase }) => {
    const open = session;
    if (!open) throw new AppError('payments/approval-closed');
    if (open.phase !== 'shown') throw new AppError('busy');
    if (digest !== open.document.digest)
      throw new AppError('payments/digest-mismatch', { what: 'shown digest' });
    if (clock.monotonicMs() - open.builtAtMs > FRESH_MS)
      throw new AppError('payments/digest-mismatch', { what: 'too old' });
    const controller = new AbortController();
    open.phase = 'signing';
    open.controller.current = controller;
    const work = sign(open, passphrase, controller.signal);
    open.working = work.catch(() => undefined);
    let signed: number;
    try {
      signed = await work;
    } catch (error) {
      open.phase = 'shown';
      open.controller.current = null;
      throw error;
    }
    finish(open, 'approved');
    // Sending is settlement's: what fails there is told there, and starts again with the next start.
    const { basis } = open;
    const accepting =
      basis.kind === 'batch'
        ? deps.settlement.accept(basis.batchId)
        : deps.settlement.acceptReplacement(basis.plan.slot.paymentId);
    await accepting.catch((error: unknown) =>
      deps.log.error('approved batch waits', { text: String(error) }),
    );
    return { signed };
  };

  return {
    request,
    openReplacement,
    document: () => {
      if (!session) throw new AppError('payments/approval-closed');
      return session.document;
    },
    lines: (offset, limit) => {
      if (!session) throw new AppError('payments/approval-closed');
      return { total: session.lines.length, lines: session.lines.slice(offset, offset + limit) };
    },
    approve,
    cancelSigning: () => session?.controller.current?.abort(new AppError('cancelled')),
    close: async () => {
      const open = session;
      if (!open) return;
      if (open.phase === 'keeping') {
        // Too late to give up: the outbox has it, or refuses it, in this moment.
        await open.working;
        if (session !== open) return;
      }
      // A signing that is still under way finds no session when it comes back, and keeps nothing.
      session = null;
      open.controller.current?.abort(new AppError('cancelled'));
      if (open.basis.kind === 'batch') {
        // A store that is gone must not keep the window open: the next start withdraws what is left.
        await store
          .withdrawBatch(open.basis.batchId, now())
          .catch((error: unknown) => deps.log.warn('approval not withdrawn', { text: String(error) }));
      }
      finish(open, 'closed');
      deps.emit({ type: 'payments.changed', batchIds: [open.basis.batchId] });
    },
    isSigning: () => session !== null && session.phase !== 'shown',
  };
};

export const approvalHandlers = (approval: Approval): ApprovalHandlers => ({
  'approval.document': async () => approval.document(),
  'approval.lines': async ({ offset, limit }) => approval.lines(offset, limit),
  'approval.approve': async (input) => approval.approve(input),
  'approval.cancelSigning': async () => {
    approval.cancelSigning();
    return {};
  },
  'approval.close': async () => {
    await approval.close();
    return {};
  },
});
