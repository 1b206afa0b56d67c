/**
 * A reader that takes canonical JSON (RFC 8785, integers only) and nothing else: no white space, members in ascending order
 * of UTF-16 code units and each once, numbers and characters in their one spelling. What it reads could only have been
 * written in exactly these bytes; so a digest over a part is a digest over that part of the file.
 */
const SHORT_ESCAPES = { '"': '"', '\\': '\\', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const MAX_DEPTH = 16;

export class NotCanonical extends Error {}

/** Text of each object and array that was read, by the value that came of it. */
const sources = new WeakMap();
/** The bytes in the file that `value` was read from; for `null` and other plain values its one spelling. */
export const sourceOf = (value) =>
  value !== null && typeof value === 'object' ? sources.get(value) : JSON.stringify(value);

export function parseCanonical(text) {
  let at = 0;
  const fail = (why) => {
    throw new NotCanonical(`${why} at character ${at + 1}`);
  };
  const expect = (sign) => {
    if (text[at] !== sign) fail(`${JSON.stringify(sign)} expected`);
    at += 1;
  };

  const readString = () => {
    expect('"');
    let out = '';
    let from = at;
    for (;;) {
      const code = text.charCodeAt(at);
      if (Number.isNaN(code)) fail('text ends in a string');
      if (code === 0x22) {
        out += text.slice(from, at);
        at += 1;
        break;
      }
      if (code < 0x20) fail('control character');
      if (code === 0x5c) {
        out += text.slice(from, at);
        const sign = text[at + 1];
        if (sign === 'u') {
          const hex = text.slice(at + 2, at + 6);
          const value = Number.parseInt(hex, 16);
          // Only control characters without a short form are written this way, in lower case.
          if (!/^00[01][0-9a-f]$/.test(hex) || '\b\f\n\r\t'.includes(String.fromCharCode(value)))
            fail('escape that is not needed');
          out += String.fromCharCode(value);
          at += 6;
        } else {
          if (!Object.hasOwn(SHORT_ESCAPES, sign ?? '')) fail('escape that is not needed');
          out += SHORT_ESCAPES[sign];
          at += 2;
        }
        from = at;
      } else at += 1;
    }
    // A lone half of a pair has no UTF-8.
    if (/\p{Cs}/u.test(out)) fail('half a character');
    return out;
  };

  const readNumber = () => {
    const [digits] = /^-?(?:0|[1-9][0-9]*)/.exec(text.slice(at, at + 20)) ?? [];
    if (digits === undefined) fail('value expected');
    const value = Number(digits);
    if (digits === '-0' || !Number.isSafeInteger(value)) fail('number that is not exact');
    at += digits.length;
    if (/[.eE0-9]/.test(text[at] ?? '')) fail('number that is no integer');
    return value;
  };

  const readValue = (depth) => {
    if (depth > MAX_DEPTH) fail('too deep');
    const start = at;
    const sign = text[at];
    if (sign === '"') return readString();
    for (const [word, value] of [
      ['null', null],
      ['true', true],
      ['false', false],
    ]) {
      if (text.startsWith(word, at)) {
        at += word.length;
        return value;
      }
    }
    if (sign === '[') {
      at += 1;
      const items = [];
      if (text[at] !== ']') {
        items.push(readValue(depth + 1));
        while (text[at] === ',') {
          at += 1;
          items.push(readValue(depth + 1));
        }
      }
      expect(']');
      sources.set(items, text.slice(start, at));
      return items;
    }
    if (sign === '{') {
      at += 1;
      // Without a prototype, so that a member called __proto__ is a member like any other.
      const members = Object.create(null);
      let last = null;
      const readMember = () => {
        const key = readString();
        if (last !== null && key === last) fail(`member ${JSON.stringify(key)} twice`);
        if (last !== null && key < last) fail(`member ${JSON.stringify(key)} out of order`);
        last = key;
        expect(':');
        members[key] = readValue(depth + 1);
      };
      if (text[at] !== '}') {
        readMember();
        while (text[at] === ',') {
          at += 1;
          readMember();
        }
      }
      expect('}');
      sources.set(members, text.slice(start, at));
      return members;
    }
    return readNumber();
  };

  const value = readValue(0);
  if (at !== text.length) fail('something after the end');
  return value;
}

/** Bytes → text: UTF-8 without exception and without a byte order mark. */
export function decodeUtf8(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new NotCanonical('bytes that are not UTF-8');
  }
}
