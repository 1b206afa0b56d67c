/**
 * Things that a person takes for one another: addresses that agree where eyes look (address poisoning), names that
 * agree once letters of other scripts are read as the Latin letters they resemble.
 */

/** The part of an address that people compare: first three and last four hex digits, in lower case. */
export const lookKey = (address: string): string => {
  const hex = address.slice(2).toLowerCase();
  return hex.slice(0, 3) + hex.slice(-4);
};

/** True for two different addresses that look the same at their ends. */
export const isLookAlikeAddress = (a: string, b: string): boolean =>
  a.toLowerCase() !== b.toLowerCase() && lookKey(a) === lookKey(b);

/** Latin letter → letters of other scripts and signs that are drawn like it, after NFKD and lower case. */
const CONFUSABLES: readonly (readonly [string, string])[] = [
  ['a', 'аɑαᴀꭺ'],
  ['b', 'ьƅʙвβᏼ'],
  ['c', 'сϲᴄⅽꮯⲥ'],
  ['d', 'ԁɗժᏧᴅꮷ'],
  ['e', 'еҽєεℯ℮ᴇⲉ'],
  ['f', 'ſƒꞙքϝ'],
  ['g', 'ɡցɢԍᶃ'],
  ['h', 'һհнʜᏂɦη'],
  ['j', 'јϳɉյ'],
  ['k', 'кκᴋҝⲕ'],
  ['l', 'iіıɩιӏl1|ǀⅼⵏ׀ןΙІӀꙇ'],
  ['m', 'мᴍⅿⲙ'],
  ['n', 'пոռɴηⲛ'],
  ['o', '0оοσօᴏ໐০੦ⲟഠ൦'],
  ['p', 'рρᴘϱⲣ'],
  ['q', 'ԛգզϙ'],
  ['r', 'гᴦⲅꭇꮁʀ'],
  ['s', 'ѕƽꜱʂ'],
  ['t', 'тτᴛⲧ'],
  ['u', 'υսʋᴜцꭎ'],
  ['v', 'νѵᴠⅴꮩ'],
  ['w', 'ԝωɯᴡѡաꮃ'],
  ['x', 'хχ×ⅹⲭᕽ'],
  ['y', 'уүγʏყỿⲩ'],
  ['z', 'ᴢʐꮓ'],
];

const BY_SIGN: ReadonlyMap<string, string> = new Map(
  CONFUSABLES.flatMap(([letter, signs]) => [...signs].map((sign) => [sign.toLowerCase(), letter] as const)),
);

/**
 * What a name looks like: accents, case, blanks, punctuation and hidden characters left out, letters of other scripts
 * as the Latin ones they resemble. Two different names with one skeleton are look-alikes. For comparing only.
 */
export const nameSkeleton = (name: string): string =>
  [...name.normalize('NFKD').toLowerCase()]
    .map((sign) => BY_SIGN.get(sign) ?? sign)
    .join('')
    .replace(/[^\p{Letter}\p{Number}]|\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/rn/g, 'm')
    .replace(/vv/g, 'w');

/** A name for sorting and searching: composed, lower case, blanks run together. */
export const nameKey = (name: string): string =>
  name.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();

const LEGAL_FORMS =
  /\b(?:ab|ag|aps|as|asa|bhd|bv|co|company|corp|corporation|gmbh|inc|incorporated|kg|kk|limited|llc|llp|lp|ltd|mbh|nv|oy|oyj|plc|pte|pty|sa|sarl|sas|sdn|se|spa|srl|the|und|and|et)\b/g;

const nameWords = (name: string): string[] =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{Mark}/gu, '')
    .replace(/[.'’]/g, '')
    .replace(/[^\p{Letter}\p{Number}]+/gu, ' ')
    .replace(LEGAL_FORMS, ' ')
    .split(' ')
    .filter((word) => word !== '');

/**
 * True when two names cannot well mean the same party: less than half of the shorter name's words, legal forms left
 * out, stand in the other. A warning's ground, never a decision's.
 */
export const areNamesFarApart = (a: string, b: string): boolean => {
  const first = nameWords(a);
  const second = nameWords(b);
  if (first.length === 0 || second.length === 0) return nameKey(a) !== nameKey(b);
  const [shorter, longer] = first.length <= second.length ? [first, second] : [second, first];
  const words = new Set(longer);
  const shared = shorter.filter((word) => words.has(word)).length;
  return shared * 2 < shorter.length;
};
