import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksumAddress, parseAddress } from '../../../src/main/chain/address';

/** From EIP-55. */
const VECTORS = [
  '0x52908400098527886E0F7030069857D2E4169EE7',
  '0x8617E340B3D01FA5F11F306F4090FD50E238070D',
  '0xde709f2102306220921060314715629080e2fb77',
  '0x27b1fdb04752bbc536007a920d24acb045561c26',
  '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
  '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
  '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
] as const;

describe('addresses', () => {
  it.each(VECTORS)('%s is its own checksum form, strictly too', (address) => {
    expect(checksumAddress(address)).toBe(address);
    expect(parseAddress(address, true)).toEqual({ ok: true, address });
    expect(parseAddress(address.toLowerCase())).toEqual({ ok: true, address });
  });

  it('without a checksum are refused where one is demanded', () => {
    const [, , , , address] = VECTORS;
    expect(parseAddress(address.toLowerCase(), true)).toEqual({ ok: false, code: 'checksum' });
    expect(parseAddress(`0x${address.slice(2).toUpperCase()}`, true)).toEqual({
      ok: false,
      code: 'checksum',
    });
    expect(parseAddress(`0x${'0'.repeat(40)}`, true).ok).toBe(true);
  });

  it('with one changed letter case are refused always', () => {
    fc.assert(
      fc.property(fc.constantFrom(...VECTORS.slice(4)), fc.nat(39), (address, at) => {
        const letter = address[2 + at] ?? '';
        const flipped = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
        fc.pre(flipped !== letter);
        const changed = address.slice(0, 2 + at) + flipped + address.slice(3 + at);
        expect(parseAddress(changed)).toEqual({ ok: false, code: 'checksum' });
      }),
    );
  });

  it('of any other form are invalid', () => {
    for (const text of [
      '',
      '0x',
      VECTORS[0].slice(2),
      `${VECTORS[0]}0`,
      VECTORS[0].slice(0, -1),
      `0X${VECTORS[0].slice(2)}`,
      ` ${VECTORS[0]}`,
      `${VECTORS[0]}\n`,
    ])
      expect(parseAddress(text)).toEqual({ ok: false, code: 'invalid' });
  });
});
