/**
 * What the vault file holds once open, and its binary form inside the body (docs/vault.md). Binary rather than JSON,
 * so that keys stay in buffers that can be overwritten and never become strings.
 */
import { AppError, assert } from '../../shared/errors';

export type HdSeed = {
  /** BIP-39 entropy, 16 to 32 bytes. */
  readonly entropy: Uint8Array;
  /** UTF-8 of the optional BIP-39 passphrase; empty when there is none. */
  readonly passphrase: Uint8Array;
  /** One entry per derived account m/44'/60'/0'/0/i: when it was made, in ms since 1970. */
  readonly createdAt: readonly number[];
};

export type ImportedKey = {
  /** 32 bytes. */
  readonly privateKey: Uint8Array;
  readonly createdAt: number;
};

/** How many records the replica held when it was last anchored, and the hash of the last one. */
export type ReplicaHead = {
  readonly count: bigint;
  /** 32 bytes. */
  readonly headHash: Uint8Array;
};

/** How many entries the journal held when it was last anchored, and the hash of the last one. Public. */
export type JournalHead = {
  /** At most 2^53 − 1. */
  readonly count: number;
  /** 32 bytes. */
  readonly head: Uint8Array;
};

/** Whether this workspace may open sockets at all. */
export type WorkspaceMode = 'online' | 'offline';

export type VaultContents = {
  /** Grows by one with every write; an older copy put back shows a smaller one. */
  readonly revision: bigint;
  /** 32 bytes: the encrypted store's key. */
  readonly databaseKey: Uint8Array;
  /** 32 bytes: the journal's MAC key. */
  readonly journalKey: Uint8Array;
  readonly replicaHead: ReplicaHead | null;
  readonly journalHead: JournalHead | null;
  readonly mode: WorkspaceMode;
  /**
   * 32 bytes where there is no seed that gives the person key; `null` where there is one. Also `null` straight out of a
   * version 1 file without a seed, until the store makes one.
   */
  readonly personKey: Uint8Array | null;
  readonly seed: HdSeed | null;
  readonly imported: readonly ImportedKey[];
};

/** Written. Version 1, which knew neither mode, journal nor person, is read. */
const CONTENTS_VERSION = 2;
const MODES: readonly WorkspaceMode[] = ['online', 'offline'];
const MAX_DERIVED = 10_000;
export const MAX_IMPORTED = 1_000;
/** UTF-8 bytes. */
export const MAX_BIP39_PASSPHRASE = 4_096;

const createWriter = () => {
  const parts: Uint8Array[] = [];
  const number = (bytes: number, value: bigint): void => {
    const part = new Uint8Array(bytes);
    let rest = value;
    for (let i = bytes - 1; i >= 0; i -= 1) {
      part[i] = Number(rest & 255n);
      rest >>= 8n;
    }
    if (rest !== 0n) throw new Error('number does not fit');
    parts.push(part);
  };
  return {
    u8: (value: number) => number(1, BigInt(value)),
    u16: (value: number) => number(2, BigInt(value)),
    u64: (value: bigint) => number(8, value),
    fixed: (value: Uint8Array, length: number) => {
      if (value.length !== length) throw new Error('field has the wrong length');
      parts.push(value);
    },
    sized: (value: Uint8Array) => {
      number(2, BigInt(value.length));
      parts.push(value);
    },
    end: (): Uint8Array => {
      const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
      let at = 0;
      for (const part of parts) {
        bytes.set(part, at);
        at += part.length;
      }
      return bytes;
    },
  };
};

const createReader = (bytes: Uint8Array) => {
  let at = 0;
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new AppError('vault/corrupt');
    at += length;
    return bytes.slice(at - length, at);
  };
  const number = (length: number): bigint => {
    let value = 0n;
    for (const byte of take(length)) value = (value << 8n) | BigInt(byte);
    return value;
  };
  return {
    u8: () => Number(number(1)),
    u16: () => Number(number(2)),
    u64: () => number(8),
    fixed: take,
    sized: () => take(Number(number(2))),
    isAtEnd: () => at === bytes.length,
  };
};

