/**
 * The pre-flight of a batch: would every payment in it pass, now?
 *
 * Hides: which views a token has, batching of questions, running totals over the batch. Invariants: nothing is signed or
 * sent; a verdict is `ok` only when the simulation of the exact calldata passed and no view, total or fee said no; money
 * promised to earlier payments is not counted twice. Called by ipc through `payments.preflight`.
 */
import type { AppEvent } from '../../shared/contract';
import { AppError } from '../../shared/errors';
import { decodeRefusal } from '../../shared/evm/refusals';
import type { Network, Refusal, Token } from '../../shared/model/directory';
import type { BatchId, Instant, NetworkId, TokenId } from '../../shared/model/ids';
import type { PreflightVerdict } from '../../shared/model/payments';
import { refusalOfToken } from '../../shared/model/token-standing';
import type { Remote } from '../ledger';
import type { SettlementStore } from '../ledger/stores/settlement-store';
import type { Clock } from '../platform/clock';
import type { CallAnswer, ChainPort, FeeOffer, FeeSituation, PaymentFacts } from '../settlement';
import {
  type Check,
  type Finding,
  readSimulation,
  restrictionMessage,
  viewQuestions,
} from './preflight-views';
import { addressWord, readWord, transferDataOf, VIEW, viewData } from './transfer-data';

export type PreflightDeps = {
  readonly store: Remote<SettlementStore>;
  readonly chain: ChainPort;
  /** Throws `directory/network-unknown`. */
  readonly network: (id: NetworkId) => Promise<Network>;
  /** Asks the chain what the token is now and compares it with what was approved (P2). Throws `chain/*`. */
  readonly verifyToken: (id: TokenId) => Promise<{ readonly token: Token }>;
  readonly planFees: (rule: Network['fees'], situation: FeeSituation) => FeeOffer;
  readonly gasLimitFor: (network: Network, estimate: bigint, dataBytes: number) => bigint;
  readonly clock: Clock;
  readonly emit: (event: AppEvent) => void;
};

const PAGE = 250;
const CHUNK = 100;
const LIVE: readonly PaymentFacts['status'][] = ['RCVD', 'ACTC'];

/** What one token's payments need once per run. */
type TokenSituation = {
  readonly token: Token;
  readonly network: Network;
  readonly block: bigint;
  readonly perGas: bigint;
};

/** What is left of an account as the batch goes on. */
type Purse = { left: bigint | null };

type Run = {
  readonly situations: Map<TokenId, TokenSituation>;
  readonly balances: Map<string, Purse>;
  readonly native: Map<string, Purse>;
  readonly answers: Map<string, Finding>;
  readonly estimates: Map<string, bigint | null>;
  readonly restrictions: Map<string, Refusal>;
};

export type Preflight = {
  /** Throws `payments/batch-unknown`, `payments/wrong-state`, `chain/*`, `cancelled`, `busy`. */
  readonly run: (batchId: BatchId) => Promise<void>;
  readonly cancel: (batchId: BatchId) => void;
  /** Cancels every run; called at lock. */
  readonly stop: () => void;
};

/** Every live payment of a batch, in order. */
export const readLivePayments = async (
  store: Pick<Remote<SettlementStore>, 'paymentFacts'>,
  batchId: BatchId,
): Promise<PaymentFacts[]> => {
  const payments: PaymentFacts[] = [];
  for (let from = 0; ; ) {
    const page = await store.paymentFacts(batchId, from, PAGE);
    payments.push(...page.filter(({ status }) => status !== 'RJCT'));
    const last = page.at(-1);
    if (!last || page.length < PAGE) return payments;
    from = last.index + 1;
  }
};

