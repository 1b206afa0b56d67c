/**
 * Names that hide, reorder or imitate letters: 2,000 of them through every door that a name comes in by, and every place
 * that shows or exports it. Each is refused, or a person sees what it is made of; none moves a line.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { readCounterparty, readEntity } from '../../../src/main/directory/validate';
import { encodeEnvelope, envelopeDigest, readFormat } from '../../../src/main/envelopes/codec';
import { openRead } from '../../../src/main/envelopes/open';
import { neutralizeCell, writeCsvRows } from '../../../src/main/iso20022/csv-writer';
import { findCharsetFault } from '../../../src/main/iso20022/issues';
import { exportCsv, exportJsonLines } from '../../../src/main/journal/export';
import { createEnvelopeStore } from '../../../src/main/ledger/stores/envelope-store';
import { validatePolicy } from '../../../src/main/people/policy';
import { escapeOutside } from '../../../src/renderer/approval/escape';
import { escapeOutsideText } from '../../../src/shared/evm/refusals';
import type { Hash32, Instant } from '../../../src/shared/model/ids';
import { nameSkeleton } from '../../../src/shared/model/look-alike';
import { PersonName } from '../../../src/shared/model/people';
import { createAct, makeContent, makeEnvelope, makePolicy, testKey } from '../../support/envelope-fixture';
import { openTestStore } from '../../support/open-store';

const AT = '2026-03-02T12:45:00.000Z' as Instant;

/** ALM, LRM, RLM, LRE, RLE, PDF, LRO, RLO, LRI, RLI, FSI, PDI. */
const BIDI = [0x61c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069];
const ZERO_WIDTH = [0xad, 0x180e, 0x200b, 0x200c, 0x200d, 0x2060, 0x2061, 0x2064, 0xfeff, 0xe0041, 0xe007f];
const CONTROL = [0x00, 0x07, 0x08, 0x09, 0x0a, 0x0d, 0x1b, 0x7f, 0x85, 0x2028, 0x2029];
/** Letters and marks that nothing is drawn for. */
const FILLER = [0x34f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xfe00, 0xfe0f, 0xffa0, 0xe0100];
const HIDDEN = [...BIDI, ...ZERO_WIDTH, ...CONTROL, ...FILLER];
/** Latin letter, letter of another script that is drawn like it. */
const TWINS = [
  ...'aаeеoоpрcсxхyуiіjјsѕhһkкmмtтbЬ'.matchAll(/(.)(.)/gu),
  ...'oοvνaαpρkκtτuυ'.matchAll(/(.)(.)/gu),
  ...'oօuսhհqզgց'.matchAll(/(.)(.)/gu),
].map(([, latin = '', twin = '']) => ({ latin, twin }));
const BASES = [
  'Sami Signer',
  'Mia Maker',
  'Example Trading AG',
  'Ursula Kohler',
  'Acme Export & Co',
  'שלום Ltd',
];

type Case = { readonly kind: 'hidden' | 'mixed' | 'homograph'; readonly name: string; readonly base: string };

const cases: readonly Case[] = (() => {
  const all: Case[] = [];
  for (const code of HIDDEN)
    for (const base of BASES)
      for (let at = 0; at <= base.length && at < 8; at += 2) {
        const sign = String.fromCodePoint(code);
        all.push({ kind: 'hidden', base, name: base.slice(0, at) + sign + base.slice(at) });
        all.push({ kind: 'hidden', base, name: `${base.slice(0, at)}${sign}gpj.${sign}${base.slice(at)}` });
      }
  for (const { latin, twin } of TWINS)
    for (const base of BASES)
      for (const [from, to] of [
        [latin, twin],
        [latin.toUpperCase(), twin.toUpperCase()],
      ] as const) {
        const at = base.indexOf(from);
        if (at < 0 || from === to) continue;
        const name = base.slice(0, at) + to + base.slice(at + 1);
        all.push({ kind: 'mixed', base, name });
        all.push({ kind: 'mixed', base: `${base} II`, name: `${name} II` });
      }
  // Words wholly of another script that look like Latin ones.
  for (const [base, name] of [
    ['Acme', 'Асме'],
    ['Cocoa', 'Сосоа'],
    ['Exxo', 'Еххо'],
    ['Pax', 'Рах'],
    ['Co', 'Со'],
    ['TOMATO', 'ТОМАТО'],
  ] as const)
    for (const suffix of ['', ' 1', ' 2', ' 3', ' 4'])
      all.push({ kind: 'homograph', base: base + suffix, name: name + suffix });
  return all;
})();

