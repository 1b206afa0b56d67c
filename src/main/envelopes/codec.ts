/**
 * An envelope to bytes and back (docs/envelope.md).
 *
 * SECURITY: one envelope has one form. What was read is written again by these same few lines and must give the bytes that
 * came: that refuses white space, other orders, doubled members, other spellings of numbers and characters, and anything
 * after the end, without a list of such things.
 */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { type Canonical, canonicalJson } from '../../shared/canonical';
import { AppError } from '../../shared/errors';
import {
  Act,
  Envelope,
  type EnvelopeContent,
  type EnvelopeLine,
  MAX_ENVELOPE_BYTES,
} from '../../shared/model/envelope';
import { Hash32 } from '../../shared/model/ids';
import type { EnvelopeHead } from './ports';

/** What an envelope is written from. Lines come in parts, so that they need not be in memory together. */
export type EnvelopeSource = {
  readonly head: EnvelopeHead;
  readonly digest: Hash32;
  readonly acts: readonly Act[];
  readonly lines: Iterable<readonly EnvelopeLine[]> | AsyncIterable<readonly EnvelopeLine[]>;
};

/** The forms of `.nostro` file that exist. */
export type FileFormat = 'envelope' | 'policy' | 'person';

const FORMATS: Readonly<Record<string, FileFormat>> = {
  'nostro-envelope': 'envelope',
  'nostro-policy': 'policy',
  'nostro-person': 'person',
};
/** An envelope is seven deep. */
const MAX_DEPTH = 16;
const SLICE = 200;
const CHUNK_CHARACTERS = 64 * 1024;
const DIGEST_TAG = 'nostro/envelope/v1\n';

const json = (value: unknown): string => canonicalJson(value as Canonical);
const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Canonical JSON in pieces, so that the reader of the pieces can breathe between them: members one by one down to an
 * act's body, acts one by one, long arrays in slices. `depth` is that of `value` in the file, whose own is 0.
 */
const canonicalPieces = function* (value: unknown, depth: number): Generator<string> {
  if (Array.isArray(value) && (value.length > SLICE || depth === 1)) {
    yield '[';
    const step = depth === 1 ? 1 : SLICE;
    for (let from = 0; from < value.length; from += step) {
      if (from > 0) yield ',';
      if (depth === 1) yield* canonicalPieces(value[from], depth + 1);
      else
        yield value
          .slice(from, from + step)
          .map(json)
          .join(',');
    }
    yield ']';
  } else if (depth <= 3 && value !== null && typeof value === 'object' && !Array.isArray(value)) {
    let separator = '{';
    for (const [key, member] of Object.entries(value).sort(([a], [b]) => byCodeUnit(a, b))) {
      yield `${separator}${json(key)}:`;
      yield* canonicalPieces(member, depth + 1);
      separator = ',';
    }
    yield separator === '{' ? '{}' : '}';
  } else yield json(value);
};

const contentStart = (head: EnvelopeHead): string => membersOf(head, (key) => key < 'lines', '{');
const contentEnd = (head: EnvelopeHead): string => `]${membersOf(head, (key) => key > 'lines', ',')}}`;

/** The members of a head that stand before (or after) `lines`. */
const membersOf = (head: EnvelopeHead, belongs: (key: string) => boolean, lead: string): string => {
  const members = Object.entries(head)
    .filter(([key]) => belongs(key))
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([key, member]) => `${json(key)}:${json(member)}`);
  return lead + members.join(',') + (lead === '{' ? ',"lines":[' : '');
};

const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The content's canonical JSON in pieces, one slice of lines at a time. */
const contentPieces = async function* (
  head: EnvelopeHead,
  lines: EnvelopeSource['lines'],
): AsyncGenerator<string> {
  yield contentStart(head);
  let isFirst = true;
  for await (const part of lines) {
    for (let from = 0; from < part.length; from += SLICE) {
      yield (isFirst ? '' : ',') +
        part
          .slice(from, from + SLICE)
          .map(json)
          .join(',');
      isFirst = false;
    }
  }
  yield contentEnd(head);
};

/** The digest of a content whose lines come in parts; the main thread is free between them. */
export const digestLines = async (head: EnvelopeHead, lines: EnvelopeSource['lines']): Promise<Hash32> => {
  const hash = createHash('sha256').update(DIGEST_TAG);
  for await (const piece of contentPieces(head, lines)) {
    hash.update(piece, 'utf8');
    await breathe();
  }
  return Hash32.parse(`0x${hash.digest('hex')}`);
};

/** SHA-256 over `envelopeDigestInput(content)`, without that text in one piece. */
export const envelopeDigest = (content: EnvelopeContent): Hash32 => {
  const hash = createHash('sha256').update(DIGEST_TAG);
  for (const piece of canonicalPieces(content, 1)) hash.update(piece, 'utf8');
  return Hash32.parse(`0x${hash.digest('hex')}`);
};

/** The file in chunks of about 64 KiB, for `writeUserFile`; the main thread is free between slices of lines. */
export const encodeChunks = async function* (source: EnvelopeSource): AsyncGenerator<Uint8Array> {
  let text = '{"acts":';
  const take = (): Uint8Array => {
    const bytes = Buffer.from(text, 'utf8');
    text = '';
    return bytes;
  };
  for (const piece of canonicalPieces(source.acts, 1)) {
    text += piece;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield take();
    await breathe();
  }
  text += ',"content":';
  for await (const piece of contentPieces(source.head, source.lines)) {
    text += piece;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield take();
    await breathe();
  }
  text += `,"digest":${json(source.digest)},"format":"nostro-envelope","version":1}`;
  yield take();
};

