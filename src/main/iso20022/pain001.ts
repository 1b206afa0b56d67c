import { classifyAccount, isCreditorReference } from '../../shared/model/identifiers';
import type {
  FileHeader,
  RawAccount,
  RawAddress,
  RawAgent,
  RawPayment,
} from '../../shared/model/payment-file';
import { currencyDecimals } from '../../shared/money/currencies';
import { parseDecimal, rescaleExact } from '../../shared/money/decimal';
import type { MessageVersion } from './grammar';
import type { IssueDraft, IssueSink } from './issues';
import { type BusinessHeader, createMessageReader } from './pain001-reader';
import { addressFault, readDay } from './simple-values';
import { createTotals, type Totals } from './totals';
import { child, children, childText, pathOf, type XmlNode } from './xml-tree';

export type PaymentFileEvents = {
  readonly onPayment: (payment: RawPayment) => void;
};

/** What a group (PmtInf) says once for all its payments. */
type Group = {
  readonly node: XmlNode;
  readonly paymentInfoId: string;
  readonly requestedDate: string;
  readonly debtor: RawPayment['debtor'];
  readonly debtorAgent: RawAgent;
  readonly categoryPurpose: string | null;
  readonly chargeBearer: RawPayment['chargeBearer'];
};

/** More are written by nobody; whether a value is exact for its currency is checked by value. */
const MAX_WRITTEN_DECIMALS = 40;
const NO_ACCOUNT: RawAccount = { kind: 'other', value: '', schemeName: null, currency: null };
const EMPTY_AGENT: RawAgent = { bic: null, memberId: null, name: null, lei: null };
const CHARGE_BEARERS = ['DEBT', 'CRED', 'SHAR', 'SLEV'] as const;

const readChargeBearer = (node: XmlNode): RawPayment['chargeBearer'] => {
  const text = childText(node, 'ChrgBr');
  return CHARGE_BEARERS.find((code) => code === text) ?? null;
};

const readCode = (node: XmlNode | null): string | null => childText(node, 'Cd') ?? childText(node, 'Prtry');

const readAgent = (node: XmlNode | null): RawAgent | null => {
  const institution = child(node, 'FinInstnId');
  if (institution === null) return null;
  return {
    bic: childText(institution, 'BICFI') ?? childText(institution, 'BIC'),
    memberId: childText(institution, 'ClrSysMmbId', 'MmbId'),
    name: childText(institution, 'Nm'),
    lei: childText(institution, 'LEI'),
  };
};

/** LEI element (.09 on), or an `Othr` with scheme code LEIC as .03 files carry it. */
const readPartyLei = (party: XmlNode | null): string | null => {
  const organisation = child(party, 'Id', 'OrgId');
  const lei = childText(organisation, 'LEI');
  if (lei !== null) return lei;
  const other = children(organisation, 'Othr').find(
    (entry) => readCode(child(entry, 'SchmeNm')) === 'LEIC' || readCode(child(entry, 'SchmeNm')) === 'LEI',
  );
  return other === undefined ? null : childText(other, 'Id');
};

const readAddress = (party: XmlNode | null): RawAddress | null => {
  const address = child(party, 'PstlAdr');
  if (address === null) return null;
  return {
    department: childText(address, 'Dept'),
    street: childText(address, 'StrtNm'),
    buildingNumber: childText(address, 'BldgNb'),
    postCode: childText(address, 'PstCd'),
    town: childText(address, 'TwnNm'),
    subdivision: childText(address, 'CtrySubDvsn'),
    country: childText(address, 'Ctry'),
    lines: children(address, 'AdrLine').map((line) => line.text),
  };
};

/**
 * Streaming parser of pain.001.001.03, .09 and .11 (also inside a business message).
 *
 * Every finding goes to the sink; every payment, right or wrong, to `onPayment` in file order. `write` throws
 * FileRefused where the file cannot be trusted any further. Feed bytes, then call `end` for header and totals.
 */
