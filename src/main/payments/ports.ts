import type { AppEvent } from '../../shared/contract';
import type { Directory } from '../directory';
import type { FileReader, writeCsv, writePain002 } from '../iso20022';
import type { Remote } from '../ledger';
import type { PaymentsStore } from '../ledger/stores/payments-store';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';

/** Asks where to save and writes. The file's name, `null` when the person cancelled. Throws `file/unwritable`. */
export type SaveFile = (input: {
  readonly suggestedName: string;
  readonly extension: string;
  readonly content: Uint8Array;
}) => Promise<string | null>;

export type PaymentsDeps = {
  readonly store: Remote<PaymentsStore>;
  readonly directory: Pick<
    Directory,
    'tokens' | 'accounts' | 'counterparty' | 'resolveAccounts' | 'lookAlikes' | 'readAddress'
  >;
  readonly reader: Pick<FileReader, 'inspect' | 'parse'>;
  readonly writers: { readonly writeCsv: typeof writeCsv; readonly writePain002: typeof writePain002 };
  /** Path and name behind a chosen file's id. Throws `file/not-found`. */
  readonly fileOf: (fileId: string) => { readonly path: string; readonly name: string };
  readonly saveFile: SaveFile;
  readonly clock: Clock;
  readonly newId: (prefix: string) => string;
  readonly emit: (event: AppEvent) => void;
  readonly log: Logger;
};
