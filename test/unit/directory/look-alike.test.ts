import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  areNamesFarApart,
  isLookAlikeAddress,
  lookKey,
  nameSkeleton,
} from '../../../src/shared/model/look-alike';
import { CASES, hasCases, readCases } from '../../support/cases';

describe('addresses', () => {
  it('are look-alikes when their ends agree and they are not the same', () => {
    const a = `0xAbC${'1'.repeat(33)}d00F`;
    expect(isLookAlikeAddress(a, `0xabc${'2'.repeat(33)}d00f`)).toBe(true);
    expect(isLookAlikeAddress(a, a.toLowerCase())).toBe(false);
    expect(isLookAlikeAddress(a, `0xabd${'1'.repeat(33)}d00f`)).toBe(false);
  });

  it('of any middle are found by one key', () => {
    const hex = (length: number) =>
      fc
        .array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
        .map((c) => c.join(''));
    fc.assert(
      fc.property(hex(3), hex(33), hex(33), hex(4), (head, one, other, tail) => {
        expect(lookKey(`0x${head}${one}${tail}`)).toBe(lookKey(`0x${head}${other}${tail}`.toUpperCase()));
      }),
    );
  });

  describe.skipIf(!hasCases('malformed/address_poisoning'))('of real poisoning', () => {
    it('are all recognised', () => {
      const text = readFileSync(join(CASES, 'malformed/address_poisoning/lookalike_pairs_a.csv'), 'utf8');
      const pairs = text
        .trim()
        .split(/\r?\n/)
        .slice(1)
        .map((line) => line.split(','));
      expect(pairs.length).toBeGreaterThan(20);
      for (const [twin = '', intended = ''] of pairs)
        expect([twin, isLookAlikeAddress(twin, intended)]).toEqual([twin, true]);
    });
  });
});

describe('names', () => {
  it.each([
    ['Acme Trading', 'Асmе Тrаding'], // Cyrillic А с е Т а
    ['Acme Trading', 'ACME  TRADING.'],
    ['Acme Trading', 'Ａｃｍｅ Trading'],
    ['Acme Trading', 'Acme\u200b Trading'],
    ['Paypal', 'PayPaI'],
    ['Modern Mills', 'Modem Mills'],
    ['Zoe', 'Zoë'],
    ['Global', 'G1obal'],
    ['Omega', 'Οmega'],
  ])('%s looks like %s', (a, b) => {
    expect(nameSkeleton(a)).toBe(nameSkeleton(b));
  });

  it('that are different stay different', () => {
    const names = [
      'Acme Trading',
      'Acme Traders',
      'Nordwind AG',
      '北京商贸',
      '上海商贸',
      'Ünal Tekstil',
      'Unilever',
    ];
    expect(new Set(names.map(nameSkeleton)).size).toBe(names.length);
  });

  it('are far apart only when they share little', () => {
    expect(areNamesFarApart('Müller Maschinenbau GmbH', 'MUELLER MASCHINENBAU')).toBe(false);
    expect(areNamesFarApart('Acme Ltd.', 'ACME LIMITED')).toBe(false);
    expect(areNamesFarApart('Acme Ltd', 'Globex Ltd')).toBe(true);
  });

  describe.skipIf(!hasCases('malformed/unicode'))('from the confusables list', () => {
    it('of Cyrillic, Greek and full-width letters are mostly caught', () => {
      const map = readCases<Record<string, string>>('malformed/unicode/unicode_confusables_map.json');
      const pairs = Object.entries(map).filter(
        ([source, target]) =>
          /^[a-zA-Z]$/.test(target) && /^[\p{Script=Cyrillic}\p{Script=Greek}\uff21-\uff5a]$/u.test(source),
      );
      const caught = pairs.filter(([source, target]) => nameSkeleton(source) === nameSkeleton(target));
      expect(pairs.length).toBeGreaterThan(60);
      expect(caught.length / pairs.length).toBeGreaterThan(0.8);
    });
  });
});
