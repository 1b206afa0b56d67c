/**
 * Findings of the checks that follow the reading of a payment file: what it says against the directory and against
 * earlier payments. They stand beside the reader's own (`IssueCode` of payment-file.ts) in one list.
 */
export type CheckCode =
  // debtor and token
  | 'debtor/agent-unknown' // no token of this bank in this currency
  | 'debtor/token-ambiguous' // more than one
  | 'debtor/account-unknown' // not an own account
  | 'token/locked'
  | 'token/changed'
  | 'token/unprobed'
  // creditor
  | 'creditor/unknown'
  | 'creditor/look-alike' // unknown, and resembles a known address
  | 'creditor/address-checksum'
  | 'creditor/wrong-network'
  | 'creditor/zero-address'
  | 'creditor/own-account'
  | 'creditor/token-contract'
  | 'creditor/not-enrolled'
  | 'creditor/enrolment-unknown' // warning
  | 'creditor/name-differs' // warning
  | 'creditor/lei-differs'
  // amount, id, date
  | 'amount/token-decimals'
  | 'id/used-before'
  | 'id/rejected-before' // warning
  | 'date/future' // warning: tokens settle at once
  // policy
  | 'policy/cnh-mainland' // P7: payee resident in mainland China
  // the line as a whole
  | 'line/incomplete'
  | 'file/incomplete'
  | 'file/too-many-errors';
