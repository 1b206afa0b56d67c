/** Writers of payment files for tests and demos: pain.001.001.03, .09, .11 and CSV. Totals are right unless overridden. */
import type { ExternalId } from './parties';

export type Pain001Version = '03' | '09' | '11';

export type FileCreditor = {
  readonly name: string;
  readonly account: ExternalId;
  readonly bic?: string;
  readonly lei?: string;
  readonly postalAddress?: {
    readonly street?: string;
    readonly building?: string;
    readonly postCode?: string;
    readonly town?: string;
    readonly country?: string;
  };
};

export type FilePayment = {
  readonly endToEndId: string;
  /** Decimal text, written as it is. */
  readonly amount: string;
  /** Currency as it shall stand in the file: CNY for CNH in ISO messages. */
  readonly currency: string;
  readonly creditor: FileCreditor;
  /** UUID; versions .09 and later have a place for it. */
  readonly uetr?: string;
  readonly purpose?: string;
  readonly remittance?: string;
};

/** One PmtInf: payments of one debtor account on one day. */
export type FileGroup = {
  readonly id: string;
  /** `YYYY-MM-DD` */
  readonly executionDate: string;
  readonly debtorName: string;
  readonly debtorLei?: string;
  readonly debtorAccount: ExternalId;
  readonly debtorBic: string;
  readonly payments: readonly FilePayment[];
  readonly numberOfTransactions?: string;
  readonly controlSum?: string;
};

export type Pain001 = {
  readonly version: Pain001Version;
  readonly messageId: string;
  /** ISO 8601 date and time. */
  readonly createdAt: string;
  readonly initiatingParty: string;
  readonly groups: readonly FileGroup[];
  /** In place of the right ones. */
  readonly numberOfTransactions?: string;
  readonly controlSum?: string;
};

const SUM_DECIMALS = 18;

/** Exact sum of decimal texts, at least two decimals; texts that are no amounts count as nothing. */
export const sumAmounts = (amounts: readonly string[]): string => {
  let total = 0n;
  for (const amount of amounts) {
    const match = /^(-?)(\d+)(?:\.(\d{1,18}))?$/.exec(amount);
    if (!match) continue;
    const units = BigInt((match[2] ?? '') + (match[3] ?? '').padEnd(SUM_DECIMALS, '0'));
    total += match[1] === '-' ? -units : units;
  }
  const digits = (total < 0n ? -total : total).toString().padStart(SUM_DECIMALS + 1, '0');
  const fraction = digits.slice(-SUM_DECIMALS).replace(/0+$/, '').padEnd(2, '0');
  return `${total < 0n ? '-' : ''}${digits.slice(0, -SUM_DECIMALS)}.${fraction}`;
};

const escapeXml = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

const tag = (name: string, ...content: readonly string[]): string => `<${name}>${content.join('')}</${name}>`;
const text = (name: string, value: string | undefined): string =>
  value === undefined ? '' : tag(name, escapeXml(value));

const accountId = (id: ExternalId): string =>
  tag('Id', id.kind === 'iban' ? text('IBAN', id.value) : tag('Othr', text('Id', id.value)));

const agent = (version: Pain001Version, bic: string): string =>
  tag('FinInstnId', text(version === '03' ? 'BIC' : 'BICFI', bic));

const postalAddress = (address: FileCreditor['postalAddress']): string =>
  address === undefined
    ? ''
    : tag(
        'PstlAdr',
        text('StrtNm', address.street),
        text('BldgNb', address.building),
        text('PstCd', address.postCode),
        text('TwnNm', address.town),
        text('Ctry', address.country),
      );

/** .03 has no place for an LEI but the proprietary one. */
const organisation = (version: Pain001Version, lei: string | undefined): string => {
  if (lei === undefined) return '';
  const inside =
    version === '03' ? tag('Othr', text('Id', lei), tag('SchmeNm', text('Prtry', 'LEI'))) : text('LEI', lei);
  return tag('Id', tag('OrgId', inside));
};

