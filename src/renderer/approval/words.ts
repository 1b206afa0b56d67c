/** How many words are read and compared. */
export const WORD_COUNT = 12;
export const CHALLENGE_DIGITS = 8;
/** The longest word that main takes. */
const MOST_LETTERS = 20;

/** A typed word as it is compared: lower case, letters only. */
export const cleanWord = (typed: string): string =>
  typed
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z]/g, '')
    .slice(0, MOST_LETTERS);

/** Words of pasted or quickly typed text: numbers, points and commas between them are left out. */
export const splitWords = (text: string): readonly string[] =>
  text
    .split(/[\s,;.:\d]+/)
    .map(cleanWord)
    .filter((word) => word !== '');

/** Puts words into the fields from `at` on; what has no field is left out. Other fields stay. */
export const putWords = (
  fields: readonly string[],
  at: number,
  words: readonly string[],
): readonly string[] => fields.map((old, index) => words[index - at] ?? old);

/** The digits of a typed challenge, spaces and dashes left out. */
export const cleanDigits = (typed: string): string => typed.replace(/\D/g, '').slice(0, CHALLENGE_DIGITS);

/** `4071 8263`, as it is spoken. */
export const groupDigits = (digits: string): string => (digits.match(/.{1,4}/g) ?? []).join(' ');
