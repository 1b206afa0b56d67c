import { describe, expect, it } from 'vitest';
import { writeCsvRows } from '../../../src/main/iso20022';
import { createLedgerHandlers, type LedgerHandlersDeps } from '../../../src/main/ledger';
import { type Entry, mainContract } from '../../../src/shared/contract';
import { AppError } from '../../../src/shared/errors';
import {
  type AccountId,
  type Address,
  type CurrencyCode,
  FileId,
  type Hash32,
  NetworkId,
  tokenIdOf,
} from '../../../src/shared/model/ids';

const tokenId = tokenIdOf(NetworkId.parse('eip155:1'), `0x${'a'.repeat(40)}`);
const entry = (index: number, change: Partial<Entry> = {}): Entry => ({
  id: `eip155:1:${index}:0:acc`,
  tokenId,
  accountId: 'acc_000000000000000000000001' as AccountId,
  direction: 'out',
  units: 123_456n,
  decimals: 2,
  currency: 'USD' as CurrencyCode,
  counterAddress: `0x${'b'.repeat(40)}` as Address,
  counterName: null,
  kind: 'transfer',
  blockNumber: BigInt(index),
  blockHash: `0x${'0'.repeat(64)}` as Hash32,
  blockTime: '2026-11-01T00:00:00.000Z',
  transactionHash: `0x${'1'.repeat(64)}` as Hash32,
  logIndex: 0,
  reference: null,
  paymentId: null,
  endToEndId: null,
  isFinal: true,
  balanceAfter: -5n,
  ...change,
});

const handlersOf = (
  entries: readonly Entry[],
  saved: string[] = [],
  rates?: LedgerHandlersDeps['readRatesFile'],
) =>
  createLedgerHandlers({
    store: {
      entries: async () => ({ total: entries.length, entries: [...entries] }),
      entry: async (id) => {
        const found = entries.find((each) => each.id === id);
        if (!found) throw new AppError('ledger/entry-unknown');
        return found;
      },
      entriesAfter: async (after, limit) => {
        const page = entries.slice(Number(after), Number(after) + limit);
        return { next: after + BigInt(page.length), entries: page };
      },
    },
    rates: {
      save: async (read, source, importedAt) => ({
        date: read.date,
        source,
        count: read.rates.length,
        importedAt,
      }),
    },
    replica: { states: () => [], syncNow: async () => undefined },
    position: {
      get: () => Promise.reject(new Error('unused')),
      history: () => Promise.reject(new Error('unused')),
    },
    directory: { tokens: async () => [], accounts: async () => [] },
    readRatesFile: rates ?? (() => Promise.reject(new AppError('rates/file-invalid'))),
    writeCsvRows,
    saveFile: async (name, _extension, chunks) => {
      let text = '';
      for await (const chunk of chunks) text += chunk;
      saved.push(text);
      return name;
    },
    clock: { now: () => new Date('2026-11-23T10:00:00Z'), monotonicMs: () => 0 },
    onRatesChanged: () => saved.push('rates changed'),
  });

describe('ledger handlers', () => {
  it('write all entries as CSV that no spreadsheet runs', async () => {
    const saved: string[] = [];
    const hostile = [
      '=HYPERLINK("http://evil.example")',
      '+1',
      '-cmd',
      '@x',
      'a,b',
      'say "hi"',
      'two\nlines',
      '\uff1dcmd',
      'fine\n=cmd',
    ];
    const entries = Array.from({ length: 2_500 }, (_, index) =>
      entry(index, { counterName: hostile[index % hostile.length] ?? null }),
    );
    expect(await handlersOf(entries, saved)['ledger.exportCsv']({})).toEqual({
      saved: 'ledger-2026-11-23.csv',
    });
    const [text = ''] = saved;
    const lines = text.split('\r\n');
    expect(lines).toHaveLength(2_500 + 2);
    expect(lines[1]).toContain('"\'=HYPERLINK(""http://evil.example"")"');
    expect(lines[2]).toContain(",'+1,");
    expect(lines[3]).toContain(",'-cmd,");
    expect(lines[5]).toContain(',"a,b",');
    expect(lines[6]).toContain(',"say ""hi""",');
    expect(lines[8]).toContain(",'\uff1dcmd,");
    expect(lines[9]).toContain(',"fine\n\'=cmd",');
    expect(lines[1]).toContain(',1234.56,-0.05,');
  });

  it('answer in the form of the contract', async () => {
    const handlers = handlersOf([entry(1)]);
    const asked = mainContract['ledger.entries'].input.parse({
      search: '',
      accountId: null,
      tokenId: null,
      currency: null,
      direction: null,
      from: null,
      to: null,
      offset: 0,
      limit: 10,
    });
    expect(() => mainContract['ledger.entries'].output.parse({ total: 0, entries: [{}] })).toThrow();
    const page = await handlers['ledger.entries'](asked);
    expect(mainContract['ledger.entries'].output.parse(page).total).toBe(1);
    await expect(handlers['ledger.entry']({ id: 'nothing' })).rejects.toMatchObject({
      code: 'ledger/entry-unknown',
    });
    expect(await handlers['ledger.sync']({})).toEqual({ networks: [] });
  });

  it('keep a rate file with its name and date, and refuse one without rates', async () => {
    const saved: string[] = [];
    const read = (count: number) => async () => ({
      rates: {
        date: '2026-11-20',
        base: 'EUR',
        rates: [{ currency: 'USD', units: 11n, decimals: 1, text: '1.1' }].slice(0, count),
      },
      fileName: 'eurofxref.xml',
    });
    const fileId = FileId.parse('fil_000000000000000000000001');
    expect(await handlersOf([], saved, read(1))['rates.importFile']({ fileId })).toEqual({
      date: '2026-11-20',
      source: 'eurofxref.xml',
      count: 1,
      importedAt: '2026-11-23T10:00:00.000Z',
    });
    expect(saved).toEqual(['rates changed']);
    await expect(handlersOf([], saved, read(0))['rates.importFile']({ fileId })).rejects.toMatchObject({
      code: 'rates/file-invalid',
    });
  });
});
