import { useEffect, useMemo, useRef, useState } from 'react';
import { approval } from '../../../assets/locales/en/approval';
import type { ApprovalDocument, ApprovalLine } from '../../shared/contract';
import { AppError } from '../../shared/errors';
import { approvals } from '../client/approvals';
import { agrees } from './calldata';
import { showCount, showDecimal, showInstant, showMoney } from './format';
import { LineList } from './LineList';
import { Groups, Outside } from './parts';
import { filterLines } from './rows';
import { SignBar } from './SignBar';

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
  return (
    <div className="frame">
      <header className="bar">
        <strong>{isCancellation ? approval.cancellationTitle : approval.titles[document.kind]}</strong>
        <span>{approval.origin}</span>
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
      />
    </div>
  );
};

const Failure = ({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) => {
  const code = error instanceof AppError ? error.code : 'internal';
  return (
    <div className="alarm" role="alert">
      {approval.errors[code] ?? approval.unknownLoadError(code)}{' '}
      <button type="button" onClick={onRetry}>
        {approval.retry}
      </button>
    </div>
  );
};

type TotalsProps = { readonly document: ApprovalDocument; readonly isCancellation: boolean };

/** What stays in view whatever is scrolled: sums, count, the words and the digest. */
const Totals = ({ document, isCancellation }: TotalsProps) => (
  <aside aria-label={approval.totals}>
    <section>
      <h2>{approval.totals}</h2>
      <ul className="sums">
        {document.sums.map((sum) => (
          <li key={sum.currency}>
            <span className="sum">{showMoney(sum.currency, sum.sum.units, sum.sum.decimals)}</span>
            <span className="quiet">{approval.payments(showCount(sum.count), sum.count)}</span>
          </li>
        ))}
      </ul>
      <div className="count">
        {isCancellation
          ? approval.cancels(showCount(document.count), document.count)
          : `${approval.payments(showCount(document.count), document.count)}, ${approval.creditors(showCount(document.creditors), document.creditors)}`}
      </div>
      {isCancellation ? <div className="quiet">{approval.movesNothing}</div> : null}
      {document.maxFees.length === 0 ? null : (
        <div className="quiet">
          {approval.maxFees}
          {document.maxFees.map((fee) => (
            <div key={`${fee.networkName} ${fee.symbol}`}>
              <Outside text={fee.symbol} /> {showDecimal(fee.amount.units, fee.amount.decimals)},{' '}
              <Outside text={fee.networkName} />
            </div>
          ))}
        </div>
      )}
    </section>
    <section className="compare">
      <h2>{approval.compareTitle}</h2>
      <div className="quiet">{approval.compareText}</div>
      <ol className="words" aria-label={approval.words}>
        {(document.words ?? []).map((word, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the position is part of what is compared
          <li key={index}>{word}</li>
        ))}
      </ol>
      <div className="digest" title={approval.digest}>
        <Groups hex={document.digest} hasPrefix={false} />
      </div>
    </section>
    <section className="quiet source">
      {document.source === null ? null : <Source source={document.source} />}
      <div>
        {approval.builtAt}: {showInstant(document.builtAt)}
      </div>
      {document.preflightAt === null ? null : (
        <div>
          {approval.preflightAt}: {showInstant(document.preflightAt)}
        </div>
      )}
    </section>
  </aside>
);

const Source = ({ source }: { readonly source: NonNullable<ApprovalDocument['source']> }) => (
  <>
    <div>
      {approval.source}: {approval.sources[source.kind]}
      {source.fileName === null ? null : (
        <>
          {' '}
          <Outside text={source.fileName} />
        </>
      )}
    </div>
    {source.sha256 === null ? null : (
      <div title={source.sha256}>
        {approval.fingerprint}:{' '}
        <span className="mono">
          {source.sha256.slice(0, 8)}…{source.sha256.slice(-8)}
        </span>
      </div>
    )}
  </>
);

/** What could not be checked comes first. */
const Checks = ({ document }: { readonly document: ApprovalDocument }) => (
  <div className="checks">
    <section className="unchecked" data-empty={document.unchecked.length === 0 || undefined}>
      <h2>{approval.uncheckedTitle}</h2>
      {document.unchecked.length === 0 ? (
        <p>{approval.nothingUnchecked}</p>
      ) : (
        <ul>
          {document.unchecked.map((item) => (
            <li key={item.code}>
              {approval.unchecked[item.code](approval.payments(showCount(item.count), item.count))}
              {item.text === null ? null : (
                <>
                  : <Outside text={item.text} />
                </>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
    <section className="checked">
      <h2>{approval.checkedTitle}</h2>
      <ul>
        {document.checked.map((item) => (
          <li key={item.code}>{approval.checked[item.code](showCount(item.count))}</li>
        ))}
      </ul>
    </section>
  </div>
);
