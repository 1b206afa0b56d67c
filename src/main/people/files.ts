/**
 * Policies and cards to bytes and back (docs/policy.md). One thing has one form: what was read is written again and must
 * give the bytes that came.
 */
import { createHash } from 'node:crypto';
import { getAddress } from 'viem';
import type { z } from 'zod';
import { type Canonical, canonicalJson } from '../../shared/canonical';
import { AppError } from '../../shared/errors';
import { Hash32 } from '../../shared/model/ids';
import {
  PersonCard,
  type PolicyApproval,
  type PolicyContent,
  PolicyFile,
  policyDigestInput,
} from '../../shared/model/people';
import { byKey } from './policy';
import { hashCard, hashPolicyApproval, isSignedBy } from './signatures';

/** 200 people with 500 rules and 200 approvals take a fifth of it. */
export const MAX_PEOPLE_FILE_BYTES = 1024 * 1024;
/** A signature takes milliseconds to verify: after so many the main thread is let go. */
const SLICE = 8;

const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const digestOfPolicy = (content: PolicyContent): Hash32 =>
  Hash32.parse(`0x${createHash('sha256').update(policyDigestInput(content), 'utf8').digest('hex')}`);

const encode = (file: PolicyFile | PersonCard): Uint8Array =>
  Buffer.from(canonicalJson(file as unknown as Canonical), 'utf8');

export const encodePolicy = (
  digest: Hash32,
  content: PolicyContent,
  approvals: readonly PolicyApproval[],
): Uint8Array =>
  encode({ format: 'nostro-policy', version: 1, content, digest, approvals: [...approvals].sort(byKey) });

export const encodeCard = (card: PersonCard): Uint8Array => encode(card);

const malformed = (reason: string): AppError => new AppError('envelope/malformed', { reason });

/** Throws `envelope/malformed` | `envelope/newer-version` | `envelope/not-canonical`. */
const decode = <S extends z.ZodType<PolicyFile | PersonCard>>(
  bytes: Uint8Array,
  format: string,
  schema: S,
): z.infer<S> => {
  if (bytes.length > MAX_PEOPLE_FILE_BYTES) throw malformed('too-large');
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch {
    throw malformed('not-json');
  }
  const { format: stated, version } = (value ?? {}) as { format?: unknown; version?: unknown };
  if (stated !== format) throw malformed('other-format');
  if (typeof version === 'number' && Number.isSafeInteger(version) && version > 1)
    throw new AppError('envelope/newer-version', { format, version });
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw malformed(parsed.error.issues[0]?.code ?? 'schema');
  let canonical: string;
  try {
    canonical = canonicalJson(parsed.data as unknown as Canonical);
  } catch {
    throw new AppError('envelope/not-canonical');
  }
  if (canonical !== text) throw new AppError('envelope/not-canonical');
  return parsed.data;
};

/**
 * @throws AppError `envelope/bad-signature`
 * SECURITY: a signature names its company, policy and number, so one that was made for another of them is not taken.
 */
const verifyApprovals = async ({ content, digest, approvals }: PolicyFile): Promise<void> => {
  for (const [index, approval] of approvals.entries()) {
    const hash = hashPolicyApproval({
      company: content.company.id,
      digest,
      number: content.number,
      by: approval.by,
      at: approval.at,
    });
    if (!(await isSignedBy(approval.by.key, hash, approval.signature)))
      throw new AppError('envelope/bad-signature', { name: approval.by.name });
    if (index % SLICE === SLICE - 1) await breathe();
  }
};

/**
 * Bytes to a policy with its own digest, whose approvals are right signatures, one per key and in order. Whether it says
 * anything right is ./policy's.
 *
 * Throws `envelope/malformed` | `envelope/newer-version` | `envelope/not-canonical` | `envelope/digest-mismatch` |
 * `envelope/bad-signature`.
 */
export const readPolicy = async (bytes: Uint8Array): Promise<PolicyFile> => {
  const file = decode(bytes, 'nostro-policy', PolicyFile);
  const digest = digestOfPolicy(file.content);
  if (digest !== file.digest)
    throw new AppError('envelope/digest-mismatch', { stated: file.digest, actual: digest });
  const inOrder = file.approvals.every((approval, index) => {
    const before = file.approvals[index - 1];
    return before === undefined || byKey(before, approval) < 0;
  });
  if (!inOrder) throw new AppError('envelope/not-canonical', { reason: 'approvals' });
  await verifyApprovals(file);
  return file;
};

/** Throws `envelope/newer-version`, and `person/invalid-card` for everything else that is wrong. */
export const readCard = async (bytes: Uint8Array): Promise<PersonCard> => {
  const refuse = (reason: string): AppError => new AppError('person/invalid-card', { reason });
  let card: PersonCard;
  try {
    card = decode(bytes, 'nostro-person', PersonCard);
  } catch (error) {
    if (error instanceof AppError && error.code === 'envelope/newer-version') throw error;
    throw refuse(error instanceof AppError ? error.code : 'unreadable');
  }
  if (getAddress(card.key.toLowerCase()) !== card.key) throw refuse('key-form');
  if (Number.isNaN(Date.parse(card.at))) throw refuse('no-such-moment');
  // SECURITY: whoever hands the card over holds its key.
  if (!(await isSignedBy(card.key, hashCard(card), card.signature))) throw refuse('signature');
  return card;
};
