/**
 * Own acts that come back against the own journal: each says how long the journal was when it was made.
 *
 * SECURITY: an act that is beyond this journal was made by a later state of this workspace, which has signed what this one
 * knows nothing of. So nothing is approved or signed here any more, in whatever envelope. A workspace that began after the
 * act is another one of the same person, made from the recovery words: there it is said where it is seen.
 */
import type { Hash32, Instant } from '../../shared/model/ids';
import type { Findings } from './check-findings';

/** Own acts whose place in the journal is not there, or is another one. `firstAt`: of the first entry, `null` without any. */
export type BeyondJournal = {
  readonly firstAt: Instant | null;
  readonly acts: readonly { readonly digest: Hash32; readonly at: Instant }[];
};

export const checkOwnJournal = (
  digest: Hash32,
  { firstAt, acts }: BeyondJournal,
  findings: Findings,
): void => {
  findings.look('journal', 0);
  const isOlderCopy = ({ at }: { readonly at: Instant }): boolean =>
    firstAt !== null && Date.parse(firstAt) <= Date.parse(at);
  const refused = acts.filter(isOlderCopy);
  if (refused[0]) findings.note('refused', 'journal', { count: refused.length, text: refused[0].at });
  const elsewhere = acts.filter((act) => act.digest === digest && !isOlderCopy(act));
  if (elsewhere[0]) findings.note('warning', 'journal', { count: elsewhere.length, text: elsewhere[0].at });
};
