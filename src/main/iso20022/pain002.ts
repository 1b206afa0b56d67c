import { isoCurrency } from '../../shared/money/currencies';
import { addDecimals, type Decimal, toPlainString, ZERO } from '../../shared/money/decimal';

export type TransactionStatus = 'RCVD' | 'ACTC' | 'PDNG' | 'ACCP' | 'ACSP' | 'ACSC' | 'RJCT';
export type GroupStatus = TransactionStatus | 'PART';

export type StatusReason = {
  /** ExternalStatusReason1Code, e.g. `AC01`. */
  readonly code: string;
  readonly text: string | null;
};

export type ReportedPayment = {
  readonly paymentInfoId: string;
  readonly instructionId: string | null;
  readonly endToEndId: string;
  readonly uetr: string | null;
  readonly status: TransactionStatus;
  readonly reason: StatusReason | null;
  /** The bank's or the ledger's reference, e.g. a transaction hash (cut to 35 characters goes to AcctSvcrRef). */
  readonly reference: string | null;
  /** When the payment was settled, ISO 8601. */
  readonly acceptedAt: string | null;
  readonly amount: { readonly currency: string } & Decimal;
  /** ISO date. */
  readonly requestedDate: string | null;
  readonly creditorName: string | null;
};

export type StatusReport = {
  readonly messageId: string;
  /** ISO 8601 with zone. */
  readonly createdAt: string;
  readonly initiatingParty: { readonly name: string; readonly lei: string | null } | null;
  readonly original: {
    readonly messageId: string;
    /** `pain.001.001.09`; for CSV and forms the message that would have carried it. */
    readonly messageName: string;
    readonly createdAt: string | null;
    readonly count: number;
    readonly controlSum: Decimal | null;
  };
  readonly payments: readonly ReportedPayment[];
};

const ORDER: readonly TransactionStatus[] = ['RCVD', 'ACTC', 'PDNG', 'ACCP', 'ACSP', 'ACSC', 'RJCT'];
const MAX_INFO = 105;

/** The status of a group: the common one; PART when some are rejected; else the least advanced. */
export const deriveGroupStatus = (statuses: readonly TransactionStatus[]): GroupStatus => {
  const first = statuses[0];
  if (first === undefined) return 'RCVD';
  if (statuses.every((status) => status === first)) return first;
  if (statuses.includes('RJCT')) return 'PART';
  return ORDER.find((status) => statuses.includes(status)) ?? first;
};

/** Characters that XML 1.0 cannot carry, even escaped. */
const UNWRITABLE = /(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu;

export const escapeXml = (text: string): string =>
  text
    .replace(UNWRITABLE, '\ufffd')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/\r/g, '&#13;')
    .replace(/[\u2028\u2029]/g, ' ');

const cut = (text: string, max: number): string => Array.from(text.trim()).slice(0, max).join('');

/** Splits at most two pieces of 105 characters: AddtlInf may repeat. */
const splitInfo = (text: string): readonly string[] => {
  const points = Array.from(text.trim().replace(/\s+/g, ' '));
  const pieces: string[] = [];
  for (let at = 0; at < points.length && pieces.length < 2; at += MAX_INFO)
    pieces.push(
      points
        .slice(at, at + MAX_INFO)
        .join('')
        .trim(),
    );
  return pieces.filter((piece) => piece !== '');
};

type Content = string | readonly Content[] | null;

const element = (name: string, content: Content, attribute = ''): string => {
  if (content === null) return '';
  const inner = typeof content === 'string' ? content : flatten(content);
  return inner === '' ? '' : `<${name}${attribute}>${inner}</${name}>`;
};
const flatten = (content: readonly Content[]): string =>
  content.map((part) => (part === null ? '' : typeof part === 'string' ? part : flatten(part))).join('');
const value = (name: string, text: string | null, max: number): string =>
  text === null || text.trim() === '' ? '' : `<${name}>${escapeXml(cut(text, max))}</${name}>`;

