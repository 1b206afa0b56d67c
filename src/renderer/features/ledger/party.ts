import { ledger as words } from '../../../../assets/locales/en/ledger';
import type { Entry } from '../../../shared/contract';

/** The legal name first; the bank where money comes from or goes to nowhere; else that nobody knows. */
export const nameOfParty = (entry: Entry): string =>
  entry.counterName ?? (entry.kind === 'issue' || entry.kind === 'redeem' ? words.bank : words.unknownParty);
