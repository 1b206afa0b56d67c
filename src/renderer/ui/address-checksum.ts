/**
 * EIP-55 for what a person types: a slip of one digit is said beside the field, before main is asked. Main checks again.
 *
 * Keccak-256 of the 40 lower-case digits (one block) decides which letters are capitals.
 */
const MASK = (1n << 64n) - 1n;
const RATE_BYTES = 136;

/** Rotation of the lane at `x + 5 y`, and where the lane goes (FIPS 202, ρ and π). */
const ROTATIONS = [
  0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14,
];

const rotate = (lane: bigint, by: number): bigint =>
  by === 0 ? lane : ((lane << BigInt(by)) | (lane >> BigInt(64 - by))) & MASK;

/** The 24 round constants, from the shift register of FIPS 202, ι. */
const ROUND_CONSTANTS: readonly bigint[] = (() => {
  const constants: bigint[] = [];
  let register = 1;
  for (let round = 0; round < 24; round++) {
    let constant = 0n;
    for (let bit = 0; bit < 7; bit++) {
      if (register & 1) constant |= 1n << BigInt(2 ** bit - 1);
      register = (register << 1) ^ (register & 0x80 ? 0x171 : 0);
    }
    constants.push(constant);
  }
  return constants;
})();

const permute = (state: bigint[]): void => {
  const at = (index: number): bigint => state[index] ?? 0n;
  for (const constant of ROUND_CONSTANTS) {
    const column = [0, 1, 2, 3, 4].map((x) => at(x) ^ at(x + 5) ^ at(x + 10) ^ at(x + 15) ^ at(x + 20));
    const moved: bigint[] = new Array(25).fill(0n);
    for (let index = 0; index < 25; index++) {
      const x = index % 5;
      const y = (index - x) / 5;
      const mixed = at(index) ^ (column[(x + 4) % 5] ?? 0n) ^ rotate(column[(x + 1) % 5] ?? 0n, 1);
      moved[y + 5 * ((2 * x + 3 * y) % 5)] = rotate(mixed, ROTATIONS[index] ?? 0);
    }
    for (let index = 0; index < 25; index++) {
      const row = index - (index % 5);
      const next = moved[row + ((index + 1) % 5)] ?? 0n;
      const afterNext = moved[row + ((index + 2) % 5)] ?? 0n;
      state[index] = (moved[index] ?? 0n) ^ (~next & MASK & afterNext);
    }
    state[0] = at(0) ^ constant;
  }
};

/** Keccak-256 of ASCII text shorter than one block, as hex without `0x`. */
export const keccak256OfAscii = (text: string): string => {
  if (text.length >= RATE_BYTES) throw new Error('one block only');
  const block = new Uint8Array(RATE_BYTES);
  for (let index = 0; index < text.length; index++) block[index] = text.charCodeAt(index);
  block[text.length] = 0x01;
  block[RATE_BYTES - 1] = (block[RATE_BYTES - 1] ?? 0) | 0x80;
  const words = new DataView(block.buffer);
  const state: bigint[] = new Array(25).fill(0n);
  for (let lane = 0; lane < RATE_BYTES / 8; lane++) state[lane] = words.getBigUint64(lane * 8, true);
  permute(state);
  const digest = new DataView(new ArrayBuffer(32));
  for (let lane = 0; lane < 4; lane++) digest.setBigUint64(lane * 8, state[lane] ?? 0n, true);
  return [...new Uint8Array(digest.buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
};

/** The address with the capitals that EIP-55 asks for. `address` is `0x` and 40 hexadecimal digits in any case. */
export const toChecksumAddress = (address: string): string => {
  const digits = address.slice(2).toLowerCase();
  const hash = keccak256OfAscii(digits);
  return `0x${[...digits].map((digit, index) => (Number.parseInt(hash[index] ?? '0', 16) >= 8 ? digit.toUpperCase() : digit)).join('')}`;
};

/** `unchecked`: all letters of one case, so that nothing tells a slip from the truth. */
export const checkAddressText = (text: string): 'ok' | 'form' | 'checksum' | 'unchecked' => {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) return 'form';
  if (toChecksumAddress(text) === text) return 'ok';
  const digits = text.slice(2);
  return digits === digits.toLowerCase() || digits === digits.toUpperCase() ? 'unchecked' : 'checksum';
};
