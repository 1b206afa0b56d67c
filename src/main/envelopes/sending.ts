/**
 * From signatures that came back to the outbox, and from the outbox back into the envelope.
 *
 * Rules. Sent is only what was made here, from a batch that still says the same; every line has its signature; and every
 * signing was covered: at its moment there were as many valid approvals as the envelope needs, under the policy that it was
 * made under (clocks may be five minutes apart), and nobody who may has said no. Approvals may end between the signing and
 * the sending: what was signed in time is sent. That a signing was in time itself (`expiresAt`), and that its signatures
 * are of the lines' accounts, is checked when a copy is opened.
 *
 * Until the one transaction of the store nothing has changed; after it the outbox sends, also after a crash.
 */
import { keccak_256 } from '@noble/hashes/sha3.js';
import { AppError } from '../../shared/errors';
import { encodeTransaction } from '../../shared/evm/transaction';
import type { Act, EnvelopeLine } from '../../shared/model/envelope';
import {
  type Address,
  Hash32,
  Hex,
  type Instant,
  type NetworkId,
  networkOfToken,
  type PaymentId,
} from '../../shared/model/ids';
import type { PolicyContent } from '../../shared/model/people';
import type { UnsignedTransaction } from '../../shared/model/signing';
import type { Remote } from '../ledger';
import type { SettlementStore } from '../ledger/stores/settlement-store';
import type { Logger } from '../platform/logger';
import type { ChainPort, FeeOffer, PaymentFacts, Settlement, SignedTransaction } from '../settlement';
import { type BuildDeps, type Builder, signOwnAct } from './build';
import { type ApprovalsNeeded, factsOfAct, readStanding } from './check-people';
import { combine } from './combine';
import type { EnvelopeHead, PolicyInForce, StoredEnvelope } from './ports';

export type SendingDeps = Pick<
  BuildDeps,
  'store' | 'planner' | 'vault' | 'journalHead' | 'clock' | 'emit' | 'verifyToken'
> & {
  readonly builder: Pick<Builder, 'requireMaker'>;
  readonly settlementStore: Pick<Remote<SettlementStore>, 'paymentFacts' | 'paymentFactsOf' | 'slot'>;
  readonly payments: BuildDeps['payments'];
  readonly settlement: Pick<Settlement, 'accept' | 'acceptReplacement'>;
  readonly chain: Pick<ChainPort, 'nonces'>;
  readonly approvalsNeeded: ApprovalsNeeded;
  /** One that is or was in force here. */
  readonly policyByDigest: (digest: Hash32) => Promise<PolicyContent | null>;
  /** SECURITY: before anything is sent, the vault knows a store that holds it. Must not throw. */
  readonly keepAnchor: () => Promise<void>;
  readonly log: Logger;
};

type SignAct = Extract<Act, { kind: 'sign' }>;
type SendAct = Extract<Act, { kind: 'send' }>;

const PAGE = 250;
const SLICE = 50;
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** `r ‖ s ‖ yParity` to its numbers. */
const partsOf = (signature: string) => ({
  r: BigInt(signature.slice(0, 66)),
  s: BigInt(`0x${signature.slice(66, 130)}`),
  yParity: signature.endsWith('1') ? (1 as const) : (0 as const),
});

const feesOf = (transaction: UnsignedTransaction): FeeOffer =>
  transaction.type === 'eip1559'
    ? {
        type: 'eip1559',
        maxFeePerGas: BigInt(transaction.maxFeePerGas),
        maxPriorityFeePerGas: BigInt(transaction.maxPriorityFeePerGas),
      }
    : { type: 'legacy', gasPrice: BigInt(transaction.gasPrice) };

/** The bytes of a line with its signature. Throws where the line names what the envelope does not have. */
export const toSigned = (head: EnvelopeHead, line: EnvelopeLine, signature: string): SignedTransaction => {
  const token = head.tokens[line.token];
  const account = head.accounts[line.account];
  if (!token || !account) throw new Error('a line names what its envelope does not have');
  const raw = encodeTransaction(line.transaction).sign(partsOf(signature));
  const hash = Buffer.from(keccak_256(Buffer.from(raw, 'hex'))).toString('hex');
  return {
    paymentId: line.paymentId,
    action: line.action,
    networkId: networkOfToken(token.id),
    sender: account.address.toLowerCase() as Address,
    nonce: BigInt(line.transaction.nonce),
    keyId: null,
    gas: BigInt(line.transaction.gas),
    fees: feesOf(line.transaction),
    hash: Hash32.parse(`0x${hash}`),
    raw: Hex.parse(`0x${raw}`),
  };
};

/**
 * Signatures by line. Throws `envelope/wrong-state` unless every line has one, `envelope/approvals-missing` unless each
 * signing was covered.
 */