const isHiddenSign = (sign: string): boolean => HIDDEN.includes(sign.codePointAt(0) ?? 0);
/** What a person sees of a name in the approval window. */
const shown = (name: string): string =>
  escapeOutside(name)
    .map(({ text, isEscaped }) => (isEscaped ? `⟦${text}⟧` : text))
    .join('');
const of = (kind: Case['kind']): readonly Case[] => cases.filter((one) => one.kind === kind);

it('there are two thousand of them and more', () => {
  expect(cases.length).toBeGreaterThan(2_000);
  for (const kind of ['hidden', 'mixed', 'homograph'] as const) expect(of(kind).length).toBeGreaterThan(25);
});

describe('a name of a person or a company', () => {
  it('with anything hidden in it is refused', () => {
    const taken = of('hidden').filter(({ name }) => PersonName.safeParse(name).success);
    expect(taken.map(({ name }) => JSON.stringify(name))).toEqual([]);
    for (const base of BASES) expect(PersonName.safeParse(base).success, base).toBe(true);
  });

  it('is not taken beside one that looks like it', () => {
    const content = makePolicy().content;
    const [first, ...others] = content.people;
    if (!first) throw new Error('nobody');
    const withNames = (a: string, b: string) => ({
      ...content,
      people: [
        { ...first, name: a },
        { ...first, roles: ['auditor' as const], name: b, key: testKey('twin').address },
        ...others,
      ],
    });
    validatePolicy(withNames('Somebody', 'Nobody'));
    const taken = cases.filter(({ base, name }) => {
      try {
        validatePolicy(withNames(base, name));
        return !name.includes('gpj');
      } catch {
        return false;
      }
    });
    expect(taken.map(({ name }) => JSON.stringify(name))).toEqual([]);
  });

  it('comes in by no envelope and no policy when something is hidden in it', () => {
    let refused = 0;
    for (const [index, { name }] of of('hidden').entries()) {
      if (index % 10 !== 0) continue;
      const content = makeContent({ lines: 1 });
      const wrong =
        index % 20 === 0
          ? { ...content, maker: { ...content.maker, name } }
          : { ...content, company: { ...content.company, name } };
      const scope = { content: wrong, digest: envelopeDigest(wrong) };
      const bytes = encodeEnvelope(makeEnvelope(wrong, [createAct(scope)]));
      expect(() => openRead(readFormat(bytes)), JSON.stringify(name)).toThrow('envelope/malformed');
      refused += 1;
    }
    expect(refused).toBeGreaterThan(100);
  });
});

describe('a name in a payment file or in the directory', () => {
  it('with anything hidden in it is refused, or told as outside of what banks carry', () => {
    for (const { name } of of('hidden')) {
      // Tab and line ends are the layout of a file.
      if (/[\t\r\n]/.test(name)) continue;
      expect(findCharsetFault(name), JSON.stringify(name)).not.toBeNull();
    }
    for (const { name } of [...of('mixed'), ...of('homograph')])
      expect(findCharsetFault(name)).toBe('charset/outside');
    for (const code of [...BIDI, ...ZERO_WIDTH])
      expect(findCharsetFault(`Acme${String.fromCodePoint(code)} AG`)).toBe('charset/control');
  });

  it('is kept with a sign that a person sees where something was hidden', () => {
    for (const { name } of of('hidden')) {
      const kept = [
        readCounterparty({
          name,
          lei: null,
          bic: null,
          address: { street: null, building: null, postCode: null, town: null, country: null },
          accounts: [],
          note: null,
        }).name,
        readEntity({ name, lei: null }).name,
      ];
      for (const text of kept) expect([...text].filter(isHiddenSign), JSON.stringify(name)).toEqual([]);
    }
    expect(readEntity({ name: ' Zu\u0308rich AG ', lei: null }).name).toBe('Zürich AG');
  });
});

