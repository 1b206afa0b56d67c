/**
 * Two copies of one envelope made one. Both sides are opened copies (./open): every act is verified and of this digest.
 *
 * The rule: acts are only ever added. An act of the same kind by the same key must be the same act; only of `send`, which
 * tells where payments stand, the later one takes the earlier one's place. A person who wants to act again does so on a new
 * envelope. So the result does not depend on the order in which copies come, and nothing that was signed is lost.
 */
import { type Canonical, canonicalJson } from '../../shared/canonical';
import { AppError } from '../../shared/errors';
import type { Act } from '../../shared/model/envelope';
import { compareActs } from './acts';
import { momentOf } from './time';

const MAX_ACTS = 1000;

export type Combined = {
  /** In the file's order. */
  readonly acts: readonly Act[];
  /** `unchanged`: the copy brought nothing that was not known. */
  readonly outcome: 'merged' | 'unchanged';
};

const textOf = (act: Act): string => canonicalJson(act as unknown as Canonical);
const slotOf = (act: Act): string => `${act.kind} ${act.by.key.toLowerCase()}`;

/** Of two different `send` acts of one key the one that stays: the later; at the same time, by text, always the same. */
const laterOf = (a: Act, b: Act): Act => {
  const [x, y] = [momentOf(a.at) ?? 0, momentOf(b.at) ?? 0];
  if (x !== y) return x > y ? a : b;
  return textOf(a) > textOf(b) ? a : b;
};

/** SECURITY: two signatures for one line would be two transactions with one nonce. Nobody chooses between them. */
const requireOneSignature = (acts: Iterable<Act>): void => {
  const signatures = new Map<number, string>();
  for (const act of acts) {
    if (act.kind !== 'sign') continue;
    for (const { line, signature } of act.body.signatures) {
      const before = signatures.get(line);
      if (before !== undefined && before !== signature)
        throw new AppError('envelope/conflict', { what: 'signature', line, name: act.by.name });
      signatures.set(line, signature);
    }
  }
};

/**
 * `known` and what a copy brings. Throws `envelope/conflict` (what: `act` | `signature` | `too-many-acts`; kind, name, line)
 * where they contradict each other; nothing is taken then.
 */
export const combine = (known: readonly Act[], incoming: readonly Act[]): Combined => {
  const bySlot = new Map(known.map((act) => [slotOf(act), act] as const));
  let isChanged = false;
  for (const act of incoming) {
    const before = bySlot.get(slotOf(act));
    if (before !== undefined) {
      // The signature covers the act; equal signatures of other content would not have been verified.
      if (before.signature === act.signature && textOf(before) === textOf(act)) continue;
      if (act.kind !== 'send')
        throw new AppError('envelope/conflict', { what: 'act', kind: act.kind, name: act.by.name });
      if (laterOf(before, act) === before) continue;
    }
    bySlot.set(slotOf(act), act);
    isChanged = true;
  }
  requireOneSignature(bySlot.values());
  if (bySlot.size > MAX_ACTS) throw new AppError('envelope/conflict', { what: 'too-many-acts' });
  return { acts: [...bySlot.values()].sort(compareActs), outcome: isChanged ? 'merged' : 'unchanged' };
};
