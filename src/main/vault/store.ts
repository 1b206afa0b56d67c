/**
 * The open vault inside its process: contents, the keys that seal the file, and every write of it.
 *
 * Invariants: what is in memory is what is on disk (a failed write changes neither); each write has a higher revision;
 * each attempt with a passphrase goes through the throttle.
 */
import { randomBytes } from 'node:crypto';
import { AppError } from '../../shared/errors';
import { decodeContents, encodeContents, needsPersonKey, type VaultContents, wipeContents } from './contents';
import {
  type EnvelopeKeys,
  openBody,
  type ParsedEnvelope,
  parseEnvelope,
  sealEnvelope,
  unwrapDataKey,
} from './envelope';
import { dropBackup, hasVaultFile, readVaultFile, writeVaultFile } from './files';
import { deriveKek, isWeakerThanPreferred, type KdfParameters, PREFERRED_KDF } from './kdf';
import { KEY_BYTES, SALT_BYTES } from './layout';
import { isPrivateKey } from './secp256k1';
import type { Throttle } from './throttle';

export type VaultStore = {
  readonly exists: () => boolean;
  /** @throws AppError `vault/locked` */
  readonly contents: () => VaultContents;
  readonly isOpen: () => boolean;
  /** Writes a new file. @throws AppError `vault/exists` */
  readonly create: (passphrase: string, contents: Omit<VaultContents, 'revision'>) => Promise<void>;
  /** Opens the file. @throws AppError `vault/missing` | `vault/wrong-passphrase` | `vault/throttled` | … */
  readonly unlock: (passphrase: string) => Promise<void>;
  /** Proves that the caller knows the passphrase of the open vault, by deriving its key again. */
  readonly verify: (passphrase: string) => Promise<void>;
  /** Seals everything anew under another passphrase, with a fresh salt and data key. */
  readonly changePassphrase: (current: string, next: string) => Promise<void>;
  readonly update: (change: (contents: VaultContents) => VaultContents) => void;
};

const randomKey = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));

/** For a vault without a seed. */
export const createPersonKey = (): Uint8Array => {
  for (;;) {
    const key = randomKey(KEY_BYTES);
    if (isPrivateKey(key)) return key;
  }
};

const createKeys = async (passphrase: string, kdf: KdfParameters): Promise<EnvelopeKeys> => {
  const salt = randomKey(SALT_BYTES);
  return { kdf, salt, kek: await deriveKek(passphrase, salt, kdf), dataKey: randomKey(KEY_BYTES) };
};

const openWith = (
  envelope: ParsedEnvelope,
  kek: Uint8Array,
): { dataKey: Uint8Array; contents: VaultContents } => {
  const dataKey = unwrapDataKey(envelope, kek);
  const bytes = openBody(envelope, dataKey);
  try {
    return { dataKey, contents: decodeContents(bytes) };
  } finally {
    bytes.fill(0);
  }
};

/**
 * @param kdf parameters for what is written from now on; production leaves the default. Never below the floor.
 */
export const createVaultStore = (
  directory: string,
  throttle: Throttle,
  kdf: KdfParameters = PREFERRED_KDF,
): VaultStore => {
  let open: { keys: EnvelopeKeys; contents: VaultContents } | null = null;

  const current = (): { keys: EnvelopeKeys; contents: VaultContents } => {
    if (!open) throw new AppError('vault/locked');
    return open;
  };

  const write = (keys: EnvelopeKeys, contents: VaultContents, mode: 'create' | 'replace'): void => {
    const plain = encodeContents(contents);
    const file = sealEnvelope(keys, plain);
    plain.fill(0);
    writeVaultFile(directory, file, mode, (written) => {
      const reread = openWith(parseEnvelope(written), keys.kek);
      const isSame = reread.contents.revision === contents.revision;
      reread.dataKey.fill(0);
      wipeContents(reread.contents);
      if (!isSame) throw new AppError('vault/unwritable');
    });
    open = { keys, contents };
  };

  const openFile = async (passphrase: string): Promise<{ keys: EnvelopeKeys; contents: VaultContents }> => {
    const envelope = parseEnvelope(readVaultFile(directory));
    return throttle.attempt(async () => {
      const kek = await deriveKek(passphrase, envelope.salt, envelope.kdf);
      const { dataKey, contents } = openWith(envelope, kek);
      return { keys: { kdf: envelope.kdf, salt: envelope.salt, kek, dataKey }, contents };
    });
  };

  const verify = async (passphrase: string): Promise<void> => {
    current();
    const checked = await openFile(passphrase);
    const isSame = Buffer.from(checked.keys.dataKey).equals(Buffer.from(current().keys.dataKey));
    checked.keys.kek.fill(0);
    checked.keys.dataKey.fill(0);
    wipeContents(checked.contents);
    // The file under the open vault was exchanged for another one with the same passphrase.
    if (!isSame) throw new AppError('vault/corrupt');
  };

  return {
    exists: () => hasVaultFile(directory),
    isOpen: () => open !== null,
    contents: () => current().contents,
    create: async (passphrase, contents) => {
      if (hasVaultFile(directory)) throw new AppError('vault/exists');
      write(await createKeys(passphrase, kdf), { ...contents, revision: 1n }, 'create');
    },
    unlock: async (passphrase) => {
      const opened = await openFile(passphrase);
      const isWeak = isWeakerThanPreferred(opened.keys.kdf) && !isWeakerThanPreferred(kdf);
      const isIncomplete = needsPersonKey(opened.contents);
      const contents = isIncomplete ? { ...opened.contents, personKey: createPersonKey() } : opened.contents;
      if (!isWeak && !isIncomplete) open = opened;
      dropBackup(directory);
      if (isWeak || isIncomplete) {
        const keys = isWeak ? await createKeys(passphrase, kdf) : opened.keys;
        write(keys, { ...contents, revision: contents.revision + 1n }, 'replace');
      }
    },
    verify,
    changePassphrase: async (present, next) => {
      await verify(present);
      const keys = await createKeys(next, kdf);
      const { contents } = current();
      write(keys, { ...contents, revision: contents.revision + 1n }, 'replace');
    },
    update: (change) => {
      const { keys, contents } = current();
      const next = change(contents);
      write(keys, { ...next, revision: contents.revision + 1n }, 'replace');
    },
  };
};
