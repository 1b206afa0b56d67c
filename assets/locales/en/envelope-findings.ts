import type { EnvelopeFinding } from '../../../src/shared/contract';

/** Names of the checks that a machine makes of an envelope, and what each result means. Used by two windows. */
export const findings = {
  digest: 'Digest',
  totals: 'Count and sums',
  bytes: 'Transactions read back',
  'act-signatures': 'Signatures of people',
  'transaction-signatures': 'Signatures of payments',
  'maker-role': 'The maker’s role',
  approvals: 'Approvals',
  rejected: 'Rejected',
  expired: 'Expiry',
  policy: 'Policy',
  'chain-known': 'Networks',
  'token-known': 'Tokens',
  'token-facts': 'Token facts',
  'account-known': 'Own accounts',
  'account-key': 'Keys of the accounts',
  'creditor-known': 'Creditors',
  'look-alike': 'Look-alike accounts',
  nonces: 'Sequence numbers',
  'already-signed': 'Signed before',
  'facts-age': 'Age of the facts',
  clock: 'Clock of this machine',
  journal: 'Journal of this machine',
  'preflight-unknown': 'Trial run of the maker',
  'holds-released': 'Released warnings',
  'first-payment': 'First payments',
  voice: 'Comparison by voice',
  funds: 'Balance',
  'live-token': 'Token on its network, now',
  'live-nonces': 'Sequence numbers on the network, now',
} satisfies Record<EnvelopeFinding['code'], string>;

/** Results that count lines; others count networks, tokens, accounts, people or warnings. */
export const countsLines = (code: EnvelopeFinding['code']): boolean =>
  [
    'bytes',
    'transaction-signatures',
    'creditor-known',
    'look-alike',
    'nonces',
    'already-signed',
    'preflight-unknown',
    'first-payment',
  ].includes(code);

type Meaning = Readonly<Record<EnvelopeFinding['verdict'], string>>;
const same = (text: string): Meaning => ({ refused: text, unchecked: text, warning: text, passed: text });

/** What the result of a check says. `n` is a counted noun such as `3 payments`; the count stands beside it. */
export const findingMeanings = {
  digest: {
    ...same('The content gives the digest that everybody signed.'),
    refused: 'The content does not give the digest.',
  },
  totals: {
    ...same('Count and sums follow from the lines.'),
    refused: 'Count or sums do not follow from the lines.',
  },
  bytes: {
    ...same('Every transaction was read back and says what its line says.'),
    refused: 'A transaction does not say what its line says.',
  },
  'act-signatures': {
    ...same('Every act carries the signature of the person it names.'),
    refused: 'An act does not carry the signature of the person it names.',
  },
  'transaction-signatures': {
    ...same('Every signature belongs to its transaction and its account.'),
    refused: 'A signature does not belong to its transaction or account.',
  },
  'maker-role': {
    ...same('The maker may make batches by the policy.'),
    refused: 'The policy does not know its maker as a maker.',
  },
  approvals: {
    ...same('It has the approvals that the policy asks for.'),
    refused: 'Approvals that the policy asks for are missing.',
    warning: 'Approvals are still missing.',
    unchecked: 'The approvals could not be checked without the policy.',
  },
  rejected: {
    ...same('Nobody has rejected it.'),
    refused: 'Somebody has rejected it.',
    warning: 'Somebody has rejected it.',
  },
  expired: { ...same('It has not expired.'), refused: 'Its plan of fees and sequence numbers has expired.' },
  policy: {
    ...same('It was made under the policy in force here.'),
    refused: 'It was made under a policy that is not in force here.',
    unchecked: 'No policy is in force on this machine.',
  },
  'chain-known': {
    ...same('Every network is known here under the same id.'),
    refused: 'A network is not known here.',
    unchecked: 'A network is not known here.',
  },
  'token-known': {
    ...same('Every token is approved on this machine.'),
    refused: 'A token is not approved on this machine.',
    unchecked: 'A token is not approved on this machine.',
  },
  'token-facts': {
    ...same('Token facts are those that were approved here.'),
    refused: 'A token is not as it was when it was approved here.',
    warning: 'A token differs from what was approved here.',
  },
  'account-known': {
    ...same('Every paying account is an own account here.'),
    refused: 'A paying account is not an own account here.',
    unchecked: 'A paying account is not known here.',
  },
  'account-key': {
    ...same('This machine has the keys of the paying accounts.'),
    refused: 'This machine does not have the key of a paying account.',
    unchecked: 'This machine does not have the keys of the paying accounts; another one signs.',
  },
  'creditor-known': {
    ...same('Every creditor and account stands in the counterparty book.'),
    refused: 'A creditor does not stand in this machine’s counterparty book with this account.',
    unchecked: 'This machine keeps no counterparty book.',
    warning: 'The counterparty book writes the name of this account otherwise.',
  },
  'look-alike': {
    ...same('No account looks like another one that is known.'),
    refused: 'An account looks like another one that is known. Compare every digit.',
    warning: 'An account looks like another one that is known. Compare every digit.',
  },
  nonces: {
    ...same('Sequence numbers have no gap and none was used here before.'),
    refused: 'A sequence number was used here before, or there is a gap.',
    warning: 'There is a gap in the sequence numbers.',
  },
  'already-signed': {
    ...same('None of these payments was signed here before.'),
    refused: 'A payment was signed here before.',
  },
  'facts-age': {
    ...same('The facts read from the networks are fresh.'),
    warning: 'The facts read from the networks are old.',
    unchecked: 'The facts read from the networks are old.',
  },
  clock: {
    ...same('The clock agrees with what this machine has seen.'),
    refused: 'The clock is behind what this machine has already seen.',
    unchecked: 'This machine has nothing to compare its clock with.',
  },
  journal: {
    ...same('No act of this person is newer than this machine’s journal.'),
    refused:
      'This workspace is older than an act that it signed itself: an older copy was put back. Do not sign here; see docs/recovery.md.',
    warning:
      'This person acted on it before this workspace was made: on another machine, or one that this one replaces. See docs/recovery.md.',
  },
  'preflight-unknown': {
    ...same('The maker’s trial run accepted every payment.'),
    unchecked: 'The maker’s trial run gave no answer.',
    warning: 'The maker’s trial run gave no answer.',
  },
  'holds-released': {
    ...same('The maker released no warning.'),
    unchecked: 'The maker released warnings by name.',
    warning: 'The maker released warnings by name.',
  },
  'first-payment': {
    ...same('Every account was paid before.'),
    unchecked: 'First payment to the account.',
    warning: 'First payment to the account.',
  },
  voice: {
    ...same('The approvers compared by voice.'),
    unchecked: 'Not compared by voice.',
    warning: 'Not compared by voice.',
  },
  funds: {
    ...same('The balance covers the payments.'),
    refused: 'The balance does not cover the payments.',
    unchecked: 'The balance can only be read with a network.',
  },
  'live-token': {
    ...same('The token contracts are as they were.'),
    refused: 'A token contract has changed since.',
    unchecked: 'Whether a token has changed can only be read with a network.',
  },
  'live-nonces': {
    ...same('The sequence numbers are still free on the network.'),
    refused: 'A sequence number was used on the network in the meantime.',
    unchecked: 'Whether sequence numbers are still free can only be read with a network.',
  },
} satisfies Record<EnvelopeFinding['code'], Meaning>;
