import { type FormEvent, useRef, useState } from 'react';
import { approval } from '../../../assets/locales/en/approval';
import type { ApprovalDocument } from '../../shared/contract';
import { approvals } from '../client/approvals';
import { showCount, showMoney } from './format';
import { nameCount } from './naming';
import { codeOf } from './problems';
import { CHALLENGE_DIGITS, cleanDigits, groupDigits } from './words';

const r = approval.read;

/** The reader's side: types the digits that the checker speaks, then reads count, sums and twelve words. */
export const VoiceRead = ({
  document,
  isCancellation,
}: {
  readonly document: ApprovalDocument;
  readonly isCancellation: boolean;
}) => {
  const [digits, setDigits] = useState('');
  const [words, setWords] = useState<readonly string[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);

  const show = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (digits.length !== CHALLENGE_DIGITS) {
      setProblem(r.eight);
      return;
    }
    try {
      setWords((await approvals['approval.wordsFor']({ challenge: digits })).words);
      setProblem(null);
    } catch (error) {
      setWords(null);
      setProblem(approval.voice.failed(codeOf(error)));
    }
  };
  const again = (): void => {
    setDigits('');
    setWords(null);
    field.current?.focus();
  };

  return (
    <section className="voice" aria-labelledby="read-title">
      <div className="voice-head">
        <h2 id="read-title">{r.title}</h2>
        <span className="quiet">{r.challengeHint}</span>
      </div>
      <form className="ask" onSubmit={(event) => void show(event)} noValidate>
        <label>
          <span>{r.challenge}</span>
          <input
            ref={field}
            className="digits-field"
            type="text"
            inputMode="numeric"
            value={groupDigits(digits)}
            onChange={(event) => {
              setDigits(cleanDigits(event.currentTarget.value));
              setWords(null);
              setProblem(null);
            }}
            autoComplete="off"
            spellCheck={false}
            // biome-ignore lint/a11y/noAutofocus: the window was opened to type them
            autoFocus
          />
        </label>
        {words === null ? (
          <button type="submit" className="strong">
            {r.show}
          </button>
        ) : (
          <button type="button" onClick={again}>
            {r.again}
          </button>
        )}
        <span className="error" role="alert">
          {problem}
        </span>
      </form>
      {words === null ? (
        <p className="quiet">{r.waiting}</p>
      ) : (
        <div className="aloud" role="status">
          <div>
            <h3>{r.first}</h3>
            <div className="aloud-sum">{nameCount(document, isCancellation)}</div>
            {document.sums.map(({ currency, sum }) => (
              <div key={currency} className="aloud-sum">
                {showMoney(currency, sum.units, sum.decimals)}
              </div>
            ))}
          </div>
          <div>
            <h3>{r.next}</h3>
            <ol className="aloud-words" aria-label={approval.words}>
              {words.map((word, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the position is part of what is compared
                <li key={index}>
                  <b>{showCount(index + 1)}</b> {word}
                </li>
              ))}
            </ol>
          </div>
        </div>
      )}
    </section>
  );
};
