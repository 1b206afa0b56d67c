/** Which passphrases are good enough to protect money, and how strong one is while it is typed. */
import { ZxcvbnFactory, type ZxcvbnResult } from '@zxcvbn-ts/core';
import * as common from '@zxcvbn-ts/language-common';
import * as english from '@zxcvbn-ts/language-en';
import { AppError } from '../../shared/errors';

export type PassphraseAssessment = {
  /** 0 (worst) to 4. */
  readonly score: number;
  readonly isAccepted: boolean;
  readonly reason: 'ok' | 'too-short' | 'too-long' | 'too-weak';
  /** How long guessing takes with the file at hand and a slow hash. */
  readonly guesses: 'minutes' | 'hours' | 'days' | 'months' | 'years' | 'centuries';
};

/** NIST SP 800-63B-4: a password that is the only factor has at least 15 characters. */
export const MIN_PASSPHRASE = 15;
export const MAX_PASSPHRASE = 1024;
const MIN_SCORE = 3;
const OWN_WORDS = ['nostro', 'treasury', 'deposit', 'token', 'vault', 'payments', 'bank'];

let factory: ZxcvbnFactory | null = null;
const getFactory = (): ZxcvbnFactory => {
  factory ??= new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    translations: english.translations,
    maxLength: 256,
  });
  return factory;
};

const inWords = (result: ZxcvbnResult): PassphraseAssessment['guesses'] => {
  const seconds = result.crackTimes.offlineSlowHashingXPerSecond.seconds;
  if (seconds < 3_600) return 'minutes';
  if (seconds < 86_400) return 'hours';
  if (seconds < 30 * 86_400) return 'days';
  if (seconds < 365 * 86_400) return 'months';
  return seconds < 100 * 365 * 86_400 ? 'years' : 'centuries';
};

/**
 * @param context words that somebody who knows the company would try: its name, its people, its bank
 */
export const assessPassphrase = (text: string, context: readonly string[] = []): PassphraseAssessment => {
  const normal = text.normalize('NFKC');
  const length = Array.from(normal).length;
  const words = context.flatMap((entry) => [entry, ...entry.split(/[^\p{L}\p{N}]+/u)]).filter(Boolean);
  const known = [...words, ...OWN_WORDS];
  // Separators look like random characters to the estimator; an attacker tries them at once. The worse result counts.
  const results = [normal, normal.replace(/[\p{P}\p{Z}\p{S}]+/gu, '')].map((form) =>
    getFactory().check(form, known),
  );
  const result = results.reduce((worst, next) => (next.guesses < worst.guesses ? next : worst));
  const reason =
    length < MIN_PASSPHRASE
      ? 'too-short'
      : length > MAX_PASSPHRASE
        ? 'too-long'
        : result.score < MIN_SCORE
          ? 'too-weak'
          : 'ok';
  return { score: result.score, isAccepted: reason === 'ok', reason, guesses: inWords(result) };
};

/** @throws AppError `vault/weak-passphrase` */
export const requireGoodPassphrase = (text: string, context: readonly string[] = []): void => {
  const { isAccepted, reason, score } = assessPassphrase(text, context);
  if (!isAccepted) throw new AppError('vault/weak-passphrase', { reason, score });
};