export const createPain001Parser = (
  sink: IssueSink,
  events: PaymentFileEvents,
  options: { readonly today: string },
) => {
  let version: MessageVersion | null = null;
  let business: BusinessHeader | null = null;
  let header: FileHeader | null = null;
  let headerNode: XmlNode | null = null;
  let group: Group | null = null;
  let groupTotals: Totals = createTotals();
  const fileTotals = createTotals();
  let index = -1;
  let isInPayment = false;
  const endToEndIds = new Set<string>();
  const uetrs = new Set<string>();
  const groupIds = new Set<string>();

  const report = (node: XmlNode, draft: Omit<IssueDraft, 'line'>): void =>
    sink.report({
      line: node.line,
      path: pathOf(node),
      element: node.name,
      paymentIndex: isInPayment ? index : null,
      ...draft,
    });

  const readAccount = (node: XmlNode | null): RawAccount | null => {
    if (node === null) return null;
    const id = child(node, 'Id');
    const iban = childText(id, 'IBAN');
    const other = child(id, 'Othr');
    const otherId = childText(other, 'Id');
    const currency = childText(node, 'Ccy');
    const proxy = childText(node, 'Prxy', 'Id');
    const proxyNode = child(node, 'Prxy', 'Id');
    const proxyKind = proxy === null ? null : classifyAccount(proxy);
    if (proxyNode !== null && proxy !== null && (proxyKind === 'caip10' || proxyKind === 'address')) {
      // Othr/Id ends at 34 characters, so a wallet travels as a proxy. With a second, real account beside it nobody
      // can say which one is meant.
      if (iban !== null || (otherId !== null && otherId !== 'NOTPROVIDED'))
        report(proxyNode, { code: 'account/ambiguous', value: proxy, expected: 'one account' });
      return { kind: proxyKind, value: proxy, schemeName: readCode(child(node, 'Prxy', 'Tp')), currency };
    }
    if (iban !== null) return { kind: 'iban', value: iban, schemeName: null, currency };
    if (otherId !== null && otherId !== 'NOTPROVIDED') {
      const kind = classifyAccount(otherId);
      return {
        kind: kind === 'iban' ? 'other' : kind,
        value: otherId,
        schemeName: readCode(child(other, 'SchmeNm')),
        currency,
      };
    }
    return null;
  };

  const readHeader = (node: XmlNode): void => {
    headerNode = node;
    const declared = childText(node, 'NbOfTxs');
    const sumNode = child(node, 'CtrlSum');
    const sum = parseDecimal(sumNode?.text ?? '', { maxDecimals: MAX_WRITTEN_DECIMALS });
    if (sumNode === null)
      report(node, { severity: 'warning', code: 'total/sum-missing', expected: 'CtrlSum' });
    const party = child(node, 'InitgPty');
    header = {
      format: version ?? 'pain.001.001.03',
      messageId: childText(node, 'MsgId'),
      createdAt: childText(node, 'CreDtTm'),
      initiatingParty: {
        name: childText(party, 'Nm'),
        lei: readPartyLei(party),
        id:
          childText(party, 'Id', 'OrgId', 'Othr', 'Id') ??
          childText(party, 'Id', 'OrgId', 'AnyBIC') ??
          childText(party, 'Id', 'OrgId', 'BICOrBEI') ??
          childText(party, 'Id', 'PrvtId', 'Othr', 'Id'),
      },
      declaredCount: declared !== null && /^[0-9]{1,15}$/.test(declared) ? Number(declared) : null,
      declaredSum: sum.ok ? sum.value : null,
      businessMessage: business,
    };
  };

  const readRequestedDate = (node: XmlNode): string => {
    const element = child(node, 'ReqdExctnDt');
    const leaf = child(element, 'Dt') ?? child(element, 'DtTm') ?? element;
    const day = leaf === null ? null : readDay(leaf.text);
    if (day === null || leaf === null) return '';
    if (day < options.today)
      report(leaf, {
        severity: 'warning',
        code: 'date/past',
        value: day,
        expected: `${options.today} or later`,
      });
    return day;
  };

  /** Reads the group when its first payment comes: all that belongs to it stands before. */
  const readGroup = (node: XmlNode): Group => {
    if (group !== null && group.node === node) return group;
    const wasInPayment = isInPayment;
    isInPayment = false;
    const idNode = child(node, 'PmtInfId');
    const id = idNode?.text ?? '';
    if (idNode !== null && id !== '') {
      if (groupIds.has(id))
        report(idNode, { severity: 'warning', code: 'id/duplicate-payment-info', value: id });
      groupIds.add(id);
    }
    const method = child(node, 'PmtMtd');
    if (method?.text === 'CHK')
      report(method, { code: 'payment/method-unsupported', value: 'CHK', expected: 'TRF' });
    const debtor = child(node, 'Dbtr');
    const account = child(node, 'DbtrAcct');
    const debtorAccount = readAccount(account);
    if (account !== null && debtorAccount === null && child(account, 'Id')?.children.length !== 0)
      report(account, { code: 'account/missing', expected: 'IBAN, other id or wallet' });
    const agent = child(node, 'DbtrAgt');
    const debtorAgent = readAgent(agent) ?? EMPTY_AGENT;
    if (
      agent !== null &&
      debtorAgent.bic === null &&
      debtorAgent.memberId === null &&
      debtorAgent.lei === null
    )
      report(agent, { code: 'agent/missing', expected: 'BIC, member id or LEI' });
    group = {
      node,
      paymentInfoId: id,
      requestedDate: readRequestedDate(node),
      debtor: {
        name: childText(debtor, 'Nm') ?? '',
        lei: readPartyLei(debtor),
        account: debtorAccount ?? NO_ACCOUNT,
      },
      debtorAgent,
      categoryPurpose: readCode(child(node, 'PmtTpInf', 'CtgyPurp')),
      chargeBearer: readChargeBearer(node),
    };
    isInPayment = wasInPayment;
    return group;
  };

  const readAmount = (payment: XmlNode, account: RawAccount): RawPayment['amount'] => {
    const equivalent = child(payment, 'Amt', 'EqvtAmt');
    const equivalentAmount = child(equivalent, 'Amt');
    // An equivalent amount in the currency of the transfer itself is that amount; any other needs an exchange rate.
    const isSameCurrency =
      equivalentAmount !== null && childText(equivalent, 'CcyOfTrf') === equivalentAmount.currency;
    const node = child(payment, 'Amt', 'InstdAmt') ?? (isSameCurrency ? equivalentAmount : null);
    const nothing = { currency: node?.currency ?? '', text: node?.text ?? '', units: 0n, decimals: 0 };
    if (node === null) {
      if (equivalent !== null)
        report(equivalent, { code: 'amount/equivalent-unsupported', expected: 'InstdAmt' });
      groupTotals.addUnreadable();
      fileTotals.addUnreadable();
      return nothing;
    }
    const currency = node.currency ?? '';
    const written = parseDecimal(node.text, { maxDecimals: MAX_WRITTEN_DECIMALS });
    if (!written.ok) {
      groupTotals.addUnreadable();
      fileTotals.addUnreadable();
      return nothing;
    }
    groupTotals.add(currency, written.value);
    fileTotals.add(currency, written.value);
    if (written.value.units === 0n)
      report(node, { code: 'amount/not-positive', value: node.text, expected: 'more than zero' });
    const decimals = currencyDecimals(currency);
    if (decimals === undefined) return { ...nothing, ...written.value };
    if (account.currency !== null && account.currency !== currency)
      report(node, {
        severity: 'warning',
        code: 'currency/account-differs',
        value: currency,
        expected: account.currency,
      });
    const units = rescaleExact(written.value, decimals);
    if (units === null) {
      report(node, {
        code: 'amount/not-exact',
        value: `${currency} ${node.text}`,
        expected: `at most ${decimals} decimals for ${currency}`,
      });
      return { ...nothing, ...written.value };
    }
    return { currency, text: node.text, units, decimals };
  };

  const readIds = (
    payment: XmlNode,
  ): { endToEndId: string; instructionId: string | null; uetr: string | null } => {
    const node = child(payment, 'PmtId', 'EndToEndId');
    const endToEndId = node?.text ?? '';
    if (node !== null && endToEndId !== '') {
      if (endToEndId === 'NOTPROVIDED')
        report(node, { code: 'id/not-provided', value: endToEndId, expected: 'an id that is unique' });
      else if (endToEndIds.has(endToEndId))
        report(node, { code: 'id/duplicate-in-file', value: endToEndId, expected: 'an id that is unique' });
      endToEndIds.add(endToEndId);
    }
    const uetrNode = child(payment, 'PmtId', 'UETR');
    if (uetrNode !== null && uetrNode.text !== '') {
      if (uetrs.has(uetrNode.text))
        report(uetrNode, { code: 'uetr/duplicate-in-file', value: uetrNode.text });
      uetrs.add(uetrNode.text);
    }
    return {
      endToEndId,
      instructionId: childText(payment, 'PmtId', 'InstrId'),
      uetr: uetrNode === null || uetrNode.text === '' ? null : uetrNode.text,
    };
  };

  const readRemittance = (payment: XmlNode): RawPayment['remittance'] => {
    const node = child(payment, 'RmtInf');
    const structured = children(node, 'Strd');
    let reference: string | null = null;
    for (const entry of structured) {
      const found = child(entry, 'CdtrRefInf', 'Ref');
      if (found === null || found.text === '') continue;
      if (/^RF[0-9]{2}/.test(found.text) && !isCreditorReference(found.text))
        report(found, {
          severity: 'warning',
          code: 'reference/check-digits',
          value: found.text,
          expected: 'check digits by ISO 11649',
        });
      reference ??= found.text;
    }
    return {
      unstructured: children(node, 'Ustrd').map((entry) => entry.text),
      structuredReference: reference,
      documentNumbers: structured
        .flatMap((entry) => children(entry, 'RfrdDocInf'))
        .map((entry) => childText(entry, 'Nb'))
        .filter((number) => number !== null),
    };
  };

  const readCreditor = (payment: XmlNode): RawPayment['creditor'] => {
    const node = child(payment, 'Cdtr');
    const name = childText(node, 'Nm');
    if (name === null) report(node ?? payment, { code: 'creditor/missing', expected: 'Cdtr/Nm' });
    const address = readAddress(node);
    const addressNode = child(node, 'PstlAdr');
    if (address !== null && addressNode !== null) {
      const fault = addressFault(address);
      if (fault !== null) report(addressNode, { severity: 'warning', ...fault });
    }
    return {
      name: name ?? '',
      lei: readPartyLei(node),
      country: address?.country ?? childText(node, 'CtryOfRes'),
      address,
    };
  };

  const readPayment = (node: XmlNode, groupNode: XmlNode): void => {
    const context = readGroup(groupNode);
    const cheque = child(node, 'ChqInstr');
    if (cheque !== null) report(cheque, { code: 'payment/cheque-unsupported', expected: 'no cheque' });
    const type = child(node, 'PmtTpInf');
    if (type !== null && child(groupNode, 'PmtTpInf') !== null)
      report(type, {
        severity: 'warning',
        code: 'payment-type/both-levels',
        expected: 'PmtTpInf at one level',
      });
    const accountNode = child(node, 'CdtrAcct');
    const account = readAccount(accountNode);
    if (account === null)
      report(accountNode ?? node, {
        code: 'account/missing',
        expected: 'CdtrAcct with an IBAN, other id or wallet',
      });
    events.onPayment({
      index,
      line: node.line,
      path: pathOf(node),
      paymentInfoId: context.paymentInfoId,
      ...readIds(node),
      requestedDate: context.requestedDate,
      debtor: context.debtor,
      debtorAgent: context.debtorAgent,
      amount: readAmount(node, context.debtor.account),
      creditor: readCreditor(node),
      creditorAccount: account ?? NO_ACCOUNT,
      creditorAgent: readAgent(child(node, 'CdtrAgt')),
      purposeCode: readCode(child(node, 'Purp')),
      categoryPurpose: readCode(child(node, 'PmtTpInf', 'CtgyPurp')) ?? context.categoryPurpose,
      remittance: readRemittance(node),
      chargeBearer: readChargeBearer(node) ?? context.chargeBearer,
    });
  };

  const reader = createMessageReader(
    {
      version: (found, header) => {
        version = found;
        business = header;
      },
      groupHeader: readHeader,
      groupStart: () => {
        groupTotals = createTotals();
      },
      paymentStart: () => {
        index++;
        isInPayment = true;
      },
      payment: (node, groupNode) => {
        readPayment(node, groupNode);
        isInPayment = false;
      },
      groupEnd: (node) => {
        isInPayment = false;
        if (group === null || group.node !== node) readGroup(node);
        groupTotals.compare(
          {
            count: childText(node, 'NbOfTxs'),
            countNode: child(node, 'NbOfTxs'),
            sum: child(node, 'CtrlSum'),
          },
          report,
        );
        group = null;
      },
      currentPayment: () => (isInPayment ? index : null),
    },
    sink,
  );

  return {
    write: reader.write,
    hasVersion: reader.hasVersion,
    /** Known as soon as the Document element has been read. */
    version: (): MessageVersion | null => version,
    header: (): FileHeader | null => header,
    totals: fileTotals,
    end: (): void => {
      reader.end();
      if (headerNode !== null)
        fileTotals.compare(
          {
            count: childText(headerNode, 'NbOfTxs'),
            countNode: child(headerNode, 'NbOfTxs'),
            sum: child(headerNode, 'CtrlSum'),
          },
          report,
        );
      if (index < 0) sink.report({ code: 'payment/none', line: 0 });
    },
  };
};
