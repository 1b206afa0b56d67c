/**
 * What a payment file says, before anyone believes it: the file's header, its payments as written, and what is wrong
 * with them. Made by `main/iso20022`, judged further by `main/payments`. Pure data that crosses processes.
 */
import type { Decimal } from '../money/decimal';

export type PaymentFileFormat = 'pain.001.001.03' | 'pain.001.001.09' | 'pain.001.001.11' | 'csv';

export type FileHeader = {
  readonly format: PaymentFileFormat;
  /** GrpHdr/MsgId; null in CSV. */
  readonly messageId: string | null;
  /** GrpHdr/CreDtTm as written; null in CSV. */
  readonly createdAt: string | null;
  readonly initiatingParty: {
    readonly name: string | null;
    readonly lei: string | null;
    readonly id: string | null;
  };
  /** GrpHdr/NbOfTxs, or the count the user stated for a CSV file. */
  readonly declaredCount: number | null;
  /** GrpHdr/CtrlSum, or the sum the user stated: over all amounts, whatever their currency. */
  readonly declaredSum: Decimal | null;
  /** Set when the message came inside a business message (AppHdr + Document). */
  readonly businessMessage: { readonly id: string | null; readonly definition: string | null } | null;
};

/**
 * An account as the file names it. `iban` has passed its check digits; `address` and `caip10` have the right shape,
 * their EIP-55 checksum is still to be checked; `other` is a proprietary number.
 */
export type RawAccount = {
  readonly kind: 'iban' | 'other' | 'caip10' | 'address';
  readonly value: string;
  /** Othr/SchmeNm code or proprietary name. */
  readonly schemeName: string | null;
  /** Acct/Ccy. */
  readonly currency: string | null;
};

export type RawAgent = {
  readonly bic: string | null;
  /** Clearing system member id, e.g. a routing number. */
  readonly memberId: string | null;
  readonly name: string | null;
  readonly lei: string | null;
};

export type RawAddress = {
  readonly department: string | null;
  readonly street: string | null;
  readonly buildingNumber: string | null;
  readonly postCode: string | null;
  readonly town: string | null;
  readonly subdivision: string | null;
  readonly country: string | null;
  /** AdrLine: unstructured. */
  readonly lines: readonly string[];
};

export type RawParty = {
  readonly name: string;
  readonly lei: string | null;
};

/**
 * One payment as written. A payment that has an error among its issues is still listed, with empty texts or a zero
 * amount where the file gives none; it can only be dropped or mended, never paid.
 */
export type RawPayment = {
  /** 0-based position in the file. */
  readonly index: number;
  /** 1-based line where the payment begins. */
  readonly line: number;
  /** `PmtInf[1]/CdtTrfTxInf[3]`, or `row[7]` (1-based data row) in CSV. */
  readonly path: string;
  readonly paymentInfoId: string;
  readonly instructionId: string | null;
  readonly endToEndId: string;
  readonly uetr: string | null;
  /** ISO date, `YYYY-MM-DD`. */
  readonly requestedDate: string;
  readonly debtor: RawParty & { readonly account: RawAccount };
  readonly debtorAgent: RawAgent;
  /** `units` of the currency's minor unit (`decimals` of ISO 4217), exactly what `text` says. */
  readonly amount: {
    readonly currency: string;
    readonly text: string;
    readonly units: bigint;
    readonly decimals: number;
  };
  readonly creditor: RawParty & { readonly country: string | null; readonly address: RawAddress | null };
  readonly creditorAccount: RawAccount;
  readonly creditorAgent: RawAgent | null;
  readonly purposeCode: string | null;
  readonly categoryPurpose: string | null;
  readonly remittance: {
    readonly unstructured: readonly string[];
    /** Strd/CdtrRefInf/Ref, the creditor's own reference. */
    readonly structuredReference: string | null;
    /** Strd/RfrdDocInf/Nb, e.g. invoice numbers. */
    readonly documentNumbers: readonly string[];
  };
  readonly chargeBearer: 'DEBT' | 'CRED' | 'SHAR' | 'SLEV' | null;
};

