import { approval } from '../../../assets/locales/en/approval';
import type { ApprovalDocument } from '../../shared/contract';
import { showCount, showDecimal, showInstant, showMoney } from './format';
import { nameCount } from './naming';
import { Groups, Outside } from './parts';

export type TotalsProps = { readonly document: ApprovalDocument; readonly isCancellation: boolean };

/** What stays in view whatever is scrolled: sums, count, what is compared, the digest. */
export const Totals = ({ document, isCancellation }: TotalsProps) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
  <aside aria-label={approval.totals} tabIndex={0}>
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
          ? nameCount(document, isCancellation)
          : `${nameCount(document, isCancellation)}, ${approval.creditors(showCount(document.creditors), document.creditors)}`}
      </div>
      {isCancellation ? <div className="quiet">{approval.movesNothing}</div> : null}
      <Fees document={document} />
    </section>
    <section className="compare">
      {document.words === null ? (
        <h2>{approval.digest}</h2>
      ) : (
        <>
          <h2>{approval.compareTitle}</h2>
          <div className="quiet">{approval.compareText}</div>
          <ol className="words" aria-label={approval.words}>
            {document.words.map((word, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the position is part of what is compared
              <li key={index}>{word}</li>
            ))}
          </ol>
        </>
      )}
      <div className="digest" title={approval.digest}>
        <Groups hex={document.digest} hasPrefix={false} />
      </div>
    </section>
    {document.envelope === null ? null : <Envelope envelope={document.envelope} />}
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

const Fees = ({ document }: { readonly document: ApprovalDocument }) =>
  document.maxFees.length === 0 ? null : (
    <div className="quiet">
      {approval.maxFees}
      {document.maxFees.map((fee) => (
        <div key={`${fee.networkName} ${fee.symbol}`}>
          <Outside text={fee.symbol} /> {showDecimal(fee.amount.units, fee.amount.decimals)},{' '}
          <Outside text={fee.networkName} />
        </div>
      ))}
    </div>
  );

/** Whose envelope it is, until when it counts, and who acted on it already. */
const Envelope = ({ envelope }: { readonly envelope: NonNullable<ApprovalDocument['envelope']> }) => {
  const w = approval.envelope;
  const maker = envelope.acts.find(({ kind }) => kind === 'create')?.by;
  const given = envelope.acts.filter(({ kind, problem }) => kind === 'approve' && problem === null).length;
  return (
    <section className="envelope">
      <h2>{w.title}</h2>
      <dl>
        <dt>{w.approvals}</dt>
        <dd>
          <strong>{w.ofNeeded(showCount(given), showCount(envelope.approvalsNeeded))}</strong>
        </dd>
        <dt>{w.company}</dt>
        <dd>
          <Outside text={envelope.company} />
        </dd>
        {maker === undefined ? null : (
          <>
            <dt>{w.maker}</dt>
            <dd>
              <Outside text={maker.name} />
            </dd>
          </>
        )}
        <dt>{w.me}</dt>
        <dd>
          <Outside text={envelope.me.name} />
        </dd>
        <dt>{w.expires}</dt>
        <dd>{showInstant(envelope.expiresAt)}</dd>
      </dl>
      <ul className="acts">
        {envelope.acts
          .filter(({ kind }) => kind !== 'create')
          .map((act) => (
            <li key={`${act.kind} ${act.by.key}`} data-problem={act.problem !== null || undefined}>
              <Outside text={act.by.name} /> {w.acts[act.kind]}
              <span className="quiet">
                {' · '}
                {showInstant(act.at)}
                {act.voice === null ? null : ` · ${act.voice ? w.voice : w.noVoice}`}
                {act.problem === null ? null : ` · ${w.problems[act.problem]}`}
              </span>
              {act.reason === null ? null : (
                <div>
                  <Outside text={act.reason} />
                </div>
              )}
            </li>
          ))}
      </ul>
    </section>
  );
};

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
