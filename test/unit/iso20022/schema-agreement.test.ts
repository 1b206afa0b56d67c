import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Issue, IssueCode } from '../../../src/shared/model/payment-file';
import { makeFile, oneFile, onePayment } from './make-pain001';
import { readPain001 } from './read-text';

const CASES = join(__dirname, '../../../../shared/cases/iso20022');
const has = existsSync(CASES);

/** Rules beyond the schema: a schema-valid file may break these and no other. */
const BEYOND_SCHEMA: ReadonlySet<IssueCode> = new Set<IssueCode>([
  'iban/check-digits',
  'iban/country',
  'iban/format',
  'bic/format',
  'lei/check-digits',
  'country/unknown',
  'currency/unknown',
  'charset/control',
  'amount/format',
  'amount/not-exact',
  'amount/not-positive',
  'amount/equivalent-unsupported',
  'total/count',
  'total/sum',
  'id/not-provided',
  'id/duplicate-in-file',
  'uetr/duplicate-in-file',
  'account/missing',
  'account/ambiguous',
  'creditor/missing',
  'agent/missing',
  'payment/method-unsupported',
  'payment/cheque-unsupported',
]);

/** Forms that the schema allows and nobody means: a bare point, a year of five digits. */
const isOtherForm = (issue: Issue): boolean =>
  /^\d+\.$/.test(issue.value ?? '') ||
  (['date/invalid', 'value/format'].includes(issue.code) && /^\d{5,}(?:-|$)/.test(issue.value ?? ''));

type Element = { name: string; attributes: string; text: string; children: Element[] };

const parseTree = (xml: string): Element => {
  const root: Element = { name: '', attributes: '', text: '', children: [] };
  const stack = [root];
  const body = xml.replace(/<\?[^>]*\?>|<!--[\s\S]*?-->/g, '');
  for (const match of body.matchAll(/<(\/?)([\w:]+)([^>]*?)(\/?)>|([^<]+)/g)) {
    const [, close, name, attributes = '', empty, text] = match;
    const top = stack[stack.length - 1] ?? root;
    if (text !== undefined) top.text += text.trim();
    else if (close) stack.pop();
    else {
      const element = { name: name ?? '', attributes, text: '', children: [] };
      top.children.push(element);
      if (!empty) stack.push(element);
    }
  }
  return root.children[0] ?? root;
};

const print = (element: Element): string =>
  `<${element.name}${element.attributes}>${element.text}${element.children.map(print).join('')}</${element.name}>`;

const listAll = (element: Element): Element[] => [element, ...element.children.flatMap(listAll)];

type Edit = { readonly kind: number; readonly at: number; readonly other: number; readonly text: string };

/** One structural or textual change somewhere in the tree. */
const applyEdit = (root: Element, edit: Edit): void => {
  const elements = listAll(root);
  const parents = elements.filter((element) => element.children.length > 0 && element !== root);
  const parent = parents[edit.at % parents.length];
  if (!parent) return;
  const index = edit.other % parent.children.length;
  const child = parent.children[index];
  if (!child) return;
  const leaves = elements.filter((element) => element.children.length === 0);
  const leaf = leaves[edit.at % leaves.length];
  switch (edit.kind) {
    case 0:
      parent.children.splice(index, 1);
      return;
    case 1:
      parent.children.splice(index, 0, structuredClone(child));
      return;
    case 2: {
      const next = parent.children[index + 1];
      if (next) parent.children.splice(index, 2, next, child);
      return;
    }
    case 3:
      child.name = 'Nm';
      return;
    case 4:
      parent.text = 'stray';
      return;
    case 5:
      child.attributes += ' Ccy="EUR"';
      return;
    case 6:
      if (leaf) leaf.text = edit.text;
      return;
    default:
      if (leaf) leaf.text = leaf.text.slice(0, edit.other % (leaf.text.length + 1)) + edit.text;
  }
};

const readDocument = (name: string): string => {
  const text = readFileSync(join(CASES, 'pain001', name), 'utf8');
  return text.slice(text.indexOf('<Document'), text.indexOf('</Document>') + '</Document>'.length);
};

