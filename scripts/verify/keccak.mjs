/**
 * Keccak-256 as Ethereum uses it (padding 0x01, not SHA-3's 0x06), after the Keccak reference: state of 25 lanes of 64 bits,
 * each kept as two 32-bit halves, because BigInt would be thirty times slower.
 */
const RATE = 136; // bytes of a block: 1600 - 2·256 bits
const ROUNDS = 24;

/** Round constants from the reference's LFSR, and the offsets of rho, so that no table has to be trusted. */
const { RC_LO, RC_HI } = (() => {
  const lo = new Uint32Array(ROUNDS);
  const hi = new Uint32Array(ROUNDS);
  let lfsr = 1;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let j = 0; j <= 6; j += 1) {
      const position = (1 << j) - 1;
      if (lfsr & 1) {
        if (position < 32) lo[round] ^= 1 << position;
        else hi[round] ^= 1 << (position - 32);
      }
      lfsr = lfsr & 0x80 ? ((lfsr << 1) ^ 0x171) & 0xff : lfsr << 1;
    }
  }
  return { RC_LO: lo, RC_HI: hi };
})();
/** Lane visited at each step of rho and pi, and how far it turns: (x, y) → (y, 2x + 3y). */
const { TO, TURN } = (() => {
  const to = [];
  const turn = [];
  let [x, y] = [1, 0];
  for (let t = 0; t < 24; t += 1) {
    turn.push((((t + 1) * (t + 2)) / 2) % 64);
    [x, y] = [y, (2 * x + 3 * y) % 5];
    to.push(x + 5 * y);
  }
  return { TO: to, TURN: turn };
})();

/** One permutation of the state `lo`, `hi` (25 lanes each). */
function permute(lo, hi) {
  const clo = new Uint32Array(5);
  const chi = new Uint32Array(5);
  for (let round = 0; round < ROUNDS; round += 1) {
    // theta: every lane takes in the parity of two columns.
    for (let x = 0; x < 5; x += 1) {
      clo[x] = lo[x] ^ lo[x + 5] ^ lo[x + 10] ^ lo[x + 15] ^ lo[x + 20];
      chi[x] = hi[x] ^ hi[x + 5] ^ hi[x + 10] ^ hi[x + 15] ^ hi[x + 20];
    }
    for (let x = 0; x < 5; x += 1) {
      const [left, right] = [(x + 4) % 5, (x + 1) % 5];
      const dlo = clo[left] ^ ((clo[right] << 1) | (chi[right] >>> 31));
      const dhi = chi[left] ^ ((chi[right] << 1) | (clo[right] >>> 31));
      for (let at = x; at < 25; at += 5) {
        lo[at] ^= dlo;
        hi[at] ^= dhi;
      }
    }
    // rho and pi: lanes turn and change places along one path.
    let [carryLo, carryHi] = [lo[1], hi[1]];
    for (let step = 0; step < 24; step += 1) {
      const at = TO[step];
      const by = TURN[step] % 32;
      const isSwapped = TURN[step] >= 32;
      const [a, b] = isSwapped ? [carryHi, carryLo] : [carryLo, carryHi];
      [carryLo, carryHi] = [lo[at], hi[at]];
      lo[at] = by === 0 ? a : (a << by) | (b >>> (32 - by));
      hi[at] = by === 0 ? b : (b << by) | (a >>> (32 - by));
    }
    // chi: the only step that is not linear.
    for (let row = 0; row < 25; row += 5) {
      for (let x = 0; x < 5; x += 1) {
        clo[x] = lo[row + x];
        chi[x] = hi[row + x];
      }
      for (let x = 0; x < 5; x += 1) {
        lo[row + x] = clo[x] ^ (~clo[(x + 1) % 5] & clo[(x + 2) % 5]);
        hi[row + x] = chi[x] ^ (~chi[(x + 1) % 5] & chi[(x + 2) % 5]);
      }
    }
    // iota
    lo[0] ^= RC_LO[round];
    hi[0] ^= RC_HI[round];
  }
}

/** `bytes` → 32 bytes. */
export function keccak256(bytes) {
  const lo = new Uint32Array(25);
  const hi = new Uint32Array(25);
  const padded = new Uint8Array(Math.floor(bytes.length / RATE) * RATE + RATE);
  padded.set(bytes);
  padded[bytes.length] ^= 0x01;
  padded[padded.length - 1] ^= 0x80;
  const view = new DataView(padded.buffer);
  for (let block = 0; block < padded.length; block += RATE) {
    for (let lane = 0; lane < RATE / 8; lane += 1) {
      lo[lane] ^= view.getUint32(block + lane * 8, true);
      hi[lane] ^= view.getUint32(block + lane * 8 + 4, true);
    }
    permute(lo, hi);
  }
  const out = new Uint8Array(32);
  const result = new DataView(out.buffer);
  for (let lane = 0; lane < 4; lane += 1) {
    result.setUint32(lane * 8, lo[lane], true);
    result.setUint32(lane * 8 + 4, hi[lane], true);
  }
  return out;
}
