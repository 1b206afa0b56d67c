import { type FormEvent, useEffect, useRef, useState } from 'react';
import { approval } from '../../../assets/locales/en/approval';
import type { ApprovalDocument } from '../../shared/contract';
import { AppError } from '../../shared/errors';
import { approvals, subscribeApprovals } from '../client/approvals';
import { showCount, showMoney } from './format';

const putInWords = (error: unknown): string => {
  const code = error instanceof AppError ? error.code : 'internal';
  const words = approval.errors[code] ?? approval.unknownError(code);
  const waitMs = error instanceof AppError ? Number(error.details?.['waitMs'] ?? 0) : 0;
  return waitMs > 0 ? `${words} ${approval.wait(Math.ceil(waitMs / 1000))}` : words;
};

/** `Sign 24 payments, USD 4,310,220.50 + 4 more currencies`. */
export const nameSignButton = (document: ApprovalDocument, isCancellation: boolean): string => {
  if (isCancellation) return approval.signCancel;
  const [first, ...rest] = document.sums;
  const amounts =
    first === undefined
      ? ''
      : `${showMoney(first.currency, first.sum.units, first.sum.decimals)}${rest.length === 0 ? '' : approval.more(rest.length)}`;
  if (document.kind === 'replacement') return approval.signReplacement(amounts);
  return approval.sign(approval.payments(showCount(document.count), document.count), amounts);
};

type Progress = { readonly done: number; readonly total: number; readonly startedAt: string };

export type SignBarProps = {
  readonly document: ApprovalDocument;
  readonly isCancellation: boolean;
  /** Every line is there to be read. Before that nothing can be signed. */
  readonly isComplete: boolean;
  readonly hasMismatch: boolean;
};

export const SignBar = ({ document, isCancellation, isComplete, hasMismatch }: SignBarProps) => {
  const [passphrase, setPassphrase] = useState('');
  const [state, setState] = useState<'open' | 'signing' | 'stopping' | 'done'>('open');
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

  const sign = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (passphrase === '' || state !== 'open' || !isComplete || hasMismatch) return;
    setState('signing');
    setError(null);
    setProgress(null);
    const typed = passphrase;
    // SECURITY: the passphrase leaves the field at once, whatever comes of it.
    setPassphrase('');
    try {
      await approvals['approval.approve']({ digest: document.digest, passphrase: typed });
      setState('done');
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
  const close = (): void => {
    approvals['approval.close']({}).catch((failure: unknown) => setError(putInWords(failure)));
  };

  if (state === 'done') {
    return (
      <footer className="sign" role="status">
        <strong>{approval.done(showCount(document.count), document.count)}</strong>
        <button type="button" className="primary" onClick={close}>
          {approval.close}
        </button>
      </footer>
    );
  }
  if (state !== 'open')
    return <Signing state={state} progress={progress} total={document.count} onStop={stop} />;
  return (
    <footer className="sign">
      <form onSubmit={(event) => void sign(event)}>
        <div className="sign-words">
          {error === null ? (
            <span className="quiet">
              {document.kind === 'replacement' ? approval.replacementText : approval.undo}
            </span>
          ) : (
            <span className="error" role="alert">
              {error}
            </span>
          )}
        </div>
        <div className="sign-row">
          <button type="button" onClick={close}>
            {approval.doNotSign}
          </button>
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
            className="primary"
            disabled={passphrase === '' || !isComplete || hasMismatch}
          >
            {nameSignButton(document, isCancellation)}
          </button>
        </div>
      </form>
    </footer>
  );
};

type SigningProps = {
  readonly state: 'signing' | 'stopping';
  readonly progress: Progress | null;
  readonly total: number;
  readonly onStop: () => void;
};

const Signing = ({ state, progress, total, onStop }: SigningProps) => {
  const done = progress?.done ?? 0;
  const seconds =
    progress === null ? 0 : Math.max(0.001, (Date.now() - Date.parse(progress.startedAt)) / 1000);
  const rate = seconds > 0 ? done / seconds : 0;
  const facts = [
    approval.progress(showCount(done), showCount(total)),
    rate >= 1 ? approval.rate(showCount(Math.round(rate))) : null,
    rate > 0 && done < total ? approval.left(Math.max(1, Math.round((total - done) / rate))) : null,
  ].filter((fact) => fact !== null);
  return (
    <footer className="sign">
      <div className="signing">
        <div role="status">
          <strong>{approval.signing}</strong> <span className="quiet">{facts.join(' · ')}</span>
        </div>
        <progress value={done} max={total} aria-label={approval.signing} />
      </div>
      <button type="button" onClick={onStop} disabled={state === 'stopping'}>
        {state === 'stopping' ? approval.stopping : approval.stop}
      </button>
    </footer>
  );
};
