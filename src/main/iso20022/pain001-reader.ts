import {
  type ComplexType,
  isIsoNamespace,
  isSupported,
  type MessageVersion,
  messageModel,
  messageOfNamespace,
  type Slot,
  SUPPORTED_MESSAGES,
  type Type,
} from './grammar';
import { FileRefused, findCharsetFault, type IssueDraft, type IssueSink } from './issues';
import { checkSimpleValue } from './simple-values';
import { createXmlStream, type XmlElement } from './xml-stream';
import { pathOf, type XmlNode } from './xml-tree';

/** Called while the message is read, in document order. Nodes are complete when they are handed over. */
export type MessageEvents = {
  readonly version: (version: MessageVersion, business: BusinessHeader | null) => void;
  readonly groupHeader: (header: XmlNode) => void;
  /** A PmtInf began; its node fills until the first payment comes. */
  readonly groupStart: (group: XmlNode) => void;
  readonly payment: (payment: XmlNode, group: XmlNode) => void;
  readonly groupEnd: (group: XmlNode) => void;
  /** 0-based index of the payment being read, or null between payments. For findings. */
  readonly currentPayment: () => number | null;
  readonly paymentStart: () => void;
};

export type BusinessHeader = { readonly id: string | null; readonly definition: string | null };

type Frame = {
  readonly node: XmlNode;
  /** null: content that is skipped (unknown elements, supplementary data). */
  readonly type: Type | null;
  position: number;
  count: number;
  isDisordered: boolean;
  hasStrayText: boolean;
};

/** Elements that change nothing about a token transfer but that a bank would act on: the reader says so once. */
const IGNORED: ReadonlySet<string> = new Set(
  (
    'PoolgAdjstmntDt DbtrAgtAcct InstrForDbtrAgt UltmtDbtr ChrgsAcct ChrgsAcctAgt XchgRateInf MndtRltdInf ' +
    'IntrmyAgt1 IntrmyAgt1Acct IntrmyAgt2 IntrmyAgt2Acct IntrmyAgt3 IntrmyAgt3Acct CdtrAgtAcct UltmtCdtr ' +
    'InstrForCdtrAgt RgltryRptg Tax RltdRmtInf SplmtryData FwdgAgt'
  ).split(' '),
);

const MAX_NODES_PER_PAYMENT = 20_000;
const MAX_TEXT = 32_768;
/** Only a disordered file has more: repeated elements are limited by MAX_NODES_PER_PAYMENT before. */
const MAX_CHILDREN = 10_000;
const XML_BLANK = /^[ \t\r\n]*$/;

const isBlank = (text: string): boolean => XML_BLANK.test(text);
const isComplex = (type: Type | null): type is ComplexType =>
  type !== null && (type.kind === 'seq' || type.kind === 'choice');

const newFrame = (node: XmlNode, type: Type | null): Frame => ({
  node,
  type,
  position: 0,
  count: 0,
  isDisordered: false,
  hasStrayText: false,
});

const newNode = (name: string, line: number, parent: XmlNode | null, occurrence = 0): XmlNode => ({
  name,
  line,
  parent,
  occurrence,
  text: '',
  currency: null,
  children: [],
});

/** Names that may come next: up to and with the first that must. */
const expectedNames = (frame: Frame, type: ComplexType): string => {
  if (type.kind === 'choice') return type.slots.map((slot) => slot.name).join(' or ');
  const names: string[] = [];
  for (let position = frame.position; position < type.slots.length; position++) {
    const slot = type.slots[position];
    if (slot === undefined) break;
    const count = position === frame.position ? frame.count : 0;
    if (count < slot.max) names.push(slot.name);
    if (count < slot.min) break;
  }
  return names.length === 0 ? `end of ${frame.node.name}` : names.join(' or ');
};

/**
 * Reads pain.001 and checks it against the message's content model: order, occurrence, types, texts. Findings go to
 * the sink with line and path; reading goes on after a finding so that all are shown, except where {@link FileRefused}
 * is thrown.
 */
