import { escapeXml } from '../../../src/main/iso20022/pain002';

export type MadePayment = {
  readonly endToEndId: string;
  readonly amount: string;
  readonly currency: string;
  readonly creditorName: string;
  readonly creditorIban: string;
  readonly remittance: string;
};

export type MadeFile = {
  readonly version: '03' | '09' | '11';
  readonly messageId: string;
  readonly count: string;
  readonly controlSum: string | null;
  readonly date: string;
  readonly payments: readonly MadePayment[];
  /** Namespace prefix with colon, or empty. */
  readonly prefix: string;
};

const tag = (prefix: string, name: string, content: string, attribute = ''): string =>
  `<${prefix}${name}${attribute}>${content}</${prefix}${name}>`;

export const makePayment = (payment: MadePayment, prefix = '', bic = 'BICFI'): string => {
  const t = (name: string, content: string, attribute = '') => tag(prefix, name, content, attribute);
  return t(
    'CdtTrfTxInf',
    [
      t('PmtId', t('EndToEndId', escapeXml(payment.endToEndId))),
      t('Amt', t('InstdAmt', payment.amount, ` Ccy="${payment.currency}"`)),
      t('CdtrAgt', t('FinInstnId', t(bic, 'AAAADEFFXXX'))),
      t('Cdtr', t('Nm', escapeXml(payment.creditorName))),
      t('CdtrAcct', t('Id', t('IBAN', payment.creditorIban))),
      t('RmtInf', t('Ustrd', escapeXml(payment.remittance))),
    ].join('\n'),
  );
};

export const makeFile = (file: MadeFile): string => {
  const { prefix } = file;
  const t = (name: string, content: string, attribute = '') => tag(prefix, name, content, attribute);
  const bic = file.version === '03' ? 'BIC' : 'BICFI';
  const declaration = prefix === '' ? 'xmlns' : `xmlns:${prefix.slice(0, -1)}`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${t(
    'Document',
    t(
      'CstmrCdtTrfInitn',
      [
        t(
          'GrpHdr',
          [
            t('MsgId', file.messageId),
            t('CreDtTm', '2026-11-20T10:00:00Z'),
            t('NbOfTxs', file.count),
            file.controlSum === null ? '' : t('CtrlSum', file.controlSum),
            t('InitgPty', t('Nm', 'Acme Treasury')),
          ].join('\n'),
        ),
        t(
          'PmtInf',
          [
            t('PmtInfId', 'GROUP-1'),
            t('PmtMtd', 'TRF'),
            t('ReqdExctnDt', file.version === '03' ? file.date : t('Dt', file.date)),
            t('Dbtr', t('Nm', 'Acme Ltd')),
            t('DbtrAcct', t('Id', t('IBAN', 'GB29NWBK60161331926819'))),
            t('DbtrAgt', t('FinInstnId', t(bic, 'NWBKGB2L'))),
            ...file.payments.map((payment) => makePayment(payment, prefix, bic)),
          ].join('\n'),
        ),
      ].join('\n'),
    ),
    ` ${declaration}="urn:iso:std:iso:20022:tech:xsd:pain.001.001.${file.version}"`,
  )}`;
};

export const onePayment: MadePayment = {
  endToEndId: 'E2E-1',
  amount: '10.00',
  currency: 'EUR',
  creditorName: 'Beta GmbH',
  creditorIban: 'DE89370400440532013000',
  remittance: 'Invoice 1',
};

export const oneFile: MadeFile = {
  version: '09',
  messageId: 'MSG-1',
  count: '1',
  controlSum: '10.00',
  date: '2026-12-01',
  payments: [onePayment],
  prefix: '',
};
