import { type FormEvent, useEffect, useRef, useState } from 'react';
import { approval } from '../../../assets/locales/en/approval';
import { approvals } from '../client/approvals';
import { showCount } from './format';
import { codeOf } from './problems';
import { cleanWord, groupDigits, putWords, splitWords, WORD_COUNT } from './words';

const v = approval.voice;

/** Where the comparison stands. Main knows for itself; this only decides what is shown. */
export type VoiceState = 'open' | 'agreed' | 'disagreed' | 'skipped';

export type VoiceCheckProps = {
  readonly state: VoiceState;
  readonly onState: (state: VoiceState) => void;
};

const EMPTY: readonly string[] = Array.from({ length: WORD_COUNT }, () => '');

/**
 * The checker's side: digits to speak, twelve words to type, and whether they agree.
 *
 * SECURITY: the words are never shown here. The window learns whether they are right, not what they should be.
 */
export const VoiceCheck = ({ state, onState }: VoiceCheckProps) => {
  const [challenge, setChallenge] = useState<string | null>(null);
  const [words, setWords] = useState(EMPTY);
  const [isComparing, setIsComparing] = useState(false);
  const [left, setLeft] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const fields = useRef<(HTMLInputElement | null)[]>([]);

  useEffect(() => {
    let isCurrent = true;
    approvals['approval.challenge']({}).then(
      (answer) => {
        if (!isCurrent) return;
        setChallenge(answer.challenge);
        // Words that disagreed in a window before this one: main takes no yes either, until words agree.
        if (answer.disagreedBefore) onState('disagreed');
      },
      (error: unknown) => {
        if (isCurrent) setProblem(v.failed(codeOf(error)));
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [onState]);

  const focus = (index: number): void => {
    const field = fields.current[Math.min(WORD_COUNT - 1, index)];
    field?.focus();
    field?.select();
  };
  const change = (index: number, typed: string): void => {
    setProblem(null);
    const parts = splitWords(typed);
    if (/[\s,;]/.test(typed.trimStart()) && parts.length > 0) {
      setWords((old) => putWords(old, index, parts));
      focus(index + parts.length);
      return;
    }
    setWords((old) => putWords(old, index, [cleanWord(typed)]));
  };

  const compare = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const empty = words.indexOf('');
    if (empty >= 0) {
      // Enter goes on to the next word; only the last one compares.
      const at = fields.current.indexOf(document.activeElement as HTMLInputElement);
      if (at < 0 || at === WORD_COUNT - 1) setProblem(v.missing);
      focus(empty);
      return;
    }
    if (isComparing || left === 0) return;
    setIsComparing(true);
    setProblem(null);
    try {
      const { agrees, attemptsLeft } = await approvals['approval.compareWords']({ words: [...words] });
      setLeft(attemptsLeft);
      onState(agrees ? 'agreed' : 'disagreed');
      if (!agrees) focus(0);
    } catch (error) {
      setProblem(v.failed(codeOf(error)));
    } finally {
      setIsComparing(false);
    }
  };

  if (state === 'agreed')
    return (
      <p className="voice-line" data-state="agreed" role="status">
        {v.agrees}
      </p>
    );
  if (state === 'skipped')
    return (
      <div className="voice-line" data-state="skipped">
        <span role="status">{v.skipped}</span>
        <button type="button" onClick={() => onState('open')}>
          {v.reopen}
        </button>
      </div>
    );
  const isOver = left === 0;
  const disagreement = left === null ? v.disagreedBefore : v.disagrees(showCount(left), left);
  return (
    <section className="voice" aria-labelledby="voice-title">
      <div className="voice-head">
        <h2 id="voice-title">{v.title}</h2>
        <span className="quiet">{v.why}</span>
      </div>
      <div className="voice-body">
        <div className="challenge">
          <div className="quiet">{v.speak}</div>
          <output className="digits" aria-label={v.speak}>
            {challenge === null ? '····' : groupDigits(challenge)}
          </output>
        </div>
        <form className="heard" onSubmit={(event) => void compare(event)} noValidate>
          <div className="quiet">{v.listen}</div>
          <div className="heard-words">
            {words.map((word, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the position is part of what is compared
              <label key={index}>
                <span aria-hidden>{index + 1}</span>
                <input
                  ref={(field) => {
                    fields.current[index] = field;
                  }}
                  type="text"
                  value={word}
                  disabled={isOver || challenge === null}
                  aria-label={v.word(index + 1)}
                  onChange={(event) => change(index, event.currentTarget.value)}
                  onKeyDown={(event) => {
                    if (event.key !== 'Backspace' || word !== '' || index === 0) return;
                    event.preventDefault();
                    focus(index - 1);
                  }}
                  autoComplete="off"
                  autoCapitalize="off"
                  spellCheck={false}
                />
              </label>
            ))}
          </div>
          <div className="voice-foot">
            <span className="error" role="alert">
              {problem ?? (state === 'disagreed' ? disagreement : null)}
            </span>
            {state === 'disagreed' ? null : (
              <button type="button" onClick={() => onState('skipped')}>
                {v.skip}
              </button>
            )}
            <button type="submit" className="strong" disabled={isComparing || isOver || challenge === null}>
              {isComparing ? v.comparing : v.compare}
            </button>
          </div>
        </form>
      </div>
    </section>
  );
};
