import type { ErrorCode } from '../../shared/errors';
import { CHANGED_NOTHING, SENT_NOTHING, type Words, w } from './error-words';

/** Words for what goes wrong between people and machines: envelopes, policies, cards, the journal, clocks. */
export const EXCHANGE_ERROR_TEXT = {
  'envelope/unknown': w(
    'This envelope is not on this machine.',
    CHANGED_NOTHING,
    'Read its file again, or ask its maker for it.',
  ),
  'envelope/malformed': w(
    'This is no envelope, policy or card that Nostro can read.',
    'Nothing of it was taken in.',
    'If it came from Nostro, it was damaged or changed on its way: ask for it again.',
  ),
  'envelope/not-canonical': w(
    'This file was rewritten by another program.',
    'Nothing of it was taken in.',
    'Its content may be the same, but what people signed cannot be told from it. Ask for the original file.',
  ),
  'envelope/newer-version': w(
    'This file comes from a newer version of Nostro.',
    'Nothing of it was taken in.',
    'Install the newer version on this machine, or ask for a file from the same version.',
  ),
  'envelope/digest-mismatch': w(
    'The content of this file is not what its digest stands for.',
    'Nothing of it was taken in.',
    'It was damaged or changed on its way. Ask its maker for it again, and compare the words by voice.',
  ),
  'envelope/bad-signature': w(
    'A signature in this file does not fit what it stands for.',
    'Nothing of it was taken in.',
    'It was damaged or forged on its way. Call the person who is named, and ask for the file again.',
  ),
  'envelope/inconsistent': w(
    'This file contradicts itself: what it shows and what would be signed differ.',
    'Nothing of it was taken in.',
    'Do not use any copy of it. Call its maker and your security officer.',
  ),
  'envelope/conflict': w(
    'Two copies of this envelope contradict each other and cannot be combined.',
    'The copy that was here is unchanged.',
    'Find out where the other copy comes from before anybody signs or sends.',
  ),
  'envelope/foreign-company': w(
    'This belongs to another company.',
    'Nothing of it was taken in.',
    'Open it in the workspace of that company.',
  ),
  'envelope/unknown-policy': w(
    'This was made under a policy that is not in force on this machine.',
    'Nothing of it was taken in.',
    'Read the company’s current policy first under Settings, People. If the policy has changed since, the maker makes the envelope again.',
  ),
  'envelope/actor-not-entitled': w(
    'Somebody acted on this who may not by the policy.',
    'Nothing of it was taken in.',
    'Compare the name with Settings, People, and call the maker.',
  ),
  'envelope/wrong-state': w(
    'The envelope has moved on meanwhile.',
    CHANGED_NOTHING,
    'Look at its way through the roles: it shows who acted and what comes next.',
  ),
  'envelope/refused-by-check': w(
    'The checks of this machine refuse the envelope.',
    'Nothing was signed. Nothing was sent.',
    'Read the findings: each says what is wrong. What is out of date here comes with the current directory file or policy.',
  ),
  'envelope/approvals-missing': w(
    'The envelope does not have the approvals that the policy asks for.',
    SENT_NOTHING,
    'Give it to the approvers, then read their copies here.',
  ),
  'envelope/already-signed': w(
    'This machine has signed one of these payments before, or another payment in its place.',
    'Nothing was signed.',
    'Look for the earlier envelope and what became of it. A payment is signed once.',
  ),
  'envelope/expired': w(
    'The envelope is past its expiry.',
    SENT_NOTHING,
    'Ask its maker to make it again with today’s fees and checks. If the date looks wrong, check the clock of this machine.',
  ),
  'envelope/too-large-for-qr': w(
    'This is too large for QR codes.',
    CHANGED_NOTHING,
    'Save it as a file and carry it on a removable drive.',
  ),
  'policy/missing': w(
    'No policy is in force on this machine.',
    CHANGED_NOTHING,
    'Draft or read your company’s policy under Settings, People.',
  ),
  'policy/unknown': w(
    'This policy is not on this machine any more.',
    CHANGED_NOTHING,
    'Read its file again, or draft it again.',
  ),
  'policy/invalid': w(
    'This policy could not be followed.',
    'The policy in force is unchanged.',
    'Mend what is named below: names and keys once each, amounts in plain figures, enough approvers besides each maker.',
  ),
  'policy/foreign': w(
    'This policy belongs to another company.',
    'The policy in force is unchanged.',
    'Open it in the workspace of that company. If it names yours, call whoever gave it to you.',
  ),
  'policy/older': w(
    'This policy is older than the one in force.',
    'The policy in force is unchanged: an older one never comes back.',
    'Ask for the current one.',
  ),
  'policy/gap': w(
    'A policy between the one in force here and this one is missing.',
    'The policy in force is unchanged.',
    'Read the ones in between first, in their order.',
  ),
  'policy/fork': w(
    'This policy does not follow from the one in force.',
    'The policy in force is unchanged.',
    'There are two policies with one number. Agree with the approvers on one before anybody signs.',
  ),
  'policy/role-missing': w(
    'The policy does not give you the role for this.',
    CHANGED_NOTHING,
    'Ask somebody who has it, or have the policy changed under Settings, People.',
  ),
  'policy/own-batch': w(
    'Nobody approves a batch that they made.',
    'Nothing was approved.',
    'Give the envelope to another approver.',
  ),
  'policy/envelope-needed': w(
    'By the policy this needs others: it cannot be signed here alone.',
    SENT_NOTHING,
    'Make an envelope of the batch and give it to the approvers.',
  ),
  'policy/name-is-fixed': w(
    'The policy gives you your name.',
    CHANGED_NOTHING,
    'To change it, have the policy changed.',
  ),
  'person/name-missing': w(
    'There is no signed card of yours yet.',
    CHANGED_NOTHING,
    'Enter your name under Settings, People, and save your card as a file once. Then it can be shown as well.',
  ),
  'person/invalid-card': w(
    'This card is not right: its signature does not fit its name and key.',
    'Nothing of it was taken in.',
    'Ask its owner to save it again.',
  ),
  'journal/tampered': w(
    'The journal of this workspace was changed outside of Nostro.',
    'Nothing was opened, signed or sent.',
    'Stop working with this workspace. Keep its folder as it is for your auditor, and restore a backup.',
  ),
  'clock/set-back': w(
    'The clock of this machine is behind what it has already seen, or what it was given.',
    'Nothing was signed. Nothing was sent.',
    'Set the clock of this machine right, then try again. Where it is right, the clock of the machine that wrote the file is ahead.',
  ),
} satisfies Partial<Record<ErrorCode, Words>>;
