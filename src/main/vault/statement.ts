/**
 * What the person key signs: statements of Nostro's people, and nothing else.
 *
 * SECURITY: the vault parses a statement strictly and hashes it itself. The signed bytes begin with 0x19 0x01, which no
 * transaction does (EIP-191), and the domain's name is Nostro's own, so a statement means nothing to any contract; the
 * person key is no account's, so a transaction could not use the signature either. The salt binds a statement to one
 * company, and its type, act, digest and number to one purpose.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { z } from 'zod';
import { type Canonical, canonicalJson } from '../../shared/canonical';
import { AppError } from '../../shared/errors';
import { Act, EIP712_DOMAIN, EIP712_TYPES, type PersonStatement } from '../../shared/model/envelope';
import { Address, Hash32, Instant } from '../../shared/model/ids';
import { PersonName, PersonRef, Signature } from '../../shared/model/people';
import { type RecoverableSignature, signDigest } from './secp256k1';
import { hashStruct, hashTypedData, type TypedValues } from './typed-data';

const NO_COMPANY = `0x${'0'.repeat(64)}`;

const [create, approve, reject, sign, send] = Act.options;
const UnsignedAct = z.discriminatedUnion('kind', [
  create.omit({ signature: true }),
  approve.omit({ signature: true }),
  reject.omit({ signature: true }),
  sign.omit({ signature: true }),
  send.omit({ signature: true }),
]);

/** A policy's number is at most 1,000,000 (shared/model/people). */
const PolicyNumber = z.number().int().min(1).max(1_000_000);

const Statement = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('act'),
    company: Hash32,
    digest: Hash32,
    policy: PolicyNumber,
    act: UnsignedAct,
  }),
  z.strictObject({
    type: z.literal('policy'),
    company: Hash32,
    digest: Hash32,
    number: PolicyNumber,
    by: PersonRef,
    at: Instant,
  }),
  z.strictObject({ type: z.literal('card'), name: PersonName, key: Address, at: Instant }),
]);

const DOMAIN_STRUCT = {
  name: 'EIP712Domain',
  members: [
    { name: 'name', type: 'string' },
    { name: 'version', type: 'string' },
    { name: 'salt', type: 'bytes32' },
  ],
};

const typedHash = (salt: string, primaryType: keyof typeof EIP712_TYPES, values: TypedValues): Uint8Array =>
  hashTypedData(
    hashStruct(DOMAIN_STRUCT, { ...EIP712_DOMAIN, salt }),
    hashStruct({ name: primaryType, members: EIP712_TYPES[primaryType] }, values),
  );

const bodyHash = (body: unknown): string =>
  `0x${Buffer.from(sha256(new TextEncoder().encode(canonicalJson(body as Canonical)))).toString('hex')}`;

/** The 32 bytes that are signed for a statement. */
export const hashStatement = (statement: PersonStatement): Uint8Array => {
  switch (statement.type) {
    case 'act': {
      const { company, digest, policy, act } = statement;
      return typedHash(company, 'Act', {
        kind: act.kind,
        digest,
        policy: BigInt(policy),
        name: act.by.name,
        key: act.by.key,
        at: act.at,
        body: bodyHash(act.body),
        journalCount: BigInt(act.journal.count),
        journalHead: act.journal.head,
      });
    }
    case 'policy': {
      const { company, digest, number, by, at } = statement;
      return typedHash(company, 'PolicyApproval', {
        digest,
        number: BigInt(number),
        name: by.name,
        key: by.key,
        at,
      });
    }
    case 'card': {
      const { name, key, at } = statement;
      return typedHash(NO_COMPANY, 'PersonCard', { name, key, at });
    }
  }
};

export type CheckedStatement = {
  readonly statement: PersonStatement;
  /**
   * SECURITY: everything but `create` and `send`, which only tell what this machine did, needs the passphrase. Whatever
   * kind is added later needs it too.
   */
  readonly needsPassphrase: boolean;
};

/**
 * @param own address of the vault's person key
 * @throws AppError `vault/invalid-request` (reason: malformed | other-person)
 */
export const checkStatement = (input: unknown, own: Address): CheckedStatement => {
  const parsed = Statement.safeParse(input);
  if (!parsed.success) throw new AppError('vault/invalid-request', { reason: 'malformed' });
  const statement: PersonStatement = parsed.data;
  const key =
    statement.type === 'act'
      ? statement.act.by.key
      : statement.type === 'policy'
        ? statement.by.key
        : statement.key;
  if (key !== own) throw new AppError('vault/invalid-request', { reason: 'other-person' });
  const isTelling =
    statement.type === 'act' && (statement.act.kind === 'create' || statement.act.kind === 'send');
  return { statement, needsPassphrase: !isTelling };
};

const toText = ({ r, s, yParity }: RecoverableSignature): Signature =>
  Signature.parse(`0x${Buffer.concat([r, s, new Uint8Array([yParity])]).toString('hex')}`);

/** @throws AppError `vault/invalid-request` where a text of the statement is not well-formed Unicode */
export const signStatement = (statement: PersonStatement, privateKey: Uint8Array): Signature => {
  let hash: Uint8Array;
  try {
    hash = hashStatement(statement);
  } catch {
    throw new AppError('vault/invalid-request', { reason: 'malformed' });
  }
  return toText(signDigest(hash, privateKey));
};
