import { z } from 'zod';
import { Address, Instant, KeyId } from '../model/ids';
import { command, query } from './define';

/** Chosen when the vault is made. Offline: the machine never opens a socket. */
const Mode = z.enum(['online', 'offline']).default('online');

/** Goes in, never comes out: no output of any contract has a field of this kind. */
const Secret = z.string().max(4096);

export const KeyInfo = z.strictObject({
  keyId: KeyId,
  kind: z.enum(['hd', 'imported']),
  /** BIP-32 path for `hd`. */
  path: z.string().nullable(),
  address: Address,
  createdAt: Instant,
});
export type KeyInfo = z.infer<typeof KeyInfo>;

export const VaultStatus = z.strictObject({
  state: z.enum(['absent', 'locked', 'unlocked']),
  /** Wrong passphrases since the last right one. */
  failedAttempts: z.number().int().min(0),
  /** Milliseconds until the next attempt is taken. */
  waitMs: z.number().int().min(0),
  /** Words of a recovery phrase that wait for confirmation. */
  isPreparing: z.boolean(),
});
export type VaultStatus = z.infer<typeof VaultStatus>;

const Unlocked = z.strictObject({ keys: z.array(KeyInfo) });
const passphraseErrors = [
  'vault/wrong-passphrase',
  'vault/throttled',
  'vault/corrupt',
  'vault/newer-version',
  'vault/unsafe-parameters',
  'vault/unwritable',
] as const;
const openErrors = [
  'ledger/wrong-key',
  'ledger/newer-version',
  'ledger/rolled-back',
  'ledger/in-use',
  'journal/tampered',
] as const;

export const vaultContract = {
  'vault.status': query(z.strictObject({}), VaultStatus, [], { whileLocked: true }),
  /** Strength of a passphrase that is being chosen. Nothing is kept. */
  'vault.assessPassphrase': query(
    z.strictObject({ passphrase: Secret, context: z.array(z.string().max(140)).max(10) }),
    z.strictObject({
      score: z.number().int().min(0).max(4),
      isAccepted: z.boolean(),
      reason: z.enum(['ok', 'too-short', 'too-long', 'too-weak']),
      guesses: z.enum(['minutes', 'hours', 'days', 'months', 'years', 'centuries']),
    }),
    [],
    { whileLocked: true },
  ),
  /** Makes a recovery phrase and shows its words in a separate window without scripts. They never come through here. */
  'vault.prepare': command(
    z.strictObject({ words: z.union([z.literal(12), z.literal(24)]), bip39Passphrase: Secret.nullable() }),
    z.strictObject({ pendingId: z.string(), confirmPositions: z.array(z.number().int().min(1).max(24)) }),
    ['vault/exists', 'vault/invalid-request', 'ledger/wrong-key'],
    { whileLocked: true },
  ),
  'vault.showWords': command(
    z.strictObject({ pendingId: z.string() }),
    z.strictObject({}),
    ['vault/wrong-passphrase', 'vault/invalid-request'],
    { whileLocked: true },
  ),
  'vault.confirm': command(
    z.strictObject({
      pendingId: z.string(),
      answers: z.array(z.strictObject({ position: z.number().int().min(1).max(24), word: Secret })).max(24),
      passphrase: Secret,
      mode: Mode,
    }),
    Unlocked,
    [
      'vault/confirmation-mismatch',
      'vault/weak-passphrase',
      'vault/exists',
      'vault/invalid-request',
      'vault/unwritable',
      ...openErrors,
    ],
    { whileLocked: true },
  ),
  /** Gives up a prepared phrase and closes its window. */
  'vault.abandon': command(z.strictObject({}), z.strictObject({}), [], { whileLocked: true }),
  'vault.restore': command(
    z.strictObject({
      mnemonic: Secret,
      bip39Passphrase: Secret.nullable(),
      passphrase: Secret,
      accounts: z.number().int().min(1).max(20),
      mode: Mode,
    }),
    Unlocked,
    [
      'vault/invalid-mnemonic',
      'vault/invalid-request',
      'vault/weak-passphrase',
      'vault/exists',
      'vault/unwritable',
      ...openErrors,
    ],
    { whileLocked: true },
  ),
  'vault.unlock': command(
    z.strictObject({ passphrase: Secret }),
    Unlocked,
    ['vault/missing', ...passphraseErrors, ...openErrors],
    { whileLocked: true },
  ),
  'vault.lock': command(z.strictObject({}), z.strictObject({}), [], { whileLocked: true, concurrent: true }),
  'vault.changePassphrase': command(z.strictObject({ current: Secret, next: Secret }), z.strictObject({}), [
    'vault/weak-passphrase',
    ...passphraseErrors,
  ]),
  'vault.keys': query(z.strictObject({}), Unlocked),
  'vault.deriveKey': command(z.strictObject({ passphrase: Secret }), KeyInfo, [
    'vault/invalid-request',
    ...passphraseErrors,
  ]),
  'vault.importPrivateKey': command(
    /** `mode` counts only where this makes the vault. */
    z.strictObject({ privateKey: Secret, passphrase: Secret, mode: Mode }),
    KeyInfo,
    [
      'vault/invalid-private-key',
      'vault/invalid-request',
      'vault/duplicate-key',
      'vault/weak-passphrase',
      ...passphraseErrors,
      ...openErrors,
    ],
    { whileLocked: true },
  ),
  /** Reads a Web3 Secret Storage V3 file chosen by dialog. One that names no address needs it from the person. */
  'vault.importKeystore': command(
    z.strictObject({
      fileId: z.string(),
      keystorePassword: Secret,
      passphrase: Secret,
      expectedAddress: z.string().max(80).nullable().default(null),
      mode: Mode,
    }),
    KeyInfo,
    [
      'vault/invalid-keystore',
      'vault/invalid-request',
      'vault/keystore-address-mismatch',
      'vault/duplicate-key',
      'vault/weak-passphrase',
      'file/not-found',
      'file/too-large',
      'file/unreadable',
      'file/not-regular',
      'file/changed-while-reading',
      ...passphraseErrors,
      ...openErrors,
    ],
    { whileLocked: true },
  ),
};
