/**
 * Gives signed bytes to the network, per sender in nonce order, a window at a time. Sending again is harmless: the bytes
 * are the same, so the network takes them once.
 *
 * Right before a payment is sent its token is checked against what was approved (P2), and before its first sending its
 * transfer is simulated once more (P5). A refusal holds it and whatever stands behind it in the line: nothing is spent, and
 * the treasurer is told.
 */
import type { Network, Refusal, Token } from '../../shared/model/directory';
import type { Address, Hash32, Hex, Instant, TokenId } from '../../shared/model/ids';
import { refusalOfToken } from '../../shared/model/token-standing';
import type { Line } from './book';
import type { ChainPort, DecodeRefusal, SendOutcome } from './ports';
import { isToSend, markHeld, markSent, newestAttempt } from './slot';
import type { Slot } from './types';

/** Sent and not yet included, per sender: executable ones, of which pools keep many. */
export const SEND_WINDOW = 200n;
const FALSE_WORD = `0x${'0'.repeat(64)}`;

export type SenderDeps = {
  readonly chain: ChainPort;
  readonly decodeRefusal: DecodeRefusal;
  /** Asks the chain what the token is now and compares it with what was approved. Throws `chain/*`. */
  readonly verifyToken: (id: TokenId) => Promise<{ readonly token: Token }>;
  readonly rawOf: (hashes: readonly Hash32[]) => Promise<ReadonlyMap<Hash32, Hex>>;
  readonly readCall: (raw: Hex) => { readonly to: Address; readonly data: Hex };
  readonly now: () => Instant;
};

/** Where a line stops, and why. */
type Stop = { readonly at: number; readonly refusal: Refusal };

export type SendResult = {
  readonly slots: readonly Slot[];
  readonly sent: ReadonlyMap<Slot['paymentId'], readonly Hash32[]>;
};

const HELD_WORDS: Readonly<Partial<Record<SendOutcome, string>>> = {
  underpriced: 'the network refused: the fee offer is too low',
  'insufficient-funds': 'the network refused: not enough native coin for the fee',
  'gas-limit': 'the network refused: gas limit',
  'wrong-chain': 'the network refused: signed for another chain',
  refused: 'the network refused the transaction',
};

/** The newest transaction has not gone out yet, or the network lost it. */
export const isReady = (slot: Slot, minedNonce: bigint): boolean =>
  isToSend(slot.state, slot.nonce, minedNonce) ||
  (!slot.state.isDone &&
    slot.state.inclusion === null &&
    slot.nonce >= minedNonce &&
    slot.state.stage !== 'foreign' &&
    newestAttempt(slot.attempts).sentAt === null);