/** Every kind of finding about a file. Words for people are the renderer's. */
export type IssueCode =
  // bytes and XML
  | 'file/empty'
  | 'file/unknown-format'
  | 'file/encoding' // not UTF-8: another encoding declared, a UTF-16 mark, or bytes that are not UTF-8
  | 'file/nul'
  | 'xml/malformed'
  | 'xml/doctype'
  | 'xml/too-deep'
  | 'xml/too-many-attributes'
  | 'xml/too-complex'
  // message
  | 'message/wrong-type'
  | 'message/unsupported-version'
  | 'message/no-namespace'
  | 'message/header-mismatch' // AppHdr names another message than the Document is
  // structure
  | 'element/unexpected'
  | 'element/missing'
  | 'element/ignored' // warning: read, valid, and without effect here
  | 'attribute/unexpected'
  | 'attribute/missing'
  | 'text/unexpected'
  // values
  | 'value/empty'
  | 'value/too-long'
  | 'value/format'
  | 'value/not-in-list'
  | 'charset/control' // hidden or direction-changing characters
  | 'charset/outside' // warning: outside the Latin set that banks pass on
  // totals
  | 'total/count'
  | 'total/sum'
  | 'total/sum-missing'
  // amount
  | 'amount/format'
  | 'amount/not-exact'
  | 'amount/not-positive'
  | 'amount/equivalent-unsupported'
  | 'currency/unknown'
  | 'currency/account-differs'
  // identifiers
  | 'iban/format'
  | 'iban/country'
  | 'iban/check-digits'
  | 'bic/format'
  | 'lei/check-digits'
  | 'uetr/format'
  | 'uetr/duplicate-in-file'
  | 'country/unknown'
  | 'reference/check-digits'
  | 'id/missing'
  | 'id/not-provided'
  | 'id/too-long'
  | 'id/duplicate-in-file'
  | 'id/duplicate-payment-info'
  // parties
  | 'account/missing'
  | 'account/format'
  | 'account/ambiguous'
  | 'creditor/missing'
  | 'debtor/missing'
  | 'agent/missing'
  | 'address/unstructured' // warning: free lines without town and country in their own elements
  | 'address/incomplete' // warning: own elements, town or country missing
  // instruction
  | 'date/invalid'
  | 'date/past'
  | 'payment/method-unsupported'
  | 'payment/cheque-unsupported'
  | 'payment-type/both-levels'
  | 'payment/none'
  // CSV
  | 'csv/malformed'
  | 'csv/delimiter-ambiguous'
  | 'csv/decimal-undeclared'
  | 'csv/date-format-undeclared'
  | 'csv/no-header'
  | 'csv/duplicate-column'
  | 'csv/column-missing'
  | 'csv/ragged-row'
  | 'csv/too-wide'
  | 'csv/formula';

export type Issue = {
  /** Any error means that the file as a whole is not right. */
  readonly severity: 'error' | 'warning';
  readonly code: IssueCode;
  /** 1-based; 0 when it concerns the whole file. */
  readonly line: number;
  /** Element path below CstmrCdtTrfInitn such as `PmtInf[1]/CdtTrfTxInf[3]/Amt/InstdAmt`, or `row[7]/amount`. */
  readonly path: string;
  /** Name of the element or CSV column. */
  readonly element: string;
  /** The offending value, cut at 140 characters, control characters escaped. */
  readonly value: string | null;
  readonly expected: string | null;
  /** 0-based index of the payment; null when it concerns the file or a group. */
  readonly paymentIndex: number | null;
};

/** Fields that a CSV column can feed. */
export type CsvField =
  | 'endToEndId'
  | 'amount'
  | 'currency'
  | 'requestedDate'
  | 'debtorName'
  | 'debtorAccount'
  | 'debtorAgentBic'
  | 'creditorName'
  | 'creditorAccount'
  | 'creditorAgentBic'
  | 'creditorLei'
  | 'creditorCountry'
  | 'creditorStreet'
  | 'creditorBuildingNumber'
  | 'creditorPostCode'
  | 'creditorTown'
  | 'remittance'
  | 'structuredReference'
  | 'purposeCode'
  | 'categoryPurpose'
  | 'chargeBearer'
  | 'instructionId'
  | 'paymentInfoId'
  | 'uetr';

export const REQUIRED_CSV_FIELDS: readonly CsvField[] = [
  'endToEndId',
  'amount',
  'currency',
  'requestedDate',
  'debtorAccount',
  'debtorAgentBic',
  'creditorName',
  'creditorAccount',
];

export type CsvDelimiter = ',' | ';' | '\t';
export type CsvDateFormat = 'YYYY-MM-DD' | 'YYYYMMDD' | 'DD.MM.YYYY' | 'DD/MM/YYYY' | 'MM/DD/YYYY';

/** How to read a CSV file. Everything is declared; nothing is guessed while parsing. */
export type CsvMapping = {
  readonly delimiter: CsvDelimiter;
  readonly decimal: '.' | ',';
  readonly dateFormat: CsvDateFormat;
  /** Field → name of the header column. */
  readonly columns: Readonly<Partial<Record<CsvField, string>>>;
  /** Fields that are the same in every row, e.g. the debtor's account. A column wins over a constant. */
  readonly constants?: Readonly<Partial<Record<CsvField, string>>>;
};

/** A proposal from the header names and first rows; null is for the user to declare. */
export type SuggestedMapping = {
  readonly delimiter: CsvDelimiter | null;
  readonly decimal: '.' | ',' | null;
  readonly dateFormat: CsvDateFormat | null;
  readonly columns: Readonly<Partial<Record<CsvField, string>>>;
  /** Required fields that no column name suggests. */
  readonly missing: readonly CsvField[];
};
