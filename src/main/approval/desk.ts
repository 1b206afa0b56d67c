/**
 * The desk: the one document that the approval window holds, from being built to being answered or put away.
 *
 * Hides: who came first, what closing means while something is being signed, the challenge of a comparison by voice and
 * how often words may be tried. What a yes does is the subject's business (./types.ts).
 *
 * Invariants: at most one subject is open or being built; it is answered at most once; nothing is kept of an answer whose
 * window was closed before the answer began to be kept; after `stop` nothing opens any more.
 */
import { randomInt, timingSafeEqual } from 'node:crypto';
import type { AppEvent, ApprovalDocument, ApprovalLine } from '../../shared/contract';
import { AppError } from '../../shared/errors';
import type { Hash32 } from '../../shared/model/ids';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { Consent, Desk, Subject } from './types';

export type DeskDeps = {
  readonly windows: { readonly openApproval: () => Promise<void>; readonly closeApproval: () => void };
  /** The twelve words of a challenge (8 digits) and a digest. */
  readonly voiceWords: (challenge: string, digest: Hash32) => readonly string[];
  /** Throws `clock/set-back` while this machine's clock is behind what is known to have happened (./clock-guard). */
  readonly requireClock: () => Promise<void>;
  /** To the main window. */
  readonly emit: (event: AppEvent) => void;
  readonly clock: Clock;
  readonly log: Logger;
};

/** Fees and pre-flights older than this are not approved any more. Envelopes carry an end of their own. */
const FRESH_MS = 15 * 60_000;
/** Wrong words before a document's comparison is over: enough for mishearing, nothing for guessing. */
const VOICE_ATTEMPTS = 5;
const CHALLENGE_DIGITS = 8;

type Voice = { readonly challenge: string; attemptsLeft: number; agreed: boolean };

type Session = {
  readonly key: string;
  readonly subject: Subject;
  readonly shownAtMs: number;
  readonly voice: Voice | null;
  phase: 'shown' | 'signing' | 'keeping';
  controller: AbortController | null;
  /** Resolves when an answer that is under way has ended, either way. */
  working: Promise<unknown>;
};

export type ApprovalDesk = Desk & {
  readonly document: () => ApprovalDocument;
  readonly lines: (offset: number, limit: number) => { total: number; lines: ApprovalLine[] };
  readonly approve: (input: {
    readonly digest: Hash32;
    readonly passphrase: string;
  }) => Promise<{ signed: number }>;
  readonly reject: (input: {
    readonly digest: Hash32;
    readonly reason: string;
    readonly passphrase: string;
  }) => Promise<void>;
  readonly cancelSigning: () => void;
  readonly challenge: () => string;
  /** Words for the open document's digest disagreed, here or in an earlier window, and have not agreed in this one. */
  readonly hasDisagreed: () => boolean;
  readonly compareWords: (words: readonly string[]) => { agrees: boolean; attemptsLeft: number };
  readonly wordsFor: (challenge: string) => string[];
  /** Closes, and opens nothing any more: what is being built is given back when it is ready. */
  readonly stop: () => Promise<void>;
};

/** Random digits, also leading zeros: from a generator that nobody can foretell. */
const newChallenge = (): string =>
  randomInt(0, 10 ** CHALLENGE_DIGITS)
    .toString()
    .padStart(CHALLENGE_DIGITS, '0');

/** As BIP-39 reads words: compatibility forms, case and blanks do not count. */
const normaliseWord = (word: string): string => word.normalize('NFKD').trim().toLowerCase();

/** In a time that does not depend on where they differ. Lengths are padded: no word is longer than 20 characters. */
const areSameWords = (given: readonly string[], right: readonly string[]): boolean => {
  const bytes = (words: readonly string[]): Buffer =>
    Buffer.concat(
      words.map((word) => {
        const cell = Buffer.alloc(128);
        cell.write(normaliseWord(word), 'utf8');
        return cell;
      }),
    );
  const [a, b] = [bytes(given), bytes(right)];
  return a.length === b.length && timingSafeEqual(a, b);
};

