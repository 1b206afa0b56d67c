import { type FormEvent, useEffect, useRef, useState } from 'react';
import { approval } from '../../../assets/locales/en/approval';
import type { ApprovalDocument } from '../../shared/contract';
import { approvals, subscribeApprovals } from '../client/approvals';
import { showCount } from './format';
import { isTakingIn, nameCount, nameNo, nameYes } from './naming';
import { putInWords } from './problems';
import type { VoiceState } from './VoiceCheck';

type Progress = { readonly done: number; readonly total: number; readonly startedAt: string };
type State = 'open' | 'rejecting' | 'answering' | 'stopping' | 'done' | 'rejected';

export type SignBarProps = {
  readonly document: ApprovalDocument;
  readonly isCancellation: boolean;
  /** Every line is there to be read. Before that nothing can be signed. */
  readonly isComplete: boolean;
  readonly hasMismatch: boolean;
  /** `null` where nothing is compared by voice. */
  readonly voice: VoiceState | null;
};

const close = (onError: (words: string) => void): void => {
  approvals['approval.close']({}).catch((failure: unknown) => onError(putInWords(failure)));
};

/** What is said above the button while nothing is wrong. */
const consequence = (document: ApprovalDocument): string => {
  if (document.act === 'approve' || document.act === 'sign' || document.act === 'adopt')
    return approval.acts[document.act].undo;
  return document.kind === 'replacement' ? approval.replacementText : approval.undo;
};

/** What is said once it is done. */
const conclude = (document: ApprovalDocument, isCancellation: boolean): string => {
  const { act } = document;
  if (act === 'adopt') return isTakingIn(document) ? approval.done.take : approval.done.adopt;
  return approval.done[act === 'compare' ? 'pay' : act](nameCount(document, isCancellation));
};

