import { z } from 'zod';
import { CurrencyCode } from '../model/ids';
import { command, query } from './define';

/** Preferences; never a secret. */
export const Settings = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  /** BCP 47 tag for grouping and dates; `null` follows the system. */
  locale: z.string().max(35).nullable(),
  density: z.enum(['normal', 'compact']),
  reportingCurrency: CurrencyCode,
  workspaceName: z.string().min(1).max(80),
  /** Minutes without input until the vault locks; 0 never. */
  idleLockMinutes: z.number().int().min(0).max(240),
  lockOnSuspend: z.boolean(),
  lockOnScreenLock: z.boolean(),
  maxFileMebibytes: z.number().int().min(1).max(1024),
});
export type Settings = z.infer<typeof Settings>;

export const settingsContract = {
  'settings.get': query(z.strictObject({}), Settings, [], { whileLocked: true }),
  'settings.set': command(Settings.partial(), Settings, ['settings/invalid'], { whileLocked: true }),
};
