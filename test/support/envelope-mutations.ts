/**
 * Changes of an envelope file as an attacker or a broken disk would make them: bytes, spellings, fields, lines and acts,
 * with and without a digest made to fit. Seeded: a number names a mutant for ever.
 */
import { envelopeDigest } from '../../src/main/envelopes/codec';
import { type Canonical, canonicalJson } from '../../src/shared/canonical';
import type { EnvelopeContent } from '../../src/shared/model/envelope';

export type Mutant = { readonly kind: string; readonly bytes: Uint8Array };

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Random = (below: number) => number;

const randomFrom = (seed: number): Random => {
  let state = (seed * 0x9e3779b1) >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
};

const pick = <T>(random: Random, items: readonly T[]): T => {
  if (items.length === 0) throw new Error('nothing to pick from');
  return items[random(items.length)] as T;
};

// Bytes.

const byteMutators: Readonly<Record<string, (bytes: Buffer, random: Random, other: Buffer) => Uint8Array>> = {
  'flip a bit': (bytes, random) => {
    const copy = Buffer.from(bytes);
    const at = random(copy.length);
    copy[at] = (copy[at] as number) ^ (1 << random(8));
    return copy;
  },
  'another byte': (bytes, random) => {
    const copy = Buffer.from(bytes);
    copy[random(copy.length)] = random(256);
    return copy;
  },
  'another digit': (bytes, random) => {
    const copy = Buffer.from(bytes);
    let at = random(copy.length);
    while (!/[0-9a-f]/.test(String.fromCharCode(copy[at] as number))) at = (at + 1) % copy.length;
    copy[at] = '0123456789abcdef'.charCodeAt(random(16));
    return copy;
  },
  'leave bytes out': (bytes, random) => {
    const from = random(bytes.length);
    return Buffer.concat([
      bytes.subarray(0, from),
      bytes.subarray(from + 1 + random(random(4) === 0 ? 200 : 4)),
    ]);
  },
  'put bytes in': (bytes, random) => {
    const at = random(bytes.length + 1);
    const more = Buffer.from(Array.from({ length: 1 + random(4) }, () => random(256)));
    return Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
  },
  'repeat bytes': (bytes, random) => {
    const from = random(bytes.length);
    const to = Math.min(bytes.length, from + 1 + random(300));
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  'cut the end': (bytes, random) => bytes.subarray(0, random(bytes.length)),
  'cut the beginning': (bytes, random) => bytes.subarray(1 + random(bytes.length - 1)),
  'end of another file': (bytes, random, other) => {
    // After the first difference, or it would be the other file.
    let same = 0;
    while (bytes[same] === other[same]) same += 1;
    const at = same + 1 + random(Math.min(bytes.length, other.length) - same - 1);
    return Buffer.concat([bytes.subarray(0, at), other.subarray(at)]);
  },
};

// Spellings: what another parser may read as the same.

const atMatch = (text: string, random: Random, form: RegExp, to: (found: string) => string): string => {
  const all = [...text.matchAll(form)];
  if (all.length === 0) return `${text} `;
  const found = pick(random, all);
  const value = found[0];
  return text.slice(0, found.index) + to(value) + text.slice(found.index + value.length);
};

const textMutators: Readonly<Record<string, (text: string, random: Random) => string>> = {
  'white space': (text, random) =>
    atMatch(text, random, /[,:{}[\]]/g, (found) => {
      const space = pick(random, [' ', '\n', '\t', '\r\n', '  ', '\u00a0', '\ufeff']);
      return random(2) === 0 ? found + space : space + found;
    }),
  'another form of a number': (text, random) =>
    atMatch(text, random, /(?<=:)\d+(?=[,}])/g, (found) =>
      pick(random, [
        `${found}.0`,
        `${found}e0`,
        `-${found}`,
        `0${found}`,
        `+${found}`,
        `${found}E+0`,
        `${found}.`,
        `"${found}"`,
        `${found}0e-1`,
      ]),
    ),
  'another form of a decimal string': (text, random) =>
    atMatch(text, random, /(?<=:")\d+(?=")/g, (found) =>
      pick(random, [
        `0${found}`,
        `+${found}`,
        `${found}.0`,
        `0x${found}`,
        ` ${found}`,
        `${found} `,
        `-${found}`,
        `${found}e0`,
        '',
      ]),
    ),
  'an escaped character': (text, random) =>
    atMatch(text, random, /(?<=[A-Za-z ])[A-Za-z0-9/]/g, (found) => {
      const code = found.charCodeAt(0).toString(16).padStart(4, '0');
      return found === '/' ? '\\/' : `\\u${random(2) === 0 ? code : code.toUpperCase()}`;
    }),
  'the other case of a hex digit': (text, random) =>
    atMatch(text, random, /(?<=0x[0-9a-fA-F]*)[a-fA-F]/g, (found) =>
      found === found.toLowerCase() ? found.toUpperCase() : found.toLowerCase(),
    ),
  'no 0x, or twice': (text, random) => atMatch(text, random, /0x/g, () => pick(random, ['', '0x0x', '0X'])),
  'a member twice': (text, random) =>
    atMatch(text, random, /"[a-zA-Z]+":(?:"[^"\\]*"|\d+|null|true|false)/g, (found) => {
      const [name = '', value = ''] = found.split(/(?<=^"[a-zA-Z]+"):/);
      const other = pick(random, [value, '""', '0', 'null', '"x"', value.replace(/\d/, '9')]);
      return random(2) === 0 ? `${name}:${other},${found}` : `${found},${name}:${other}`;
    }),
  'a member more': (text, random) =>
    atMatch(
      text,
      random,
      /[{,](?=")/g,
      (found) =>
        `${found}${pick(random, ['"x":0', '"__proto__":{}', '"constructor":null', '"":""', '"units":"1"', '"act":1', '"zz":[]'])},`,
    ),
  'another line end': (text, random) =>
    text + pick(random, ['\n', '\0', ' ', '\r\n', '{}', '\u2028', '//', text]),
};

// Fields.

type Place = { readonly holder: { [key: string]: Json }; readonly key: string; readonly depth: number };

const placesOf = (root: Json): Place[] => {
  const places: Place[] = [];
  const walk = (value: Json, depth: number): void => {
    if (value === null || typeof value !== 'object') return;
    const holder = value as { [key: string]: Json };
    for (const key of Object.keys(holder)) {
      places.push({ holder, key, depth });
      walk(holder[key] as Json, depth + 1);
    }
  };
  walk(root, 0);
  return places;
};
const valueAt = ({ holder, key }: Place): Json => holder[key] as Json;
const isArrayPlace = ({ holder }: Place): boolean => Array.isArray(holder);
const kindOf = (value: Json): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'array'
      : typeof value === 'string' && value.startsWith('0x')
        ? `hex ${value.length}`
        : typeof value;

const nudge = (value: Json, random: Random): Json => {
  switch (typeof value) {
    case 'number':
      return pick(random, [value + 1, value - 1, value * 10, 0, -value, 2 ** 53]);
    case 'boolean':
      return !value;
    case 'string': {
      if (value === '') return 'x';
      const at = random(value.length);
      const old = value.charAt(at);
      const to = /\d/.test(old)
        ? String((Number(old) + 1 + random(9)) % 10)
        : pick(random, ['a', 'b', 'F', '0', '\u202e', 'é', '']);
      return value.slice(0, at) + to + value.slice(at + 1);
    }
    default:
      return pick(random, [null, '', 0, false, [], {}]);
  }
};

const fieldMutators: Readonly<Record<string, (root: { [key: string]: Json }, random: Random) => void>> = {
  'change a value': (root, random) => {
    const place = pick(
      random,
      placesOf(root).filter((each) => typeof valueAt(each) !== 'object'),
    );
    place.holder[place.key] = nudge(valueAt(place), random);
  },
  'swap two values of a kind': (root, random) => {
    const places = placesOf(root);
    const a = pick(random, places);
    const b = pick(
      random,
      places.filter((each) => kindOf(valueAt(each)) === kindOf(valueAt(a))),
    );
    // A value and one inside of it cannot change places.
    if (JSON.stringify(valueAt(a)).includes(JSON.stringify(valueAt(b))) && a.depth !== b.depth) return;
    [a.holder[a.key], b.holder[b.key]] = [valueAt(b), valueAt(a)];
  },
  'swap a field between lines': (root, random) => {
    const lines = (root.content as { lines: { [key: string]: Json }[] }).lines;
    const [a, b] = [pick(random, lines), pick(random, lines)];
    const key = pick(random, Object.keys(a));
    [a[key], b[key]] = [b[key] as Json, a[key] as Json];
  },
  'copy a value to another place': (root, random) => {
    const places = placesOf(root);
    const from = pick(random, places);
    const to = pick(
      random,
      places.filter((each) => kindOf(valueAt(each)) === kindOf(valueAt(from))),
    );
    to.holder[to.key] = structuredClone(valueAt(from));
  },
  'leave a member out': (root, random) => {
    const place = pick(random, placesOf(root));
    if (Array.isArray(place.holder)) place.holder.splice(Number(place.key), 1);
    else delete place.holder[place.key];
  },
  'null for a value': (root, random) => {
    const place = pick(random, placesOf(root));
    place.holder[place.key] = null;
  },
  'add a member': (root, random) => {
    const { holder } = pick(random, placesOf(root));
    if (Array.isArray(holder)) holder.push(structuredClone(pick(random, holder as Json[])));
    else
      holder[pick(random, ['x', 'note', 'toJSON', 'approvals', 'force', 'unsigned'])] = pick(random, [
        1,
        null,
        'x',
        true,
      ]);
  },
  'rename a member': (root, random) => {
    const place = pick(
      random,
      placesOf(root).filter((each) => !isArrayPlace(each)),
    );
    const value = valueAt(place);
    delete place.holder[place.key];
    place.holder[
      pick(random, [place.key.toUpperCase(), `${place.key}s`, ` ${place.key}`, `${place.key}\u200b`])
    ] = value;
  },
  'reorder, repeat or drop items': (root, random) => {
    const arrays = placesOf(root).filter(
      (each) => Array.isArray(valueAt(each)) && (valueAt(each) as Json[]).length > 0,
    );
    const items = valueAt(pick(random, arrays)) as Json[];
    const [i, j] = [random(items.length), random(items.length)];
    switch (random(4)) {
      case 0:
        [items[i], items[j]] = [items[j] as Json, items[i] as Json];
        break;
      case 1:
        items.splice(j, 0, structuredClone(items[i] as Json));
        break;
      case 2:
        items.splice(i, 1);
        break;
      default:
        items.reverse();
    }
  },
  'drop, repeat or reorder acts': (root, random) => {
    const acts = root.acts as Json[];
    const [i, j] = [random(acts.length), random(acts.length)];
    if (random(3) > 0) acts.splice(i, 1 + random(2));
    else if (random(2) === 0) acts.splice(j, 0, structuredClone(acts[i] as Json));
    else [acts[i], acts[j]] = [acts[j] as Json, acts[i] as Json];
  },
  'an act of another envelope': () => undefined,
};

/** Members in an order of their own, everything else as JSON has it. */
const writeShuffled = (value: Json, random: Random): string => {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => writeShuffled(item, random)).join(',')}]`;
  const keys = Object.keys(value);
  if (random(3) === 0) keys.sort(() => random(3) - 1);
  return `{${keys.map((key) => `${JSON.stringify(key)}:${writeShuffled(value[key] as Json, random)}`).join(',')}}`;
};

const write = (root: { [key: string]: Json }, random: Random): { how: string; text: string } => {
  const how = random(10);
  if (how === 0) return { how: 'members in another order', text: writeShuffled(root, random) };
  if (how > 3) {
    try {
      // SECURITY of the test: with a digest that fits, only the acts' signatures are left to refuse it.
      root.digest = envelopeDigest(root.content as unknown as EnvelopeContent);
      return { how: 'digest made to fit', text: canonicalJson(root as Canonical) };
    } catch {
      // What has no digest is written as it is.
    }
  }
  try {
    return { how: 'canonical', text: canonicalJson(root as Canonical) };
  } catch {
    return { how: 'as JSON', text: JSON.stringify(root) };
  }
};

const byteNames = Object.keys(byteMutators);
const textNames = Object.keys(textMutators);
const fieldNames = Object.keys(fieldMutators);

/** Mutant number `seed` of a file. `other` is the file of another valid envelope, from which pieces are taken. */
export const mutate = (file: Uint8Array, other: Uint8Array, seed: number): Mutant => {
  const random = randomFrom(seed);
  const [bytes, otherBytes] = [Buffer.from(file), Buffer.from(other)];
  const family = random(10);
  if (family < 3) {
    const kind = pick(random, byteNames);
    return { kind, bytes: byteMutators[kind]?.(bytes, random, otherBytes) ?? bytes };
  }
  if (family < 5) {
    const kind = pick(random, textNames);
    return { kind, bytes: Buffer.from(textMutators[kind]?.(bytes.toString('utf8'), random) ?? '', 'utf8') };
  }
  const root = JSON.parse(bytes.toString('utf8')) as { [key: string]: Json };
  const kind = pick(random, fieldNames);
  if (kind === 'an act of another envelope') {
    const foreign = JSON.parse(otherBytes.toString('utf8')) as { acts: Json[] };
    const acts = root.acts as Json[];
    const at = random(acts.length);
    acts.splice(at, random(2), foreign.acts[Math.min(at, foreign.acts.length - 1)] as Json);
  } else
    for (let times = 1 + (random(4) === 0 ? 1 : 0); times > 0; times -= 1)
      fieldMutators[kind]?.(root, random);
  const { how, text } = write(root, random);
  return { kind: `${kind}, ${how}`, bytes: Buffer.from(text, 'utf8') };
};
