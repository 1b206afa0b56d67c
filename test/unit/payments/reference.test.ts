import { describe, expect, it } from 'vitest';
import { documentHash, newReference, writeDocument } from '../../../src/main/payments/reference';
import { encodeMemo, REFERENCE_PATTERN } from '../../../src/shared/evm/calldata';

describe('PaymentRef v1', () => {
  it('meets the published vector', () => {
    const document = writeDocument({
      rmt: 'INV 2026-00417',
      e2e: 'K7Q2M9X4T1B8R6WZ',
      ccy: 'USD',
      amount: '125000.00',
    });
    expect(document).toBe(
      '{"amount":"125000.00","ccy":"USD","e2e":"K7Q2M9X4T1B8R6WZ","rmt":"INV 2026-00417"}',
    );
    expect(documentHash(document)).toBe('0xc7e6c7d7a0e4b9a8aa5e2cfd989a77348bda56f042c6d7ef119069b896964411');
    expect(encodeMemo('K7Q2M9X4T1B8R6WZ')).toBe(
      '0x4b3751324d395834543142385236575a00000000000000000000000000000000',
    );
  });

  it('gives references of 16 characters that use all of Crockford base-32 and do not repeat', () => {
    const references = Array.from({ length: 2000 }, newReference);
    expect(references.every((reference) => REFERENCE_PATTERN.test(reference))).toBe(true);
    expect(new Set(references).size).toBe(references.length);
    expect(new Set(references.join('')).size).toBe(32);
  });
});
