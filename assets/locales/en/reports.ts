export const reports = {
  title: 'Reports',
  subtitle:
    'Everything here comes from the local books, which were read from the ledger and compared with it.',
  ledgerTitle: 'Ledger as CSV',
  ledgerText:
    'Every entry of every own account: date in UTC, account, token and issuer, counterparty, amount, balance after it, references, block and transaction.',
  ledgerButton: 'Save the ledger as CSV',
  saved: 'Saved',
  statusTitle: 'Payment status for the ERP',
  statusText: 'pain.002.001.10 and CSV of one batch are saved on the page of that batch.',
  statusButton: 'Go to payments',
  ratesTitle: 'Reference rates',
  ratesText: 'The euro reference rates of the ECB (XML or CSV). Used to value the position, never to pay.',
  ratesNone: 'No rates yet. The position shows currencies without a total.',
  ratesButton: 'Read a rates file',
  ratesDate: 'Date of the rates',
  ratesSource: 'Source',
  ratesCount: 'Currencies',
  ratesImported: 'Imported',
  ratesRead: 'Rates read',
};