const transaction = (version: Pain001Version, payment: FilePayment): string =>
  tag(
    'CdtTrfTxInf',
    tag('PmtId', text('EndToEndId', payment.endToEndId), version === '03' ? '' : text('UETR', payment.uetr)),
    tag('Amt', `<InstdAmt Ccy="${escapeXml(payment.currency)}">${escapeXml(payment.amount)}</InstdAmt>`),
    payment.creditor.bic === undefined ? '' : tag('CdtrAgt', agent(version, payment.creditor.bic)),
    tag(
      'Cdtr',
      text('Nm', payment.creditor.name),
      postalAddress(payment.creditor.postalAddress),
      organisation(version, payment.creditor.lei),
    ),
    tag('CdtrAcct', accountId(payment.creditor.account)),
    payment.purpose === undefined ? '' : tag('Purp', text('Cd', payment.purpose)),
    payment.remittance === undefined ? '' : tag('RmtInf', text('Ustrd', payment.remittance)),
  );

const group = (version: Pain001Version, info: FileGroup): string => {
  const count = info.numberOfTransactions ?? String(info.payments.length);
  const sum = info.controlSum ?? sumAmounts(info.payments.map((payment) => payment.amount));
  const head = tag(
    'PmtInf',
    '\n',
    text('PmtInfId', info.id),
    text('PmtMtd', 'TRF'),
    text('BtchBookg', 'false'),
    text('NbOfTxs', count),
    text('CtrlSum', sum),
    tag('ReqdExctnDt', version === '03' ? info.executionDate : text('Dt', info.executionDate)),
    tag('Dbtr', text('Nm', info.debtorName), organisation(version, info.debtorLei)),
    tag('DbtrAcct', accountId(info.debtorAccount)),
    tag('DbtrAgt', agent(version, info.debtorBic)),
    '\n',
    ...info.payments.map((payment) => `${transaction(version, payment)}\n`),
  );
  return `${head}\n`;
};

/** The XML text, one payment per line. */
export const writePain001 = (message: Pain001): string => {
  const payments = message.groups.flatMap((info) => info.payments);
  const header = tag(
    'GrpHdr',
    text('MsgId', message.messageId),
    text('CreDtTm', message.createdAt),
    text('NbOfTxs', message.numberOfTransactions ?? String(payments.length)),
    text('CtrlSum', message.controlSum ?? sumAmounts(payments.map((payment) => payment.amount))),
    tag('InitgPty', text('Nm', message.initiatingParty)),
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.${message.version}">\n`,
    tag(
      'CstmrCdtTrfInitn',
      '\n',
      header,
      '\n',
      ...message.groups.map((info) => group(message.version, info)),
    ),
    '\n</Document>\n',
  ].join('');
};

export type CsvStyle = {
  readonly separator?: ',' | ';' | '\t';
  readonly decimal?: '.' | ',';
  readonly byteOrderMark?: boolean;
};

/** Column heads of {@link writeCsv}, in order. */
export const CSV_COLUMNS = [
  'end_to_end_id',
  'execution_date',
  'debtor_bic',
  'debtor_account',
  'amount',
  'currency',
  'creditor_name',
  'creditor_account',
  'creditor_bic',
  'creditor_country',
  'creditor_town',
  'purpose',
  'remittance',
] as const;

/** RFC 4180 with CRLF; fields are quoted where they have to be. */
export const writeCsv = (groups: readonly FileGroup[], style: CsvStyle = {}): string => {
  const separator = style.separator ?? ',';
  const field = (value: string): string =>
    /["\r\n\t,;]/.test(value) ? `"${value.replace(/"/g, '""')}"` : value;
  const rows = groups.flatMap((info) =>
    info.payments.map((payment) => [
      payment.endToEndId,
      info.executionDate,
      info.debtorBic,
      info.debtorAccount.value,
      style.decimal === ',' ? payment.amount.replace('.', ',') : payment.amount,
      payment.currency,
      payment.creditor.name,
      payment.creditor.account.value,
      payment.creditor.bic ?? '',
      payment.creditor.postalAddress?.country ?? '',
      payment.creditor.postalAddress?.town ?? '',
      payment.purpose ?? '',
      payment.remittance ?? '',
    ]),
  );
  const lines = [CSV_COLUMNS, ...rows].map((row) => row.map(field).join(separator));
  return `${style.byteOrderMark ? '\uFEFF' : ''}${lines.join('\r\n')}\r\n`;
};
