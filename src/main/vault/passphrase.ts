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
/** So many characters must remain when known words, years and separators are taken away. */
const MIN_UNKNOWN = 8;
const OWN_WORDS = ['nostro', 'treasury', 'deposit', 'token', 'vault', 'payments', 'bank'];

let factory: ZxcvbnFactory | null = null;
const getFactory = (): ZxcvbnFactory => {
  factory ??= new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    translations: english.translations,
    // The estimate takes longer than linear; what follows is not needed to tell that a text is strong.
    maxLength: 100,
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

/** What is left of a text without words of four letters and more that are known, without years and separators. */
const withoutKnown = (text: string, known: readonly string[]): string =>
  known
    .map((word) => word.normalize('NFKC').toLowerCase())
    .filter((word) => word.length >= 4)
    .sort((a, b) => b.length - a.length)
    .reduce((rest, word) => rest.replaceAll(word, ' '), text.toLowerCase())
    .replace(/(?:19|20)\d\d|[\p{P}\p{Z}\p{S}]+/gu, '');

/**
 * @param context words that somebody who knows the company would try: its name, its people, its bank
 */
export const assessPassphrase = (text: string, context: readonly string[] = []): PassphraseAssessment => {
  const normal = text.normalize('NFKC');
  const length = Array.from(normal).length;
  const words = context.flatMap((entry) => [entry, ...entry.split(/[^\p{L}\p{N}]+/u)]).filter(Boolean);
  const known = [...words, ...OWN_WORDS];
  // Separators look like random characters to the estimator; an attacker tries them at once. The worse result counts.
  const forms = new Set([normal, normal.replace(/[\p{P}\p{Z}\p{S}]+/gu, '')]);
  const results = [...forms].map((form) => getFactory().check(form, known));
  const result = results.reduce((worst, next) => (next.guesses < worst.guesses ? next : worst));
  const isMostlyKnown = Array.from(withoutKnown(normal, known)).length < MIN_UNKNOWN;
  const score = isMostlyKnown ? Math.min(result.score, 1) : result.score;
  const reason =
    length < MIN_PASSPHRASE
      ? 'too-short'
      : length > MAX_PASSPHRASE
        ? 'too-long'
        : score < MIN_SCORE
          ? 'too-weak'
          : 'ok';
  return { score, isAccepted: reason === 'ok', reason, guesses: isMostlyKnown ? 'minutes' : inWords(result) };
};

/** @throws AppError `vault/weak-passphrase` */
export const requireGoodPassphrase = (text: string, context: readonly string[] = []): void => {
  const { isAccepted, reason, score } = assessPassphrase(text, context);
  if (!isAccepted) throw new AppError('vault/weak-passphrase', { reason, score });
};