describe('in the approval window', () => {
  it('everything hidden is shown by its number, and every letter of another script within a word', () => {
    for (const { kind, name, base } of cases) {
      const text = shown(name);
      expect([...text].filter(isHiddenSign), JSON.stringify(name)).toEqual([]);
      if (kind === 'hidden') expect(text).toContain('⟦U+');
      // `שלום Ltd`: words of two scripts are nothing that hides.
      if (kind === 'mixed') expect(text, `${name} ${base}`).toContain('⟦U+');
    }
    for (const plain of [...BASES, 'Ελλάς Trading', 'ООО Ромашка', 'Tシャツ 株式会社', 'Müller-Ömer'])
      expect(shown(plain)).toBe(plain);
    expect(shown('Acme \u0410cme')).toBe('Acme ⟦U+0410⟧cme');
  });

  it('a name in one script that looks like another has the same skeleton', () => {
    for (const { base, name } of [...of('homograph'), ...of('mixed')])
      expect(nameSkeleton(name), name).toBe(nameSkeleton(base));
  });

  it('also text of a node or a token is shown by its numbers', () => {
    for (const code of [...BIDI, ...ZERO_WIDTH])
      expect(escapeOutsideText(`a${String.fromCodePoint(code)}b`)).toBe(`a\\u{${code.toString(16)}}b`);
  });
});

describe('lines with such names', () => {
  const opened = openTestStore();
  afterAll(() => opened.close());
  const names = cases.map(({ name }) => name).filter((name) => !name.includes('\0'));
  const base = makeContent({ lines: names.length });
  const content = {
    ...base,
    lines: base.lines.map((line, index) => ({
      ...line,
      creditor: { ...line.creditor, name: names[index] ?? '' },
    })),
  };
  const digest = envelopeDigest(content);

  it('stay in their order and keep their names, from the file through the store', () => {
    const envelope = makeEnvelope(content, [createAct({ content, digest })]);
    const read = openRead(readFormat(encodeEnvelope(envelope)));
    expect(read.content.lines.map(({ creditor }) => creditor.name)).toEqual(names);
    const store = createEnvelopeStore(opened.db);
    const { lines, ...head } = content;
    store.begin({ digest, head, lineCount: lines.length, batchId: null, at: AT });
    for (let from = 0; from < lines.length; from += 500)
      store.addLines(digest, from, lines.slice(from, from + 500));
    store.finish(digest, envelope.acts, AT);
    const back = [];
    for (let from = 0; from < names.length; from += 200)
      back.push(...store.searchLines(digest, '', from, 200).lines);
    expect(back.map(({ index, line }) => `${index} ${line.creditor.name}`)).toEqual(
      names.map((name, index) => `${index} ${name}`),
    );
  });

  it('are one row each in a table, in their order', () => {
    const rows = writeCsvRows(names.map((name, index) => [String(index), name, 'end'])).split(/end\r\n/);
    expect(rows.pop()).toBe('');
    expect(rows).toHaveLength(names.length);
    for (const [index, row] of rows.entries()) {
      const cell = neutralizeCell(names[index] ?? '');
      const needsQuotes = /[",\r\n]|^\s|\s$/.test(cell);
      expect(row).toBe(`${index},${needsQuotes ? `"${cell}"` : cell},`);
    }
  });

  it('are told by a journal that has one line for each entry, whatever stands in it', async () => {
    const hash = `0x${'ab'.repeat(32)}` as Hash32;
    const entries = names.map((name, index) => ({
      seq: index + 1,
      at: AT,
      who: { name: 'Mia Maker', key: content.maker.key },
      source: 'main' as const,
      event: 'envelopes.create',
      digest,
      verdict: 'ok',
      facts: { text: name },
      hash,
    }));
    const source = {
      head: async () => ({ count: entries.length, head: hash }),
      entriesAfter: async (after: number, limit: number) => entries.slice(after, after + limit),
    };
    let lines = '';
    for await (const part of exportJsonLines(source as never)) lines += part;
    const read = lines.trimEnd().split('\n').slice(1);
    expect(read.map((line) => JSON.parse(line).facts.text)).toEqual(names);
    let table = '';
    for await (const part of exportCsv(source as never, writeCsvRows)) table += part;
    expect(table.split('\r\n').map((row) => row.split(',')[0])).toEqual([
      'number',
      ...entries.map(({ seq }) => String(seq)),
      '',
    ]);
  });
});
