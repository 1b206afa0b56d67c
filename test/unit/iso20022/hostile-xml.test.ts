import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFile, oneFile } from './make-pain001';
import { readPain001 } from './read-text';

const CASES = join(__dirname, '../../../../shared/cases/malformed');
const has = existsSync(CASES);
const good = makeFile(oneFile);
const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
const body = good.slice(declaration.length);

const expectRefused = (content: string | Uint8Array, code: string, line?: number): void => {
  for (const step of [65_536, 3]) {
    const read = readPain001(content, step);
    expect(read.isRefused).toBe(true);
    const last = read.errors[read.errors.length - 1];
    expect(last?.code).toBe(code);
    if (line !== undefined) expect(last?.line).toBe(line);
  }
};

describe('hostile XML', () => {
  it
    .skipIf(!has)
    .each(has ? readdirSync(join(CASES, 'xml')).filter((name) => !name.startsWith('simple')) : ['absent'])(
    'refuses %s before the parser',
    (name) => {
      const lines = name.endsWith('.txt')
        ? readFileSync(join(CASES, 'xml', name), 'utf8')
            .split('\n')
            .filter(Boolean)
        : [readFileSync(join(CASES, 'xml', name), 'utf8')];
      for (const document of lines) {
        const read = readPain001(document);
        expect(read.isRefused, document).toBe(true);
        if (document.includes('<!DOCTYPE')) expect(read.errors[0]?.code).toBe('xml/doctype');
      }
    },
  );

  it('refuses a DOCTYPE wherever it stands and however it arrives', () => {
    expectRefused(`${declaration}<!DOCTYPE Document>${body}`, 'xml/doctype', 2);
    expectRefused(good.replace('<PmtInf>', '<!DOCTYPE x [<!ENTITY a "b">]><PmtInf>'), 'xml/doctype');
    expectRefused(`${declaration}<!-- <!DOCTYPE hidden> -->${body}`, 'xml/doctype');
    expectRefused(`${good}<!ENTITY x "y">`, 'xml/doctype');
  });

  it('knows the five predefined entities and no other', () => {
    expect(readPain001(good.replace('Beta', '&lt;&amp;&gt;&quot;&apos;')).payments[0]?.creditor.name).toBe(
      `<&>"' GmbH`,
    );
    expectRefused(good.replace('Beta', '&beta;'), 'xml/malformed', 16);
  });

  it('refuses hidden controls written as references', () => {
    expectRefused(good.replace('Beta', '&#0;'), 'xml/malformed');
    expectRefused(good.replace('Beta', '&#xFFFE;'), 'xml/malformed');
    expect(readPain001(good.replace('Beta', '&#x202E;')).errors[0]?.code).toBe('charset/control');
  });

  it('refuses every encoding but UTF-8, whatever is declared', () => {
    const swap = (encoding: string) => good.replace('UTF-8', encoding);
    for (const encoding of ['ISO-8859-1', 'windows-1252', 'UTF-16', 'UTF-7', 'EBCDIC-CP-US'])
      expectRefused(swap(encoding), 'file/encoding', 1);
    expectRefused(Buffer.from(`\ufeff${good}`, 'utf16le'), 'file/encoding', 1);
    expectRefused(Buffer.from(good, 'utf16le'), 'file/encoding', 1);
    expectRefused(Buffer.from(`\ufeff${good}`, 'utf16le').swap16(), 'file/encoding', 1);
    expectRefused(Buffer.from(good.replace('Beta', 'B\u00e9ta'), 'latin1'), 'file/encoding', 16);
    const inject = (...bytes: number[]) => {
      const [before = '', after = ''] = good.split('Beta');
      return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
    };
    expectRefused(inject(0xc0, 0x80), 'file/encoding', 16); // overlong NUL
    expectRefused(inject(0xed, 0xa0, 0x80), 'file/encoding', 16); // surrogate
    expectRefused(inject(0xf4, 0x90, 0x80, 0x80), 'file/encoding', 16); // beyond U+10FFFF
    expectRefused(inject(0xf0, 0x9f, 0x98), 'file/encoding', 16); // cut short
    expectRefused(inject(0), 'file/nul', 16);
    expectRefused(Buffer.from([...Buffer.from('<a>'), 0xe2, 0x82]), 'file/encoding');
  });

  it('takes a byte order mark and multi-byte characters on any border', () => {
    const bytes = Buffer.from(`\ufeff${good.replace('Beta', 'Bétä €𐍈')}`);
    const whole = readPain001(bytes);
    expect(whole.errors).toEqual([]);
    expect(whole.payments[0]?.creditor.name).toBe('Bétä €𐍈 GmbH');
    for (const step of [1, 2, 3, 5]) expect(readPain001(bytes, step).payments).toEqual(whole.payments);
  });

  it('stops at depth, attributes and length before they cost anything', () => {
    const started = performance.now();
    const [head = ''] = good.split('<Cdtr>');
    expectRefused(`${head}${'<a>'.repeat(60_000)}`, 'xml/too-deep');
    expectRefused(`${head}${'<a xmlns:b="c">'.repeat(20_000)}`, 'xml/too-deep');
    const many = Array.from({ length: 100_000 }, (_, index) => `a${index}="1"`).join(' ');
    const wide = readPain001(`${declaration}<Document ${many}>`);
    expect(wide.errors[0]?.code).toBe('xml/too-many-attributes');
    const references = readPain001(good.replace('Beta', '&#65;'.repeat(1_000_000)));
    expect(references.errors[0]?.code).toBe('xml/too-complex');
    const text = readPain001(good.replace('Beta', 'x'.repeat(2_000_000)));
    expect(text.errors[0]?.code).toBe('xml/too-complex');
    const nodes = readPain001(good.replace('<Ustrd>', `${'<Ustrd>x</Ustrd>'.repeat(30_000)}<Ustrd>`));
    expect(nodes.errors[0]?.code).toBe('xml/too-complex');
    // A generous bound: unguarded, the first of these alone takes minutes.
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('refuses a file that ends early, and content after the end', () => {
    expectRefused(good.slice(0, good.length - 20), 'xml/malformed');
    expectRefused('', 'xml/malformed');
    expectRefused(`${good}<Document/>`, 'xml/malformed');
  });

  it('refuses names that only look right', () => {
    expectRefused(good.replaceAll('pain.001.001.09', 'pain.001.001.08'), 'message/unsupported-version');
    expectRefused(good.replaceAll('pain.001.001.09', 'pain.008.001.08'), 'message/wrong-type');
    expectRefused(good.replaceAll('pain.001.001.09', 'pacs.008.001.08'), 'message/wrong-type');
    expectRefused(good.replace(/ xmlns="[^"]*"/, ''), 'message/no-namespace');
    expectRefused('<html><body/></html>', 'message/wrong-type');
    expectRefused(good.replace('<Document ', '<p:Document '), 'xml/malformed');
  });

  it('keeps a prototype clean', () => {
    const read = readPain001(good.replace('Ccy="EUR"', '__proto__="x" Ccy="EUR"'));
    expect(read.errors.every((issue) => issue.code === 'attribute/unexpected')).toBe(true);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});
