/** The contract methods of the ledger, the position and the rates. */
import type { Entry, MainHandlers } from '../../shared/contract';
import { AppError } from '../../shared/errors';
import type { OwnAccount, Token } from '../../shared/model/directory';
import { type ReferenceRates, toPlainString } from '../../shared/money';
import type { Clock } from '../platform/clock';
import type { Remote } from './ledger-child';
import type { PositionReader } from './position';
import type { Replica } from './replica';
import type { LedgerStore } from './stores/ledger-store';
import type { RatesStore } from './stores/rates-store';

export type LedgerHandlersDeps = {
  readonly store: Pick<Remote<LedgerStore>, 'entries' | 'entry' | 'entriesAfter'>;
  readonly rates: Pick<Remote<RatesStore>, 'save'>;
  readonly replica: Pick<Replica, 'states' | 'syncNow'>;
  readonly position: PositionReader;
  readonly directory: {
    readonly tokens: () => Promise<readonly Token[]>;
    readonly accounts: () => Promise<readonly OwnAccount[]>;
  };
  /**
   * Reads a chosen file of ECB reference rates: the newest set in it and the file's name. Throws `rates/file-invalid` and
   * `file/…`.
   */
  readonly readRatesFile: (
    fileId: string,
  ) => Promise<{ readonly rates: ReferenceRates; readonly fileName: string }>;
  /** Writes text through the system's save dialog: name of the file, `null` when cancelled. Throws `file/unwritable`. */
  readonly saveFile: (
    suggestedName: string,
    extension: string,
    chunks: AsyncIterable<string>,
  ) => Promise<string | null>;
  readonly clock: Clock;
  /** After rates were imported. */
  readonly onRatesChanged: () => void;
};

type LedgerMethods = Extract<
  keyof MainHandlers,
  `ledger.${string}` | `position.${string}` | `rates.${string}`
>;
export type LedgerHandlers = Pick<MainHandlers, LedgerMethods>;

const EXPORT_PAGE = 1_000;

const HEADINGS = [
  'time',
  'account',
  'token',
  'currency',
  'direction',
  'amount',
  'balance after',
  'kind',
  'counterparty',
  'counterparty address',
  'end-to-end id',
  'reference',
  'block',
  'transaction',
  'final',
];

/**
 * RFC 4180. SECURITY: a text that a spreadsheet would run as a formula is marked as text.
 */
const csvField = (value: string): string => {
  const safe = /^[=+\-@\t\r]/.test(value) && !/^-?[0-9.]+$/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
};
const csvLine = (fields: readonly string[]): string => `${fields.map(csvField).join(',')}\r\n`;

export const createLedgerHandlers = (deps: LedgerHandlersDeps): LedgerHandlers => {
  const { store, rates, replica, position, directory, readRatesFile, saveFile, clock, onRatesChanged } = deps;

  const csvOf = async function* (): AsyncGenerator<string> {
    const [tokens, accounts] = await Promise.all([directory.tokens(), directory.accounts()]);
    const symbolOf = new Map(tokens.map(({ id, symbol }) => [id, symbol]));
    const nameOf = new Map(accounts.map(({ id, name }) => [id, name]));
    const lineOf = (entry: Entry): string =>
      csvLine([
        entry.blockTime,
        nameOf.get(entry.accountId) ?? entry.accountId,
        symbolOf.get(entry.tokenId) ?? entry.tokenId,
        entry.currency,
        entry.direction,
        toPlainString({ units: entry.units, decimals: entry.decimals }),
        toPlainString({ units: entry.balanceAfter, decimals: entry.decimals }),
        entry.kind,
        entry.counterName ?? '',
        entry.counterAddress,
        entry.endToEndId ?? '',
        entry.reference ?? '',
        entry.blockNumber.toString(),
        entry.transactionHash,
        entry.isFinal ? 'yes' : 'no',
      ]);
    yield csvLine(HEADINGS);
    let after = 0n;
    for (;;) {
      const page = await store.entriesAfter(after, EXPORT_PAGE);
      if (page.entries.length === 0) return;
      after = page.next;
      yield page.entries.map(lineOf).join('');
    }
  };

  return {
    'ledger.entries': ({ offset, limit, ...filter }) => store.entries(filter, offset, limit),
    'ledger.entry': ({ id }) => store.entry(id),
    'ledger.sync': async () => ({ networks: replica.states() }),
    'ledger.syncNow': async () => {
      await replica.syncNow();
      return {};
    },
    'ledger.exportCsv': async () => {
      const day = clock.now().toISOString().slice(0, 10);
      return { saved: await saveFile(`ledger-${day}.csv`, 'csv', csvOf()) };
    },
    'position.get': () => position.get(),
    'position.history': ({ days }) => position.history(days),
    'rates.importFile': async ({ fileId }) => {
      const { rates: read, fileName } = await readRatesFile(fileId);
      if (read.rates.length === 0) throw new AppError('rates/file-invalid', { reason: 'empty' });
      const info = await rates.save(read, fileName, clock.now().toISOString());
      onRatesChanged();
      return info;
    },
  };
};