export const SignBar = ({ document, isCancellation, isComplete, hasMismatch, voice }: SignBarProps) => {
  const [passphrase, setPassphrase] = useState('');
  const [reason, setReason] = useState('');
  const [state, setState] = useState<State>('open');
  const [isNo, setIsNo] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const field = useRef<HTMLInputElement>(null);

  useEffect(
    () =>
      subscribeApprovals({
        onEvent: (event) => {
          if (event.type === 'progress' && event.task === 'sign') setProgress(event);
        },
        onGap: () => undefined,
      }),
    [],
  );

  // SECURITY: words that do not agree are a swapped file or a machine that lies: nothing is signed after them.
  const isRefused = document.envelope?.findings.some(({ verdict }) => verdict === 'refused') ?? false;
  const isBlocked = voice === 'disagreed' || isRefused;
  const canYes = passphrase !== '' && isComplete && !hasMismatch && !isBlocked;
  const canNo = passphrase !== '' && reason.trim() !== '';

  const answer = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (state !== 'open' || (isNo ? !canNo : !canYes)) return;
    setState(isNo ? 'rejecting' : 'answering');
    setError(null);
    setProgress(null);
    const typed = passphrase;
    // SECURITY: the passphrase leaves the field at once, whatever comes of it.
    setPassphrase('');
    try {
      const { digest } = document;
      if (isNo) await approvals['approval.reject']({ digest, reason: reason.trim(), passphrase: typed });
      else await approvals['approval.approve']({ digest, passphrase: typed });
      setState(isNo ? 'rejected' : 'done');
    } catch (failure) {
      setError(putInWords(failure));
      setState('open');
      requestAnimationFrame(() => field.current?.focus());
    }
  };
  const stop = (): void => {
    setState('stopping');
    approvals['approval.cancelSigning']({}).catch((failure: unknown) => setError(putInWords(failure)));
  };

  if (document.act === 'compare')
    return (
      <footer className="sign">
        <span className="error" role="alert">
          {error}
        </span>
        <button type="button" onClick={() => close(setError)}>
          {approval.closeOnly}
        </button>
      </footer>
    );
  if (state === 'done' || state === 'rejected')
    return (
      <footer className="sign" role="status">
        <strong>{state === 'rejected' ? approval.done.rejected : conclude(document, isCancellation)}</strong>
        <button type="button" className="primary" onClick={() => close(setError)}>
          {approval.close}
        </button>
      </footer>
    );
  if (state !== 'open')
    return (
      <Working
        title={state === 'rejecting' ? approval.working.reject : titleOfWork(document.act)}
        state={state}
        progress={progress}
        total={document.count}
        onStop={stop}
      />
    );
  return (
    <footer className="sign" data-no={isNo || undefined}>
      <form onSubmit={(event) => void answer(event)}>
        <div className="sign-words">
          {error === null ? (
            <Words document={document} voice={voice} isNo={isNo} />
          ) : (
            <span className="error" role="alert">
              {error}
            </span>
          )}
        </div>
        {isNo ? (
          <label className="reason">
            <span>{approval.reject.reason}</span>
            <input
              type="text"
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
              placeholder={approval.reject.hint}
              maxLength={300}
              autoComplete="off"
              // biome-ignore lint/a11y/noAutofocus: asked for a moment ago
              autoFocus
            />
          </label>
        ) : null}
        <div className="sign-row">
          {isNo ? (
            <button type="button" onClick={() => setIsNo(false)}>
              {approval.reject.back}
            </button>
          ) : (
            <button type="button" onClick={() => close(setError)}>
              {approval.closeWithout[document.act]}
            </button>
          )}
          {document.act === 'approve' && !isNo ? (
            <button type="button" className="no" onClick={() => setIsNo(true)}>
              {approval.reject.open}
            </button>
          ) : null}
          <label>
            <span>{approval.passphrase}</span>
            <input
              ref={field}
              type="password"
              value={passphrase}
              onChange={(event) => setPassphrase(event.currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
              maxLength={4096}
            />
          </label>
          <button
            type="submit"
            className={isNo ? 'primary no' : 'primary'}
            disabled={isNo ? !canNo : !canYes}
          >
            {isNo ? nameNo(document, isCancellation) : nameYes(document, isCancellation)}
          </button>
        </div>
      </form>
    </footer>
  );
};

const titleOfWork = (act: ApprovalDocument['act']): string =>
  act === 'approve' || act === 'adopt' ? approval.working[act] : approval.signing;

type WordsProps = {
  readonly document: ApprovalDocument;
  readonly voice: VoiceState | null;
  readonly isNo: boolean;
};

/** What the answer means; that nothing was compared is said before anything else. */
const Words = ({ document, voice, isNo }: WordsProps) => {
  if (isNo)
    return (
      <>
        <strong>{approval.reject.title}</strong> <span className="quiet">{approval.reject.undo}</span>
      </>
    );
  return (
    <>
      {voice === 'disagreed' ? <div className="error">{approval.voice.blocked}</div> : null}
      {voice === 'open' ? <div className="caution">{approval.voice.notYet}</div> : null}
      {voice === 'skipped' ? <div className="caution">{approval.voice.skipped}</div> : null}
      <span className="quiet">{consequence(document)}</span>
    </>
  );
};

type WorkingProps = {
  readonly title: string;
  readonly state: 'rejecting' | 'answering' | 'stopping';
  readonly progress: Progress | null;
  readonly total: number;
  readonly onStop: () => void;
};

const Working = ({ title, state, progress, total, onStop }: WorkingProps) => {
  const done = progress?.done ?? 0;
  const seconds =
    progress === null ? 0 : Math.max(0.001, (Date.now() - Date.parse(progress.startedAt)) / 1000);
  const rate = seconds > 0 ? done / seconds : 0;
  const facts = [
    approval.progress(showCount(done), showCount(total)),
    rate >= 1 ? approval.rate(showCount(Math.round(rate))) : null,
    rate > 0 && done < total ? approval.left(Math.max(1, Math.round((total - done) / rate))) : null,
  ].filter((fact) => fact !== null);
  const isCounted = total > 0 && title === approval.signing;
  return (
    <footer className="sign">
      <div className="signing">
        <div role="status">
          <strong>{title}</strong> {isCounted ? <span className="quiet">{facts.join(' · ')}</span> : null}
        </div>
        {isCounted ? (
          <progress value={done} max={total} aria-label={title} />
        ) : (
          <progress aria-label={title} />
        )}
      </div>
      {state === 'rejecting' ? null : (
        <button type="button" onClick={onStop} disabled={state === 'stopping'}>
          {state === 'stopping' ? approval.stopping : approval.stop}
        </button>
      )}
    </footer>
  );
};
