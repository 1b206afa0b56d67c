import './envelope.css';
import { useEffect, useMemo, useRef, useState } from 'react';
import { approval } from '../../../assets/locales/en/approval';
import type { ApprovalDocument, ApprovalLine } from '../../shared/contract';
import { AppError } from '../../shared/errors';
import { approvals } from '../client/approvals';
import { Checks } from './Checks';
import { agrees } from './calldata';
import { showCount } from './format';
import { LineList } from './LineList';
import { nameWindow } from './naming';
import { PolicyMain, PolicySide } from './Policy';
import { codeOf } from './problems';
import { filterLines } from './rows';
import { SignBar } from './SignBar';
import { Totals } from './Totals';
import { VoiceCheck, type VoiceState } from './VoiceCheck';
import { VoiceRead } from './VoiceRead';

const PAGE = 500;

type Loaded = {
  readonly document: ApprovalDocument | null;
  readonly lines: readonly ApprovalLine[];
  readonly error: unknown;
};

/** The document, then its lines page by page. Nothing is signed before the last line is here. */
const useDocument = (attempt: number): Loaded => {
  const [loaded, setLoaded] = useState<Loaded>({ document: null, lines: [], error: null });
  // biome-ignore lint/correctness/useExhaustiveDependencies: an attempt asks again on purpose
  useEffect(() => {
    let isCurrent = true;
    const load = async (): Promise<void> => {
      const document = await approvals['approval.document']({});
      if (isCurrent) setLoaded({ document, lines: [], error: null });
      const lines: ApprovalLine[] = [];
      while (isCurrent && lines.length < document.count) {
        const answer = await approvals['approval.lines']({ offset: lines.length, limit: PAGE });
        if (answer.lines.length === 0) throw new AppError('internal');
        lines.push(...answer.lines);
        if (isCurrent) setLoaded({ document, lines: [...lines], error: null });
      }
    };
    load().catch((error: unknown) => {
      if (isCurrent) setLoaded((old) => ({ ...old, error }));
    });
    return () => {
      isCurrent = false;
    };
  }, [attempt]);
  return loaded;
};

export const ApprovalApp = () => {
  const [attempt, setAttempt] = useState(0);
  const { document, lines, error } = useDocument(attempt);
  const [search, setSearch] = useState('');
  const [voice, setVoice] = useState<VoiceState>('open');
  const filter = useRef<HTMLInputElement>(null);
  const shown = useMemo(() => filterLines(lines, search), [lines, search]);
  const hasMismatch = useMemo(() => lines.some((line) => !agrees(line)), [lines]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && globalThis.document.activeElement === filter.current) setSearch('');
      const isTyping = event.target instanceof HTMLInputElement;
      if ((event.key === '/' && !isTyping) || (event.key === 'f' && (event.ctrlKey || event.metaKey))) {
        event.preventDefault();
        filter.current?.focus();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  if (document === null) {
    return (
      <div className="frame">
        <header className="bar">
          <strong>{approval.window}</strong>
        </header>
        {error ? (
          <Failure error={error} onRetry={() => setAttempt(attempt + 1)} />
        ) : (
          <p className="wait">{approval.loading}</p>
        )}
      </div>
    );
  }
  const isComplete = lines.length === document.count;
  const isCancellation = lines.length === 1 && lines[0]?.action === 'cancel';
  const { title, origin } = nameWindow(document, isCancellation);
  const hasVoice = document.act === 'approve' || document.act === 'sign';
  if (document.act === 'adopt' && document.policy !== null)
    return (
      <div className="frame" data-act={document.act}>
        <header className="bar">
          <strong>{title}</strong>
          <span>{origin}</span>
        </header>
        <div className="columns">
          <PolicySide policy={document.policy} digest={document.digest} />
          <main>
            <PolicyMain document={document} />
          </main>
        </div>
        <SignBar document={document} isCancellation={false} isComplete hasMismatch={false} voice={null} />
      </div>
    );
  return (
    <div className="frame" data-act={document.act}>
      <header className="bar">
        <strong>{title}</strong>
        <span>{origin}</span>
      </header>
      <div className="columns">
        <Totals document={document} isCancellation={isCancellation} />
        <main>
          {error ? <Failure error={error} onRetry={() => setAttempt(attempt + 1)} /> : null}
          {hasMismatch ? (
            <p className="alarm" role="alert">
              {approval.mismatch}
            </p>
          ) : null}
          {hasVoice ? <VoiceCheck state={voice} onState={setVoice} /> : null}
          {document.act === 'compare' ? (
            <VoiceRead document={document} isCancellation={isCancellation} />
          ) : null}
          <LineList
            lines={shown}
            total={document.count}
            before={
              <>
                <Checks document={document} />
                <div className="filter">
                  <input
                    ref={filter}
                    type="text"
                    value={search}
                    onChange={(event) => setSearch(event.currentTarget.value)}
                    aria-label={approval.filter}
                    placeholder={approval.filter}
                    spellCheck={false}
                    autoComplete="off"
                    maxLength={140}
                  />
                  <span className="quiet" role="status">
                    {isComplete
                      ? search === ''
                        ? null
                        : shown.length === 0
                          ? `${approval.nothingFound} ${approval.filterHint('0', showCount(document.count))}`
                          : approval.filterHint(showCount(shown.length), showCount(document.count))
                      : approval.loadingLines(showCount(lines.length), showCount(document.count))}
                  </span>
                </div>
              </>
            }
          />
        </main>
      </div>
      <SignBar
        document={document}
        isCancellation={isCancellation}
        isComplete={isComplete}
        hasMismatch={hasMismatch}
        voice={hasVoice ? voice : null}
      />
    </div>
  );
};

const Failure = ({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) => {
  const code = codeOf(error);
  return (
    <div className="alarm" role="alert">
      {approval.errors[code] ?? approval.unknownLoadError(code)}{' '}
      <button type="button" onClick={onRetry}>
        {approval.retry}
      </button>
    </div>
  );
};