export const coveredSignatures = (
  stored: Pick<StoredEnvelope, 'head' | 'acts' | 'lineCount' | 'digest'>,
  policy: PolicyInForce,
  approvalsNeeded: ApprovalsNeeded,
): ReadonlyMap<number, string> => {
  const { head, acts, lineCount, digest } = stored;
  const signatures = new Map<number, string>();
  for (const sign of acts.filter((act): act is SignAct => act.kind === 'sign')) {
    const signedMs = Date.parse(sign.at);
    const standing = readStanding({
      head,
      acts: acts.map(factsOfAct),
      policy,
      approvalsNeeded,
      me: null,
      nowMs: signedMs,
    });
    // A no that came later counts as well: nothing was sent yet. (Only its own time may be ahead of the signing.)
    const refused = standing.acts.find(
      ({ kind, problem }) => kind === 'reject' && (problem === null || problem === 'clock'),
    );
    const own = standing.acts.find(({ kind, by }) => kind === 'sign' && by.key === sign.by.key);
    if (refused || own?.problem !== null || standing.given < standing.needed)
      throw new AppError('envelope/approvals-missing', {
        digest,
        given: standing.given,
        needed: standing.needed,
        rejectedBy: refused?.by.name ?? null,
      });
    for (const { line, signature } of sign.body.signatures) signatures.set(line, signature);
  }
  if (signatures.size !== lineCount)
    throw new AppError('envelope/wrong-state', { digest, signed: signatures.size, lines: lineCount });
  return signatures;
};

/** The stored payment still is what the line pays. */
const isSamePayment = (head: EnvelopeHead, line: EnvelopeLine, payment: PaymentFacts): boolean => {
  const token = head.tokens[line.token];
  const account = head.accounts[line.account];
  const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  return (
    payment.id === line.paymentId &&
    payment.tokenId === token?.id &&
    payment.decimals === token.decimals &&
    payment.units.toString() === line.units &&
    payment.reference === line.reference &&
    payment.docHash === line.docHash &&
    payment.endToEndId === line.endToEndId &&
    isSame(payment.creditorAddress, line.creditor.address) &&
    account !== undefined &&
    isSame(payment.debtorAddress, account.address)
  );
};

