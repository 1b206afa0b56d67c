/** Check digits of the identifiers that sandbox parties carry: LEI (ISO 17442) and IBAN (ISO 13616), both ISO 7064 mod 97-10. */

const toDigits = (text: string): string =>
  Array.from(text, (character) => Number.parseInt(character, 36).toString()).join('');

const mod97 = (digits: string): number => {
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
  return rest;
};

const checkDigits = (text: string): string => String(98 - mod97(toDigits(`${text}00`))).padStart(2, '0');

/** LEI from its first 18 characters. */
export const makeLei = (base: string): string => {
  if (!/^[0-9A-Z]{18}$/.test(base))
    throw new Error(`an LEI has 18 characters before its check digits: ${base}`);
  return base + checkDigits(base);
};

/** IBAN from the country and its national account number, without spaces. */
export const makeIban = (country: string, bban: string): string =>
  country + checkDigits(bban + country) + bban;

export const isLei = (text: string): boolean =>
  /^[0-9A-Z]{18}[0-9]{2}$/.test(text) && mod97(toDigits(text)) === 1;

export const isIban = (text: string): boolean =>
  /^[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}$/.test(text) && mod97(toDigits(text.slice(4) + text.slice(0, 4))) === 1;