export const createSender = (deps: SenderDeps) => {
  const isFirstPayment = (slot: Slot): boolean =>
    slot.state.sentAt === null && newestAttempt(slot.attempts).action === 'pay';

  /**
   * SECURITY: what was signed may have waited, for a network or behind a payment that is held. A token that was changed or
   * locked meanwhile, or counts other decimals now, is not sent in.
   */
  const checkTokens = async (slots: readonly Slot[]): Promise<Stop | null> => {
    const paying = slots.filter(({ attempts }) => newestAttempt(attempts).action === 'pay');
    const ids = [...new Set(paying.map(({ tokenId }) => tokenId))];
    const tokens = new Map<TokenId, Token>();
    for (const id of ids) tokens.set(id, (await deps.verifyToken(id)).token);
    for (const [at, slot] of slots.entries()) {
      const token = tokens.get(slot.tokenId);
      if (!token || newestAttempt(slot.attempts).action !== 'pay') continue;
      const refusal = refusalOfToken(token, slot.decimals);
      if (refusal) return { at, refusal };
    }
    return null;
  };

  /** Index of the first refused one, with its reason. */
  const precheck = async (
    network: Network,
    slots: readonly Slot[],
    raw: ReadonlyMap<Hash32, Hex>,
  ): Promise<Stop | null> => {
    const stop = await checkTokens(slots);
    return (await simulate(network, stop === null ? slots : slots.slice(0, stop.at), raw)) ?? stop;
  };

  const simulate = async (
    network: Network,
    slots: readonly Slot[],
    raw: ReadonlyMap<Hash32, Hex>,
  ): Promise<Stop | null> => {
    const asked = slots.flatMap((slot, at) => {
      const bytes = raw.get(newestAttempt(slot.attempts).hash);
      return isFirstPayment(slot) && bytes !== undefined
        ? [{ at, call: { from: slot.sender, ...deps.readCall(bytes) } }]
        : [];
    });
    if (asked.length === 0) return null;
    const answers = await deps.chain.calls(
      network.id,
      asked.map(({ call }) => call),
    );
    for (const [index, answer] of answers.entries()) {
      const at = asked[index]?.at ?? 0;
      if (answer.outcome === 'refused') return { at, refusal: deps.decodeRefusal(answer.data) };
      if (answer.outcome === 'returned' && answer.data === FALSE_WORD)
        return { at, refusal: { kind: 'returned-false', text: null, data: answer.data } };
    }
    return null;
  };

  return {
    /**
     * Sends what is ready in one sender's line. Returns what changed; throws `chain/*` when the network is away, and what
     * `requireAlive` throws when settlement was stopped meanwhile.
     */
    pump: async (
      network: Network,
      line: Line,
      minedNonce: bigint,
      requireAlive: () => void,
    ): Promise<SendResult> => {
      const waiting = line.slots.filter(
        ({ nonce, state }) => nonce >= minedNonce && state.inclusion === null,
      );
      const allReady = waiting.filter(
        (slot) => isReady(slot, minedNonce) && slot.nonce < minedNonce + SEND_WINDOW,
      );
      // While the first one is held, only it is asked about; the others wait behind it.
      const ready = allReady[0]?.state.refusal ? allReady.slice(0, 1) : allReady;
      if (ready.length === 0) return { slots: [], sent: new Map() };
      const raw = await deps.rawOf(ready.map(({ attempts }) => newestAttempt(attempts).hash));
      const held = await precheck(network, ready, raw);
      const results: Slot[] = [];
      const sent = new Map<Slot['paymentId'], readonly Hash32[]>();
      const going = held === null ? ready : ready.slice(0, held.at);
      const bytes = going.map(({ attempts }) => {
        const found = raw.get(newestAttempt(attempts).hash);
        if (found === undefined) throw new Error('signed bytes are missing from the outbox');
        return found;
      });
      requireAlive();
      const outcomes = bytes.length === 0 ? [] : await deps.chain.send(network.id, bytes);
      for (const [index, slot] of going.entries()) {
        const outcome = outcomes[index] ?? 'refused';
        const { hash } = newestAttempt(slot.attempts);
        if (outcome === 'accepted' || outcome === 'already-known') {
          sent.set(slot.paymentId, [hash]);
          results.push(withSent(slot, hash, deps.now()));
        } else if (outcome === 'replacement-underpriced') {
          // The pool holds another transaction of ours for this nonce, or one that is not ours: the next look tells.
          sent.set(slot.paymentId, [hash]);
          results.push(withSent(slot, hash, deps.now()));
        } else if (outcome !== 'nonce-too-low' && outcome !== 'nonce-too-high') {
          const text = HELD_WORDS[outcome] ?? 'the network refused the transaction';
          results.push({ ...slot, state: markHeld(slot.state, { kind: 'text', text, data: null }) });
        }
      }
      const stopped = held === null ? undefined : ready[held.at];
      if (held && stopped) results.push({ ...stopped, state: markHeld(stopped.state, held.refusal) });
      return { slots: results, sent };
    },
  };
};

const withSent = (slot: Slot, hash: Hash32, at: Instant): Slot => ({
  ...slot,
  state: markSent(slot.state, at),
  attempts: slot.attempts.map((attempt) =>
    attempt.hash === hash ? { ...attempt, sentAt: attempt.sentAt ?? at } : attempt,
  ),
});

export type Sender = ReturnType<typeof createSender>;