/** Two components differ between .09 and .11: the payment's instruction for the debtor agent, and tax years. */
const asVersion11 = (xml: string): string => {
  const at = xml.lastIndexOf('<InstrForDbtrAgt>');
  const payment = xml
    .slice(at)
    .replace(/<InstrForDbtrAgt>([^<]*)</, '<InstrForDbtrAgt><InstrInf>$1</InstrInf><');
  return (xml.slice(0, at) + payment)
    .replaceAll('pain.001.001.09', 'pain.001.001.11')
    .replace(/<Yr>(\d{4})[^<]*</g, '<Yr>$1<');
};

describe.skipIf(!has)('the content model agrees with the ISO schemas', () => {
  const validators = new Map<string, (xml: string) => boolean>();
  beforeAll(async () => {
    const { XmlDocument, XsdValidator } = await import('libxml2-wasm');
    for (const version of ['03', '09', '11']) {
      const validator = XsdValidator.fromDoc(
        XmlDocument.fromString(readFileSync(join(CASES, `xsd/pain.001.001.${version}.xsd`), 'utf8')),
      );
      validators.set(version, (xml) => {
        let document: InstanceType<typeof XmlDocument> | null = null;
        try {
          document = XmlDocument.fromString(xml);
          validator.validate(document);
          return true;
        } catch {
          return false;
        } finally {
          document?.dispose();
        }
      });
    }
  });

  const max = has ? readDocument('cbpr_2025_pain.001.max.xml') : '';
  const sources: readonly (readonly [string, string, string])[] = has
    ? [
        ['03', 'gistfile1', readDocument('gistfile1.xml')],
        ['03', 'obp', readDocument('obp_c2b_sct_pain.001.001.03.xml')],
        ['09', 'every element', max],
        ['11', 'every element', asVersion11(max)],
        ['09', 'own', makeFile({ ...oneFile, payments: [onePayment, onePayment] })],
        ['11', 'own', makeFile({ ...oneFile, version: '11', payments: [onePayment, onePayment] })],
      ]
    : [];

  it.each(sources)('.%s %s, unchanged and changed at random', (version, _name, xml) => {
    const isValid = validators.get(version);
    if (!isValid) throw new Error('no schema');
    const tree = parseTree(xml);
    const verdicts = { valid: 0, invalid: 0 };
    const keyOf = (issue: Issue): string => `${issue.code} ${issue.element} ${issue.value}`;
    const atFirst = new Set(readPain001(print(tree)).errors.map(keyOf));
    expect(isValid(print(tree))).toBe(true);
    const compare = (document: string): void => {
      const { errors } = readPain001(document);
      const structural = errors.filter((issue) => !BEYOND_SCHEMA.has(issue.code) && !isOtherForm(issue));
      if (isValid(document)) {
        verdicts.valid++;
        expect(structural, document).toEqual([]);
      } else {
        verdicts.invalid++;
        // Some files break rules beyond the schema from the start: a new finding must tell of the change.
        expect(
          errors.some((issue) => !atFirst.has(keyOf(issue))),
          document,
        ).toBe(true);
      }
    };
    compare(print(tree));
    const anyEdit = fc.record({
      kind: fc.integer({ min: 0, max: 7 }),
      at: fc.nat(5000),
      other: fc.nat(50),
      text: fc.constantFrom(
        '',
        'x',
        '2026-02-30',
        '2026-02-28',
        'DE',
        'EUR',
        '1.5',
        '12345678901234567890',
        'é',
        'TRUE',
        '9'.repeat(36),
        ' 7 ',
      ),
    });
    fc.assert(
      fc.property(fc.array(anyEdit, { minLength: 1, maxLength: 2 }), (edits) => {
        const changed = structuredClone(tree);
        for (const edit of edits) applyEdit(changed, edit);
        compare(print(changed));
      }),
      { numRuns: 250 },
    );
    // Both verdicts occurred, so the comparison compared something.
    expect(verdicts.valid).toBeGreaterThan(0);
    expect(verdicts.invalid).toBeGreaterThan(50);
  });
});
