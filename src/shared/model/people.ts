import { z } from 'zod';
import { type Canonical, canonicalJson } from '../canonical';
import { Address, CurrencyCode, Hash32, Hex, Instant } from './ids';

/**
 * What a person may do. `maker`: makes batches and envelopes, sends what is signed. `approver`: approves envelopes and
 * policies. `signer`: signs the transactions of approved envelopes. `auditor`: reads.
 */
export const Role = z.enum(['maker', 'approver', 'signer', 'auditor']);
export type Role = z.infer<typeof Role>;

/** A name as it is spoken and shown: NFC, no control, direction or invisible characters, no space at its ends. */
export const PersonName = z
  .string()
  .min(1)
  .max(80)
  .refine(
    (name) =>
      name.normalize('NFC') === name &&
      name.trim() === name &&
      !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/u.test(name),
  );

/** 65 bytes `r ‖ s ‖ yParity` (yParity 0 or 1, low s) as lower-case hex. */
export const Signature = z
  .string()
  .regex(/^0x[0-9a-f]{128}0[01]$/)
  .transform((text) => Hex.parse(text));
export type Signature = z.infer<typeof Signature>;

/** Who acted: the name that the policy knew, and the key that signed. */
export const PersonRef = z.strictObject({ name: PersonName, key: Address });
export type PersonRef = z.infer<typeof PersonRef>;

export const Person = z.strictObject({
  name: PersonName,
  /** Address of the person's own key, EIP-55. Not an account: it never holds money. */
  key: Address,
  /** In the order of {@link Role}, each once. */
  roles: z.array(Role).min(1).max(4),
});
export type Person = z.infer<typeof Person>;

/** Decimal amount in a currency as a plain string: `10000` or `10000.00`. */
const AmountText = z.string().regex(/^(?:0|[1-9][0-9]{0,29})(?:\.[0-9]{1,18})?$/);

/**
 * One row of the approval table: a batch whose sum in `currency` is above `above` needs `approvals` approvals. Of the rows
 * of a currency the one with the highest exceeded `above` counts; of the currencies of a batch the highest need counts.
 */
export const ApprovalRule = z.strictObject({
  currency: CurrencyCode,
  above: AmountText,
  approvals: z.number().int().min(1).max(10),
});
export type ApprovalRule = z.infer<typeof ApprovalRule>;

/**
 * The company's policy: who its people are and how many approvals a batch needs. Numbered from 1 without gaps; each names
 * its forerunner. It is in force once `max(changeApprovals of its forerunner, its own changeApprovals)` approvers of its
 * forerunner (of itself for number 1) have signed it.
 */
export const PolicyContent = z.strictObject({
  /** `id` is random, made with number 1 and kept for ever: approvals of one company mean nothing to another. */
  company: z.strictObject({ id: Hash32, name: PersonName }),
  number: z.number().int().min(1).max(1_000_000),
  /** Digest of the forerunner; `null` for number 1. */
  previous: Hash32.nullable(),
  createdAt: Instant,
  people: z.array(Person).min(1).max(200),
  /** Approvals for a currency without rows of its own, and below the first row. */
  defaultApprovals: z.number().int().min(1).max(10),
  table: z.array(ApprovalRule).max(500),
  changeApprovals: z.number().int().min(1).max(10),
});
export type PolicyContent = z.infer<typeof PolicyContent>;

export const PolicyApproval = z.strictObject({
  by: PersonRef,
  at: Instant,
  /** EIP-712 `PolicyApproval`. */
  signature: Signature,
});
export type PolicyApproval = z.infer<typeof PolicyApproval>;

/** A policy as a file (`.nostro`): canonical JSON (RFC 8785), UTF-8, nothing after it. */
export const PolicyFile = z.strictObject({
  format: z.literal('nostro-policy'),
  version: z.literal(1),
  content: PolicyContent,
  digest: Hash32,
  /** By key, each once. */
  approvals: z.array(PolicyApproval).max(200),
});
export type PolicyFile = z.infer<typeof PolicyFile>;

/** A person's public key with their name, signed with that key: what a policy maker imports instead of typing. */
export const PersonCard = z.strictObject({
  format: z.literal('nostro-person'),
  version: z.literal(1),
  name: PersonName,
  key: Address,
  at: Instant,
  /** EIP-712 `PersonCard`. */
  signature: Signature,
});
export type PersonCard = z.infer<typeof PersonCard>;

/** SHA-256 over this text's UTF-8 is the policy's digest. */
export const policyDigestInput = (content: PolicyContent): string =>
  `nostro/policy/v1\n${canonicalJson(content as unknown as Canonical)}`;