/** The whole file at once. Throws where the envelope has no canonical form. */
export const encodeEnvelope = (envelope: Envelope): Uint8Array =>
  Buffer.from([...canonicalPieces(envelope, 0)].join(''), 'utf8');

const malformed = (reason: string, more: { readonly [key: string]: string } = {}): AppError =>
  new AppError('envelope/malformed', { reason, ...more });

/**
 * SECURITY: how deep the brackets go, before anything is built from them. Strings are skipped as JSON has them; bytes that
 * are no JSON at all are the parser's to refuse.
 */
const isTooDeep = (bytes: Uint8Array): boolean => {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (isInString) {
      if (byte === 0x5c) at += 1;
      else if (byte === 0x22) isInString = false;
    } else if (byte === 0x22) isInString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > MAX_DEPTH) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  return false;
};

/** Bytes as text: UTF-8 without exception and without a byte order mark. */
const readText = (bytes: Uint8Array): string => {
  if (bytes.length > MAX_ENVELOPE_BYTES)
    throw new AppError('file/too-large', { sizeBytes: bytes.length, maxBytes: MAX_ENVELOPE_BYTES });
  if (bytes.length === 0) throw malformed('empty');
  if (isTooDeep(bytes)) throw malformed('too-deep');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw malformed('not-utf-8');
  }
};

const readJson = (text: string): { readonly [key: string]: unknown } => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('not-json');
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw malformed('not-an-object');
  return value as { readonly [key: string]: unknown };
};

const formatOf = (value: { readonly [key: string]: unknown }): FileFormat => {
  const { format, version } = value;
  if (typeof format !== 'string' || !/^nostro-[a-z]{1,40}$/.test(format)) throw malformed('unknown-format');
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1)
    throw malformed('unknown-version');
  const known = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (known === undefined || version > 1) throw new AppError('envelope/newer-version', { format, version });
  return known;
};

/** A file read up to its format. The rest is checked by {@link decodeEnvelope}, or by the people domain. */
export type ReadFile = { readonly format: FileFormat; readonly text: string; readonly value: unknown };

/** Throws `file/too-large` | `envelope/malformed` | `envelope/newer-version`. */
export const readFormat = (bytes: Uint8Array): ReadFile => {
  const text = readText(bytes);
  const value = readJson(text);
  return { format: formatOf(value), text, value };
};

/** Compares the canonical form with the text that came, piece by piece, and digests the content on the way. */
const requireCanonical = (envelope: Envelope, text: string): Hash32 => {
  const hash = createHash('sha256').update(DIGEST_TAG);
  let at = 0;
  const require = (piece: string): void => {
    if (!text.startsWith(piece, at)) throw new AppError('envelope/not-canonical', { near: at });
    at += piece.length;
  };
  const requireAll = (value: unknown, onPiece?: (piece: string) => void): void => {
    for (const piece of canonicalPieces(value, 1)) {
      require(piece);
      onPiece?.(piece);
    }
  };
  try {
    require('{"acts":');
    requireAll(envelope.acts);
    require(',"content":');
    requireAll(envelope.content, (piece) => hash.update(piece, 'utf8'));
    require(',"digest":');
    requireAll(envelope.digest);
    require(',"format":"nostro-envelope","version":1}');
  } catch (error) {
    if (error instanceof AppError) throw error;
    // A text that canonical JSON cannot hold: half of a surrogate pair.
    throw new AppError('envelope/not-canonical', { near: at }, { cause: error });
  }
  if (at !== text.length) throw new AppError('envelope/not-canonical', { near: at });
  return Hash32.parse(`0x${hash.digest('hex')}`);
};

/** What a schema makes of a value. Throws `envelope/malformed` with the place of the first fault. */
const parseWith = <T>(schema: z.ZodType<T>, value: unknown, at: string): T => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw malformed(issue?.code ?? 'schema', { path: (at + (issue?.path.join('.') ?? '')).slice(0, 100) });
};

/** Of a file whose format is `envelope`. Throws as {@link decodeEnvelope}. */
export const decodeRead = ({ value, text }: ReadFile): Envelope => {
  // SECURITY: the schema lists every fault that it finds, and a thousand acts have room for thirty million. So acts are
  // looked at one by one first, up to the first that is wrong.
  const { acts } = value as { readonly acts?: unknown };
  if (Array.isArray(acts) && acts.length <= 1000)
    for (const [index, act] of acts.entries()) parseWith(Act, act, `acts.${index}.`);
  const envelope = parseWith(Envelope, value, '');
  const digest = requireCanonical(envelope, text);
  if (digest !== envelope.digest)
    throw new AppError('envelope/digest-mismatch', { stated: envelope.digest, actual: digest });
  return envelope;
};

/**
 * Bytes to an envelope in its one form with its own digest. Signatures and consistency are not checked here (./open).
 *
 * Throws `file/too-large` | `envelope/malformed` | `envelope/newer-version` | `envelope/not-canonical` |
 * `envelope/digest-mismatch`.
 */
export const decodeEnvelope = (bytes: Uint8Array): Envelope => {
  const read = readFormat(bytes);
  if (read.format !== 'envelope') throw malformed('other-format', { format: read.format });
  return decodeRead(read);
};
