/**
 * Errors that may leave a process.
 *
 * Rule of the house: throw inside a process, return across it. A domain throws an `AppError`; the router turns it
 * into a {@link WireError}; the renderer turns the code into words (`src/renderer/app/error-text.ts`). A code that a
 * method did not declare leaves as `internal` with an incident id, and its stack stays in the log.
 */

/** Every code that may cross a process boundary, listed once, grouped by domain. */
export const ERROR_CODES = [
  // transport and common
  'internal',
  'cancelled',
  'busy',
  'ipc/unknown-method',
  'ipc/forbidden-sender',
  'ipc/invalid-input',
  'child/crashed',
  'child/timeout',
  'file/not-found',
  'file/not-regular',
  'file/too-large',
  'file/unreadable',
  'file/changed-while-reading',
  'file/unwritable',
  'disk/full',
  // vault
  'vault/locked',
  'vault/exists',
  'vault/missing',
  'vault/wrong-passphrase',
  'vault/throttled',
  'vault/weak-passphrase',
  'vault/invalid-mnemonic',
  'vault/confirmation-mismatch',
  'vault/invalid-private-key',
  'vault/invalid-keystore',
  'vault/keystore-address-mismatch',
  'vault/duplicate-key',
  'vault/unknown-key',
  'vault/corrupt',
  'vault/newer-version',
  'vault/unsafe-parameters',
  'vault/digest-mismatch',
  'vault/invalid-request',
  'vault/unwritable',
  // ledger and store
  'ledger/closed',
  'ledger/wrong-key',
  'ledger/corrupt',
  'ledger/newer-version',
  'ledger/rolled-back',
  'ledger/in-use',
  'ledger/unwritable',
  'ledger/entry-unknown',
  'ledger/reorg-below-finality',
  // directory
  'directory/network-unknown',
  'directory/network-duplicate',
  'directory/network-mismatch',
  'directory/token-unknown',
  'directory/token-duplicate',
  'directory/token-locked',
  'directory/token-changed',
  'directory/not-a-token',
  'directory/account-unknown',
  'directory/account-duplicate',
  'directory/counterparty-unknown',
  'directory/counterparty-duplicate',
  'directory/address-invalid',
  'directory/address-checksum',
  'directory/iban-invalid',
  'directory/bic-invalid',
  'directory/lei-invalid',
  'directory/in-use',
  'directory/file-invalid',
  // chain
  'chain/unreachable',
  'chain/wrong-chain',
  'chain/invalid-answer',
  'chain/refused',
  'chain/endpoint-invalid',
  'chain/offline',
  // payments
  'payments/file-refused',
  'payments/import-unknown',
  'payments/import-expired',
  'payments/batch-unknown',
  'payments/payment-unknown',
  'payments/wrong-state',
  'payments/held',
  'payments/mapping-missing',
  'payments/nothing-to-create',
  'payments/preflight-refused',
  'payments/digest-mismatch',
  'payments/insufficient-funds',
  'payments/token-blocked',
  'payments/approval-closed',
  // envelopes: batches that travel between people and machines
  'envelope/unknown',
  'envelope/malformed',
  'envelope/not-canonical',
  'envelope/newer-version',
  'envelope/digest-mismatch',
  'envelope/bad-signature',
  'envelope/inconsistent',
  'envelope/conflict',
  'envelope/foreign-company',
  'envelope/unknown-policy',
  'envelope/actor-not-entitled',
  'envelope/wrong-state',
  'envelope/refused-by-check',
  'envelope/approvals-missing',
  'envelope/already-signed',
  'envelope/expired',
  'envelope/too-large-for-qr',
  // people and policy
  'policy/missing',
  'policy/unknown',
  'policy/invalid',
  'policy/foreign',
  'policy/older',
  'policy/gap',
  'policy/fork',
  'policy/role-missing',
  'policy/own-batch',
  'policy/envelope-needed',
  'policy/name-is-fixed',
  'person/name-missing',
  'person/invalid-card',
  // journal and time
  'journal/tampered',
  'clock/set-back',
  // settlement
  'settlement/not-replaceable',
  'settlement/already-final',
  'settlement/nonce-conflict',
  'settlement/fee-too-low',
  // rates
  'rates/file-invalid',
  // settings
  'settings/invalid',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Facts that explain an error: plain, serialisable, never secret. Shown beside the words for the code. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | bigint | null>>;

/** What crosses a process boundary in place of a stack. */
export type WireError = {
  readonly code: ErrorCode;
  readonly details?: ErrorDetails;
  /** Present on `internal`: the id under which the log holds the cause. */
  readonly incident?: string;
};

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: WireError };

/** The one error class that domains throw on purpose. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails | undefined;
  readonly incident: string | undefined;

  constructor(code: ErrorCode, details?: ErrorDetails, options?: { cause?: unknown; incident?: string }) {
    super(code, options?.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = details;
    this.incident = options?.incident;
  }
}

export const isErrorCode = (value: unknown): value is ErrorCode =>
  typeof value === 'string' && (ERROR_CODES as readonly string[]).includes(value);

/** AppError → wire form. Anything else becomes `internal` with the given incident id and nothing of its text. */
export const toWire = (error: unknown, incident: string): WireError => {
  if (!(error instanceof AppError)) return { code: 'internal', incident };
  const wire: { code: ErrorCode; details?: ErrorDetails; incident?: string } = { code: error.code };
  if (error.details !== undefined) wire.details = error.details;
  if (error.incident !== undefined) wire.incident = error.incident;
  return wire;
};

export const fromWire = (wire: WireError): AppError =>
  new AppError(
    wire.code,
    wire.details,
    wire.incident === undefined ? undefined : { incident: wire.incident },
  );

/** Compile-time proof that a union was handled completely. */
export const exhaustive = (value: never): never => {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
};

/** States an invariant of the program itself. A failure is a defect, never a user's mistake. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}
