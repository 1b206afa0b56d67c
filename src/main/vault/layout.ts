/** Where things stand in the vault file (docs/vault.md), apart from what reads them: main needs the sizes only. */
export const KEY_BYTES = 32;
export const SALT_BYTES = 16;
export const NONCE_BYTES = 24;
export const TAG_BYTES = 16;
export const CHECKSUM_BYTES = 32;
const WRAPPED_KEY_BYTES = KEY_BYTES + TAG_BYTES;

export const VERSION_AT = 8;
export const KDF_AT = 10;
export const MEMORY_AT = 11;
export const PASSES_AT = 15;
export const LANES_AT = 19;
export const SALT_AT = 23;
/** Bytes that the wrapped data key is bound to: magic, version, parameters, salt. */
export const KDF_HEADER_BYTES = SALT_AT + SALT_BYTES;
export const WRAP_NONCE_AT = KDF_HEADER_BYTES;
export const WRAPPED_KEY_AT = WRAP_NONCE_AT + NONCE_BYTES;
export const BODY_NONCE_AT = WRAPPED_KEY_AT + WRAPPED_KEY_BYTES;
export const BODY_LENGTH_AT = BODY_NONCE_AT + NONCE_BYTES;
/** Bytes that the body is bound to: everything before it. */
export const HEADER_BYTES = BODY_LENGTH_AT + 4;

/** The body is padded to whole blocks, so that the file's size tells little about what it holds. */
export const BODY_BLOCK = 4096;
export const MAX_BODY_BLOCKS = 256;
export const MIN_FILE_BYTES = HEADER_BYTES + BODY_BLOCK + TAG_BYTES + CHECKSUM_BYTES;
export const MAX_FILE_BYTES = HEADER_BYTES + MAX_BODY_BLOCKS * BODY_BLOCK + TAG_BYTES + CHECKSUM_BYTES;