export const createPreflight = (deps: PreflightDeps): Preflight => {
  const { store, chain } = deps;
  const running = new Map<BatchId, AbortController>();
  const now = (): Instant => deps.clock.now().toISOString() as Instant;

  const situationOf = async (run: Run, tokenId: TokenId): Promise<TokenSituation> => {
    const known = run.situations.get(tokenId);
    if (known) return known;
    const { token } = await deps.verifyToken(tokenId);
    const network = await deps.network(token.networkId);
    const { number } = await chain.head(network.id);
    const fees = deps.planFees(network.fees, await chain.feeSituation(network.id));
    const perGas = fees.type === 'eip1559' ? fees.maxFeePerGas : fees.gasPrice;
    const situation = { token, network, block: number, perGas };
    run.situations.set(tokenId, situation);
    return situation;
  };

  /** Available now: balance less frozen less what is already signed and on its way. */
  const openPurses = async (run: Run, payments: readonly PaymentFacts[]): Promise<void> => {
    for (const payment of payments) {
      const key = `${payment.debtorAccountId}/${payment.tokenId}`;
      const situation = run.situations.get(payment.tokenId);
      if (situation?.token.state !== 'active') continue;
      const { network, token } = situation;
      if (!run.balances.has(key)) {
        const available = await readAvailable(chain, token, payment.debtorAddress);
        const pending = await store.pendingOut(payment.debtorAccountId, payment.tokenId);
        run.balances.set(key, { left: available === null ? null : available - pending });
      }
      const nativeKey = `${network.id}/${payment.debtorAddress.toLowerCase()}`;
      if (!run.native.has(nativeKey)) {
        const [native] = await chain.nativeBalances(network.id, [payment.debtorAddress]);
        run.native.set(nativeKey, { left: native ?? 0n });
      }
    }
  };

  const askViews = async (
    run: Run,
    situation: TokenSituation,
    payments: readonly PaymentFacts[],
    signal: AbortSignal,
  ): Promise<void> => {
    const { token, network } = situation;
    const open = new Map(
      payments
        .flatMap((payment) =>
          viewQuestions(token, payment.debtorAddress, payment.creditorAddress, payment.units),
        )
        .filter(({ key }) => !run.answers.has(key))
        .map((question) => [question.key, question] as const),
    );
    const questions = [...open.values()];
    if (questions.length === 0) return;
    const answers = await chain.calls(network.id, questions, signal);
    for (const [index, question] of questions.entries()) {
      const answer: CallAnswer = answers[index] ?? { outcome: 'failed' };
      let found = question.read(answer);
      if (found.check.check === 'restriction-code' && found.check.result === 'fail') {
        const code = Number(found.check.detail);
        const known =
          run.restrictions.get(`${token.id}/${code}`) ?? (await askRestriction(situation, payments, code));
        run.restrictions.set(`${token.id}/${code}`, known);
        found = { check: { ...found.check, detail: known.text }, refusal: known };
      }
      run.answers.set(question.key, found);
    }
  };

  const askRestriction = async (
    { token, network }: TokenSituation,
    payments: readonly PaymentFacts[],
    code: number,
  ): Promise<Refusal> => {
    const sender = payments[0]?.debtorAddress ?? token.address;
    const { call, read } = restrictionMessage(token, sender, code);
    const [answer] = await chain.calls(network.id, [call]);
    return read(answer ?? { outcome: 'failed' });
  };

  /** Verdicts of payments of one token, in order. */
  const judge = async (
    run: Run,
    situation: TokenSituation,
    payments: readonly PaymentFacts[],
    signal: AbortSignal,
  ): Promise<PreflightVerdict[]> => {
    const { token, network, block } = situation;
    const refusals = payments.map(({ decimals }) => refusalOfToken(token, decimals));
    if (refusals.some((refusal) => refusal !== null)) {
      const others = payments.filter((_, index) => refusals[index] === null);
      const judged = others.length === 0 ? [] : await judge(run, situation, others, signal);
      let next = 0;
      return refusals.flatMap((refusal): PreflightVerdict[] => {
        if (refusal === null) return judged.slice(next, ++next);
        return [
          {
            state: 'refused',
            checkedAt: now(),
            blockNumber: block,
            checks: [{ check: 'token-unchanged', result: 'fail', detail: token.state }],
            refusal,
            gas: null,
          },
        ];
      });
    }
    await askViews(run, situation, payments, signal);
    const calls = payments.map((payment) => ({
      from: payment.debtorAddress,
      to: token.address,
      data: transferDataOf(token, payment),
    }));
    const simulations = await chain.calls(network.id, calls, signal);
    // Gas depends on who pays whom, hardly on the amount: asked once per pair.
    const pairOf = (payment: PaymentFacts): string =>
      `${token.id}/${payment.debtorAddress}/${payment.creditorAddress}`.toLowerCase();
    const toEstimate = payments.flatMap((payment, index) => {
      const call = calls[index];
      const passed = readSimulation(simulations[index] ?? { outcome: 'failed' }, decodeRefusal);
      const isNew = !run.estimates.has(pairOf(payment)) && passed.check.result === 'pass';
      if (isNew) run.estimates.set(pairOf(payment), null);
      return isNew && call ? [{ pair: pairOf(payment), call }] : [];
    });
    const estimates = await chain.estimates(
      network.id,
      toEstimate.map(({ call }) => call),
      signal,
    );
    for (const [index, { pair }] of toEstimate.entries()) run.estimates.set(pair, estimates[index] ?? null);

    return payments.map((payment, index): PreflightVerdict => {
      const call = calls[index];
      const simulation = readSimulation(simulations[index] ?? { outcome: 'failed' }, decodeRefusal);
      const estimate = run.estimates.get(pairOf(payment)) ?? null;
      const gas =
        estimate === null || !call ? null : deps.gasLimitFor(network, estimate, (call.data.length - 2) / 2);
      const findings: Finding[] = [
        { check: { check: 'token-unchanged', result: 'pass', detail: null }, refusal: null },
        ...viewQuestions(token, payment.debtorAddress, payment.creditorAddress, payment.units).flatMap(
          ({ key }) => {
            const found = run.answers.get(key);
            return found ? [found] : [];
          },
        ),
      ];
      const isSoFarGood = [...findings, simulation].every(({ check }) => check.result !== 'fail');
      const balance = takeFrom(
        run.balances.get(`${payment.debtorAccountId}/${payment.tokenId}`),
        payment.units,
        isSoFarGood,
      );
      findings.push(namedFinding('balance', balance, { kind: 'balance-too-low', text: null, data: null }));
      findings.push(simulation);
      const fee = (gas ?? 0n) * situation.perGas;
      const native = takeFrom(
        run.native.get(`${network.id}/${payment.debtorAddress.toLowerCase()}`),
        fee,
        isSoFarGood && balance === true,
      );
      findings.push(
        namedFinding('native-fee', native, {
          kind: 'text',
          text: `not enough ${network.nativeCurrency.symbol} for the network fee`,
          data: null,
        }),
      );
      return verdictOf(findings, simulation, gas, block, now());
    });
  };

  const work = async (batchId: BatchId, signal: AbortSignal): Promise<void> => {
    const facts = await store.batchFacts(batchId);
    if (facts.isApproved) throw new AppError('payments/wrong-state', { batchId });
    const payments = await readLivePayments(store, batchId);
    if (payments.some(({ status }) => !LIVE.includes(status)))
      throw new AppError('payments/wrong-state', { batchId });
    const run: Run = {
      situations: new Map(),
      balances: new Map(),
      native: new Map(),
      answers: new Map(),
      estimates: new Map(),
      restrictions: new Map(),
    };
    const startedAt = now();
    const tell = (done: number, isFinished: boolean): void =>
      deps.emit({
        type: 'progress',
        task: 'preflight',
        batchId,
        done,
        total: payments.length,
        startedAt,
        isFinished,
      });
    let done = 0;
    tell(0, false);
    try {
      for (let at = 0; at < payments.length; at += CHUNK) {
        if (signal.aborted) throw new AppError('cancelled');
        const chunk = payments.slice(at, at + CHUNK);
        for (const tokenId of new Set(chunk.map(({ tokenId }) => tokenId))) await situationOf(run, tokenId);
        await openPurses(run, chunk);
        const verdicts: { paymentId: PaymentFacts['id']; verdict: PreflightVerdict }[] = [];
        for (const [tokenId, situation] of run.situations) {
          const ofToken = chunk.filter((payment) => payment.tokenId === tokenId);
          if (ofToken.length === 0) continue;
          const judged = await judge(run, situation, ofToken, signal);
          for (const [index, verdict] of judged.entries()) {
            const payment = ofToken[index];
            if (payment) verdicts.push({ paymentId: payment.id, verdict });
          }
        }
        if (signal.aborted) throw new AppError('cancelled');
        await store.savePreflights(verdicts, now());
        done += chunk.length;
        tell(done, false);
      }
    } finally {
      tell(done, true);
      deps.emit({ type: 'payments.changed', batchIds: [batchId] });
    }
  };

  return {
    run: async (batchId) => {
      if (running.has(batchId)) throw new AppError('busy');
      const controller = new AbortController();
      running.set(batchId, controller);
      try {
        await work(batchId, controller.signal);
      } finally {
        running.delete(batchId);
      }
    },
    cancel: (batchId) => running.get(batchId)?.abort(),
    stop: () => {
      for (const controller of running.values()) controller.abort();
    },
  };
};

