import { z } from 'zod';
import { Address, BatchId, CurrencySum, Hash32, Instant, PaymentId } from '../model/ids';
import { NetworkFee, PaymentSource } from '../model/payments';
import { PersonRef, PolicyContent } from '../model/people';
import { command, query } from './define';
import { EnvelopeAct, EnvelopeFinding } from './envelopes';
import { PolicyView } from './people';

/** One payment as main decoded it from the bytes that will be signed. */
export const ApprovalLine = z.strictObject({
  index: z.number().int(),
  paymentId: PaymentId,
  action: z.enum(['pay', 'cancel']),
  endToEndId: z.string(),
  creditorName: z.string(),
  creditorLei: z.string().nullable(),
  creditorAccount: z.string(),
  creditorAddress: Address,
  debtorName: z.string(),
  debtorAddress: Address,
  currency: z.string(),
  /** From the calldata, in the token's smallest unit. */
  units: z.bigint(),
  decimals: z.number().int(),
  tokenName: z.string(),
  tokenAddress: Address,
  issuerName: z.string(),
  networkName: z.string(),
  chainId: z.bigint(),
  nonce: z.bigint(),
  maxFee: z.bigint(),
  reference: z.string(),
  data: z.string(),
});
export type ApprovalLine = z.infer<typeof ApprovalLine>;

export const ApprovalDocument = z.strictObject({
  kind: z.enum(['batch', 'replacement']),
  /** The batch here; `null` for an envelope that came as a file, and for a policy. */
  batchId: BatchId.nullable(),
  /**
   * What a yes means. `pay`: keys of this machine sign and it is sent. `approve` / `sign`: of an envelope. `compare`: the
   * words are read to somebody else; there is no yes. `adopt`: a policy is signed or taken into force.
   */
  act: z.enum(['pay', 'approve', 'sign', 'compare', 'adopt']),
  /** `null` for a policy. */
  source: PaymentSource.nullable(),
  digest: Hash32,
  /** Of the digest alone, for `pay` only: envelopes are compared by a challenge. */
  words: z.array(z.string()).length(12).nullable(),
  /** Who made it, who acted on it; for envelopes. */
  envelope: z
    .strictObject({
      company: z.string(),
      createdAt: Instant,
      expiresAt: Instant,
      approvalsNeeded: z.number().int(),
      acts: z.array(EnvelopeAct),
      findings: z.array(EnvelopeFinding),
      /** Who acts here, by the policy. */
      me: PersonRef,
    })
    .nullable(),
  /** For `adopt`. */
  policy: PolicyView.nullable(),
  /** For `adopt`: the policy in force here, to show what changes. `null` where there is none; absent where not told. */
  policyBefore: PolicyContent.nullable().optional(),
  count: z.number().int(),
  sums: z.array(CurrencySum),
  maxFees: z.array(NetworkFee),
  creditors: z.number().int(),
  /** What could not be checked, in words' codes; shown before what could. */
  unchecked: z.array(
    z.strictObject({
      code: z.enum([
        'preflight-unknown',
        'no-view-answers',
        'enrolment-unknown',
        'receiver-is-contract',
        'test-runtime',
        'first-payment',
        'hold-released',
      ]),
      count: z.number().int(),
      text: z.string().max(300).nullable(),
    }),
  ),
  checked: z.array(
    z.strictObject({
      code: z.enum([
        'bytes-decoded',
        'chain-id',
        'token-unchanged',
        'preflight-ok',
        'funds',
        'duplicates',
        'nonces',
      ]),
      count: z.number().int(),
    }),
  ),
  builtAt: Instant,
  preflightAt: Instant.nullable(),
});
export type ApprovalDocument = z.infer<typeof ApprovalDocument>;

/** The whole contract of the approval window: it can look at one document and answer it, nothing else. */
export const documentContract = {
  'approval.document': query(z.strictObject({}), ApprovalDocument, ['payments/approval-closed']),
  'approval.lines': query(
    z.strictObject({ offset: z.number().int().min(0), limit: z.number().int().min(1).max(500) }),
    z.strictObject({ total: z.number().int(), lines: z.array(ApprovalLine) }),
    ['payments/approval-closed'],
  ),
  /** Signs exactly the document with this digest. Main rebuilds and compares; any change refuses. */
  'approval.approve': command(
    z.strictObject({ digest: Hash32, passphrase: z.string().max(4096) }),
    /** Transactions signed by account keys: 0 for an approval and for a policy. */
    z.strictObject({ signed: z.number().int() }),
    [
      'payments/approval-closed',
      'payments/digest-mismatch',
      'payments/wrong-state',
      'payments/token-blocked',
      'payments/insufficient-funds',
      'directory/token-changed',
      'vault/wrong-passphrase',
      'vault/throttled',
      'vault/digest-mismatch',
      'vault/invalid-request',
      'vault/unknown-key',
      'vault/corrupt',
      'chain/unreachable',
      'chain/wrong-chain',
      'chain/invalid-answer',
      'chain/refused',
      'settlement/nonce-conflict',
      'settlement/already-final',
      'envelope/wrong-state',
      'envelope/refused-by-check',
      'envelope/approvals-missing',
      'envelope/already-signed',
      'envelope/expired',
      'policy/missing',
      'policy/older',
      'policy/gap',
      'policy/fork',
      'policy/role-missing',
      'policy/own-batch',
      'clock/set-back',
    ],
    { concurrent: true },
  ),
  /** Says no to an envelope, with a reason that everybody reads. */
  'approval.reject': command(
    z.strictObject({ digest: Hash32, reason: z.string().min(1).max(300), passphrase: z.string().max(4096) }),
    z.strictObject({}),
    [
      'payments/approval-closed',
      'payments/digest-mismatch',
      'envelope/wrong-state',
      'envelope/expired',
      'policy/role-missing',
      'policy/own-batch',
      'vault/wrong-passphrase',
      'vault/throttled',
      'vault/corrupt',
      'clock/set-back',
    ],
    { concurrent: true },
  ),
  /** Stops signing; nothing of it is kept. */
  'approval.cancelSigning': command(z.strictObject({}), z.strictObject({}), [], { concurrent: true }),
  /** Closes the window without approving. */
  'approval.close': command(z.strictObject({}), z.strictObject({}), [], { concurrent: true }),
};
