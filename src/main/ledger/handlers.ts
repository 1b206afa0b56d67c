/** The contract methods of the ledger, the position and the rates. */
import type { Entry, MainHandlers } from '../../shared/contract';
import { AppError } from '../../shared/errors';
import type { OwnAccount, Token } from '../../shared/model/directory';
import { type ReferenceRates, toPlainString } from '../../shared/money';
import type { CsvCell, writeCsvRows } from '../iso20022';
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
  /** The one way to write CSV: it keeps texts from being read as formulas. */
  readonly writeCsvRows: typeof writeCsvRows;
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

type CsvRow = readonly (string | CsvCell)[];

const amountOf = (units: bigint, decimals: number): CsvCell => ({
  kind: 'number',
  value: toPlainString({ units, decimals }),
});

export const createLedgerHandlers = (deps: LedgerHandlersDeps): LedgerHandlers => {
  const {
    store,
    rates,
    replica,
    position,
    directory,
    readRatesFile,
    saveFile,
    writeCsvRows,
    clock,
    onRatesChanged,
  } = deps;

  const csvOf = async function* (): AsyncGenerator<string> {
    const [tokens, accounts] = await Promise.all([directory.tokens(), directory.accounts()]);
    const symbolOf = new Map(tokens.map(({ id, symbol }) => [id, symbol]));
    const nameOf = new Map(accounts.map(({ id, name }) => [id, name]));
    const rowOf = (entry: Entry): CsvRow => [
      entry.blockTime,
      nameOf.get(entry.accountId) ?? entry.accountId,
      symbolOf.get(entry.tokenId) ?? entry.tokenId,
      entry.currency,
      entry.direction,
      amountOf(entry.units, entry.decimals),
      amountOf(entry.balanceAfter, entry.decimals),
      entry.kind,
      entry.counterName ?? '',
      entry.counterAddress,
      entry.endToEndId ?? '',
      entry.reference ?? '',
      entry.blockNumber.toString(),
      entry.transactionHash,
      entry.isFinal ? 'yes' : 'no',
    ];
    yield writeCsvRows([HEADINGS]);
    let after = 0n;
    for (;;) {
      const page = await store.entriesAfter(after, EXPORT_PAGE);
      if (page.entries.length === 0) return;
      after = page.next;
      yield writeCsvRows(page.entries.map(rowOf));
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
