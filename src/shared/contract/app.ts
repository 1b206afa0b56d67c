import { z } from 'zod';
import { Instant, NetworkId } from '../model/ids';
import { command, query } from './define';

export const NetworkHealth = z.strictObject({
  networkId: NetworkId,
  name: z.string(),
  state: z.enum(['online', 'offline', 'wrong-chain', 'checking']),
  headBlock: z.bigint().nullable(),
  /** When the head block was read. */
  asOf: Instant.nullable(),
  isSandbox: z.boolean(),
});
export type NetworkHealth = z.infer<typeof NetworkHealth>;

export const AppSnapshot = z.strictObject({
  revision: z.number().int(),
  productVersion: z.string(),
  /** What runs the app: `Electron 45.4.1`. */
  runtime: z.string(),
  /** True on the runtime that exists for tests only; the app shows it. */
  isTestRuntime: z.boolean(),
  /** False where the database driver encrypts without authentication (test runtime only). */
  isStoreAuthenticated: z.boolean(),
  workspaceName: z.string(),
  /** Offline: main opens no socket. While locked it is what the settings remember; the vault's word counts. */
  mode: z.enum(['online', 'offline']),
  lock: z.enum(['absent', 'locked', 'unlocked']),
  networks: z.array(NetworkHealth),
  platform: z.enum(['linux', 'darwin', 'win32']),
  /** Offer to add the built-in sandbox during onboarding. */
  sandboxAvailable: z.boolean(),
});
export type AppSnapshot = z.infer<typeof AppSnapshot>;

export const appContract = {
  'app.snapshot': query(z.strictObject({}), AppSnapshot, [], { whileLocked: true }),
  /** Imports the built-in sandbox's networks, tokens and counterparties, and the own accounts whose key the vault has. */
  'app.addSandbox': command(
    z.strictObject({}),
    z.strictObject({
      tokens: z.number().int(),
      counterparties: z.number().int(),
      accounts: z.number().int(),
    }),
    [
      'chain/unreachable',
      'chain/wrong-chain',
      'chain/invalid-answer',
      'chain/offline',
      'directory/file-invalid',
      'file/not-found',
    ],
  ),
  /** Opens one of the fixed documents about the product; never a URL from the page. */
  'app.openHelp': command(
    z.strictObject({ topic: z.enum(['readme', 'security', 'licence']) }),
    z.strictObject({}),
    [],
    {
      whileLocked: true,
    },
  ),
};
