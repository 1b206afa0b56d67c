/**
 * Text from outside, made harmless to the eye: characters that are invisible, reorder text or control a terminal are
 * shown as their number, and so are letters that imitate Latin ones within a Latin word.
 *
 * SECURITY: a right-to-left override can make an account name read as another; a zero-width character or a Cyrillic letter
 * among Latin ones makes two names look the same.
 */
export type Segment = { readonly text: string; readonly isEscaped: boolean };

/** Controls, format characters (bidi, zero width, tags), separators of lines, private use, surrogates, non-characters, fillers. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800]/u;
const MOST = 400;

const WORD = /[\p{Letter}\p{Mark}]+/gu;
/** Scripts with letters that are drawn like Latin ones. */
const IMITATING =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}]/u;

/** Where letters of other scripts stand in words that have Latin ones too: index of each in UTF-16 units. */
const findImitations = (text: string): ReadonlySet<number> => {
  const found = new Set<number>();
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (!/\p{Script=Latin}/u.test(word) || !IMITATING.test(word)) continue;
    let at = index;
    for (const character of word) {
      if (IMITATING.test(character)) found.add(at);
      at += character.length;
    }
  }
  return found;
};

export const escapeOutside = (text: string): readonly Segment[] => {
  const segments: Segment[] = [];
  let plain = '';
  const flush = (): void => {
    if (plain !== '') segments.push({ text: plain, isEscaped: false });
    plain = '';
  };
  const head = text.slice(0, MOST);
  const imitations = findImitations(head);
  let at = 0;
  for (const character of head) {
    const isImitation = imitations.has(at);
    at += character.length;
    if (!isImitation && !HIDDEN.test(character)) {
      plain += character;
      continue;
    }
    flush();
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    segments.push({ text: `U+${code}`, isEscaped: true });
  }
  flush();
  if (text.length > MOST) segments.push({ text: `… (${text.length})`, isEscaped: true });
  return segments;
};
