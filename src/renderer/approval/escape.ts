/**
 * Text from outside, made harmless to the eye: characters that are invisible, reorder text or control a terminal are
 * shown as their number.
 *
 * SECURITY: a right-to-left override can make an account name read as another; a zero-width character makes two names
 * look the same.
 */
export type Segment = { readonly text: string; readonly isEscaped: boolean };

/** Controls, format characters (bidi, zero width, tags), separators of lines, private use, surrogates, non-characters, fillers. */
const HIDDEN =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: single code points on purpose
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}\u115F\u1160\u3164\uFFA0\u2800\u034F\u17B4\u17B5\uFE00-\uFE0F]/u;
const MOST = 400;

export const escapeOutside = (text: string): readonly Segment[] => {
  const segments: Segment[] = [];
  let plain = '';
  const flush = (): void => {
    if (plain !== '') segments.push({ text: plain, isEscaped: false });
    plain = '';
  };
  for (const character of text.slice(0, MOST)) {
    if (!HIDDEN.test(character)) {
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
