/**
 * Which fragments of a message a part of a fountain holds (BCR-2024-001): the first `seqLen` parts one each, later ones
 * the exclusive-or of some, drawn by part number and message checksum. Fewer are likelier: the degree is drawn with
 * weights 1/d by alias sampling (Vose), in the reference implementation's order of work.
 */
import { createRandom, type Random } from './xoshiro';

export type DegreeSampler = (random: Random) => number;

/** Draws 1 … `count` with weights 1/d. */
export const createDegreeSampler = (count: number): DegreeSampler => {
  const weights = Array.from({ length: count }, (_, index) => 1 / (index + 1));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const rest = weights.map((weight) => (weight / sum) * count);
  const probabilities = new Array<number>(count).fill(1);
  const aliases = new Array<number>(count).fill(0);
  const small: number[] = [];
  const large: number[] = [];
  for (let index = count - 1; index >= 0; index -= 1)
    ((rest[index] as number) < 1 ? small : large).push(index);
  while (small.length > 0 && large.length > 0) {
    const under = small.pop() as number;
    const over = large.pop() as number;
    probabilities[under] = rest[under] as number;
    aliases[under] = over;
    const left = (rest[over] as number) + (rest[under] as number) - 1;
    rest[over] = left;
    (left < 1 ? small : large).push(over);
  }
  return (random) => {
    const first = random.nextDouble();
    const second = random.nextDouble();
    const index = Math.floor(count * first);
    return (second < (probabilities[index] as number) ? index : (aliases[index] as number)) + 1;
  };
};

/** Indexes from 0, in the order drawn. `seqNum` from 1. */
export type FragmentChooser = (seqNum: number) => readonly number[];

export const createFragmentChooser = (seqLen: number, checksum: number): FragmentChooser => {
  const sampleDegree = createDegreeSampler(seqLen);
  const seed = new Uint8Array(8);
  const view = new DataView(seed.buffer);
  return (seqNum) => {
    if (seqNum <= seqLen) return [seqNum - 1];
    view.setUint32(0, seqNum);
    view.setUint32(4, checksum);
    const random = createRandom(seed);
    const degree = sampleDegree(random);
    const remaining = Array.from({ length: seqLen }, (_, index) => index);
    const chosen: number[] = [];
    for (let count = 0; count < degree; count += 1)
      chosen.push(...remaining.splice(random.nextInt(0, remaining.length - 1), 1));
    return chosen;
  };
};

export const xorInto = (target: Uint8Array, source: Uint8Array): void => {
  for (let at = 0; at < source.length; at += 1) target[at] = (target[at] as number) ^ (source[at] as number);
};
