import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cleanDigits,
  cleanWord,
  groupDigits,
  putWords,
  splitWords,
  WORD_COUNT,
} from '../../../src/renderer/approval/words';

const HEARD = 'harbor violin cactus orbit maple tunnel ribbon glacier pepper lantern saddle meadow'.split(
  ' ',
);

describe('words as they are typed', () => {
  it('are found in pasted text, with numbers and any signs between them', () => {
    for (const text of [
      HEARD.join(' '),
      HEARD.join(', '),
      HEARD.join('\n'),
      HEARD.map((word, index) => `${index + 1}. ${word.toUpperCase()}`).join('  '),
    ])
      expect(splitWords(text)).toEqual(HEARD);
  });

  it('fill the fields from where they are put and never more than there are', () => {
    const fields = Array.from({ length: WORD_COUNT }, () => '');
    expect(putWords(fields, 0, HEARD)).toEqual(HEARD);
    expect(putWords(fields, 10, HEARD)).toEqual([...fields.slice(0, 10), 'harbor', 'violin']);
    expect(putWords(HEARD, 3, ['order'])).toEqual(HEARD.with(3, 'order'));
  });

  it('are lower-case letters whatever was typed, at most twenty', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.integer({ min: 1, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
        (typed) => {
          expect(cleanWord(typed)).toMatch(/^[a-z]{0,20}$/);
          for (const word of splitWords(typed)) expect(word).toMatch(/^[a-z]{1,20}$/);
        },
      ),
    );
    expect(cleanWord('  Glacier! ')).toBe('glacier');
  });
});

describe('digits as they are spoken', () => {
  it('come back from their groups', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), (n) => {
        const digits = String(n).padStart(8, '0');
        expect(groupDigits(digits)).toMatch(/^\d{4} \d{4}$/);
        expect(cleanDigits(groupDigits(digits))).toBe(digits);
      }),
    );
    expect(cleanDigits('4071-8263 99')).toBe('40718263');
  });
});
