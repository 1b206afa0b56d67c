/**
 * Takes secrets out of what is about to be written to the log.
 *
 * A log must never be the place where a key leaks, whatever a defect passes to it. So redaction works on meaning
 * (names of fields) and on shape (long hex, runs of words that could be a recovery phrase), and prefers to hide too
 * much: an address (20 bytes) and a short id stay readable, a 32-byte value does not.
 */

export const REDACTED = '[redacted]';

/** Parts of field names, in lower case with underscores. */
const SECRET_NAME =
  /pass_?phrase|password|passwd|pwd|mnemonic|recovery|secret|seed|private|entropy|answers|(?:^|_)(?:dek|kek|words|keys?|key_bytes|key_material)$/;
const PLAIN_NAME = /^public_keys?$/;

const isSecretName = (name: string): boolean => {
  const parts = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  return SECRET_NAME.test(parts) && !PLAIN_NAME.test(parts);
};

/** 32 bytes or more in hex, with or without 0x. */
const LONG_HEX = /(?:0x)?[0-9a-fA-F]{64,}/g;
/** 32 bytes or more in base64 or base64url: a run without a break, of mixed kinds. */
const LONG_BASE64 =
  /(?=[A-Za-z0-9+/_-]*[0-9])(?=[A-Za-z0-9+/_-]*[A-Z])(?=[A-Za-z0-9+/_-]*[a-z])[A-Za-z0-9+/_-]{43,}={0,2}/g;
/** Eleven or more words of 3 to 8 letters in a row: a BIP-39 phrase has 12 or more. Numbers between them do not help. */
const WORD_RUN = /(?:\b[a-z]{3,8}\b[\s,;.:\d"'[\]|-]+){10,}\b[a-z]{3,8}\b/gi;

const MAX_DEPTH = 6;
const MAX_TEXT = 8_000;

export const redactText = (text: string): string =>
  text
    .slice(0, MAX_TEXT)
    .replace(LONG_HEX, REDACTED)
    .replace(WORD_RUN, REDACTED)
    .replace(LONG_BASE64, REDACTED);

/** A JSON-safe copy without secrets. `bigint` becomes its decimal text; bytes become their length. */
export const redact = (value: unknown, depth = 0): unknown => {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined)
    return value;
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`;
  if (depth >= MAX_DEPTH) return '[too deep]';
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (value instanceof Error) {
    return {
      name: value.name,
      message: redactText(value.message),
      ...('code' in value && typeof value.code === 'string' ? { code: value.code } : {}),
      ...(value.stack === undefined ? {} : { stack: redactText(value.stack) }),
      ...(value.cause === undefined ? {} : { cause: redact(value.cause, depth + 1) }),
    };
  }
  if (Array.isArray(value)) {
    // A phrase may come as an array of words.
    const isPhrase =
      value.length >= 11 && value.every((each) => typeof each === 'string' && /^[a-z]{3,8}$/i.test(each));
    return isPhrase ? REDACTED : value.slice(0, 200).map((each) => redact(each, depth + 1));
  }
  const copy: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(value as Record<string, unknown>)) {
    const isHidden = isSecretName(name) && each !== null && each !== undefined;
    copy[redactText(name)] = isHidden ? REDACTED : redact(each, depth + 1);
  }
  return copy;
};
