import { z } from 'zod';
import { ChosenFile } from '../model/payments';
import { command } from './define';

export const filesContract = {
  /** Opens the system's dialog. `null` when the person cancelled. The page never sees or names a path. */
  'files.choose': command(
    z.strictObject({ purpose: z.enum(['payments', 'directory', 'rates', 'keystore', 'exchange']) }),
    z.strictObject({ file: ChosenFile.nullable() }),
    ['file/not-found', 'file/not-regular', 'file/too-large', 'file/unreadable'],
    { whileLocked: true, concurrent: true },
  ),
};