/** Balance less frozen amount, `null` when the token does not say its balance. */
export const readAvailable = async (
  chain: ChainPort,
  token: Token,
  holder: PaymentFacts['debtorAddress'],
): Promise<bigint | null> => {
  const questions = [
    { from: holder, to: token.address, data: viewData(VIEW.balanceOf, addressWord(holder)) },
    ...(token.approved?.interfaces.includes('erc7943')
      ? [{ from: holder, to: token.address, data: viewData(VIEW.getFrozenTokens, addressWord(holder)) }]
      : []),
  ];
  const answers = await chain.calls(token.networkId, questions);
  const [balance, frozen] = answers.map((answer) =>
    answer.outcome === 'returned' ? readWord(answer.data) : null,
  );
  return balance == null ? null : balance - (frozen ?? 0n);
};

/** Takes an amount from a purse when `isTaken`; whether it was there. `null` when the purse is unknown. */
const takeFrom = (purse: Purse | undefined, amount: bigint, isTaken: boolean): boolean | null => {
  if (!purse || purse.left === null) return null;
  if (purse.left < amount) return false;
  if (isTaken) purse.left -= amount;
  return true;
};

const namedFinding = (check: Check['check'], passes: boolean | null, refusal: Refusal): Finding => ({
  check: { check, result: passes === null ? 'no-answer' : passes ? 'pass' : 'fail', detail: null },
  refusal: passes === false ? refusal : null,
});

/** The refusal that is told: the simulation's own where it has a known reason, else the first check that failed. */
const verdictOf = (
  findings: readonly Finding[],
  simulation: Finding,
  gas: bigint | null,
  blockNumber: bigint,
  checkedAt: Instant,
): PreflightVerdict => {
  const failed = findings.filter(({ check }) => check.result === 'fail');
  const isTelling = simulation.refusal !== null && !['unknown', 'empty'].includes(simulation.refusal.kind);
  const first = failed.find(({ refusal }) => refusal !== null && refusal !== simulation.refusal)?.refusal;
  const refusal = isTelling ? simulation.refusal : (first ?? simulation.refusal);
  const isKnown = simulation.check.result !== 'no-answer' && gas !== null;
  return {
    state: failed.length > 0 ? 'refused' : isKnown ? 'ok' : 'unknown',
    checkedAt,
    blockNumber,
    checks: findings.map(({ check }) => check).slice(0, 30),
    refusal:
      failed.length === 0
        ? null
        : // The simulation's raw data is kept for support also when a view said it in words.
          refusal && { ...refusal, data: refusal.data ?? simulation.refusal?.data ?? null },
    gas,
  };
};
