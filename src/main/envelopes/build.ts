/**
 * Making an envelope: from a batch that is ready, or from payments whose transactions are to be replaced.
 *
 * Invariants: until the store has it whole, nothing of it is left behind (payments go back, nonces are free); what it says
 * of tokens and networks was read from the chain for it, with the block.
 */
import type { AppEvent } from '../../shared/contract';
import { AppError } from '../../shared/errors';
import type { Token, TokenProbe } from '../../shared/model/directory';
import type { Act, JournalAnchor, UnsignedAct } from '../../shared/model/envelope';
import {
  type Address,
  type BatchId,
  type Hash32,
  type Instant,
  type NetworkId,
  networkOfToken,
  type PaymentId,
  type TokenId,
} from '../../shared/model/ids';
import type { Person } from '../../shared/model/people';
import type { Remote } from '../ledger';
import type { PaymentsStore } from '../ledger/stores/payments-store';
import type { SettlementStore } from '../ledger/stores/settlement-store';
import type { Plan } from '../payments/approval-content';
import type { Planner } from '../payments/plan';
import type { Clock } from '../platform/clock';
import type { PaymentFacts, ReplacementPlan } from '../settlement';
import type { Vault } from '../vault';
import { type BlockRef, buildContent, type ContentInput, type PaymentTexts } from './build-content';
import { digestLines } from './codec';
import type { EnvelopeStore, PolicyInForce } from './ports';

export type BuildDeps = {
  readonly store: Remote<EnvelopeStore>;
  readonly settlementStore: Pick<
    Remote<SettlementStore>,
    'batchFacts' | 'submitBatch' | 'withdrawBatch' | 'paymentFactsOf'
  >;
  readonly payments: Pick<Remote<PaymentsStore>, 'paymentsAfter' | 'paymentsById'>;
  /** With fees that wait (`planWaitingFees`). */
  readonly planner: Planner;
  readonly buildTransaction: ContentInput['buildTransaction'];
  readonly referenceFormOf: ContentInput['referenceFormOf'];
  readonly verifyToken: (
    id: TokenId,
  ) => Promise<{ readonly token: Token; readonly probe: TokenProbe | null }>;
  /** The newest block, or the one with a hash. Throws `chain/*`, also when there is none. */
  readonly block: (network: NetworkId, hash: Hash32 | null) => Promise<BlockRef>;
  readonly policyInForce: () => Promise<PolicyInForce | null>;
  readonly vault: Pick<Vault, 'personKey' | 'signStatement'>;
  readonly journalHead: () => Promise<JournalAnchor>;
  readonly clock: Clock;
  readonly emit: (event: AppEvent) => void;
};

/**
 * How long the plan of fees and nonces holds: long enough for people in two places and a weekend in between, short enough
 * that prices and the chain's facts are still of some use. After it a new envelope is made.
 */
export const PLAN_LIFE_MS = 72 * 60 * 60_000;
const LINES_AT_ONCE = 500;
const PAGE = 250;

/** The person of this machine's key, as the policy in force knows them. */
export const personOf = (policy: PolicyInForce, key: Address): Person | null =>
  policy.content.people.find((person) => person.key === key) ?? null;

/** Signs what needs no passphrase: acts that only tell what this machine did. */
export const signOwnAct = async (
  { vault }: Pick<BuildDeps, 'vault'>,
  scope: { readonly company: Hash32; readonly digest: Hash32; readonly policy: number },
  act: Extract<UnsignedAct, { kind: 'create' | 'send' }>,
): Promise<Act> => {
  const { signature } = await vault.signStatement({
    statement: { type: 'act', ...scope, act },
    passphrase: null,
  });
  return { ...act, signature } as Act;
};