export const createSending = (deps: SendingDeps) => {
  const { store, settlementStore, clock } = deps;
  const now = (): Instant => clock.now().toISOString() as Instant;

  const eachLine = async (
    stored: StoredEnvelope,
    take: (page: readonly EnvelopeLine[], from: number) => Promise<void> | void,
  ): Promise<void> => {
    for (let from = 0; from < stored.lineCount; ) {
      const page = await store.lines(stored.digest, from, PAGE);
      if (page.length === 0) throw new Error('an envelope is missing lines');
      await take(
        page.map(({ line }) => line),
        from,
      );
      from += page.length;
    }
  };

  /** Payments of the batch, or of the payments to be replaced, by id. Throws `payments/wrong-state`. */
  const readPayments = async (stored: StoredEnvelope): Promise<ReadonlyMap<PaymentId, PaymentFacts>> => {
    const payments = new Map<PaymentId, PaymentFacts>();
    const { batchId, head } = stored;
    if (batchId === null) throw new AppError('envelope/wrong-state', { digest: stored.digest });
    if (head.kind === 'replacement') {
      await eachLine(stored, async (page) => {
        for (const { paymentId } of page)
          payments.set(paymentId, await settlementStore.paymentFactsOf(paymentId));
      });
      return payments;
    }
    for (let from = 0; ; ) {
      const page = await settlementStore.paymentFacts(batchId, from, PAGE);
      for (const payment of page) if (payment.status !== 'RJCT') payments.set(payment.id, payment);
      const last = page.at(-1);
      if (!last || page.length < PAGE) break;
      from = last.index + 1;
    }
    const isWhole =
      payments.size === stored.lineCount && [...payments.values()].every(({ status }) => status === 'PDNG');
    if (!isWhole) throw new AppError('payments/wrong-state', { batchId });
    return payments;
  };

  /** Every line rebuilt from its transaction and its signature, and compared with the payment as it is stored here. */
  const rebuild = async (
    stored: StoredEnvelope,
    signatures: ReadonlyMap<number, string>,
  ): Promise<SignedTransaction[]> => {
    const payments = await readPayments(stored);
    const transactions: SignedTransaction[] = [];
    await eachLine(stored, async (page, from) => {
      for (const [offset, line] of page.entries()) {
        const payment = payments.get(line.paymentId);
        const signature = signatures.get(from + offset);
        if (!payment || signature === undefined || !isSamePayment(stored.head, line, payment))
          throw new AppError('payments/wrong-state', { paymentId: line.paymentId });
        transactions.push(toSigned(stored.head, line, signature));
        if (offset % SLICE === SLICE - 1) await breathe();
      }
    });
    return transactions;
  };

  /** The chain still is what it was planned on. Throws `settlement/*`, `chain/*`, and as `requireActive`. */
  const requireLive = async (
    { head }: StoredEnvelope,
    transactions: readonly SignedTransaction[],
  ): Promise<void> => {
    // A payment in a token that changed may still be cancelled.
    if (transactions.some(({ action }) => action === 'pay'))
      for (const { id } of head.tokens) await deps.planner.requireActive(id, deps.verifyToken);
    const first = new Map<string, { networkId: NetworkId; sender: Address; nonce: bigint }>();
    for (const { networkId, sender, nonce } of transactions) {
      const known = first.get(`${networkId}/${sender}`);
      if (!known || nonce < known.nonce) first.set(`${networkId}/${sender}`, { networkId, sender, nonce });
    }
    for (const { networkId, sender, nonce } of first.values()) {
      const [mined] = await deps.chain.nonces(networkId, [sender], 'latest');
      if ((mined ?? 0n) <= nonce) continue;
      throw new AppError(head.kind === 'batch' ? 'settlement/nonce-conflict' : 'settlement/already-final', {
        nonce,
      });
    }
  };

  /** The policy that it was made under, which may have been succeeded since: people signed under it while it held. */
  const policyOf = async ({ head, digest }: StoredEnvelope): Promise<PolicyInForce> => {
    const content = await deps.policyByDigest(head.policy.digest);
    if (!content) throw new AppError('envelope/wrong-state', { digest, policy: head.policy.number });
    return { digest: head.policy.digest, content };
  };

  const send = async (digest: Hash32): Promise<number> => {
    await deps.builder.requireMaker();
    const stored = await store.get(digest);
    const { batchId, head } = stored;
    if (batchId === null || stored.isSent || stored.isWithdrawn)
      throw new AppError('envelope/wrong-state', { digest });
    const signatures = coveredSignatures(stored, await policyOf(stored), deps.approvalsNeeded);
    const transactions = await rebuild(stored, signatures);
    await requireLive(stored, transactions);
    await store.commitSending(digest, { digest, words: null, approvedAt: now() }, transactions);
    await deps.keepAnchor();
    deps.emit({ type: 'envelopes.changed' });
    // Sending is settlement's: what fails there is told there, and starts again with the next start.
    try {
      if (head.kind === 'batch') await deps.settlement.accept(batchId);
      else for (const { paymentId } of transactions) await deps.settlement.acceptReplacement(paymentId);
    } catch (error) {
      deps.log.error('sent envelope waits', { text: String(error) });
    }
    return transactions.length;
  };

  /** Where every line's payment stands, as the outbox has it. */
  const readReport = async (stored: StoredEnvelope): Promise<SendAct['body']['lines']> => {
    const lines: SendAct['body']['lines'] = [];
    await eachLine(stored, async (page, from) => {
      const payments = await deps.payments.paymentsById(page.map(({ paymentId }) => paymentId));
      for (const [offset, { status, settlement }] of payments.entries()) {
        if (!settlement) throw new AppError('envelope/wrong-state', { digest: stored.digest });
        lines.push({
          line: from + offset,
          status,
          stage: settlement.stage,
          transaction: settlement.transactionHash,
          block: settlement.blockNumber?.toString() ?? null,
        });
      }
    });
    return lines;
  };

  return {
    /** Into the outbox. Throws what `envelopes.send` declares; then nothing has changed. */
    send,

    /** Adds, or renews, this machine's `send` act. Throws `envelope/unknown`, `envelope/wrong-state`. */
    report: async (digest: Hash32): Promise<void> => {
      const stored = await store.get(digest);
      if (!stored.isSent) throw new AppError('envelope/wrong-state', { digest });
      const { me } = await deps.builder.requireMaker().catch((error: unknown) => {
        throw error instanceof AppError && error.code.startsWith('policy/')
          ? new AppError('envelope/wrong-state', { digest, reason: error.code }, { cause: error })
          : error;
      });
      const lines = await readReport(stored);
      const known = stored.acts.find((act): act is SendAct => act.kind === 'send' && act.by.key === me.key);
      if (known && JSON.stringify(known.body.lines) === JSON.stringify(lines)) return;
      const { head } = stored;
      const act = await signOwnAct(
        deps,
        { company: head.company.id, digest, policy: head.policy.number },
        {
          kind: 'send',
          by: { name: me.name, key: me.key },
          at: now(),
          body: { lines },
          journal: await deps.journalHead(),
        },
      );
      await store.putActs(digest, combine(stored.acts, [act]).acts, now());
      deps.emit({ type: 'envelopes.changed' });
    },
  };
};
