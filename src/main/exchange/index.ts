/**
 * Envelopes, policies and cards as animated QR codes, out and in: BC-UR (BCR-2020-005), type `bytes`, multi-part by
 * fountain codes (BCR-2024-001). The byte string is the file, compressed with raw DEFLATE (RFC 1951).
 *
 * Hides: UR, bytewords, CBOR, fountain codes, compression. Invariants: what is read has a bounded size before and after
 * it is unpacked; bytes go to nobody but the intake, which trusts them no more than a file.
 * Callers: session.ts wires it with the envelopes' intake.
 */
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { Intake, MainHandlers } from '../../shared/contract';
import { AppError } from '../../shared/errors';
import type { Hash32 } from '../../shared/model/ids';
import { createUrDecoder } from './decoder';
import { createUrEncoder, type UrEncoder } from './encoder';

/** Most bytes of a compressed file that go through QR codes: about 1,300 codes. */
export const MAX_COMPRESSED_BYTES = 512 * 1024;
/** Most bytes of the file itself. SECURITY: half a megabyte of DEFLATE can unpack to half a gigabyte. */
export const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** What goes out. */
export type ExchangeSubject =
  | { readonly format: 'envelope'; readonly digest: Hash32 }
  | { readonly format: 'policy'; readonly digest: Hash32 }
  | { readonly format: 'person' };

/** Takes the bytes of an exchange file in, as from a file. Throws why not. */
export type IntakeBytes = (bytes: Uint8Array) => Promise<Intake>;
/** The bytes of the file as it would be saved. Throws `envelope/unknown`, `policy/unknown`. */
export type ReadBytes = (subject: ExchangeSubject) => Promise<Uint8Array>;

export type ExchangeHandlers = Pick<MainHandlers, Extract<keyof MainHandlers, `exchange.${string}`>>;

const deflate = promisify(deflateRaw) as (
  bytes: Uint8Array,
  options: { level: number; maxOutputLength: number },
) => Promise<Buffer>;
const inflate = promisify(inflateRaw) as (
  bytes: Uint8Array,
  options: { maxOutputLength: number },
) => Promise<Buffer>;

/** Mixed frames of the largest file take some milliseconds each; others get their turn in between. */
const FRAMES_AT_ONCE = 4;
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const tooLarge = (): AppError =>
  new AppError('envelope/too-large-for-qr', { limitBytes: MAX_COMPRESSED_BYTES });

/** Throws `envelope/too-large-for-qr`. */
export const compressFile = async (bytes: Uint8Array): Promise<Uint8Array> => {
  if (bytes.length > MAX_FILE_BYTES) throw tooLarge();
  try {
    return await deflate(bytes, { level: 9, maxOutputLength: MAX_COMPRESSED_BYTES });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw cause;
  }
};

/** Throws `envelope/malformed` for what is not DEFLATE and for what unpacks to more than {@link MAX_FILE_BYTES}. */
export const expandFile = async (bytes: Uint8Array): Promise<Uint8Array> => {
  try {
    return await inflate(bytes, { maxOutputLength: MAX_FILE_BYTES });
  } catch (cause) {
    throw new AppError('envelope/malformed', { reason: 'compression' }, { cause });
  }
};

export const createExchange = (deps: {
  readonly intake: IntakeBytes;
  readonly readBytes: ReadBytes;
}): ExchangeHandlers => {
  const { intake, readBytes } = deps;
  const decoder = createUrDecoder();
  /** The file that is being shown: its later frames must be of the bytes that the first ones were of. */
  let shown: { readonly key: string; readonly encoder: UrEncoder; readonly sizeBytes: number } | null = null;

  const show = async (subject: ExchangeSubject) => {
    const bytes = await readBytes(subject);
    shown = {
      key: JSON.stringify(subject),
      encoder: createUrEncoder(await compressFile(bytes)),
      sizeBytes: bytes.length,
    };
    return shown;
  };

  return {
    'exchange.frames': async ({ what, from, count }) => {
      const isSame = from > 0 && shown?.key === JSON.stringify(what);
      const { encoder, sizeBytes } = isSame && shown ? shown : await show(what);
      const frames: string[] = [];
      for (let offset = 0; offset < count; offset += 1) {
        if (offset % FRAMES_AT_ONCE === FRAMES_AT_ONCE - 1) await pause();
        frames.push(encoder.frame(from + offset));
      }
      return { pure: encoder.pure, sizeBytes, frames };
    },
    'exchange.receive': async ({ text }) => {
      const { state, received, expected, payload } = await decoder.receive(text);
      const progress = expected === 0 ? 0 : received / expected;
      if (!payload) return { state, progress, received, expected, intake: null };
      try {
        const taken = await intake(await expandFile(payload));
        return { state, progress, received, expected, intake: taken };
      } catch (error) {
        // What was read is of no use: the next frame may be of another message.
        decoder.reset();
        throw error;
      }
    },
    'exchange.reset': async () => {
      decoder.reset();
      return {};
    },
  };
};
