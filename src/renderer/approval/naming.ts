import { approval } from '../../../assets/locales/en/approval';
import type { ApprovalDocument } from '../../shared/contract';
import { showCount, showMoney } from './format';

/** `USD 4,310,220.50 + 4 more currencies`; empty where nothing is paid. Abbreviates no amount. */
const nameAmounts = ({ sums }: ApprovalDocument): string => {
  const [first, ...rest] = sums;
  if (first === undefined) return '';
  const amount = showMoney(first.currency, first.sum.units, first.sum.decimals);
  return `${amount}${rest.length === 0 ? '' : approval.more(rest.length)}`;
};

/** `24 payments` or `1 cancellation`. */
export const nameCount = ({ count }: ApprovalDocument, isCancellation: boolean): string =>
  isCancellation ? approval.cancels(showCount(count), count) : approval.payments(showCount(count), count);

/**
 * An approver signs a policy. On anybody else's machine a yes makes the company's first policy count there: the later ones
 * follow from it.
 */
export const isTakingIn = ({ policy }: ApprovalDocument): boolean => policy !== null && !policy.waitsForMe;

/** Approvals that count so far, and which one a yes would be. */
export const placeOfApproval = ({ envelope, policy }: ApprovalDocument): string => {
  if (policy !== null) {
    const given = policy.approvals.filter(({ counts }) => counts).length;
    return approval.envelope.ofNeeded(showCount(given + 1), showCount(Math.max(policy.needed, given + 1)));
  }
  if (envelope === null) return '';
  const given = envelope.acts.filter(({ kind, problem }) => kind === 'approve' && problem === null).length;
  return approval.envelope.ofNeeded(
    showCount(given + 1),
    showCount(Math.max(envelope.approvalsNeeded, given + 1)),
  );
};

/** `2 of 2`: approvals of a policy that count. */
const countApprovals = ({ policy }: ApprovalDocument): string =>
  approval.envelope.ofNeeded(
    showCount((policy?.approvals ?? []).filter(({ counts }) => counts).length),
    showCount(policy?.needed ?? 0),
  );

/** What the window is for, and what a yes means. */
export const nameWindow = (
  document: ApprovalDocument,
  isCancellation: boolean,
): { readonly title: string; readonly origin: string } => {
  const { act, kind, policy } = document;
  const { acts } = approval;
  switch (act) {
    case 'pay':
      return {
        title: isCancellation ? approval.cancellationTitle : approval.titles[kind],
        origin: approval.origin,
      };
    case 'approve':
    case 'sign':
      return {
        title: kind === 'replacement' ? acts[act].replacementTitle : acts[act].title,
        origin: acts[act].origin(placeOfApproval(document)),
      };
    case 'compare':
      return { title: acts.compare.title, origin: acts.compare.origin() };
    case 'adopt':
      return {
        title: isTakingIn(document)
          ? acts.adopt.takeTitle
          : acts.adopt.title(showCount(policy?.content.number ?? 0)),
        origin: isTakingIn(document)
          ? acts.adopt.takeOrigin(countApprovals(document))
          : acts.adopt.origin(placeOfApproval(document)),
      };
  }
};

/** The button repeats verb, count and sum: `Sign 24 payments, USD 4,310,220.50 + 4 more currencies`. */
export const nameYes = (document: ApprovalDocument, isCancellation: boolean): string => {
  const amounts = nameAmounts(document);
  const counted = nameCount(document, isCancellation);
  const isReplacement = document.kind === 'replacement';
  switch (document.act) {
    case 'adopt':
      return (isTakingIn(document) ? approval.takeButton : approval.adoptButton)(
        showCount(document.policy?.content.number ?? 0),
      );
    case 'approve':
      if (isCancellation) return approval.approveCancel;
      return isReplacement ? approval.approveReplacement(amounts) : approval.approve(counted, amounts);
    default:
      if (isCancellation) return approval.signCancel;
      return isReplacement ? approval.signReplacement(amounts) : approval.sign(counted, amounts);
  }
};

export const nameNo = (document: ApprovalDocument, isCancellation: boolean): string =>
  approval.reject.button(nameCount(document, isCancellation), nameAmounts(document));