export const createBuilder = (deps: BuildDeps) => {
  const { store, settlementStore, planner, clock } = deps;
  const building = new Set<BatchId>();
  const now = (): Instant => clock.now().toISOString() as Instant;

  /** Throws `policy/missing`, `policy/role-missing`. */
  const requireMaker = async (): Promise<{ policy: PolicyInForce; me: Person }> => {
    const policy = await deps.policyInForce();
    if (!policy) throw new AppError('policy/missing');
    const me = personOf(policy, (await deps.vault.personKey()).key);
    if (!me?.roles.includes('maker')) throw new AppError('policy/role-missing', { role: 'maker' });
    return { policy, me };
  };

  /** Tokens as they are now, each with what the chain said. */
  const createTokenReader = () => {
    const probes = new Map<TokenId, TokenProbe>();
    const read = async (id: TokenId): Promise<{ readonly token: Token }> => {
      const { token, probe } = await deps.verifyToken(id);
      // Of a contract that is gone only what was approved once is known: enough to cancel.
      const seen = probe ?? token.approved;
      if (seen) probes.set(id, seen);
      return { token };
    };
    const blocks = async (ids: Iterable<TokenId>): Promise<ContentInput['probes']> => {
      const found = new Map<TokenId, { probe: TokenProbe; block: BlockRef }>();
      for (const id of ids) {
        const probe = probes.get(id);
        if (!probe) throw new AppError('directory/token-changed', { tokenId: id });
        found.set(id, { probe, block: await deps.block(networkOfToken(id), probe.blockHash) });
      }
      return found;
    };
    return { read, blocks };
  };

  const readTexts = async (batchId: BatchId): Promise<ReadonlyMap<PaymentId, PaymentTexts>> => {
    const texts = new Map<PaymentId, PaymentTexts>();
    for (let after = -1; ; ) {
      const page = await deps.payments.paymentsAfter(batchId, after, PAGE);
      for (const { payment } of page) texts.set(payment.id, payment);
      const last = page.at(-1);
      if (!last || page.length < PAGE) return texts;
      after = last.payment.index;
    }
  };

  /** Content, digest, the maker's act, and all of it into the store. */
  const keep = async (
    input: Omit<ContentInput, 'frame' | 'heads' | 'buildTransaction' | 'referenceFormOf'> & {
      readonly kind: 'batch' | 'replacement';
      readonly batchId: BatchId;
      readonly maker: Awaited<ReturnType<typeof requireMaker>>;
    },
    tell: (done: number) => void,
  ): Promise<Hash32> => {
    const { policy, me } = input.maker;
    const heads = new Map<NetworkId, BlockRef>();
    for (const { network } of input.plans)
      if (!heads.has(network.id)) heads.set(network.id, await deps.block(network.id, null));
    const createdAt = now();
    const maker = { name: me.name, key: me.key };
    const { head, lines } = await buildContent(
      {
        ...input,
        heads,
        buildTransaction: deps.buildTransaction,
        referenceFormOf: deps.referenceFormOf,
        frame: {
          kind: input.kind,
          company: policy.content.company,
          policy: { number: policy.content.number, digest: policy.digest },
          maker,
          createdAt,
          expiresAt: new Date(Date.parse(createdAt) + PLAN_LIFE_MS).toISOString(),
        },
      },
      tell,
    );
    const digest = await digestLines(head, [lines]);
    const created = await signOwnAct(
      deps,
      { company: head.company.id, digest, policy: head.policy.number },
      { kind: 'create', by: maker, at: createdAt, body: null, journal: await deps.journalHead() },
    );
    try {
      await store.begin({ digest, head, lineCount: lines.length, batchId: input.batchId, at: createdAt });
      for (let from = 0; from < lines.length; from += LINES_AT_ONCE)
        await store.addLines(digest, from, lines.slice(from, from + LINES_AT_ONCE));
      await store.finish(digest, [created], createdAt);
    } catch (error) {
      await store.discard(digest);
      throw error;
    }
    deps.emit({ type: 'envelopes.changed' });
    return digest;
  };

  const build = async (batchId: BatchId): Promise<Hash32> => {
    const maker = await requireMaker();
    const { facts, payments } = await planner.requireReady(batchId);
    const startedAt = now();
    const tell = (done: number, isFinished = false): void =>
      deps.emit({
        type: 'progress',
        task: 'envelope-build',
        batchId,
        done,
        total: payments.length,
        startedAt,
        isFinished,
      });
    tell(0);
    try {
      const reader = createTokenReader();
      const around = await planner.readSurroundings(payments, (id) => planner.requireActive(id, reader.read));
      planner.requireStanding(batchId, payments, around);
      const fees = await planner.readFees(around);
      await settlementStore.submitBatch(batchId, now());
      try {
        const ranges = await planner.reserve(batchId, payments);
        const plans = planner.planBatch(payments, around, fees, ranges);
        await planner.requireFunds(plans);
        return await keep(
          {
            kind: 'batch',
            batchId,
            maker,
            plans,
            facts,
            probes: await reader.blocks(around.tokens.keys()),
            texts: await readTexts(batchId),
          },
          tell,
        );
      } catch (error) {
        await settlementStore.withdrawBatch(batchId, now());
        throw error;
      }
    } finally {
      tell(payments.length, true);
      deps.emit({ type: 'payments.changed', batchIds: [batchId] });
    }
  };

  return {
    requireMaker,

    /** Throws what `envelopes.create` declares. */
    create: async (batchId: BatchId): Promise<Hash32> => {
      if (building.has(batchId)) throw new AppError('payments/wrong-state', { batchId });
      building.add(batchId);
      try {
        return await build(batchId);
      } finally {
        building.delete(batchId);
      }
    },

    /**
     * An envelope that speeds one payment up or cancels it, with the payment's own nonce. Throws `policy/*`, `chain/*`,
     * `directory/token-changed`, `payments/token-blocked`.
     */
    replace: async ({ slot, action, fees, gas }: ReplacementPlan): Promise<Hash32> => {
      const maker = await requireMaker();
      const payment: PaymentFacts = await settlementStore.paymentFactsOf(slot.paymentId);
      const reader = createTokenReader();
      // A payment in a token that changed may still be cancelled.
      const around = await planner.readSurroundings([payment], async (id) =>
        action === 'pay' ? planner.requireActive(id, reader.read) : (await reader.read(id)).token,
      );
      const [token] = around.tokens.values();
      const [network] = around.networks.values();
      const [account] = around.accounts.values();
      if (!token || !network || !account) throw new Error('a payment without surroundings');
      const plan: Plan = {
        payment: { ...payment, preflight: null },
        token,
        network,
        account,
        nonce: slot.nonce,
        gas,
        fees,
        action,
      };
      const [texts] = await deps.payments.paymentsById([payment.id]);
      if (!texts) throw new AppError('payments/payment-unknown', { paymentId: payment.id });
      return keep(
        {
          kind: 'replacement',
          batchId: slot.batchId,
          maker,
          plans: [plan],
          facts: await settlementStore.batchFacts(slot.batchId),
          probes: await reader.blocks([token.id]),
          texts: new Map([[payment.id, texts]]),
        },
        () => undefined,
      );
    },
  };
};

export type Builder = ReturnType<typeof createBuilder>;
