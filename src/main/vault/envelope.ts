/**
 * The vault file's bytes: see docs/vault.md for the layout. Pure functions; nothing here touches a disk.
 *
 * Invariants: every byte of the file is authenticated (the header as associated data, the rest by its tag); every
 * size and parameter is checked before memory or time is spent on it; nonces are fresh random 24 bytes per seal.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { AppError } from '../../shared/errors';
import { checkKdfParameters, type KdfParameters } from './kdf';
import {
  BODY_BLOCK,
  BODY_LENGTH_AT,
  BODY_NONCE_AT,
  CHECKSUM_BYTES,
  HEADER_BYTES,
  KDF_AT,
  KDF_HEADER_BYTES,
  LANES_AT,
  MAX_BODY_BLOCKS,
  MAX_FILE_BYTES,
  MEMORY_AT,
  MIN_FILE_BYTES,
  NONCE_BYTES,
  PASSES_AT,
  SALT_AT,
  SALT_BYTES,
  TAG_BYTES,
  VERSION_AT,
  WRAP_NONCE_AT,
  WRAPPED_KEY_AT,
} from './layout';

/** `NOSTRO`, then two bytes that text tools do not keep. */
const MAGIC = Uint8Array.of(0x4e, 0x4f, 0x53, 0x54, 0x52, 0x4f, 0x1a, 0x0a);
export const FORMAT_VERSION = 1;
const KDF_ARGON2ID = 1;

export type ParsedEnvelope = {
  readonly kdf: KdfParameters;
  readonly salt: Uint8Array;
  /** The bytes before the body. */
  readonly header: Uint8Array;
  readonly body: Uint8Array;
};

/** What seals a generation of the file: the key-encryption key with the parameters it came from, and the data key. */
export type EnvelopeKeys = {
  readonly kdf: KdfParameters;
  readonly salt: Uint8Array;
  readonly kek: Uint8Array;
  readonly dataKey: Uint8Array;
};

const corrupt = (): AppError => new AppError('vault/corrupt');

const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

/**
 * Checks structure, sizes and parameters, without a passphrase.
 *
 * @throws AppError `vault/newer-version` | `vault/unsafe-parameters` | `vault/corrupt` (one message for everything
 * else: what exactly is wrong helps nobody but an attacker)
 */
export const parseEnvelope = (file: Uint8Array): ParsedEnvelope => {
  if (file.length < VERSION_AT + 2 || !equalBytes(file.subarray(0, MAGIC.length), MAGIC)) throw corrupt();
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const version = view.getUint16(VERSION_AT);
  // A newer program's file is left alone: its rules are not known here.
  if (version > FORMAT_VERSION) throw new AppError('vault/newer-version', { version });
  if (version !== FORMAT_VERSION || file.length < MIN_FILE_BYTES || file.length > MAX_FILE_BYTES)
    throw corrupt();
  const bodyLength = view.getUint32(BODY_LENGTH_AT);
  if (
    (bodyLength - TAG_BYTES) % BODY_BLOCK !== 0 ||
    file.length !== HEADER_BYTES + bodyLength + CHECKSUM_BYTES
  ) {
    throw corrupt();
  }
  // The checksum guards against decay, not against people: it tells a damaged file from a wrong passphrase, and a
  // damaged file does not cost an attempt.
  const end = HEADER_BYTES + bodyLength;
  if (!equalBytes(sha256(file.subarray(0, end)), file.subarray(end))) throw corrupt();
  if (view.getUint8(KDF_AT) !== KDF_ARGON2ID) throw corrupt();
  const kdf: KdfParameters = {
    memoryKib: view.getUint32(MEMORY_AT),
    passes: view.getUint32(PASSES_AT),
    lanes: view.getUint32(LANES_AT),
  };
  checkKdfParameters(kdf);
  return {
    kdf,
    salt: file.slice(SALT_AT, SALT_AT + SALT_BYTES),
    header: file.slice(0, HEADER_BYTES),
    body: file.slice(HEADER_BYTES, end),
  };
};

/**
 * Unwraps the data key.
 *
 * @throws AppError `vault/wrong-passphrase`: the passphrase or the header is not the one it was sealed with; the two
 * cannot be told apart
 */
export const unwrapDataKey = (envelope: ParsedEnvelope, kek: Uint8Array): Uint8Array => {
  const { header } = envelope;
  try {
    return xchacha20poly1305(
      kek,
      header.subarray(WRAP_NONCE_AT, WRAPPED_KEY_AT),
      header.subarray(0, KDF_HEADER_BYTES),
    ).decrypt(header.subarray(WRAPPED_KEY_AT, BODY_NONCE_AT));
  } catch {
    throw new AppError('vault/wrong-passphrase');
  }
};

/** @throws AppError `vault/corrupt` */
export const openBody = (envelope: ParsedEnvelope, dataKey: Uint8Array): Uint8Array => {
  const { header, body } = envelope;
  let padded: Uint8Array;
  try {
    padded = xchacha20poly1305(dataKey, header.subarray(BODY_NONCE_AT, BODY_LENGTH_AT), header).decrypt(body);
  } catch {
    throw corrupt();
  }
  const length = new DataView(padded.buffer, padded.byteOffset).getUint32(0);
  if (length > padded.length - 4) throw corrupt();
  const content = padded.slice(4, 4 + length);
  padded.fill(0);
  return content;
};

/** Writes a whole file. Nonces are fresh on every call; `content` is at most about 1 MiB. */
export const sealEnvelope = (keys: EnvelopeKeys, content: Uint8Array): Uint8Array => {
  checkKdfParameters(keys.kdf);
  const blocks = Math.ceil((content.length + 4) / BODY_BLOCK);
  if (blocks > MAX_BODY_BLOCKS) throw new Error('the vault is full');
  const padded = new Uint8Array(blocks * BODY_BLOCK);
  new DataView(padded.buffer).setUint32(0, content.length);
  padded.set(content, 4);

  const bodyLength = padded.length + TAG_BYTES;
  const file = new Uint8Array(HEADER_BYTES + bodyLength + CHECKSUM_BYTES);
  const view = new DataView(file.buffer);
  file.set(MAGIC, 0);
  view.setUint16(VERSION_AT, FORMAT_VERSION);
  view.setUint8(KDF_AT, KDF_ARGON2ID);
  view.setUint32(MEMORY_AT, keys.kdf.memoryKib);
  view.setUint32(PASSES_AT, keys.kdf.passes);
  view.setUint32(LANES_AT, keys.kdf.lanes);
  file.set(keys.salt, SALT_AT);
  const wrapNonce = randomBytes(NONCE_BYTES);
  file.set(wrapNonce, WRAP_NONCE_AT);
  file.set(
    xchacha20poly1305(keys.kek, wrapNonce, file.subarray(0, KDF_HEADER_BYTES)).encrypt(keys.dataKey),
    WRAPPED_KEY_AT,
  );
  const bodyNonce = randomBytes(NONCE_BYTES);
  file.set(bodyNonce, BODY_NONCE_AT);
  view.setUint32(BODY_LENGTH_AT, bodyLength);
  file.set(
    xchacha20poly1305(keys.dataKey, bodyNonce, file.subarray(0, HEADER_BYTES)).encrypt(padded),
    HEADER_BYTES,
  );
  padded.fill(0);
  file.set(sha256(file.subarray(0, HEADER_BYTES + bodyLength)), HEADER_BYTES + bodyLength);
  return file;
};
