/**
 * The little of CBOR (RFC 8949) that a UR of type `bytes` needs: unsigned numbers, byte strings, one array of five. Read
 * strictly: shortest form only, nothing after it.
 */

/** One part of a multi-part UR (BCR-2024-001): `[seqNum, seqLen, messageLen, checksum, data]`. */
export type Part = {
  /** From 1. */
  readonly seqNum: number;
  /** Fragments of the message. */
  readonly seqLen: number;
  /** Bytes of the message. */
  readonly messageLen: number;
  /** CRC-32 of the message. */
  readonly checksum: number;
  readonly data: Uint8Array;
};

const UINT = 0;
const BYTES = 2;
const ARRAY_OF_FIVE = 0x85;

const head = (major: number, value: number): Uint8Array => {
  const first = major << 5;
  if (value < 24) return Uint8Array.of(first | value);
  if (value < 0x100) return Uint8Array.of(first | 24, value);
  if (value < 0x10000) return Uint8Array.of(first | 25, value >>> 8, value & 0xff);
  return Uint8Array.of(first | 26, value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
};

export const encodeBytes = (bytes: Uint8Array): Uint8Array =>
  Buffer.concat([head(BYTES, bytes.length), bytes]);

export const encodePart = ({ seqNum, seqLen, messageLen, checksum, data }: Part): Uint8Array =>
  Buffer.concat([
    Uint8Array.of(ARRAY_OF_FIVE),
    head(UINT, seqNum),
    head(UINT, seqLen),
    head(UINT, messageLen),
    head(UINT, checksum),
    encodeBytes(data),
  ]);

/** Reads from `at`; `null` for another major type, a longer form than needed, or an end too early. */
const readHead = (bytes: Uint8Array, at: number, major: number): { value: number; next: number } | null => {
  const first = bytes[at];
  if (first === undefined || first >>> 5 !== major) return null;
  const short = first & 0x1f;
  if (short < 24) return { value: short, next: at + 1 };
  const size = { 24: 1, 25: 2, 26: 4 }[short];
  if (size === undefined || at + 1 + size > bytes.length) return null;
  let value = 0;
  for (let offset = 1; offset <= size; offset += 1) value = value * 256 + (bytes[at + offset] as number);
  const least = { 1: 24, 2: 0x100, 4: 0x10000 }[size] as number;
  return value < least ? null : { value, next: at + 1 + size };
};

const readBytesToEnd = (bytes: Uint8Array, at: number): Uint8Array | null => {
  const length = readHead(bytes, at, BYTES);
  return length && length.next + length.value === bytes.length ? bytes.subarray(length.next) : null;
};

/** The content of exactly one byte string; `null` for anything else. */
export const decodeBytes = (bytes: Uint8Array): Uint8Array | null => readBytesToEnd(bytes, 0);

/** `null` for anything but a part. Its numbers are not yet compared with each other. */
export const decodePart = (bytes: Uint8Array): Part | null => {
  if (bytes[0] !== ARRAY_OF_FIVE) return null;
  const numbers: number[] = [];
  let at = 1;
  for (let count = 0; count < 4; count += 1) {
    const read = readHead(bytes, at, UINT);
    if (!read) return null;
    numbers.push(read.value);
    at = read.next;
  }
  const data = readBytesToEnd(bytes, at);
  const [seqNum = 0, seqLen = 0, messageLen = 0, checksum = 0] = numbers;
  return data && { seqNum, seqLen, messageLen, checksum, data };
};