export const encodeContents = (contents: VaultContents): Uint8Array => {
  assert(
    (contents.seed === null) === (contents.personKey !== null),
    'a vault has one source of its person key',
  );
  const writer = createWriter();
  writer.u8(CONTENTS_VERSION);
  writer.u64(contents.revision);
  writer.fixed(contents.databaseKey, 32);
  writer.fixed(contents.journalKey, 32);
  writer.u8(contents.replicaHead ? 1 : 0);
  if (contents.replicaHead) {
    writer.u64(contents.replicaHead.count);
    writer.fixed(contents.replicaHead.headHash, 32);
  }
  writer.u8(contents.journalHead ? 1 : 0);
  if (contents.journalHead) {
    writer.u64(BigInt(contents.journalHead.count));
    writer.fixed(contents.journalHead.head, 32);
  }
  writer.u8(MODES.indexOf(contents.mode));
  writer.u8(contents.seed ? 1 : 0);
  if (contents.seed) {
    writer.sized(contents.seed.entropy);
    writer.sized(contents.seed.passphrase);
    writer.u16(contents.seed.createdAt.length);
    for (const time of contents.seed.createdAt) writer.u64(BigInt(time));
  }
  writer.u16(contents.imported.length);
  for (const key of contents.imported) {
    writer.fixed(key.privateKey, 32);
    writer.u64(BigInt(key.createdAt));
  }
  writer.u8(contents.personKey ? 1 : 0);
  if (contents.personKey) writer.fixed(contents.personKey, 32);
  return writer.end();
};

/** @throws AppError `vault/corrupt` | `vault/newer-version` */
export const decodeContents = (bytes: Uint8Array): VaultContents => {
  const reader = createReader(bytes);
  const require = (isRight: boolean): void => {
    if (!isRight) throw new AppError('vault/corrupt');
  };
  const flag = (): boolean => {
    const value = reader.u8();
    require(value === 0 || value === 1);
    return value === 1;
  };
  const time = (): number => {
    const value = reader.u64();
    require(value <= 8_640_000_000_000_000n);
    return Number(value);
  };
  const version = reader.u8();
  if (version > CONTENTS_VERSION) throw new AppError('vault/newer-version', { version });
  require(version >= 1);
  const revision = reader.u64();
  const databaseKey = reader.fixed(32);
  const journalKey = reader.fixed(32);
  const replicaHead = flag() ? { count: reader.u64(), headHash: reader.fixed(32) } : null;
  let journalHead: JournalHead | null = null;
  let mode: WorkspaceMode | undefined = 'online';
  if (version >= 2) {
    if (flag()) {
      const count = reader.u64();
      require(count <= BigInt(Number.MAX_SAFE_INTEGER));
      journalHead = { count: Number(count), head: reader.fixed(32) };
    }
    mode = MODES[reader.u8()];
  }
  if (mode === undefined) throw new AppError('vault/corrupt');
  let seed: HdSeed | null = null;
  if (flag()) {
    const entropy = reader.sized();
    require([16, 20, 24, 28, 32].includes(entropy.length));
    const passphrase = reader.sized();
    require(passphrase.length <= MAX_BIP39_PASSPHRASE);
    const count = reader.u16();
    require(count <= MAX_DERIVED);
    seed = { entropy, passphrase, createdAt: Array.from({ length: count }, time) };
  }
  const importedCount = reader.u16();
  require(importedCount <= MAX_IMPORTED);
  const imported = Array.from({ length: importedCount }, () => ({
    privateKey: reader.fixed(32),
    createdAt: time(),
  }));
  let personKey: Uint8Array | null = null;
  if (version >= 2) {
    personKey = flag() ? reader.fixed(32) : null;
    require((seed === null) === (personKey !== null));
  }
  require(reader.isAtEnd());
  return { revision, databaseKey, journalKey, replicaHead, journalHead, mode, seed, imported, personKey };
};

/** Whether the contents came from a file that had no place for a person key they need: they must be written at once. */
export const needsPersonKey = ({ seed, personKey }: Pick<VaultContents, 'seed' | 'personKey'>): boolean =>
  seed === null && personKey === null;

/** Best effort: overwrites every secret buffer. The end of the process is what really forgets. */
export const wipeContents = (contents: VaultContents): void => {
  contents.databaseKey.fill(0);
  contents.journalKey.fill(0);
  contents.personKey?.fill(0);
  contents.seed?.entropy.fill(0);
  contents.seed?.passphrase.fill(0);
  for (const key of contents.imported) key.privateKey.fill(0);
};