const reasonOf = (reason: StatusReason | null): string =>
  reason === null
    ? ''
    : element('StsRsnInf', [
        element('Rsn', value(/^[A-Z0-9]{4}$/.test(reason.code) ? 'Cd' : 'Prtry', reason.code, 35)),
        ...splitInfo(reason.text ?? '').map((piece) => element('AddtlInf', escapeXml(piece))),
      ]);

const controlSum = (payments: readonly ReportedPayment[]): string => {
  const sum = payments.reduce<Decimal>((total, payment) => addDecimals(total, payment.amount), ZERO);
  return toPlainString(sum, 0);
};

const countsPerStatus = (payments: readonly ReportedPayment[]): string[] =>
  ORDER.flatMap((status) => {
    const same = payments.filter((payment) => payment.status === status);
    return same.length === 0
      ? []
      : [
          element('NbOfTxsPerSts', [
            element('DtldNbOfTxs', String(same.length)),
            element('DtldSts', status),
            element('DtldCtrlSum', controlSum(same)),
          ]),
        ];
  });

const transaction = (payment: ReportedPayment): string =>
  element('TxInfAndSts', [
    value('OrgnlInstrId', payment.instructionId, 35),
    value('OrgnlEndToEndId', payment.endToEndId, 35),
    value('OrgnlUETR', payment.uetr, 36),
    element('TxSts', payment.status),
    reasonOf(payment.reason),
    value('AccptncDtTm', payment.acceptedAt, 35),
    value('AcctSvcrRef', payment.reference, 35),
    element('OrgnlTxRef', [
      element(
        'Amt',
        element(
          'InstdAmt',
          toPlainString(payment.amount, 0),
          ` Ccy="${isoCurrency(payment.amount.currency)}"`,
        ),
      ),
      element('ReqdExctnDt', value('Dt', payment.requestedDate, 10)),
      payment.creditorName === null
        ? ''
        : element('Cdtr', element('Pty', value('Nm', payment.creditorName, 140))),
    ]),
  ]);

/**
 * Writes a payment status report, pain.002.001.10 (ISO 20022 Customer Payment Status Report V10), as one UTF-8 text.
 * CNH is written as CNY: ISO messages know one renminbi.
 */
export const writePain002 = (report: StatusReport): string => {
  const groups = new Map<string, ReportedPayment[]>();
  for (const payment of report.payments) {
    const group = groups.get(payment.paymentInfoId);
    if (group) group.push(payment);
    else groups.set(payment.paymentInfoId, [payment]);
  }
  const { original } = report;
  const body = element('CstmrPmtStsRpt', [
    element('GrpHdr', [
      value('MsgId', report.messageId, 35),
      value('CreDtTm', report.createdAt, 40),
      report.initiatingParty === null
        ? ''
        : element('InitgPty', [
            value('Nm', report.initiatingParty.name, 140),
            element('Id', element('OrgId', value('LEI', report.initiatingParty.lei, 20))),
          ]),
    ]),
    element('OrgnlGrpInfAndSts', [
      value('OrgnlMsgId', original.messageId, 35),
      value('OrgnlMsgNmId', original.messageName, 35),
      value('OrgnlCreDtTm', original.createdAt, 40),
      element('OrgnlNbOfTxs', String(original.count)),
      original.controlSum === null ? '' : element('OrgnlCtrlSum', toPlainString(original.controlSum, 0)),
      element('GrpSts', deriveGroupStatus(report.payments.map((payment) => payment.status))),
      ...countsPerStatus(report.payments),
    ]),
    ...[...groups].map(([id, payments]) =>
      element('OrgnlPmtInfAndSts', [
        value('OrgnlPmtInfId', id, 35),
        element('OrgnlNbOfTxs', String(payments.length)),
        element('OrgnlCtrlSum', controlSum(payments)),
        element('PmtInfSts', deriveGroupStatus(payments.map((payment) => payment.status))),
        ...countsPerStatus(payments),
        ...payments.map(transaction),
      ]),
    ),
  ]);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10">${body}</Document>\n`;
};
