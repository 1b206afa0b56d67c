import type { FileRefused, IssueDraft } from './issues';

export type ByteGuardOptions = {
  /** XML rules (DOCTYPE, distance between tags) on top of the encoding rules. */
  readonly isXml: boolean;
  /** Reports the finding and throws {@link FileRefused}. */
  readonly refuse: (draft: IssueDraft) => FileRefused;
};

/** Longest run of bytes without a `<`: a text of a megabyte is no payment, and costs a parser dear. */
const MAX_RUN = 1024 * 1024;

const LF = 0x0a;
const LT = 0x3c;
const BANG = 0x21;
const DASH = 0x2d;
const BRACKET = 0x5b;

/**
 * Looks at the bytes before any parser does.
 *
 * SECURITY: refuses a DOCTYPE (and every other `<!` that is neither comment nor CDATA) wherever it stands, NUL, any
 * encoding but UTF-8, overlong and surrogate forms (RFC 3629), and endless text. State is carried over chunk borders.
 * Returns the chunk without a leading byte order mark.
 */
export const createByteGuard = ({ isXml, refuse }: ByteGuardOptions) => {
  let line = 1;
  let offset = 0;
  let run = 0;
  /** Continuation bytes still due, and the range of the next one. */
  let due = 0;
  let low = 0x80;
  let high = 0xbf;
  /** Bytes of `<!` seen: 0 none, 1 `<`, 2 `<!`. */
  let opening = 0;

  const refuseEncoding = (value: string): never => {
    throw refuse({ code: 'file/encoding', line, value, expected: 'UTF-8' });
  };

  const checkStart = (chunk: Uint8Array): Uint8Array => {
    const [a, b, c, d] = chunk;
    if (a === 0xef && b === 0xbb && c === 0xbf) return chunk.subarray(3);
    if (a === 0xfe && b === 0xff) refuseEncoding('UTF-16');
    if (a === 0xff && b === 0xfe) refuseEncoding(c === 0 && d === 0 ? 'UTF-32' : 'UTF-16');
    if (a === 0 && b === 0) refuseEncoding('UTF-32');
    if ((a === 0 && b !== 0) || (a !== 0 && b === 0)) refuseEncoding('UTF-16');
    if (a === 0x4c && b === 0x6f && c === 0xa7 && d === 0x94) refuseEncoding('EBCDIC');
    return chunk;
  };

  const startSequence = (byte: number): void => {
    low = 0x80;
    high = 0xbf;
    if (byte >= 0xc2 && byte <= 0xdf) due = 1;
    else if (byte >= 0xe0 && byte <= 0xef) {
      due = 2;
      if (byte === 0xe0) low = 0xa0;
      if (byte === 0xed) high = 0x9f;
    } else if (byte >= 0xf0 && byte <= 0xf4) {
      due = 3;
      if (byte === 0xf0) low = 0x90;
      if (byte === 0xf4) high = 0x8f;
    } else refuseEncoding(`byte 0x${byte.toString(16)}`);
  };

  const check = (input: Uint8Array): Uint8Array => {
    const chunk = offset === 0 ? checkStart(input) : input;
    offset += input.length;
    for (let index = 0; index < chunk.length; index++) {
      const byte = chunk[index] ?? 0;
      if (due > 0) {
        if (byte < low || byte > high) refuseEncoding(`byte 0x${byte.toString(16)}`);
        low = 0x80;
        high = 0xbf;
        due--;
        run++;
        continue;
      }
      if (byte >= 0x80) {
        startSequence(byte);
        opening = 0;
        run++;
        continue;
      }
      if (byte === LF) line++;
      else if (byte === 0) throw refuse({ code: 'file/nul', line });
      if (!isXml) continue;
      if (opening === 2) {
        if (byte !== DASH && byte !== BRACKET) throw refuse({ code: 'xml/doctype', line });
        opening = 0;
      } else if (byte === LT) {
        opening = 1;
        run = 0;
      } else if (opening === 1) opening = byte === BANG ? 2 : 0;
      if (++run > MAX_RUN) throw refuse({ code: 'xml/too-complex', line, expected: 'no text over 1 MiB' });
    }
    return chunk;
  };

  const finish = (): void => {
    if (due > 0) refuseEncoding('end of file inside a character');
  };

  return { check, finish, line: () => line };
};
