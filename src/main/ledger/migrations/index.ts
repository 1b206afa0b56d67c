/**
 * Every migration, oldest first. A number once released never changes: a new need is a new number.
 */
import type { Migration } from '../migrate';
import { meta } from './001-meta';
import { directory } from './002-directory';
import { payments } from './003-payments';
import { settlement } from './004-settlement';
import { ledger } from './005-ledger';
import { rates } from './006-rates';
import { journal } from './007-journal';
import { people } from './008-people';
import { envelopes } from './009-envelopes';

export const MIGRATIONS: readonly Migration[] = [
  meta,
  directory,
  payments,
  settlement,
  ledger,
  rates,
  journal,
  people,
  envelopes,
];
