/** Results of a check, gathered by verdict and code: how many, the first line, and one fact. */
import type { EnvelopeFinding } from '../../shared/contract';

type Verdict = EnvelopeFinding['verdict'];
type Code = EnvelopeFinding['code'];

/** What nobody signs comes first, then what could not be looked at, before what was found right. */
const ORDER: readonly Verdict[] = ['refused', 'unchecked', 'warning', 'passed'];
const MAX_TEXT = 300;
const cut = (text: string | null): string | null =>
  text === null || text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1)}…`;

export type Findings = {
  /** `line`: index from 0, or `null` when it concerns no line. Facts of the first of a kind are kept. */
  readonly note: (
    verdict: Exclude<Verdict, 'passed'>,
    code: Code,
    fact?: { readonly line?: number | null; readonly text?: string | null; readonly count?: number },
  ) => void;
  /** That something was looked at; a `passed` result where nothing else was noted for it. */
  readonly look: (code: Code, count?: number) => void;
  /** Each code with its worst results; sorted as {@link ORDER}. */
  readonly list: () => EnvelopeFinding[];
};

export const createFindings = (): Findings => {
  const noted = new Map<string, EnvelopeFinding>();
  const looked = new Map<Code, number>();
  return {
    note: (verdict, code, { line = null, text = null, count = 1 } = {}) => {
      const key = `${verdict}/${code}`;
      const before = noted.get(key);
      noted.set(
        key,
        before
          ? { ...before, count: before.count + count }
          : { verdict, code, count, firstLine: line, text: cut(text) },
      );
    },
    look: (code, count = 1) => void looked.set(code, (looked.get(code) ?? 0) + count),
    list: () => {
      const all = [...noted.values()];
      const hasOther = new Set(all.map(({ code }) => code));
      for (const [code, count] of looked)
        if (!hasOther.has(code)) all.push({ verdict: 'passed', code, count, firstLine: null, text: null });
      return all.sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
    },
  };
};