/**
 * SECURITY: what people sign bears a time and ends at one, so a clock that was set back does not make it. Payments by
 * keys of this machine carry no time: they are as before.
 */
const bearsTime = ({ document }: Subject): boolean => document.act !== 'pay' && document.act !== 'compare';

const hasChallenge = ({ document }: Subject): boolean =>
  document.act === 'approve' || document.act === 'sign' || document.act === 'adopt';

export const createDesk = (deps: DeskDeps): ApprovalDesk => {
  const { clock, windows, emit, log } = deps;
  /** SECURITY: whose words disagreed stays known when the window is closed, so that opening it again undoes nothing. */
  const disagreed = new Set<Hash32>();
  let session: Session | null = null;
  let isBuilding = false;
  let isStopped = false;

  const requireOpen = (): Session => {
    if (!session) throw new AppError('payments/approval-closed');
    return session;
  };

  /** Must not throw, by its contract; one that does must not keep the window open. */
  const abandon = (subject: Subject): Promise<void> =>
    subject.abandon().catch((error: unknown) => log.warn('not given back', { text: String(error) }));

  const finish = (open: Session, outcome: 'approved' | 'closed'): void => {
    if (session === open) session = null;
    emit({ type: 'approval.closed', batchId: open.subject.batchId, outcome });
    windows.closeApproval();
  };

  const show = async (key: string, subject: Subject): Promise<void> => {
    try {
      if (bearsTime(subject)) await deps.requireClock();
      if (isStopped) throw new AppError('vault/locked');
    } catch (error) {
      await abandon(subject);
      throw error;
    }
    const opening: Session = {
      key,
      subject,
      shownAtMs: clock.monotonicMs(),
      voice: hasChallenge(subject)
        ? { challenge: newChallenge(), attemptsLeft: VOICE_ATTEMPTS, agreed: false }
        : null,
      phase: 'shown',
      controller: null,
      working: Promise.resolve(),
    };
    session = opening;
    try {
      await windows.openApproval();
    } catch (error) {
      // Closed meanwhile: then it was given back there.
      if (session === opening) {
        session = null;
        await abandon(subject);
      }
      throw error;
    }
  };

  const open: Desk['open'] = async (key, build) => {
    // Asked again for what is open: its window comes to the front.
    if (session?.key === key) return windows.openApproval();
    if (session || isBuilding) throw new AppError('busy');
    if (isStopped) throw new AppError('vault/locked');
    isBuilding = true;
    try {
      await show(key, await build());
    } finally {
      isBuilding = false;
    }
  };

  /** The open document, if this answer is about it and nobody is answering it. */
  const requireShown = (digest: Hash32): Session => {
    const shown = requireOpen();
    if (shown.phase !== 'shown') throw new AppError('busy');
    // SECURITY: an answer names what it answers.
    if (digest !== shown.subject.document.digest)
      throw new AppError('payments/digest-mismatch', { what: 'shown digest' });
    return shown;
  };

  const isDisputed = ({ voice, subject }: Session): boolean =>
    voice !== null && !voice.agreed && disagreed.has(subject.document.digest);

  const back = (shown: Session): void => {
    shown.phase = 'shown';
    shown.controller = null;
  };

  const approve: ApprovalDesk['approve'] = async ({ digest, passphrase }) => {
    const shown = requireShown(digest);
    const { subject } = shown;
    if (!subject.approve) throw new AppError('envelope/wrong-state', { act: subject.document.act });
    if (subject.document.act === 'pay' && clock.monotonicMs() - shown.shownAtMs > FRESH_MS)
      throw new AppError('payments/digest-mismatch', { what: 'too old' });
    // SECURITY: words that did not agree are a swapped file or a machine that lies. A slip of the tongue is corrected by
    // words that do agree, in this window or in one that is opened anew; by nothing else.
    if (isDisputed(shown)) throw new AppError('payments/digest-mismatch', { what: 'voice' });
    const controller = new AbortController();
    shown.phase = 'signing';
    shown.controller = controller;
    const consent: Consent = {
      passphrase,
      signal: controller.signal,
      voice: shown.voice?.agreed ?? false,
      beginKeeping: () => {
        if (controller.signal.aborted || session !== shown) throw new AppError('cancelled');
        shown.phase = 'keeping';
      },
    };
    const say = subject.approve;
    const work = (async () => {
      if (bearsTime(subject)) await deps.requireClock();
      if (controller.signal.aborted) throw new AppError('cancelled');
      return say(consent);
    })();
    shown.working = work.catch(() => undefined);
    let answer: Awaited<typeof work>;
    try {
      answer = await work;
    } catch (error) {
      back(shown);
      throw error;
    }
    finish(shown, 'approved');
    // What follows is told where it fails, and starts again with the next start.
    await answer
      .afterwards?.()
      .catch((error: unknown) => log.error('what was approved waits', { text: String(error) }));
    return { signed: answer.signed };
  };

  const reject: ApprovalDesk['reject'] = async ({ digest, reason, passphrase }) => {
    const shown = requireShown(digest);
    if (!shown.subject.reject)
      throw new AppError('envelope/wrong-state', { act: shown.subject.document.act });
    // A no moves no money: closing waits until it is kept, rather than losing it.
    shown.phase = 'keeping';
    const say = shown.subject.reject;
    const work = (async () => {
      await deps.requireClock();
      await say({ passphrase, reason });
    })();
    shown.working = work.catch(() => undefined);
    try {
      await work;
    } catch (error) {
      back(shown);
      throw error;
    }
    finish(shown, 'closed');
  };

  const close = async (): Promise<void> => {
    const closing = session;
    if (!closing) return;
    if (closing.phase === 'keeping') {
      // Too late to give up: it is kept, or refused, in this moment.
      await closing.working;
      if (session !== closing) return;
    }
    // An answer that is still under way finds no session when it comes back, and keeps nothing.
    session = null;
    closing.controller?.abort(new AppError('cancelled'));
    await abandon(closing.subject);
    finish(closing, 'closed');
  };

  const requireVoice = (): { readonly shown: Session; readonly voice: Voice } => {
    const shown = requireOpen();
    if (!shown.voice) throw new AppError('envelope/wrong-state', { act: shown.subject.document.act });
    return { shown, voice: shown.voice };
  };

  return {
    open,
    close,
    stop: async () => {
      isStopped = true;
      await close();
    },
    isSigning: () => session !== null && session.phase !== 'shown',
    document: () => requireOpen().subject.document,
    lines: (offset, limit) => {
      const { lines } = requireOpen().subject;
      return { total: lines.length, lines: lines.slice(offset, offset + limit) };
    },
    approve,
    reject,
    cancelSigning: () => session?.controller?.abort(new AppError('cancelled')),
    challenge: () => requireVoice().voice.challenge,
    hasDisagreed: () => isDisputed(requireOpen()),
    compareWords: (words) => {
      const { shown, voice } = requireVoice();
      // SECURITY: words that were tried too often are not compared any more, right or wrong.
      if (voice.attemptsLeft === 0) return { agrees: false, attemptsLeft: 0 };
      const agrees = areSameWords(words, deps.voiceWords(voice.challenge, shown.subject.document.digest));
      if (agrees) voice.agreed = true;
      else {
        voice.attemptsLeft -= 1;
        disagreed.add(shown.subject.document.digest);
      }
      return { agrees, attemptsLeft: voice.attemptsLeft };
    },
    wordsFor: (challenge) => {
      const { subject } = requireOpen();
      // SECURITY: a window that can say yes never tells the words, or nobody would have to be asked for them.
      if (subject.document.act !== 'compare')
        throw new AppError('envelope/wrong-state', { act: subject.document.act });
      return [...deps.voiceWords(challenge, subject.document.digest)];
    },
  };
};
