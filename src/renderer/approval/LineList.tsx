// biome-ignore-all lint/a11y/useSemanticElements lint/a11y/noNoninteractiveTabindex: rows are positioned, and a scrolling area must be reachable by keyboard
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { approval } from '../../../assets/locales/en/approval';
import type { ApprovalLine } from '../../shared/contract';
import { agrees, readCall } from './calldata';
import { showCount, showMoney } from './format';
import { Groups, Outside } from './parts';
import { type CreditorRow, layOut, measure, type Row, rowAt } from './rows';

const OVERSCAN = 300;

export type LineListProps = {
  readonly lines: readonly ApprovalLine[];
  readonly total: number;
  readonly before: ReactNode;
};

/** Creditors, then payments; only the rows in view exist, so ten thousand scroll like ten. */
export const LineList = ({ lines, total, before }: LineListProps) => {
  const [openLine, setOpenLine] = useState<number | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  const rows = useMemo(
    () =>
      layOut(lines, openLine, {
        creditors: approval.sections.creditors,
        payments: approval.sections.payments,
      }),
    [lines, openLine],
  );
  const tops = useMemo(() => measure(rows), [rows]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const read = (): void =>
      setView({ top: element.scrollTop - (list.current?.offsetTop ?? 0), height: element.clientHeight });
    read();
    element.addEventListener('scroll', read, { passive: true });
    const observer = new ResizeObserver(read);
    observer.observe(element);
    if (list.current) observer.observe(list.current);
    return () => {
      element.removeEventListener('scroll', read);
      observer.disconnect();
    };
  }, []);

  const first = rowAt(tops, Math.max(0, view.top - OVERSCAN));
  const last = Math.min(rows.length - 1, rowAt(tops, Math.max(0, view.top + view.height + OVERSCAN)));
  const shown = rows.slice(first, last + 1);
  return (
    <div
      className="scroller"
      ref={scroller}
      tabIndex={0}
      role="region"
      aria-label={approval.sections.payments}
    >
      {before}
      <div className="list" ref={list} style={{ height: tops.at(-1) ?? 0 }} role="list">
        {shown.map((row, offset) => (
          <div
            key={row.id}
            role="listitem"
            className="row"
            data-kind={row.kind}
            style={{ transform: `translateY(${tops[first + offset] ?? 0}px)`, height: row.height }}
          >
            <RowBody row={row} total={total} openLine={openLine} onOpen={setOpenLine} />
          </div>
        ))}
      </div>
    </div>
  );
};

type RowBodyProps = {
  readonly row: Row;
  readonly total: number;
  readonly openLine: number | null;
  readonly onOpen: (index: number | null) => void;
};

const RowBody = ({ row, openLine, onOpen }: RowBodyProps) => {
  switch (row.kind) {
    case 'heading':
      return <h2>{row.text}</h2>;
    case 'creditor':
      return <CreditorBody creditor={row.creditor} />;
    case 'payment':
      return (
        <PaymentBody
          line={row.line}
          isOpen={openLine === row.line.index}
          onToggle={() => onOpen(openLine === row.line.index ? null : row.line.index)}
        />
      );
    case 'detail':
      return <DetailBody line={row.line} />;
  }
};

const CreditorBody = ({ creditor }: { readonly creditor: CreditorRow }) => (
  <>
    <div className="who">
      <div className="name">
        <Outside text={creditor.name} />
      </div>
      <Groups hex={creditor.address} />
    </div>
    <div className="amounts">
      {creditor.sums.map((sum) => (
        <div key={`${sum.currency} ${sum.decimals}`} className="amount">
          {showMoney(sum.currency, sum.units, sum.decimals)}
        </div>
      ))}
      <div className="quiet">{approval.payments(showCount(creditor.count), creditor.count)}</div>
    </div>
  </>
);

type PaymentBodyProps = {
  readonly line: ApprovalLine;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
};

const PaymentBody = ({ line, isOpen, onToggle }: PaymentBodyProps) => (
  <>
    <div className="number">{showCount(line.index + 1)}</div>
    <div className="who">
      <div className="name">
        {line.action === 'cancel' ? <span className="cancels">{approval.cancelAction}</span> : null}
        <Outside text={line.creditorName} />
        {line.creditorLei === null ? null : (
          <span className="quiet">
            {' '}
            {approval.lei} <Outside text={line.creditorLei} />
          </span>
        )}
      </div>
      <Groups hex={line.creditorAddress} />
      <div className="quiet one-line">
        <Outside text={line.endToEndId} />
        {line.creditorAccount.toLowerCase() === line.creditorAddress.toLowerCase() ? null : (
          <>
            {' · '}
            {approval.account} <Outside text={line.creditorAccount} />
          </>
        )}
        {' · '}
        <Outside text={approval.via(line.tokenName, line.issuerName, line.networkName)} />
      </div>
    </div>
    <div className="amounts">
      <div className="amount">{showMoney(line.currency, line.units, line.decimals)}</div>
      {agrees(line) ? null : <div className="mismatch">!</div>}
      <button type="button" className="link" aria-expanded={isOpen} onClick={onToggle}>
        {isOpen ? approval.hideDetails : approval.details}
      </button>
    </div>
  </>
);

const DetailBody = ({ line }: { readonly line: ApprovalLine }) => {
  const call = readCall(line.data);
  const texts = approval.technical;
  return (
    <div className="detail">
      {agrees(line) ? null : (
        <p className="mismatch" role="alert">
          {approval.mismatch}
        </p>
      )}
      <dl>
        <dt>{texts.debtor}</dt>
        <dd>
          <Outside text={line.debtorName} />
        </dd>
        <dt>{texts.debtorAccount}</dt>
        <dd>
          <Groups hex={line.debtorAddress} />
        </dd>
        <dt>{texts.token}</dt>
        <dd>
          <Groups hex={line.tokenAddress} />
        </dd>
        <dt>{texts.chainId}</dt>
        <dd>{line.chainId.toString()}</dd>
        <dt>{texts.nonce}</dt>
        <dd>{line.nonce.toString()}</dd>
        <dt>{texts.maxFee}</dt>
        <dd>{line.maxFee.toString()}</dd>
        <dt>{texts.reference}</dt>
        <dd className="mono">
          <Outside text={line.reference} />
        </dd>
        {call === null ? null : (
          <>
            <dt>{texts.method}</dt>
            <dd className="mono">{call.method}</dd>
            <dt>{texts.callTo}</dt>
            <dd>
              <Groups hex={call.to} />
            </dd>
            <dt>{texts.callUnits}</dt>
            <dd className="mono">{call.units.toString()}</dd>
          </>
        )}
        <dt>{texts.data}</dt>
        <dd className="mono data">{line.data === '0x' ? texts.empty : line.data}</dd>
      </dl>
    </div>
  );
};
