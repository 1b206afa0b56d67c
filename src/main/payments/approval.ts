/**
 * Approval of what keys of this machine pay: what is shown is what is decoded, what is decoded is what is signed, and all
 * of it goes into the outbox at once or not at all.
 *
 * Hides: building and reading back of transactions, and what a yes to them does. The open document is the desk's.
 *
 * Invariants: approving rebuilds everything from the store and the chain and refuses any difference from the digest that
 * was shown; nothing is signed but through the vault with the passphrase; a cancelled or failed approval leaves no bytes,
 * no nonces and no changed status behind.
 *
 * Callers: ipc binds `payments.requestApproval` (main window); settlement opens replacements.
 */
import type { AppEvent, ApprovalDocument, ApprovalLine } from '../../shared/contract';
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
import type { Consent, Desk, Subject } from '../approval';
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
  readonly desk: Pick<Desk, 'open'>;
  /** To the main window. */
  readonly emit: (event: AppEvent) => void;
  /** To the approval window. */
  readonly emitToApproval: (event: AppEvent) => void;
  readonly clock: Clock;
  readonly log: Logger;
  readonly isTestRuntime: boolean;
};

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

export type Approval = {
  /** Builds everything and opens the window. */
  readonly request: (batchId: BatchId) => Promise<void>;
  readonly openReplacement: (plan: ReplacementPlan) => Promise<void>;
};

export const createApproval = (deps: ApprovalDeps): Approval => {
  const { store, chain, clock } = deps;
  const now = (): Instant => clock.now().toISOString() as Instant;
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

  const documentOf = async (basis: Basis, source: PaymentSource, built: Built): Promise<ApprovalDocument> => {
    const isBatch = basis.kind === 'batch';
    return buildDocument({
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
  };

  const subjectOf = async (basis: Basis, source: PaymentSource, built: Built): Promise<Subject> => {
    const { batchId } = basis;
    return {
      document: await documentOf(basis, source, built),
      lines: built.lines,
      batchId,
      approve: async (consent) => ({
        signed: await sign(basis, built.digest, consent),
        // Sending is settlement's: what fails there is told there, and starts again with the next start.
        afterwards: () =>
          basis.kind === 'batch'
            ? deps.settlement.accept(batchId)
            : deps.settlement.acceptReplacement(basis.plan.slot.paymentId),
      }),
      reject: null,
      abandon: async () => {
        if (basis.kind === 'batch') {
          // A store that is gone must not keep the window open: the next start withdraws what is left.
          await store
            .withdrawBatch(batchId, now())
            .catch((error: unknown) => deps.log.warn('approval not withdrawn', { text: String(error) }));
        }
        deps.emit({ type: 'payments.changed', batchIds: [batchId] });
      },
    };
  };

  const buildBatch = async (batchId: BatchId): Promise<Subject> => {
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
      return await subjectOf(basis, facts.source, await build(basis, facts.source, plans, tell));
    } catch (error) {
      await store.withdrawBatch(batchId, now());
      throw error;
    } finally {
      tell(payments.length, true);
      deps.emit({ type: 'payments.changed', batchIds: [batchId] });
    }
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

  const buildReplacement = async (plan: ReplacementPlan): Promise<Subject> => {
    const { batchId } = plan.slot;
    const facts = await store.batchFacts(batchId);
    const basis: Basis = { kind: 'replacement', batchId, plan };
    const built = await build(basis, facts.source, [await planReplacement(plan)], () => undefined);
    return subjectOf(basis, facts.source, built);
  };

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

  const sign = async (
    basis: Basis,
    shown: Hash32,
    { passphrase, signal, beginKeeping }: Consent,
  ): Promise<number> => {
    const built = await rebuild(basis);
    // SECURITY: signed is what was shown, or nothing.
    if (built.digest !== shown) throw new AppError('payments/digest-mismatch', { what: 'content' });
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
    beginKeeping();
    const approval = {
      digest: built.digest,
      words: deps.vault.digestWords(built.digest),
      approvedAt: now(),
    };
    // From here it is one transaction of the store: either all of it is in the outbox, or none.
    const [first] = transactions;
    if (basis.kind === 'batch') await store.commitApproval(basis.batchId, approval, transactions);
    else if (first) await store.commitReplacement(first, approval);
    return transactions.length;
  };

  let replacements = 0;
  return {
    request: (batchId) => deps.desk.open(`pay/${batchId}`, () => buildBatch(batchId)),
    // Each one is another: fees and nonces may have moved since the last.
    openReplacement: (plan) => {
      replacements += 1;
      return deps.desk.open(`replace/${replacements}`, () => buildReplacement(plan));
    },
  };
};
