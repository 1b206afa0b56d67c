import { AppError, type ErrorCode } from '../../shared/errors';
import type { DescribeError } from '../ui';
import { EXCHANGE_ERROR_TEXT } from './error-text-exchange';
import { CHANGED_NOTHING, SENT_NOTHING, type Words, w } from './error-words';

/** Words for every code that may reach a screen. A missing code fails the type check. */
export const ERROR_TEXT: Readonly<Record<ErrorCode, Words>> = {
  internal: w(
    'Something went wrong inside Nostro.',
    SENT_NOTHING,
    'Try again. If it happens again, give support the incident number.',
  ),
  cancelled: w('Cancelled.', CHANGED_NOTHING, 'Start again when you are ready.'),
  busy: w(
    'Nostro is still busy with the step before.',
    CHANGED_NOTHING,
    'Wait until it is done, then try again.',
  ),
  'ipc/unknown-method': w(
    'This part of the app is out of step with the rest.',
    CHANGED_NOTHING,
    'Restart Nostro.',
  ),
  'ipc/forbidden-sender': w(
    'A window asked for something it may not do.',
    CHANGED_NOTHING,
    'Restart Nostro. If it happens again, stop working and call your security officer.',
  ),
  'ipc/invalid-input': w('An entry is not in the expected form.', CHANGED_NOTHING, 'Check what you entered.'),
  'child/crashed': w(
    'A part of Nostro stopped unexpectedly.',
    'What was signed and sent is kept and is not sent twice.',
    'Nostro starts it again. Unlock, then try again.',
  ),
  'child/timeout': w(
    'A part of Nostro did not answer in time.',
    'What was signed and sent is kept and is not sent twice.',
    'Try again.',
  ),
  'file/not-found': w('The file is no longer there.', CHANGED_NOTHING, 'Choose it again.'),
  'file/not-regular': w(
    'This is not an ordinary file.',
    CHANGED_NOTHING,
    'Choose a file, not a folder, link or device.',
  ),
  'file/too-large': w(
    'The file is larger than the limit.',
    CHANGED_NOTHING,
    'Split it, or raise the limit under Settings, Security.',
  ),
  'file/unreadable': w(
    'The file cannot be read.',
    CHANGED_NOTHING,
    'Check that you may read it, then choose it again.',
  ),
  'file/changed-while-reading': w(
    'The file changed while it was being read.',
    CHANGED_NOTHING,
    'Wait until the other program is done, then choose it again.',
  ),
  'file/unwritable': w(
    'The file could not be written.',
    'No data was lost in Nostro.',
    'Choose another folder, or free some space.',
  ),
  'disk/full': w(
    'The disk is full.',
    'What was saved before is intact; the last step was not saved.',
    'Free some space, then try again.',
  ),
  'vault/locked': w('Nostro is locked.', CHANGED_NOTHING, 'Unlock, then try again.'),
  'vault/exists': w('There is a vault on this computer already.', CHANGED_NOTHING, 'Unlock it instead.'),
  'vault/missing': w(
    'There is no vault on this computer.',
    CHANGED_NOTHING,
    'Create one, or restore it from the recovery words.',
  ),
  'vault/wrong-passphrase': w(
    'The passphrase is not right.',
    CHANGED_NOTHING,
    'Check capital letters and keyboard layout, then try again.',
  ),
  'vault/throttled': w(
    'Too many wrong passphrases.',
    CHANGED_NOTHING,
    'Wait until the time below has passed. It goes on when Nostro is closed.',
  ),
  'vault/weak-passphrase': w(
    'The passphrase is too easy to guess.',
    CHANGED_NOTHING,
    'Use five or six unrelated words.',
  ),
  'vault/invalid-mnemonic': w(
    'These are not valid recovery words.',
    CHANGED_NOTHING,
    'Check spelling and order: 12 or 24 English words.',
  ),
  'vault/confirmation-mismatch': w(
    'A word does not match.',
    CHANGED_NOTHING,
    'Look at the words again and check the positions.',
  ),
  'vault/invalid-private-key': w(
    'This is not a private key.',
    CHANGED_NOTHING,
    'It has 64 hexadecimal digits, with or without 0x.',
  ),
  'vault/invalid-keystore': w(
    'This keystore file cannot be used.',
    CHANGED_NOTHING,
    'Use a version 3 keystore file with its own password.',
  ),
  'vault/keystore-address-mismatch': w(
    'The key in the file does not fit the address it states.',
    CHANGED_NOTHING,
    'Do not use this file. Get it again from its source.',
  ),
  'vault/duplicate-key': w(
    'The vault has this key already.',
    CHANGED_NOTHING,
    'You will find it under Settings, Accounts.',
  ),
  'vault/unknown-key': w(
    'The vault does not have this key.',
    SENT_NOTHING,
    'Restore or import the key, or use another account.',
  ),
  'vault/corrupt': w(
    'The vault file is damaged or was altered.',
    'Money is safe where it is; this computer cannot sign for it.',
    'Restore the vault from your recovery words or from a backup.',
  ),
  'vault/newer-version': w(
    'The vault was written by a newer version of Nostro.',
    CHANGED_NOTHING,
    'Install the newer version.',
  ),
  'vault/unsafe-parameters': w(
    'The file asks for protection settings outside the safe range.',
    CHANGED_NOTHING,
    'Do not use this file.',
  ),
  'vault/digest-mismatch': w(
    'What was to be signed is not what you were shown.',
    'Nothing was signed. Nothing was sent.',
    'Close the window and start the approval again. If it happens again, stop and call your security officer.',
  ),
  'vault/invalid-request': w(
    'The vault refused this request.',
    'Nothing was signed.',
    'Start the step again.',
  ),
  'vault/unwritable': w(
    'The vault file cannot be written.',
    CHANGED_NOTHING,
    'Check the disk and the rights of the folder, then try again.',
  ),
  'ledger/closed': w('The books are closed.', CHANGED_NOTHING, 'Unlock, then try again.'),
  'ledger/wrong-key': w(
    'The books on this computer belong to another vault.',
    CHANGED_NOTHING,
    'Put back the vault that belongs to them, or move the books away.',
  ),
  'ledger/corrupt': w(
    'The books on this computer are damaged.',
    'Money is not affected; the ledger on the network is the truth.',
    'Restore a backup, or let Nostro read everything again.',
  ),
  'ledger/newer-version': w(
    'The books were written by a newer version of Nostro.',
    CHANGED_NOTHING,
    'Install the newer version.',
  ),
  'ledger/rolled-back': w(
    'The books are older than the vault remembers.',
    'Payments may be missing from them. Do not send until this is cleared.',
    'Put back the newest copy.',
  ),
  'ledger/in-use': w(
    'Another program has the books open.',
    CHANGED_NOTHING,
    'Close the other Nostro, then try again.',
  ),
  'ledger/unwritable': w(
    'The books cannot be written.',
    'The last step was not saved. Nothing was sent.',
    'Check the disk, then try again.',
  ),
  'ledger/entry-unknown': w(
    'This entry is no longer in the books.',
    CHANGED_NOTHING,
    'Go back to the ledger and search again.',
  ),
  'ledger/reorg-below-finality': w(
    'The network changed entries that were final.',
    'Settled payments may be affected. Do not send until this is cleared.',
    'Compare with the bank, then let Nostro read everything again.',
  ),
  'directory/network-unknown': w(
    'This network is not in the directory.',
    CHANGED_NOTHING,
    'Add it under Settings, Networks.',
  ),
  'directory/network-duplicate': w(
    'This network is in the directory already.',
    CHANGED_NOTHING,
    'Edit the existing one.',
  ),
  'directory/network-mismatch': w(
    'The node is on another network.',
    SENT_NOTHING,
    'Check the address of the node under Settings, Networks.',
  ),
  'directory/token-unknown': w(
    'This token is not in the directory.',
    CHANGED_NOTHING,
    'Add it under Settings, Tokens.',
  ),
  'directory/token-duplicate': w(
    'This token is in the directory already.',
    CHANGED_NOTHING,
    'Open it in the list.',
  ),
  'directory/token-locked': w(
    'This token is locked.',
    SENT_NOTHING,
    'Read why under Settings, Tokens. Unlock it there if your policy allows it.',
  ),
  'directory/token-changed': w(
    'The token contract has changed since it was approved.',
    SENT_NOTHING,
    'Compare old and new under Settings, Tokens and ask the bank before you approve the change.',
  ),
  'directory/not-a-token': w(
    'There is no token at this address.',
    CHANGED_NOTHING,
    'Check network and address.',
  ),
  'directory/account-unknown': w(
    'This account is not in the directory.',
    CHANGED_NOTHING,
    'Add it under Settings, Accounts.',
  ),
  'directory/account-duplicate': w(
    'There is an account for this key or number already.',
    CHANGED_NOTHING,
    'Edit the existing one.',
  ),
  'directory/counterparty-unknown': w(
    'This counterparty is not in the book.',
    CHANGED_NOTHING,
    'Add it under Counterparties.',
  ),
  'directory/counterparty-duplicate': w(
    'An account or number of this counterparty is in the book already.',
    CHANGED_NOTHING,
    'Edit the existing counterparty.',
  ),
  'directory/address-invalid': w(
    'This is not an account address.',
    CHANGED_NOTHING,
    'It starts with 0x and has 40 hexadecimal digits.',
  ),
  'directory/address-checksum': w(
    'The address has a typing error: its checksum is wrong.',
    CHANGED_NOTHING,
    'Copy it again from its source. Do not correct single digits.',
  ),
  'directory/iban-invalid': w(
    'The IBAN is not valid.',
    CHANGED_NOTHING,
    'Check it against the invoice or the bank’s letter.',
  ),
  'directory/bic-invalid': w('The BIC is not valid.', CHANGED_NOTHING, 'It has 8 or 11 letters and digits.'),
  'directory/lei-invalid': w(
    'The LEI is not valid.',
    CHANGED_NOTHING,
    'It has 20 letters and digits with a check number at the end.',
  ),
  'directory/in-use': w(
    'It is still in use.',
    CHANGED_NOTHING,
    'Payments or entries refer to it, so it stays.',
  ),
  'directory/file-invalid': w(
    'This is not a valid directory file.',
    CHANGED_NOTHING,
    'Export one from Nostro to see the form.',
  ),
  'chain/unreachable': w(
    'The network does not answer.',
    SENT_NOTHING,
    'Check the connection and the node under Settings, Networks.',
  ),
  'chain/wrong-chain': w(
    'The node is on another network than it should be.',
    SENT_NOTHING,
    'Check the node under Settings, Networks.',
  ),
  'chain/invalid-answer': w(
    'The node gave an answer that cannot be right.',
    SENT_NOTHING,
    'Try again, or use another node.',
  ),
  'chain/refused': w('The network refused the request.', SENT_NOTHING, 'Read the reason below.'),
  'chain/endpoint-invalid': w(
    'The address of the node is not valid.',
    CHANGED_NOTHING,
    'Use a full https:// address.',
  ),
  'payments/file-refused': w(
    'The file has errors.',
    'Nothing was created.',
    'Correct the file, or leave out the wrong lines by name.',
  ),
  'payments/import-unknown': w('This import is gone.', 'Nothing was created.', 'Choose the file again.'),
  'payments/import-expired': w(
    'The directory has changed since the file was checked.',
    'Nothing was created.',
    'Import the file again, so that it is checked against what holds now.',
  ),
  'payments/batch-unknown': w('This batch no longer exists.', SENT_NOTHING, 'Go back to the list.'),
  'payments/payment-unknown': w('This payment no longer exists.', SENT_NOTHING, 'Go back to the batch.'),
  'payments/wrong-state': w(
    'This is not possible in the present state.',
    SENT_NOTHING,
    'Look at the state of the batch; it may have moved on.',
  ),
  'payments/held': w(
    'There are warnings that nobody has released.',
    'Nothing was created.',
    'Read each one and release it by name.',
  ),
  'payments/mapping-missing': w(
    'It is not clear what the columns of the file mean.',
    'Nothing was created.',
    'Assign the columns.',
  ),
  'payments/nothing-to-create': w(
    'No payment is left.',
    'Nothing was created.',
    'Correct the file and import it again.',
  ),
  'payments/preflight-refused': w(
    'At least one payment would be refused.',
    SENT_NOTHING,
    'Take the refused payments out, or settle the reason with the bank.',
  ),
  'payments/digest-mismatch': w(
    'The batch changed after it was shown.',
    'Nothing was signed. Nothing was sent.',
    'Close the approval and start it again.',
  ),
  'payments/insufficient-funds': w(
    'There is not enough money on the account.',
    SENT_NOTHING,
    'Fund the account or take payments out.',
  ),
  'payments/token-blocked': w(
    'Sending with this token is blocked.',
    SENT_NOTHING,
    'Read why under Settings, Tokens.',
  ),
  'payments/approval-closed': w(
    'The approval window was closed.',
    'Nothing was signed.',
    'Start the approval again from the batch.',
  ),
  ...EXCHANGE_ERROR_TEXT,
  'chain/offline': w(
    'This is an offline machine: it opens no connection.',
    'No connection was attempted.',
    'Do this on the online machine.',
  ),
  'settlement/not-replaceable': w(
    'This payment can no longer be replaced.',
    'It stays as it is.',
    'Wait for its settlement.',
  ),
  'settlement/already-final': w(
    'This payment is settled and final.',
    'The money has moved.',
    'Ask the creditor to return it if it was wrong.',
  ),
  'settlement/nonce-conflict': w(
    'The account was used from somewhere else at the same time.',
    SENT_NOTHING,
    'Find out who else signs for it, then start the approval again.',
  ),
  'settlement/fee-too-low': w('The fee is too low for the network.', SENT_NOTHING, 'Use the suggested fee.'),
  'rates/file-invalid': w(
    'This is not a file with reference rates.',
    'The rates you have stay in use.',
    'Use the euro reference rates of the ECB, as XML or CSV.',
  ),
  'settings/invalid': w('This setting is not valid.', CHANGED_NOTHING, 'Check what you entered.'),
};

/** An error of any kind in words. What is no AppError is a defect of the page itself. */
export const describeError: DescribeError = (error) => {
  const known = error instanceof AppError ? error : new AppError('internal');
  return {
    ...ERROR_TEXT[known.code],
    code: known.code,
    details: known.details ?? {},
    incident: known.incident ?? null,
  };
};