export const createMessageReader = (events: MessageEvents, sink: IssueSink) => {
  const frames: Frame[] = [];
  /** Depth of elements around and before Document; -1 once inside. */
  let envelope: 'root' | 'wrapper' | 'header' | 'message' | 'done' = 'root';
  let depth = 0;
  let headerDepth = 0;
  let wrapperDepth = 0;
  let header: { id: string | null; definition: string | null } | null = null;
  let headerText = '';
  let messageNamespace = '';
  let rootName = '';
  let nodesInPayment = 0;
  const told = new Set<string>();

  const report = (node: XmlNode, draft: Omit<IssueDraft, 'line'> & { readonly line?: number }): void =>
    sink.report({
      path: pathOf(node),
      element: node.name,
      line: node.line,
      paymentIndex: events.currentPayment(),
      ...draft,
    });

  const refuse = (draft: IssueDraft): FileRefused => {
    sink.report(draft);
    return new FileRefused(draft.code);
  };

  const wrongType = (element: XmlElement, value: string): FileRefused =>
    refuse({
      code: 'message/wrong-type',
      line: element.line,
      element: element.name,
      value,
      expected: SUPPORTED_MESSAGES.join(', '),
    });

  const openDocument = (element: XmlElement): void => {
    if (element.namespace === '')
      throw refuse({
        code: 'message/no-namespace',
        line: element.line,
        element: 'Document',
        expected: 'xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"',
      });
    const message = messageOfNamespace(element.namespace);
    if (message === null || !message.startsWith('pain.001.'))
      throw wrongType(element, message ?? element.namespace);
    if (!isIsoNamespace(element.namespace) || !isSupported(message))
      throw refuse({
        code: 'message/unsupported-version',
        line: element.line,
        element: 'Document',
        value: message,
        expected: SUPPORTED_MESSAGES.join(', '),
      });
    if (header !== null && header.definition !== message)
      sink.report({
        code: 'message/header-mismatch',
        line: element.line,
        path: 'AppHdr/MsgDefIdr',
        element: 'MsgDefIdr',
        value: header.definition,
        expected: message,
      });
    envelope = 'message';
    messageNamespace = element.namespace;
    for (const [name] of element.attributes)
      sink.report({ code: 'attribute/unexpected', line: element.line, element: name, path: 'Document' });
    const node = newNode('Document', element.line, null);
    const type: ComplexType = {
      kind: 'seq',
      name: 'Document',
      slots: [{ name: 'CstmrCdtTrfInitn', type: messageModel(message), min: 1, max: 1 }],
      positions: new Map([['CstmrCdtTrfInitn', 0]]),
    };
    frames.push(newFrame(node, type));
    events.version(message, header);
  };

  /** Elements outside the message: a business message is a wrapper with AppHdr and Document, in this order. */
  const openEnvelope = (element: XmlElement): void => {
    if (envelope === 'root') {
      rootName = element.name;
      if (element.name === 'Document') {
        openDocument(element);
        return;
      }
      const message = messageOfNamespace(element.namespace);
      if (message !== null && !message.startsWith('head.')) throw wrongType(element, message);
      envelope = 'wrapper';
      wrapperDepth = depth;
    } else if (envelope === 'wrapper') {
      if (element.name === 'AppHdr' && header === null) {
        header = { id: null, definition: null };
        envelope = 'header';
        headerDepth = depth;
      } else if (element.name === 'Document' && header !== null) openDocument(element);
      else throw wrongType(element, rootName);
    } else if (envelope === 'done') {
      sink.report({
        code: 'element/unexpected',
        line: element.line,
        element: element.name,
        path: element.name,
      });
    }
    headerText = '';
  };

  const closeEnvelope = (name: string): void => {
    if (envelope === 'header') {
      if (depth === headerDepth + 1 && header !== null) {
        if (name === 'MsgDefIdr') header.definition = headerText.trim();
        if (name === 'BizMsgIdr') header.id = headerText.trim();
      }
      if (depth === headerDepth) envelope = 'wrapper';
    } else if (envelope === 'wrapper' && depth === wrapperDepth)
      throw refuse({
        code: 'message/wrong-type',
        line: stream.line(),
        element: rootName,
        value: rootName,
        expected: SUPPORTED_MESSAGES.join(', '),
      });
  };

  /** Finds the slot of an element in its parent's model and reports when it may not stand here. */
  const takeSlot = (frame: Frame, type: ComplexType, node: XmlNode): Slot | null => {
    const unexpected = (): void =>
      report(node, { code: 'element/unexpected', value: node.name, expected: expectedNames(frame, type) });
    const position = type.positions.get(node.name);
    const slot = position === undefined ? undefined : type.slots[position];
    if (position === undefined || slot === undefined) {
      unexpected();
      return null;
    }
    if (type.kind === 'choice') {
      if (frame.count > 0) {
        report(node, { code: 'element/unexpected', value: node.name, expected: `end of ${frame.node.name}` });
        return null;
      }
      frame.count = 1;
      return slot;
    }
    if (position === frame.position) {
      if (frame.count >= slot.max) {
        unexpected();
        return null;
      }
      frame.count++;
      return slot;
    }
    if (position < frame.position) {
      // Out of order. Told once per parent; the value is still read, so that later findings are about it too.
      if (!frame.isDisordered) unexpected();
      frame.isDisordered = true;
      return slot;
    }
    const current = type.slots[frame.position];
    const isSkippingNeeded =
      (current !== undefined && frame.count < current.min) ||
      type.slots.slice(frame.position + 1, position).some((between) => between.min > 0);
    if (isSkippingNeeded) {
      if (!frame.isDisordered) unexpected();
      frame.isDisordered = true;
    }
    frame.position = position;
    frame.count = 1;
    return slot;
  };

  const takeAttributes = (element: XmlElement, node: XmlNode, type: Type | null): void => {
    for (const [name, value] of element.attributes) {
      if (name === 'Ccy' && type?.kind === 'amount') node.currency = value;
      else if (type !== null) report(node, { code: 'attribute/unexpected', value: name });
    }
    if (type?.kind === 'amount' && node.currency === null)
      report(node, { code: 'attribute/missing', expected: 'Ccy' });
  };

  const tellIgnored = (node: XmlNode): void => {
    if (!IGNORED.has(node.name) || told.has(node.name)) return;
    told.add(node.name);
    report(node, { severity: 'warning', code: 'element/ignored' });
  };

  const openElement = (element: XmlElement): void => {
    const frame = frames[frames.length - 1];
    if (frame === undefined) return;
    const parentType = frame.type;
    if (parentType === null || parentType.kind === 'any') {
      frames.push(newFrame(newNode(element.name, element.line, frame.node), null));
      return;
    }
    if (++nodesInPayment > MAX_NODES_PER_PAYMENT)
      throw refuse({
        code: 'xml/too-complex',
        line: element.line,
        path: pathOf(frame.node),
        element: element.name,
        expected: `at most ${MAX_NODES_PER_PAYMENT} elements in one payment`,
      });
    const parentNode = frame.node.name === 'Document' ? null : frame.node;
    const probe = newNode(element.name, element.line, parentNode);
    if (element.namespace !== messageNamespace) {
      report(probe, {
        code: 'element/unexpected',
        value: `${element.name} of ${element.namespace === '' ? 'no namespace' : element.namespace}`,
        expected: messageNamespace,
      });
      frames.push(newFrame(probe, null));
      return;
    }
    if (!isComplex(parentType)) {
      report(probe, { code: 'element/unexpected', value: element.name, expected: 'a value' });
      frames.push(newFrame(probe, null));
      return;
    }
    if (element.name === 'CdtTrfTxInf') events.paymentStart();
    const slot = takeSlot(frame, parentType, probe);
    const occurrence =
      slot !== null && slot.max > 1 && parentType.kind === 'seq' && slot === parentType.slots[frame.position]
        ? frame.count
        : 0;
    const node = occurrence === 0 ? probe : newNode(element.name, element.line, parentNode, occurrence);
    if (slot !== null) takeAttributes(element, node, slot.type);
    if (slot !== null) tellIgnored(node);
    // Payments are handed over one by one and never kept in their group; the message's root keeps nothing.
    const isKept = slot !== null && element.name !== 'CdtTrfTxInf';
    if (isKept && parentNode !== null && parentNode.name !== 'CstmrCdtTrfInitn') {
      if (parentNode.children.length < MAX_CHILDREN) parentNode.children.push(node);
    }
    if (element.name === 'CdtTrfTxInf' || element.name === 'PmtInf' || element.name === 'GrpHdr')
      nodesInPayment = 0;
    frames.push(newFrame(node, slot?.type ?? null));
    if (element.name === 'PmtInf' && slot !== null) events.groupStart(node);
  };

  const closeComplex = (frame: Frame, type: ComplexType): void => {
    if (type.kind === 'choice') {
      if (frame.count === 0)
        report(frame.node, { code: 'element/missing', expected: expectedNames(frame, type) });
      return;
    }
    if (frame.isDisordered) return;
    for (let position = frame.position; position < type.slots.length; position++) {
      const slot = type.slots[position];
      const count = position === frame.position ? frame.count : 0;
      if (slot !== undefined && count < slot.min)
        report(frame.node, { code: 'element/missing', expected: slot.name });
    }
  };

  const closeValue = (frame: Frame, type: Type): void => {
    const node = frame.node;
    if (type.kind === 'amount') {
      node.text = node.text.trim();
      if (node.currency !== null) {
        const currencyFault = checkSimpleValue('Ccy', CURRENCY_TYPE, node.currency);
        if (currencyFault) report(node, { ...currencyFault, value: node.currency });
      }
      const fault = checkSimpleValue(node.name, type.simple, node.text);
      if (fault) report(node, { ...fault, value: node.text });
      return;
    }
    if (type.kind === 'any' || isComplex(type)) return;
    if (type.kind !== 'text' && type.kind !== 'pattern' && type.kind !== 'list') node.text = node.text.trim();
    const fault = checkSimpleValue(node.name, type, node.text);
    if (fault) report(node, { ...fault, value: node.text });
    if (type.kind !== 'text') return;
    const charset = findCharsetFault(node.text);
    if (charset !== null)
      report(node, {
        code: charset,
        value: node.text,
        severity: charset === 'charset/control' ? 'error' : 'warning',
        expected: charset === 'charset/control' ? 'no hidden or direction-changing characters' : null,
      });
  };

  const closeElement = (): void => {
    const frame = frames.pop();
    if (frame === undefined) return;
    if (frame.type !== null) {
      if (isComplex(frame.type)) closeComplex(frame, frame.type);
      else closeValue(frame, frame.type);
      const parent = frames[frames.length - 1];
      if (frame.node.name === 'GrpHdr') events.groupHeader(frame.node);
      else if (frame.node.name === 'CdtTrfTxInf' && parent !== undefined)
        events.payment(frame.node, parent.node);
      else if (frame.node.name === 'PmtInf') events.groupEnd(frame.node);
    }
    if (frames.length === 0) envelope = 'done';
  };

  const takeText = (text: string): void => {
    if (envelope === 'header') {
      if (headerText.length < 256) headerText += text;
      return;
    }
    const frame = frames[frames.length - 1];
    if (frame === undefined) {
      if (envelope !== 'root' && !isBlank(text))
        sink.report({ code: 'text/unexpected', line: stream.line(), value: text });
      return;
    }
    if (frame.type === null || frame.type.kind === 'any') return;
    if (!isComplex(frame.type)) {
      if (frame.node.text.length + text.length > MAX_TEXT)
        throw refuse({
          code: 'xml/too-complex',
          line: frame.node.line,
          path: pathOf(frame.node),
          element: frame.node.name,
          expected: `a value of at most ${MAX_TEXT} characters`,
        });
      frame.node.text += text;
      return;
    }
    if (frame.hasStrayText || isBlank(text)) return;
    frame.hasStrayText = true;
    report(frame.node, { code: 'text/unexpected', line: stream.line(), value: text.trim() });
  };

  const names: string[] = [];
  const stream = createXmlStream(
    {
      open: (element) => {
        depth++;
        names.push(element.name);
        if (frames.length > 0) openElement(element);
        else openEnvelope(element);
      },
      close: () => {
        const name = names.pop() ?? '';
        if (frames.length > 0) closeElement();
        else closeEnvelope(name);
        depth--;
      },
      text: takeText,
    },
    sink,
  );

  return {
    write: stream.write,
    end: (): void => {
      stream.end();
      if (envelope !== 'done') throw refuse({ code: 'file/empty', line: 0 });
    },
    hasVersion: (): boolean => envelope === 'message' || envelope === 'done',
  };
};

const CURRENCY_TYPE = {
  kind: 'pattern',
  name: 'ActiveOrHistoricCurrencyCode',
  pattern: /^[A-Z]{3}$/,
  source: '[A-Z]{3,3}',
} as const;
